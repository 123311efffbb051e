//! Does the embedded registry answer as a registry does, and can nobody use up what others need of it?

use crate::support::Sandbox;
use reqwest::Method;
use serde_json::{Value, json};

async fn sandbox(arguments: &[&str]) -> (tempfile::TempDir, Sandbox) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), arguments).await;
    (folder, sandbox)
}

#[tokio::test]
async fn every_answer_is_marked_and_every_error_is_the_specification_s() {
    let (_folder, sandbox) = sandbox(&["--allow-origin", "https://portal.example"]).await;
    let digest = sandbox.push_image("app", "open").await;
    let none = format!("sha256:{}", "0".repeat(64));
    let cases: Vec<(Method, String, bool, u16, &str)> = vec![
        (Method::GET, "/v2/".into(), false, 401, "UNAUTHORIZED"),
        (Method::GET, "/v2/".into(), true, 200, ""),
        (Method::GET, format!("/v2/app/manifests/{digest}"), false, 200, ""),
        (Method::GET, format!("/v2/app/referrers/{digest}"), false, 200, ""),
        (Method::GET, format!("/v2/app/manifests/{none}"), false, 404, "MANIFEST_UNKNOWN"),
        (Method::GET, "/v2/app/manifests/sha256-0.sig".into(), false, 404, "MANIFEST_UNKNOWN"),
        (Method::GET, format!("/v2/none/manifests/{none}"), false, 404, "MANIFEST_UNKNOWN"),
        (Method::GET, format!("/v2/app/blobs/{none}"), false, 404, "BLOB_UNKNOWN"),
        (Method::GET, "/v2/app/blobs/uploads/none".into(), false, 404, "BLOB_UPLOAD_UNKNOWN"),
        (Method::GET, "/v2/app/something".into(), false, 404, "NAME_UNKNOWN"),
        (Method::GET, "/v2/%c3%a9/x".into(), false, 400, "NAME_INVALID"),
        (Method::GET, "/".into(), false, 404, "NAME_UNKNOWN"),
        (Method::GET, "/else".into(), false, 404, "NAME_UNKNOWN"),
        (Method::POST, "/v2/app/blobs/uploads/".into(), false, 401, "UNAUTHORIZED"),
        (Method::POST, "/v2/".into(), true, 405, "UNSUPPORTED"),
        (Method::DELETE, "/v2/app/manifests/latest".into(), true, 404, "MANIFEST_UNKNOWN"),
        (Method::PATCH, "/v2/app/manifests/latest".into(), true, 405, "UNSUPPORTED"),
        (Method::PUT, format!("/v2/app/manifests/{none}"), true, 400, "MANIFEST_INVALID"),
    ];
    for (method, path, as_writer, status, code) in cases {
        let request = sandbox.http.request(method.clone(), sandbox.registry_url(&path));
        let request = if as_writer { sandbox.as_writer(request) } else { request };
        let reply = request.header("origin", "https://portal.example").send().await.unwrap();
        let said = format!("{method} {path}: {} {:?}", reply.status(), reply.headers());
        assert_eq!(reply.status().as_u16(), status, "{said}");
        assert_eq!(reply.headers()["docker-distribution-api-version"], "registry/2.0", "{said}");
        let exposed = reply.headers()["access-control-expose-headers"].to_str().unwrap().to_lowercase();
        for name in [
            "docker-distribution-api-version",
            "docker-content-digest",
            "www-authenticate",
            "link",
            "retry-after",
        ] {
            assert!(exposed.split(',').any(|it| it.trim() == name), "{name}: {exposed}");
        }
        if !code.is_empty() {
            assert!(
                reply.headers()["content-type"].to_str().unwrap().starts_with("application/json"),
                "{said}"
            );
            let body: Value = reply.json().await.unwrap();
            assert_eq!(body["errors"][0]["code"], code, "{said}: {body}");
        }
    }
    let head = sandbox.http.head(sandbox.registry_url("/v2/app/manifests/none")).send().await.unwrap();
    assert_eq!(head.status().as_u16(), 404);
    assert_eq!(head.headers()["docker-distribution-api-version"], "registry/2.0");
}

#[tokio::test]
async fn a_manifest_has_a_limit() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let put = |size: usize| {
        let request = sandbox.http.put(sandbox.registry_url("/v2/app/manifests/large"));
        let body = format!("{{\"schemaVersion\":2,\"x\":\"{}\"}}", "x".repeat(size));
        sandbox
            .as_writer(request)
            .header("content-type", "application/vnd.oci.image.manifest.v1+json")
            .body(body)
            .send()
    };
    let refused = put(4 * 1024 * 1024).await.unwrap();
    assert_eq!(refused.status().as_u16(), 413);
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["errors"][0]["code"], "SIZE_INVALID");
}

/// Somebody begins more uploads than anybody should, and finishes none.
#[tokio::test]
async fn unfinished_uploads_stop_neither_people_nor_the_signer() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let digest = sandbox.push_image("app", "hello").await;
    let begin = async || {
        let request = sandbox.http.post(sandbox.registry_url("/v2/app/blobs/uploads/"));
        let reply = sandbox.as_writer(request).send().await.unwrap();
        assert_eq!(reply.status().as_u16(), 202);
        reply.headers()["location"].to_str().unwrap().to_owned()
    };
    let first = begin().await;
    for _ in 0..1_100 {
        begin().await;
    }
    let last = begin().await;
    let state = async |location: &str| {
        let request = sandbox.http.get(sandbox.registry_url(location));
        sandbox.as_writer(request).send().await.unwrap().status().as_u16()
    };
    assert_eq!((state(&first).await, state(&last).await), (404, 204), "the idlest ends");

    let content = "more";
    let other = ocisign_sandbox::signature_manifest::sha256(content.as_bytes());
    let finish = sandbox.http.put(sandbox.registry_url(&format!("{last}?digest={other}"))).body(content);
    assert_eq!(sandbox.as_writer(finish).send().await.unwrap().status().as_u16(), 201);

    let mut definition = sandbox.product();
    definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
    let product = sandbox.create_product(definition).await;
    let signing = sandbox.request(&product, &format!("{}/app@{digest}", sandbox.domain())).await;
    let signed = sandbox.outcome(signing["id"].as_str().unwrap()).await;
    assert_eq!(signed["status"], 16, "{signed}");
}
