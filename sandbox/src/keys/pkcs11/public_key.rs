//! From the numbers that a token shows to the encodings that others read.

use ocisign::{KeyType, PublicKey};
use spki::der::asn1::{BitStringRef, Null, OctetStringRef, UintRef};
use spki::der::{self, Decode, Encode};
use spki::{AlgorithmIdentifier, ObjectIdentifier, SubjectPublicKeyInfo};

use super::error::CallError;

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// What a type of key is made of.
pub enum Kind {
    /// Bits of the modulus.
    Rsa(u32),
    /// The curve.
    Ec(EcCurve),
}

/// A curve of NIST.
#[derive(Clone, Copy)]
pub struct EcCurve {
    oid: ObjectIdentifier,
    /// Bytes of a coordinate.
    size: usize,
}

/// What a type of key is made of.
pub fn kind(key_type: KeyType) -> Kind {
    let curve = |oid, size| Kind::Ec(EcCurve { oid: ObjectIdentifier::new_unwrap(oid), size });
    match key_type {
        KeyType::Rsa2048 => Kind::Rsa(2048),
        KeyType::Rsa3072 => Kind::Rsa(3072),
        KeyType::Rsa4096 => Kind::Rsa(4096),
        KeyType::Secp256r1 => curve("1.2.840.10045.3.1.7", 32),
        KeyType::Secp384r1 => curve("1.3.132.0.34", 48),
        KeyType::Secp521r1 => curve("1.3.132.0.35", 66),
    }
}

impl EcCurve {
    /// CKA_EC_PARAMS: the curve's name, in DER.
    pub fn parameters(self) -> Result<Vec<u8>, CallError> {
        self.oid.to_der().map_err(not_encoded)
    }
}

/// The SubjectPublicKeyInfo of an RSA key.
pub fn rsa_spki(modulus: &[u8], exponent: &[u8]) -> Result<Vec<u8>, CallError> {
    // RSAPublicKey is a SEQUENCE of these two integers.
    let encoded = || {
        let key = vec![UintRef::new(modulus)?, UintRef::new(exponent)?].to_der()?;
        let algorithm = AlgorithmIdentifier { oid: RSA_ENCRYPTION, parameters: Some(Null) };
        SubjectPublicKeyInfo { algorithm, subject_public_key: BitStringRef::from_bytes(&key)? }.to_der()
    };
    encoded().map_err(not_encoded)
}

/// The SubjectPublicKeyInfo of an EC key. The standard wraps the point into an OCTET STRING; some tokens do
/// not.
pub fn ec_spki(curve: EcCurve, shown: &[u8]) -> Result<Vec<u8>, CallError> {
    let bare = 1 + 2 * curve.size;
    let encoded = || {
        let point = if shown.len() == bare { shown } else { <&OctetStringRef>::from_der(shown)?.as_bytes() };
        let algorithm = AlgorithmIdentifier { oid: EC_PUBLIC_KEY, parameters: Some(curve.oid) };
        SubjectPublicKeyInfo { algorithm, subject_public_key: BitStringRef::from_bytes(point)? }.to_der()
    };
    encoded().map_err(not_encoded)
}

/// Checks that it is a public key of that type, by the reader that everybody's keys go through.
pub fn check(der: &[u8], key_type: KeyType) -> Result<(), CallError> {
    match PublicKey::from_spki_der(der) {
        Ok(key) if key.key_type() == key_type => Ok(()),
        _ => Err(CallError::Unfit("The token made a public key of another type.")),
    }
}

/// An ECDSA signature in DER, from the two numbers that PKCS #11 puts side by side.
pub fn ecdsa_der(raw: &[u8]) -> Result<Vec<u8>, CallError> {
    let (r, s) = raw.split_at(raw.len() / 2);
    // ECDSA-Sig-Value is a SEQUENCE of these two integers.
    let encoded = || vec![UintRef::new(r)?, UintRef::new(s)?].to_der();
    encoded().map_err(not_encoded)
}

fn not_encoded(_cause: der::Error) -> CallError {
    CallError::Unfit("The token gave a number that cannot be encoded.")
}
