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
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::path_id::PathId;
use super::{forbidden, schemas, unprocessable, view};
use crate::api_error::ApiError;
use crate::auth::Person;
use crate::database::off_the_async_threads;
use crate::json_body::JsonBody;
use crate::keys::{self, NewKey};
use crate::limits;
use crate::sandbox::{Sandbox, Shared};
use crate::signer::key_place;
use crate::store::{self, KeyRow};

/// So many keys are made side by side.
static KEY_MAKERS: Semaphore = Semaphore::const_new(2);
/// The fields of an approval rule.
const RULE_FIELDS: [&str; 5] = ["name", "description", "allowedGroups", "approvalGroups", "blanketGroups"];

/// An operation's key, ready to be kept.
struct OperationKey {
    operation_id: String,
    row: KeyRow,
}

/// `GET products`.
#[utoipa::path(
    get, path = "/products", operation_id = "listProducts", tag = "products", security(("token" = [])),
    responses((status = 200, description = "All products, oldest first", body = [schemas::Product]))
)]
pub async fn list(State(sandbox): State<Shared>, _person: Person) -> Result<Json<Vec<Value>>, ApiError> {
    let bodies = sandbox.database.read::<_, ApiError, _>(|store| Ok(store::products(store)?)).await?;
    let shown = move || Ok::<_, ApiError>(bodies.iter().map(|body| view::stored(body)).collect());
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
    _person: Person,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    let body = sandbox.database.read::<_, ApiError, _>(move |store| Ok(store::product(store, &id)?)).await?;
    Ok(Json(view::stored(&body.ok_or_else(unknown_product)?)))
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
    let id = Uuid::new_v4().to_string();
    let keys = add_ids_and_keys(&sandbox, &id, &mut body, key_types).await?;
    let reply = Value::Object(body);
    keep(&sandbox, person, id.clone(), reply.to_string(), keys).await?;
    let location = format!("{}/products/{id}", sandbox.base);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(reply)))
}

/// Checks a product by the core's rules; gives the key type of each operation that signs images.
fn check(body: &Map<String, Value>) -> Result<Vec<Option<KeyType>>, ApiError> {
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

fn signs_images(operation: &wire::ProductOperation) -> bool {
    matches!(operation.operation_type.as_deref(), Some(wire::SIGN_OCI | wire::SIGN_OCI_ON_SCREENS))
}

fn check_operation(
    body: &Value,
    index: usize,
    operation: &wire::ProductOperation,
) -> Result<Option<KeyType>, ApiError> {
    if !signs_images(operation) {
        // Kept and shown, but the sandbox has no use for it.
        return Ok(None);
    }
    let place = format!("productOperations[{index}].approvalRule");
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
    let written = operation.token.as_ref().and_then(|token| token.key_type.as_deref()).unwrap_or_default();
    KeyType::parse(written)
        .map(Some)
        .map_err(|error| ApiError::rule(StatusCode::UNPROCESSABLE_ENTITY, &error))
}

/// The core reads a list that is left out as an empty one. Of approval groups that would mean that nobody
/// needs to approve, so a list that is forgotten or misspelt must not pass.
fn check_rule_as_written(place: &str, rule: &Value) -> Result<(), ApiError> {
    let known = Place::whole(rule, place).only(&RULE_FIELDS);
    known.map_err(|error| ApiError::rule(StatusCode::UNPROCESSABLE_ENTITY, &error))?;
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

/// Gives the product and its operations their ids, and those that sign images their keys.
async fn add_ids_and_keys(
    sandbox: &Sandbox,
    id: &str,
    body: &mut Map<String, Value>,
    key_types: Vec<Option<KeyType>>,
) -> Result<Vec<OperationKey>, ApiError> {
    view::put_first(body, "id", json!(id));
    let operations = body.get_mut("productOperations").and_then(Value::as_array_mut);
    let mut keys = Vec::new();
    for (operation, key_type) in operations.into_iter().flatten().zip(key_types) {
        let Some(operation) = operation.as_object_mut() else { continue };
        let operation_id = Uuid::new_v4().to_string();
        view::put_first(operation, "id", json!(operation_id));
        let Some(key_type) = key_type else { continue };
        let key = new_key(key_type).await?;
        if let Some(token) = operation.get_mut("token").and_then(Value::as_object_mut) {
            token.insert("publicKey".to_owned(), json!(keys::shown(&key.public_der)));
        }
        keys.push(seal(sandbox, operation_id, key_type, &key)?);
    }
    Ok(keys)
}

async fn new_key(key_type: KeyType) -> Result<NewKey, ApiError> {
    // RSA4096 takes a second or two, which must not hold up other requests, nor take every processor.
    let _turn = KEY_MAKERS.acquire().await.map_err(|_| ApiError::internal())?;
    let made = tokio::task::spawn_blocking(move || keys::generate(key_type)).await;
    match made {
        Ok(Ok(key)) => Ok(key),
        _ => {
            tracing::error!("a key could not be made");
            Err(ApiError::internal())
        }
    }
}

fn seal(
    sandbox: &Sandbox,
    operation_id: String,
    key_type: KeyType,
    key: &NewKey,
) -> Result<OperationKey, ApiError> {
    let sealed = sandbox.vault.seal(&key_place(&operation_id), &key.private_der).map_err(|cause| {
        tracing::error!(%cause, "a key could not be sealed");
        ApiError::internal()
    })?;
    let row = KeyRow {
        key_type: key_type.as_str().to_owned(),
        public_der: key.public_der.clone(),
        sealed_private: sealed,
    };
    Ok(OperationKey { operation_id, row })
}

async fn keep(
    sandbox: &Arc<Sandbox>,
    person: Person,
    id: String,
    body: String,
    keys: Vec<OperationKey>,
) -> Result<(), ApiError> {
    sandbox
        .database
        .transact(move |store| {
            // Whoever lists products gets those of everybody.
            let made = store::products_bytes(store, &person)? + body.len();
            if made > limits::PRODUCTS_BYTES {
                return Err(too_many());
            }
            store::insert_product(store, &id, &body, &person)?;
            for key in &keys {
                store::insert_key(store, &key.operation_id, &id, &key.row)?;
            }
            Ok(())
        })
        .await
}

fn too_many() -> ApiError {
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
