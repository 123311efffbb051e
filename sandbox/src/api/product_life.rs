//! What happens to a product after it was made: it is changed, approved, switched off, deleted, restored.
//!
//! A key belongs to its operation for ever, so operations are neither added nor removed, nor get another key. The
//! registry stays once a request was made: approvers have seen it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ocisign::json::Place;
use ocisign::product;
use ocisign::wire::Product;
use rusqlite::Transaction;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::admins::admins_only;
use super::path_id::PathId;
use super::{forbidden, products, schemas, view};
use crate::api_error::ApiError;
use crate::audit::{Act, Action};
use crate::auth::Person;
use crate::json_body::{self, JsonBody, OptionalJsonBody};
use crate::limits;
use crate::product_rows::{self, ProductRow};
use crate::product_state::{self, ProductState};
use crate::sandbox::{Sandbox, Shared};

/// What an admin says of a product.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Remark {
    comment: Option<String>,
}

/// `PUT products/{id}`: the product as it is to be, whole.
#[utoipa::path(
    put, path = "/products/{id}", operation_id = "changeProduct", tag = "products", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "The product's id")), request_body = schemas::NewProduct,
    responses((status = 200, description = "The product, as it is now", body = schemas::Product))
)]
pub async fn change(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
    JsonBody(body): JsonBody,
) -> Result<Json<Value>, ApiError> {
    limits::check_body(&body, "product", limits::PRODUCT_BYTES)?;
    products::check(&body)?;
    let needs_approval = sandbox.rules.product_approval > 0;
    act(&sandbox, person, id, move |store, person, product| {
        check_owner(person, product)?;
        check_may_change(product)?;
        let body = changed(store, product, body)?;
        let text = body.to_string();
        let creator = product.creator.shown();
        let made = product_rows::bytes_of(store, creator)?.saturating_sub(product.body.len()) + text.len();
        if made > limits::PRODUCTS_BYTES {
            return Err(products::too_many());
        }
        let state = if needs_approval { ProductState::New } else { product.state };
        product_rows::change(store, &product.id, &text, state, person)?;
        Ok((Action::ProductChange, products::audit_details(&body, state)))
    })
    .await
}

/// `POST products/{id}/disable`: it takes no requests any more; those that it has go on.
#[utoipa::path(
    post, path = "/products/{id}/disable", operation_id = "disableProduct", tag = "products", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "The product's id")),
    responses((status = 200, description = "The product, as it is now", body = schemas::Product))
)]
pub async fn disable(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    act(&sandbox, person, id, |store, person, product| {
        switch(store, person, product, false)?;
        Ok((Action::ProductDisable, json!({})))
    })
    .await
}

/// `POST products/{id}/enable`.
#[utoipa::path(
    post, path = "/products/{id}/enable", operation_id = "enableProduct", tag = "products", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "The product's id")),
    responses((status = 200, description = "The product, as it is now", body = schemas::Product))
)]
pub async fn enable(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    act(&sandbox, person, id, |store, person, product| {
        switch(store, person, product, true)?;
        Ok((Action::ProductEnable, json!({})))
    })
    .await
}

