//! The bindings where they run: in Node and in a browser, with the same tests.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use js_sys::{Array, Function, Promise, Reflect};
use ocisign::js::{client::SigningClient, functions::*};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

const IMAGE: &str = "656666598317.dkr.ecr.eu-west-1.amazonaws.com/test@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";

fn js(expression: &str) -> JsValue {
    js_sys::eval(&format!("({expression})")).unwrap()
}

fn field(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, key| Reflect::get(&value, &key.into()).unwrap())
}

fn text(value: &JsValue, path: &str) -> String {
    field(value, path).as_string().unwrap_or_else(|| panic!("{path} of {value:?} is not text"))
}

fn json(value: &JsValue) -> String {
    js_sys::JSON::stringify(value).unwrap().into()
}

fn code<T>(result: Result<T, JsValue>) -> String {
    let error = result.err().expect("an error");
    assert_eq!(text(&error, "name"), "OcisignError");
    assert!(error.is_instance_of::<js_sys::Error>());
    assert!(!text(&error, "message").is_empty() && !text(&error, "fix").is_empty());
    text(&error, "code")
}

#[wasm_bindgen_test]
fn references_become_plain_objects() {
    let image = parse_reference(&IMAGE.into()).unwrap();
    assert_eq!(text(&image, "ecr.region"), "eu-west-1");
    assert!(field(&image, "tag").is_undefined());
    assert_eq!(text(&image, "canonical"), IMAGE);
    let encoded = encode_artifact_uri(&image).unwrap();
    assert_eq!(encode_artifact_uri(&IMAGE.into()).unwrap(), encoded);
    assert_eq!(decode_artifact_uri(&encoded.into()).unwrap(), IMAGE);
    let error = parse_reference(&"a.b/c@sha256:12".into()).unwrap_err();
    assert_eq!(field(&error, "offset"), 13);
    for wrong in ["undefined", "null", "16", "{}", "['a']"] {
        assert_eq!(code(parse_reference(&js(wrong))), "bad-input", "{wrong}");
    }
}

