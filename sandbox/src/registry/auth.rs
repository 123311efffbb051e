//! Who may do what in the embedded registry: everyone reads, and two users write: people, and the signer.
//!
//! Clients ask `GET /v2/` how to authenticate and believe the answer for the whole session
//! (go-containerregistry and docker send Basic only when challenged there), so that one path challenges
//! even though reading is open.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::callers::Caller;

/// A user of the embedded registry. It has no Debug: it holds the password.
pub struct Writer {
    username: String,
    password: String,
    caller: Caller,
}

/// All who may write.
pub struct Writers(Vec<Writer>);

enum Who {
    Anonymous,
    Writer(Caller),
    Stranger,
}

impl Writer {
    /// The user with this name and password.
    pub fn new(username: &str, password: &str, caller: Caller) -> Self {
        Self { username: username.to_owned(), password: password.to_owned(), caller }
    }

    fn is(&self, given: &[u8]) -> bool {
        let expected = format!("{}:{}", self.username, self.password);
        verify_slices_are_equal(given, expected.as_bytes()).is_ok()
    }
}

impl Writers {
    /// These.
    pub fn new(writers: Vec<Writer>) -> Self {
        Self(writers)
    }

    fn recognise(&self, headers: &HeaderMap) -> Who {
        let Some(header) = headers.get(AUTHORIZATION) else {
            return Who::Anonymous;
        };
        match basic(header.as_bytes()).as_deref() {
            // containers/image answers a challenge with an empty user when it has no credentials.
            Some(b":") => Who::Anonymous,
            Some(given) => {
                let writer = self.0.iter().find(|writer| writer.is(given));
                writer.map_or(Who::Stranger, |writer| Who::Writer(writer.caller))
            }
            None => Who::Stranger,
        }
    }
}

fn basic(header: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(header).ok()?;
    let (scheme, encoded) = text.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    STANDARD.decode(encoded.trim()).ok()
}

/// The layer that lets a request through, or challenges.
pub async fn guard(State(writers): State<Arc<Writers>>, request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_ping = matches!(request.uri().path(), "/v2" | "/v2/");
    match writers.recognise(request.headers()) {
        Who::Writer(caller) => caller.acting(next.run(request)).await,
        Who::Anonymous if is_read && !is_ping => next.run(request).await,
        Who::Anonymous => challenge("Writing to this registry needs its username and password."),
        Who::Stranger => challenge("The username or password is wrong."),
    }
}

fn challenge(message: &str) -> Response {
    let body = json!({ "errors": [{ "code": "UNAUTHORIZED", "message": message, "detail": null }] });
    let challenge = [(WWW_AUTHENTICATE, "Basic realm=\"ocisign-sandbox\", charset=\"UTF-8\"")];
    (StatusCode::UNAUTHORIZED, challenge, Json(body)).into_response()
}
