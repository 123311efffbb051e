//! What holds for all inputs of a kind: made by a grammar, and made small when one breaks it. They go through the bodies of
//! `fuzz/`, too.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::{fmt::Debug, net::Ipv4Addr, thread};

use ocisign::{
    Reference, read_registry,
    signing_request::{self, SigningInput},
    wire::ConfigItem,
};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Map, Value, json};

/// Runs a property on inputs that one seed makes. It names the smallest input that breaks it, and the command for that.
fn for_all<S: Strategy>(inputs: S, holds: impl Fn(S::Value))
where
    S::Value: Debug,
{
    let seed =
        std::env::var("SEED").map_or_else(|_| u64::from(std::process::id()), |text| text.parse().unwrap());
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases: 200, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let outcome = runner.run(&inputs, |input| {
        holds(input);
        Ok(())
    });
    if let Err(broken) = outcome {
        let this = thread::current();
        let name = this.name().unwrap_or_default();
        panic!("{broken}\nreproduce: SEED={seed} cargo test --locked --test properties {name}");
    }
}

#[test]
fn any_bytes_keep_the_promises_of_every_target() {
    for (_, body) in fuzz::TARGETS {
        for_all(vec(any::<u8>(), 0..64), |bytes| body(&bytes));
        for_all(".{0,40}", |text| body(text.as_bytes()));
    }
}

#[test]
fn a_reference_that_is_written_by_the_grammar_is_read_with_its_parts() {
    for_all(reference(), |(domain, path, tag, digest)| {
        let written = written(&domain, &path, tag.as_deref(), &digest);
        let image = Reference::parse(&written).unwrap();
        let is_official = image.registry() == "docker.io" && !path.contains('/');
        assert_eq!(image.registry(), read_registry(&domain).unwrap());
        assert_eq!(image.repository(), if is_official { format!("library/{path}") } else { path });
        assert_eq!((image.tag(), image.digest()), (tag.as_deref(), digest.as_str()));
        fuzz::reference(written.as_bytes());
    });
}

#[test]
fn a_reference_with_a_few_changes_is_one_or_names_its_fault() {
    for_all((reference(), changes()), |((domain, path, tag, digest), changes)| {
        let text = changed(&written(&domain, &path, tag.as_deref(), &digest), &changes);
        fuzz::reference(text.as_bytes());
        fuzz::lines([&text, "\n", &text].concat().as_bytes());
        fuzz::simple_signing(path.as_bytes());
        fuzz::url(["https://", &text].concat().as_bytes());
    });
}

#[test]
fn a_list_is_its_lines() {
    let line = prop_oneof![
        reference().prop_map(|(domain, path, tag, digest)| written(&domain, &path, tag.as_deref(), &digest)),
        "[a-z/:@#. ]{0,12}",
        Just(String::new()),
    ];
    let ending = select(vec!["\n", "\r\n", "\n\n", "\r", ""]);
    for_all(vec((line, ending), 0..12), |lines| {
        let text: String = lines.iter().flat_map(|(line, ending)| [line.as_str(), ending]).collect();
        fuzz::lines(text.as_bytes());
        fuzz::lines(["\u{feff}", &text].concat().as_bytes());
    });
}

#[test]
fn what_is_encoded_is_decoded() {
    for_all(vec(any::<u8>(), 0..300), |bytes| fuzz::base64(&bytes));
    for_all(".{0,100}", |text| fuzz::artifact_uri(text.as_bytes()));
    for_all("[A-Za-z0-9+/]{0,20}[=\n\r A-Za-z]{0,4}", |text| {
        fuzz::base64(text.as_bytes());
        fuzz::artifact_uri(text.as_bytes());
    });
}

#[test]
fn a_request_asks_for_its_image_and_says_its_texts() {
    let item = (".{0,12}", ".{0,12}").prop_map(|(name, value)| ConfigItem { name, value });
    let texts = (".{1,12}", ".{1,12}", option::of(".{0,20}"), option::of("(.|\n|\t){0,40}"), vec(item, 0..4));
    for_all((reference(), texts), |((domain, path, tag, digest), texts)| {
        let (product, operation, name, description, metadata) = texts;
        let artifact = written(&domain, &path, tag.as_deref(), &digest);
        let input = SigningInput {
            product_id: Some(product.clone()),
            operation_id: Some(operation.clone()),
            artifact: artifact.clone(),
            name: name.clone(),
            description: description.clone(),
            metadata: metadata.clone(),
            ..SigningInput::default()
        };
        let Ok(body) = signing_request::build(input) else { return };
        let asked = signing_request::artifact(&body).unwrap();
        assert_eq!(asked.canonical(), Reference::parse(&artifact).unwrap().canonical());
        assert_eq!((body.product_id, body.id_product_operation), (product, operation));
        assert_eq!(body.name, name.unwrap_or("OCI signing".into()));
        assert_eq!(body.description, description.unwrap_or_default());
        assert_eq!(body.payload.metadata, metadata);
    });
}

