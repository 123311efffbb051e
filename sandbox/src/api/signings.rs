//! `imagesignings`: asking for a signature, and deciding about it.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use ocisign::json::Place;
use ocisign::wire::{BOUND_PARTS, Product, ProductOperation, SigningRequestBody};
use ocisign::{Reference, check_registry, product, signing_request};
use rusqlite::Transaction;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::path_id::{self, PathId};
use super::{forbidden, products, unprocessable, view};
use crate::api_error::ApiError;
use crate::approval::{self, Approver, Refusal};
use crate::auth::Person;
use crate::json_body::{self, JsonBody, OptionalJsonBody};
use crate::sandbox::Shared;
use crate::signature_manifest;
use crate::status;
use crate::store::{self, NewSigning, SigningFilter, SigningRow};

/// The grammar of tags in the OCI distribution specification, "Pulling manifests".
const LONGEST_TAG: usize = 128;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)] // a misspelt `status` must not list everything
pub(super) struct ListQuery {
    status: Option<i64>,
    product_id: Option<String>,
    limit: Option<u32>,
    offset: Option<u32>,
}

/// An approval, or a rejection.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)] // a misspelt `expect` must not pass for a decision without one
struct Decision {
    comment: Option<String>,
    expect: Option<Map<String, Value>>,
}

/// `GET imagesignings`, newest first.
pub async fn list(
    State(sandbox): State<Shared>,
    _person: Person,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<Vec<Value>>, ApiError> {
    let Query(query) = query.map_err(|cause| {
        ApiError::new(
            StatusCode::BAD_REQUEST,
            "bad-query",
            format!("The query cannot be read: {}.", cause.body_text()),
            "Use only status, productId, limit and offset, each once; all but productId are numbers.",
        )
    })?;
    let filter = SigningFilter {
        status: query.status,
        product_id: query.product_id.map(|id| path_id::parse(&id)).transpose()?,
        limit: query.limit,
        offset: query.offset.unwrap_or_default(),
    };
    let shown = move |store: &Transaction<'_>| {
        let rows = store::signings(store, &filter)?;
        Ok(view::signings(store, &rows)?)
    };
    Ok(Json(sandbox.database.transact::<_, ApiError, _>(shown).await?))
}

/// `GET imagesignings/{id}`.
pub async fn get(
    State(sandbox): State<Shared>,
    _person: Person,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(sandbox.database.transact(move |store| shown(store, &id)).await?))
}

/// `POST imagesignings`.
pub async fn create(
    State(sandbox): State<Shared>,
    person: Person,
    JsonBody(body): JsonBody,
) -> Result<impl IntoResponse, ApiError> {
    let reply = sandbox.database.transact(move |store| request(store, &person, body)).await?;
    sandbox.bell.ring();
    let id = reply.get("id").and_then(Value::as_str).unwrap_or_default();
    let location = format!("{}/imagesignings/{id}", sandbox.base);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(reply)))
}

