//! Does everything that goes wrong with a real service go wrong on demand, and only then? Over raw sockets.

use std::io::ErrorKind;
use std::net::SocketAddr;

use crate::support::{GROUP_A, Reply, Sandbox};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const RULES: &str = "/ocisign-sandbox/faults";
const REQUESTER: &str = "1f0d6a52-8c1e-4b7a-9e35-6d2b90c4a711";

async fn start(arguments: &[&str]) -> (TempDir, Sandbox) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), arguments).await;
    (folder, sandbox)
}

async fn faulty() -> (TempDir, Sandbox) {
    start(&["--faults"]).await
}

/// Adds a rule, and gives its number.
async fn add(sandbox: &Sandbox, rule: Value) -> u64 {
    let reply = sandbox.post("admin", RULES, rule.clone()).await;
    assert_eq!(reply.status, StatusCode::CREATED, "{rule}: {}", reply.json);
    assert_eq!(reply.headers["location"], format!("/sandbox/api/v1{RULES}/{}", reply.json["id"]).as_str());
    assert_eq!((&reply.json["fault"], &reply.json["struck"]), (&rule["fault"], &json!(0)));
    reply.json["id"].as_u64().unwrap()
}

async fn struck(sandbox: &Sandbox, number: u64) -> Value {
    sandbox.get("admin", &format!("{RULES}/{number}")).await.json["struck"].clone()
}

async fn clear(sandbox: &Sandbox) {
    assert_eq!(sandbox.call("admin", Method::DELETE, RULES, None).await.status, StatusCode::NO_CONTENT);
}

/// The number of the one rule that a reply names.
fn rule_of(reply: &Reply) -> Option<u64> {
    reply.headers.get("ocisign-fault").map(|rule| rule.to_str().unwrap().parse().unwrap())
}

