//! Request bodies: JSON objects of a bounded size, and a refusal that says where they go wrong.

use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::time::timeout;

use crate::api_error::ApiError;

/// The largest body that is read: far above any product or request.
pub const LIMIT: usize = 1024 * 1024;

/// For the whole body; each piece of it has a shorter one.
const PATIENCE: Duration = Duration::from_secs(30);

/// A body that must be there.
pub struct JsonBody(pub Map<String, Value>);

/// A body that may be empty, which counts as an empty object.
pub struct OptionalJsonBody(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let is_json = says_json(&request);
        let bytes = read(request).await?;
        if !is_json {
            return Err(unsupported_type());
        }
        Ok(Self(object(&bytes)?))
    }
}

impl<S: Send + Sync> FromRequest<S> for OptionalJsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let is_json = says_json(&request);
        let bytes = read(request).await?;
        if bytes.trim_ascii().is_empty() {
            return Ok(Self(Map::new()));
        }
        if !is_json {
            return Err(unsupported_type());
        }
        Ok(Self(object(&bytes)?))
    }
}

/// Takes the fields that are needed; the message names the one that is wrong.
pub fn fields<T: DeserializeOwned>(body: &Map<String, Value>) -> Result<T, ApiError> {
    serde_json::from_value(Value::Object(body.clone())).map_err(|cause| {
        ApiError::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad-input",
            format!("The body is not what this route expects: {cause}."),
            "Leave out what it does not know, and send the rest in the right types.",
        )
    })
}

fn says_json(request: &Request) -> bool {
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = header.and_then(|text| text.split(';').next()).unwrap_or_default();
    media_type.trim().eq_ignore_ascii_case("application/json")
}

async fn read(request: Request) -> Result<Bytes, ApiError> {
    let whole = timeout(PATIENCE, to_bytes(request.into_body(), LIMIT)).await.map_err(|_| {
        ApiError::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            format!("The body did not come within {} seconds.", PATIENCE.as_secs()),
            "Send it again.",
        )
    })?;
    // The limit is the only likely cause; a client that hangs up does not read the answer.
    whole.map_err(|_| {
        ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            format!("The body is larger than {LIMIT} bytes, or it broke off."),
            "Send a smaller body.",
        )
    })
}

fn object(bytes: &[u8]) -> Result<Map<String, Value>, ApiError> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(body)) => Ok(body),
        Ok(_) => Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "bad-json",
            "The body is JSON, but not an object.",
            "Send an object: { … }.",
        )),
        Err(cause) => Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "bad-json",
            format!("The body is not JSON: {cause}."),
            "Send one JSON object in UTF-8.",
        )
        .at(offset(bytes, &cause))),
    }
}

/// serde_json counts lines and columns from 1; a program wants the byte.
fn offset(bytes: &[u8], cause: &serde_json::Error) -> usize {
    let before = bytes.split_inclusive(|byte| *byte == b'\n').take(cause.line().saturating_sub(1));
    before.map(<[u8]>::len).sum::<usize>().saturating_add(cause.column().saturating_sub(1)).min(bytes.len())
}

fn unsupported_type() -> ApiError {
    ApiError::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported-media-type",
        "The body's content type is not JSON.",
        "Send the header `Content-Type: application/json`.",
    )
}
