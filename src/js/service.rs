//! The rules that the client in pkg/lib asks for: where to send, what to send, and what to do about the answer.

use alloc::string::String;

use wasm_bindgen::prelude::*;

use super::{error::JsResult, input, output::plain};
use crate::{
    BaseUrl, exchange,
    exchange::{Event, Exchange, Method, Retry, Step},
    poll::Poll,
    token,
};

/// The profile that a caller gives, checked and complete.
#[wasm_bindgen(js_name = readProfile, skip_typescript)]
pub fn read_profile(given: &JsValue) -> JsResult<JsValue> {
    plain(&input::profile(given)?)
}

/// The URL of a route of the profile, with the id filled in; the base URL is checked at every use.
#[wasm_bindgen(js_name = serviceUrl, skip_typescript)]
pub fn service_url(base_url: &str, route: &str, id: &str) -> JsResult<String> {
    Ok(BaseUrl::parse(base_url)?.join(route, id))
}

/// One call in progress.
#[wasm_bindgen(skip_typescript)]
pub struct Call(Exchange);

#[wasm_bindgen]
impl Call {
    /// `acts` says that it is a POST; the times are in milliseconds; what is left out is as by default.
    #[wasm_bindgen(constructor)]
    pub fn new(acts: bool, attempts: Option<u32>, base_ms: Option<f64>, max_ms: Option<f64>) -> Call {
        let method = if acts { Method::Post } else { Method::Get };
        let default = Retry::default();
        let retry = Retry {
            attempts: attempts.unwrap_or(default.attempts),
            base_ms: base_ms.unwrap_or(default.base_ms),
            max_ms: max_ms.unwrap_or(default.max_ms),
        };
        Self(Exchange::new(method, retry))
    }

    /// What to do after an answer with this HTTP status, or after none: `read`, `ask` for another token, `fail`, or
    /// how many milliseconds to wait before it is sent again.
    pub fn next(&mut self, status: Option<u16>, retry_after: Option<f64>, random: f64) -> JsValue {
        let event = status.map_or(Event::NoReply, |status| Event::Reply { status, retry_after });
        match self.0.next(event, random) {
            Step::Read => "read".into(),
            Step::AskToken => "ask".into(),
            Step::Fail => "fail".into(),
            Step::Wait(ms) => ms.into(),
        }
    }
}

/// The error of a reply that is not a success.
#[wasm_bindgen(skip_typescript)]
pub fn failure(doing: &str, status: u16, retry_after: Option<f64>, said: Option<String>) -> JsValue {
    exchange::failure(doing, status, retry_after, said.as_deref()).into()
}

/// The waits between two looks at a request.
#[wasm_bindgen(skip_typescript)]
pub struct Waits(Poll);

#[wasm_bindgen]
impl Waits {
    /// Both in milliseconds.
    #[wasm_bindgen(constructor)]
    pub fn new(first_ms: f64, longest_ms: f64) -> Waits {
        Self(Poll::new(first_ms, longest_ms))
    }

    /// The next wait, in milliseconds.
    pub fn next(&mut self, changed: bool, random: f64) -> f64 {
        self.0.wait(changed, random)
    }
}

/// A token that can be sent, without the white space around it.
#[wasm_bindgen(js_name = checkToken, skip_typescript)]
pub fn check_token(text: &str) -> JsResult<String> {
    Ok(token::check(text)?.into())
}

/// An id or another short text for a message.
#[wasm_bindgen(skip_typescript)]
pub fn quote(text: &str) -> String {
    crate::error::quote(text)
}

/// Somebody else's words for a message.
#[wasm_bindgen(skip_typescript)]
pub fn harmless(words: &str) -> String {
    crate::error::harmless(words)
}
