//! `settings.json`: what the page has to know of where it is. Whoever serves the page elsewhere puts a file
//! of that name beside it.

use serde_json::{Map, Value, json};

use crate::start_registry::Registry;

/// The settings of a page that this sandbox serves.
pub fn settings(base: &str, registry: &Registry) -> Value {
    json!({ "baseUrl": base, "sandbox": true, "registries": registries(registry) })
}

/// Where images of each domain are read; the embedded registry has two names and one place.
fn registries(registry: &Registry) -> Value {
    let url = registry.named.url();
    let rows: Map<String, Value> =
        registry.domains().into_iter().map(|domain| (domain, json!({ "url": url }))).collect();
    Value::Object(rows)
}
