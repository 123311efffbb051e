//! Killed (-9) at random moments while it takes requests and signs: every acknowledged request is there and in a legal
//! state, each is signed at the end, no image got two signatures, and the audit log's chain holds.
//!
//! By default a few hundred signings. `npm run test:kill` does 1,000 of them twenty times. A failure prints its seed;
//! OCISIGN_SEED repeats its decisions, though not what the machine's scheduler made of them.

use std::collections::HashMap;
use std::env;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime};

use crate::support::{Sandbox, request_body};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const CLIENTS: usize = 8;
const SIGNED: i64 = 16;
/// What a request that needs no approval goes through.
const LIFE: [i64; 4] = [1, 4, 8, SIGNED];
/// Between two kills so many answers are read at most.
const MOST_LOOKS: u64 = 150;

struct Plan {
    rounds: usize,
    signings: usize,
    kills: usize,
    /// More options of the sandbox, such as those of a token.
    options: Vec<String>,
}

impl Plan {
    fn read() -> Self {
        let number = |name: &str, usual| env::var(name).map_or(usual, |text| text.parse().unwrap());
        Self {
            rounds: number("OCISIGN_KILL_ROUNDS", 1),
            signings: number("OCISIGN_KILL_SIGNINGS", 200),
            kills: number("OCISIGN_KILLS", 6),
            options: env::var("OCISIGN_KILL_OPTIONS")
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// SplitMix64: enough to choose moments.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// What clients know: which request was acknowledged for an image, or that there was no answer.
type Known = Arc<Mutex<HashMap<String, Option<String>>>>;

#[tokio::test]
async fn kills_at_random_moments_lose_nothing_and_sign_nothing_twice() {
    let plan = Plan::read();
    let seed = env::var("OCISIGN_SEED").map_or_else(|_| from_the_clock(), |text| text.parse().unwrap());
    println!("OCISIGN_SEED={seed}");
    let mut random = Random(seed);
    for round in 1..=plan.rounds {
        let started = Instant::now();
        one_round(&plan, &mut random).await;
        println!("round {round} of {}: {:.1} s", plan.rounds, started.elapsed().as_secs_f64());
    }
}

fn from_the_clock() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos().into()
}

async fn one_round(plan: &Plan, random: &mut Random) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let options: Vec<&str> = plan.options.iter().map(String::as_str).collect();
    let mut sandbox = Sandbox::start(&data, &options).await;
    let again = [&same_ports(&sandbox)[..], &plan.options].concat();
    let mut definition = sandbox.product();
    definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
    let product = sandbox.create_product(definition).await;
    let artifacts = Arc::new(push_images(&sandbox, plan.signings).await);
    let (known, next) = (Known::default(), Arc::new(AtomicUsize::new(0)));
    for _ in 0..plan.kills {
        let clients = request_all(&sandbox, &product, &artifacts, &known, &next);
        look(&sandbox, random.below(MOST_LOOKS)).await;
        sandbox.kill();
        clients.join_all().await;
        sandbox = restart(&data, &again).await;
        check_nothing_is_lost(&sandbox, &known).await;
    }
    request_all(&sandbox, &product, &artifacts, &known, &next).join_all().await;
    check_all_is_signed_once(&sandbox, &known).await;
    check_audit(&data);
}

/// As an auditor would, with the program's own command.
fn check_audit(data: &Path) {
    let mut verify = Command::new(env!("CARGO_BIN_EXE_ocisign-sandbox"));
    let verified = verify.args(["audit", "verify", "--data"]).arg(data).output().unwrap();
    assert!(verified.status.success(), "the audit log is damaged: {verified:?}");
}

fn same_ports(sandbox: &Sandbox) -> Vec<String> {
    let address = sandbox.origin().trim_start_matches("http://").to_owned();
    vec!["--listen".to_owned(), address, "--registry-listen".to_owned(), sandbox.domain().to_owned()]
}

async fn restart(data: &Path, arguments: &[String]) -> Sandbox {
    Sandbox::start_with(data, &arguments.iter().map(String::as_str).collect::<Vec<_>>()).await
}

/// Images that differ in one note of their manifests.
async fn push_images(sandbox: &Sandbox, count: usize) -> Vec<String> {
    let digest = sandbox.push_image("app", "a layer").await;
    let url = sandbox.registry_url(&format!("/v2/app/manifests/{digest}"));
    let mut manifest: Value = sandbox.http.get(url).send().await.unwrap().json().await.unwrap();
    let mut artifacts = Vec::new();
    for number in 0..count {
        manifest["annotations"] = json!({ "number": number.to_string() });
        let text = manifest.to_string();
        let digest = ocisign_sandbox::signature_manifest::sha256(text.as_bytes());
        let url = sandbox.registry_url(&format!("/v2/app/manifests/{digest}"));
        let request = sandbox.as_writer(sandbox.http.put(url)).body(text);
        let request = request.header(CONTENT_TYPE, "application/vnd.oci.image.manifest.v1+json");
        assert_eq!(request.send().await.unwrap().status(), StatusCode::CREATED);
        artifacts.push(format!("{}/app@{digest}", sandbox.domain()));
    }
    artifacts
}

/// Clients who request one signature after the other, until all are requested or nobody answers.
fn request_all(
    sandbox: &Sandbox,
    product: &Value,
    artifacts: &Arc<Vec<String>>,
    known: &Known,
    next: &Arc<AtomicUsize>,
) -> JoinSet<()> {
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (http, url, token) =
            (sandbox.http.clone(), sandbox.url("/imagesignings"), sandbox.token("requester"));
        let (product, artifacts) = (product.clone(), Arc::clone(artifacts));
        let (known, next) = (Arc::clone(known), Arc::clone(next));
        clients.spawn(async move {
            while let Some(artifact) = artifacts.get(next.fetch_add(1, Ordering::Relaxed)) {
                let answer = post(&http, &url, &token, &request_body(&product, artifact)).await;
                let is_gone = answer.is_none();
                known.lock().unwrap().insert(artifact.clone(), answer);
                if is_gone {
                    return;
                }
            }
        });
    }
    clients
}

