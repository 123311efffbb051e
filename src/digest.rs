//! Digests: `algorithm:hex`, after the OCI image specification ("Digests"), in lower case only.

use crate::{
    error::{Error, Result},
    words::Problem,
};

/// The algorithms that are accepted, with the length of their hexadecimal form.
const ALGORITHMS: [(&str, usize); 3] = [("sha256", 64), ("sha384", 96), ("sha512", 128)];

/// Does this text begin like a digest that is accepted here?
pub(crate) fn begins_like_one(text: &str) -> bool {
    text.split_once(':').is_some_and(|(algorithm, _)| length_of(algorithm).is_some())
}

/// Is this text a digest that is accepted here?
///
/// ```
/// assert!(!ocisign::is_digest("sha256:3fbc63"));
/// ```
#[must_use]
pub fn is_digest(text: &str) -> bool {
    check(text, 0).is_ok()
}

/// Checks a digest that stands `offset` bytes into the text that was given.
pub(crate) fn check(text: &str, offset: usize) -> Result<()> {
    let Some((algorithm, hex)) = text.split_once(':') else {
        return Err(unknown_algorithm(text, offset));
    };
    let Some(length) = length_of(algorithm) else {
        return Err(unknown_algorithm(algorithm, offset));
    };
    let hex_offset = offset + algorithm.len() + 1;
    check_hex(hex, hex_offset)?;
    if hex.len() == length {
        return Ok(());
    }
    Err(Problem::DigestLength.at(hex_offset).number(hex.len()).found(algorithm).number(length))
}

fn length_of(algorithm: &str) -> Option<usize> {
    ALGORITHMS.iter().find(|(name, _)| *name == algorithm).map(|(_, length)| *length)
}

fn check_hex(hex: &str, offset: usize) -> Result<()> {
    let Some((index, found)) = hex.char_indices().find(|(_, c)| !matches!(c, '0'..='9' | 'a'..='f')) else {
        return Ok(());
    };
    let problem = if found.is_ascii_hexdigit() { Problem::DigestUppercase } else { Problem::DigestCharacter };
    Err(problem.at(offset + index).character(found))
}

fn unknown_algorithm(algorithm: &str, offset: usize) -> Error {
    Problem::DigestAlgorithm.at(offset).found(algorithm)
}
