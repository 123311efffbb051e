//! How requests travel, as gloo-net says it. The package's client sends them: gloo-net's own `send()` traps when a
//! replaced global `fetch` answers with something that is not a `Response`, and loses the cause of a failure.

use alloc::string::String;

use gloo_net::http::RequestBuilder;
use wasm_bindgen::prelude::*;
use web_sys::{ReferrerPolicy, Request, RequestCache, RequestCredentials, RequestRedirect};

use super::error::JsResult;
use crate::{Error, wire, words::Problem};

/// The headers of a call, as the reference's `curl` sends them.
#[wasm_bindgen(unchecked_return_type = "Record<string, string>")]
pub fn headers(token: &str, has_body: bool) -> JsValue {
    let headers = js_sys::Object::new();
    let authorization = String::from("Bearer ") + token;
    let set = |name: &str, value: &str| {
        // A plain object takes any field.
        let _ = js_sys::Reflect::set(&headers, &name.into(), &value.into());
    };
    set(wire::ACCEPT.0, wire::ACCEPT.1);
    set("Authorization", &authorization);
    if has_body {
        set(wire::CONTENT_TYPE.0, wire::CONTENT_TYPE.1);
    }
    headers.into()
}

/// A request that carries nothing of the page's, and is not redirected: all others travel as this one.
#[wasm_bindgen]
pub fn traveller() -> JsResult<Request> {
    let built = RequestBuilder::new("https://localhost")
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .redirect(RequestRedirect::Manual)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .build();
    // The URL is a good one. In words of its own, the error would bring 3 KB of code that writes numbers.
    Ok(built.map_err(|_| Error::from(Problem::NoJavaScript))?.into())
}