/// The id of the request, if its answer came.
async fn post(http: &Client, url: &str, token: &str, body: &Value) -> Option<String> {
    let reply = http.post(url).bearer_auth(token).json(body).send().await.ok()?;
    assert_eq!(reply.status(), StatusCode::CREATED);
    let signing: Value = reply.json().await.ok()?;
    Some(signing["id"].as_str().unwrap().to_owned())
}

/// Time passes by answers.
async fn look(sandbox: &Sandbox, times: u64) {
    for _ in 0..times {
        assert_eq!(sandbox.get("requester", "/imagesignings?status=16&limit=1").await.status, StatusCode::OK);
    }
}

async fn check_nothing_is_lost(sandbox: &Sandbox, known: &Known) {
    let listed = sandbox.get("requester", "/imagesignings").await.json;
    let listed: HashMap<&str, &Value> =
        listed.as_array().unwrap().iter().map(|signing| (signing["id"].as_str().unwrap(), signing)).collect();
    for (artifact, id) in known.lock().unwrap().iter() {
        assert!(id.as_deref().is_none_or(|id| listed.contains_key(id)), "lost: {artifact}");
    }
    for signing in listed.values() {
        let steps = steps(signing);
        assert!(LIFE.starts_with(&steps) && steps.len() > 1, "no legal life: {signing}");
        assert_eq!(signing["status"].as_i64().unwrap(), *steps.last().unwrap(), "{signing}");
    }
}

fn steps(signing: &Value) -> Vec<i64> {
    signing["history"].as_array().unwrap().iter().map(|step| step["status"].as_i64().unwrap()).collect()
}

async fn check_all_is_signed_once(sandbox: &Sandbox, known: &Known) {
    let ids: Vec<String> = known.lock().unwrap().values().flatten().cloned().collect();
    for id in &ids {
        let outcome = sandbox.outcome(id).await;
        assert_eq!(steps(&outcome), LIFE, "{outcome}");
    }
    // Requests whose answers were lost are signed, too, if they were kept.
    let listed = sandbox.get("requester", "/imagesignings").await.json;
    let mut requests = 0;
    for signing in listed.as_array().unwrap() {
        let outcome = sandbox.outcome(signing["id"].as_str().unwrap()).await;
        assert_eq!(steps(&outcome), LIFE, "{outcome}");
        requests += 1;
    }
    let artifacts: Vec<(String, Option<String>)> =
        known.lock().unwrap().iter().map(|(artifact, id)| (artifact.clone(), id.clone())).collect();
    let mut signatures = 0;
    for (artifact, id) in artifacts {
        let digest = artifact.rsplit_once('@').unwrap().1;
        let layers =
            sandbox.signatures("app", digest).await.map_or(0, |it| it["layers"].as_array().unwrap().len());
        assert!(layers == 1 || (layers == 0 && id.is_none()), "{artifact} has {layers} signatures");
        signatures += layers;
    }
    assert_eq!(signatures, requests, "a signature for each request, and none for anything else");
}
