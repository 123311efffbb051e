//! Where a product shows its public keys, and how it writes their types.

use axum::http::StatusCode;
use ocisign::KeyType;
use serde_json::{Map, Value, json};

use super::fields::PRODUCT;
use super::paths::{inner_object, is_field_name};
use crate::api_error::ApiError;
use crate::strict_json::{At, Wrong};

const OPERATIONS: &str = "productOperations";
/// Deeper than anything genuine.
const MOST_STEPS: usize = 10;

/// The place of the keys.
#[derive(Debug, Clone)]
pub enum KeyPlace {
    /// Where we show them.
    Ours,
    /// Nowhere.
    None,
    /// In each operation.
    InOperations(Vec<Step>),
    /// In the product, at its top.
    InProduct(Vec<Step>),
}

/// A name in the path of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    name: String,
    /// `[]`: a list, with an element for each key.
    each: bool,
}

/// Key types as another service writes them.
#[derive(Debug, Clone, Default)]
pub struct KeyTypes(Vec<(KeyType, String)>);

impl KeyPlace {
    /// Reads a path as the profile writes it, or `null`.
    pub fn read(at: Option<&At<'_>>) -> Result<Self, Wrong> {
        let Some(at) = at else { return Ok(Self::Ours) };
        if at.value().is_null() {
            return Ok(Self::None);
        }
        let steps: Option<Vec<Step>> = at.text()?.split('.').map(Step::read).collect();
        let steps = steps.filter(|steps| steps.len() <= MOST_STEPS).ok_or_else(|| {
            at.wrong(
                "is no path of a key",
                "Join names by dots, with [] after a list, as in tokenInfo[].publicKey; or write null.",
            )
        })?;
        let occupied =
            |taken: &[&str], step: Option<&Step>| step.is_none_or(|step| taken.contains(&step.name.as_str()));
        match steps.split_first() {
            Some((first, rest)) if first.name == OPERATIONS => {
                let (inner, token) = (rest.first(), rest.get(1));
                let in_token = inner.is_some_and(|step| step.name == "token");
                let is_taken = if in_token {
                    inner.is_some_and(|step| step.each)
                        || occupied(&["name", "description", "keyType"], token)
                } else {
                    occupied(&["id", "name", "description", "operationType", "approvalRule"], inner)
                };
                if !first.each || is_taken {
                    return Err(at.wrong(
                        "is where an operation has something else",
                        "Write productOperations[]. and a place of its own, as in productOperations[].token.publicKey.",
                    ));
                }
                Ok(Self::InOperations(rest.to_vec()))
            }
            first => {
                let taken: Vec<&str> =
                    PRODUCT.into_iter().filter(|name| *name != "productOperations").collect();
                if occupied(&taken, first.map(|(first, _)| first)) {
                    return Err(at.wrong("is where a product has something else", "Choose another place."));
                }
                Ok(Self::InProduct(steps))
            }
        }
    }

    /// The field that a product has for its keys, if it has one of its own.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::InProduct(steps) => steps.first().map(|step| step.name.as_str()),
            _ => None,
        }
    }

    /// Moves the keys of a product there; its key types are in the service's spelling by now.
    pub fn apply(&self, product: &mut Map<String, Value>) {
        if matches!(self, Self::Ours) {
            return;
        }
        // What was posted there is no key.
        if let Some(field) = self.field() {
            product.remove(field);
        }
        let mut whole = Vec::new();
        for operation in product.get_mut(OPERATIONS).and_then(Value::as_array_mut).into_iter().flatten() {
            let Some(operation) = operation.as_object_mut() else { continue };
            let Some(token) = operation.get_mut("token").and_then(Value::as_object_mut) else { continue };
            let Some(key) = token.shift_remove("publicKey") else { continue };
            let about = ["name", "keyType"].map(|name| (name.to_owned(), token.get(name).cloned()));
            match self {
                Self::InOperations(steps) => put(steps, operation, &key, &[]),
                Self::InProduct(_) => whole.push((key, about)),
                Self::Ours | Self::None => {}
            }
        }
        if let Self::InProduct(steps) = self {
            for (key, about) in whole {
                put(steps, product, &key, &about);
            }
        }
    }
}

