//! Signature manifests, and the indexes that list them. Nothing here is signed, so nothing here is
//! believed: a manifest only says where signatures may be found.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use super::{
    candidate::{Candidate, Format},
    fault::{about_signature, bad},
    simple,
};
use crate::{
    error::{Result, quote},
    json::{Json, Place},
    strict_json::{self, Value},
    table::unique,
};

/// More signatures than this on one manifest are a mistake or an attack.
const MAX_LAYERS: usize = 1000;
/// The largest payload or bundle: a signature is a few kilobytes.
const MAX_BLOB: u64 = 1024 * 1024;

const IMAGE_MANIFESTS: [&str; 2] =
    ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
/// What an index may call a manifest that holds signatures: cosign's two types, and the one of the empty
/// config, which cosign 2 writes into a fallback index by mistake.
const MAY_SIGN: [&str; 3] =
    [BUNDLE, "application/vnd.dev.cosign.artifact.sig.v1+json", "application/vnd.oci.empty.v1+json"];

/// The signatures that a manifest names, whatever is wrong with some of them. A manifest that refers to
/// the image may be something else altogether, such as a bill of materials: it names none.
///
/// # Errors
/// `bad-signature` when it is damaged, or when it has to be a manifest of signatures and is not.
pub fn candidates(bytes: &[u8], role: Role) -> Result<Vec<Result<Candidate>>> {
    let found = read_manifest(bytes, role).map_err(about_signature)?;
    if found.is_empty() && role == Role::Signatures {
        return Err(bad("The signature manifest names no signature.".to_owned()));
    }
    Ok(found)
}

/// What a manifest is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is where signatures have to be: under the image's `.sig` tag, or given as such.
    Signatures,
    /// It refers to the image, for whatever reason.
    Referrer,
}

fn read_manifest(bytes: &[u8], role: Role) -> Result<Vec<Result<Candidate>>> {
    let value = strict_json::parse(bytes)
        .map_err(|error| bad(format!("The signature manifest is damaged: {}", error.message())))?;
    let place = Place::whole(&value, "the signature manifest");
    place.keys()?;
    let media_type = place.field("mediaType").optional_text()?;
    if let Some(other) = media_type.filter(|found| !IMAGE_MANIFESTS.contains(&found.as_str())) {
        return Err(bad(format!("The signature manifest is of type {}.", quote(&other))));
    }
    let layers = place.field("layers").list(|layer| {
        let media_type = layer.field("mediaType").optional_text()?.unwrap_or_default();
        let signs = media_type == simple::MEDIA_TYPE || media_type == BUNDLE;
        let passed_over = role == Role::Referrer && !signs;
        Ok((!passed_over).then(|| read_layer(layer).map_err(about_signature)))
    })?;
    if layers.len() > MAX_LAYERS {
        let count = layers.len();
        return Err(bad(format!(
            "The signature manifest names {count} signatures; at most {MAX_LAYERS} are read."
        )));
    }
    Ok(layers.into_iter().flatten().collect())
}

/// The digests of the manifests in an index of referrers that may hold signatures.
///
/// # Errors
/// `bad-signature` when it is no index.
pub fn referrer_digests(bytes: &[u8]) -> Result<Vec<String>> {
    read_index(bytes).map_err(about_signature)
}

fn read_index(bytes: &[u8]) -> Result<Vec<String>> {
    let value = strict_json::parse(bytes)
        .map_err(|error| bad(format!("The index of referrers is damaged: {}", error.message())))?;
    let place = Place::whole(&value, "the index of referrers");
    place.keys()?;
    if place.field("mediaType").optional_text()?.is_some_and(|found| found != INDEX) {
        return Err(bad("The index of referrers is of another type.".to_owned()));
    }
    let found = place.field("manifests").list(|descriptor| {
        let digest = descriptor.field("digest").text()?;
        crate::digest::check(&digest, 0)?;
        let artifact_type = descriptor.field("artifactType").optional_text()?;
        let may_sign = artifact_type.is_none_or(|found| MAY_SIGN.contains(&found.as_str()));
        Ok(may_sign.then_some(digest))
    })?;
    if found.len() > MAX_LAYERS {
        return Err(bad(format!(
            "The index names {} referrers; at most {MAX_LAYERS} are read.",
            found.len()
        )));
    }
    Ok(unique(found.into_iter().flatten()))
}

fn read_layer(layer: &Place<'_, &Value>) -> Result<Candidate> {
    let digest = layer.field("digest").text()?;
    crate::digest::check(&digest, 0)?;
    let size = layer.value().get("size").size();
    let size = size.ok_or_else(|| bad(format!("{} has no size.", layer.path())))?;
    if size > MAX_BLOB {
        return Err(bad(format!("{} has {size} bytes; a signature has at most {MAX_BLOB}.", layer.path())));
    }
    let media_type = layer.field("mediaType").text()?;
    let format = match media_type.as_str() {
        simple::MEDIA_TYPE => {
            let annotation = layer.field("annotations").field(simple::SIGNATURE).optional_text()?;
            Format::SimpleSigning {
                signature: annotation
                    .ok_or_else(|| bad(format!("{} has no signature annotation.", layer.path())))?,
            }
        }
        BUNDLE => Format::Bundle,
        other => {
            return Err(bad(format!("{} is of type {}, which is no signature.", layer.path(), quote(other))));
        }
    };
    Ok(Candidate { digest, size, format })
}
