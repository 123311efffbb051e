//! Sends one request and reads its answer, through gloo-net or through the caller's own `fetch`.
//! What to do about the answer is not decided here; see [`crate::exchange`].

use alloc::string::{String, ToString};

use gloo_net::http::{Method, RequestBuilder, Response};
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

use super::{input::get, support::JsResult};
use crate::{exchange, wire};

#[wasm_bindgen]
extern "C" {
    // gloo-net's own send() traps when a replaced global fetch answers with something that is not a
    // Response, and loses the cause of a failure; so its request is sent, and its reply read, here.
    #[wasm_bindgen(js_name = fetch, catch)]
    fn global_fetch(request: &web_sys::Request) -> JsResult<Promise>;
}

/// A request that is ready to be sent. Not `Debug`: it holds the token.
pub struct Request<'a> {
    pub method: exchange::Method,
    pub url: &'a str,
    pub token: &'a str,
    /// JSON text; with a POST only.
    pub body: Option<&'a str>,
}

/// What came back, whole.
pub struct Reply {
    pub status: u16,
    /// The header `Retry-After`, if it came and may be read.
    pub retry_after: Option<String>,
    pub text: String,
}

/// Sends; an error is the platform's, for the caller to explain.
pub async fn send(
    request: &Request<'_>,
    own_fetch: Option<&Function>,
    signal: &AbortSignal,
) -> JsResult<Reply> {
    match own_fetch {
        Some(fetch) => send_by_callers_fetch(request, fetch, signal).await,
        None => send_by_gloo(request, signal).await,
    }
}

async fn send_by_gloo(request: &Request<'_>, signal: &AbortSignal) -> JsResult<Reply> {
    let builder = RequestBuilder::new(request.url)
        .method(match request.method {
            exchange::Method::Get => Method::GET,
            exchange::Method::Post => Method::POST,
        })
        .header(wire::ACCEPT.0, wire::ACCEPT.1)
        .header("Authorization", &authorization(request))
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .redirect(RequestRedirect::Manual)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(Some(signal));
    let built = match request.body {
        Some(body) => builder.header(wire::CONTENT_TYPE.0, wire::CONTENT_TYPE.1).body(body),
        None => builder.build(),
    };
    let raw: web_sys::Request = built.map_err(|error| js_sys::Error::new(&error.to_string()))?.into();
    let answer = JsFuture::from(global_fetch(&raw)?).await?;
    let Some(raw) = answer.dyn_ref::<web_sys::Response>() else { return read_duck(&answer).await };
    let response: Response = Clone::clone(raw).into();
    let retry_after = response.headers().get("retry-after");
    let status = response.status();
    let text = response.text().await.map_err(|error| js_sys::Error::new(&error.to_string()))?;
    Ok(Reply { status, retry_after, text })
}

async fn send_by_callers_fetch(
    request: &Request<'_>,
    fetch: &Function,
    signal: &AbortSignal,
) -> JsResult<Reply> {
    let headers = Object::new();
    set(&headers, wire::ACCEPT.0, wire::ACCEPT.1)?;
    set(&headers, "Authorization", authorization(request))?;
    let init = Object::new();
    if let Some(body) = request.body {
        set(&headers, wire::CONTENT_TYPE.0, wire::CONTENT_TYPE.1)?;
        set(&init, "body", body)?;
    }
    let method = if request.method == exchange::Method::Get { "GET" } else { "POST" };
    set(&init, "method", method)?;
    set(&init, "headers", headers)?;
    set(&init, "signal", signal)?;
    for (name, value) in [
        ("redirect", "manual"),
        ("credentials", "omit"),
        ("cache", "no-store"),
        ("referrerPolicy", "no-referrer"),
    ] {
        set(&init, name, value)?;
    }
    let answer = fetch.call2(&JsValue::UNDEFINED, &JsValue::from_str(request.url), &init)?;
    read_duck(&JsFuture::from(Promise::resolve(&answer)).await?).await
}

/// Reads whatever has `status`, `headers.get()` and `text()`.
async fn read_duck(answer: &JsValue) -> JsResult<Reply> {
    let status = get(answer, "status").as_f64().filter(|status| (0.0..=999.0).contains(status));
    let text = get(answer, "text").dyn_into::<Function>();
    let (Some(status), Ok(text)) = (status, text) else {
        return Err(js_sys::Error::new("fetch returned something without status and text()").into());
    };
    let headers = get(answer, "headers");
    let retry_after = match get(&headers, "get").dyn_into::<Function>() {
        Ok(get) => get.call1(&headers, &"retry-after".into())?.as_string(),
        Err(_) => None,
    };
    let text = JsFuture::from(Promise::resolve(&text.call0(answer)?)).await?;
    let text =
        text.as_string().ok_or_else(|| js_sys::Error::new("text() gave something that is not text"))?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // from 0 to 999
    Ok(Reply { status: status as u16, retry_after, text })
}

fn authorization(request: &Request<'_>) -> String {
    String::from("Bearer ") + request.token
}

fn set(object: &Object, key: &str, value: impl Into<JsValue>) -> JsResult<()> {
    Reflect::set(object, &JsValue::from_str(key), &value.into()).map(|_| ())
}