/// `POST products/{id}/approve`: an admin lets a new or changed product be used.
#[utoipa::path(
    post, path = "/products/{id}/approve", operation_id = "approveProduct", tag = "products", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "The product's id")),
    request_body = Option<schemas::Remark>,
    responses((status = 200, description = "The product, as it is now", body = schemas::Product))
)]
pub async fn approve(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Json<Value>, ApiError> {
    admins_only(&person, "approve products")?;
    let comment = comment(&body)?;
    let (needed, own_too) = (sandbox.rules.product_approval, sandbox.rules.allow_self_approval);
    act(&sandbox, person, id, move |store, person, product| {
        check_waits(product)?;
        if !own_too && (person.identity.is_same(&product.author) || person.identity.is_same(&product.creator))
        {
            return Err(forbidden(
                "self-approval",
                "Nobody approves a product that they made or changed.",
                "Ask another admin.",
            ));
        }
        let earlier = product_rows::approvers(store, &product.id)?;
        if earlier.iter().any(|approver| approver.is_same(&person.identity)) {
            return Err(conflict(
                "already-approved",
                "You have approved this product already.",
                "Ask another admin.",
            ));
        }
        product_rows::insert_approval(store, &product.id, person)?;
        let state = product_state::after_approval(earlier.len() + 1, needed);
        product_rows::set_state(store, &product.id, state)?;
        Ok((Action::ProductApprove, json!({ "comment": comment, "state": state.as_str() })))
    })
    .await
}

/// `POST products/{id}/reject`: an admin refuses a new or changed product.
#[utoipa::path(
    post, path = "/products/{id}/reject", operation_id = "rejectProduct", tag = "products", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "The product's id")),
    request_body = Option<schemas::Remark>,
    responses((status = 200, description = "The product, as it is now", body = schemas::Product))
)]
pub async fn reject(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
    OptionalJsonBody(body): OptionalJsonBody,
) -> Result<Json<Value>, ApiError> {
    admins_only(&person, "reject products")?;
    let comment = comment(&body)?;
    act(&sandbox, person, id, move |store, _, product| {
        check_waits(product)?;
        product_rows::set_state(store, &product.id, ProductState::Rejected)?;
        Ok((Action::ProductReject, json!({ "comment": comment })))
    })
    .await
}

/// `DELETE products/{id}`: the first marks it, the second ends it. What it signed stays, and so does its key.
#[utoipa::path(
    delete, path = "/products/{id}", operation_id = "deleteProduct", tag = "products", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "The product's id")),
    responses((status = 200, description = "The product, as it is now", body = schemas::Product))
)]
pub async fn delete(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    act(&sandbox, person, id, |store, person, product| {
        check_owner(person, product)?;
        let Some(state) = product.state.after_deletion() else { return Err(wrong_state(product)) };
        let open = product_rows::count_open_requests(store, &product.id)?;
        if open > 0 {
            return Err(conflict(
                "product-in-use",
                format!("The product has {open} requests that have not come to an end."),
                "Wait for them, or reject or withdraw them. Disable the product to get no more.",
            ));
        }
        product_rows::set_state(store, &product.id, state)?;
        Ok((Action::ProductDelete, json!({ "state": state.as_str() })))
    })
    .await
}

/// `POST products/{id}/restore`: takes the mark away.
#[utoipa::path(
    post, path = "/products/{id}/restore", operation_id = "restoreProduct", tag = "products", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "The product's id")),
    responses((status = 200, description = "The product, as it is now", body = schemas::Product))
)]
pub async fn restore(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    act(&sandbox, person, id, |store, person, product| {
        check_owner(person, product)?;
        let Some(state) = product_state::after_restoration(product) else { return Err(wrong_state(product)) };
        product_rows::set_state(store, &product.id, state)?;
        Ok((Action::ProductRestore, json!({ "state": state.as_str() })))
    })
    .await
}

