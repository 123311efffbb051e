//! Requests that waited too long. The end of each is stored when it is made, so a stop delays it and does not lose it.

use std::time::{Duration, SystemTime};

use rusqlite::Transaction;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::audit::{Act, Action};
use crate::database::{Database, DatabaseError};
use crate::signer::Bell;
use crate::status;
use crate::store;

/// After a failure of the store.
const PAUSE: Duration = Duration::from_secs(2);
/// So many in one transaction, for which whoever else writes waits.
const AT_ONCE: u32 = 200;
/// The clock of the machine may be set meanwhile.
const LONGEST_IDLE: Duration = Duration::from_secs(60);

/// Rejects what waited too long, until a stop is asked for. The bell rings when a request has an end.
pub async fn run(database: Database, bell: Bell, mut stopped: watch::Receiver<bool>) {
    let work = async {
        loop {
            let idle = next(&database).await.unwrap_or_else(|cause| {
                tracing::error!(%cause, "it cannot be read which requests waited too long");
                PAUSE
            });
            tokio::select! {
                () = bell.rung() => {}
                () = sleep(idle) => {}
            }
        }
    };
    tokio::select! {
        () = work => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}

/// Ends what is to end, and gives the time until there is more.
async fn next(database: &Database) -> Result<Duration, DatabaseError> {
    let end = database.read::<_, DatabaseError, _>(|store| Ok(store::next_end(store)?)).await?;
    let Some(end) = end else { return Ok(LONGEST_IDLE) };
    let now = now();
    if end <= now {
        database.transact::<_, DatabaseError, _>(move |store| Ok(expire_overdue(store, now)?)).await?;
        return Ok(Duration::ZERO);
    }
    Ok(Duration::from_millis((end - now).unsigned_abs()).min(LONGEST_IDLE))
}

fn expire_overdue(store: &Transaction<'_>, now: i64) -> rusqlite::Result<()> {
    for signing in store::overdue(store, now, AT_ONCE)? {
        let end = signing.expires_at_shown.unwrap_or_default();
        let reason = format!("Expired: it waited for approval until {end}.");
        store::set_status(store, &signing.id, status::REJECTED, None, None, Some(&reason))?;
        let act = Act::new(Action::Expire).signing(&signing.id);
        act.details(json!({ "expiresAt": end })).record(store)?;
    }
    Ok(())
}

/// Whether this end has come.
pub fn is_over(end: Option<i64>) -> bool {
    end.is_some_and(|end| end <= now())
}

/// The end of a request that is made now.
pub fn end_after(lifetime: Duration) -> i64 {
    now().saturating_add(i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX))
}

/// Milliseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
