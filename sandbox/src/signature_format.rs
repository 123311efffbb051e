//! How signatures are written down in a registry.

use clap::ValueEnum;

use crate::signature_manifest::is_taggable;

/// What `--signature-format` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SignatureFormat {
    /// Cosign's simple signing, under the `.sig` tag.
    SimpleSigning,
    /// A Sigstore bundle v0.3, which refers to the image.
    Bundle,
    /// One of each.
    Both,
}

impl SignatureFormat {
    /// Whether simple signing is wanted.
    pub fn is_simple(self) -> bool {
        self != Self::Bundle
    }

    /// Whether a bundle is wanted.
    pub fn is_bundle(self) -> bool {
        self != Self::SimpleSigning
    }

    /// Whether an image with this digest can have such a signature: simple signing needs a tag that is made from it.
    pub fn can_hold(self, image_digest: &str) -> bool {
        !self.is_simple() || is_taggable(image_digest)
    }
}
