//! The service over `fetch`: what the client's methods were asked to do, done.
//!
//! Everything runs through [`Service::perform`], one state machine for all tasks, and through
//! [`Service::call`], which follows the core's [`Exchange`].

use alloc::{
    format,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};

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
    BaseUrl, Code, Error, Profile, Reference,
    exchange::{self, Event, Exchange, Method, Retry, Step},
    json::Place,
    poll::Poll,
    signing_request::{self, SigningInput},
    wire::Product,
};

/// The parts of a request that an approval binds.
pub const BOUND: [&str; 5] = ["name", "idProductOperation", "description", "payload", "productId"];
/// How long a product that was read is believed, in milliseconds.
const PRODUCT_AGE: f64 = 60_000.0;

/// What all calls share. Not `Debug`: it can reach the token.
pub struct Service {
    pub base: BaseUrl,
    pub profile: Profile,
    pub token: TokenSource,
    pub fetch: Option<Function>,
    pub timeout_ms: f64,
    pub retry: Retry,
    /// By id: when it was read, in milliseconds since 1970, and the promise of it.
    pub products: Map,
}

/// What to do, and the signal that ends it.
pub struct Task {
    pub act: Act,
    pub signal: JsValue,
}

/// One thing that a client does.
pub enum Act {
    ReadProducts,
    ReadProduct {
        id: String,
    },
    CreateProduct {
        definition: JsValue,
    },
    RequestSigning {
        input: SigningInput,
    },
    /// With the query, `?` included.
    ReadSignings {
        query: String,
    },
    ReadSigning {
        id: String,
    },
    /// `expected` are the bound parts as they were shown.
    Approve {
        id: String,
        body: Object,
        expected: Option<Object>,
    },
    Reject {
        id: String,
        body: Object,
    },
    Wait {
        id: String,
        wait: Wait,
    },
}

/// A wait for the end of a request.
pub struct Wait {
    /// In milliseconds since 1970.
    pub until: Option<f64>,
    pub on_status: Option<Function>,
    pub poll: Poll,
}

/// Reads the JSON of a reply.
type Read = fn(JsValue, &str, &Profile) -> JsResult<JsValue>;

impl Service {
    /// Does what was asked for.
    pub async fn perform(self: Rc<Self>, task: Task) -> JsResult<JsValue> {
        let Task { act, signal } = task;
        let routes = &self.profile.routes;
        let (doing, method, url, body, read): (_, _, _, _, Read) = match act {
            Act::ReadProducts => (
                "Reading the products",
                Method::Get,
                self.base.join(&routes.products, ""),
                None,
                reply::products,
            ),
            Act::ReadProduct { id } => return self.read_product(&id, &signal).await,
            Act::CreateProduct { definition } => {
                let url = self.base.join(&routes.create_product, "");
                ("Creating the product", Method::Post, url, Some(definition), reply::product)
            }
            Act::RequestSigning { input } => {
                let body = self.signing_request(input, &signal).await?;
                let url = self.base.join(&routes.request_signing, "");
                ("Requesting the signature", Method::Post, url, Some(body), reply::signing)
            }
            Act::ReadSignings { query } => {
                let url = self.base.join(&routes.signings, "") + &query;
                ("Reading the signing requests", Method::Get, url, None, reply::signings)
            }
            Act::ReadSigning { id } => return self.read_signing(&id, &signal).await,
            Act::Approve { id, body, expected } => {
                if let Some(expected) = expected {
                    check_unchanged(&expected, &self.read_signing(&id, &signal).await?)?;
                    Reflect::set(&body, &"expect".into(), &expected)?;
                }
                (
                    "Approving",
                    Method::Post,
                    self.base.join(&routes.approve, &id),
                    Some(body.into()),
                    reply::signing,
                )
            }
            Act::Reject { id, body } => (
                "Rejecting",
                Method::Post,
                self.base.join(&routes.reject, &id),
                Some(body.into()),
                reply::signing,
            ),
            Act::Wait { id, wait } => return self.wait(&id, wait, &signal).await,
        };
        let body = body.map(|body| json_text(&body, doing)).transpose()?;
        read(self.call(doing, method, &url, body.as_deref(), &signal).await?, doing, &self.profile)
    }

    /// The body of a request. A product that is named by its id is read first, and checked.
    async fn signing_request(
        self: &Rc<Self>,
        mut input: SigningInput,
        signal: &JsValue,
    ) -> JsResult<JsValue> {
        // What is wrong with the image is said before anything is sent, a read included.
        Reference::parse(&input.artifact)?;
        if let (None, Some(id)) = (&input.product, &input.product_id) {
            let product = self.cached_product(id, signal).await?;
            input.product = Some(Product::read(&Place::whole(product, "product"))?);
        }
        plain(&signing_request::build(input)?)
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
        reply::product(self.call(doing, Method::Get, &url, None, signal).await?, doing, &self.profile)
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
        let reply = self.call(doing, Method::Get, &url, None, signal).await?;
        let signing = reply::signing(reply, doing, &self.profile)?;
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

    async fn wait(&self, id: &str, mut wait: Wait, signal: &JsValue) -> JsResult<JsValue> {
        let mut seen = None;
        loop {
            let signing = self.read_signing(id, signal).await?;
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
            JsFuture::from(pause(pause_ms.min(left), signal)).await?;
            check_signal(signal)?;
        }
    }
}

fn json_text(value: &JsValue, doing: &str) -> JsResult<String> {
    let text = JSON::stringify(value).ok().and_then(|text| text.as_string());
    text.ok_or_else(|| input::bad(format!("{doing}: this has no JSON form."), "Pass plain data."))
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
pub const fn whole(number: f64) -> u64 {
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
