//! Who did what, when: is it told, and does it show when somebody changes what was told?

use std::path::Path;
use std::process::Output;

use crate::support::{GROUP_A, GROUP_B, Sandbox, command};
use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};

const ZEROS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

async fn log(sandbox: &Sandbox, query: &str) -> Vec<Value> {
    let reply = sandbox.get("admin", &format!("/audit{query}")).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", reply.json);
    reply.json.as_array().unwrap().clone()
}

fn actions(entries: &[Value]) -> Vec<(&str, Option<&str>)> {
    entries.iter().map(|it| (it["action"].as_str().unwrap(), it["by"]["name"].as_str())).collect()
}

fn artifact(sandbox: &Sandbox) -> String {
    format!("{}/app@sha256:{}", sandbox.domain(), "0".repeat(64))
}

fn verify(data: &Path, more: &[&str]) -> Output {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ocisign-sandbox"));
    command.args(["audit", "verify", "--data"]).arg(data).args(more).output().unwrap()
}

#[track_caller]
fn is_whole(data: &Path) -> String {
    let output = verify(data, &[]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.starts_with("The audit log is whole. "), "{said}");
    said
}

#[track_caller]
fn is_broken(data: &Path, more: &[&str], words: &str) {
    let output = verify(data, more);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{words}: {}", String::from_utf8_lossy(&output.stdout));
    assert!(said.contains("The audit log is broken.") && said.contains(words), "{words}: {said}");
    assert_eq!(said.trim().lines().count(), 1, "{said}");
}

#[tokio::test]
async fn each_act_is_told_once_with_its_person_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut sandbox = Sandbox::start(&data, &["--request-lifetime", "600"]).await;
    let digest = sandbox.push_image("app", "audited").await;
    let product = sandbox.create_product(sandbox.product()).await;
    let image = format!("{}/app@{digest}", sandbox.domain());
    let signed = sandbox.request(&product, &image).await;
    let signed = signed["id"].as_str().unwrap();
    let comment = json!({ "comment": "fine" });
    sandbox.post("approver-one", &format!("/imagesignings/{signed}/approve"), comment).await;
    sandbox.approve("approver-two", signed).await;
    assert_eq!(sandbox.outcome(signed).await["status"], 16);
    let rejected = sandbox.request(&product, &image).await["id"].as_str().unwrap().to_owned();
    let reject = format!("/imagesignings/{rejected}/reject");
    sandbox.post("approver-two", &reject, json!({ "comment": "no" })).await;
    // What is refused is no act.
    sandbox.approve("approver-one", &rejected).await.refuses(409, "not-waiting");
    sandbox.approve("outsider", &rejected).await.refuses(403, "not-an-approver");
    let withdrawn = sandbox.request(&product, &image).await["id"].as_str().unwrap().to_owned();
    sandbox.post("requester", &format!("/imagesignings/{withdrawn}/withdraw"), json!({})).await;
    let credential = json!({ "domain": "a.example", "username": "ci", "password": "hush-hush-hush" });
    sandbox.post("admin", "/registrycredentials", credential.clone()).await;
    sandbox.post("admin", "/registrycredentials", credential).await.refuses(409, "credential-exists");
    sandbox.call("admin", Method::DELETE, "/registrycredentials/a.example", None).await;

    let entries = log(&sandbox, "").await;
    let (start, acts) = entries.split_at(3);
    // The embedded registry has two names.
    assert_eq!(actions(start), [("start", None), ("credential-put", None), ("credential-put", None)]);
    assert_eq!(start[0]["details"]["rules"]["requestLifetime"], 600);
    let requester = Some("Requester");
    let (one, two, admin) = (Some("Approver one"), Some("Approver two"), Some("Admin"));
    assert_eq!(
        actions(acts),
        [
            ("product-create", requester),
            ("request", requester),
            ("approve", one),
            ("approve", two),
            ("sign-begin", None),
            ("sign-end", None),
            ("request", requester),
            ("reject", two),
            ("request", requester),
            ("withdraw", requester),
            ("credential-put", admin),
            ("credential-delete", admin),
        ]
    );
    let created = &acts[0];
    assert_eq!((&created["product"], &created["signing"]), (&product["id"], &Value::Null));
    let request = &acts[1];
    assert_eq!((&request["product"], &request["signing"]), (&product["id"], &json!(signed)));
    assert_eq!(request["details"]["artifact"], json!(image));
    assert_eq!(request["details"]["requiredGroups"], json!([GROUP_A, GROUP_B]));
    assert_eq!(request["by"]["objectId"], "1f0d6a52-8c1e-4b7a-9e35-6d2b90c4a711");
    assert_eq!(
        acts[2]["details"],
        json!({ "comment": "fine", "groups": [GROUP_A], "missingGroups": [GROUP_B] })
    );
    assert_eq!(acts[10]["details"], json!({ "domain": "a.example", "username": "ci" }));

    sandbox.terminate();
    assert!(sandbox.wait().await.success());
    let store = Connection::open(data.join("ocisign.sqlite")).unwrap();
    let columns = "coalesce(person_name, '') || coalesce(person_identity, '') || details";
    let all: String =
        store.query_row(&format!("SELECT group_concat({columns}) FROM audit"), [], |row| row.get(0)).unwrap();
    let last: String = store
        .query_row("SELECT action FROM audit ORDER BY sequence DESC LIMIT 1", [], |row| row.get(0))
        .unwrap();
    assert_eq!(last, "stop");
    assert!(all.contains("a.example"));
    let registry = sandbox.ready["registry"]["password"].as_str().unwrap().to_owned();
    for secret in ["hush-hush-hush", &registry, &sandbox.token("requester"), &sandbox.token("admin")] {
        assert!(!all.contains(secret));
    }
    drop(store);
    is_whole(&data);
}

