//! Base64, and the artifact URIs that are written in it.

use base64::{
    DecodeError, Engine,
    engine::{
        DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig,
        general_purpose::{STANDARD, STANDARD_NO_PAD},
    },
};
use ocisign::{artifact_uri as uri, insides};
use ocisign_grammar::{NotBase64, decode_base64, without_line_breaks};

use super::{said, text};

/// With or without padding, and otherwise strict.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A library reads the same bytes, and finds the same fault; what is written is read again.
pub fn base64(data: &[u8]) {
    let mut place = data.to_vec();
    let found = decode_base64(&mut place).map(|length| place[..length].to_vec());
    if found.is_err() {
        assert_eq!(place, data, "what could not be read is still there");
    }
    assert_eq!(found, by_the_library(data));

    let written = insides::base64(data);
    assert_eq!(written, STANDARD.encode(data));
    assert_eq!(insides::read_base64(&written).as_deref(), Ok(data));
    assert_eq!(insides::read_base64(&STANDARD_NO_PAD.encode(data)).as_deref(), Ok(data));
}

fn by_the_library(data: &[u8]) -> Result<Vec<u8>, NotBase64> {
    LENIENT.decode(data).map_err(|error| match error {
        DecodeError::InvalidByte(place, _) => NotBase64::At(place),
        DecodeError::InvalidLastSymbol { offset, .. } => NotBase64::At(offset),
        _ => NotBase64::CutOff,
    })
}

/// An artifact URI holds a text, or the error has a place in it. Line breaks do not matter.
pub fn artifact_uri(data: &[u8]) {
    let mut packed = data.to_vec();
    let kept = without_line_breaks(&mut packed);
    packed.truncate(kept);
    assert!(packed.iter().eq(data.iter().filter(|byte| !matches!(byte, b'\n' | b'\r'))));

    let Some(given) = text(data) else { return };
    let decoded = uri::decode(given);
    let bytes = by_the_library(&packed).ok().filter(|_| kept > 0);
    let expected = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).map(|mut text| {
        let end = text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line).len());
        text.truncate(end.unwrap_or(text.len()));
        text
    });
    assert_eq!(decoded.as_ref().ok(), expected.as_ref());
    match decoded {
        // The place of what is no UTF-8 is one of the decoded bytes.
        Err(error) if error.code() == "bad-utf8" => {
            said::plainly(&error);
            assert!(error.offset().is_some_and(|offset| offset < data.len()));
        }
        Err(error) => said::well(&error, given),
        Ok(_) => {}
    }
    is_read_again(given);
}

/// Whatever text is encoded, in one line or in several, with padding or not.
fn is_read_again(given: &str) {
    if given.is_empty() || given.ends_with(['\n', '\r']) {
        return;
    }
    let encoded = STANDARD.encode(given);
    let (front, rest) = encoded.split_at(encoded.len() / 2);
    let unpadded = encoded.trim_end_matches('=');
    for spelling in
        [&encoded, unpadded, &format!("{front}\r\n{rest}\n"), &STANDARD.encode(format!("{given}\n"))]
    {
        assert_eq!(uri::decode(spelling).as_deref(), Ok(given));
    }
}
