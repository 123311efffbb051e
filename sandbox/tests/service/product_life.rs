//! What becomes of a product after it was made, and who may read it?

use crate::support::issuer::Issuer;
use crate::support::{GROUP_A, GROUP_B, Reply, Sandbox, request_body};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ocisign::{KeyType, Reference, simple_signing};
use ocisign_sandbox::{keys, signature_manifest};
use reqwest::Method;
use serde_json::{Value, json};

const GROUP_ADMIN: &str = "5e1c7a0d-3f4b-4a52-9d7e-0b6a2c8f1d93";

async fn sandbox(arguments: &[&str]) -> (tempfile::TempDir, Sandbox) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), arguments).await;
    (folder, sandbox)
}

fn path(product: &Value, act: &str) -> String {
    format!("/products/{}{act}", product["id"].as_str().unwrap())
}

async fn put(sandbox: &Sandbox, role: &str, product: &Value) -> Reply {
    sandbox.call(role, Method::PUT, &path(product, ""), Some(product.clone())).await
}

async fn delete(sandbox: &Sandbox, role: &str, product: &Value) -> Reply {
    sandbox.call(role, Method::DELETE, &path(product, ""), None).await
}

async fn act(sandbox: &Sandbox, role: &str, product: &Value, act: &str) -> Reply {
    sandbox.call(role, Method::POST, &path(product, act), None).await
}

fn body(sandbox: &Sandbox, product: &Value) -> Value {
    request_body(product, &format!("{}/app@sha256:{}", sandbox.domain(), "0".repeat(64)))
}

async fn request(sandbox: &Sandbox, product: &Value) -> Reply {
    sandbox.post("requester", "/imagesignings", body(sandbox, product)).await
}

#[tokio::test]
async fn a_product_is_changed_but_not_its_keys() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let made = sandbox.create_product(sandbox.product()).await;
    assert_eq!(made["state"], "Ready");
    let mut wanted = made.clone();
    wanted["name"] = json!("OTHER");
    wanted["description"] = json!("changed");
    wanted["new"] = json!({ "kept": true });
    wanted.as_object_mut().unwrap().remove("caInfo");
    wanted["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([GROUP_B]);
    wanted["productOperations"][0]["token"]["name"] = json!("another name for the same key");
    // Before there is a request the registry may be another, too.
    wanted["productConfigItems"][0]["value"] = json!("a.example");
    for role in ["approver-one", "approver-two", "outsider"] {
        put(&sandbox, role, &wanted).await.refuses(403, "not-yours");
    }
    let waiting = request(&sandbox, &made).await.json;
    let refused = put(&sandbox, "requester", &wanted).await;
    refused.refuses(409, "product-fixed");
    assert!(refused.json["message"].as_str().unwrap().contains("RegistryURL"), "{}", refused.json);
    wanted["productConfigItems"][0]["value"] = json!(sandbox.domain().to_uppercase());
    let changed = put(&sandbox, "requester", &wanted).await;
    assert_eq!((changed.status.as_u16(), &changed.json), (200, &wanted));
    assert_eq!(sandbox.get("outsider", &path(&made, "")).await.json, wanted);
    // What waits keeps the rule under which it was made; what comes gets the new one.
    assert_eq!(waiting["requiredGroups"], json!([GROUP_A, GROUP_B]));
    let old =
        sandbox.get("requester", &format!("/imagesignings/{}", waiting["id"].as_str().unwrap())).await.json;
    assert_eq!(old["requiredGroups"], json!([GROUP_A, GROUP_B]));
    assert_eq!(request(&sandbox, &made).await.json["requiredGroups"], json!([GROUP_B]));
    assert_eq!(put(&sandbox, "admin", &made).await.status.as_u16(), 200, "an admin may, too");

    let free = sandbox.create_product(sandbox.product()).await;
    let mut moved = free.clone();
    moved["productConfigItems"][0]["value"] = json!("a.example");
    assert_eq!(put(&sandbox, "requester", &moved).await.json["productConfigItems"][0]["value"], "a.example");
}