#[tokio::test]
async fn what_fails_and_what_expires_is_told_too() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &["--request-lifetime", "1"]).await;
    let waits = sandbox.create_product(sandbox.product()).await;
    let mut automatic = sandbox.product();
    automatic["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([]);
    let automatic = sandbox.create_product(automatic).await;
    let expires = sandbox.request(&waits, &artifact(&sandbox)).await;
    let fails = sandbox.request(&automatic, &artifact(&sandbox)).await;
    let failed = sandbox.outcome(fails["id"].as_str().unwrap()).await;
    sandbox.outcome(expires["id"].as_str().unwrap()).await;

    let told = log(&sandbox, &format!("?signing={}", fails["id"].as_str().unwrap())).await;
    assert_eq!(actions(&told), [("request", Some("Requester")), ("sign-begin", None), ("sign-fail", None)]);
    assert_eq!(told[0]["details"]["automatic"], true);
    assert_eq!(told[2]["details"]["reason"], failed["reason"]);
    let told = log(&sandbox, &format!("?signing={}", expires["id"].as_str().unwrap())).await;
    assert_eq!(actions(&told), [("request", Some("Requester")), ("expire", None)]);
    assert_eq!(told[1]["details"]["expiresAt"], expires["expiresAt"]);
}

#[tokio::test]
async fn whoever_reads_the_log_checks_it_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]).await;
    let mut odd = sandbox.product();
    odd["name"] = json!("\"\\/\u{1}\u{7f}\u{8}\u{c}\n\r\té\u{2028}😀");
    sandbox.create_product(odd).await;
    let mut previous = ZEROS.to_owned();
    for (index, entry) in log(&sandbox, "").await.into_iter().enumerate() {
        assert_eq!((&entry["sequence"], &entry["previous"]), (&json!(index + 1), &json!(previous)));
        let mut said = entry.clone();
        let hash = said.as_object_mut().unwrap().remove("hash").unwrap();
        let digest = ocisign_sandbox::signature_manifest::sha256(canonical(&said).as_bytes());
        assert_eq!(digest, format!("sha256:{}", hash.as_str().unwrap()));
        previous = hash.as_str().unwrap().to_owned();
    }
}

