//! What does the signer take from a registry, and where does it let a registry lead it?

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::Sandbox;
use crate::support::fake_registry::{Asked, FakeRegistry, reply};
use axum::http::Method;
use axum::response::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;

const PASSWORD: &str = "hush-hush-hush";

/// A sandbox that may use these registries.
async fn sandbox(folder: &Path, registries: &[&FakeRegistry]) -> Sandbox {
    let urls: Vec<String> = registries.iter().map(|registry| registry.url()).collect();
    let arguments: Vec<&str> = urls.iter().flat_map(|url| ["--allow-registry", url.as_str()]).collect();
    Sandbox::start(&folder.join("data"), &arguments).await
}

/// The outcome of a signing at a registry that answers so, and what it was asked.
async fn outcome(
    answer: impl Fn(&Asked) -> Option<Response> + Send + Sync + 'static,
) -> (Value, FakeRegistry) {
    let folder = tempfile::tempdir().unwrap();
    let registry = FakeRegistry::start(answer).await;
    let sandbox = sandbox(folder.path(), &[&registry]).await;
    let domain = registry.address.to_string();
    let credential = json!({ "domain": domain, "username": "robot", "password": PASSWORD });
    assert_eq!(sandbox.post("admin", "/registrycredentials", credential).await.status.as_u16(), 201);
    let outcome = registry.sign(&sandbox).await;
    assert!(!outcome.to_string().contains(PASSWORD));
    (outcome, registry)
}

async fn failure(
    answer: impl Fn(&Asked) -> Option<Response> + Send + Sync + 'static,
) -> (String, FakeRegistry) {
    let (outcome, registry) = outcome(answer).await;
    assert_eq!(outcome["status"], 64, "{outcome}");
    (outcome["reason"].as_str().unwrap().to_owned(), registry)
}

fn reads_signatures(asked: &Asked) -> bool {
    asked.method == Method::GET && asked.path.ends_with(".sig")
}

#[tokio::test]
async fn an_ordinary_registry_gets_the_signature() {
    let (outcome, registry) = outcome(|_| None).await;
    assert_eq!(outcome["status"], 16, "{outcome}");
    assert_eq!(registry.signatures().unwrap()["layers"].as_array().unwrap().len(), 1);
    let kept = registry.asked().into_iter().find(|asked| asked.path.contains("digest=")).unwrap();
    assert!(kept.path.starts_with("/v2/app/blobs/uploads/one?state=x&digest=sha256%3A"), "{}", kept.path);
    assert!(
        registry.asked().iter().all(|asked| asked.authorization.is_none()),
        "nobody asked for a password"
    );
}

/// Whoever takes such an answer for "no signatures yet" overwrites those that are there.
#[tokio::test]
async fn only_the_registry_itself_says_that_there_are_no_signatures() {
    let html = "<html><body>Not found</body></html>";
    for (status, headers, body) in [
        (404, vec![("content-type", "text/html")], html),
        (404, vec![], ""),
        (404, vec![("content-type", "application/json")], "{}"),
        (404, vec![("content-type", "application/json")], "{\"errors\":[]}"),
        (404, vec![("content-type", "application/json")], "{\"errors\":[{\"code\":\"ROUTE_NOT_FOUND\"}]}"),
        (404, vec![("docker-distribution-api-version", "registry/2.0"), ("content-type", "text/html")], html),
        (404, vec![("docker-distribution-api-version", "registry/2.0")], html),
        (404, vec![("docker-distribution-api-version", "3")], ""),
        (404, vec![("content-type", "application/json")], "{\"errors\":[{\"code\":7}]}"),
        (404, vec![("content-type", "application/json")], "{\"message\":\"MANIFEST_UNKNOWN\"}"),
        (405, vec![("docker-distribution-api-version", "registry/2.0")], ""),
        (406, vec![], html),
        (410, vec![], html),
        (200, vec![], html),
        (204, vec![], ""),
        (200, vec![], "{\"manifests\":[]}"),
    ] {
        let said = format!("{status} {headers:?} {body}");
        let (_, registry) =
            failure(move |asked| reads_signatures(asked).then(|| reply(status, &headers, body))).await;
        assert!(registry.asked().iter().all(|asked| asked.method == Method::GET), "{said}");
        assert_eq!(registry.signatures(), None, "{said}");
    }
    // Debian's docker-registry says it in plain text, with its header.
    let own = vec![("docker-distribution-api-version", "registry/2.0"), ("content-type", "text/plain")];
    // Quay says it so of a tag that was deleted.
    let expired =
        "{\"errors\":[{\"code\":\"TAG_EXPIRED\",\"message\":\"Tag x was deleted or has expired.\"}]}";
    for (headers, body) in
        [(own, "404 page not found\n"), (vec![("content-type", "application/json")], expired)]
    {
        let first = AtomicUsize::new(0);
        let (signed, _) = outcome(move |asked| {
            let is_first = reads_signatures(asked) && first.fetch_add(1, Ordering::SeqCst) == 0;
            is_first.then(|| reply(404, &headers, body))
        })
        .await;
        assert_eq!(signed["status"], 16, "{signed}");
    }
}

