//! Manifests that name signatures, and indexes that list manifests. Nothing here is signed, so nothing is believed.

use crate::{
    bundle,
    digest::is_digest,
    json::{self, Value, optional_text, text},
    refusal::{Refusal, Result, refuse, require},
    shape, simple,
};

pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const DOCKER_INDEX: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
const IMAGES: [&str; 2] =
    ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];
/// Statements in an envelope alone: attestations are kept so.
const ENVELOPES: [&str; 2] = ["application/vnd.dsse.envelope.v1+json", "application/vnd.in-toto+json"];
/// Where tools write an attestation's predicate type.
const PREDICATES: [&str; 3] =
    ["dev.sigstore.bundle.predicateType", "predicateType", "in-toto.io/predicate-type"];
/// What lists call signatures: cosign's types, and those of configs, which tools write there by mistake.
const SIGNATURES: [&str; 5] = [
    "",
    "application/vnd.dev.cosign.artifact.sig.v1+json",
    "application/vnd.oci.empty.v1+json",
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
];

const MOST_LISTED: usize = 1000;
const LARGEST_BLOB: u64 = 1024 * 1024;
/// In UTF-16 units.
const LONGEST_SIGNATURE: usize = 4096;

/// How a manifest was found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// In hand, and called signatures by who gave it.
    Given,
    /// Under the tag that holds signatures and nothing else.
    Tagged,
    /// Listed beside other things that refer to the image.
    Listed,
    /// Listed, and called something else.
    CalledOther,
}

impl Role {
    /// May there be something else than signatures?
    const fn is_listed(self) -> bool {
        matches!(self, Self::Listed | Self::CalledOther)
    }
}

/// What a manifest names.
pub enum Claim {
    Simple {
        digest: String,
        size: u64,
        signature: String,
    },
    Bundle {
        digest: String,
        size: u64,
    },
    /// No signature, whoever made it.
    Attestation,
    /// A signature that is one no more.
    Damaged(Refusal),
}

/// What a manifest names. `served` is the registry's word for what it is; there is none for one in hand.
pub fn claims(bytes: &[u8], served: Option<&str>, role: Role) -> Vec<Claim> {
    match claims_in(bytes, served, role) {
        Ok(found) if found.is_empty() && !role.is_listed() => {
            vec![Claim::Damaged(Refusal("the manifest names no signature".into()))]
        }
        Ok(found) => found,
        // What only others call something else may be just that.
        Err(_) if role == Role::CalledOther => vec![],
        Err(refusal) => vec![Claim::Damaged(refusal)],
    }
}

fn claims_in(bytes: &[u8], served: Option<&str>, role: Role) -> Result<Vec<Claim>> {
    let manifest = whole(bytes)?;
    let own = optional_text(manifest.get("mediaType"), "mediaType")?;
    check_lists(&manifest, own.map(str::to_lowercase).as_deref())?;
    if let Some(kind) = own.or(served) {
        require(is_one_of(&IMAGES, kind), "the manifest is of another type")?;
    }
    let layers = match manifest.get("layers") {
        None | Some(Value::Null) => &[],
        Some(layers) => layers.list("layers")?,
    };
    require(layers.len() <= MOST_LISTED, "too many layers")?;
    let may_sign = |layer: &&Value| !role.is_listed() || may_sign(layer.get("mediaType"), role);
    let claim = |layer| claim(layer, &manifest, role).unwrap_or_else(Claim::Damaged);
    Ok(layers.iter().filter(may_sign).map(claim).collect())
}

fn whole(bytes: &[u8]) -> Result<Value> {
    let manifest = json::parse(bytes)?;
    shape::MANIFEST.check(&manifest)?;
    manifest.record("manifest")?;
    Ok(manifest)
}

/// Refuses what one reader takes for an image, and another one for an index (CVE-2021-41190).
fn check_lists(manifest: &Value, kind: Option<&str>) -> Result<()> {
    let is_index = matches!(kind, Some(INDEX | DOCKER_INDEX));
    let forbidden: &[&str] = match kind {
        Some(kind) if IMAGES.contains(&kind) => &["manifests", "fsLayers"],
        _ if is_index || manifest.get("manifests").is_some() => &["config", "layers", "fsLayers"],
        _ => &["fsLayers"],
    };
    require(forbidden.iter().all(|name| manifest.get(name).is_none()), "both an image and an index")
}

