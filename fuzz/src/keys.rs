//! Public keys: DER, PEM, and base64 as the service shows them.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use ocisign::{KeyType, PublicKey};
use spki::{
    ObjectIdentifier, SubjectPublicKeyInfoRef,
    der::{AnyRef, Decode, Reader, SliceReader, Tag, Tagged, asn1::UintRef},
};

use super::{said, text};

/// A key is the one that a general reader of DER finds there, and is read again from each of its forms.
pub fn key(data: &[u8]) {
    let read = PublicKey::from_spki_der(data);
    assert_eq!(read.as_ref().ok().map(PublicKey::key_type), general(data));
    if let Some(key) = known(read) {
        assert_eq!(key.spki(), data);
    }
    known(PublicKey::from_bytes(data));
    if let Some(text) = text(data) {
        known(PublicKey::read(text));
    }
}

/// Checks what was read, whatever came of it.
fn known(read: ocisign::Result<PublicKey>) -> Option<PublicKey> {
    let key = read.map_err(|error| said::plainly(&error)).ok()?;
    let (der, pem) = (key.spki(), key.pem());
    let in_utf_16: Vec<u8> = pem.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let encoded = STANDARD.encode(der);
    let lines: BTreeSet<usize> = pem.lines().map(str::len).collect();
    assert!(lines.last() <= Some(&64) && pem.ends_with("-----END PUBLIC KEY-----\n"));
    assert_eq!(pem.lines().filter(|line| !line.starts_with('-')).collect::<String>(), encoded);
    for again in [
        PublicKey::from_spki_der(der),
        PublicKey::from_bytes(der),
        PublicKey::from_bytes(pem.as_bytes()),
        PublicKey::from_bytes(&in_utf_16),
        PublicKey::read(&pem),
        PublicKey::read(&pem.replace('\n', "\\n")),
        PublicKey::read(&format!("\u{feff}\"{}\"\n", pem.replace('\n', "\r\n"))),
        PublicKey::read(&encoded),
    ] {
        assert_eq!(again.as_ref(), Ok(&key));
    }
    assert_eq!(key.fingerprint().len(), "sha256:".len() + 64);
    Some(key)
}

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const CURVES: [(ObjectIdentifier, KeyType, usize); 3] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), KeyType::Secp256r1, 65),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), KeyType::Secp384r1, 97),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), KeyType::Secp521r1, 133),
];

/// What a general reader of DER says: the key's type, if it is one that is supported.
fn general(der: &[u8]) -> Option<KeyType> {
    let info = SubjectPublicKeyInfoRef::from_der(der).ok()?;
    let key = info.subject_public_key.as_bytes()?;
    let parameters = info.algorithm.parameters?;
    if info.algorithm.oid == RSA {
        return (parameters == AnyRef::NULL).then(|| general_rsa(key))?;
    }
    let curve = parameters.decode_as::<ObjectIdentifier>().ok()?;
    let known = CURVES.into_iter().find(|(known, ..)| info.algorithm.oid == EC && *known == curve);
    known.filter(|(_, _, length)| key.len() == *length && key.first() == Some(&4)).map(|(_, it, _)| it)
}

fn general_rsa(key: &[u8]) -> Option<KeyType> {
    let mut reader = SliceReader::new(key).ok()?;
    let numbers = AnyRef::decode(&mut reader).ok()?;
    reader.finish().ok()?;
    let mut reader = (numbers.tag() == Tag::Sequence).then(|| SliceReader::new(numbers.value()))?.ok()?;
    let (modulus, exponent) = (UintRef::decode(&mut reader).ok()?, UintRef::decode(&mut reader).ok()?);
    reader.finish().ok()?;

    let (modulus, exponent) = (modulus.as_bytes(), exponent.as_bytes());
    let number = exponent
        .iter()
        .try_fold(0_u32, |number, byte| number.checked_mul(256).map(|number| number | u32::from(*byte)))?;
    let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
    let counts = is_odd(modulus) && modulus[0] >= 0x80 && is_odd(exponent);
    match modulus.len() * 8 {
        _ if !counts || !(3..=0x7fff_ffff).contains(&number) => None,
        2048 => Some(KeyType::Rsa2048),
        3072 => Some(KeyType::Rsa3072),
        4096 => Some(KeyType::Rsa4096),
        _ => None,
    }
}
