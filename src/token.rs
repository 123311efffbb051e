//! Bearer tokens (RFC 6750). A token is checked before it comes near a header, because the error that a
//! platform raises for a bad header quotes it. No message here repeats any part of a token.

use crate::{error::Result, words::Problem};

/// Trims a token and checks that it can be sent. JavaScript takes it out of quotes and the like before
/// (`pkg/src/service/bare-token.ts`).
///
/// # Errors
/// `bad-token` when it is empty, or has a character that no token has, as JSON and UTF-16 have.
///
/// ```
/// assert_eq!(ocisign::token::check(" eyJhbGciOiJub25lIn0.e30.\n")?, "eyJhbGciOiJub25lIn0.e30.");
/// assert_eq!(ocisign::token::check("{\"token\":\"eyJ\"}").unwrap_err().code(), "bad-token");
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn check(token: &str) -> Result<&str> {
    let trimmed = token.trim();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '+' | '/' | '=');
    let Some(place) = trimmed.find(|c| !allowed(c)) else {
        return if trimmed.is_empty() { Err(Problem::TokenEmpty.into()) } else { Ok(trimmed) };
    };
    let what = match trimmed.as_bytes().get(place) {
        Some(b'{' | b'[') => "JSON",
        Some(0) => "a zero byte, as UTF-16 has,",
        Some(b' ' | b'\t' | b'\r' | b'\n') => "white space",
        _ => "a character",
    };
    Err(Problem::TokenCharacter.at(place).found(what))
}
