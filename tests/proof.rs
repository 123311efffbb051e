//! The steps of a proof, without cryptography: what each refuses, and in which order.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use base64::{Engine, engine::general_purpose::STANDARD};
use ocisign::{
    PublicKey, Reference,
    proof::{self, Candidate, Finding, Role, Seen, State, Untrusted},
    simple_signing, strict_json,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const DIGEST: &str = "sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";

fn image() -> Reference {
    Reference::parse(&format!("registry.example/team/app@{DIGEST}")).unwrap()
}

fn rsa() -> PublicKey {
    PublicKey::read(include_str!("fixtures/rsa2048.pem")).unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold("sha256:".to_owned(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn layer(blob: &[u8]) -> Value {
    json!({
        "mediaType": "application/vnd.dev.cosign.simplesigning.v1+json",
        "digest": sha256(blob), "size": blob.len(),
        "annotations": { "dev.cosignproject.cosign/signature": "c2ln" }
    })
}

fn bundle_layer(blob: &[u8]) -> Value {
    json!({ "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "digest": sha256(blob), "size": blob.len() })
}

fn candidates(layers: Value) -> Vec<ocisign::Result<Candidate>> {
    proof::candidates(
        json!({ "schemaVersion": 2, "layers": layers }).to_string().as_bytes(),
        Role::Signatures,
    )
    .unwrap()
}

/// A blob as if its signature had been found to hold.
fn about(layer: Value, blob: &[u8]) -> ocisign::Result<proof::Binding> {
    let candidate = candidates(json!([layer])).pop().unwrap()?;
    let untrusted: Untrusted = candidate.open(blob.to_vec())?;
    let holds = untrusted.questions(&rsa())?.pop().unwrap().answered(true).unwrap();
    untrusted.verified(holds).about(&image())
}

fn payload() -> Value {
    serde_json::from_str(&simple_signing::payload(&image())).unwrap()
}

#[test]
fn the_right_payload_is_about_the_image() {
    let text = simple_signing::payload(&image());
    assert!(about(layer(text.as_bytes()), text.as_bytes()).unwrap().repository_bound);
    let spaced = serde_json::to_string_pretty(&payload()).unwrap();
    assert!(about(layer(spaced.as_bytes()), spaced.as_bytes()).is_ok(), "spelled in another way");
    let mut creator = payload();
    creator["optional"] = json!({ "creator": "cosign", "timestamp": 1 });
    let creator = creator.to_string();
    assert!(about(layer(creator.as_bytes()), creator.as_bytes()).is_ok());
}

#[test]
fn a_payload_about_anything_else_is_refused() {
    let changed = |change: fn(&mut Value)| {
        let mut payload = payload();
        change(&mut payload);
        payload.to_string()
    };
    for (text, said) in [
        (changed(|p| p["critical"]["type"] = json!("atomic container signature")), "of type"),
        (
            changed(|p| p["critical"]["image"]["docker-manifest-digest"] = json!(DIGEST.replace('3', "4"))),
            "another image",
        ),
        (
            changed(|p| p["critical"]["identity"]["docker-reference"] = json!("registry.example/team/other")),
            "another repository",
        ),
        (
            changed(|p| {
                p["critical"]["identity"]["docker-reference"] = json!("registry.example.evil.com/team/app")
            }),
            "another repository",
        ),
        (
            changed(|p| {
                p["critical"]["identity"]["docker-reference"] = json!("registry.example/team/app:tag")
            }),
            "another repository",
        ),
        (changed(|p| p["extra"] = json!(1)), "unknown field"),
        (changed(|p| p["critical"]["extra"] = json!(1)), "unknown field"),
        (changed(|p| p["critical"]["image"]["extra"] = json!(1)), "unknown field"),
        (changed(|p| p["critical"]["identity"]["extra"] = json!(1)), "unknown field"),
        (changed(|p| p["optional"] = json!([])), "not an object"),
        (changed(|p| drop(p.as_object_mut().unwrap().remove("optional"))), "all of the fields"),
        (changed(|p| p["critical"]["type"] = json!(7)), "not a string"),
        (simple_signing::payload(&image()).replace("\"optional\"", "\"critical\":{},\"optional\""), "twice"),
        (simple_signing::payload(&image()) + " {}", "followed"),
        ("\u{feff}".to_owned() + &simple_signing::payload(&image()), "damaged"),
        ("[]".to_owned(), "not an object"),
        (String::new(), "damaged"),
    ] {
        let error = about(layer(text.as_bytes()), text.as_bytes()).unwrap_err();
        assert_eq!(error.code(), "bad-signature", "{text}");
        assert!(error.message().contains(said), "{text}: {error}");
    }
}

#[test]
fn docker_hub_has_two_names() {
    let hub = Reference::parse(&format!("docker.io/library/nginx@{DIGEST}")).unwrap();
    let text = simple_signing::payload(&hub).replace("docker.io", "index.docker.io");
    let short = Reference::parse(&format!("docker.io/nginx@{DIGEST}")).unwrap();
    let untrusted =
        candidates(json!([layer(text.as_bytes())])).pop().unwrap().unwrap().open(text.into_bytes()).unwrap();
    let holds = untrusted.questions(&rsa()).unwrap().pop().unwrap().answered(true).unwrap();
    let verified = untrusted.verified(holds);
    assert!(verified.about(&hub).is_ok());
    assert!(verified.about(&short).is_ok(), "official images live in library/");
}

#[test]
fn a_blob_must_be_the_one_that_was_named() {
    let text = simple_signing::payload(&image()).into_bytes();
    let candidate = || candidates(json!([layer(&text)])).pop().unwrap().unwrap();
    let mut changed = text.clone();
    changed[20] ^= 1;
    for wrong in [changed, text[1..].to_vec(), Vec::new()] {
        assert_eq!(candidate().open(wrong).err().unwrap().code(), "bad-signature");
    }
    for signature in ["", "c2ln c2ln", "c2l", "c2lnc2ln=", "!", "c2ln-_"] {
        let mut layer = layer(&text);
        layer["annotations"]["dev.cosignproject.cosign/signature"] = json!(signature);
        let error = about(layer, &text).unwrap_err();
        assert!(error.message().contains("base64"), "{signature}: {error}");
    }
    let mut wrapped = layer(&text);
    wrapped["annotations"]["dev.cosignproject.cosign/signature"] = json!("c2\r\nln\n");
    assert!(about(wrapped, &text).is_ok());
}

fn statement() -> Value {
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "digest": { "sha256": DIGEST.split(':').nth(1).unwrap() } }],
        "predicateType": "https://sigstore.dev/cosign/sign/v1",
        "predicate": {}
    })
}

fn bundle(statement: &Value) -> Value {
    json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": { "publicKey": { "hint": "x" } },
        "dsseEnvelope": {
            "payload": STANDARD.encode(statement.to_string()),
            "payloadType": "application/vnd.in-toto+json",
            "signatures": [{ "sig": "c2ln" }]
        }
    })
}

