//! The worker that signs what is approved. Each status is stored before the next act, so a stop at any
//! moment leaves a request that the next start takes up where it was.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use ocisign::{Reference, simple_signing};
use rusqlite::Transaction;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::database::{Database, DatabaseError};
use crate::image_locks::ImageLocks;
use crate::keys::{self, KeyFault, Keys, StoredKey};
use crate::push::{Access, Failure, ImageRegistry};
use crate::registry_access::{NamedRegistry, password_place, speaks_plain_http};
use crate::signature_manifest;
use crate::status;
use crate::store::{self, KeyRow};
use crate::vault::Vault;

/// So many requests are worked on side by side.
const AT_ONCE: usize = 4;
/// Longer than any push of a few kilobytes should take.
const PATIENCE: Duration = Duration::from_secs(120);
/// After a failure of the store, which asking at once would only repeat.
const PAUSE: Duration = Duration::from_secs(2);

/// Wakes the worker.
#[derive(Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Says that there may be work.
    pub fn ring(&self) {
        self.0.notify_one();
    }
}

/// What the worker works with. It has no Debug: it opens passwords.
pub struct Signer {
    /// Where requests and keys are.
    pub database: Database,
    /// Opens passwords.
    pub vault: Arc<Vault>,
    /// Signs.
    pub keys: Arc<Keys>,
    /// The registry that the start named.
    pub named: NamedRegistry,
    /// One at a time for each image.
    pub locks: ImageLocks,
}

/// Everything that one signature needs. It has no Debug: it holds a password.
struct Job {
    image: Reference,
    key: StoredKey,
    credential: Option<(String, String)>,
}

/// Why an attempt did not sign.
enum Setback {
    /// The request ends with it.
    Final(Failure),
    /// The request waits, and is taken up again.
    Passing(String),
}

impl From<Failure> for Setback {
    fn from(failure: Failure) -> Self {
        Self::Final(failure)
    }
}

impl From<KeyFault> for Setback {
    fn from(fault: KeyFault) -> Self {
        if fault.passes() {
            Self::Passing(fault.to_string())
        } else {
            Self::Final(Failure::new(fault.to_string()))
        }
    }
}

