//! The errors that cross the boundary.

use wasm_bindgen::prelude::*;

use crate::Error;

#[wasm_bindgen(module = "/src/js/error.js")]
extern "C" {
    /// The error class that callers see.
    pub type OcisignError;

    #[wasm_bindgen(constructor)]
    fn new(code: &str, message: &str, fix: &str, offset: Option<u32>) -> OcisignError;
}

/// What the bindings return; the error is an `OcisignError`.
pub type JsResult<T> = Result<T, JsValue>;

/// The core's error, as JavaScript sees it.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let offset = error.offset().and_then(|offset| u32::try_from(offset).ok());
        OcisignError::new(error.code(), error.message(), error.fix(), offset).into()
    }
}
