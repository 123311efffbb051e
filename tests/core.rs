//! The rules of the core through its public surface: products, domains, keys, statuses, tokens, calls.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use ocisign::{
    BaseUrl, Code, KeyType, LOOK_FIRST, Profile, PublicKey, Reference, State, Status, Table, Taken,
    artifact_uri, check_registry, check_url,
    exchange::{Event, Exchange, Method, Retry, Step},
    is_digest, is_loopback,
    poll::Poll,
    product::{self, ProductInput, registry_url, signing_operation},
    signing_request::{self, SigningInput},
    simple_signing, token,
    wire::{Product, RequestedArtifact, artifact_of, registries_of, signing_operations},
};
use serde_json::{Value, json};

const GROUP: &str = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";

fn image(domain: &str) -> Reference {
    Reference::parse(&format!("{domain}/app@sha256:{}", "0".repeat(64))).unwrap()
}

fn product(registries: &[&str], operations: Value) -> Product {
    let items: Vec<Value> =
        registries.iter().map(|registry| json!({ "name": "RegistryURL", "value": registry })).collect();
    serde_json::from_value(json!({
        "id": "p1", "name": "OCI SIGN", "enabled": true, "caInfo": null,
        "productOperations": operations, "productConfigItems": items, "somethingNew": [1, 2]
    }))
    .unwrap()
}

fn operations() -> Value {
    json!([{ "id": "o1", "name": "OCI sign", "operationType": "SignOCI", "token": { "keyType": "RSA4096" } }])
}

#[test]
fn the_domain_rule_compares_whole_domains_without_case() {
    let ours = "example.dkr.ecr.eu-west-1.amazonaws.com";
    for (registry_url, domain, allowed) in [
        (ours, ours, true),
        ("EXAMPLE.dkr.ecr.eu-west-1.amazonaws.com", ours, true),
        (ours, "example.dkr.ecr.eu-west-1.amazonaws.com.evil.com", false),
        (ours, "evil.example.dkr.ecr.eu-west-1.amazonaws.com", false),
        (ours, "dkr.ecr.eu-west-1.amazonaws.com", false),
        (ours, "xexample.dkr.ecr.eu-west-1.amazonaws.com", false),
        (ours, "example.dkr.ecr.eu-west-1.amazonaws.com:443", false),
        ("localhost:5000", "localhost:5000", true),
        ("localhost:5000", "localhost:5001", false),
        ("localhost", "localhost:5000", false),
    ] {
        let checked = check_registry(&image(domain), &product(&[registry_url], operations()));
        assert_eq!(checked.is_ok(), allowed, "{registry_url} against {domain}");
        if let Err(error) = checked {
            assert_eq!(error.code(), "registry-mismatch");
            assert!(error.message().contains(registry_url) && error.message().contains(domain));
        }
    }
}

#[test]
fn a_product_has_exactly_one_usable_registry() {
    for registries in
        [&[][..], &["a.b", "c.d"], &["a.b", "a.b"], &["https://a.b"], &["a.b/c"], &[""], &["a.b "]]
    {
        let product = product(registries, operations());
        assert_eq!(registry_url(&product).unwrap_err().code(), "product-registry", "{registries:?}");
    }
}

#[test]
fn a_product_is_called_by_its_name_or_its_id_or_not_at_all() {
    let named = |name: Option<&str>, id: Option<&str>| Product {
        name: name.map(Into::into),
        id: id.map(Into::into),
        ..Product::default()
    };
    for (product, called) in [
        (named(Some("OCI SIGN"), Some("p1")), "The product `OCI SIGN` has no RegistryURL"),
        (named(None, Some("p1")), "The product `p1` has no RegistryURL"),
        (named(None, None), "The product has no RegistryURL"),
    ] {
        let message = registry_url(&product).unwrap_err().message();
        assert!(message.starts_with(called), "{message}");
    }
}

