//! Names of images, `registry/repository[:tag]@digest`, after the grammar of distribution/reference, narrowed to what can be
//! signed: a registry and a digest are there, and one image has one name.

use crate::digest::is_digest;

const DOCKER_HUB: &str = "docker.io";

/// An image by its name and digest.
#[derive(Debug, PartialEq, Eq)]
pub struct Name {
    /// In lower case, and one of Docker Hub's for all.
    pub registry: String,
    /// Without a tag.
    pub repository: String,
    pub digest: String,
}

impl Name {
    /// Reads a whole reference, which needs a registry and a digest.
    pub fn read(text: &str) -> Option<Self> {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'%');
        let (domain, rest) = text.split_once('/')?;
        let (named, digest) = rest.split_once('@')?;
        let (path, tag) = named.split_once(':').map_or((named, None), |(path, tag)| (path, Some(tag)));
        let is_right = is_plain
            && is_domain(domain)
            && path.split('/').all(is_component)
            && tag.is_none_or(is_tag)
            && is_digest(digest);
        let registry = domain.to_ascii_lowercase();
        let is_hub = matches!(&*registry, "docker.io" | "index.docker.io" | "registry-1.docker.io");
        let repository = if is_hub && !path.contains('/') { format!("library/{path}") } else { path.into() };
        let registry = if is_hub { DOCKER_HUB.into() } else { registry };
        (is_right && repository.len() <= 255).then(|| Self { registry, repository, digest: digest.into() })
    }
}

/// A name with a dot, an address, or anything with a port; `localhost` without.
fn is_domain(text: &str) -> bool {
    let is_explicit = text.contains(['.', ':']) || text.eq_ignore_ascii_case("localhost");
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(address, port)| is_ipv6(address) && is_port_part(port));
    }
    let (host, port) = text.split_at(text.find(':').unwrap_or(text.len()));
    is_explicit && is_host(host) && is_port_part(port)
}

fn is_host(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    let is_name = text.len() <= 253 && labels.iter().all(|label| is_label(label));
    // Whatever parses URLs takes such a name for an address of IPv4.
    is_name && (!labels.last().is_some_and(|last| is_number(last)) || is_ipv4(&labels))
}

fn is_label(text: &str) -> bool {
    let is_known = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_known && matches!(text.len(), 1..=63) && !text.starts_with('-') && !text.ends_with('-')
}

fn is_number(label: &str) -> bool {
    let is_decimal = label.bytes().all(|byte| byte.is_ascii_digit());
    let hex = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    is_decimal || hex.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_ipv4(labels: &[&str]) -> bool {
    labels.len() == 4 && labels.iter().all(|label| plain_number(label).is_some_and(|number| number <= 255))
}

fn is_ipv6(text: &str) -> bool {
    // A zone, and an address of IPv4 at the end, are not in the grammar.
    text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':')
        && text.parse::<std::net::Ipv6Addr>().is_ok()
}

fn is_port_part(text: &str) -> bool {
    let port = text.strip_prefix(':').and_then(plain_number);
    text.is_empty() || port.is_some_and(|number| (1..=65_535).contains(&number))
}

/// Without a zero in front.
fn plain_number(digits: &str) -> Option<u32> {
    let is_plain =
        digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    if is_plain && digits.len() <= 5 { digits.parse().ok() } else { None }
}

/// Words of lower-case letters and digits, with one separator between two: `.`, `_`, `__` or any number of dashes.
fn is_component(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = [text.bytes().next(), text.bytes().last()];
    let separators = text.split(|letter: char| u8::try_from(letter).is_ok_and(is_word));
    ends.into_iter().all(|end| end.is_some_and(is_word))
        && separators
            .filter(|between| !between.is_empty())
            .all(|between| matches!(between, "." | "_" | "__") || between.bytes().all(|byte| byte == b'-'))
}

fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_known = text.bytes().all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'));
    is_known && text.len() <= 128 && text.bytes().next().is_some_and(is_word)
}