#[test]
fn a_bundle_binds_the_digest_and_no_repository() {
    let blob = bundle(&statement()).to_string().into_bytes();
    assert!(!about(bundle_layer(&blob), &blob).unwrap().repository_bound);
    let untrusted = candidates(json!([bundle_layer(&blob)])).pop().unwrap().unwrap().open(blob).unwrap();
    let key = rsa();
    let questions = untrusted.questions(&key).unwrap();
    assert!(questions[0].message.starts_with(b"DSSEv1 28 application/vnd.in-toto+json "));
}

#[test]
fn a_bundle_about_anything_else_is_refused() {
    let with = |change: fn(&mut Value)| {
        let mut statement = statement();
        change(&mut statement);
        bundle(&statement)
    };
    let around = |change: fn(&mut Value)| {
        let mut bundle = bundle(&statement());
        change(&mut bundle);
        bundle
    };
    for (bundle, said) in [
        (with(|s| s["predicateType"] = json!("https://spdx.dev/Document")), "not that the image was signed"),
        (with(|s| s["_type"] = json!("https://in-toto.io/Statement/v0.1")), "of type"),
        (with(|s| s["subject"][0]["digest"]["sha256"] = json!("00")), "another image"),
        (with(|s| s["subject"] = json!([])), "0 subjects"),
        (
            with(|s| {
                let first = s["subject"][0].clone();
                s["subject"] = json!([first, first])
            }),
            "2 subjects",
        ),
        (with(|s| s["subject"][0]["digest"]["sha512"] = json!("00")), "exactly one digest"),
        (with(|s| s["extra"] = json!(1)), "unknown field"),
        (
            around(|b| b["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.2")),
            "only v0.3",
        ),
        (around(|b| b["dsseEnvelope"] = json!(null)), "no DSSE envelope"),
        (around(|b| b["dsseEnvelope"]["payloadType"] = json!("text/plain")), "not an in-toto"),
        (around(|b| b["dsseEnvelope"]["payload"] = json!("!")), "not base64"),
        (around(|b| b["dsseEnvelope"]["signatures"] = json!([])), "0 signatures"),
        (
            around(|b| b["dsseEnvelope"]["signatures"] = json!([{ "sig": "c2ln" }, { "sig": "c2ln" }])),
            "2 signatures",
        ),
    ] {
        let blob = bundle.to_string().into_bytes();
        let error = about(bundle_layer(&blob), &blob).unwrap_err();
        assert_eq!(error.code(), "bad-signature");
        assert!(error.message().contains(said), "{said}: {error}");
    }
}

