//! The page: static files, and the settings beside them.

use std::path::{Path, PathBuf};

use axum::handler::HandlerWithoutStateExt;
use axum::http::{HeaderName, header};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;
use tower_http::services::ServeDir;

use crate::api;
use crate::page_headers::default_header;
use crate::start_error::StartError;

const NO_PAGE: &str = "This is the ocisign sandbox, a stand-in for development and tests.\n\
    It was started without --www, so there is no page here; the API works.\n";

/// What every reply says.
pub const MARK: (&str, &str) = ("x-ocisign-sandbox", "stand-in for development and tests");

/// The page's routes: files, or a word about why there are none.
pub fn router(www: Option<&Path>) -> Router {
    let router = match www {
        Some(folder) => Router::new().fallback_service(
            ServeDir::new(folder)
                .precompressed_br()
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

/// `settings.json`, beside the page's files.
pub fn settings_file(settings: Value) -> Router {
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

/// Says on every reply what this is.
pub fn mark(router: Router) -> Router {
    router.layer(default_header(HeaderName::from_static(MARK.0), MARK.1))
}
