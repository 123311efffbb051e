//! Where rules strike requests: within the shape, where it is known what a request means; and outside of it, where
//! bodies are what the client gets.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::time::sleep;

use super::body::Faulty;
use super::request_fault::{Answer, Outcome, RequestFault};
use super::rules::{Rules, Seen};
use super::{HEADER, header_value};
use crate::api_error::ApiError;
use crate::auth::{Person, TokenError};
use crate::bearer::refused_token;
use crate::boundary::{before_routing, below};
use crate::identity::Identity;
use crate::sandbox::Shared;
use crate::serving::HangUp;
use crate::shape::Name;

const LARGEST: usize = 64 * 1024 * 1024;
/// As a proxy that has its own ideas.
const PAGE: &str = "<!doctype html>\n<html><head><title>Please wait</title></head>\
    <body><h1>Please wait</h1><p>This page comes from a fault of the sandbox.</p></body></html>\n";

/// Method and path of a request as it was sent, before a shape changes them.
#[derive(Clone)]
struct Sent(Method, String);

/// What is to be done with the body, once it is whole.
#[derive(Clone, Copy)]
struct BodyFault {
    slow: Option<u32>,
    cut: Option<u64>,
}

/// Rules strike before the routes, where requests and replies have our own form.
pub fn apply_within(router: Router, sandbox: &Shared) -> Router {
    before_routing(router).layer(from_fn_with_state(Shared::clone(sandbox), within))
}

/// Remembers how requests were sent, and makes bodies faulty.
pub fn apply_outside(router: Router) -> Router {
    before_routing(router).layer(from_fn(outside))
}

async fn outside(mut request: Request, next: Next) -> Response {
    let sent = Sent(request.method().clone(), request.uri().path().to_owned());
    request.extensions_mut().insert(sent);
    let reply = next.run(request).await;
    match reply.extensions().get::<BodyFault>().copied() {
        Some(BodyFault { slow, cut }) => reply.map(|body| Body::new(Faulty::new(body, slow, cut))),
        None => reply,
    }
}

async fn within(State(sandbox): State<Shared>, request: Request, next: Next) -> Response {
    let route = below(&sandbox.base, request.uri().path()).map(|path| Name::of_ours(request.method(), path));
    let (Some(route), Some(rules)) = (route, sandbox.faults.rules()) else { return next.run(request).await };
    let sent = request.extensions().get::<Sent>().cloned();
    let Sent(method, path) =
        sent.unwrap_or_else(|| Sent(request.method().clone(), request.uri().path().to_owned()));
    let (request, person) = person(&sandbox, rules, request).await;
    let seen = Seen { method: &method, path: &path, route, person: person.as_ref() };
    let Some((struck, fault)) = rules.strike_request(&seen) else { return next.run(request).await };
    tracing::debug!(rules = ?struck, %method, path, "rules strike");
    let mut reply = strike(&fault, request, next).await;
    reply.headers_mut().insert(HEADER, header_value(&struck));
    if fault.slow.is_some() || fault.cut.is_some() {
        reply.extensions_mut().insert(BodyFault { slow: fault.slow, cut: fault.cut });
    }
    reply
}

/// Who sends the request, if a rule asks for it.
async fn person(sandbox: &Shared, rules: &Rules, request: Request) -> (Request, Option<Identity>) {
    if !rules.ask_for_people() {
        return (request, None);
    }
    let (mut parts, body) = request.into_parts();
    let person = Person::from_request_parts(&mut parts, sandbox).await;
    (Request::from_parts(parts, body), person.ok().map(|person| person.identity))
}

async fn strike(fault: &RequestFault, request: Request, next: Next) -> Response {
    if let Some(latency) = fault.latency {
        sleep(latency).await;
    }
    match &fault.outcome {
        Outcome::Pass => next.run(request).await,
        Outcome::Reset { after } => {
            if *after {
                drop(next.run(request).await);
            }
            HangUp::response()
        }
        Outcome::Answer(answer) if answer.takes_effect => {
            let status = next.run(request).await.status();
            answer.response(status)
        }
        Outcome::Answer(answer) => answer.response(StatusCode::OK),
        Outcome::ExpiredToken => refused_token(TokenError::Expired).into_response(),
        Outcome::UnknownStatus(code) => with_status(next.run(request).await, *code).await,
    }
}

impl Answer {
    fn response(&self, otherwise: StatusCode) -> Response {
        let status = self.status.unwrap_or(otherwise);
        let mut response = if self.html {
            ([(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], PAGE).into_response()
        } else {
            ApiError::new(
                status,
                "fault",
                format!("A rule of the sandbox's faults answers with status {}.", status.as_u16()),
                "Remove the rule that the header ocisign-fault names.",
            )
            .into_response()
        };
        *response.status_mut() = status;
        response.headers_mut().extend(self.headers.clone());
        response
    }
}

/// The same reply, with this status code in each request that it shows.
async fn with_status(reply: Response, code: i64) -> Response {
    let (mut parts, body) = reply.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST).await else { return ApiError::internal().into_response() };
    let set = |signing: &mut Value| {
        if let Some(status) = signing.get_mut("status") {
            *status = json!(code);
        }
    };
    let body = match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut value) if parts.status.is_success() => {
            match &mut value {
                Value::Array(list) => list.iter_mut().for_each(set),
                one => set(one),
            }
            parts.headers.remove(CONTENT_LENGTH);
            Body::from(value.to_string())
        }
        _ => Body::from(bytes),
    };
    Response::from_parts(parts, body)
}
