//! The worker that signs what is approved. Each status is stored before the next act, so a stop at any
//! moment leaves a request that the next start takes up where it was.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use ::metrics::{counter, histogram};
use ocisign::{KeyType, Reference, is_loopback, simple_signing};
use rusqlite::Transaction;
use serde_json::Value;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::database::{Database, DatabaseError};
use crate::image_locks::ImageLocks;
use crate::keys;
use crate::operating::metrics;
use crate::remote::access::{Allowed, password_place};
use crate::remote::{Access, Clients, Failure, ImageRegistry};
use crate::signature_manifest::{self, Pushable};
use crate::status;
use crate::store::{self, KeyRow, Unfinished};
use crate::vault::Vault;

/// So many requests are worked on side by side at each registry.
const AT_ONCE: usize = 4;
/// Longer than any push of a few kilobytes should take.
const PATIENCE: Duration = Duration::from_secs(120);
/// After a failure of the store, which asking at once would only repeat.
const PAUSE: Duration = Duration::from_secs(2);
/// The bell rings when there is work; this is for a ring that was not heard.
const LONGEST_IDLE: Duration = Duration::from_secs(60);
/// Between two tries, after a failure that passes.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// Between two tries, after many.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// A failure that does not pass within this is one that stays.
const PERSISTENCE: Duration = Duration::from_secs(60 * 60);

/// Wakes the worker.
#[derive(Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Says that there may be work.
    pub fn ring(&self) {
        self.0.notify_one();
    }
}

/// What the worker works with. It has no Debug: it opens keys.
pub struct Signer {
    /// Where requests and keys are.
    pub database: Database,
    /// Opens private keys and passwords.
    pub vault: Arc<Vault>,
    /// The registries that it may connect to.
    pub allowed: Allowed,
    /// One at a time for each image.
    pub locks: ImageLocks,
    /// The connections to registries.
    pub clients: Clients,
}

/// Everything that one signature needs. It has no Debug: it holds a private key and a password.
struct Job {
    image: Reference,
    key_type: KeyType,
    public_der: Vec<u8>,
    private_der: Vec<u8>,
    credential: Option<(String, String)>,
}

/// What a private key of an operation is sealed for.
pub fn key_place(operation_id: &str) -> String {
    format!("signing-key/{operation_id}")
}

