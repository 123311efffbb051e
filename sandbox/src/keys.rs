//! Signing keys: made, used and checked in software, where the real service has an HSM.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA256_ASN1,
    ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P521_SHA256_ASN1, ECDSA_P521_SHA256_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, KeyPair, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
    VerificationAlgorithm,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ocisign::KeyType;
use p384::ecdsa::signature::hazmat::PrehashSigner;
use p384::pkcs8::DecodePrivateKey;

use crate::opened_keys;

/// How the service shows keys: base64 in lines of this length.
const COLUMNS: usize = 64;

/// A new key pair. It has no Debug: it holds the private key.
pub struct NewKey {
    /// PKCS #8.
    pub private_der: Vec<u8>,
    /// SubjectPublicKeyInfo.
    pub public_der: Vec<u8>,
}

/// A key that cannot be made, read or used; the cause is hidden on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyError;

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the signing key cannot be used")
    }
}

/// Makes a key pair. RSA takes up to seconds: call it where waiting is allowed.
pub fn generate(key_type: KeyType) -> Result<NewKey, KeyError> {
    match key_type {
        KeyType::Rsa2048 => generate_rsa(KeySize::Rsa2048),
        KeyType::Rsa3072 => generate_rsa(KeySize::Rsa3072),
        KeyType::Rsa4096 => generate_rsa(KeySize::Rsa4096),
        KeyType::Secp256r1 => generate_ec(&ECDSA_P256_SHA256_ASN1_SIGNING),
        KeyType::Secp384r1 => generate_ec(&ECDSA_P384_SHA384_ASN1_SIGNING),
        KeyType::Secp521r1 => generate_ec(&ECDSA_P521_SHA256_ASN1_SIGNING),
    }
}

fn generate_rsa(size: KeySize) -> Result<NewKey, KeyError> {
    let pair = RsaKeyPair::generate(size).map_err(|_| KeyError)?;
    let private: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError)?;
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|_| KeyError)?;
    Ok(NewKey { private_der: private.as_ref().to_vec(), public_der: public.as_ref().to_vec() })
}

fn generate_ec(algorithm: &'static EcdsaSigningAlgorithm) -> Result<NewKey, KeyError> {
    let pair = EcdsaKeyPair::generate(algorithm).map_err(|_| KeyError)?;
    let private = pair.to_pkcs8v1().map_err(|_| KeyError)?;
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|_| KeyError)?;
    Ok(NewKey { private_der: private.as_ref().to_vec(), public_der: public.as_ref().to_vec() })
}

/// Signs with SHA-256: RSASSA-PKCS1-v1_5, or ECDSA in DER. That is what cosign checks by default,
/// whatever the curve.
pub fn sign(key_type: KeyType, private_der: &[u8], message: &[u8]) -> Result<Vec<u8>, KeyError> {
    match key_type {
        KeyType::Rsa2048 | KeyType::Rsa3072 | KeyType::Rsa4096 => sign_rsa(private_der, message),
        KeyType::Secp256r1 => sign_ec(&ECDSA_P256_SHA256_ASN1_SIGNING, private_der, message),
        KeyType::Secp384r1 => sign_p384(private_der, message),
        KeyType::Secp521r1 => sign_ec(&ECDSA_P521_SHA256_ASN1_SIGNING, private_der, message),
    }
}

fn sign_rsa(private_der: &[u8], message: &[u8]) -> Result<Vec<u8>, KeyError> {
    let pair = opened_keys::rsa(private_der)?;
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).map_err(|_| KeyError)?;
    Ok(signature)
}

fn sign_ec(
    algorithm: &'static EcdsaSigningAlgorithm,
    private_der: &[u8],
    message: &[u8],
) -> Result<Vec<u8>, KeyError> {
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, private_der).map_err(|_| KeyError)?;
    let signature = pair.sign(&SystemRandom::new(), message).map_err(|_| KeyError)?;
    Ok(signature.as_ref().to_vec())
}

/// aws-lc-rs signs on this curve with SHA-384 only.
fn sign_p384(private_der: &[u8], message: &[u8]) -> Result<Vec<u8>, KeyError> {
    let key = p384::ecdsa::SigningKey::from_pkcs8_der(private_der).map_err(|_| KeyError)?;
    let signature: p384::ecdsa::Signature =
        key.sign_prehash(digest(&SHA256, message).as_ref()).map_err(|_| KeyError)?;
    Ok(signature.to_der().as_bytes().to_vec())
}

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
    fn every_key_type_signs_what_it_verifies() {
        for key_type in
            [KeyType::Rsa2048, KeyType::Rsa3072, KeyType::Secp256r1, KeyType::Secp384r1, KeyType::Secp521r1]
        {
            let key = generate(key_type).unwrap();
            let signature = sign(key_type, &key.private_der, b"payload").unwrap();
            assert!(verifies(key_type, &key.public_der, b"payload", &signature));
            assert!(!verifies(key_type, &key.public_der, b"another", &signature));
            assert!(!verifies(key_type, &key.public_der, b"payload", b""));
        }
    }

    #[test]
    fn a_key_is_shown_in_lines() {
        let text = shown(&[0; 100]);
        assert!(text.lines().all(|line| line.len() <= COLUMNS));
        assert_eq!(STANDARD.decode(text.replace('\n', "")).unwrap(), [0; 100]);
    }
}
