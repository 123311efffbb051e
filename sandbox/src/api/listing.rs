//! `GET imagesignings`: read and shown part by part, so that a long list holds up nobody, and cut where an answer
//! would become too large; then a `Link` says where it goes on (RFC 8288).

use axum::extract::{Query, State, rejection::QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::shown_signing::{self, JsonText};
use super::{path_id, schemas};
use crate::api_error::ApiError;
use crate::auth::Person;
use crate::database::{Database, off_the_async_threads};
use crate::sandbox::Shared;
use crate::shown_rows::{self, Part, ShownRow, SigningFilter};

/// So many are read at once.
const PART: u32 = 200;
/// An answer ends after the request with which it becomes so large.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;
/// For that last request.
const ROOM_BESIDE: usize = 1024 * 1024;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)] // a misspelt `status` must not list everything
pub(super) struct ListQuery {
    /// Only requests in this status.
    status: Option<i64>,
    /// Only requests of this product.
    #[param(value_type = Option<uuid::Uuid>)]
    product_id: Option<String>,
    /// At most so many.
    limit: Option<u32>,
    /// Without so many of the newest.
    offset: Option<u32>,
}

/// A JSON list on its way out.
struct Answer {
    text: Vec<u8>,
    count: u32,
}

/// `GET imagesignings`, newest first.
#[utoipa::path(
    get, path = "/imagesignings", operation_id = "listSignings", tag = "signings", security(("token" = [])),
    params(ListQuery),
    responses((status = 200, description = "Requests, newest first", body = [schemas::Signing],
        headers(("link" = Option<String>, description = "Where the list goes on, if it was cut (RFC 8288)"))))
)]
pub async fn list(
    State(sandbox): State<Shared>,
    _person: Person,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(query) = query.map_err(|cause| {
        ApiError::new(
            StatusCode::BAD_REQUEST,
            "bad-query",
            format!("The query cannot be read: {}.", cause.body_text()),
            "Use only status, productId, limit and offset, each once; all but productId are numbers.",
        )
    })?;
    let product_id = query.product_id.as_deref().map(path_id::parse).transpose()?;
    let filter = || SigningFilter { status: query.status, product_id: product_id.clone() };
    let (limit, offset) = (query.limit.unwrap_or(u32::MAX), query.offset.unwrap_or_default());

    let mut answer = Answer::new(limit);
    let mut part = Part { before: None, limit: PART.min(limit), offset };
    let mut next = None;
    while part.limit > 0 {
        let read = read(&sandbox.database, filter(), part).await?;
        let Some(last) = read.last().map(|row| row.sequence) else { break };
        let full;
        (answer, full) = answer.with(read).await?;
        if full && answer.count < limit {
            next = Some(offset.saturating_add(answer.count));
            break;
        }
        part = Part { before: Some(last), limit: PART.min(limit - answer.count), offset: 0 };
    }
    answer.text.push(b']');
    let mut response = JsonText(answer.text).into_response();
    if let Some(link) = next.and_then(|offset| link(&sandbox.base, &query, offset)) {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

async fn read(database: &Database, filter: SigningFilter, part: Part) -> Result<Vec<ShownRow>, ApiError> {
    database.read(move |store| Ok(shown_rows::part(store, &filter, &part)?)).await
}

impl Answer {
    /// With room for so many. A long list is given so much room at once that every allocator takes it from the system
    /// and gives it back with the answer; one that grows by and by would leave pieces, which are kept.
    fn new(limit: u32) -> Self {
        let room = if limit > PART { LARGEST_ANSWER + ROOM_BESIDE } else { 0 };
        let mut text = Vec::with_capacity(room);
        text.push(b'[');
        Self { text, count: 0 }
    }

    /// With these, too, or with as many as there is room for; and whether that is all.
    async fn with(mut self, read: Vec<ShownRow>) -> Result<(Self, bool), ApiError> {
        off_the_async_threads(move || {
            for row in read {
                if self.count > 0 {
                    self.text.push(b',');
                }
                shown_signing::write(&row, &mut self.text)?;
                self.count += 1;
                if self.text.len() >= LARGEST_ANSWER {
                    return Ok((self, true));
                }
            }
            Ok((self, false))
        })
        .await
    }
}

fn link(base: &str, query: &ListQuery, offset: u32) -> Option<HeaderValue> {
    let mut parameters = vec![format!("offset={offset}")];
    parameters.extend(query.status.map(|status| format!("status={status}")));
    // It was read as a UUID, so there is nothing to escape.
    parameters.extend(query.product_id.as_ref().map(|id| format!("productId={id}")));
    parameters.extend(query.limit.map(|limit| format!("limit={limit}")));
    HeaderValue::from_str(&format!("<{base}/imagesignings?{}>; rel=\"next\"", parameters.join("&"))).ok()
}
