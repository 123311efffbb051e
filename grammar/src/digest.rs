//! Digests: `algorithm:hex`, after the OCI image specification ("Digests"), in lower case only.

use crate::{
    bytes::{all_hex, end_at},
    fault::{Fault, Wrong},
};

/// How many hexadecimal digits an algorithm's digest has, if the algorithm is accepted here.
#[must_use]
pub const fn hex_length(algorithm: &[u8]) -> Option<usize> {
    match algorithm {
        b"sha256" => Some(64),
        b"sha384" => Some(96),
        b"sha512" => Some(128),
        _ => None,
    }
}

/// Does this text begin like a digest that is accepted here?
#[must_use]
pub fn begins_like_digest(text: &[u8]) -> bool {
    text.get(..6).and_then(hex_length).is_some() && text.get(6) == Some(&b':')
}

/// Reads a digest that stands alone.
///
/// # Errors
/// What is wrong with it.
pub fn digest(text: &[u8]) -> Result<(), Fault> {
    match read(text, 0)? {
        end if end == text.len() => Ok(()),
        _ => Err(wrong_digits(text, 7)),
    }
}

/// Reads the digest that begins there, and says where it ends. Something else may follow it.
#[inline(always)]
pub fn read(text: &[u8], begin: usize) -> Result<usize, Fault> {
    let hex = begin + 7;
    let end = match text.get(begin..hex) {
        Some(b"sha256:") => hex + 64,
        Some(b"sha384:") => hex + 96,
        Some(b"sha512:") => hex + 128,
        _ => return Err(Wrong::DigestAlgorithm.of(begin, end_at(text, begin, b":") - begin)),
    };
    // The lengths are multiples of eight.
    match text.get(hex..end) {
        Some(digits) if all_hex(digits) => Ok(end),
        _ => Err(wrong_digits(text, hex)),
    }
}

/// Says what is wrong with the digits that begin there: which of them is none, or how many there are.
#[cold]
pub fn wrong_digits(text: &[u8], begin: usize) -> Fault {
    let digits = text.get(begin..).unwrap_or_default();
    match digits.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        Some(place) if digits.get(place).is_some_and(u8::is_ascii_hexdigit) => {
            Wrong::DigestUppercase.at(begin + place)
        }
        Some(place) => Wrong::DigestCharacter.at(begin + place),
        None => Wrong::DigestLength.of(begin, digits.len()),
    }
}
