//! URLs that secrets are sent to.

use ocisign::{BaseUrl, check_url, is_loopback, percent_encode};
use url::{Host, Url};

use super::{said, two_texts};

/// A URL that is accepted leads where it seems to lead, for whatever parses URLs; an id stays within its segment.
pub fn url(data: &[u8]) {
    let Some((given, id)) = two_texts(data) else { return };
    let base = BaseUrl::parse(given);
    match check_url(given, "The URL") {
        Ok(checked) => {
            assert!(given.starts_with(checked) && !checked.ends_with('/'));
            assert_eq!(check_url(checked, "The URL"), Ok(checked));
            let base = base.expect("the same rule holds for the base URL");
            if let Some(parsed) = leads_there(checked) {
                stays_below(&base, &parsed, id);
            }
        }
        Err(error) => {
            said::well(&error, given);
            assert_eq!(base.err().map(|error| error.code()), Some(error.code()));
        }
    }
    said::without_password(given, |text| check_url(text, "The URL").err());
    is_decoded_again(id);
}

/// What a browser makes of it.
fn leads_there(checked: &str) -> Option<Url> {
    // Not each of these is an international name, and then it has no address.
    if checked.contains("xn--") || checked.contains("XN--") {
        return None;
    }
    let parsed = Url::parse(checked).expect("what is accepted is a URL");
    assert!(parsed.username().is_empty() && parsed.password().is_none());
    assert!(parsed.query().is_none() && parsed.fragment().is_none());

    let (scheme, rest) = checked.split_once("://").expect("it has a scheme");
    assert_eq!(parsed.scheme(), scheme);
    let (authority, path) = rest.find('/').map_or((rest, "/"), |place| rest.split_at(place));
    assert_eq!(parsed.path().split('/').count(), path.split('/').count(), "no segment is left out");
    let is_own = match parsed.host().expect("it has a host") {
        Host::Domain(name) => {
            assert_eq!(authority.split(':').next().map(str::to_ascii_lowercase).as_deref(), Some(name));
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => {
            assert_eq!(authority.split(':').next(), Some(address.to_string().as_str()));
            address.is_loopback()
        }
        Host::Ipv6(address) => address.is_loopback(),
    };
    assert!(scheme == "https" || is_own, "a secret travels in the open only on this machine");
    assert!(is_own || !is_loopback(authority));
    Some(parsed)
}

/// The client refuses ids that are nothing but one or two dots.
fn stays_below(base: &BaseUrl, parsed: &Url, id: &str) {
    if matches!(id, "" | "." | "..") {
        return;
    }
    let joined = Url::parse(&base.join("imagesignings/{id}/approve", id)).expect("it is a URL");
    assert_eq!((joined.host(), joined.port()), (parsed.host(), parsed.port()));
    assert!(joined.query().is_none() && joined.fragment().is_none());
    let front = parsed.path().trim_end_matches('/');
    let expected = [front, "/imagesignings/", &percent_encode(id), "/approve"].concat();
    assert_eq!(joined.path(), expected);
}

fn is_decoded_again(id: &str) {
    let encoded = percent_encode(id);
    assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
    let mut decoded = Vec::new();
    let mut rest = encoded.as_bytes();
    while let [byte, after @ ..] = rest {
        if *byte == b'%' {
            let digits = core::str::from_utf8(&after[..2]).expect("they are ASCII");
            decoded.push(u8::from_str_radix(digits, 16).expect("two digits follow"));
            rest = &after[2..];
        } else {
            decoded.push(*byte);
            rest = after;
        }
    }
    assert_eq!(decoded, id.as_bytes());
}
