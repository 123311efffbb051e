//! What becomes of signings when the registry no longer takes the password: ECR's are good for twelve hours.

use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use crate::support::Sandbox;
use crate::support::fake_registry::{Asked, FakeRegistry, reply};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::sync::Notify;

/// A door that lets in who has the password of the moment.
#[derive(Clone)]
struct Door {
    password: Arc<Mutex<String>>,
    refused: Arc<Notify>,
    /// How it refuses an expired one.
    status: u16,
}

impl Door {
    fn new(status: u16) -> Self {
        Self { password: Arc::new(Mutex::new("one".to_owned())), refused: Arc::default(), status }
    }

    fn change(&self, password: &str) {
        password.clone_into(&mut self.password.lock().unwrap());
    }

    /// What it says to a caller whom it does not let in.
    fn refusal(&self, asked: &Asked, challenge: &str) -> Option<Response> {
        let Some(given) = &asked.authorization else {
            return Some(reply(401, &[("www-authenticate", challenge)], ""));
        };
        let user = format!("AWS:{}", self.password.lock().unwrap());
        if *given == format!("Basic {}", STANDARD.encode(user)) {
            return None;
        }
        self.refused.notify_one();
        let words = "Your authorization token has expired. Reauthenticate and try again.";
        let body = json!({ "errors": [{ "code": "DENIED", "message": words }] });
        Some(reply(self.status, &[("www-authenticate", challenge)], body.to_string()))
    }
}

async fn ecr(door: &Door) -> FakeRegistry {
    let door = door.clone();
    let challenge = "Basic realm=\"https://ecr.example/\",service=\"ecr.amazonaws.com\"";
    FakeRegistry::start(move |asked| door.refusal(asked, challenge)).await
}

async fn sandbox(folder: &Path, registry: &FakeRegistry, arguments: &[&str]) -> Sandbox {
    let url = registry.url();
    let ours = ["--registry", &url, "--registry-username", "AWS"];
    Sandbox::start(&folder.join("data"), &[&ours, arguments].concat()).await
}

async fn signed(signing: &Value, passwords: &[&str]) {
    assert_eq!(signing["status"], 16, "{signing}");
    assert!(passwords.iter().all(|password| !signing.to_string().contains(&format!(":{password}"))));
}

#[tokio::test]
async fn a_new_password_in_the_file_is_taken_before_the_request_fails() {
    for status in [401, 403] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "one\n").unwrap();
        let door = Door::new(status);
        let registry = ecr(&door).await;
        let sandbox =
            sandbox(folder.path(), &registry, &["--registry-password-file", file.to_str().unwrap()]).await;
        signed(&registry.sign(&sandbox).await, &["one"]).await;

        door.change("two");
        std::fs::write(&file, "two\n").unwrap();
        signed(&registry.sign(&sandbox).await, &["one", "two"]).await;

        // The registry is ahead of whoever writes the file.
        door.change("three");
        while was_refused(&door.refused) {}
        let id = registry.begin(&sandbox).await;
        door.refused.notified().await;
        door.refused.notified().await;
        let waiting = sandbox.get("requester", &format!("/imagesignings/{id}")).await.json;
        assert_eq!(waiting["status"], 8, "{status}: {waiting}");
        std::fs::write(&file, "three\n").unwrap();
        signed(&sandbox.outcome(&id).await, &["two", "three"]).await;
        let signatures = registry.signatures().unwrap();
        assert_eq!(signatures["layers"].as_array().unwrap().len(), 3, "none is there twice");
    }
}

/// Takes a notice that nobody waited for; false when there is none.
fn was_refused(notify: &Notify) -> bool {
    let notified = std::pin::pin!(notify.notified());
    let waker = std::task::Waker::noop();
    notified.poll(&mut std::task::Context::from_waker(waker)).is_ready()
}

/// The sandbox was started with what had expired already.
#[tokio::test]
async fn an_expired_password_of_the_start_is_waited_for_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, "zero").unwrap();
    let door = Door::new(403);
    let registry = ecr(&door).await;
    let sandbox =
        sandbox(folder.path(), &registry, &["--registry-password-file", file.to_str().unwrap()]).await;
    let id = registry.begin(&sandbox).await;
    door.refused.notified().await;
    std::fs::write(&file, "one").unwrap();
    signed(&sandbox.outcome(&id).await, &["zero", "one"]).await;
}

