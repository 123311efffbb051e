//! What a request for the signature of a digest says: `optionalParameters` holds the digest and its hash in place of an
//! image. All else is said as of an image.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ocisign::KeyType;
use ocisign::json::{Kind, Place};
use serde_json::{Value, json};

use super::unprocessable;
use crate::api_error::ApiError;
use crate::hash::{Digest, Hash};

const PARAMETERS: &str = "/payload/optionalParameters";
const PLACE: &str = "request.payload.optionalParameters";

/// Whether a request speaks of a digest, and of no image.
pub fn is_one(body: &Value) -> bool {
    let parameters = body.pointer(PARAMETERS).and_then(Value::as_array);
    let has = |name: &str| parameters.into_iter().flatten().any(|parameter| parameter.get(name).is_some());
    has("digest") && !has("artifactURI")
}

/// The same request without what only one for a digest has, for who reads the rest.
pub fn rest_of(body: &Value) -> Value {
    let mut rest = body.clone();
    if let Some(parameters) = rest.pointer_mut(PARAMETERS) {
        *parameters = json!([]);
    }
    rest
}

/// The one digest to sign, exactly as long as its hash makes them, and none that the key would cut.
pub fn digest(body: &Value, key_type: KeyType) -> Result<Digest, ApiError> {
    const KIND: Kind = Kind::List(&Kind::Only(&[("digest", Kind::Text), ("hashAlgorithm", Kind::Text)]));
    let parameters = body.pointer(PARAMETERS).unwrap_or(&Value::Null);
    let checked = Place::whole(parameters, PLACE).check(&KIND);
    checked.map_err(|error| ApiError::rule(StatusCode::UNPROCESSABLE_ENTITY, &error))?;
    let [parameter] = parameters.as_array().map(Vec::as_slice).unwrap_or_default() else {
        return Err(unprocessable(
            "bad-input",
            format!("{PLACE} has more than one digest."),
            "Make a request for each digest.",
        ));
    };
    let text = |name: &str| parameter.get(name).and_then(Value::as_str).unwrap_or_default();
    let hash = hash(text("hashAlgorithm"))?;
    let bytes = STANDARD.decode(text("digest")).map_err(|_| {
        unprocessable(
            "digest-encoding",
            format!("{PLACE}[0].digest is not base64."),
            "Send base64 with padding of the digest's bytes, not of its hexadecimal digits.",
        )
    })?;
    let found = bytes.len();
    let digest = Digest::new(hash, bytes).ok_or_else(|| {
        unprocessable(
            "digest-length",
            format!(
                "{PLACE}[0].digest has {found} bytes, and a digest of {} has {}.",
                hash.name(),
                hash.length()
            ),
            "Send the digest itself, and name the hash that made it.",
        )
    })?;
    if hash.suits(key_type) {
        return Ok(digest);
    }
    Err(unprocessable(
        "hash-algorithm",
        format!("A {} key signs no digest of {}: it would cut it.", key_type.as_str(), hash.name()),
        "Use SHA256, or the hash that is as long as the key's curve.",
    ))
}

fn hash(named: &str) -> Result<Hash, ApiError> {
    Hash::ALL.into_iter().find(|hash| hash.name() == named).ok_or_else(|| {
        unprocessable(
            "hash-algorithm",
            format!("{PLACE}[0].hashAlgorithm is not one that is known."),
            format!("Use {}.", Hash::ALL.map(Hash::name).join(", ")),
        )
    })
}
