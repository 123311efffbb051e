//! What only the sandbox has: its profile, and tokens for whoever sits at this machine.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::Value;

use super::forbidden;
use crate::api_error::ApiError;
use crate::sandbox::Shared;

/// `GET ocisign-profile`: the choices that the reference leaves open, as this sandbox made them.
pub async fn profile(State(sandbox): State<Shared>) -> Json<Value> {
    Json(sandbox.profile.clone())
}

/// `GET ocisign-sandbox/people`: everyone, with a fresh token.
///
/// It needs no login, since it is how one logs in. It answers only our own page and programs on this
/// machine, so that no other web page takes a token.
pub async fn people(
    State(sandbox): State<Shared>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, ApiError> {
    if !sandbox.gives_tokens {
        return Err(forbidden(
            "tokens-not-offered",
            "A sandbox that others can reach gives no tokens to whoever asks.",
            "Read them from the file of --ready-file, or print them with --print-tokens.",
        ));
    }
    if !sandbox.hosts.names_us(&headers) || !sandbox.hosts.comes_from_us(&headers) {
        return Err(forbidden(
            "foreign-origin",
            "Tokens are given to the sandbox's own page only.",
            "Open the page at the URL that the sandbox printed.",
        ));
    }
    let everyone = sandbox.tokens.for_everyone().map_err(|cause| {
        tracing::error!(%cause, "no token could be made");
        ApiError::internal()
    })?;
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")], Json(everyone)))
}
