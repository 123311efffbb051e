//! What becomes of signings in a registry that lets no tag be overwritten?

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::Sandbox;
use crate::support::fake_registry::{FakeRegistry, image_digest, reply};
use axum::http::Method;
use serde_json::{Value, json};

const PASSWORD: &str = "hush-hush-hush";

/// Signs twice, with two keys, in a registry that refuses the second so; gives the second outcome.
async fn second(status: u16, code: &str, words: &str) -> (Value, FakeRegistry) {
    let folder = tempfile::tempdir().unwrap();
    let body = json!({ "errors": [{ "code": code, "message": words }] }).to_string();
    let pushes = AtomicUsize::new(0);
    let registry = FakeRegistry::start(move |asked| {
        if asked.authorization.is_none() {
            return Some(reply(401, &[("www-authenticate", "Basic realm=\"x\"")], ""));
        }
        let is_push = asked.method == Method::PUT && asked.path.ends_with(".sig");
        (is_push && pushes.fetch_add(1, Ordering::SeqCst) > 0).then(|| reply(status, &[], body.clone()))
    })
    .await;
    let url = registry.url();
    let sandbox = Sandbox::start(&folder.path().join("data"), &["--allow-registry", &url]).await;
    let credential =
        json!({ "domain": registry.address.to_string(), "username": "AWS", "password": PASSWORD });
    assert_eq!(sandbox.post("admin", "/registrycredentials", credential).await.status.as_u16(), 201);
    let first = registry.sign(&sandbox).await;
    assert_eq!(first["status"], 16, "{first}");
    (registry.sign(&sandbox).await, registry)
}

#[tokio::test]
async fn the_request_fails_with_the_registry_s_own_words_and_what_to_do() {
    let tag = format!("{}.sig", image_digest().replace(':', "-"));
    let ecr = format!(
        "The image tag '{tag}' already exists in the 'app' repository and cannot be overwritten because the repository is immutable."
    );
    let harbor = format!("Failed to process request due to 'app:{tag}' configured as immutable.");
    for (status, code, words) in [(400, "TAG_INVALID", ecr), (412, "PRECONDITION", harbor)] {
        let (failed, registry) = second(status, code, &words).await;
        assert_eq!(failed["status"], 64, "{failed}");
        let reason = failed["reason"].as_str().unwrap();
        for part in [words.as_str(), &tag, "Exempt tags that end in .sig", "request again"] {
            assert!(reason.contains(part), "{part}: {reason}");
        }
        let kept = registry.signatures().unwrap();
        assert_eq!(kept["layers"].as_array().unwrap().len(), 1, "the first signature is still there");
    }
}

#[tokio::test]
async fn words_that_repeat_the_password_are_not_passed_on() {
    let (failed, _) = second(400, "TAG_INVALID", &format!("immutable for AWS:{PASSWORD}")).await;
    let reason = failed["reason"].as_str().unwrap();
    assert!(reason.contains("Exempt tags") && !failed.to_string().contains(PASSWORD), "{reason}");
}
