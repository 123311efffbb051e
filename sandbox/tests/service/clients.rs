//! Who gets the secrets document of a product, and can anybody else read it?

use crate::support::{Reply, Sandbox};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeySize, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};

const APPROVER_ONE: &str = "2a94c7e3-5b60-4d18-8f2c-71e3b5d6a922";

async fn sandbox(arguments: &[&str]) -> (tempfile::TempDir, Sandbox) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), arguments).await;
    (folder, sandbox)
}

/// A key pair for decrypting, and its public half as a JWK.
struct Pair {
    private: OaepPrivateDecryptingKey,
    jwk: Value,
}

impl Pair {
    fn new() -> Self {
        let private = PrivateDecryptingKey::generate(KeySize::Rsa2048).unwrap();
        let public: PublicKeyX509Der<'_> = private.public_key().as_der().unwrap();
        // SubjectPublicKeyInfo of an RSA2048 key: the modulus is the last but 5 bytes, which are the exponent 65537.
        let der = public.as_ref();
        let (rest, exponent) = der.split_at(der.len() - 3);
        let modulus = &rest[rest.len() - 2 - 256..rest.len() - 2];
        assert_eq!(exponent, [1, 0, 1]);
        let [n, e] = [modulus, exponent].map(|number| URL_SAFE_NO_PAD.encode(number));
        let jwk = json!({ "kty": "RSA", "n": n, "e": e, "use": "enc", "alg": "RSA-OAEP-256", "kid": "mine" });
        Self { private: OaepPrivateDecryptingKey::new(private).unwrap(), jwk }
    }

    /// The header, and the document.
    fn open(&self, jwe: &str) -> Option<(Value, Value)> {
        let parts: [&str; 5] = jwe.split('.').collect::<Vec<_>>().try_into().expect("five parts");
        let [header, key, nonce, body, tag] = parts;
        let [plain, key, nonce, body, tag] =
            [header, key, nonce, body, tag].map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
        let mut content_key = vec![0; self.private.min_output_size()];
        let content_key = self.private.decrypt(&OAEP_SHA256_MGF1SHA256, &key, &mut content_key, None).ok()?;
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, content_key).unwrap());
        let mut sealed = [body, tag].concat();
        let nonce = Nonce::try_assume_unique_for_key(&nonce).unwrap();
        let text = cipher.open_in_place(nonce, Aad::from(header.as_bytes()), &mut sealed).unwrap();
        Some((serde_json::from_slice(&plain).unwrap(), serde_json::from_slice(text).unwrap()))
    }
}

fn registration(product: &Value, user: &str, jwk: &Value) -> Value {
    json!({ "name": "production PC", "productId": product["id"], "clientUser": user, "publicKey": jwk })
}

async fn register(sandbox: &Sandbox, body: Value) -> Value {
    let reply = sandbox.post("requester", "/registrations/clients", body).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", reply.json);
    reply.json
}

async fn approve(sandbox: &Sandbox, role: &str, client: &Value) -> Reply {
    let path = format!("/registrations/clients/{}/approve", client["id"].as_str().unwrap());
    sandbox.call(role, Method::POST, &path, None).await
}

async fn secrets(sandbox: &Sandbox, role: &str, product: &Value) -> Reply {
    sandbox.get(role, &format!("/distributions/products/{}/secrets", product["id"].as_str().unwrap())).await
}

fn public_key(product: &Value) -> &Value {
    &product["productOperations"][0]["token"]["publicKey"]
}

