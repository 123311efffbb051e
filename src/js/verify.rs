//! To be removed: `readKey`, which `readPublicKey` replaces.

use alloc::string::String;

use wasm_bindgen::prelude::*;

use super::{error::JsResult, output};
use crate::PublicKey;

/// A key to verify with, as `publicKey()` shows it: of PEM or the service's base64, or of DER.
#[wasm_bindgen(js_name = readKey, unchecked_return_type = "PublicKey")]
pub fn read_key(text: Option<String>, der: &[u8]) -> JsResult<JsValue> {
    output::public_key(&text.map_or_else(|| PublicKey::from_spki_der(der), |text| PublicKey::read(&text))?)
}
