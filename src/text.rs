//! Texts that approvers read in a request.

use crate::{error::Result, words::Problem};

/// Is it a text of one line that everybody sees? Nearly every one is, and needs no closer look.
pub(crate) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !text.bytes().all(|byte| byte == b' ')
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
    match text.find(|c: char| c.is_control() && !allowed.contains(&c)) {
        Some(place) => Err(Problem::TextControl.at(place).found(field)),
        None => Ok(()),
    }
}
