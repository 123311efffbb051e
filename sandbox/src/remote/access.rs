//! Which registries are reached, and how: domain, scheme, and the credential kept for exactly that domain.

use ocisign::read_registry;

use crate::start_error::StartError;

/// A registry that the command line names, and how to reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRegistry {
    /// `host[:port]`, lower case.
    pub domain: String,
    /// `http` was asked for.
    pub plain_http: bool,
}

impl NamedRegistry {
    /// Reads `http://host:port` or `https://host`, as `option` gave it.
    pub fn parse(option: &str, url: &str) -> Result<Self, StartError> {
        let wrong = |why: &str| {
            StartError::new(format!(
                "{option} {url:?} {why}. Write it as https://registry.example or http://127.0.0.1:5000."
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

/// The registries that the signer may use: those that the start names, and no others. A product may name any
/// registry, and whoever makes products must not choose what this machine connects to.
#[derive(Debug, Clone, Default)]
pub struct Allowed(Vec<NamedRegistry>);

impl Allowed {
    /// These.
    pub fn new(registries: Vec<NamedRegistry>) -> Self {
        Self(registries)
    }

    /// The registry of exactly this domain.
    pub fn find(&self, domain: &str) -> Option<&NamedRegistry> {
        self.0.iter().find(|registry| registry.domain == domain)
    }
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
        let registry = NamedRegistry::parse("--registry", "http://127.0.0.1:5000/").unwrap();
        assert_eq!(registry, NamedRegistry { domain: "127.0.0.1:5000".to_owned(), plain_http: true });
        assert_eq!(
            NamedRegistry::parse("--registry", "https://ECR.example").unwrap().url(),
            "https://ecr.example"
        );
        let hub = NamedRegistry::parse("--registry", "https://index.docker.io").unwrap();
        assert_eq!(hub.domain, "docker.io");
        for wrong in [
            "registry.example",
            "http://010.0.0.5",
            "http://0x7f.1",
            "http://1.2.3",
            "ftp://a.example",
            "http://",
            "http://a.example/path",
            "http://u@a.example",
            "http://127.1:5000",
            "http://registry",
        ] {
            assert!(NamedRegistry::parse("--registry", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_what_is_named_is_found() {
        let named = ["https://localhost:5000", "http://a.localhost:80", "https://ecr.example"];
        let allowed =
            Allowed::new(named.map(|url| NamedRegistry::parse("--registry", url).unwrap()).to_vec());
        assert!(!allowed.find("localhost:5000").unwrap().plain_http);
        assert!(allowed.find("a.localhost:80").unwrap().plain_http);
        for other in ["localhost", "127.0.0.1:5000", "a.localhost", "b.ecr.example", "ecr.example:443", ""] {
            assert_eq!(allowed.find(other), None, "{other}");
        }
    }
}