#[tokio::test]
async fn what_cannot_be_changed_is_named() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let made = sandbox.create_product(sandbox.product()).await;
    let other = json!("00000000-0000-4000-8000-000000000000");
    let at = |pointer: &str, value: Value| {
        let mut product = made.clone();
        *product.pointer_mut(pointer).unwrap() = value;
        product
    };
    let operation = made["productOperations"][0].clone();
    for (product, status, code, place) in [
        (at("/id", other.clone()), 409, "product-fixed", "product.id"),
        (
            at("/productOperations/0/id", other.clone()),
            409,
            "product-fixed",
            "product.productOperations[0].id",
        ),
        (at("/productOperations/0/id", Value::Null), 409, "product-fixed", "product.productOperations[0].id"),
        (
            at("/productOperations/0/operationType", json!("SIGN_OCI")),
            409,
            "product-fixed",
            "product.productOperations[0].operationType",
        ),
        (
            at("/productOperations/0/token/keyType", json!("RSA2048")),
            409,
            "product-fixed",
            "product.productOperations[0].token.keyType",
        ),
        (
            at("/productOperations/0/token/publicKey", json!("AAAA")),
            409,
            "product-fixed",
            "product.productOperations[0].token.publicKey",
        ),
        (
            at("/productOperations", json!([operation, operation])),
            409,
            "product-fixed",
            "product.productOperations cannot",
        ),
        (at("/productOperations", json!([])), 422, "operation-missing", "no "),
        (at("/name", json!("")), 422, "bad-input", "name"),
        (at("/enabled", json!("yes")), 422, "bad-input", "product.enabled"),
        (
            at("/productOperations/0/approvalRule/allowedGroups", json!(["x"])),
            422,
            "bad-group",
            "product.productOperations[0].approvalRule.allowedGroups[0]",
        ),
    ] {
        let reply = sandbox.call("requester", Method::PUT, &path(&made, ""), Some(product)).await;
        reply.refuses(status, code);
        assert!(reply.json["message"].as_str().unwrap().contains(place), "{place}: {}", reply.json);
    }
    let unknown = json!({ "id": other });
    sandbox
        .call("requester", Method::PUT, &path(&unknown, ""), Some(sandbox.product()))
        .await
        .refuses(404, "unknown-product");
    sandbox.call("requester", Method::PUT, "/products/x", Some(made.clone())).await.refuses(400, "bad-id");
    assert_eq!(sandbox.get("requester", &path(&made, "")).await.json, made, "and nothing changed");
}

#[tokio::test]
async fn a_product_is_switched_off_and_on() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let made = sandbox.create_product(sandbox.product()).await;
    act(&sandbox, "approver-one", &made, "/disable").await.refuses(403, "not-yours");
    let off = act(&sandbox, "requester", &made, "/disable").await.json;
    assert_eq!((&off["enabled"], &off["state"]), (&json!(false), &json!("Ready")));
    request(&sandbox, &made).await.refuses(409, "product-disabled");
    let on = act(&sandbox, "admin", &made, "/enable").await.json;
    assert_eq!(on, made);
    assert_eq!(request(&sandbox, &made).await.status.as_u16(), 201);
}

