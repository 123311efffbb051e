//! Who a token belongs to, by its claims.

use serde::Deserialize;
use serde_json::Value;

use crate::auth::{Person, TokenError};

/// As OpenID Connect Core, section 2, limits `sub`.
const LONGEST_ID: usize = 255;

/// `oid` is Entra ID's: there, `sub` is another one for each application.
#[derive(Deserialize)]
struct Claims {
    oid: Option<String>,
    sub: Option<String>,
    name: Option<String>,
    preferred_username: Option<String>,
    groups: Option<Vec<String>>,
}

/// The person of a token whose signature holds.
pub fn read(claims: Value) -> Result<Person, TokenError> {
    let claims: Claims = serde_json::from_value(claims).map_err(|_| {
        TokenError::NotAccepted(
            "oid, sub, name or preferred_username is no text, or groups is no list of texts",
        )
    })?;
    let object_id = claims.oid.or(claims.sub).filter(|id| is_id(id));
    let object_id = object_id.ok_or(TokenError::NotAccepted(
        "it has neither oid nor sub, or the first of them is empty, longer than 255, or has control characters",
    ))?;
    let names = [claims.name, claims.preferred_username];
    let name = names.into_iter().flatten().find(|name| !name.trim().is_empty());
    Ok(Person {
        name: name.unwrap_or_else(|| object_id.clone()),
        groups: claims.groups.unwrap_or_default(),
        object_id,
    })
}

fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.chars().count()) && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn groups(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_person_has_an_id_a_name_and_groups() {
        let all = json!({ "oid": "o", "sub": "s", "name": "N", "preferred_username": "n@example", "groups": ["g"] });
        let person = read(all).unwrap();
        assert_eq!(person, Person { object_id: "o".into(), name: "N".into(), groups: groups(&["g"]) });
        let without_oid =
            read(json!({ "sub": "s", "name": " ", "preferred_username": "n@example" })).unwrap();
        assert_eq!(without_oid, Person { object_id: "s".into(), name: "n@example".into(), groups: vec![] });
        let bare = read(json!({ "sub": "auth0|5f7c", "groups": null })).unwrap();
        assert_eq!(
            bare,
            Person { object_id: "auth0|5f7c".into(), name: "auth0|5f7c".into(), groups: vec![] }
        );
        assert!(read(json!({ "sub": "é".repeat(255) })).is_ok());
    }

    #[test]
    fn claims_of_another_shape_are_refused() {
        for wrong in [
            json!({}),
            json!({ "name": "N" }),
            json!({ "sub": "" }),
            json!({ "sub": 7 }),
            json!({ "sub": "a\nb" }),
            json!({ "sub": "s".repeat(256) }),
            json!({ "oid": "", "sub": "s" }),
            json!({ "sub": "s", "name": ["N"] }),
            json!({ "sub": "s", "groups": "g" }),
            json!({ "sub": "s", "groups": [1] }),
        ] {
            assert!(matches!(read(wrong.clone()), Err(TokenError::NotAccepted(_))), "{wrong}");
        }
    }
}