/// `POST imagesignings/{id}/approve`.
pub async fn approve(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Json<Value>, ApiError> {
    let approval: Decision = json_body::fields(&body)?;
    let reply = sandbox
        .database
        .transact(move |store| {
            approve_one(store, &person, &id, &approval)?;
            shown(store, &id)
        })
        .await?;
    sandbox.bell.ring();
    Ok(Json(reply))
}

/// `POST imagesignings/{id}/reject`. A member of an approval group may, for a reason; that a requester
/// who is one may too is how a request is withdrawn.
pub async fn reject(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Json<Value>, ApiError> {
    let decision: Decision = json_body::fields(&body)?;
    let comment = decision.comment.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let comment = comment.ok_or_else(|| {
        ApiError::new(
            StatusCode::BAD_REQUEST,
            "comment-missing",
            "A rejection needs a comment.",
            "Send { \"comment\": \"…\" } that tells the requester why.",
        )
    })?;
    let reply = sandbox
        .database
        .transact(move |store| {
            reject_one(store, &person, &id, &comment, decision.expect.as_ref())?;
            shown(store, &id)
        })
        .await?;
    Ok(Json(reply))
}

fn shown(store: &Transaction<'_>, id: &str) -> Result<Value, ApiError> {
    let signing = find(store, id)?;
    Ok(view::signing(&signing, &store::approvals(store, id)?, &store::history(store, id)?))
}

fn find(store: &Transaction<'_>, id: &str) -> Result<SigningRow, ApiError> {
    store::signing(store, id)?.ok_or_else(|| {
        ApiError::new(
            StatusCode::NOT_FOUND,
            "unknown-signing",
            "There is no signing request with this id.",
            "GET imagesignings lists those that there are.",
        )
    })
}

/// Checks a request by every rule, and keeps it.
fn request(store: &Transaction<'_>, person: &Person, body: Map<String, Value>) -> Result<Value, ApiError> {
    check_sets_nothing(&body)?;
    let body = Value::Object(body);
    let wanted = SigningRequestBody::read(&Place::whole(&body, "request"))
        .map_err(|error| unprocessable_rule(&error))?;
    let product_id = body_id("productId", &wanted.product_id)?;
    let product = find_product(store, &product_id)?;
    product::check_enabled(&product).map_err(|error| ApiError::rule(StatusCode::CONFLICT, &error))?;
    let operation_id = body_id("idProductOperation", &wanted.id_product_operation)?;
    let operation = find_operation(&product, &operation_id)?;
    let artifact = artifact(&body, &wanted)?;
    check_registry(&artifact, &product).map_err(|error| ApiError::rule(StatusCode::FORBIDDEN, &error))?;
    let rule = operation.approval_rule.clone().unwrap_or_default();
    if !approval::share_a_group(&rule.allowed_groups, &person.groups) {
        return Err(forbidden(
            "not-allowed",
            "You are in none of the groups that may request signatures with this operation.",
            "Ask a member of its allowedGroups, or choose another product.",
        ));
    }
    let required = approval::distinct(&rule.approval_groups);
    let id = Uuid::new_v4().to_string();
    let new = NewSigning {
        id: &id,
        product_id: &product_id,
        operation_id: &operation_id,
        artifact: &artifact,
        body: &body.to_string(),
        required_groups: &Value::from(required.clone()).to_string(),
    };
    store::insert_signing(store, &new, person)?;
    let automatic = approval::is_automatic(&required, &rule.blanket_groups, &person.groups);
    let next = if automatic { status::APPROVED } else { status::WAITING };
    store::set_status(store, &id, next, None, None, None)?;
    shown(store, &id)
}

/// A body is shown again as it was posted, and nobody may take a requester's words for the service's.
fn check_sets_nothing(body: &Map<String, Value>) -> Result<(), ApiError> {
    match view::SERVICE_FIELDS.into_iter().find(|field| body.contains_key(*field)) {
        None => Ok(()),
        Some(field) => Err(unprocessable(
            "bad-input",
            format!("request.{field} is set by the service, and cannot be sent."),
            "Send name, idProductOperation, description, payload and productId.",
        )),
    }
}

/// The one image to sign, and nothing beside it that might be taken for a second one.
fn artifact(body: &Value, wanted: &SigningRequestBody) -> Result<Reference, ApiError> {
    let artifact = signing_request::artifact(wanted).map_err(|error| unprocessable_rule(&error))?;
    let parameters = body.pointer("/payload/optionalParameters").unwrap_or(&Value::Null);
    Place::whole(parameters, "request.payload.optionalParameters")
        .list(|parameter| parameter.only(&["artifactURI"]))
        .map_err(|error| unprocessable_rule(&error))?;
    check_tag(&artifact)?;
    Ok(artifact)
}

/// The tag of an image's signatures is made from its digest, and sha512 makes it too long for a registry.
fn check_tag(artifact: &Reference) -> Result<(), ApiError> {
    if signature_manifest::tag(artifact.digest()).len() <= LONGEST_TAG {
        return Ok(());
    }
    Err(unprocessable(
        "digest-algorithm",
        format!("The signature could not be stored: its tag would be longer than {LONGEST_TAG} characters."),
        "Give the image by its sha256 digest.",
    ))
}

fn find_product(store: &Transaction<'_>, id: &str) -> Result<Product, ApiError> {
    let text = store::product(store, id)?.ok_or_else(products::unknown_product)?;
    serde_json::from_str(&text).map_err(|cause| {
        tracing::error!(%cause, "a stored product cannot be read");
        ApiError::internal()
    })
}

/// The operation with exactly this id; the core also finds operations by name, which ids must not do.
fn find_operation<'a>(product: &'a Product, id: &str) -> Result<&'a ProductOperation, ApiError> {
    let operation =
        product::signing_operation(product, Some(id)).map_err(|error| unprocessable_rule(&error))?;
    if operation.id.as_deref() == Some(id) {
        return Ok(operation);
    }
    Err(unprocessable(
        "operation-missing",
        "The product has no SignOCI operation with this id.",
        "Take idProductOperation from the product's productOperations.",
    ))
}

