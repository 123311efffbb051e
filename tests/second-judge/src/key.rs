//! Public keys: RSA of 2048, 3072 and 4096 bits, and ECDSA on P-256, P-384 and P-521, each with SHA-256, SHA-384 and
//! SHA-512 (docs/verify.md, "Public keys", and "What is checked", step 4).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P256_SHA512_ASN1, ECDSA_P384_SHA256_ASN1,
    ECDSA_P384_SHA384_ASN1, ECDSA_P384_SHA512_ASN1, ECDSA_P521_SHA256_ASN1, ECDSA_P521_SHA384_ASN1,
    ECDSA_P521_SHA512_ASN1, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, VerificationAlgorithm,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use spki::{
    AlgorithmIdentifierRef, ObjectIdentifier, SubjectPublicKeyInfo, SubjectPublicKeyInfoRef,
    der::{
        self, AnyRef, Decode, Encode, Reader, SliceReader,
        asn1::{BitStringRef, UintRef},
    },
};

use crate::{
    digest,
    refusal::{Refusal, Result, refuse, require},
};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

type Algorithms = [&'static dyn VerificationAlgorithm; 3];

const WITH_RSA: Algorithms =
    [&RSA_PKCS1_2048_8192_SHA256, &RSA_PKCS1_2048_8192_SHA384, &RSA_PKCS1_2048_8192_SHA512];

/// The curves, with the length of a coordinate in bytes.
const CURVES: [(ObjectIdentifier, usize, Algorithms); 3] = [
    (
        ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"),
        32,
        [&ECDSA_P256_SHA256_ASN1, &ECDSA_P256_SHA384_ASN1, &ECDSA_P256_SHA512_ASN1],
    ),
    (
        ObjectIdentifier::new_unwrap("1.3.132.0.34"),
        48,
        [&ECDSA_P384_SHA256_ASN1, &ECDSA_P384_SHA384_ASN1, &ECDSA_P384_SHA512_ASN1],
    ),
    (
        ObjectIdentifier::new_unwrap("1.3.132.0.35"),
        66,
        [&ECDSA_P521_SHA256_ASN1, &ECDSA_P521_SHA384_ASN1, &ECDSA_P521_SHA512_ASN1],
    ),
];

/// A key that may have signed.
pub struct Key {
    /// The digest of its DER form.
    pub fingerprint: String,
    ways: Vec<ParsedPublicKey>,
}

impl Key {
    /// Reads a `SubjectPublicKeyInfo` or an `RSAPublicKey`, in DER or PEM.
    pub fn read(given: &[u8]) -> Result<Self> {
        let der = if given.starts_with(b"-----BEGIN ") { from_pem(given)? } else { given.to_vec() };
        let info = if rsa_numbers(&der).is_ok() { info_of_rsa(&der)? } else { der };
        let algorithms = algorithms_of(&info)?;
        let parse = |algorithm| ParsedPublicKey::new(algorithm, &info);
        let ways = algorithms.into_iter().map(parse).collect::<std::result::Result<_, _>>();
        let ways = ways.map_err(|error| Refusal(format!("the library refuses the key: {error}")))?;
        Ok(Self { fingerprint: digest::of(&info), ways })
    }

    /// Did this key make the signature?
    pub fn made(&self, signature: &[u8], message: &[u8]) -> bool {
        self.ways.iter().any(|way| way.verify_sig(message, signature).is_ok())
    }
}

fn from_pem(given: &[u8]) -> Result<Vec<u8>> {
    let text = std::str::from_utf8(given).map_err(|_| Refusal("PEM is ASCII".into()))?;
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(body).map_err(|error| Refusal(format!("the PEM is no base64: {error}")))
}

/// The `SubjectPublicKeyInfo` of an `RSAPublicKey`.
fn info_of_rsa(key: &[u8]) -> Result<Vec<u8>> {
    let info = SubjectPublicKeyInfo {
        algorithm: AlgorithmIdentifierRef { oid: RSA, parameters: Some(AnyRef::NULL) },
        subject_public_key: BitStringRef::from_bytes(key).map_err(no_key)?,
    };
    info.to_der().map_err(no_key)
}

fn algorithms_of(info: &[u8]) -> Result<Algorithms> {
    let SubjectPublicKeyInfoRef { algorithm, subject_public_key } =
        SubjectPublicKeyInfoRef::from_der(info).map_err(no_key)?;
    let Some(bits) = subject_public_key.as_bytes() else { return refuse("the key has half a byte") };
    match algorithm.oid {
        RSA => check_rsa(algorithm.parameters, bits).map(|()| WITH_RSA),
        EC => on_curve(algorithm.parameters, bits),
        other => refuse(format!("a key of {other}")),
    }
}

fn check_rsa(parameters: Option<AnyRef<'_>>, bits: &[u8]) -> Result<()> {
    require(parameters == Some(AnyRef::NULL), "parameters of RSA are NULL")?;
    let (modulus, exponent) = rsa_numbers(bits).map_err(no_key)?;
    let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
    let is_full = modulus.first().is_some_and(|byte| *byte >= 0x80);
    require(is_full && matches!(modulus.len(), 256 | 384 | 512), "a modulus of another size")?;
    require(is_odd(modulus), "an even modulus")?;
    let exponent = match exponent.len() {
        1..=4 => exponent.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)),
        _ => return refuse("an exponent of another size"),
    };
    let is_right = (3..=i32::MAX.cast_unsigned()).contains(&exponent) && exponent % 2 == 1;
    require(is_right, "an exponent that is even, 1, or larger than Go's")
}

/// Modulus and exponent of an `RSAPublicKey`.
fn rsa_numbers(bits: &[u8]) -> der::Result<(&[u8], &[u8])> {
    let mut reader = SliceReader::new(bits)?;
    let numbers = reader.sequence(|inside| {
        let modulus = UintRef::decode(inside)?;
        let exponent = UintRef::decode(inside)?;
        Ok::<_, der::Error>((modulus.as_bytes(), exponent.as_bytes()))
    })?;
    reader.finish()?;
    Ok(numbers)
}

fn on_curve(parameters: Option<AnyRef<'_>>, point: &[u8]) -> Result<Algorithms> {
    let Some(named) = parameters.and_then(|it| it.decode_as::<ObjectIdentifier>().ok()) else {
        return refuse("no curve is named");
    };
    let Some((_, size, algorithms)) = CURVES.into_iter().find(|(known, ..)| *known == named) else {
        return refuse(format!("another curve, {named}"));
    };
    require(point.len() == 1 + 2 * size && point.first() == Some(&4), "a point in another form")?;
    Ok(algorithms)
}

fn no_key(error: der::Error) -> Refusal {
    Refusal(format!("no public key in DER: {error}"))
}