#[test]
fn any_json_is_read_alike_by_both_readers() {
    for_all(value(), |value| {
        let text = value.to_string();
        for body in [fuzz::json, fuzz::product, fuzz::product_input, fuzz::signing_request, fuzz::profile] {
            body(text.as_bytes());
        }
    });
}

#[test]
fn a_product_of_the_right_shape_is_read_alike_by_both_readers() {
    for_all((texts(4), value(), value()), |(texts, operation, item)| {
        let operations = json!([operation, { "id": texts[0], "name": texts[1], "operationType": "SignOCI" }]);
        let items = json!([{ "name": "RegistryURL", "value": texts[2] }, item]);
        let product = json!({ "id": texts[3], "productOperations": operations, "productConfigItems": items });
        fuzz::product(product.to_string().as_bytes());
        let request = json!({ "product": product, "artifact": texts[2], "metadata": [item, operation] });
        fuzz::signing_request(request.to_string().as_bytes());
    });
}

#[test]
fn a_profile_of_the_right_shape_is_read_again_as_it_is() {
    let code = prop_oneof![any::<i64>().prop_map(|code| code.to_string()), "-?[0-9]{1,20}", text()];
    let state =
        select(vec!["new", "waiting", "approved", "signing", "signed", "rejected", "failed", "unknown"]);
    let key_type = select(vec!["RSA2048", "RSA4096", "secp256r1", "secp521r1", "P256"]);
    let tables = (vec((code, state), 0..4), vec((key_type, text()), 0..4), text(), any::<[u8; 8]>());
    for_all(tables, |(statuses, key_types, path, number)| {
        let statuses: Map<String, Value> = statuses.into_iter().map(|(code, it)| (code, it.into())).collect();
        let key_types: Map<String, Value> =
            key_types.into_iter().map(|(name, it)| (name.into(), it.into())).collect();
        let profile = json!({
            "statuses": statuses, "keyTypes": key_types, "publicKeyPath": path,
            "routes": { "approve": path, "product": { "path": path } },
        });
        fuzz::profile(profile.to_string().as_bytes());
        fuzz::status(&[&number[..], profile.to_string().as_bytes()].concat());
    });
}

#[test]
fn an_rsa_key_counts_exactly_if_a_general_reader_says_so() {
    let length = select(vec![255_usize, 256, 257, 384, 512]);
    let modulus = length.prop_flat_map(|length| vec(any::<u8>(), length));
    let exponent = prop_oneof![
        select(vec![0_u64, 1, 2, 3, 17, 65_537, 0x7fff_ffff, 0x8000_0001, 0xffff_ffff, 0x1_0000_0001]),
        any::<u64>(),
    ];
    let head = (any::<[bool; 4]>(), option::weighted(0.1, any::<Index>()));
    for_all((modulus, exponent, head), |(mut modulus, exponent, (head, damaged))| {
        let [is_usual, has_zero, is_small, is_padded] = head;
        let exponent = if is_small { 65_537 } else { exponent };
        if is_usual {
            modulus[0] |= 0x80;
            *modulus.last_mut().unwrap() |= 1;
        }
        let front = if has_zero { &[0][..] } else { &[] };
        let exponent = exponent.to_be_bytes();
        let zeros = exponent.iter().take_while(|byte| **byte == 0).count().min(7);
        let short = &exponent[zeros..];
        let sign = if short[0] >= 0x80 || is_padded { &[0][..] } else { &[] };
        let numbers = [der(2, &[front, &modulus].concat()), der(2, &[sign, short].concat())].concat();
        let key = der(0x30, &numbers);
        let rsa = [0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
        let mut info = der(0x30, &[&rsa[..], &der(3, &[&[0][..], &key].concat())].concat());
        if let Some(place) = damaged {
            let place = place.index(info.len());
            info[place] ^= 1;
        }
        fuzz::key(&info);
        fuzz::key(&key);
    });
}

#[test]
fn a_reply_hides_and_reveals_nothing() {
    let words = "[ -~\u{80}-\u{2100}\u{e0000}-\u{e0100}]{0,60}(https?://[a-z:@/?#=]{0,20}){0,2}";
    for_all((any::<[u8; 24]>(), words), |(numbers, words)| {
        fuzz::reply(&[&numbers[..], words.as_bytes()].concat());
        fuzz::token(words.as_bytes());
    });
}

/// One element of DER, with the shortest length.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let head = match length {
        0..=0x7f => vec![tag, length as u8],
        0x80..=0xff => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [&head[..], content].concat()
}

