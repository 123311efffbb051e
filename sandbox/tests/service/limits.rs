//! How much may a person have the sandbox keep, and show to everybody in every list?

use crate::support::{GROUP_A, Sandbox, request_body};
use serde_json::{Value, json};
use uuid::Uuid;

async fn sandbox() -> (tempfile::TempDir, Sandbox) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]).await;
    (folder, sandbox)
}

fn groups(count: usize) -> Vec<String> {
    (0..count).map(|_| Uuid::new_v4().to_string()).collect()
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| json!([inner]))
}

fn many_fields(count: usize) -> Value {
    (0..count).map(|number| (number.to_string(), json!(number))).collect::<serde_json::Map<_, _>>().into()
}

#[tokio::test]
async fn a_product_has_limits_that_name_the_place() {
    let (_folder, sandbox) = sandbox().await;
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 17] = [
        ("approvalRule.approvalGroups has 8000", |it| rule(it)["approvalGroups"] = json!(groups(8_000))),
        ("approvalRule.approvalGroups has 51", |it| rule(it)["approvalGroups"] = json!(groups(51))),
        ("approvalRule.allowedGroups has 51", |it| rule(it)["allowedGroups"] = json!(groups(51))),
        ("approvalRule.blanketGroups has 51", |it| rule(it)["blanketGroups"] = json!(groups(51))),
        ("approvalRule.approvalGroups has 51", |it| rule(it)["approvalGroups"] = json!(vec![GROUP_A; 51])),
        ("productOperations has 21", |it| {
            let operation = it["productOperations"][0].clone();
            it["productOperations"] = json!(vec![operation; 21]);
        }),
        ("productConfigItems has 101", |it| {
            let items = it["productConfigItems"].as_array_mut().unwrap();
            items.extend(vec![json!({ "name": "other", "value": "x" }); 100]);
        }),
        ("product.caInfo has 101", |it| it["caInfo"] = json!(vec![0; 101])),
        ("product.unknown.list has 101", |it| it["unknown"] = json!({ "list": vec![json!({}); 101] })),
        ("product.unknown has 101", |it| it["unknown"] = many_fields(101)),
        ("product.name has 4097 characters", |it| it["name"] = json!("n".repeat(4_097))),
        ("product.description has 4097 characters", |it| it["description"] = json!("é".repeat(4_097))),
        ("product.productOperations[0].token.name", |it| {
            it["productOperations"][0]["token"]["name"] = json!("n".repeat(5_000));
        }),
        ("product.x[1].y", |it| it["x"] = json!([0, { "y": "n".repeat(5_000) }])),
        ("A field of product", |it| it["f".repeat(201)] = json!(1)),
        ("nested more than 32 deep", |it| it["deep"] = nested(100)),
        ("bytes of JSON", |it| it["much"] = json!(vec!["n".repeat(4_000); 20])),
    ];
    for (place, change) in changes {
        let mut product = sandbox.product();
        change(&mut product);
        let reply = sandbox.post("requester", "/products", product).await;
        reply.refuses(422, "too-large");
        assert!(reply.json["message"].as_str().unwrap().contains(place), "{place}: {}", reply.json);
    }
    assert_eq!(sandbox.get("requester", "/products").await.json, json!([]));

    let mut largest = sandbox.product();
    rule(&mut largest)["approvalGroups"] = json!(groups(50));
    largest["description"] = json!("é".repeat(4_096));
    largest["deep"] = nested(30);
    sandbox.create_product(largest).await;
}

fn rule(product: &mut Value) -> &mut Value {
    &mut product["productOperations"][0]["approvalRule"]
}

