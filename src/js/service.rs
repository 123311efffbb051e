//! The rules that the package's client asks for: where to send, what to send, and what to do about the answer.

use alloc::string::String;

use wasm_bindgen::prelude::*;

use super::{
    error::{JsResult, OcisignError},
    input,
    output::plain,
};
use crate::{
    BaseUrl, LOOK_FIRST,
    exchange::{Event, Exchange, Method, Retry, Step},
    json::Place,
    poll::Poll,
    product, token,
    wire::Product,
};

/// Checks a caller's profile and completes it.
#[wasm_bindgen(js_name = readProfile, unchecked_return_type = "WholeProfile")]
pub fn read_profile(
    #[wasm_bindgen(unchecked_optional_param_type = "Profile")] given: &JsValue,
) -> JsResult<JsValue> {
    plain(&input::profile(given)?)
}

/// Makes the URL of a route of the profile, with the id filled in. The base URL is checked at every use.
#[wasm_bindgen(js_name = serviceUrl)]
pub fn service_url(base_url: &str, route: &str, id: &str) -> JsResult<String> {
    Ok(BaseUrl::parse(base_url)?.join(route, id))
}

/// The domain rule, for the registry of a reference that was read.
#[wasm_bindgen(js_name = checkDomain)]
pub fn check_domain(
    registry: &str,
    #[wasm_bindgen(unchecked_param_type = "Product")] product: &JsValue,
) -> JsResult<()> {
    let read = Product::read(&Place::whole(input::data(product, "product")?, "product"))?;
    Ok(product::check_domain(registry, &read)?)
}

/// One call in progress.
#[wasm_bindgen]
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
    #[wasm_bindgen(unchecked_return_type = r#""read" | "ask" | "fail" | number"#)]
    pub fn next(&mut self, status: Option<u16>, retry_after: Option<f64>, random: f64) -> JsValue {
        let event = status.map_or(Event::NoReply, |status| Event::Reply { status, retry_after });
        match self.0.next(event, random) {
            Step::Read => "read".into(),
            Step::AskToken => "ask".into(),
            Step::Fail => "fail".into(),
            Step::Wait(ms) => ms.into(),
        }
    }

    /// The error of a reply that is not a success, with what may have become of the call (`taken`).
    pub fn failure(
        &self,
        doing: &str,
        status: u16,
        retry_after: Option<f64>,
        said: Option<String>,
    ) -> OcisignError {
        self.0.failure(doing, status, retry_after, said.as_deref()).into()
    }

    /// May the service have done what was asked, when the call failed with this HTTP status, or without an answer? A
    /// success that cannot be read is a failure, too: ask with its status.
    #[wasm_bindgen(unchecked_return_type = r#""no" | "maybe""#)]
    pub fn taken(&self, status: Option<u16>) -> String {
        self.0.taken(status).as_str().into()
    }

    /// The fix of every error of a call that may have been taken.
    pub fn advice() -> String {
        LOOK_FIRST.into()
    }
}

/// The waits between two looks at a request.
#[wasm_bindgen]
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

/// Trims a token, and checks that it can be sent.
#[wasm_bindgen(js_name = checkToken)]
pub fn check_token(text: &str) -> JsResult<String> {
    Ok(token::check(text)?.into())
}

/// Writes an id or another short text for a message.
#[wasm_bindgen]
pub fn quote(text: &str) -> String {
    crate::quote::quote(text)
}

/// Writes the words of a service or a platform for a message.
#[wasm_bindgen]
pub fn harmless(words: &str) -> String {
    crate::quote::harmless(words)
}