/// RFC 8785, written anew for what entries hold.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort();
            let member = |key: &&String| format!("{}:{}", json!(key), canonical(&fields[key.as_str()]));
            format!("{{{}}}", keys.iter().map(member).collect::<Vec<_>>().join(","))
        }
        Value::Array(elements) => {
            format!("[{}]", elements.iter().map(canonical).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

#[tokio::test]
async fn filters_and_pages() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]).await;
    let products =
        [sandbox.create_product(sandbox.product()).await, sandbox.create_product(sandbox.product()).await];
    let mut ids = Vec::new();
    for product in products.iter().cycle().take(6) {
        ids.push(sandbox.request(product, &artifact(&sandbox)).await["id"].as_str().unwrap().to_owned());
    }
    sandbox.approve("approver-one", &ids[0]).await;

    for role in ["requester", "approver-one", "outsider"] {
        sandbox.get(role, "/audit").await.refuses(403, "admins-only");
    }
    let all = log(&sandbox, "").await;
    let of = |test: &dyn Fn(&Value) -> bool| all.iter().filter(|it| test(it)).cloned().collect::<Vec<_>>();
    let one = "2a94c7e3-5b60-4d18-8f2c-71e3b5d6a922";
    assert_eq!(
        log(&sandbox, &format!("?person={}", one.to_uppercase())).await,
        of(&|it| it["by"]["objectId"] == one)
    );
    assert_eq!(log(&sandbox, "?action=request").await, of(&|it| it["action"] == "request"));
    assert_eq!(
        log(&sandbox, &format!("?signing={}", ids[0])).await,
        of(&|it| it["signing"] == ids[0].as_str())
    );
    let product = products[1]["id"].as_str().unwrap();
    let of_product = log(&sandbox, &format!("?product={product}&action=request")).await;
    assert_eq!(of_product, of(&|it| it["product"] == product && it["action"] == "request"));
    assert_eq!(of_product.len(), 3);

    let middle = all[6]["at"].as_str().unwrap();
    assert_eq!(
        log(&sandbox, &format!("?from={middle}")).await,
        of(&|it| it["at"].as_str().unwrap() >= middle)
    );
    assert_eq!(log(&sandbox, &format!("?to={middle}")).await, of(&|it| it["at"].as_str().unwrap() < middle));
    assert_eq!(log(&sandbox, "?from=2020-01-01&to=2020-01-02T00:00:00%2B02:00").await, [] as [Value; 0]);
    assert_eq!(log(&sandbox, "?to=2999-01-01").await, all);

    let (mut path, mut pages) =
        ("/audit?limit=2&action=request&to=2999-01-01T00:00:00Z".to_owned(), Vec::new());
    loop {
        let reply = sandbox.get("admin", &path).await;
        pages.push(reply.json.as_array().unwrap().clone());
        let Some(link) = reply.headers.get("link") else { break };
        path = link.to_str().unwrap().split(['<', '>']).nth(1).unwrap().replace("/sandbox/api/v1", "");
    }
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2], "the last page has no link");
    assert_eq!(pages.concat(), of(&|it| it["action"] == "request"));
    assert_eq!(log(&sandbox, "?after=3&limit=1").await, all[3..4]);

    for wrong in [
        "?limit=0",
        "?limit=1001",
        "?limit=x",
        "?after=-1",
        "?after=99999999999999999999",
        "?action=nothing",
        "?from=yesterday",
        "?from=now",
        "?to=2026-13-01",
        "?from=2026-01-01T25:00:00Z",
        "?to=",
        "?form=2026-01-01",
        "?limit=1&limit=2",
    ] {
        sandbox.get("admin", &format!("/audit{wrong}")).await.refuses(400, "bad-query");
    }
    sandbox.get("admin", "/audit?signing=x").await.refuses(400, "bad-id");
    sandbox.get("admin", "/audit?product=x").await.refuses(400, "bad-id");
}

/// A folder with a log of some entries, of a sandbox that was killed.
async fn killed() -> (tempfile::TempDir, std::path::PathBuf, Vec<Value>) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut sandbox = Sandbox::start(&data, &[]).await;
    let product = sandbox.create_product(sandbox.product()).await;
    let signing = sandbox.request(&product, &artifact(&sandbox)).await;
    sandbox.approve("approver-one", signing["id"].as_str().unwrap()).await;
    is_whole(&data);
    let entries = log(&sandbox, "").await;
    sandbox.kill();
    (folder, data, entries)
}

fn open(data: &Path) -> Connection {
    Connection::open(data.join("ocisign.sqlite")).unwrap()
}

/// As somebody who can write the file would.
fn without_triggers(data: &Path) -> Connection {
    let store = open(data);
    for trigger in ["audit_is_not_changed", "audit_is_not_deleted", "audit_goes_on_at_its_end"] {
        store.execute(&format!("DROP TRIGGER {trigger}"), []).unwrap();
    }
    store
}

