//! The service's routes under `/<customer>/api/v1`, each with and without a trailing slash.

mod admins;
mod audit;
mod clients;
mod credentials;
mod decision;
pub mod description;
mod digest_request;
mod listing;
mod page_support;
mod path_id;
mod product_life;
mod products;
mod same_json;
mod schemas;
mod shown_signing;
mod signings;
pub mod view;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{MethodRouter, delete, get, post};

use crate::api_error::ApiError;
use crate::sandbox::Shared;

pub use products::unknown_product;

/// Every path below the base, with its methods. Each handler describes itself for [`description`].
fn routes() -> [(&'static str, MethodRouter<Shared>); 23] {
    [
        ("/products", get(products::list).post(products::create)),
        ("/products/{id}", get(products::get).put(product_life::change).delete(product_life::delete)),
        ("/products/{id}/enable", post(product_life::enable)),
        ("/products/{id}/disable", post(product_life::disable)),
        ("/products/{id}/approve", post(product_life::approve)),
        ("/products/{id}/reject", post(product_life::reject)),
        ("/products/{id}/restore", post(product_life::restore)),
        ("/distributions/products/{id}/secrets", get(clients::secrets)),
        ("/registrations/clients", get(clients::list).post(clients::register)),
        ("/registrations/clients/{id}", get(clients::get).delete(clients::delete)),
        ("/registrations/clients/{id}/approve", post(clients::approve)),
        ("/imagesignings", get(listing::list).post(signings::create)),
        ("/imagesignings/{id}", get(signings::get)),
        ("/imagesignings/{id}/approve", post(signings::approve)),
        ("/imagesignings/{id}/reject", post(signings::reject)),
        ("/imagesignings/{id}/withdraw", post(signings::withdraw)),
        ("/audit", get(audit::list)),
        ("/registrycredentials", get(credentials::list).post(credentials::create)),
        ("/registrycredentials/{domain}", delete(credentials::delete)),
        ("/openapi.json", get(description::show)),
        ("/ocisign-profile", get(page_support::profile)),
        ("/ocisign-sandbox/people", get(page_support::people)),
        ("/ocisign-sandbox/registry", get(page_support::registry)),
    ]
}

/// The paths of all routes, below the base.
pub fn paths() -> Vec<&'static str> {
    routes().iter().map(|(path, _)| *path).collect()
}

/// All routes of the API.
pub fn router(sandbox: Shared) -> Router {
    let mut router = Router::new();
    for (path, methods) in routes() {
        router = router.route(path, methods.clone()).route(&format!("{path}/"), methods);
    }
    let router = router.fallback(not_found).method_not_allowed_fallback(wrong_method);
    Router::new().nest(&sandbox.base.clone(), router).with_state(sandbox)
}

/// 404 for what does not exist.
pub async fn not_found() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "no-such-path",
        "There is nothing at this path.",
        "The API is under the base path that the sandbox prints; GET its ocisign-profile for the routes.",
    )
}

/// 405; axum adds the Allow header.
pub async fn wrong_method() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "The path exists, but not with this method.",
        "Use one of the methods in the Allow header.",
    )
}

fn forbidden(code: &'static str, message: impl Into<String>, fix: &'static str) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, code, message, fix)
}

fn unprocessable(code: &'static str, message: impl Into<String>, fix: impl Into<String>) -> ApiError {
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, message, fix)
}
