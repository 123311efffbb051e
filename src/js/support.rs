//! The Rust side of support.js, and the errors that cross the boundary.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::{Code, Error};

#[wasm_bindgen(module = "/src/js/support.js")]
extern "C" {
    /// The error class that callers see.
    pub type OcisignError;

    #[wasm_bindgen(constructor)]
    fn new(code: &str, message: &str, fix: &str, offset: Option<u32>, cause: &JsValue) -> OcisignError;

    /// One call's time limit and abort signal.
    pub type Deadline;

    #[wasm_bindgen(constructor)]
    pub fn new(ms: f64, outer: &JsValue) -> Deadline;

    #[wasm_bindgen(method, getter)]
    pub fn signal(this: &Deadline) -> web_sys::AbortSignal;

    #[wasm_bindgen(method, getter, js_name = timedOut)]
    pub fn timed_out(this: &Deadline) -> bool;

    #[wasm_bindgen(method)]
    pub fn end(this: &Deadline);

    /// A public key that the platform checks signatures with.
    pub type Verifier;

    #[wasm_bindgen(constructor)]
    pub fn new(spki: Uint8Array) -> Verifier;

    #[wasm_bindgen(method)]
    pub fn holds(
        this: &Verifier,
        name: &str,
        hash: &str,
        curve: Option<&str>,
        signature: Uint8Array,
        message: Uint8Array,
    ) -> Promise;

    pub fn pause(ms: f64, signal: &JsValue) -> Promise;

    #[wasm_bindgen(js_name = sameJson)]
    pub fn same_json(a: &JsValue, b: &JsValue) -> bool;
}

/// What the bindings return: an `OcisignError`, or what a caller's own function threw.
pub type JsResult<T> = Result<T, JsValue>;

/// The core's error, as JavaScript sees it.
pub fn thrown(error: Error) -> JsValue {
    thrown_because(error, &JsValue::UNDEFINED)
}

/// The same, with what led to it as its `cause`.
pub fn thrown_because(error: Error, cause: &JsValue) -> JsValue {
    let offset = error.offset().and_then(|offset| u32::try_from(offset).ok());
    OcisignError::new(error.code(), error.message(), error.fix(), offset, cause).into()
}

/// A new error of a kind, as JavaScript sees it.
pub fn fail(code: Code, message: &str, fix: &'static str) -> JsValue {
    thrown(Error::new(code, message, fix))
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        thrown(error)
    }
}
