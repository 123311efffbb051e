//! The errors that cross the boundary.

use wasm_bindgen::prelude::*;

use crate::Error;

#[wasm_bindgen(module = "/src/js/error.js")]
extern "C" {
    /// The error class that callers see.
    #[wasm_bindgen(typescript_type = "OcisignError")]
    pub type OcisignError;

    #[wasm_bindgen(constructor)]
    fn new(
        code: &str,
        message: &str,
        fix: &str,
        offset: Option<u32>,
        cause: &JsValue,
        taken: &str,
    ) -> OcisignError;
}

/// What the bindings return; the error is an `OcisignError`.
pub type JsResult<T> = Result<T, JsValue>;

impl From<Error> for OcisignError {
    fn from(error: Error) -> Self {
        let offset = error.offset().and_then(|offset| u32::try_from(offset).ok());
        let taken = error.taken().as_str();
        Self::new(error.code(), &error.message(), &error.fix(), offset, &JsValue::UNDEFINED, taken)
    }
}

/// The core's error, as JavaScript sees it.
impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        OcisignError::from(error).into()
    }
}
