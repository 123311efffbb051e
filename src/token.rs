//! Bearer tokens (RFC 6750). A token is checked before it comes near a header, because the error that a
//! platform raises for a bad header quotes it. No message here repeats any part of a token.

use alloc::format;

use crate::error::{Code, Error, Result};

/// Trims a token and checks that it can be sent.
///
/// # Errors
/// `bad-token` when it is empty, says "Bearer" itself, or has a character that no token has.
///
/// ```
/// assert_eq!(ocisign::token::check(" eyJhbGciOiJub25lIn0.e30.\n")?, "eyJhbGciOiJub25lIn0.e30.");
/// assert_eq!(ocisign::token::check("Bearer eyJ").unwrap_err().code(), "bad-token");
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn check(token: &str) -> Result<&str> {
    let trimmed = token.trim();
    let fix = "Pass the bare token, as the identity provider gave it.";
    if trimmed.is_empty() {
        return Err(Error::new(Code::BadToken, "The token is empty.", fix));
    }
    if trimmed.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        return Err(Error::new(Code::BadToken, "The token begins with the word Bearer.", fix));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '+' | '/' | '=');
    match trimmed.find(|c| !allowed(c)) {
        Some(place) => {
            let message = format!("The token has a character at byte {place} that no bearer token has.");
            Err(Error::new(Code::BadToken, message, fix).at(place))
        }
        None => Ok(trimmed),
    }
}
