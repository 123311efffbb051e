//! Whose bearer token a request carries.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::api_error::ApiError;
use crate::auth::{Claimed, Person, TokenError};
use crate::directory;
use crate::operating::observer::note_person;
use crate::sandbox::{Sandbox, Shared};

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
        let claimed = claimed(&sandbox, token).await.map_err(refused_token)?;
        let person = directory::person(sandbox.directory.as_ref(), claimed)?;
        note_person(&parts.extensions, person.identity.shown());
        Ok(person)
    }
}

/// Each token is checked by whoever it says has made it.
async fn claimed(sandbox: &Sandbox, token: &str) -> Result<Claimed, TokenError> {
    match &sandbox.issuer {
        Some(issuer) if issuer.is_named_by(token) => issuer.check(token).await,
        _ => sandbox.tokens.check(token),
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

/// 401, or 503 where the issuer cannot be asked.
pub fn refused_token(error: TokenError) -> ApiError {
    match error {
        TokenError::Expired => ApiError::unauthorized(
            "token-expired",
            "The token has expired.",
            "Get a new token and try again.",
        ),
        TokenError::Invalid => ApiError::unauthorized(
            "token-invalid",
            "The token was made neither by this sandbox nor by its --oidc-issuer, or it is damaged.",
            "Take a token that this sandbox printed, or from its ocisign-sandbox/people.",
        ),
        TokenError::NotAccepted(why) => ApiError::unauthorized(
            "token-invalid",
            format!("The issuer's token is not accepted: {why}."),
            "Get a new token with the claims and the audience that this sandbox was started for (--oidc-…).",
        ),
        TokenError::IssuerUnreachable => ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "issuer-unreachable",
            "The token could not be checked: its issuer was not reached, or did not answer as an issuer does.",
            "Try again in a few seconds; the sandbox's log says what went wrong.",
        ),
    }
}
