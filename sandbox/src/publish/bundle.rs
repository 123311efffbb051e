//! A Sigstore bundle: a manifest of its own, which the registry lists among what refers to the image, or an index under
//! the fallback tag does.

use std::collections::HashSet;
use std::sync::Arc;

use ocisign::Reference;
use rusqlite::Transaction;
use serde_json::Value;

use super::{PAUSE, Signing, not_shown};
use crate::bundle::{self, Referrer, Subject};
use crate::database::DatabaseError;
use crate::keys::StoredKey;
use crate::remote::{Failure, ImageRegistry, Manifest};
use crate::signer::Signer;

/// The index under the fallback tag is read, extended and written. When another writer does the same meanwhile, it is
/// done again.
const ATTEMPTS: usize = 3;
/// As many as the package reads.
const MOST_REFERRERS: usize = 1000;

/// Adds the signature to the registry, unless an earlier attempt did, and reads it back.
pub async fn publish(
    signer: &Signer,
    key: &StoredKey,
    registry: &ImageRegistry,
    image: &Reference,
    manifest: &Manifest,
) -> Result<(), Failure> {
    let statement = bundle::statement(image.digest());
    let signing = Signing::new(key, bundle::message(&statement));
    let mut shelf = Shelf { registry, signing: &signing, statement: &statement, strangers: HashSet::new() };
    if shelf.holds_ours().await? {
        return Ok(());
    }
    let signature = signing.sign(signer).await?;
    let bundle = bundle::write(&statement, &signature, &key.public_der);
    let subject =
        Subject { media_type: &manifest.media_type, digest: image.digest(), size: manifest.body.len() };
    let referrer = bundle::referrer(bundle, &subject, &now(signer).await?);
    let is_listed = registry.push_referrer(&referrer).await?;
    for _ in 0..ATTEMPTS {
        if shelf.holds_ours().await? {
            return Ok(());
        }
        if is_listed {
            return Err(not_shown());
        }
        add_to_index(registry, &referrer).await?;
    }
    if shelf.holds_ours().await? { Ok(()) } else { Err(not_shown()) }
}

/// What refers to the image.
struct Shelf<'a> {
    registry: &'a ImageRegistry,
    signing: &'a Arc<Signing>,
    statement: &'a [u8],
    /// Manifests that hold none of ours: they do not change.
    strangers: HashSet<String>,
}

impl Shelf<'_> {
    /// Whether one of ours is listed, by the registry itself or under the fallback tag.
    async fn holds_ours(&mut self) -> Result<bool, Failure> {
        let own = self.registry.referrers().await?;
        if self.is_among(own.as_deref().unwrap_or_default()).await? {
            return Ok(true);
        }
        let index = match (self.registry.fallback_index().await, own) {
            // Where the registry lists by itself, what stands there is nobody's business.
            (Err(_), Some(_)) => None,
            (index, _) => index?,
        };
        self.is_among(&index.as_ref().map(bundle::listed).unwrap_or_default()).await
    }

    async fn is_among(&mut self, listed: &[Value]) -> Result<bool, Failure> {
        for digest in listed.iter().take(MOST_REFERRERS).filter_map(bundle::may_sign) {
            if self.strangers.contains(digest) {
                continue;
            }
            if self.is_ours(digest).await? {
                return Ok(true);
            }
            self.strangers.insert(digest.to_owned());
        }
        Ok(false)
    }

    async fn is_ours(&self, digest: &str) -> Result<bool, Failure> {
        let Some(manifest) = self.registry.listed_manifest(digest).await? else { return Ok(false) };
        for bundle in bundle::bundles_in(&manifest) {
            let Some(bundle) = self.registry.bundle(&bundle).await? else { continue };
            let Some(signature) = bundle::signature_over(&bundle, self.statement) else { continue };
            if self.signing.compute(1, move |signing| Ok(signing.is_ours(&signature))).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

async fn add_to_index(registry: &ImageRegistry, referrer: &Referrer) -> Result<(), Failure> {
    let index = registry.fallback_index().await?;
    if index.as_ref().is_some_and(|index| bundle::listed(index).len() >= MOST_REFERRERS) {
        return Err(Failure::new(format!(
            "{MOST_REFERRERS} manifests refer to the image already; more are not read. Remove what does not belong there."
        )));
    }
    let index = bundle::add_to_index(index, referrer.descriptor.clone())
        .map_err(|_| Failure::new("The index of what refers to the image is damaged."))?;
    registry.push_fallback_index(index).await
}

/// The time, as cosign writes it.
async fn now(signer: &Signer) -> Result<String, Failure> {
    let read = |store: &Transaction<'_>| {
        let now = "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')";
        Ok::<_, DatabaseError>(store.query_row(now, [], |row| row.get(0))?)
    };
    signer.database.read(read).await.map_err(|cause| {
        tracing::error!(%cause, "the time cannot be read");
        Failure::passing("The sandbox's store failed.", PAUSE)
    })
}
