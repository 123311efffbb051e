//! What people who run the sandbox rely on: health, metrics, a log for programs, and options from everywhere.

use std::fs::{self, File};
use std::path::Path;

use crate::support::{Sandbox, command};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// A sandbox whose log goes into a file.
async fn logging(data: &Path, log: &Path, arguments: &[&str]) -> Sandbox {
    let log = File::create(log).unwrap();
    let all = [&["--listen", "127.0.0.1:0", "--registry-listen", "127.0.0.1:0"], arguments].concat();
    let mut started = command(data);
    started.args(all).stderr(log);
    Sandbox::start_command(data, started).await
}

#[tokio::test]
async fn it_says_that_it_lives_and_that_it_can_work() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]).await;
    let health = sandbox.http.get(format!("{}/healthz", sandbox.origin())).send().await.unwrap();
    assert_eq!(health.status(), StatusCode::OK);
    let ready = sandbox.http.get(format!("{}/readyz", sandbox.origin())).send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::OK);
    let ready: Value = ready.json().await.unwrap();
    assert_eq!(
        ready,
        json!({ "status": "ready", "checks": { "store": "ok", "signer": "ok", "keys": "ok" } })
    );
    let post = sandbox.http.post(format!("{}/healthz", sandbox.origin())).send().await.unwrap();
    assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn its_metrics_are_in_prometheus_text_format_and_count_what_happens() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]).await;
    let digest = sandbox.push_image("app", "counted").await;
    let mut definition = sandbox.product();
    definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
    let product = sandbox.create_product(definition).await;
    let signing = sandbox.request(&product, &format!("{}/app@{digest}", sandbox.domain())).await;
    assert_eq!(sandbox.outcome(signing["id"].as_str().unwrap()).await["status"], 16);
    sandbox.post("outsider", "/products/", json!({})).await.refuses(403, "not-allowed");

    let reply = sandbox.http.get(format!("{}/metrics", sandbox.origin())).send().await.unwrap();
    assert_eq!(reply.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = reply.text().await.unwrap();
    for line in [
        "ocisign_sandbox_signing_requests{state=\"signed\"} 1",
        "ocisign_sandbox_signing_requests{state=\"waiting\"} 0",
        "ocisign_sandbox_signing_attempts_total{outcome=\"signed\"} 1",
        "ocisign_sandbox_http_requests_total{server=\"api\",method=\"POST\",route=\"/sandbox/api/v1/products\",status=\"201\"} 1",
        "ocisign_sandbox_http_requests_total{server=\"api\",method=\"POST\",route=\"/sandbox/api/v1/products\",status=\"403\"} 1",
        "# TYPE ocisign_sandbox_http_request_duration_seconds histogram",
        "# TYPE ocisign_sandbox_store_commit_duration_seconds histogram",
    ] {
        assert!(text.lines().any(|it| it == line), "no {line} in\n{text}");
    }
}

#[tokio::test]
async fn strangers_do_not_make_the_metrics_grow() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]).await;
    for name in ["SEARCH", "BREW"] {
        let method = reqwest::Method::from_bytes(name.as_bytes()).unwrap();
        let url = format!("{}/no/such/{name}?token={name}", sandbox.origin());
        sandbox.http.request(method, url).send().await.unwrap();
    }
    let text =
        sandbox.http.get(format!("{}/metrics", sandbox.origin())).send().await.unwrap().text().await.unwrap();
    assert!(!text.contains("BREW") && !text.contains("/no/such"), "{text}");
    assert!(text.contains("method=\"OTHER\",route=\"other\""), "{text}");
}

