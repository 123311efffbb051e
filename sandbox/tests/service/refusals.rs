//! What the sandbox refuses: each time a 4xx, JSON, a code and a fix.

use crate::support::{GROUP_A, GROUP_B, Sandbox, read, request_body};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn sandbox(arguments: &[&str]) -> (tempfile::TempDir, Sandbox) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), arguments).await;
    (folder, sandbox)
}

fn digest() -> String {
    format!("sha256:{}", "0".repeat(64))
}

#[tokio::test]
async fn tokens_are_checked() {
    let (_folder, sandbox) = sandbox(&["--token-lifetime", "1"]).await;
    let url = sandbox.url("/products");
    let missing = read(sandbox.http.get(&url).send().await.unwrap()).await;
    missing.refuses(401, "token-missing");
    assert_eq!(missing.headers["www-authenticate"], "Bearer error=\"invalid_token\"");
    let changed = format!("{}x", sandbox.token("requester"));
    read(sandbox.http.get(&url).bearer_auth(changed).send().await.unwrap())
        .await
        .refuses(401, "token-invalid");
    let basic = sandbox.http.get(&url).basic_auth("requester", Some("password"));
    read(basic.send().await.unwrap()).await.refuses(401, "token-missing");

    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    loop {
        let reply = sandbox.get("requester", "/products").await;
        if reply.status == StatusCode::UNAUTHORIZED {
            reply.refuses(401, "token-expired");
            break;
        }
        assert!(std::time::Instant::now() < deadline);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let fresh: Value =
        sandbox.http.get(sandbox.url("/ocisign-sandbox/people")).send().await.unwrap().json().await.unwrap();
    let token = fresh[0]["token"].as_str().unwrap();
    assert_eq!(sandbox.http.get(&url).bearer_auth(token).send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn paths_methods_and_bodies_are_checked() {
    let (_folder, sandbox) = sandbox(&[]).await;
    sandbox.get("requester", "/nothing").await.refuses(404, "no-such-path");
    sandbox.get("requester", "/products/not-a-uuid").await.refuses(400, "bad-id");
    let unknown = "00000000-0000-4000-8000-000000000000";
    sandbox.get("requester", &format!("/products/{unknown}")).await.refuses(404, "unknown-product");
    sandbox.get("requester", &format!("/imagesignings/{unknown}/")).await.refuses(404, "unknown-signing");
    sandbox.get("requester", "/products/%ff").await.refuses(400, "bad-id");
    sandbox
        .call("admin", Method::DELETE, "/registrycredentials/%ff", None)
        .await
        .refuses(404, "unknown-credential");
    sandbox.get("requester", "/imagesignings?status=many").await.refuses(400, "bad-query");
    sandbox.get("requester", "/imagesignings?productId=x").await.refuses(400, "bad-id");
    let misspelt = sandbox.get("requester", "/imagesignings?statsu=2").await;
    misspelt.refuses(400, "bad-query");
    for known in ["status", "productId", "limit", "offset"] {
        assert!(misspelt.json["fix"].as_str().unwrap().contains(known), "{}", misspelt.json);
    }
    sandbox.get("requester", "/imagesignings?status=2&status=4").await.refuses(400, "bad-query");
    let wrong = sandbox.call("requester", Method::DELETE, "/products", None).await;
    wrong.refuses(405, "method-not-allowed");
    assert_eq!(wrong.headers["allow"], "GET,HEAD,POST");

    let post = |body: &'static str, content_type: &'static str| {
        let request =
            sandbox.http.post(sandbox.url("/imagesignings")).bearer_auth(sandbox.token("requester"));
        request.header("content-type", content_type).body(body).send()
    };
    let broken = read(post("{\n  \"name\": oops }", "application/json").await.unwrap()).await;
    broken.refuses(400, "bad-json");
    assert_eq!(broken.json["offset"], 12);
    read(post("[]", "application/json").await.unwrap()).await.refuses(400, "bad-json");
    read(post("", "application/json").await.unwrap()).await.refuses(400, "bad-json");
    read(post("{}", "text/plain").await.unwrap()).await.refuses(415, "unsupported-media-type");
    read(post("{}", "application/json; charset=utf-8").await.unwrap()).await.refuses(422, "bad-input");
    let large = sandbox.http.post(sandbox.url("/products")).bearer_auth(sandbox.token("requester"));
    let large = large.header("content-type", "application/json").body(" ".repeat(1024 * 1024 + 1));
    read(large.send().await.unwrap()).await.refuses(413, "too-large");
}

#[tokio::test]
async fn products_are_checked() {
    let (_folder, sandbox) = sandbox(&[]).await;
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 13] = [
        ("bad-input", |product| product["name"] = json!(" ")),
        ("bad-input", |product| product["name"] = json!(7)),
        ("product-registry", |product| product["productConfigItems"] = json!([])),
        ("product-registry", |product| {
            let item = product["productConfigItems"][0].clone();
            product["productConfigItems"].as_array_mut().unwrap().push(item);
        }),
        ("product-registry", |product| {
            product["productConfigItems"][0]["value"] = json!("https://a.example")
        }),
        ("operation-missing", |product| product["productOperations"] = json!([])),
        ("operation-missing", |product| product["productOperations"][0]["operationType"] = json!("Digest")),
        ("key-type", |product| product["productOperations"][0]["token"]["keyType"] = json!("RSA1024")),
        ("key-type", |product| product["productOperations"][0]["token"] = Value::Null),
        ("bad-input", |product| product["productOperations"][0]["approvalRule"] = Value::Null),
        ("bad-group", |product| {
            product["productOperations"][0]["approvalRule"]["approvalGroups"] = json!(["admins"]);
        }),
        ("bad-input", |product| product["productOperations"] = json!("none")),
        ("too-large", |product| {
            // Not one that signs among them: the count is what is wrong.
            let operation = json!({ "name": "other", "operationType": "Digest" });
            product["productOperations"].as_array_mut().unwrap().extend(vec![operation; 20]);
        }),
    ];
    for (code, change) in changes {
        let mut product = sandbox.product();
        change(&mut product);
        sandbox.post("requester", "/products", product).await.refuses(422, code);
    }
    sandbox.post("outsider", "/products", sandbox.product()).await.refuses(403, "not-allowed");
    let mut on_screens = sandbox.product();
    on_screens["productOperations"][0]["operationType"] = json!("SIGN_OCI");
    sandbox.create_product(on_screens).await;
}

#[tokio::test]
async fn approval_rules_say_who_approves() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let rule = sandbox.product()["productOperations"][0]["approvalRule"].clone();
    let create = async |rule: &Value| {
        let mut product = sandbox.product();
        product["productOperations"][0]["approvalRule"] = rule.clone();
        sandbox.post("requester", "/products", product).await
    };
    let refuses = async |rule: Value, code: &str, place: &str| {
        let reply = create(&rule).await;
        reply.refuses(422, code);
        let place = format!("product.productOperations[0].approvalRule{place}");
        assert!(reply.json["message"].as_str().unwrap().starts_with(&place), "{} for {rule}", reply.json);
    };
    for name in ["allowedGroups", "approvalGroups"] {
        let place = format!(".{name} ");
        let mut left_out = rule.clone();
        left_out.as_object_mut().unwrap().remove(name);
        refuses(left_out.clone(), "bad-input", &place).await;
        left_out[name] = Value::Null;
        refuses(left_out, "bad-input", &place).await;
    }
    for misspelt in ["approvalGroup", "ApprovalGroups", "blanketGroup"] {
        let mut rule = rule.clone();
        rule[misspelt] = json!([GROUP_B]);
        refuses(rule, "bad-input", " has the unknown field").await;
    }
    let mut nobody = rule.clone();
    nobody["allowedGroups"] = json!([]);
    refuses(nobody, "bad-input", ".allowedGroups is empty").await;

    let bare = GROUP_B.replace('-', "");
    for name in ["allowedGroups", "approvalGroups", "blanketGroups"] {
        for odd in [format!("{{{GROUP_B}}}"), bare.clone(), format!("urn:uuid:{GROUP_B}"), String::new()] {
            let mut rule = rule.clone();
            rule[name] = json!([GROUP_A, odd]);
            refuses(rule, "bad-group", &format!(".{name}[1]")).await;
        }
    }
    assert_eq!(sandbox.get("requester", "/products").await.json, json!([]));

    // In upper case it is the same group, and its members approve.
    let mut upper_case = rule.clone();
    upper_case["approvalGroups"] = json!([GROUP_B.to_uppercase()]);
    upper_case.as_object_mut().unwrap().remove("blanketGroups");
    let product = create(&upper_case).await.json;
    let signing = sandbox.request(&product, &format!("{}/app@{}", sandbox.domain(), digest())).await;
    let approved = sandbox.approve("approver-two", signing["id"].as_str().unwrap()).await;
    assert_eq!(approved.json["missingGroups"], json!([]), "{}", approved.json);
}

#[tokio::test]
async fn what_the_service_says_cannot_be_sent() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let product = sandbox.create_product(sandbox.product()).await;
    let artifact = format!("{}/app@{}", sandbox.domain(), digest());
    let fields = "state code final status id approvals history requester missingGroups requiredGroups \
                  requiredApprovals expiresAt reason createdAt updatedAt";
    for field in fields.split_whitespace() {
        for value in [json!("signed"), Value::Null] {
            let mut body = request_body(&product, &artifact);
            body[field] = value;
            let reply = sandbox.post("requester", "/imagesignings", body).await;
            reply.refuses(422, "bad-input");
            assert!(reply.json["message"].as_str().unwrap().contains(field), "{}", reply.json);
        }
    }
    // A reply is no request: everything that the service adds to one is among these.
    let signing = sandbox.request(&product, &artifact).await;
    let sent = request_body(&product, &artifact);
    let added = signing.as_object().unwrap().keys().filter(|key| sent.get(key).is_none());
    for field in added {
        assert!(fields.split_whitespace().any(|known| known == field), "{field}");
    }
}

