//! What does a requester hear when a registry says why it refuses, and which answers to a push are none?
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod support;

use axum::http::Method;
use serde_json::{Value, json};
use support::Sandbox;
use support::fake_registry::{FakeRegistry, reply};

const PASSWORD: &str = "hush-hush-hush";

/// Signs in a registry that answers so to the push of the signatures.
async fn signed(status: u16, words: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let body = json!({ "errors": [{ "code": "DENIED", "message": words }] }).to_string();
    let registry = FakeRegistry::start(move |asked| {
        if asked.authorization.is_none() {
            return Some(reply(401, &[("www-authenticate", "Basic realm=\"x\"")], ""));
        }
        let is_push = asked.method == Method::PUT && asked.path.ends_with(".sig");
        is_push.then(|| reply(status, &[], body.clone()))
    })
    .await;
    let url = registry.url();
    let sandbox = Sandbox::start(&folder.path().join("data"), &["--allow-registry", &url]).await;
    let credential =
        json!({ "domain": registry.address.to_string(), "username": "robot", "password": PASSWORD });
    assert_eq!(sandbox.post("admin", "/registrycredentials", credential).await.status.as_u16(), 201);
    registry.sign(&sandbox).await
}

#[tokio::test]
async fn the_registry_s_own_words_are_the_reason() {
    for (status, words) in [
        (403, "adding 1 KiB of storage resource will exceed the configured upper limit"),
        (412, "a policy forbids pushes at night"),
        (400, "the namespace is read-only"),
    ] {
        let failed = signed(status, words).await;
        assert_eq!(failed["status"], 64, "{failed}");
        assert!(failed["reason"].as_str().unwrap().contains(words), "{failed}");
    }
}

#[tokio::test]
async fn words_that_repeat_the_password_are_no_reason() {
    let failed = signed(403, &format!("no {PASSWORD}")).await;
    assert_eq!(failed["status"], 64, "{failed}");
    assert!(!failed.to_string().contains(PASSWORD), "{failed}");
}
