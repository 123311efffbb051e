//! `registrycredentials`: one username and password per registry domain, as the reference says.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use ocisign::read_registry;
use serde_json::{Map, Value, json};

use super::admins::admins_only;
use super::{schemas, unprocessable};
use crate::api_error::ApiError;
use crate::audit::{Act, Action};
use crate::auth::Person;
use crate::json_body::JsonBody;
use crate::limits;
use crate::remote::access::password_place;
use crate::sandbox::Shared;
use crate::store::{self, CredentialRow, Origin};

/// What only admins may do.
const WHAT: &str = "see and change registry credentials";
const FIELDS: [&str; 3] = ["domain", "username", "password"];

/// A new credential. It has no Debug: it holds the password.
struct NewCredential {
    domain: String,
    username: String,
    password: String,
}

impl NewCredential {
    /// Read by hand: serde's errors quote what they found, and that may be the password. For the same
    /// reason no message about this body quotes anything of it; it may stand in the wrong field.
    fn read(body: &Map<String, Value>) -> Result<Self, ApiError> {
        if body.keys().any(|key| !FIELDS.contains(&key.as_str())) {
            return Err(bad_field("The body has an unknown field."));
        }
        let [domain, username, password] = FIELDS.map(|name| text(body, name));
        Ok(Self { domain: checked_domain(&domain?)?, username: username?, password: password? })
    }
}

fn text(body: &Map<String, Value>, name: &str) -> Result<String, ApiError> {
    let text = body.get(name).and_then(Value::as_str).map(str::to_owned);
    text.ok_or_else(|| bad_field(format!("The field {name} is missing, or it is not a string.")))
}

fn bad_field(message: impl Into<String>) -> ApiError {
    unprocessable("bad-input", message, "Send domain, username and password, each as a string.")
}

fn checked_domain(written: &str) -> Result<String, ApiError> {
    read_registry(written).map_err(|error| {
        unprocessable(
            error.code(),
            "The field domain is not a registry's domain.",
            "Write it as registry.example or registry.example:5000: no scheme, no user, no path.",
        )
    })
}

/// `GET registrycredentials`: domains and usernames; never a password.
#[utoipa::path(
    get, path = "/registrycredentials", operation_id = "listCredentials", tag = "credentials",
    security(("token" = [])),
    responses((status = 200, description = "All that are kept", body = [schemas::Credential]))
)]
pub async fn list(State(sandbox): State<Shared>, person: Person) -> Result<Json<Vec<Value>>, ApiError> {
    admins_only(&person, WHAT)?;
    let rows = sandbox.database.read::<_, ApiError, _>(|store| Ok(store::credentials(store)?)).await?;
    Ok(Json(rows.iter().map(shown).collect()))
}

/// `POST registrycredentials`: keeps a first credential for a domain, and refuses a second.
#[utoipa::path(
    post, path = "/registrycredentials", operation_id = "createCredential", tag = "credentials",
    security(("token" = [])), request_body = schemas::NewCredential,
    responses((status = 201, description = "It is kept", body = schemas::Credential))
)]
pub async fn create(
    State(sandbox): State<Shared>,
    person: Person,
    JsonBody(body): JsonBody,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    admins_only(&person, WHAT)?;
    let new = NewCredential::read(&body)?;
    let domain = new.domain;
    if new.username.is_empty() || new.username.contains(':') || new.username.contains(char::is_control) {
        return Err(unprocessable(
            "bad-username",
            "The username is empty, or has a colon or a control character.",
            "Basic authentication cannot carry such a name; use another.",
        ));
    }
    for (field, text) in [("username", &new.username), ("password", &new.password)] {
        if text.chars().count() > limits::CREDENTIAL {
            let most = limits::CREDENTIAL;
            return Err(limits::too_large(format!("The field {field} is longer than {most} characters.")));
        }
    }
    let sealed = sandbox.vault.seal(&password_place(&domain), new.password.as_bytes()).map_err(|cause| {
        tracing::error!(%cause, "a password could not be sealed");
        ApiError::internal()
    })?;
    let reply = json!({ "domain": domain, "username": new.username });
    sandbox
        .database
        .transact(move |store| {
            limits::check_count(
                "registrycredentials",
                store::credentials(store)?.len() + 1,
                limits::CREDENTIALS,
            )?;
            if !store::insert_credential(store, &domain, &new.username, &sealed, Origin::Admin)? {
                return Err(second_credential());
            }
            let details = json!({ "domain": domain, "username": new.username });
            Ok(Act::new(Action::CredentialPut).by(&person).details(details).record(store)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(reply)))
}

/// `DELETE registrycredentials/{domain}`: makes room for another.
#[utoipa::path(
    delete, path = "/registrycredentials/{domain}", operation_id = "deleteCredential", tag = "credentials",
    security(("token" = [])), params(("domain" = String, Path, description = "The registry")),
    responses((status = 204, description = "It is forgotten"))
)]
pub async fn delete(
    State(sandbox): State<Shared>,
    person: Person,
    domain: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    admins_only(&person, WHAT)?;
    let Path(domain) = domain.map_err(|_| no_credential())?;
    let domain = domain.to_ascii_lowercase();
    sandbox
        .database
        .transact::<_, ApiError, _>(move |store| {
            if !store::delete_credential(store, &domain)? {
                return Err(no_credential());
            }
            let details = json!({ "domain": domain });
            Ok(Act::new(Action::CredentialDelete).by(&person).details(details).record(store)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn second_credential() -> ApiError {
    ApiError::new(
        StatusCode::CONFLICT,
        "credential-exists",
        "There is a credential for this domain already; one per domain is supported.",
        "Delete the first one, then add yours.",
    )
}

fn no_credential() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown-credential",
        "There is no credential for this domain.",
        "GET registrycredentials lists those that there are.",
    )
}

fn shown(row: &CredentialRow) -> Value {
    json!({ "domain": row.domain, "username": row.username, "createdAt": row.created_at })
}
