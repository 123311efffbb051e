//! The main path: product, request, approvals, signature in the registry, status 16.

use crate::support::{GROUP_A, Sandbox};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ocisign::{KeyType, Reference, simple_signing};
use ocisign_sandbox::{keys, signature_manifest};
use serde_json::{Value, json};

async fn sandbox() -> (tempfile::TempDir, Sandbox) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]).await;
    (folder, sandbox)
}

fn public_der(product: &Value) -> Vec<u8> {
    let shown = product["productOperations"][0]["token"]["publicKey"].as_str().unwrap();
    assert!(shown.lines().all(|line| line.len() <= 64));
    STANDARD.decode(shown.replace('\n', "")).unwrap()
}

fn holds(manifest: &Value, product: &Value, artifact: &str) -> bool {
    let payload = simple_signing::payload(&Reference::parse(artifact).unwrap());
    let written = product["productOperations"][0]["token"]["keyType"].as_str().unwrap();
    let key_type = KeyType::parse(written).unwrap();
    let public = public_der(product);
    signature_manifest::holds(manifest, payload.as_bytes(), |signature| {
        keys::verifies(key_type, &public, payload.as_bytes(), signature)
    })
}

#[tokio::test]
async fn two_groups_approve_and_the_registry_has_the_signature() {
    let (_folder, sandbox) = sandbox().await;
    let digest = sandbox.push_image("team/app", "hello").await;
    let artifact = format!("{}/team/app@{digest}", sandbox.domain());
    let mut definition = sandbox.product();
    definition["productOperations"][0]["token"]["keyType"] = json!("RSA4096");
    definition["somethingElse"] = json!({ "kept": [1, 2] });
    let product = sandbox.create_product(definition).await;
    assert_eq!(product["somethingElse"], json!({ "kept": [1, 2] }));
    let path = format!("/products/{}", product["id"].as_str().unwrap());
    assert_eq!(sandbox.get("requester", &path).await.json, product);
    assert_eq!(sandbox.get("requester", "/products/").await.json, json!([product]));

    let signing = sandbox.request(&product, &artifact).await;
    let id = signing["id"].as_str().unwrap();
    assert_eq!(signing["status"], 2);
    assert_eq!(signing["missingGroups"].as_array().unwrap().len(), 2);
    let body = crate::support::request_body(&product, &artifact);
    for (key, value) in body.as_object().unwrap() {
        assert_eq!(&signing[key], value);
    }

    let first = sandbox.approve("approver-one", id).await;
    assert_eq!((first.status.as_u16(), &first.json["status"]), (200, &json!(2)));
    let second = sandbox.approve("approver-two", id).await;
    assert_eq!(second.status.as_u16(), 200);
    let signed = sandbox.outcome(id).await;
    assert_eq!(signed["status"], 16, "{signed}");
    assert_eq!(signed["approvals"].as_array().unwrap().len(), 2);
    let steps: Vec<i64> =
        signed["history"].as_array().unwrap().iter().filter_map(|step| step["status"].as_i64()).collect();
    assert_eq!(steps, [1, 2, 4, 8, 16]);

    let manifest = sandbox.signatures("team/app", &digest).await.unwrap();
    assert!(holds(&manifest, &product, &artifact), "{manifest}");
    let newest = sandbox.get("outsider", "/imagesignings?status=16&limit=1").await.json;
    assert_eq!(newest, json!([signed]));
    assert_eq!(sandbox.get("outsider", "/imagesignings?status=2").await.json, json!([]));
}

#[tokio::test]
async fn every_key_type_signs_and_signatures_stay_side_by_side() {
    let (_folder, sandbox) = sandbox().await;
    let digest = sandbox.push_image("app", "many").await;
    let artifact = format!("{}/app@{digest}", sandbox.domain());
    let mut products = Vec::new();
    for key_type in ["RSA2048", "RSA3072", "secp256r1", "secp384r1", "secp521r1"] {
        let mut definition = sandbox.product();
        definition["productOperations"][0]["token"]["keyType"] = json!(key_type);
        definition["productOperations"][0]["approvalRule"]["blanketGroups"] = json!([GROUP_A]);
        products.push(sandbox.create_product(definition).await);
    }
    // All at once: each must keep what the others added.
    let mut ids = Vec::new();
    for product in &products {
        let signing = sandbox.request(product, &artifact).await;
        assert_eq!(signing["status"], 4, "approved beforehand: {signing}");
        ids.push(signing["id"].as_str().unwrap().to_owned());
    }
    for id in &ids {
        let signing = sandbox.outcome(id).await;
        assert_eq!(signing["status"], 16, "{signing}");
    }
    let manifest = sandbox.signatures("app", &digest).await.unwrap();
    assert_eq!(manifest["layers"].as_array().unwrap().len(), products.len());
    for product in &products {
        assert!(holds(&manifest, product, &artifact), "{}", product["productOperations"][0]["token"]);
    }

    // Once more with a key that has signed: nothing is added.
    let again = sandbox.request(&products[0], &artifact).await;
    assert_eq!(sandbox.outcome(again["id"].as_str().unwrap()).await["status"], 16);
    assert_eq!(sandbox.signatures("app", &digest).await.unwrap(), manifest);
}

