//! One table over both stores: every type of key is made, signs, and is what others take it for.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ocisign::{KeyType, PublicKey};
use ocisign_sandbox::hash::Hash;
use serde_json::{Value, json};

use crate::support::{GROUP_A, Sandbox, request_body};
use crate::token::{Hsm, run};

/// Where keys are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Store {
    Software,
    Token,
}

pub const STORES: [Store; 2] = [Store::Software, Store::Token];

pub async fn start(hsm: &Hsm, store: Store) -> Sandbox {
    let arguments = if store == Store::Token { hsm.arguments() } else { Vec::new() };
    Sandbox::start_command(&hsm.data(), hsm.command(&arguments)).await
}

/// A product whose requests need no approval.
pub fn product(sandbox: &Sandbox, key_type: &str) -> Value {
    let mut product = sandbox.product();
    product["productOperations"][0]["token"]["keyType"] = json!(key_type);
    product["productOperations"][0]["approvalRule"]["blanketGroups"] = json!([GROUP_A]);
    product
}

pub fn public_key(product: &Value) -> PublicKey {
    let shown = product["productOperations"][0]["token"]["publicKey"].as_str().unwrap();
    PublicKey::read(shown).unwrap()
}

/// Lets an image be signed; gives the outcome.
pub async fn sign(sandbox: &Sandbox, product: &Value, repository: &str) -> (Value, String) {
    let digest = sandbox.push_image(repository, repository).await;
    let artifact = format!("{}/{repository}@{digest}", sandbox.domain());
    let signing = sandbox.request(product, &artifact).await;
    (sandbox.outcome(signing["id"].as_str().unwrap()).await, digest)
}

/// The signed payload and its only signature.
async fn signature(sandbox: &Sandbox, repository: &str, digest: &str) -> (String, Vec<u8>) {
    let manifest = sandbox.signatures(repository, digest).await.unwrap();
    let layer = &manifest["layers"][0];
    let url = sandbox.registry_url(&format!("/v2/{repository}/blobs/{}", layer["digest"].as_str().unwrap()));
    let payload = sandbox.http.get(url).send().await.unwrap().text().await.unwrap();
    let text = layer["annotations"]["dev.cosignproject.cosign/signature"].as_str().unwrap();
    (payload, STANDARD.decode(text).unwrap())
}

#[tokio::test]
async fn every_type_of_key_signs_and_openssl_verifies() {
    for store in STORES {
        let hsm = Hsm::new();
        let sandbox = start(&hsm, store).await;
        for key_type in KeyType::ALL {
            let name = key_type.as_str();
            let product = sandbox.create_product(product(&sandbox, name)).await;
            let key = public_key(&product);
            assert_eq!(key.key_type(), key_type, "{store:?}");
            let repository = format!("app-{}", name.to_lowercase());
            let (outcome, digest) = sign(&sandbox, &product, &repository).await;
            assert_eq!(outcome["status"], 16, "{store:?} {name}: {outcome}");
            let (payload, signature) = signature(&sandbox, &repository, &digest).await;
            openssl_accepts(&hsm, &key.pem(), &payload, &signature);
        }
        let objects = if store == Store::Token { 2 * KeyType::ALL.len() } else { 0 };
        assert_eq!(hsm.objects().len(), objects, "{store:?}");
    }
}

