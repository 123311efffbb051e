//! `SigningClient`: the service over `fetch`. What each method does and throws stands in pkg/index.d.ts.
//!
//! Every method returns a promise and never throws at once; each call runs through [`Service::call`].

use alloc::{
    format,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};
use core::future::Future;

use js_sys::{Array, Date, Function, JSON, Map, Math, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::{
    http::{self, Request},
    input::{self, get},
    output::plain,
    reply,
    support::{Deadline, JsResult, fail, pause, same_json, thrown, thrown_because},
    token_source::TokenSource,
};
use crate::{
    BaseUrl, Code, Error, Profile,
    exchange::{self, Event, Exchange, Method, Retry, Step},
    json::{Json, Place},
    percent_encode,
    poll::Poll,
    signing_request::{self, SigningInput},
    wire::Product,
};

/// The parts of a request that an approval binds.
const BOUND: [&str; 5] = ["name", "idProductOperation", "description", "payload", "productId"];
/// How long a product that was read is believed, in milliseconds.
const PRODUCT_AGE: f64 = 60_000.0;

/// What all calls share. Not `Debug`: it can reach the token.
struct Service {
    base: BaseUrl,
    profile: Profile,
    token: TokenSource,
    fetch: Option<Function>,
    timeout_ms: f64,
    retry: Retry,
    /// By id: when it was read, in milliseconds since 1970, and the promise of it.
    products: Map,
}

/// The client of a signing service.
#[wasm_bindgen(skip_typescript)]
pub struct SigningClient(Rc<Service>);

#[wasm_bindgen]
impl SigningClient {
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> JsResult<SigningClient> {
        let known = ["baseUrl", "token", "profile", "fetch", "timeoutMs", "retry"];
        input::check_options(options, &known)?;
        let retry = get(options, "retry");
        input::check_options(&retry, &["attempts", "baseMs", "maxMs"])?;
        let default = Retry::default();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // above 0, and `as` saturates
        let attempts = input::optional_positive(&retry, "attempts")?.map_or(default.attempts, |n| n as u32);
        Ok(Self(Rc::new(Service {
            base: BaseUrl::parse(&input::text(&get(options, "baseUrl"), "baseUrl")?)?,
            profile: input::profile(&get(options, "profile"))?,
            token: TokenSource::new(&get(options, "token"))?,
            fetch: input::optional_function(options, "fetch")?,
            timeout_ms: input::optional_positive(options, "timeoutMs")?.unwrap_or(30_000.0),
            retry: Retry {
                attempts,
                base_ms: input::optional_positive(&retry, "baseMs")?.unwrap_or(default.base_ms),
                max_ms: input::optional_positive(&retry, "maxMs")?.unwrap_or(default.max_ms),
            },
            products: Map::new(),
        })))
    }

    /// The profile that it works by.
    #[wasm_bindgen(getter)]
    pub fn profile(&self) -> JsResult<JsValue> {
        plain(&self.0.profile)
    }

    pub fn products(&self, options: JsValue) -> Promise {
        self.run(|service| async move {
            let signal = only_signal(&options)?;
            let doing = "Reading the products";
            let url = service.base.join(&service.profile.routes.products, "");
            reply::products(service.get(doing, &url, &signal).await?, doing)
        })
    }

    pub fn product(&self, id: JsValue, options: JsValue) -> Promise {
        self.run(|service| async move {
            let signal = only_signal(&options)?;
            service.read_product(&read_id(&id)?, &signal).await
        })
    }

    #[wasm_bindgen(js_name = createProduct)]
    pub fn create_product(&self, definition: JsValue, options: JsValue) -> Promise {
        self.run(|service| async move {
            let signal = only_signal(&options)?;
            let doing = "Creating the product";
            let url = service.base.join(&service.profile.routes.create_product, "");
            reply::product(service.post(doing, &url, &definition, &signal).await?, doing)
        })
    }

    #[wasm_bindgen(js_name = requestSigning)]
    pub fn request_signing(&self, request: JsValue, options: JsValue) -> Promise {
        self.run(|service| async move {
            let signal = only_signal(&options)?;
            let mut input = SigningInput::read(request)?;
            // What is wrong with the image is said before anything is sent, a read included.
            crate::Reference::parse(&input.artifact)?;
            if let (None, Some(id)) = (&input.product, &input.product_id) {
                let product = service.cached_product(id, &signal).await?;
                input.product = Some(Product::read(&Place::whole(product, "product"))?);
            }
            let body = plain(&signing_request::build(input)?)?;
            let doing = "Requesting the signature";
            let url = service.base.join(&service.profile.routes.request_signing, "");
            reply::signing(service.post(doing, &url, &body, &signal).await?, doing, &service.profile)
        })
    }

    pub fn signings(&self, filter: JsValue, options: JsValue) -> Promise {
        self.run(|service| async move {
            let signal = only_signal(&options)?;
            let doing = "Reading the signing requests";
            let url = service.base.join(&service.profile.routes.signings, "") + &query(&filter)?;
            reply::signings(service.get(doing, &url, &signal).await?, doing, &service.profile)
        })
    }

    pub fn signing(&self, id: JsValue, options: JsValue) -> Promise {
        self.run(|service| async move {
            let signal = only_signal(&options)?;
            service.read_signing(&read_id(&id)?, &signal).await
        })
    }

    pub fn approve(&self, id: JsValue, options: JsValue) -> Promise {
        self.run(|service| async move {
            input::check_options(&options, &["comment", "expect", "signal"])?;
            let signal = input::signal(&options)?;
            let id = read_id(&id)?;
            let body = Object::new();
            if let Some(comment) = input::optional_text(&get(&options, "comment"), "comment")? {
                Reflect::set(&body, &"comment".into(), &comment.into())?;
            }
            let shown = get(&options, "expect");
            if !shown.is_undefined() {
                let expected = bound_parts(&id, &shown)?;
                check_unchanged(&expected, &service.read_signing(&id, &signal).await?)?;
                Reflect::set(&body, &"expect".into(), &expected)?;
            }
            service.decide("Approving", &service.profile.routes.approve, &id, &body, &signal).await
        })
    }

    pub fn reject(&self, id: JsValue, options: JsValue) -> Promise {
        self.run(|service| async move {
            input::check_options(&options, &["comment", "signal"])?;
            let signal = input::signal(&options)?;
            let id = read_id(&id)?;
            let comment = input::optional_text(&get(&options, "comment"), "comment")?.unwrap_or_default();
            if comment.trim().is_empty() {
                let fix = "Say why in `comment`: the requester has to know.";
                return Err(input::bad("A rejection needs a comment.".to_string(), fix));
            }
            let body = Object::new();
            Reflect::set(&body, &"comment".into(), &comment.into())?;
            service.decide("Rejecting", &service.profile.routes.reject, &id, &body, &signal).await
        })
    }

    #[wasm_bindgen(js_name = waitForSignature)]
    pub fn wait_for_signature(&self, id: JsValue, options: JsValue) -> Promise {
        self.run(|service| async move {
            let known = ["signal", "timeoutMs", "onStatus", "intervalMs", "maxIntervalMs"];
            input::check_options(&options, &known)?;
            let wait = Wait {
                signal: input::signal(&options)?,
                until: input::optional_positive(&options, "timeoutMs")?.map(|ms| Date::now() + ms),
                on_status: input::optional_function(&options, "onStatus")?,
                poll: Poll::new(
                    input::optional_positive(&options, "intervalMs")?.unwrap_or(500.0),
                    input::optional_positive(&options, "maxIntervalMs")?.unwrap_or(10_000.0),
                ),
            };
            service.wait(&read_id(&id)?, wait).await
        })
    }
}

impl SigningClient {
    /// Starts a call. It lives on its own share of the service, so that the client may be dropped.
    fn run<F: Future<Output = JsResult<JsValue>> + 'static>(
        &self,
        call: impl FnOnce(Rc<Service>) -> F,
    ) -> Promise {
        future_to_promise(call(self.0.clone()))
    }
}

