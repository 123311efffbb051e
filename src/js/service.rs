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
use core::future::Future;

use js_sys::{Array, Date, Function, JSON, Map, Math, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use super::{
    http::{self, Request},
    input::{self, get},
    output::plain,
    reply,
    support::{self, Deadline, JsResult, fail, pause, same_json, thrown, thrown_because},
    token_source::TokenSource,
};
use crate::{
    BaseUrl, Code, Error, Profile, Reference, artifact_uri,
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

/// What a reply has to be.
enum Echo {
    Products,
    Product,
    Signings,
    /// The signing request with this id.
    Signing(String),
    /// A signing request, for this artifact URI if it says.
    Artifact(JsValue),
}

impl Service {
    /// Does what was asked for.
    pub async fn perform(self: Rc<Self>, task: Task) -> JsResult<JsValue> {
        let Task { act, signal } = task;
        let routes = &self.profile.routes;
        let (doing, method, url, body, echo): (_, _, _, Option<JsValue>, _) = match act {
            Act::ReadProducts => {
                let url = self.base.join(&routes.products, "");
                ("Reading the products", Method::Get, url, None, Echo::Products)
            }
            Act::ReadProduct { id } => return self.read_product(&id, &signal).await,
            Act::CreateProduct { definition } => {
                let url = self.base.join(&routes.create_product, "");
                ("Creating the product", Method::Post, url, Some(definition), Echo::Product)
            }
            Act::RequestSigning { input } => {
                let body = self.signing_request(input, &signal).await?;
                let echo = Echo::Artifact(artifact_of(&body));
                let url = self.base.join(&routes.request_signing, "");
                ("Requesting the signature", Method::Post, url, Some(body), echo)
            }
            Act::ReadSignings { query } => {
                let url = self.base.join(&routes.signings, "") + &query;
                ("Reading the signing requests", Method::Get, url, None, Echo::Signings)
            }
            Act::ReadSigning { id } => return self.read_signing(&id, &signal, None).await,
            Act::Approve { id, body, expected } => {
                if let Some(expected) = expected {
                    check_unchanged(&expected, &self.read_signing(&id, &signal, None).await?)?;
                    Reflect::set(&body, &"expect".into(), &expected)?;
                }
                let url = self.base.join(&routes.approve, &id);
                ("Approving", Method::Post, url, Some(body.into()), Echo::Signing(id))
            }
            Act::Reject { id, body } => {
                let url = self.base.join(&routes.reject, &id);
                ("Rejecting", Method::Post, url, Some(body.into()), Echo::Signing(id))
            }
            Act::Wait { id, wait } => return self.wait(&id, wait, &signal).await,
        };
        let body = body.map(|body| json_text(&body, doing)).transpose()?;
        let reply = self.call(doing, method, &url, body.as_deref(), &signal, None).await?;
        self.read(reply, doing, &echo)
    }

    /// Reads a reply, and checks that it is about what was asked.
    fn read(&self, reply: JsValue, doing: &str, echo: &Echo) -> JsResult<JsValue> {
        match echo {
            Echo::Products => reply::products(reply, doing),
            Echo::Product => reply::product(reply, doing),
            Echo::Signings => reply::signings(reply, doing, &self.profile),
            Echo::Signing(id) => {
                let signing = reply::signing(reply, doing, &self.profile)?;
                check_id(&signing, id)?;
                Ok(signing)
            }
            Echo::Artifact(requested) => {
                let signing = reply::signing(reply, doing, &self.profile)?;
                let echoed = artifact_of(&signing);
                if echoed.is_undefined() || same_artifact(&echoed, requested) {
                    return Ok(signing);
                }
                let fix = "Reject the request with that id, and report it to those who run the service.";
                let id = get(&signing, "id").as_string().unwrap_or_default();
                let message = format!(
                    "The service took another image than was requested, as {}.",
                    crate::error::quote(&id)
                );
                Err(fail(Code::BadReply, &message, fix))
            }
        }
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
        until: Option<f64>,
    ) -> JsResult<JsValue> {
        let mut exchange = Exchange::new(method, self.retry);
        let mut token = stoppable(signal, self.token.current()).await?;
        loop {
            check_signal(signal)?;
            let request = Request { method, url, token: &token, body };
            let reply = match self.send(&request, doing, signal, until).await {
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
                Step::AskToken => match stoppable(signal, self.token.instead_of(&token)).await? {
                    Some(other) => token = other,
                    None => return Err(refusal(doing, &reply, retry_after, &token)),
                },
                Step::Fail => return Err(refusal(doing, &reply, retry_after, &token)),
            }
        }
    }

    /// One try, within its time limit, and not beyond the end of a wait.
    async fn send(
        &self,
        request: &Request<'_>,
        doing: &str,
        signal: &JsValue,
        until: Option<f64>,
    ) -> Result<http::Reply, NotSent> {
        let left = until.map_or(f64::INFINITY, |until| (until - Date::now()).max(1.0));
        let timeout_ms = self.timeout_ms.min(left);
        let deadline = Deadline::new(Some(timeout_ms), signal);
        let cause =
            match support::until(&deadline, http::send(request, self.fetch.as_ref(), &deadline.signal()))
                .await
            {
                Some(Ok(reply)) => return Ok(reply),
                Some(Err(cause)) => cause,
                None => JsValue::UNDEFINED,
            };
        if is_aborted(signal) {
            return Err(NotSent::Stopped(aborted(signal)));
        }
        let (code, why) = if deadline.timed_out() {
            (Code::Timeout, format!("no answer within {} ms", whole(timeout_ms)))
        } else {
            // What a fetch says may quote what it was called with.
            let said = reason(&cause).replace(request.token, "[token]");
            (Code::Network, format!("no answer: {}", crate::error::harmless(&said)))
        };
        // A replaced fetch may keep the token in its errors.
        let shown_cause = if self.fetch.is_some() { JsValue::UNDEFINED } else { cause };
        Err(NotSent::NoReply(no_reply(doing, request.method, code, &why, &shown_cause)))
    }

    async fn read_product(&self, id: &str, signal: &JsValue) -> JsResult<JsValue> {
        let doing = "Reading the product";
        let url = self.base.join(&self.profile.routes.product, id);
        let reply = self.call(doing, Method::Get, &url, None, signal, None).await?;
        let product = reply::product(reply, doing)?;
        check_id(&product, id)?;
        Ok(product)
    }

    /// A product that was read within the last minute, or is being read: ten thousand requests in a row
    /// read it once. Whoever asked first reads it for all; if that caller aborts, another one reads it anew.
    async fn cached_product(self: &Rc<Self>, id: &str, signal: &JsValue) -> JsResult<JsValue> {
        loop {
            let product = stoppable(signal, JsFuture::from(self.shared_product(id, signal))).await;
            match product {
                Err(error) if is_abort(&error) && !is_aborted(signal) => {}
                outcome => return outcome,
            }
        }
    }

    /// The promise of a product: the one that is kept, or a new one.
    fn shared_product(self: &Rc<Self>, id: &str, signal: &JsValue) -> Promise {
        let key = JsValue::from_str(id);
        let known = self.products.get(&key);
        if get(&known, "0").as_f64().is_some_and(|read_at| Date::now() - read_at < PRODUCT_AGE) {
            return get(&known, "1").unchecked_into();
        }
        let (service, id, signal, kept) = (self.clone(), id.to_string(), signal.clone(), key.clone());
        let promise = future_to_promise(async move {
            let product = service.read_product(&id, &signal).await;
            if product.is_err() {
                service.products.delete(&kept);
            }
            product
        });
        self.products.set(&key, &Array::of2(&Date::now().into(), &promise));
        promise
    }

    async fn read_signing(&self, id: &str, signal: &JsValue, until: Option<f64>) -> JsResult<JsValue> {
        let doing = "Reading the signing request";
        let url = self.base.join(&self.profile.routes.signing, id);
        let reply = self.call(doing, Method::Get, &url, None, signal, until).await?;
        let signing = reply::signing(reply, doing, &self.profile)?;
        check_id(&signing, id)?;
        Ok(signing)
    }

    async fn wait(&self, id: &str, mut wait: Wait, signal: &JsValue) -> JsResult<JsValue> {
        let mut seen = None;
        loop {
            let signing = match self.read_signing(id, signal, wait.until).await {
                Err(_) if is_over(wait.until) && !is_aborted(signal) => return Err(out_of_time(id, seen)),
                outcome => outcome?,
            };
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
                return Err(out_of_time(id, seen));
            }
            JsFuture::from(pause(pause_ms.min(left), signal)).await?;
            check_signal(signal)?;
        }
    }
}

/// Waits without a time limit of its own: for a token, which may take as long as a person takes to sign in, and
/// for what another call reads. Only the signal ends it.
async fn stoppable<T>(signal: &JsValue, work: impl Future<Output = JsResult<T>>) -> JsResult<T> {
    let outcome = support::until(&Deadline::new(None, signal), work).await;
    check_signal(signal)?;
    outcome.unwrap_or_else(|| Err(aborted(signal)))
}

fn check_id(reply: &JsValue, id: &str) -> JsResult<()> {
    if get(reply, "id").as_string().is_some_and(|replied| replied.eq_ignore_ascii_case(id)) {
        return Ok(());
    }
    let message = "The service answered with something else than what was asked for: its id is another.";
    Err(fail(Code::BadReply, message, "Try again; if it stays, report it to those who run the service."))
}

/// The first artifact URI of a request, undefined when there is none.
fn artifact_of(request: &JsValue) -> JsValue {
    ["payload", "optionalParameters", "0", "artifactURI"]
        .iter()
        .fold(request.clone(), |value, key| get(&value, key))
}

/// Do two artifact URIs name the same image? A service may spell the base64 in its own way.
fn same_artifact(a: &JsValue, b: &JsValue) -> bool {
    let decoded = |uri: &JsValue| uri.as_string().and_then(|text| artifact_uri::decode(&text).ok());
    decoded(a).is_some_and(|text| decoded(b) == Some(text))
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

fn no_reply(doing: &str, method: Method, code: Code, why: &str, cause: &JsValue) -> JsValue {
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

fn out_of_time(id: &str, status: Option<f64>) -> JsValue {
    let id = crate::error::quote(id);
    let message = match status {
        Some(status) => {
            format!("The signing request {id} is not final in time; its status is {}.", whole(status))
        }
        None => format!("The status of the signing request {id} was not to be had in time."),
    };
    thrown(Error::new(Code::Timeout, message, "Wait again with the same id; nothing is lost."))
}

fn is_over(until: Option<f64>) -> bool {
    until.is_some_and(|until| Date::now() >= until)
}

fn is_aborted(signal: &JsValue) -> bool {
    get(signal, "aborted").is_truthy()
}

fn is_abort(error: &JsValue) -> bool {
    get(error, "code").as_string().is_some_and(|code| code == Code::Aborted.as_str())
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
