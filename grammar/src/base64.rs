//! Base64 (RFC 4648 §4), read in place.

/// Why a text is not base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotBase64 {
    /// The byte there cannot stand there.
    At(usize),
    /// The end is missing.
    CutOff,
}

/// No symbol.
const NONE: u8 = 64;

/// Leaves the line breaks out, and says how long the rest is.
pub fn without_line_breaks(text: &mut [u8]) -> usize {
    let mut kept = 0;
    for at in 0..text.len() {
        let byte = text.get(at).copied().unwrap_or_default();
        if let Some(place) = text.get_mut(kept) {
            *place = byte;
        }
        kept += usize::from(!matches!(byte, b'\n' | b'\r'));
    }
    kept
}

/// Puts what a text decodes to in its place, and says how long that is. The text may have padding or not; everything else
/// is as strict as RFC 4648 §3.5 allows.
///
/// # Errors
/// Where it is no base64. Then the text is still there.
pub fn decode_base64(text: &mut [u8]) -> Result<usize, NotBase64> {
    let symbols = symbols_of(text)?;
    // The last symbol may have bits that no byte has.
    let last = text.get(symbols.wrapping_sub(1)).map_or(0, |byte| value_of(*byte));
    if (symbols % 4 == 2 && last & 15 > 0) || (symbols % 4 == 3 && last & 3 > 0) {
        return Err(NotBase64::At(symbols - 1));
    }
    let (mut bits, mut count, mut length) = (0, 0, 0);
    for at in 0..symbols {
        bits = bits << 6 | u32::from(text.get(at).map_or(0, |byte| value_of(*byte)));
        count += 6;
        if count >= 8 {
            count -= 8;
            if let Some(place) = text.get_mut(length) {
                *place = (bits >> count & 255) as u8;
            }
            length += 1;
        }
    }
    Ok(length)
}

/// How many symbols stand there, without the padding. Another byte at the end of a text that is one byte too long is
/// told first: often it is a line break.
fn symbols_of(text: &[u8]) -> Result<usize, NotBase64> {
    let is_symbol = |byte: &u8| value_of(*byte) != NONE;
    let length = text.len();
    if length % 4 == 1 && !text.ends_with(b"=") && !text.last().is_some_and(is_symbol) {
        return Err(NotBase64::At(length - 1));
    }
    let symbols = text.iter().position(|byte| !is_symbol(byte)).unwrap_or(length);
    let is_padding = symbols % 4 > 1 && symbols + 4 - symbols % 4 >= length;
    if symbols < length && !(is_padding && text.iter().skip(symbols).all(|byte| *byte == b'=')) {
        return Err(NotBase64::At(symbols));
    }
    if symbols % 4 == 1 { Err(NotBase64::CutOff) } else { Ok(symbols) }
}

const fn value_of(symbol: u8) -> u8 {
    match symbol {
        b'A'..=b'Z' => symbol - b'A',
        b'a'..=b'z' => symbol - b'a' + 26,
        b'0'..=b'9' => symbol - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => NONE,
    }
}
