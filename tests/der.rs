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

/// An element of less than 64 KiB, with the shortest length.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = match content.len() {
        short @ 0..=0x7f => vec![u8::try_from(short).unwrap()],
        one @ 0x80..=0xff => vec![0x81, u8::try_from(one).unwrap()],
        two => [&[0x82], &u16::try_from(two).unwrap().to_be_bytes()[..]].concat(),
    };
    [&[tag], length.as_slice(), content].concat()
}

/// An RSA key whose two numbers are written as given.
fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let numbers = element(0x30, &[element(0x02, modulus), element(0x02, exponent)].concat());
    let rsa = element(0x06, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]);
    let algorithm = element(0x30, &[rsa, element(0x05, &[])].concat());
    element(0x30, &[algorithm, element(0x03, &[&[0], numbers.as_slice()].concat())].concat())
}

#[test]
fn a_number_of_an_rsa_key_is_as_short_as_it_can_be_and_not_negative() {
    let mut modulus = vec![0xc3; 256];
    modulus[255] = 1;
    let positive = [&[0], modulus.as_slice()].concat();
    let (usual, unusual) = ([1, 0, 1], [0, 0x81]);
    for exponent in [&usual[..], &unusual] {
        assert!(PublicKey::from_spki_der(&rsa_key(&positive, exponent)).is_ok(), "{exponent:?}");
    }
    let padded = [&[0], positive.as_slice()].concat();
    for (modulus, exponent) in [
        (&modulus, &usual[..]),
        (&padded, &usual),
        (&positive, &[0, 1, 0, 1]),
        (&positive, &[0, 0, 0x81]),
        (&positive, &[0x81]),
        (&positive, &[]),
    ] {
        let read = PublicKey::from_spki_der(&rsa_key(modulus, exponent));
        assert_eq!(read.unwrap_err().code(), "bad-public-key", "{exponent:?}");
    }
}