#[tokio::test]
async fn one_request_signs_one_artifact_that_can_be_signed() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let product = sandbox.create_product(sandbox.product()).await;
    let body = |digest: &str| request_body(&product, &format!("{}/app@{digest}", sandbox.domain()));
    let good = body(&digest());
    let one = good["payload"]["optionalParameters"][0].clone();
    let mut two_in_one = one.clone();
    two_in_one["artifactURI2"] = one["artifactURI"].clone();
    let lists = [json!([one, one]), json!([one, {}]), json!([two_in_one]), json!([one["artifactURI"]])];
    for parameters in lists {
        let mut body = good.clone();
        body["payload"]["optionalParameters"] = parameters;
        let reply = sandbox.post("requester", "/imagesignings", body).await;
        reply.refuses(422, "bad-input");
        assert!(reply.json["message"].as_str().unwrap().contains("optionalParameters"), "{}", reply.json);
    }
    let long = body(&format!("sha512:{}", "0".repeat(128)));
    sandbox.post("requester", "/imagesignings", long).await.refuses(422, "digest-algorithm");
    let shorter = body(&format!("sha384:{}", "0".repeat(96)));
    assert_eq!(sandbox.post("requester", "/imagesignings", shorter).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn requests_are_checked() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let product = sandbox.create_product(sandbox.product()).await;
    let good = request_body(&product, &format!("{}/app@{}", sandbox.domain(), digest()));
    let unknown = json!("00000000-0000-4000-8000-000000000000");
    let other =
        |registry: &str| request_body(&product, &format!("{registry}/app@{}", digest()))["payload"].clone();
    let evil = other(&format!("{}.evil.example", sandbox.domain()));
    let cases = [
        ("productId", unknown.clone(), 404, "unknown-product"),
        ("productId", json!("x"), 422, "bad-id"),
        ("productId", json!(1), 422, "bad-input"),
        ("idProductOperation", unknown, 422, "operation-missing"),
        ("idProductOperation", json!("OCI sign"), 422, "bad-id"),
        ("payload", json!({}), 422, "bad-input"),
        ("payload", json!({ "optionalParameters": [] }), 422, "bad-input"),
        ("payload", json!({ "optionalParameters": [{ "artifactURI": "!!!" }] }), 422, "bad-base64"),
        ("payload", json!({ "optionalParameters": [{ "artifactURI": "//79" }] }), 422, "bad-utf8"),
        ("payload", other("docker://a.example"), 422, "scheme"),
        ("payload", other("other.example"), 403, "registry-mismatch"),
        ("payload", evil, 422, "port-invalid"),
    ];
    for (field, value, status, code) in cases {
        let mut body = good.clone();
        body[field] = value;
        sandbox.post("requester", "/imagesignings", body).await.refuses(status, code);
    }
    sandbox.post("approver-two", "/imagesignings", good.clone()).await.refuses(403, "not-allowed");
    sandbox.post("outsider", "/imagesignings", good).await.refuses(403, "not-allowed");

    let mut disabled = sandbox.product();
    disabled["enabled"] = json!(false);
    let disabled = sandbox.create_product(disabled).await;
    let body = request_body(&disabled, &format!("{}/app@{}", sandbox.domain(), digest()));
    sandbox.post("requester", "/imagesignings", body).await.refuses(409, "product-disabled");
    assert_eq!(sandbox.get("requester", "/imagesignings").await.json, json!([]));
}