/// A wait for the end of a request.
struct Wait {
    signal: JsValue,
    /// In milliseconds since 1970.
    until: Option<f64>,
    on_status: Option<Function>,
    poll: Poll,
}

impl Service {
    async fn get(&self, doing: &str, url: &str, signal: &JsValue) -> JsResult<JsValue> {
        self.call(doing, Method::Get, url, None, signal).await
    }

    async fn post(&self, doing: &str, url: &str, body: &JsValue, signal: &JsValue) -> JsResult<JsValue> {
        let text = JSON::stringify(body).ok().and_then(|text| text.as_string());
        let text =
            text.ok_or_else(|| input::bad(format!("{doing}: this has no JSON form."), "Pass plain data."))?;
        self.call(doing, Method::Post, url, Some(&text), signal).await
    }

    /// One call, from the first try to the JSON of the reply.
    async fn call(
        &self,
        doing: &str,
        method: Method,
        url: &str,
        body: Option<&str>,
        signal: &JsValue,
    ) -> JsResult<JsValue> {
        let mut exchange = Exchange::new(method, self.retry);
        let mut token = self.token.current().await?;
        loop {
            check_signal(signal)?;
            let reply = match self.send(&Request { method, url, token: &token, body }, doing, signal).await {
                Ok(reply) => reply,
                Err(NotSent::Stopped(error)) => return Err(error),
                Err(NotSent::NoReply(error)) => match exchange.next(Event::NoReply, Math::random()) {
                    Step::Wait(ms) => {
                        JsFuture::from(pause(ms, signal)).await?;
                        continue;
                    }
                    _ => return Err(error),
                },
            };
            let retry_after = reply.retry_after.as_deref().and_then(reply::seconds);
            match exchange.next(Event::Reply { status: reply.status, retry_after }, Math::random()) {
                Step::Read => return reply::json(&reply.text, doing),
                Step::Wait(ms) => {
                    JsFuture::from(pause(ms, signal)).await?;
                }
                Step::AskToken => match self.token.instead_of(&token).await? {
                    Some(other) => token = other,
                    None => return Err(refusal(doing, &reply, retry_after, &token)),
                },
                Step::Fail => return Err(refusal(doing, &reply, retry_after, &token)),
            }
        }
    }

