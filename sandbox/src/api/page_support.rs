//! What only the sandbox has: its profile, and what whoever sits at this machine needs to begin.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;

use crate::api_error::ApiError;
use crate::own_page::OwnPage;
use crate::people::MemberWithToken;
use crate::ready::ReadyRegistry;
use crate::sandbox::Shared;

/// `GET ocisign-profile`: the choices that the reference leaves open, as this sandbox made them.
#[utoipa::path(
    get, path = "/ocisign-profile", operation_id = "getProfile", tag = "sandbox",
    responses((status = 200, description = "The profile", body = Object))
)]
pub async fn profile(State(sandbox): State<Shared>) -> Json<Value> {
    Json(sandbox.profile.clone())
}

/// `GET ocisign-sandbox/people`: everyone, with a fresh token. This is how one logs in.
#[utoipa::path(
    get, path = "/ocisign-sandbox/people", operation_id = "listPeople", tag = "sandbox",
    responses((status = 200, description = "Everyone", body = [MemberWithToken]))
)]
pub async fn people(
    State(sandbox): State<Shared>,
    _page: OwnPage,
) -> Result<Json<Vec<MemberWithToken>>, ApiError> {
    let everyone = sandbox.tokens.for_everyone().map_err(|cause| {
        tracing::error!(%cause, "no token could be made");
        ApiError::internal()
    })?;
    Ok(Json(everyone))
}

/// `GET ocisign-sandbox/registry`: the embedded registry, with the user who may push to it.
#[utoipa::path(
    get, path = "/ocisign-sandbox/registry", operation_id = "getRegistry", tag = "sandbox",
    responses((status = 200, description = "The registry", body = ReadyRegistry))
)]
pub async fn registry(
    State(sandbox): State<Shared>,
    _page: OwnPage,
) -> Result<Json<ReadyRegistry>, ApiError> {
    sandbox.embedded_registry.clone().map(Json).ok_or_else(|| {
        ApiError::new(
            StatusCode::NOT_FOUND,
            "no-embedded-registry",
            "This sandbox has no registry of its own: it was started with --registry.",
            "Ask whoever keeps that registry for a username and password, or start without --registry.",
        )
    })
}
