//! The worker that signs what is approved. Each status is stored before the next act, so a stop at any
//! moment leaves a request that the next start takes up where it was.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use ::metrics::{counter, histogram};
use ocisign::{Reference, is_loopback};
use rusqlite::Transaction;
use serde_json::json;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::audit::{Act, Action};
use crate::database::{Database, DatabaseError};
use crate::faults::{Faults, Part};
use crate::hash::Digest;
use crate::image_locks::ImageLocks;
use crate::keys::{Keys, StoredKey};
use crate::operating::metrics;
use crate::platforms;
use crate::publish::{self, failure, on_demand};
use crate::remote::access::{Allowed, password_place};
use crate::remote::{Access, Clients, Failure, ImageRegistry, Password, RegistryPassword};
use crate::signature_format::SignatureFormat;
use crate::status;
use crate::store::{self, KeyRow, Origin, SealedCredential, Unfinished};
use crate::subject::Subject;
use crate::vault::Vault;

/// So many requests are worked on side by side at each registry.
const AT_ONCE: usize = 16;
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

/// Wakes a worker.
#[derive(Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// Says that there may be work.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits until somebody said so.
    pub async fn rung(&self) {
        self.0.notified().await;
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
    /// The registries that it may connect to.
    pub allowed: Allowed,
    /// The password of `--registry`, if it may be replaced.
    pub renewal: Option<Arc<RegistryPassword>>,
    /// An index is signed together with all that it names.
    pub signs_platforms: bool,
    /// How signatures are written down.
    pub format: SignatureFormat,
    /// One at a time for each image.
    pub locks: ImageLocks,
    /// The connections to registries.
    pub clients: Clients,
    /// What goes wrong on demand.
    pub faults: Faults,
}

/// Everything that one request needs. It has no Debug: it holds a password.
enum Job {
    Image { image: Reference, key: StoredKey, credential: Option<(String, Password)> },
    Digest { digest: Digest, key: StoredKey },
}

/// What came of a request that was signed. The signature of an image is in its registry by then; that of a digest is
/// stored together with the status.
enum Signed {
    Image,
    Digest(Vec<u8>),
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
                () = bell.rung() => {}
                () = signer.keys.next_try() => {}
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
    let (busy, full, keys) = (hands.ids(), hands.full(), Arc::clone(&signer.keys));
    let found = async {
        let find = move |store: &Transaction<'_>| {
            let now = now();
            let absent = absent_keys(store, &keys)?;
            let places: Vec<String> = absent.iter().map(|(place, _)| place.clone()).collect();
            let work = store::unfinished(store, now, &busy, &full, &places, AT_ONCE)?;
            let next = store::next_retry(store, now)?;
            let idle = next.map(|at| Duration::from_millis(at.saturating_sub(now).unsigned_abs()));
            Ok::<_, DatabaseError>((absent, work, idle))
        };
        let (absent, work, idle) = signer.database.read(find).await?;
        explain_waiting(signer, absent).await?;
        Ok::<_, DatabaseError>((work, idle))
    };
    match found.await {
        Ok((work, retry)) => Next { work, idle: retry.unwrap_or(LONGEST_IDLE) },
        Err(cause) => {
            tracing::error!(%cause, "the worker cannot read what there is to sign");
            Next { work: Vec::new(), idle: PAUSE }
        }
    }
}

/// The places of the keys that cannot be used now, each with the reason.
fn absent_keys(store: &Transaction<'_>, keys: &Keys) -> rusqlite::Result<Vec<(String, String)>> {
    let hindrance = |place: String| keys.hindrance(&place).map(|fault| (place, fault.to_string()));
    Ok(store::key_places(store)?.into_iter().filter_map(hindrance).collect())
}

/// Tells the requests whose keys cannot be used now why they wait.
async fn explain_waiting(signer: &Signer, absent: Vec<(String, String)>) -> Result<(), DatabaseError> {
    if absent.is_empty() {
        return Ok(());
    }
    let explain = move |store: &Transaction<'_>| {
        for (place, reason) in &absent {
            store::explain_waiting(store, place, reason)?;
        }
        Ok::<_, DatabaseError>(())
    };
    signer.database.transact(explain).await
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

fn count(outcome: &Result<Signed, Failure>, began: Instant) {
    let outcome = match outcome {
        Ok(_) => "signed",
        Err(failure) if failure.may_pass() => "put off",
        Err(_) => "failed",
    };
    counter!(metrics::ATTEMPTS, "outcome" => outcome).increment(1);
    histogram!(metrics::ATTEMPT_SECONDS, "outcome" => outcome).record(began.elapsed());
}

async fn sign(signer: &Signer, id: &str) -> Result<Signed, Failure> {
    let (image, key, credential) = match begin(signer, id).await? {
        Job::Image { image, key, credential } => (image, key, credential),
        Job::Digest { digest, key } => return sign_digest(signer, key, digest).await,
    };
    let registry = signer.allowed.find(image.registry()).ok_or_else(|| {
        Failure::new(format!(
            "The sandbox may not connect to {0}. Start it with --allow-registry for {0}, and request again.",
            image.registry()
        ))
    })?;
    let access = Access { plain_http: registry.plain_http, credential, clients: signer.clients.clone() };
    signer.faults.before(Part::Registry).map_err(|_| Failure::not_connected(image.registry()))?;
    let registry = ImageRegistry::new(&image, access).await?;
    let parts = if signer.signs_platforms {
        platforms::parts(&registry, &image, signer.format).await?
    } else {
        Vec::new()
    };
    // The index comes last: who sees its signature finds the others, too.
    for part in &parts {
        let signed = sign_image(signer, &key, &registry.beside(part), part).await;
        signed.map_err(|failure| failure.of(&format!("In the index, {}", part.digest())))?;
    }
    sign_image(signer, &key, &registry, &image).await?;
    Ok(Signed::Image)
}

