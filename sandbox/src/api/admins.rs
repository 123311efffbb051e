//! What only admins may do.

use super::forbidden;
use crate::api_error::ApiError;
use crate::auth::Person;

/// Refuses everybody but admins; `what` ends the sentence "Only an admin may …".
pub fn admins_only(person: &Person, what: &str) -> Result<(), ApiError> {
    if person.is_admin() {
        return Ok(());
    }
    Err(forbidden(
        "admins-only",
        format!("Only an admin may {what}."),
        "Use the token of a person in the admin group.",
    ))
}
