//! Digests are signed by operations of type DigestSigning: under the same rules as images, and nothing else is.

use crate::support::{GROUP_A, GROUP_B, Sandbox, request_body};
use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ocisign::KeyType;
use ocisign_sandbox::hash::{Digest, Hash};
use ocisign_sandbox::keys;
use serde_json::{Value, json};

async fn sandbox(arguments: &[&str]) -> (tempfile::TempDir, Sandbox) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), arguments).await;
    (folder, sandbox)
}

/// A product with an operation for images and one for digests, with the same rule.
async fn product(sandbox: &Sandbox, key_type: &str, approval_groups: &[&str]) -> Value {
    let mut definition = sandbox.product();
    let mut digests = definition["productOperations"][0].clone();
    digests["name"] = json!("digests");
    digests["operationType"] = json!("DigestSigning");
    digests["token"]["keyType"] = json!(key_type);
    digests["approvalRule"]["approvalGroups"] = json!(approval_groups);
    definition["productOperations"].as_array_mut().unwrap().push(digests);
    sandbox.create_product(definition).await
}

fn hashed(hash: Hash, content: &[u8]) -> Vec<u8> {
    let algorithm = match hash {
        Hash::Sha256 => &SHA256,
        Hash::Sha384 => &SHA384,
        Hash::Sha512 => &SHA512,
    };
    digest(algorithm, content).as_ref().to_vec()
}

fn body(product: &Value, hash: Hash, bytes: &[u8]) -> Value {
    let mut body = request_body(product, "not/used");
    body["idProductOperation"] = product["productOperations"][1]["id"].clone();
    body["payload"]["optionalParameters"] =
        json!([{ "digest": STANDARD.encode(bytes), "hashAlgorithm": hash.name() }]);
    body
}

fn public_der(product: &Value) -> Vec<u8> {
    let shown = product["productOperations"][1]["token"]["publicKey"].as_str().unwrap();
    STANDARD.decode(shown.replace('\n', "")).unwrap()
}

