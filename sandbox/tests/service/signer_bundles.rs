//! Is a bundle written beside simple signing, or in its place, once, and beside what others have put there?

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::support::Sandbox;
use crate::support::fake_registry::{Asked, FakeRegistry, image_digest, reply};
use axum::http::Method;
use axum::response::Response;
use ocisign_sandbox::bundle::{fallback_tag, message, signature_over, statement};
use ocisign_sandbox::signature_manifest::{sha256, tag};
use serde_json::{Value, json};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

async fn sandbox(folder: &Path, registry: &FakeRegistry, format: &str) -> Sandbox {
    let url = registry.url();
    Sandbox::start(folder, &["--allow-registry", &url, "--signature-format", format]).await
}

/// How many signatures are in each format.
fn counts(registry: &FakeRegistry) -> (usize, usize) {
    counts_of(registry, &image_digest())
}

/// The same of any image: the layers under its tag, and what the index under the fallback tag lists.
fn counts_of(registry: &FakeRegistry, digest: &str) -> (usize, usize) {
    let count = |name: &str, list: &str| {
        registry.manifest(name).map_or(0, |manifest| manifest[list].as_array().unwrap().len())
    };
    (count(&tag(digest), "layers"), count(&fallback_tag(digest), "manifests"))
}

/// A product that needs no approval.
async fn product(sandbox: &Sandbox, registry: &FakeRegistry) -> Value {
    let mut definition = crate::support::product(&registry.address.to_string());
    definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
    sandbox.create_product(definition).await
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
        let product = product(&sandbox, &registry).await;
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

/// The sandbox is killed at the nth thing that it asks of the registry, for every third n, and started again.
#[tokio::test]
async fn a_kill_at_any_moment_loses_no_format_and_doubles_none() {
    let asked = Arc::new(AtomicUsize::new(0));
    let reached = Arc::new(tokio::sync::Notify::new());
    let stop_at = Arc::new(AtomicUsize::new(usize::MAX));
    let registry = {
        let (asked, reached, stop_at) = (Arc::clone(&asked), Arc::clone(&reached), Arc::clone(&stop_at));
        FakeRegistry::start(move |_| {
            if asked.fetch_add(1, Ordering::SeqCst) == stop_at.load(Ordering::SeqCst) {
                reached.notify_one();
            }
            None
        })
        .await
    };
    let folder = tempfile::tempdir().unwrap();
    let mut moment = 0;
    loop {
        let image =
            json!({ "schemaVersion": 2, "mediaType": IMAGE, "layers": [], "annotations": { "at": moment } });
        let digest = sha256(image.to_string().as_bytes());
        registry.put(&digest, &image);
        let data = folder.path().join(moment.to_string());
        let mut first = sandbox(&data, &registry, "both").await;
        let product = product(&first, &registry).await;
        stop_at.store(asked.load(Ordering::SeqCst) + moment, Ordering::SeqCst);
        let request = first.request(&product, &format!("{}/app@{digest}", registry.address)).await;
        let id = request["id"].as_str().unwrap();
        let was_killed = tokio::select! {
            () = reached.notified() => true,
            _ = first.outcome(id) => false,
        };
        first.kill();
        stop_at.store(usize::MAX, Ordering::SeqCst);
        let second = sandbox(&data, &registry, "both").await;
        let outcome = second.outcome(id).await;
        assert_eq!(outcome["status"], 16, "{moment}: {outcome}");
        assert_eq!(counts_of(&registry, &digest), (1, 1), "killed at {moment}");
        if !was_killed {
            break;
        }
        moment += 3;
    }
    assert!(moment > 16, "it was killed at {moment} moments only");
}

/// Its `.sig` tag would be longer than a tag may be; what refers to it has a tag that is cut.
#[tokio::test]
async fn an_image_with_a_sha512_digest_gets_a_bundle_and_no_other_format() {
    let registry = FakeRegistry::start(|_| None).await;
    let image = json!({ "schemaVersion": 2, "mediaType": IMAGE, "layers": [] });
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, image.to_string().as_bytes());
    let digest =
        format!("sha512:{}", hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    registry.put(&digest, &image);
    let artifact = format!("{}/app@{digest}", registry.address);
    for (format, status) in [("simple-signing", 422), ("both", 422), ("bundle", 201)] {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = sandbox(&folder.path().join("data"), &registry, format).await;
        let product = product(&sandbox, &registry).await;
        let body = crate::support::request_body(&product, &artifact);
        let reply = sandbox.post("requester", "/imagesignings", body).await;
        assert_eq!(reply.status.as_u16(), status, "{format}: {}", reply.json);
        if status == 201 {
            let outcome = sandbox.outcome(reply.json["id"].as_str().unwrap()).await;
            assert_eq!(outcome["status"], 16, "{outcome}");
            let index = registry.manifest(&fallback_tag(&digest)).unwrap();
            assert_eq!(index["manifests"].as_array().unwrap().len(), 1);
        }
    }
}

/// A registry that lists what refers to an image on pages, the first of which are others'. What was pushed is on the last
/// one, which `link` leads to.
async fn listing(link: &'static str) -> FakeRegistry {
    let pushed = Mutex::new(Vec::new());
    let page = |manifests: &[Value]| {
        json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests }).to_string()
    };
    FakeRegistry::start(move |asked| {
        let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
        let name = path.rsplit('/').next().unwrap();
        let mut pushed = pushed.lock().unwrap();
        if asked.method == Method::PUT && path.contains("/manifests/sha256:") {
            pushed.push(json!({ "mediaType": IMAGE, "digest": name, "size": 1, "artifactType": BUNDLE }));
        }
        if !path.contains("/referrers/") {
            return None;
        }
        let index = [("content-type", INDEX)];
        if query == "last=two" {
            return Some(reply(200, &index, page(&pushed)));
        }
        let stranger =
            json!({ "mediaType": IMAGE, "digest": sha256(b"gone"), "size": 1, "artifactType": BUNDLE });
        let next = link.replace("IMAGE", &image_digest());
        Some(reply(200, &[index[0], ("link", &next)], page(&[stranger])))
    })
    .await
}