#[tokio::test]
async fn no_answer_is_read_without_end() {
    let large = || axum::body::Body::from(vec![b' '; 5 * 1024 * 1024]);
    let endless = || {
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        tokio::spawn(async move { while sender.send(()).await.is_ok() {} });
        axum::body::Body::new(Endless(receiver))
    };
    let bodies: [Arc<dyn Fn() -> axum::body::Body + Send + Sync>; 2] = [Arc::new(large), Arc::new(endless)];
    for body in bodies {
        for place in ["/manifests/sha256:", ".sig", "/blobs/uploads"] {
            let body = Arc::clone(&body);
            let (reason, _) = failure(move |asked| {
                let status = if asked.method == Method::POST { 202 } else { 200 };
                asked.path.contains(place).then(|| reply(status, &[("location", "/x")], body()))
            })
            .await;
            assert!(reason.contains("more bytes than anything genuine"), "{place}: {reason}");
        }
        let realm = FakeRegistry::start(move |_| Some(reply(200, &[], body()))).await;
        let challenge = format!("Bearer realm=\"{}/token\"", realm.url());
        let (reason, _) = failure(move |_| Some(reply(401, &[("www-authenticate", &challenge)], ""))).await;
        assert!(reason.contains("more bytes than anything genuine"), "a token: {reason}");
    }
}

struct Endless(tokio::sync::mpsc::Receiver<()>);

impl http_body::Body for Endless {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        let piece = axum::body::Bytes::from_static(&[b' '; 65_536]);
        self.0.poll_recv(context).map(|more| more.map(|()| Ok(http_body::Frame::data(piece))))
    }
}

#[tokio::test]
async fn the_content_is_what_the_digest_names() {
    let (reason, registry) = failure(|asked| {
        asked.path.contains("/manifests/sha256:").then(|| reply(200, &[], "{\"another\":\"image\"}"))
    })
    .await;
    assert!(reason.contains("another content"), "{reason}");
    assert_eq!(registry.asked().len(), 1);
}

#[tokio::test]
async fn a_passing_answer_is_not_the_end() {
    for (status, place, method) in [
        (429, "/manifests/sha256:", Method::GET),
        (503, ".sig", Method::GET),
        (429, "/blobs/uploads/", Method::POST),
        (502, "digest=", Method::PUT),
        (504, ".sig", Method::PUT),
        (500, ".sig", Method::PUT),
    ] {
        let count = AtomicUsize::new(0);
        let (signed, registry) = outcome(move |asked| {
            let is_meant = asked.method == method && asked.path.contains(place);
            (is_meant && count.fetch_add(1, Ordering::SeqCst) < 2)
                .then(|| reply(status, &[("retry-after", "1")], "later"))
        })
        .await;
        assert_eq!(signed["status"], 16, "{status} {place}: {signed}");
        assert_eq!(registry.signatures().unwrap()["layers"].as_array().unwrap().len(), 1);
        let steps: Vec<&Value> =
            signed["history"].as_array().unwrap().iter().map(|step| &step["status"]).collect();
        assert_eq!(steps, [1, 4, 8, 16], "each step once");
    }
}

