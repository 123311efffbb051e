//! Writes what JavaScript gets: plain objects, with missing fields left out.

use alloc::string::String;

use js_sys::{Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::error::{JsResult, OcisignError};
use crate::{
    Error, PublicKey, encoding::hex_sha256, json::Json, json_writer, tape::Plain, wire::RequestedArtifact,
    words::Problem,
};

#[wasm_bindgen]
extern "C" {
    // What is parsed is JSON. If it throws all the same, for want of stack, the call breaks off as at any other place.
    #[wasm_bindgen(js_namespace = JSON)]
    fn parse(text: &str) -> JsValue;
}

/// A plain object, which JavaScript reads from text in one go: field by field, it takes three times as long.
pub fn plain<T: Serialize>(value: &T) -> JsResult<JsValue> {
    // Our own types have nothing that cannot be written; an error is still better than a trap.
    let text = json_writer::json(value).map_err(|_| Error::from(Problem::NoJavaScript))?;
    Ok(parse(&text))
}

/// A list of texts, which is made as fast one by one.
pub fn texts(texts: &[&str]) -> JsResult<JsValue> {
    serde_wasm_bindgen::to_value(texts).map_err(|_| Error::from(Problem::NoJavaScript).into())
}

/// A value that JavaScript handed over, handed back.
pub(crate) fn value(value: Plain<'_>) -> JsValue {
    match value.json() {
        missing if missing.is_empty() => JsValue::UNDEFINED,
        json => parse(&json),
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
pub(crate) fn artifact(found: RequestedArtifact<Plain<'_>>) -> JsResult<JsValue> {
    #[derive(Serialize)]
    struct Artifact {
        encoded: String,
        state: &'static str,
        text: String,
    }
    let (state, encoded, text, error) = match found {
        RequestedArtifact::None => ("none", String::new(), String::new(), None),
        RequestedArtifact::Several(parameters) => ("several", parameters.json(), String::new(), None),
        RequestedArtifact::Image { encoded, text, .. } => ("image", encoded, text, None),
        RequestedArtifact::Unreadable { encoded, text, error } => {
            ("unreadable", encoded.text().unwrap_or_else(|| encoded.json()), text, Some(error))
        }
    };
    let object = plain(&Artifact { encoded, state, text })?;
    if let Some(error) = error {
        Reflect::set(&object, &"error".into(), &OcisignError::from(error).into())?;
    }
    Ok(object)
}
