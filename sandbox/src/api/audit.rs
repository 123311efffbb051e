//! `GET audit`: the audit log, oldest first, for admins.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::admins::admins_only;
use super::{path_id, schemas};
use crate::api_error::ApiError;
use crate::audit::{self, Action, Filter};
use crate::auth::Person;
use crate::identity;
use crate::sandbox::Shared;

/// So many entries unless the query asks for fewer.
const MOST: u32 = 1_000;
const DEFAULT: u32 = 100;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)] // a misspelt filter must not list everything
pub(super) struct AuditQuery {
    /// Only entries from this time on, as in 2026-01-31T12:00:00Z or 2026-01-31.
    from: Option<String>,
    /// Only entries before this time.
    to: Option<String>,
    /// Only acts of this person.
    person: Option<String>,
    /// Only acts of this kind.
    action: Option<String>,
    /// Only entries about this request.
    #[param(value_type = Option<uuid::Uuid>)]
    signing: Option<String>,
    /// Only entries about this product.
    #[param(value_type = Option<uuid::Uuid>)]
    product: Option<String>,
    /// At most so many.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// Only entries after the one with this number.
    after: Option<u32>,
}

/// `GET audit`.
#[utoipa::path(
    get, path = "/audit", operation_id = "listAudit", tag = "audit", security(("token" = [])), params(AuditQuery),
    responses((status = 200, description = "Entries, oldest first", body = [schemas::AuditEntry],
        headers(("link" = Option<String>, description = "Where the list goes on (RFC 8288)"))))
)]
pub async fn list(
    State(sandbox): State<Shared>,
    person: Person,
    query: Result<Query<AuditQuery>, QueryRejection>,
) -> Result<Response, ApiError> {
    admins_only(&person, "read the audit log")?;
    let Query(query) =
        query.map_err(|cause| bad_query(format!("The query cannot be read: {}.", cause.body_text())))?;
    let limit = query.limit.unwrap_or(DEFAULT);
    if !(1..=MOST).contains(&limit) {
        return Err(bad_query(format!("limit is not between 1 and {MOST}.")));
    }
    let filter = Filter {
        from: None,
        to: None,
        person: query.person.as_deref().map(identity::normal),
        action: query.action.as_deref().map(action).transpose()?,
        signing: query.signing.as_deref().map(path_id::parse).transpose()?,
        product: query.product.as_deref().map(path_id::parse).transpose()?,
        after: query.after.unwrap_or_default().into(),
        // One more shows whether there are more.
        limit: limit + 1,
    };
    let (from, to) = (query.from.clone(), query.to.clone());
    let mut entries = sandbox
        .database
        .read::<_, ApiError, _>(move |store| {
            let time = |name: &str, written: Option<String>| {
                let Some(written) = written else { return Ok(None) };
                let read = if looks_like_a_time(&written) { audit::time(store, &written)? } else { None };
                read.map(Some).ok_or_else(|| {
                    bad_query(format!("{name} is not a time, as in 2026-01-31T12:00:00Z or 2026-01-31."))
                })
            };
            let filter = Filter { from: time("from", from)?, to: time("to", to)?, ..filter };
            Ok(audit::entries(store, &filter)?)
        })
        .await?;
    let has_more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let next = entries.last().filter(|_| has_more).map(|last| last.sequence);
    let mut response =
        Json(entries.iter().map(|entry| entry.shown()).collect::<Vec<Value>>()).into_response();
    if let Some(link) = next.and_then(|after| link(&sandbox.base, &query, limit, after)) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

fn action(text: &str) -> Result<Action, ApiError> {
    Action::ALL.into_iter().find(|action| action.as_str() == text).ok_or_else(|| {
        let known = Action::ALL.map(Action::as_str).join(", ");
        ApiError::new(
            StatusCode::BAD_REQUEST,
            "bad-query",
            "action is not the name of an action.",
            format!("Use one of {known}."),
        )
    })
}

/// SQLite reads more than we promise: `now`, and numbers of days.
fn looks_like_a_time(text: &str) -> bool {
    let date = text.as_bytes().get(..10);
    date.is_some_and(|date| {
        date.iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    })
}

/// Where the list goes on. What a person wrote is written anew, so there is nothing to escape but what `escaped` does.
fn link(base: &str, query: &AuditQuery, limit: u32, after: i64) -> Option<HeaderValue> {
    let given = [
        ("from", &query.from),
        ("to", &query.to),
        ("person", &query.person),
        ("action", &query.action),
        ("signing", &query.signing),
        ("product", &query.product),
    ];
    let mut parameters = vec![format!("after={after}"), format!("limit={limit}")];
    parameters.extend(
        given.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", escaped(value.as_ref()?)))),
    );
    HeaderValue::from_str(&format!("<{base}/audit?{}>; rel=\"next\"", parameters.join("&"))).ok()
}

/// Percent-encodes all but what RFC 3986 calls unreserved.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn bad_query(message: String) -> ApiError {
    ApiError::new(
        StatusCode::BAD_REQUEST,
        "bad-query",
        message,
        "Use only from, to, person, action, signing, product, limit and after, each once.",
    )
}