#[test]
fn the_operation_is_the_only_one_or_the_chosen_one() {
    let oci = |id: &str, kind: &str| json!({ "id": id, "name": id, "operationType": kind });
    let none = product(&["a.b"], json!([oci("1", "SignDigest")]));
    assert_eq!(signing_operation(&none, None).unwrap_err().code(), "operation-missing");
    let null = serde_json::from_value(json!({ "productOperations": null })).unwrap();
    assert_eq!(signing_operation(&null, None).unwrap_err().code(), "operation-missing");
    let one = product(&["a.b"], json!([oci("1", "SignDigest"), oci("2", "SIGN_OCI")]));
    assert_eq!(signing_operation(&one, None).unwrap().id.as_deref(), Some("2"));
    assert_eq!(signing_operation(&one, Some("1")).unwrap_err().code(), "operation-missing");
    let two = product(&["a.b"], json!([oci("1", "SignOCI"), oci("2", "SignOCI")]));
    assert_eq!(signing_operation(&two, None).unwrap_err().code(), "operation-ambiguous");
    assert_eq!(signing_operation(&two, Some("2")).unwrap().id.as_deref(), Some("2"));
    let crossed = json!([{ "id": "a", "name": "b", "operationType": "SignOCI" }, { "id": "b", "name": "c", "operationType": "SignOCI" }]);
    assert_eq!(
        signing_operation(&product(&["a.b"], crossed), Some("b")).unwrap().name.as_deref(),
        Some("c"),
        "ids first"
    );
}

#[test]
fn a_request_from_a_product_is_checked_against_it() {
    let request = |product: Product, domain: &str| {
        signing_request::build(SigningInput {
            product: Some(product),
            artifact: image(domain).canonical(),
            ..SigningInput::default()
        })
    };
    let body = request(product(&["a.b"], operations()), "a.b").unwrap();
    assert_eq!((body.product_id.as_str(), body.id_product_operation.as_str()), ("p1", "o1"));
    assert_eq!(body.payload.name, "OCI sign request");
    assert_eq!(request(product(&["a.b"], operations()), "a.c").unwrap_err().code(), "registry-mismatch");
    let off = Product { enabled: Some(false), ..product(&["a.b"], operations()) };
    assert_eq!(request(off, "a.b").unwrap_err().code(), "product-disabled");
    let nameless = Product { id: None, ..product(&["a.b"], operations()) };
    assert_eq!(request(nameless, "a.b").unwrap_err().code(), "bad-input");
}

#[test]
fn a_request_without_product_needs_both_ids() {
    let base = SigningInput { artifact: image("a.b").canonical(), ..SigningInput::default() };
    let with_product = SigningInput { product_id: Some("p".into()), ..base.clone() };
    let by_name = SigningInput { operation: Some("OCI sign".into()), ..with_product.clone() };
    for input in [base, with_product, by_name] {
        assert_eq!(signing_request::build(input).unwrap_err().code(), "bad-input");
    }
}

#[test]
fn every_key_type_is_written_and_read() {
    for (given, written) in [
        (None, "RSA4096"),
        (Some("RSA2048"), "RSA2048"),
        (Some("rsa-3072"), "RSA3072"),
        (Some("EC secp256r1"), "secp256r1"),
        (Some("secp384r1"), "secp384r1"),
        (Some("EC_SECP521R1"), "secp521r1"),
    ] {
        let definition = product::build(definition(given), &Profile::default()).unwrap();
        let [operation] = definition.product_operations;
        assert_eq!(operation.token.key_type, written);
    }
    for unknown in ["", "RSA1024", "RSA", "secp256k1", "EC"] {
        assert_eq!(
            product::build(definition(Some(unknown)), &Profile::default()).unwrap_err().code(),
            "key-type"
        );
    }
    let profile: Profile = serde_json::from_value(json!({ "keyTypes": { "secp256r1": "P256" } })).unwrap();
    let [operation] = product::build(definition(Some("secp256r1")), &profile).unwrap().product_operations;
    assert_eq!(operation.token.key_type, "P256");
    assert_eq!(profile.key_type("P256").unwrap(), KeyType::Secp256r1);
}

fn definition(key_type: Option<&str>) -> ProductInput {
    ProductInput {
        name: "p".into(),
        registry: "a.b".into(),
        key_type: key_type.map(Into::into),
        allowed_groups: vec![GROUP.into()],
        ..ProductInput::default()
    }
}

#[test]
fn a_wrong_product_is_refused() {
    let good = || definition(None);
    for (input, code) in [
        (ProductInput { name: " ".into(), ..good() }, "bad-input"),
        (ProductInput { name: "a\nb".into(), ..good() }, "bad-input"),
        (ProductInput { allowed_groups: vec![], ..good() }, "bad-input"),
        (ProductInput { approval_groups: vec!["approvers".into()], ..good() }, "bad-input"),
        (ProductInput { registry: "https://a.b".into(), ..good() }, "scheme"),
        (ProductInput { registry: "a.b/c".into(), ..good() }, "registry-invalid"),
        (ProductInput { registry: String::new(), ..good() }, "registry-invalid"),
        (ProductInput { registry: "a.b:0".into(), ..good() }, "port-invalid"),
    ] {
        assert_eq!(product::build(input, &Profile::default()).unwrap_err().code(), code);
    }
}

