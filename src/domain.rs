//! Registry domains: `host` or `host:port`, where host is a DNS name, an IPv4 address, or an IPv6
//! address in brackets. The grammar is distribution/reference's; lengths are RFC 1035's, ports are 1 to 65535 without
//! leading zeros, and an IPv4 address is four decimal numbers, so that one registry has one spelling: `127.1` is
//! another way to write 127.0.0.1 for whatever parses URLs, and a name for whatever does not.

use alloc::string::String;

use crate::{error::Result, words::Problem};

const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Docker Hub, as distribution/reference calls it.
const DOCKER_HUB: &str = "docker.io";

/// Reads a registry's domain by the rule of references, and gives it in its one spelling: in lower case, and Docker Hub
/// as `docker.io`.
///
/// # Errors
/// `registry-missing` for a name that could be a part of a path, `registry-invalid`, `port-invalid`, `scheme`.
///
/// ```
/// assert_eq!(ocisign::read_registry("Registry.Example:5000")?, "registry.example:5000");
/// assert_eq!(ocisign::read_registry("index.docker.io")?, "docker.io");
/// # Ok::<(), ocisign::Error>(())
/// ```
pub fn read_registry(text: &str) -> Result<String> {
    check(text, 0)?;
    if is_explicit(text) {
        return Ok(canonical(text));
    }
    Err(Problem::RegistryMissing.at(0).found(text))
}

/// One spelling for each registry. Docker Hub has three names: that of its images, the one of old, which tools still
/// write into signatures, and that of its API.
pub(crate) fn canonical(domain: &str) -> String {
    let domain = domain.to_ascii_lowercase();
    match domain.as_str() {
        "index.docker.io" | "registry-1.docker.io" => DOCKER_HUB.into(),
        _ => domain,
    }
}

/// Is this Docker Hub, in its one spelling? It keeps its official images, whose names have one part, in `library/`.
pub(crate) fn is_docker_hub(canonical: &str) -> bool {
    canonical == DOCKER_HUB
}

/// Checks a domain that stands `offset` bytes into the text that was given.
pub(crate) fn check(domain: &str, offset: usize) -> Result<()> {
    if split_scheme(domain).is_some() {
        return Err(Problem::DomainScheme.at(offset));
    }
    let (host, port) = split_port(domain, offset)?;
    match host.strip_prefix('[') {
        Some(address) => check_ipv6(address, offset + 1)?,
        None => check_name(host, offset)?,
    }
    port.map_or(Ok(()), |port| check_port(port, offset + host.len() + 1))
}

/// What stands before and after the first `://`.
pub(crate) fn split_scheme(text: &str) -> Option<(&str, &str)> {
    split_once(text, "://")
}

/// As `str::split_once`, for a separator that begins with a colon. The standard one brings a search algorithm that is
/// larger than this whole file.
fn split_once<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let mut colons = text.match_indices(':').filter_map(|(place, _)| text.split_at_checked(place));
    colons.find_map(|(before, after)| after.strip_prefix(separator).map(|after| (before, after)))
}

/// Does the first component of a reference name a registry, rather than a part of a path?
/// Only with a `.`, a `:`, or as `localhost` (distribution/reference's rule for familiar names).
pub(crate) fn is_explicit(component: &str) -> bool {
    component.contains(['.', ':']) || component.eq_ignore_ascii_case("localhost")
}

/// Is this host, with or without a port, this very machine? Only then may a secret travel without TLS. It is for
/// `localhost` and all below it (RFC 6761 §6.3), for 127.0.0.0/8 in plain dotted form, and for `[::1]`.
///
/// ```
/// assert!(ocisign::is_loopback("registry.localhost:5000"));
/// assert!(!ocisign::is_loopback("127.0.0.1.evil.example"));
/// ```
#[must_use]
pub fn is_loopback(domain: &str) -> bool {
    let Ok((host, _)) = split_port(domain, 0) else { return false };
    let is_this_machine =
        host == "[::1]" || is_localhost(host) || (host.starts_with("127.") && is_ipv4(host));
    is_this_machine && check(domain, 0).is_ok()
}

