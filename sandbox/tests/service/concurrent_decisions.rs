//! Is a decision counted once, however many come at the same moment?

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Barrier};
use std::thread;

use crate::support::Sandbox;
use serde_json::{Value, json};

const THREADS: usize = 24;

/// A POST over a connection of its own: all but the last byte is sent before everybody begins.
struct Shot {
    stream: TcpStream,
}

impl Shot {
    fn aim(sandbox: &Sandbox, role: &str, path: &str, body: &Value) -> Self {
        let address = sandbox.origin().trim_start_matches("http://");
        let path = sandbox.url(path).replace(sandbox.origin(), "");
        let (token, body) = (sandbox.token(role), body.to_string());
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body.as_bytes()[..body.len() - 1]).unwrap();
        Self { stream }
    }

    /// The status of the answer, and its code.
    fn fire(mut self) -> (u16, Option<String>) {
        self.stream.write_all(b"}").unwrap();
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let body: Value = serde_json::from_str(body).unwrap();
        (status, body["code"].as_str().map(str::to_owned))
    }
}

/// Fires all at once.
fn volley(shots: Vec<Shot>) -> Vec<(u16, Option<String>)> {
    let barrier = Arc::new(Barrier::new(shots.len()));
    let threads: Vec<_> = shots
        .into_iter()
        .map(|shot| {
            let barrier = Arc::clone(&barrier);
            thread::spawn(move || {
                barrier.wait();
                shot.fire()
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

async fn waiting(sandbox: &Sandbox) -> String {
    let product = sandbox.create_product(sandbox.product()).await;
    let artifact = format!("{}/app@sha256:{}", sandbox.domain(), "0".repeat(64));
    sandbox.request(&product, &artifact).await["id"].as_str().unwrap().to_owned()
}

async fn audited(sandbox: &Sandbox, id: &str) -> Vec<String> {
    let log = sandbox.get("admin", &format!("/audit?signing={id}")).await.json;
    log.as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]).await;
    for _ in 0..5 {
        let id = waiting(&sandbox).await;
        let path = format!("/imagesignings/{id}/approve");
        let shots = (0..THREADS).map(|_| Shot::aim(&sandbox, "approver-one", &path, &json!({}))).collect();
        let answers = volley(shots);
        let accepted = answers.iter().filter(|(status, _)| *status == 200).count();
        assert_eq!(accepted, 1, "{answers:?}");
        for (status, code) in answers.into_iter().filter(|(status, _)| *status != 200) {
            assert_eq!((status, code.as_deref()), (409, Some("already-approved")));
        }
        let signing = sandbox.get("requester", &format!("/imagesignings/{id}")).await.json;
        assert_eq!(signing["status"], 2, "one group is missing: {signing}");
        assert_eq!(signing["approvals"].as_array().unwrap().len(), 1);
        assert_eq!(audited(&sandbox, &id).await, ["request", "approve"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_comes_to_one_end() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]).await;
    for _ in 0..10 {
        let id = waiting(&sandbox).await;
        sandbox.approve("approver-one", &id).await;
        let no = json!({ "comment": "no" });
        let kinds = [("approver-two", "approve"), ("approver-one", "reject"), ("requester", "withdraw")];
        let shots = (0..THREADS).map(|number| {
            let (role, what) = kinds[number % kinds.len()];
            Shot::aim(&sandbox, role, &format!("/imagesignings/{id}/{what}"), &no)
        });
        let answers = volley(shots.collect());
        let accepted: Vec<usize> = (0..THREADS).filter(|number| answers[*number].0 == 200).collect();
        assert_eq!(accepted.len(), 1, "{answers:?}");
        let (_, decision) = kinds[accepted[0] % kinds.len()];
        let signing = sandbox.outcome(&id).await;
        // There is no such image, so what is approved fails.
        let ends = match decision {
            "approve" => (64, "The registry"),
            "reject" => (32, "Rejected by"),
            _ => (32, "Withdrawn by"),
        };
        assert_eq!(signing["status"], ends.0, "{decision}: {signing}");
        assert!(signing["reason"].as_str().unwrap().starts_with(ends.1), "{decision}: {signing}");
        let mut audited = audited(&sandbox, &id).await;
        audited.retain(|action| !action.starts_with("sign-"));
        assert_eq!(audited, ["request", "approve", decision]);
    }
}
