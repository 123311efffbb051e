//! A PIN that the token did not take is not tried again, neither in the same process nor by a start with it.

use std::process::Stdio;

use crate::faults::{request, waiting};
use crate::keys::product;
use crate::token::{Hsm, PIN};

/// Starts a sandbox that must not start; gives what it says.
pub fn refused_start(mut command: std::process::Command) -> String {
    let output = command.stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "it started");
    assert_eq!(said.trim().lines().count(), 1, "one sentence: {said}");
    said
}

#[tokio::test]
async fn a_start_with_a_wrong_pin_tries_it_once_ever() {
    let hsm = Hsm::new();
    hsm.write("pin", "wrong-horse");
    let said = refused_start(hsm.shim_command());
    assert!(said.contains("refused the PIN (CKR_PIN_INCORRECT). Restart"), "{said}");
    assert_eq!(hsm.calls("C_Login"), ["0xa0"]);
    // A service manager starts it again and again.
    for _ in 0..3 {
        let said = refused_start(hsm.shim_command());
        assert!(said.contains("refused this PIN before") && said.contains("refused-pin"), "{said}");
        assert!(!said.contains("wrong-horse"), "{said}");
    }
    assert_eq!(hsm.calls("C_Login"), ["0xa0"]);
    // Another wrong PIN is another try; the right one then works, and is the only one from then on.
    hsm.write("pin", "other-wrong-horse");
    assert!(refused_start(hsm.shim_command()).contains("CKR_PIN_INCORRECT"));
    hsm.write("pin", PIN);
    hsm.start_with_shim().await;
    assert_eq!(hsm.calls("C_Login"), ["0xa0", "0xa0", "0x0"]);
    assert!(!hsm.data().join("refused-pin").exists());
}

/// Codes that say something of the PIN, or nothing clear: a PIN of which nothing is known is not tried twice.
#[tokio::test]
async fn any_other_answer_to_the_first_login_is_not_provoked_twice() {
    let cases = [
        ("0xA4", "CKR_PIN_LOCKED"),
        ("0xA3", "CKR_PIN_EXPIRED"),
        ("0xA2", "CKR_PIN_LEN_RANGE"),
        ("0x102", "CKR_USER_PIN_NOT_INITIALIZED"),
        ("0x5", "CKR_GENERAL_ERROR"),
        ("0x6", "CKR_FUNCTION_FAILED"),
        ("0x80000042", "code 0x80000042"),
    ];
    for (code, name) in cases {
        let hsm = Hsm::new();
        hsm.faults(&format!("C_Login {code}"));
        let said = refused_start(hsm.shim_command());
        assert!(said.contains(name), "{said}");
        assert_eq!(hsm.calls("C_Login").len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_pin_that_is_changed_while_the_sandbox_runs_is_tried_once() {
    for (code, name) in [("0xA0", "CKR_PIN_INCORRECT"), ("0xA4", "CKR_PIN_LOCKED")] {
        let hsm = Hsm::new();
        let mut sandbox = hsm.start_with_shim().await;
        let product = sandbox.create_product(product(&sandbox, "secp256r1")).await;
        hsm.faults(&format!("C_SignInit lose-sessions 1\nC_Login {code}"));
        let first = request(&sandbox, &product, "first").await;
        waiting(&sandbox, &first, name).await;
        // Whatever comes, the token is left alone.
        let second = request(&sandbox, &product, "second").await;
        waiting(&sandbox, &second, name).await;
        let refused = sandbox.post("requester", "/products", crate::keys::product(&sandbox, "RSA2048")).await;
        refused.refuses(503, "token-pin-refused");
        assert!(refused.json["fix"].as_str().unwrap().to_lowercase().contains("restart the sandbox"));
        assert_eq!(hsm.calls("C_Login").len(), 2, "{name}: one at the start, one since");

        // After a restart, in which the token takes the PIN, all of it is signed.
        sandbox.kill();
        hsm.faults("");
        // What the message of a start with the same PIN says.
        let _ = std::fs::remove_file(hsm.data().join("refused-pin"));
        let sandbox = hsm.restart(&sandbox, &hsm.arguments()).await;
        for id in [&first, &second] {
            assert_eq!(sandbox.outcome(id).await["status"], 16);
        }
    }
}

/// The token took this PIN before, so an unclear answer is the HSM's trouble and passes.
#[tokio::test]
async fn a_proven_pin_survives_an_unclear_answer() {
    let hsm = Hsm::new();
    let sandbox = hsm.start_with_shim().await;
    let product = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    hsm.faults("C_SignInit lose-sessions 1\nC_Login 0x5");
    let id = request(&sandbox, &product, "app").await;
    waiting(&sandbox, &id, "CKR_GENERAL_ERROR").await;
    hsm.faults("");
    assert_eq!(sandbox.outcome(&id).await["status"], 16);
}

/// What a token says of its PIN counter is heeded before a PIN is spent.
#[tokio::test]
async fn a_token_that_would_lock_is_not_tried_with_an_unknown_pin() {
    for (flag, words) in [("0x20000", "locks at the next wrong PIN"), ("0x40000", "user PIN is locked")] {
        let hsm = Hsm::new();
        hsm.faults(&format!("C_GetTokenInfo flags:{flag}"));
        let said = refused_start(hsm.shim_command());
        assert!(said.contains(words), "{said}");
        assert_eq!(hsm.calls("C_Login").len(), 0);
    }
    // A PIN that the token took is no guess.
    let hsm = Hsm::new();
    let sandbox = hsm.start_with_shim().await;
    let product = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    hsm.faults("C_GetTokenInfo flags:0x20000\nC_SignInit lose-sessions 1");
    let id = request(&sandbox, &product, "app").await;
    assert_eq!(sandbox.outcome(&id).await["status"], 16);
    assert_eq!(hsm.calls("C_Login").len(), 2);
}
