//! The Sigstore bundle v0.3 with a managed key: a DSSE envelope around an in-toto statement.
//! Sources: sigstore/protobuf-specs `sigstore_bundle.proto`, DSSE `protocol.md`, in-toto Statement v1.

use alloc::{borrow::ToOwned, format, vec::Vec};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    candidate::{Content, Untrusted},
    fault::bad,
    simple::decode_signature,
};
use crate::{
    Reference,
    error::{Result, quote},
    json::Place,
    strict_json,
};

const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const PREDICATE: &str = "https://sigstore.dev/cosign/sign/v1";

/// Finds the message and its signature. What else a bundle carries, transparency log entries and
/// timestamps, is for keys that live ten minutes; a managed key needs none of it.
pub(super) fn open(bytes: &[u8]) -> Result<Untrusted> {
    let value = strict_json::parse(bytes)
        .map_err(|error| bad(format!("The bundle is damaged: {}", error.message())))?;
    let bundle = Place::whole(&value, "bundle");
    let media_type = bundle.field("mediaType").text()?;
    if media_type != MEDIA_TYPE {
        return Err(bad(format!("The bundle is of type {}, only v0.3 is read.", quote(&media_type))));
    }
    let envelope = bundle.field("dsseEnvelope");
    if envelope.is_missing() {
        return Err(bad("The bundle has no DSSE envelope.".to_owned()));
    }
    let payload_type = envelope.field("payloadType").text()?;
    if payload_type != PAYLOAD_TYPE {
        return Err(bad(format!("The envelope holds {}, not an in-toto statement.", quote(&payload_type))));
    }
    let payload = STANDARD
        .decode(envelope.field("payload").text()?)
        .map_err(|_| bad("The envelope's payload is not base64.".to_owned()))?;
    let signatures = envelope.field("signatures").list(|signature| signature.field("sig").text())?;
    let [signature] = signatures.as_slice() else {
        return Err(bad(format!("The envelope has {} signatures, a bundle has one.", signatures.len())));
    };
    Ok(Untrusted {
        message: pre_authentication_encoding(&payload),
        signature: decode_signature(signature)?,
        content: Content::Statement(payload),
    })
}

/// What DSSE signs: type and payload with their lengths (DSSE `protocol.md`, "Signature Definition").
fn pre_authentication_encoding(payload: &[u8]) -> Vec<u8> {
    let mut message = format!("DSSEv1 {} {PAYLOAD_TYPE} {} ", PAYLOAD_TYPE.len(), payload.len()).into_bytes();
    message.extend_from_slice(payload);
    message
}

pub(super) fn check(statement: &[u8], image: &Reference) -> Result<()> {
    let value = strict_json::parse(statement)
        .map_err(|error| bad(format!("The statement is damaged: {}", error.message())))?;
    let statement = Place::whole(&value, "statement");
    // Cosign 2 leaves out the empty predicate that cosign 3 writes.
    statement.only(&["_type", "subject", "predicateType", "predicate"])?;
    let kind = statement.field("_type").text()?;
    if kind != STATEMENT {
        return Err(bad(format!("The statement is of type {}.", quote(&kind))));
    }
    let predicate = statement.field("predicateType").text()?;
    if predicate != PREDICATE {
        return Err(bad(format!(
            "The statement says {}, which is not that the image was signed.",
            quote(&predicate)
        )));
    }
    let digests = statement.field("subject").list(|subject| {
        let digest = subject.field("digest");
        let keys = digest.keys()?;
        let found = keys.iter().map(|algorithm| Ok((algorithm.clone(), digest.field(algorithm).text()?)));
        found.collect::<Result<Vec<_>>>()
    })?;
    match digests.as_slice() {
        [subject] => match subject.as_slice() {
            [(algorithm, hex)] if format!("{algorithm}:{hex}") == image.digest() => Ok(()),
            [(algorithm, hex)] => Err(bad(format!(
                "The signature is of another image, {}.",
                quote(&format!("{algorithm}:{hex}"))
            ))),
            _ => Err(bad("The statement's subject has not exactly one digest.".to_owned())),
        },
        subjects => Err(bad(format!("The statement has {} subjects, a signature has one.", subjects.len()))),
    }
}
