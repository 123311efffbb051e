//! The artifact URI of a signing request: base64 of `registry/repository@digest`.
//!
//! The reference shows three spellings, made with `echo`: with a trailing newline inside, and once
//! without the `=` padding. We write canonical base64 (RFC 4648 §4, padded, no newline) and read all three.

use alloc::{string::String, vec::Vec};

use base64::{DecodeError, Engine, engine::general_purpose::STANDARD};

use crate::{
    Reference,
    encoding::LENIENT,
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
    STANDARD.encode(reference.canonical())
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
    let bytes = decode_bytes(encoded)?;
    let mut text = String::from_utf8(bytes)
        .map_err(|error| Problem::ArtifactNotText.at(error.utf8_error().valid_up_to()))?;
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    Ok(text)
}

fn decode_bytes(encoded: &str) -> Result<Vec<u8>> {
    let packed: String = encoded.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    if packed.is_empty() {
        return Err(Problem::ArtifactEmpty.at(0));
    }
    LENIENT.decode(&packed).map_err(|error| not_base64(encoded, error))
}

fn not_base64(encoded: &str, error: DecodeError) -> Error {
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
        DecodeError::InvalidByte(index, _) | DecodeError::InvalidLastSymbol { offset: index, .. } => {
            let place = place_of(index);
            let found = encoded.get(place..).and_then(|rest| rest.chars().next()).unwrap_or_default();
            Problem::ArtifactCharacter.at(place).character(found)
        }
        _ => Problem::ArtifactCutOff.at(encoded.len()),
    }
}
