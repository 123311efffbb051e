//! A product's public key: read from the service's text, shown as PEM with a fingerprint.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    KeyType,
    der::{Der, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE},
    encoding::{base64, hex_sha256, read_base64},
    error::{Error, Result},
    words::{Problem, UNUSUAL_EXPONENT},
};

// Object identifiers as DER writes them (RFC 3279 §2.3.1 and §2.3.5, RFC 5480 §2.1.1.1).
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// What stands where an EC key names its curve (RFC 3279 §2.3.1).
const NULL: &[u8] = &[0x05, 0x00];
/// The curves, with the length of a coordinate in bytes.
const CURVES: [(&[u8], KeyType, usize); 3] = [
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07], KeyType::Secp256r1, 32),
    (&[0x2b, 0x81, 0x04, 0x00, 0x22], KeyType::Secp384r1, 48),
    (&[0x2b, 0x81, 0x04, 0x00, 0x23], KeyType::Secp521r1, 66),
];

/// The largest exponent of an RSA key: Go's, and with it cosign's (`crypto/rsa`, `checkPub`).
const LARGEST_EXPONENT: u32 = i32::MAX as u32;
/// The exponent that nearly every RSA key has.
const USUAL_EXPONENT: u32 = 65_537;

/// A public key in the form that everyone reads: a DER `SubjectPublicKeyInfo` (RFC 5280 §4.1).
///
/// ```
/// use ocisign::{KeyType, PublicKey};
///
/// let key = PublicKey::read(
///     "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEzKPNi6h3JL23XTyF0AdLBeodulpp\n\
///      NhjcdOyi8PZAO4bzFhEbIlpqN0hTBuG3R9L/Y/sO5/uxTAvbnX1ErmJC5Q==\n",
/// )?;
/// assert_eq!(key.key_type(), KeyType::Secp256r1);
/// assert!(key.pem().starts_with("-----BEGIN PUBLIC KEY-----\n"));
/// assert!(key.fingerprint().starts_with("sha256:"));
/// # Ok::<(), ocisign::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    der: Vec<u8>,
    key_type: KeyType,
    is_usual: bool,
}

impl PublicKey {
    /// Reads the one key of a text: base64 of the DER, as the service shows it, or PEM. As openssl does, it passes over
    /// text around the PEM and over blocks of other kinds.
    ///
    /// # Errors
    /// `bad-public-key` when it is not base64, not a public key, or of a kind that is not supported.
    pub fn read(text: &str) -> Result<Self> {
        Self::from_text(text.as_bytes())
    }

    /// Reads a key as a file holds it: DER, or text, also in UTF-16.
    ///
    /// # Errors
    /// `bad-public-key` as for [`PublicKey::read`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut whole = Der(bytes);
        if whole.take(SEQUENCE).and(whole.end()).is_some() {
            Self::from_der(bytes.to_vec())
        } else {
            Self::from_text(bytes)
        }
    }

    #[inline(never)]
    fn from_text(text: &[u8]) -> Result<Self> {
        let text = without_wrapping(text);
        let mut body = text.as_str();
        let mut other = None;
        let mut keys = 0;
        let mut parts = text.split('-').filter(|part| !part.is_empty());
        while let Some(part) = parts.next() {
            if let Some(label) = part.trim().strip_prefix("BEGIN ") {
                if matches!(label, "PUBLIC KEY" | "RSA PUBLIC KEY") {
                    body = parts.next().unwrap_or_default();
                    keys += 1;
                } else {
                    other = Some(label);
                }
            }
        }
        if keys > 1 {
            other = Some("several keys");
        }
        match other {
            Some(other) if keys != 1 => Err(Problem::KeyOther.found(other)),
            _ => match read_base64(&body.split(' ').collect::<String>()) {
                Ok(der) => Self::from_der(der),
                // What follows the type of an SSH key (RFC 4253 §6.6).
                Err(_) if body.split(' ').any(|word| word.starts_with("AAAA")) => {
                    Err(Problem::KeyOther.found("SSH key"))
                }
                Err(_) => Err(Problem::KeyNotBase64.into()),
            },
        }
    }

    /// Reads a DER `SubjectPublicKeyInfo`, or an `RSAPublicKey` (RFC 8017 §A.1.1). Names what else it is.
    #[inline(never)]
    fn from_der(der: Vec<u8>) -> Result<Self> {
        Self::from_info(if rsa_numbers(&der).is_some() { rsa_info(&der) } else { der })
    }

    /// Reads a DER `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// `bad-public-key` as for [`PublicKey::read`].
    pub fn from_spki_der(der: &[u8]) -> Result<Self> {
        Self::from_info(der.to_vec())
    }

    #[inline(never)]
    fn from_info(der: Vec<u8>) -> Result<Self> {
        let Some(info) = read_info(&der) else {
            return Err(kind_of(&der).map_or(Problem::KeyNotDer.into(), |kind| Problem::KeyOther.found(kind)));
        };
        let (key_type, is_usual) = match info.algorithm {
            RSA if info.parameters.0 == NULL => rsa_type(info.key)?,
            EC => (curve_type(info.parameters, info.key)?, true),
            _ => return Err(Problem::KeyOfOtherKind.into()),
        };
        Ok(Self { der, key_type, is_usual })
    }

    /// The DER `SubjectPublicKeyInfo`, as `WebCrypto` imports it (`"spki"`).
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.der
    }

    /// What kind of key it is, read from the key itself.
    #[must_use]
    pub const fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// What is unusual about the key, if something is. Such a key is valid, but few tools make one.
    #[must_use]
    pub fn warning(&self) -> Option<&'static str> {
        (!self.is_usual).then_some(UNUSUAL_EXPONENT)
    }

    /// PEM (RFC 7468 §13), in lines of 64 characters, with a newline at the end.
    #[must_use]
    pub fn pem(&self) -> String {
        let encoded = base64(&self.der);
        let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
        let mut rest = encoded.as_str();
        while !rest.is_empty() {
            let (line, more) = rest.split_at_checked(64).unwrap_or((rest, ""));
            pem.extend([line, "\n"]);
            rest = more;
        }
        pem.push_str("-----END PUBLIC KEY-----\n");
        pem
    }

    /// `sha256:` and the hexadecimal SHA-256 of the DER: what
    /// `openssl pkey -pubin -outform DER | sha256sum` prints.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        "sha256:".to_string() + &hex_sha256(&self.der)
    }
}

