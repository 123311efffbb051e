//! Which shapes are refused, and does the JSON Schema say the same?

use ocisign_sandbox::shape::Shape;
use serde_json::Value;

const EXAMPLE: &str = include_str!("../../../docs/shape.example.json");
const SCHEMA: &str = include_str!("../../../docs/shape.schema.json");

/// A shape, what its refusal names, and whether a schema can know.
const WRONG: [(&str, &str, bool); 52] = [
    ("", "It is not JSON", false),
    ("[]", "shape is no object", true),
    (r#"{"statuses":{},"statuses":{}}"#, "\"statuses\" stands twice", false),
    (r#"{"route":{}}"#, "shape.route is unknown", true),
    (r#"{"routes":{"aprove":"a/{id}"}}"#, "shape.routes.aprove is unknown", true),
    (r#"{"routes":{"signing":7}}"#, "shape.routes.signing is no text", true),
    (r#"{"routes":{"signing":"a"}}"#, "shape.routes.signing has {id} 0 times", true),
    (r#"{"routes":{"signing":"a/{id}/{id}"}}"#, "shape.routes.signing has {id} 2 times", true),
    (r#"{"routes":{"signings":"a/{id}"}}"#, "shape.routes.signings has {id} 1 times", true),
    (r#"{"routes":{"signings":"/a"}}"#, "shape.routes.signings is no path", true),
    (r#"{"routes":{"signings":"../a"}}"#, "shape.routes.signings is no path", true),
    (r#"{"routes":{"signings":"a/./b"}}"#, "shape.routes.signings is no path", true),
    (r#"{"routes":{"signings":"a//b"}}"#, "shape.routes.signings is no path", true),
    (r#"{"routes":{"signings":"a?b=c"}}"#, "shape.routes.signings is no path", true),
    (r#"{"routes":{"signings":"https://b.example/a"}}"#, "shape.routes.signings is no path", true),
    (r#"{"routes":{"signing":"a/{token}/{id}"}}"#, "shape.routes.signing is no path", true),
    (
        r#"{"routes":{"signings":"ocisign-sandbox/people"}}"#,
        "shape.routes.signings is where the sandbox",
        true,
    ),
    (r#"{"routes":{"signings":{"method":"POST"}}}"#, "shape.routes.signings.method is another word", true),
    (r#"{"routes":{"approve":{"method":"GET"}}}"#, "shape.routes.approve.method is another word", true),
    (r#"{"routes":{"approve":{"method":"put"}}}"#, "shape.routes.approve.method is another word", true),
    (r#"{"routes":{"approve":{"verb":"PUT"}}}"#, "shape.routes.approve.verb is unknown", true),
    (r#"{"routes":{"signing":{"body":{}}}}"#, "shape.routes.signing.body is given", true),
    (r#"{"routes":{"requestSigning":{"body":{}}}}"#, "shape.routes.requestSigning.body is given", true),
    (r#"{"routes":{"approve":{"body":[]}}}"#, "shape.routes.approve.body is no object", true),
    (r#"{"routes":{"approve":{"body":{"a":"{token}"}}}}"#, "shape.routes.approve.body.a has braces", true),
    (
        r#"{"routes":{"approve":{"body":{"a":"so: {comment}"}}}}"#,
        "shape.routes.approve.body.a has braces",
        true,
    ),
    (
        r#"{"routes":{"approve":{"body":{"a":["{comment}"]}}}}"#,
        "shape.routes.approve.body.a[0] has braces",
        true,
    ),
    (
        r#"{"routes":{"approve":{"body":{"a":"{comment}","b":"{comment}"}}}}"#,
        "shape.routes.approve.body has {comment} twice",
        false,
    ),
    (
        r#"{"routes":{"products":"imagesignings"}}"#,
        "shape.routes.products and shape.routes.signings share",
        false,
    ),
    (
        r#"{"routes":{"approve":{"path":"a/{id}"},"reject":{"path":"a/{id}"}}}"#,
        "shape.routes.approve and shape.routes.reject share",
        false,
    ),
    (
        r#"{"routes":{"approve":{"path":"a/{id}","body":{"v":"{comment}"}},"reject":{"path":"a/{id}","body":{"v":"no"}}}}"#,
        "shape.routes.approve and shape.routes.reject share",
        false,
    ),
    (r#"{"statuses":{"0x10":"signed"}}"#, "shape.statuses.0x10 is named by no status code", true),
    (r#"{"statuses":{"016":"signed"}}"#, "shape.statuses.016 is named by no status code", true),
    (r#"{"statuses":{"16":"done"}}"#, "shape.statuses.16 is another word", true),
    (r#"{"statuses":{"2":"rejected"}}"#, "shape.statuses has no code for waiting", false),
    (r#"{"replies":{"signings":{}}}"#, "shape.replies.signings is unknown", true),
    (r#"{"replies":{"signing":{"envelope":""}}}"#, "shape.replies.signing.envelope is empty", true),
    (
        r#"{"replies":{"signing":{"envelope":"a..b"}}}"#,
        "shape.replies.signing.envelope is no path in JSON",
        true,
    ),
    (
        r#"{"replies":{"signing":{"fields":{"stati":"a"}}}}"#,
        "shape.replies.signing.fields.stati is unknown",
        true,
    ),
    (
        r#"{"replies":{"signing":{"fields":{"id":"a","status":"a.b"}}}}"#,
        "shape.replies.signing.fields.status is at or in the place of id",
        false,
    ),
    (
        r#"{"replies":{"signing":{"fields":{"id":"payload.id"}}}}"#,
        "shape.replies.signing.fields.id is at or in the place of payload, which stays",
        false,
    ),
    (
        r#"{"publicKeyPath":"keys[]","replies":{"product":{"fields":{"id":"keys"}}}}"#,
        "shape.replies.product puts something at keys",
        false,
    ),
    (
        r#"{"lists":{"signings":{"paging":{"limit":"n"}}}}"#,
        "shape.lists.signings.paging says in no way",
        true,
    ),
    (
        r#"{"lists":{"signings":{"paging":{"offset":"a","page":"b"}}}}"#,
        "shape.lists.signings.paging says in no way, or in several",
        true,
    ),
    (
        r#"{"lists":{"signings":{"paging":{"next":"next"}}}}"#,
        "shape.lists.signings.paging.next has no object",
        true,
    ),
    (
        r#"{"lists":{"signings":{"paging":{"offset":"status"}}}}"#,
        "paging.offset is the name of a filter",
        true,
    ),
    (r#"{"publicKeyPath":"productOperations[].id"}"#, "shape.publicKeyPath is where an operation has", false),
    (r#"{"publicKeyPath":"name"}"#, "shape.publicKeyPath is where a product has", false),
    (
        r#"{"keyTypes":{"RSA2048":"secp256r1"}}"#,
        "shape.keyTypes calls RSA2048 and secp256r1 by one name",
        false,
    ),
    (r#"{"service":{"largestPage":0}}"#, "shape.service.largestPage is no number", true),
    (r#"{"service":{"productsHiddenBy":403}}"#, "shape.service.productsHiddenBy says how", true),
    (r#"{"service":{"productReaders":["admins"]}}"#, "shape.service.productReaders[0] is no UUID", true),
];

fn schema() -> jsonschema::Validator {
    jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap()
}

#[test]
fn what_is_wrong_is_named_by_its_place() {
    let schema = schema();
    for (text, place, schema_knows) in WRONG {
        let wrong = Shape::read(text).err().unwrap_or_else(|| panic!("{text} is accepted"));
        assert!(wrong.message.contains(place), "{text}: {}", wrong.message);
        assert!(wrong.fix.starts_with(char::is_uppercase) && wrong.fix.ends_with('.'), "{}", wrong.fix);
        if let Ok(value) = serde_json::from_str::<Value>(text) {
            assert_eq!(schema.is_valid(&value), !schema_knows, "{text}");
        }
    }
}

#[test]
fn what_is_right_is_right_for_both() {
    let schema = schema();
    for text in [
        "{}",
        EXAMPLE,
        r#"{"routes":{"approve":{"body":{"a":[1,{"b":null}],"c":{"d":"{comment}"}}},"signing":"a/x-{id}:get/"}}"#,
        r#"{"routes":{"signings":"requests/all","signing":"requests/{id}"}}"#,
        r#"{"statuses":{"-1":"failed","16":"signed","17":"signed"},"publicKeyPath":null}"#,
        r#"{"lists":{"products":{"paging":{"page":"page[number]","first":0,"limit":"page[size]"}}}}"#,
        r#"{"lists":{"signings":{"paging":{"header":"Link"}}},"service":{"trailingSlash":"required"}}"#,
        r#"{"replies":{"signing":{"fields":{"createdAt":"updatedAt","updatedAt":"createdAt"}}}}"#,
    ] {
        Shape::read(text).unwrap_or_else(|wrong| panic!("{text}: {wrong}"));
        let value: Value = serde_json::from_str(text).unwrap();
        let errors: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{text}: {errors:?}");
    }
}