#[test]
fn manifests_that_are_none() {
    let good = layer(b"x");
    let many: Vec<Value> = (0..1001).map(|_| good.clone()).collect();
    for (manifest, said) in [
        (json!({ "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [] }), "of type"),
        (json!({ "mediaType": "text/html", "layers": [good] }), "of type"),
        (json!({ "layers": [] }), "no signature"),
        (json!({}), "no signature"),
        (json!({ "layers": many }), "1001 signatures"),
    ] {
        let error = proof::candidates(manifest.to_string().as_bytes(), Role::Signatures).unwrap_err();
        assert!(error.message().contains(said), "{error}");
    }
    for bytes in [&b"<html>"[..], b"", b"{\"layers\":[],\"layers\":[]}", &[0xff]] {
        assert_eq!(proof::candidates(bytes, Role::Signatures).unwrap_err().code(), "bad-signature");
    }
    let wrong = |change: fn(&mut Value)| {
        let mut layer = layer(b"x");
        change(&mut layer);
        layer
    };
    let layers = json!([
        wrong(|l| l["mediaType"] = json!("application/octet-stream")),
        wrong(|l| l["size"] = json!(200 * 1024 * 1024)),
        wrong(|l| l["size"] = json!(-1)),
        wrong(|l| l["digest"] = json!("sha256:00")),
        wrong(|l| drop(l.as_object_mut().unwrap().remove("annotations"))),
        good,
    ]);
    let found = candidates(layers);
    assert_eq!(found.iter().filter(|it| it.is_err()).count(), 5);
    assert!(found[5].is_ok(), "one good among bad ones");
}

#[test]
fn a_referrer_may_be_something_else() {
    let sbom = json!({ "mediaType": "application/spdx+json", "digest": sha256(b"x"), "size": 1 });
    let names =
        |layers: Value| proof::candidates(json!({ "layers": layers }).to_string().as_bytes(), Role::Referrer);
    assert_eq!(names(json!([sbom])).unwrap(), []);
    assert_eq!(names(json!([])).unwrap(), []);
    assert_eq!(names(json!([sbom, bundle_layer(b"x")])).unwrap().len(), 1);
    assert!(
        names(json!([{ "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json" }])).unwrap()[0].is_err()
    );
}

#[test]
fn ec_signatures_become_fixed_length_and_der_is_strict() {
    let key = PublicKey::read(include_str!("fixtures/secp384r1.pem")).unwrap();
    let ask = |der: &[u8]| {
        let text = simple_signing::payload(&image()).into_bytes();
        let mut layer = layer(&text);
        layer["annotations"]["dev.cosignproject.cosign/signature"] = json!(STANDARD.encode(der));
        let untrusted = candidates(json!([layer])).pop().unwrap().unwrap().open(text).unwrap();
        let questions = untrusted.questions(&key)?;
        Ok::<_, ocisign::Error>(
            questions.iter().map(|q| (q.algorithm.hash, q.signature.clone())).collect::<Vec<_>>(),
        )
    };
    let small = [0x30, 0x07, 0x02, 0x02, 0x00, 0x81, 0x02, 0x01, 0x02];
    let asked = ask(&small).unwrap();
    assert_eq!(asked.iter().map(|(hash, _)| *hash).collect::<Vec<_>>(), ["SHA-256", "SHA-384"]);
    let signature = &asked[0].1;
    assert_eq!((signature.len(), signature[47], signature[95]), (96, 0x81, 0x02));
    let negative = [0x30, 0x06, 0x02, 0x01, 0x81, 0x02, 0x01, 0x02];
    let trailing = [&small[..], &[0]].concat();
    let long_form = [0x30, 0x81, 0x07, 0x02, 0x02, 0x00, 0x81, 0x02, 0x01, 0x02];
    let large = [&[0x30, 0x36, 0x02, 0x31][..], &[0x7f; 49], &[0x02, 0x01, 0x02]].concat();
    for wrong in [&negative[..], &trailing, &long_form, &large, &small[..5], &[0x42; 96]] {
        assert_eq!(ask(wrong).unwrap_err().code(), "bad-signature", "{wrong:?}");
    }
}

#[test]
fn referrers_that_may_sign_are_listed_once() {
    let index = json!({ "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
        { "digest": DIGEST, "artifactType": "application/vnd.dev.sigstore.bundle.v0.3+json" },
        { "digest": DIGEST, "artifactType": "application/vnd.dev.sigstore.bundle.v0.3+json" },
        { "digest": sha256(b"sbom"), "artifactType": "application/spdx+json" },
    ] });
    assert_eq!(proof::referrer_digests(index.to_string().as_bytes()).unwrap(), [DIGEST]);
    for wrong in [json!({ "mediaType": "text/html" }), json!({ "manifests": [{}] }), json!([])] {
        assert_eq!(
            proof::referrer_digests(wrong.to_string().as_bytes()).err().map(|e| e.code()).unwrap_or("none"),
            "bad-signature",
            "{wrong}"
        );
    }
}

#[test]
fn one_verdict_from_all() {
    let key = |name: &str| Finding { key: Some(name.into()) };
    let none = || Finding { key: None };
    for (findings, threshold, seen, state) in [
        (vec![], 1, Seen::All, State::Unsigned),
        (vec![], 1, Seen::NotAll, State::Unreachable),
        (vec![none()], 1, Seen::All, State::Invalid),
        (vec![none()], 1, Seen::NotAll, State::Unreachable),
        (vec![none(), key("a"), none()], 1, Seen::All, State::Verified),
        (vec![key("a")], 1, Seen::NotAll, State::Verified),
        (vec![key("a"), key("a")], 2, Seen::All, State::Invalid),
        (vec![key("a"), key("b")], 2, Seen::All, State::Verified),
        (vec![none()], 0, Seen::All, State::Invalid),
        (vec![key("a")], 1, Seen::NotTheImage, State::Unreachable),
        (vec![], 1, Seen::NotTheImage, State::Unreachable),
    ] {
        assert_eq!(
            proof::verdict(&findings, threshold, seen).state,
            state,
            "{findings:?} {threshold} {seen:?}"
        );
    }
}

#[test]
fn strict_json_takes_what_serde_takes_but_duplicates_and_depth() {
    for text in [
        "null",
        "true",
        " false ",
        "0",
        "-0.5e+3",
        "\"\"",
        r#""a\"\\\/\b\f\n\r\té😀é""#,
        "[]",
        "[1,[2,{}]]",
        "{}",
        r#"{"a":1,"b":{"a":2}}"#,
        "",
        "nul",
        "01",
        "1.",
        "-",
        "+1",
        ".5",
        "1e",
        "\"",
        "\"\u{1}\"",
        r#""\x""#,
        r#""\u12""#,
        r#""\ud83d""#,
        r#""\ude00""#,
        "[1,]",
        "[1 2]",
        "{,}",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        "{a:1}",
        "[",
        "]",
        "1 2",
        "\u{feff}1",
        "'a'",
        "NaN",
    ] {
        assert_eq!(
            strict_json::parse(text.as_bytes()).is_ok(),
            serde_json::from_str::<Value>(text).is_ok(),
            "{text:?}"
        );
    }
    assert!(strict_json::parse(br#"{"a":1,"a":1}"#).is_err());
    assert!(strict_json::parse(br#"{"a":1,"\u0061":1}"#).is_err(), "the same name, spelled in another way");
    assert!(strict_json::parse(&[b'"', 0xc3, b'"']).is_err());
    assert!(strict_json::parse("[".repeat(31).as_bytes()).is_err());
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(strict_json::parse(deep(32).as_bytes()).is_ok());
    assert!(strict_json::parse(deep(33).as_bytes()).is_err());
    let names = |count: usize| {
        format!("{{{}}}", (0..count).map(|i| format!("\"{i}\":0")).collect::<Vec<_>>().join(","))
    };
    assert!(strict_json::parse(names(200).as_bytes()).is_ok());
    assert!(strict_json::parse(names(100_000).as_bytes()).is_err(), "and not after minutes");
    assert!(strict_json::parse("[".repeat(1_000_000).as_bytes()).is_err());
}
