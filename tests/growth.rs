//! The time of the core's readers of JSON is that of the value's length, whatever the value is: they look at each part of it
//! a few times. Looks are counted, so nothing here depends on the machine.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::cell::Cell;

use ocisign::{
    Profile,
    json::{Json, Place},
    product::{self, ProductInput},
    public_key,
    signing_request::{self, SigningInput},
    wire::{Product, SigningRequestBody, artifact_of, registries_of, signing_operations},
};
use serde_json::{Value, json};

/// A value that counts what is looked at: a lookup passes all fields, as that of the module does.
#[derive(Clone, Copy)]
struct Counted<'a> {
    value: &'a Value,
    looks: &'a Cell<usize>,
}

impl Counted<'_> {
    fn looked(&self, parts: usize) {
        self.looks.set(self.looks.get() + 1 + parts);
    }

    fn parts(&self) -> usize {
        match self.value {
            Value::Array(elements) => elements.len(),
            Value::Object(fields) => fields.len(),
            Value::String(text) => text.len(),
            _ => 0,
        }
    }
}

impl Json for Counted<'_> {
    fn get(&self, key: &str) -> Self {
        self.looked(self.parts());
        Self { value: Json::get(&self.value, key), ..*self }
    }

    fn is_missing(&self) -> bool {
        self.looked(0);
        self.value.is_null()
    }

    fn is_text(&self) -> bool {
        self.looked(0);
        self.value.is_string()
    }

    fn text(&self) -> Option<String> {
        self.looked(self.parts());
        Json::text(&self.value)
    }

    fn truth(&self) -> Option<bool> {
        self.looked(0);
        self.value.as_bool()
    }

    fn elements(&self) -> Option<Vec<Self>> {
        self.looked(self.parts());
        let elements = self.value.as_array()?;
        Some(elements.iter().map(|value| Self { value, ..*self }).collect())
    }

    fn is_record(&self) -> bool {
        self.looked(0);
        self.value.is_object()
    }

    fn each_field(&self, visit: &mut dyn FnMut(&str, Self)) {
        self.looked(self.parts());
        for (name, value) in self.value.as_object().into_iter().flatten() {
            visit(name, Self { value, ..*self });
        }
    }
}

/// Reads all that can be read of a value, and says how often something was looked at.
fn looks_at(value: &Value) -> usize {
    let looks = Cell::new(0);
    let value = Counted { value, looks: &looks };
    let path = ["a[].".repeat(200), "b".into()].concat();
    let deep = Profile { public_key_path: path.into(), ..Profile::default() };
    let _ = Product::read(&Place::whole(value, "product"));
    let _ = SigningRequestBody::read(&Place::whole(value, "request"));
    let _ = SigningInput::read(value).and_then(signing_request::build);
    let _ = ProductInput::read(value).and_then(|input| product::build(input, &deep));
    let _ = Profile::read(value);
    for profile in [&Profile::default(), &deep] {
        let _ = public_key(value, Some("none"), profile);
        let _ = public_key(value, None, profile);
    }
    let _ = (artifact_of(&value), signing_operations(&value).count(), registries_of(&value).count());
    looks.get()
}

#[test]
fn twice_the_value_is_looked_at_twice_as_often() {
    for (what, make) in hostile() {
        let [one, two, four] = [1000, 2000, 4000].map(|count| looks_at(&make(count)));
        assert!(two < one * 5 / 2 && four < two * 5 / 2, "{what}: {one}, {two} and {four} looks");
    }
}

type Make = fn(usize) -> Value;

fn hostile() -> Vec<(&'static str, Make)> {
    vec![
        ("operations that sign", |count| {
            let operation = |at: usize| json!({ "id": at.to_string(), "operationType": "SignOCI" });
            json!({ "productOperations": (0..count).map(operation).collect::<Vec<_>>() })
        }),
        ("operations with keys", |count| {
            let token = json!({ "publicKey": "a", "keyType": "RSA2048" });
            let operation = json!({ "operationType": "SignOCI", "token": token });
            json!({ "productOperations": vec![operation; count] })
        }),
        ("operations that are lists", |count| json!({ "productOperations": vec![json!([0]); count] })),
        (
            "registries",
            |count| json!({ "productConfigItems": vec![json!({ "name": "RegistryURL", "value": "a.b" }); count] }),
        ),
        ("a list in place of a product", |count| json!(vec![0; count])),
        ("unknown fields", |count| (0..count).map(|at| (format!("field {at}"), json!(0))).collect()),
        ("a long text", |count| json!({ "id": "a".repeat(count), "name": "a".repeat(count) })),
        ("groups", |count| {
            let group = "b716abb1-2e3b-47a9-bca5-a3669faa50a6";
            json!({ "name": "p", "registry": "a.b", "allowedGroups": vec![group; count] })
        }),
        ("metadata", |count| {
            let metadata = vec![json!({ "name": "a", "value": "b" }); count];
            let artifact = format!("a.b/c@sha256:{}", "0".repeat(64));
            json!({ "productId": "p", "operationId": "o", "artifact": artifact, "metadata": metadata })
        }),
        (
            "artifacts",
            |count| json!({ "payload": { "optionalParameters": vec![json!({ "artifactURI": "YQ==" }); count] } }),
        ),
        ("lists all the way down the path of the key", |count| {
            let operation = json!({ "operationType": "SignOCI" });
            let inner =
                (0..100).fold(json!(vec!["key"; count]), |inner, _| json!([{ "a": inner, "b": "key" }]));
            json!({ "productOperations": [operation], "a": inner })
        }),
    ]
}
