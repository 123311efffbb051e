//! One thread that writes, and commits what came meanwhile together: waiting for the disk is what a commit costs, and
//! it costs the same for many. Nobody hears of an outcome before the commit that keeps it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Instant;

use ::metrics::histogram;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use crate::database::DatabaseError;
use crate::operating::metrics;

/// So many steps are committed together at most, so that the first does not wait long for the last.
const MOST: usize = 64;

type Fault = Arc<rusqlite::Error>;

/// The way to the thread that writes. It ends when the last of these is gone.
#[derive(Clone)]
pub struct Writer(Sender<Box<dyn Step>>);

/// Somebody's transaction, among others.
trait Step: Send {
    /// Whether anybody still waits for it.
    fn is_wanted(&self) -> bool;
    /// Whether what it did is to be kept.
    fn run(&mut self, transaction: &Transaction<'_>) -> bool;
    /// Tells the outcome, or what took it away.
    fn end(self: Box<Self>, fault: Option<&Fault>);
}

struct Work<T, E, F> {
    work: Option<F>,
    outcome: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(connection: Connection) -> std::io::Result<Self> {
        let (sender, receiver) = channel();
        thread::Builder::new().name("store".to_owned()).spawn(move || write(connection, &receiver))?;
        Ok(Self(sender))
    }

    /// Runs `work`; all of it is kept when it gives Ok, and none of it otherwise. A caller who goes away before it
    /// has begun takes it along.
    pub async fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    {
        let (caller, outcome) = oneshot::channel();
        let work = Work { work: Some(work), outcome: None, caller };
        self.0.send(Box::new(work)).map_err(|_| DatabaseError::Abandoned)?;
        outcome.await.unwrap_or_else(|_| Err(DatabaseError::Abandoned.into()))
    }
}

impl<T, E, F> Step for Work<T, E, F>
where
    T: Send,
    E: From<DatabaseError> + Send,
    F: FnOnce(&Transaction<'_>) -> Result<T, E> + Send,
{
    fn is_wanted(&self) -> bool {
        !self.caller.is_closed()
    }

    fn run(&mut self, transaction: &Transaction<'_>) -> bool {
        let work = self.work.take();
        let outcome = work.and_then(|work| catch_unwind(AssertUnwindSafe(|| work(transaction))).ok());
        let outcome = outcome.unwrap_or_else(|| Err(DatabaseError::Abandoned.into()));
        let keeps = outcome.is_ok();
        self.outcome = Some(outcome);
        keeps
    }

    fn end(self: Box<Self>, fault: Option<&Fault>) {
        let outcome = match (self.outcome, fault) {
            // A refusal stays one, whatever happened to the others.
            (Some(Err(refusal)), _) => Err(refusal),
            (_, Some(fault)) => Err(DatabaseError::shared(Arc::clone(fault)).into()),
            (Some(kept), None) => kept,
            (None, None) => Err(DatabaseError::Abandoned.into()),
        };
        let _ = self.caller.send(outcome);
    }
}

fn write(mut connection: Connection, steps: &Receiver<Box<dyn Step>>) {
    while let Ok(first) = steps.recv() {
        let more = steps.try_iter().take(MOST - 1);
        let group: Vec<_> = std::iter::once(first).chain(more).filter(|step| step.is_wanted()).collect();
        commit(&mut connection, group);
    }
}

/// Runs the steps in one transaction, commits, and tells everybody.
fn commit(connection: &mut Connection, mut group: Vec<Box<dyn Step>>) {
    if group.is_empty() {
        return;
    }
    let mut done = 0;
    let began = Instant::now();
    let outcome = run(connection, &mut group, &mut done);
    histogram!(metrics::COMMIT_SECONDS).record(began.elapsed());
    histogram!(metrics::COMMIT_STEPS).record(done as f64);
    let rest = group.split_off(done);
    let fault = outcome.err().map(Arc::new);
    for step in group {
        step.end(fault.as_ref());
    }
    // What had not begun when the transaction broke has a right to one of its own.
    commit(connection, rest);
}

/// Counts in `done` the steps whose fate is decided; at least one is.
fn run(connection: &mut Connection, group: &mut [Box<dyn Step>], done: &mut usize) -> rusqlite::Result<()> {
    *done = group.len();
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (index, step) in group.iter_mut().enumerate() {
        transaction.prepare_cached("SAVEPOINT step")?.execute([])?;
        if !step.run(&transaction) && !transaction.is_autocommit() {
            transaction.prepare_cached("ROLLBACK TO step")?.execute([])?;
        }
        if transaction.is_autocommit() {
            // A full disk, for example, takes the whole transaction back, and what ran before in it.
            *done = index + 1;
            return Err(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ABORT_ROLLBACK),
                Some("another step broke the transaction".to_owned()),
            ));
        }
        transaction.prepare_cached("RELEASE step")?.execute([])?;
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::sync::mpsc;

    use super::*;

    fn connection() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE kept (number INTEGER PRIMARY KEY) STRICT").unwrap();
        connection
    }