    /// One try, within its time limit.
    async fn send(
        &self,
        request: &Request<'_>,
        doing: &str,
        signal: &JsValue,
    ) -> Result<http::Reply, NotSent> {
        let deadline = Deadline::new(self.timeout_ms, signal);
        let sent = http::send(request, self.fetch.as_ref(), &deadline.signal()).await;
        deadline.end();
        sent.map_err(|cause| {
            if is_aborted(signal) {
                NotSent::Stopped(aborted(signal))
            } else {
                NotSent::NoReply(no_reply(
                    doing,
                    request.method,
                    deadline.timed_out(),
                    self.timeout_ms,
                    &cause,
                ))
            }
        })
    }

    async fn read_product(&self, id: &str, signal: &JsValue) -> JsResult<JsValue> {
        let doing = "Reading the product";
        let url = self.base.join(&self.profile.routes.product, id);
        reply::product(self.get(doing, &url, signal).await?, doing)
    }

    /// A product that was read within the last minute, or is being read: ten thousand requests in a row
    /// read it once. A caller's abort ends its own wait only.
    async fn cached_product(self: &Rc<Self>, id: &str, signal: &JsValue) -> JsResult<JsValue> {
        let wanted = JsValue::from_str(id);
        let known = self.products.get(&wanted);
        let is_fresh = get(&known, "0").as_f64().is_some_and(|read_at| Date::now() - read_at < PRODUCT_AGE);
        let promise: Promise = if is_fresh {
            get(&known, "1").unchecked_into()
        } else {
            let (service, id, key) = (self.clone(), id.to_string(), wanted.clone());
            let promise = future_to_promise(async move {
                let product = service.read_product(&id, &JsValue::UNDEFINED).await;
                if product.is_err() {
                    service.products.delete(&key);
                }
                product
            });
            self.products.set(&wanted, &Array::of2(&Date::now().into(), &promise));
            promise
        };
        let product = JsFuture::from(promise).await;
        check_signal(signal)?;
        product
    }