/// Sends a request as its bytes.
async fn send(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> TcpStream {
    let address: SocketAddr = sandbox.origin().trim_start_matches("http://").parse().unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "{method} /sandbox/api/v1{path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        sandbox.token("requester"),
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// All bytes until the end, and whether that was a reset.
async fn rest(mut stream: TcpStream) -> (String, Option<ErrorKind>) {
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).await.err().map(|cause| cause.kind());
    (String::from_utf8(bytes).unwrap(), end)
}

async fn signing(sandbox: &Sandbox) -> (Value, String) {
    let product = sandbox.create_product(sandbox.product()).await;
    let artifact = format!("{}/app@sha256:{}", sandbox.domain(), "0".repeat(64));
    let id = sandbox.request(&product, &artifact).await["id"].as_str().unwrap().to_owned();
    (product, format!("/imagesignings/{id}"))
}

async fn count(sandbox: &Sandbox, path: &str) -> usize {
    sandbox.get("admin", path).await.json.as_array().unwrap().len()
}

#[tokio::test]
async fn without_the_option_nothing_fails_on_demand() {
    let (_folder, sandbox) = start(&[]).await;
    sandbox.post("admin", RULES, json!({ "fault": { "status": 503 } })).await.refuses(404, "no-such-path");
    assert_eq!(rule_of(&sandbox.get("admin", "/products").await), None);
}

#[tokio::test]
async fn only_the_admin_keeps_rules() {
    let (_folder, sandbox) = faulty().await;
    let rule = json!({ "fault": { "status": 503 } });
    for role in ["requester", "outsider"] {
        sandbox.post(role, RULES, rule.clone()).await.refuses(403, "admins-only");
        sandbox.get(role, RULES).await.refuses(403, "admins-only");
        sandbox.call(role, Method::DELETE, RULES, None).await.refuses(403, "admins-only");
    }
    let nobody = sandbox.http.post(sandbox.url(RULES)).json(&rule).send().await.unwrap();
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(sandbox.get("admin", RULES).await.json, json!({ "seed": 0, "rules": [] }));

    let first = add(&sandbox, rule.clone()).await;
    let second =
        add(&sandbox, json!({ "match": { "method": "GET" }, "fault": { "status": 500 }, "times": 7 })).await;
    assert_eq!(sandbox.get("requester", "/products").await.status.as_u16(), 503);
    let kept = sandbox.get("admin", RULES).await.json;
    assert_eq!(
        kept["rules"],
        json!([
            { "id": first, "fault": { "status": 503 }, "seen": 1, "struck": 1 },
            { "id": second, "match": { "method": "GET" }, "fault": { "status": 500 }, "times": 7, "seen": 1, "struck": 0 },
        ]),
        "the first that strikes is it, and each counts"
    );
    let remove = |id: String| {
        sandbox.call("admin", Method::DELETE, Box::leak(format!("{RULES}/{id}").into_boxed_str()), None)
    };
    assert_eq!(remove(first.to_string()).await.status, StatusCode::NO_CONTENT);
    for unknown in [first.to_string(), "x".to_owned(), "%ff".to_owned()] {
        remove(unknown).await.refuses(404, "unknown-rule");
    }
    assert_eq!(sandbox.get("requester", "/products").await.status.as_u16(), 500);
    clear(&sandbox).await;
    assert_eq!(sandbox.get("requester", "/products").await.status.as_u16(), 200);
    sandbox.call("admin", Method::PUT, RULES, Some(rule.clone())).await.refuses(405, "method-not-allowed");
    for _ in 0..100 {
        add(&sandbox, rule.clone()).await;
    }
    sandbox.post("admin", RULES, rule).await.refuses(409, "too-many");
}

#[tokio::test]
async fn a_reset_is_one_and_comes_before_or_after_the_request_took_effect() {
    let (_folder, sandbox) = faulty().await;
    let product = sandbox.product().to_string();
    for (when, made) in [("before", 0), ("after", 1)] {
        let rule =
            add(&sandbox, json!({ "match": { "route": "createProduct" }, "fault": { "reset": when } })).await;
        let end = rest(send(&sandbox, "POST", "/products", &product).await).await;
        assert_eq!(end, (String::new(), Some(ErrorKind::ConnectionReset)), "{when}");
        assert_eq!(
            (count(&sandbox, "/products").await, struck(&sandbox, rule).await),
            (made, json!(1)),
            "{when}"
        );
        clear(&sandbox).await;
    }
    let answered = rest_of_one(send(&sandbox, "GET", "/products", "").await).await;
    assert!(answered.starts_with("HTTP/1.1 200"), "{answered}");
}

/// One answer of a connection that stays open, as far as its length says.
async fn rest_of_one(mut stream: TcpStream) -> String {
    let mut text = String::new();
    loop {
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if body.len() >= length.parse().unwrap() {
                return text;
            }
        }
        let mut piece = [0; 1024];
        let read = stream.read(&mut piece).await.unwrap();
        assert!(read > 0, "it ended: {text}");
        text.push_str(std::str::from_utf8(&piece[..read]).unwrap());
    }
}

