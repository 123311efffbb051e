//! The page's files, with the right types and headers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod support;

use std::fs;

use support::{Sandbox, read};

#[tokio::test]
async fn files_come_with_strict_headers() {
    let folder = tempfile::tempdir().unwrap();
    let www = folder.path().join("www");
    fs::create_dir(&www).unwrap();
    fs::write(www.join("index.html"), "<!doctype html>").unwrap();
    fs::write(www.join("module.wasm"), b"\0asm").unwrap();
    fs::write(www.join("page.js"), "export {}").unwrap();
    fs::write(folder.path().join("secret"), "secret").unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &["--www", www.to_str().unwrap()]).await;
    let get =
        async |path: &str| sandbox.http.get(format!("{}{path}", sandbox.origin())).send().await.unwrap();

    let types = [("/", "text/html"), ("/module.wasm", "application/wasm"), ("/page.js", "text/javascript")];
    for (path, media_type) in types {
        let reply = get(path).await;
        assert_eq!(reply.status().as_u16(), 200);
        let headers = reply.headers();
        assert_eq!(headers["content-type"], media_type);
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert!(headers.contains_key("x-ocisign-sandbox"));
    }
    read(get("/missing.js").await).await.refuses(404, "no-such-path");
    read(get("/%2e%2e/secret").await).await.refuses(404, "no-such-path");
}
