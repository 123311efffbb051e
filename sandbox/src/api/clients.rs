//! `registrations/clients` and `distributions/products/{id}/secrets`: the vendor's pages say that a client belongs to a
//! product, names the one person who may read, needs an approval, and gets its answers encrypted to its key.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use ocisign::json::Place;
use ocisign::wire::Product;
use rusqlite::Transaction;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::admins::admins_only;
use super::path_id::PathId;
use super::{forbidden, products, schemas, unprocessable, view};
use crate::api_error::ApiError;
use crate::audit::{Act, Action};
use crate::auth::Person;
use crate::clients::rows::{self, ClientRow, NewClient};
use crate::clients::{jwe, public_key};
use crate::database::off_the_async_threads;
use crate::identity;
use crate::json_body::JsonBody;
use crate::keys;
use crate::limits;
use crate::product_rows;
use crate::sandbox::Shared;
use crate::store;

const FIELDS: [&str; 4] = ["name", "productId", "clientUser", "publicKey"];

/// `POST registrations/clients`: whoever is in a group may register one; an admin approves it.
#[utoipa::path(
    post, path = "/registrations/clients", operation_id = "registerClient", tag = "clients", security(("token" = [])),
    request_body = schemas::NewClient,
    responses((status = 201, description = "The client, which waits for an admin", body = schemas::Client))
)]
pub async fn register(
    State(sandbox): State<Shared>,
    person: Person,
    JsonBody(body): JsonBody,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    if person.groups.is_empty() {
        return Err(forbidden(
            "not-allowed",
            "A person without a group may not register clients.",
            "In the sandbox anyone in a group may: use the token of one of them.",
        ));
    }
    let new = Registration::read(&body)?;
    let id = Uuid::new_v4().to_string();
    let shown = id.clone();
    sandbox
        .database
        .transact::<_, ApiError, _>(move |store| {
            product_rows::get(store, &new.product_id)?.ok_or_else(products::unknown_product)?;
            limits::check_count("registrations/clients", rows::count(store)? + 1, limits::CLIENTS)?;
            let row = NewClient {
                id: &id,
                product_id: &new.product_id,
                name: &new.name,
                client_user: &new.client_user,
                public_key: &new.jwk.to_string(),
            };
            rows::insert(store, &row, &person)?;
            let details = json!({
                "client": id,
                "name": new.name,
                "clientUser": new.client_user,
                "thumbprint": public_key::thumbprint(&new.jwk),
            });
            Ok(act(Action::ClientRegister, &person, &new.product_id).details(details).record(store)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(read(&sandbox, shown).await?)))
}

/// `GET registrations/clients`: those that the person registered or reads as; an admin sees all.
#[utoipa::path(
    get, path = "/registrations/clients", operation_id = "listClients", tag = "clients", security(("token" = [])),
    responses((status = 200, description = "Those that the caller may see", body = [schemas::Client]))
)]
pub async fn list(State(sandbox): State<Shared>, person: Person) -> Result<Json<Vec<Value>>, ApiError> {
    let rows = sandbox.database.read::<_, ApiError, _>(|store| Ok(rows::all(store)?)).await?;
    Ok(Json(rows.iter().filter(|row| may_see(&person, row)).map(shown).collect()))
}

/// `GET registrations/clients/{id}`.
#[utoipa::path(
    get, path = "/registrations/clients/{id}", operation_id = "getClient", tag = "clients", security(("token" = [])),
    params(("id" = uuid::Uuid, Path, description = "The client's id")), responses((status = 200, description = "The client", body = schemas::Client))
)]
pub async fn get(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    let row = sandbox.database.read::<_, ApiError, _>(move |store| Ok(rows::get(store, &id)?)).await?;
    let row = row.filter(|row| may_see(&person, row)).ok_or_else(unknown_client)?;
    Ok(Json(shown(&row)))
}