fn openssl_accepts(hsm: &Hsm, pem: &str, payload: &str, signature: &[u8]) {
    hsm.write("key.pem", pem);
    hsm.write("payload", payload);
    hsm.write("signature", signature);
    let arguments = ["dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "payload"];
    assert_eq!(run(hsm.tool("openssl").args(arguments)).trim(), "Verified OK");
}

#[tokio::test]
async fn a_key_in_the_token_cannot_leave_it() {
    let hsm = Hsm::new();
    let sandbox = hsm.start().await;
    for key_type in ["RSA2048", "secp256r1"] {
        let product = sandbox.create_product(product(&sandbox, key_type)).await;
        let id = product["productOperations"][0]["id"].as_str().unwrap().to_owned();
        let listed = hsm.pkcs11_tool(&["--list-objects", "--type", "privkey", "--label", &id]);
        let listed = String::from_utf8(listed.stdout).unwrap();
        assert!(
            listed.contains("Access:     sensitive, always sensitive, never extractable, local"),
            "{listed}"
        );
        let read = hsm.pkcs11_tool(&["--read-object", "--type", "privkey", "--label", &id]);
        assert!(!read.status.success() || read.stdout.is_empty(), "{read:?}");
        // The public half is the product's.
        let read = hsm.pkcs11_tool(&["--read-object", "--type", "pubkey", "--label", &id]);
        assert_eq!(read.stdout, public_key(&product).spki());
    }
    // Nothing of them is in the sandbox's own files, nor is the PIN.
    let needles: [&[u8]; 2] = [b"correct-horse", &[0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07]];
    for name in ["ocisign.sqlite", "ocisign.sqlite-wal"] {
        let bytes = fs::read(hsm.data().join(name)).unwrap_or_default();
        for needle in needles {
            assert!(!bytes.windows(needle.len()).any(|window| window == needle), "{name}");
        }
    }
}

#[tokio::test]
async fn many_requests_are_signed_side_by_side_and_a_restart_finds_the_keys() {
    for store in STORES {
        let hsm = Hsm::new();
        let mut sandbox = start(&hsm, store).await;
        let products = [
            sandbox.create_product(product(&sandbox, "secp256r1")).await,
            sandbox.create_product(product(&sandbox, "RSA2048")).await,
        ];
        for round in 0..2 {
            let mut ids = Vec::new();
            for image in 0..10 {
                let repository = format!("app-{round}-{image}");
                let digest = sandbox.push_image(&repository, "content").await;
                let artifact = format!("{}/{repository}@{digest}", sandbox.domain());
                for product in &products {
                    let signing = sandbox.request(product, &artifact).await;
                    ids.push(signing["id"].as_str().unwrap().to_owned());
                }
            }
            if round == 0 {
                sandbox.kill();
                let arguments = if store == Store::Token { hsm.arguments() } else { Vec::new() };
                sandbox = hsm.restart(&sandbox, &arguments).await;
            }
            for id in &ids {
                let outcome = sandbox.outcome(id).await;
                assert_eq!(outcome["status"], 16, "{store:?}: {outcome}");
            }
        }
        sandbox.terminate();
        assert!(sandbox.wait().await.success(), "{store:?}: a clean end");
    }
}

#[tokio::test]
async fn a_product_that_cannot_be_made_leaves_no_key() {
    for store in STORES {
        let hsm = Hsm::new();
        let sandbox = start(&hsm, store).await;
        let mut wrong = product(&sandbox, "secp256r1");
        let mut second = wrong["productOperations"][0].clone();
        second["token"]["keyType"] = json!("RSA1024");
        wrong["productOperations"].as_array_mut().unwrap().push(second);
        let reply = sandbox.post("requester", "/products", wrong).await;
        reply.refuses(422, "key-type");
        assert_eq!(hsm.objects().len(), 0, "{store:?}");
        assert_eq!(sandbox.get("requester", "/products").await.json, json!([]));
    }
}

/// So that a test can say which file it means.
pub fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Digests that were made elsewhere: a token signs them in other ways than messages.
#[tokio::test]
async fn every_type_of_key_signs_digests_and_openssl_verifies() {
    for store in STORES {
        let hsm = Hsm::new();
        let sandbox = start(&hsm, store).await;
        for key_type in KeyType::ALL {
            let mut wanted = product(&sandbox, key_type.as_str());
            let mut digests = wanted["productOperations"][0].clone();
            digests["operationType"] = json!("DigestSigning");
            wanted["productOperations"].as_array_mut().unwrap().push(digests);
            let made = sandbox.create_product(wanted).await;
            let shown = made["productOperations"][1]["token"]["publicKey"].as_str().unwrap();
            let pem = PublicKey::read(shown).unwrap().pem();
            for hash in Hash::ALL.into_iter().filter(|hash| hash.suits(key_type)) {
                let digest = aws_lc_rs::digest::digest(hash.algorithm(), b"payload");
                let mut body = request_body(&made, "not/used");
                body["idProductOperation"] = made["productOperations"][1]["id"].clone();
                body["payload"]["optionalParameters"] =
                    json!([{ "digest": STANDARD.encode(digest.as_ref()), "hashAlgorithm": hash.name() }]);
                let signing = sandbox.post("requester", "/imagesignings", body).await.json;
                let outcome = sandbox.outcome(signing["id"].as_str().unwrap()).await;
                assert_eq!(outcome["status"], 16, "{store:?} {key_type:?} {hash:?}: {outcome}");
                let signature = STANDARD.decode(outcome["signature"].as_str().unwrap()).unwrap();
                hsm.write("key.pem", &pem);
                hsm.write("payload", "payload");
                hsm.write("signature", &signature);
                let option = format!("-{}", hash.name().to_lowercase());
                let arguments = ["dgst", &option, "-verify", "key.pem", "-signature", "signature", "payload"];
                assert_eq!(run(hsm.tool("openssl").args(arguments)).trim(), "Verified OK", "{key_type:?}");
            }
        }
    }
}
