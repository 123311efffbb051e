//! Is a bundle written beside simple signing, or in its place, once, and beside what others have put there?

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::Sandbox;
use crate::support::fake_registry::{Asked, FakeRegistry, image_digest, reply};
use axum::http::Method;
use axum::response::Response;
use ocisign_sandbox::bundle::{fallback_tag, message, signature_over, statement};
use ocisign_sandbox::signature_manifest::sha256;
use serde_json::{Value, json};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

async fn sandbox(folder: &Path, registry: &FakeRegistry, format: &str) -> Sandbox {
    let url = registry.url();
    Sandbox::start(folder, &["--allow-registry", &url, "--signature-format", format]).await
}

/// What the index under the fallback tag lists.
fn listed(registry: &FakeRegistry) -> Vec<Value> {
    let index = registry.manifest(&fallback_tag(&image_digest()));
    index.map_or_else(Vec::new, |index| index["manifests"].as_array().unwrap().clone())
}

/// How many signatures are in each format.
fn counts(registry: &FakeRegistry) -> (usize, usize) {
    let simple = registry.signatures().map_or(0, |manifest| manifest["layers"].as_array().unwrap().len());
    (simple, listed(registry).len())
}

fn is_index_push(asked: &Asked) -> bool {
    asked.method == Method::PUT && asked.path.ends_with(&fallback_tag(&image_digest()))
}

/// A registry without a list of its own, that answers so to the first pushes of an index.
async fn registry_with(count: usize, answer: impl Fn() -> Response + Send + Sync + 'static) -> FakeRegistry {
    let pushes = AtomicUsize::new(0);
    let answers = move |asked: &Asked| {
        let is_one = is_index_push(asked) && pushes.fetch_add(1, Ordering::Relaxed) < count;
        is_one.then(&answer)
    };
    FakeRegistry::start(answers).await
}

#[tokio::test]
async fn each_format_and_both_are_written_once() {
    for (format, expected) in [("simple-signing", (1, 0)), ("bundle", (0, 1)), ("both", (1, 1))] {
        let folder = tempfile::tempdir().unwrap();
        let registry = FakeRegistry::start(|_| None).await;
        let sandbox = sandbox(&folder.path().join("data"), &registry, format).await;
        let product = {
            let mut definition = crate::support::product(&registry.address.to_string());
            definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
            sandbox.create_product(definition).await
        };
        for _ in 0..2 {
            let request = sandbox.request(&product, &registry.artifact()).await;
            let outcome = sandbox.outcome(request["id"].as_str().unwrap()).await;
            assert_eq!(outcome["status"], 16, "{outcome}");
            assert_eq!(counts(&registry), expected, "{format}: the same key signs once");
        }
    }
}

#[tokio::test]
async fn what_others_listed_stays_and_the_bundle_is_over_the_image() {
    let folder = tempfile::tempdir().unwrap();
    let registry = FakeRegistry::start(|_| None).await;
    // One that is listed and gone, one of another signer, and one that is something else.
    let stranger = json!({ "schemaVersion": 2, "mediaType": IMAGE, "layers": [
        { "mediaType": BUNDLE, "digest": sha256(b"gone"), "size": 4 },
    ]});
    let digest = sha256(stranger.to_string().as_bytes());
    registry.put(&digest, &stranger);
    let theirs = [sha256(b"never pushed"), digest, sha256(b"a bill of materials")];
    let types = [BUNDLE, BUNDLE, "application/spdx+json"];
    let manifests: Vec<Value> = theirs
        .iter()
        .zip(types)
        .map(|(digest, of)| json!({ "mediaType": IMAGE, "digest": digest, "size": 1, "artifactType": of }))
        .collect();
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests, "annotations": { "keep": "me" } });
    registry.put(&fallback_tag(&image_digest()), &index);
    let sandbox = sandbox(&folder.path().join("data"), &registry, "bundle").await;
    assert_eq!(registry.sign(&sandbox).await["status"], 16);

    let now = registry.manifest(&fallback_tag(&image_digest())).unwrap();
    assert_eq!(now["annotations"], index["annotations"]);
    assert_eq!(now["manifests"].as_array().unwrap()[..3], manifests);
    let ours = &now["manifests"][3];
    let manifest = registry.manifest(ours["digest"].as_str().unwrap()).unwrap();
    assert_eq!(manifest["subject"]["digest"], image_digest());
    assert_eq!(ours["annotations"], manifest["annotations"]);
    let bundle = registry.blob(manifest["layers"][0]["digest"].as_str().unwrap()).unwrap();
    let statement = statement(&image_digest());
    assert!(signature_over(&bundle, &statement).is_some());
    assert!(
        String::from_utf8_lossy(&message(&statement)).starts_with("DSSEv1 28 application/vnd.in-toto+json ")
    );
}

