//! Reads what JavaScript passes. A wrong type or an unknown field is an error that names it.

use alloc::{string::String, vec::Vec};

use wasm_bindgen::prelude::*;

use crate::{
    Profile, Reference, Result,
    json::{Json, Place},
    signing_request::reference_text,
    tape::Tape,
    wire::Product,
    words::Problem,
};

#[wasm_bindgen(module = "/src/js/error.js")]
extern "C" {
    #[wasm_bindgen(js_name = jsonOf)]
    fn json_of(value: &JsValue) -> Option<Vec<u8>>;
    /// A copy of some bytes, also of another realm's.
    #[wasm_bindgen(js_name = bytesOf)]
    pub fn bytes(view: &JsValue) -> Option<Vec<u8>>;
}

/// A copy of what a caller passes, of nothing but plain data. What is checked is then what is used, whatever getters
/// and proxies may do meanwhile, and reading it cannot throw.
pub(crate) fn data(value: &JsValue, what: &str) -> Result<Tape> {
    copied(value).ok_or_else(|| Problem::NoJson.found(what))
}

/// The same, of a value that may be anything: what has no JSON form is nothing.
pub(crate) fn lenient(value: &JsValue) -> Tape {
    copied(value).unwrap_or_else(|| Tape::of(String::new()))
}

fn copied(value: &JsValue) -> Option<Tape> {
    String::from_utf8(json_of(value)?).ok().map(Tape::of)
}

/// A plain text, where bytes would do, too.
pub fn text_or_bytes(value: &JsValue, what: &str) -> Result<String> {
    value.as_string().ok_or_else(|| Problem::NotTextOrBytes.found(what))
}

/// A plain text.
pub fn text(value: &JsValue, what: &str) -> Result<String> {
    value.as_string().ok_or_else(|| Problem::NotText.found(what))
}

/// A text that may be left out.
pub fn optional_text(value: &JsValue, what: &str) -> Result<Option<String>> {
    if value.is_undefined() || value.is_null() { Ok(None) } else { text(value, what).map(Some) }
}

/// A reference: a text, or what `parseReference` returned.
pub fn reference(value: &JsValue) -> Result<Reference> {
    let given = data(value, "reference")?;
    Reference::parse(&reference_text(&Place::whole(given.value(), "reference"))?)
}

/// A product, as the service shows it.
pub fn product(value: &JsValue) -> Result<Product> {
    let given = data(value, "product")?;
    Product::read(&Place::whole(given.value(), "product"))
}

/// The profile that a caller gives, in whole or in part, or the default one.
pub fn profile(value: &JsValue) -> Result<Profile> {
    let given = data(value, "profile").map_err(|error| Profile::invalid(&error))?;
    let given = given.value();
    if given.is_missing() { Ok(Profile::default()) } else { Profile::read(given) }
}
