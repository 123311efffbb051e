//! CORS: portals on other origins that --allow-origin names, and no others.

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, Method, Uri, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::start_error::StartError;

/// The origins that may use this sandbox.
#[derive(Debug, Clone)]
pub struct AllowedOrigins(Vec<HeaderValue>);

impl AllowedOrigins {
    /// Checks them: scheme, host and port, as browsers send them.
    pub fn parse(origins: &[String]) -> Result<Self, StartError> {
        origins.iter().map(|origin| parse_origin(origin)).collect::<Result<_, _>>().map(Self)
    }

    /// Answers preflights and marks replies, if any origin is allowed.
    pub fn apply(&self, router: Router) -> Router {
        if self.0.is_empty() { router } else { router.layer(self.layer()) }
    }

    fn layer(&self) -> CorsLayer {
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(self.0.clone()))
            .allow_methods([
                Method::GET,
                Method::HEAD,
                Method::POST,
                Method::PUT,
                Method::PATCH,
                Method::DELETE,
            ])
            .allow_headers([header::ACCEPT, header::AUTHORIZATION, header::CONTENT_TYPE])
            .expose_headers([
                header::WWW_AUTHENTICATE,
                HeaderName::from_static("docker-content-digest"),
                header::RETRY_AFTER,
                header::LINK,
                header::LOCATION,
            ])
            .max_age(Duration::from_secs(600))
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
