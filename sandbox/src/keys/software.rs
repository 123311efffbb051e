//! Keys in software: made in this process, and kept in the database, sealed.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{Digest as Hashed, SHA256, SHA384, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_P521_SHA256_ASN1_SIGNING,
    ECDSA_P521_SHA384_ASN1_SIGNING, ECDSA_P521_SHA512_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaSignatureEncoding,
};
use ocisign::KeyType;
use p384::ecdsa::signature::hazmat::PrehashSigner;
use p384::pkcs8::DecodePrivateKey;

use super::{KeyFault, KeyStore, MadeKey, StoredKey};
use crate::hash::{Digest, Hash};
use crate::opened_keys;
use crate::vault::Vault;

/// What rows of keys in software have in `kept_in`.
pub const PLACE: &str = "software";

/// Makes keys and opens them. It has no Debug: it opens private keys.
pub struct SoftwareKeys {
    vault: Arc<Vault>,
}

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

impl SoftwareKeys {
    /// Keys that this vault seals.
    pub fn new(vault: Arc<Vault>) -> Self {
        Self { vault }
    }

    fn open(&self, key: &StoredKey) -> Result<Vec<u8>, KeyFault> {
        let opened = self.vault.open_sealed(&seal_place(&key.id), &key.handle);
        opened.map_err(|_| KeyFault::own("The operation's key cannot be opened."))
    }
}

impl KeyStore for SoftwareKeys {
    fn place(&self) -> &str {
        PLACE
    }

    fn generate(&self, id: &str, key_type: KeyType) -> Result<MadeKey, KeyFault> {
        let made = generate(key_type).map_err(|_| KeyFault::own("A key could not be made."))?;
        let handle = self.vault.seal(&seal_place(id), &made.private_der);
        let handle = handle.map_err(|_| KeyFault::own("A key could not be sealed."))?;
        Ok(MadeKey { public_der: made.public_der, handle })
    }

    fn sign(&self, key: &StoredKey, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        sign(key.key_type, &self.open(key)?, message).map_err(cannot_sign)
    }

    fn sign_digest(&self, key: &StoredKey, digest: &Digest) -> Result<Vec<u8>, KeyFault> {
        sign_digest(key.key_type, &self.open(key)?, digest).map_err(cannot_sign)
    }

    fn holds(&self, key: &StoredKey) -> Result<bool, KeyFault> {
        Ok(self.vault.open_sealed(&seal_place(&key.id), &key.handle).is_ok())
    }

    fn delete(&self, _id: &str) -> Result<(), KeyFault> {
        // The row is the whole key.
        Ok(())
    }
}

fn cannot_sign(_cause: KeyError) -> KeyFault {
    KeyFault::own("The operation's key cannot sign.")
}

/// What a private key is sealed for.
fn seal_place(id: &str) -> String {
    format!("signing-key/{id}")
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
    sign_hashed(key_type, private_der, Hash::Sha256, &digest(&SHA256, message))
}

/// Signs a digest in the same two ways.
pub fn sign_digest(key_type: KeyType, private_der: &[u8], digest: &Digest) -> Result<Vec<u8>, KeyError> {
    if !digest.hash().suits(key_type) {
        return Err(KeyError);
    }
    let hashed = Hashed::import_less_safe(digest.bytes(), digest.hash().algorithm()).map_err(|_| KeyError)?;
    sign_hashed(key_type, private_der, digest.hash(), &hashed)
}

fn sign_hashed(
    key_type: KeyType,
    private_der: &[u8],
    hash: Hash,
    hashed: &Hashed,
) -> Result<Vec<u8>, KeyError> {
    match key_type {
        KeyType::Rsa2048 | KeyType::Rsa3072 | KeyType::Rsa4096 => sign_rsa(private_der, hash, hashed),
        KeyType::Secp256r1 => sign_ec(&ECDSA_P256_SHA256_ASN1_SIGNING, private_der, hashed),
        KeyType::Secp384r1 if hashed.algorithm() == &SHA384 => {
            sign_ec(&ECDSA_P384_SHA384_ASN1_SIGNING, private_der, hashed)
        }
        KeyType::Secp384r1 => sign_p384(private_der, hashed),
        KeyType::Secp521r1 => sign_ec(p521(hash), private_der, hashed),
    }
}

fn sign_rsa(private_der: &[u8], hash: Hash, hashed: &Hashed) -> Result<Vec<u8>, KeyError> {
    let padding: &'static RsaSignatureEncoding = match hash {
        Hash::Sha256 => &RSA_PKCS1_SHA256,
        Hash::Sha384 => &RSA_PKCS1_SHA384,
        Hash::Sha512 => &RSA_PKCS1_SHA512,
    };
    let pair = opened_keys::rsa(private_der)?;
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign_digest(padding, hashed, &mut signature).map_err(|_| KeyError)?;
    Ok(signature)
}

fn p521(hash: Hash) -> &'static EcdsaSigningAlgorithm {
    match hash {
        Hash::Sha256 => &ECDSA_P521_SHA256_ASN1_SIGNING,
        Hash::Sha384 => &ECDSA_P521_SHA384_ASN1_SIGNING,
        Hash::Sha512 => &ECDSA_P521_SHA512_ASN1_SIGNING,
    }
}

fn sign_ec(
    algorithm: &'static EcdsaSigningAlgorithm,
    private_der: &[u8],
    hashed: &Hashed,
) -> Result<Vec<u8>, KeyError> {
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, private_der).map_err(|_| KeyError)?;
    let signature = pair.sign_digest(hashed).map_err(|_| KeyError)?;
    Ok(signature.as_ref().to_vec())
}

/// aws-lc-rs signs on this curve with SHA-384 only.
fn sign_p384(private_der: &[u8], hashed: &Hashed) -> Result<Vec<u8>, KeyError> {
    let key = p384::ecdsa::SigningKey::from_pkcs8_der(private_der).map_err(|_| KeyError)?;
    let signature: p384::ecdsa::Signature = key.sign_prehash(hashed.as_ref()).map_err(|_| KeyError)?;
    Ok(signature.to_der().as_bytes().to_vec())
}
