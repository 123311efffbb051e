//! `settings.json`: what the page has to know of where it is. Whoever serves the page elsewhere puts a file
//! of that name beside it.

use serde_json::{Map, Value, json};

use crate::cli::{OidcOptions, OidcToken};
use crate::start_registry::Registry;

/// The settings of a page that this sandbox serves.
pub fn settings(base: &str, profile: &Value, registry: &Registry, oidc: &OidcOptions) -> Value {
    let registries = registries(registry);
    let names = |kind| profile.get("names").and_then(|names| names.get(kind));
    let mut settings = json!({
        "baseUrl": base,
        "profile": profile,
        "groupNames": names("groups"),
        "peopleNames": names("people"),
        "sandbox": true,
        "registries": registries,
    });
    if let (Some(oidc), Some(settings)) = (sign_in(oidc), settings.as_object_mut()) {
        settings.insert("oidc".to_owned(), oidc);
    }
    settings
}

/// Where images of each domain are read; the embedded registry has two names and one place.
fn registries(registry: &Registry) -> Value {
    let url = registry.named.url();
    let rows: Map<String, Value> =
        registry.domains().into_iter().map(|domain| (domain, json!({ "url": url }))).collect();
    Value::Object(rows)
}

fn sign_in(oidc: &OidcOptions) -> Option<Value> {
    let token = match oidc.oidc_token {
        OidcToken::AccessToken => "access_token",
        OidcToken::IdToken => "id_token",
    };
    let (issuer, client) = (oidc.oidc_issuer.as_ref()?, oidc.oidc_client_id.as_ref()?);
    Some(json!({ "issuer": issuer, "clientId": client, "scope": oidc.oidc_scope, "token": token }))
}
