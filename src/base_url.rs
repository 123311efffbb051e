//! The service's base URL: `https://app.laavat.io/<CustomerName>/api/v1`, with or without a slash at the end.

use alloc::{borrow::ToOwned, format, string::String};
use core::fmt::Write as _;

use crate::{
    domain,
    error::{Code, Error, Result},
};

/// A base URL that a token may be sent to: https, or http on this very machine.
///
/// ```
/// let base = ocisign::BaseUrl::parse("https://app.laavat.io/acme/api/v1/")?;
/// assert_eq!(base.join("imagesignings/{id}", "a b"), "https://app.laavat.io/acme/api/v1/imagesignings/a%20b");
/// # Ok::<(), ocisign::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Reads a base URL.
    ///
    /// # Errors
    /// `bad-url` for another scheme, http to another machine, user information, a query, a fragment, or
    /// a host that is none.
    pub fn parse(text: &str) -> Result<Self> {
        let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return Err(bad("The base URL does not begin with https://.")),
        };
        let authority = rest.split('/').next().unwrap_or_default();
        if authority.contains('@') {
            return Err(bad("The base URL has user information; the token belongs in `token`."));
        }
        if let Some(place) = text.find(|c: char| !c.is_ascii_graphic() || matches!(c, '?' | '#' | '\\')) {
            return Err(bad(
                "The base URL has a character that does not belong there, or a query or fragment.",
            )
            .at(place));
        }
        if rest.split('/').any(is_dots) {
            return Err(bad("The base URL has a segment of dots."));
        }
        domain::check(authority, text.len() - rest.len())
            .map_err(|error| bad(format!("The base URL's host is wrong: {}", error.message())))?;
        if !secure && !domain::is_loopback(authority) {
            return Err(bad("The base URL is http://, which would send the token in the open."));
        }
        Ok(Self(text.trim_end_matches('/').to_owned()))
    }

    /// The URL of a route of the profile, with `{id}` filled in.
    #[must_use]
    pub fn join(&self, route: &str, id: &str) -> String {
        let mut url = self.0.clone();
        url.push('/');
        for (index, part) in route.trim_start_matches('/').split('{').enumerate() {
            match part.strip_prefix("id}") {
                Some(part) if index > 0 => url.extend([&percent_encode(id), part]),
                _ if index > 0 => url.extend(["{", part]),
                _ => url.push_str(part),
            }
        }
        url
    }
}

/// Every URL parser climbs up at these, also when they are encoded.
fn is_dots(segment: &str) -> bool {
    matches!(segment.to_ascii_lowercase().as_str(), "." | ".." | "%2e" | ".%2e" | "%2e." | "%2e%2e")
}

/// Percent-encodes all but the unreserved characters of RFC 3986 §2.3, so that an id stays one segment.
///
/// ```
/// assert_eq!(ocisign::percent_encode("a/b c"), "a%2Fb%20c");
/// ```
#[must_use]
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn bad(message: impl Into<String>) -> Error {
    Error::new(
        Code::BadUrl,
        message,
        "Give it as in https://app.laavat.io/<CustomerName>/api/v1; http:// is for localhost only.",
    )
}
