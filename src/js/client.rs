//! `SigningClient`: reads what it is asked to do, and has the service do it. What each method does and throws
//! stands in pkg/index.d.ts. Every method returns a promise and never throws at once.

use alloc::{
    format,
    rc::Rc,
    string::{String, ToString},
    vec::Vec,
};

use js_sys::{Date, Map, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::{
    input::{self, get},
    output::plain,
    service::{Act, BOUND, Service, Task, Wait, whole},
    support::JsResult,
    token_source::TokenSource,
};
use crate::{
    BaseUrl, exchange::Retry, json::Json, percent_encode, poll::Poll, signing_request::SigningInput,
};

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
        let attempts = input::optional_count(&retry, "attempts")?.unwrap_or(default.attempts);
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

    pub fn products(&self, options: &JsValue) -> Promise {
        self.start(task(Ok(Act::ReadProducts), options, &[]))
    }

    pub fn product(&self, id: &JsValue, options: &JsValue) -> Promise {
        self.start(task(read_id(id).map(|id| Act::ReadProduct { id }), options, &[]))
    }

    #[wasm_bindgen(js_name = createProduct)]
    pub fn create_product(&self, definition: JsValue, options: &JsValue) -> Promise {
        self.start(task(Ok(Act::CreateProduct { definition }), options, &[]))
    }

    #[wasm_bindgen(js_name = requestSigning)]
    pub fn request_signing(&self, request: JsValue, options: &JsValue) -> Promise {
        let input = SigningInput::read(request).map_err(Into::into);
        self.start(task(input.map(|input| Act::RequestSigning { input }), options, &[]))
    }

    pub fn signings(&self, filter: &JsValue, options: &JsValue) -> Promise {
        self.start(task(query(filter).map(|query| Act::ReadSignings { query }), options, &[]))
    }

    pub fn signing(&self, id: &JsValue, options: &JsValue) -> Promise {
        self.start(task(read_id(id).map(|id| Act::ReadSigning { id }), options, &[]))
    }

    pub fn approve(&self, id: &JsValue, options: &JsValue) -> Promise {
        self.start(task(read_approval(id, options), options, &["comment", "expect"]))
    }

    pub fn reject(&self, id: &JsValue, options: &JsValue) -> Promise {
        self.start(task(read_rejection(id, options), options, &["comment"]))
    }

    #[wasm_bindgen(js_name = waitForSignature)]
    pub fn wait_for_signature(&self, id: &JsValue, options: &JsValue) -> Promise {
        let known = ["timeoutMs", "onStatus", "intervalMs", "maxIntervalMs"];
        self.start(task(read_wait(id, options), options, &known))
    }
}

impl SigningClient {
    /// Starts a task. It has its own share of the service, so that the client may be dropped.
    fn start(&self, task: JsResult<Task>) -> Promise {
        match task {
            Ok(task) => future_to_promise(self.0.clone().perform(task)),
            Err(error) => Promise::reject(&error),
        }
    }
}

/// What to do, with the signal from the options; `known` are the options beside it.
fn task(act: JsResult<Act>, options: &JsValue, known: &[&str]) -> JsResult<Task> {
    input::check_options(options, &[known, &["signal"]].concat())?;
    Ok(Task { act: act?, signal: input::signal(options)? })
}

fn read_approval(id: &JsValue, options: &JsValue) -> JsResult<Act> {
    let id = read_id(id)?;
    let body = Object::new();
    if let Some(comment) = input::optional_text(&get(options, "comment"), "comment")? {
        Reflect::set(&body, &"comment".into(), &comment.into())?;
    }
    let shown = get(options, "expect");
    let expected = if shown.is_undefined() { None } else { Some(bound_parts(&id, &shown)?) };
    Ok(Act::Approve { id, body, expected })
}

fn read_rejection(id: &JsValue, options: &JsValue) -> JsResult<Act> {
    let id = read_id(id)?;
    let comment = input::optional_text(&get(options, "comment"), "comment")?.unwrap_or_default();
    if comment.trim().is_empty() {
        let fix = "Say why in `comment`: the requester has to know.";
        return Err(input::bad("A rejection needs a comment.".to_string(), fix));
    }
    let body = Object::new();
    Reflect::set(&body, &"comment".into(), &comment.into())?;
    Ok(Act::Reject { id, body })
}

fn read_wait(id: &JsValue, options: &JsValue) -> JsResult<Act> {
    let wait = Wait {
        until: input::optional_positive(options, "timeoutMs")?.map(|ms| Date::now() + ms),
        on_status: input::optional_function(options, "onStatus")?,
        poll: Poll::new(
            input::optional_positive(options, "intervalMs")?.unwrap_or(500.0),
            input::optional_positive(options, "maxIntervalMs")?.unwrap_or(10_000.0),
        ),
    };
    Ok(Act::Wait { id: read_id(id)?, wait })
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
