//! `imagesignings`: asking for a signature, and deciding about it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use ocisign::json::{Kind, Place};
use ocisign::wire::{Product, ProductOperation, SigningRequestBody};
use ocisign::{Reference, check_registry, product, signing_request};
use rusqlite::Transaction;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::decision::Case;
use super::path_id::PathId;
use super::shown_signing::{self, JsonText};
use super::view;
use super::{digest_request, forbidden, products, schemas, unprocessable};
use crate::api_error::ApiError;
use crate::approval::{self, Rule};
use crate::audit::{Act, Action};
use crate::auth::Person;
use crate::database::Database;
use crate::expiry;
use crate::json_body::{self, JsonBody, OptionalJsonBody};
use crate::limits;
use crate::product_rows::{self, ProductRow};
use crate::product_state::ProductState;
use crate::sandbox::{Sandbox, Shared};
use crate::shown_rows;
use crate::signature_format::SignatureFormat;
use crate::signature_manifest::{self, LONGEST_TAG};
use crate::status;
use crate::store::{self, NewSigning};
use crate::subject::Subject;

/// An approval, a rejection, or a withdrawal.
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
) -> Result<JsonText, ApiError> {
    shown(&sandbox.database, &id).await
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
    if sandbox.rules.request_lifetime.is_some() {
        sandbox.expiry_bell.ring();
    }
    let reply = shown(&sandbox.database, &id).await?;
    let location = format!("{}/imagesignings/{id}", sandbox.base);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], reply))
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
) -> Result<JsonText, ApiError> {
    let approval: Decision = json_body::fields(&body)?;
    limits::check_comment(approval.comment.as_deref())?;
    let case = Case::open(&sandbox.database, person, &id, approval.expect).await?;
    sandbox.database.transact(move |store| case.approve(store, approval.comment.as_deref())).await?;
    sandbox.bell.ring();
    shown(&sandbox.database, &id).await
}

/// `POST imagesignings/{id}/reject`. A member of an approval group may, for a reason; a requester who is one may, too.
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
) -> Result<JsonText, ApiError> {
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
    shown(&sandbox.database, &id).await
}

/// `POST imagesignings/{id}/withdraw`: its requester takes it back, whether they are an approver or not.
#[utoipa::path(
    post, path = "/imagesignings/{id}/withdraw", operation_id = "withdrawSigning", tag = "signings",
    security(("token" = [])), params(("id" = uuid::Uuid, Path, description = "The request's id")),
    request_body = Option<schemas::ApprovalGiven>,
    responses((status = 200, description = "The request, as it stands now", body = schemas::Signing))
)]
pub async fn withdraw(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<JsonText, ApiError> {
    let decision: Decision = json_body::fields(&body)?;
    let comment = decision.comment.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    limits::check_comment(comment.as_deref())?;
    let case = Case::open(&sandbox.database, person, &id, decision.expect).await?;
    sandbox.database.transact(move |store| case.withdraw(store, comment.as_deref())).await?;
    shown(&sandbox.database, &id).await
}

async fn shown(database: &Database, id: &str) -> Result<JsonText, ApiError> {
    let row = database.look_up::<_, ApiError, _>(|store| Ok(shown_rows::one(store, id)?)).await?;
    let mut text = Vec::new();
    shown_signing::write(&row.ok_or_else(unknown_signing)?, &mut text)?;
    Ok(JsonText(text))
}

pub(super) fn unknown_signing() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown-signing",
        "There is no signing request with this id.",
        "GET imagesignings lists those that there are.",
    )
}

/// Checks a request by every rule, and keeps it; gives its id. The checks come before the transaction, so it looks
/// whether the product is still the one that was checked.
async fn request(sandbox: &Sandbox, person: Person, body: Map<String, Value>) -> Result<String, ApiError> {
    check_sets_nothing(&body)?;
    let body = Arc::new(Value::Object(body));
    loop {
        let checked = check(sandbox, &person, &body).await?;
        let (person, body) = (person.clone(), Arc::clone(&body));
        let kept = sandbox.database.transact(move |store| checked.keep(store, &person, &body));
        if let Some(id) = kept.await? {
            return Ok(id);
        }
    }
}

