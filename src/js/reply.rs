//! Reads the service's replies: leniently, keeping every field, but never without what is needed.

use alloc::{
    format,
    string::{String, ToString},
};

use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::prelude::*;

use super::{
    input::get,
    output::{SigningStatus, plain},
    support::{JsResult, thrown},
};
use crate::{Code, Error, Profile, Status};

/// Parses JSON. The text itself is not repeated: an HTML page or a secret says nothing useful.
pub fn json(text: &str, doing: &str) -> JsResult<JsValue> {
    JSON::parse(text).map_err(|_| {
        let what =
            if text.trim_start().starts_with('<') { "with a page of HTML" } else { "with something else" };
        let message = format!("{doing}: the service answered {what} where JSON was expected.");
        let fix = "Check baseUrl; a sign-in page or a proxy may stand in between.";
        thrown(Error::new(Code::NotJson, message, fix))
    })
}

/// A signing request: the reply itself, with `code`, `state` and `final` beside its `status`.
pub fn signing(reply: JsValue, doing: &str, profile: &Profile) -> JsResult<JsValue> {
    with_id(&reply, doing)?;
    let status = get(&reply, "status").as_f64();
    let status = Status::decode_number(status, profile).map_err(|error| {
        let message = format!("{doing}: {}", error.message());
        thrown(Error::new(Code::BadStatus, message, error.fix().to_string()))
    })?;
    let decoded = plain(&SigningStatus::from(status))?;
    for key in ["code", "state", "final"] {
        Reflect::set(&reply, &key.into(), &get(&decoded, key))?;
    }
    Ok(reply)
}

/// A list of signing requests.
pub fn signings(reply: JsValue, doing: &str, profile: &Profile) -> JsResult<JsValue> {
    list(reply, doing, |element, place| signing(element, place, profile))
}

/// A product.
pub fn product(reply: JsValue, doing: &str) -> JsResult<JsValue> {
    with_id(&reply, doing)?;
    Ok(reply)
}

/// A list of products.
pub fn products(reply: JsValue, doing: &str) -> JsResult<JsValue> {
    list(reply, doing, product)
}

/// The service's own words in a failed reply, made harmless: short, on one line, nothing invisible, and
/// without the token, should they quote it.
pub fn words(text: &str, token: &str) -> Option<String> {
    let reply = JSON::parse(text).ok()?;
    let said = ["message", "error", "detail", "title"].iter().find_map(|key| get(&reply, key).as_string())?;
    Some(crate::error::harmless(&said.replace(token, "[token]")))
}

/// Seconds that a `Retry-After` asks for: a number, or a date (RFC 9110 §10.2.3).
pub fn seconds(retry_after: &str) -> Option<f64> {
    let plain: Option<f64> = retry_after.trim().parse::<u32>().ok().map(f64::from);
    plain.or_else(|| {
        let wait = (js_sys::Date::parse(retry_after) - js_sys::Date::now()) / 1000.0;
        wait.is_finite().then_some(wait.max(0.0).ceil())
    })
}

fn list(reply: JsValue, doing: &str, read: impl Fn(JsValue, &str) -> JsResult<JsValue>) -> JsResult<JsValue> {
    if !Array::is_array(&reply) {
        return Err(bad(format!("{doing}: the reply is not a list.")));
    }
    let list: Array = reply.unchecked_into();
    for index in 0..list.length() {
        let element = read(list.get(index), &format!("{doing}: element {index}"))?;
        list.set(index, element);
    }
    Ok(list.into())
}

fn with_id(reply: &JsValue, doing: &str) -> JsResult<()> {
    if !reply.is_object() || Array::is_array(reply) {
        return Err(bad(format!("{doing}: the reply is not an object.")));
    }
    match get(reply, "id").as_string() {
        Some(id) if !id.is_empty() => Ok(()),
        _ => Err(bad(format!("{doing}: the reply has no id."))),
    }
}

fn bad(message: String) -> JsValue {
    let fix = "Check that baseUrl is the signing service; if something was to be created, look for it before you try again.";
    thrown(Error::new(Code::BadReply, message, fix))
}