#[tokio::test]
async fn a_request_and_a_decision_have_limits_too() {
    let (_folder, sandbox) = sandbox().await;
    let product = sandbox.create_product(sandbox.product()).await;
    let good = request_body(&product, &format!("{}/app@sha256:{}", sandbox.domain(), "0".repeat(64)));
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 8] = [
        ("request.payload.metadata has 101", |it| {
            it["payload"]["metadata"] = json!(vec![json!({ "name": "n", "value": "v" }); 101]);
        }),
        ("request.payload.metadata[1].value", |it| {
            it["payload"]["metadata"][1]["value"] = json!("v".repeat(4_097));
        }),
        ("request.name", |it| it["name"] = json!("n".repeat(4_097))),
        ("request.description", |it| it["description"] = json!("n".repeat(100_000))),
        ("request.payload has 104", |it| {
            it["payload"].as_object_mut().unwrap().extend(many_fields(101).as_object().unwrap().clone());
        }),
        ("request.unknown.a", |it| it["unknown"] = json!({ "a": "n".repeat(5_000) })),
        ("nested more than 32 deep", |it| it["payload"]["deep"] = nested(60)),
        ("bytes of JSON", |it| it["much"] = json!(vec!["n".repeat(4_000); 10])),
    ];
    for (place, change) in changes {
        let mut body = good.clone();
        change(&mut body);
        let reply = sandbox.post("requester", "/imagesignings", body).await;
        reply.refuses(422, "too-large");
        assert!(reply.json["message"].as_str().unwrap().contains(place), "{place}: {}", reply.json);
    }
    let made = sandbox.post("requester", "/imagesignings", good).await.json;
    let path = |what: &str| format!("/imagesignings/{}/{what}", made["id"].as_str().unwrap());
    for what in ["approve", "reject"] {
        let long = json!({ "comment": "c".repeat(2_001) });
        sandbox.post("approver-one", &path(what), long).await.refuses(422, "too-large");
    }
    let long = json!({ "comment": "é".repeat(2_000) });
    assert_eq!(sandbox.post("approver-one", &path("approve"), long).await.status.as_u16(), 200);
    for field in ["username", "password"] {
        let mut credential = json!({ "domain": "a.example", "username": "u", "password": "p" });
        credential[field] = json!("x".repeat(4_097));
        let reply = sandbox.post("admin", "/registrycredentials", credential).await;
        reply.refuses(422, "too-large");
        assert!(!reply.json.to_string().contains("xxx"));
    }
}

/// Everybody's list of products holds those of everybody.
#[tokio::test]
async fn one_person_makes_so_many_products() {
    let (_folder, sandbox) = sandbox().await;
    let mut large = sandbox.product();
    large["much"] = json!(vec!["n".repeat(4_000); 15]);
    let mut made = 0;
    let refused = loop {
        let reply = sandbox.post("requester", "/products", large.clone()).await;
        if reply.status.as_u16() != 201 {
            break reply;
        }
        made += 1;
    };
    refused.refuses(409, "too-many");
    assert!((50..100).contains(&made), "{made}");
    assert_eq!(sandbox.post("approver-one", "/products", sandbox.product()).await.status.as_u16(), 201);
}

/// An older sandbox took a product of any size, and everybody's list showed what was requested with it.
#[tokio::test]
async fn what_an_older_sandbox_took_is_listed_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut sandbox = Sandbox::start(&data, &[]).await;
    let product = sandbox.create_product(sandbox.product()).await;
    let artifact = format!("{}/app@sha256:{}", sandbox.domain(), "0".repeat(64));
    let oldest = sandbox.request(&product, &artifact).await["id"].clone();
    sandbox.kill();
    let many = json!(groups(8_000));
    let store = rusqlite::Connection::open(data.join("ocisign.sqlite")).unwrap();
    for _ in 0..60 {
        let values = rusqlite::params![many.to_string(), Uuid::new_v4().to_string()];
        store
            .execute(
                "INSERT INTO signing (id, product_id, operation_id, artifact, body, requester_id, requester_name,
                     required_groups, status, created_at, updated_at)
                 SELECT ?2, product_id, operation_id, artifact, body, requester_id, requester_name, ?1, status,
                     created_at, updated_at FROM signing WHERE sequence = 1",
                values,
            )
            .unwrap();
    }
    drop(store);

    let sandbox = Sandbox::start(&data, &[]).await;
    let (mut path, mut listed, mut parts) = ("/imagesignings?status=2&limit=500".to_owned(), Vec::new(), 0);
    loop {
        let reply = sandbox.get("outsider", &path).await;
        assert_eq!(reply.status.as_u16(), 200, "{}", reply.json);
        listed.extend(reply.json.as_array().unwrap().iter().map(|signing| signing["id"].clone()));
        parts += 1;
        let Some(link) = reply.headers.get("link") else { break };
        let link = link.to_str().unwrap();
        assert!(
            link.ends_with(">; rel=\"next\"") && link.contains("status=2") && link.contains("limit=500"),
            "{link}"
        );
        path = link.split(['<', '>']).nth(1).unwrap().replace("/sandbox/api/v1", "");
    }
    let (last, count) = (listed.last().cloned(), listed.len());
    listed.sort_by_key(Value::to_string);
    listed.dedup();
    assert_eq!((count, listed.len(), last), (61, 61, Some(oldest)), "each once");
    assert!(parts > 1, "an answer has an end");
    let newest = sandbox.get("outsider", "/imagesignings?limit=1").await;
    assert_eq!(newest.json[0]["missingGroups"].as_array().unwrap().len(), 8_000);
    assert!(!newest.headers.contains_key("link"), "as many as were asked for");
    let id = newest.json[0]["id"].as_str().unwrap();
    sandbox.approve("approver-one", id).await.refuses(403, "not-an-approver");
}
