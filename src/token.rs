//! Bearer tokens (RFC 6750). A token is checked before it comes near a header, because the error that a
//! platform raises for a bad header quotes it. No message here repeats any part of a token.

use crate::{error::Result, words::Problem};

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
    if trimmed.is_empty() {
        return Err(Problem::TokenEmpty.into());
    }
    if trimmed.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        return Err(Problem::TokenBearer.into());
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '+' | '/' | '=');
    match trimmed.find(|c| !allowed(c)) {
        Some(place) => Err(Problem::TokenCharacter.at(place)),
        None => Ok(trimmed),
    }
}