fn body_id(field: &str, text: &str) -> Result<String, ApiError> {
    Uuid::try_parse(text).map(|id| id.to_string()).map_err(|_| {
        unprocessable(
            "bad-id",
            format!("{field} is not a UUID."),
            "Take it from the reply that shows the product.",
        )
    })
}

fn unprocessable_rule(error: &ocisign::Error) -> ApiError {
    ApiError::rule(StatusCode::UNPROCESSABLE_ENTITY, error)
}

fn approve_one(
    store: &Transaction<'_>,
    person: &Person,
    id: &str,
    approval: &Decision,
) -> Result<(), ApiError> {
    let signing = find(store, id)?;
    let required = store::read_groups(&signing.required_groups);
    let earlier: Vec<Approver> =
        store::approvals(store, id)?.into_iter().map(|approval| approval.approver).collect();
    let new = Approver { object_id: person.object_id.clone(), groups: person.groups.clone() };
    let missing = approval::approve(&required, &signing.requester_id, &earlier, &new);
    // Who may never approve is told so whatever the status; "nothing left to do" only while waiting.
    match missing {
        Err(refusal @ (Refusal::OwnRequest | Refusal::AlreadyApproved | Refusal::NotAnApprover)) => {
            return Err(refused(refusal));
        }
        _ => waits_for_approval(&signing)?,
    }
    let missing = missing.map_err(refused)?;
    check_expectation(&signing, approval.expect.as_ref())?;
    let groups = Value::from(person.groups.clone()).to_string();
    store::insert_approval(store, id, person, &groups, approval.comment.as_deref())?;
    if missing.is_empty() {
        let comment = approval.comment.as_deref();
        store::set_status(store, id, status::APPROVED, Some(person), comment, None)?;
    }
    Ok(())
}

fn refused(refusal: Refusal) -> ApiError {
    match refusal {
        Refusal::OwnRequest => forbidden(
            "self-approval",
            "Nobody approves their own request.",
            "Ask another member of the approval groups.",
        ),
        Refusal::AlreadyApproved => ApiError::new(
            StatusCode::CONFLICT,
            "already-approved",
            "You have approved this request already.",
            "Ask a member of the missing groups.",
        ),
        Refusal::NotAnApprover => forbidden(
            "not-an-approver",
            "You are in none of the groups that approve this request.",
            "Ask a member of the missing groups.",
        ),
        Refusal::GroupAlreadyApproved => forbidden(
            "group-already-approved",
            "Your groups have approved this request already.",
            "Ask a member of the missing groups.",
        ),
    }
}

fn waits_for_approval(signing: &SigningRow) -> Result<(), ApiError> {
    if signing.status == status::WAITING {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::CONFLICT,
        "not-waiting",
        format!("The request is not waiting for approval; it is {}.", status::name(signing.status)),
        "Read it again to see where it stands.",
    ))
}

/// The approver decides about what they saw: each field that they pin must still be what is stored.
fn check_expectation(signing: &SigningRow, expect: Option<&Map<String, Value>>) -> Result<(), ApiError> {
    let stored = view::stored(&signing.body);
    for (field, expected) in expect.into_iter().flatten() {
        if !BOUND_PARTS.contains(&field.as_str()) {
            return Err(unprocessable(
                "bad-expectation",
                "`expect` has a field that cannot be pinned.",
                format!("Use only {}.", BOUND_PARTS.join(", ")),
            ));
        }
        if stored.get(field) != Some(expected) {
            return Err(ApiError::new(
                StatusCode::CONFLICT,
                "changed",
                format!("The request's {field} is not what you saw."),
                "Read the request again, and decide about what it says now.",
            ));
        }
    }
    Ok(())
}

fn reject_one(
    store: &Transaction<'_>,
    person: &Person,
    id: &str,
    comment: &str,
    expect: Option<&Map<String, Value>>,
) -> Result<(), ApiError> {
    let signing = find(store, id)?;
    let required = store::read_groups(&signing.required_groups);
    if !approval::share_a_group(&required, &person.groups) {
        return Err(refused(Refusal::NotAnApprover));
    }
    waits_for_approval(&signing)?;
    check_expectation(&signing, expect)?;
    let reason = format!("Rejected by {}: {comment}", person.name);
    Ok(store::set_status(store, id, status::REJECTED, Some(person), Some(comment), Some(&reason))?)
}
