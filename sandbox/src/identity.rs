//! Who a person is: one claim of one issuer, in one spelling. Whatever compares people or groups compares
//! what this file made of them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// As OpenID Connect Core, section 2, limits `sub`.
const LONGEST_ID: usize = 255;

/// A person, for comparing and for showing. What a token says beside its one claim joins two people, and never parts
/// one: a row that was written under another claim is still of its person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Who vouches for them; none in a row that an older sandbox wrote.
    #[serde(default)]
    issuer: Option<String>,
    /// What the issuer's identity claim says.
    id: String,
    /// Entra ID's object id, if it is another text.
    #[serde(default)]
    object_id: Option<String>,
    /// OpenID Connect's `sub`, if it is another text.
    #[serde(default)]
    subject: Option<String>,
}

impl Identity {
    /// The person whom this issuer calls so.
    pub fn new(issuer: &str, id: String) -> Self {
        Self { issuer: Some(issuer.to_owned()), id, object_id: None, subject: None }
    }

    /// What the token says of them, too.
    pub fn also(self, object_id: Option<String>, subject: Option<String>) -> Self {
        let object_id = object_id.filter(|other| *other != self.id);
        let subject = subject.filter(|other| *other != self.id);
        Self { object_id, subject, ..self }
    }

    /// The person of a stored row; older rows have only what is shown.
    pub fn stored(shown: &str, kept: Option<&str>) -> Self {
        let read = kept.and_then(|text| serde_json::from_str(text).ok());
        read.unwrap_or_else(|| Self { issuer: None, id: normal(shown), object_id: None, subject: None })
    }

    /// For a row.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What people see: the object id where there is one, as portals of Entra ID show it.
    pub fn shown(&self) -> &str {
        self.object_id.as_deref().unwrap_or(&self.id)
    }

    /// Whether both are one person. Two issuers may call two people by one name; an unknown issuer may be either.
    pub fn is_same(&self, other: &Self) -> bool {
        let may_be_one = match (&self.issuer, &other.issuer) {
            (Some(one), Some(two)) => one == two,
            _ => true,
        };
        may_be_one && self.names().any(|name| other.names().any(|theirs| theirs == name))
    }

    /// Whether the issuer calls them so.
    pub fn has_name(&self, name: &str) -> bool {
        self.names().any(|own| own == name)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.id.as_str()).chain(self.object_id.as_deref()).chain(self.subject.as_deref())
    }
}

/// The one spelling of an id or a group: a UUID in lower case with its dashes, any other text as it is.
pub fn normal(text: &str) -> String {
    Uuid::try_parse(text).map_or_else(|_| text.to_owned(), |id| id.to_string())
}

/// An id in its one spelling, if it is fit to be one: short, and with nothing in it that two texts could differ by
/// and look alike.
pub fn read(text: &str) -> Option<String> {
    let is_plain = |c: char| c == ' ' || c.is_ascii_graphic() || (!c.is_ascii() && c.is_alphanumeric());
    let is_fit = (1..=LONGEST_ID).contains(&text.chars().count())
        && text.trim_matches(' ').len() == text.len()
        && text.chars().all(is_plain);
    is_fit.then(|| normal(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const UUID: &str = "6f9619ff-8b86-4011-b42d-00c04fc964ff";

    fn person(issuer: &str, id: &str, object_id: Option<&str>) -> Identity {
        Identity::new(issuer, read(id).unwrap()).also(object_id.map(|id| read(id).unwrap()), None)
    }

    #[test]
    fn a_uuid_has_one_spelling_and_other_texts_are_exact() {
        for same in [
            UUID.to_uppercase(),
            UUID.replace('-', ""),
            format!("{{{UUID}}}"),
            format!("urn:uuid:{}", UUID.to_uppercase()),
        ] {
            assert_eq!(read(&same).as_deref(), Some(UUID), "{same}");
        }
        assert_eq!(read("Auth0|aB é").as_deref(), Some("Auth0|aB é"));
    }

    #[test]
    fn what_could_look_like_another_id_is_none() {
        let long = "a".repeat(256);
        for wrong in [
            "",
            " ",
            " a",
            "a ",
            "\u{a0}a",
            "a\u{a0}",
            "a\tb",
            "a\n",
            "a\0",
            "a\u{200b}",
            "e\u{301}",
            "\u{feff}a",
            &long,
        ] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn people_are_the_same_by_their_claim_or_their_object_id() {
        let one = person("i", "s", Some(UUID));
        for same in [
            person("i", "s", None),
            person("i", "s", Some("other")),
            person("i", "t", Some(&UUID.to_uppercase())),
            person("i", "e@example", None).also(None, Some("s".to_owned())),
            Identity::stored("s", None),
            Identity::stored(&UUID.to_uppercase(), None),
            Identity::stored("", Some(&one.to_json())),
        ] {
            assert!(one.is_same(&same) && same.is_same(&one), "{same:?}");
        }
        for other in [person("j", "s", Some(UUID)), person("i", "S", None), Identity::stored("t", None)] {
            assert!(!one.is_same(&other), "{other:?}");
        }
    }
}
