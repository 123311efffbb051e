//! URLs that secrets are sent to, the service's base URL among them:
//! `https://app.laavat.io/<CustomerName>/api/v1`, with or without a slash at the end.

use alloc::{borrow::ToOwned, string::String};

use crate::{domain, encoding::push_hex, error::Result, words::Problem};

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
    /// `bad-url` as [`check_url`].
    pub fn parse(text: &str) -> Result<Self> {
        check(text, "The base URL", "https://app.laavat.io/<CustomerName>/api/v1")
            .map(|url| Self(url.to_owned()))
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

/// Checks a URL that secrets may be sent to, or that answers are believed from: https, or http on this very machine.
/// `what` is how messages call it. Gives it back without slashes at the end.
///
/// # Errors
/// `bad-url` for another scheme, http to another machine, user information, a query, a fragment, a segment of dots,
/// or a host that is none.
///
/// ```
/// assert_eq!(ocisign::check_url("http://localhost:5000/", "The registry's URL")?, "http://localhost:5000");
/// let error = ocisign::check_url("registry.example", "The registry's URL").unwrap_err();
/// assert_eq!(error.message(), "The registry's URL does not begin with https://.");
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn check_url<'a>(text: &'a str, what: &str) -> Result<&'a str> {
    check(text, what, "https://host.example/path")
}

fn check<'a>(text: &'a str, what: &str, example: &str) -> Result<&'a str> {
    let bad = |problem: Problem| problem.found(example).found(what);
    let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return Err(bad(Problem::UrlScheme)),
    };
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.contains('@') {
        return Err(bad(Problem::UrlUserInfo));
    }
    if let Some(place) = text.find(|c: char| !c.is_ascii_graphic() || matches!(c, '?' | '#' | '\\')) {
        return Err(bad(Problem::UrlCharacter).and_at(place));
    }
    if rest.split('/').any(is_dots) {
        return Err(bad(Problem::UrlDots));
    }
    domain::check(authority, text.len() - rest.len()).map_err(|error| {
        // A password may have a slash: then it looks like a host, and is not repeated.
        if rest.contains('@') {
            bad(Problem::UrlUserInfo)
        } else {
            bad(Problem::UrlHost).found(&error.message())
        }
    })?;
    if !secure && !domain::is_loopback(authority) {
        return Err(bad(Problem::UrlOpen));
    }
    Ok(text.trim_end_matches('/'))
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
            encoded.push('%');
            push_hex(&mut encoded, byte, b"0123456789ABCDEF");
        }
    }
    encoded
}
