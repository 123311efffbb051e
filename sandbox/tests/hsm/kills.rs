//! Killed while the token works: every request is signed once, and no key stays that nothing refers to.

use serde_json::Value;

use crate::keys::product;
use crate::token::Hsm;

#[tokio::test]
async fn a_kill_while_keys_are_made_leaves_no_stray_key() {
    let hsm = Hsm::new();
    let mut sandbox = hsm.start_with_shim().await;
    let again = hsm.arguments();
    for _ in 0..3 {
        // The key is made, and the answer takes longer than the sandbox lives.
        hsm.faults("C_GetAttributeValue sleep:600000");
        let before = hsm.calls("C_GenerateKeyPair").len();
        let (http, url) = (sandbox.http.clone(), sandbox.url("/products"));
        let request = http.post(url).bearer_auth(sandbox.token("requester"));
        let body = product(&sandbox, "secp256r1");
        let asked = tokio::spawn(async move { request.json(&body).send().await.is_ok() });
        while hsm.calls("C_GenerateKeyPair").len() == before {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        sandbox.kill();
        assert!(!asked.await.unwrap());
        assert_eq!(hsm.objects().len(), 2, "the key is there, and its product is not");
        hsm.faults("");
        sandbox = hsm.restart_with_shim(&sandbox).await;
        assert_eq!(sandbox.get("requester", "/products").await.json, serde_json::json!([]));
        assert_eq!(hsm.objects().len(), 0);
    }
    sandbox.kill();
    let sandbox = hsm.restart(&sandbox, &again).await;
    sandbox.create_product(product(&sandbox, "secp256r1")).await;
    assert_eq!(hsm.objects().len(), 2);
}

#[tokio::test]
async fn kills_while_the_token_signs_lose_no_request_and_sign_none_twice() {
    let hsm = Hsm::new();
    let mut sandbox = hsm.start().await;
    let product = sandbox.create_product(product(&sandbox, "RSA2048")).await;
    let mut asked: Vec<(String, String, String)> = Vec::new();
    for round in 0..8_u64 {
        for image in 0..6 {
            let repository = format!("app-{round}-{image}");
            let digest = sandbox.push_image(&repository, "content").await;
            let artifact = format!("{}/{repository}@{digest}", sandbox.domain());
            let signing = sandbox.request(&product, &artifact).await;
            asked.push((signing["id"].as_str().unwrap().to_owned(), repository, digest));
        }
        tokio::time::sleep(std::time::Duration::from_millis(round * 7)).await;
        sandbox.kill();
        sandbox = hsm.restart(&sandbox, &hsm.arguments()).await;
    }
    for (id, repository, digest) in &asked {
        let outcome = sandbox.outcome(id).await;
        assert_eq!(outcome["status"], 16, "{outcome}");
        let steps = outcome["history"].as_array().unwrap();
        let steps: Vec<i64> = steps.iter().filter_map(|step| step["status"].as_i64()).collect();
        assert_eq!(steps, [1, 4, 8, 16], "each step once");
        let manifest: Value = sandbox.signatures(repository, digest).await.unwrap();
        assert_eq!(manifest["layers"].as_array().unwrap().len(), 1);
    }
}
