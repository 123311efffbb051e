//! Does the sandbox differ in just the ways that its shape names? Over raw HTTP, with the example of the documents.

use std::path::PathBuf;
use std::process::Stdio;

use crate::support::{GROUP_A, GROUP_B, Reply, Sandbox, request_body};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

const EXAMPLE: &str = include_str!("../../../docs/shape.example.json");

async fn shaped(shape: &Value) -> (TempDir, Sandbox) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = start(&folder, shape, &[]).await;
    (folder, sandbox)
}

async fn start(folder: &TempDir, shape: &Value, more: &[&str]) -> Sandbox {
    let file = write(folder, "shape.json", shape);
    let arguments = [&["--shape", file.to_str().unwrap()], more].concat();
    Sandbox::start(&folder.path().join("data"), &arguments).await
}

fn write(folder: &TempDir, name: &str, content: &Value) -> PathBuf {
    let file = folder.path().join(name);
    std::fs::write(&file, content.to_string()).unwrap();
    file
}

fn id(signing: &Value) -> &str {
    signing["id"].as_str().unwrap()
}

async fn put(sandbox: &Sandbox, role: &str, path: &str, body: Value) -> Reply {
    sandbox.call(role, Method::PUT, path, Some(body)).await
}

/// A product and a request in a sandbox whose shape leaves these where they are.
async fn request(sandbox: &Sandbox) -> (Value, Value) {
    let product = sandbox.create_product(sandbox.product()).await;
    let artifact = format!("{}/app@sha256:{}", sandbox.domain(), "0".repeat(64));
    let signing = sandbox.request(&product, &artifact).await;
    (product, signing)
}