#[tokio::test]
async fn the_json_log_tells_of_each_request_and_holds_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    // At the lowest level of our own words.
    let arguments = ["--log-format", "json", "--log", "error,ocisign_sandbox=trace"];
    let mut sandbox = logging(&data, &log, &arguments).await;
    let product = sandbox.create_product(sandbox.product()).await;
    let digest = sandbox.push_image("app", "logged").await;
    let signing = sandbox.request(&product, &format!("{}/app@{digest}", sandbox.domain())).await;
    let id = signing["id"].as_str().unwrap();
    for role in ["approver-one", "approver-two"] {
        assert_eq!(sandbox.approve(role, id).await.status, StatusCode::OK);
    }
    assert_eq!(sandbox.outcome(id).await["status"], 16);
    // Secrets where they belong, and where they do not.
    let hush = "hush-hush-hush-4711";
    let credential = json!({ "domain": "a.example", "username": "ci", "password": hush });
    assert_eq!(sandbox.post("admin", "/registrycredentials", credential).await.status, StatusCode::CREATED);
    sandbox.post("admin", "/registrycredentials", json!({ hush: hush })).await.refuses(422, "bad-input");
    sandbox.get("requester", &format!("/imagesignings?{hush}={hush}")).await.refuses(400, "bad-query");
    sandbox.get("requester", &format!("/imagesignings/{hush}")).await.refuses(400, "bad-id");
    sandbox.call_with(hush, reqwest::Method::GET, "/products", None).await.refuses(401, "token-invalid");
    let wrong = sandbox.http.put(sandbox.registry_url("/v2/app/manifests/x")).basic_auth(hush, Some(hush));
    assert_eq!(wrong.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let traced = sandbox.http.get(sandbox.url("/products")).bearer_auth(sandbox.token("requester"));
    let traced = traced.header("x-request-id", "from-the-proxy-1").send().await.unwrap();
    assert_eq!(traced.headers()["x-request-id"], "from-the-proxy-1");
    let forged = sandbox.http.get(sandbox.url("/products")).header("x-request-id", format!("{hush} {hush}"));
    assert_ne!(forged.send().await.unwrap().headers()["x-request-id"], format!("{hush} {hush}"));

    let mut secrets =
        vec![hush.to_owned(), sandbox.ready["registry"]["password"].as_str().unwrap().to_owned()];
    secrets.extend(
        sandbox.ready["people"].as_array().unwrap().iter().map(|it| it["token"].as_str().unwrap().to_owned()),
    );
    sandbox.terminate();
    assert!(sandbox.wait().await.success());
    let text = fs::read_to_string(&log).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
        .collect();
    for line in text.lines() {
        for secret in &secrets {
            assert!(!line.contains(secret.as_str()), "{line}");
        }
    }
    let told = |key: &str, value: &str| lines.iter().find(|line| line[key] == value).unwrap_or(&Value::Null);
    let line = told("request", "from-the-proxy-1");
    assert_eq!(line["message"], "answered", "{text}");
    assert_eq!((&line["method"], &line["route"]), (&json!("GET"), &json!("/sandbox/api/v1/products")));
    assert_eq!((&line["status"], &line["server"]), (&json!(200), &json!("api")));
    assert_eq!(line["person"], "1f0d6a52-8c1e-4b7a-9e35-6d2b90c4a711");
    assert!(line["milliseconds"].is_number());
    assert!(
        lines
            .iter()
            .any(|line| line["server"] == "registry" && line["method"] == "PUT" && line["status"] == 401)
    );
}

#[tokio::test]
async fn people_at_a_terminal_are_not_told_of_each_request() {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let mut sandbox = logging(&data, &log, &[]).await;
    assert_eq!(sandbox.get("requester", "/products").await.status, StatusCode::OK);
    sandbox.terminate();
    assert!(sandbox.wait().await.success());
    assert_eq!(fs::read_to_string(&log).unwrap(), "");
}

#[tokio::test]
async fn options_come_from_a_file_and_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("sandbox.toml");
    fs::write(
        &file,
        "listen = \"127.0.0.1:0\"\nregistry-listen = \"127.0.0.1:0\"\ncustomer = \"from-file\"\n",
    )
    .unwrap();
    let mut started = command(&data);
    started.env("OCISIGN_SANDBOX_CONFIG", &file).env("OCISIGN_SANDBOX_CUSTOMER", "from-environment");
    let sandbox = Sandbox::start_command(&data, started).await;
    assert!(sandbox.url("").ends_with("/from-environment/api/v1"));
    let wrong = command(&data).args(["--config", "/nowhere.toml"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("Check the path"));
}

#[tokio::test]
async fn help_has_sections_and_fits_a_screen_when_it_is_short() {
    let folder = tempfile::tempdir().unwrap();
    let help = |flag: &str| {
        let output = command(folder.path()).arg(flag).stdout(std::process::Stdio::piped()).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let long = help("--help");
    for heading in
        ["Storage and addresses:", "Registries:", "Page and people:", "Operation:", "OpenID Connect:"]
    {
        assert!(long.contains(heading), "{long}");
    }
    assert!(help("-h").lines().count() < long.lines().count());
}