/// `POST registrations/clients/{id}/approve`.
#[utoipa::path(
    post, path = "/registrations/clients/{id}/approve", operation_id = "approveClient", tag = "clients",
    security(("token" = [])), params(("id" = uuid::Uuid, Path, description = "The client's id")),
    responses((status = 200, description = "The client", body = schemas::Client))
)]
pub async fn approve(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
) -> Result<Json<Value>, ApiError> {
    admins_only(&person, "approve clients")?;
    let (approved, own_too) = (id.clone(), sandbox.rules.allow_self_approval);
    sandbox
        .database
        .transact::<_, ApiError, _>(move |store| {
            let row = rows::get(store, &approved)?.ok_or_else(unknown_client)?;
            if !own_too && person.identity.is_same(&row.registered_by) {
                return Err(forbidden(
                    "self-approval",
                    "Nobody approves a client that they registered.",
                    "Ask another admin.",
                ));
            }
            if row.approved_at.is_some() {
                return Err(ApiError::new(
                    StatusCode::CONFLICT,
                    "already-approved",
                    "The client is approved already.",
                    "Read its product's secrets.",
                ));
            }
            rows::approve(store, &approved)?;
            let details = json!({ "client": approved });
            Ok(act(Action::ClientApprove, &person, &row.product_id).details(details).record(store)?)
        })
        .await?;
    Ok(Json(read(&sandbox, id).await?))
}