#[tokio::test]
async fn a_password_goes_only_where_nobody_reads_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for realm in [
        "http://192.0.2.1/token".to_owned(),
        "http://registry.example/token".to_owned(),
        "http://localhost.example/token".to_owned(),
        "ftp://127.0.0.1/token".to_owned(),
        "//127.0.0.1/token".to_owned(),
        "/token".to_owned(),
        format!("http://robot@127.0.0.1:{port}/token"),
        format!("http://:x@127.0.0.1:{port}/token"),
        // Out of the registry's reach, even with TLS.
        "https://10.0.0.1/token".to_owned(),
        "https://192.168.1.1/token".to_owned(),
        "https://169.254.169.254/token".to_owned(),
        "https://[fe80::1]/token".to_owned(),
        "https://[fd00::1]/token".to_owned(),
    ] {
        let challenge = format!("Bearer realm=\"{realm}\",service=\"s\"");
        let (reason, registry) =
            failure(move |_| Some(reply(401, &[("www-authenticate", &challenge)], ""))).await;
        assert!(reason.contains("no password may be sent to"), "{realm}: {reason}");
        assert!(registry.asked().iter().all(|asked| asked.authorization.is_none()), "{realm}");
    }
    let none = tokio::time::timeout(std::time::Duration::ZERO, listener.accept()).await;
    assert!(none.is_err(), "nobody connected");
}

#[tokio::test]
async fn a_registry_on_this_machine_may_have_its_tokens_here() {
    let realm = FakeRegistry::start(|asked| {
        let known = asked.authorization.as_deref().is_some_and(|it| it.starts_with("Basic "));
        Some(if known { reply(200, &[], "{\"token\":\"abc\"}") } else { reply(401, &[], "") })
    })
    .await;
    let challenge = format!("Bearer realm=\"{}/token\",service=\"s\",scope=\"a b\"", realm.url());
    let (signed, registry) = outcome(move |asked| {
        let known = asked.authorization.as_deref() == Some("Bearer abc");
        (!known).then(|| reply(401, &[("www-authenticate", &challenge)], ""))
    })
    .await;
    assert_eq!(signed["status"], 16, "{signed}");
    assert!(realm.asked()[0].path.ends_with("service=s&scope=a&scope=b"), "{:?}", realm.asked()[0].path);
    let sent = registry.asked().into_iter().filter_map(|asked| asked.authorization);
    assert!(sent.into_iter().all(|sent| sent == "Bearer abc"), "the password stays with the realm");
}

#[tokio::test]
async fn a_registry_that_asks_for_basic_gets_it_and_nobody_else() {
    let elsewhere = FakeRegistry::start(|_| None).await;
    let location = format!("{}/v2/app/blobs/uploads/there", elsewhere.url());
    let (signed, _) = outcome(move |asked| match &asked.authorization {
        None => Some(reply(
            401,
            &[("www-authenticate", "Bearer realm=\"https://a.example\", Basic realm=\"x\"")],
            "",
        )),
        Some(_) if asked.method == Method::POST => Some(reply(202, &[("location", &location)], "")),
        Some(_) => None,
    })
    .await;
    assert_eq!(signed["status"], 16, "{signed}");
    let asked = elsewhere.asked();
    assert!(!asked.is_empty() && asked.iter().all(|asked| asked.authorization.is_none()), "{asked:?}");
}

#[tokio::test]
async fn a_registry_leads_nobody_into_another_network() {
    for to in [
        "http://192.0.2.1/x",
        "http://registry.example/x",
        "https://10.0.0.1/x",
        "https://172.16.0.1/x",
        "https://192.168.0.1/x",
        "https://100.64.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "http://169.254.169.254/latest/meta-data",
        "https://[fe80::1]/x",
        "https://[fd00::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[64:ff9b::a00:1]/x",
        "https://0xa9fea9fe/x",
        "https://user:pw@registry.example/x",
        "file:///etc/passwd",
    ] {
        for (method, status) in [(Method::GET, 307), (Method::GET, 302), (Method::POST, 202)] {
            let what = format!("{method} {status} {to}");
            let (reason, _) = failure(move |asked| {
                (asked.method == method).then(|| reply(status, &[("location", to)], ""))
            })
            .await;
            assert!(
                reason.contains("may not lead to") || reason.contains("not understood"),
                "{what}: {reason}"
            );
        }
    }
    let (reason, registry) =
        failure(|asked| Some(reply(307, &[("location", &format!("{}/again", asked.path))], ""))).await;
    assert!(reason.contains("may not lead to"), "{reason}");
    assert!(registry.asked().len() <= 4, "it goes in circles");
}

