//! Who must approve, who may, and when is it too late?

use crate::support::issuer::Issuer;
use crate::support::{GROUP_A, GROUP_B, Reply, Sandbox, request_body};
use serde_json::{Value, json};

async fn sandbox(arguments: &[&str]) -> (tempfile::TempDir, Sandbox) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), arguments).await;
    (folder, sandbox)
}

fn artifact(sandbox: &Sandbox) -> String {
    format!("{}/app@sha256:{}", sandbox.domain(), "0".repeat(64))
}

async fn product(sandbox: &Sandbox, rule: Value) -> Value {
    let mut product = sandbox.product();
    let kept = &mut product["productOperations"][0]["approvalRule"];
    for (name, value) in rule.as_object().unwrap() {
        kept[name] = value.clone();
    }
    sandbox.create_product(product).await
}

async fn request(sandbox: &Sandbox, product: &Value) -> Value {
    sandbox.request(product, &artifact(sandbox)).await
}

fn id(signing: &Value) -> &str {
    signing["id"].as_str().unwrap()
}

async fn withdraw(sandbox: &Sandbox, role: &str, signing: &Value, body: Value) -> Reply {
    sandbox.post(role, &format!("/imagesignings/{}/withdraw", id(signing)), body).await
}

#[tokio::test]
async fn every_group_approves_by_default_and_any_one_by_option() {
    let (_folder, every) = sandbox(&[]).await;
    let by_default = request(&every, &product(&every, json!({})).await).await;
    assert!(by_default.get("requiredApprovals").is_none());
    let first = every.approve("approver-two", id(&by_default)).await.json;
    assert_eq!((&first["status"], &first["missingGroups"]), (&json!(2), &json!([GROUP_A])));
    // A rule says it for itself.
    let any = request(&every, &product(&every, json!({ "approvals": "any" })).await).await;
    assert_eq!(any["requiredApprovals"], "any");
    assert_eq!(any["missingGroups"], json!([GROUP_A, GROUP_B]));
    let approved = every.approve("approver-two", id(&any)).await.json;
    assert_eq!(approved["missingGroups"], json!([]), "{approved}");
    assert_ne!(approved["status"], 2);

    let (_folder, any) = sandbox(&["--approvals", "any"]).await;
    let by_default = request(&any, &product(&any, json!({})).await).await;
    any.approve("outsider", id(&by_default)).await.refuses(403, "not-an-approver");
    any.approve("requester", id(&by_default)).await.refuses(403, "self-approval");
    assert_ne!(any.approve("approver-one", id(&by_default)).await.json["status"], 2);
    let every = request(&any, &product(&any, json!({ "approvals": "every" })).await).await;
    assert!(every.get("requiredApprovals").is_none());
    assert_eq!(any.approve("approver-one", id(&every)).await.json["missingGroups"], json!([GROUP_B]));

    for wrong in [json!("all"), json!(1), Value::Null, json!("Any")] {
        let mut product = any.product();
        product["productOperations"][0]["approvalRule"]["approvals"] = wrong;
        let refused = any.post("requester", "/products", product).await;
        refused.refuses(422, "bad-input");
        let place = "product.productOperations[0].approvalRule.approvals ";
        assert!(refused.json["message"].as_str().unwrap().starts_with(place), "{}", refused.json);
    }
}

#[tokio::test]
async fn a_rule_holds_as_it_was_when_the_request_was_made() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut lenient = Sandbox::start(&data, &["--approvals", "any", "--allow-self-approval"]).await;
    let product = product(&lenient, json!({})).await;
    let early = [request(&lenient, &product).await, request(&lenient, &product).await];
    lenient.kill();
    let strict = Sandbox::start(&data, &[]).await;
    assert_ne!(strict.approve("requester", id(&early[0])).await.json["status"], 2);
    assert_ne!(strict.approve("approver-two", id(&early[1])).await.json["status"], 2);
    let body = {
        let mut changed =
            strict.get("requester", &format!("/products/{}", product["id"].as_str().unwrap())).await.json;
        changed["productConfigItems"][0]["value"] = json!(strict.domain());
        changed
    };
    // The registry is another one now; the rule is what this is about.
    let again = strict.post("requester", "/products", body).await.json;
    let late = request(&strict, &again).await;
    strict.approve("requester", id(&late)).await.refuses(403, "self-approval");
    assert_eq!(strict.approve("approver-one", id(&late)).await.json["status"], 2);
}

#[tokio::test]
async fn a_requester_approves_only_where_the_start_allows_it() {
    let (_folder, sandbox) = sandbox(&["--allow-self-approval"]).await;
    let signing = request(&sandbox, &product(&sandbox, json!({})).await).await;
    let own = sandbox.approve("requester", id(&signing)).await.json;
    assert_eq!(own["missingGroups"], json!([GROUP_B]), "{own}");
    sandbox.approve("requester", id(&signing)).await.refuses(409, "already-approved");
    sandbox.approve("approver-one", id(&signing)).await.refuses(403, "group-already-approved");
    assert_ne!(sandbox.approve("approver-two", id(&signing)).await.json["status"], 2);
}

#[tokio::test]
async fn groups_allow_approve_and_approve_beforehand() {
    let (_folder, sandbox) = sandbox(&[]).await;
    // Who may ask need not be who approves.
    let apart = product(&sandbox, json!({ "allowedGroups": [GROUP_B], "approvalGroups": [GROUP_A] })).await;
    let body = request_body(&apart, &artifact(&sandbox));
    sandbox.post("requester", "/imagesignings", body.clone()).await.refuses(403, "not-allowed");
    let signing = sandbox.post("approver-two", "/imagesignings", body).await.json;
    assert_ne!(sandbox.approve("requester", id(&signing)).await.json["status"], 2);

    let beforehand = product(&sandbox, json!({ "blanketGroups": [GROUP_A.to_uppercase()] })).await;
    let signing = request(&sandbox, &beforehand).await;
    assert_ne!(signing["status"], 2, "{signing}");
    sandbox.approve("approver-one", id(&signing)).await.refuses(409, "not-waiting");
    let nobody = product(&sandbox, json!({ "approvalGroups": [] })).await;
    assert_ne!(request(&sandbox, &nobody).await["status"], 2);
}

