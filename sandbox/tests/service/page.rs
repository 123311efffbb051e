//! The page's files, with the right types and headers, and what the page is told and given.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Sandbox, read};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

const ALLOWED: &str = "access-control-allow-origin";

/// A folder with a page.
fn page_in(folder: &Path) -> PathBuf {
    let www = folder.join("www");
    fs::create_dir(&www).unwrap();
    fs::write(www.join("index.html"), "<!doctype html>").unwrap();
    fs::write(www.join("module.wasm"), b"\0asm").unwrap();
    fs::write(www.join("page.js"), "export {}").unwrap();
    www
}

async fn with_page(folder: &Path, arguments: &[&str]) -> Sandbox {
    let www = page_in(folder);
    let arguments = [&["--www", www.to_str().unwrap()], arguments].concat();
    Sandbox::start(&folder.join("data"), &arguments).await
}

async fn get(sandbox: &Sandbox, path: &str) -> Response {
    sandbox.http.get(format!("{}{path}", sandbox.origin())).send().await.unwrap()
}

fn directives(response: &Response) -> Vec<String> {
    let policy = response.headers()["content-security-policy"].to_str().unwrap();
    policy.split("; ").map(str::to_owned).collect()
}

#[tokio::test]
async fn files_come_with_strict_headers() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret"), "secret").unwrap();
    let sandbox = with_page(folder.path(), &[]).await;
    let connect = format!("connect-src 'self' {}", sandbox.registry_url(""));
    let types = [("/", "text/html"), ("/module.wasm", "application/wasm"), ("/page.js", "text/javascript")];
    for (path, media_type) in types {
        let reply = get(&sandbox, path).await;
        assert_eq!(reply.status().as_u16(), 200);
        assert_eq!(
            directives(&reply),
            [
                "default-src 'none'",
                "script-src 'self' 'wasm-unsafe-eval'",
                "style-src 'self'",
                "img-src 'self' data:",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "object-src 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types lit-html ocisign",
                &connect,
            ]
        );
        let headers = reply.headers();
        assert_eq!(headers["content-type"], media_type);
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin-allow-popups");
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
        let powers = headers["permissions-policy"].to_str().unwrap();
        for power in ["camera", "microphone", "geolocation", "usb"] {
            assert!(powers.contains(&format!("{power}=()")), "{powers}");
        }
        assert!(headers.contains_key("x-ocisign-sandbox"));
    }
    read(get(&sandbox, "/missing.js").await).await.refuses(404, "no-such-path");
    read(get(&sandbox, "/%2e%2e/secret").await).await.refuses(404, "no-such-path");
}

#[tokio::test]
async fn the_api_is_no_page_and_portals_may_load_it() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = with_page(folder.path(), &["--allow-origin", "https://portal.example"]).await;
    let url = sandbox.url("/ocisign-profile");
    let reply = sandbox.http.get(url).header("origin", "https://portal.example").send().await.unwrap();
    assert_eq!(reply.headers()[ALLOWED], "https://portal.example");
    assert_eq!(directives(&reply)[0], "default-src 'none'");
    assert!(!directives(&reply).iter().any(|it| it.starts_with("script-src")));
    assert!(!reply.headers().contains_key("cross-origin-resource-policy"));
    let registry = sandbox.http.get(sandbox.registry_url("/v2/app/tags/list")).send().await.unwrap();
    assert!(!registry.headers().contains_key("cross-origin-resource-policy"));
}

