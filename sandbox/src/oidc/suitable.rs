//! Which published keys may check which tokens.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};

/// What issuers sign with. No HMAC: its key would be a secret, and what is published is none.
pub const ALGORITHMS: [Algorithm; 4] =
    [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::ES384];

/// The key, if it is for signatures of this algorithm.
pub fn decoding_key(key: &Jwk, algorithm: Algorithm) -> Option<DecodingKey> {
    let common = &key.common;
    let is_meant_for_it = common.key_algorithm.is_none_or(|meant| meant == KeyAlgorithm::from(algorithm));
    let is_for_signatures =
        common.public_key_use.as_ref().is_none_or(|meant| *meant == PublicKeyUse::Signature);
    if is_meant_for_it && is_for_signatures && is_of_its_kind(&key.algorithm, algorithm) {
        DecodingKey::from_jwk(key).ok()
    } else {
        None
    }
}

fn is_of_its_kind(key: &AlgorithmParameters, algorithm: Algorithm) -> bool {
    match (algorithm, key) {
        (Algorithm::RS256 | Algorithm::PS256, AlgorithmParameters::RSA(_)) => true,
        (Algorithm::ES256, AlgorithmParameters::EllipticCurve(key)) => key.curve == EllipticCurve::P256,
        (Algorithm::ES384, AlgorithmParameters::EllipticCurve(key)) => key.curve == EllipticCurve::P384,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};

    use super::*;

    fn rsa(more: Value) -> Jwk {
        key(json!({ "kty": "RSA", "n": "sXch", "e": "AQAB" }), more)
    }

    fn ec(curve: &str) -> Jwk {
        key(json!({ "kty": "EC", "crv": curve, "x": "AQAB", "y": "AQAB" }), json!({}))
    }

    fn key(mut key: Value, more: Value) -> Jwk {
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(key).unwrap()
    }

    #[test]
    fn a_key_is_used_for_what_it_is_for() {
        let good = [
            (rsa(json!({})), Algorithm::RS256),
            (rsa(json!({ "use": "sig" })), Algorithm::PS256),
            (rsa(json!({ "alg": "RS256" })), Algorithm::RS256),
            (ec("P-256"), Algorithm::ES256),
            (ec("P-384"), Algorithm::ES384),
        ];
        for (key, algorithm) in good {
            assert!(decoding_key(&key, algorithm).is_some(), "{algorithm:?} {key:?}");
        }
        let wrong = [
            (rsa(json!({ "use": "enc" })), Algorithm::RS256),
            (rsa(json!({ "alg": "PS256" })), Algorithm::RS256),
            (rsa(json!({ "alg": "RSA-OAEP" })), Algorithm::RS256),
            (rsa(json!({})), Algorithm::HS256),
            (rsa(json!({})), Algorithm::RS512),
            (rsa(json!({})), Algorithm::ES256),
            (ec("P-256"), Algorithm::ES384),
            (ec("P-384"), Algorithm::ES256),
            (ec("P-256"), Algorithm::RS256),
            (key(json!({ "kty": "oct", "k": "AQAB" }), json!({})), Algorithm::HS256),
        ];
        for (key, algorithm) in wrong {
            assert!(decoding_key(&key, algorithm).is_none(), "{algorithm:?} {key:?}");
        }
    }
}