#[tokio::test]
async fn the_embedded_registry_is_also_localhost() {
    let (_folder, sandbox) = sandbox().await;
    let digest = sandbox.push_image("app", "hello").await;
    let domain = sandbox.domain().replace("127.0.0.1", "localhost");
    let mut definition = crate::support::product(&domain);
    definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
    let product = sandbox.create_product(definition).await;
    let artifact = format!("{domain}/app@{digest}");
    let signing = sandbox.request(&product, &artifact).await;
    let signed = sandbox.outcome(signing["id"].as_str().unwrap()).await;
    assert_eq!(signed["status"], 16, "{signed}");
    assert!(holds(&sandbox.signatures("app", &digest).await.unwrap(), &product, &artifact));
}

/// The embedded registry has two names; under both it is one tag that signatures are added to.
#[tokio::test]
async fn signatures_under_both_names_stay_side_by_side() {
    let (_folder, sandbox) = sandbox().await;
    let digest = sandbox.push_image("app", "both").await;
    let names = [sandbox.domain().to_owned(), sandbox.domain().replace("127.0.0.1", "localhost")];
    let mut ids = Vec::new();
    for round in 0..4 {
        let domain = &names[round % 2];
        let mut definition = crate::support::product(domain);
        definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
        let product = sandbox.create_product(definition).await;
        let signing = sandbox.request(&product, &format!("{domain}/app@{digest}")).await;
        ids.push(signing["id"].as_str().unwrap().to_owned());
    }
    for id in &ids {
        let signing = sandbox.outcome(id).await;
        assert_eq!(signing["status"], 16, "{signing}");
    }
    let manifest = sandbox.signatures("app", &digest).await.unwrap();
    assert_eq!(manifest["layers"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_failure_has_a_reason_and_no_secret() {
    let (_folder, sandbox) = sandbox().await;
    let mut definition = sandbox.product();
    definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
    let product = sandbox.create_product(definition).await;
    let artifact = format!("{}/none@sha256:{}", sandbox.domain(), "0".repeat(64));
    let signing = sandbox.request(&product, &artifact).await;
    let failed = sandbox.outcome(signing["id"].as_str().unwrap()).await;
    assert_eq!(failed["status"], 64);
    assert!(failed["reason"].as_str().unwrap().contains("has no image"), "{failed}");

    // A registry that is not there.
    let folder = tempfile::tempdir().unwrap();
    let allowed = ["--allow-registry", "http://127.0.0.1:1"];
    let sandbox = Sandbox::start(&folder.path().join("data"), &allowed).await;
    let mut definition = crate::support::product("127.0.0.1:1");
    definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
    let product = sandbox.create_product(definition).await;
    let artifact = format!("127.0.0.1:1/none@sha256:{}", "0".repeat(64));
    let signing = sandbox.request(&product, &artifact).await;
    let failed = sandbox.outcome(signing["id"].as_str().unwrap()).await;
    assert_eq!(failed["status"], 64);
    assert!(failed["reason"].as_str().unwrap().contains("cannot be reached"), "{failed}");
}

#[tokio::test]
async fn another_sandbox_s_registry_serves_as_any_other() {
    let (_folder, other) = sandbox().await;
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    std::fs::write(&password, format!("{}\n", other.ready["registry"]["password"].as_str().unwrap()))
        .unwrap();
    let url = other.ready["registry"]["url"].as_str().unwrap();
    let good = ["--registry", url, "--registry-username", "sandbox", "--registry-password-file"];
    let good = [&good[..], &[password.to_str().unwrap()]].concat();
    let data = folder.path().join("data");

    let digest = other.push_image("app", "elsewhere").await;
    let artifact = format!("{}/app@{digest}", other.domain());
    let outcome = async |arguments: &[&str]| {
        let sandbox = Sandbox::start(&data, arguments).await;
        assert_eq!(sandbox.domain(), other.domain());
        assert_eq!(sandbox.ready["registry"]["password"], Value::Null);
        let mut definition = sandbox.product();
        definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
        let product = sandbox.create_product(definition).await;
        let signing = sandbox.request(&product, &artifact).await;
        sandbox.outcome(signing["id"].as_str().unwrap()).await
    };
    assert_eq!(outcome(&good).await["status"], 16);

    let anonymous = outcome(&["--registry", url]).await;
    assert_eq!(anonymous["status"], 64);
    assert!(anonymous["reason"].as_str().unwrap().contains("none are kept"), "{anonymous}");

    std::fs::write(&password, "wrong-password").unwrap();
    let refused = outcome(&good).await;
    assert_eq!(refused["status"], 64);
    assert!(refused["reason"].as_str().unwrap().contains("refused the username and password"), "{refused}");
    assert!(!refused.to_string().contains("wrong-password"));
}
