//! Killed and started again on the same data: nothing that was acknowledged is lost.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::support::{Sandbox, command};
use serde_json::{Value, json};

/// The arguments that bring a sandbox back to where it was.
fn same_ports(sandbox: &Sandbox) -> [String; 4] {
    let address = sandbox.origin().trim_start_matches("http://").to_owned();
    ["--listen".to_owned(), address, "--registry-listen".to_owned(), sandbox.domain().to_owned()]
}

async fn restart(data: &std::path::Path, ports: &[String]) -> Sandbox {
    Sandbox::start_with(data, &ports.iter().map(String::as_str).collect::<Vec<_>>()).await
}

#[tokio::test]
async fn a_kill_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut sandbox = Sandbox::start(&data, &[]).await;
    let ports = same_ports(&sandbox);
    let token = sandbox.token("requester");
    let digest = sandbox.push_image("app", "survivor").await;
    let product = sandbox.create_product(sandbox.product()).await;
    let artifact = format!("{}/app@{digest}", sandbox.domain());
    let mut signings: Vec<Value> = Vec::new();
    for _ in 0..10 {
        signings.push(sandbox.request(&product, &artifact).await);
    }
    for signing in &signings {
        sandbox.approve("approver-one", signing["id"].as_str().unwrap()).await;
    }
    let before = sandbox.get("requester", "/imagesignings").await.json;
    sandbox.kill();

    let mut sandbox = restart(&data, &ports).await;
    assert_eq!(sandbox.get("requester", "/imagesignings").await.json, before);
    assert_eq!(sandbox.get("requester", "/products").await.json, json!([product]));
    let old_token = sandbox.http.get(sandbox.url("/products")).bearer_auth(token).send().await.unwrap();
    assert_eq!(old_token.status().as_u16(), 200, "tokens outlive a restart");

    // The second approvals set the worker going; it is killed at its work again and again.
    for signing in &signings {
        let approved = sandbox.approve("approver-two", signing["id"].as_str().unwrap()).await;
        assert_eq!(approved.status.as_u16(), 200);
        sandbox.kill();
        sandbox = restart(&data, &ports).await;
    }
    for signing in &signings {
        let outcome = sandbox.outcome(signing["id"].as_str().unwrap()).await;
        assert_eq!(outcome["status"], 16, "{outcome}");
        let steps: Vec<i64> = outcome["history"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|step| step["status"].as_i64())
            .collect();
        assert_eq!(steps, [1, 2, 4, 8, 16], "each step once");
    }
    // One key, one image: one signature, however often it was asked for and interrupted.
    let manifest = sandbox.signatures("app", &digest).await.unwrap();
    assert_eq!(manifest["layers"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_kill_in_the_midst_of_requests_keeps_the_acknowledged_ones() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut sandbox = Sandbox::start(&data, &[]).await;
    let ports = same_ports(&sandbox);
    let product = sandbox.create_product(sandbox.product()).await;
    let artifact = format!("{}/app@sha256:{}", sandbox.domain(), "0".repeat(64));
    let body = crate::support::request_body(&product, &artifact);
    let (acknowledge, mut acknowledged) = tokio::sync::mpsc::unbounded_channel();
    for _ in 0..8 {
        let (http, url, token) =
            (sandbox.http.clone(), sandbox.url("/imagesignings"), sandbox.token("requester"));
        let (body, acknowledge) = (body.clone(), acknowledge.clone());
        tokio::spawn(async move {
            // Until the sandbox is gone.
            while let Ok(reply) = http.post(&url).bearer_auth(&token).json(&body).send().await {
                if reply.status().as_u16() == 201
                    && let Ok(signing) = reply.json::<Value>().await
                {
                    acknowledge.send(signing).unwrap();
                }
            }
        });
    }
    drop(acknowledge);
    let mut kept = Vec::new();
    while let Some(signing) = acknowledged.recv().await {
        kept.push(signing);
        if kept.len() == 50 {
            sandbox.kill();
        }
    }
    assert!(kept.len() >= 50);

    let sandbox = restart(&data, &ports).await;
    let listed = sandbox.get("requester", "/imagesignings").await.json;
    let listed = listed.as_array().unwrap();
    for signing in &kept {
        assert!(listed.contains(signing), "lost: {signing}");
    }
}

#[tokio::test]
async fn a_stop_fails_no_request_that_is_being_signed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut sandbox = Sandbox::start(&data, &[]).await;
    let ports = same_ports(&sandbox);
    let mut definition = sandbox.product();
    definition["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
    let product = sandbox.create_product(definition).await;
    // Different images, since one image is signed once at a time.
    let mut artifacts = Vec::new();
    for image in 0..8 {
        let digest = sandbox.push_image(&format!("app{image}"), "farewell").await;
        artifacts.push(format!("{}/app{image}@{digest}", sandbox.domain()));
    }
    let mut asked = Vec::new();
    for _round in 0..5 {
        let mut ids = Vec::new();
        for artifact in &artifacts {
            ids.push(sandbox.request(&product, artifact).await["id"].as_str().unwrap().to_owned());
        }
        let pollers: Vec<_> = ids.iter().map(|id| poll_until_gone(&sandbox, id)).collect();
        sandbox.terminate();
        assert!(sandbox.wait().await.success());
        for poller in pollers {
            poller.await.unwrap();
        }
        asked.append(&mut ids);
        sandbox = restart(&data, &ports).await;
    }
    for id in &asked {
        let outcome = sandbox.outcome(id).await;
        assert_eq!(outcome["status"], 16, "{outcome}");
    }
}

/// Somebody who asks without a pause keeps a connection busy, and so the stop from being over at once.
fn poll_until_gone(sandbox: &Sandbox, id: &str) -> tokio::task::JoinHandle<()> {
    let (http, token) = (sandbox.http.clone(), sandbox.token("requester"));
    let url = sandbox.url(&format!("/imagesignings/{id}"));
    tokio::spawn(async move {
        while let Ok(reply) = http.get(&url).bearer_auth(&token).send().await {
            if reply.bytes().await.is_err() {
                return;
            }
        }
    })
}

#[tokio::test]
async fn a_stop_is_clean_and_files_are_private() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut sandbox = Sandbox::start(&data, &[]).await;
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let ready = data.with_extension("ready.json");
    assert_eq!((mode(&data), mode(&data.join("seal.key")), mode(&ready)), (0o700, 0o600, 0o600));
    sandbox.terminate();
    assert!(sandbox.wait().await.success());
    assert!(!ready.exists(), "the file of a sandbox that is gone is gone");
}

