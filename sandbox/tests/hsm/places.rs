//! A store with keys in several places: each key signs where it was made, and waits when that is not there.

use serde_json::json;

use crate::faults::{request, waiting};
use crate::keys::{product, sign};
use crate::token::Hsm;

#[tokio::test]
async fn keys_in_software_stay_there_when_a_token_comes() {
    let hsm = Hsm::new();
    let mut sandbox = crate::keys::start(&hsm, crate::keys::Store::Software).await;
    let old = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    sandbox.kill();
    let sandbox = hsm.restart(&sandbox, &hsm.arguments()).await;
    assert_eq!(hsm.objects().len(), 0);
    let new = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    assert_eq!(hsm.objects().len(), 2);
    for (product, repository) in [(&old, "old"), (&new, "new")] {
        let (outcome, _) = sign(&sandbox, product, repository).await;
        assert_eq!(outcome["status"], 16, "{outcome}");
    }
}

#[tokio::test]
async fn keys_in_a_token_that_is_not_named_wait_for_it_and_hold_no_others_up() {
    let hsm = Hsm::new();
    let mut sandbox = hsm.start().await;
    let in_token = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    sandbox.kill();

    let mut sandbox = hsm.restart(&sandbox, &[]).await;
    // More than the worker would look at.
    let mut ids = Vec::new();
    for number in 0..20 {
        ids.push(request(&sandbox, &in_token, &format!("waits{number}")).await);
    }
    let signing = waiting(&sandbox, &ids[0], "Start it with that token: --pkcs11-module").await;
    assert!(signing["reason"].as_str().unwrap().contains("ocisign test"), "{signing}");
    let in_software = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    assert_eq!(sign(&sandbox, &in_software, "software").await.0["status"], 16);
    waiting(&sandbox, &ids[19], "Start it with that token").await;
    sandbox.kill();

    let sandbox = hsm.restart(&sandbox, &hsm.arguments()).await;
    for id in &ids {
        let outcome = sandbox.outcome(id).await;
        assert_eq!((&outcome["status"], outcome.get("reason")), (&json!(16), None), "{outcome}");
    }
    assert_eq!(sign(&sandbox, &in_software, "software-again").await.0["status"], 16);
}

#[tokio::test]
async fn another_token_does_not_sign_for_the_first() {
    let hsm = Hsm::new();
    hsm.add_token("second");
    let named = |label: &str| [hsm.arguments(), vec!["--token-label".to_owned(), label.to_owned()]].concat();
    let mut command = hsm.command(&named("ocisign test"));
    command.env("OCISIGN_LOG", "error");
    let mut sandbox = crate::support::Sandbox::start_command(&hsm.data(), command).await;
    let first = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    sandbox.kill();
    let mut sandbox = hsm.restart(&sandbox, &named("second")).await;
    let id = request(&sandbox, &first, "app").await;
    waiting(&sandbox, &id, "which this sandbox was not started with").await;
    let second = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    assert_eq!(sign(&sandbox, &second, "second").await.0["status"], 16);
    sandbox.kill();
    let sandbox = hsm.restart(&sandbox, &named("ocisign test")).await;
    assert_eq!(sandbox.outcome(&id).await["status"], 16);
}

/// A backup that was restored into a new device has the keys, under another serial number.
#[tokio::test]
async fn keys_that_were_restored_into_another_token_sign_there() {
    let hsm = Hsm::new();
    let mut sandbox = hsm.start().await;
    let product = sandbox.create_product(product(&sandbox, "secp256r1")).await;
    let id = request(&sandbox, &product, "before").await;
    assert_eq!(sandbox.outcome(&id).await["status"], 16);
    sandbox.kill();
    // As if the row came from a token with another serial number.
    let database = rusqlite::Connection::open(hsm.data().join("ocisign.sqlite")).unwrap();
    let moved = "UPDATE signing_key SET kept_in = 'token 0123 old device'";
    assert_eq!(database.execute(moved, []).unwrap(), 1);
    drop(database);
    let sandbox = hsm.restart(&sandbox, &hsm.arguments()).await;
    assert_eq!(sign(&sandbox, &product, "after").await.0["status"], 16);
}