/// May a listed layer be a signature? One whose type is nonsense is a damaged one, unless others call it something else.
fn may_sign(media_type: Option<&Value>, role: Role) -> bool {
    match media_type {
        None | Some(Value::Null) => false,
        Some(Value::Text(kind)) => {
            let lower = kind.to_lowercase();
            lower == simple::MEDIA_TYPE || bundle::version(&lower).is_some() || is_one_of(&ENVELOPES, &lower)
        }
        Some(_) => role != Role::CalledOther,
    }
}

fn claim(layer: &Value, manifest: &Value, role: Role) -> Result<Claim> {
    layer.record("layer")?;
    let digest = text(layer.get("digest"), "digest")?;
    require(is_digest(digest), "no digest")?;
    let Some(size) = layer.get("size").and_then(Value::size) else { return refuse("no size") };
    let kind = text(layer.get("mediaType"), "mediaType")?;
    let annotations = layer.get("annotations").unwrap_or(&Value::Null);
    if role != Role::Given && is_one_of(&ENVELOPES, kind) {
        return Ok(Claim::Attestation);
    }
    let is_bundle = bundle::version(kind).is_some();
    if size > LARGEST_BLOB {
        let is_named =
            [Some(annotations), manifest.get("annotations")].into_iter().flatten().any(names_attestation);
        // It says what it is, and nobody would read it.
        let is_attestation = role != Role::Given && is_bundle && is_named;
        return if is_attestation { Ok(Claim::Attestation) } else { refuse("too large") };
    }
    let digest = digest.to_owned();
    if is_bundle {
        return Ok(Claim::Bundle { digest, size });
    }
    require(kind == simple::MEDIA_TYPE, "no signature by its type")?;
    let Some(signature) = optional_text(annotations.get(simple::SIGNATURE), "annotation")? else {
        return refuse("no signature in the annotations");
    };
    require(signature.encode_utf16().count() <= LONGEST_SIGNATURE, "too long a signature")?;
    Ok(Claim::Simple { digest, size, signature: signature.to_owned() })
}

fn names_attestation(annotations: &Value) -> bool {
    PREDICATES.iter().filter_map(|name| annotations.get(name)?.as_text()).any(|kind| {
        let units: Vec<u16> = kind.encode_utf16().collect();
        bundle::is_attestation(&units)
    })
}

/// Media types have no case.
fn is_one_of(kinds: &[&str], kind: &str) -> bool {
    kinds.contains(&&*kind.to_lowercase())
}

/// A manifest that a list names.
#[derive(Clone)]
pub struct Listed {
    pub digest: String,
    /// Does the list call it something else than a signature?
    pub is_called_other: bool,
}

/// What a list of referrers names, each once.
pub fn listed(bytes: &[u8]) -> Result<Vec<Listed>> {
    let index = whole(bytes)?;
    let own = optional_text(index.get("mediaType"), "mediaType")?;
    require(own.is_none_or(|own| own.to_lowercase() == INDEX), "the list is of another type")?;
    check_lists(&index, Some(INDEX))?;
    require(index.get("schemaVersion").and_then(Value::size) == Some(2), "another schema version")?;
    let entries = index.get("manifests").unwrap_or(&Value::Null).list("manifests")?;
    require(entries.len() <= MOST_LISTED, "too many referrers")?;
    let mut all: Vec<Listed> = vec![];
    for entry in entries {
        let found = listed_in(entry)?;
        match all.iter_mut().find(|known| known.digest == found.digest) {
            // One honest name is enough.
            Some(known) => known.is_called_other &= found.is_called_other,
            None => all.push(found),
        }
    }
    Ok(all)
}

fn listed_in(entry: &Value) -> Result<Listed> {
    entry.record("descriptor")?;
    text(entry.get("mediaType"), "mediaType")?;
    let kind = optional_text(entry.get("artifactType"), "artifactType")?.map(str::to_lowercase);
    let is_called_other =
        kind.is_some_and(|kind| !SIGNATURES.contains(&&*kind) && bundle::version(&kind).is_none());
    let digest = text(entry.get("digest"), "digest")?;
    require(has_form(digest), "no digest")?;
    Ok(Listed { digest: digest.to_owned(), is_called_other })
}

/// Has it the form of a digest, of whatever algorithm? (OCI image specification, "Digests")
fn has_form(text: &str) -> bool {
    let Some((algorithm, encoded)) = text.split_once(':') else { return false };
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let words = algorithm.split(['.', '+', '_', '-']);
    let is_encoded = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'=' | b'_' | b'-');
    words.into_iter().all(|word| !word.is_empty() && word.bytes().all(is_word))
        && !encoded.is_empty()
        && encoded.bytes().all(is_encoded)
}
