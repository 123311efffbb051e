//! A client's public key: a JWK (RFC 7517) of an RSA or an EC key, checked before it is kept.

use aws_lc_rs::agreement::{Algorithm, ECDH_P256, ECDH_P384, ECDH_P521};
use aws_lc_rs::rsa::{OaepPublicEncryptingKey, PublicEncryptingKey};
use aws_lc_rs::signature::RsaPublicKeyComponents;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::jwe;
use crate::audit::chain::canonical;
use crate::signature_manifest::sha256;

/// Members of private and symmetric keys (RFC 7518, section 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const SHORTEST_RSA: usize = 2048 / 8;
const LONGEST_RSA: usize = 8192 / 8;

/// A public key that something can be encrypted to.
pub enum PublicKey {
    /// By RSA-OAEP-256.
    Rsa(OaepPublicEncryptingKey),
    /// By ECDH-ES.
    Ec(EcKey),
}

/// A public key on a curve.
pub struct EcKey {
    /// The curve's name in a JWK.
    pub curve: &'static str,
    /// How keys are agreed on it.
    pub agreement: &'static Algorithm,
    /// The point, uncompressed.
    pub point: Vec<u8>,
}

/// What is wrong with a JWK: the rest of a sentence that begins with the key's name. It quotes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It holds a private or a symmetric key.
    Private,
    /// Its type is none that a document is encrypted to.
    Type,
    /// It is meant for something else.
    Use,
    /// A member is missing, or damaged.
    Damaged,
    /// An RSA key of another size than is safe and quick.
    Size,
}

impl Unfit {
    /// The rest of the sentence.
    pub fn message(self) -> &'static str {
        match self {
            Self::Private => "holds a private or secret key. Consider that key as disclosed",
            Self::Type => "is neither an RSA key, nor an EC key on P-256, P-384 or P-521",
            Self::Use => "is not meant for encryption with RSA-OAEP-256 or ECDH-ES: see its use and alg",
            Self::Damaged => "is damaged: a member is missing, or it is no point of the curve or no modulus",
            Self::Size => "has a modulus of less than 2048 or more than 8192 bits",
        }
    }
}

