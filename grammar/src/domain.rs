//! Registry domains: `host` or `host:port`, where host is a DNS name, an IPv4 address, or an IPv6
//! address in brackets. The grammar is distribution/reference's; lengths are RFC 1035's, ports are 1 to 65535 without
//! leading zeros, and an IPv4 address is four decimal numbers, so that one registry has one spelling: `127.1` is
//! another way to write 127.0.0.1 for whatever parses URLs, and a name for whatever does not.

use crate::{
    bytes::{DASH, DIGIT, LOWER, UPPER, end_at, skip},
    fault::{Fault, Wrong},
    reference::scheme_end,
    specials::Specials,
};

const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Docker Hub has three names: that of its images, the one of old, which tools still write into signatures, and that of
/// its API.
const DOCKER_HUB: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/// A domain that is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Domain {
    /// Where its host ends, and a port begins if there is one.
    pub host: usize,
    /// Where it ends.
    pub end: usize,
    /// Is its host an IPv4 address?
    pub is_ipv4: bool,
    /// Does it say that it is a domain, rather than a part of a path? Only with a `.`, a `:`, or as `localhost`
    /// (distribution/reference's rule for familiar names).
    pub is_explicit: bool,
    /// Has it capitals? Then its one spelling is another.
    pub has_capitals: bool,
}

/// Reads a domain that stands alone.
///
/// # Errors
/// What is wrong with it.
pub fn domain(text: &[u8]) -> Result<Domain, Fault> {
    match scheme_end(text) {
        Some(_) => Err(Wrong::DomainScheme.at(0)),
        None => read(text, None, &mut Specials::of(text)),
    }
}

/// Is this one of Docker Hub's names?
#[must_use]
pub fn is_docker_hub(domain: &[u8]) -> bool {
    DOCKER_HUB.iter().any(|name| is(domain, name.as_bytes()))
}

/// Does this component of a reference say that it is a domain, even if it is a wrong one?
#[must_use]
pub fn is_explicit(component: &[u8]) -> bool {
    end_at(component, 0, b".:") < component.len() || is_localhost(Some(component))
}

fn is_localhost(name: Option<&[u8]>) -> bool {
    name.is_some_and(|name| is(name, b"localhost"))
}

/// Are these the same name? Once, and not for each name that is asked about.
#[inline(never)]
fn is(name: &[u8], other: &[u8]) -> bool {
    name.eq_ignore_ascii_case(other)
}

/// Reads a domain up to the end of the text, or to a stop.
#[inline(never)]
pub fn read(text: &[u8], stop: Option<u8>, specials: &mut Specials<'_>) -> Result<Domain, Fault> {
    let is_end = |byte: Option<u8>| byte.is_none() || byte == stop;
    if text.first() == Some(&b'[') {
        // The special bytes within stay to come: whatever reads on passes over those before it.
        return read_ipv6(whole(text, stop));
    }
    let (mut label, mut has_capitals) = (0, false);
    let host = loop {
        let at = specials.next();
        let byte = text.get(at).copied();
        match byte {
            Some(b'-') if at > label => continue,
            Some(b'A'..=b'Z') => {
                has_capitals = true;
                continue;
            }
            Some(b'.' | b':') => {}
            _ if is_end(byte) => {}
            _ => return Err(wrong_label(whole(text, stop), label)),
        }
        if at == label || at - label > LONGEST_LABEL || text.get(at - 1) == Some(&b'-') {
            return Err(wrong_label(whole(text, stop), label));
        }
        if byte != Some(b'.') {
            break at;
        }
        label = at + 1;
    };
    if host > LONGEST_NAME {
        return Err(Wrong::NameTooLong.of(0, host));
    }
    let is_ipv4 = text.get(label).is_some_and(u8::is_ascii_digit) && is_number(text.get(label..host));
    if is_ipv4 && !is_ipv4_address(text.get(..host)) {
        return Err(Wrong::Ipv4Form.of(0, host));
    }
    let mut end = host;
    if !is_end(text.get(host).copied()) {
        end = specials.next();
        if !is_end(text.get(end).copied()) || !is_port(text.get(host + 1..end)) {
            return Err(Wrong::Port.at(host + 1));
        }
    }
    let is_explicit = label > 0 || end > host || is_localhost(text.get(..host));
    Ok(Domain { host, end, is_ipv4, is_explicit, has_capitals })
}

