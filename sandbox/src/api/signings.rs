//! `imagesignings`: asking for a signature, and deciding about it.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use ocisign::json::Place;
use ocisign::wire::{Product, ProductOperation, SigningRequestBody};
use ocisign::{Reference, check_registry, product, signing_request};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::decision::Case;
use super::path_id::PathId;
use super::view::{self, Read};
use super::{forbidden, products, schemas, unprocessable};
use crate::api_error::ApiError;
use crate::approval;
use crate::auth::Person;
use crate::database::{Database, off_the_async_threads};
use crate::json_body::{self, JsonBody, OptionalJsonBody};
use crate::limits;
use crate::sandbox::{Sandbox, Shared};
use crate::signature_manifest;
use crate::status;
use crate::store::{self, NewSigning};

/// The grammar of tags in the OCI distribution specification, "Pulling manifests".
const LONGEST_TAG: usize = 128;

/// An approval, or a rejection.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)] // a misspelt `expect` must not pass for a decision without one
struct Decision {
    comment: Option<String>,
    expect: Option<Map<String, Value>>,
}

/// `GET imagesignings/{id}`.
#[utoipa::path(
    get, path = "/imagesignings/{id}", operation_id = "getSigning", tag = "signings", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "The request's id")),
    responses((status = 200, description = "The request", body = schemas::Signing))
)]
pub async fn get(
    State(sandbox): State<Shared>,
    _person: Person,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(shown(&sandbox.database, id).await?))
}

/// `POST imagesignings`.
#[utoipa::path(
    post, path = "/imagesignings", operation_id = "createSigning", tag = "signings", security(("token" = [])),
    request_body = schemas::NewSigning,
    responses((status = 201, description = "The request", body = schemas::Signing,
        headers(("location" = String, description = "Where it is"))))
)]
pub async fn create(
    State(sandbox): State<Shared>,
    person: Person,
    JsonBody(body): JsonBody,
) -> Result<impl IntoResponse, ApiError> {
    limits::check_body(&body, "request", limits::REQUEST_BYTES)?;
    let id = request(&sandbox, person, body).await?;
    sandbox.bell.ring();
    let reply = shown(&sandbox.database, id.clone()).await?;
    let location = format!("{}/imagesignings/{id}", sandbox.base);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(reply)))
}

/// `POST imagesignings/{id}/approve`.
#[utoipa::path(
    post, path = "/imagesignings/{id}/approve", operation_id = "approveSigning", tag = "signings",
    security(("token" = [])), params(("id" = uuid::Uuid, Path, description = "The request's id")),
    request_body = Option<schemas::ApprovalGiven>,
    responses((status = 200, description = "The request, as it stands now", body = schemas::Signing))
)]
pub async fn approve(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Json<Value>, ApiError> {
    let approval: Decision = json_body::fields(&body)?;
    limits::check_comment(approval.comment.as_deref())?;
    let case = Case::open(&sandbox.database, person, &id, approval.expect).await?;
    sandbox.database.transact(move |store| case.approve(store, approval.comment.as_deref())).await?;
    sandbox.bell.ring();
    Ok(Json(shown(&sandbox.database, id).await?))
}

/// `POST imagesignings/{id}/reject`. A member of an approval group may, for a reason; that a requester
/// who is one may too is how a request is withdrawn.
#[utoipa::path(
    post, path = "/imagesignings/{id}/reject", operation_id = "rejectSigning", tag = "signings",
    security(("token" = [])), params(("id" = uuid::Uuid, Path, description = "The request's id")),
    request_body = schemas::Rejection,
    responses((status = 200, description = "The request, as it stands now", body = schemas::Signing))
)]
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
    limits::check_comment(Some(&comment))?;
    let case = Case::open(&sandbox.database, person, &id, decision.expect).await?;
    sandbox.database.transact(move |store| case.reject(store, &comment)).await?;
    Ok(Json(shown(&sandbox.database, id).await?))
}

async fn shown(database: &Database, id: String) -> Result<Value, ApiError> {
    let read = database.read::<_, ApiError, _>(move |store| Ok(Read::one(store, &id)?)).await?;
    let read = read.ok_or_else(unknown_signing)?;
    off_the_async_threads(move || read.shown().next().ok_or_else(unknown_signing)).await
}

pub(super) fn unknown_signing() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown-signing",
        "There is no signing request with this id.",
        "GET imagesignings lists those that there are.",
    )
}

/// Checks a request by every rule, and keeps it; gives its id. A product never changes, so what is checked before
/// the transaction still holds in it.
async fn request(sandbox: &Sandbox, person: Person, body: Map<String, Value>) -> Result<String, ApiError> {
    let database = &sandbox.database;
    check_sets_nothing(&body)?;
    let body = Value::Object(body);
    let wanted = SigningRequestBody::read(&Place::whole(&body, "request"))
        .map_err(|error| unprocessable_rule(&error))?;
    let product_id = body_id("productId", &wanted.product_id)?;
    let product = find_product(database, product_id.clone()).await?;
    product::check_enabled(&product).map_err(|error| ApiError::rule(StatusCode::CONFLICT, &error))?;
    let operation_id = body_id("idProductOperation", &wanted.id_product_operation)?;
    let operation = find_operation(&product, &operation_id)?;
    let artifact = artifact(&body, &wanted)?;
    check_registry(&artifact, &product).map_err(|error| ApiError::rule(StatusCode::FORBIDDEN, &error))?;
    let rule = operation.approval_rule.clone().unwrap_or_default();
    let [allowed, required, blanket] = [&rule.allowed_groups, &rule.approval_groups, &rule.blanket_groups]
        .map(|groups| approval::distinct(groups.iter().map(String::as_str)));
    if !approval::share_a_group(&allowed, &person.groups) {
        return Err(forbidden(
            "not-allowed",
            "You are in none of the groups that may request signatures with this operation.",
            "Ask a member of its allowedGroups, or choose another product.",
        ));
    }
    if sandbox.allowed.find(artifact.registry()).is_none() {
        return Err(forbidden(
            "registry-not-allowed",
            format!("The sandbox may not push signatures to {}.", artifact.registry()),
            "Start it with --registry or --allow-registry for that registry, or use the one that it prints.",
        ));
    }
    let automatic = approval::is_automatic(&required, &blanket, &person.groups);
    let next = if automatic { status::APPROVED } else { status::WAITING };
    let id = Uuid::new_v4().to_string();
    let (kept, text, groups) = (id.clone(), body.to_string(), Value::from(required).to_string());
    database
        .transact::<_, ApiError, _>(move |store| {
            let new = NewSigning {
                id: &kept,
                product_id: &product_id,
                operation_id: &operation_id,
                artifact: &artifact,
                body: &text,
                required_groups: &groups,
            };
            store::insert_signing(store, &new, &person)?;
            Ok(store::set_status(store, &kept, next, None, None, None)?)
        })
        .await?;
    Ok(id)
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

async fn find_product(database: &Database, id: String) -> Result<Product, ApiError> {
    let found = database.read::<_, ApiError, _>(move |store| Ok(store::product(store, &id)?)).await?;
    let text = found.ok_or_else(products::unknown_product)?;
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
