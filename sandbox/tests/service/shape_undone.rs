//! Is all that a service says still there in another shape? Random shapes, and a client written for this test that
//! knows nothing but the profile.

use std::sync::{Arc, Mutex};

use crate::support::random::Random;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Request, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use ocisign_sandbox::shape::Shape;
use serde_json::{Map, Value, json};
use tower_service::Service;

const BASE: &str = "/some/api/v1";
const SIGNING_ID: &str = "a83081a6-1d3b-4117-a81b-0ebcfcf0669c";
const CODES: [(i64, &str); 7] = [
    (1, "new"),
    (2, "waiting"),
    (4, "approved"),
    (8, "signing"),
    (16, "signed"),
    (32, "rejected"),
    (64, "failed"),
];
const KEY_TYPES: [&str; 3] = ["RSA2048", "secp256r1", "secp521r1"];
const ROUTES: [(&str, &str, &str); 8] = [
    ("products", "GET", "products"),
    ("product", "GET", "products/{id}"),
    ("createProduct", "POST", "products"),
    ("requestSigning", "POST", "imagesignings"),
    ("signings", "GET", "imagesignings"),
    ("signing", "GET", "imagesignings/{id}"),
    ("approve", "POST", "imagesignings/{id}/approve"),
    ("reject", "POST", "imagesignings/{id}/reject"),
];

/// What was asked of the service behind the shape.
#[derive(Clone)]
struct Asked {
    method: Method,
    uri: Uri,
    body: Value,
}

/// The service behind the shape: it answers in our form, and remembers what it was asked.
struct Behind {
    signings: Vec<Value>,
    products: Vec<Value>,
    asked: Mutex<Option<Asked>>,
}

async fn ours(State(service): State<Arc<Behind>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    let (method, uri) = (parts.method, parts.uri);
    *service.asked.lock().unwrap() = Some(Asked { method: method.clone(), uri: uri.clone(), body });
    let path = uri.path().strip_prefix(BASE).unwrap();
    let query = |name: &str| {
        let pairs = uri.query().unwrap_or_default().split('&');
        pairs
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, v)| v.parse::<usize>().unwrap())
    };
    let reply = match (method.as_str(), path) {
        ("GET", "/imagesignings") => {
            let (limit, offset) = (query("limit").unwrap_or(usize::MAX), query("offset").unwrap_or(0));
            Value::Array(service.signings.iter().skip(offset).take(limit).cloned().collect())
        }
        ("GET", "/products") => Value::Array(service.products.clone()),
        (_, path) if path.starts_with("/products") => service.products[0].clone(),
        _ => service.signings[0].clone(),
    };
    axum::Json(reply).into_response()
}

/// A reply as the client gets it.
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    json: Value,
}

/// A client that has a profile, and otherwise only what a person would know.
struct Client<'a> {
    router: Router,
    profile: &'a Value,
    service: &'a Value,
}