#[tokio::test]
async fn another_answer_comes_instead_of_ours_or_after_it() {
    let (_folder, sandbox) = faulty().await;
    let busy = json!({ "status": 429, "headers": { "Retry-After": "7" } });
    let rule = add(&sandbox, json!({ "fault": busy })).await;
    let reply = sandbox.post("requester", "/products", sandbox.product()).await;
    reply.refuses(429, "fault");
    assert_eq!((&reply.headers["retry-after"], rule_of(&reply)), (&"7".parse().unwrap(), Some(rule)));
    assert_eq!(reply.headers["cache-control"], "no-store");
    clear(&sandbox).await;
    assert_eq!(count(&sandbox, "/products").await, 0);

    let lost = add(&sandbox, json!({ "fault": { "status": 504, "takesEffect": true } })).await;
    let reply = sandbox.post("requester", "/products", sandbox.product()).await;
    assert_eq!((reply.status.as_u16(), rule_of(&reply)), (504, Some(lost)));
    clear(&sandbox).await;
    assert_eq!(count(&sandbox, "/products").await, 1, "it was taken all the same");

    for (fault, status) in [
        (json!({ "html": true }), 200),
        (json!({ "html": true, "status": 502 }), 502),
        (json!({ "html": true, "takesEffect": true }), 201),
        (json!({ "status": 302, "headers": { "location": "https://login.example/" } }), 302),
    ] {
        add(&sandbox, json!({ "match": { "method": "POST" }, "fault": fault })).await;
        let no_redirects = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let request = no_redirects.build().unwrap().post(sandbox.url("/products")).json(&sandbox.product());
        let reply =
            crate::support::read(request.bearer_auth(sandbox.token("requester")).send().await.unwrap()).await;
        assert_eq!(reply.status.as_u16(), status, "{fault}");
        let is_html = reply.headers["content-type"].to_str().unwrap().starts_with("text/html");
        assert_eq!(
            (is_html, reply.json.is_string()),
            (fault.get("html").is_some(), fault.get("html").is_some())
        );
        clear(&sandbox).await;
    }

    add(&sandbox, json!({ "fault": { "expiredToken": true }, "times": 1 })).await;
    let reply = sandbox.get("requester", "/products").await;
    reply.refuses(401, "token-expired");
    assert!(reply.headers.contains_key("www-authenticate"));
    assert_eq!(sandbox.get("requester", "/products").await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_code_outside_the_table_stands_in_one_request_and_in_a_list() {
    let (_folder, sandbox) = faulty().await;
    let (_, path) = signing(&sandbox).await;
    add(&sandbox, json!({ "fault": { "unknownStatus": 4096 } })).await;
    assert_eq!(sandbox.get("requester", &path).await.json["status"], 4096);
    assert_eq!(sandbox.get("requester", "/imagesignings").await.json[0]["status"], 4096);
    sandbox.get("requester", "/imagesignings/x").await.refuses(400, "bad-id");
    clear(&sandbox).await;
    assert_eq!(sandbox.get("requester", &path).await.json["status"], 2);
}

#[tokio::test]
async fn a_body_breaks_off_or_takes_its_time() {
    let (_folder, sandbox) = faulty().await;
    let whole = sandbox.create_product(sandbox.product()).await.to_string();
    let whole = format!("[{whole}]");
    for cut in [0, 1, 100, whole.len() - 1] {
        let rule = add(&sandbox, json!({ "fault": { "cutBody": cut } })).await;
        let (text, end) = rest(send(&sandbox, "GET", "/products", "").await).await;
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert_eq!((body, end), (&whole[..cut], None));
        assert!(head.contains(&format!("content-length: {}", whole.len())), "{head}");
        assert!(head.contains(&format!("ocisign-fault: {rule}")), "{head}");
        clear(&sandbox).await;
    }
    add(&sandbox, json!({ "fault": { "cutBody": whole.len() + 1 } })).await;
    assert!(rest_of_one(send(&sandbox, "GET", "/products", "").await).await.ends_with(&whole));
    clear(&sandbox).await;

    // The whole body would take minutes; another answer comes meanwhile.
    add(&sandbox, json!({ "fault": { "slowBody": 3 }, "times": 1 })).await;
    let mut slow = send(&sandbox, "GET", "/products", "").await;
    let mut text = String::new();
    while !text.contains("\r\n\r\n[") {
        let mut piece = [0; 1024];
        let read = slow.read(&mut piece).await.unwrap();
        assert!(read > 0, "it ended: {text}");
        text.push_str(std::str::from_utf8(&piece[..read]).unwrap());
    }
    assert!(rest_of_one(send(&sandbox, "GET", "/products", "").await).await.ends_with(&whole));
    assert!(text.len() < whole.len(), "all of it came at once: {text}");
    clear(&sandbox).await;

    add(&sandbox, json!({ "fault": { "slowBody": 1_000_000, "latencyMs": 1 } })).await;
    assert!(rest_of_one(send(&sandbox, "GET", "/products", "").await).await.ends_with(&whole));
}

#[tokio::test]
async fn latency_holds_up_one_request_and_no_other() {
    let (_folder, sandbox) = faulty().await;
    let rule = add(&sandbox, json!({ "match": { "nth": 1 }, "fault": { "latencyMs": 600_000 } })).await;
    let held = send(&sandbox, "GET", "/products", "").await;
    while struck(&sandbox, rule).await == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(rule_of(&sandbox.get("requester", "/products").await), None);
    let nothing = held.try_read(&mut [0; 1]).unwrap_err().kind();
    assert_eq!(nothing, ErrorKind::WouldBlock);
    clear(&sandbox).await;
    add(&sandbox, json!({ "fault": { "latencyMs": 1 } })).await;
    assert_eq!(sandbox.get("requester", "/products").await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_rule_strikes_what_it_names_and_nothing_else() {
    let (_folder, sandbox) = faulty().await;
    let (_, path) = signing(&sandbox).await;
    for (matching, role, method, target, strikes) in [
        (json!({ "method": "GET" }), "requester", Method::GET, "/products", true),
        (json!({ "method": "GET" }), "requester", Method::POST, "/products", false),
        (json!({ "route": "signing" }), "requester", Method::GET, path.as_str(), true),
        (json!({ "route": "signing" }), "requester", Method::HEAD, path.as_str(), true),
        (json!({ "route": "signing" }), "requester", Method::GET, "/imagesignings", false),
        (json!({ "path": "/sandbox/api/v1/products" }), "requester", Method::GET, "/products", true),
        (json!({ "path": "/sandbox/api/v1/products" }), "requester", Method::GET, "/products/", false),
        (json!({ "path": "/sandbox/api/v1/pro*" }), "requester", Method::GET, "/products/", true),
        (json!({ "path": "/sandbox/api/v1/registry*" }), "admin", Method::GET, "/registrycredentials", true),
        (json!({ "person": REQUESTER.to_uppercase() }), "requester", Method::GET, "/products", true),
        (json!({ "person": REQUESTER }), "outsider", Method::GET, "/products", false),
        (json!({ "person": REQUESTER, "method": "POST" }), "requester", Method::GET, "/products", false),
        (json!({}), "requester", Method::GET, "/ocisign-profile", true),
        (json!({}), "admin", Method::GET, RULES, false),
    ] {
        let rule = add(&sandbox, json!({ "match": matching, "fault": { "status": 503 } })).await;
        let reply = sandbox.call(role, method.clone(), target, None).await;
        assert_eq!(rule_of(&reply), strikes.then_some(rule), "{matching}: {method} {target}");
        clear(&sandbox).await;
    }
    assert!(
        sandbox.http.get(sandbox.ready["url"].as_str().unwrap()).send().await.unwrap().status().is_success()
    );
}

/// Which of so many requests a rule strikes.
async fn strikes(sandbox: &Sandbox, rule: Value, requests: usize) -> Vec<usize> {
    add(sandbox, rule).await;
    let mut strikes = Vec::new();
    for number in 1..=requests {
        if rule_of(&sandbox.get("requester", "/products").await).is_some() {
            strikes.push(number);
        }
    }
    clear(sandbox).await;
    strikes
}

#[tokio::test]
async fn the_same_requests_fail_with_the_same_seed() {
    let rule = |matching: Value| json!({ "match": matching, "fault": { "status": 503 } });
    let (_folder, sandbox) = start(&["--faults", "--fault-seed", "7"]).await;
    assert_eq!(strikes(&sandbox, rule(json!({ "nth": 3 })), 6).await, [3]);
    assert_eq!(strikes(&sandbox, rule(json!({ "every": 2 })), 6).await, [2, 4, 6]);
    let twice = json!({ "match": { "every": 2 }, "fault": { "status": 503 }, "times": 2 });
    assert_eq!(strikes(&sandbox, twice, 8).await, [2, 4]);

    let mut runs = Vec::new();
    for seed in ["7", "7", "8"] {
        let (_folder, sandbox) = start(&["--faults", "--fault-seed", seed]).await;
        // Other requests, and a rule that looks at them, move nothing.
        if runs.len() == 1 {
            count(&sandbox, "/imagesignings").await;
        }
        runs.push(strikes(&sandbox, rule(json!({ "route": "products", "probability": 0.5 })), 60).await);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    assert!((10..50).contains(&runs[0].len()), "{:?}", runs[0]);
}

/// The rules that each of so many requests names.
async fn struck_by(sandbox: &Sandbox, requests: usize) -> Vec<Vec<u64>> {
    let mut all = Vec::new();
    for _ in 0..requests {
        let reply = sandbox.get("requester", "/products").await;
        let named = reply.headers.get("ocisign-fault").map_or("", |rules| rules.to_str().unwrap());
        all.push(named.split(", ").filter_map(|rule| rule.parse().ok()).collect());
    }
    all
}

#[tokio::test]
async fn rules_by_chance_share_what_they_strike_together_evenly() {
    let (_folder, sandbox) = start(&["--faults", "--fault-seed", "11"]).await;
    let requests = 400;
    let half = json!({ "probability": 0.5 });
    for status in [500, 502, 503] {
        add(&sandbox, json!({ "match": half, "fault": { "status": status } })).await;
    }
    let late = add(&sandbox, json!({ "match": half, "fault": { "latencyMs": 1 } })).await;
    let all = struck_by(&sandbox, requests).await;
    for (rules, number) in all.iter().zip(1..) {
        let endings = rules.iter().filter(|rule| **rule != late).count();
        assert!(endings <= 1, "request {number}: {rules:?}");
    }
    // Each of the three strikes (1 - 0.5³) / 3 of the requests, wherever it stands; what only delays, strikes its half.
    for (rule, share) in [(late - 3, 0.292), (late - 2, 0.292), (late - 1, 0.292), (late, 0.5)] {
        let count = all.iter().filter(|rules| rules.contains(&rule)).count();
        assert_eq!(struck(&sandbox, rule).await, json!(count));
        let part = f64::from(u32::try_from(count).unwrap()) / 400.0;
        assert!((part - share).abs() < 0.1, "rule {rule}: {part}");
    }
}

#[tokio::test]
async fn what_is_reset_has_no_body_to_spoil() {
    let (_folder, sandbox) = start(&["--faults", "--fault-seed", "3"]).await;
    let often = json!({ "probability": 0.999_999 });
    add(&sandbox, json!({ "match": often, "fault": { "reset": "before" } })).await;
    let cut = add(&sandbox, json!({ "match": often, "fault": { "cutBody": 3 } })).await;
    let late = add(&sandbox, json!({ "match": often, "fault": { "latencyMs": 1, "slowBody": 100 } })).await;
    let (_, end) = rest(send(&sandbox, "GET", "/products", "").await).await;
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
    assert_eq!((struck(&sandbox, cut).await, struck(&sandbox, late).await), (json!(0), json!(1)));
}

#[tokio::test]
async fn the_oldest_rule_without_chance_strikes_alone() {
    let (_folder, sandbox) = start(&["--faults"]).await;
    let spared = add(&sandbox, json!({ "fault": { "latencyMs": 1 }, "times": 2 })).await;
    let chance =
        add(&sandbox, json!({ "match": { "probability": 0.999_999 }, "fault": { "status": 503 } })).await;
    let last = add(&sandbox, json!({ "fault": { "status": 500 } })).await;
    assert_eq!(struck_by(&sandbox, 3).await, [[spared], [spared], [chance]]);
    assert_eq!(struck(&sandbox, last).await, json!(0));
}

#[tokio::test]
async fn rules_know_routes_in_any_shape() {
    let folder = tempfile::tempdir().unwrap();
    let shape = folder.path().join("shape.json");
    std::fs::write(&shape, include_str!("../../../docs/shape.example.json")).unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &["--faults", "--shape", shape.to_str().unwrap()]).await;
    let id = "a83081a6-1d3b-4117-a81b-0ebcfcf0669c";
    let rule = add(&sandbox, json!({ "match": { "route": "reject" }, "fault": { "status": 503 } })).await;
    let by_path = json!({ "path": format!("/sandbox/api/v1/requests/{id}/*"), "method": "PUT" });
    let other = add(&sandbox, json!({ "match": by_path, "fault": { "expiredToken": true } })).await;
    for (verdict, struck_by) in [("no", rule), ("yes", other)] {
        let path = format!("/requests/{id}/decision");
        let reply =
            sandbox.call("approver-one", Method::PUT, &path, Some(json!({ "verdict": verdict }))).await;
        assert_eq!(rule_of(&reply), Some(struck_by), "{verdict}");
    }
    clear(&sandbox).await;
    add(&sandbox, json!({ "match": { "route": "signings" }, "fault": { "cutBody": 5 } })).await;
    let (text, _) = rest(send(&sandbox, "GET", "/requests", "").await).await;
    assert!(text.ends_with("\r\n\r\n{\"lin"), "what the client gets is cut: {text}");
    clear(&sandbox).await;
    add(&sandbox, json!({ "fault": { "html": true } })).await;
    assert!(sandbox.get("outsider", "/requests").await.json.as_str().unwrap().starts_with("<!doctype"));
}

async fn at_once(sandbox: &Sandbox) -> (Value, String) {
    let digest = sandbox.push_image("app", "hello").await;
    let mut definition = sandbox.product();
    definition["productOperations"][0]["approvalRule"]["blanketGroups"] = json!([GROUP_A]);
    (sandbox.create_product(definition).await, format!("{}/app@{digest}", sandbox.domain()))
}

#[tokio::test]
async fn the_parts_inside_fail_too() {
    let (_folder, sandbox) = faulty().await;
    let (product, artifact) = at_once(&sandbox).await;
    let outcome = async || {
        let signing = sandbox.request(&product, &artifact).await;
        sandbox.outcome(signing["id"].as_str().unwrap()).await
    };
    let down = add(&sandbox, json!({ "fault": { "registry": "down" }, "times": 1 })).await;
    let failed = outcome().await;
    assert_eq!((&failed["status"], struck(&sandbox, down).await), (&json!(64), json!(1)));
    assert!(failed["reason"].as_str().unwrap().contains("cannot be reached"), "{failed}");

    for state in ["busy", "gone"] {
        clear(&sandbox).await;
        let rule = add(&sandbox, json!({ "fault": { "hsm": state }, "times": 2 })).await;
        let reply = sandbox.post("requester", "/products", sandbox.product()).await;
        reply.refuses(503, &format!("hsm-{state}"));
        assert_eq!(rule_of(&reply), Some(rule));
        let before = count(&sandbox, "/products").await;
        if state == "busy" {
            // The signer tries again until it may sign.
            assert_eq!(outcome().await["status"], 16);
            assert_eq!(struck(&sandbox, rule).await, 2);
        }
        assert_eq!(count(&sandbox, "/products").await, before);
    }
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_kept_and_nothing_is_lost() {
    let (_folder, sandbox) = faulty().await;
    let (product, artifact) = at_once(&sandbox).await;
    let rule = add(&sandbox, json!({ "match": { "nth": 1 }, "fault": { "disk": "full" } })).await;
    let body = crate::support::request_body(&product, &artifact);
    let reply = sandbox.post("requester", "/imagesignings", body.clone()).await;
    reply.refuses(507, "disk-full");
    assert_eq!((rule_of(&reply), count(&sandbox, "/imagesignings").await), (Some(rule), 0));
    clear(&sandbox).await;

    // Reading goes on; and a signature whose outcome cannot be stored is stored later, and not made twice.
    for nth in [2, 3] {
        let rule = add(&sandbox, json!({ "match": { "nth": nth }, "fault": { "disk": "full" } })).await;
        let signing = sandbox.request(&product, &artifact).await;
        assert_eq!(sandbox.outcome(signing["id"].as_str().unwrap()).await["status"], 16);
        assert_eq!(struck(&sandbox, rule).await, 1, "{nth}");
        clear(&sandbox).await;
    }
    let digest = artifact.split_once('@').unwrap().1;
    let manifest = sandbox.signatures("app", digest).await.unwrap();
    assert_eq!(manifest["layers"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_rule_that_says_nothing_sensible_is_refused_by_its_place() {
    let (_folder, sandbox) = faulty().await;
    for (rule, place) in [
        (json!({}), "rule.fault is missing"),
        (json!({ "fault": {} }), "rule.fault does nothing"),
        (json!({ "fault": { "status": 503 }, "time": 1 }), "rule.time is unknown"),
        (json!({ "fault": { "statuss": 503 } }), "rule.fault.statuss is unknown"),
        (json!({ "fault": { "status": 99 } }), "rule.fault.status is no number"),
        (json!({ "fault": { "status": 204 } }), "rule.fault.status is a status without a body"),
        (json!({ "fault": { "status": "503" } }), "rule.fault.status is no number"),
        (json!({ "fault": { "headers": { "retry-after": "1" } } }), "rule.fault has headers"),
        (json!({ "fault": { "takesEffect": true } }), "rule.fault has headers or takesEffect"),
        (
            json!({ "fault": { "status": 503, "headers": { "content-length": "1" } } }),
            "headers.content-length is no header",
        ),
        (json!({ "fault": { "status": 503, "headers": { "a b": "1" } } }), "headers.a b is no header"),
        (json!({ "fault": { "status": 503, "headers": { "a": "b\r\nc: d" } } }), "headers.a is no value"),
        (json!({ "fault": { "status": 503, "reset": "before" } }), "rule.fault says in several ways"),
        (json!({ "fault": { "expiredToken": true, "unknownStatus": 5 } }), "rule.fault says in several ways"),
        (json!({ "fault": { "unknownStatus": 16 } }), "rule.fault.unknownStatus is known: it means signed"),
        (json!({ "fault": { "reset": "during" } }), "rule.fault.reset is another word"),
        (json!({ "fault": { "reset": "after", "cutBody": 1 } }), "rule.fault resets the connection"),
        (json!({ "fault": { "cutBody": -1 } }), "rule.fault.cutBody is no number"),
        (json!({ "fault": { "slowBody": 0 } }), "rule.fault.slowBody is no number"),
        (json!({ "fault": { "latencyMs": 1e9 } }), "rule.fault.latencyMs is no number"),
        (json!({ "fault": { "registry": "up" } }), "rule.fault.registry is another word"),
        (json!({ "fault": { "disk": "full", "status": 503 } }), "rule.fault.disk is not alone"),
        (json!({ "fault": { "hsm": "gone" }, "match": { "method": "GET" } }), "rule.match.method is unknown"),
        (
            json!({ "fault": { "status": 503 }, "match": { "nth": 1, "every": 2 } }),
            "rule.match.nth is given beside every",
        ),
        (json!({ "fault": { "status": 503 }, "match": { "every": 0 } }), "rule.match.every is no number"),
        (
            json!({ "fault": { "status": 503 }, "match": { "probability": 0 } }),
            "rule.match.probability is no probability",
        ),
        (
            json!({ "fault": { "status": 503 }, "match": { "route": "aprove" } }),
            "rule.match.route is another word",
        ),
        (
            json!({ "fault": { "status": 503 }, "match": { "path": "products" } }),
            "rule.match.path is no path",
        ),
        (
            json!({ "fault": { "status": 503 }, "match": { "method": "get" } }),
            "rule.match.method is another word",
        ),
        (json!({ "fault": { "status": 503 }, "times": 0 }), "rule.times is no number"),
    ] {
        let reply = sandbox.post("admin", RULES, rule.clone()).await;
        reply.refuses(422, "bad-rule");
        assert!(reply.json["message"].as_str().unwrap().contains(place), "{rule}: {}", reply.json);
    }
    sandbox.post("admin", RULES, json!([])).await.refuses(400, "bad-json");
    assert_eq!(sandbox.get("admin", RULES).await.json["rules"], json!([]));
}
