//! `GET ocisign-profile`: what the reference leaves open, as this sandbox chose it.

use ocisign::{KeyType, Profile};
use serde_json::{Value, json};

use crate::start_error::StartError;
use crate::status;

/// The core's defaults, with the statuses that this sandbox chose.
pub fn profile() -> Result<Value, StartError> {
    let broken = |cause| StartError::because("The profile cannot be shown. Please report it.", cause);
    let mut profile = serde_json::to_value(Profile::default()).map_err(broken)?;
    if let Some(profile) = profile.as_object_mut() {
        profile.insert("statuses".to_owned(), status::table());
        profile.insert("keyTypes".to_owned(), key_types());
    }
    Ok(profile)
}

fn key_types() -> Value {
    KeyType::ALL.iter().map(|known| (known.as_str().to_owned(), json!(known.as_str()))).collect()
}