#[tokio::test]
async fn the_example_goes_from_the_product_to_the_signature() {
    let (_folder, sandbox) = shaped(&serde_json::from_str(EXAMPLE).unwrap()).await;
    let digest = sandbox.push_image("app", "hello").await;
    let mut product = sandbox.product();
    product["productOperations"][0]["token"]["keyType"] = json!("ec-p256");
    let made = sandbox.post("requester", "/catalog", product.clone()).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.json);
    assert_eq!(made.json["data"].as_object().unwrap().len(), 1, "no echo: {}", made.json);
    let product_id = made.json["data"]["productId"].as_str().unwrap();
    assert_eq!(made.headers["location"], format!("/sandbox/api/v1/catalog/{product_id}").as_str());
    product["productOperations"][0]["token"]["keyType"] = json!("secp256r1");
    sandbox.post("requester", "/catalog", product).await.refuses(422, "key-type");

    // Only members of the second group read products.
    sandbox.get("requester", &format!("/catalog/{product_id}")).await.refuses(403, "not-a-reader");
    sandbox.get("requester", "/catalog").await.refuses(403, "not-a-reader");
    let shown = sandbox.get("approver-two", &format!("/catalog/{product_id}")).await.json["data"].clone();
    assert_eq!((&shown["title"], &shown["name"]), (&json!("OCI SIGN"), &Value::Null));
    let operation = &shown["productOperations"][0];
    assert_eq!(
        (&operation["token"]["publicKey"], &operation["token"]["keyType"]),
        (&Value::Null, &json!("ec-p256"))
    );
    let key = &shown["tokenInfo"][0];
    assert_eq!((&key["name"], &key["keyType"]), (&json!("Key for ocisigning"), &json!("ec-p256")));
    assert!(key["publicKey"].as_str().unwrap().starts_with("MFk"));
    let listed = sandbox.get("approver-two", "/catalog?page=1&size=1").await.json;
    assert_eq!(listed, json!({ "items": [shown] }));

    let wanted = json!({ "id": product_id, "productOperations": [{ "id": operation["id"] }] });
    let body = request_body(&wanted, &format!("{}/app@{digest}", sandbox.domain()));
    let mut spoofed = body.clone();
    spoofed["state"] = json!({ "code": 16 });
    put(&sandbox, "requester", "/requests", spoofed).await.refuses(422, "bad-input");
    let requested = put(&sandbox, "requester", "/requests", body).await;
    let request = &requested.json["data"]["request"];
    assert_eq!(*request, json!({ "requestId": request["requestId"], "state": { "code": 110 } }));
    let path = format!("/requests/{}", request["requestId"].as_str().unwrap());
    assert_eq!(requested.headers["location"], format!("/sandbox/api/v1{path}").as_str());

    let decide = format!("{path}/decision");
    let yes = |note: &str| json!({ "verdict": "yes", "note": note, "seen": { "name": "NAME" } });
    put(&sandbox, "approver-one", &decide, json!({ "verdict": "perhaps" })).await.refuses(422, "bad-input");
    put(&sandbox, "approver-one", &decide, json!({ "verdict": "yes", "sen": {} }))
        .await
        .refuses(422, "bad-input");
    put(&sandbox, "approver-one", &decide, json!({ "verdict": "yes", "seen": { "name": "other" } }))
        .await
        .refuses(409, "changed");
    put(&sandbox, "approver-one", &decide, json!({ "verdict": "no" })).await.refuses(400, "comment-missing");
    let first = put(&sandbox, "approver-one", &decide, yes("one")).await;
    assert_eq!(first.json["data"]["request"]["state"], json!({ "code": 110 }), "{}", first.json);
    assert_eq!(put(&sandbox, "approver-two", &decide, yes("two")).await.status.as_u16(), 200);

    let signed = loop {
        let reply = sandbox.get("outsider", &path).await.json["data"]["request"].clone();
        if reply["state"]["code"] == 16 || reply["state"]["code"] == 160 {
            break reply;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!(signed["state"], json!({ "code": 16 }));
    assert_eq!(signed["createdBy"], json!({ "oid": "1f0d6a52-8c1e-4b7a-9e35-6d2b90c4a711" }));
    assert_eq!(signed["decisions"][1]["comment"], "two");
    assert_eq!(signed["rule"], json!({ "groups": [GROUP_A, GROUP_B], "open": [] }));
    let steps: Vec<i64> =
        signed["log"].as_array().unwrap().iter().filter_map(|it| it["status"].as_i64()).collect();
    assert_eq!(steps, [100, 110, 120, 130, 16]);
    assert!(signed["times"]["changed"].is_string());
    for ours in ["id", "status", "requester", "approvals", "history", "createdAt"] {
        assert_eq!(signed.get(ours), None);
    }
    assert_eq!(signed["payload"]["name"], "OCI sign request", "what is not named stays");
    let listed = sandbox.get("outsider", "/requests?status=16").await.json;
    assert_eq!(listed, json!({ "links": { "next": null }, "data": { "items": [signed] } }));
    let none = sandbox.get("outsider", "/requests?status=2").await.json;
    assert_eq!(none["data"]["items"], json!([]), "2 means nothing here");
    assert!(sandbox.signatures("app", &digest).await.is_some());
}

#[tokio::test]
async fn a_route_that_was_moved_is_where_it_was_moved_to_and_nowhere_else() {
    let (_folder, sandbox) = shaped(&serde_json::from_str(EXAMPLE).unwrap()).await;
    let id = "a83081a6-1d3b-4117-a81b-0ebcfcf0669c";
    for (method, path) in [
        (Method::GET, "/products".to_owned()),
        (Method::GET, format!("/products/{id}")),
        (Method::POST, "/products".to_owned()),
        (Method::GET, "/imagesignings".to_owned()),
        (Method::HEAD, "/imagesignings".to_owned()),
        (Method::POST, "/imagesignings".to_owned()),
        (Method::POST, format!("/imagesignings/{id}/approve")),
        (Method::POST, format!("/imagesignings/{id}/reject/")),
        (Method::GET, "/requests/".to_owned()),
        (Method::GET, "/nothing".to_owned()),
    ] {
        let reply = sandbox.call("requester", method.clone(), &path, Some(json!({}))).await;
        assert_eq!(reply.status.as_u16(), 404, "{method} {path}: {}", reply.json);
        if method != Method::HEAD {
            reply.refuses(404, "no-such-path");
        }
    }
    let reply = sandbox.post("requester", "/requests", json!({})).await;
    reply.refuses(405, "method-not-allowed");
    assert_eq!(reply.headers["allow"], "GET,PUT");
    let decision = sandbox.post("approver-one", &format!("/requests/{id}/decision"), json!({})).await;
    decision.refuses(405, "method-not-allowed");
    put(&sandbox, "approver-one", "/requests/x/decision", json!({ "verdict": "yes" }))
        .await
        .refuses(400, "bad-id");
    let whole = sandbox.get("outsider", "/requests").await;
    let head = sandbox.call("outsider", Method::HEAD, "/requests", None).await;
    assert_eq!((head.json, &head.headers["content-length"]), (json!(""), &whole.headers["content-length"]));
    // What no shape speaks of stays.
    assert_eq!(sandbox.get("admin", "/registrycredentials").await.status.as_u16(), 200);
    assert_eq!(sandbox.get("outsider", "/ocisign-profile").await.status.as_u16(), 200);
}

#[tokio::test]
async fn the_profile_is_the_shape_without_what_no_profile_can_mend() {
    let example: Value = serde_json::from_str(EXAMPLE).unwrap();
    let (_folder, sandbox) = shaped(&example).await;
    let profile = sandbox.get("outsider", "/ocisign-profile").await.json;
    for field in ["routes", "statuses", "replies", "lists", "publicKeyPath"] {
        assert_eq!(profile[field], example[field], "{field}");
    }
    assert_eq!(profile["keyTypes"]["RSA2048"], "rsa-2048");
    assert_eq!(profile["keyTypes"]["RSA4096"], "RSA4096");
    assert_eq!(profile.get("service"), None);

    let small = json!({ "statuses": { "7": "signed" }, "service": { "trailingSlash": "required" } });
    let (_folder, sandbox) = shaped(&small).await;
    let profile = sandbox.get("outsider", "/ocisign-profile").await.json;
    assert_eq!(profile["routes"]["approve"], "imagesignings/{id}/approve/");
    assert_eq!(profile["statuses"]["7"], "signed");
    assert_eq!(profile["statuses"]["2"], "waiting");
    assert_eq!(profile.get("replies"), None);
    sandbox.get("outsider", "/products").await.refuses(404, "no-such-path");
    assert_eq!(sandbox.get("outsider", "/products/").await.json, json!([]));
}

#[tokio::test]
async fn an_empty_shape_changes_nothing() {
    let (folder, sandbox) = shaped(&json!({})).await;
    let (product, signing) = request(&sandbox).await;
    let shaped = [
        sandbox.get("outsider", "/products").await.json,
        sandbox.get("outsider", "/imagesignings?limit=1").await.json,
        sandbox.get("outsider", &format!("/imagesignings/{}", id(&signing))).await.json,
        sandbox.get("outsider", "/ocisign-profile").await.json,
    ];
    sandbox.get("outsider", "/imagesignings?limt=1").await.refuses(400, "bad-query");
    sandbox.get("outsider", "/imagesignings?limit=x").await.refuses(400, "bad-query");
    assert_eq!(sandbox.approve("approver-one", id(&signing)).await.status.as_u16(), 200);
    let twice = json!({ "comment": "c", "expct": {} });
    sandbox
        .post("approver-two", &format!("/imagesignings/{}/approve", id(&signing)), twice)
        .await
        .refuses(422, "bad-input");
    drop(sandbox);
    let plain = Sandbox::start(&folder.path().join("data"), &[]).await;
    assert_eq!(shaped[0], json!([product]));
    assert_eq!(shaped[1], json!([signing]));
    assert_eq!(shaped[2], signing);
    let mut profile = plain.get("outsider", "/ocisign-profile").await.json;
    // A shape has no words for a withdrawal.
    profile["routes"].as_object_mut().unwrap().remove("withdraw").unwrap();
    assert_eq!(shaped[3], profile);
}

#[tokio::test]
async fn a_rejection_without_a_place_for_a_comment_is_one_all_the_same() {
    let routes = json!({
        "approve": { "method": "PATCH", "path": "imagesignings/{id}", "body": { "approved": true } },
        "reject": { "method": "PATCH", "path": "imagesignings/{id}", "body": { "approved": false } },
    });
    let (_folder, sandbox) = shaped(&json!({ "routes": routes })).await;
    let (_, signing) = request(&sandbox).await;
    let path = format!("/imagesignings/{}", id(&signing));
    let patch = |body: Value| sandbox.call("approver-one", Method::PATCH, &path, Some(body));
    patch(json!({})).await.refuses(422, "bad-input");
    patch(json!({ "approved": true, "comment": "c" })).await.refuses(422, "bad-input");
    assert_eq!(patch(json!({ "approved": true })).await.json["status"], 2);
    assert_eq!(patch(json!({ "approved": false })).await.json["status"], 32);
}

#[tokio::test]
async fn pages_are_as_large_as_the_service_lets_them_be() {
    for (paging, first, second, wrong) in [
        (json!({ "limit": "pageSize", "offset": "skip" }), "?pageSize=9", "?pageSize=9&skip=2", "?skip=-1"),
        (json!({ "page": "p", "first": 0, "limit": "n" }), "?p=0", "?p=1", "?p=x"),
        (json!({ "page": "p" }), "", "?p=2", "?p=0"),
        (json!({ "next": "next" }), "", "", "?cursor=2"),
        (json!({ "header": "Link" }), "", "", "?limit=1"),
    ] {
        let lists = json!({ "signings": { "items": "items", "paging": paging } });
        let (_folder, sandbox) = shaped(&json!({ "lists": lists, "service": { "largestPage": 2 } })).await;
        let (_, oldest) = request(&sandbox).await;
        let (_, _) = (request(&sandbox).await, request(&sandbox).await);
        let list = async |query: &str| sandbox.get("outsider", &format!("/imagesignings{query}")).await;
        list(wrong).await.refuses(400, "bad-query");
        list("?nothing=1").await.refuses(400, "bad-query");
        let page = list(first).await;
        assert_eq!(page.json["items"].as_array().unwrap().len(), 2, "{paging}");
        let link = page.headers.get("link").map(|link| link.to_str().unwrap().to_owned());
        let next = match (page.json["next"].as_str(), &link) {
            (Some(next), None) => next.to_owned(),
            (None, Some(link)) => link.split(['<', '>']).nth(1).unwrap().to_owned(),
            (None, None) => format!("/sandbox/api/v1/imagesignings{second}"),
            _ => panic!("two links"),
        };
        assert_eq!(
            (second.is_empty(), link.is_some()),
            (next.contains("cursor="), paging.get("header").is_some())
        );
        let page = list(next.strip_prefix("/sandbox/api/v1/imagesignings").unwrap()).await;
        assert_eq!(page.json["items"], json!([oldest]), "{paging}: {next}");
        assert_eq!(
            (page.json.get("next").cloned().unwrap_or_default(), page.headers.get("link")),
            (Value::Null, None)
        );
    }
}

#[tokio::test]
async fn tokens_without_groups_are_of_people_in_the_directory() {
    let folder = tempfile::tempdir().unwrap();
    let shape = json!({ "service": { "withoutGroups": true } });
    let sandbox = start(&folder, &shape, &[]).await;
    for role in ["requester", "admin"] {
        let claims = sandbox.token(role).split('.').nth(1).unwrap().to_owned();
        let claims =
            base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, claims).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!((claims.get("groups"), claims["oid"].is_string()), (None, true));
    }
    let (_, signing) = request(&sandbox).await;
    assert_eq!(sandbox.approve("approver-one", id(&signing)).await.status.as_u16(), 200);
    sandbox.approve("outsider", id(&signing)).await.refuses(403, "not-an-approver");
    assert_eq!(sandbox.get("admin", "/registrycredentials").await.status.as_u16(), 200);
    let told = sandbox.token("approver-two");
    drop(sandbox);

    // Another directory: who is not in it is nobody, whatever an earlier token says.
    let people = json!({ "people": [
        { "objectId": "4D67F2A5-9e3b-4c74-82a1-93d5e7f8ca44", "name": "Outsider", "groups": [GROUP_B.to_uppercase()] },
        { "objectId": "104729104729104729104", "name": "Zoe", "groups": [] },
        { "objectId": "nameless", "groups": [] },
    ] });
    let file = write(&folder, "people.json", &people);
    let sandbox = start(&folder, &shape, &["--directory", file.to_str().unwrap()]).await;
    sandbox.approve("approver-two", id(&signing)).await.refuses(403, "unknown-person");
    sandbox.call_with(&told, Method::GET, "/products", None).await.refuses(403, "unknown-person");
    assert_eq!(sandbox.approve("outsider", id(&signing)).await.json["status"], 4);
    // Whom the file names, the profile names, too, beside the sandbox's own people.
    let names = sandbox.get("outsider", "/ocisign-profile").await.json["names"].clone();
    assert_eq!(names["groups"][GROUP_B], "Security");
    let called = |id: &str| names["people"].get(id).cloned();
    assert_eq!(called("104729104729104729104"), Some(json!("Zoe")));
    assert_eq!(called("3c58e1f4-7d29-4a63-b1f0-82c4d6e7b933"), Some(json!("Approver two")));
    assert_eq!(called("nameless"), None);
}