/// A request that every rule allows, as the product was when it was checked.
struct Checked {
    product: ProductRow,
    operation_id: String,
    subject: Subject,
    rule: Rule,
    automatic: bool,
    expires_at: Option<i64>,
}

async fn check(sandbox: &Sandbox, person: &Person, body: &Value) -> Result<Checked, ApiError> {
    let wants_digest = digest_request::is_one(body);
    let wanted = if wants_digest { read_body(&digest_request::rest_of(body)) } else { read_body(body) }?;
    let row = find_product(&sandbox.database, body_id("productId", &wanted.product_id)?).await?;
    let written = view::stored(&row.body);
    let product = read_product(&written)?;
    check_ready(&row)?;
    product::check_usable(&product).map_err(|error| ApiError::rule(StatusCode::CONFLICT, &error))?;
    let operation_id = body_id("idProductOperation", &wanted.id_product_operation)?;
    let operation = find_operation(&product, &operation_id, wants_digest)?;
    let subject = if wants_digest {
        Subject::Digest(digest_request::digest(body, products::key_type(operation)?)?)
    } else {
        Subject::Image(artifact(body, &wanted, sandbox.format)?)
    };
    if let Subject::Image(image) = &subject {
        check_registry(image, &product).map_err(|error| ApiError::rule(StatusCode::FORBIDDEN, &error))?;
    }
    let groups = operation.approval_rule.clone().unwrap_or_default();
    let [allowed, required, blanket] =
        [&groups.allowed_groups, &groups.approval_groups, &groups.blanket_groups]
            .map(|groups| approval::distinct(groups.iter().map(String::as_str)));
    if !approval::share_a_group(&allowed, &person.groups) {
        return Err(forbidden(
            "not-allowed",
            "You are in none of the groups that may request signatures with this operation.",
            "Ask a member of its allowedGroups, or choose another product.",
        ));
    }
    if let Subject::Image(image) = &subject {
        check_allowed(sandbox, image)?;
    }
    let automatic = approval::is_automatic(&required, &blanket, &person.groups);
    let lifetime = sandbox.rules.lifetime().filter(|_| !automatic);
    Ok(Checked {
        rule: Rule {
            groups: required,
            needs: products::needs(&written, &operation_id).unwrap_or(sandbox.rules.approvals),
            self_approval: sandbox.rules.allow_self_approval,
        },
        product: row,
        operation_id,
        subject,
        automatic,
        expires_at: lifetime.map(expiry::end_after),
    })
}

impl Checked {
    /// Keeps the request and gives its id, unless the product was changed meanwhile.
    fn keep(
        &self,
        store: &Transaction<'_>,
        person: &Person,
        body: &Value,
    ) -> Result<Option<String>, ApiError> {
        let product = product_rows::get(store, &self.product.id)?;
        if product.is_none_or(|product| product.revision != self.product.revision) {
            return Ok(None);
        }
        let (id, body) = (Uuid::new_v4().to_string(), body.to_string());
        let new = NewSigning {
            id: &id,
            product_id: &self.product.id,
            operation_id: &self.operation_id,
            subject: &self.subject,
            body: &body,
            required_groups: &Value::from(self.rule.groups.as_slice()).to_string(),
            approvals: self.rule.needs,
            self_approval: self.rule.self_approval,
            expires_at: self.expires_at,
        };
        store::insert_signing(store, &new, person)?;
        let next = if self.automatic { status::APPROVED } else { status::WAITING };
        store::set_status(store, &id, next, None, None, None)?;
        let about = match self.subject {
            Subject::Image(_) => "artifact",
            Subject::Digest(_) => "digest",
        };
        let details = json!({
            "operation": self.operation_id,
            about: self.subject.stored(),
            "body": signature_manifest::sha256(body.as_bytes()),
            "requiredGroups": self.rule.groups,
            "requiredApprovals": self.rule.needs.as_str(),
            "selfApproval": self.rule.self_approval,
            "automatic": self.automatic,
        });
        Act::new(Action::Request).by(person).signing(&id).details(details).record(store)?;
        Ok(Some(id))
    }
}

fn read_body(body: &Value) -> Result<SigningRequestBody, ApiError> {
    SigningRequestBody::read(&Place::whole(body, "request")).map_err(|error| unprocessable_rule(&error))
}