fn is_localhost(host: &str) -> bool {
    let top = host.rsplit('.').next().unwrap_or_default();
    top.eq_ignore_ascii_case("localhost")
}

fn split_port(domain: &str, offset: usize) -> Result<(&str, Option<&str>)> {
    let host_end = if domain.starts_with('[') {
        domain.find(']').map_or(domain.len(), |bracket| bracket + 1)
    } else {
        domain.find(':').unwrap_or(domain.len())
    };
    let (host, rest) = domain.split_at_checked(host_end).unwrap_or((domain, ""));
    match rest.strip_prefix(':') {
        Some(port) => Ok((host, Some(port))),
        None if rest.is_empty() => Ok((host, None)),
        None => Err(Problem::AfterAddress.at(offset + host_end).found(rest)),
    }
}

fn check_name(name: &str, offset: usize) -> Result<()> {
    if name.len() > LONGEST_NAME {
        return Err(Problem::NameTooLong.at(offset).number(name.len()));
    }
    let mut place = offset;
    for label in name.split('.') {
        check_label(label, place)?;
        place += label.len() + 1;
    }
    if ends_in_a_number(name) && !is_ipv4(name) {
        return Err(Problem::Ipv4Form.at(offset).found(name));
    }
    Ok(())
}

/// Then every parser of URLs reads it as an IPv4 address (WHATWG URL, "ends in a number checker").
fn ends_in_a_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default().as_bytes();
    match last {
        [b'0', b'x' | b'X', digits @ ..] => digits.iter().all(u8::is_ascii_hexdigit),
        digits => digits.iter().all(u8::is_ascii_digit),
    }
}

/// Four decimal numbers from 0 to 255, and nothing else.
fn is_ipv4(host: &str) -> bool {
    let is_byte = |part: &str| is_plain_number(part) && part.parse::<u8>().is_ok();
    host.split('.').count() == 4 && host.split('.').all(is_byte)
}

fn check_label(label: &str, offset: usize) -> Result<()> {
    if label.is_empty() {
        return Err(Problem::LabelEmpty.at(offset));
    }
    if label.len() > LONGEST_LABEL {
        return Err(Problem::LabelTooLong.at(offset));
    }
    if let Some((index, found)) =
        label.char_indices().find(|(_, c)| !(c.is_ascii_alphanumeric() || *c == '-'))
    {
        return Err(Problem::DomainCharacter.at(offset + index).character(found));
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err(Problem::LabelDash.at(offset));
    }
    Ok(())
}

/// Checks what follows the opening bracket: an address, and the closing one.
fn check_ipv6(bracketed: &str, offset: usize) -> Result<()> {
    match bracketed.strip_suffix(']').map(is_ipv6) {
        Some(true) => Ok(()),
        Some(false) => Err(Problem::Ipv6Invalid.at(offset)),
        None => Err(Problem::BracketOpen.at(offset)),
    }
}

/// Eight groups of hexadecimal digits, or fewer and one `::` for the rest (RFC 4291 §2.2). An IPv4 address at the end
/// is not in distribution/reference's grammar.
fn is_ipv6(text: &str) -> bool {
    match split_once(text, "::") {
        None => groups(text) == Some(8),
        Some((before, after)) => {
            groups(before).zip(groups(after)).is_some_and(|(before, after)| before + after <= 7)
        }
    }
}

/// How many groups stand here, if nothing else does.
fn groups(text: &str) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let is_group =
        |group: &str| (1..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split(':').all(is_group).then(|| text.split(':').count())
}

/// Digits, without a zero in front.
fn is_plain_number(text: &str) -> bool {
    (text == "0" || !text.starts_with('0')) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn check_port(port: &str, offset: usize) -> Result<()> {
    if is_plain_number(port) && port.parse::<u16>().is_ok_and(|port| port > 0) {
        return Ok(());
    }
    // It is not quoted: in `user:password` the password stands there.
    Err(Problem::PortInvalid.at(offset))
}