#[tokio::test]
async fn private_keys_and_passwords_are_not_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut sandbox = Sandbox::start(&data, &[]).await;
    sandbox.create_product(sandbox.product()).await;
    let password = sandbox.ready["registry"]["password"].as_str().unwrap().to_owned();
    let hush = json!({ "domain": "a.example", "username": "ci", "password": "hush-hush-hush" });
    assert_eq!(sandbox.post("admin", "/registrycredentials", hush).await.status.as_u16(), 201);
    sandbox.kill();
    let files = ["ocisign.sqlite", "ocisign.sqlite-wal", "registry.sqlite", "registry.sqlite-wal"];
    let bytes: Vec<u8> =
        files.iter().flat_map(|name| fs::read(data.join(name)).unwrap_or_default()).collect();
    assert!(!bytes.is_empty());
    // The OID of EC keys stands in every PKCS #8; it also stands in public keys, so look for its neighbour.
    let pkcs8_prefix = [0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    let private: Vec<u8> = [&[0x02, 0x01, 0x00][..], &pkcs8_prefix].concat();
    let made = ocisign_sandbox::keys::software::generate(ocisign::KeyType::Secp256r1).unwrap();
    assert!(
        made.private_der.windows(private.len()).any(|window| window == private),
        "what we look for is right"
    );
    for secret in [password.as_bytes(), b"hush-hush-hush", &private] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
}

#[tokio::test]
async fn starts_that_cannot_work_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &[]).await;
    let address = sandbox.origin().trim_start_matches("http://").to_owned();
    let other = folder.path().join("other");
    fs::create_dir(folder.path().join("full")).unwrap();
    fs::write(folder.path().join("full/letter"), "private").unwrap();
    let full = folder.path().join("full");
    let free = ["--listen", "127.0.0.1:0", "--registry-listen", "127.0.0.1:0"];
    let cases: [(&std::path::Path, Vec<&str>, &str); 9] = [
        (&data, free.to_vec(), "Another sandbox is using the data folder"),
        (&full, free.to_vec(), "is no sandbox data folder"),
        (&other, vec!["--listen", &address], "another program is using it"),
        (&other, vec!["--listen", "0.0.0.0:0"], "add --allow-remote"),
        (&other, vec!["--listen", "127.0.0.1:0", "--registry", "registry.example"], "has no scheme"),
        (
            &other,
            vec!["--listen", "127.0.0.1:0", "--registry", "http://127.0.0.1:1", "--registry-username", "x"],
            "needs a password",
        ),
        (&other, vec!["--allow-origin", "*"], "is not an origin"),
        (&other, vec!["--www", "/nowhere"], "no index.html"),
        (&other, vec!["--customer", "a/b"], "not usable in a path"),
    ];
    for (data, arguments, words) in cases {
        let output = command(data).args(&arguments).stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(words), "{arguments:?} said: {said}");
        assert_eq!(said.trim().lines().count(), 1, "one sentence: {said}");
    }
}