/// Ada is in both groups and approves first; whoever comes next is of use, whichever group they are in.
#[tokio::test]
async fn a_person_in_several_groups_stands_for_one_that_fits() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Issuer::start().await;
    let sandbox = Sandbox::start(&folder.path().join("data"), &issuer.arguments()).await;
    let product = product(&sandbox, json!({})).await;
    let ada = issuer.token(&json!({ "sub": "ada", "groups": [GROUP_A, GROUP_B] }));
    for next in ["approver-one", "approver-two"] {
        let signing = request(&sandbox, &product).await;
        let path = format!("/imagesignings/{}/approve", id(&signing));
        let approve = async || sandbox.call_with(&ada, reqwest::Method::POST, &path, Some(json!({}))).await;
        assert_eq!(approve().await.json["missingGroups"].as_array().unwrap().len(), 1);
        approve().await.refuses(409, "already-approved");
        assert_ne!(sandbox.approve(next, id(&signing)).await.json["status"], 2, "{next}");
    }
}

#[tokio::test]
async fn a_requester_takes_back_what_waits() {
    let (_folder, sandbox) = sandbox(&[]).await;
    // The requester of this one is in no group that approves.
    let product = product(&sandbox, json!({ "approvalGroups": [GROUP_B] })).await;
    let signing = request(&sandbox, &product).await;
    sandbox
        .post("requester", &format!("/imagesignings/{}/reject", id(&signing)), json!({ "comment": "x" }))
        .await
        .refuses(403, "not-an-approver");
    for role in ["approver-one", "approver-two", "admin", "outsider"] {
        withdraw(&sandbox, role, &signing, json!({})).await.refuses(403, "not-yours");
    }
    withdraw(&sandbox, "requester", &signing, json!({ "why": "x" })).await.refuses(422, "bad-input");
    let long = json!({ "comment": "c".repeat(2_001) });
    withdraw(&sandbox, "requester", &signing, long).await.refuses(422, "too-large");
    let other = json!({ "expect": { "name": "OTHER" } });
    withdraw(&sandbox, "requester", &signing, other).await.refuses(409, "changed");
    let withdrawn = withdraw(&sandbox, "requester", &signing, json!({ "comment": " wrong image " })).await;
    assert_eq!(withdrawn.status.as_u16(), 200, "{}", withdrawn.json);
    assert_eq!(withdrawn.json["status"], 32);
    assert_eq!(withdrawn.json["reason"], "Withdrawn by Requester: wrong image");
    let last = withdrawn.json["history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["by"]["name"], &last["comment"]), (&json!("Requester"), &json!("wrong image")));
    // The end is the end.
    withdraw(&sandbox, "requester", &signing, json!({})).await.refuses(409, "not-waiting");
    sandbox.approve("approver-two", id(&signing)).await.refuses(409, "not-waiting");

    let silent = request(&sandbox, &product).await;
    let path = format!("/imagesignings/{}/withdraw", id(&silent));
    let empty = sandbox.call("requester", reqwest::Method::POST, &path, None).await;
    assert_eq!(empty.json["reason"], "Withdrawn by Requester");
    let unknown = "/imagesignings/00000000-0000-4000-8000-000000000000/withdraw";
    sandbox.post("requester", unknown, json!({})).await.refuses(404, "unknown-signing");
}

#[tokio::test]
async fn a_wait_has_an_end_by_option() {
    let (_folder, sandbox) = sandbox(&["--request-lifetime", "1"]).await;
    let product = product(&sandbox, json!({})).await;
    let signing = request(&sandbox, &product).await;
    let end = signing["expiresAt"].as_str().expect("a request says how long it waits").to_owned();
    assert!(end.as_str() > signing["createdAt"].as_str().unwrap());
    let expired = sandbox.outcome(id(&signing)).await;
    assert_eq!(expired["status"], 32);
    assert_eq!(expired["reason"], json!(format!("Expired: it waited for approval until {end}.")));
    assert!(expired["history"].as_array().unwrap().last().unwrap().get("by").is_none());
    for role in ["approver-one", "approver-two"] {
        sandbox.approve(role, id(&signing)).await.refuses(409, "not-waiting");
    }
    withdraw(&sandbox, "requester", &signing, json!({})).await.refuses(409, "not-waiting");

    // What is decided in time is not touched by the end, and what needs no approval has none.
    let automatic = self::product(&sandbox, json!({ "approvalGroups": [] })).await;
    assert!(request(&sandbox, &automatic).await.get("expiresAt").is_none());
}

#[tokio::test]
async fn an_end_that_passes_while_the_sandbox_is_down_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut sandbox = Sandbox::start(&data, &["--request-lifetime", "1"]).await;
    let product = product(&sandbox, json!({})).await;
    let signing = request(&sandbox, &product).await;
    sandbox.kill();
    let sandbox = Sandbox::start(&data, &[]).await;
    let expired = sandbox.outcome(id(&signing)).await;
    assert!(expired["reason"].as_str().unwrap().starts_with("Expired: "), "{expired}");
    assert!(request(&sandbox, &self::product(&sandbox, json!({})).await).await.get("expiresAt").is_none());
}
