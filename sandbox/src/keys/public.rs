//! Public halves: what they verify, and how the service shows them.

use aws_lc_rs::digest::Digest as Hashed;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA256_ASN1,
    ECDSA_P521_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, VerificationAlgorithm,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ocisign::KeyType;

use crate::hash::{Digest, Hash};

/// How the service shows keys: base64 in lines of this length.
const COLUMNS: usize = 64;

/// Whether `signature` over `message`, hashed by SHA-256, was made with the key whose public half is given.
pub fn verifies(key_type: KeyType, public_der: &[u8], message: &[u8], signature: &[u8]) -> bool {
    read(key_type, Hash::Sha256, public_der).is_some_and(|key| key.verify_sig(message, signature).is_ok())
}

/// Whether `signature` over a digest was made with the key whose public half is given.
pub fn verifies_digest(key_type: KeyType, public_der: &[u8], digest: &Digest, signature: &[u8]) -> bool {
    let hashed = Hashed::import_less_safe(digest.bytes(), digest.hash().algorithm());
    let key = read(key_type, digest.hash(), public_der);
    key.zip(hashed.ok()).is_some_and(|(key, hashed)| key.verify_digest_sig(&hashed, signature).is_ok())
}

/// A key that verifies signatures over such hashes, if its type signs them.
fn read(key_type: KeyType, hash: Hash, public_der: &[u8]) -> Option<ParsedPublicKey> {
    let algorithm: &'static dyn VerificationAlgorithm = match (key_type, hash) {
        (KeyType::Rsa2048 | KeyType::Rsa3072 | KeyType::Rsa4096, Hash::Sha256) => &RSA_PKCS1_2048_8192_SHA256,
        (KeyType::Rsa2048 | KeyType::Rsa3072 | KeyType::Rsa4096, Hash::Sha384) => &RSA_PKCS1_2048_8192_SHA384,
        (KeyType::Rsa2048 | KeyType::Rsa3072 | KeyType::Rsa4096, Hash::Sha512) => &RSA_PKCS1_2048_8192_SHA512,
        (KeyType::Secp256r1, Hash::Sha256) => &ECDSA_P256_SHA256_ASN1,
        (KeyType::Secp384r1, Hash::Sha256) => &ECDSA_P384_SHA256_ASN1,
        (KeyType::Secp384r1, Hash::Sha384) => &ECDSA_P384_SHA384_ASN1,
        (KeyType::Secp521r1, Hash::Sha256) => &ECDSA_P521_SHA256_ASN1,
        (KeyType::Secp521r1, Hash::Sha384) => &ECDSA_P521_SHA384_ASN1,
        (KeyType::Secp521r1, Hash::Sha512) => &ECDSA_P521_SHA512_ASN1,
        (KeyType::Secp256r1, Hash::Sha384 | Hash::Sha512) | (KeyType::Secp384r1, Hash::Sha512) => {
            return None;
        }
    };
    ParsedPublicKey::new(algorithm, public_der).ok()
}

/// The public key as the service shows it: base64 without PEM armour, in lines.
pub fn shown(public_der: &[u8]) -> String {
    let mut text = String::new();
    for (index, character) in STANDARD.encode(public_der).chars().enumerate() {
        if index > 0 && index % COLUMNS == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_key_is_shown_in_lines() {
        let text = shown(&[0; 100]);
        assert!(text.lines().all(|line| line.len() <= COLUMNS));
        assert_eq!(STANDARD.decode(text.replace('\n', "")).unwrap(), [0; 100]);
    }
}
