//! `GET ocisign-profile`: what the reference leaves open, as this sandbox chose it.

use ocisign::{KeyType, Profile};
use serde_json::{Value, json};

use crate::directory::Directory;
use crate::names::names;
use crate::shape::Shape;
use crate::start_error::StartError;
use crate::status;

/// What a program or a page needs to know of this sandbox: its shape, or else our own choices; and the names of its
/// groups and people.
pub fn profile(shape: Option<&Shape>, directory: Option<&Directory>) -> Result<Value, StartError> {
    let mut profile = shape.map_or_else(own, |shape| Ok(shape.profile().clone()))?;
    if let Some(profile) = profile.as_object_mut() {
        profile.insert("names".to_owned(), names(directory));
    }
    Ok(profile)
}

/// The core's defaults, with the statuses that this sandbox chose, and its withdrawal.
fn own() -> Result<Value, StartError> {
    let broken = |cause| StartError::because("The profile cannot be shown. Please report it.", cause);
    let mut profile = serde_json::to_value(Profile::default()).map_err(broken)?;
    if let Some(profile) = profile.as_object_mut() {
        profile.insert("statuses".to_owned(), status::table());
        profile.insert("keyTypes".to_owned(), key_types());
        if let Some(routes) = profile.get_mut("routes").and_then(Value::as_object_mut) {
            routes.insert("withdraw".to_owned(), json!("imagesignings/{id}/withdraw"));
        }
    }
    Ok(profile)
}

fn key_types() -> Value {
    KeyType::ALL.iter().map(|known| (known.as_str().to_owned(), json!(known.as_str()))).collect()
}
