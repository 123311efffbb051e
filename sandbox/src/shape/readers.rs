//! Products for their readers only: reading them is a right of its own, apart from requesting.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use super::{Name, nothing_there};
use crate::api;
use crate::api_error::ApiError;
use crate::approval;
use crate::auth::Person;
use crate::boundary::{before_routing, below};
use crate::sandbox::Shared;

struct Readers {
    sandbox: Shared,
    groups: Vec<String>,
    status: StatusCode,
}

/// Stands before the API.
pub fn guard(api: Router, sandbox: &Shared, groups: Vec<String>, status: StatusCode) -> Router {
    let readers = Arc::new(Readers { sandbox: Arc::clone(sandbox), groups, status });
    before_routing(api).layer(from_fn_with_state(readers, only_readers))
}

async fn only_readers(State(readers): State<Arc<Readers>>, request: Request, next: Next) -> Response {
    let below = below(&readers.sandbox.base, request.uri().path());
    let name = below.and_then(|path| Name::of_ours(request.method(), path));
    if !matches!(name, Some(Name::Products | Name::Product)) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    match Person::from_request_parts(&mut parts, &readers.sandbox).await {
        Ok(person) if !approval::share_a_group(&readers.groups, &person.groups) => {
            match (readers.status, name) {
                (StatusCode::NOT_FOUND, Some(Name::Product)) => api::unknown_product().into_response(),
                (StatusCode::NOT_FOUND, _) => nothing_there().await,
                _ => not_a_reader().into_response(),
            }
        }
        // Who sends no good token hears so from the handler.
        _ => next.run(Request::from_parts(parts, body)).await,
    }
}

fn not_a_reader() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        "not-a-reader",
        "You may not read products.",
        "Request by the ids of product and operation, or ask to be made a reader.",
    )
}