    async fn read_signing(&self, id: &str, signal: &JsValue) -> JsResult<JsValue> {
        let doing = "Reading the signing request";
        let url = self.base.join(&self.profile.routes.signing, id);
        let signing = reply::signing(self.get(doing, &url, signal).await?, doing, &self.profile)?;
        if get(&signing, "id").as_string().is_some_and(|replied| replied.eq_ignore_ascii_case(id)) {
            return Ok(signing);
        }
        let fix = "Try again; if it stays, report it to those who run the service.";
        Err(fail(
            Code::BadReply,
            "The service answered with another signing request than the one asked for.",
            fix,
        ))
    }

    async fn decide(
        &self,
        doing: &str,
        route: &str,
        id: &str,
        body: &JsValue,
        signal: &JsValue,
    ) -> JsResult<JsValue> {
        let url = self.base.join(route, id);
        reply::signing(self.post(doing, &url, body, signal).await?, doing, &self.profile)
    }

    async fn wait(&self, id: &str, mut wait: Wait) -> JsResult<JsValue> {
        let mut seen = None;
        loop {
            let signing = self.read_signing(id, &wait.signal).await?;
            let code = get(&signing, "code").as_f64();
            let changed = seen != code;
            seen = code;
            if let (true, Some(on_status)) = (changed, &wait.on_status) {
                on_status.call1(&JsValue::UNDEFINED, &signing)?;
            }
            if get(&signing, "final").is_truthy() {
                return Ok(signing);
            }
            let pause_ms = wait.poll.wait(changed, Math::random());
            let left = wait.until.map_or(f64::INFINITY, |until| until - Date::now());
            if left <= 0.0 {
                return Err(out_of_time(id, &signing));
            }
            JsFuture::from(pause(pause_ms.min(left), &wait.signal)).await?;
            check_signal(&wait.signal)?;
        }
    }
}

/// Why a try brought no reply.
enum NotSent {
    /// The caller's signal ended it.
    Stopped(JsValue),
    /// Nothing came, or not in time.
    NoReply(JsValue),
}

fn no_reply(doing: &str, method: Method, timed_out: bool, timeout_ms: f64, cause: &JsValue) -> JsValue {
    let (code, why) = if timed_out {
        (Code::Timeout, format!("no answer within {} ms", whole(timeout_ms)))
    } else {
        (Code::Network, format!("no answer: {}", crate::error::harmless(&reason(cause))))
    };
    let fix = match (method, code) {
        (Method::Post, _) => "It may have been taken all the same: look before you send it again.",
        (Method::Get, Code::Timeout) => "Try again, or give more time with timeoutMs.",
        (Method::Get, _) => {
            "Check the address and the network; in a browser, check that the service allows this page's origin (CORS)."
        }
    };
    thrown_because(Error::new(code, format!("{doing}: {why}."), fix), cause)
}

/// The innermost plain reason that the platform gives, such as `connect ECONNREFUSED 127.0.0.1:1`.
fn reason(cause: &JsValue) -> String {
    let inner = get(cause, "cause");
    let text = |value: &JsValue, key: &str| get(value, key).as_string().filter(|text| !text.is_empty());
    text(&inner, "message")
        .or_else(|| text(&inner, "code"))
        .or_else(|| text(cause, "message"))
        .unwrap_or_default()
}

/// A number for a text, without the code that it takes to write fractions.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates
const fn whole(number: f64) -> u64 {
    number as u64
}

