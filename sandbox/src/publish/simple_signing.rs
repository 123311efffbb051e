//! Cosign's simple signing: one more layer of the manifest under the `.sig` tag.

use ocisign::{Reference, simple_signing};
use serde_json::Value;

use super::{Signing, not_shown};
use crate::keys::StoredKey;
use crate::remote::{Failure, ImageRegistry};
use crate::signature_manifest::{self, Pushable};
use crate::signer::Signer;

/// Adds the signature to the registry, unless an earlier attempt did, and reads it back.
pub async fn publish(
    signer: &Signer,
    key: &StoredKey,
    registry: &ImageRegistry,
    image: &Reference,
) -> Result<(), Failure> {
    let signing = Signing::new(key, simple_signing::payload(image).into_bytes());
    let existing = registry.signatures().await?;
    let size = existing.as_ref().map_or(0, signature_manifest::count);
    let Some(existing) = signing.compute(size, |signing| Ok(lacks(signing, existing))).await? else {
        return Ok(());
    };
    let signature = signing.sign(signer).await?;
    let extend = move |signing: &Signing| append(signing, existing.0, &signature);
    let pushable = signing.compute(size, extend).await?;
    registry.push(&signing.message, pushable).await?;
    let stored = registry.signatures().await?;
    let size = stored.as_ref().map_or(0, signature_manifest::count);
    let is_there = move |signing: &Signing| Ok(stored.is_some_and(|manifest| is_in(signing, &manifest)));
    if signing.compute(size, is_there).await? { Ok(()) } else { Err(not_shown()) }
}

/// The signatures that a registry has of an image, if any, and ours is not among them.
struct Others(Option<Value>);

/// What there is, when ours has to be added.
fn lacks(signing: &Signing, existing: Option<Value>) -> Option<Others> {
    let is_there = existing.as_ref().is_some_and(|manifest| is_in(signing, manifest));
    (!is_there).then_some(Others(existing))
}

/// The manifest with our signature.
fn append(signing: &Signing, existing: Option<Value>, signature: &[u8]) -> Result<Pushable, Failure> {
    signature_manifest::append(existing, &signing.message, signature)
        .map_err(|_| Failure::new("The image's signatures in the registry are damaged."))
}

fn is_in(signing: &Signing, manifest: &Value) -> bool {
    signature_manifest::holds(manifest, &signing.message, |signature| signing.is_ours(signature))
}
