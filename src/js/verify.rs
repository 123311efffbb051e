//! What verification in pkg/lib asks of the core: the bytes that are signed, and the key.

use alloc::string::String;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{
    error::JsResult,
    input,
    output::{self, plain},
};
use crate::{PublicKey, simple_signing};

/// The payload that a signature of an image is made over, and its SHA-256.
#[wasm_bindgen(js_name = simpleSigningPayload, skip_typescript)]
pub fn simple_signing_payload(reference: &JsValue) -> JsResult<JsValue> {
    #[derive(Serialize)]
    struct Payload {
        text: String,
        sha256: String,
    }
    let text = simple_signing::payload(&input::reference(reference)?);
    let sha256 = crate::public_key::hex_sha256(text.as_bytes());
    plain(&Payload { text, sha256 })
}

/// A key to verify with, as `publicKey()` shows it: of PEM or the service's base64, or of DER.
#[wasm_bindgen(js_name = readKey, skip_typescript)]
pub fn read_key(text: Option<String>, der: &[u8]) -> JsResult<JsValue> {
    output::public_key(&text.map_or_else(|| PublicKey::from_spki_der(der), |text| PublicKey::read(&text))?)
}
