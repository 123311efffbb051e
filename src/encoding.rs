//! Bytes as text: base64 as others write it, and digests in hexadecimal.

use alloc::string::String;

use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest, Sha256};

/// Base64 with and without padding; everything else is as strict as RFC 4648 §3.5 allows.
pub(crate) const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

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
