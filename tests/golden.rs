//! The wire format against files taken from the reference; see tests/golden/README.md.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use ocisign::{
    Profile, artifact_uri,
    product::{self, ProductInput},
    signing_request::{self, SigningInput},
    wire::{ConfigItem, SigningRequestBody},
};
use serde_json::Value;

const IMAGE: &str = "656666598317.dkr.ecr.eu-west-1.amazonaws.com/test@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
const CANONICAL: &str = "NjU2NjY2NTk4MzE3LmRrci5lY3IuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20vdGVzdEBzaGEyNTY6M2ZiYzYzMjE2NzQyNGE2ZDk5N2U3NGY1MmI4NzhkN2NjNDc4MjI1Y2ZmYWM2YmM5NzdlZWRmZTUxYzdmNGU3OQ==";

#[test]
fn the_product_is_the_references_byte_for_byte_but_for_white_space() {
    let definition = product::build(
        ProductInput {
            name: "OCI SIGN".into(),
            description: "Product OCI signing".into(),
            registry: "example.dkr.ecr.eu-west-1.amazonaws.com".into(),
            rule_name: Some("Test rule".into()),
            rule_description: Some("Rule used for testing".into()),
            allowed_groups: vec!["b716abb1-2e3b-47a9-bca5-a3669faa50a6".into()],
            approval_groups: vec![
                "b716abb1-2e3b-47a9-bca5-a3669faa50a6".into(),
                "f65a3ea9-60db-47a4-9ad8-c6915735ec5f".into(),
            ],
            ..ProductInput::default()
        },
        &Profile::default(),
    )
    .unwrap();
    assert_eq!(serde_json::to_string(&definition).unwrap(), packed(include_str!("golden/product.json")));
}

#[test]
fn the_signing_request_is_what_curl_posts_but_for_canonical_base64() {
    let body = signing_request::build(SigningInput {
        product_id: Some("'$PRODUCTID'".into()),
        operation_id: Some("'$PRODUCTOPER'".into()),
        artifact: IMAGE.into(),
        name: Some("NAME".into()),
        description: Some("Normal product oci signing ".into()),
        metadata: vec![item("Version", "v1.0"), item("Date", "today")],
        ..SigningInput::default()
    })
    .unwrap();
    let golden = packed(include_str!("golden/curl-body.txt"));
    let spelled_there =
        golden.split("artifactURI\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(serde_json::to_string(&body).unwrap(), golden.replace(&spelled_there, CANONICAL));

    let read: SigningRequestBody = serde_json::from_str(&golden).unwrap();
    assert_eq!(signing_request::artifact(&read).unwrap().canonical(), IMAGE);
}

#[test]
fn all_spellings_of_the_artifact_uri_are_read_and_one_is_written() {
    let table = include_str!("golden/artifact-uris.tsv");
    let rows: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(rows.len(), 3);
    for row in rows {
        let spelling = row.split('\t').next().unwrap();
        assert_eq!(artifact_uri::decode(spelling).unwrap(), IMAGE, "{row}");
    }
    assert_eq!(artifact_uri::encode(&IMAGE.parse().unwrap()), CANONICAL);
}

fn item(name: &str, value: &str) -> ConfigItem {
    ConfigItem { name: name.into(), value: value.into() }
}

/// JSON without the white space between its parts, with its keys in their order.
fn packed(json: &str) -> String {
    let _: Value = serde_json::from_str(json).expect("the golden file is JSON");
    let mut packed = String::new();
    let (mut in_text, mut escaped) = (false, false);
    for character in json.chars() {
        if in_text || !character.is_whitespace() {
            packed.push(character);
        }
        in_text = in_text != (character == '"' && !escaped);
        escaped = character == '\\' && !escaped;
    }
    packed
}