impl Client<'_> {
    async fn call(&mut self, method: &str, target: &str, body: Option<Value>) -> Reply {
        let mut request = Request::builder().method(method).uri(target).header("host", "127.0.0.1:1");
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let reply = self.router.call(request.body(body).unwrap()).await.unwrap();
        let (status, headers) = (reply.status(), reply.headers().clone());
        let bytes = to_bytes(reply.into_body(), usize::MAX).await.unwrap();
        Reply { status, headers, json: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
    }

    fn method_and_path(&self, name: &str, ours: &str, id: &str) -> (String, String, Option<Value>) {
        let route = &self.profile["routes"][name];
        let (method, path, body) = match route {
            Value::String(path) => (ours, path.as_str(), None),
            route => (
                route["method"].as_str().unwrap_or(ours),
                route["path"].as_str().unwrap(),
                route.get("body").cloned(),
            ),
        };
        (method.to_owned(), format!("{BASE}/{}", path.replace("{id}", id)), body)
    }

    /// Goes through all pages as the profile says.
    async fn walk(&mut self, name: &str, size: u32) -> Vec<Value> {
        let (_, path, _) = self.method_and_path(name, "GET", "");
        let list = self.profile["lists"][name].clone();
        let paging = list["paging"].as_object().cloned();
        let largest = self.service["largestPage"].as_u64();
        let with_size = |query: String, limit: Option<&Value>| match limit.and_then(Value::as_str) {
            Some(limit) => format!("{query}{}{limit}={size}", if query.is_empty() { "" } else { "&" }),
            None => query,
        };
        let (mut all, mut number) = (Vec::new(), 0_usize);
        let mut target = match &paging {
            Some(paging) => format!("{path}?{}", with_size(String::new(), paging.get("limit"))),
            None => path.clone(),
        };
        loop {
            let reply = self.call("GET", &target, None).await;
            assert_eq!(reply.status, StatusCode::OK, "{target}: {}", reply.json);
            let items = match list["items"].as_str() {
                Some(items) => find(&reply.json, items).unwrap().clone(),
                None => reply.json.clone(),
            };
            let items = items.as_array().unwrap().clone();
            if let Some(largest) = largest {
                assert!(items.len() as u64 <= largest, "{target}");
            }
            let ended = items.is_empty();
            all.extend(items);
            number += 1;
            assert!(number < 200, "the list never ends: {target}");
            let paging = paging.clone().unwrap_or_default();
            let next = if let Some(next) = paging.get("next") {
                find(&reply.json, next.as_str().unwrap()).unwrap().as_str().map(str::to_owned)
            } else if let Some(offset) = paging.get("offset").and_then(Value::as_str) {
                (!ended).then(|| with_size(format!("{path}?{offset}={}", all.len()), paging.get("limit")))
            } else if let Some(page) = paging.get("page").and_then(Value::as_str) {
                let first = paging.get("first").and_then(Value::as_u64).unwrap_or(1) as usize;
                (!ended).then(|| with_size(format!("{path}?{page}={}", first + number), paging.get("limit")))
            } else {
                let link = reply.headers.get("link").map(|link| link.to_str().unwrap().to_owned());
                link.map(|link| link.split(['<', '>']).nth(1).unwrap().to_owned())
            };
            let Some(next) = next else { return all };
            target = next.strip_prefix("http://127.0.0.1:1").map(str::to_owned).unwrap_or(next);
        }
    }

    /// An object as the service shows it, in our form again.
    fn undo(&self, kind: &str, theirs: &Value, in_envelope: bool) -> Value {
        let form = &self.profile["replies"][kind];
        let mut theirs = match form["envelope"].as_str() {
            Some(envelope) if in_envelope => find(theirs, envelope).expect("the envelope").clone(),
            _ => theirs.clone(),
        };
        let mut ours = Map::new();
        for (name, place) in form["fields"].as_object().into_iter().flatten() {
            if let Some(value) = take(&mut theirs, place.as_str().unwrap()) {
                ours.insert(name.clone(), value);
            }
        }
        ours.extend(theirs.as_object().unwrap().clone());
        let mut ours = Value::Object(ours);
        if kind == "signing" {
            self.undo_statuses(&mut ours);
        } else {
            self.undo_keys(&mut ours);
        }
        ours
    }

    fn undo_statuses(&self, signing: &mut Value) {
        let ours = |theirs: &Value| {
            let state = self.profile["statuses"][theirs.to_string()].as_str().expect("a state");
            json!(CODES.iter().find(|(_, name)| *name == state).unwrap().0)
        };
        signing["status"] = ours(&signing["status"]);
        for step in signing["history"].as_array_mut().unwrap() {
            step["status"] = ours(&step["status"]);
        }
    }

    fn undo_keys(&self, product: &mut Value) {
        let path = self.profile["publicKeyPath"].as_str().map(str::to_owned);
        let in_product = path.as_deref().filter(|path| !path.starts_with("productOperations"));
        let mut keys = in_product.map(|path| {
            let found = keys_at(product, path).into_iter();
            product.as_object_mut().unwrap().remove(path.split(['.', '[']).next().unwrap());
            found.collect::<Vec<_>>().into_iter()
        });
        for operation in product["productOperations"].as_array_mut().unwrap() {
            let spelled = operation["token"]["keyType"].as_str().unwrap();
            let types = self.profile["keyTypes"].as_object().unwrap();
            let ours = types.iter().find(|(_, theirs)| *theirs == spelled).unwrap().0.clone();
            operation["token"]["keyType"] = json!(ours);
            let key = match (&mut keys, &path) {
                (Some(keys), _) => keys.next(),
                (None, Some(path)) => {
                    let path = path.strip_prefix("productOperations[].").unwrap();
                    let key = keys_at(operation, path).pop();
                    let first = path.split(['.', '[']).next().unwrap();
                    if first != "token" {
                        operation.as_object_mut().unwrap().remove(first);
                    } else {
                        let second = path.split('.').nth(1).unwrap().trim_end_matches("[]");
                        operation["token"].as_object_mut().unwrap().remove(second);
                    }
                    key
                }
                (None, None) => None,
            };
            if let Some(key) = key {
                operation["token"]["publicKey"] = key;
            }
        }
    }
}