/// The whole domain, also where it cannot be read.
fn whole(text: &[u8], stop: Option<u8>) -> &[u8] {
    let end = text.iter().position(|byte| Some(*byte) == stop).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Says what is wrong with a domain whose labels are right up to the one that begins there: its length, the label's, or
/// a character.
#[cold]
fn wrong_label(domain: &[u8], label: usize) -> Fault {
    let name = end_at(domain, 0, b":");
    let end = end_at(domain, label, b".:");
    let place = skip(domain, label, DIGIT | LOWER | UPPER | DASH);
    if name > LONGEST_NAME {
        Wrong::NameTooLong.of(0, name)
    } else if end == label {
        Wrong::LabelEmpty.at(label)
    } else if end - label > LONGEST_LABEL {
        Wrong::LabelTooLong.at(label)
    } else if place < end {
        Wrong::DomainCharacter.at(place)
    } else {
        Wrong::LabelDash.at(label)
    }
}

/// Is this last label a number, also a hexadecimal one? Then every parser of URLs reads the name as an IPv4 address
/// (WHATWG URL, "ends in a number checker").
fn is_number(label: Option<&[u8]>) -> bool {
    match label.unwrap_or_default() {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        digits => digits.iter().all(u8::is_ascii_digit),
    }
}

/// Four decimal numbers from 0 to 255, and nothing else.
fn is_ipv4_address(name: Option<&[u8]>) -> bool {
    let mut parts = 0;
    let all = name.unwrap_or_default().split(|byte| *byte == b'.').all(|part| {
        parts += 1;
        plain_number(part).is_some_and(|number| number < 256)
    });
    all && parts == 4
}

fn is_port(digits: Option<&[u8]>) -> bool {
    matches!(digits.and_then(plain_number), Some(1..=65_535))
}

/// A number of at most five digits, without a zero in front.
fn plain_number(digits: &[u8]) -> Option<u32> {
    let is_plain = matches!((digits, digits.len()), ([b'0'], _) | ([b'1'..=b'9', ..], ..=5));
    let number = |number: u32, byte: &u8| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0'));
    if is_plain { digits.iter().try_fold(0, number) } else { None }
}

/// Reads an address in brackets, and what follows it.
#[cold]
fn read_ipv6(text: &[u8]) -> Result<Domain, Fault> {
    let end = end_at(text, 0, b"]");
    let Some(address) = text.get(1..end).filter(|_| end < text.len()) else {
        return Err(Wrong::BracketOpen.at(1));
    };
    let host = end + 1;
    let follows = text.get(host).copied();
    if !matches!(follows, None | Some(b':')) {
        return Err(Wrong::AfterAddress.of(host, text.len() - host));
    }
    if !is_ipv6(address) {
        return Err(Wrong::Ipv6.at(1));
    }
    if follows.is_some() && !is_port(text.get(host + 1..)) {
        return Err(Wrong::Port.at(host + 1));
    }
    Ok(Domain {
        host,
        end: text.len(),
        is_ipv4: false,
        is_explicit: true,
        has_capitals: address.iter().any(u8::is_ascii_uppercase),
    })
}

/// Eight groups of hexadecimal digits, or fewer and one `::` for the rest (RFC 4291 §2.2). An IPv4 address at the end
/// is not in distribution/reference's grammar.
fn is_ipv6(text: &[u8]) -> bool {
    match text.windows(2).position(|pair| pair == b"::") {
        None => groups(text) == Some(8),
        Some(place) => {
            let before = text.get(..place).and_then(groups);
            let after = text.get(place + 2..).and_then(groups);
            before.zip(after).is_some_and(|(before, after)| before + after <= 7)
        }
    }
}

/// How many groups stand here, if nothing else does.
fn groups(text: &[u8]) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let is_group = |group: &[u8]| matches!(group.len(), 1..=4) && group.iter().all(u8::is_ascii_hexdigit);
    let mut count = 0;
    text.split(|byte| *byte == b':')
        .all(|group| {
            count += 1;
            is_group(group)
        })
        .then_some(count)
}