/// Reads a JWK; gives the key, and the JWK with no more in it than the key.
pub fn read(jwk: &Map<String, Value>) -> Result<(PublicKey, Value), Unfit> {
    if PRIVATE.iter().any(|member| jwk.contains_key(*member)) {
        return Err(Unfit::Private);
    }
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    let says = |name: &str, fit: &[&str]| {
        jwk.get(name).is_none_or(|it| it.as_str().is_some_and(|it| fit.contains(&it)))
    };
    if !says("use", &["enc"]) {
        return Err(Unfit::Use);
    }
    let number = |name: &str| {
        let bytes = text(name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        bytes.filter(|bytes| !bytes.is_empty()).ok_or(Unfit::Damaged)
    };
    let (key, only) = match text("kty") {
        Some("RSA") if !says("alg", &["RSA-OAEP-256"]) => return Err(Unfit::Use),
        Some("RSA") => {
            let key = rsa(&number("n")?, &number("e")?)?;
            (PublicKey::Rsa(key), json!({ "e": text("e"), "kty": "RSA", "n": text("n") }))
        }
        Some("EC") if !says("alg", &["ECDH-ES"]) => return Err(Unfit::Use),
        Some("EC") => {
            let key = ec(text("crv").unwrap_or_default(), &number("x")?, &number("y")?)?;
            (PublicKey::Ec(key), json!({ "crv": text("crv"), "kty": "EC", "x": text("x"), "y": text("y") }))
        }
        _ => return Err(Unfit::Type),
    };
    // A point off the curve, or an even exponent, shows when the key is used.
    jwe::encrypt(&key, "probe", b"").map_err(|_| Unfit::Damaged)?;
    Ok((key, only))
}

/// A key that was kept.
pub fn kept(text: &str) -> Option<PublicKey> {
    let jwk: Value = serde_json::from_str(text).ok()?;
    Some(read(jwk.as_object()?).ok()?.0)
}

/// The key's thumbprint (RFC 7638): the hash of its required members, in order.
pub fn thumbprint(only: &Value) -> String {
    sha256(canonical(only).as_bytes())
}

fn rsa(n: &[u8], e: &[u8]) -> Result<OaepPublicEncryptingKey, Unfit> {
    // RFC 7518, section 6.3.1.1: no leading zeros.
    if n.first() == Some(&0) || e.first() == Some(&0) {
        return Err(Unfit::Damaged);
    }
    if !(SHORTEST_RSA..=LONGEST_RSA).contains(&n.len()) {
        return Err(Unfit::Size);
    }
    let key: PublicEncryptingKey = RsaPublicKeyComponents { n, e }.try_into().map_err(|_| Unfit::Damaged)?;
    OaepPublicEncryptingKey::new(key).map_err(|_| Unfit::Damaged)
}

fn ec(curve: &str, x: &[u8], y: &[u8]) -> Result<EcKey, Unfit> {
    let (curve, agreement, length) = match curve {
        "P-256" => ("P-256", &ECDH_P256, 32),
        "P-384" => ("P-384", &ECDH_P384, 48),
        "P-521" => ("P-521", &ECDH_P521, 66),
        _ => return Err(Unfit::Type),
    };
    if x.len() != length || y.len() != length {
        return Err(Unfit::Damaged);
    }
    Ok(EcKey { curve, agreement, point: [&[4], x, y].concat() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    /// RFC 7517, appendix A.1, without its `kid`.
    fn ec_key() -> Value {
        json!({
            "kty": "EC",
            "crv": "P-256",
            "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
            "use": "enc",
        })
    }

    /// RFC 7638, section 3.1, which also gives its thumbprint.
    fn rsa_key() -> Value {
        json!({
            "kty": "RSA",
            "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
            "e": "AQAB",
            "alg": "RSA-OAEP-256",
        })
    }

    fn refused(key: &Value) -> Option<Unfit> {
        read(key.as_object().unwrap()).err()
    }

    #[test]
    fn keys_of_the_rfcs_are_read() {
        let (key, only) = read(rsa_key().as_object().unwrap()).unwrap();
        assert!(matches!(key, PublicKey::Rsa(_)));
        // NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs, in hexadecimal.
        assert_eq!(
            thumbprint(&only),
            "sha256:3736cbb1787cb8309c77ee8c3705c5e16ffb9e859715901f1e4c59b11182f57b"
        );
        let (key, only) = read(ec_key().as_object().unwrap()).unwrap();
        assert!(matches!(key, PublicKey::Ec(_)));
        assert!(only.get("use").is_none() && kept(&only.to_string()).is_some());
    }

    #[test]
    fn what_is_unfit_is_refused() {
        let with = |mut key: Value, name: &str, value: Value| {
            key[name] = value;
            key
        };
        for (key, unfit) in [
            (json!({}), Unfit::Type),
            (json!({ "kty": "oct" }), Unfit::Type),
            (json!({ "kty": "oct", "k": "AAAA" }), Unfit::Private),
            (with(ec_key(), "d", json!("870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE")), Unfit::Private),
            (with(ec_key(), "use", json!("sig")), Unfit::Use),
            (with(ec_key(), "alg", json!("ES256")), Unfit::Use),
            (with(rsa_key(), "alg", json!("RSA-OAEP")), Unfit::Use),
            (with(rsa_key(), "alg", json!(7)), Unfit::Use),
            (with(ec_key(), "crv", json!("secp256k1")), Unfit::Type),
            (with(ec_key(), "x", json!("AAAA")), Unfit::Damaged),
            (with(ec_key(), "x", json!("M!")), Unfit::Damaged),
            (with(ec_key(), "y", ec_key()["x"].clone()), Unfit::Damaged),
            (with(ec_key(), "y", Value::Null), Unfit::Damaged),
            (with(rsa_key(), "n", json!("AQAB")), Unfit::Size),
            (with(rsa_key(), "e", json!("")), Unfit::Damaged),
            (with(rsa_key(), "e", json!("Ag")), Unfit::Damaged),
        ] {
            assert_eq!(refused(&key), Some(unfit), "{key}");
        }
    }
}