#[tokio::test]
async fn a_list_of_the_registry_s_own_is_read_to_its_end() {
    for link in ["</v2/app/referrers/IMAGE?last=two>; rel=\"next\"", "<?last=two>;rel=next"] {
        let folder = tempfile::tempdir().unwrap();
        let registry = listing(link).await;
        let sandbox = sandbox(&folder.path().join("data"), &registry, "bundle").await;
        let outcome = registry.sign(&sandbox).await;
        assert_eq!(outcome["status"], 16, "{link}: {outcome}");
        assert_eq!(
            registry.manifest(&fallback_tag(&image_digest())),
            None,
            "an index is for those without a list"
        );
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_read_to_its_end_is_none_and_nothing_is_pushed() {
    for link in [
        "",
        "next",
        "</v2/app/referrers/IMAGE?last=two>; rel=\"last\"",
        "<http://192.0.2.1/two>; rel=\"next\"",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let registry = listing(link).await;
        let sandbox = sandbox(&folder.path().join("data"), &registry, "bundle").await;
        let outcome = registry.sign(&sandbox).await;
        assert_eq!(outcome["status"], 64, "{link}: {outcome}");
        assert!(registry.asked().iter().all(|asked| asked.method == Method::GET), "{link}");
    }
}

#[tokio::test]
async fn only_the_registry_itself_says_that_it_keeps_no_list() {
    for (status, content_type, body, wanted) in [
        (404, "application/json", r#"{"errors":[{"code":"NAME_UNKNOWN"}]}"#, 16),
        (405, "application/json", r#"{"errors":[{"code":"UNSUPPORTED"}]}"#, 16),
        (400, "application/json", r#"{"errors":[{"code":"NAME_INVALID"}]}"#, 16),
        (404, "text/html", "<h1>404</h1>", 64),
        (404, "application/json", r#"{"error":"no route"}"#, 64),
        (403, "application/json", r#"{"errors":[{"code":"DENIED"}]}"#, 64),
        (200, "text/html", "<form>", 64),
        (200, "application/json", "{}", 64),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let answer = move |asked: &Asked| {
            asked.path.contains("/referrers/").then(|| reply(status, &[("content-type", content_type)], body))
        };
        let registry = FakeRegistry::start(answer).await;
        let sandbox = sandbox(&folder.path().join("data"), &registry, "bundle").await;
        let outcome = registry.sign(&sandbox).await;
        assert_eq!(outcome["status"], wanted, "{status} {body}: {outcome}");
        assert_eq!(counts(&registry), (0, usize::from(wanted == 16)));
    }
}