fn find<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, step| value.get(step))
}

/// Takes what stands there; objects that held nothing else go, too.
fn take(value: &mut Value, path: &str) -> Option<Value> {
    let object = value.as_object_mut()?;
    let Some((step, rest)) = path.split_once('.') else { return object.remove(path) };
    let taken = take(object.get_mut(step)?, rest)?;
    if object[step] == json!({}) {
        object.remove(step);
    }
    Some(taken)
}

fn keys_at(value: &Value, path: &str) -> Vec<Value> {
    let Some((step, rest)) =
        path.split_once('.').map(|(step, rest)| (step, Some(rest))).or(Some((path, None)))
    else {
        return vec![];
    };
    let within = match step.strip_suffix("[]") {
        Some(step) => value[step].as_array().cloned().unwrap_or_default(),
        None => value.get(step).cloned().into_iter().collect(),
    };
    match rest {
        Some(rest) => within.iter().flat_map(|value| keys_at(value, rest)).collect(),
        None => within,
    }
}

fn signing(random: &mut Random) -> Value {
    let code = random.one_of(&CODES).0;
    let mut signing = json!({
        "id": SIGNING_ID,
        "status": code,
        "createdAt": format!("2026-01-01T00:00:{:02}.000Z", random.below(60)),
        "updatedAt": "2026-02-01T00:00:00.000Z",
        "requester": { "objectId": "o", "name": "N" },
        "requiredGroups": ["g"],
        "missingGroups": [],
        "approvals": [{ "objectId": "p", "name": "P", "groups": ["g"], "at": "t" }],
        "history": [{ "status": 1, "at": "t" }, { "status": code, "at": "t" }],
        "name": "NAME",
        "idProductOperation": "o",
        "description": "",
        "payload": { "name": "OCI sign request", "optionalParameters": [{ "artifactURI": "x" }] },
        "productId": "p",
        "sequence": random.below(1_000_000),
    });
    if random.below(2) == 0 {
        signing["reason"] = json!("Because.");
    }
    signing
}

fn product(random: &mut Random) -> Value {
    let operation = |number: u64, random: &mut Random| {
        json!({
            "id": format!("operation {number}"),
            "name": "OCI sign",
            "operationType": "SignOCI",
            "token": {
                "name": format!("key {number}"),
                "keyType": random.one_of(&KEY_TYPES),
                "publicKey": format!("key {}", random.below(1 << 40)),
            },
        })
    };
    let operations: Vec<Value> = (0..random.below(3)).map(|number| operation(number, random)).collect();
    json!({
        "id": SIGNING_ID,
        "name": "OCI SIGN",
        "enabled": true,
        "productOperations": operations,
        "productConfigItems": [{ "name": "RegistryURL", "value": "a.example" }],
    })
}

