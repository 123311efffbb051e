//! The worker that signs what is approved. Each status is stored before the next act, so a stop at any
//! moment leaves a request that the next start takes up where it was.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use ocisign::{KeyType, Reference, simple_signing};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::database::{Database, DatabaseError};
use crate::image_locks::ImageLocks;
use crate::keys;
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

/// What the worker works with. It has no Debug: it opens keys.
pub struct Signer {
    /// Where requests and keys are.
    pub database: Database,
    /// Opens private keys and passwords.
    pub vault: Arc<Vault>,
    /// The registry that the start named.
    pub named: NamedRegistry,
    /// One at a time for each image.
    pub locks: ImageLocks,
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
    let mut busy: HashSet<String> = HashSet::new();
    loop {
        for id in next(signer, &busy).await {
            busy.insert(id.clone());
            jobs.spawn(work(Arc::clone(signer), id));
        }
        tokio::select! {
            () = bell.0.notified() => {}
            Some(Ok(id)) = jobs.join_next() => { busy.remove(&id); }
        }
    }
}

/// The oldest requests that nobody works on, as many as there are hands.
async fn next(signer: &Signer, busy: &HashSet<String>) -> Vec<String> {
    let free = AT_ONCE.saturating_sub(busy.len());
    if free == 0 {
        return Vec::new();
    }
    // Those that are being worked on are among the oldest, so twice as many show enough others.
    match signer.database.transact(|store| Ok(store::unfinished(store, 2 * AT_ONCE as u32)?)).await {
        Ok(ids) => ids.into_iter().filter(|id| !busy.contains(id)).take(free).collect(),
        Err(cause) => {
            let cause: DatabaseError = cause;
            tracing::error!(%cause, "the worker cannot read what there is to sign");
            sleep(PAUSE).await;
            Vec::new()
        }
    }
}

/// One request from approved to its end. Gives its id back whatever happens.
async fn work(signer: Arc<Signer>, id: String) -> String {
    // A task of its own, so that a panic ends in a status; in a set, so that a stop takes it along.
    let mut attempt = JoinSet::new();
    attempt.spawn({
        let (signer, id) = (Arc::clone(&signer), id.clone());
        async move { timeout(PATIENCE, sign(&signer, &id)).await }
    });
    let outcome = match attempt.join_next().await {
        Some(Ok(Ok(outcome))) => outcome,
        Some(Ok(Err(_))) => Err(Failure::new("The registry took too long.")),
        _ => Err(Failure::new("The sandbox itself failed while signing. Its log says why.")),
    };
    if let Err(cause) = finish(&signer, &id, outcome).await {
        tracing::error!(%cause, id, "the outcome of a signing cannot be stored; it will be tried again");
        sleep(PAUSE).await;
    }
    id
}

async fn sign(signer: &Signer, id: &str) -> Result<(), Failure> {
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
async fn publish(signer: &Signer, job: Job) -> Result<(), Failure> {
    let image = &job.image;
    let payload = simple_signing::payload(image).into_bytes();
    let access = Access {
        plain_http: speaks_plain_http(image.registry(), &signer.named),
        credential: job.credential.clone(),
    };
    let registry = ImageRegistry::new(image, access)?;
    registry.check_image().await?;
    let existing = registry.signatures().await?;
    let ours = |signature: &[u8]| keys::verifies(job.key_type, &job.public_der, &payload, signature);
    if existing.as_ref().is_some_and(|manifest| signature_manifest::holds(manifest, &payload, ours)) {
        return Ok(());
    }
    let signature = make_signature(job.key_type, job.private_der, payload.clone()).await?;
    let pushable = signature_manifest::append(existing, &payload, &signature)
        .map_err(|_| Failure::new("The image's signatures in the registry are damaged."))?;
    registry.push(&payload, pushable).await?;
    let stored = registry.signatures().await?;
    if stored.is_some_and(|manifest| signature_manifest::holds(&manifest, &payload, ours)) {
        return Ok(());
    }
    Err(Failure::new(
        "The registry took the signature, but does not show it. Somebody else may have replaced it.",
    ))
}

async fn make_signature(
    key_type: KeyType,
    private_der: Vec<u8>,
    payload: Vec<u8>,
) -> Result<Vec<u8>, Failure> {
    // RSA takes milliseconds of pure computing.
    let made = tokio::task::spawn_blocking(move || keys::sign(key_type, &private_der, &payload)).await;
    match made {
        Ok(Ok(signature)) => Ok(signature),
        _ => Err(Failure::new("The operation's key cannot sign.")),
    }
}

async fn finish(signer: &Signer, id: &str, outcome: Result<(), Failure>) -> Result<(), DatabaseError> {
    let id = id.to_owned();
    signer
        .database
        .transact(move |store| {
            match outcome {
                Ok(()) => store::set_status(store, &id, status::SIGNED, None, None, None)?,
                Err(failure) => {
                    let reason = failure.to_string();
                    store::set_status(store, &id, status::FAILED, None, None, Some(&reason))?;
                }
            }
            Ok(())
        })
        .await
}
