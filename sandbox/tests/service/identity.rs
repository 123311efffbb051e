//! Is one person one, however their tokens are written?

use crate::support::issuer::Issuer;
use crate::support::{GROUP_A, GROUP_B, Reply, Sandbox, request_body};
use reqwest::Method;
use serde_json::{Value, json};

const OID: &str = "6f9619ff-8b86-4011-b42d-00c04fc964ff";

struct World {
    _folder: tempfile::TempDir,
    issuer: Issuer,
    sandbox: Sandbox,
}

async fn world(more: &[&str]) -> World {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Issuer::start().await;
    let arguments = [&issuer.arguments()[..], more].concat();
    let sandbox = Sandbox::start(&folder.path().join("data"), &arguments).await;
    World { _folder: folder, issuer, sandbox }
}

impl World {
    async fn post(&self, claims: &Value, path: &str, body: Value) -> Reply {
        let mut claims = claims.clone();
        if claims.get("groups").is_none() {
            claims["groups"] = json!([GROUP_A, GROUP_B]);
        }
        self.sandbox.call_with(&self.issuer.token(&claims), Method::POST, path, Some(body)).await
    }

    async fn request(&self, claims: &Value, product: &Value) -> String {
        let artifact = format!("{}/app@sha256:{}", self.sandbox.domain(), "0".repeat(64));
        let reply = self.post(claims, "/imagesignings", request_body(product, &artifact)).await;
        assert_eq!(reply.status.as_u16(), 201, "{}", reply.json);
        reply.json["id"].as_str().unwrap().to_owned()
    }

    async fn approve(&self, claims: &Value, id: &str) -> Reply {
        self.post(claims, &format!("/imagesignings/{id}/approve"), json!({})).await
    }
}

/// Tokens that a person with `{ sub: "ada", oid: OID }` could get, too.
fn other_tokens_of_ada() -> Vec<Value> {
    vec![
        json!({ "sub": "ada", "oid": OID }),
        json!({ "sub": "ada" }),
        json!({ "sub": "ada", "oid": null }),
        json!({ "sub": "ada", "oid": OID.to_uppercase() }),
        json!({ "sub": "ada", "oid": OID.replace('-', "") }),
        json!({ "sub": "ada", "oid": format!("{{{OID}}}") }),
        json!({ "sub": "ada", "oid": format!("urn:uuid:{OID}") }),
        json!({ "sub": "ada", "oid": "another" }),
        json!({ "sub": "other", "oid": OID }),
        json!({ "sub": "other", "oid": OID.to_uppercase() }),
        json!({ "sub": OID.to_uppercase() }),
        json!({ "sub": "ada", "name": "Somebody else", "preferred_username": "else", "upn": "else", "email": "e" }),
        json!({ "sub": "ada", "groups": [GROUP_B.to_uppercase()] }),
    ]
}

#[tokio::test]
async fn nobody_approves_their_own_request_with_another_token() {
    let world = world(&[]).await;
    let product = world.sandbox.create_product(world.sandbox.product()).await;
    let id = world.request(&json!({ "sub": "ada", "oid": OID }), &product).await;
    for claims in other_tokens_of_ada() {
        let reply = world.approve(&claims, &id).await;
        assert_eq!((reply.status.as_u16(), &reply.json["code"]), (403, &json!("self-approval")), "{claims}");
    }
    assert_eq!(world.approve(&json!({ "sub": "ben" }), &id).await.status.as_u16(), 200);
}

#[tokio::test]
async fn nobody_approves_twice_with_another_token() {
    let world = world(&[]).await;
    let product = world.sandbox.create_product(world.sandbox.product()).await;
    let id = world.request(&json!({ "sub": "requester" }), &product).await;
    assert_eq!(world.approve(&json!({ "sub": "ada", "oid": OID }), &id).await.status.as_u16(), 200);
    for claims in other_tokens_of_ada() {
        let reply = world.approve(&claims, &id).await;
        assert_eq!(
            (reply.status.as_u16(), &reply.json["code"]),
            (409, &json!("already-approved")),
            "{claims}"
        );
    }
}

#[tokio::test]
async fn a_token_that_does_not_say_who_is_refused() {
    let world = world(&[]).await;
    for claims in [
        json!({}),
        json!({ "oid": OID }),
        json!({ "name": "Ada", "preferred_username": "ada", "oid": OID }),
        json!({ "sub": null, "oid": OID }),
        json!({ "sub": "" }),
        json!({ "sub": " " }),
        json!({ "sub": "ada " }),
        json!({ "sub": "\tada" }),
        json!({ "sub": "ada\u{a0}" }),
        json!({ "sub": "a\u{200b}da" }),
        json!({ "sub": "a\u{0}da" }),
        json!({ "sub": "ade\u{301}" }),
        json!({ "sub": ["ada"] }),
        json!({ "sub": { "ada": 1 } }),
        json!({ "sub": 7 }),
        json!({ "sub": true }),
        json!({ "sub": "ada", "oid": [OID] }),
        json!({ "sub": "ada", "oid": "" }),
        json!({ "sub": "ada", "oid": format!(" {OID}") }),
        json!({ "sub": "ada", "name": ["Ada"] }),
        json!({ "sub": "ada", "groups": { "0": GROUP_A } }),
        // The sandbox alone says who its own people are.
        json!({ "sub": "1f0d6a52-8c1e-4b7a-9e35-6d2b90c4a711" }),
        json!({ "sub": "ada", "oid": "1F0D6A52-8C1E-4B7A-9E35-6D2B90C4A711" }),
    ] {
        let token = world.issuer.token(&claims);
        let reply = world.sandbox.call_with(&token, Method::GET, "/products", None).await;
        reply.refuses(401, "token-invalid");
    }
    let token = world.issuer.token(&json!({ "oid": OID }));
    let reply = world.sandbox.call_with(&token, Method::GET, "/products", None).await;
    assert!(reply.json["message"].as_str().unwrap().contains("has no sub"), "{}", reply.json);
}

