//! The Rust side of support.js, and the errors that cross the boundary.

use alloc::vec::Vec;
use core::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

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
    pub fn new(ms: Option<f64>, outer: &JsValue) -> Deadline;

    #[wasm_bindgen(method, getter)]
    pub fn stopped(this: &Deadline) -> Promise;

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
    pub fn imported(this: &Verifier, name: &str, hash: &str, curve: Option<&str>) -> Promise;

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

    #[wasm_bindgen(js_name = keysOf)]
    pub fn keys_of(value: &JsValue) -> JsValue;

    #[wasm_bindgen(js_name = listOf)]
    pub fn list_of(value: &JsValue) -> JsValue;

    #[wasm_bindgen(js_name = bytesOf)]
    fn some_bytes_of(value: &JsValue, most: f64) -> JsValue;

    #[wasm_bindgen(js_name = sameJson)]
    pub fn same_json(a: &JsValue, b: &JsValue) -> bool;
}

/// What the bindings return: an `OcisignError`, or what a caller's own function threw.
pub type JsResult<T> = Result<T, JsValue>;

/// A copy of a caller's bytes, if they are some, and no more than `most`.
pub fn bytes_of(value: &JsValue, most: f64) -> Option<Vec<u8>> {
    some_bytes_of(value, most).dyn_ref::<Uint8Array>().map(Uint8Array::to_vec)
}

/// Waits for a piece of work, but not beyond the deadline, even if the work does not heed its signal.
pub async fn until<T>(deadline: &Deadline, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut stopped = pin!(JsFuture::from(deadline.stopped()));
    let outcome = poll_fn(|context| {
        if let Poll::Ready(outcome) = work.as_mut().poll(context) {
            return Poll::Ready(Some(outcome));
        }
        stopped.as_mut().poll(context).map(|_| None)
    })
    .await;
    deadline.end();
    outcome
}

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
