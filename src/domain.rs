//! Registry domains, in their one spelling. Their grammar is `grammar/src/domain.rs`.

use alloc::string::String;

use ocisign_grammar::is_docker_hub;

use crate::{error::Result, fault::error_of, words::Problem};

/// Docker Hub, as distribution/reference calls it.
pub(crate) const DOCKER_HUB: &str = "docker.io";

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
    let domain = ocisign_grammar::domain(text.as_bytes()).map_err(|fault| error_of(fault, text, 0))?;
    if domain.is_explicit {
        return Ok(canonical(text));
    }
    Err(Problem::RegistryMissing.at(0).found(text))
}

/// One spelling for each registry.
pub(crate) fn canonical(domain: &str) -> String {
    if is_docker_hub(domain.as_bytes()) { DOCKER_HUB.into() } else { domain.to_ascii_lowercase() }
}

/// Checks a domain that stands `offset` bytes into the text that was given.
pub(crate) fn check(domain: &str, offset: usize) -> Result<()> {
    match ocisign_grammar::domain(domain.as_bytes()) {
        Ok(_) => Ok(()),
        Err(fault) => Err(error_of(fault, domain, offset)),
    }
}

/// Is this host, with or without a port, this very machine? Only then may a secret travel without TLS. It is for
/// `localhost` and all below it (RFC 6761 §6.3), for 127.0.0.0/8 in plain dotted form, and for `[::1]`.
///
/// ```
/// assert!(ocisign::is_loopback("registry.localhost:5000"));
/// assert!(!ocisign::is_loopback("127.0.0.1.evil.example"));
/// ```
#[must_use]
pub fn is_loopback(text: &str) -> bool {
    let Ok(domain) = ocisign_grammar::domain(text.as_bytes()) else { return false };
    let host = text.get(..domain.host).unwrap_or_default();
    host == "[::1]" || is_localhost(host) || (domain.is_ipv4 && host.starts_with("127."))
}

fn is_localhost(host: &str) -> bool {
    let top = host.rsplit('.').next().unwrap_or_default();
    top.eq_ignore_ascii_case("localhost")
}
