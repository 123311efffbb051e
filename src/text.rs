//! Texts that approvers read in a request.

use crate::{error::Result, words::Problem};

/// Checks a required text of an input: there, and without control characters.
pub(crate) fn check_text(field: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() {
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
