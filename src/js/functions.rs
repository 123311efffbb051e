//! The pure functions of the package. What each does and throws stands in pkg/index.d.ts.

use alloc::string::String;

use wasm_bindgen::prelude::*;

use super::{
    error::JsResult,
    input,
    output::{self, ImageReference, SigningStatus, plain},
};
use crate::{
    Reference, Status, artifact_uri,
    json::Place,
    key_path,
    product::{self, ProductInput},
    signing_request::{self, SigningInput},
    wire::Product,
};

#[wasm_bindgen(js_name = parseReference, skip_typescript)]
pub fn parse_reference(text: &JsValue) -> JsResult<JsValue> {
    plain(&ImageReference::from(&Reference::parse(&input::text(text, "reference")?)?))
}

#[wasm_bindgen(js_name = encodeArtifactUri, skip_typescript)]
pub fn encode_artifact_uri(reference: &JsValue) -> JsResult<String> {
    Ok(artifact_uri::encode(&input::reference(reference)?))
}

#[wasm_bindgen(js_name = decodeArtifactUri, skip_typescript)]
pub fn decode_artifact_uri(encoded: &JsValue) -> JsResult<String> {
    Ok(artifact_uri::decode(&input::text(encoded, "artifact URI")?)?)
}

#[wasm_bindgen(js_name = checkRegistry, skip_typescript)]
pub fn check_registry(reference: &JsValue, product: &JsValue) -> JsResult<()> {
    Ok(product::check_registry(
        &input::reference(reference)?,
        &Product::read(&Place::whole(input::data(product, "product")?, "product"))?,
    )?)
}

#[wasm_bindgen(js_name = buildProduct, skip_typescript)]
pub fn build_product(definition: &JsValue, profile: &JsValue) -> JsResult<JsValue> {
    plain(&product::build(
        ProductInput::read(input::data(definition, "product")?)?,
        &input::profile(profile)?,
    )?)
}

#[wasm_bindgen(js_name = buildSigningRequest, skip_typescript)]
pub fn build_signing_request(request: &JsValue) -> JsResult<JsValue> {
    plain(&signing_request::build(SigningInput::read(input::data(request, "request")?)?)?)
}

#[wasm_bindgen(js_name = decodeStatus, skip_typescript)]
pub fn decode_status(code: &JsValue, profile: &JsValue) -> JsResult<JsValue> {
    plain(&SigningStatus::from(Status::decode_number(code.as_f64(), &input::profile(profile)?)?))
}

#[wasm_bindgen(js_name = publicKey, skip_typescript)]
pub fn public_key(product: &JsValue, operation: &JsValue, profile: &JsValue) -> JsResult<JsValue> {
    let operation = input::optional_text(operation, "operation")?;
    let profile = input::profile(profile)?;
    output::public_key(&key_path::public_key(
        input::data(product, "product")?,
        operation.as_deref(),
        &profile,
    )?)
}

#[wasm_bindgen(js_name = scanReferences, skip_typescript)]
pub fn scan_references(text: &JsValue) -> JsResult<JsValue> {
    output::scan(&input::text(text, "list")?)
}