fn signature(signing: &Value) -> Vec<u8> {
    STANDARD.decode(signing["signature"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn every_type_of_key_signs_the_digests_that_suit_it_and_no_others() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let mut signed = 0;
    for key_type in
        [KeyType::Rsa2048, KeyType::Rsa3072, KeyType::Secp256r1, KeyType::Secp384r1, KeyType::Secp521r1]
    {
        let product = product(&sandbox, key_type.as_str(), &[]).await;
        let key = public_der(&product);
        for hash in Hash::ALL {
            let bytes = hashed(hash, key_type.as_str().as_bytes());
            let reply = sandbox.post("requester", "/imagesignings", body(&product, hash, &bytes)).await;
            if !hash.suits(key_type) {
                reply.refuses(422, "hash-algorithm");
                continue;
            }
            assert_eq!(reply.status.as_u16(), 201, "{}", reply.json);
            let outcome = sandbox.outcome(reply.json["id"].as_str().unwrap()).await;
            assert_eq!(outcome["status"], 16, "{outcome}");
            let digest = Digest::new(hash, bytes).unwrap();
            assert!(keys::verifies_digest(key_type, &key, &digest, &signature(&outcome)), "{outcome}");
            let other = Digest::new(hash, hashed(hash, b"another")).unwrap();
            assert!(!keys::verifies_digest(key_type, &key, &other, &signature(&outcome)));
            // Over SHA-256, it is a signature of the content as everybody checks it.
            let content = key_type.as_str().as_bytes();
            let as_content = keys::verifies(key_type, &key, content, &signature(&outcome));
            assert_eq!(as_content, hash == Hash::Sha256);
            signed += 1;
        }
    }
    assert_eq!(signed, 12);
}

#[tokio::test]
async fn a_digest_waits_for_approvals_as_an_image_does() {
    let (_folder, sandbox) = sandbox(&["--request-lifetime", "3600"]).await;
    let product = product(&sandbox, "secp256r1", &[GROUP_A, GROUP_B]).await;
    let bytes = hashed(Hash::Sha256, b"content");
    let body = body(&product, Hash::Sha256, &bytes);
    let outsider = sandbox.post("outsider", "/imagesignings", body.clone()).await;
    outsider.refuses(403, "not-allowed");
    let signing = sandbox.post("requester", "/imagesignings", body.clone()).await.json;
    let id = signing["id"].as_str().unwrap();
    assert_eq!(signing["status"], 2);
    assert!(signing["signature"].is_null() && signing["expiresAt"].is_string());
    assert_eq!(signing["payload"], body["payload"]);
    sandbox.approve("requester", id).await.refuses(403, "self-approval");
    assert_eq!(sandbox.approve("approver-one", id).await.json["status"], 2);
    // Bound to what the approver saw, as with images.
    let mut other = signing["payload"].clone();
    other["optionalParameters"][0]["digest"] = json!(STANDARD.encode(hashed(Hash::Sha256, b"other")));
    let path = format!("/imagesignings/{id}/approve");
    let changed = sandbox.post("approver-two", &path, json!({ "expect": { "payload": other } })).await;
    changed.refuses(409, "changed");
    let approved =
        sandbox.post("approver-two", &path, json!({ "expect": { "payload": signing["payload"] } })).await;
    assert_eq!(approved.status.as_u16(), 200, "{}", approved.json);
    let outcome = sandbox.outcome(id).await;
    assert_eq!(outcome["status"], 16, "{outcome}");
    let digest = Digest::new(Hash::Sha256, bytes).unwrap();
    assert!(keys::verifies_digest(KeyType::Secp256r1, &public_der(&product), &digest, &signature(&outcome)));
    // Lists show it, too, and the audit log names the digest.
    let listed = sandbox.get("outsider", "/imagesignings?status=16").await.json;
    assert_eq!(listed, json!([outcome]));
    let entries = sandbox.get("admin", &format!("/audit?signing={id}")).await.json;
    let actions: Vec<&str> =
        entries.as_array().unwrap().iter().filter_map(|entry| entry["action"].as_str()).collect();
    assert_eq!(actions, ["request", "approve", "approve", "sign-begin", "sign-end"]);
    assert_eq!(entries[0]["details"]["digest"], digest.to_string());

    let rejected = sandbox.post("requester", "/imagesignings", body).await.json;
    let path = format!("/imagesignings/{}/reject", rejected["id"].as_str().unwrap());
    let rejected = sandbox.post("approver-one", &path, json!({ "comment": "no" })).await.json;
    assert_eq!((&rejected["status"], &rejected["signature"]), (&json!(32), &Value::Null));
}

#[tokio::test]
async fn what_is_no_digest_for_the_operation_is_refused() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let product = product(&sandbox, "RSA2048", &[]).await;
    let digest = STANDARD.encode([7; 32]);
    let with = |parameters: Value| {
        let mut body = body(&product, Hash::Sha256, &[7; 32]);
        body["payload"]["optionalParameters"] = parameters;
        body
    };
    let one = |digest: &Value, hash: &Value| with(json!([{ "digest": digest, "hashAlgorithm": hash }]));
    let short = STANDARD.encode([7; 31]);
    let image = STANDARD.encode(format!("{}/app@sha256:{}", sandbox.domain(), "0".repeat(64)));
    for (body, code) in [
        (one(&json!(short), &json!("SHA256")), "digest-length"),
        (one(&json!(STANDARD.encode([7; 33])), &json!("SHA256")), "digest-length"),
        (one(&json!(STANDARD.encode([7; 64])), &json!("SHA256")), "digest-length"),
        (one(&json!(digest), &json!("SHA384")), "digest-length"),
        (one(&json!(digest), &json!("SHA512")), "digest-length"),
        (one(&json!(""), &json!("SHA256")), "digest-length"),
        // The digits, in place of the bytes.
        (one(&json!("07".repeat(32)), &json!("SHA256")), "digest-length"),
        (one(&json!("not base64"), &json!("SHA256")), "digest-encoding"),
        (one(&json!(digest.trim_end_matches('=')), &json!("SHA256")), "digest-encoding"),
        (one(&json!(format!("{digest}\n")), &json!("SHA256")), "digest-encoding"),
        (one(&json!(digest), &json!("sha256")), "hash-algorithm"),
        (one(&json!(digest), &json!("SHA1")), "hash-algorithm"),
        (one(&json!(digest), &json!("")), "hash-algorithm"),
        (one(&json!(digest), &Value::Null), "bad-input"),
        (one(&json!(7), &json!("SHA256")), "bad-input"),
        (with(json!([{ "digest": digest }])), "bad-input"),
        (with(json!([{ "digest": digest, "hashAlgorithm": "SHA256", "more": 1 }])), "bad-input"),
        (with(json!([])), "operation-type"),
        (with(json!([{ "artifactURI": image }])), "operation-type"),
        // Two subjects: which of them would be signed?
        (
            with(json!([{ "artifactURI": image, "digest": digest, "hashAlgorithm": "SHA256" }])),
            "operation-type",
        ),
        (
            with(json!([
                { "digest": digest, "hashAlgorithm": "SHA256" },
                { "digest": digest, "hashAlgorithm": "SHA256" },
            ])),
            "bad-input",
        ),
        (
            with(json!([{ "artifactURI": image }, { "digest": digest, "hashAlgorithm": "SHA256" }])),
            "bad-input",
        ),
    ] {
        let reply = sandbox.post("requester", "/imagesignings", body.clone()).await;
        assert_eq!(
            (reply.status.as_u16(), &reply.json["code"]),
            (422, &json!(code)),
            "{body} {}",
            reply.json
        );
    }
    // An operation of another type signs no digest, whatever the request says.
    let mut body = one(&json!(digest), &json!("SHA256"));
    body["idProductOperation"] = product["productOperations"][0]["id"].clone();
    let refused = sandbox.post("requester", "/imagesignings", body.clone()).await;
    refused.refuses(422, "operation-type");
    assert!(refused.json["message"].as_str().unwrap().contains("SignOCI"), "{}", refused.json);
    // What only the service says of a request cannot be posted.
    body["idProductOperation"] = product["productOperations"][1]["id"].clone();
    body["signature"] = json!("AAAA");
    sandbox.post("requester", "/imagesignings", body).await.refuses(422, "bad-input");
    assert_eq!(sandbox.get("requester", "/imagesignings").await.json, json!([]));
}

#[tokio::test]
async fn a_kill_loses_no_digest_and_a_signature_stays_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut sandbox = Sandbox::start(&data, &[]).await;
    let product = product(&sandbox, "secp384r1", &[]).await;
    let mut ids = Vec::new();
    for content in 0..20_u8 {
        let body = body(&product, Hash::Sha384, &hashed(Hash::Sha384, &[content]));
        let signing = sandbox.post("requester", "/imagesignings", body).await.json;
        ids.push(signing["id"].as_str().unwrap().to_owned());
    }
    let first = sandbox.outcome(&ids[0]).await;
    sandbox.kill();
    let sandbox = Sandbox::start(&data, &[]).await;
    assert_eq!(sandbox.outcome(&ids[0]).await, first);
    for (content, id) in (0..20_u8).zip(&ids) {
        let outcome = sandbox.outcome(id).await;
        assert_eq!(outcome["status"], 16, "{outcome}");
        let digest = Digest::new(Hash::Sha384, hashed(Hash::Sha384, &[content])).unwrap();
        let signature = signature(&outcome);
        assert!(keys::verifies_digest(KeyType::Secp384r1, &public_der(&product), &digest, &signature));
    }
}
