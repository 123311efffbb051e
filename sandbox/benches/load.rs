//! How much the sandbox bears: lists of 10,000 requests, and signatures a second beside `openssl speed` on the same
//! processors. `npm run bench:sandbox`; figures of one machine and one moment, so read the ratios.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::cast_precision_loss,
    missing_docs
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::env;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use support::{Sandbox, request_body};
use tokio::task::JoinSet;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// What a key is called here, at the service, and by openssl; and how many signatures are measured with it.
const KEYS: [(&str, &str, &str, usize); 3] = [
    ("RSA-4096", "RSA4096", "rsa4096", 200),
    ("RSA-2048", "RSA2048", "rsa2048", 400),
    ("P-256", "secp256r1", "ecdsap256", 400),
];
const CLIENTS: [usize; 3] = [1, 8, 50];

/// What to measure, and how often.
struct Plan {
    requests: usize,
    rounds: usize,
    parts: Vec<String>,
}

impl Plan {
    fn read() -> Self {
        let mut plan = Self { requests: 10_000, rounds: 3, parts: vec![] };
        let mut arguments = env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut number = || arguments.next().and_then(|text| text.parse().ok()).expect("a number");
            match argument.as_str() {
                "--requests" => plan.requests = number(),
                "--rounds" => plan.rounds = number(),
                // cargo adds it.
                "--bench" => {}
                "list" | "sign" => plan.parts.push(argument),
                _ => panic!("there is no {argument}: list, sign, --requests COUNT, --rounds COUNT"),
            }
        }
        plan
    }

    fn has(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|wanted| wanted == part)
    }
}

#[tokio::main]
async fn main() {
    let plan = Plan::read();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{processors} processors, which clients and sandbox share; medians of {} rounds\n", plan.rounds);
    if plan.has("list") {
        lists(&plan).await;
    }
    if plan.has("sign") {
        signatures(&plan).await;
    }
}

/// Reads lists while there are few requests, and again when there are many.
async fn lists(plan: &Plan) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Arc::new(Sandbox::start(&folder.path().join("data"), &[]).await);
    let product = sandbox.create_product(sandbox.product()).await;
    let artifact = format!("{}/app@sha256:{}", sandbox.domain(), "0".repeat(64));
    let body = request_body(&product, &artifact);
    let few = 200;
    post(&sandbox, &body, few).await;
    let pages = [
        ("the newest 100".to_owned(), "?limit=100".to_owned()),
        ("100 from the middle".to_owned(), format!("?limit=100&offset={}", plan.requests / 2)),
        ("the oldest 100".to_owned(), format!("?limit=100&offset={}", plan.requests - 100)),
        (
            "100 that wait, from the middle".to_owned(),
            format!("?status=2&limit=100&offset={}", plan.requests / 2),
        ),
    ];
    let small = median_of(&sandbox, "?limit=100", 1, 40).await;
    let small_crowd = median_of(&sandbox, "?limit=100", 50, 10).await;
    println!("a page of 100, of {few} requests: {} ms; for 50 clients {} ms", ms(small), ms(small_crowd));

    let started = Instant::now();
    post(&sandbox, &body, plan.requests - few).await;
    let a_second = (plan.requests - few) as f64 / started.elapsed().as_secs_f64();
    println!("{} requests made by 16 clients: {a_second:.0} a second\n", plan.requests);

    println!(
        "| of {} requests | 1 client, ms | × | 50 clients, ms | × |\n|---|--:|--:|--:|--:|",
        plan.requests
    );
    for (name, query) in pages {
        let one = median_of(&sandbox, &query, 1, 40).await;
        let crowd = median_of(&sandbox, &query, 50, 10).await;
        let times = |now: Duration, then: Duration| now.as_secs_f64() / then.as_secs_f64();
        println!(
            "| {name} | {} | {:.2} | {} | {:.2} |",
            ms(one),
            times(one, small),
            ms(crowd),
            times(crowd, small_crowd)
        );
    }
    let one = median_of(&sandbox, "", 1, 5).await;
    let crowd = median_of(&sandbox, "", 50, 1).await;
    println!("| all | {} | | {} | |\n", ms(one), ms(crowd));
}

async fn post(sandbox: &Arc<Sandbox>, body: &Value, count: usize) {
    let left = Arc::new(AtomicUsize::new(count));
    let mut clients = JoinSet::new();
    for _ in 0..16 {
        let (sandbox, body, left) = (Arc::clone(sandbox), body.clone(), Arc::clone(&left));
        clients.spawn(async move {
            while take(&left) {
                let reply = sandbox.post("requester", "/imagesignings", body.clone()).await;
                assert_eq!(reply.status, StatusCode::CREATED);
            }
        });
    }
    while let Some(ended) = clients.join_next().await {
        ended.unwrap();
    }
}

fn take(left: &AtomicUsize) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

/// So many clients ask at the same time, each so often; the median time of one answer, read to its end.
async fn median_of(sandbox: &Arc<Sandbox>, query: &str, clients: usize, often: usize) -> Duration {
    let mut asking = JoinSet::new();
    for _ in 0..clients {
        let url = sandbox.url(&format!("/imagesignings{query}"));
        let (http, token) = (sandbox.http.clone(), sandbox.token("requester"));
        asking.spawn(async move {
            let mut spans = Vec::new();
            for _ in 0..often {
                let started = Instant::now();
                let reply = http.get(&url).bearer_auth(&token).send().await.unwrap();
                assert_eq!(reply.status(), StatusCode::OK);
                reply.bytes().await.unwrap();
                spans.push(started.elapsed());
            }
            spans
        });
    }
    median(asking.join_all().await.into_iter().flatten().collect())
}

fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> T {
    values.sort_by(|one, other| one.partial_cmp(other).unwrap());
    values[values.len() / 2]
}