#[tokio::test]
async fn approvals_are_checked() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let product = sandbox.create_product(sandbox.product()).await;
    let artifact = format!("{}/app@{}", sandbox.domain(), digest());
    let signing = sandbox.request(&product, &artifact).await;
    let id = signing["id"].as_str().unwrap();
    let approve = format!("/imagesignings/{id}/approve");

    sandbox.approve("requester", id).await.refuses(403, "self-approval");
    sandbox.approve("outsider", id).await.refuses(403, "not-an-approver");
    sandbox.approve("admin", id).await.refuses(403, "not-an-approver");
    let expect = |field: &str, value: Value| json!({ "expect": { field: value } });
    sandbox.post("approver-one", &approve, expect("name", json!("OTHER"))).await.refuses(409, "changed");
    let elsewhere = request_body(&product, "a.example/b")["payload"].clone();
    sandbox.post("approver-one", &approve, expect("payload", elsewhere)).await.refuses(409, "changed");
    sandbox.post("approver-one", &approve, expect("status", json!(2))).await.refuses(422, "bad-expectation");
    sandbox.post("approver-one", &approve, json!({ "expects": {} })).await.refuses(422, "bad-input");
    sandbox.post("approver-one", &approve, json!({ "comment": 7 })).await.refuses(422, "bad-input");
    assert_eq!(sandbox.get("requester", &format!("/imagesignings/{id}")).await.json, signing);

    let whole = request_body(&product, &artifact);
    let approved =
        sandbox.post("approver-one", &approve, json!({ "expect": whole, "comment": "fine" })).await;
    assert_eq!(approved.json["approvals"][0]["comment"], "fine");
    assert_eq!(approved.json["missingGroups"], json!([GROUP_B]));
    sandbox.approve("approver-one", id).await.refuses(409, "already-approved");

    let reject = format!("/imagesignings/{id}/reject");
    sandbox.post("approver-two", &reject, json!({})).await.refuses(400, "comment-missing");
    sandbox.post("approver-two", &reject, json!({ "comment": " " })).await.refuses(400, "comment-missing");
    sandbox.post("outsider", &reject, json!({ "comment": "no" })).await.refuses(403, "not-an-approver");
    // A rejection is bound to what was shown, as an approval is.
    let other = json!({ "comment": "no", "expect": { "description": "OTHER" } });
    sandbox.post("approver-two", &reject, other).await.refuses(409, "changed");
    let pinned = json!({ "comment": "no", "expect": { "status": 2 } });
    sandbox.post("approver-two", &reject, pinned).await.refuses(422, "bad-expectation");
    let misspelt = json!({ "comment": "no", "expects": {} });
    sandbox.post("approver-two", &reject, misspelt).await.refuses(422, "bad-input");
    let seen = json!({ "comment": "wrong image", "expect": request_body(&product, &artifact) });
    let rejected = sandbox.post("approver-two", &reject, seen).await;
    assert_eq!(rejected.json["status"], 32);
    assert_eq!(rejected.json["reason"], "Rejected by Approver two: wrong image");
    sandbox.approve("approver-two", id).await.refuses(409, "not-waiting");
    sandbox.post("approver-two", &reject, json!({ "comment": "no" })).await.refuses(409, "not-waiting");

    // A group that has approved has nothing more to say, though it may say it late.
    let mut one_group = sandbox.product();
    one_group["productOperations"][0]["approvalRule"]["approvalGroups"] = json!([GROUP_A, GROUP_A]);
    let one_group = sandbox.create_product(one_group).await;
    let signing = sandbox.request(&one_group, &artifact).await;
    assert_eq!(signing["requiredGroups"], json!([GROUP_A]));
}