    fn insert(transaction: &Transaction<'_>, number: i64) -> Result<(), DatabaseError> {
        transaction.execute("INSERT INTO kept VALUES (?1)", [number])?;
        Ok(())
    }

    fn count(transaction: &Transaction<'_>) -> Result<i64, DatabaseError> {
        Ok(transaction.query_row("SELECT count(*) FROM kept", [], |row| row.get(0))?)
    }

    /// A step, and how it ended.
    fn step<T: Send + 'static>(
        work: impl FnOnce(&Transaction<'_>) -> Result<T, DatabaseError> + Send + 'static,
    ) -> (Box<dyn Step>, oneshot::Receiver<Result<T, DatabaseError>>) {
        let (caller, outcome) = oneshot::channel();
        (Box::new(Work { work: Some(work), outcome: None, caller }), outcome)
    }

    #[test]
    fn one_group_keeps_the_good_and_takes_back_the_bad() {
        let mut connection = connection();
        let (one, mut first) = step(|transaction| insert(transaction, 1));
        let (two, mut twice) = step(|transaction| {
            insert(transaction, 2)?;
            insert(transaction, 1)
        });
        let (three, mut panicked) = step::<()>(|transaction| {
            insert(transaction, 3)?;
            panic!("on purpose");
        });
        let (four, mut last) = step(count);
        commit(&mut connection, vec![one, two, three, four]);
        assert!(first.try_recv().unwrap().is_ok());
        assert!(matches!(twice.try_recv().unwrap(), Err(DatabaseError::Sql(_))));
        assert!(matches!(panicked.try_recv().unwrap(), Err(DatabaseError::Abandoned)));
        assert_eq!(last.try_recv().unwrap().unwrap(), 1);
        assert!(connection.is_autocommit());
    }

    #[test]
    fn a_transaction_that_breaks_acknowledges_nothing_and_spares_what_had_not_begun() {
        let mut connection = connection();
        let (one, mut lost) = step(|transaction| insert(transaction, 1));
        let (two, mut breaker) = step::<()>(|transaction| {
            transaction.execute_batch("ROLLBACK")?;
            Err(DatabaseError::Abandoned)
        });
        let (three, mut spared) = step(|transaction| {
            insert(transaction, 3)?;
            count(transaction)
        });
        commit(&mut connection, vec![one, two, three]);
        assert!(matches!(lost.try_recv().unwrap(), Err(DatabaseError::Sql(_))));
        assert!(matches!(breaker.try_recv().unwrap(), Err(DatabaseError::Abandoned)));
        assert_eq!(spared.try_recv().unwrap().unwrap(), 1);
    }

    #[tokio::test]
    async fn what_nobody_waits_for_any_more_does_not_begin() {
        let writer = Writer::start(connection()).unwrap();
        let (go, wait) = mpsc::channel::<()>();
        let (begun, has_begun) = oneshot::channel();
        let busy = tokio::spawn({
            let writer = writer.clone();
            async move {
                writer
                    .run::<_, DatabaseError, _>(move |_| {
                        begun.send(()).unwrap();
                        wait.recv().unwrap();
                        Ok(())
                    })
                    .await
            }
        });
        has_begun.await.unwrap();
        let mut given_up = Box::pin(writer.run(|transaction| insert(transaction, 1)));
        assert!(poll_once(given_up.as_mut()).await.is_none());
        drop(given_up);
        go.send(()).unwrap();
        busy.await.unwrap().unwrap();
        assert_eq!(writer.run(count).await.unwrap(), 0);
    }

    /// Asks once whether it is done.
    async fn poll_once<T>(mut future: std::pin::Pin<&mut impl Future<Output = T>>) -> Option<T> {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(match future.as_mut().poll(context) {
                std::task::Poll::Ready(value) => Some(value),
                std::task::Poll::Pending => None,
            })
        })
        .await
    }
}