#[tokio::test]
async fn a_command_is_run_again() {
    let folder = tempfile::tempdir().unwrap();
    let (file, runs) = (folder.path().join("password"), folder.path().join("runs"));
    std::fs::write(&file, "one").unwrap();
    let command = format!("echo run >> '{}'; cat '{}'", runs.display(), file.display());
    let door = Door::new(403);
    let registry = ecr(&door).await;
    let sandbox = sandbox(folder.path(), &registry, &["--registry-password-command", &command]).await;
    for _ in 0..3 {
        signed(&registry.sign(&sandbox).await, &["one"]).await;
    }
    let count = || std::fs::read_to_string(&runs).unwrap().lines().count();
    assert_eq!(count(), 1, "only when it is refused");
    door.change("two");
    std::fs::write(&file, "two").unwrap();
    signed(&registry.sign(&sandbox).await, &["two"]).await;
    assert_eq!(count(), 2);
}

#[tokio::test]
async fn who_asked_for_the_password_is_shown_it_at_once_the_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, "one").unwrap();
    let registry = ecr(&Door::new(403)).await;
    let sandbox =
        sandbox(folder.path(), &registry, &["--registry-password-file", file.to_str().unwrap()]).await;
    let without = || registry.asked().iter().filter(|asked| asked.authorization.is_none()).count();
    signed(&registry.sign(&sandbox).await, &["one"]).await;
    let first = without();
    assert!(first > 0, "nobody shows a password before it is asked for");
    signed(&registry.sign(&sandbox).await, &["one"]).await;
    assert_eq!(without(), first);
}

#[tokio::test]
async fn who_gives_out_tokens_may_refuse_it_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, "one").unwrap();
    let door = Door::new(401);
    let realm = {
        let door = door.clone();
        let token = || reply(200, &[], "{\"token\":\"abc\"}");
        FakeRegistry::start(move |asked| door.refusal(asked, "Basic").or_else(|| Some(token()))).await
    };
    let challenge = format!("Bearer realm=\"{}/token\",service=\"s\"", realm.url());
    let registry = FakeRegistry::start(move |asked| {
        let known = asked.authorization.as_deref() == Some("Bearer abc");
        (!known).then(|| reply(401, &[("www-authenticate", &challenge)], ""))
    })
    .await;
    let sandbox =
        sandbox(folder.path(), &registry, &["--registry-password-file", file.to_str().unwrap()]).await;
    signed(&registry.sign(&sandbox).await, &["one"]).await;
    door.change("two");
    std::fs::write(&file, "two").unwrap();
    signed(&registry.sign(&sandbox).await, &["two"]).await;
}

/// What an admin gave does not change by itself.
#[tokio::test]
async fn a_fixed_password_fails_at_once_and_says_that_it_has_expired() {
    for (status, words) in [(401, "refused the username and password"), (403, "has expired (403)")] {
        let folder = tempfile::tempdir().unwrap();
        let door = Door::new(status);
        let registry = ecr(&door).await;
        let url = registry.url();
        let sandbox = Sandbox::start(&folder.path().join("data"), &["--allow-registry", &url]).await;
        let domain = registry.address.to_string();
        let credential = json!({ "domain": domain, "username": "AWS", "password": "expired-password" });
        assert_eq!(sandbox.post("admin", "/registrycredentials", credential).await.status.as_u16(), 201);
        let failed = registry.sign(&sandbox).await;
        assert_eq!(failed["status"], 64, "{failed}");
        let reason = failed["reason"].as_str().unwrap();
        assert!(reason.contains(words) && !reason.contains("expired-password"), "{reason}");
    }
}

#[tokio::test]
async fn a_password_that_cannot_be_had_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let (none, empty) = (folder.path().join("none"), folder.path().join("empty"));
    std::fs::write(&empty, "\n").unwrap();
    let (none, empty) = (none.to_str().unwrap(), empty.to_str().unwrap());
    let not_a_certificate = ["--registry-ca", empty];
    for (arguments, words) in [
        (vec!["--registry-password-file", none], "Cannot read the password from"),
        (vec!["--registry-password-file", empty], "it is empty"),
        (vec!["--registry-password-command", "echo hush-hush >&2; exit 4"], "exit status: 4"),
        (vec!["--registry-password-command", "true"], "it is empty"),
        (vec![], "Set OCISIGN_REGISTRY_PASSWORD"),
        (
            [vec!["--registry-password-command", "echo x"], not_a_certificate.to_vec()].concat(),
            "--registry-ca",
        ),
    ] {
        let mut command = crate::support::command(&folder.path().join("data"));
        command.args(["--listen", "127.0.0.1:0", "--registry", "https://ecr.example"]);
        command.args(["--registry-username", "AWS"]).args(&arguments);
        command.env_remove("OCISIGN_REGISTRY_PASSWORD").stderr(Stdio::piped());
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(words), "{arguments:?}: {said}");
    }
}
