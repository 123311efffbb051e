//! Values that others hold: what is read from them, and which are refused with the way to what is wrong.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use ocisign::{
    Profile, Result,
    json::{Json, Kind, Place},
    product::ProductInput,
    signing_request::SigningInput,
    wire::{ApprovalRule, ConfigItem, Product, SigningRequestBody},
};
use serde_json::{Value, json};

fn message<T>(read: Result<T>) -> Option<String> {
    read.err().map(|error| error.message())
}

/// What is said of a value that is wrong.
type Wrong = (Value, &'static str);

#[test]
fn a_product_that_is_wrong_is_told_with_the_way_to_it() {
    let rows: Vec<Wrong> = vec![
        (json!(null), "product is not an object."),
        (json!([]), "product is not an object."),
        (json!("a"), "product is not an object."),
        (json!({ "id": 3 }), "product.id is not a string."),
        (json!({ "enabled": "true" }), "product.enabled is not true or false."),
        (json!({ "productOperations": {} }), "product.productOperations is not a list."),
        (json!({ "productOperations": [{}, 1] }), "product.productOperations[1] is not an object."),
        (
            json!({ "productOperations": [{ "token": [] }] }),
            "product.productOperations[0].token is not an object.",
        ),
        (
            json!({ "productOperations": [{ "token": { "keyType": 1 } }] }),
            "product.productOperations[0].token.keyType is not a string.",
        ),
        (
            json!({ "productOperations": [{ "approvalRule": { "blanketGroups": ["a", 1] } }] }),
            "product.productOperations[0].approvalRule.blanketGroups[1] is not a string.",
        ),
        (
            json!({ "productConfigItems": [{ "name": "a", "value": false }] }),
            "product.productConfigItems[0].value is not a string.",
        ),
    ];
    for (value, says) in rows {
        assert_eq!(
            message(Product::read(&Place::whole(&value, "product"))).as_deref(),
            Some(says),
            "{value}"
        );
        let error = serde_json::from_value::<Product>(value.clone()).unwrap_err();
        assert!(error.to_string().starts_with(says), "{value}: {error}");
    }
}

#[test]
fn what_is_left_out_of_a_product_is_nothing() {
    for value in [json!({}), json!({ "id": null, "productOperations": null, "more": [1] })] {
        assert_eq!(Product::read(&Place::whole(&value, "product")), Ok(Product::default()), "{value}");
    }
    let value = json!({
        "id": "p", "name": "n", "enabled": false, "state": "Ready",
        "productOperations": [
            { "id": "o", "token": { "keyType": "RSA2048" }, "approvalRule": { "allowedGroups": ["a", null] } },
            { "operationType": "SignOCI", "token": null, "approvalRule": {} },
        ],
        "productConfigItems": [{ "name": "a" }, { "value": "b" }],
    });
    let product = Product::read(&Place::whole(&value, "product")).unwrap();
    assert_eq!(
        (product.id.as_deref(), product.name.as_deref(), product.enabled),
        (Some("p"), Some("n"), Some(false))
    );
    assert_eq!(product.state.as_deref(), Some("Ready"));
    let [first, second] = product.product_operations.as_slice() else { panic!("{product:?}") };
    assert_eq!(first.id.as_deref(), Some("o"));
    assert_eq!(first.token.as_ref().unwrap().key_type.as_deref(), Some("RSA2048"));
    assert_eq!(first.approval_rule.as_ref().unwrap().allowed_groups, ["a", ""]);
    assert_eq!((second.operation_type.as_deref(), &second.token), (Some("SignOCI"), &None));
    assert_eq!(second.approval_rule, Some(ApprovalRule::default()));
    let item = |name: &str, value: &str| ConfigItem { name: name.into(), value: value.into() };
    assert_eq!(product.product_config_items, [item("a", ""), item("", "b")]);
}

#[test]
fn a_request_of_the_service_needs_its_ids_and_its_payload() {
    let right = json!({
        "name": "n", "idProductOperation": "o", "productId": "p",
        "payload": { "metadata": [{ "name": "a", "value": "b" }], "optionalParameters": [{ "artifactURI": "YQ==" }] },
    });
    let body: SigningRequestBody = serde_json::from_value(right.clone()).unwrap();
    assert_eq!(
        (body.name.as_str(), body.id_product_operation.as_str(), body.product_id.as_str()),
        ("n", "o", "p")
    );
    assert_eq!(body.payload.metadata, [ConfigItem { name: "a".into(), value: "b".into() }]);
    assert_eq!(body.payload.optional_parameters[0].artifact_uri, "YQ==");
    for (name, wrong, says) in [
        ("name", json!(null), "request.name is not a string."),
        ("idProductOperation", json!(null), "request.idProductOperation is not a string."),
        ("productId", json!(3), "request.productId is not a string."),
        ("description", json!([]), "request.description is not a string."),
        ("payload", json!(null), "request.payload is not an object."),
        ("payload", json!({ "metadata": "a" }), "request.payload.metadata is not a list."),
        (
            "payload",
            json!({ "optionalParameters": [{}] }),
            "request.payload.optionalParameters[0].artifactURI is not a string.",
        ),
    ] {
        let mut value = right.clone();
        value[name] = wrong;
        assert_eq!(
            message(SigningRequestBody::read(&Place::whole(&value, "request"))).as_deref(),
            Some(says)
        );
        let error = serde_json::from_value::<SigningRequestBody>(value).unwrap_err();
        assert!(error.to_string().starts_with(says), "{error}");
    }
}

#[test]
fn a_field_with_a_typing_mistake_is_no_field() {
    let rows: Vec<Wrong> = vec![
        (json!(1), "product is not an object."),
        (json!({ "nam": 1, "registri": 2 }), "product has the unknown field `nam`."),
        (json!({ "name": "n" }), "product.registry is not a string."),
        (json!({ "name": "n", "registry": "a.b", "enabled": 1 }), "product.enabled is not true or false."),
        (
            json!({ "name": "n", "registry": "a.b", "allowedGroups": [null] }),
            "product.allowedGroups[0] is not a string.",
        ),
    ];
    for (value, says) in rows {
        assert_eq!(message(ProductInput::read(&value)).as_deref(), Some(says), "{value}");
    }
    let error = ProductInput::read(&json!({ "nam": 1 })).unwrap_err();
    assert!(error.fix().starts_with("Use only name, description, registry, "), "{error}");

    let rows: Vec<Wrong> = vec![
        (json!({ "artefact": "a" }), "request has the unknown field `artefact`."),
        (json!({}), "request.artifact is not a string."),
        (json!({ "artifact": "a", "product": 1 }), "request.product is not an object."),
        (json!({ "artifact": "a", "operation": { "name": "n" } }), "request.operation is not a string."),
        (
            json!({ "artifact": "a", "metadata": [{ "name": "n", "val": "v" }] }),
            "request.metadata[0] has the unknown field `val`.",
        ),
        (
            json!({ "artifact": "a", "metadata": [{ "name": "n" }] }),
            "request.metadata[0].value is not a string.",
        ),
    ];
    for (value, says) in rows {
        assert_eq!(message(SigningInput::read(&value)).as_deref(), Some(says), "{value}");
    }
}

#[test]
fn what_a_product_is_made_from_is_read_whole() {
    let value = json!({
        "name": "1", "description": "2", "registry": "3", "keyType": "4", "enabled": false, "operationName": "5",
        "operationDescription": "6", "keyName": "7", "keyDescription": "8", "ruleName": "9", "ruleDescription": "10",
        "allowedGroups": ["11"], "approvalGroups": ["12", "13"], "blanketGroups": [],
    });
    let input = ProductInput::read(&value).unwrap();
    assert_eq!([&input.name, &input.description, &input.registry], ["1", "2", "3"]);
    let optional = [
        input.key_type,
        input.operation_name,
        input.operation_description,
        input.key_name,
        input.key_description,
        input.rule_name,
        input.rule_description,
    ];
    assert_eq!(optional.map(Option::unwrap), ["4", "5", "6", "7", "8", "9", "10"]);
    assert_eq!(input.enabled, Some(false));
    let groups = [input.allowed_groups, input.approval_groups, input.blanket_groups];
    assert_eq!(groups.map(|names| names.join(",")), ["11", "12,13", ""]);
}

#[test]
fn a_profile_that_is_wrong_is_told_with_the_way_to_it() {
    let many: Value = (0..1001).map(|code| (code.to_string(), json!("new"))).collect();
    let rows: Vec<Wrong> = vec![
        (json!(null), "profile is not an object."),
        (json!({ "route": {} }), "profile has the unknown field `route`."),
        (json!({ "routes": [] }), "profile.routes is not an object."),
        (json!({ "routes": { "aprove": "x" } }), "profile.routes has the unknown field `aprove`."),
        (json!({ "statuses": [] }), "profile.statuses is not an object."),
        (json!({ "statuses": { "1": 2 } }), "profile.statuses has the entry `1`, which is not valid."),
        (json!({ "statuses": many }), "profile.statuses is too long."),
        (
            json!({ "keyTypes": { "RSA1024": "a" } }),
            "profile.keyTypes has the entry `RSA1024`, which is not valid.",
        ),
        (
            json!({ "keyTypes": { "RSA2048": null } }),
            "profile.keyTypes has the entry `RSA2048`, which is not valid.",
        ),
        (json!({ "publicKeyPath": 1 }), "profile.publicKeyPath is not a string."),
        (json!({ "publicKeyPath": "a".repeat(1001) }), "profile.publicKeyPath is too long."),
    ];
    for (value, says) in rows {
        let error = Profile::read(&value).unwrap_err();
        assert_eq!((error.code(), error.message().as_str()), ("bad-profile", says), "{value}");
        assert!(serde_json::from_value::<Profile>(value).unwrap_err().to_string().starts_with(says));
    }
    for wrong in ["", "-", "-0", "00", "01", "1.0", "1e3", "+1", "９", "9223372036854775808"] {
        assert!(Profile::read(&json!({ "statuses": { wrong: "new" } })).is_err(), "{wrong}");
    }
}

#[test]
fn a_profile_takes_what_is_given_and_keeps_the_rest() {
    let thousand: Value = (0..1000).map(|code| ((code + 100).to_string(), json!("new"))).collect();
    assert!(Profile::read(&json!({ "statuses": thousand })).is_ok());
    let path = "a".repeat(1000);
    assert_eq!(Profile::read(&json!({ "publicKeyPath": path })).unwrap().public_key_path, path);

    let profile: Profile = serde_json::from_value(json!({
        "$schema": "x", "replies": {}, "lists": 1, "names": [], "keys": {}, "digests": {},
        "routes": {
            "products": "1", "product": "2", "createProduct": { "path": "3", "method": "PUT" }, "requestSigning": "4",
            "signings": "5", "signing": "6", "approve": "7", "reject": "8", "withdraw": "9",
        },
        "statuses": { "-9223372036854775808": "failed", "0": "new", "16": "waiting", "9223372036854775807": "signed" },
        "keyTypes": { "secp256r1": "P-256" },
    }))
    .unwrap();
    let routes = &profile.routes;
    let given = [
        &routes.products,
        &routes.product,
        &routes.create_product,
        &routes.request_signing,
        &routes.signings,
        &routes.signing,
        &routes.approve,
        &routes.reject,
    ];
    assert!(given.iter().map(|path| path.to_string()).eq((1..9).map(|number| number.to_string())));
    let codes = [
        ("16", "waiting"),
        ("-9223372036854775808", "failed"),
        ("0", "new"),
        ("9223372036854775807", "signed"),
    ];
    let mut statuses: Vec<_> = profile.statuses.iter().collect();
    statuses.sort_unstable();
    let mut expected = codes.to_vec();
    expected.sort_unstable();
    assert_eq!(statuses, expected, "one entry a code, and the built-in one is replaced");
    assert_eq!(profile.public_key_path, Profile::default().public_key_path);
    for (text, key_type) in
        [("P-256", "secp256r1"), ("secp256r1", "secp256r1"), ("EC_secp-521r1", "secp521r1")]
    {
        assert_eq!(profile.key_type(text).unwrap().as_str(), key_type);
    }
    assert_eq!(profile.key_type("P-384").unwrap_err().code(), "key-type");

    let untouched =
        Profile::read(&json!({ "routes": null, "statuses": null, "publicKeyPath": null })).unwrap();
    assert_eq!(untouched, Profile::default());
    assert_eq!(Profile::default().routes.approve, "imagesignings/{id}/approve");
}

#[test]
fn a_text_may_be_one_or_be_left_out() {
    let value = json!({ "a": "b", "c": null, "d": 1 });
    let whole = Place::whole(&value, "value");
    assert_eq!(whole.field("a").optional_text(), Ok(Some("b".into())));
    assert_eq!(whole.field("c").optional_text(), Ok(None));
    assert_eq!(whole.field("none").optional_text(), Ok(None));
    assert_eq!(message(whole.field("d").optional_text()).as_deref(), Some("value.d is not a string."));
    assert_eq!(message(whole.field("c").text()).as_deref(), Some("value.c is not a string."));
    assert_eq!(whole.field("d").path(), "value.d");
    assert!(whole.field("c").is_missing() && !whole.field("d").is_missing());
    assert_eq!(message(whole.field("a").entries()).as_deref(), Some("value.a is not an object."));
    assert!(whole.entries().unwrap().iter().map(|(name, _)| name.as_str()).eq(["a", "c", "d"]));
    assert_eq!(whole.only(&["a", "c", "d"]), Ok(()));
    assert_eq!(message(whole.only(&["a"])).as_deref(), Some("value has the unknown field `c`."));
    assert_eq!(
        message(whole.field("d").check(&Kind::TextOf("x"))).as_deref(),
        Some("value.d is not a string.")
    );
}

#[test]
fn a_json_value_says_what_it_is() {
    let value = json!({ "text": "a", "truth": true, "list": [1, 2], "none": null });
    let value = &value;
    assert!(value.is_record() && !Json::get(&value, "list").is_record());
    assert!(Json::get(&value, "text").is_text() && !Json::get(&value, "truth").is_text());
    assert_eq!(Json::get(&value, "text").text().as_deref(), Some("a"));
    assert_eq!((Json::get(&value, "truth").truth(), Json::get(&value, "text").truth()), (Some(true), None));
    assert_eq!(Json::get(&value, "list").elements().map(|elements| elements.len()), Some(2));
    assert!(value.elements().is_none() && Json::get(&value, "none").is_missing() && !value.is_missing());
}