/// A text without all that tools and people put between the characters of a key: control characters, quotes, line
/// breaks that are written as `\\n`, and what is no ASCII, such as a byte order mark and the other half of UTF-16.
fn without_wrapping(text: &[u8]) -> String {
    let mut escaped = false;
    let belongs = |byte: &u8| {
        let kept = !escaped && matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\'' | b'\\');
        escaped = *byte == b'\\';
        kept
    };
    text.iter().copied().filter(belongs).map(char::from).collect()
}

/// What is no public key, but often lies beside one: each begins in its own way.
fn kind_of(der: &[u8]) -> Option<&'static str> {
    let mut inside = Der(der).sequence()?;
    let whole = inside.0;
    let first = inside.sequence();
    match (whole, first.map_or(&[][..], |first| first.0), inside.0) {
        // A version (RFC 7292 §4; RFC 5958 §2, RFC 8017 §A.1.2, RFC 5915 §3).
        ([INTEGER, 1, 3, ..], ..) => Some("PKCS12"),
        ([INTEGER, 1, ..], ..) => Some("PRIVATE KEY"),
        (_, [OBJECT_IDENTIFIER, ..], [OCTET_STRING, ..]) => Some("ENCRYPTED PRIVATE KEY"),
        (_, [] | [OBJECT_IDENTIFIER, ..], _) => None,
        _ => Some("CERTIFICATE"),
    }
}

/// The `SubjectPublicKeyInfo` of an `RSAPublicKey`, exactly if it has 256 bytes or more.
#[inline(never)]
#[allow(clippy::cast_possible_truncation)] // what is longer was not read as a key
fn rsa_info(key: &[u8]) -> Vec<u8> {
    let length = key.len() as u16;
    let [[all, all_low], [bits, bits_low]] = [20, 1].map(|more| (length + more).to_be_bytes());
    let head = [
        [0x30, 0x82, all, all_low, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86],
        [0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x82, bits, bits_low, 0x00],
    ];
    [head.as_flattened(), key].concat()
}

/// A `SubjectPublicKeyInfo`, taken apart.
struct Info<'a> {
    algorithm: &'a [u8],
    parameters: Der<'a>,
    key: &'a [u8],
}

fn read_info(der: &[u8]) -> Option<Info<'_>> {
    let mut whole = Der(der);
    let mut info = whole.sequence()?;
    let mut parameters = info.sequence()?;
    let algorithm = parameters.take(OBJECT_IDENTIFIER)?;
    let key = info.bits()?;
    info.end().and(whole.end()).map(|()| Info { algorithm, parameters, key })
}

/// The type of an `RSAPublicKey` (RFC 8017 §A.1.1), and whether its exponent is the usual one.
///
/// With the exponent 1 everyone can make signatures, and none of an even number is RSA.
fn rsa_type(bits: &[u8]) -> Result<(KeyType, bool)> {
    let (modulus, exponent) = rsa_numbers(bits).ok_or(Problem::RsaDamaged)?;
    let top_bit_is_set = modulus.first().is_some_and(|byte| *byte >= 0x80);
    let key_type = match (modulus.len(), top_bit_is_set) {
        (256, true) => KeyType::Rsa2048,
        (384, true) => KeyType::Rsa3072,
        (512, true) => KeyType::Rsa4096,
        (bytes, _) => return Err(Error::from(Problem::RsaSize).number(bytes)),
    };
    if modulus.last().is_none_or(|byte| byte % 2 == 0) {
        return Err(Problem::RsaModulus.into());
    }
    let exponent = small_number(exponent).filter(|number| (3..=LARGEST_EXPONENT).contains(number));
    match exponent {
        Some(odd) if odd % 2 == 1 => Ok((key_type, odd == USUAL_EXPONENT)),
        _ => Err(Problem::RsaExponent.into()),
    }
}

/// Modulus and exponent.
#[inline(never)]
fn rsa_numbers(bits: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut whole = Der(bits);
    let mut key = whole.sequence()?;
    let numbers = (key.number()?, key.number()?);
    key.end().and(whole.end()).map(|()| numbers)
}

/// A number of at most four bytes.
fn small_number(bytes: &[u8]) -> Option<u32> {
    (bytes.len() <= 4).then(|| bytes.iter().fold(0, |number, byte| (number << 8) | u32::from(*byte)))
}

fn curve_type(mut parameters: Der<'_>, point: &[u8]) -> Result<KeyType> {
    let curve = parameters.take(OBJECT_IDENTIFIER).filter(|_| parameters.end().is_some());
    let (_, key_type, size) =
        CURVES.iter().find(|(known, ..)| Some(*known) == curve).ok_or(Problem::EcCurve)?;
    // Uncompressed points only (SEC 1 §2.3.3): WebCrypto imports no others.
    if point.len() == 1 + 2 * size && point.first() == Some(&4) {
        return Ok(*key_type);
    }
    Err(Problem::EcPoint.into())
}