#[tokio::test]
async fn sqlite_refuses_to_change_the_log() {
    let (_folder, data, entries) = killed().await;
    let store = open(&data);
    let columns = "sequence, at, action, details, previous, hash";
    let anew = |sequence: usize, previous: &str| {
        format!(
            "INSERT INTO audit ({columns}) VALUES ({sequence}, 't', 'approve', '{{}}', '{previous}', 'h')"
        )
    };
    let last = entries.last().unwrap()["hash"].as_str().unwrap();
    for sql in [
        "UPDATE audit SET action = 'reject' WHERE sequence = 5".to_owned(),
        "UPDATE audit SET sequence = 99 WHERE sequence = 5".to_owned(),
        "DELETE FROM audit WHERE sequence = 5".to_owned(),
        "DELETE FROM audit".to_owned(),
        anew(5, last),
        anew(entries.len() + 2, last),
        anew(entries.len() + 1, ZEROS),
        anew(5, last).replace("INSERT", "INSERT OR REPLACE"),
        anew(entries.len() + 2, last).replace("INSERT", "INSERT OR REPLACE"),
    ] {
        let refused = store.execute(&sql, []).unwrap_err().to_string();
        assert!(refused.contains("the audit log"), "{sql}: {refused}");
    }
    drop(store);
    is_whole(&data);
}

#[tokio::test]
async fn a_change_past_sqlite_shows_and_names_its_entry() {
    let (_folder, data, entries) = killed().await;
    let count = entries.len();
    let note = entries[4]["hash"].as_str().unwrap().to_owned();
    // The log of the killed sandbox is in the WAL as well; it is brought into the file first.
    let store = open(&data);
    store.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(store);
    let whole = std::fs::read(data.join("ocisign.sqlite")).unwrap();
    for (sql, words) in [
        ("UPDATE audit SET at = '2000-01-01T00:00:00.000Z' WHERE sequence = 5", "Entry 5 was changed"),
        ("UPDATE audit SET action = 'reject' WHERE sequence = 6", "Entry 6 was changed"),
        ("UPDATE audit SET person_id = NULL WHERE sequence = 5", "Entry 5 was changed"),
        ("UPDATE audit SET person_name = 'Somebody else' WHERE sequence = 5", "Entry 5 was changed"),
        ("UPDATE audit SET person_name = 'Somebody' WHERE sequence = 1", "Entry 1 was changed"),
        ("UPDATE audit SET person_identity = '{}' WHERE sequence = 5", "Entry 5 was changed"),
        ("UPDATE audit SET signing_id = NULL WHERE sequence = 6", "Entry 6 was changed"),
        ("UPDATE audit SET product_id = signing_id WHERE sequence = 6", "Entry 6 was changed"),
        ("UPDATE audit SET details = '{}' WHERE sequence = 5", "Entry 5 was changed"),
        ("UPDATE audit SET details = details || ' ' WHERE sequence = 5", "Entry 5 was changed"),
        ("UPDATE audit SET details = 'not JSON' WHERE sequence = 5", "Entry 5 was changed"),
        ("UPDATE audit SET hash = upper(hash) WHERE sequence = 5", "Entry 5 was changed"),
        ("UPDATE audit SET previous = hash WHERE sequence = 5", "Entry 5 was changed"),
        ("DELETE FROM audit WHERE sequence = 5", "Entry 5 is missing"),
        ("DELETE FROM audit WHERE sequence < 3", "Entry 1 is missing"),
        ("DELETE FROM audit WHERE sequence > 4", "Entry 5 is missing"),
        ("DELETE FROM audit", "Entry 1 is missing"),
        ("UPDATE audit SET sequence = -sequence", "Entry 1 is missing"),
    ] {
        std::fs::write(data.join("ocisign.sqlite"), &whole).unwrap();
        let store = without_triggers(&data);
        assert!(store.execute(sql, []).unwrap() > 0, "{sql}");
        store.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        drop(store);
        is_broken(&data, &[], words);
    }

    // Who writes an entry anew, with a hash that fits, is given away by the next.
    std::fs::write(data.join("ocisign.sqlite"), &whole).unwrap();
    let store = without_triggers(&data);
    let mut forged = entries[4].clone();
    forged["action"] = json!("product-delete");
    forged.as_object_mut().unwrap().remove("hash");
    let hash = ocisign_sandbox::signature_manifest::sha256(canonical(&forged).as_bytes());
    let hash = hash.trim_start_matches("sha256:");
    store
        .execute("UPDATE audit SET action = 'product-delete', hash = ?1 WHERE sequence = 5", [hash])
        .unwrap();
    drop(store);
    is_broken(&data, &[], "Entry 6 does not follow entry 5");

    // Who writes all of it anew is given away by a hash that was noted before.
    let store = open(&data);
    let mut previous = hash.to_owned();
    for entry in &entries[5..count] {
        let mut entry = entry.clone();
        entry["previous"] = json!(previous);
        entry.as_object_mut().unwrap().remove("hash");
        let hash = ocisign_sandbox::signature_manifest::sha256(canonical(&entry).as_bytes());
        let hash = hash.trim_start_matches("sha256:").to_owned();
        let sequence = entry["sequence"].as_i64().unwrap();
        store
            .execute(
                "UPDATE audit SET previous = ?1, hash = ?2 WHERE sequence = ?3",
                (previous, &hash, sequence),
            )
            .unwrap();
        previous = hash;
    }
    drop(store);
    is_whole(&data);
    is_broken(&data, &["--holds", &note], "was written anew");
    std::fs::write(data.join("ocisign.sqlite"), &whole).unwrap();
    assert!(verify(&data, &["--holds", &note]).status.success());
}

