//! The artifact URI of a signing request: base64 of `registry/repository@digest`.
//!
//! The reference shows three spellings, made with `echo`: with a trailing newline inside, and once
//! without the `=` padding. We write canonical base64 (RFC 4648 §4, padded, no newline) and read all three.

use alloc::string::String;

use ocisign_grammar::{NotBase64, decode_base64, without_line_breaks};

use crate::{
    Reference,
    encoding::base64,
    error::{Error, Result},
    words::Problem,
};

/// Writes a reference as the artifact URI of a request: canonical base64 of its canonical form.
///
/// ```
/// let text = "a.example/b@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
/// let encoded = ocisign::artifact_uri::encode(&ocisign::Reference::parse(text)?);
/// assert_eq!(ocisign::artifact_uri::decode(&encoded)?, text);
/// # Ok::<(), ocisign::Error>(())
/// ```
#[must_use]
pub fn encode(reference: &Reference) -> String {
    base64(reference.canonical().as_bytes())
}

/// Reads an artifact URI into the text that it holds. Line breaks in the base64, missing padding, and
/// one line break at the end of the decoded text are tolerated, as in the reference's own examples.
///
/// The text is not checked to be a reference: what the service holds must be shown as it is.
///
/// # Errors
/// `bad-base64` with the byte offset in what was given, `bad-utf8` with the offset in the decoded bytes.
///
/// ```
/// // As the reference spells it: a newline inside, and no padding.
/// assert_eq!(ocisign::artifact_uri::decode("bG9jYWxob3N0L2FwcAo")?, "localhost/app");
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn decode(encoded: &str) -> Result<String> {
    let mut bytes = encoded.as_bytes().to_vec();
    let length = decode_in_place(&mut bytes).map_err(|problem| match problem {
        NotText::Empty => Problem::ArtifactEmpty.at(0),
        NotText::NotBase64(error) => not_base64(encoded, error),
        NotText::NotUtf8(place) => Problem::ArtifactNotText.at(place),
    })?;
    bytes.truncate(length);
    // It is text, or it would have been refused.
    Ok(String::from_utf8(bytes).unwrap_or_default())
}

/// Why an artifact URI holds no text.
pub(crate) enum NotText {
    Empty,
    NotBase64(NotBase64),
    /// The place is one of the decoded bytes.
    NotUtf8(usize),
}

/// Puts the text that an artifact URI holds in its place, and says how long that is.
pub(crate) fn decode_in_place(encoded: &mut [u8]) -> core::result::Result<usize, NotText> {
    let packed = without_line_breaks(encoded);
    if packed == 0 {
        return Err(NotText::Empty);
    }
    let length = decode_base64(encoded.get_mut(..packed).unwrap_or_default()).map_err(NotText::NotBase64)?;
    let bytes = encoded.get(..length).unwrap_or_default();
    core::str::from_utf8(bytes).map_err(|error| NotText::NotUtf8(error.valid_up_to()))?;
    Ok(match bytes {
        [text @ .., b'\r', b'\n'] | [text @ .., b'\n'] => text.len(),
        text => text.len(),
    })
}

fn not_base64(encoded: &str, error: NotBase64) -> Error {
    // The offset that the decoder reports counts without line breaks; this one counts with them.
    let place_of = |packed: usize| {
        let kept = encoded.char_indices().filter(|(_, c)| !matches!(c, '\n' | '\r'));
        let mut packed_offset = 0;
        for (place, character) in kept {
            if packed_offset >= packed {
                return place;
            }
            packed_offset += character.len_utf8();
        }
        encoded.len()
    };
    match error {
        NotBase64::At(index) => {
            let place = place_of(index);
            let found = encoded.get(place..).and_then(|rest| rest.chars().next()).unwrap_or_default();
            Problem::ArtifactCharacter.at(place).character(found)
        }
        NotBase64::CutOff => Problem::ArtifactCutOff.at(encoded.len()),
    }
}
