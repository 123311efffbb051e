//! `products`: made with real keys, shown with their public halves.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use ocisign::json::Place;
use ocisign::wire::{self, Product};
use ocisign::{KeyType, product};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::path_id::PathId;
use super::{forbidden, schemas, unprocessable, view};
use crate::api_error::ApiError;
use crate::approval::{self, Needs};
use crate::audit::{Act, Action};
use crate::auth::Person;
use crate::database::off_the_async_threads;
use crate::faults::{Part, PartFault, Trouble};
use crate::json_body::JsonBody;
use crate::keys::{self, FreshKey};
use crate::limits;
use crate::product_rows;
use crate::product_state::ProductState;
use crate::sandbox::{Sandbox, Shared};
use crate::signature_manifest;
use crate::store;

/// The fields of an approval rule.
const RULE_FIELDS: [&str; 6] =
    ["name", "description", "allowedGroups", "approvalGroups", "blanketGroups", "approvals"];
/// The operation type of digest signing, as it is written, and as screens show it. Its operations have keys, too.
const DIGEST_SIGNING: [&str; 2] = ["DigestSigning", "DIGEST_SIGNING"];

/// `GET products`.
#[utoipa::path(
    get, path = "/products", operation_id = "listProducts", tag = "products", security(("token" = [])),
    responses((status = 200, description = "All products, oldest first", body = [schemas::Product]))
)]
pub async fn list(State(sandbox): State<Shared>, person: Person) -> Result<Json<Vec<Value>>, ApiError> {
    check_reader(&person, sandbox.rules.product_list_reader_groups.as_deref(), "list products")?;
    let rows = sandbox.database.read::<_, ApiError, _>(|store| Ok(product_rows::all(store)?)).await?;
    let with_keys = sandbox.rules.keys_in.product();
    let shown = move || Ok::<_, ApiError>(rows.iter().map(|row| view::product(row, with_keys)).collect());
    Ok(Json(off_the_async_threads(shown).await?))
}

/// `GET products/{id}`.
#[utoipa::path(
    get, path = "/products/{id}", operation_id = "getProduct", tag = "products", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "The product's id")),
    responses((status = 200, description = "The product", body = schemas::Product))
)]
pub async fn get(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    check_reader(&person, sandbox.rules.product_reader_groups.as_deref(), "read a product")?;
    Ok(Json(shown(&sandbox, id).await?))
}

/// One product, as the API shows it now.
pub(super) async fn shown(sandbox: &Sandbox, id: String) -> Result<Value, ApiError> {
    let row =
        sandbox.database.read::<_, ApiError, _>(move |store| Ok(product_rows::get(store, &id)?)).await?;
    Ok(view::product(&row.ok_or_else(unknown_product)?, sandbox.rules.keys_in.product()))
}

/// Where the start names reader groups, only they read. To request a signature nobody needs to.
fn check_reader(person: &Person, readers: Option<&[String]>, what: &str) -> Result<(), ApiError> {
    if readers.is_none_or(|readers| approval::share_a_group(readers, &person.groups)) {
        return Ok(());
    }
    Err(forbidden(
        "not-a-reader",
        format!("You are in none of the groups that may {what}."),
        "Ask a member of the reader groups; a request needs only the product's and the operation's id.",
    ))
}

/// `POST products`. In the real service an admin does this; here anyone in a group may.
#[utoipa::path(
    post, path = "/products", operation_id = "createProduct", tag = "products", security(("token" = [])),
    request_body = schemas::NewProduct,
    responses((status = 201, description = "The product, with its ids and public keys", body = schemas::Product,
        headers(("location" = String, description = "Where it is"))))
)]
pub async fn create(
    State(sandbox): State<Shared>,
    person: Person,
    JsonBody(mut body): JsonBody,
) -> Result<impl IntoResponse, ApiError> {
    if person.groups.is_empty() {
        return Err(forbidden(
            "not-allowed",
            "A person without a group may not create products.",
            "In the sandbox anyone in a group may: use the token of one of them.",
        ));
    }
    limits::check_body(&body, "product", limits::PRODUCT_BYTES)?;
    let key_types = check(&body)?;
    // Both are the service's own words.
    body.shift_remove("state");
    let id = Uuid::new_v4().to_string();
    let location = format!("{}/products/{id}", sandbox.base);
    // A task of its own, which goes on when the client leaves: keys and row are both kept, or neither.
    let made = tokio::spawn(async move {
        let keys = add_ids_and_keys(&sandbox, &id, &mut body, key_types).await?;
        keep(&sandbox, person, id.clone(), Value::Object(body), keys).await?;
        shown(&sandbox, id).await
    });
    let reply = made.await.unwrap_or_else(|_| Err(ApiError::internal()))?;
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(reply)))
}