#[tokio::test]
async fn products_hide_from_all_but_their_readers() {
    let service = json!({ "productReaders": [GROUP_B], "productsHiddenBy": 404 });
    let (_folder, sandbox) = shaped(&json!({ "service": service, "publicKeyPath": null })).await;
    let (product, _) = request(&sandbox).await;
    let path = format!("/products/{}", id(&product));
    sandbox.get("requester", &path).await.refuses(404, "unknown-product");
    sandbox.get("requester", "/products").await.refuses(404, "no-such-path");
    assert_eq!(sandbox.get("approver-two", &path).await.json, product);
    assert_eq!(product["productOperations"][0]["token"].get("publicKey"), None, "products show no key");
    let stranger = sandbox.http.get(sandbox.url("/products")).send().await.unwrap();
    assert_eq!(stranger.status().as_u16(), 401);
}

#[tokio::test]
async fn a_product_s_state_is_shown_unless_the_service_has_none() {
    for (service, shown) in
        [(json!({}), true), (json!({ "lifeCycle": true }), true), (json!({ "lifeCycle": false }), false)]
    {
        let (_folder, sandbox) = shaped(&json!({ "service": service })).await;
        let mut product = sandbox.product();
        product["state"] = json!("Ready");
        let made = sandbox.post("requester", "/products", product).await;
        assert_eq!((made.status.as_u16(), made.json.get("state").is_some()), (201, shown), "{}", made.json);
    }
}

#[test]
fn a_shape_that_cannot_be_used_ends_the_start_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let shape = write(&folder, "shape.json", &json!({ "routes": { "approve": { "method": "GET" } } }));
    let people = write(&folder, "people.json", &json!({ "people": [{ "objectId": "x" }] }));
    for (option, file, place) in [
        ("--shape", shape, "shape.routes.approve.method"),
        ("--directory", people, "directory.people[0].groups is missing"),
        ("--shape", folder.path().join("none.json"), "Check the path"),
    ] {
        let mut command = crate::support::command(&folder.path().join("data"));
        let ended = command.arg(option).arg(file).stderr(Stdio::piped()).output().unwrap();
        let words = String::from_utf8(ended.stderr).unwrap();
        assert!(!ended.status.success() && words.contains(place), "{words}");
    }
}