fn refusal(doing: &str, reply: &http::Reply, retry_after: Option<f64>, token: &str) -> JsValue {
    let said = reply::words(&reply.text, token);
    let error = exchange::failure(doing, reply.status, retry_after, said.as_deref());
    thrown(error)
}

fn out_of_time(id: &str, signing: &JsValue) -> JsValue {
    let state = get(signing, "state").as_string().unwrap_or_default();
    let message = format!("The signing request {} is still {state}.", crate::error::quote(id));
    thrown(Error::new(Code::Timeout, message, "Wait again with the same id; nothing is lost."))
}

fn is_aborted(signal: &JsValue) -> bool {
    get(signal, "aborted").is_truthy()
}

fn check_signal(signal: &JsValue) -> JsResult<()> {
    if is_aborted(signal) { Err(aborted(signal)) } else { Ok(()) }
}

fn aborted(signal: &JsValue) -> JsValue {
    let fix = "Start again when wanted; what the service has taken stays there.";
    thrown_because(Error::new(Code::Aborted, "The caller's signal stopped it.", fix), &get(signal, "reason"))
}

fn only_signal(options: &JsValue) -> JsResult<JsValue> {
    input::check_options(options, &["signal"])?;
    input::signal(options)
}

fn read_id(id: &JsValue) -> JsResult<String> {
    let id = input::text(id, "id")?;
    // "." and ".." would climb up the path, however they are encoded.
    if id.is_empty() || id == "." || id == ".." {
        return Err(input::bad(
            "The id is empty, or a dot.".to_string(),
            "Pass the id from the service's reply.",
        ));
    }
    Ok(id)
}

/// `?a=1&b=2` from `{ a: 1, b: "2" }`; fields that are undefined are left out.
fn query(filter: &JsValue) -> JsResult<String> {
    if filter.is_undefined() {
        return Ok(String::new());
    }
    if !filter.is_object() {
        return Err(input::bad(
            "The filter is not an object.".to_string(),
            "Pass an object, or leave it out.",
        ));
    }
    let mut parts = Vec::new();
    for key in filter.keys().unwrap_or_default() {
        let value = get(filter, &key);
        if value.is_undefined() {
            continue;
        }
        let number = value.as_f64().filter(|number| *number >= 0.0 && *number % 1.0 == 0.0);
        let text = value.as_string().or_else(|| number.map(|number| whole(number).to_string()));
        let text = text.ok_or_else(|| {
            input::bad(
                format!("The filter's {key} is neither text nor a whole number."),
                "Pass one of the two.",
            )
        })?;
        parts.push(format!("{}={}", percent_encode(&key), percent_encode(&text)));
    }
    Ok(if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) })
}

/// The parts of a request as it was shown that an approval binds.
fn bound_parts(id: &str, shown: &JsValue) -> JsResult<Object> {
    let fix = "Pass the signing request as it was read and shown.";
    let shown_id = get(shown, "id").as_string();
    if !shown_id.is_some_and(|shown_id| shown_id.eq_ignore_ascii_case(id)) {
        return Err(input::bad("expect is not the request that is to be approved.".to_string(), fix));
    }
    let expected = Object::new();
    for key in BOUND {
        let part = get(shown, key);
        if !part.is_undefined() {
            Reflect::set(&expected, &key.into(), &part)?;
        }
    }
    if get(&expected, "payload").is_undefined() {
        return Err(input::bad(
            "expect has no payload: what would be signed was not shown.".to_string(),
            fix,
        ));
    }
    Ok(expected)
}

/// Compares what was shown with what the service holds now.
fn check_unchanged(expected: &Object, now: &JsValue) -> JsResult<()> {
    let changed: Vec<&str> =
        BOUND.into_iter().filter(|key| !same_json(&get(expected, key), &get(now, key))).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let message = format!("The request changed since it was shown: {}.", changed.join(", "));
    let fix = "Nothing was approved. Read the request again, show it, and decide anew.";
    Err(thrown(Error::new(Code::Changed, message, fix)))
}