#[wasm_bindgen_test]
fn a_status_is_a_safe_integer_and_nothing_that_turns_into_one() {
    assert_eq!(
        json(&decode_status(&16.into(), &JsValue::UNDEFINED).unwrap()),
        r#"{"code":16,"state":"signed","final":true}"#
    );
    let big = decode_status(&js("4294967312"), &JsValue::UNDEFINED).unwrap();
    assert_eq!(json(&big), r#"{"code":4294967312,"state":"unknown","final":false}"#);
    for wrong in [
        "'16'",
        "16.5",
        "[16]",
        "null",
        "undefined",
        "NaN",
        "Infinity",
        "2**53",
        "16n",
        "true",
        "{}",
        "new Number(16)",
    ] {
        assert_eq!(code(decode_status(&js(wrong), &JsValue::UNDEFINED)), "bad-status", "{wrong}");
    }
    let profile = js("{ statuses: { 2: 'waiting' } }");
    assert_eq!(text(&decode_status(&2.into(), &profile).unwrap(), "state"), "waiting");
    assert_eq!(code(decode_status(&2.into(), &js("{ statuses: { 2: 'done' } }"))), "bad-profile");
    assert_eq!(code(decode_status(&2.into(), &js("{ status: {} }"))), "bad-profile");
}

#[wasm_bindgen_test]
fn the_request_is_the_references_key_for_key() {
    let input = js(
        "{ productId: 'P', operationId: 'O', artifact: '656666598317.dkr.ecr.eu-west-1.amazonaws.com/test@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79', \
           name: 'NAME', description: 'Normal product oci signing ', metadata: [{ name: 'Version', value: 'v1.0' }, { name: 'Date', value: 'today' }] }",
    );
    assert_eq!(
        json(&build_signing_request(&input).unwrap()),
        r#"{"name":"NAME","idProductOperation":"O","description":"Normal product oci signing ","payload":{"name":"OCI sign request","metadata":[{"name":"Version","value":"v1.0"},{"name":"Date","value":"today"}],"optionalParameters":[{"artifactURI":"NjU2NjY2NTk4MzE3LmRrci5lY3IuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20vdGVzdEBzaGEyNTY6M2ZiYzYzMjE2NzQyNGE2ZDk5N2U3NGY1MmI4NzhkN2NjNDc4MjI1Y2ZmYWM2YmM5NzdlZWRmZTUxYzdmNGU3OQ=="}]},"productId":"P"}"#
    );
    let misspelt = js("{ productId: 'P', operationId: 'O', artifact: 'a.b/c@sha256:00', metaData: [] }");
    let error = build_signing_request(&misspelt).unwrap_err();
    assert!(text(&error, "message").contains("`metaData`"));
}

#[wasm_bindgen_test]
fn keys_come_with_bytes() {
    let pem = include_str!("fixtures/rsa4096.pem");
    let product = js("{ productOperations: [{ operationType: 'SignOCI', token: { keyType: 'RSA4096' } }] }");
    let token = field(&product, "productOperations.0.token");
    Reflect::set(&token, &"publicKey".into(), &include_str!("fixtures/rsa4096.spki.txt").into()).unwrap();
    let key = public_key(&product, &JsValue::UNDEFINED, &JsValue::UNDEFINED).unwrap();
    assert_eq!(text(&key, "pem"), pem);
    assert_eq!(text(&key, "keyType"), "RSA4096");
    assert_eq!(field(&key, "spki").unchecked_into::<js_sys::Uint8Array>().length(), 550);
    assert_eq!(code(public_key(&js("{}"), &JsValue::UNDEFINED, &JsValue::UNDEFINED)), "operation-missing");
    assert_eq!(
        code(public_key(&js("{ productOperations: 3 }"), &JsValue::UNDEFINED, &JsValue::UNDEFINED)),
        "bad-input"
    );
}

#[wasm_bindgen_test]
fn many_lines_in_one_call() {
    let scan = scan_references(&format!("# tonight\r\n{IMAGE}\r\n\nnginx\n").into()).unwrap();
    assert_eq!(text(&scan, "references.0.canonical"), IMAGE);
    assert_eq!((field(&scan, "references.0.line"), field(&scan, "errors.0.line")), (2.into(), 4.into()));
    assert_eq!(text(&scan, "errors.0.code"), "registry-missing");
}

/// A client whose `fetch` gives these replies one after the other and writes down how it was called.
struct Fake {
    client: SigningClient,
    calls: Array,
}

impl Fake {
    fn new(replies: &str, token: &str) -> Self {
        let calls = Array::new();
        let make = Function::new_with_args(
            "calls",
            &format!(
                "const replies = {replies}; const token = {token};
                 const fetch = async (url, init) => {{ calls.push({{ url, init }}); const next = replies.shift(); if (typeof next === 'function') return next(init); return next; }};
                 return {{ baseUrl: 'https://service.example/acme/api/v1/', token, fetch, retry: {{ baseMs: 1, maxMs: 2000 }} }};"
            ),
        );
        let options = make.call1(&JsValue::UNDEFINED, &calls).unwrap();
        Self { client: SigningClient::new(&options).unwrap(), calls }
    }

    fn call(&self, index: u32) -> JsValue {
        self.calls.get(index)
    }
}

async fn settled(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

const NONE: JsValue = JsValue::UNDEFINED;
const OK: &str = "new Response('{\"id\":\"r1\",\"status\":16,\"extra\":{\"kept\":true}}')";

#[wasm_bindgen_test]
async fn a_reply_keeps_its_fields_and_its_status_is_decoded() {
    let fake = Fake::new(&format!("[{OK}]"), "' secret-token\\n'");
    let signing = settled(fake.client.signing(&"r1".into(), &NONE)).await.unwrap();
    assert_eq!(
        json(&signing),
        r#"{"id":"r1","status":16,"extra":{"kept":true},"code":16,"state":"signed","final":true}"#
    );
    let call = fake.call(0);
    assert_eq!(text(&call, "url"), "https://service.example/acme/api/v1/imagesignings/r1");
    assert_eq!(
        json(&field(&call, "init.headers")),
        r#"{"accept":"application/json","Authorization":"Bearer secret-token"}"#
    );
    assert_eq!(text(&call, "init.redirect"), "manual");
}

#[wasm_bindgen_test]
async fn a_refused_token_is_replaced_once() {
    let replies = format!("[new Response('', {{ status: 401 }}), {OK}]");
    let fake = Fake::new(&replies, "(() => { let n = 0; return async () => 'token-' + ++n; })()");
    settled(fake.client.reject(&"r1".into(), &js("{ comment: 'no' }"))).await.unwrap();
    assert_eq!(text(&fake.call(1), "init.headers.Authorization"), "Bearer token-2");
    assert_eq!(text(&fake.call(1), "init.body"), r#"{"comment":"no"}"#);

    let fake = Fake::new("[new Response('', { status: 401 })]", "() => 'always-the-same'");
    assert_eq!(code(settled(fake.client.products(&NONE)).await), "unauthorized");
    assert_eq!(fake.calls.length(), 1, "the same token is not sent twice");
}

#[wasm_bindgen_test]
async fn a_post_is_not_repeated_after_a_doubt_and_a_get_is() {
    for doubt in [
        "new Response('', { status: 500 })",
        "() => { throw new TypeError('reset') }",
        "new Response('', { status: 503 })",
    ] {
        let fake = Fake::new(&format!("[{doubt}, {OK}]"), "'t'");
        let failed = settled(fake.client.approve(&"r1".into(), &NONE)).await;
        assert!(["server-error", "network"].contains(&code(failed).as_str()));
        assert_eq!(fake.calls.length(), 1, "{doubt}");
        let fake = Fake::new(&format!("[{doubt}, {OK}]"), "'t'");
        settled(fake.client.signing(&"r1".into(), &NONE)).await.unwrap();
        assert_eq!(fake.calls.length(), 2, "{doubt}");
    }
    let fake = Fake::new(
        &format!("[new Response('', {{ status: 429, headers: {{ 'Retry-After': '1' }} }}), {OK}]"),
        "'t'",
    );
    settled(fake.client.approve(&"r1".into(), &NONE)).await.unwrap();
    assert_eq!(fake.calls.length(), 2);
}

#[wasm_bindgen_test]
async fn bad_replies_have_names() {
    for (reply, expected) in [
        ("new Response('<html>sign in</html>', { headers: { 'content-type': 'text/html' } })", "not-json"),
        ("new Response('')", "not-json"),
        ("new Response('{')", "not-json"),
        ("new Response('[]')", "bad-reply"),
        ("new Response('null')", "bad-reply"),
        ("new Response('{\"status\":16}')", "bad-reply"),
        ("new Response('{\"id\":\"\",\"status\":16}')", "bad-reply"),
        ("new Response('{\"id\":\"other\",\"status\":16}')", "bad-reply"),
        ("new Response('{\"id\":\"r1\"}')", "bad-status"),
        ("new Response('{\"id\":\"r1\",\"status\":\"16\"}')", "bad-status"),
        ("new Response('{\"id\":\"r1\",\"status\":16.5}')", "bad-status"),
        ("new Response('{\"id\":\"r1\",\"status\":[16]}')", "bad-status"),
        ("new Response('', { status: 400 })", "bad-request"),
        ("new Response('', { status: 403 })", "forbidden"),
        ("new Response('', { status: 404 })", "not-found"),
        ("new Response('', { status: 409 })", "conflict"),
        ("new Response('', { status: 429, headers: { 'retry-after': '3600' } })", "rate-limited"),
        ("new Response(null, { status: 302, headers: { location: 'https://evil.example/' } })", "redirected"),
        ("7", "network"),
    ] {
        // Enough of the same for every retry.
        let fake = Fake::new(&format!("[{0}, {0}, {0}, {0}]", format!("() => {reply}")), "'t'");
        assert_eq!(code(settled(fake.client.signing(&"r1".into(), &NONE)).await), expected, "{reply}");
    }
}

#[wasm_bindgen_test]
async fn the_services_words_are_shown_without_the_token() {
    let reply = "new Response(JSON.stringify({ message: 'no s3cret, \\u202e' }), { status: 403 })";
    let fake = Fake::new(&format!("[{reply}]"), "'s3cret'");
    let error = settled(fake.client.products(&NONE)).await.unwrap_err();
    assert_eq!(
        text(&error, "message"),
        "Reading the products: the service answered HTTP 403. It says: no [token], \\u{202e}"
    );
}

#[wasm_bindgen_test]
async fn a_duck_typed_reply_is_enough() {
    let reply =
        "{ status: 200, headers: { get: () => null }, text: async () => '{\"id\":\"r1\",\"status\":2}' }";
    let signing =
        settled(Fake::new(&format!("[{reply}]"), "'t'").client.signing(&"r1".into(), &NONE)).await.unwrap();
    assert_eq!(text(&signing, "state"), "unknown");
}

#[wasm_bindgen_test]
async fn nothing_is_sent_when_the_image_is_wrong() {
    let fake = Fake::new("[]", "'t'");
    let wrong = js("{ productId: 'p', operationId: 'o', artifact: 'library/nginx@sha256:00' }");
    assert_eq!(code(settled(fake.client.request_signing(wrong, &NONE)).await), "registry-missing");
    assert_eq!(fake.calls.length(), 0);
}

#[wasm_bindgen_test]
async fn an_approval_is_bound_to_what_was_shown() {
    let request = |uri: &str| {
        format!(
            "{{ id: 'r1', status: 2, name: 'n', payload: {{ optionalParameters: [{{ artifactURI: '{uri}' }}] }} }}"
        )
    };
    let reply = |uri: &str| format!("new Response(JSON.stringify({}))", request(uri));
    let fake = Fake::new(&format!("[{}]", reply("YmFk")), "'t'");
    let shown = js(&format!("{{ expect: {} }}", request("Z29vZA==")));
    let error = settled(fake.client.approve(&"r1".into(), &shown)).await.unwrap_err();
    assert_eq!(
        (text(&error, "code"), text(&error, "message")),
        ("changed".into(), "The request changed since it was shown: payload.".into())
    );
    assert_eq!(fake.calls.length(), 1, "nothing was approved");

    let fake = Fake::new(&format!("[{}, {OK}]", reply("Z29vZA==")), "'t'");
    let shown = js(&format!("{{ expect: {} }}", request("Z29vZA==")));
    settled(fake.client.approve(&"r1".into(), &shown)).await.unwrap();
    assert_eq!(
        text(&fake.call(1), "init.body"),
        r#"{"expect":{"name":"n","payload":{"optionalParameters":[{"artifactURI":"Z29vZA=="}]}}}"#
    );
    let other = js(&format!("{{ expect: {} }}", request("Z29vZA==").replace("r1", "r2")));
    assert_eq!(code(settled(fake.client.approve(&"r1".into(), &other)).await), "bad-input");
}

#[wasm_bindgen_test]
async fn a_wait_sees_each_status_and_ends_with_the_final_one() {
    let reply = |status: u32| format!("new Response('{{\"id\":\"r1\",\"status\":{status}}}')");
    let fake = Fake::new(&format!("[{}, {}, {}, {}]", reply(2), reply(2), reply(8), reply(16)), "'t'");
    let seen = js("[]");
    let options = js("{ intervalMs: 1, maxIntervalMs: 2 }");
    let push = Function::new_with_args("seen", "return (signing) => seen.push(signing.code)")
        .call1(&NONE, &seen)
        .unwrap();
    Reflect::set(&options, &"onStatus".into(), &push).unwrap();
    let done = settled(fake.client.wait_for_signature(&"r1".into(), &options)).await.unwrap();
    assert_eq!((text(&done, "state"), json(&seen)), ("signed".into(), "[2,8,16]".into()));

    let endless = Fake::new(&format!("Array.from({{ length: 99 }}, () => () => {})", reply(2)), "'t'");
    let short = js("{ timeoutMs: 5, intervalMs: 1, maxIntervalMs: 1 }");
    assert_eq!(code(settled(endless.client.wait_for_signature(&"r1".into(), &short)).await), "timeout");
}

#[wasm_bindgen_test]
async fn aborts_and_timeouts_have_names() {
    let fake = Fake::new(
        "[(init) => new Promise((_, no) => init.signal.addEventListener('abort', () => no(init.signal.reason)))]",
        "'t'",
    );
    let options = js(
        "(() => { const c = new AbortController(); setTimeout(() => c.abort('enough'), 1); return { signal: c.signal } })()",
    );
    let error = settled(fake.client.products(&options)).await.unwrap_err();
    assert_eq!((text(&error, "code"), text(&error, "cause")), ("aborted".into(), "enough".into()));

    let fake = Fake::new("[]", "'t'");
    assert_eq!(code(settled(fake.client.products(&js("{ signal: AbortSignal.abort() }"))).await), "aborted");
    assert_eq!(fake.calls.length(), 0);

    let options = js(
        "{ baseUrl: 'https://a.b', token: 't', timeoutMs: 1, retry: { attempts: 1 }, fetch: (_, init) => new Promise((_, no) => init.signal.addEventListener('abort', () => no(init.signal.reason))) }",
    );
    assert_eq!(code(settled(SigningClient::new(&options).unwrap().products(&NONE)).await), "timeout");
}

#[wasm_bindgen_test]
fn options_are_checked() {
    for (options, expected) in [
        ("undefined", "bad-input"),
        ("{}", "bad-input"),
        ("{ baseUrl: 'http://service.example', token: 't' }", "bad-url"),
        ("{ baseUrl: 'https://a.b' }", "bad-input"),
        ("{ baseUrl: 'https://a.b', token: '' }", "bad-token"),
        ("{ baseUrl: 'https://a.b', token: 'two words' }", "bad-token"),
        ("{ baseUrl: 'https://a.b', token: 't', timeout: 3 }", "bad-input"),
        ("{ baseUrl: 'https://a.b', token: 't', timeoutMs: 0 }", "bad-input"),
        ("{ baseUrl: 'https://a.b', token: 't', fetch: 3 }", "bad-input"),
        ("{ baseUrl: 'https://a.b', token: 't', profile: { statuses: { 1: 'no' } } }", "bad-profile"),
        ("{ baseUrl: 'https://a.b', token: 't', retry: { tries: 3 } }", "bad-input"),
    ] {
        assert_eq!(code(SigningClient::new(&js(options))), expected, "{options}");
    }
}

#[wasm_bindgen_test]
async fn a_failing_token_function_is_named_and_kept_as_the_cause() {
    let fake = Fake::new("[]", "async () => { throw new Error('az: not signed in, secret') }");
    let error = settled(fake.client.products(&NONE)).await.unwrap_err();
    assert_eq!(text(&error, "code"), "bad-token");
    assert!(!text(&error, "message").contains("secret"));
    assert!(text(&error, "cause.message").contains("az"));
}
