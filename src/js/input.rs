//! Reads what JavaScript passes. A wrong type or an unknown field is an error that names it.

use alloc::{string::String, vec::Vec};

use js_sys::{Array, ArrayBuffer, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::{
    Profile, Reference, Result,
    json::{Json, Place},
    signing_request::reference_text,
    wire::Product,
    words::Problem,
};

#[wasm_bindgen(module = "/src/js/error.js")]
extern "C" {
    #[wasm_bindgen(js_name = copyOf)]
    fn copy_of(value: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = bytesOf)]
    fn bytes_of(view: &JsValue) -> Option<Uint8Array>;
}

impl Json for JsValue {
    fn get(&self, key: &str) -> Self {
        // A call that throws would leave a slot of the table of JavaScript values taken for ever, and this one throws
        // at whatever is no object.
        let field = self.is_object().then(|| Reflect::get(self, &JsValue::from_str(key)).ok()).flatten();
        field.unwrap_or(Self::UNDEFINED)
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
        self.dyn_ref::<Array>().map(|list| list.iter().collect())
    }

    fn keys(&self) -> Option<Vec<String>> {
        let is_record = self.is_object() && !self.is_instance_of::<Array>();
        is_record.then(|| {
            Object::keys(self.unchecked_ref::<Object>()).iter().filter_map(|name| name.as_string()).collect()
        })
    }
}

/// A copy of what a caller passes, of nothing but plain data. What is checked is then what is used, whatever getters
/// and proxies may do meanwhile, and reading it cannot throw.
pub fn data(value: &JsValue, what: &str) -> Result<JsValue> {
    match copy_of(value).dyn_ref::<Array>() {
        Some(copy) => Ok(copy.get(0)),
        None => Err(Problem::NoJson.found(what)),
    }
}

/// The same, of a value that may be anything: what has no JSON form is nothing.
pub fn lenient(value: &JsValue) -> JsValue {
    copy_of(value).dyn_ref::<Array>().map_or(JsValue::UNDEFINED, |copy| copy.get(0))
}

/// A copy of some bytes, also of another realm's.
pub fn bytes(value: &JsValue) -> Option<Vec<u8>> {
    let copy = ArrayBuffer::is_view(value).then(|| bytes_of(value)).flatten();
    copy.map(|bytes| bytes.to_vec())
}

/// A plain text, where bytes would do, too.
pub fn text_or_bytes(value: &JsValue, what: &str) -> Result<String> {
    value.as_string().ok_or_else(|| Problem::NotTextOrBytes.found(what))
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
    Reference::parse(&reference_text(&Place::whole(data(value, "reference")?, "reference"))?)
}

/// A product, as the service shows it.
pub fn product(value: &JsValue) -> Result<Product> {
    Product::read(&Place::whole(data(value, "product")?, "product"))
}

/// The profile that a caller gives, in whole or in part, or the default one.
pub fn profile(value: &JsValue) -> Result<Profile> {
    let given = data(value, "profile").map_err(|error| Profile::invalid(&error))?;
    if given.is_missing() { Ok(Profile::default()) } else { Profile::read(given) }
}