fn ms(span: Duration) -> String {
    format!("{:.1}", span.as_secs_f64() * 1000.0)
}

/// From the request to status 16, with approval given beforehand.
async fn signatures(plan: &Plan) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Arc::new(Sandbox::start(&folder.path().join("data"), &[]).await);
    println!(
        "| key | clients | signatures a second | openssl, 1 processor | share | openssl, all processors | share |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let images = Images::new(&sandbox).await;
    for (name, key_type, algorithm, count) in KEYS {
        let product = sandbox.create_product(automatic(&sandbox, key_type)).await;
        for clients in CLIENTS {
            let count = if clients == 1 { count / 4 } else { count };
            let mut rounds = Vec::new();
            for _ in 0..plan.rounds {
                let artifacts = images.push(&sandbox, count).await;
                let speed = sign(&sandbox, &product, artifacts, clients).await;
                rounds.push((speed, openssl(algorithm, 1), openssl(algorithm, processors())));
            }
            let speed = median(rounds.iter().map(|round| round.0).collect());
            let share = |key: fn(&(f64, f64, f64)) -> f64| {
                median(rounds.iter().map(|round| round.0 / key(round)).collect::<Vec<f64>>()) * 100.0
            };
            let (one, all) =
                (median(rounds.iter().map(|r| r.1).collect()), median(rounds.iter().map(|r| r.2).collect()));
            println!(
                "| {name} | {clients} | {speed:.0} | {one:.0} | {:.0} % | {all:.0} | {:.0} % |",
                share(|round| round.1),
                share(|round| round.2)
            );
        }
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The reference's product, but nobody has to approve.
fn automatic(sandbox: &Sandbox, key_type: &str) -> Value {
    let mut product = sandbox.product();
    product["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
    product["productOperations"][0]["token"]["keyType"] = json!(key_type);
    product
}

/// Small images, each with a digest of its own.
struct Images {
    template: Value,
    made: AtomicUsize,
}

impl Images {
    async fn new(sandbox: &Sandbox) -> Self {
        let digest = sandbox.push_image("load", "a layer").await;
        let url = sandbox.registry_url(&format!("/v2/load/manifests/{digest}"));
        let template = sandbox.http.get(url).send().await.unwrap().json().await.unwrap();
        Self { template, made: AtomicUsize::new(0) }
    }

    async fn push(&self, sandbox: &Sandbox, count: usize) -> Vec<String> {
        let mut artifacts = Vec::new();
        for _ in 0..count {
            let mut manifest = self.template.clone();
            manifest["annotations"] =
                json!({ "number": self.made.fetch_add(1, Ordering::Relaxed).to_string() });
            let manifest = manifest.to_string();
            let digest = ocisign_sandbox::signature_manifest::sha256(manifest.as_bytes());
            let url = sandbox.registry_url(&format!("/v2/load/manifests/{digest}"));
            let request =
                sandbox.as_writer(sandbox.http.put(url)).header(CONTENT_TYPE, MANIFEST).body(manifest);
            assert_eq!(request.send().await.unwrap().status(), StatusCode::CREATED);
            artifacts.push(format!("{}/load@{digest}", sandbox.domain()));
        }
        artifacts
    }
}

/// Signatures a second, when so many clients each request the next one as soon as theirs is there.
async fn sign(sandbox: &Arc<Sandbox>, product: &Value, artifacts: Vec<String>, clients: usize) -> f64 {
    let count = artifacts.len();
    let (artifacts, next) = (Arc::new(artifacts), Arc::new(AtomicUsize::new(0)));
    let started = Instant::now();
    let mut working = JoinSet::new();
    for _ in 0..clients {
        let (sandbox, product) = (Arc::clone(sandbox), product.clone());
        let (artifacts, next) = (Arc::clone(&artifacts), Arc::clone(&next));
        working.spawn(async move {
            while let Some(artifact) = artifacts.get(next.fetch_add(1, Ordering::Relaxed)) {
                let id = sandbox.request(&product, artifact).await["id"].as_str().unwrap().to_owned();
                signed(&sandbox, &id, clients).await;
            }
        });
    }
    while let Some(ended) = working.join_next().await {
        ended.unwrap();
    }
    count as f64 / started.elapsed().as_secs_f64()
}

/// Asks as often as a client on its own would, and together not more often than that.
async fn signed(sandbox: &Sandbox, id: &str, clients: usize) {
    let pause = Duration::from_millis(2 * clients as u64);
    loop {
        tokio::time::sleep(pause).await;
        let signing = sandbox.get("requester", &format!("/imagesignings/{id}")).await.json;
        match signing["status"].as_i64() {
            Some(16) => return,
            Some(1 | 2 | 4 | 8) => {}
            _ => panic!("not signed: {signing}"),
        }
    }
}

/// Signatures a second that openssl makes with such a key, in so many processes.
fn openssl(algorithm: &str, processes: usize) -> f64 {
    let mut command = Command::new("openssl");
    // By the clock, as the sandbox is measured, and not by the processor time that it got.
    command.args(["speed", "-elapsed", "-mr", "-seconds", "2"]);
    if processes > 1 {
        command.args(["-multi", &processes.to_string()]);
    }
    let output = command.arg(algorithm).output().expect("openssl is installed");
    let text = String::from_utf8(output.stdout).unwrap();
    // `+F2:4:4096:304.8:19397.8`, or `+F4:…` for EC: kind, key, bits, signatures a second, checks a second.
    let line = text.lines().rfind(|line| line.starts_with("+F2:") || line.starts_with("+F4:"));
    let line = line.unwrap_or_else(|| panic!("openssl speed {algorithm} says: {text}"));
    line.split(':').nth(3).and_then(|text| text.parse().ok()).expect("signatures a second")
}
