//! Who a token belongs to, by its claims.

use serde_json::{Map, Value};

use crate::approval;
use crate::auth::{Claimed, TokenError};
use crate::identity::{self, Identity};
use crate::people::MEMBERS;

/// Far above what a person has, and what a request's headers may hold.
const MOST_GROUPS: usize = 2_000;
/// A longer name is none to show.
const LONGEST_NAME: usize = 255;

/// The person of a token whose signature holds; `claim` is the issuer's identity claim.
pub fn read(issuer: &str, claim: &str, claims: &Map<String, Value>) -> Result<Claimed, TokenError> {
    let refused = |why: String| TokenError::NotAccepted(why);
    let own = id(claims, claim)?.ok_or_else(|| {
        refused(format!("it has no {claim}, which says who a person is (--oidc-identity-claim)"))
    })?;
    let person = Identity::new(issuer, own).also(id(claims, "oid")?, id(claims, "sub")?);
    if MEMBERS.iter().any(|member| person.has_name(member.object_id)) {
        return Err(refused(
            "it names one of the sandbox's own people, whom only the sandbox vouches for".to_owned(),
        ));
    }
    let name = ["name", "preferred_username"].map(|claim| text(claims, claim));
    let mut fit =
        name.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().filter(|name| is_name(name));
    Ok(Claimed {
        name: fit.next().map_or_else(|| person.shown().to_owned(), str::to_owned),
        groups: groups(claims)?,
        identity: person,
    })
}

fn id(claims: &Map<String, Value>, claim: &str) -> Result<Option<String>, TokenError> {
    let Some(written) = text(claims, claim)? else { return Ok(None) };
    identity::read(written).map(Some).ok_or_else(|| {
        TokenError::NotAccepted(format!(
            "its {claim} is empty, longer than 255 characters, or has blanks at an end or characters that cannot be seen"
        ))
    })
}

fn text<'a>(claims: &'a Map<String, Value>, claim: &str) -> Result<Option<&'a str>, TokenError> {
    match claims.get(claim) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(TokenError::NotAccepted(format!("its {claim} is no text"))),
    }
}

/// None if the token does not say them, which is another thing than that there are none.
fn groups(claims: &Map<String, Value>) -> Result<Option<Vec<String>>, TokenError> {
    let refused = |why: &str| TokenError::NotAccepted(why.to_owned());
    let listed = match claims.get("groups") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(listed)) if listed.len() <= MOST_GROUPS => listed,
        Some(Value::Array(_)) => return Err(refused("its groups are more than 2000")),
        Some(_) => return Err(refused("its groups are no list of texts")),
    };
    let texts: Option<Vec<&str>> = listed.iter().map(Value::as_str).collect();
    Ok(Some(approval::distinct(texts.ok_or_else(|| refused("its groups are no list of texts"))?)))
}

fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME && !name.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn person(claims: &Value) -> Result<Claimed, TokenError> {
        read("issuer", "sub", claims.as_object().unwrap())
    }

    #[test]
    fn a_person_has_an_id_a_name_and_groups() {
        let all = json!({ "oid": "o", "sub": "s", "name": "N", "preferred_username": "n@example", "groups": ["g", "g"] });
        let all = person(&all).unwrap();
        assert_eq!(
            (all.identity.shown(), all.name.as_str(), all.groups),
            ("o", "N", Some(vec!["g".to_owned()]))
        );
        let plain = person(&json!({ "sub": "s", "name": " ", "preferred_username": "n@example" })).unwrap();
        assert_eq!((plain.identity.shown(), plain.name.as_str(), plain.groups), ("s", "n@example", None));
        let bare = person(&json!({ "sub": "auth0|5f7c", "groups": null, "name": "n".repeat(256) })).unwrap();
        assert_eq!((bare.identity.shown(), bare.name.as_str()), ("auth0|5f7c", "auth0|5f7c"));
        assert!(person(&json!({ "sub": "é".repeat(255) })).is_ok());
    }

    #[test]
    fn the_issuer_s_claim_says_who() {
        let claims = json!({ "oid": "o", "sub": "s", "email": "e@example" });
        for (claim, known) in [("sub", true), ("oid", true), ("email", true), ("upn", false)] {
            assert_eq!(read("issuer", claim, claims.as_object().unwrap()).is_ok(), known, "{claim}");
        }
    }

    #[test]
    fn claims_of_another_shape_are_refused() {
        for wrong in [
            json!({}),
            json!({ "name": "N" }),
            json!({ "oid": "o" }),
            json!({ "sub": null }),
            json!({ "sub": "" }),
            json!({ "sub": " s" }),
            json!({ "sub": 7 }),
            json!({ "sub": ["s"] }),
            json!({ "sub": "a\nb" }),
            json!({ "sub": "s".repeat(256) }),
            json!({ "oid": "", "sub": "s" }),
            json!({ "oid": ["o"], "sub": "s" }),
            json!({ "sub": "s", "name": ["N"] }),
            json!({ "sub": "s", "preferred_username": 7 }),
            json!({ "sub": "s", "groups": "g" }),
            json!({ "sub": "s", "groups": [1] }),
            json!({ "sub": "s", "groups": vec!["g"; 2001] }),
            json!({ "sub": MEMBERS[0].object_id.to_uppercase() }),
            json!({ "sub": "s", "oid": MEMBERS[1].object_id }),
        ] {
            assert!(matches!(person(&wrong), Err(TokenError::NotAccepted(_))), "{wrong}");
        }
    }
}
