//! Is an index signed together with what it names, all of it or none, and nothing twice?

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::Sandbox;
use crate::support::fake_registry::{FakeRegistry, reply};
use ocisign_sandbox::signature_manifest::{sha256, tag};
use reqwest::Client;
use serde_json::{Value, json};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";

/// Puts a manifest into the registry, as anybody does; gives its digest.
async fn put(registry: &FakeRegistry, manifest: &Value) -> String {
    let body = manifest.to_string();
    let digest = sha256(body.as_bytes());
    let client = Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/v2/app/manifests/{digest}", registry.url());
    assert_eq!(client.put(url).body(body).send().await.unwrap().status().as_u16(), 201);
    digest
}

fn image(name: &str) -> Value {
    json!({ "schemaVersion": 2, "mediaType": IMAGE, "config": {}, "layers": [], "annotations": { "is": name } })
}

fn index(digests: &[&String]) -> Value {
    let listed: Vec<Value> =
        digests.iter().map(|digest| json!({ "mediaType": IMAGE, "digest": digest, "size": 1 })).collect();
    json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": listed })
}

async fn sandbox(folder: &Path, registry: &FakeRegistry, arguments: &[&str]) -> Sandbox {
    let url = registry.url();
    let ours = ["--allow-registry", &url];
    Sandbox::start(&folder.join("data"), &[&ours, arguments].concat()).await
}

async fn begin(sandbox: &Sandbox, registry: &FakeRegistry, digest: &str) -> String {
    let domain = registry.address.to_string();
    let mut definition = crate::support::product(&domain);
    definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
    let product = sandbox.create_product(definition).await;
    let request = sandbox.request(&product, &format!("{domain}/app@{digest}")).await;
    request["id"].as_str().unwrap().to_owned()
}

async fn sign(sandbox: &Sandbox, registry: &FakeRegistry, digest: &str) -> Value {
    sandbox.outcome(&begin(sandbox, registry, digest).await).await
}

/// How many signatures each has.
async fn counts(registry: &FakeRegistry, digests: &[&String]) -> Vec<usize> {
    let client = Client::builder().no_proxy().build().unwrap();
    let mut counts = Vec::new();
    for digest in digests {
        let url = format!("{}/v2/app/manifests/{}", registry.url(), tag(digest));
        let manifest: Value = client.get(url).send().await.unwrap().json().await.unwrap();
        counts.push(manifest["layers"].as_array().map_or(0, Vec::len));
    }
    counts
}

#[tokio::test]
async fn all_that_an_index_names_is_signed_once_and_by_option() {
    let folder = tempfile::tempdir().unwrap();
    let registry = FakeRegistry::start(|_| None).await;
    let [amd, arm, deep] = ["amd64", "arm64", "deep"].map(image);
    let (amd, arm, deep) =
        (put(&registry, &amd).await, put(&registry, &arm).await, put(&registry, &deep).await);
    let inner = put(&registry, &index(&[&deep, &amd])).await;
    let whole = put(&registry, &index(&[&amd, &arm, &arm, &inner])).await;
    let all = [&whole, &amd, &arm, &inner, &deep];

    let plain = sandbox(&folder.path().join("plain"), &registry, &[]).await;
    assert_eq!(sign(&plain, &registry, &whole).await["status"], 16);
    assert_eq!(counts(&registry, &all).await, [1, 0, 0, 0, 0], "as the reference says");

    let sandbox = sandbox(&folder.path().join("all"), &registry, &["--sign-platforms"]).await;
    assert_eq!(sign(&sandbox, &registry, &whole).await["status"], 16);
    assert_eq!(counts(&registry, &all).await, [2, 1, 1, 1, 1]);
    let paths: Vec<String> = registry.asked().into_iter().map(|asked| asked.path).collect();
    let last = paths.iter().rposition(|path| path.contains("digest=")).unwrap();
    let after: Vec<&String> = paths[last..].iter().filter(|path| path.ends_with(".sig")).collect();
    assert!(after[0].ends_with(&tag(&whole)), "the index comes last: {after:?}");
    assert_eq!(sign(&sandbox, &registry, &amd).await["status"], 16, "an image names nothing");
    assert_eq!(counts(&registry, &all).await, [2, 2, 1, 1, 1]);
}

#[tokio::test]
async fn what_is_missing_wrong_or_too_much_fails_and_leaves_the_index_unsigned() {
    let folder = tempfile::tempdir().unwrap();
    let registry = FakeRegistry::start(|asked| {
        asked.path.ends_with(&sha256(b"changed")).then(|| reply(200, &[], "another"))
    })
    .await;
    let sandbox = sandbox(folder.path(), &registry, &["--sign-platforms"]).await;
    let good = put(&registry, &image("good")).await;
    let many: Vec<String> = (0..201).map(|number| sha256(format!("{number}").as_bytes())).collect();
    let many: Vec<&String> = many.iter().collect();
    for (listed, words) in [
        (vec![&good, &sha256(b"missing")], "Push the image first"),
        (vec![&good, &sha256(b"changed")], "another content"),
        (vec![&good, &"nonsense".to_owned()], "no sha256 digest"),
        (vec![&good, &format!("sha512:{}", "0".repeat(128))], "no sha256 digest"),
        (vec![&good, &format!("{}/../../x", sha256(b""))], "no sha256 digest"),
        (many, "more than 200 manifests"),
    ] {
        let whole = put(&registry, &index(&listed)).await;
        let failed = sign(&sandbox, &registry, &whole).await;
        assert_eq!(failed["status"], 64, "{words}: {failed}");
        assert!(failed["reason"].as_str().unwrap().contains(words), "{words}: {failed}");
        assert_eq!(counts(&registry, &[&whole, &good]).await, [0, 0], "{words}");
    }
}

/// The sandbox is killed at the nth thing that it asks of the registry, for every n, and started again.
#[tokio::test]
async fn a_kill_at_any_moment_adds_no_signature_twice() {
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
        let (one, two) = (image(&format!("one {moment}")), image(&format!("two {moment}")));
        let (one, two) = (put(&registry, &one).await, put(&registry, &two).await);
        let whole = put(&registry, &index(&[&one, &two])).await;
        let data = folder.path().join(moment.to_string());
        let mut first = sandbox(&data, &registry, &["--sign-platforms"]).await;
        stop_at.store(asked.load(Ordering::SeqCst) + moment, Ordering::SeqCst);
        let id = begin(&first, &registry, &whole).await;
        let was_killed = tokio::select! {
            () = reached.notified() => true,
            _ = first.outcome(&id) => false,
        };
        first.kill();
        stop_at.store(usize::MAX, Ordering::SeqCst);
        let second = sandbox(&data, &registry, &["--sign-platforms"]).await;
        let outcome = second.outcome(&id).await;
        assert_eq!(outcome["status"], 16, "{moment}: {outcome}");
        assert_eq!(counts(&registry, &[&whole, &one, &two]).await, [1, 1, 1], "killed at {moment}");
        if !was_killed {
            break;
        }
        // The eight steps of an image come again with the next one, so that every third moment meets each of them.
        moment += 3;
    }
    assert!(moment > 16, "it was killed at {moment} moments only");
}
