//! Registry domains: `host` or `host:port`, where host is a DNS name, an IPv4 address, or an IPv6
//! address in brackets. The grammar is distribution/reference's; lengths are RFC 1035's, and ports are
//! 1 to 65535 without leading zeros, so that one registry has one spelling.

use alloc::format;
use core::net::Ipv6Addr;

use crate::error::{Code, Error, Result, quote};

const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Checks a domain that stands `offset` bytes into the text that was given.
pub(crate) fn check(domain: &str, offset: usize) -> Result<()> {
    if domain.contains("://") {
        let message = format!("The registry begins with a scheme at byte {offset}.");
        return Err(Error::new(
            Code::Scheme,
            message,
            "Write the domain alone, without https:// and without a path.",
        )
        .at(offset));
    }
    let (host, port) = split_port(domain, offset)?;
    match host.strip_prefix('[') {
        Some(address) => check_ipv6(address, offset + 1)?,
        None => check_name(host, offset)?,
    }
    port.map_or(Ok(()), |port| check_port(port, offset + host.len() + 1))
}

/// Does the first component of a reference name a registry, rather than a part of a path?
/// Only with a `.`, a `:`, or as `localhost` (distribution/reference's rule for familiar names).
pub(crate) fn is_explicit(component: &str) -> bool {
    component.contains(['.', ':']) || component.eq_ignore_ascii_case("localhost")
}

/// Is the host this very machine? Only then may a token travel without TLS.
pub(crate) fn is_loopback(domain: &str) -> bool {
    let Ok((host, _)) = split_port(domain, 0) else { return false };
    host.eq_ignore_ascii_case("localhost") || host == "[::1]" || is_loopback_ipv4(host)
}

fn is_loopback_ipv4(host: &str) -> bool {
    host.parse::<core::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

fn split_port(domain: &str, offset: usize) -> Result<(&str, Option<&str>)> {
    let host_end = if domain.starts_with('[') {
        domain.find(']').map_or(domain.len(), |bracket| bracket + 1)
    } else {
        domain.find(':').unwrap_or(domain.len())
    };
    let (host, rest) = domain.split_at(host_end);
    match rest.strip_prefix(':') {
        Some(port) => Ok((host, Some(port))),
        None if rest.is_empty() => Ok((host, None)),
        None => {
            Err(invalid(format!("{} follows the address at byte {}", quote(rest), offset + host_end), offset))
        }
    }
}

fn check_name(name: &str, offset: usize) -> Result<()> {
    if name.len() > LONGEST_NAME {
        let message =
            format!("The registry's name has {} characters; a DNS name has at most 253", name.len());
        return Err(invalid(message, offset));
    }
    let mut place = offset;
    for label in name.split('.') {
        check_label(label, place)?;
        place += label.len() + 1;
    }
    Ok(())
}

fn check_label(label: &str, offset: usize) -> Result<()> {
    if label.is_empty() {
        return Err(invalid(format!("The registry's name has an empty part at byte {offset}"), offset));
    }
    if label.len() > LONGEST_LABEL {
        let message = format!("A part of the registry's name at byte {offset} is longer than 63 characters");
        return Err(invalid(message, offset));
    }
    if let Some((index, found)) =
        label.char_indices().find(|(_, c)| !(c.is_ascii_alphanumeric() || *c == '-'))
    {
        let place = offset + index;
        let found = quote(found.encode_utf8(&mut [0; 4]));
        return Err(invalid(format!("The registry's name has {found} at byte {place}"), place));
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err(invalid(
            format!("A part of the registry's name at byte {offset} begins or ends with `-`"),
            offset,
        ));
    }
    Ok(())
}

/// Checks what follows the opening bracket: an address, and the closing one.
fn check_ipv6(bracketed: &str, offset: usize) -> Result<()> {
    match bracketed.strip_suffix(']').map(str::parse::<Ipv6Addr>) {
        Some(Ok(_)) => Ok(()),
        Some(Err(_)) => {
            Err(invalid(format!("There is no IPv6 address in the brackets at byte {offset}"), offset))
        }
        None => Err(invalid(format!("The bracket before byte {offset} is not closed"), offset)),
    }
}

fn check_port(port: &str, offset: usize) -> Result<()> {
    let written_plainly = !port.starts_with('0') && port.bytes().all(|b| b.is_ascii_digit());
    if written_plainly && port.parse::<u16>().is_ok() {
        return Ok(());
    }
    Err(Error::new(
        Code::PortInvalid,
        format!("The port {} at byte {offset} is not a number from 1 to 65535.", quote(port)),
        "Write the registry's port as a plain number, or leave it out.",
    )
    .at(offset))
}

fn invalid(what: alloc::string::String, offset: usize) -> Error {
    Error::new(
        Code::RegistryInvalid,
        what + ".",
        "Write the registry as a DNS name or an address with an optional port, such as registry.example.com:5000.",
    )
    .at(offset)
}
