//! Does the embedded registry keep blobs, manifests and tags as the distribution specification says? The official
//! suite asks more (`npm run test:conformance`); here is what it leaves out, and what was once wrong.

use std::path::Path;

use crate::support::Sandbox;
use ocisign_sandbox::signature_manifest::sha256;
use reqwest::header::HeaderMap;
use reqwest::{Method, Response};
use serde_json::{Value, json};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const EMPTY: &str = "{}";

async fn ask(
    sandbox: &Sandbox,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Response {
    let request = sandbox.http.request(method, sandbox.registry_url(path)).body(body.to_owned());
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    sandbox.as_writer(request).send().await.unwrap()
}

async fn status(sandbox: &Sandbox, method: Method, path: &str) -> u16 {
    ask(sandbox, method, path, &[], "").await.status().as_u16()
}

async fn put_blob(sandbox: &Sandbox, repository: &str, content: &str) -> String {
    let digest = sha256(content.as_bytes());
    let path = format!("/v2/{repository}/blobs/uploads/?digest={digest}");
    assert_eq!(ask(sandbox, Method::POST, &path, &[], content).await.status().as_u16(), 201);
    digest
}

async fn put_manifest(sandbox: &Sandbox, path: &str, manifest: &Value) -> (u16, HeaderMap, Value) {
    let reply = ask(sandbox, Method::PUT, path, &[("content-type", MANIFEST)], &manifest.to_string()).await;
    let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
    (status, headers, serde_json::from_str(&reply.text().await.unwrap()).unwrap_or_default())
}

fn manifest(config: &str, layers: &Value) -> Value {
    let config = json!({ "mediaType": "application/vnd.oci.empty.v1+json", "digest": config, "size": 2 });
    json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": layers })
}

async fn start(folder: &Path) -> Sandbox {
    Sandbox::start(&folder.join("data"), &[]).await
}

#[tokio::test]
async fn a_blob_is_in_the_repositories_that_it_was_pushed_to_or_mounted_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut sandbox = start(folder.path()).await;
    let digest = put_blob(&sandbox, "one", "content").await;
    let (in_one, in_two) = (format!("/v2/one/blobs/{digest}"), format!("/v2/two/blobs/{digest}"));
    assert_eq!(status(&sandbox, Method::HEAD, &in_one).await, 200);
    assert_eq!(status(&sandbox, Method::HEAD, &in_two).await, 404);
    let (refused, _, body) =
        put_manifest(&sandbox, "/v2/two/manifests/latest", &manifest(&digest, &json!([]))).await;
    assert_eq!((refused, &body["errors"][0]["code"]), (404, &json!("MANIFEST_BLOB_UNKNOWN")));

    let mount = |from: &str| format!("/v2/two/blobs/uploads/?mount={digest}{from}");
    assert_eq!(status(&sandbox, Method::POST, &mount("&from=three")).await, 202, "it is not there");
    assert_eq!(status(&sandbox, Method::HEAD, &in_two).await, 404);
    let mounted = ask(&sandbox, Method::POST, &mount("&from=one"), &[], "").await;
    assert_eq!(mounted.status().as_u16(), 201);
    assert_eq!(mounted.headers()["location"], in_two.as_str());

    assert_eq!(status(&sandbox, Method::DELETE, &in_one).await, 202);
    assert_eq!(status(&sandbox, Method::DELETE, &in_one).await, 404);
    assert_eq!(status(&sandbox, Method::GET, &in_one).await, 404);
    let other = put_blob(&sandbox, "one", "other").await;
    assert_eq!(status(&sandbox, Method::DELETE, &format!("/v2/one/blobs/{other}")).await, 202);
    let file = |digest: &str| {
        let (shard, rest) = digest.strip_prefix("sha256:").unwrap().split_at(2);
        folder.path().join("data/blobs/sha256").join(shard).join(rest)
    };
    assert!(file(&digest).exists() && file(&other).exists());
    sandbox.kill();

    let sandbox = start(folder.path()).await;
    let kept = ask(&sandbox, Method::GET, &in_two, &[], "").await;
    assert_eq!(kept.headers()["docker-content-digest"], digest.as_str());
    assert_eq!(kept.text().await.unwrap(), "content");
    assert!(!file(&other).exists(), "what is in no repository goes at the next start");
}

/// Version 1 of the store said of every repository that it had `{}`, so clients did not push it.
#[tokio::test]
async fn what_an_earlier_version_kept_is_still_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut sandbox = start(folder.path()).await;
    let layer = put_blob(&sandbox, "app", "layer").await;
    sandbox.kill();
    for file in ["registry.sqlite", "registry.sqlite-wal", "registry.sqlite-shm"] {
        let _ = std::fs::remove_file(folder.path().join("data").join(file));
    }
    let old = rusqlite::Connection::open(folder.path().join("data/registry.sqlite")).unwrap();
    old.execute_batch(include_str!("../../src/registry/schema.sql")).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    let empty = sha256(EMPTY.as_bytes());
    let image = manifest(&empty, &json!([{ "digest": layer }, 7])).to_string();
    for (digest, body) in [(sha256(image.as_bytes()), image.as_str()), ("sha256:odd".to_owned(), "no JSON")] {
        let row = ("app", &digest, MANIFEST, body.as_bytes());
        old.execute("INSERT INTO manifest VALUES (?1, ?2, ?3, ?4)", row).unwrap();
    }
    drop(old);

    let sandbox = start(folder.path()).await;
    for (digest, content) in [(&layer, "layer"), (&empty, EMPTY)] {
        let reply = ask(&sandbox, Method::GET, &format!("/v2/app/blobs/{digest}"), &[], "").await;
        assert_eq!(reply.text().await.unwrap(), content);
    }
    let image = format!("/v2/app/manifests/{}", sha256(image.as_bytes()));
    assert_eq!(status(&sandbox, Method::GET, &image).await, 200);
    assert_eq!(status(&sandbox, Method::DELETE, &format!("/v2/app/blobs/{empty}")).await, 202);
    assert_eq!(status(&sandbox, Method::GET, &format!("/v2/app/blobs/{empty}")).await, 404);
}

