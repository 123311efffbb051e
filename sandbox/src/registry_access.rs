//! How a registry is reached: its domain, its scheme, and the credential kept for exactly that domain.

use std::net::IpAddr;

use ocisign::Reference;

use crate::start_error::StartError;

/// The registry that the command line named, and how to reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRegistry {
    /// `host[:port]`, lower case.
    pub domain: String,
    /// `http` was asked for.
    pub plain_http: bool,
}

impl NamedRegistry {
    /// Reads `http://host:port` or `https://host`.
    pub fn parse(url: &str) -> Result<Self, StartError> {
        let wrong = |why: &str| {
            StartError::new(format!(
                "--registry {url:?} {why}. Write it as https://registry.example or http://127.0.0.1:5000."
            ))
        };
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("has no scheme"))?;
        let plain_http = match scheme {
            "http" => true,
            "https" => false,
            _ => return Err(wrong("is neither http nor https")),
        };
        let domain = registry_domain(rest.strip_suffix('/').unwrap_or(rest)).map_err(|error| {
            wrong(&format!("names no registry: {}", error.message().trim_end_matches('.')))
        })?;
        Ok(Self { domain, plain_http })
    }

    /// With its scheme.
    pub fn url(&self) -> String {
        format!("{}://{}", if self.plain_http { "http" } else { "https" }, self.domain)
    }
}

/// Checks a registry's domain by the rule of references, and gives it in lower case.
pub fn registry_domain(text: &str) -> Result<String, ocisign::Error> {
    // The core checks domains as part of references.
    let probe = format!("{text}/probe@sha256:{}", "0".repeat(64));
    let reference = Reference::parse(&probe)?;
    if reference.repository() == "probe" {
        return Ok(reference.registry().to_owned());
    }
    Err(ocisign::Error::new(
        ocisign::Code::RegistryInvalid,
        "The registry's domain is followed by a path.",
        "Leave only the domain, with a port if it has one.",
    ))
}

/// Whether to speak plain HTTP: as the command line says for its registry, otherwise only to this machine.
pub fn speaks_plain_http(domain: &str, named: &NamedRegistry) -> bool {
    if domain == named.domain { named.plain_http } else { is_loopback(domain) }
}

/// Whether a domain is this machine.
pub fn is_loopback(domain: &str) -> bool {
    let host = match domain.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => domain,
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// What a registry's password is sealed for.
pub fn password_place(domain: &str) -> String {
    format!("registry-password/{domain}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_registry_is_read_from_its_url() {
        let registry = NamedRegistry::parse("http://127.0.0.1:5000/").unwrap();
        assert_eq!(registry, NamedRegistry { domain: "127.0.0.1:5000".to_owned(), plain_http: true });
        assert_eq!(NamedRegistry::parse("https://ECR.example").unwrap().url(), "https://ecr.example");
        for wrong in
            ["registry.example", "ftp://a.example", "http://", "http://a.example/path", "http://u@a.example"]
        {
            assert!(NamedRegistry::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        let named = NamedRegistry::parse("https://localhost:5000").unwrap();
        assert!(!speaks_plain_http("localhost:5000", &named));
        for loopback in ["localhost", "localhost:5001", "127.0.0.1:80", "127.9.9.9", "[::1]:5000"] {
            assert!(speaks_plain_http(loopback, &named), "{loopback}");
        }
        for remote in ["registry.example", "localhost.example", "127.0.0.1.example:80", "10.0.0.1:5000"] {
            assert!(!speaks_plain_http(remote, &named), "{remote}");
        }
    }
}