#[tokio::test]
async fn the_command_says_what_it_cannot_read_and_leaves_the_rest_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = folder.path().join("nothing");
    std::fs::create_dir(folder.path().join("other")).unwrap();
    std::fs::write(folder.path().join("other/ocisign.sqlite"), "no database at all, but a text").unwrap();
    for data in [&nothing, &folder.path().join("other")] {
        let output = verify(data, &[]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(said.contains("Cannot read the audit log") && said.contains("--data"), "{said}");
    }
    assert!(!nothing.exists(), "to check makes nothing");
    // Options of a start and a command are not mixed up.
    let mixed = command(&nothing).args(["audit", "verify"]).output().unwrap();
    assert_eq!(mixed.status.code(), Some(2));
}

/// Killed while many ask and decide: what the store says of each request, the log says, too.
#[tokio::test]
async fn a_kill_parts_no_act_from_its_entry() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for round in 0..4 {
        let mut sandbox = Sandbox::start(&data, &["--request-lifetime", "1"]).await;
        let product = sandbox.create_product(sandbox.product()).await;
        let body = crate::support::request_body(&product, &artifact(&sandbox));
        let people = ["requester", "approver-one", "approver-two"].map(|role| sandbox.token(role));
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        for number in 0..6 {
            let (http, url, body) = (sandbox.http.clone(), sandbox.url("/imagesignings"), body.clone());
            let ([requester, one, two], tell) = (people.clone(), tell.clone());
            tokio::spawn(async move {
                // Until the sandbox is gone.
                while let Ok(reply) = http.post(&url).bearer_auth(&requester).json(&body).send().await {
                    let Ok(signing) = reply.json::<Value>().await else { return };
                    let url = format!("{url}/{}", signing["id"].as_str().unwrap());
                    let (first, last) = match number % 3 {
                        0 => ((&one, "approve"), (&two, "approve")),
                        1 => ((&one, "approve"), (&two, "reject")),
                        _ => ((&two, "approve"), (&requester, "withdraw")),
                    };
                    for (token, what) in [first, last] {
                        let no = json!({ "comment": "no" });
                        let post = http.post(format!("{url}/{what}")).bearer_auth(token).json(&no);
                        if post.send().await.is_err() {
                            return;
                        }
                    }
                    tell.send(()).unwrap();
                }
            });
        }
        drop(tell);
        let mut decided = 0;
        while told.recv().await.is_some() {
            decided += 1;
            if decided == 10 + 7 * round {
                sandbox.kill();
            }
        }
        is_whole(&data);
        says_what_the_store_says(&data);
    }
}

#[track_caller]
fn says_what_the_store_says(data: &Path) {
    let store = open(data);
    let list = |sql: &str| {
        let mut statement = store.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<Vec<(String, String)>, _>>().unwrap()
    };
    let steps = list(
        "SELECT signing_id, CASE status WHEN 1 THEN 'request' WHEN 8 THEN 'sign-begin' WHEN 16 THEN 'sign-end'
                            WHEN 64 THEN 'sign-fail' ELSE CASE WHEN by_id IS NULL THEN 'expire'
                            WHEN comment IS NULL THEN '?' ELSE 'decided' END END
         FROM history WHERE status NOT IN (2, 4)
         UNION ALL SELECT signing_id, 'approve' FROM approval ORDER BY 1, 2",
    );
    let entries = list(
        "SELECT signing_id, CASE WHEN action IN ('reject', 'withdraw') THEN 'decided' ELSE action END
         FROM audit WHERE signing_id IS NOT NULL ORDER BY 1, 2",
    );
    assert!(entries.len() > 20);
    assert_eq!(steps, entries);
}