/// Works until a stop is asked for. When this returns, no job can come to an outcome any more, so that
/// what the stop breaks off is left for the next start and not taken for a failure, which would be final.
pub async fn run(signer: Arc<Signer>, bell: Bell, mut stopped: watch::Receiver<bool>) {
    let mut jobs: JoinSet<String> = JoinSet::new();
    tokio::select! {
        () = keep_busy(&signer, &bell, &mut jobs) => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
    jobs.shutdown().await;
}

async fn keep_busy(signer: &Arc<Signer>, bell: &Bell, jobs: &mut JoinSet<String>) {
    let mut hands = Hands::default();
    loop {
        let next = next(signer, &hands).await;
        if next.work.is_empty() {
            tokio::select! {
                () = bell.0.notified() => {}
                Some(Ok(id)) = jobs.join_next() => hands.free(&id),
                () = sleep(next.idle) => {}
            }
            continue;
        }
        for work in next.work {
            if hands.take(&work) {
                jobs.spawn(self::work(Arc::clone(signer), work.id));
            }
        }
        while let Some(Ok(id)) = jobs.try_join_next() {
            hands.free(&id);
        }
    }
}

/// What is being worked on. Each registry has hands of its own, so that one that is silent keeps nobody from signing
/// at the others.
#[derive(Default)]
struct Hands {
    /// The registry of each request.
    busy: HashMap<String, String>,
}

impl Hands {
    /// False when the registry has no hand free.
    fn take(&mut self, work: &Unfinished) -> bool {
        let is_free = self.at(&work.registry) < AT_ONCE;
        if is_free {
            self.busy.insert(work.id.clone(), work.registry.clone());
        }
        is_free
    }

    fn free(&mut self, id: &str) {
        self.busy.remove(id);
    }

    fn at(&self, registry: &str) -> usize {
        self.busy.values().filter(|busy| *busy == registry).count()
    }

    fn ids(&self) -> Vec<String> {
        self.busy.keys().cloned().collect()
    }

    /// The registries without a free hand.
    fn full(&self) -> Vec<String> {
        let registries: HashSet<&String> = self.busy.values().collect();
        registries.into_iter().filter(|registry| self.at(registry) >= AT_ONCE).cloned().collect()
    }
}

/// What to begin; if nothing, for how long there is nothing.
struct Next {
    work: Vec<Unfinished>,
    idle: Duration,
}

/// The oldest requests that nobody works on, of registries with a free hand.
async fn next(signer: &Signer, hands: &Hands) -> Next {
    let (busy, full) = (hands.ids(), hands.full());
    let found = signer.database.read::<_, DatabaseError, _>(move |store| {
        let now = now();
        let work = store::unfinished(store, now, &busy, &full, AT_ONCE)?;
        let next = store::next_retry(store, now)?;
        Ok((work, next.map(|at| Duration::from_millis(at.saturating_sub(now).unsigned_abs()))))
    });
    match found.await {
        Ok((work, retry)) => Next { work, idle: retry.unwrap_or(LONGEST_IDLE) },
        Err(cause) => {
            tracing::error!(%cause, "the worker cannot read what there is to sign");
            Next { work: Vec::new(), idle: PAUSE }
        }
    }
}

/// One request from approved to its end. Gives its id back whatever happens.
async fn work(signer: Arc<Signer>, id: String) -> String {
    // A task of its own, so that a panic ends in a status; in a set, so that a stop takes it along.
    let mut attempt = JoinSet::new();
    attempt.spawn({
        let (signer, id) = (Arc::clone(&signer), id.clone());
        async move { sign(&signer, &id).await }
    });
    let began = Instant::now();
    let outcome = match attempt.join_next().await {
        Some(Ok(outcome)) => outcome,
        _ => Err(Failure::new("The sandbox itself failed while signing. Its log says why.")),
    };
    count(&outcome, began);
    if let Err(cause) = finish(&signer, &id, outcome).await {
        tracing::error!(%cause, id, "the outcome of a signing cannot be stored; it will be tried again");
        sleep(PAUSE).await;
    }
    id
}

fn count(outcome: &Result<(), Failure>, began: Instant) {
    let outcome = match outcome {
        Ok(()) => "signed",
        Err(failure) if failure.passes_after().is_some() => "put off",
        Err(_) => "failed",
    };
    counter!(metrics::ATTEMPTS, "outcome" => outcome).increment(1);
    histogram!(metrics::ATTEMPT_SECONDS, "outcome" => outcome).record(began.elapsed());
}

async fn sign(signer: &Signer, id: &str) -> Result<(), Failure> {
    let job = begin(signer, id).await?;
    let registry = signer.allowed.find(job.image.registry()).ok_or_else(|| {
        Failure::new(format!(
            "The sandbox may not connect to {0}. Start it with --allow-registry for {0}, and request again.",
            job.image.registry()
        ))
    })?;
    let access = Access {
        plain_http: registry.plain_http,
        credential: job.credential.clone(),
        clients: signer.clients.clone(),
    };
    let _only_one = signer.locks.hold(&place(&job.image)).await;
    // Waiting for others at the same image is not the registry's fault.
    let outcome = timeout(PATIENCE, publish(job, access)).await;
    outcome.unwrap_or_else(|_| Err(Failure::new("The registry took too long.")))
}

/// Stores that signing begins, and takes what it needs.
async fn begin(signer: &Signer, id: &str) -> Result<Job, Failure> {
    let job = read_job(signer, id).await.map_err(|cause: DatabaseError| {
        tracing::error!(%cause, "a signing cannot begin");
        Failure::passing("The sandbox's store failed.", PAUSE)
    })?;
    job.ok_or_else(|| Failure::new("The operation's key or the registry's password cannot be opened."))
}

async fn read_job(signer: &Signer, id: &str) -> Result<Option<Job>, DatabaseError> {
    let read = id.to_owned();
    let found = signer.database.read::<_, DatabaseError, _>(move |store| {
        let Some(row) = store::signing(store, &read)? else { return Ok(None) };
        let Some(key) = store::key(store, &row.operation_id)? else { return Ok(None) };
        let credential = store::credential(store, row.artifact.registry())?;
        Ok(Some((row, key, credential)))
    });
    let Some((row, key, credential)) = found.await? else { return Ok(None) };
    if row.status == status::APPROVED {
        let id = id.to_owned();
        let begins = move |store: &Transaction<'_>| {
            Ok::<_, DatabaseError>(store::set_status(store, &id, status::SIGNING, None, None, None)?)
        };
        signer.database.transact(begins).await?;
    }
    Ok(open(&signer.vault, &row.operation_id, row.artifact, key, credential))
}

