//! The page: static files, under headers that let them do only what they need.

use std::path::{Path, PathBuf};

use axum::handler::HandlerWithoutStateExt;
use axum::http::{HeaderName, HeaderValue, header};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::api;
use crate::start_error::StartError;

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const NO_PAGE: &str = "This is the ocisign sandbox, a stand-in for development and tests.\n\
    It was started without --www, so there is no page here; the API works.\n";

/// What every reply says.
pub const MARK: (&str, &str) = ("x-ocisign-sandbox", "stand-in for development and tests");

/// The page's routes: files, or a word about why there are none.
pub fn router(www: Option<&Path>) -> Router {
    let router = match www {
        Some(folder) => Router::new().fallback_service(
            ServeDir::new(folder)
                .call_fallback_on_method_not_allowed(true)
                .fallback(api::not_found.into_service()),
        ),
        None => Router::new()
            .route("/", get(|| async { NO_PAGE }))
            .method_not_allowed_fallback(api::wrong_method)
            .fallback(api::not_found),
    };
    // Files change between builds; the browser asks each time and mostly hears 304.
    router.layer(default_header(header::CACHE_CONTROL, "no-cache"))
}

/// `settings.json`: what the page has to know of where it is. Whoever serves the page elsewhere puts a file
/// of that name beside it.
pub fn settings(base: &str) -> Router {
    let settings = json!({ "baseUrl": base, "sandbox": true });
    Router::new().route("/settings.json", get(|| async { Json(settings) }))
}

/// Checks that there is a page in the folder.
pub fn folder(www: Option<PathBuf>) -> Result<Option<PathBuf>, StartError> {
    match www {
        Some(folder) if !folder.join("index.html").is_file() => Err(StartError::new(format!(
            "--www {}: there is no index.html. Build the page first, or leave out --www.",
            folder.display()
        ))),
        www => Ok(www),
    }
}

/// The headers of every reply on the page's origin.
pub fn harden(router: Router) -> Router {
    router
        .layer(default_header(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(default_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(default_header(header::REFERRER_POLICY, "no-referrer"))
}

/// Says on every reply what this is.
pub fn mark(router: Router) -> Router {
    router.layer(default_header(HeaderName::from_static(MARK.0), MARK.1))
}

/// A header for replies that do not set it themselves.
pub fn default_header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
