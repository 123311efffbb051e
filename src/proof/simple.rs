//! Cosign's simple signing, checked as containers/image checks it: exact fields, and every one of them.

use alloc::{borrow::ToOwned, format, string::String, vec::Vec};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    candidate::{Content, Untrusted},
    fault::bad,
};
use crate::{
    Reference,
    error::{Result, quote},
    json::Place,
    simple_signing::TYPE,
    strict_json,
};

pub(super) const MEDIA_TYPE: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
pub(super) const SIGNATURE: &str = "dev.cosignproject.cosign/signature";

pub(super) fn open(payload: Vec<u8>, signature: &str) -> Result<Untrusted> {
    let signature = decode_signature(signature)?;
    Ok(Untrusted { message: payload.clone(), signature, content: Content::Payload(payload) })
}

/// Base64 that may be wrapped: CR and LF are dropped, and nothing else is forgiven.
pub(super) fn decode_signature(text: &str) -> Result<Vec<u8>> {
    let packed: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    match STANDARD.decode(&packed) {
        Ok(signature) if !signature.is_empty() => Ok(signature),
        _ => Err(bad("The signature is not base64.".to_owned())),
    }
}

pub(super) fn check(payload: &[u8], image: &Reference) -> Result<()> {
    let value = strict_json::parse(payload)
        .map_err(|error| bad(format!("The payload is damaged: {}", error.message())))?;
    let payload = Place::whole(&value, "payload");
    let critical = payload.field("critical");
    let (identity, signed_image) = (critical.field("identity"), critical.field("image"));
    exactly(&payload, &["critical", "optional"])?;
    exactly(&critical, &["identity", "image", "type"])?;
    exactly(&identity, &["docker-reference"])?;
    exactly(&signed_image, &["docker-manifest-digest"])?;
    // `optional` is not what anybody relies on, but it has to be what it should be.
    payload.field("optional").optional_object(|_| Ok(()))?;

    let kind = critical.field("type").text()?;
    if kind != TYPE {
        return Err(bad(format!("The payload is of type {}, not `{TYPE}`.", quote(&kind))));
    }
    let digest = signed_image.field("docker-manifest-digest").text()?;
    if digest != image.digest() {
        return Err(bad(format!("The signature is of another image, {}.", quote(&digest))));
    }
    let signed_for = identity.field("docker-reference").text()?;
    if same_place(&signed_for, &image.name()) {
        return Ok(());
    }
    Err(bad(format!("The signature was made for another repository, {}.", quote(&signed_for))))
}

pub(super) fn exactly<J: crate::json::Json>(place: &Place<'_, J>, fields: &[&str]) -> Result<()> {
    place.only(fields)?;
    if place.keys()?.len() == fields.len() {
        return Ok(());
    }
    Err(bad(format!("{} has not all of the fields {}.", place.path(), fields.join(", "))))
}

/// Are these the same repository? Docker Hub has two names, of which cosign writes the longer, and keeps its
/// official images in `library/`.
fn same_place(a: &str, b: &str) -> bool {
    plain(a) == plain(b)
}

fn plain(name: &str) -> (String, &str) {
    let (domain, path) = name.split_once('/').unwrap_or((name, ""));
    let domain = domain.to_ascii_lowercase();
    match domain.as_str() {
        "docker.io" | "index.docker.io" => {
            ("docker.io".to_owned(), path.strip_prefix("library/").unwrap_or(path))
        }
        _ => (domain, path),
    }
}