/// Does something with a product, tells the audit log, and shows what the product is then.
async fn act(
    sandbox: &Arc<Sandbox>,
    person: Person,
    id: String,
    work: impl FnOnce(&Transaction<'_>, &Person, &ProductRow) -> Result<(Action, Value), ApiError>
    + Send
    + 'static,
) -> Result<Json<Value>, ApiError> {
    let wanted = id.clone();
    sandbox
        .database
        .transact(move |store| {
            let product = product_rows::get(store, &wanted)?.ok_or_else(products::unknown_product)?;
            let (action, details) = work(store, &person, &product)?;
            Ok::<_, ApiError>(Act::new(action).by(&person).product(&wanted).details(details).record(store)?)
        })
        .await?;
    Ok(Json(products::shown(sandbox, id).await?))
}

fn switch(store: &Transaction<'_>, person: &Person, product: &ProductRow, on: bool) -> Result<(), ApiError> {
    check_owner(person, product)?;
    check_may_change(product)?;
    let mut body = view::stored(&product.body);
    if let Some(body) = body.as_object_mut() {
        body.insert("enabled".to_owned(), json!(on));
    }
    Ok(product_rows::set_body(store, &product.id, &body.to_string())?)
}

/// The body that a product gets: what was sent, with what cannot be changed.
fn changed(
    store: &Transaction<'_>,
    product: &ProductRow,
    mut body: Map<String, Value>,
) -> Result<Value, ApiError> {
    let kept = view::stored(&product.body);
    if body.get("id").is_some_and(|id| *id != json!(product.id)) {
        return Err(fixed("product.id", "it names another product than the path"));
    }
    check_registry(store, product, &kept, &body)?;
    body.shift_remove("state");
    view::put_first(&mut body, "id", json!(product.id));
    let before =
        kept.get("productOperations").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let after = body.get_mut("productOperations").and_then(Value::as_array_mut).map(Vec::as_mut_slice);
    let after = after.unwrap_or_default();
    if before.len() != after.len() {
        let why = format!("there were {} operations, and now there are {}", before.len(), after.len());
        return Err(fixed("product.productOperations", &why));
    }
    for (index, (before, after)) in before.iter().zip(after).enumerate() {
        keep_operation(index, before, after)?;
    }
    Ok(Value::Object(body))
}

/// An operation keeps its id, its type and its key.
fn keep_operation(index: usize, before: &Value, after: &mut Value) -> Result<(), ApiError> {
    for path in ["/id", "/operationType", "/token/keyType"] {
        if before.pointer(path) != after.pointer(path) {
            let place = format!("product.productOperations[{index}]{}", path.replace('/', "."));
            return Err(fixed(&place, "it differs from what the product has"));
        }
    }
    let Some(key) = before.pointer("/token/publicKey") else { return Ok(()) };
    if after.pointer("/token/publicKey").is_some_and(|sent| sent != key) {
        let place = format!("product.productOperations[{index}].token.publicKey");
        return Err(fixed(&place, "it is not the key that the service made"));
    }
    if let Some(token) = after.get_mut("token").and_then(Value::as_object_mut) {
        token.insert("publicKey".to_owned(), key.clone());
    }
    Ok(())
}

fn check_registry(
    store: &Transaction<'_>,
    product: &ProductRow,
    before: &Value,
    after: &Map<String, Value>,
) -> Result<(), ApiError> {
    let after = Value::Object(after.clone());
    let registry = |body: &Value| {
        let product = Product::read(&Place::whole(body, "product")).ok()?;
        product::registry_url(&product).ok().map(str::to_ascii_lowercase)
    };
    if registry(before) == registry(&after) || product_rows::count_requests(store, &product.id)? == 0 {
        return Ok(());
    }
    Err(fixed(
        "The RegistryURL of product.productConfigItems",
        "requests were made for the registry that it named",
    ))
}

fn check_owner(person: &Person, product: &ProductRow) -> Result<(), ApiError> {
    if person.is_admin() || person.identity.is_same(&product.creator) {
        return Ok(());
    }
    Err(forbidden(
        "not-yours",
        "Only the person who made a product, or an admin, may change it.",
        "Ask one of them.",
    ))
}

fn check_may_change(product: &ProductRow) -> Result<(), ApiError> {
    if product.state.may_change() { Ok(()) } else { Err(wrong_state(product)) }
}

fn check_waits(product: &ProductRow) -> Result<(), ApiError> {
    if product.state.waits() { Ok(()) } else { Err(wrong_state(product)) }
}

fn wrong_state(product: &ProductRow) -> ApiError {
    conflict(
        "product-state",
        format!("The state of the product does not allow it: {}.", product.state.as_str()),
        "Read the product again. docs/sandbox-rules.md says which acts each state allows.",
    )
}

fn fixed(place: &str, why: &str) -> ApiError {
    conflict(
        "product-fixed",
        format!("{place} cannot be changed: {why}."),
        "Send what GET products shows in this place, or make a new product.",
    )
}

fn conflict(code: &'static str, message: impl Into<String>, fix: &'static str) -> ApiError {
    ApiError::new(StatusCode::CONFLICT, code, message, fix)
}

fn comment(body: &Map<String, Value>) -> Result<Option<String>, ApiError> {
    let remark: Remark = json_body::fields(body)?;
    limits::check_comment(remark.comment.as_deref())?;
    Ok(remark.comment)
}