#[tokio::test]
async fn a_product_is_deleted_in_two_steps_once_nothing_waits() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let made = sandbox.create_product(sandbox.product()).await;
    let waiting = request(&sandbox, &made).await.json;
    delete(&sandbox, "approver-one", &made).await.refuses(403, "not-yours");
    delete(&sandbox, "requester", &made).await.refuses(409, "product-in-use");
    let withdraw = format!("/imagesignings/{}/withdraw", waiting["id"].as_str().unwrap());
    sandbox.post("requester", &withdraw, json!({})).await;
    act(&sandbox, "requester", &made, "/restore").await.refuses(409, "product-state");

    let marked = delete(&sandbox, "requester", &made).await;
    assert_eq!((marked.status.as_u16(), &marked.json["state"]), (200, &json!("To Be Deleted")));
    assert_eq!(sandbox.get("requester", "/products").await.json, json!([marked.json]));
    let refused = request(&sandbox, &made).await;
    refused.refuses(409, "product-not-ready");
    assert!(refused.json["message"].as_str().unwrap().contains("To Be Deleted"), "{}", refused.json);
    put(&sandbox, "requester", &made).await.refuses(409, "product-state");
    act(&sandbox, "requester", &made, "/disable").await.refuses(409, "product-state");
    act(&sandbox, "admin", &made, "/approve").await.refuses(409, "product-state");

    assert_eq!(act(&sandbox, "requester", &made, "/restore").await.json, made);
    assert_eq!(delete(&sandbox, "requester", &made).await.json["state"], "To Be Deleted");
    assert_eq!(delete(&sandbox, "requester", &made).await.json["state"], "Deleted");
    delete(&sandbox, "requester", &made).await.refuses(409, "product-state");
    act(&sandbox, "requester", &made, "/restore").await.refuses(409, "product-state");
    request(&sandbox, &made).await.refuses(409, "product-not-ready");
    // What it signed still names it.
    assert_eq!(sandbox.get("requester", "/products").await.json, json!([]));
    assert_eq!(sandbox.get("requester", &path(&made, "")).await.json["state"], "Deleted");
    assert_eq!(sandbox.get("requester", "/imagesignings").await.json.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn admins_approve_products_where_the_start_wants_it() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Issuer::start().await;
    let arguments = [&issuer.arguments()[..], &["--product-approval=2"]].concat();
    let sandbox = Sandbox::start(&folder.path().join("data"), &arguments).await;
    let second = issuer.token(&json!({ "sub": "second", "groups": [GROUP_ADMIN] }));
    let second = async |product: &Value, what: &str| {
        sandbox.call_with(&second, Method::POST, &path(product, what), None).await
    };
    let made = sandbox.create_product(sandbox.product()).await;
    assert_eq!(made["state"], "New");
    request(&sandbox, &made).await.refuses(409, "product-not-ready");
    delete(&sandbox, "requester", &made).await.refuses(409, "product-state");
    for role in ["requester", "approver-one"] {
        act(&sandbox, role, &made, "/approve").await.refuses(403, "admins-only");
        act(&sandbox, role, &made, "/reject").await.refuses(403, "admins-only");
    }
    assert_eq!(act(&sandbox, "admin", &made, "/approve").await.json["state"], "InProcess");
    request(&sandbox, &made).await.refuses(409, "product-not-ready");
    act(&sandbox, "admin", &made, "/approve").await.refuses(409, "already-approved");
    assert_eq!(second(&made, "/approve").await.json["state"], "Ready");
    second(&made, "/approve").await.refuses(409, "product-state");
    assert_eq!(request(&sandbox, &made).await.status.as_u16(), 201);

    // A change asks again: whoever may change a rule must not make it by that.
    let mut changed = made.clone();
    changed["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
    let changed = put(&sandbox, "requester", &changed).await.json;
    assert_eq!(changed["state"], "New");
    request(&sandbox, &made).await.refuses(409, "product-not-ready");
    assert_eq!(act(&sandbox, "admin", &made, "/approve").await.json["state"], "InProcess");
    // Who changes it is no other pair of eyes, and who made it neither.
    let by_admin = put(&sandbox, "admin", &changed).await.json;
    assert_eq!(by_admin["state"], "New");
    act(&sandbox, "admin", &made, "/approve").await.refuses(403, "self-approval");

    let rejected = sandbox.post("admin", &path(&made, "/reject"), json!({ "comment": "no" })).await.json;
    assert_eq!(rejected["state"], "Rejected");
    request(&sandbox, &made).await.refuses(409, "product-not-ready");
    act(&sandbox, "admin", &made, "/approve").await.refuses(409, "product-state");
    // A mark that is taken away makes it what it was, and not ready. (The request above still waits.)
    let own = sandbox.post("admin", "/products", sandbox.product()).await.json;
    act(&sandbox, "admin", &own, "/approve").await.refuses(403, "self-approval");
    assert_eq!(second(&own, "/reject").await.json["state"], "Rejected");
    assert_eq!(delete(&sandbox, "admin", &own).await.json["state"], "To Be Deleted");
    assert_eq!(act(&sandbox, "admin", &own, "/restore").await.json["state"], "Rejected");
}

#[tokio::test]
async fn one_admin_is_enough_by_default_and_may_be_its_author_by_option() {
    let (_folder, sandbox) = sandbox(&["--product-approval", "--allow-self-approval"]).await;
    let made = sandbox.post("admin", "/products", sandbox.product()).await.json;
    assert_eq!(made["state"], "New");
    assert_eq!(act(&sandbox, "admin", &made, "/approve").await.json["state"], "Ready");
    assert_eq!(request(&sandbox, &made).await.status.as_u16(), 201);
}

#[tokio::test]
async fn readers_are_not_requesters() {
    let arguments =
        ["--product-reader-groups", &GROUP_B.to_uppercase(), "--product-list-reader-groups", GROUP_ADMIN];
    let (_folder, sandbox) = sandbox(&arguments).await;
    // Whoever makes a product sees it once, and then no more than others.
    let made = sandbox.create_product(sandbox.product()).await;
    for (role, read, list) in [
        ("requester", 403, 403),
        ("approver-one", 403, 403),
        ("approver-two", 200, 403),
        ("admin", 403, 200),
        ("outsider", 403, 403),
    ] {
        let replies = (sandbox.get(role, &path(&made, "")).await, sandbox.get(role, "/products").await);
        assert_eq!((replies.0.status.as_u16(), replies.1.status.as_u16()), (read, list), "{role}");
        if read == 403 {
            replies.0.refuses(403, "not-a-reader");
        }
        if list == 403 {
            replies.1.refuses(403, "not-a-reader");
        }
    }
    let signing = request(&sandbox, &made).await;
    assert_eq!(signing.status.as_u16(), 201, "with both ids nobody needs to read: {}", signing.json);
    let several = format!("{GROUP_A},{GROUP_B}");
    let (_folder, both) = self::sandbox(&["--product-list-reader-groups", &several]).await;
    for (role, status) in [("requester", 200), ("approver-two", 200), ("admin", 403)] {
        assert_eq!(both.get(role, "/products").await.status.as_u16(), status, "{role}");
    }
}

fn operation(name: &str, operation_type: &str, key_type: &str) -> Value {
    json!({
        "name": name,
        "operationType": operation_type,
        "token": { "name": format!("key of {name}"), "description": "", "keyType": key_type },
        "approvalRule": { "allowedGroups": [GROUP_A], "approvalGroups": [], "blanketGroups": [] },
    })
}

#[tokio::test]
async fn each_operation_signs_with_its_own_key() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let mut definition = sandbox.product();
    definition["productOperations"] = json!([
        operation("first", "SignOCI", "secp256r1"),
        operation("digests", "DigestSigning", "RSA2048"),
        operation("second", "SignOCI", "secp384r1"),
        { "name": "neither", "operationType": "Encryption" },
    ]);
    let product = sandbox.create_product(definition).await;
    let operations = product["productOperations"].as_array().unwrap();
    let key = |operation: &Value| {
        operation["token"]["publicKey"].as_str().map(|text| STANDARD.decode(text.replace('\n', "")).unwrap())
    };
    let keys: Vec<_> = operations.iter().map(key).collect();
    assert!(keys[..3].iter().all(Option::is_some) && keys[3].is_none());
    assert!(keys[0] != keys[1] && keys[0] != keys[2]);

    for (index, key_type) in [(0, KeyType::Secp256r1), (2, KeyType::Secp384r1)] {
        let repository = format!("app{index}");
        let digest = sandbox.push_image(&repository, "several").await;
        let artifact = format!("{}/{repository}@{digest}", sandbox.domain());
        let mut body = request_body(&product, &artifact);
        body["idProductOperation"] = operations[index]["id"].clone();
        let signing = sandbox.post("requester", "/imagesignings", body).await.json;
        assert_eq!(sandbox.outcome(signing["id"].as_str().unwrap()).await["status"], 16);
        let manifest = sandbox.signatures(&repository, &digest).await.unwrap();
        let payload = simple_signing::payload(&Reference::parse(&artifact).unwrap());
        let holds = |key: &[u8]| {
            signature_manifest::holds(&manifest, payload.as_bytes(), |signature| {
                keys::verifies(key_type, key, payload.as_bytes(), signature)
            })
        };
        assert!(holds(keys[index].as_ref().unwrap()));
        assert!(!holds(keys[2 - index].as_ref().unwrap()), "not the other's");
    }
    for (index, named) in [(1, "DigestSigning"), (3, "Encryption")] {
        let mut request = body(&sandbox, &product);
        request["idProductOperation"] = operations[index]["id"].clone();
        let refused = sandbox.post("requester", "/imagesignings", request).await;
        refused.refuses(422, "operation-type");
        assert!(refused.json["message"].as_str().unwrap().contains(named), "{}", refused.json);
    }
}