#[test]
fn a_group_is_a_uuid() {
    let groups = |group: &str| {
        let input = ProductInput { approval_groups: vec![GROUP.into(), group.into()], ..definition(None) };
        product::build(input, &Profile::default()).map_err(|error| error.message())
    };
    assert!(groups(&GROUP.to_uppercase()).is_ok());
    let moved = "b716abb12-e3b-47a9-bca5-a3669faa50a6";
    for wrong in
        ["", "b716abb1", &GROUP.replace('-', "0"), GROUP.get(..35).unwrap(), &format!("{GROUP}0"), moved]
    {
        let message = format!("approvalGroups[1] is `{wrong}`, which is not a UUID.");
        assert_eq!(groups(wrong).unwrap_err(), message);
    }
    for place in [0, 7, 9, 35] {
        let mut wrong = GROUP.to_owned();
        wrong.replace_range(place..=place, "g");
        assert!(groups(&wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_product_says_whether_it_is_usable() {
    let product = |enabled: Option<bool>, state: Option<&str>| Product {
        enabled,
        state: state.map(Into::into),
        ..product(&["a.b"], operations())
    };
    let code = |product| product::check_usable(&product).map_err(|error| error.code());
    assert_eq!(code(product(Some(false), Some("Ready"))), Err("product-disabled"));
    for usable in [None, Some("Ready"), Some("READY"), Some(""), Some("Newer"), Some("what nobody described")]
    {
        assert_eq!(code(product(None, usable)), Ok(()), "{usable:?}");
        assert_eq!(code(product(Some(true), usable)), Ok(()), "{usable:?}");
    }
    // As the vendor's pages write them, and as other services would.
    for state in
        ["New", "InProcess", "IN_PROCESS", "in-process", "Rejected", "FAILED", "To Be Deleted", "Deleted"]
    {
        assert_eq!(code(product(Some(true), Some(state))), Err("product-not-ready"), "{state}");
    }
}

#[test]
fn artifact_uris_that_are_none() {
    for (encoded, code, offset) in [
        ("", "bad-base64", 0),
        ("\n", "bad-base64", 0),
        ("YQ==YQ==", "bad-base64", 2),
        ("a", "bad-base64", 1),
        ("YWJj YWJj", "bad-base64", 4),
        ("YW\nJj-Q==", "bad-base64", 5),
        ("YR==", "bad-base64", 1),
        ("/w==", "bad-utf8", 0),
        ("YWL/", "bad-utf8", 2),
    ] {
        let error = artifact_uri::decode(encoded).unwrap_err();
        assert_eq!((error.code(), error.offset()), (code, Some(offset)), "{encoded:?}: {error}");
    }
    assert_eq!(artifact_uri::decode("YWI\r\nK\n").unwrap(), "ab");
    assert_eq!(artifact_uri::decode("YWINCg==").unwrap(), "ab");
    assert_eq!(artifact_uri::decode("YWIKCg==").unwrap(), "ab\n", "one line break only");
}

#[test]
fn only_16_is_built_in_and_only_safe_integers_are_statuses() {
    let profile = Profile::default();
    assert_eq!(Status::decode_number(Some(16.0), &profile).unwrap().state, State::Signed);
    for code in [0.0, 1.0, 15.0, 17.0, 4_294_967_312.0, -16.0, 9_007_199_254_740_991.0] {
        let status = Status::decode_number(Some(code), &profile).unwrap();
        assert_eq!((status.state, status.state.is_final()), (State::Unknown, false), "{code}");
    }
    for code in [i64::MIN, -16, 0, 1, 15, 16, 17, i64::MAX] {
        let state = if code == 16 { State::Signed } else { State::Unknown };
        assert_eq!(Status::usual(code), Status { code, state });
    }
    for code in [Some(16.5), Some(f64::NAN), Some(f64::INFINITY), Some(9_007_199_254_740_992.0), None] {
        assert_eq!(Status::decode_number(code, &profile).unwrap_err().code(), "bad-status");
    }
}

#[test]
fn a_profile_names_states_and_is_checked() {
    let profile: Profile =
        serde_json::from_value(json!({ "statuses": { "2": "waiting", "64": "failed" } })).unwrap();
    assert_eq!(Status::decode(2, &profile).state, State::Waiting);
    assert_eq!(Status::decode(16, &profile).state, State::Signed);
    assert!(Status::decode(64, &profile).state.is_final());
    for wrong in [
        json!({ "2": "done" }),
        json!({ "two": "waiting" }),
        json!({ "02": "waiting" }),
        json!({ "2": "unknown" }),
    ] {
        assert_eq!(Profile::read(&json!({ "statuses": wrong })).unwrap_err().code(), "bad-profile");
    }
}

#[test]
fn the_public_key_is_found_where_the_profile_says() {
    let key = include_str!("fixtures/rsa2048.spki.txt");
    let read = |value: Value, profile: &Profile| ocisign::public_key(&value, None, profile);
    let by_operation = json!({ "productOperations": [
        { "id": "x", "operationType": "SignDigest", "token": { "publicKey": "bm8=" } },
        { "id": "o", "operationType": "SignOCI", "token": { "keyType": "RSA2048", "publicKey": key } },
    ] });
    let found = read(by_operation.clone(), &Profile::default()).unwrap();
    assert_eq!(found.key_type(), KeyType::Rsa2048);

    let elsewhere = Profile { public_key_path: "secrets.tokenInfo[].publicKey".into(), ..Profile::default() };
    let secrets = json!({ "productOperations": by_operation["productOperations"], "secrets": { "tokenInfo": [{ "publicKey": key }, { "other": 1 }] } });
    assert_eq!(read(secrets, &elsewhere).unwrap(), found);

    assert_eq!(read(by_operation.clone(), &elsewhere).unwrap_err().code(), "bad-public-key");
    let ec = include_str!("fixtures/secp256r1.spki.txt");
    let two = json!({ "productOperations": by_operation["productOperations"], "secrets": { "tokenInfo": [{ "publicKey": key }, { "publicKey": ec }] } });
    assert_eq!(read(two, &elsewhere).unwrap_err().code(), "bad-public-key");
    let mut lying = by_operation;
    lying["productOperations"][1]["token"]["publicKey"] = json!(ec);
    let error = read(lying, &Profile::default()).unwrap_err();
    assert!(error.message().contains("secp256r1") && error.message().contains("RSA2048"), "{error}");
}

/// The fixtures and their fingerprints were made with openssl; see tests/fixtures/README.md.
#[test]
fn keys_become_the_pem_and_fingerprint_that_openssl_writes() {
    for (spki, pem, fingerprint, key_type) in [
        (
            include_str!("fixtures/rsa2048.spki.txt"),
            include_str!("fixtures/rsa2048.pem"),
            include_str!("fixtures/rsa2048.sha256"),
            KeyType::Rsa2048,
        ),
        (
            include_str!("fixtures/rsa3072.spki.txt"),
            include_str!("fixtures/rsa3072.pem"),
            include_str!("fixtures/rsa3072.sha256"),
            KeyType::Rsa3072,
        ),
        (
            include_str!("fixtures/rsa4096.spki.txt"),
            include_str!("fixtures/rsa4096.pem"),
            include_str!("fixtures/rsa4096.sha256"),
            KeyType::Rsa4096,
        ),
        (
            include_str!("fixtures/secp256r1.spki.txt"),
            include_str!("fixtures/secp256r1.pem"),
            include_str!("fixtures/secp256r1.sha256"),
            KeyType::Secp256r1,
        ),
        (
            include_str!("fixtures/secp384r1.spki.txt"),
            include_str!("fixtures/secp384r1.pem"),
            include_str!("fixtures/secp384r1.sha256"),
            KeyType::Secp384r1,
        ),
        (
            include_str!("fixtures/secp521r1.spki.txt"),
            include_str!("fixtures/secp521r1.pem"),
            include_str!("fixtures/secp521r1.sha256"),
            KeyType::Secp521r1,
        ),
    ] {
        for text in [spki, pem] {
            let key = PublicKey::read(text).unwrap();
            assert_eq!(key.key_type(), key_type);
            assert_eq!(key.pem(), pem);
            assert_eq!(key.fingerprint(), format!("sha256:{}", fingerprint.trim()));
        }
    }
}

#[test]
fn keys_that_are_none() {
    let good = PublicKey::read(include_str!("fixtures/rsa4096.pem")).unwrap();
    let mut longer = good.spki().to_vec();
    longer.push(0);
    for damaged in [&longer[..], &good.spki()[1..], &good.spki()[..100], &[]] {
        assert_eq!(PublicKey::from_spki_der(damaged).unwrap_err().code(), "bad-public-key");
    }
    for text in
        ["", "no key", "AAAA", include_str!("fixtures/rsa1024.pem"), include_str!("fixtures/ed25519.pem")]
    {
        assert_eq!(PublicKey::read(text).unwrap_err().code(), "bad-public-key", "{text}");
    }
}

#[test]
fn a_text_holds_one_public_key_whatever_stands_around_it() {
    let (rsa, ec) = (include_str!("fixtures/rsa2048.pem"), include_str!("fixtures/secp256r1.pem"));
    let private = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let key = PublicKey::read(rsa).unwrap();
    for text in [format!("{private}{rsa}"), format!("{rsa}{private}"), format!("Of 2026:\n{rsa}")] {
        assert_eq!(PublicKey::read(&text).as_ref(), Ok(&key), "{text}");
    }
    for (text, says) in [
        (format!("{rsa}{ec}"), "is `several keys`"),
        (format!("{rsa}{private}{ec}"), "is `several keys`"),
        (private.into(), "is `PRIVATE KEY`"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG jane@laptop".into(), "is `SSH key`"),
        ("jane@laptop".into(), "is not base64"),
    ] {
        let message = PublicKey::read(&text).unwrap_err().message();
        assert!(message.contains(says), "{text}: {message}");
    }
}

#[test]
fn base_urls() {
    for good in [
        "https://app.laavat.io/acme/api/v1",
        "https://app.laavat.io/acme/api/v1/",
        "https://[2001:db8::1]:8443/x",
    ] {
        BaseUrl::parse(good).unwrap();
    }
    for loopback in ["http://localhost:8088/x", "http://127.0.0.1/x", "http://[::1]:1/x"] {
        BaseUrl::parse(loopback).unwrap();
    }
    for bad in [
        "",
        "app.laavat.io",
        "ftp://a.b",
        "http://app.laavat.io/acme",
        "http://127.0.0.1.evil.com/",
        "https://u:p@a.b/",
        "https://a.b/?x=1",
        "https://a.b/#x",
        "https://a.b/ x",
        "https:///x",
        "https://a b/",
        "https://a.b:0/",
        "https://a.b\\@c.d/",
        "https://a.b/x/../y",
        "https://a.b/%2E%2e/x",
    ] {
        assert_eq!(BaseUrl::parse(bad).unwrap_err().code(), "bad-url", "{bad}");
    }
    let base = BaseUrl::parse("https://a.b/v1//").unwrap();
    assert_eq!(
        base.join("/imagesignings/{id}/approve", "../x?y"),
        "https://a.b/v1/imagesignings/..%2Fx%3Fy/approve"
    );
    for (route, url) in [
        ("", "https://a.b/v1/"),
        ("{id}", "https://a.b/v1/7"),
        ("//a/{id}/{id}", "https://a.b/v1/a/7/7"),
        ("{other}/{id}", "https://a.b/v1/{other}/7"),
        ("id}/{id", "https://a.b/v1/id}/{id"),
    ] {
        assert_eq!(base.join(route, "7"), url, "{route}");
    }
}

#[test]
fn tokens_are_checked_and_never_repeated() {
    assert_eq!(token::check(" abc.def-_~+/=\n").unwrap(), "abc.def-_~+/=");
    for (bad, says) in [
        ("{\"access_token\": \"secret\"}", "JSON at byte 0"),
        ("[\"secret\"]", "JSON at byte 0"),
        ("s\0e\0cret", "UTF-16"),
        ("sec\nret", "white space at byte 3"),
        ("s\u{e9}cret", "a character at byte 1"),
    ] {
        let message = token::check(bad).unwrap_err().message();
        assert!(message.contains(says) && !message.contains("cret"), "{message}");
    }
    for bad in ["", "  ", "Bearer secret", "se cret", "se\ncret", "sécret", "se\"cret"] {
        let error = token::check(bad).unwrap_err();
        assert_eq!(error.code(), "bad-token");
        assert!(!format!("{error:?}").contains("cret"), "{error:?}");
    }
}

#[test]
fn a_post_is_never_repeated_after_a_doubt() {
    let reply = |status| Event::Reply { status, retry_after: None };
    for event in
        [reply(500), reply(502), reply(503), reply(408), Event::NoReply, reply(301), reply(404), reply(0)]
    {
        assert_eq!(Exchange::new(Method::Post, Retry::default()).next(event, 0.5), Step::Fail, "{event:?}");
    }
    for event in [reply(500), reply(503), reply(408), Event::NoReply] {
        assert!(
            matches!(Exchange::new(Method::Get, Retry::default()).next(event, 0.5), Step::Wait(_)),
            "{event:?}"
        );
    }
    for method in [Method::Get, Method::Post] {
        let mut exchange = Exchange::new(method, Retry::default());
        assert_eq!(exchange.next(reply(401), 0.5), Step::AskToken);
        assert_eq!(exchange.next(reply(401), 0.5), Step::Fail, "a new token is tried once");
        let mut exchange = Exchange::new(method, Retry::default());
        let limited = Event::Reply { status: 429, retry_after: Some(3.0) };
        assert_eq!(exchange.next(limited, 0.5), Step::Wait(3000.0));
        assert_eq!(exchange.next(reply(201), 0.5), Step::Read);
        let as_long_as_possible = Event::Reply { status: 429, retry_after: Some(30.0) };
        assert_eq!(
            Exchange::new(method, Retry::default()).next(as_long_as_possible, 0.5),
            Step::Wait(30_000.0)
        );
        let for_an_hour = Event::Reply { status: 429, retry_after: Some(3600.0) };
        assert_eq!(Exchange::new(method, Retry::default()).next(for_an_hour, 0.5), Step::Fail);
    }
}

#[test]
fn tries_end_and_waits_grow_within_their_bounds() {
    let retry = Retry { attempts: 5, base_ms: 100.0, max_ms: 300.0 };
    let mut exchange = Exchange::new(Method::Get, retry);
    let waits: Vec<Step> = (0..5).map(|_| exchange.next(Event::NoReply, 1.0)).collect();
    let expected = [Step::Wait(100.0), Step::Wait(200.0), Step::Wait(300.0), Step::Wait(300.0), Step::Fail];
    assert_eq!(waits, expected);
    let mut poll = Poll::new(100.0, 200.0);
    assert_eq!(poll.wait(true, 1.0), 100.0);
    assert_eq!(poll.wait(false, 1.0), 150.0);
    assert_eq!(poll.wait(false, 0.0), 100.0, "half of 200");
    assert_eq!(poll.wait(true, 1.0), 100.0, "from the beginning again");
}

#[test]
fn failures_say_what_to_do() {
    for (status, code) in [
        (0, Code::Redirected),
        (302, Code::Redirected),
        (400, Code::BadRequest),
        (401, Code::Unauthorized),
        (403, Code::Forbidden),
        (404, Code::NotFound),
        (408, Code::Timeout),
        (409, Code::Conflict),
        (418, Code::BadRequest),
        (422, Code::BadRequest),
        (429, Code::RateLimited),
        (500, Code::ServerError),
        (503, Code::ServerError),
    ] {
        let error = call(Method::Get).failure("Reading the product", status, Some(7.0), Some("no"));
        assert_eq!(error.kind(), code);
        assert!(
            error.message().starts_with("Reading the product: ") && error.message().ends_with("It says: no")
        );
        assert!(!error.fix().is_empty());
    }
    let limited = call(Method::Post).failure("x", 429, Some(7.0), None);
    assert_eq!((limited.fix().as_str(), limited.taken()), ("Wait 7 seconds, then try again.", Taken::No));
    let silent = call(Method::Get).failure("Reading the product", 500, None, None);
    assert_eq!(silent.message(), "Reading the product: the service answered HTTP 500.");
    let limited = call(Method::Post).failure("x", 429, None, None);
    assert_eq!(limited.fix(), "Wait a while, then try again.");
}

#[test]
fn a_fix_fits_whoever_reads_it() {
    let fix = |status, said| call(Method::Get).failure("Reading", status, None, said).fix();
    // The service has given its reason: no other one is guessed beside it.
    assert_eq!(fix(403, None), "Ask the product's owner whether your groups may do this.");
    assert_eq!(
        fix(403, Some("Nobody approves their own request.")),
        "Ask the product's owner if that reason is wrong."
    );
    for status in [0, 302, 400, 401, 403, 404, 408, 409, 429, 500, 502, 503, 504] {
        for said in [None, Some("no")] {
            let fix = fix(status, said);
            assert!(!fix.contains("baseUrl"), "an approver knows no option of a program: {fix}");
            assert!(!fix.contains("groups") || said.is_none(), "{fix}");
        }
    }
}

fn call(method: Method) -> Exchange {
    Exchange::new(method, Retry::default())
}

#[test]
fn what_a_failed_call_may_have_done_is_known_from_its_status() {
    let (maybe, no) = (Taken::Maybe, Taken::No);
    for (status, expected) in [
        (None, maybe),
        (Some(0), maybe),
        (Some(302), maybe),
        (Some(408), maybe),
        (Some(500), maybe),
        (Some(504), maybe),
        (Some(599), maybe),
        (Some(200), maybe), // a success that could not be read
        (Some(400), no),
        (Some(401), no),
        (Some(403), no),
        (Some(404), no),
        (Some(409), no),
        (Some(422), no),
        (Some(429), no),
        (Some(499), no),
    ] {
        assert_eq!(call(Method::Post).taken(status), expected, "POST {status:?}");
        assert_eq!(call(Method::Get).taken(status), no, "GET {status:?}");
    }
}

#[test]
fn only_a_caller_that_acts_is_told_to_look_first() {
    for status in [0, 301, 408, 500, 503] {
        let error = call(Method::Post).failure("Approving", status, None, None);
        assert!(error.fix().ends_with(LOOK_FIRST) && error.taken() == Taken::Maybe, "{error}");
        let error = call(Method::Get).failure("Reading", status, None, None);
        assert!(!error.fix().contains(LOOK_FIRST) && error.taken() == Taken::No, "{error}");
    }
    assert!(
        call(Method::Post).failure("x", 307, None, None).fix().starts_with("Correct the service's address")
    );
    assert_eq!(Reference::parse("").unwrap_err().taken(), Taken::No);
}

#[test]
fn this_machine_has_few_names() {
    for own in [
        "localhost",
        "LOCALHOST:5000",
        "registry.localhost",
        "a.b.Localhost:1",
        "127.0.0.1",
        "127.255.255.255:65535",
        "[::1]",
        "[::1]:5000",
    ] {
        assert!(is_loopback(own), "{own}");
    }
    for other in [
        "",
        "localhost.",
        ".localhost",
        "localhost:",
        "localhost:0",
        "localhost.example",
        "notlocalhost",
        "evil.example/.localhost",
        "user@x.localhost",
        "127.0.0.1.example",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "0x7f.0.0.1",
        "127.0.0.0x1",
        "0177.0.0.1",
        "127.0.0.01",
        "127.0.0.256",
        "2130706433",
        "0.0.0.0",
        "10.0.0.1",
        "::1",
        "[::2]",
        "[::1",
        "[::ffff:7f00:1]",
    ] {
        assert!(!is_loopback(other), "{other}");
    }
}

#[test]
fn an_ipv4_address_has_one_spelling() {
    for strange in
        ["127.1", "0x7f.0.0.1", "0x7F000001", "2130706433", "0177.0.0.1", "1.2.3", "a.0x", "a.1", "0x"]
    {
        for url in [format!("http://{strange}/x"), format!("https://{strange}:8443/x")] {
            let error = BaseUrl::parse(&url).unwrap_err();
            assert_eq!(error.code(), "bad-url", "{url}");
            assert!(error.message().contains("not in its plain form"), "{error}");
        }
        let input = ProductInput { registry: strange.into(), ..definition(None) };
        let error = product::build(input, &Profile::default()).unwrap_err();
        assert_eq!((error.code(), error.offset()), ("registry-invalid", Some(0)), "{strange}");
    }
}

#[test]
fn urls_are_checked_under_the_name_that_they_are_given() {
    assert_eq!(check_url("https://a.b/c//", "The mirror").unwrap(), "https://a.b/c");
    assert_eq!(check_url("http://x.localhost:80", "The mirror").unwrap(), "http://x.localhost:80");
    for wrong in ["", "a.b", "http://a.b", "https://u@a.b", "https://a.b?x", "https://a.b#x", "https://a_b"] {
        let error = check_url(wrong, "The mirror").unwrap_err();
        assert!(error.code() == "bad-url" && error.message().starts_with("The mirror "), "{error}");
        assert!(!error.fix().contains("laavat"), "{error}");
    }
    for url in ["https://a_b/c", "http://ab_/c"] {
        let place = url.find('_').unwrap();
        let message = check_url(url, "The mirror").unwrap_err().message();
        assert!(message.ends_with(&format!("has `_` at byte {place}.")), "{url}: {message}");
    }
    let error = check_url("https://user:secret@a.b/c", "The mirror").unwrap_err();
    assert!(!format!("{error:?} {error}").contains("secret"));
}

#[test]
fn digests_are_told_from_other_texts() {
    for (algorithm, digits) in [("sha256", 64), ("sha384", 96), ("sha512", 128)] {
        assert!(is_digest(&format!("{algorithm}:{}", "a".repeat(digits))));
        assert!(!is_digest(&format!("{algorithm}:{}", "A".repeat(digits))));
        for wrong in [digits - 1, digits + 1, digits + 32, 2 * digits] {
            assert!(!is_digest(&format!("{algorithm}:{}", "a".repeat(wrong))), "{algorithm}: {wrong}");
        }
    }
    for other in ["", "sha256", "sha256:", "md5:00", "SHA256:00"] {
        assert!(!is_digest(other), "{other}");
    }
}

/// What [`artifact_of`] says, in one line.
fn artifact_in(request: &Value) -> String {
    match artifact_of(&request) {
        RequestedArtifact::Image { text, reference, .. } => format!("{text} {}", reference.canonical()),
        RequestedArtifact::None => "none".to_owned(),
        RequestedArtifact::Several(parameters) => format!("several {parameters}"),
        RequestedArtifact::Unreadable { encoded, text, error } => {
            format!("{} {encoded} [{text}]", error.code())
        }
    }
}

#[test]
fn a_request_names_one_image_or_none_or_several_or_something_else() {
    let with = |parameters: Value| json!({ "payload": { "optionalParameters": parameters } });
    let encoded = artifact_uri::encode(&image("a.b"));
    let canonical = image("a.b").canonical();
    let twice = json!([{ "artifactURI": encoded }, { "artifactURI": encoded }]);
    for (request, expected) in [
        (with(json!([{ "artifactURI": encoded }])), format!("{canonical} {canonical}")),
        (with(json!([{ "artifactURI": encoded, "else": 1 }])), format!("{canonical} {canonical}")),
        (with(twice.clone()), format!("several {twice}")),
        (with(json!([1, 2])), "several [1,2]".into()),
        (with(json!([{ "artifactURI": "?" }])), r#"bad-base64 "?" []"#.into()),
        (with(json!([{ "artifactURI": "/w==" }])), r#"bad-utf8 "/w==" []"#.into()),
        (with(json!([{ "artifactURI": "YWI=" }])), r#"registry-missing "YWI=" [ab]"#.into()),
        (with(json!([{ "artifactURI": ["YWI="] }])), r#"bad-input ["YWI="] []"#.into()),
        (with(json!([{ "artifactURI": "" }])), "none".into()),
        (with(json!([{ "artifactURI": null }])), "none".into()),
        (with(json!([null])), "none".into()),
        (with(json!(["a"])), "none".into()),
        (with(json!([])), "none".into()),
        (with(json!({ "artifactURI": encoded })), "none".into()),
        (json!({ "payload": 7 }), "none".into()),
        (json!(null), "none".into()),
        (json!("text"), "none".into()),
    ] {
        assert_eq!(artifact_in(&request), expected, "{request}");
    }
}

#[test]
fn a_products_operations_and_registries_are_picked_from_whatever_it_is() {
    let product = json!({
        "productOperations": [
            { "operationType": "SignDigest" }, { "id": 1, "operationType": "SignOCI" }, null, 3,
            { "id": 2, "operationType": "SIGN_OCI", "more": [] }, { "operationType": ["SignOCI"] },
        ],
        "productConfigItems": [
            { "name": "RegistryURL", "value": 7 }, { "name": "Other" }, null, { "name": "RegistryURL" },
        ],
    });
    let found: Vec<&Value> = signing_operations(&&product).collect();
    assert_eq!(found, [&product["productOperations"][1], &product["productOperations"][4]]);
    assert!(registries_of(&&product).eq([&json!(7), &Value::Null]));
    for other in [json!(null), json!([]), json!({ "productOperations": {}, "productConfigItems": "x" })] {
        assert_eq!((signing_operations(&&other).count(), registries_of(&&other).count()), (0, 0), "{other}");
    }
}

#[test]
fn the_payload_is_cosigns() {
    let payload = simple_signing::payload(&image("a.b"));
    let read: Value = serde_json::from_str(&payload).unwrap();
    assert_eq!(read["critical"]["identity"]["docker-reference"], "a.b/app");
    assert_eq!(read["critical"]["image"]["docker-manifest-digest"], format!("sha256:{}", "0".repeat(64)));
    assert_eq!(read["critical"]["type"], "cosign container image signature");
    assert_eq!(serde_json::to_string(&read).unwrap(), payload, "no white space");
}

#[test]
fn a_table_has_one_text_for_each_name() {
    let mut table = Table::default();
    for (name, text) in [("a", "1"), ("b", "2"), ("a", "3"), ("b", "4"), ("c", "5")] {
        table.set(name, text);
    }
    assert!(table.iter().eq([("a", "3"), ("b", "4"), ("c", "5")]));
    assert_eq!((table.get("b"), table.get("d")), (Some("4"), None));
}

#[test]
fn an_error_shows_all_that_it_says() {
    let error = call(Method::Post).failure("Approving", 500, None, None);
    assert_eq!(error.to_string(), format!("{} {}", error.message(), error.fix()));
    let shown = format!("{error:?}");
    for part in ["ServerError", error.message().as_str(), error.fix().as_str(), "offset: None", "Maybe"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert_eq!([Taken::No, Taken::Maybe].map(Taken::as_str), ["no", "maybe"]);
}

#[test]
fn codes_are_stable_names() {
    let mut names: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert!(
        names
            .iter()
            .all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
    );
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Code::ALL.len());
}