#[tokio::test]
async fn an_approved_client_gets_the_document_and_nobody_else() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let product = sandbox.create_product(sandbox.product()).await;
    let (pair, other) = (Pair::new(), Pair::new());
    let client = register(&sandbox, registration(&product, &APPROVER_ONE.to_uppercase(), &pair.jwk)).await;
    assert_eq!((&client["state"], &client["clientUser"]), (&json!("New"), &json!(APPROVER_ONE)));
    assert_eq!(client["publicKey"], json!({ "e": pair.jwk["e"], "kty": "RSA", "n": pair.jwk["n"] }));
    let early = secrets(&sandbox, "approver-one", &product).await;
    early.refuses(403, "no-client");
    assert!(early.json["message"].as_str().unwrap().contains("not approved"), "{}", early.json);
    for role in ["requester", "approver-one", "outsider"] {
        approve(&sandbox, role, &client).await.refuses(403, "admins-only");
    }
    assert_eq!(approve(&sandbox, "admin", &client).await.json["state"], "Ready");
    approve(&sandbox, "admin", &client).await.refuses(409, "already-approved");

    let reply = secrets(&sandbox, "approver-one", &product).await;
    assert_eq!(
        (reply.status.as_u16(), &reply.headers["content-type"]),
        (200, &"application/jose".parse().unwrap())
    );
    let jwe = reply.json.as_str().unwrap();
    let (header, document) = pair.open(jwe).unwrap();
    assert_eq!(
        header,
        json!({ "alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": client["id"], "cty": "json" })
    );
    assert_eq!(
        document,
        json!({
            "caInfo": [],
            "description": "Product OCI signing",
            "id": product["id"],
            "name": "OCI SIGN",
            "productConfigItems": product["productConfigItems"],
            "tokenInfo": [{
                "name": "Key for ocisigning",
                "description": "HSM token for ocisigning",
                "keyType": "secp256r1",
                "publicKey": public_key(&product),
            }],
        })
    );
    assert!(other.open(jwe).is_none(), "only the client's key opens it");
    let again = secrets(&sandbox, "approver-one", &product).await;
    assert_ne!(again.json, reply.json, "each is encrypted anew");

    // Whoever registered or approved it does not read, nor does its user read of another product.
    for role in ["requester", "admin", "outsider"] {
        secrets(&sandbox, role, &product).await.refuses(403, "no-client");
    }
    let another = sandbox.create_product(sandbox.product()).await;
    secrets(&sandbox, "approver-one", &another).await.refuses(403, "no-client");
    let unknown = json!({ "id": "00000000-0000-4000-8000-000000000000" });
    secrets(&sandbox, "approver-one", &unknown).await.refuses(404, "unknown-product");

    // The newest approved key counts; without its client the document is gone.
    let newer = register(&sandbox, registration(&product, APPROVER_ONE, &other.jwk)).await;
    assert!(pair.open(secrets(&sandbox, "approver-one", &product).await.json.as_str().unwrap()).is_some());
    approve(&sandbox, "admin", &newer).await;
    assert!(other.open(secrets(&sandbox, "approver-one", &product).await.json.as_str().unwrap()).is_some());
    for client in [&client, &newer] {
        let path = format!("/registrations/clients/{}", client["id"].as_str().unwrap());
        sandbox.call("approver-two", Method::DELETE, &path, None).await.refuses(404, "unknown-client");
        assert_eq!(sandbox.call("approver-one", Method::DELETE, &path, None).await.status.as_u16(), 204);
    }
    secrets(&sandbox, "approver-one", &product).await.refuses(403, "no-client");

    let log = sandbox.get("admin", "/audit").await.json;
    let told: Vec<_> = log.as_array().unwrap().iter().filter_map(|entry| entry["action"].as_str()).collect();
    for (action, count) in
        [("client-register", 2), ("client-approve", 2), ("client-delete", 2), ("secrets-read", 4)]
    {
        assert_eq!(told.iter().filter(|it| **it == action).count(), count, "{action}");
    }
}

#[tokio::test]
async fn each_sees_the_clients_that_concern_them() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let product = sandbox.create_product(sandbox.product()).await;
    let client = register(&sandbox, registration(&product, APPROVER_ONE, &Pair::new().jwk)).await;
    let path = format!("/registrations/clients/{}", client["id"].as_str().unwrap());
    for role in ["requester", "approver-one", "admin"] {
        assert_eq!(sandbox.get(role, "/registrations/clients").await.json, json!([client]), "{role}");
        assert_eq!(sandbox.get(role, &path).await.json, client, "{role}");
    }
    for role in ["approver-two", "outsider"] {
        assert_eq!(sandbox.get(role, "/registrations/clients").await.json, json!([]), "{role}");
        sandbox.get(role, &path).await.refuses(404, "unknown-client");
    }
    let own =
        sandbox.post("admin", "/registrations/clients", registration(&product, "x", &Pair::new().jwk)).await;
    approve(&sandbox, "admin", &own.json).await.refuses(403, "self-approval");
}

