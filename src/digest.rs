//! Digests: `algorithm:hex`, after the OCI image specification ("Digests"), in lower case only.

use alloc::{format, string::String};

use crate::error::{Code, Error, Result, quote};

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
    Err(Error::new(
        Code::DigestLength,
        format!(
            "The digest has {} hexadecimal digits, {algorithm} has {length}, at byte {hex_offset}.",
            hex.len()
        ),
        "Copy the whole digest, for example from `docker buildx imagetools inspect` or the registry's page.",
    )
    .at(hex_offset))
}

fn length_of(algorithm: &str) -> Option<usize> {
    ALGORITHMS.iter().find(|(name, _)| *name == algorithm).map(|(_, length)| *length)
}

fn check_hex(hex: &str, offset: usize) -> Result<()> {
    let Some((index, found)) = hex.char_indices().find(|(_, c)| !matches!(c, '0'..='9' | 'a'..='f')) else {
        return Ok(());
    };
    let place = offset + index;
    let error = if found.is_ascii_hexdigit() {
        Error::new(
            Code::DigestUppercase,
            format!(
                "The digest has the upper-case digit {} at byte {place}.",
                quote(found.encode_utf8(&mut [0; 4]))
            ),
            "Write the digest in lower case.",
        )
    } else {
        Error::new(
            Code::DigestInvalid,
            format!(
                "The digest has {} at byte {place}, which is not a hexadecimal digit.",
                quote(found.encode_utf8(&mut [0; 4]))
            ),
            "A digest is `sha256:` and 64 of the digits 0-9 and a-f; nothing follows it.",
        )
    };
    Err(error.at(place))
}

fn unknown_algorithm(algorithm: &str, offset: usize) -> Error {
    let message: String = format!("The digest algorithm {} at byte {offset} is not known.", quote(algorithm));
    Error::new(Code::DigestAlgorithm, message, "Use a digest that begins with sha256:, sha384: or sha512:.")
        .at(offset)
}
