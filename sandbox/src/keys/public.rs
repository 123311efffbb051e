//! Public halves: what they verify, and how the service shows them.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P521_SHA256_ASN1, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, VerificationAlgorithm,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ocisign::KeyType;

/// How the service shows keys: base64 in lines of this length.
const COLUMNS: usize = 64;

/// Whether `signature` over `message` was made with the key whose public half is given.
pub fn verifies(key_type: KeyType, public_der: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let algorithm: &'static dyn VerificationAlgorithm = match key_type {
        KeyType::Rsa2048 | KeyType::Rsa3072 | KeyType::Rsa4096 => &RSA_PKCS1_2048_8192_SHA256,
        KeyType::Secp256r1 => &ECDSA_P256_SHA256_ASN1,
        KeyType::Secp384r1 => &ECDSA_P384_SHA256_ASN1,
        KeyType::Secp521r1 => &ECDSA_P521_SHA256_ASN1,
    };
    ParsedPublicKey::new(algorithm, public_der).is_ok_and(|key| key.verify_sig(message, signature).is_ok())
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
