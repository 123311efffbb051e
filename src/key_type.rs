//! The types of HSM keys, and how they are spelled.

use alloc::string::String;

use crate::{error::Result, words::Problem};

/// The type of a signing key. `RSA2048` and `RSA4096` are the service's spelling; how it spells EC keys
/// is not known, see docs/assumptions.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyType {
    /// RSA with a modulus of 2048 bits.
    Rsa2048,
    /// RSA with a modulus of 3072 bits.
    Rsa3072,
    /// RSA with a modulus of 4096 bits, as in the reference.
    Rsa4096,
    /// ECDSA on NIST P-256.
    Secp256r1,
    /// ECDSA on NIST P-384.
    Secp384r1,
    /// ECDSA on NIST P-521.
    Secp521r1,
}

impl KeyType {
    /// Every key type.
    pub const ALL: [Self; 6] =
        [Self::Rsa2048, Self::Rsa3072, Self::Rsa4096, Self::Secp256r1, Self::Secp384r1, Self::Secp521r1];

    /// Our name for it, which is also how it is written unless a profile says otherwise.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rsa2048 => "RSA2048",
            Self::Rsa3072 => "RSA3072",
            Self::Rsa4096 => "RSA4096",
            Self::Secp256r1 => "secp256r1",
            Self::Secp384r1 => "secp384r1",
            Self::Secp521r1 => "secp521r1",
        }
    }

    /// Reads a key type leniently: case, spaces, `-` and `_` do not count, and a leading `EC` may stand.
    ///
    /// # Errors
    /// `key-type` when it is none of the known ones.
    ///
    /// ```
    /// use ocisign::KeyType;
    /// assert_eq!(KeyType::parse("EC secp384r1")?, KeyType::Secp384r1);
    /// # Ok::<(), ocisign::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        let plain: String =
            text.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).map(|c| c.to_ascii_lowercase()).collect();
        let plain = plain.strip_prefix("ec").unwrap_or(&plain);
        let known = Self::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(plain));
        known.ok_or_else(|| Problem::KeyTypeUnknown.found(text))
    }
}
