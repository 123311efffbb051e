//! Every refusal: a status, a code for programs, a message, and a fix.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::database::DatabaseError;
use crate::faults;
use crate::keys::{FaultKind, KeyFault};

/// A refusal on its way out as JSON.
#[derive(Debug, Clone)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    fix: String,
    offset: Option<usize>,
    /// The rule of a fault that it comes from.
    fault: Option<u64>,
}

impl ApiError {
    /// A refusal in full.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { status, code, message: message.into(), fix: fix.into(), offset: None, fault: None }
    }

    /// A rule of the core that the request breaks.
    pub fn rule(status: StatusCode, error: &ocisign::Error) -> Self {
        let refusal = Self::new(status, error.code(), error.message(), error.fix());
        Self { offset: error.offset(), ..refusal }
    }

    /// The same refusal, with the place where the text is wrong.
    pub fn at(self, offset: usize) -> Self {
        Self { offset: Some(offset), ..self }
    }

    /// The same refusal, by a rule of a fault.
    pub fn by_fault(self, rule: Option<u64>) -> Self {
        Self { fault: rule, ..self }
    }

    /// 401.
    pub fn unauthorized(code: &'static str, message: impl Into<String>, fix: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, message, fix)
    }

    /// 500: nothing that a caller can cause or mend.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The sandbox itself failed.",
            "Its log says why. Please report it.",
        )
    }

    fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("code".to_owned(), json!(self.code));
        body.insert("message".to_owned(), json!(self.message));
        body.insert("fix".to_owned(), json!(self.fix));
        if let Some(offset) = self.offset {
            body.insert("offset".to_owned(), json!(offset));
        }
        Value::Object(body)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let fault = self.fault.map(|rule| [(faults::HEADER, faults::header_value(&[rule]))]);
        let reply = (self.status, fault, Json(self.body()));
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 6750 §3: the challenge says that a new token would do.
            return ([(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")], reply).into_response();
        }
        reply.into_response()
    }
}

impl From<DatabaseError> for ApiError {
    fn from(cause: DatabaseError) -> Self {
        tracing::error!(%cause, "a request failed");
        match cause {
            DatabaseError::Full(rule) => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "disk-full",
                "The sandbox's disk is full; nothing was kept.",
                "Make room in its data folder, and send the request again.",
            )
            .by_fault(rule),
            DatabaseError::Sql(_) | DatabaseError::Abandoned => Self::internal(),
        }
    }
}

impl From<KeyFault> for ApiError {
    /// What a token refuses is not the sandbox's own failure, and its fault says what mends it.
    fn from(fault: KeyFault) -> Self {
        let (status, code) = match fault.kind {
            FaultKind::Passing => (StatusCode::SERVICE_UNAVAILABLE, "token-unavailable"),
            FaultKind::PinRefused => (StatusCode::SERVICE_UNAVAILABLE, "token-pin-refused"),
            FaultKind::NoRoom => (StatusCode::INSUFFICIENT_STORAGE, "token-full"),
            FaultKind::Unsupported => (StatusCode::UNPROCESSABLE_ENTITY, "key-type-unsupported"),
            FaultKind::Unfit => (StatusCode::BAD_GATEWAY, "token-unfit"),
            FaultKind::Own => return Self::internal(),
        };
        tracing::warn!("a key failed: {fault}");
        Self::new(status, code, fault.message, fault.fix)
    }
}

impl From<rusqlite::Error> for ApiError {
    fn from(cause: rusqlite::Error) -> Self {
        DatabaseError::from(cause).into()
    }
}
