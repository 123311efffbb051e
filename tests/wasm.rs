//! The bindings where they run: in Node and in a browser, with the same tests.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use js_sys::Reflect;
use ocisign::js::{functions::*, http::*, service::*, texts::*};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

const IMAGE_OF_THE_REQUEST: &str =
    "a.example/b@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
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

/// Writes a text into the module's room, lets a function read it, and gives back what was found and what stands there.
fn ask(function: fn(usize) -> usize, text: &str) -> (usize, Vec<u16>, String) {
    let place = room_at() as usize;
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let bytes = || js_sys::Uint8Array::new(&memory.buffer());
    for (at, byte) in text.bytes().enumerate() {
        bytes().set_index(u32::try_from(place + 2 * 5002 + at).unwrap(), byte);
    }
    let result = function(text.len());
    let room = bytes()
        .slice(u32::try_from(place).unwrap(), u32::try_from(place + 2 * 5002 + 16384).unwrap())
        .to_vec();
    let (found, written) = room.split_at(2 * 5002);
    let found = found.chunks(2).map(|two| u16::from_le_bytes([two[0], two[1]])).take(16).collect();
    (result, found, String::from_utf8_lossy(&written[..result.min(16384)]).into_owned())
}

#[wasm_bindgen_test]
fn the_parts_of_a_reference_are_places_in_its_text() {
    let (result, found, _) = ask(read_reference, IMAGE);
    assert_eq!((result, &found[..6]), (1, &[44, 49, 50, 50, 21, 30][..]));
    let (result, found, name) = ask(
        read_reference,
        &IMAGE.replace("656666598317.dkr.ecr.eu-west-1.amazonaws.com/test", "Index.Docker.io/nginx:1"),
    );
    assert_eq!((result, name.as_str()), (23, "docker.io/library/nginx"));
    assert_eq!(&found[..6], &[9, 23, 22, 24, 0, 0]);
    assert_eq!(ask(read_reference, "a.b/c@sha256:12").0, 0);
    let (_, found, words) = ask(why_wrong, "a.b/c@sha256:12");
    assert_eq!((found[0], words.lines().next()), (13, Some("digest-length")));
    assert_eq!(words.lines().count(), 3);
}

#[wasm_bindgen_test]
fn what_cannot_be_a_reference_is_refused_by_name() {
    let error = wrong_reference(&"a.b/c@sha256:12".into(), "reference").unwrap().into();
    assert_eq!((text(&error, "code"), field(&error, "offset")), ("digest-length".into(), 13.into()));
    assert!(wrong_reference(&IMAGE.into(), "reference").is_none());
    for wrong in ["undefined", "null", "16", "{}", "['a']"] {
        let error = wrong_reference(&js(wrong), "list").unwrap().into();
        assert_eq!(
            (text(&error, "code"), text(&error, "message")),
            ("bad-input".into(), "list is not a string.".into())
        );
    }
}

#[wasm_bindgen_test]
fn artifact_uris_are_written_and_read() {
    let encoded = encode_artifact_uri(&js(&format!("{{ canonical: '{IMAGE}' }}"))).unwrap();
    assert_eq!(encode_artifact_uri(&IMAGE.into()).unwrap(), encoded);
    assert_eq!(ask(read_artifact, &encoded).0, IMAGE.len() + 1);
    assert!(ask(read_artifact, &encoded).2.starts_with(IMAGE));
    assert_eq!(ask(read_artifact, "YQ*").0, 0);
    assert_eq!(decode_artifact_uri(&encoded.into()).unwrap(), IMAGE);
}

#[wasm_bindgen_test]
fn a_status_is_a_safe_integer() {
    let states = states();
    let meaning = |code, profile: &str| {
        let packed = meaning_of(code, &js(profile)).unwrap();
        (states.split(' ').nth(usize::from(packed / 2)).unwrap(), packed % 2 == 1)
    };
    assert_eq!(meaning(16.0, "undefined"), ("signed", true));
    assert_eq!(meaning(4_294_967_312.0, "undefined"), ("unknown", false));
    assert_eq!(meaning(2.0, "{ statuses: { 2: 'waiting', 3: 'failed' } }"), ("waiting", false));
    assert_eq!(meaning(3.0, "{ statuses: { 2: 'waiting', 3: 'failed' } }"), ("failed", true));
    assert_eq!(meaning(16.0, "{ statuses: { 2: 'waiting', 3: 'failed' } }"), ("signed", true));
    for wrong in [16.5, f64::NAN, f64::INFINITY, 2_f64.powi(53)] {
        assert_eq!(code(meaning_of(wrong, &JsValue::UNDEFINED)), "bad-status", "{wrong}");
        assert_eq!(code(meaning_of(wrong, &js("{}"))), "bad-status", "{wrong}");
    }
    assert_eq!(code(meaning_of(2.0, &js("{ statuses: { 2: 'done' } }"))), "bad-profile");
    assert_eq!(code(meaning_of(2.0, &js("{ status: {} }"))), "bad-profile");
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
    let list = format!("# tonight\r\n{IMAGE}\r\n\nnginx\n");
    let (count, found, _) = ask(read_lines, &list);
    let read = u16::try_from(list.len()).unwrap();
    assert_eq!((count, &found[..2]), (2, &[read, 4][..]));
    assert_eq!(&found[2..7], &[1, 11, 11 + 49, 11 + 50, read - 9]);
    assert_eq!(&found[7..12], &[3, read - 6, 0, 0, read - 1]);
}

