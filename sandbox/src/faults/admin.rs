//! `ocisign-sandbox/faults`: the rules. Only the admin's token opens it, on this machine, too: any page or program
//! there could let a developer's sandbox fail otherwise. No rule strikes here, and no shape moves it.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use super::read::rule;
use super::rules::Rules;
use crate::api;
use crate::api_error::ApiError;
use crate::auth::Person;
use crate::json_body::JsonBody;
use crate::sandbox::Shared;

/// Stands before everything else.
pub fn before(router: Router, sandbox: &Shared) -> Router {
    let path = format!("{}/ocisign-sandbox/faults", sandbox.base);
    let all = get(list).post(add).delete(clear);
    Router::new()
        .route(&path, all.clone())
        .route(&format!("{path}/"), all)
        .route(&format!("{path}/{{id}}"), get(one).delete(remove))
        .method_not_allowed_fallback(api::wrong_method)
        .with_state(Shared::clone(sandbox))
        .fallback_service(router)
}

async fn list(State(sandbox): State<Shared>, person: Person) -> Result<Json<Value>, ApiError> {
    Ok(Json(rules(&sandbox, &person)?.list()))
}

async fn add(
    State(sandbox): State<Shared>,
    person: Person,
    JsonBody(body): JsonBody,
) -> Result<impl IntoResponse, ApiError> {
    let rules = rules(&sandbox, &person)?;
    let wanted = rule(&Value::Object(body)).map_err(|wrong| {
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-rule", wrong.message, wrong.fix)
    })?;
    let (number, added) = rules.add(wanted).ok_or_else(|| {
        ApiError::new(
            StatusCode::CONFLICT,
            "too-many",
            "There are as many rules as there may be.",
            "Remove some of them.",
        )
    })?;
    let location = format!("{}/ocisign-sandbox/faults/{number}", sandbox.base);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(added)))
}

async fn clear(State(sandbox): State<Shared>, person: Person) -> Result<StatusCode, ApiError> {
    rules(&sandbox, &person)?.clear();
    Ok(StatusCode::NO_CONTENT)
}

async fn one(
    State(sandbox): State<Shared>,
    person: Person,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let rules = rules(&sandbox, &person)?;
    rules.shown(number(id)?).map(Json).ok_or_else(unknown)
}

async fn remove(
    State(sandbox): State<Shared>,
    person: Person,
    id: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    let rules = rules(&sandbox, &person)?;
    if rules.remove(number(id)?) { Ok(StatusCode::NO_CONTENT) } else { Err(unknown()) }
}

fn rules<'a>(sandbox: &'a Shared, person: &Person) -> Result<&'a Rules, ApiError> {
    if !person.is_admin() {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "admins-only",
            "Only the admin makes the sandbox fail.",
            "Use the admin's token.",
        ));
    }
    sandbox.faults.rules().map(AsRef::as_ref).ok_or_else(ApiError::internal)
}

fn number(id: Result<Path<String>, PathRejection>) -> Result<u64, ApiError> {
    id.ok().and_then(|Path(id)| id.parse().ok()).ok_or_else(unknown)
}

fn unknown() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown-rule",
        "There is no rule with this id.",
        "GET ocisign-sandbox/faults lists those that there are.",
    )
}
