//! How a registry is reached: its domain, its scheme, and the credential kept for exactly that domain.

use ocisign::{is_loopback, read_registry};

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
        let domain = read_registry(rest.strip_suffix('/').unwrap_or(rest)).map_err(|error| {
            wrong(&format!("names no registry: {}", error.message().trim_end_matches('.')))
        })?;
        Ok(Self { domain, plain_http })
    }

    /// With its scheme.
    pub fn url(&self) -> String {
        format!("{}://{}", if self.plain_http { "http" } else { "https" }, self.domain)
    }
}

/// Whether to speak plain HTTP: as the command line says for its registry, otherwise only to this machine.
pub fn speaks_plain_http(domain: &str, named: &NamedRegistry) -> bool {
    if domain == named.domain { named.plain_http } else { is_loopback(domain) }
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
        for wrong in [
            "registry.example",
            "ftp://a.example",
            "http://",
            "http://a.example/path",
            "http://u@a.example",
            "http://127.1:5000",
            "http://registry",
        ] {
            assert!(NamedRegistry::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        let named = NamedRegistry::parse("https://localhost:5000").unwrap();
        assert!(!speaks_plain_http("localhost:5000", &named));
        for loopback in
            ["localhost", "localhost:5001", "a.localhost:80", "127.0.0.1:80", "127.9.9.9", "[::1]:5000"]
        {
            assert!(speaks_plain_http(loopback, &named), "{loopback}");
        }
        for remote in [
            "registry.example",
            "localhost.example",
            "127.0.0.1.example:80",
            "10.0.0.1:5000",
            "127.1",
            "0x7f.0.0.1",
        ] {
            assert!(!speaks_plain_http(remote, &named), "{remote}");
        }
    }
}
