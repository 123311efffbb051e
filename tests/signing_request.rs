//! What a signing request is made from: how it is read, and which of its parts may not contradict each other.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use ocisign::{
    Error,
    json::Place,
    signing_request::{self, SigningInput, reference_text},
    wire::{ConfigItem, Product},
};
use serde_json::{Value, json};

const IMAGE: &str = "a.b/app@sha256:0000000000000000000000000000000000000000000000000000000000000000";

fn product(id: Option<&str>, operations: &[(&str, &str)]) -> Product {
    let operations: Vec<Value> = operations
        .iter()
        .map(|(id, name)| json!({ "id": id, "name": name, "operationType": "SignOCI" }))
        .collect();
    let registries = [json!({ "name": "RegistryURL", "value": "a.b" })];
    serde_json::from_value(json!({
        "id": id, "name": "OCI SIGN", "productOperations": operations, "productConfigItems": registries
    }))
    .unwrap()
}

fn of_product(product: Product, operation: Option<&str>, operation_id: Option<&str>) -> SigningInput {
    SigningInput {
        product: Some(product),
        operation: operation.map(Into::into),
        operation_id: operation_id.map(Into::into),
        artifact: IMAGE.into(),
        ..SigningInput::default()
    }
}

/// The ids that the body has, or what is said of the input.
fn ids(input: SigningInput) -> Result<(String, String), String> {
    signing_request::build(input)
        .map(|body| (body.product_id, body.id_product_operation))
        .map_err(|error: Error| error.message())
}

fn pair(product: &str, operation: &str) -> Result<(String, String), String> {
    Ok((product.into(), operation.into()))
}

#[test]
fn every_field_is_read_from_its_own_name() {
    let value = json!({
        "product": { "id": "p1", "name": "OCI SIGN" }, "productId": "p2", "operation": "sign", "operationId": "o2",
        "artifact": IMAGE, "name": "n", "description": "d", "payloadName": "p",
        "metadata": [{ "name": "k", "value": "v" }],
    });
    let input = SigningInput::read(&value).unwrap();
    assert_eq!(input.product.unwrap().id.as_deref(), Some("p1"));
    let texts = [input.product_id, input.operation, input.operation_id, input.name, input.description];
    assert_eq!(texts.map(Option::unwrap), ["p2", "sign", "o2", "n", "d"]);
    assert_eq!((input.payload_name.as_deref(), input.artifact.as_str()), (Some("p"), IMAGE));
    assert_eq!(input.metadata, [ConfigItem { name: "k".into(), value: "v".into() }]);
}

#[test]
fn an_operation_and_a_reference_may_be_objects() {
    let value = json!({ "operation": { "id": "o1", "name": "sign" }, "artifact": { "canonical": IMAGE } });
    let input = SigningInput::read(&value).unwrap();
    assert_eq!((input.operation.as_deref(), input.artifact.as_str()), (Some("o1"), IMAGE));
}

#[test]
fn a_reference_is_a_text_or_an_object_with_one() {
    for given in [json!(IMAGE), json!({ "canonical": IMAGE })] {
        assert_eq!(reference_text(&Place::whole(&given, "artifact")).unwrap(), IMAGE);
    }
    for given in [json!(3), json!({}), json!({ "canonical": 3 }), Value::Null] {
        let error = reference_text(&Place::whole(&given, "artifact")).unwrap_err();
        assert_eq!((error.code(), error.message().as_str()), ("bad-input", "artifact is not a string."));
    }
}

#[test]
fn an_operation_may_be_named_twice_but_not_as_two() {
    let two = || product(Some("p1"), &[("o1", "first"), ("o2", "second")]);
    for (operation, operation_id) in [
        (Some("first"), None),
        (Some("o1"), None),
        (None, Some("o1")),
        (Some("first"), Some("o1")),
        (Some("o1"), Some("o1")),
    ] {
        assert_eq!(ids(of_product(two(), operation, operation_id)), pair("p1", "o1"));
    }
    for (operation, operation_id) in [("second", "o1"), ("first", "o2"), ("o2", "o1")] {
        let said = ids(of_product(two(), Some(operation), Some(operation_id))).unwrap_err();
        assert_eq!(said, "operationId is not the id of the operation that is meant.");
    }
    // An id is not a name.
    let said = ids(of_product(two(), None, Some("first"))).unwrap_err();
    assert_eq!(said, "operationId is not the id of the operation that is meant.");
}

#[test]
fn a_product_and_an_id_beside_it_are_the_same() {
    let with_id = |shown: Option<&str>, given: Option<&str>| SigningInput {
        product_id: given.map(Into::into),
        ..of_product(product(shown, &[("o1", "sign")]), None, None)
    };
    assert_eq!(ids(with_id(Some("p1"), Some("p1"))), pair("p1", "o1"));
    assert_eq!(ids(with_id(None, Some("p1"))), pair("p1", "o1"));
    let said = ids(with_id(Some("p1"), Some("p2"))).unwrap_err();
    assert_eq!(said, "product and productId are not the same product.");
    for empty in [with_id(None, None), with_id(Some(""), None), with_id(None, Some(""))] {
        assert!(ids(empty).is_err());
    }
    assert!(ids(of_product(product(Some("p1"), &[("", "sign")]), None, None)).is_err());
}

#[test]
fn without_a_product_an_operation_is_named_by_its_id() {
    let without = |operation: Option<&str>, operation_id: Option<&str>| SigningInput {
        product: None,
        product_id: Some("p1".into()),
        ..of_product(Product::default(), operation, operation_id)
    };
    assert_eq!(ids(without(None, Some("o1"))), pair("p1", "o1"));
    assert_eq!(ids(without(Some("sign"), Some("o1"))), pair("p1", "o1"));
    assert_eq!(ids(without(None, None)).unwrap_err(), "operationId is missing.");
    assert_ne!(ids(without(Some("sign"), None)).unwrap_err(), "operationId is missing.");
}

#[test]
fn what_approvers_read_can_be_read() {
    let base = || of_product(product(Some("p1"), &[("o1", "sign")]), None, None);
    let item = |name: &str, value: &str| SigningInput {
        metadata: vec![
            ConfigItem { name: "plain".into(), value: "plain".into() },
            ConfigItem { name: name.into(), value: value.into() },
        ],
        ..base()
    };
    for (input, place) in [
        (SigningInput { name: Some("a\u{7}".into()), ..base() }, "name"),
        (SigningInput { name: Some(" ".into()), ..base() }, "name"),
        (SigningInput { payload_name: Some("a\u{7}".into()), ..base() }, "payloadName"),
        (SigningInput { description: Some("a\u{7}".into()), ..base() }, "description"),
        (item("plain", "a\u{7}"), "metadata[1].value"),
        (item("a\u{7}", "plain"), "metadata[1].name"),
        (item(" ", "plain"), "metadata[1].name"),
        (item(" ", " "), "metadata[1].name"),
        (item("", ""), "metadata[1].name"),
        (item("a\n", "plain"), "metadata[1].name"),
    ] {
        let error = signing_request::build(input).unwrap_err();
        assert!(error.message().starts_with(&format!("{place} ")), "{}", error.message());
    }
    for (name, value) in [("a b", "c d"), ("a", ""), ("a", " "), (" a", "\"\\ ")] {
        assert!(signing_request::build(item(name, value)).is_ok(), "{name:?}: {value:?}");
    }
    let lines = SigningInput { description: Some("a\n\tb".into()), ..item("é", "a\n\tb") };
    assert!(signing_request::build(lines).is_ok());
}