#[tokio::test]
async fn registrations_are_checked_and_never_quoted() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let product = sandbox.create_product(sandbox.product()).await;
    let jwk = Pair::new().jwk;
    let good = registration(&product, APPROVER_ONE, &jwk);
    let with = |name: &str, value: Value| {
        let mut jwk = jwk.clone();
        jwk[name] = value;
        jwk
    };
    let unknown = json!("00000000-0000-4000-8000-000000000000");
    for (field, value, status, code) in [
        ("name", json!(" "), 422, "bad-input"),
        ("name", json!(["hush-hush"]), 422, "bad-input"),
        ("name", json!("n".repeat(201)), 422, "too-large"),
        ("productId", json!("hush-hush"), 422, "bad-input"),
        ("productId", unknown, 404, "unknown-product"),
        ("clientUser", json!("hush\u{200b}hush"), 422, "bad-input"),
        ("clientUser", json!(""), 422, "bad-input"),
        ("publicKey", json!("hush-hush"), 422, "bad-input"),
        ("publicKey", Value::Null, 422, "bad-input"),
        ("publicKey", json!({}), 422, "bad-public-key"),
        ("publicKey", with("d", json!("hush-hush")), 422, "bad-public-key"),
        ("publicKey", json!({ "kty": "oct", "k": "hush-hush" }), 422, "bad-public-key"),
        ("publicKey", with("use", json!("sig")), 422, "bad-public-key"),
        ("publicKey", with("n", json!("hush-hush")), 422, "bad-public-key"),
        ("publicKey", with("n", json!("A".repeat(100_000))), 422, "bad-public-key"),
        ("hush-hush", json!("hush-hush"), 422, "bad-input"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let reply = sandbox.post("requester", "/registrations/clients", body).await;
        reply.refuses(status, code);
        assert!(!reply.json.to_string().contains("hush"), "{}", reply.json);
    }
    sandbox.post("outsider", "/registrations/clients", good).await.refuses(403, "not-allowed");
    sandbox.get("admin", "/registrations/clients/x").await.refuses(400, "bad-id");
    assert_eq!(sandbox.get("admin", "/registrations/clients").await.json, json!([]));
}

#[tokio::test]
async fn keys_are_shown_where_the_start_says() {
    for (place, in_product, in_secrets) in
        [("product", true, false), ("secrets", false, true), ("both", true, true)]
    {
        let (_folder, sandbox) = sandbox(&["--keys-in", place]).await;
        let made = sandbox.create_product(sandbox.product()).await;
        let path = format!("/products/{}", made["id"].as_str().unwrap());
        let listed = sandbox.get("requester", "/products").await.json[0].clone();
        let put = sandbox.call("requester", Method::PUT, &path, Some(made.clone())).await.json;
        for product in [&made, &sandbox.get("requester", &path).await.json, &listed, &put] {
            assert_eq!(public_key(product).is_string(), in_product, "{place}: {product}");
        }
        let pair = Pair::new();
        let client = register(&sandbox, registration(&made, APPROVER_ONE, &pair.jwk)).await;
        approve(&sandbox, "admin", &client).await;
        let reply = secrets(&sandbox, "approver-one", &made).await;
        let (_, document) = pair.open(reply.json.as_str().unwrap()).unwrap();
        let token = &document["tokenInfo"][0];
        assert_eq!(token["keyType"], "secp256r1");
        assert_eq!(token["publicKey"].is_string(), in_secrets, "{place}: {document}");
        if in_product && in_secrets {
            assert_eq!(&token["publicKey"], public_key(&made));
        }
    }
}