/// Domain, path, tag and digest, as distribution/reference's grammar has them.
fn reference() -> impl Strategy<Value = (String, String, Option<String>, String)> {
    let domain = prop_oneof![
        4 => "([a-zA-Z0-9]([a-zA-Z0-9-]{0,8}[a-zA-Z0-9])?\\.){1,3}[a-zA-Z]{2,8}(:[1-9][0-9]{0,3})?",
        1 => "[a-z]{1,63}:[1-9][0-9]{0,3}",
        1 => any::<Ipv4Addr>().prop_map(|address| address.to_string()),
        1 => any::<[u16; 8]>().prop_map(|groups| format!("[{}]", groups.map(|it| format!("{it:X}")).join(":"))),
        1 => select(vec!["localhost", "docker.io", "index.docker.io", "Registry-1.Docker.io"]).prop_map(Into::into),
    ];
    let path = "[a-z0-9]{1,8}((\\.|_|__|-{1,3})[a-z0-9]{1,6}){0,2}(/[a-z0-9]{1,8}){0,3}";
    let tag = option::of("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    let digest = prop_oneof!["sha256:[0-9a-f]{64}", "sha384:[0-9a-f]{96}", "sha512:[0-9a-f]{128}"];
    (domain, path, tag, digest)
}

fn written(domain: &str, path: &str, tag: Option<&str>, digest: &str) -> String {
    let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
    format!("{domain}/{path}{tag}@{digest}")
}

/// Where something is put in place of how many characters.
fn changes() -> impl Strategy<Value = Vec<(Index, usize, String)>> {
    let pieces =
        ["@", ":", "/", "//", ".", "..", "[", "]", "%", "\n", "é", "A", "-", "_", "0", "\0", " ", ""];
    let piece = prop_oneof![select(pieces.map(String::from).to_vec()), ".{1,3}"];
    vec((any::<Index>(), 0..3_usize, piece), 1..4)
}

fn changed(text: &str, changes: &[(Index, usize, String)]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (place, length, piece) in changes {
        let begin = place.index(characters.len() + 1);
        let end = (begin + length).min(characters.len());
        characters.splice(begin..end, piece.chars());
    }
    characters.into_iter().collect()
}

/// Texts that mean something to the core, and others.
fn text() -> impl Strategy<Value = String> {
    let known = [
        "a.example",
        "localhost:5000",
        "https://a.b",
        "docker.io",
        "SignOCI",
        "RegistryURL",
        "b4f4c9e4",
        "OCI sign",
        "secp256r1",
        "",
        " ",
        "To Be Deleted",
        "productOperations[].token.publicKey",
        "a[].b",
        "YWI=",
        "{id}",
    ];
    prop_oneof![select(known.map(String::from).to_vec()), ".{0,8}", "[ -~]{0,8}"]
}

fn texts(count: usize) -> impl Strategy<Value = Vec<String>> {
    vec(text(), count)
}

/// Any JSON, with names that the core reads.
fn value() -> impl Strategy<Value = Value> {
    let names = [
        "id",
        "name",
        "enabled",
        "state",
        "productOperations",
        "productConfigItems",
        "operationType",
        "token",
        "keyType",
        "publicKey",
        "approvalRule",
        "allowedGroups",
        "value",
        "payload",
        "optionalParameters",
        "artifactURI",
        "metadata",
        "idProductOperation",
        "description",
        "productId",
        "artifact",
        "canonical",
        "product",
        "operation",
        "registry",
        "statuses",
        "routes",
        "publicKeyPath",
        "0",
        "__proto__",
    ];
    let name = prop_oneof![4 => select(names.map(String::from).to_vec()), 1 => ".{0,6}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        let field = (name.clone(), inner.clone());
        prop_oneof![
            vec(inner, 0..6).prop_map(Value::from),
            vec(field, 0..6).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}
