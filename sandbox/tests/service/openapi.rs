//! The description of the API is that of the router: same paths, same methods, the same from both places.

use std::collections::BTreeSet;
use std::process::Stdio;

use crate::support::{Sandbox, command};
use ocisign_sandbox::api;
use reqwest::Method;
use serde_json::Value;

#[tokio::test]
async fn every_route_of_the_router_is_described_with_its_methods() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]).await;
    let document: Value =
        sandbox.http.get(sandbox.url("/openapi.json")).send().await.unwrap().json().await.unwrap();
    let described = document["paths"].as_object().unwrap();
    assert!(!api::paths().is_empty());
    for path in api::paths() {
        // No route has it, so the router answers with the methods that it has.
        let url = sandbox.url(&path.replace("{id}", &"0".repeat(32)).replace("{domain}", "a.example"));
        let refused = sandbox.http.request(Method::TRACE, url).send().await.unwrap();
        assert_eq!(refused.status().as_u16(), 405, "{path}");
        let allowed = refused.headers()["allow"].to_str().unwrap().to_ascii_lowercase();
        let routed: BTreeSet<&str> = allowed.split(',').map(str::trim).filter(|it| *it != "head").collect();
        let operations = described.get(path).and_then(Value::as_object);
        let operations = operations.unwrap_or_else(|| {
            panic!("{path} is not described: write #[utoipa::path] above its handler, and its name into api/description.rs")
        });
        let named: BTreeSet<&str> = operations.keys().map(String::as_str).collect();
        assert_eq!(named, routed, "{path}");
    }
    let routed: BTreeSet<&str> = api::paths().into_iter().collect();
    let named: BTreeSet<&str> = described.keys().map(String::as_str).collect();
    assert_eq!(named, routed, "nothing else is described");
}

#[tokio::test]
async fn the_program_prints_what_it_serves() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let printed = command(&data)
        .args(["--print-openapi", "--customer", "acme"])
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    assert!(printed.status.success());
    assert!(!data.exists(), "it starts nothing");
    let printed: Value = serde_json::from_slice(&printed.stdout).unwrap();
    let sandbox = Sandbox::start(&data, &["--customer", "acme"]).await;
    let served = sandbox.http.get(sandbox.url("/openapi.json")).send().await.unwrap();
    assert_eq!(served.json::<Value>().await.unwrap(), printed);
    assert_eq!(printed["openapi"], "3.1.0");
    assert_eq!(printed["servers"][0]["url"], "/acme/api/v1");
}

#[tokio::test]
async fn every_operation_says_how_it_is_called_who_may_and_how_it_refuses() {
    let document = serde_json::to_value(api::description::document("/x/api/v1")).unwrap();
    let open = ["getProfile", "listPeople", "getRegistry", "show"];
    let mut names = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for operation in operations.as_object().unwrap().values() {
            let name = operation["operationId"].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} twice");
            assert_eq!(operation["security"].is_null(), open.contains(&name), "{path}");
            let refusal = &operation["responses"]["4XX"]["content"]["application/json"]["schema"]["$ref"];
            assert_eq!(refusal, "#/components/schemas/Refusal", "{path}");
        }
    }
}
