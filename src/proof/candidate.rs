//! From a named blob to verified content, one type a step; see the module above.

use alloc::{format, string::String, vec, vec::Vec};

use sha2::{Digest, Sha256, Sha384, Sha512};

use super::{
    bundle, ecdsa,
    fault::{about_signature, bad},
    simple,
};
use crate::{KeyType, PublicKey, Reference, error::Result};

/// A signature that a manifest names; its blob has not been seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub(super) digest: String,
    pub(super) size: u64,
    pub(super) format: Format,
}

/// How a signature is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// Cosign's simple signing: the blob is the payload, the signature an annotation beside it.
    SimpleSigning {
        /// Base64, perhaps wrapped.
        signature: String,
    },
    /// A Sigstore bundle: the blob holds both.
    Bundle,
}

impl Format {
    /// The format's name in results.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::SimpleSigning { .. } => "simple-signing",
            Self::Bundle => "bundle",
        }
    }
}

impl Candidate {
    /// The blob's digest: what to fetch.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The blob's size in bytes.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// How it is written down.
    #[must_use]
    pub const fn format(&self) -> &Format {
        &self.format
    }

    /// Takes the blob, if it is the one that was named.
    ///
    /// # Errors
    /// `bad-signature` when size or digest differ, or the signature cannot be found in it.
    pub fn open(self, blob: Vec<u8>) -> Result<Untrusted> {
        if blob.len() as u64 != self.size {
            return Err(bad(format!(
                "The signature's blob has {} bytes, the manifest says {}.",
                blob.len(),
                self.size
            )));
        }
        if !has_digest(&blob, &self.digest) {
            return Err(bad("The digest of the signature's blob does not match.".into()));
        }
        match self.format {
            Format::SimpleSigning { signature } => simple::open(blob, &signature),
            Format::Bundle => bundle::open(&blob),
        }
        .map_err(about_signature)
    }
}

/// Does this text, `algorithm:hex`, name these bytes?
#[must_use]
pub fn has_digest(bytes: &[u8], digest: &str) -> bool {
    let Some((algorithm, hex)) = digest.split_once(':') else { return false };
    let found: Vec<u8> = match algorithm {
        "sha256" => Sha256::digest(bytes).to_vec(),
        "sha384" => Sha384::digest(bytes).to_vec(),
        "sha512" => Sha512::digest(bytes).to_vec(),
        _ => return false,
    };
    let written = found
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|nibble| char::from_digit(u32::from(nibble), 16));
    written.eq(hex.chars().map(Some))
}

/// Bytes with a signature over them that nobody has checked. They cannot be read.
pub struct Untrusted {
    pub(super) message: Vec<u8>,
    pub(super) signature: Vec<u8>,
    pub(super) content: Content,
}

/// What the bytes are, once they are verified.
pub(super) enum Content {
    Payload(Vec<u8>),
    Statement(Vec<u8>),
}

/// A check that the platform's cryptography makes: does this signature over this message hold?
pub struct Question<'a> {
    /// How.
    pub algorithm: Algorithm,
    /// The signature, in the form that `WebCrypto` takes: for ECDSA r and s, each as long as the curve.
    pub signature: Vec<u8>,
    /// The bytes that were signed.
    pub message: &'a [u8],
}

/// A signature algorithm, in `WebCrypto`'s terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Algorithm {
    /// `RSASSA-PKCS1-v1_5` or `ECDSA`.
    pub name: &'static str,
    /// The hash, such as `SHA-256`.
    pub hash: &'static str,
    /// The curve, for ECDSA.
    pub curve: Option<&'static str>,
    /// The length of r and of s in bytes, for ECDSA.
    size: Option<usize>,
}

impl Algorithm {
    /// The algorithms that a key may have been used with: one for RSA; for EC keys one with SHA-256 and one
    /// with the curve's own hash, since tools differ.
    #[must_use]
    pub fn of(key: &PublicKey) -> Vec<Self> {
        let ecdsa = |hash, curve, size| Self { name: "ECDSA", hash, curve: Some(curve), size: Some(size) };
        match key.key_type() {
            KeyType::Rsa2048 | KeyType::Rsa3072 | KeyType::Rsa4096 => {
                vec![Self { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", curve: None, size: None }]
            }
            KeyType::Secp256r1 => vec![ecdsa("SHA-256", "P-256", 32)],
            KeyType::Secp384r1 => vec![ecdsa("SHA-256", "P-384", 48), ecdsa("SHA-384", "P-384", 48)],
            KeyType::Secp521r1 => vec![ecdsa("SHA-256", "P-521", 66), ecdsa("SHA-512", "P-521", 66)],
        }
    }
}

/// The word of the platform that a signature holds. It comes from a question alone.
pub struct Holds(());

impl Question<'_> {
    /// The platform's answer.
    #[must_use]
    pub const fn answered(&self, holds: bool) -> Option<Holds> {
        if holds { Some(Holds(())) } else { None }
    }
}

impl Untrusted {
    /// What to ask about a key: one question for each of its algorithms.
    ///
    /// # Errors
    /// `bad-signature` when the signature has not the form that the key's algorithm needs.
    pub fn questions(&self, key: &PublicKey) -> Result<Vec<Question<'_>>> {
        let ask = |algorithm: Algorithm| {
            let signature = match algorithm.size {
                Some(size) => ecdsa::fixed_length(&self.signature, size)?,
                None => self.signature.clone(),
            };
            Ok(Question { algorithm, signature, message: &self.message })
        };
        Algorithm::of(key).into_iter().map(ask).collect()
    }

    /// The content, now that the signature holds.
    #[must_use]
    pub fn verified(self, _: Holds) -> Verified {
        Verified(self.content)
    }
}

/// Content that its signature covers.
pub struct Verified(Content);

/// What a signature is bound to, beside the digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Does it name the repository? A bundle's statement does not.
    pub repository_bound: bool,
}

impl Verified {
    /// Reads the content and compares it with the image.
    ///
    /// # Errors
    /// `bad-signature` when it is about something else, or is not exactly what a signature has to be.
    pub fn about(&self, image: &Reference) -> Result<Binding> {
        match &self.0 {
            Content::Payload(bytes) => {
                simple::check(bytes, image).map(|()| Binding { repository_bound: true })
            }
            Content::Statement(bytes) => {
                bundle::check(bytes, image).map(|()| Binding { repository_bound: false })
            }
        }
        .map_err(about_signature)
    }
}
