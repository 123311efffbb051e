//! `/healthz`: the process answers. `/readyz`: it can do its work, too; a probe asks it before it sends traffic.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use crate::database::{Database, DatabaseError};
use crate::vault::Vault;

/// A check that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(5);
/// An answer is good for so long: each asks the disk, and anybody may ask for it.
const FRESH: Duration = Duration::from_millis(500);

/// What is looked at. It has no Debug: it opens secrets.
#[derive(Clone)]
pub struct Health {
    /// Whether it can be written.
    pub database: Database,
    vault: Arc<Vault>,
    pulse: Pulse,
    last: Arc<Mutex<Option<Answer>>>,
}

/// When it was looked at, and what was found.
type Answer = (Instant, Vec<Check>);

/// One check and what is wrong, if anything is.
#[derive(Clone)]
struct Check {
    name: &'static str,
    trouble: Option<&'static str>,
}

/// Whether the worker that signs is at work.
#[derive(Clone, Default)]
pub struct Pulse(Arc<AtomicBool>);

/// Ends with the worker, however that ends.
struct Beating(Pulse);

impl Pulse {
    /// Beats as long as this work goes on.
    pub async fn of(self, work: impl Future<Output = ()>) {
        self.0.store(true, Ordering::Relaxed);
        let _beating = Beating(self);
        work.await;
    }

    fn beats(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Beating {
    fn drop(&mut self) {
        self.0.0.store(false, Ordering::Relaxed);
    }
}

impl Health {
    /// Looks at these.
    pub fn new(database: Database, vault: Arc<Vault>, pulse: Pulse) -> Self {
        Self { database, vault, pulse, last: Arc::default() }
    }

    async fn checks(&self) -> Vec<Check> {
        if let Some((at, checks)) = &*self.last()
            && at.elapsed() < FRESH
        {
            return checks.clone();
        }
        let signer = (!self.pulse.beats()).then_some("The worker that signs has ended.");
        let keys = (!self.keys_open()).then_some("What is sealed does not open.");
        let checks = vec![
            Check { name: "store", trouble: self.store_trouble().await },
            Check { name: "signer", trouble: signer },
            Check { name: "keys", trouble: keys },
        ];
        *self.last() = Some((Instant::now(), checks.clone()));
        checks
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Option<Answer>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes, and not only begins to: a full disk shows no earlier.
    async fn store_trouble(&self) -> Option<&'static str> {
        let write = self.database.transact(|store| {
            let version: u32 = store.pragma_query_value(None, "user_version", |row| row.get(0))?;
            Ok::<_, DatabaseError>(store.pragma_update(None, "user_version", version)?)
        });
        match timeout(PATIENCE, write).await {
            Ok(Ok(())) => None,
            Ok(Err(cause)) => {
                tracing::error!(%cause, "the store cannot be written");
                Some("The store cannot be written.")
            }
            Err(_) => Some("The store does not answer."),
        }
    }

    fn keys_open(&self) -> bool {
        let place = "readiness";
        let sealed = self.vault.seal(place, b"probe");
        sealed
            .and_then(|sealed| self.vault.open_sealed(place, &sealed))
            .is_ok_and(|opened| opened == b"probe")
    }
}

/// `GET /healthz`.
pub async fn alive() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// `GET /readyz`.
pub async fn ready(State(health): State<Health>) -> (StatusCode, Json<Value>) {
    let checks = health.checks().await;
    let troubles: Vec<&str> = checks.iter().filter_map(|check| check.trouble).collect();
    let shown: Map<String, Value> =
        checks.iter().map(|check| (check.name.to_owned(), json!(check.trouble.unwrap_or("ok")))).collect();
    if troubles.is_empty() {
        return (StatusCode::OK, Json(json!({ "status": "ready", "checks": shown })));
    }
    let body = json!({
        "status": "not ready",
        "checks": shown,
        "code": "not-ready",
        "message": troubles.join(" "),
        "fix": "Read the sandbox's log; start it again when the cause is gone.",
    });
    (StatusCode::SERVICE_UNAVAILABLE, Json(body))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use tokio::sync::oneshot;

    use super::*;
    use crate::store::MIGRATIONS;

    async fn health(folder: &std::path::Path, pulse: Pulse) -> Health {
        let database = Database::open(&folder.join("store"), MIGRATIONS).unwrap();
        Health::new(database, Arc::new(Vault::open(&folder.join("key"), true).unwrap()), pulse)
    }

    #[tokio::test]
    async fn it_is_ready_as_long_as_the_worker_works() {
        let folder = tempfile::tempdir().unwrap();
        let pulse = Pulse::default();
        let (end, ended) = oneshot::channel::<()>();
        let worker = tokio::spawn(pulse.clone().of(async {
            let _ = ended.await;
        }));
        while !pulse.beats() {
            tokio::task::yield_now().await;
        }
        let (status, _) = ready(State(health(folder.path(), pulse.clone()).await)).await;
        assert_eq!(status, StatusCode::OK);
        end.send(()).unwrap();
        worker.await.unwrap();
        let other = tempfile::tempdir().unwrap();
        let (status, Json(body)) = ready(State(health(other.path(), pulse).await)).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(body["checks"]["signer"], "The worker that signs has ended.");
        assert_eq!(body["code"], "not-ready");
    }

    #[tokio::test]
    async fn a_store_that_cannot_be_written_is_not_ready() {
        let folder = tempfile::tempdir().unwrap();
        let health = health(folder.path(), Pulse::default()).await;
        assert_eq!(health.store_trouble().await, None);
        let seal = health
            .database
            .transact(|store| Ok::<_, DatabaseError>(store.pragma_update(None, "query_only", true)?));
        seal.await.unwrap();
        assert_eq!(health.store_trouble().await, Some("The store cannot be written."));
    }
}
