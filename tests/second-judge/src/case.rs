//! A case: an image, what a registry holds of it, and which keys have to have signed. Bytes are base64.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, de::Error};

/// One case.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Case {
    /// The image, by its digest.
    pub reference: String,
    /// The keys, each as DER or PEM.
    pub keys: Vec<Bytes>,
    /// So many different keys have to have signed.
    pub threshold: usize,
    /// Does a signature that names no repository not count?
    pub require_repository: bool,
    /// What was given in place of a registry.
    #[serde(default)]
    pub given: Option<Vec<Bytes>>,
    /// What the registry holds.
    #[serde(default)]
    pub registry: Registry,
    /// The payloads and bundles, by the digest under which they lie, whether it fits or not.
    pub blobs: Vec<Blob>,
}

/// What a registry holds of an image.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Registry {
    /// What lies under the image's digest.
    pub image: Option<Manifest>,
    /// What lies under the tag of its signatures.
    pub tag: Option<Manifest>,
    /// What the list of referrers answers; nothing where the registry has none.
    pub referrers: Option<Manifest>,
    /// What lies under the fallback tag.
    pub fallback: Option<Manifest>,
    /// What lies under other digests.
    pub manifests: Vec<Stored>,
}

/// A manifest, and what the registry calls it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Its media type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is.
    pub bytes: Bytes,
}

/// A manifest, and the digest under which it lies.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    pub digest: String,
    /// Its media type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is.
    pub bytes: Bytes,
}

/// A blob, and the digest under which it lies.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blob {
    pub digest: String,
    pub bytes: Bytes,
}

/// Bytes that a case holds as base64.
pub struct Bytes(pub Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        STANDARD.decode(text).map(Self).map_err(D::Error::custom)
    }
}
