//! The `{id}` of a path.

use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use uuid::Uuid;

use crate::api_error::ApiError;

/// A UUID, in the spelling that the store has.
pub struct PathId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        // Percent-encoded bytes that are no text end here too.
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| bad_id())?;
        parse(&text).map(Self)
    }
}

/// Reads an id, wherever it stands in a URL.
pub fn parse(text: &str) -> Result<String, ApiError> {
    Uuid::try_parse(text).map(|id| id.to_string()).map_err(|_| bad_id())
}

fn bad_id() -> ApiError {
    ApiError::new(
        StatusCode::BAD_REQUEST,
        "bad-id",
        "The id in the URL is not a UUID.",
        "Use the id from the reply that made it, as in a83081a6-1d3b-4117-a81b-0ebcfcf0669c.",
    )
}