#[tokio::test]
async fn what_is_wrong_with_an_operation_is_named_by_its_path() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let at = |index: usize, pointer: &str, value: Value| {
        let mut product = sandbox.product();
        product["productOperations"] =
            json!([operation("a", "SignOCI", "secp256r1"), operation("b", "DigestSigning", "secp256r1")]);
        *product["productOperations"][index].pointer_mut(pointer).unwrap() = value;
        product
    };
    for index in [0, 1] {
        for (pointer, value, code, place) in [
            ("/token/keyType", json!("RSA1024"), "key-type", ".token.keyType"),
            ("/token/keyType", Value::Null, "key-type", ".token.keyType"),
            ("/token", Value::Null, "key-type", ".token.keyType"),
            ("/token/keyType", json!(4096), "bad-input", ".token.keyType"),
            ("/approvalRule", Value::Null, "bad-input", ".approvalRule"),
            ("/approvalRule/allowedGroups", json!([]), "bad-input", ".approvalRule.allowedGroups"),
            (
                "/approvalRule/approvalGroups",
                json!([GROUP_A, 7]),
                "bad-input",
                ".approvalRule.approvalGroups[1]",
            ),
            ("/approvalRule/blanketGroups", json!(["x"]), "bad-group", ".approvalRule.blanketGroups[0]"),
        ] {
            let reply = sandbox.post("requester", "/products", at(index, pointer, value)).await;
            reply.refuses(422, code);
            let place = format!("product.productOperations[{index}]{place}");
            assert!(reply.json["message"].as_str().unwrap().starts_with(&place), "{place}: {}", reply.json);
        }
    }
    assert_eq!(sandbox.get("requester", "/products").await.json, json!([]));
}