/// Checks a product by the core's rules; gives the key type of each operation that has a key.
pub(super) fn check(body: &Map<String, Value>) -> Result<Vec<Option<KeyType>>, ApiError> {
    let rule = |error: ocisign::Error| ApiError::rule(StatusCode::UNPROCESSABLE_ENTITY, &error);
    let body = Value::Object(body.clone());
    let product = Product::read(&Place::whole(&body, "product")).map_err(rule)?;
    if product.name.as_deref().unwrap_or_default().trim().is_empty() {
        return Err(unprocessable("bad-input", "The product has no name.", "Give it a name."));
    }
    product::registry_url(&product).map_err(rule)?;
    limits::check_count("product.productOperations", product.product_operations.len(), limits::OPERATIONS)?;
    if !product.product_operations.iter().any(signs_images) {
        product::signing_operation(&product, None).map_err(rule)?;
    }
    product
        .product_operations
        .iter()
        .enumerate()
        .map(|(index, operation)| check_operation(&body, index, operation))
        .collect()
}

/// Whether requests for signatures of images may name it.
pub(super) fn signs_images(operation: &wire::ProductOperation) -> bool {
    matches!(operation.operation_type.as_deref(), Some(wire::SIGN_OCI | wire::SIGN_OCI_ON_SCREENS))
}

fn check_operation(
    body: &Value,
    index: usize,
    operation: &wire::ProductOperation,
) -> Result<Option<KeyType>, ApiError> {
    if !signs_images(operation) && !signs_digests(operation) {
        // Kept and shown, but the sandbox has no use for it.
        return Ok(None);
    }
    let place = format!("product.productOperations[{index}].approvalRule");
    let Some(rule) = &operation.approval_rule else {
        return Err(unprocessable(
            "bad-input",
            format!("{place} is missing."),
            "Give the operation one with allowedGroups, approvalGroups and blanketGroups.",
        ));
    };
    let written_rule = body.pointer(&format!("/productOperations/{index}/approvalRule"));
    check_rule_as_written(&place, written_rule.unwrap_or(&Value::Null))?;
    check_rule(&place, rule)?;
    read_key_type(operation).map(Some).map_err(|error| {
        let place = format!("product.productOperations[{index}].token.keyType");
        unprocessable(error.code(), format!("{place}: {}", error.message()), error.fix())
    })
}

fn read_key_type(operation: &wire::ProductOperation) -> ocisign::Result<KeyType> {
    let written = operation.token.as_ref().and_then(|token| token.key_type.as_deref()).unwrap_or_default();
    KeyType::parse(written)
}

/// The type of an operation's key, which was checked when the product was made.
pub(super) fn key_type(operation: &wire::ProductOperation) -> Result<KeyType, ApiError> {
    read_key_type(operation).map_err(|cause| {
        tracing::error!(cause = cause.message(), "the type of a stored key cannot be read");
        ApiError::internal()
    })
}

/// Whether requests for signatures of digests may name it.
pub(super) fn signs_digests(operation: &wire::ProductOperation) -> bool {
    operation.operation_type.as_deref().is_some_and(|written| DIGEST_SIGNING.contains(&written))
}

/// How many groups must approve, if the operation's own rule says so.
pub(super) fn needs(product: &Value, operation_id: &str) -> Option<Needs> {
    let operations = product.get("productOperations")?.as_array()?;
    let operation =
        operations.iter().find(|operation| operation.get("id").is_some_and(|id| id == operation_id))?;
    operation.pointer("/approvalRule/approvals")?.as_str().and_then(Needs::parse)
}

/// The core reads a list that is left out as an empty one. Of approval groups that would mean that nobody
/// needs to approve, so a list that is forgotten or misspelt must not pass.
fn check_rule_as_written(place: &str, rule: &Value) -> Result<(), ApiError> {
    let known = Place::whole(rule, place).only(&RULE_FIELDS);
    known.map_err(|error| ApiError::rule(StatusCode::UNPROCESSABLE_ENTITY, &error))?;
    let approvals = rule.get("approvals");
    if approvals.is_some_and(|it| it.as_str().and_then(Needs::parse).is_none()) {
        return Err(unprocessable(
            "bad-input",
            format!("{place}.approvals is neither \"every\" nor \"any\"."),
            "Write \"every\" if each of the approvalGroups must approve, or \"any\" if one is enough.",
        ));
    }
    for name in ["allowedGroups", "approvalGroups"] {
        if !rule.get(name).is_some_and(Value::is_array) {
            return Err(unprocessable(
                "bad-input",
                format!("{place}.{name} is missing, or it is not a list."),
                "Give a list of groups; an empty list of approvalGroups says that nobody needs to approve.",
            ));
        }
    }
    Ok(())
}