#[tokio::test]
async fn another_claim_can_say_who() {
    let world = world(&["--oidc-identity-claim", "oid"]).await;
    let product = world.sandbox.create_product(world.sandbox.product()).await;
    let id = world.request(&json!({ "sub": "ada", "oid": OID }), &product).await;
    world.approve(&json!({ "sub": "ada" }), &id).await.refuses(401, "token-invalid");
    let other = json!({ "sub": "other", "oid": OID.to_uppercase() });
    world.approve(&other, &id).await.refuses(403, "self-approval");
}

/// A start may choose another claim, or another name for the customer; people stay who they are.
#[tokio::test]
async fn another_start_does_not_make_another_person() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let issuer = Issuer::start().await;
    let mut world =
        World { sandbox: Sandbox::start(&data, &issuer.arguments()).await, issuer, _folder: folder };
    let product = world.sandbox.create_product(world.sandbox.product()).await;
    let ada = json!({ "sub": "ada", "email": "ada@example" });
    let adas = world.request(&ada, &product).await;
    let artifact = format!("{}/app@sha256:{}", world.sandbox.domain(), "0".repeat(64));
    let own = world.sandbox.request(&product, &artifact).await["id"].as_str().unwrap().to_owned();
    world.sandbox.kill();

    let other = ["--oidc-identity-claim", "email", "--customer", "other"];
    world.sandbox = Sandbox::start(&data, &[&world.issuer.arguments()[..], &other].concat()).await;
    world.approve(&ada, &adas).await.refuses(403, "self-approval");
    world.sandbox.approve("requester", &own).await.refuses(403, "self-approval");
    world.approve(&json!({ "sub": "ada" }), &adas).await.refuses(401, "token-invalid");
}

#[tokio::test]
async fn a_group_is_one_in_any_case() {
    let world = world(&[]).await;
    let mut definition = world.sandbox.product();
    let rule = &mut definition["productOperations"][0]["approvalRule"];
    rule["allowedGroups"] = json!([GROUP_A.to_uppercase()]);
    rule["approvalGroups"] = json!([GROUP_A, GROUP_A.to_uppercase(), GROUP_B.to_uppercase()]);
    let product = world.sandbox.create_product(definition).await;
    let id = world.request(&json!({ "sub": "requester" }), &product).await;
    let read = world.sandbox.get("outsider", &format!("/imagesignings/{id}")).await.json;
    assert_eq!(read["requiredGroups"], json!([GROUP_A, GROUP_B]));

    let first = json!({ "sub": "one", "groups": [GROUP_A.to_uppercase(), GROUP_A] });
    assert_eq!(world.approve(&first, &id).await.json["missingGroups"], json!([GROUP_B]));
    let same_group = json!({ "sub": "two", "groups": [GROUP_A] });
    world.approve(&same_group, &id).await.refuses(403, "group-already-approved");
    let second = json!({ "sub": "two", "groups": [GROUP_B] });
    assert_eq!(world.approve(&second, &id).await.json["missingGroups"], json!([]));
}

/// Rows that an older sandbox wrote hold a person as one text, in whatever case the token had.
#[tokio::test]
async fn rows_of_an_older_sandbox_are_read_in_the_one_spelling() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let issuer = Issuer::start().await;
    let mut sandbox = Sandbox::start(&data, &issuer.arguments()).await;
    let product = sandbox.create_product(sandbox.product()).await;
    let artifact = format!("{}/app@sha256:{}", sandbox.domain(), "0".repeat(64));
    let id = sandbox.request(&product, &artifact).await["id"].as_str().unwrap().to_owned();
    sandbox.approve("approver-one", &id).await;
    sandbox.kill();
    let store = rusqlite::Connection::open(data.join("ocisign.sqlite")).unwrap();
    store
        .execute_batch(&format!(
            "UPDATE signing SET requester_identity = NULL, requester_id = '{}',
                 required_groups = '[\"{GROUP_A}\",\"{}\",\"{}\"]';
             UPDATE approval SET approver_identity = NULL, approver_id = upper(approver_id), groups = upper(groups);
             INSERT INTO approval (signing_id, approver_id, approver_name, groups, at)
                 SELECT signing_id, lower(approver_id), 'Again', '[\"{GROUP_B}\"]', at FROM approval;",
            OID.to_uppercase(),
            GROUP_A.to_uppercase(),
            GROUP_B.to_uppercase(),
        ))
        .unwrap();
    drop(store);

    let world = World { sandbox: Sandbox::start(&data, &issuer.arguments()).await, issuer, _folder: folder };
    let read = world.sandbox.get("outsider", &format!("/imagesignings/{id}")).await.json;
    assert_eq!(read["requiredGroups"], json!([GROUP_A, GROUP_B]));
    assert_eq!(read["missingGroups"], json!([GROUP_B]), "one person stands for one group");
    for own in [json!({ "sub": "ada", "oid": OID }), json!({ "sub": OID })] {
        world.approve(&own, &id).await.refuses(403, "self-approval");
    }
    world.sandbox.approve("approver-one", &id).await.refuses(409, "already-approved");
    assert_eq!(world.sandbox.approve("approver-two", &id).await.json["missingGroups"], json!([]));
}