#[tokio::test]
async fn only_registries_that_the_start_names_are_connected_to() {
    let folder = tempfile::tempdir().unwrap();
    let other = FakeRegistry::start(|_| None).await;
    let sandbox = sandbox(folder.path(), &[]).await;
    let port = other.address.port();
    for domain in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("a.localhost:{port}"),
        format!("[::1]:{port}"),
        format!("127.0.0.2:{port}"),
        "10.0.0.1:443".to_owned(),
        "registry.example".to_owned(),
        sandbox.origin().trim_start_matches("http://").to_owned(),
    ] {
        let mut definition = crate::support::product(&domain);
        definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
        let product = sandbox.create_product(definition).await;
        let artifact = format!("{domain}/app@{}", crate::support::fake_registry::image_digest());
        let reply = sandbox
            .post("requester", "/imagesignings", crate::support::request_body(&product, &artifact))
            .await;
        reply.refuses(403, "registry-not-allowed");
    }
    assert!(other.asked().is_empty());
}

/// No name server is asked for it: it might lead somewhere else.
#[tokio::test]
async fn names_below_localhost_are_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let registry = FakeRegistry::start(|_| None).await;
    let domain = format!("no-such-name.localhost:{}", registry.address.port());
    let url = format!("http://{domain}");
    let sandbox = Sandbox::start(&folder.path().join("data"), &["--allow-registry", &url]).await;
    let mut definition = crate::support::product(&domain);
    definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
    let product = sandbox.create_product(definition).await;
    let artifact = format!("{domain}/app@{}", crate::support::fake_registry::image_digest());
    let signing = sandbox.request(&product, &artifact).await;
    let signed = sandbox.outcome(signing["id"].as_str().unwrap()).await;
    assert_eq!(signed["status"], 16, "{signed}");
}

/// What an earlier start allowed, this one may not.
#[tokio::test]
async fn a_request_of_an_earlier_start_does_not_lead_there_either() {
    let folder = tempfile::tempdir().unwrap();
    let registry = FakeRegistry::start(|_| Some(reply(503, &[("retry-after", "1")], ""))).await;
    let mut first = sandbox(folder.path(), &[&registry]).await;
    let id = registry.begin(&first).await;
    while registry.asked().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    first.kill();
    let before = registry.asked().len();
    let second = sandbox(folder.path(), &[]).await;
    let outcome = second.outcome(&id).await;
    assert_eq!(outcome["status"], 64, "{outcome}");
    assert!(outcome["reason"].as_str().unwrap().contains("--allow-registry"), "{outcome}");
    assert_eq!(registry.asked().len(), before);
}

/// Registries that accept a connection and say nothing.
#[tokio::test]
async fn silent_registries_hold_up_only_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let mut silent = Vec::new();
    for _ in 0..6 {
        silent.push(TcpListener::bind("127.0.0.1:0").await.unwrap());
    }
    let good = FakeRegistry::start(|_| None).await;
    let domains: Vec<String> = silent.iter().map(|it| it.local_addr().unwrap().to_string()).collect();
    let urls: Vec<String> =
        domains.iter().map(|domain| format!("http://{domain}")).chain([good.url()]).collect();
    let arguments: Vec<&str> = urls.iter().flat_map(|url| ["--allow-registry", url.as_str()]).collect();
    let sandbox = Sandbox::start(&folder.path().join("data"), &arguments).await;
    for domain in &domains {
        let mut definition = crate::support::product(domain);
        definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
        let product = sandbox.create_product(definition).await;
        for number in 0..10 {
            let artifact = format!("{domain}/app{number}@{}", crate::support::fake_registry::image_digest());
            sandbox.request(&product, &artifact).await;
        }
    }
    for _ in 0..3 {
        let signed = good.sign(&sandbox).await;
        assert_eq!(signed["status"], 16, "{signed}");
    }
    let waiting = sandbox.get("requester", "/imagesignings?status=64").await.json;
    assert_eq!(waiting, json!([]), "nobody waited for the silent ones to fail");
}