fn check_rule(place: &str, rule: &wire::ApprovalRule) -> Result<(), ApiError> {
    if rule.allowed_groups.is_empty() {
        return Err(unprocessable(
            "bad-input",
            format!("{place}.allowedGroups is empty: no group could request a signature."),
            "Give it at least one group's UUID.",
        ));
    }
    check_groups(&format!("{place}.allowedGroups"), &rule.allowed_groups)?;
    check_groups(&format!("{place}.approvalGroups"), &rule.approval_groups)?;
    check_groups(&format!("{place}.blanketGroups"), &rule.blanket_groups)
}

fn check_groups(place: &str, groups: &[String]) -> Result<(), ApiError> {
    limits::check_count(place, groups.len(), limits::GROUPS)?;
    match groups.iter().position(|group| !is_plain_uuid(group)) {
        None => Ok(()),
        Some(index) => Err(unprocessable(
            "bad-group",
            format!("{place}[{index}] is not a UUID in the form 8-4-4-4-12."),
            "Give each group by its UUID, as in b716abb1-2e3b-47a9-bca5-a3669faa50a6.",
        )),
    }
}

/// One way to write a group is enough; tokens may have it in another case.
fn is_plain_uuid(text: &str) -> bool {
    // Of the forms that the parser reads only this one has 36 characters.
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

/// Gives the product and its operations their ids, and those that sign their keys.
async fn add_ids_and_keys(
    sandbox: &Sandbox,
    id: &str,
    body: &mut Map<String, Value>,
    key_types: Vec<Option<KeyType>>,
) -> Result<Vec<FreshKey>, ApiError> {
    view::put_first(body, "id", json!(id));
    let operations = body.get_mut("productOperations").and_then(Value::as_array_mut);
    let mut keys = Vec::new();
    for (operation, key_type) in operations.into_iter().flatten().zip(key_types) {
        let Some(operation) = operation.as_object_mut() else { continue };
        let operation_id = Uuid::new_v4().to_string();
        view::put_first(operation, "id", json!(operation_id));
        let Some(key_type) = key_type else { continue };
        sandbox.faults.before(Part::Hsm).map_err(no_hsm)?;
        let key = sandbox.keys.generate(&operation_id, key_type).await?;
        if let Some(token) = operation.get_mut("token").and_then(Value::as_object_mut) {
            token.insert("publicKey".to_owned(), json!(keys::shown(&key.key().public_der)));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn no_hsm(fault: PartFault) -> ApiError {
    let code = if fault.trouble == Trouble::HsmBusy { "hsm-busy" } else { "hsm-gone" };
    ApiError::new(
        StatusCode::SERVICE_UNAVAILABLE,
        code,
        format!("{} No product was made.", fault.trouble),
        "Try again later.",
    )
    .by_fault(Some(fault.rule))
}

async fn keep(
    sandbox: &Arc<Sandbox>,
    person: Person,
    id: String,
    body: Value,
    keys: Vec<FreshKey>,
) -> Result<(), ApiError> {
    let state = if sandbox.rules.product_approval > 0 { ProductState::New } else { ProductState::Ready };
    let rows: Vec<_> = keys.iter().map(|key| (key.key().id.clone(), key.key().row())).collect();
    sandbox
        .database
        .transact(move |store| {
            let text = body.to_string();
            // Whoever lists products gets those of everybody.
            let made = product_rows::bytes_of(store, person.identity.shown())? + text.len();
            if made > limits::PRODUCTS_BYTES {
                return Err(too_many());
            }
            product_rows::insert(store, &id, &text, state, &person)?;
            for (operation_id, row) in &rows {
                store::insert_key(store, operation_id, &id, row)?;
            }
            let details = audit_details(&body, state);
            Ok(Act::new(Action::ProductCreate).by(&person).product(&id).details(details).record(store)?)
        })
        .await?;
    keys.into_iter().for_each(FreshKey::keep);
    Ok(())
}

/// What the audit log says of a product's body.
pub(super) fn audit_details(body: &Value, state: ProductState) -> Value {
    json!({
        "name": body.get("name"),
        "enabled": body.get("enabled"),
        "state": state.as_str(),
        "body": signature_manifest::sha256(body.to_string().as_bytes()),
    })
}

pub(super) fn too_many() -> ApiError {
    ApiError::new(
        StatusCode::CONFLICT,
        "too-many",
        format!("The products that you made would be more than {} bytes of JSON.", limits::PRODUCTS_BYTES),
        "Use one that there is, or start a sandbox with another data folder.",
    )
}

/// 404 for a product that is not there.
pub fn unknown_product() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown-product",
        "There is no product with this id.",
        "GET products lists those that there are.",
    )
}