/// Works until a stop is asked for. When this returns, no job can come to an outcome any more, so that
/// what the stop breaks off is left for the next start and not taken for a failure, which would be final.
pub async fn run(signer: Arc<Signer>, bell: Bell, mut stopped: watch::Receiver<bool>) {
    let mut jobs: JoinSet<Worked> = JoinSet::new();
    tokio::select! {
        () = keep_busy(&signer, &bell, &mut jobs) => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
    jobs.shutdown().await;
}

/// Which request a job worked on, and whether it is to wait.
struct Worked {
    id: String,
    waits: bool,
}

/// What the worker must not take up now.
#[derive(Default)]
struct Taken {
    busy: HashSet<String>,
    /// Until when each waits.
    waiting: HashMap<String, Instant>,
}

impl Taken {
    fn add(&mut self, id: &str) {
        self.busy.insert(id.to_owned());
    }

    fn done(&mut self, worked: Worked) {
        self.busy.remove(&worked.id);
        if worked.waits {
            self.waiting.insert(worked.id, Instant::now() + PAUSE);
        }
    }

    fn forget_the_past(&mut self) {
        let now = Instant::now();
        self.waiting.retain(|_, until| *until > now);
    }

    /// When the first of those that wait may be taken up; for ever, if none waits.
    async fn first_end(&self) {
        match self.waiting.values().min() {
            Some(until) => tokio::time::sleep_until(*until).await,
            None => std::future::pending().await,
        }
    }
}

async fn keep_busy(signer: &Arc<Signer>, bell: &Bell, jobs: &mut JoinSet<Worked>) {
    let mut taken = Taken::default();
    loop {
        taken.forget_the_past();
        for id in next(signer, &taken).await {
            taken.add(&id);
            jobs.spawn(work(Arc::clone(signer), id));
        }
        tokio::select! {
            () = bell.0.notified() => {}
            Some(Ok(worked)) = jobs.join_next() => taken.done(worked),
            () = signer.keys.next_try() => {}
            () = taken.first_end() => {}
        }
    }
}

/// The oldest requests that nobody works on, as many as there are hands.
async fn next(signer: &Arc<Signer>, taken: &Taken) -> Vec<String> {
    let free = AT_ONCE.saturating_sub(taken.busy.len());
    if free == 0 {
        return Vec::new();
    }
    // Those that are being worked on, or wait, are among the oldest, so as many more show enough others.
    let at_most = (2 * AT_ONCE + taken.waiting.len()) as u32;
    let keys = Arc::clone(&signer.keys);
    let found = signer.database.transact(move |store| {
        let absent = explain_absent_keys(store, &keys)?;
        Ok(store::unfinished(store, &absent, at_most)?)
    });
    match found.await {
        Ok(ids) => {
            let free_ids = ids
                .into_iter()
                .filter(|id: &String| !taken.busy.contains(id) && !taken.waiting.contains_key(id));
            free_ids.take(free).collect()
        }
        Err(cause) => {
            let cause: DatabaseError = cause;
            tracing::error!(%cause, "the worker cannot read what there is to sign");
            sleep(PAUSE).await;
            Vec::new()
        }
    }
}

/// Tells the requests whose keys cannot be used now why they wait. Gives the places of those keys.
fn explain_absent_keys(store: &Transaction<'_>, keys: &Keys) -> Result<Vec<String>, rusqlite::Error> {
    let mut absent = Vec::new();
    for place in store::key_places(store)? {
        if let Some(fault) = keys.hindrance(&place) {
            store::explain_waiting(store, &place, &fault.to_string())?;
            absent.push(place);
        }
    }
    Ok(absent)
}

/// One request from approved to its end, or to a wait.
async fn work(signer: Arc<Signer>, id: String) -> Worked {
    // A task of its own, so that a panic ends in a status; in a set, so that a stop takes it along.
    let mut attempt = JoinSet::new();
    attempt.spawn({
        let (signer, id) = (Arc::clone(&signer), id.clone());
        async move { timeout(PATIENCE, sign(&signer, &id)).await }
    });
    let outcome = match attempt.join_next().await {
        Some(Ok(Ok(outcome))) => outcome,
        Some(Ok(Err(_))) => Err(Failure::new("The registry took too long.").into()),
        _ => Err(Failure::new("The sandbox itself failed while signing. Its log says why.").into()),
    };
    let waits = matches!(outcome, Err(Setback::Passing(_)));
    if let Err(cause) = finish(&signer, &id, outcome).await {
        tracing::error!(%cause, id, "the outcome of a signing cannot be stored; it will be tried again");
        sleep(PAUSE).await;
    }
    Worked { id, waits }
}

async fn sign(signer: &Signer, id: &str) -> Result<(), Setback> {
    let job = begin(signer, id).await?;
    let _only_one = signer.locks.hold(&job.image.canonical()).await;
    publish(signer, job).await
}

/// Stores that signing begins, and takes what it needs.
async fn begin(signer: &Signer, id: &str) -> Result<Job, Failure> {
    let (id, vault) = (id.to_owned(), Arc::clone(&signer.vault));
    let job = signer.database.transact(move |store| {
        let Some(row) = store::signing(store, &id)? else { return Ok(None) };
        if row.status == status::APPROVED {
            store::set_status(store, &id, status::SIGNING, None, None, None)?;
        }
        let Some(key) = store::key(store, &row.operation_id)? else { return Ok(None) };
        let credential = store::credential(store, row.artifact.registry())?;
        Ok(open(&vault, &row.operation_id, row.artifact, key, credential))
    });
    let job = job.await.map_err(|cause: DatabaseError| {
        tracing::error!(%cause, "a signing cannot begin");
        Failure::new("The sandbox's store failed.")
    })?;
    job.ok_or_else(|| Failure::new("The operation's key or the registry's password cannot be opened."))
}

fn open(
    vault: &Vault,
    operation_id: &str,
    image: Reference,
    key: KeyRow,
    credential: Option<(String, Vec<u8>)>,
) -> Option<Job> {
    let credential = match credential {
        None => None,
        Some((username, sealed)) => {
            let password = vault.open_sealed(&password_place(image.registry()), &sealed).ok()?;
            Some((username, String::from_utf8(password).ok()?))
        }
    };
    Some(Job { image, key: StoredKey::read(operation_id.to_owned(), key)?, credential })
}

/// Adds the signature to the registry, unless an earlier attempt did, and reads it back.
async fn publish(signer: &Signer, job: Job) -> Result<(), Setback> {
    let image = &job.image;
    let payload = simple_signing::payload(image).into_bytes();
    let access = Access {
        plain_http: speaks_plain_http(image.registry(), &signer.named),
        credential: job.credential.clone(),
    };
    let registry = ImageRegistry::new(image, access)?;
    registry.check_image().await?;
    let existing = registry.signatures().await?;
    let key = &job.key;
    let ours = |signature: &[u8]| keys::verifies(key.key_type, &key.public_der, &payload, signature);
    if existing.as_ref().is_some_and(|manifest| signature_manifest::holds(manifest, &payload, ours)) {
        return Ok(());
    }
    let signature = signer.keys.sign(key.clone(), payload.clone()).await?;
    let pushable = signature_manifest::append(existing, &payload, &signature)
        .map_err(|_| Failure::new("The image's signatures in the registry are damaged."))?;
    registry.push(&payload, pushable).await?;
    let stored = registry.signatures().await?;
    if stored.is_some_and(|manifest| signature_manifest::holds(&manifest, &payload, ours)) {
        return Ok(());
    }
    Err(Failure::new(
        "The registry took the signature, but does not show it. Somebody else may have replaced it.",
    )
    .into())
}

async fn finish(signer: &Signer, id: &str, outcome: Result<(), Setback>) -> Result<(), DatabaseError> {
    let id = id.to_owned();
    signer
        .database
        .transact(move |store| {
            match outcome {
                Ok(()) => store::set_status(store, &id, status::SIGNED, None, None, None)?,
                Err(Setback::Passing(reason)) => store::set_reason(store, &id, &reason)?,
                Err(Setback::Final(failure)) => {
                    let reason = failure.to_string();
                    store::set_status(store, &id, status::FAILED, None, None, Some(&reason))?;
                }
            }
            Ok(())
        })
        .await
}
