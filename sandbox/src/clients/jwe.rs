//! JSON Web Encryption (RFC 7516) in its compact form, encrypting only: RSA-OAEP-256 or ECDH-ES, with A256GCM.
//!
//! Why our own: of the crates that are kept, josekit needs OpenSSL, jwt-simple has no RSA-OAEP-256, and jsonwebtoken
//! has no JWE. The cryptography is that of aws-lc-rs; here is only how it is put together.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::agreement::{PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsBigEndian, EcPublicKeyUncompressedBin};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;
use aws_lc_rs::rsa::OAEP_SHA256_MGF1SHA256;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::public_key::{EcKey, PublicKey};

const KEY_BYTES: usize = 32;

/// The key could not be used, or the cipher failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JweError;

impl From<Unspecified> for JweError {
    fn from(_: Unspecified) -> Self {
        Self
    }
}

/// Encrypts JSON to a key; `kid` tells its owner which of their keys it is.
pub fn encrypt(key: &PublicKey, kid: &str, plaintext: &[u8]) -> Result<String, JweError> {
    let mut content_key = [0; KEY_BYTES];
    let (header, encrypted_key) = match key {
        PublicKey::Rsa(key) => {
            rand::fill(&mut content_key)?;
            let mut encrypted = vec![0; key.ciphertext_size()];
            let encrypted =
                key.encrypt(&OAEP_SHA256_MGF1SHA256, &content_key, &mut encrypted, None)?.to_vec();
            (json!({ "alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": kid, "cty": "json" }), encrypted)
        }
        PublicKey::Ec(key) => {
            let ephemeral = PrivateKey::generate(key.agreement)?;
            let shared =
                agree(&ephemeral, UnparsedPublicKey::new(key.agreement, &key.point), JweError, |shared| {
                    Ok(shared.to_vec())
                })?;
            content_key = concat_kdf(&shared, "A256GCM", b"", b"");
            let epk = shown(key, &ephemeral)?;
            (json!({ "alg": "ECDH-ES", "enc": "A256GCM", "kid": kid, "cty": "json", "epk": epk }), Vec::new())
        }
    };
    let mut nonce = [0; NONCE_LEN];
    rand::fill(&mut nonce)?;
    seal(&header.to_string(), &encrypted_key, &content_key, nonce, plaintext)
}

/// The five parts (RFC 7516, section 7.1): header, encrypted key, nonce, ciphertext, tag.
fn seal(
    header: &str,
    encrypted_key: &[u8],
    content_key: &[u8],
    nonce: [u8; NONCE_LEN],
    plaintext: &[u8],
) -> Result<String, JweError> {
    let header = URL_SAFE_NO_PAD.encode(header);
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, content_key)?);
    let mut body = plaintext.to_vec();
    let unique = Nonce::assume_unique_for_key(nonce);
    let tag = key.seal_in_place_separate_tag(unique, Aad::from(header.as_bytes()), &mut body)?;
    let parts = [encrypted_key, &nonce, &body, tag.as_ref()].map(|part| URL_SAFE_NO_PAD.encode(part));
    Ok(format!("{header}.{}", parts.join(".")))
}

/// The key derivation of RFC 7518, section 4.6.2, for up to 256 bits: one round of SHA-256.
fn concat_kdf(shared: &[u8], algorithm: &str, apu: &[u8], apv: &[u8]) -> [u8; KEY_BYTES] {
    let bits = if algorithm == "A128GCM" { 128_u32 } else { 256 };
    let mut input = 1_u32.to_be_bytes().to_vec();
    input.extend_from_slice(shared);
    for text in [algorithm.as_bytes(), apu, apv] {
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        input.extend_from_slice(&length.to_be_bytes());
        input.extend_from_slice(text);
    }
    input.extend_from_slice(&bits.to_be_bytes());
    let mut key = [0; KEY_BYTES];
    key.copy_from_slice(digest(&SHA256, &input).as_ref());
    key
}

/// The public half of the ephemeral key, as a JWK.
fn shown(key: &EcKey, ephemeral: &PrivateKey) -> Result<Value, JweError> {
    let public = ephemeral.compute_public_key()?;
    let point: EcPublicKeyUncompressedBin<'_> = public.as_be_bytes()?;
    let coordinates = point.as_ref().get(1..).ok_or(JweError)?;
    let (x, y) = coordinates.split_at(coordinates.len() / 2);
    let [x, y] = [x, y].map(|number| URL_SAFE_NO_PAD.encode(number));
    Ok(json!({ "kty": "EC", "crv": key.curve, "x": x, "y": y }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    /// RFC 7516, appendix A.1: content key, nonce, header and text give this ciphertext and tag.
    #[test]
    fn content_is_encrypted_as_the_rfc_shows_it() {
        let content_key = [
            177, 161, 244, 128, 84, 143, 225, 115, 63, 180, 3, 255, 107, 154, 212, 246, 138, 7, 110, 91, 112,
            46, 34, 105, 47, 130, 203, 46, 122, 234, 64, 252,
        ];
        let nonce = [227, 197, 117, 252, 2, 219, 233, 68, 180, 225, 77, 219];
        let text = b"The true sign of intelligence is not knowledge but imagination.";
        let sealed =
            seal(r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#, b"key", &content_key, nonce, text).unwrap();
        let parts: Vec<&str> = sealed.split('.').collect();
        assert_eq!(parts[0], "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ");
        assert_eq!(parts[2], "48V1_ALb6US04U3b");
        assert_eq!(
            parts[3],
            "5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A"
        );
        assert_eq!(parts[4], "XFBoMYUZodetZdvTiFvSkQ");
    }

    /// RFC 7518, appendix C: Alice's ephemeral key and Bob's key agree on this key.
    #[test]
    fn keys_are_derived_as_the_rfc_shows_it() {
        let shared = [
            158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163,
            218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
        ];
        let derived = concat_kdf(&shared, "A128GCM", b"Alice", b"Bob");
        assert_eq!(URL_SAFE_NO_PAD.encode(&derived[..16]), "VqqN6vgjbSBcIijNcacQGg");
    }
}
