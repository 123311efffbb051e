//! How much the sandbox takes: whatever it keeps is shown again in every list, to everybody.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::api_error::ApiError;

/// A product, as JSON text.
pub const PRODUCT_BYTES: usize = 64 * 1024;
/// All products that one person made, as JSON text.
pub const PRODUCTS_BYTES: usize = 4 * 1024 * 1024;
/// A signing request, as JSON text.
pub const REQUEST_BYTES: usize = 32 * 1024;
/// Characters of one text in either.
pub const TEXT: usize = 4_096;
/// Characters of a comment.
pub const COMMENT: usize = 2_000;
/// Characters of a field's name.
pub const NAME: usize = 200;
/// Elements of any list, and fields of any object, of a product or a request.
pub const LIST: usize = 100;
/// Each operation makes a key, which takes time.
pub const OPERATIONS: usize = 20;
/// Groups of one list of an approval rule.
pub const GROUPS: usize = 50;
/// Objects and lists within each other.
pub const DEPTH: usize = 32;
/// Characters of a username or password.
pub const CREDENTIAL: usize = 4_096;
/// Clients that are registered.
pub const CLIENTS: usize = 1_000;
/// Credentials that are kept.
pub const CREDENTIALS: usize = 1_000;

/// Checks all that a body holds, whatever its fields are called; `name` is what messages call it.
pub fn check_body(body: &Map<String, Value>, name: &str, bytes: usize) -> Result<(), ApiError> {
    for (key, value) in body {
        check_name(key, name)?;
        check(value, &Place { within: None, name, step: Step::Field(key) }, 2)?;
    }
    let length = serde_json::to_string(body).map_or(usize::MAX, |text| text.len());
    if length <= bytes {
        return Ok(());
    }
    Err(too_large(format!("{name} is {length} bytes of JSON; {bytes} are the most.")))
}

/// Checks a comment.
pub fn check_comment(comment: Option<&str>) -> Result<(), ApiError> {
    match comment.map(|comment| comment.chars().count()) {
        Some(length) if length > COMMENT => {
            Err(too_large(format!("The comment has {length} characters; {COMMENT} are the most.")))
        }
        _ => Ok(()),
    }
}

/// Checks a list that has a limit of its own.
pub fn check_count(place: &str, count: usize, most: usize) -> Result<(), ApiError> {
    if count <= most {
        return Ok(());
    }
    Err(too_large(format!("{place} has {count} elements; {most} are the most.")))
}

/// The refusal of what is too large.
pub fn too_large(message: String) -> ApiError {
    ApiError::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "too-large",
        message,
        "Shorten it, or divide it among several.",
    )
}

/// The way to a value, made into text only for a message.
struct Place<'a> {
    within: Option<&'a Place<'a>>,
    name: &'a str,
    step: Step<'a>,
}

enum Step<'a> {
    Field(&'a str),
    Element(usize),
}

impl Place<'_> {
    fn path(&self) -> String {
        let before = self.within.map_or_else(|| self.name.to_owned(), Place::path);
        match self.step {
            Step::Field(name) => format!("{before}.{name}"),
            Step::Element(index) => format!("{before}[{index}]"),
        }
    }

    fn child<'b>(&'b self, step: Step<'b>) -> Place<'b> {
        Place { within: Some(self), name: self.name, step }
    }
}

fn check(value: &Value, place: &Place<'_>, depth: usize) -> Result<(), ApiError> {
    if depth > DEPTH {
        return Err(too_large(format!("{} is nested more than {DEPTH} deep.", place.path())));
    }
    match value {
        Value::String(text) => check_text(text, &place.path()),
        Value::Array(elements) => {
            check_count(&place.path(), elements.len(), LIST)?;
            elements.iter().enumerate().try_for_each(|(index, element)| {
                check(element, &place.child(Step::Element(index)), depth + 1)
            })
        }
        Value::Object(fields) => {
            check_count(&place.path(), fields.len(), LIST)?;
            fields.iter().try_for_each(|(key, field)| {
                check_name(key, &place.path())?;
                check(field, &place.child(Step::Field(key)), depth + 1)
            })
        }
        _ => Ok(()),
    }
}

fn check_name(key: &str, place: &str) -> Result<(), ApiError> {
    let length = key.chars().count();
    if length <= NAME {
        return Ok(());
    }
    Err(too_large(format!("A field of {place} has a name of {length} characters; {NAME} are the most.")))
}

fn check_text(text: &str, place: &str) -> Result<(), ApiError> {
    let length = text.chars().count();
    if length <= TEXT {
        return Ok(());
    }
    Err(too_large(format!("{place} has {length} characters; {TEXT} are the most.")))
}