async fn sign_digest(signer: &Signer, key: StoredKey, digest: Digest) -> Result<Signed, Failure> {
    signer.faults.before(Part::Hsm).map_err(|fault| failure(on_demand(fault)))?;
    signer.keys.sign_digest(key, digest).await.map(Signed::Digest).map_err(failure)
}

async fn sign_image(
    signer: &Signer,
    key: &StoredKey,
    registry: &ImageRegistry,
    image: &Reference,
) -> Result<(), Failure> {
    let _only_one = signer.locks.hold(&place(image)).await;
    // Waiting for others at the same image is not the registry's fault.
    let outcome = timeout(PATIENCE, publish::publish(signer, key, registry, image)).await;
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
    let found = signer.database.look_up::<_, DatabaseError, _>(|store| {
        let Some(row) = store::signing(store, id)? else { return Ok(None) };
        let Some(key) = store::key(store, &row.operation_id)? else { return Ok(None) };
        let credential = match &row.subject {
            Subject::Image(image) => store::credential(store, image.registry())?,
            Subject::Digest(_) => None,
        };
        Ok(Some((row, key, credential)))
    });
    let Some((row, key, credential)) = found.await? else { return Ok(None) };
    if row.status == status::APPROVED {
        let id = id.to_owned();
        let begins = move |store: &Transaction<'_>| {
            Ok::<_, DatabaseError>(step(store, &id, status::SIGNING, Action::SignBegin, None)?)
        };
        signer.database.transact(begins).await?;
    }
    Ok(open(signer, &row.operation_id, row.subject, key, credential))
}

fn open(
    signer: &Signer,
    operation_id: &str,
    subject: Subject,
    key: KeyRow,
    credential: Option<SealedCredential>,
) -> Option<Job> {
    let key = StoredKey::read(operation_id.to_owned(), key)?;
    let image = match subject {
        Subject::Image(image) => image,
        Subject::Digest(digest) => return Some(Job::Digest { digest, key }),
    };
    let credential = match credential {
        None => None,
        Some(kept) => Some((kept.username.clone(), password(signer, image.registry(), kept)?)),
    };
    Some(Job::Image { image, key, credential })
}

fn password(signer: &Signer, domain: &str, kept: SealedCredential) -> Option<Password> {
    match &signer.renewal {
        Some(renewal) if kept.origin == Origin::Start => Some(Password::Renewable(Arc::clone(renewal))),
        _ => {
            let password = signer.vault.open_sealed(&password_place(domain), &kept.sealed_password).ok()?;
            Some(Password::Fixed(String::from_utf8(password).ok()?))
        }
    }
}

/// Where the signatures of an image are. This machine has many names, and one registry at each port.
fn place(image: &Reference) -> String {
    let registry = image.registry();
    let port = registry.rsplit_once(':').map_or("", |(_, port)| port);
    let registry = if is_loopback(registry) { format!("this machine:{port}") } else { registry.to_owned() };
    format!("{registry}/{}@{}", image.repository(), image.digest())
}

async fn finish(signer: &Signer, id: &str, outcome: Result<Signed, Failure>) -> Result<(), DatabaseError> {
    let id = id.to_owned();
    signer
        .database
        .transact(move |store| match outcome {
            Ok(signed) => {
                if let Signed::Digest(signature) = signed {
                    store::set_signature(store, &id, &signature)?;
                }
                Ok(step(store, &id, status::SIGNED, Action::SignEnd, None)?)
            }
            Err(failure) => Ok(put_off_or_fail(store, &id, &failure)?),
        })
        .await
}

/// What passes by itself is tried again, each time a little later; what does not, or not for long, has failed.
fn put_off_or_fail(store: &Transaction<'_>, id: &str, failure: &Failure) -> rusqlite::Result<()> {
    let now = now();
    let since = store::tried_since(store, id)?.unwrap_or(now);
    let tried = Duration::from_millis(now.saturating_sub(since).unsigned_abs());
    if let Some(after) = failure.waits_for() {
        store::set_reason(store, id, &failure.to_string())?;
        return store::put_off(store, id, since, at(now, after));
    }
    let Some(after) = failure.passes_after(tried) else {
        return step(store, id, status::FAILED, Action::SignFail, Some(&failure.finally()));
    };
    let wait = after.max((tried / 2).clamp(SHORTEST_WAIT, LONGEST_WAIT));
    tracing::info!(id, ?wait, "a signing is put off: {failure}");
    store::put_off(store, id, since, at(now, wait))
}

/// The moment so long after another.
fn at(now: i64, wait: Duration) -> i64 {
    now.saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

/// Brings a request to its next status, and tells the audit log.
fn step(
    store: &Transaction<'_>,
    id: &str,
    status: i64,
    action: Action,
    reason: Option<&str>,
) -> rusqlite::Result<()> {
    store::set_status(store, id, status, None, None, reason)?;
    let details = reason.map_or_else(|| json!({}), |reason| json!({ "reason": reason }));
    Act::new(action).signing(id).details(details).record(store)
}

/// Milliseconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
