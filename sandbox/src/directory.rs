//! The sandbox's own directory: who is in which groups, for tokens that do not say it.

use std::collections::BTreeMap;
use std::fs;

use axum::http::StatusCode;

use crate::api_error::ApiError;
use crate::auth::{Claimed, Person};
use crate::identity::{self, Identity};
use crate::people::{MEMBERS, Member};
use crate::shape::{Shape, ShapeOptions, read_groups};
use crate::start_error::StartError;
use crate::strict_json::{At, Wrong, parse};

/// The groups of people, by their ids, and what people call them.
pub struct Directory(BTreeMap<String, Entry>);

struct Entry {
    name: Option<String>,
    groups: Vec<String>,
}

/// The directory that the start asks for: that of the file, or the sandbox's own people where their tokens do not say
/// their groups.
pub fn open(options: &ShapeOptions, shape: Option<&Shape>) -> Result<Option<Directory>, StartError> {
    let Some(path) = &options.directory else {
        return Ok(shape.filter(|shape| shape.is_without_groups()).map(|_| Directory::default()));
    };
    let text = fs::read_to_string(path).map_err(|cause| {
        StartError::because(format!("Cannot read --directory {}. Check the path.", path.display()), cause)
    })?;
    Directory::read(&text)
        .map(Some)
        .map_err(|wrong| StartError::new(format!("--directory {} cannot be used. {wrong}", path.display())))
}

/// The person of a token. Without a directory, a token that says no groups is of a person without any.
pub fn person(directory: Option<&Directory>, claimed: Claimed) -> Result<Person, ApiError> {
    let Claimed { identity, name, groups } = claimed;
    let groups = match (groups, directory) {
        (Some(groups), _) => groups,
        (None, None) => Vec::new(),
        (None, Some(directory)) => directory.groups(&identity).ok_or_else(unknown)?,
    };
    Ok(Person { identity, name, groups })
}

impl Default for Directory {
    /// The people whom the sandbox makes up.
    fn default() -> Self {
        let groups = |groups: &[&str]| groups.iter().map(|group| (*group).to_owned()).collect();
        let entry = |it: &Member| Entry { name: Some(it.name.to_owned()), groups: groups(it.groups) };
        Self(MEMBERS.iter().map(|it| (it.object_id.to_owned(), entry(it))).collect())
    }
}

impl Directory {
    fn read(text: &str) -> Result<Self, Wrong> {
        let value = parse(text)?;
        let whole = At::whole(&value, "directory");
        whole.only(&["people"])?;
        let mut people = BTreeMap::new();
        for at in whole.needed("people")?.list()? {
            at.only(&["objectId", "name", "groups"])?;
            let name = at.field("name").map(|name| name.text().map(str::to_owned)).transpose()?;
            let written = at.needed("objectId")?;
            let id = identity::read(written.text()?).ok_or_else(|| {
                written.wrong("is no id", "Write it as it stands in the token, without blanks at an end.")
            })?;
            let groups = read_groups(&at.needed("groups")?)?;
            if people.insert(id, Entry { name, groups }).is_some() {
                return Err(written.wrong("stands twice", "Name each person once."));
            }
        }
        Ok(Self(people))
    }

    fn groups(&self, person: &Identity) -> Option<Vec<String>> {
        let found = self.0.iter().find(|(id, _)| person.has_name(id));
        found.map(|(_, entry)| entry.groups.clone())
    }

    /// Everyone whom it names, by their ids.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(id, entry)| Some((id.as_str(), entry.name.as_deref()?)))
    }
}

fn unknown() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        "unknown-person",
        "The token does not say your groups, and the directory does not know you.",
        "Ask who keeps the directory to add your object id (--directory).",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_directory_is_read_strictly() {
        for (wrong, place) in [
            ("{}", "directory.people is missing"),
            (r#"{"people":{}}"#, "directory.people is no list"),
            (r#"{"people":[{"objectId":"a"}]}"#, "directory.people[0].groups is missing"),
            (r#"{"people":[{"objectId":" a","groups":[]}]}"#, "directory.people[0].objectId is no id"),
            (r#"{"people":[{"objectId":"a","groups":["x"]}]}"#, "directory.people[0].groups[0] is no UUID"),
            (
                r#"{"people":[{"objectId":"a","groups":[],"role":"x"}]}"#,
                "directory.people[0].role is unknown",
            ),
            (
                r#"{"people":[{"objectId":"a","groups":[]},{"objectId":"a","groups":[]}]}"#,
                "people[1].objectId stands twice",
            ),
        ] {
            let message = Directory::read(wrong).err().unwrap().message;
            assert!(message.contains(place), "{message}");
        }
    }
}