#[tokio::test]
async fn the_page_is_told_where_everything_is() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = with_page(folder.path(), &[]).await;
    let settings: Value = get(&sandbox, "/settings.json").await.json().await.unwrap();
    let domain = sandbox.domain();
    let other_name = domain.replace("127.0.0.1", "localhost");
    let place = json!({ "url": format!("http://{domain}") });
    let registries = json!({ domain: place, other_name: place });
    let profile = sandbox.http.get(sandbox.url("/ocisign-profile")).send().await.unwrap();
    let profile: Value = profile.json().await.unwrap();
    let names = &profile["names"];
    let named = (
        &names["groups"]["f65a3ea9-60db-47a4-9ad8-c6915735ec5f"],
        &names["people"]["3c58e1f4-7d29-4a63-b1f0-82c4d6e7b933"],
    );
    assert_eq!(named, (&json!("Security"), &json!("Approver two")));
    let expected = json!({
        "baseUrl": "/sandbox/api/v1", "profile": profile, "sandbox": true, "registries": registries,
        "groupNames": names["groups"], "peopleNames": names["people"],
    });
    assert_eq!(settings, expected);

    let given = sandbox.http.get(sandbox.url("/ocisign-sandbox/registry")).send().await.unwrap();
    assert_eq!(given.json::<Value>().await.unwrap(), sandbox.ready["registry"]);
}

#[tokio::test]
async fn another_registry_is_named_and_its_password_is_not_ours_to_give() {
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    fs::write(&password, "hush-hush").unwrap();
    let arguments = [
        ["--registry", "https://registry.example"],
        ["--registry-username", "ci"],
        ["--registry-password-file", password.to_str().unwrap()],
    ];
    let sandbox = with_page(folder.path(), &arguments.concat()).await;
    let page = get(&sandbox, "/").await;
    assert_eq!(directives(&page).last().unwrap(), "connect-src 'self' https://registry.example");
    let settings: Value = get(&sandbox, "/settings.json").await.json().await.unwrap();
    assert_eq!(settings["registries"], json!({ "registry.example": { "url": "https://registry.example" } }));
    let given = sandbox.http.get(sandbox.url("/ocisign-sandbox/registry")).send().await.unwrap();
    read(given).await.refuses(404, "no-embedded-registry");
}

#[tokio::test]
async fn the_page_reads_the_embedded_registry_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = with_page(folder.path(), &["--allow-origin", "https://portal.example"]).await;
    let url = sandbox.registry_url("/v2/app/manifests/latest");
    let preflight = async |origin: &str, method: &str| {
        let request = sandbox.http.request(Method::OPTIONS, &url).header("origin", origin);
        let request = request.header("access-control-request-method", method);
        request.header("access-control-request-headers", "authorization").send().await.unwrap()
    };
    let local = sandbox.origin().replace("127.0.0.1", "localhost");
    for ours in [sandbox.origin(), &local] {
        for method in ["GET", "HEAD"] {
            let reply = preflight(ours, method).await;
            assert_eq!(reply.headers()[ALLOWED], ours);
            assert_eq!(reply.headers()["access-control-allow-methods"], method);
            let read = sandbox.http.request(method.parse().unwrap(), &url).header("origin", ours);
            let read = read.send().await.unwrap();
            assert_eq!(
                (read.status(), &read.headers()[ALLOWED]),
                (StatusCode::NOT_FOUND, &ours.parse().unwrap())
            );
            let exposed = read.headers()["access-control-expose-headers"].to_str().unwrap().to_lowercase();
            for header in ["www-authenticate", "docker-content-digest", "retry-after", "link", "location"] {
                assert!(exposed.contains(header), "{exposed}");
            }
        }
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            assert!(!preflight(ours, method).await.headers().contains_key(ALLOWED), "{method}");
            let write = sandbox.http.request(method.parse().unwrap(), &url).header("origin", ours);
            assert!(!write.send().await.unwrap().headers().contains_key(ALLOWED), "{method}");
        }
    }
    assert_eq!(preflight("https://portal.example", "PUT").await.headers()[ALLOWED], "https://portal.example");
    for foreign in ["http://localhost", "http://localhost:1", "https://evil.example", "null"] {
        assert!(!preflight(foreign, "GET").await.headers().contains_key(ALLOWED), "{foreign}");
    }
}

#[tokio::test]
async fn without_a_page_nobody_reads_the_registry_from_a_page() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]).await;
    let url = sandbox.registry_url("/v2/app/tags/list");
    let reply = sandbox.http.get(url).header("origin", sandbox.origin()).send().await.unwrap();
    assert!(!reply.headers().contains_key(ALLOWED));
}
