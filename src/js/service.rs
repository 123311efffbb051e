//! The rules that the package's client asks for: where to send, what to send, and what to do about the answer.

use alloc::string::String;

use wasm_bindgen::prelude::*;

use super::{
    error::{JsResult, OcisignError},
    input,
    output::plain,
};
use crate::{
    BaseUrl, LOOK_FIRST, State, Status,
    exchange::{Event, Exchange, Method, Retry, Step},
    poll::Poll,
    product, token,
};

/// Checks a caller's profile and completes it.
#[wasm_bindgen(js_name = readProfile, unchecked_return_type = "CompletedProfile")]
pub fn read_profile(
    #[wasm_bindgen(unchecked_optional_param_type = "Profile")] given: &JsValue,
) -> JsResult<JsValue> {
    plain(&input::profile(given)?)
}

/// What a status code means under a profile: its place among the `states`, doubled, and one more if it is final.
///
/// @param code NaN for what is no number.
#[wasm_bindgen(js_name = meaningOf)]
pub fn meaning_of(
    code: f64,
    #[wasm_bindgen(unchecked_optional_param_type = "Profile")] profile: &JsValue,
) -> JsResult<u8> {
    let status = if profile.is_undefined() {
        Status::usual(Status::code_of(code)?)
    } else {
        Status::decode_number(Some(code), &input::profile(profile)?)?
    };
    Ok(2 * status.state as u8 + u8::from(status.state.is_final()))
}

/// The names of all states, with spaces between them.
#[wasm_bindgen]
pub fn states() -> String {
    State::ALL.map(State::as_str).join(" ")
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
    Ok(product::check_domain(registry, &input::product(product)?)?)
}

// A call and a wait take long, and an instance of the module may be replaced meanwhile (pkg/src/instance.ts). So the
// package keeps what they have come to, and hands it over: the module remembers nothing between two calls.

/// What to do after an answer with this HTTP status, or after none: `read`, `ask` for another token, `fail`, or
/// how many milliseconds to wait before it is sent again.
///
/// @param acts says that it is a POST.
/// @param sent how often it was sent.
/// @param asked whether another token was asked for.
#[allow(clippy::too_many_arguments)] // a structure would have to be read from JavaScript, field by field
#[wasm_bindgen(js_name = stepAfter, unchecked_return_type = r#""read" | "ask" | "fail" | number"#)]
pub fn step_after(
    acts: bool,
    sent: u32,
    asked: bool,
    attempts: Option<u32>,
    base_ms: Option<f64>,
    max_ms: Option<f64>,
    status: Option<u16>,
    retry_after: Option<f64>,
    random: f64,
) -> JsValue {
    let default = Retry::default();
    let retry = Retry {
        attempts: attempts.unwrap_or(default.attempts),
        base_ms: base_ms.unwrap_or(default.base_ms),
        max_ms: max_ms.unwrap_or(default.max_ms),
    };
    let event = status.map_or(Event::NoReply, |status| Event::Reply { status, retry_after });
    match Exchange::resumed(method(acts), retry, sent, asked).next(event, random) {
        Step::Read => "read".into(),
        Step::AskToken => "ask".into(),
        Step::Fail => "fail".into(),
        Step::Wait(ms) => ms.into(),
    }
}

/// The error of a reply that is not a success, with what may have become of the call (`taken`).
#[wasm_bindgen(js_name = failureOf)]
pub fn failure_of(
    acts: bool,
    doing: &str,
    status: u16,
    retry_after: Option<f64>,
    said: Option<String>,
) -> OcisignError {
    call(acts).failure(doing, status, retry_after, said.as_deref()).into()
}

/// May the service have done what was asked, when the call failed with this HTTP status, or without an answer? A
/// success that cannot be read is a failure, too: ask with its status.
#[wasm_bindgen(js_name = takenAfter, unchecked_return_type = r#""no" | "maybe""#)]
pub fn taken_after(acts: bool, status: Option<u16>) -> String {
    call(acts).taken(status).as_str().into()
}

/// The fix of every error of a call that may have been taken.
#[wasm_bindgen(js_name = lookFirst)]
pub fn look_first() -> String {
    LOOK_FIRST.into()
}

fn call(acts: bool) -> Exchange {
    Exchange::new(method(acts), Retry::default())
}

const fn method(acts: bool) -> Method {
    if acts { Method::Post } else { Method::Get }
}

/// The wait between two looks at a request, after so many waits in which nothing had changed. All in milliseconds.
#[wasm_bindgen(js_name = waitAfter)]
pub fn wait_after(first_ms: f64, longest_ms: f64, unchanged: u32, random: f64) -> f64 {
    // However short the first wait is, it has grown to the longest by then.
    const MOST: u32 = 5000;
    let mut poll = Poll::new(first_ms, longest_ms);
    for _ in 0..unchanged.min(MOST) {
        poll.wait(false, random);
    }
    poll.wait(false, random)
}

/// Trims a token, and checks that it can be sent.
#[wasm_bindgen(js_name = checkToken)]
pub fn check_token(text: &str) -> JsResult<String> {
    Ok(token::check(text)?.into())
}

/// Writes an id of the service's for a message.
#[wasm_bindgen]
pub fn quote(id: &str) -> String {
    crate::quote::quote_id(id)
}

/// Writes the words of a service or a platform for a message.
#[wasm_bindgen]
pub fn harmless(words: &str) -> String {
    crate::quote::harmless(words)
}
