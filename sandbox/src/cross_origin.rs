//! CORS: portals on other origins that --allow-origin names, our own page where the registry is read, and
//! no others.

use std::time::Duration;

use axum::Router;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, Uri, header};
use tower_http::cors::{AllowMethods, AllowOrigin, CorsLayer};

use crate::faults;
use crate::start_error::StartError;

/// What portals do with the API and the registry.
const ALL: [Method; 6] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
const READING: [Method; 2] = [Method::GET, Method::HEAD];

/// The origins that may use this sandbox.
#[derive(Debug, Clone)]
pub struct AllowedOrigins {
    portals: Vec<HeaderValue>,
    readers: Vec<HeaderValue>,
}

impl AllowedOrigins {
    /// Checks them: scheme, host and port, as browsers send them.
    pub fn parse(origins: &[String]) -> Result<Self, StartError> {
        let portals = origins.iter().map(|origin| parse_origin(origin)).collect::<Result<_, _>>()?;
        Ok(Self { portals, readers: vec![] })
    }

    /// These too, but only to read.
    pub fn and_readers(&self, origins: &[String]) -> Self {
        let readers = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
        Self { portals: self.portals.clone(), readers }
    }

    /// Answers preflights and marks replies, if any origin is allowed.
    pub fn apply(&self, router: Router) -> Router {
        if self.portals.is_empty() && self.readers.is_empty() { router } else { router.layer(self.layer()) }
    }

    fn layer(&self) -> CorsLayer {
        let origins = self.clone();
        CorsLayer::new()
            .allow_origin(AllowOrigin::predicate(move |origin, request| origins.allow(origin, request)))
            // Only what was asked for and allowed: a browser remembers the methods of a preflight's answer.
            .allow_methods(AllowMethods::mirror_request())
            .allow_headers([header::ACCEPT, header::AUTHORIZATION, header::CONTENT_TYPE])
            .expose_headers([
                header::WWW_AUTHENTICATE,
                HeaderName::from_static("docker-content-digest"),
                // Without it a page cannot tell a registry's own 404 from a proxy's.
                HeaderName::from_static("docker-distribution-api-version"),
                header::RETRY_AFTER,
                header::LINK,
                header::LOCATION,
                // Says that a registry lists what was pushed.
                HeaderName::from_static("oci-subject"),
                faults::HEADER,
            ])
            .max_age(Duration::from_secs(600))
    }

    fn allow(&self, origin: &HeaderValue, request: &Parts) -> bool {
        let is_one_of = |methods: &[Method]| wanted_method(request).is_some_and(|it| methods.contains(&it));
        (self.portals.contains(origin) && is_one_of(&ALL))
            || (self.readers.contains(origin) && is_one_of(&READING))
    }
}

/// The method that the page wants to use; a preflight asks for it in a header.
fn wanted_method(request: &Parts) -> Option<Method> {
    match request.headers.get(header::ACCESS_CONTROL_REQUEST_METHOD) {
        Some(asked) if request.method == Method::OPTIONS => Method::from_bytes(asked.as_bytes()).ok(),
        _ => Some(request.method.clone()),
    }
}

fn parse_origin(origin: &str) -> Result<HeaderValue, StartError> {
    let wrong = || {
        StartError::new(format!(
            "--allow-origin {origin:?} is not an origin. Write it as https://portal.example or http://localhost:3000, without a path."
        ))
    };
    let uri: Uri = origin.parse().map_err(|_| wrong())?;
    let authority = uri.authority().ok_or_else(wrong)?.as_str();
    let is_plain = matches!(uri.scheme_str(), Some("http" | "https"))
        && !authority.contains('@')
        && format!("{}://{authority}", uri.scheme_str().unwrap_or_default()) == origin;
    if !is_plain {
        return Err(wrong());
    }
    HeaderValue::from_str(&origin.to_ascii_lowercase()).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_origins_are_taken() {
        for good in ["https://portal.example", "http://localhost:3000", "http://[::1]:8080"] {
            assert!(parse_origin(good).is_ok(), "{good}");
        }
        for wrong in [
            "*",
            "null",
            "portal.example",
            "https://portal.example/",
            "https://a.example/b",
            "ftp://a.example",
            "https://u@a.example",
        ] {
            assert!(parse_origin(wrong).is_err(), "{wrong}");
        }
    }
}