#[tokio::test]
async fn an_index_that_another_writer_replaces_is_written_again() {
    // Taken and not kept, as when somebody else wrote right after.
    for lost in [1, 2] {
        let folder = tempfile::tempdir().unwrap();
        let registry = registry_with(lost, || reply(201, &[], "")).await;
        let sandbox = sandbox(&folder.path().join("data"), &registry, "both").await;
        let outcome = registry.sign(&sandbox).await;
        assert_eq!(outcome["status"], 16, "{outcome}");
        assert_eq!(counts(&registry), (1, 1));
    }
}

#[tokio::test]
async fn what_is_never_shown_is_not_signed() {
    let folder = tempfile::tempdir().unwrap();
    let registry = registry_with(usize::MAX, || reply(201, &[], "")).await;
    let sandbox = sandbox(&folder.path().join("data"), &registry, "bundle").await;
    let outcome = registry.sign(&sandbox).await;
    assert_eq!(outcome["status"], 64, "{outcome}");
    assert!(outcome["reason"].as_str().unwrap().contains("does not show it"), "{outcome}");
}

#[tokio::test]
async fn what_broke_off_between_the_formats_is_taken_up_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let registry = registry_with(1, || reply(503, &[], "")).await;
    let sandbox = sandbox(&folder.path().join("data"), &registry, "both").await;
    let outcome = registry.sign(&sandbox).await;
    assert_eq!(outcome["status"], 16, "{outcome}");
    assert_eq!(counts(&registry), (1, 1));
}

#[tokio::test]
async fn what_stands_under_the_fallback_tag_and_is_no_index_stays() {
    let folder = tempfile::tempdir().unwrap();
    let registry = FakeRegistry::start(|_| None).await;
    let other = json!({ "schemaVersion": 2, "mediaType": IMAGE, "config": {}, "layers": [{}] });
    registry.put(&fallback_tag(&image_digest()), &other);
    let sandbox = sandbox(&folder.path().join("data"), &registry, "bundle").await;
    let outcome = registry.sign(&sandbox).await;
    assert_eq!(outcome["status"], 64, "{outcome}");
    assert!(outcome["reason"].as_str().unwrap().contains("is not an index"), "{outcome}");
    assert_eq!(registry.manifest(&fallback_tag(&image_digest())).unwrap(), other);
}

#[tokio::test]
async fn an_immutable_fallback_tag_is_told_with_what_helps() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = json!({ "errors": [{ "code": "DENIED", "message": "the tag is immutable" }] }).to_string();
    let registry = registry_with(usize::MAX, move || reply(403, &[], refusal.clone())).await;
    let sandbox = sandbox(&folder.path().join("data"), &registry, "bundle").await;
    let outcome = registry.sign(&sandbox).await;
    assert_eq!(outcome["status"], 64, "{outcome}");
    let reason = outcome["reason"].as_str().unwrap();
    assert!(reason.contains("an exclusion filter for sha256-*"), "{reason}");
}