/// `DELETE registrations/clients/{id}`: its user, whoever registered it, or an admin ends it.
#[utoipa::path(
    delete, path = "/registrations/clients/{id}", operation_id = "deleteClient", tag = "clients",
    security(("token" = [])), params(("id" = uuid::Uuid, Path, description = "The client's id")),
    responses((status = 204, description = "It is forgotten"))
)]
pub async fn delete(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
) -> Result<StatusCode, ApiError> {
    sandbox
        .database
        .transact::<_, ApiError, _>(move |store| {
            let row =
                rows::get(store, &id)?.filter(|row| may_see(&person, row)).ok_or_else(unknown_client)?;
            rows::delete(store, &id)?;
            let details = json!({ "client": id });
            Ok(act(Action::ClientDelete, &person, &row.product_id).details(details).record(store)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET distributions/products/{id}/secrets`: a JWE in its compact form, to the newest approved client of the person.
#[utoipa::path(
    get, path = "/distributions/products/{id}/secrets", operation_id = "getSecrets", tag = "clients",
    security(("token" = [])), params(("id" = uuid::Uuid, Path, description = "The product's id")),
    responses((status = 200, description = "A JWE in its compact form", body = String, content_type = "application/jose"))
)]
pub async fn secrets(
    State(sandbox): State<Shared>,
    person: Person,
    PathId(id): PathId,
) -> Result<impl IntoResponse, ApiError> {
    let with_keys = sandbox.rules.keys_in.secrets();
    let (client, document) =
        sandbox.database.transact(move |store| give_secrets(store, &person, &id, with_keys)).await?;
    let sealed = off_the_async_threads(move || {
        let key = public_key::kept(&client.public_key).ok_or_else(ApiError::internal)?;
        jwe::encrypt(&key, &client.id, document.to_string().as_bytes()).map_err(|_| ApiError::internal())
    });
    Ok(([(header::CONTENT_TYPE, "application/jose")], sealed.await?))
}

fn give_secrets(
    store: &Transaction<'_>,
    person: &Person,
    product_id: &str,
    with_keys: bool,
) -> Result<(ClientRow, Value), ApiError> {
    let product = product_rows::get(store, product_id)?.ok_or_else(products::unknown_product)?;
    let own = |row: &ClientRow| person.identity.has_name(&row.client_user);
    let clients: Vec<ClientRow> = rows::of_product(store, product_id)?.into_iter().filter(own).collect();
    let has_any = !clients.is_empty();
    let Some(client) = clients.into_iter().find(|row| row.approved_at.is_some()) else {
        return Err(forbidden(
            "no-client",
            if has_any {
                "Your client of this product is not approved yet."
            } else {
                "You are the clientUser of no client of this product."
            },
            "Register a client with your object id at registrations/clients, and have an admin approve it.",
        ));
    };
    let document = secrets_document(store, &view::product(&product, false), with_keys)?;
    let details = json!({ "client": client.id });
    act(Action::SecretsRead, person, product_id).details(details).record(store)?;
    Ok((client, document))
}

/// As the vendor's pages show it.
fn secrets_document(store: &Transaction<'_>, product: &Value, with_keys: bool) -> Result<Value, ApiError> {
    let read = Product::read(&Place::whole(product, "product")).map_err(|_| ApiError::internal())?;
    let written = product.get("productOperations").and_then(Value::as_array);
    let mut tokens = Vec::new();
    for (operation, written) in read.product_operations.iter().zip(written.into_iter().flatten()) {
        let Some(key) = store::key(store, operation.id.as_deref().unwrap_or_default())? else { continue };
        let text = |name: &str| written.pointer(&format!("/token/{name}")).cloned().unwrap_or_default();
        let mut token =
            json!({ "name": text("name"), "description": text("description"), "keyType": text("keyType") });
        if with_keys && let Some(token) = token.as_object_mut() {
            token.insert("publicKey".to_owned(), json!(keys::shown(&key.public_der)));
        }
        tokens.push(token);
    }
    let part = |name: &str| product.get(name).cloned().unwrap_or_default();
    Ok(json!({
        "caInfo": [],
        "description": part("description"),
        "id": part("id"),
        "name": part("name"),
        "productConfigItems": part("productConfigItems"),
        "tokenInfo": tokens,
    }))
}

struct Registration {
    name: String,
    product_id: String,
    client_user: String,
    jwk: Value,
}

impl Registration {
    /// Read by hand, since a private key may stand in it by mistake: no message quotes anything.
    fn read(body: &Map<String, Value>) -> Result<Self, ApiError> {
        if body.keys().any(|key| !FIELDS.contains(&key.as_str())) {
            return Err(bad_field("The body has an unknown field."));
        }
        let text = |name: &str| {
            let text = body.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
            text.ok_or_else(|| bad_field(format!("The field {name} is missing, or it is not a text.")))
        };
        let (name, product_id, client_user) = (text("name")?, text("productId")?, text("clientUser")?);
        if name.chars().count() > limits::NAME {
            return Err(limits::too_large(format!(
                "The field name is longer than {} characters.",
                limits::NAME
            )));
        }
        let product_id = Uuid::try_parse(product_id).map_err(|_| bad_field("productId is not a UUID."))?;
        let client_user = identity::read(client_user)
            .ok_or_else(|| bad_field("clientUser is not an id as tokens have it."))?;
        let jwk = body.get("publicKey").and_then(Value::as_object);
        let jwk = jwk.ok_or_else(|| bad_field("The field publicKey is missing, or it is not a JWK."))?;
        let (_, jwk) = public_key::read(jwk).map_err(|unfit| {
            unprocessable(
                "bad-public-key",
                format!("publicKey {}.", unfit.message()),
                "Send the public JWK of an RSA key of at least 2048 bits, or of an EC key.",
            )
        })?;
        Ok(Self { name: name.to_owned(), product_id: product_id.to_string(), client_user, jwk })
    }
}

fn bad_field(message: impl Into<String>) -> ApiError {
    unprocessable("bad-input", message, "Send name, productId, clientUser and publicKey, a JWK.")
}

async fn read(sandbox: &Shared, id: String) -> Result<Value, ApiError> {
    let row = sandbox.database.read::<_, ApiError, _>(move |store| Ok(rows::get(store, &id)?)).await?;
    row.as_ref().map(shown).ok_or_else(unknown_client)
}

fn may_see(person: &Person, row: &ClientRow) -> bool {
    person.is_admin()
        || person.identity.is_same(&row.registered_by)
        || person.identity.has_name(&row.client_user)
}

fn shown(row: &ClientRow) -> Value {
    json!({
        "id": row.id,
        "name": row.name,
        "productId": row.product_id,
        "clientUser": row.client_user,
        "publicKey": view::stored(&row.public_key),
        "state": if row.approved_at.is_some() { "Ready" } else { "New" },
        "createdAt": row.created_at,
        "approvedAt": row.approved_at,
    })
}

fn act<'a>(action: Action, person: &'a Person, product: &'a str) -> Act<'a> {
    Act::new(action).by(person).product(product)
}

fn unknown_client() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown-client",
        "There is no client with this id that you may see.",
        "GET registrations/clients lists those that you may.",
    )
}