/// Puts a key there. A list gets a new element, which says about the key what it can; a place for one key keeps the
/// first.
fn put(steps: &[Step], object: &mut Map<String, Value>, key: &Value, about: &[(String, Option<Value>)]) {
    let Some((step, rest)) = steps.split_first() else { return };
    if step.each {
        let list = object.entry(step.name.as_str()).or_insert_with(|| json!([]));
        if !list.is_array() {
            *list = json!([]);
        }
        let Some(list) = list.as_array_mut() else { return };
        if rest.is_empty() {
            list.push(key.clone());
            return;
        }
        let known = about.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?)));
        let mut element: Map<String, Value> = known.collect();
        put(rest, &mut element, key, about);
        list.push(Value::Object(element));
    } else if rest.is_empty() {
        object.entry(step.name.as_str()).or_insert_with(|| key.clone());
    } else if let Some(inner) = inner_object(object, &step.name) {
        put(rest, inner, key, about);
    }
}

impl Step {
    fn read(text: &str) -> Option<Self> {
        let (name, each) = text.strip_suffix("[]").map_or((text, false), |name| (name, true));
        is_field_name(name).then(|| Self { name: name.to_owned(), each })
    }
}

impl KeyTypes {
    /// Reads `{ "<our name>": "<their name>" }`.
    pub fn read(at: Option<&At<'_>>) -> Result<Self, Wrong> {
        let Some(at) = at else { return Ok(Self::default()) };
        at.only(&KeyType::ALL.map(|known| known.as_str()))?;
        let mut types = Self::default();
        for known in KeyType::ALL {
            if let Some(spelled) = at.field(known.as_str()) {
                types.0.push((known, spelled.text()?.to_owned()));
            }
        }
        for (index, known) in KeyType::ALL.iter().enumerate() {
            let same = |other: &&KeyType| types.spelling(**other) == types.spelling(*known);
            if let Some(other) = KeyType::ALL.iter().take(index).find(same) {
                return Err(at.wrong(
                    &format!("calls {} and {} by one name", other.as_str(), known.as_str()),
                    "Give each a name of its own.",
                ));
            }
        }
        Ok(types)
    }

    /// For the profile: all of them.
    pub fn written(&self) -> Value {
        let row = |known: KeyType| (known.as_str().to_owned(), json!(self.spelling(known)));
        Value::Object(KeyType::ALL.into_iter().map(row).collect())
    }

    /// Whether there is anything to do.
    pub fn differ(&self) -> bool {
        !self.0.is_empty()
    }

    fn spelling(&self, known: KeyType) -> &str {
        self.0.iter().find(|(other, _)| *other == known).map_or(known.as_str(), |(_, text)| text)
    }

    /// Writes the key types of a product as the service does.
    pub fn write(&self, product: &mut Map<String, Value>) {
        for_each_type(product, |text| {
            let known = KeyType::parse(text).ok()?;
            Some(self.spelling(known).to_owned())
        });
    }

    /// Reads those of a product that is posted: in the service's spelling only.
    pub fn read_posted(&self, product: &mut Map<String, Value>) -> Result<(), ApiError> {
        let mut foreign = None;
        for_each_type(product, |text| {
            if let Some(known) = KeyType::ALL.into_iter().find(|known| self.spelling(*known) == text) {
                return Some(known.as_str().to_owned());
            }
            if let Ok(known) = KeyType::parse(text) {
                foreign = Some((text.to_owned(), self.spelling(known).to_owned()));
            }
            None
        });
        match foreign {
            None => Ok(()),
            Some((text, spelled)) => Err(ApiError::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "key-type",
                format!("This service does not know the key type {text:?}."),
                format!("Write it as {spelled:?}."),
            )),
        }
    }
}

/// Replaces the key type of each operation, where there is another for it.
fn for_each_type(product: &mut Map<String, Value>, mut other: impl FnMut(&str) -> Option<String>) {
    for operation in product.get_mut(OPERATIONS).and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(Value::String(text)) = operation.pointer_mut("/token/keyType") else { continue };
        if let Some(other) = other(text) {
            *text = other;
        }
    }
}
