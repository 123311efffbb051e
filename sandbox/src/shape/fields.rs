//! Where a product or a request stands in a reply, and where each of its fields stands in it.

use ocisign::wire::BOUND_PARTS;
use serde_json::{Map, Value};

use super::paths::FieldPath;
use crate::api::view::SHOWN;
use crate::strict_json::{At, Wrong};

/// The parts of a product.
pub const PRODUCT: [&str; 10] = [
    "id",
    "name",
    "description",
    "productType",
    "enabled",
    "state",
    "caInfo",
    "rndKeys",
    "productOperations",
    "productConfigItems",
];

/// How one kind of object is shown.
#[derive(Debug, Clone, Default)]
pub struct Form {
    envelope: Option<FieldPath>,
    /// Ours, theirs.
    moved: Vec<(String, FieldPath)>,
}

impl Form {
    /// Of a signing request.
    pub fn of_signings(at: Option<&At<'_>>) -> Result<Self, Wrong> {
        let known: Vec<&str> = SHOWN.into_iter().chain(BOUND_PARTS).collect();
        Self::read(at, &known)
    }

    /// Of a product, which may have one more field for its keys.
    pub fn of_products(at: Option<&At<'_>>, keys: Option<&str>) -> Result<Self, Wrong> {
        let form = Self::read(at, &PRODUCT)?;
        match (keys, at) {
            (Some(keys), Some(at)) if form.occupies(keys) => Err(at.wrong(
                &format!("puts something at {keys}, where shape.publicKeyPath puts keys"),
                "Choose another place for one of them.",
            )),
            _ => Ok(form),
        }
    }

    fn read(at: Option<&At<'_>>, known: &[&'static str]) -> Result<Self, Wrong> {
        let Some(at) = at else { return Ok(Self::default()) };
        at.only(&["envelope", "fields"])?;
        let envelope = at.field("envelope").map(|at| FieldPath::read(&at)).transpose()?;
        let mut moved = Vec::new();
        if let Some(fields) = at.field("fields") {
            fields.only(known)?;
            for (name, at) in fields.fields()? {
                moved.push((name.to_owned(), FieldPath::read(&at)?));
            }
            check(&fields, &moved, known)?;
        }
        Ok(Self { envelope, moved })
    }

    /// Whether a field that is not moved would stand where a moved one does.
    pub fn occupies(&self, name: &str) -> bool {
        !self.is_moved(name) && self.moved.iter().any(|(_, path)| path.first() == name)
    }

    fn is_moved(&self, name: &str) -> bool {
        self.moved.iter().any(|(ours, _)| ours == name)
    }

    /// The object as an element of a list.
    pub fn element(&self, ours: Map<String, Value>) -> Value {
        let mut theirs = Map::new();
        for (name, value) in ours {
            match self.moved.iter().find(|(known, _)| *known == name) {
                Some((_, path)) => path.put(&mut theirs, value),
                // What was posted under a name of the service is not the service's word.
                None if self.occupies(&name) => {}
                None => {
                    theirs.insert(name, value);
                }
            }
        }
        Value::Object(theirs)
    }

    /// The object as a whole reply.
    pub fn reply(&self, ours: Map<String, Value>) -> Value {
        let theirs = self.element(ours);
        let Some(envelope) = &self.envelope else { return theirs };
        let mut reply = Map::new();
        envelope.put(&mut reply, theirs);
        Value::Object(reply)
    }
}

/// Two fields at one place, or one inside another, could not be told apart.
fn check(at: &At<'_>, moved: &[(String, FieldPath)], known: &[&'static str]) -> Result<(), Wrong> {
    for (index, (name, path)) in moved.iter().enumerate() {
        let place = at.needed(name)?;
        if let Some((other, _)) = moved.iter().take(index).find(|(_, other)| other.meets(path)) {
            return Err(place.wrong(&format!("is at or in the place of {other}"), "Choose another place."));
        }
        let stays = |field: &&&'static str| !moved.iter().any(|(ours, _)| ours == **field);
        if let Some(other) = known.iter().filter(stays).find(|other| **other == path.first()) {
            return Err(place.wrong(
                &format!("is at or in the place of {other}, which stays"),
                "Choose another place, or move that one, too.",
            ));
        }
    }
    Ok(())
}