/// Any shape; not all of them are accepted.
fn shape(random: &mut Random) -> Value {
    let mut shape =
        json!({ "routes": {}, "statuses": {}, "replies": {}, "lists": {}, "keyTypes": {}, "service": {} });
    for (name, method, path) in ROUTES {
        if random.below(2) == 0 {
            continue;
        }
        let path = match random.below(4) {
            0 => path.to_owned(),
            1 => format!("v2/{path}"),
            2 => path
                .replace("imagesignings", "requests")
                .replace("products", "catalog")
                .replace("/{id}", "/x-{id}:go"),
            _ => path.replace("approve", "decision").replace("reject", "decision"),
        };
        let method = if method == "GET" { "GET" } else { *random.one_of(&["POST", "PUT", "PATCH"]) };
        let mut route = json!({ "path": path, "method": method });
        if matches!(name, "approve" | "reject") && random.below(3) > 0 {
            route["body"] = match random.below(3) {
                0 => json!({ "verdict": name, "note": "{comment}", "seen": "{expect}" }),
                1 => json!({ "a": { "is": [name, 1], "why": "{comment}" }, "b": "{expect}" }),
                _ => json!({ "decision": { "note": "{comment}" }, "was": "{expect}" }),
            };
        }
        shape["routes"][name] = if random.below(3) == 0 { json!(path) } else { route };
    }
    for (code, state) in CODES {
        if random.below(2) == 0 {
            let theirs = if random.below(5) == 0 { 64 / code } else { 100 + code };
            shape["statuses"][theirs.to_string()] = json!(state);
        }
    }
    shape["replies"]["signing"] = form(
        random,
        &[
            "id",
            "status",
            "requester",
            "createdAt",
            "approvals",
            "history",
            "reason",
            "name",
            "payload",
            "productId",
        ],
    );
    shape["replies"]["product"] = form(random, &["id", "name", "enabled", "productOperations"]);
    for name in ["signings", "products"] {
        if random.below(4) > 0 {
            shape["lists"][name] = list(random);
        }
    }
    match random.below(7) {
        0 => {}
        1 => shape["publicKeyPath"] = Value::Null,
        2 => shape["publicKeyPath"] = json!("tokenInfo[].publicKey"),
        3 => shape["publicKeyPath"] = json!("keys[]"),
        4 => shape["publicKeyPath"] = json!("productOperations[].key.pem"),
        5 => shape["publicKeyPath"] = json!("productOperations[].token.keys[].spki"),
        _ => shape["publicKeyPath"] = json!("productOperations[].publicKeys[]"),
    }
    for known in KEY_TYPES {
        if random.below(2) == 0 {
            shape["keyTypes"][known] = json!(format!("their {known}"));
        }
    }
    if random.below(2) == 0 {
        shape["service"]["largestPage"] = json!(1 + random.below(9));
    }
    for flag in ["requesterIsId", "absoluteLinks"] {
        if random.below(3) == 0 {
            shape["service"][flag] = json!(true);
        }
    }
    if random.below(2) == 0 {
        shape["service"]["trailingSlash"] = json!(random.one_of(&["required", "either"]));
    }
    shape
}

fn form(random: &mut Random, names: &[&str]) -> Value {
    let mut form = json!({ "fields": {} });
    if random.below(2) == 0 {
        form["envelope"] = json!(random.one_of(&["data", "data.request", "a.b.c.d"]));
    }
    for name in names {
        match random.below(5) {
            0 => form["fields"][name] = json!(format!("their.{name}")),
            1 => form["fields"][name] = json!(format!("their{name}")),
            2 if random.below(6) == 0 => form["fields"][name] = json!(*random.one_of(names)),
            _ => {}
        }
    }
    form
}

fn list(random: &mut Random) -> Value {
    let mut list = json!({});
    if random.below(3) > 0 {
        list["items"] = json!(random.one_of(&["items", "data.items"]));
    }
    let mut paging = match random.below(6) {
        0 => return list,
        1 => json!({ "offset": "skip" }),
        2 => json!({ "page": "page[number]" }),
        3 => json!({ "page": "p", "first": 0 }),
        4 => json!({ "next": "links.next" }),
        _ => json!({ "header": "Link" }),
    };
    if random.below(2) == 0 {
        paging["limit"] = json!(random.one_of(&["limit", "page[size]", "n"]));
    }
    list["paging"] = paging;
    list
}

fn filled(template: &Value, comment: &str, expect: &Value) -> Value {
    match template {
        Value::String(text) if text == "{comment}" => json!(comment),
        Value::String(text) if text == "{expect}" => expect.clone(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, part)| (name.clone(), filled(part, comment, expect)))
            .collect::<Map<_, _>>()
            .into(),
        constant => constant.clone(),
    }
}

