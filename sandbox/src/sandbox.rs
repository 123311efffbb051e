//! What the request handlers share.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use serde_json::Value;

use crate::api_error::ApiError;
use crate::auth::{Person, TokenError, Tokens};
use crate::database::Database;
use crate::host_check::Hosts;
use crate::ready::ReadyRegistry;
use crate::signer::Bell;
use crate::vault::Vault;

/// The running sandbox, as handlers see it. It has no Debug: it holds keys.
pub struct Sandbox {
    /// Products, requests, credentials.
    pub database: Database,
    /// Seals private keys and passwords.
    pub vault: Arc<Vault>,
    /// Makes and checks bearer tokens.
    pub tokens: Tokens,
    /// Wakes the worker that signs.
    pub bell: Bell,
    /// `GET ocisign-profile`.
    pub profile: Value,
    /// `/<customer>/api/v1`.
    pub base: String,
    /// The names under which this sandbox is reached.
    pub hosts: Hosts,
    /// Whether it hands out tokens and passwords to whoever asks from this machine.
    pub gives_tokens: bool,
    /// The registry of this process, with its password.
    pub embedded_registry: Option<ReadyRegistry>,
}

/// A shared [`Sandbox`].
pub type Shared = Arc<Sandbox>;

impl<S> FromRequestParts<S> for Person
where
    Shared: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let sandbox = Shared::from_ref(state);
        let header = parts.headers.get(AUTHORIZATION).ok_or_else(missing_token)?;
        let token = header.to_str().ok().and_then(bearer).ok_or_else(missing_token)?;
        sandbox.tokens.check(token).map_err(refused_token)
    }
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn missing_token() -> ApiError {
    ApiError::unauthorized(
        "token-missing",
        "The request has no bearer token.",
        "Send the header `Authorization: Bearer <token>`.",
    )
}

fn refused_token(error: TokenError) -> ApiError {
    match error {
        TokenError::Expired => ApiError::unauthorized(
            "token-expired",
            "The token has expired.",
            "Get a new token and try again.",
        ),
        TokenError::Invalid => ApiError::unauthorized(
            "token-invalid",
            "The token was not made by this sandbox, or it is damaged.",
            "Take a token that this sandbox printed, or from its ocisign-sandbox/people.",
        ),
    }
}
