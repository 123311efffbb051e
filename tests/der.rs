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

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

/// A string of whole bytes.
fn bits(bytes: &[u8]) -> Vec<u8> {
    element(0x03, &[&[0], bytes].concat())
}

fn rsa() -> Vec<u8> {
    let identifier = element(0x06, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]);
    sequence(&[identifier, element(0x05, &[])])
}

/// An RSA key whose two numbers are written as given.
fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let numbers = sequence(&[element(0x02, modulus), element(0x02, exponent)]);
    sequence(&[rsa(), bits(&numbers)])
}

/// A number of 2048 bits, without the zero in front.
fn modulus() -> Vec<u8> {
    [vec![0xc3; 255], vec![1]].concat()
}

#[test]
fn a_number_of_an_rsa_key_is_as_short_as_it_can_be_and_not_negative() {
    let modulus = modulus();
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

#[test]
fn an_exponent_is_odd_and_told_when_it_is_unusual() {
    let modulus = [vec![0], modulus()].concat();
    let read = |exponent: &[u8]| PublicKey::from_spki_der(&rsa_key(&modulus, exponent));
    assert_eq!(read(&[1, 0, 1]).unwrap().warning(), None);
    for unusual in [&[3][..], &[17], &[1, 0, 3], &[0x7f, 0xff, 0xff, 0xff]] {
        let warning = read(unusual).unwrap().warning();
        assert!(warning.is_some_and(|text| text.contains("is not 65537")), "{unusual:?}: {warning:?}");
    }
    for wrong in [&[1][..], &[2], &[4], &[1, 0, 0], &[0, 0x80, 0, 0, 1], &[1, 0, 0, 0, 1]] {
        let error = read(wrong).unwrap_err();
        assert!(error.message().contains("exponent is not an odd number from 3"), "{wrong:?}: {error}");
    }
}

#[test]
fn an_rsa_key_without_its_algorithm_is_the_same_key() {
    for pem in [include_str!("fixtures/rsa2048.pem"), include_str!("fixtures/rsa4096.pem")] {
        let key = PublicKey::read(pem).unwrap();
        // What stands before it: two lengths of four bytes, the algorithm's fifteen, and a zero.
        assert_eq!(PublicKey::from_bytes(&key.spki()[24..]).unwrap(), key);
    }
}

#[test]
fn a_point_has_both_coordinates_of_its_curve() {
    let curve = element(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
    let identifier = element(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]);
    let algorithm = sequence(&[identifier, curve]);
    let read = |form: u8, length: usize| {
        let point = [vec![form], vec![0xc3; length]].concat();
        PublicKey::from_spki_der(&sequence(&[algorithm.clone(), bits(&point)]))
    };
    assert_eq!(read(4, 64).unwrap().warning(), None);
    for (form, length) in [(4, 32), (4, 63), (4, 65), (4, 96), (2, 32), (2, 64), (0, 64)] {
        let error = read(form, length).unwrap_err();
        assert!(error.message().contains("damaged or compressed"), "{form} and {length} bytes: {error}");
    }
}

#[test]
fn what_lies_beside_a_public_key_is_named() {
    let (zero, three, secret) = (element(2, &[0]), element(2, &[3]), element(4, b"secret"));
    let signature = bits(&[0xc3; 64]);
    for (der, says) in [
        (sequence(&[three, sequence(&[])]), "is `PKCS12`"),
        (sequence(&[zero.clone(), rsa(), secret.clone()]), "is `PRIVATE KEY`"),
        (sequence(&[zero.clone(), element(2, &modulus())]), "is `PRIVATE KEY`"),
        (sequence(&[rsa(), secret.clone()]), "is `ENCRYPTED PRIVATE KEY`"),
        (sequence(&[sequence(&[zero]), rsa(), signature.clone()]), "is `CERTIFICATE`"),
        (sequence(&[sequence(&[]), signature.clone()]), "not a DER SubjectPublicKeyInfo"),
        (sequence(&[rsa(), signature, secret]), "not a DER SubjectPublicKeyInfo"),
        (sequence(&[rsa()]), "not a DER SubjectPublicKeyInfo"),
    ] {
        let message = PublicKey::from_bytes(&der).unwrap_err().message();
        assert!(message.contains(says), "{der:02x?}: {message}");
    }
}