fn check_allowed(sandbox: &Sandbox, image: &Reference) -> Result<(), ApiError> {
    if sandbox.allowed.find(image.registry()).is_some() {
        return Ok(());
    }
    Err(forbidden(
        "registry-not-allowed",
        format!("The sandbox may not push signatures to {}.", image.registry()),
        "Start it with --registry or --allow-registry for that registry, or use the one that it prints.",
    ))
}

/// Only a product that is ready signs.
fn check_ready(product: &ProductRow) -> Result<(), ApiError> {
    match product.state {
        ProductState::Ready => Ok(()),
        state => Err(ApiError::new(
            StatusCode::CONFLICT,
            "product-not-ready",
            format!("The product cannot be used: its state is {}.", state.as_str()),
            "Ask an admin to approve or restore it, or choose a product that is Ready.",
        )),
    }
}

/// A body is shown again as it was posted, and nobody may take a requester's words for the service's.
fn check_sets_nothing(body: &Map<String, Value>) -> Result<(), ApiError> {
    match body.keys().find(|field| view::is_said_by_service(field)) {
        None => Ok(()),
        Some(field) => Err(unprocessable(
            "bad-input",
            format!("request.{field} is set by the service, and cannot be sent."),
            "Send name, idProductOperation, description, payload and productId.",
        )),
    }
}

/// The one image to sign, and nothing beside it that might be taken for a second one.
fn artifact(
    body: &Value,
    wanted: &SigningRequestBody,
    format: SignatureFormat,
) -> Result<Reference, ApiError> {
    const PARAMETERS: Kind = Kind::List(&Kind::Only(&[("artifactURI", Kind::Text)]));
    let artifact = signing_request::artifact(wanted).map_err(|error| unprocessable_rule(&error))?;
    let parameters = body.pointer("/payload/optionalParameters").unwrap_or(&Value::Null);
    Place::whole(parameters, "request.payload.optionalParameters")
        .check(&PARAMETERS)
        .map_err(|error| unprocessable_rule(&error))?;
    check_tag(&artifact, format)?;
    Ok(artifact)
}

/// The tag of an image's signatures is made from its digest, and sha512 makes it too long for a registry.
fn check_tag(artifact: &Reference, format: SignatureFormat) -> Result<(), ApiError> {
    if format.can_hold(artifact.digest()) {
        return Ok(());
    }
    Err(unprocessable(
        "digest-algorithm",
        format!("The signature could not be stored: its tag would be longer than {LONGEST_TAG} characters."),
        "Give the image by its sha256 digest.",
    ))
}

async fn find_product(database: &Database, id: String) -> Result<ProductRow, ApiError> {
    let found = database.look_up::<_, ApiError, _>(|store| Ok(product_rows::get(store, &id)?)).await?;
    found.ok_or_else(products::unknown_product)
}

fn read_product(body: &Value) -> Result<Product, ApiError> {
    Product::read(&Place::whole(body, "product")).map_err(|cause| {
        tracing::error!(cause = cause.message(), "a stored product cannot be read");
        ApiError::internal()
    })
}

/// The operation with exactly this id, of the type that signs what is asked for; the core also finds operations by
/// name, which ids must not do.
fn find_operation<'a>(
    product: &'a Product,
    id: &str,
    wants_digest: bool,
) -> Result<&'a ProductOperation, ApiError> {
    let (signs, what, named): (fn(&ProductOperation) -> bool, _, _) = if wants_digest {
        (products::signs_digests, "digests", "DigestSigning")
    } else {
        (products::signs_images, "images", "SignOCI")
    };
    let has_id = |operation: &&ProductOperation| operation.id.as_deref() == Some(id);
    let Some(operation) = product.product_operations.iter().find(has_id) else {
        return Err(unprocessable(
            "operation-missing",
            format!("The product has no {named} operation with this id."),
            "Take idProductOperation from the product's productOperations.",
        ));
    };
    if signs(operation) {
        return Ok(operation);
    }
    let other = operation.operation_type.as_deref().unwrap_or("another");
    Err(unprocessable(
        "operation-type",
        format!("The operation signs no {what}: its operationType is {other}."),
        format!("Take idProductOperation from an operation of type {named}."),
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