/// A product is changed while others request: each request has one whole rule, the old or the new.
#[tokio::test]
async fn a_request_is_checked_by_the_product_that_it_is_kept_with() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let made = sandbox.create_product(sandbox.product()).await;
    let rule = |groups: &[&str]| {
        let mut product = made.clone();
        product["productOperations"][0]["approvalRule"]["approvalGroups"] = json!(groups);
        product
    };
    let (one, other) = (rule(&[GROUP_B]), rule(&[GROUP_A]));
    let change = async {
        for _ in 0..20 {
            for product in [&one, &other] {
                assert_eq!(put(&sandbox, "requester", product).await.status.as_u16(), 200);
            }
        }
        put(&sandbox, "requester", &one).await;
        act(&sandbox, "requester", &made, "/disable").await;
    };
    let ask = async {
        loop {
            let reply = request(&sandbox, &made).await;
            if reply.status.as_u16() == 409 {
                reply.refuses(409, "product-disabled");
                return;
            }
            assert_eq!(reply.status.as_u16(), 201, "{}", reply.json);
        }
    };
    tokio::join!(change, ask);
    // By the log: between a change and its request no other change came.
    let log = sandbox
        .get("admin", &format!("/audit?product={}&limit=1000", made["id"].as_str().unwrap()))
        .await
        .json;
    let mut rules = json!([GROUP_A, GROUP_B]);
    let (mut changes, mut requests) = (0, 0);
    for entry in log.as_array().unwrap() {
        match entry["action"].as_str().unwrap() {
            "product-change" => {
                rules = if changes % 2 == 0 { json!([GROUP_B]) } else { json!([GROUP_A]) };
                changes += 1;
            }
            "request" => {
                assert_eq!(entry["details"]["requiredGroups"], rules, "{entry}");
                requests += 1;
            }
            _ => {}
        }
    }
    assert!(changes == 41 && requests > 0, "{changes} {requests}");
}
