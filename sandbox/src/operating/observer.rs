//! Tells log and metrics of each request: who asked for what, how it ended, and how long it took. Never its query, its
//! headers or its body, which may hold secrets.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, HeaderName, HeaderValue, Method};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use metrics::{counter, histogram};
use tracing::Instrument;
use uuid::Uuid;

use super::metrics as names;

/// By which a request is found in the logs of several programs.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A caller's own id must be short and plain: it goes into the log.
const LONGEST_ID: usize = 64;

/// What is known of a request only further in: which route it found, and whose it is.
#[derive(Clone, Default)]
struct Noted(Arc<Notes>);

#[derive(Default)]
struct Notes {
    route: OnceLock<String>,
    person: OnceLock<String>,
}

/// Observes the requests to `server`, as log and metrics call it.
pub fn observe(router: Router, server: &'static str) -> Router {
    router.layer(from_fn_with_state(server, tell))
}

/// Notes the route that a request of this router finds.
pub fn note_routes(router: Router) -> Router {
    router.layer(from_fn(note_route))
}

/// Notes whose request it is, by an id that is shown to people.
pub fn note_person(extensions: &Extensions, id: &str) {
    if let Some(noted) = extensions.get::<Noted>() {
        let _ = noted.0.person.set(id.to_owned());
    }
}

async fn note_route(request: Request, next: Next) -> Response {
    if let (Some(noted), Some(route)) =
        (request.extensions().get::<Noted>(), request.extensions().get::<MatchedPath>())
    {
        let _ = noted.0.route.set(route.as_str().trim_end_matches('/').to_owned());
    }
    next.run(request).await
}

async fn tell(State(server): State<&'static str>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let noted = Noted::default();
    request.extensions_mut().insert(noted.clone());
    let id = id(&request);
    let method = known(request.method());
    let span = tracing::info_span!(target: "ocisign_sandbox", "request", id);
    let mut response = next.run(request).instrument(span).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let told = Told {
        id: &id,
        server,
        method,
        route: noted.0.route.get().map_or("other", String::as_str),
        status: response.status().as_u16(),
        took: started.elapsed(),
        person: noted.0.person.get().map(String::as_str),
    };
    told.log();
    told.count();
    response
}

/// The caller's id for this request, or a new one.
fn id(request: &Request) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let is_plain = |text: &str| {
        (1..=LONGEST_ID).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    given.filter(|text| is_plain(text)).map_or_else(|| Uuid::new_v4().to_string(), str::to_owned)
}

/// A caller may invent methods; log and metrics must not grow by them.
fn known(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.into_iter().find(|known| *known == method.as_str()).unwrap_or("OTHER")
}

struct Told<'a> {
    id: &'a str,
    server: &'static str,
    method: &'static str,
    route: &'a str,
    status: u16,
    took: Duration,
    person: Option<&'a str>,
}

impl Told<'_> {
    fn log(&self) {
        tracing::info!(
            target: "ocisign_sandbox::requests",
            request = self.id,
            server = self.server,
            method = self.method,
            route = self.route,
            status = self.status,
            milliseconds = self.took.as_secs_f64() * 1000.0,
            person = self.person,
            "answered"
        );
    }

    fn count(&self) {
        let route = self.route.to_owned();
        let status = self.status.to_string();
        counter!(names::REQUESTS, "server" => self.server, "method" => self.method, "route" => route.clone(),
            "status" => status)
        .increment(1);
        histogram!(names::REQUEST_SECONDS, "server" => self.server, "method" => self.method, "route" => route)
            .record(self.took);
    }
}
