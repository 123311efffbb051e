//! Writes what JavaScript gets: plain objects, with missing fields left out.

use alloc::string::String;

use js_sys::{Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::error::{JsResult, OcisignError};
use crate::{Error, PublicKey, Status, encoding::hex_sha256, wire::RequestedArtifact, words::Problem};

/// A plain object, as `JSON.parse` would make it.
pub fn plain<T: Serialize>(value: &T) -> JsResult<JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    // Our own types have text keys only, so this does not fail; an error is still better than a trap.
    value.serialize(&serializer).map_err(|_| Error::from(Problem::NoJavaScript).into())
}

#[derive(Serialize)]
pub struct SigningStatus {
    #[allow(clippy::struct_field_names)]
    code: f64,
    state: &'static str,
    #[serde(rename = "final")]
    is_final: bool,
}

impl From<Status> for SigningStatus {
    #[allow(clippy::cast_precision_loss)] // a code is a safe integer
    fn from(status: Status) -> Self {
        Self { code: status.code as f64, state: status.state.as_str(), is_final: status.state.is_final() }
    }
}

/// `{ pem, spki, keyType, fingerprint, warning? }`.
pub fn public_key(key: &PublicKey) -> JsResult<JsValue> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Texts {
        pem: String,
        key_type: &'static str,
        fingerprint: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        warning: Option<&'static str>,
    }
    let texts = Texts {
        pem: key.pem(),
        key_type: key.key_type().as_str(),
        fingerprint: key.fingerprint(),
        warning: key.warning(),
    };
    let object = plain(&texts)?;
    Reflect::set(&object, &"spki".into(), &Uint8Array::from(key.spki()))?;
    Ok(object)
}

/// `{ text, sha256 }`.
pub fn payload(text: String) -> JsResult<JsValue> {
    #[derive(Serialize)]
    struct Payload {
        sha256: String,
        text: String,
    }
    plain(&Payload { sha256: hex_sha256(text.as_bytes()), text })
}

/// `{ state, encoded, text, error? }`. The package reads the text of an image.
pub fn artifact(found: RequestedArtifact<JsValue>) -> JsResult<JsValue> {
    #[derive(Default, Serialize)]
    struct Artifact {
        encoded: String,
        state: &'static str,
        text: String,
    }
    let (encoded, text, error) = match found {
        RequestedArtifact::None => return plain(&Artifact { state: "none", ..Artifact::default() }),
        RequestedArtifact::Several(parameters) => {
            let encoded = json(&parameters);
            return plain(&Artifact { state: "several", encoded, ..Artifact::default() });
        }
        RequestedArtifact::Image { encoded, text, .. } => {
            return plain(&Artifact { encoded, state: "image", text });
        }
        RequestedArtifact::Unreadable { encoded, text, error } => {
            let encoded = encoded.as_string().unwrap_or_else(|| json(&encoded));
            (encoded, text, OcisignError::from(error))
        }
    };
    let object = plain(&Artifact { encoded, state: "unreadable", text })?;
    Reflect::set(&object, &"error".into(), &error)?;
    Ok(object)
}

/// The JSON of what is plain data.
fn json(value: &JsValue) -> String {
    js_sys::JSON::stringify(value).map(String::from).unwrap_or_default()
}