fn open(
    vault: &Vault,
    operation_id: &str,
    image: Reference,
    key: KeyRow,
    credential: Option<(String, Vec<u8>)>,
) -> Option<Job> {
    let private_der = vault.open_sealed(&key_place(operation_id), &key.sealed_private).ok()?;
    let credential = match credential {
        None => None,
        Some((username, sealed)) => {
            let password = vault.open_sealed(&password_place(image.registry()), &sealed).ok()?;
            Some((username, String::from_utf8(password).ok()?))
        }
    };
    Some(Job {
        image,
        key_type: KeyType::parse(&key.key_type).ok()?,
        public_der: key.public_der,
        private_der,
        credential,
    })
}

/// Adds the signature to the registry, unless an earlier attempt did, and reads it back.
async fn publish(job: Job, access: Access) -> Result<(), Failure> {
    let registry = ImageRegistry::new(&job.image, access).await?;
    registry.check_image().await?;
    let payload = simple_signing::payload(&job.image).into_bytes();
    let signing = Arc::new(Signing { job, payload });
    let existing = registry.signatures().await?;
    let Some(pushable) = signing.off_the_async_threads(|signing| signing.add_to(existing)).await? else {
        return Ok(());
    };
    registry.push(&signing.payload, pushable).await?;
    let stored = registry.signatures().await?;
    let is_there = move |signing: &Signing| Ok(stored.is_some_and(|manifest| signing.is_in(&manifest)));
    if signing.off_the_async_threads(is_there).await? {
        return Ok(());
    }
    Err(Failure::new(
        "The registry took the signature, but does not show it. Somebody else may have replaced it.",
    ))
}

/// What is signed, and with what. It has no Debug: it holds a private key.
struct Signing {
    job: Job,
    payload: Vec<u8>,
}

impl Signing {
    /// Keys take milliseconds of pure computing, and a registry may show thousands of signatures.
    async fn off_the_async_threads<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let signing = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&signing)).await;
        done.unwrap_or_else(|_| {
            Err(Failure::new("The sandbox itself failed while signing. Its log says why."))
        })
    }

    /// The manifest with our signature; nothing when it has it already.
    fn add_to(&self, existing: Option<Value>) -> Result<Option<Pushable>, Failure> {
        if existing.as_ref().is_some_and(|manifest| self.is_in(manifest)) {
            return Ok(None);
        }
        let signature = keys::sign(self.job.key_type, &self.job.private_der, &self.payload)
            .map_err(|_| Failure::new("The operation's key cannot sign."))?;
        let pushable = signature_manifest::append(existing, &self.payload, &signature)
            .map_err(|_| Failure::new("The image's signatures in the registry are damaged."))?;
        Ok(Some(pushable))
    }

    fn is_in(&self, manifest: &Value) -> bool {
        let ours = |signature: &[u8]| {
            keys::verifies(self.job.key_type, &self.job.public_der, &self.payload, signature)
        };
        signature_manifest::holds(manifest, &self.payload, ours)
    }
}

/// Where the signatures of an image are. This machine has many names, and one registry at each port.
fn place(image: &Reference) -> String {
    let registry = image.registry();
    let port = registry.rsplit_once(':').map_or("", |(_, port)| port);
    let registry = if is_loopback(registry) { format!("this machine:{port}") } else { registry.to_owned() };
    format!("{registry}/{}@{}", image.repository(), image.digest())
}

async fn finish(signer: &Signer, id: &str, outcome: Result<(), Failure>) -> Result<(), DatabaseError> {
    let id = id.to_owned();
    signer
        .database
        .transact(move |store| match outcome {
            Ok(()) => Ok(store::set_status(store, &id, status::SIGNED, None, None, None)?),
            Err(failure) => Ok(put_off_or_fail(store, &id, &failure)?),
        })
        .await
}

/// What passes by itself is tried again, each time a little later; what does not, or not for long, has failed.
fn put_off_or_fail(store: &Transaction<'_>, id: &str, failure: &Failure) -> rusqlite::Result<()> {
    let now = now();
    let since = store::tried_since(store, id)?.unwrap_or(now);
    let tried = Duration::from_millis(now.saturating_sub(since).unsigned_abs());
    let Some(after) = failure.passes_after().filter(|_| tried < PERSISTENCE) else {
        let again = if tried < PERSISTENCE { "" } else { " The sandbox tried again for an hour." };
        let reason = format!("{failure}{again}");
        return store::set_status(store, id, status::FAILED, None, None, Some(&reason));
    };
    let wait = after.max((tried / 2).clamp(SHORTEST_WAIT, LONGEST_WAIT));
    tracing::info!(id, ?wait, "a signing is put off: {failure}");
    let at = now.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
    store::put_off(store, id, since, at)
}

/// Milliseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
