//! Reads what JavaScript passes. A wrong type or an unknown option is an error that names it: an option
//! with a typing mistake must not be passed over in silence.

use alloc::{
    format,
    string::{String, ToString},
};

use js_sys::{Array, Function, Object, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::support::{JsResult, thrown};
use crate::{Code, Error, Profile};

/// A plain text.
pub fn text(value: &JsValue, what: &str) -> JsResult<String> {
    value.as_string().ok_or_else(|| bad(format!("{what} is not a string."), "Pass it as a string."))
}

/// A reference: a text, or what `parseReference` returned.
pub fn reference_text(value: &JsValue) -> JsResult<String> {
    let canonical = if value.is_object() { get(value, "canonical") } else { value.clone() };
    canonical.as_string().ok_or_else(|| {
        bad("The reference is not a string.".into(), "Pass a string, or what parseReference returned.")
    })
}

/// An object with named fields, all of them among `known`.
pub fn object<T: DeserializeOwned>(value: &JsValue, what: &str, known: &[&str]) -> JsResult<T> {
    check_keys(value, what, known)?;
    serde_wasm_bindgen::from_value(value.clone()).map_err(|error| {
        bad(format!("{what} is not usable: {error}."), "Pass the fields that the types name.")
    })
}

/// The profile that a caller gives, in whole or in part, or the default one.
pub fn profile(value: &JsValue) -> JsResult<Profile> {
    if value.is_undefined() || value.is_null() {
        return Ok(Profile::default());
    }
    let profile: Profile = serde_wasm_bindgen::from_value(value.clone()).map_err(|error| {
        let fix = "Pass { routes, statuses, publicKeyPath, keyTypes }, or leave it out.";
        thrown(Error::new(Code::BadProfile, format!("The profile is not usable: {error}."), fix))
    })?;
    profile.check()?;
    Ok(profile)
}

/// Refuses anything but an object whose own keys are all known. `undefined` is an object without keys.
pub fn check_keys(value: &JsValue, what: &str, known: &[&str]) -> JsResult<()> {
    if value.is_undefined() {
        return Ok(());
    }
    if !value.is_object() || Array::is_array(value) {
        return Err(bad(format!("{what} is not an object."), "Pass an object with named fields."));
    }
    for key in keys(value).iter().filter_map(|key| key.as_string()) {
        if !known.contains(&key.as_str()) {
            let fix = format!("Known are: {}.", known.join(", "));
            let message = format!("{what} has the unknown field {}.", crate::error::quote(&key));
            return Err(thrown(Error::new(Code::BadInput, message, fix)));
        }
    }
    Ok(())
}

/// The names of an object's own fields.
pub fn keys(value: &JsValue) -> Array {
    Object::keys(value.unchecked_ref::<Object>())
}

/// A field of an object; undefined when there is no such field, or no object.
pub fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

/// A field that may be left out.
pub fn optional_text(value: &JsValue, key: &str) -> JsResult<Option<String>> {
    let field = get(value, key);
    if field.is_undefined() { Ok(None) } else { text(&field, key).map(Some) }
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
