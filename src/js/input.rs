//! Reads what JavaScript passes. A wrong type or an unknown option is an error that names it.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

use super::support::{JsResult, keys_of, list_of, thrown};
use crate::{
    Code, Error, Profile, Reference, Result,
    json::{Json, Place},
    signing_request::reference_text,
};

impl Json for JsValue {
    fn get(&self, key: &str) -> Self {
        get(self, key)
    }

    fn is_missing(&self) -> bool {
        self.is_undefined() || self.is_null()
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn truth(&self) -> Option<bool> {
        self.as_bool()
    }

    fn elements(&self) -> Option<Vec<Self>> {
        list_of(self).dyn_ref::<Array>().map(|list| list.iter().collect())
    }

    fn keys(&self) -> Option<Vec<String>> {
        keys_of(self)
            .dyn_ref::<Array>()
            .map(|names| names.iter().filter_map(|name| name.as_string()).collect())
    }
}

/// A plain text.
pub fn text(value: &JsValue, what: &str) -> Result<String> {
    Place::whole(value.clone(), what).text()
}

/// A text that may be left out.
pub fn optional_text(value: &JsValue, what: &str) -> Result<Option<String>> {
    Place::whole(value.clone(), what).optional_text()
}

/// A reference: a text, or what `parseReference` returned.
pub fn reference(value: &JsValue) -> Result<Reference> {
    Reference::parse(&reference_text(&Place::whole(value.clone(), "reference"))?)
}

/// The profile that a caller gives, in whole or in part, or the default one.
pub fn profile(value: &JsValue) -> Result<Profile> {
    if value.is_missing() { Ok(Profile::default()) } else { Profile::read(value.clone()) }
}

/// An object of options, all of them known; undefined stands for none.
pub fn check_options(value: &JsValue, known: &[&str]) -> Result<()> {
    if value.is_undefined() { Ok(()) } else { Place::whole(value.clone(), "options").only(known) }
}

/// A field of an object; undefined when there is no such field, or no object.
pub fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

/// A number above zero that may be left out.
pub fn optional_positive(value: &JsValue, key: &str) -> JsResult<Option<f64>> {
    let field = get(value, key);
    if field.is_undefined() {
        return Ok(None);
    }
    let number = field.as_f64().filter(|number| *number > 0.0);
    number.map(Some).ok_or_else(|| bad(format!("{key} is not a number above 0."), "Pass a positive number."))
}

/// A whole number above zero that may be left out.
pub fn optional_count(value: &JsValue, key: &str) -> JsResult<Option<u32>> {
    let Some(number) = optional_positive(value, key)? else { return Ok(None) };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // checked in the same line
    let whole = (number % 1.0 == 0.0 && number <= f64::from(u32::MAX)).then_some(number as u32);
    whole
        .map(Some)
        .ok_or_else(|| bad(format!("{key} is not a whole number."), "Pass a whole number above 0."))
}

/// A function that may be left out.
pub fn optional_function(value: &JsValue, key: &str) -> JsResult<Option<Function>> {
    let field = get(value, key);
    if field.is_undefined() {
        return Ok(None);
    }
    let function = field.dyn_into::<Function>();
    function
        .map(Some)
        .map_err(|_| bad(format!("{key} is not a function."), "Pass a function, or leave it out."))
}

/// The caller's abort signal: anything that looks like one, or undefined.
pub fn signal(value: &JsValue) -> JsResult<JsValue> {
    let signal = get(value, "signal");
    if signal.is_undefined() || get(&signal, "addEventListener").is_function() {
        return Ok(signal);
    }
    Err(bad("signal is not an AbortSignal.".to_string(), "Pass controller.signal, or leave it out."))
}

/// An error about an argument.
pub fn bad(message: String, fix: &'static str) -> JsValue {
    thrown(Error::new(Code::BadInput, message, fix))
}