#[tokio::test]
async fn credentials_are_for_admins_and_one_a_domain() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let new = |domain: &str| json!({ "domain": domain, "username": "ci", "password": "hush-hush" });
    sandbox.get("requester", "/registrycredentials").await.refuses(403, "admins-only");
    sandbox.post("requester", "/registrycredentials", new("a.example")).await.refuses(403, "admins-only");
    let made = sandbox.post("admin", "/registrycredentials", new("A.example:5000")).await;
    assert_eq!((made.status.as_u16(), &made.json["domain"]), (201, &json!("a.example:5000")));
    let second = sandbox.post("admin", "/registrycredentials", new("a.example:5000")).await;
    second.refuses(409, "credential-exists");
    let embedded = sandbox.post("admin", "/registrycredentials", new(sandbox.domain())).await;
    embedded.refuses(409, "credential-exists");
    for wrong in ["https://a.example", "a.example/path", "nodots", ""] {
        let refused = sandbox.post("admin", "/registrycredentials", new(wrong)).await;
        assert_eq!(refused.status.as_u16(), 422, "{wrong}");
    }
    // What is wrong is named and never quoted: it may be the password, even in the wrong field.
    let odd = [
        ("password", json!(12345678)),
        ("password", json!(["hush-hush"])),
        ("password", Value::Null),
        ("username", json!({ "hush-hush": 1 })),
        ("domain", json!("https://ci:hush-hush@a.example")),
        ("domain", json!("ci:hush-hush@a.example")),
        ("domain", json!(12345678)),
        ("username", json!("ci:hush-hush")),
    ];
    for (field, value) in odd {
        let mut body = new("b.example");
        body[field] = value;
        let refused = sandbox.post("admin", "/registrycredentials", body).await;
        let said = refused.json.to_string();
        assert_eq!(refused.status.as_u16(), 422, "{said}");
        assert!(refused.json["message"].as_str().unwrap().contains(field), "{said}");
        assert!(!said.contains("hush") && !said.contains("12345678"), "{said}");
    }
    let mut unknown = new("b.example");
    unknown["hush-hush"] = json!("hush-hush");
    let refused = sandbox.post("admin", "/registrycredentials", unknown).await;
    refused.refuses(422, "bad-input");
    assert!(!refused.json.to_string().contains("hush"), "{}", refused.json);
    let list = sandbox.get("admin", "/registrycredentials").await.json;
    assert_eq!(list.as_array().unwrap().len(), 3, "ours, and the embedded registry by both its names");
    assert!(!list.to_string().contains("hush"));

    let delete =
        async || sandbox.call("admin", Method::DELETE, "/registrycredentials/a.example:5000", None).await;
    assert_eq!(delete().await.status.as_u16(), 204);
    delete().await.refuses(404, "unknown-credential");
}

