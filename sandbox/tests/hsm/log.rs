//! The log says no PIN, not even a wrong one, at the lowest level of our own words.

use std::fs::{self, File};

use serde_json::Value;

use crate::keys::{product, sign};
use crate::support::Sandbox;
use crate::token::{Hsm, PIN};

const WRONG: &str = "wrong-horse-4711";

#[tokio::test]
async fn no_line_of_the_log_has_a_pin() {
    let hsm = Hsm::new();
    let options = ["--log-format", "json", "--log", "error,ocisign_sandbox=trace"].map(str::to_owned);
    let arguments = [hsm.arguments(), options.to_vec()].concat();

    hsm.write("pin", WRONG);
    let refused = hsm.command(&arguments).output().unwrap();
    assert!(!refused.status.success());
    assert!(!String::from_utf8(refused.stderr).unwrap().contains(WRONG));

    hsm.write("pin", PIN);
    let path = hsm.path("log");
    let mut command = hsm.command(&arguments);
    command.stderr(File::create(&path).unwrap());
    let mut sandbox = Sandbox::start_command(&hsm.data(), command).await;
    let made = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    let (outcome, _) = sign(&sandbox, &made, "logged").await;
    assert_eq!(outcome["status"], 16, "{outcome}");
    sandbox.terminate();
    assert!(sandbox.wait().await.success());

    let text = fs::read_to_string(&path).unwrap();
    assert!(
        text.lines().any(|line| {
            serde_json::from_str::<Value>(line).is_ok_and(|line| line["message"] == "answered")
        })
    );
    for line in text.lines() {
        assert!(!line.contains(PIN) && !line.contains(WRONG), "{line}");
    }
}