#[tokio::test]
async fn the_last_chunk_comes_in_order_too() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = start(folder.path()).await;
    let begun = ask(&sandbox, Method::POST, "/v2/app/blobs/uploads/", &[], "").await;
    let place = begun.headers()["location"].to_str().unwrap().to_owned();
    let first = ask(&sandbox, Method::PATCH, &place, &[("content-range", "0-2")], "abc").await;
    assert_eq!((first.status().as_u16(), &first.headers()["range"]), (202, &"0-2".parse().unwrap()));
    let last = format!("{place}?digest={}", sha256(b"abcdef"));
    for (range, body) in [("4-6", "def"), ("0-2", "def"), ("3-9", "def"), ("3-4", "def")] {
        let refused = ask(&sandbox, Method::PUT, &last, &[("content-range", range)], body).await;
        assert_eq!(refused.status().as_u16(), 416, "{range}");
    }
    let odd = ask(&sandbox, Method::PUT, &last, &[("content-range", "x")], "def").await;
    assert_eq!(odd.status().as_u16(), 400);
    let kept = ask(&sandbox, Method::PUT, &last, &[("content-range", "3-5")], "def").await;
    assert_eq!(kept.status().as_u16(), 201);
    let blob = format!("/v2/app/blobs/{}", sha256(b"abcdef"));
    let part = ask(&sandbox, Method::GET, &blob, &[("range", "bytes=-2")], "").await;
    assert_eq!(
        (part.status().as_u16(), &part.headers()["content-range"]),
        (206, &"bytes 4-5/6".parse().unwrap())
    );
    assert_eq!(part.text().await.unwrap(), "ef");
}

#[tokio::test]
async fn manifests_are_taken_as_the_specification_allows() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = start(folder.path()).await;
    let empty = put_blob(&sandbox, "app", EMPTY).await;
    let absent = sha256(b"never pushed");
    let layer = |kind: &str| json!([{ "mediaType": kind, "digest": absent, "size": 9 }]);
    for (kind, wanted) in [
        ("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", 201),
        ("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", 201),
        ("application/vnd.oci.image.layer.v1.tar+gzip", 404),
    ] {
        let image = manifest(&empty, &layer(kind));
        let (status, _, _) = put_manifest(&sandbox, "/v2/app/manifests/layers", &image).await;
        assert_eq!(status, wanted, "{kind}");
    }

    let image = manifest(&empty, &json!([]));
    let bytes = image.to_string();
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, bytes.as_bytes());
    let hex: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let by_digest = format!("/v2/app/manifests/sha512:{hex}");
    let (status_of_put, headers, _) =
        put_manifest(&sandbox, &format!("{by_digest}?tag=a&tag=b"), &image).await;
    assert_eq!(status_of_put, 201);
    assert_eq!(headers.get_all("oci-tag").iter().collect::<Vec<_>>(), ["a", "b"]);
    for path in [by_digest.as_str(), "/v2/app/manifests/a", "/v2/app/manifests/b"] {
        assert_eq!(ask(&sandbox, Method::GET, path, &[], "").await.text().await.unwrap(), bytes, "{path}");
    }
    for wrong in [format!("sha512:{}", "0".repeat(128)), sha256(b"other"), "a?tag=sha256:00".to_owned()] {
        let (status, _, body) = put_manifest(&sandbox, &format!("/v2/app/manifests/{wrong}"), &image).await;
        assert_eq!(status, 400, "{wrong}: {body}");
    }

    assert_eq!(status(&sandbox, Method::DELETE, "/v2/app/manifests/a").await, 202, "only the tag goes");
    assert_eq!(status(&sandbox, Method::GET, "/v2/app/manifests/a").await, 404);
    assert_eq!(status(&sandbox, Method::GET, "/v2/app/manifests/b").await, 200);
}

/// The registry crate says 405 of this, which clients take for "there is no such API".
#[tokio::test]
async fn a_store_that_fails_is_no_fault_of_the_client() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = start(folder.path()).await;
    let digest = put_blob(&sandbox, "app", "content").await;
    let blobs = folder.path().join("data/blobs");
    std::fs::remove_dir_all(&blobs).unwrap();
    std::fs::write(&blobs, "not a folder").unwrap();
    let push = format!("/v2/app/blobs/uploads/?digest={}", sha256(b"more"));
    for (method, path, body) in
        [(Method::POST, push, "more"), (Method::GET, format!("/v2/app/blobs/{digest}"), "")]
    {
        let reply = ask(&sandbox, method.clone(), &path, &[], body).await;
        let status = reply.status().as_u16();
        let body: Value = reply.json().await.unwrap();
        assert_eq!((status, &body["errors"][0]["code"]), (500, &json!("UNKNOWN")), "{method} {path}");
    }
}