#[tokio::test]
async fn foreign_pages_get_nothing() {
    let (_folder, sandbox) = sandbox(&["--allow-origin", "https://portal.example"]).await;
    for path in ["/ocisign-sandbox/people", "/ocisign-sandbox/registry"] {
        let secret = sandbox.url(path);
        let with = |name: &str, value: &str| sandbox.http.get(&secret).header(name, value).send();
        for foreign in ["https://evil.example", "https://portal.example", "null"] {
            read(with("origin", foreign).await.unwrap()).await.refuses(403, "foreign-origin");
        }
        for site in ["cross-site", "same-site"] {
            read(with("sec-fetch-site", site).await.unwrap()).await.refuses(403, "foreign-origin");
        }
        read(with("host", "evil.example").await.unwrap()).await.refuses(421, "wrong-host");
        let ours = with("origin", sandbox.origin()).await.unwrap();
        assert_eq!(ours.status(), StatusCode::OK);
        assert_eq!(ours.headers()["cache-control"], "no-store");
    }

    for url in [sandbox.url("/products"), sandbox.registry_url("/v2/app/manifests/latest")] {
        let preflight = |origin: &str| {
            let request = sandbox.http.request(Method::OPTIONS, &url).header("origin", origin);
            request
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "authorization,content-type")
                .send()
        };
        let allowed = preflight("https://portal.example").await.unwrap();
        assert_eq!(allowed.status(), StatusCode::OK);
        assert_eq!(allowed.headers()["access-control-allow-origin"], "https://portal.example");
        let refused = preflight("https://evil.example").await.unwrap();
        assert!(!refused.headers().contains_key("access-control-allow-origin"));

        let reply = sandbox.http.get(&url).header("origin", "https://portal.example").send().await.unwrap();
        let exposed = reply.headers()["access-control-expose-headers"].to_str().unwrap().to_lowercase();
        for header in ["www-authenticate", "docker-content-digest", "retry-after"] {
            assert!(exposed.contains(header), "{exposed}");
        }
    }
}

