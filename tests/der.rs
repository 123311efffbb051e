//! Our reader of keys beside a general reader of DER: they have to agree on what a public key is.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use ocisign::PublicKey;
use spki::{SubjectPublicKeyInfoRef, der::Decode};

const KEYS: [&str; 6] = [
    include_str!("fixtures/rsa2048.pem"),
    include_str!("fixtures/rsa3072.pem"),
    include_str!("fixtures/rsa4096.pem"),
    include_str!("fixtures/secp256r1.pem"),
    include_str!("fixtures/secp384r1.pem"),
    include_str!("fixtures/secp521r1.pem"),
];

/// A general reader's word that these bytes are a key of a kind that we know.
fn is_key(der: &[u8]) -> bool {
    let Ok(info) = SubjectPublicKeyInfoRef::from_der(der) else { return false };
    info.subject_public_key.as_bytes().is_some()
}

#[test]
fn what_we_read_is_der_to_a_general_reader_too() {
    for pem in KEYS {
        let key = PublicKey::read(pem).unwrap();
        assert!(is_key(key.spki()));
    }
}

#[test]
fn no_changed_byte_is_read_that_a_general_reader_refuses() {
    let mut read = 0;
    for pem in KEYS {
        let whole = PublicKey::read(pem).unwrap().spki().to_vec();
        // The structure stands at the beginning; further on there is only the key's own number.
        for place in 0..whole.len().min(48) {
            for value in 0..=u8::MAX {
                let mut changed = whole.clone();
                changed[place] = value;
                if PublicKey::from_spki_der(&changed).is_ok() {
                    read += 1;
                    assert!(is_key(&changed), "{place}: {value}");
                }
            }
        }
        for length in 0..whole.len() {
            assert!(PublicKey::from_spki_der(&whole[..length]).is_err(), "cut to {length} bytes");
        }
        let longer = [whole.as_slice(), &[0]].concat();
        assert!(PublicKey::from_spki_der(&longer).is_err());
    }
    assert!(read > 6, "some changes leave a key");
}
