//! One SQLite file: opened so that an acknowledged write survives a kill, and used off the async threads.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, Transaction};
use tokio::sync::Semaphore;

use crate::faults::{Faults, Part};
use crate::group_commit::Writer;
use crate::start_error::StartError;

/// So many may read side by side.
const READERS: usize = 4;

/// So many statements each connection keeps prepared: all that are run often.
const STATEMENTS: usize = 64;

/// A database that many tasks share. What writes runs one after another; what reads waits for no writer, and sees
/// the store as it was when it began.
#[derive(Clone)]
pub struct Database {
    writer: Writer,
    readers: Arc<Readers>,
    faults: Faults,
}

/// Connections that only read; there is one for each permit.
struct Readers {
    free: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

/// The database failed, or the process is ending.
#[derive(Debug)]
pub enum DatabaseError {
    /// What SQLite says.
    Sql(Arc<rusqlite::Error>),
    /// There is no room on the disk; nothing was kept. A rule of a fault may say so.
    Full(Option<u64>),
    /// The work was given up before it was done.
    Abandoned,
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sql(cause) => write!(formatter, "the store failed: {cause}"),
            Self::Full(_) => formatter.write_str("the store has no room: the disk is full"),
            Self::Abandoned => formatter.write_str("the store gave up: the sandbox is stopping"),
        }
    }
}

impl std::error::Error for DatabaseError {}

impl From<rusqlite::Error> for DatabaseError {
    fn from(cause: rusqlite::Error) -> Self {
        Self::shared(Arc::new(cause))
    }
}

impl DatabaseError {
    /// What failed for several callers at once.
    pub fn shared(cause: Arc<rusqlite::Error>) -> Self {
        match cause.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(None),
            _ => Self::Sql(cause),
        }
    }
}

impl Database {
    /// Opens or creates the file and brings it to the newest version; `migrations[n]` leads from version
    /// n to n + 1.
    pub fn open(path: &Path, migrations: &[&str]) -> Result<Self, StartError> {
        let cannot = |cause: rusqlite::Error| {
            StartError::because(
                format!(
                    "Cannot use the database {}. Move the data folder away to start with an empty one.",
                    path.display()
                ),
                cause,
            )
        };
        let mut connection = Connection::open(path).map_err(cannot)?;
        configure(&connection).map_err(cannot)?;
        let version = migrate(&mut connection, migrations).map_err(cannot)?;
        if version as usize > migrations.len() {
            return Err(StartError::new(format!(
                "{} was written by a newer sandbox. Use that one, or another folder with --data.",
                path.display()
            )));
        }
        let writer = Writer::start(connection).map_err(|cause| {
            StartError::because("Cannot start a thread. Stop other programs, and start again.", cause)
        })?;
        let readers = (0..READERS).map(|_| reader(path)).collect::<Result<_, _>>().map_err(cannot)?;
        Ok(Self {
            writer,
            readers: Arc::new(Readers {
                free: Mutex::new(readers),
                permits: Arc::new(Semaphore::new(READERS)),
            }),
            faults: Faults::default(),
        })
    }

    /// The same store, on a disk that may be full on demand.
    pub fn with_faults(self, faults: Faults) -> Self {
        Self { faults, ..self }
    }

    /// Looks a few rows up by their key, on the thread that asks: SQLite has done that before another thread would
    /// have heard of it. What walks through rows, or may find many, is for [`Database::read`].
    pub async fn look_up<T, E, F>(&self, work: F) -> Result<T, E>
    where
        E: From<DatabaseError>,
        F: FnOnce(&Transaction<'_>) -> Result<T, E>,
    {
        let _permit = self.readers.permits.acquire().await.map_err(|_| DatabaseError::Abandoned)?;
        let mut reader = self.readers.take().ok_or(DatabaseError::Abandoned)?;
        let outcome = read_with(&mut reader, work);
        self.readers.give_back(reader);
        outcome
    }

    /// Runs `work` over the store as it is now. It is for reading only, and for no more: parse and show elsewhere.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    {
        let readers = Arc::clone(&self.readers);
        let permit =
            Arc::clone(&self.readers.permits).acquire_owned().await.map_err(|_| DatabaseError::Abandoned)?;
        off_the_async_threads(move || {
            // A caller who goes away leaves the work running, and so its connection taken.
            let _permit = permit;
            let mut reader = readers.take().ok_or(DatabaseError::Abandoned)?;
            let outcome = read_with(&mut reader, work);
            readers.give_back(reader);
            outcome
        })
        .await
    }

    /// Runs `work` in one transaction: all of it is kept when it gives Ok, none of it otherwise. Everybody who
    /// writes waits for it, so what can be done before or after is not done in it. Steps that come at the same time
    /// are committed together.
    pub async fn transact<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    {
        self.faults.before(Part::Disk).map_err(|fault| DatabaseError::Full(Some(fault.rule)))?;
        self.writer.run(work).await
    }
}

/// Work that waits for the disk, or computes for long, must not hold up the threads that serve HTTP.
pub async fn off_the_async_threads<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<DatabaseError> + Send + 'static,
{
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(DatabaseError::Abandoned.into()))
}

impl Readers {
    fn take(&self) -> Option<Connection> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give_back(&self, connection: Connection) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

fn read_with<T, E: From<DatabaseError>>(
    reader: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let transaction = reader.transaction().map_err(DatabaseError::from)?;
    // A panic must cost no connection: there is one for each permit.
    let outcome = catch_unwind(AssertUnwindSafe(|| work(&transaction)));
    outcome.unwrap_or_else(|_| Err(DatabaseError::Abandoned.into()))
}

fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    configure(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Otherwise SQLite plans a statement anew whenever another value is bound that a better plan might hang on. Planning
    // takes longer than reading a row, and the indexes are chosen so that no plan hangs on a value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))
}

fn migrate(connection: &mut Connection, migrations: &[&str]) -> rusqlite::Result<u32> {
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for (next, migration) in (1_u32..).zip(migrations).skip_while(|(next, _)| *next <= version) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", next)?;
        transaction.commit()?;
    }
    Ok(version)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn sqlite_s_own_word_for_a_full_disk_is_understood() {
        let folder = tempfile::tempdir().unwrap();
        let database =
            Database::open(&folder.path().join("full.sqlite"), &["CREATE TABLE kept (text)"]).unwrap();
        let outcome = database.transact::<(), DatabaseError, _>(|store| {
            store.pragma_update_and_check(None, "max_page_count", 2, |_| Ok(()))?;
            store.execute("INSERT INTO kept VALUES (?1)", ["x".repeat(1_000_000)])?;
            Ok(())
        });
        assert!(matches!(outcome.await, Err(DatabaseError::Full(None))));
        let kept = database.read::<i64, DatabaseError, _>(|store| {
            Ok(store.query_row("SELECT count(*) FROM kept", [], |row| row.get(0))?)
        });
        assert_eq!(kept.await.unwrap(), 0);
    }
}