#[tokio::test]
async fn a_sandbox_that_others_reach_gives_no_tokens() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--allow-remote", "--listen", "0.0.0.0:0", "--registry-listen", "127.0.0.1:0"];
    let sandbox = Sandbox::start_with(&folder.path().join("data"), &arguments).await;
    assert!(sandbox.origin().starts_with("http://127.0.0.1:"));
    for path in ["/ocisign-sandbox/people", "/ocisign-sandbox/registry"] {
        let secret = sandbox.http.get(sandbox.url(path));
        read(secret.send().await.unwrap()).await.refuses(403, "tokens-not-offered");
    }
    let named = sandbox.http.get(sandbox.url("/products")).header("host", "box.example");
    let reply = named.bearer_auth(sandbox.token("requester")).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_registry_is_read_by_all_and_written_by_one() {
    let (_folder, sandbox) = sandbox(&[]).await;
    let digest = sandbox.push_image("app", "open").await;
    let manifest = sandbox.registry_url(&format!("/v2/app/manifests/{digest}"));
    assert_eq!(sandbox.http.get(&manifest).send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(sandbox.http.head(&manifest).send().await.unwrap().status(), StatusCode::OK);
    let ping = sandbox.http.get(sandbox.registry_url("/v2/"));
    let challenge = ping.try_clone().unwrap().send().await.unwrap();
    assert_eq!(challenge.status(), StatusCode::UNAUTHORIZED);
    assert!(challenge.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic realm="));
    assert_eq!(sandbox.as_writer(ping).send().await.unwrap().status(), StatusCode::OK);
    let odd = sandbox.registry_url("/v2/%c3%a9blobs/x");
    assert_eq!(sandbox.http.get(odd).send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    let upload = sandbox.http.post(sandbox.registry_url("/v2/app/blobs/uploads/"));
    for request in [
        upload.try_clone().unwrap(),
        upload.basic_auth("sandbox", Some("wrong")),
        sandbox.http.delete(&manifest),
        sandbox.http.put(&manifest).body("{}"),
    ] {
        let refused = request.send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
        assert!(refused.headers().contains_key("www-authenticate"));
    }
}
