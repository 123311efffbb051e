//! The pure functions of the package. What each does and throws stands in pkg/index.d.ts.

use alloc::string::String;

use serde_wasm_bindgen::Deserializer;
use wasm_bindgen::prelude::*;

use super::{
    input,
    output::{self, ImageReference, ReferenceScan, SigningStatus, plain},
    support::JsResult,
};
use crate::{Reference, Status, artifact_uri, key_path, product, scan, signing_request, wire::Product};

const PRODUCT_FIELDS: &[&str] = &[
    "name",
    "description",
    "registry",
    "keyType",
    "enabled",
    "operationName",
    "operationDescription",
    "keyName",
    "keyDescription",
    "ruleName",
    "ruleDescription",
    "allowedGroups",
    "approvalGroups",
    "blanketGroups",
];

const SIGNING_FIELDS: &[&str] = &[
    "product",
    "productId",
    "operation",
    "operationId",
    "artifact",
    "name",
    "description",
    "payloadName",
    "metadata",
];

#[wasm_bindgen(js_name = parseReference, skip_typescript)]
pub fn parse_reference(text: &JsValue) -> JsResult<JsValue> {
    plain(&ImageReference::from(&Reference::parse(&input::text(text, "The reference")?)?))
}

#[wasm_bindgen(js_name = encodeArtifactUri, skip_typescript)]
pub fn encode_artifact_uri(reference: &JsValue) -> JsResult<String> {
    Ok(artifact_uri::encode(&read_reference(reference)?))
}

#[wasm_bindgen(js_name = decodeArtifactUri, skip_typescript)]
pub fn decode_artifact_uri(encoded: &JsValue) -> JsResult<String> {
    Ok(artifact_uri::decode(&input::text(encoded, "The artifact URI")?)?)
}

#[wasm_bindgen(js_name = checkRegistry, skip_typescript)]
pub fn check_registry(reference: &JsValue, product: &JsValue) -> JsResult<()> {
    Ok(product::check_registry(&read_reference(reference)?, &read_product(product)?)?)
}

#[wasm_bindgen(js_name = buildProduct, skip_typescript)]
pub fn build_product(definition: &JsValue, profile: &JsValue) -> JsResult<JsValue> {
    let definition = input::object(definition, "The product", PRODUCT_FIELDS)?;
    plain(&product::build(definition, &input::profile(profile)?)?)
}

#[wasm_bindgen(js_name = buildSigningRequest, skip_typescript)]
pub fn build_signing_request(request: &JsValue) -> JsResult<JsValue> {
    plain(&signing_request::build(read_signing_input(request)?)?)
}

#[wasm_bindgen(js_name = decodeStatus, skip_typescript)]
pub fn decode_status(code: &JsValue, profile: &JsValue) -> JsResult<JsValue> {
    plain(&SigningStatus::from(Status::decode_number(code.as_f64(), &input::profile(profile)?)?))
}

#[wasm_bindgen(js_name = publicKey, skip_typescript)]
pub fn public_key(product: &JsValue, operation: &JsValue, profile: &JsValue) -> JsResult<JsValue> {
    let typed = read_product(product)?;
    let operation = if operation.is_undefined() { None } else { Some(input::text(operation, "operation")?) };
    let profile = input::profile(profile)?;
    let source = Deserializer::from(product.clone());
    output::public_key(&key_path::public_key(source, &typed, operation.as_deref(), &profile)?)
}

#[wasm_bindgen(js_name = scanReferences, skip_typescript)]
pub fn scan_references(text: &JsValue) -> JsResult<JsValue> {
    plain(&ReferenceScan::from(scan::scan(&input::text(text, "The list")?)))
}

/// Reads the input of a signing request. `artifact` may be what `parseReference` returned, and
/// `operation` one of the product's operations.
pub fn read_signing_input(request: &JsValue) -> JsResult<signing_request::SigningInput> {
    input::check_keys(request, "The request", SIGNING_FIELDS)?;
    let copy = js_sys::Object::assign(&js_sys::Object::new(), request.unchecked_ref());
    let artifact = input::reference_text(&input::get(request, "artifact"))?;
    js_sys::Reflect::set(&copy, &"artifact".into(), &artifact.into())?;
    let operation = input::get(request, "operation");
    if operation.is_object() {
        js_sys::Reflect::set(&copy, &"operation".into(), &input::get(&operation, "id"))?;
    }
    input::object(&copy, "The request", SIGNING_FIELDS)
}

pub fn read_product(product: &JsValue) -> JsResult<Product> {
    if !product.is_object() {
        return Err(input::bad(
            "The product is not an object.".into(),
            "Pass the product as the service shows it.",
        ));
    }
    serde_wasm_bindgen::from_value(product.clone()).map_err(|error| {
        let message = alloc::format!("The product is not usable: {error}.");
        input::bad(message, "Pass the product as the service shows it.")
    })
}

fn read_reference(value: &JsValue) -> JsResult<Reference> {
    Ok(Reference::parse(&input::reference_text(value)?)?)
}
