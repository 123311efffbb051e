//! Bytes as text: base64 as others write it, and digests in hexadecimal.

use alloc::{string::String, vec::Vec};

use ocisign_grammar::{NotBase64, decode_base64};
use sha2::{Digest, Sha256};

const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Reads base64 with and without padding; everything else is as strict as RFC 4648 §3.5 allows. Libraries are several
/// times the code (docs/decisions/own-base64.md).
pub fn read_base64(text: &str) -> Result<Vec<u8>, NotBase64> {
    let mut bytes = text.as_bytes().to_vec();
    let length = decode_base64(&mut bytes)?;
    bytes.truncate(length);
    Ok(bytes)
}

/// Canonical base64: padded, without line breaks (RFC 4648 §4).
pub fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let symbol =
                SYMBOLS.get((bits >> (18 - 6 * place) & 63) as usize).filter(|_| place <= three.len());
            text.push(char::from(*symbol.unwrap_or(&b'=')));
        }
    }
    text
}

/// The SHA-256 of some bytes in lower-case hexadecimal.
pub(crate) fn hex_sha256(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        push_hex(&mut text, byte, b"0123456789abcdef");
    }
    text
}

/// Writes a byte as two of these digits. The formatting machinery would be many times the code.
pub(crate) fn push_hex(text: &mut String, byte: u8, digits: &[u8; 16]) {
    for index in [byte >> 4, byte & 15] {
        text.extend(digits.get(usize::from(index)).copied().map(char::from));
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use base64::{
        DecodeError, Engine,
        engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    };

    use super::*;

    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &::base64::alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );

    /// Every text of up to six of these bytes: symbols with and without bits to spare, padding, and no symbols.
    #[test]
    fn the_library_reads_the_same() {
        const BYTES: &[u8] = b"AQgwz/9=*";
        let mut texts = Vec::from([String::new()]);
        for _ in 0..6 {
            texts = texts
                .iter()
                .flat_map(|text| {
                    BYTES.iter().map(move |byte| text.clone() + &String::from(char::from(*byte)))
                })
                .chain([String::new()])
                .collect();
            for text in &texts {
                let expected = LENIENT.decode(text).map_err(|error| match error {
                    DecodeError::InvalidByte(place, _) => NotBase64::At(place),
                    DecodeError::InvalidLastSymbol { offset, .. } => NotBase64::At(offset),
                    _ => NotBase64::CutOff,
                });
                assert_eq!(read_base64(text), expected, "{text}");
                if let Ok(bytes) = expected {
                    assert_eq!(base64(&bytes), ::base64::engine::general_purpose::STANDARD.encode(bytes));
                }
            }
        }
    }
}
