//! What every reply of the embedded registry has: the header and the JSON errors by which clients know a registry's
//! own answer from that of a proxy before it (OCI distribution specification, "Error codes").

use std::any::Any;

use axum::Json;
use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

const VERSION: (HeaderName, HeaderValue) =
    (HeaderName::from_static("docker-distribution-api-version"), HeaderValue::from_static("registry/2.0"));

/// The layer that gives every reply its form.
pub async fn as_a_registry(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let mut response = in_its_form(&method, next.run(request).await);
    response.headers_mut().insert(VERSION.0, VERSION.1);
    response
}

/// The reply to a request that made a handler panic.
pub fn panicked(_cause: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request handler of the registry panicked");
    error(StatusCode::INTERNAL_SERVER_ERROR)
}

fn in_its_form(method: &Method, response: Response) -> Response {
    let status = response.status();
    // The registry crate says 405 when its store fails. A reader would take that for "there is no such API".
    let has_failed = status == StatusCode::METHOD_NOT_ALLOWED
        && matches!(*method, Method::GET | Method::HEAD)
        && !response.headers().contains_key(ALLOW);
    if has_failed {
        tracing::error!("the registry's store failed");
        return error(StatusCode::INTERNAL_SERVER_ERROR);
    }
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || is_json(&response) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let (own, body) = error(status).into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.extend(own.headers);
    Response::from_parts(parts, body)
}

fn is_json(response: &Response) -> bool {
    let written = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    written.is_some_and(|written| written.starts_with("application/json"))
}

fn error(status: StatusCode) -> Response {
    let code = match status {
        StatusCode::NOT_FOUND => "NAME_UNKNOWN",
        StatusCode::METHOD_NOT_ALLOWED => "UNSUPPORTED",
        StatusCode::PAYLOAD_TOO_LARGE => "SIZE_INVALID",
        StatusCode::TOO_MANY_REQUESTS => "TOOMANYREQUESTS",
        StatusCode::UNAUTHORIZED => "UNAUTHORIZED",
        StatusCode::FORBIDDEN => "DENIED",
        _ => "UNKNOWN",
    };
    let message = status.canonical_reason().unwrap_or("The registry refused this.");
    let body = json!({ "errors": [{ "code": code, "message": message, "detail": null }] });
    (status, Json(body)).into_response()
}