#[wasm_bindgen_test]
fn what_is_checked_is_a_copy() {
    let input = js(
        "{ productId: 'P', operationId: 'O', get artifact() { this.read = (this.read ?? 0) + 1; return this.read > 1 ? 'x' : 'a.example/b@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79' } }",
    );
    assert!(build_signing_request(&input).is_ok());
    let circle = js("(() => { const a = {}; a.a = a; return a })()");
    assert_eq!(code(build_signing_request(&circle)), "bad-input");
    assert_eq!(code(build_signing_request(&js("new Proxy({}, { ownKeys() { throw 1 } })"))), "bad-input");
}

#[wasm_bindgen_test]
fn a_profile_is_completed_and_joined_to_a_url() {
    let profile = read_profile(&js("{ routes: { signing: '/requests/{id}' } }")).unwrap();
    assert_eq!(text(&profile, "routes.products"), "products");
    let url = service_url("https://service.example/acme/", &text(&profile, "routes.signing"), "a b/../c");
    assert_eq!(url.unwrap(), "https://service.example/acme/requests/a%20b%2F..%2Fc");
    assert_eq!(code(service_url("http://service.example", "products", "")), "bad-url");
}

#[wasm_bindgen_test]
fn a_call_is_repeated_by_the_cores_rules() {
    let get =
        |sent, status| step_after(false, sent, false, Some(2), Some(100.0), Some(1000.0), status, None, 0.0);
    assert_eq!(get(1, None).as_f64(), Some(50.0));
    assert_eq!(get(2, Some(503)), "fail");
    let post = |asked, status| step_after(true, 1, asked, None, None, None, status, None, 0.0);
    assert_eq!(post(false, Some(401)), "ask");
    assert_eq!(post(true, Some(401)), "fail");
    assert_eq!(post(true, Some(200)), "read");
    assert_eq!(post(false, None), "fail");
}

#[wasm_bindgen_test]
fn waits_grow_while_nothing_changes() {
    let wait = |unchanged| wait_after(500.0, 10_000.0, unchanged, 1.0);
    assert_eq!((wait(0), wait(1), wait(100), wait(u32::MAX)), (500.0, 750.0, 10_000.0, 10_000.0));
}

#[wasm_bindgen_test]
fn an_error_says_whether_the_call_may_have_been_taken() {
    let (get, post) = (false, true);
    assert_eq!(
        (taken_after(get, None), taken_after(post, None), taken_after(post, Some(200))),
        ("no".into(), "maybe".into(), "maybe".into())
    );
    let doubtful = JsValue::from(failure_of(post, "Approving", 503, None, Some("busy".into())));
    assert_eq!(text(&doubtful, "code"), "server-error");
    assert_eq!((text(&doubtful, "taken"), text(&doubtful, "fix")), ("maybe".into(), look_first()));
    assert_eq!(text(&failure_of(post, "Approving", 403, None, None).into(), "taken"), "no");
    assert_eq!(text(&failure_of(get, "Reading", 503, None, None).into(), "taken"), "no");
    assert_eq!(text(&wrong_reference(&"".into(), "reference").unwrap().into(), "taken"), "no");
}

#[wasm_bindgen_test]
fn a_request_carries_the_references_headers_and_nothing_of_the_page() {
    let fields = headers("the-token", true);
    assert_eq!(
        json(&fields),
        r#"{"accept":"application/json","Authorization":"Bearer the-token","Content-Type":"application/json"}"#
    );
    let request = traveller().unwrap();
    for (field_name, expected) in [
        ("method", "GET"),
        ("redirect", "manual"),
        ("credentials", "omit"),
        ("cache", "no-store"),
        ("referrerPolicy", "no-referrer"),
    ] {
        assert_eq!(text(&request, field_name), expected, "{field_name}");
    }
}

#[wasm_bindgen_test]
fn a_token_is_checked_and_never_repeated() {
    assert_eq!(check_token(" t0ken\n").unwrap(), "t0ken");
    let error = check_token("two words").unwrap_err();
    assert_eq!(text(&error, "code"), "bad-token");
    assert!(!text(&error, "message").contains("words"));
}

