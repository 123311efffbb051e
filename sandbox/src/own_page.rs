//! What is for our own page only, and needs no login: tokens, and the registry's password.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::api_error::ApiError;
use crate::sandbox::Shared;

/// A request from our own page, or from a program on this machine. Whoever takes it as an argument gives
/// nothing to any other web page.
pub struct OwnPage;

impl<S> FromRequestParts<S> for OwnPage
where
    Shared: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let sandbox = Shared::from_ref(state);
        if !sandbox.gives_tokens {
            return Err(refused(
                "tokens-not-offered",
                "A sandbox that others can reach gives no tokens and no passwords to whoever asks.",
                "Read them from the file of --ready-file; --print-tokens prints the tokens.",
            ));
        }
        if !sandbox.hosts.names_us(&parts.headers) || !sandbox.hosts.comes_from_us(&parts.headers) {
            return Err(refused(
                "foreign-origin",
                "Tokens and passwords are given to the sandbox's own page only.",
                "Open the page at the URL that the sandbox printed.",
            ));
        }
        Ok(Self)
    }
}

fn refused(code: &'static str, message: &'static str, fix: &'static str) -> ApiError {
    ApiError::new(StatusCode::FORBIDDEN, code, message, fix)
}
