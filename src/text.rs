//! Texts that approvers read in a request.

use crate::{error::Result, words::Problem};

/// Is it a text of one line that everybody sees? Nearly every one is, and needs no closer look.
pub(crate) fn is_plain(text: &str) -> bool {
    is_printable(text) && !text.bytes().all(|byte| byte == b' ')
}

fn is_printable(text: &str) -> bool {
    let mut rest = text.as_bytes();
    loop {
        rest = rest.get(plain_length(rest)..).unwrap_or_default();
        match rest.split_first() {
            None => return true,
            Some((b'"' | b'\\', after)) => rest = after,
            _ => return false,
        }
    }
}

/// How many bytes stand in front that are printable ASCII, and nothing that JSON escapes: all of nearly every text. Eight
/// at a time, since every text that comes or goes is looked at by this.
pub(crate) fn plain_length(bytes: &[u8]) -> usize {
    let (eights, _) = bytes.as_chunks::<8>();
    let whole = 8 * eights.iter().take_while(|eight| are_plain(u64::from_le_bytes(**eight))).count();
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    whole + bytes.get(whole..).unwrap_or_default().iter().take_while(|byte| is_plain(byte)).count()
}

/// Are eight bytes plain? A byte is not if its highest bit is set, or comes to be: by one more (DEL), by 32 less (control
/// characters), or by one less than nothing (the two marks).
const fn are_plain(eight: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHEST: u64 = 0x80 * ONES;
    let quote = (eight ^ (b'"' as u64 * ONES)).wrapping_sub(ONES);
    let backslash = (eight ^ (b'\\' as u64 * ONES)).wrapping_sub(ONES);
    let control = eight.wrapping_sub(b' ' as u64 * ONES);
    (eight | eight.wrapping_add(ONES) | control | quote | backslash) & HIGHEST == 0
}

/// Checks a required text of an input: there, and without control characters.
pub(crate) fn check_text(field: &str, text: &str) -> Result<()> {
    if text.chars().all(char::is_whitespace) {
        return Err(Problem::TextEmpty.found(field));
    }
    check_visible(field, text, &[])
}

/// Checks a text that approvers read: without control characters but those `allowed`.
pub(crate) fn check_visible(field: &str, text: &str, allowed: &[char]) -> Result<()> {
    if is_printable(text) {
        return Ok(());
    }
    match text.find(|c: char| c.is_control() && !allowed.contains(&c)) {
        Some(place) => Err(Problem::TextControl.at(place).found(field)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_plain_or_not_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            let is_plain = matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
            for place in 0..24 {
                for around in *b" ~!#[]a" {
                    let mut bytes = [around; 24];
                    bytes.iter_mut().skip(place).take(1).for_each(|it| *it = byte);
                    assert_eq!(plain_length(&bytes), if is_plain { 24 } else { place }, "{byte} at {place}");
                }
            }
        }
        assert_eq!(plain_length(b""), 0);
    }

    #[test]
    fn quotation_marks_and_backslashes_are_printable() {
        for text in ["", "a \"b\" \\", "\"\\\"\\\"\\\"\\\"\\"] {
            assert!(is_printable(text), "{text}");
        }
        for text in ["a\n", "\u{7f}", "\u{80}", "12345678\"12345678\u{1f}"] {
            assert!(!is_printable(text), "{text}");
        }
    }
}
