//! Brings a signature of an image into its registry, in each format that is wanted, and reads it back. What an earlier
//! attempt left there is found again, so that a stop at any moment loses nothing and doubles nothing.

mod bundle;
mod simple_signing;

use std::sync::Arc;
use std::time::Duration;

use ocisign::Reference;

use crate::faults::{Part, PartFault};
use crate::keys::{self, FaultKind, KeyFault, StoredKey};
use crate::remote::{Failure, ImageRegistry};
use crate::signer::Signer;

/// So many signatures are looked at without further ado.
const FEW_SIGNATURES: usize = 4;
/// After a failure of a token that passes.
const PAUSE: Duration = Duration::from_secs(2);

/// Adds the signature to the registry, unless it is there.
pub async fn publish(
    signer: &Signer,
    key: &StoredKey,
    registry: &ImageRegistry,
    image: &Reference,
) -> Result<(), Failure> {
    let manifest = registry.image().await?;
    if signer.format.is_simple() {
        simple_signing::publish(signer, key, registry, image).await?;
    }
    if signer.format.is_bundle() {
        bundle::publish(signer, key, registry, image, &manifest).await?;
    }
    Ok(())
}

/// What is signed, and with what. It has no Debug: it holds a private key.
struct Signing {
    key: StoredKey,
    /// The bytes that are signed.
    message: Vec<u8>,
}

impl Signing {
    fn new(key: &StoredKey, message: Vec<u8>) -> Arc<Self> {
        Arc::new(Self { key: key.clone(), message })
    }

    /// Computes over so many signatures. A registry may show thousands, and each takes a moment, so many are not looked
    /// at on a thread that serves HTTP. A few are: the way to another thread would take longer.
    async fn compute<T: Send + 'static>(
        self: &Arc<Self>,
        signatures: usize,
        work: impl FnOnce(&Self) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        if signatures <= FEW_SIGNATURES {
            return work(self);
        }
        let signing = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&signing)).await;
        done.unwrap_or_else(|_| {
            Err(Failure::new("The sandbox itself failed while signing. Its log says why."))
        })
    }

    async fn sign(&self, signer: &Signer) -> Result<Vec<u8>, Failure> {
        signer.faults.before(Part::Hsm).map_err(|fault| failure(on_demand(fault)))?;
        signer.keys.sign(self.key.clone(), self.message.clone()).await.map_err(failure)
    }

    /// Whether a signature is one of ours.
    fn is_ours(&self, signature: &[u8]) -> bool {
        keys::verifies(self.key.key_type, &self.key.public_der, &self.message, signature)
    }
}

/// The registry took it, and somebody else may have written there meanwhile.
fn not_shown() -> Failure {
    Failure::new("The registry took the signature, but does not show it. Somebody else may have replaced it.")
}

/// A key that cannot sign now does so later, however long its token is away.
pub fn failure(fault: KeyFault) -> Failure {
    if fault.passes() { Failure::waiting(fault.to_string(), PAUSE) } else { Failure::new(fault.to_string()) }
}

/// A token that is busy or gone on demand is as one that is so in earnest.
pub fn on_demand(fault: PartFault) -> KeyFault {
    KeyFault::new(FaultKind::Passing, fault.trouble.to_string(), "Delete the rule that asks for it.")
}
