//! One SQLite file: opened so that an acknowledged write survives a kill, and used off the async threads.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::start_error::StartError;

/// A database that many tasks share; their transactions run one after another.
#[derive(Clone)]
pub struct Database {
    connection: Arc<Mutex<Connection>>,
}

/// The database failed, or the process is ending.
#[derive(Debug)]
pub enum DatabaseError {
    /// What SQLite says.
    Sql(rusqlite::Error),
    /// The work was given up before it was done.
    Abandoned,
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sql(cause) => write!(formatter, "the store failed: {cause}"),
            Self::Abandoned => formatter.write_str("the store gave up: the sandbox is stopping"),
        }
    }
}

impl std::error::Error for DatabaseError {}

impl From<rusqlite::Error> for DatabaseError {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Sql(cause)
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
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Runs `work` in one transaction: all of it is kept when it gives Ok, none of it otherwise.
    pub async fn transact<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    {
        let connection = Arc::clone(&self.connection);
        // Work on the database waits for the disk, so it must not hold up the threads that serve HTTP.
        tokio::task::spawn_blocking(move || {
            // A panic in another transaction rolled that one back; the connection is still sound.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(DatabaseError::from)?;
            let outcome = work(&transaction)?;
            transaction.commit().map_err(DatabaseError::from)?;
            Ok(outcome)
        })
        .await
        .unwrap_or_else(|_| Err(DatabaseError::Abandoned.into()))
    }
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
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
