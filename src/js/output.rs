//! Writes what JavaScript gets: plain objects, with missing fields left out.

use alloc::string::String;

use js_sys::{Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::error::{JsResult, OcisignError};
use crate::{
    Ecr, Error, PublicKey, Reference,
    encoding::hex_sha256,
    json::Json,
    json_writer,
    scan::{self, ScanError, ScannedReference},
    tape::Plain,
    wire::RequestedArtifact,
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

#[derive(Serialize)]
pub struct ImageReference {
    registry: String,
    repository: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    digest: String,
    canonical: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ecr: Option<Ecr>,
}

impl From<&Reference> for ImageReference {
    fn from(reference: &Reference) -> Self {
        Self {
            registry: reference.registry().into(),
            repository: reference.repository().into(),
            tag: reference.tag().map(Into::into),
            digest: reference.digest().into(),
            canonical: reference.canonical(),
            ecr: reference.ecr(),
        }
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

/// `{ state, encoded, text, reference?, error? }`.
pub(crate) fn artifact(found: RequestedArtifact<Plain<'_>>) -> JsResult<JsValue> {
    #[derive(Default, Serialize)]
    struct Artifact {
        encoded: String,
        state: &'static str,
        text: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        reference: Option<ImageReference>,
    }
    let mut artifact = Artifact::default();
    match found {
        RequestedArtifact::None => artifact.state = "none",
        RequestedArtifact::Several(parameters) => {
            (artifact.state, artifact.encoded) = ("several", parameters.json());
        }
        RequestedArtifact::Image { encoded, text, reference } => {
            let reference = Some(ImageReference::from(&reference));
            artifact = Artifact { encoded, reference, state: "image", text };
        }
        RequestedArtifact::Unreadable { encoded, text, error } => {
            let encoded = encoded.text().unwrap_or_else(|| encoded.json());
            let object = plain(&Artifact { encoded, state: "unreadable", text, ..artifact })?;
            Reflect::set(&object, &"error".into(), &OcisignError::from(error).into())?;
            return Ok(object);
        }
    }
    plain(&artifact)
}

/// `{ references, errors }`. Each line is handed over as soon as it is read: of a long list, only JavaScript then
/// holds what was found, and gives the memory back.
pub fn scan(text: &str) -> JsResult<JsValue> {
    let (references, errors) = (Array::new(), Array::new());
    for line in scan::lines(text) {
        match line {
            Ok(found) => references.push(&plain(&ScannedLine::from(found))?),
            Err(wrong) => errors.push(&plain(&WrongLine::from(wrong))?),
        };
    }
    let object = Object::new();
    Reflect::set(&object, &"references".into(), &references)?;
    Reflect::set(&object, &"errors".into(), &errors)?;
    Ok(object.into())
}

#[derive(Serialize)]
struct ScannedLine {
    line: usize,
    canonical: String,
}

#[derive(Serialize)]
struct WrongLine {
    line: usize,
    text: String,
    code: &'static str,
    message: String,
    fix: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<usize>,
}

impl From<ScannedReference> for ScannedLine {
    fn from(found: ScannedReference) -> Self {
        Self { line: found.line, canonical: found.reference.canonical() }
    }
}

impl From<ScanError> for WrongLine {
    fn from(wrong: ScanError) -> Self {
        Self {
            line: wrong.line,
            text: wrong.text,
            code: wrong.error.code(),
            message: wrong.error.message(),
            fix: wrong.error.fix(),
            offset: wrong.error.offset(),
        }
    }
}
