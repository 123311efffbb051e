//! The hashes over which digests are signed: how requests name them, how long they are, and how the two places for keys
//! call them.

use aws_lc_rs::digest::{Algorithm, SHA256, SHA384, SHA512};
use ocisign::KeyType;

/// A hash of the SHA-2 family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// 32 bytes.
    Sha256,
    /// 48 bytes.
    Sha384,
    /// 64 bytes.
    Sha512,
}

/// A digest, and over which hash it is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    hash: Hash,
    bytes: Vec<u8>,
}

impl Hash {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// As a request names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA256",
            Self::Sha384 => "SHA384",
            Self::Sha512 => "SHA512",
        }
    }

    /// As a digest begins, such as `sha256`.
    fn prefix(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// How many bytes its digests have.
    pub fn length(self) -> usize {
        self.algorithm().output_len()
    }

    /// The same for keys in software.
    pub fn algorithm(self) -> &'static Algorithm {
        match self {
            Self::Sha256 => &SHA256,
            Self::Sha384 => &SHA384,
            Self::Sha512 => &SHA512,
        }
    }

    /// What stands before the digest in a DigestInfo (RFC 8017, 9.2): a token signs both as they are.
    pub fn digest_info(self) -> [u8; 19] {
        let (oid, length) = match self {
            Self::Sha256 => (1, 32),
            Self::Sha384 => (2, 48),
            Self::Sha512 => (3, 64),
        };
        [
            0x30,
            17 + length,
            0x30,
            0x0d,
            0x06,
            0x09,
            0x60,
            0x86,
            0x48,
            0x01,
            0x65,
            0x03,
            0x04,
            0x02,
            oid,
            0x05,
            0x00,
            0x04,
            length,
        ]
    }

    /// Whether a key signs all of its digests. ECDSA would cut those that are longer than the curve.
    pub fn suits(self, key_type: KeyType) -> bool {
        match key_type {
            KeyType::Secp256r1 => self == Self::Sha256,
            KeyType::Secp384r1 => self != Self::Sha512,
            KeyType::Secp521r1 | KeyType::Rsa2048 | KeyType::Rsa3072 | KeyType::Rsa4096 => true,
        }
    }
}

impl Digest {
    /// A digest, if it is as long as the hash makes them.
    pub fn new(hash: Hash, bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() == hash.length()).then_some(Self { hash, bytes })
    }

    /// A digest as it is stored, such as `sha256:3fbc…`.
    pub fn read(text: &str) -> Option<Self> {
        let (prefix, digits) = text.split_once(':')?;
        let hash = Hash::ALL.into_iter().find(|hash| hash.prefix() == prefix)?;
        Self::new(hash, bytes(digits)?)
    }

    /// Over which hash it is one.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The digest itself.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:", self.hash.prefix())?;
        self.bytes.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_digest_is_read_as_it_is_stored() {
        for hash in Hash::ALL {
            let digest =
                Digest::new(hash, (0..hash.length()).map(|it| it.to_le_bytes()[0]).collect()).unwrap();
            assert_eq!(Digest::read(&digest.to_string()), Some(digest.clone()));
            assert_eq!(Digest::new(hash, digest.bytes()[1..].to_vec()), None);
            assert_eq!(usize::from(hash.digest_info()[1]) + 2, 19 + hash.length());
        }
        for wrong in
            ["", "sha256", "sha256:", "sha256:0", "sha1:00", "sha256:zz", "a.example/b@sha256:00", "sha256:ä"]
        {
            assert_eq!(Digest::read(wrong), None, "{wrong}");
        }
    }
}
