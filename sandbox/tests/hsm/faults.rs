//! An HSM that is busy, gone or full, while it works: what passes costs no request its life.

use serde_json::{Value, json};

use crate::keys::{product, sign};
use crate::support::Sandbox;
use crate::token::Hsm;

/// A request for an image of its own; gives its id.
pub async fn request(sandbox: &Sandbox, product: &Value, repository: &str) -> String {
    let digest = sandbox.push_image(repository, repository).await;
    let artifact = format!("{}/{repository}@{digest}", sandbox.domain());
    sandbox.request(product, &artifact).await["id"].as_str().unwrap().to_owned()
}

/// Polls until a request says why it waits.
pub async fn waiting(sandbox: &Sandbox, id: &str, why: &str) -> Value {
    for _ in 0..1000 {
        let signing = sandbox.get("requester", &format!("/imagesignings/{id}")).await.json;
        assert!(matches!(signing["status"].as_i64(), Some(4 | 8)), "it is not over: {signing}");
        if signing["reason"].as_str().is_some_and(|reason| reason.contains(why)) {
            return signing;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the request {id} does not say that it waits for {why:?}");
}

/// What is lost in the midst of signing is opened anew, at once: the requester sees nothing of it.
#[tokio::test]
async fn a_lost_session_is_opened_anew() {
    let cases = [
        // The function that fails once, with which code, and how many logins that costs.
        ("C_Sign 0xB3 1", "CKR_SESSION_HANDLE_INVALID", 0),
        ("C_SignInit 0xB3 1", "CKR_SESSION_HANDLE_INVALID at the beginning", 0),
        ("C_SignInit 0xB0 1", "CKR_SESSION_CLOSED", 0),
        ("C_SignInit 0x101 1", "CKR_USER_NOT_LOGGED_IN", 0),
        ("C_SignInit 0x90 1", "CKR_OPERATION_ACTIVE", 0),
        ("C_SignInit lose-sessions 1", "an HSM that restarted", 1),
        ("C_Sign lose-sessions 1", "an HSM that restarted in the midst", 1),
        ("C_SignInit 0x32 1", "CKR_DEVICE_REMOVED", 1),
        ("C_SignInit 0xE0 1", "CKR_TOKEN_NOT_PRESENT", 1),
        ("C_SignInit 0x30 1", "CKR_DEVICE_ERROR", 1),
        ("C_SignInit 0x190 1", "CKR_CRYPTOKI_NOT_INITIALIZED", 1),
        ("C_SignInit 0xB3 2", "CKR_SESSION_HANDLE_INVALID twice", 1),
        ("C_FindObjectsInit 0xB3 1", "CKR_SESSION_HANDLE_INVALID while looking for the key", 0),
    ];
    let hsm = Hsm::new();
    let sandbox = hsm.start_with_shim().await;
    let product = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    assert_eq!(hsm.calls("C_Login").len(), 1);
    for (number, (faults, what, expected)) in cases.into_iter().enumerate() {
        let before = hsm.calls("C_Login").len();
        hsm.faults(faults);
        let (outcome, _) = sign(&sandbox, &product, &format!("app{number}")).await;
        assert_eq!(outcome["status"], 16, "{what}: {outcome}");
        assert_eq!(outcome.get("reason"), None, "{what}: {outcome}");
        let logins = hsm.calls("C_Login").len() - before;
        assert_eq!(logins, expected, "{what}");
    }
    assert!(hsm.calls("C_Login").iter().all(|code| code == "0x0"));
}

#[tokio::test]
async fn a_token_that_is_busy_or_gone_delays_requests_and_fails_none() {
    let cases = [
        ("C_SignInit 0x30\nC_OpenSession 0x30", "CKR_DEVICE_ERROR"),
        ("C_SignInit 0x32\nC_OpenSession 0xE0", "CKR_TOKEN_NOT_PRESENT"),
        ("C_SignInit 0x32\nC_GetSlotList 0x5", "CKR_GENERAL_ERROR"),
        ("C_SignInit 0x6", "CKR_FUNCTION_FAILED"),
        ("C_SignInit 0xB1", "CKR_SESSION_COUNT"),
        ("C_Sign 0x31", "CKR_DEVICE_MEMORY"),
        ("C_Sign 0x80000123", "code 0x80000123"),
    ];
    let hsm = Hsm::new();
    let sandbox = hsm.start_with_shim().await;
    let product = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    let mut ids = Vec::new();
    for (number, (faults, code)) in cases.into_iter().enumerate() {
        hsm.faults(faults);
        let id = request(&sandbox, &product, &format!("app{number}")).await;
        let signing = waiting(&sandbox, &id, code).await;
        assert!(signing["reason"].as_str().unwrap().contains("Check that the HSM"), "{signing}");
        ids.push(id);
        // And it comes back.
        hsm.faults("");
        for id in &ids {
            let outcome = sandbox.outcome(id).await;
            assert_eq!(outcome["status"], 16, "{code}: {outcome}");
            assert_eq!(outcome.get("reason"), None, "{code}: {outcome}");
        }
    }
}

#[tokio::test]
async fn a_token_that_was_unplugged_signs_again() {
    let hsm = Hsm::new();
    let sandbox = hsm.start().await;
    let product = sandbox.create_product(product(&sandbox, "RSA2048")).await;
    assert_eq!(sign(&sandbox, &product, "before").await.0["status"], 16);

    hsm.unplug();
    let id = request(&sandbox, &product, "during").await;
    waiting(&sandbox, &id, "the token").await;
    let refused = sandbox.post("requester", "/products", crate::keys::product(&sandbox, "secp256r1")).await;
    refused.refuses(503, "token-unavailable");
    // What needs no token goes on.
    assert_eq!(sandbox.get("requester", "/products").await.json, json!([product]));

    hsm.plug_in();
    assert_eq!(sandbox.outcome(&id).await["status"], 16);
    assert_eq!(sign(&sandbox, &product, "after").await.0["status"], 16);
}

/// A token that hangs holds up neither the API nor the end of the sandbox.
#[tokio::test]
async fn a_token_that_hangs_holds_nothing_else_up() {
    let hsm = Hsm::new();
    let mut sandbox = hsm.start_with_shim().await;
    let product = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    hsm.faults("C_Sign sleep:600000");
    for number in 0..8 {
        request(&sandbox, &product, &format!("app{number}")).await;
    }
    while hsm.calls("C_SignInit").is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(sandbox.get("requester", "/products").await.json, json!([product]));
    sandbox.terminate();
    assert!(sandbox.wait().await.success());
}

#[tokio::test]
async fn a_token_without_room_makes_no_product_and_leaves_nothing() {
    let hsm = Hsm::new();
    let sandbox = hsm.start_with_shim().await;
    let mut three = product(&sandbox, "secp256r1");
    let operation = three["productOperations"][0].clone();
    three["productOperations"] = json!([operation, operation, operation]);

    // The third key has no room: the first two must go, too.
    hsm.faults("C_GenerateKeyPair 0x31 9 2");
    let refused = sandbox.post("requester", "/products", three.clone()).await;
    refused.refuses(507, "token-full");
    assert!(refused.json["fix"].as_str().unwrap().starts_with("Delete keys"), "{}", refused.json);
    assert_eq!(sandbox.get("requester", "/products").await.json, json!([]));
    until_empty(&hsm).await;

    hsm.faults("");
    sandbox.create_product(three).await;
    assert_eq!(hsm.objects().len(), 6);
}

#[tokio::test]
async fn a_token_that_refuses_a_key_is_no_failure_of_the_sandbox() {
    let cases = [
        ("C_GenerateKeyPair 0x70", 422, "key-type-unsupported"), // CKR_MECHANISM_INVALID
        ("C_GenerateKeyPair 0x62", 422, "key-type-unsupported"), // CKR_KEY_SIZE_RANGE
        ("C_GenerateKeyPair 0xE2", 422, "key-type-unsupported"), // CKR_TOKEN_WRITE_PROTECTED
        ("C_GenerateKeyPair 0x30", 503, "token-unavailable"),    // CKR_DEVICE_ERROR
        ("C_GenerateKeyPair 0x5", 503, "token-unavailable"),     // CKR_GENERAL_ERROR
        ("C_GenerateKeyPair 0x80000001", 503, "token-unavailable"),
        ("C_OpenSession 0xB1\nC_GenerateKeyPair 0xB3", 503, "token-unavailable"), // CKR_SESSION_COUNT
    ];
    let hsm = Hsm::new();
    let sandbox = hsm.start_with_shim().await;
    for (faults, status, code) in cases {
        hsm.faults(faults);
        let refused = sandbox.post("requester", "/products", product(&sandbox, "RSA2048")).await;
        refused.refuses(status, code);
    }
    hsm.faults("");
    sandbox.create_product(product(&sandbox, "secp256r1")).await;
    until_objects(&hsm, 2).await;
}

/// The answer to making a key can be lost after the key was made.
#[tokio::test]
async fn a_key_is_made_once_though_its_session_was_lost() {
    let hsm = Hsm::new();
    let sandbox = hsm.start_with_shim().await;
    // The first key is made, and then its session fails.
    hsm.faults("C_GenerateKeyPair 0xB3 1");
    let made = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    assert_eq!(hsm.objects().len(), 2);
    assert_eq!(sign(&sandbox, &made, "app").await.0["status"], 16);
}

/// A key that somebody deleted in the token will not come back by waiting.
#[tokio::test]
async fn a_key_that_is_gone_from_its_token_fails_its_requests() {
    let hsm = Hsm::new();
    let mut sandbox = hsm.start().await;
    let product = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    let id = product["productOperations"][0]["id"].as_str().unwrap();
    sandbox.kill();
    for class in ["privkey", "pubkey"] {
        assert!(hsm.pkcs11_tool(&["--delete-object", "--type", class, "--label", id]).status.success());
    }
    let sandbox = hsm.restart(&sandbox, &hsm.arguments()).await;
    let (outcome, _) = sign(&sandbox, &product, "app").await;
    assert_eq!(outcome["status"], 64, "{outcome}");
    assert!(outcome["reason"].as_str().unwrap().contains("not in the token any more"), "{outcome}");
}

async fn until_empty(hsm: &Hsm) {
    until_objects(hsm, 0).await;
}

/// Keys of a product that failed are taken away after the reply.
async fn until_objects(hsm: &Hsm, count: usize) {
    for _ in 0..200 {
        if hsm.objects().len() == count {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the token holds {:?}", hsm.objects());
}