#[tokio::test]
async fn random_shapes_lose_nothing() {
    let mut random = Random::seeded();
    let (mut accepted, wanted) = (0, 400);
    for _ in 0..wanted {
        let written = shape(&mut random);
        let Ok(shape) = Shape::read(&written.to_string()) else { continue };
        accepted += 1;
        one_shape(&mut random, &written, &shape).await;
    }
    println!("{accepted} of {wanted} shapes are accepted");
    assert!(accepted > wanted / 5, "only {accepted} of {wanted} shapes are accepted");
}

async fn one_shape(random: &mut Random, written: &Value, shape: &Shape) {
    let context = format!("{written}");
    let many = random.below(30);
    let mut signings: Vec<Value> = (0..=many).map(|_| signing(random)).collect();
    let products: Vec<Value> = (0..=random.below(12)).map(|_| product(random)).collect();
    let behind =
        Arc::new(Behind { signings: signings.clone(), products: products.clone(), asked: Mutex::default() });
    let inner = Router::new().fallback(ours).with_state(Arc::clone(&behind));
    let mut client =
        Client { router: shape.apply(inner, BASE), profile: shape.profile(), service: &written["service"] };
    assert_eq!(client.profile.get("service"), None);
    let requester_is_id = written["service"]["requesterIsId"] == true;
    if requester_is_id {
        signings.iter_mut().for_each(|signing| signing["requester"] = json!("o"));
    }
    let mut keyless = products.clone();
    if client.profile["publicKeyPath"].is_null() {
        for operation in keyless.iter_mut().flat_map(|it| it["productOperations"].as_array_mut().unwrap()) {
            operation["token"].as_object_mut().unwrap().remove("publicKey");
        }
    }

    let size = 1 + u32::try_from(random.below(12)).unwrap();
    for (name, kind, expected) in [("signings", "signing", &signings), ("products", "product", &keyless)] {
        let elements = client.walk(name, size).await;
        let undone: Vec<Value> = elements.iter().map(|theirs| client.undo(kind, theirs, false)).collect();
        assert_eq!(&undone, expected, "{name}: {context}");
    }
    for (name, method, path) in ROUTES.iter().filter(|(name, ..)| !matches!(*name, "signings" | "products")) {
        let (their_method, target, template) = client.method_and_path(name, method, SIGNING_ID);
        let (their_body, our_body) = match *name {
            "approve" | "reject" => {
                let decision = json!({ "comment": "Because.", "expect": { "name": "NAME" } });
                let template = template.unwrap_or(json!({ "comment": "{comment}", "expect": "{expect}" }));
                (Some(filled(&template, "Because.", &json!({ "name": "NAME" }))), decision)
            }
            "createProduct" => {
                let mut theirs = products[0].clone();
                for operation in theirs["productOperations"].as_array_mut().unwrap() {
                    let ours = operation["token"]["keyType"].as_str().unwrap().to_owned();
                    operation["token"]["keyType"] = client.profile["keyTypes"][ours].clone();
                }
                (Some(theirs), products[0].clone())
            }
            "requestSigning" => {
                let body = json!({ "name": "NAME", "productId": "p" });
                (Some(body.clone()), body)
            }
            _ => (None, Value::Null),
        };
        let reply = client.call(&their_method, &target, their_body).await;
        assert_eq!(reply.status, StatusCode::OK, "{name}: {} {context}", reply.json);
        let asked = behind.asked.lock().unwrap().take().unwrap();
        let our_path = format!("{BASE}/{}", path.replace("{id}", SIGNING_ID));
        assert_eq!(
            (asked.method.as_str(), asked.uri.path(), &asked.body),
            (*method, our_path.as_str(), &our_body),
            "{name}: {context}"
        );
        let (kind, expected) = match *name {
            "product" | "createProduct" => ("product", &keyless[0]),
            _ => ("signing", &signings[0]),
        };
        assert_eq!(&client.undo(kind, &reply.json, true), expected, "{name}: {context}");
    }
}