#[wasm_bindgen_test]
fn the_image_of_a_request_is_told_whatever_the_request_is() {
    let request = js(
        "{ payload: { optionalParameters: [{ artifactURI: 'YS5leGFtcGxlL2JAc2hhMjU2OjNmYmM2MzIxNjc0MjRhNmQ5OTdlNzRmNTJiODc4ZDdjYzQ3ODIyNWNmZmFjNmJjOTc3ZWVkZmU1MWM3ZjRlNzkK' }] } }",
    );
    let found = artifact_of(&request).unwrap();
    assert_eq!(text(&found, "state"), "image");
    assert_eq!(text(&found, "text"), IMAGE_OF_THE_REQUEST);
    assert!(text(&found, "encoded").ends_with("NzkK"));
    for (request, expected) in [
        ("{ payload: { optionalParameters: [{ artifactURI: 16 }] } }", "unreadable 16  bad-input"),
        (
            "{ payload: { optionalParameters: [{ artifactURI: 'YWI' }] } }",
            "unreadable YWI ab registry-missing",
        ),
        ("{ payload: { optionalParameters: [1, { a: 2 }] } }", "several [1,{\"a\":2}]  "),
        ("{ payload: { optionalParameters: [{}] } }", "none   "),
        ("undefined", "none   "),
        ("null", "none   "),
        ("'text'", "none   "),
        ("Symbol()", "none   "),
        ("16n", "none   "),
        ("() => 1", "none   "),
        ("{ get payload() { throw 1 } }", "none   "),
        ("new Proxy({}, { get() { throw 1 } })", "none   "),
        ("(() => { const it = Proxy.revocable({}, {}); it.revoke(); return it.proxy })()", "none   "),
    ] {
        let found = artifact_of(&js(request)).unwrap();
        let error = field(&found, "error");
        let code = if error.is_undefined() { String::new() } else { text(&error, "code") };
        let told = ["state", "encoded", "text"].map(|name| text(&found, name)).join(" ");
        assert_eq!(format!("{told} {code}"), expected, "{request}");
    }
}

#[wasm_bindgen_test]
fn operations_and_registries_are_picked_whatever_the_product_is() {
    let product = js(
        "{ productOperations: [null, { id: 'o', operationType: 'SIGN_OCI', more: [1] }], productConfigItems: [{ name: 'RegistryURL', value: 7 }, { name: 'RegistryURL' }] }",
    );
    assert_eq!(json(&signing_operations(&product)), r#"[{"id":"o","operationType":"SIGN_OCI","more":[1]}]"#);
    assert_eq!(json(&registries_of(&product)), "[7,null]");
    for other in ["undefined", "null", "7", "[]", "new Proxy({}, { get() { throw 1 } })"] {
        assert_eq!((signing_operations(&js(other)).length(), registries_of(&js(other)).length()), (0, 0));
    }
    assert_eq!(
        json(&bound_parts().unwrap()),
        r#"["name","idProductOperation","description","payload","productId"]"#
    );
}

#[wasm_bindgen_test]
fn hosts_digests_and_urls_are_judged_by_the_cores_rules() {
    assert!(is_loopback(&"a.localhost:80".into()) && is_digest(&format!("sha256:{}", "0".repeat(64)).into()));
    for other in ["undefined", "7", "{}", "['localhost']", "'127.1'"] {
        assert!(!is_loopback(&js(other)) && !is_digest(&js(other)), "{other}");
    }
    assert_eq!(check_url(&"https://a.example/".into(), &"The mirror".into()).unwrap(), "https://a.example");
    assert_eq!(code(check_url(&"http://a.example".into(), &"The mirror".into())), "bad-url");
    assert_eq!(code(check_url(&js("7"), &"The mirror".into())), "bad-input");
}

#[wasm_bindgen_test]
fn a_public_key_is_read_from_text_and_from_bytes() {
    let key = read_public_key(&include_str!("fixtures/secp384r1.pem").into()).unwrap();
    let fingerprint = text(&key, "fingerprint");
    let again = |value: &JsValue| text(&read_public_key(value).unwrap(), "fingerprint");
    assert_eq!(again(&include_str!("fixtures/secp384r1.spki.txt").into()), fingerprint);
    assert_eq!(again(&field(&key, "spki")), fingerprint);
    assert_eq!(code(read_public_key(&js("new Uint8Array([48, 0])"))), "bad-public-key");
    assert_eq!(code(read_public_key(&js("new Uint8Array(1e6)"))), "bad-public-key");
    assert_eq!(code(read_public_key(&"no key".into())), "bad-public-key");
    for wrong in ["undefined", "null", "7", "{}", "[48]", "new Proxy(new Uint8Array(), {})"] {
        assert_eq!(code(read_public_key(&js(wrong))), "bad-input", "{wrong}");
    }
}
