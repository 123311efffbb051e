//! The Sigstore bundle v0.3: a DSSE envelope around an in-toto statement (sigstore/protobuf-specs, `sigstore_bundle.proto`;
//! DSSE, `protocol.md`; in-toto Statement v1).

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    evidence::{Evidence, signature_in},
    json::{self, Value, claimed, text},
    name::Name,
    refusal::{Refusal, Result, refuse, require},
    shape,
};

const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const SIGNED: &str = "https://sigstore.dev/cosign/sign/v1";
/// The longest predicate type, in UTF-16 units.
const LONGEST_TYPE: usize = 1000;

/// What a bundle's media type says of its version.
#[derive(Debug, PartialEq, Eq)]
pub enum Version {
    /// The one that is read.
    Three,
    /// It is a bundle, and nothing of it is read.
    Other,
}

/// The version of a bundle, in the spelling since v0.3 or the one before; nothing of another media type.
pub fn version(media_type: &str) -> Option<Version> {
    let lower = media_type.to_ascii_lowercase();
    let rest = lower.strip_prefix("application/vnd.dev.sigstore.bundle")?;
    let (dotted, parameters) = rest.split_once("+json")?;
    let parameters = parameters.trim_start_matches(' ');
    if !dotted.is_empty() {
        let named = dotted.strip_prefix(".v")?;
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
        let is_known = !named.is_empty() && named.bytes().all(is_name);
        // Nothing follows, not even a space, what names a version in full.
        let is_three = rest == ".v0.3+json";
        let is_alone = parameters.is_empty() || parameters.starts_with(';');
        return (is_known && is_alone).then_some(if is_three { Version::Three } else { Version::Other });
    }
    let Some(parameter) = parameters.strip_prefix(';') else {
        return parameters.is_empty().then_some(Version::Other);
    };
    let value = parameter.trim_start_matches(' ').strip_prefix("version=").unwrap_or_default();
    // A quote may stand on either side, or on both.
    let value = value.strip_prefix('"').unwrap_or(value);
    let is_three = value.strip_suffix('"').unwrap_or(value) == "0.3";
    Some(if is_three { Version::Three } else { Version::Other })
}

/// What a bundle holds.
pub enum Opened {
    Signature(Evidence),
    /// It says that it is something else, whoever signed it.
    Attestation,
}

/// Opens a bundle. Unless `tells_apart`, an attestation is a signature that does not count.
pub fn open(bytes: &[u8], tells_apart: bool) -> Result<Opened> {
    let bundle = json::parse(bytes)?;
    shape::BUNDLE.check(&bundle)?;
    bundle.record("bundle")?;
    let Some(version) = version(text(bundle.get("mediaType"), "bundle.mediaType")?) else {
        return refuse("no bundle by its own word");
    };
    let envelope = bundle.get("dsseEnvelope").unwrap_or(&Value::Null);
    envelope.record("dsseEnvelope")?;
    require(text(envelope.get("payloadType"), "payloadType")? == PAYLOAD_TYPE, "another payload")?;
    let statement = STANDARD
        .decode(text(envelope.get("payload"), "payload")?)
        .map_err(|error| Refusal(format!("the payload is no base64: {error}")))?;
    if tells_apart && claimed(&statement, "predicateType").is_some_and(|it| is_attestation(&it)) {
        return Ok(Opened::Attestation);
    }
    require(version == Version::Three, "a bundle of another version")?;
    let [signature] = envelope.get("signatures").unwrap_or(&Value::Null).list("signatures")? else {
        return refuse("not one signature");
    };
    let signature = signature_in(text(signature.get("sig"), "sig")?)?;
    let message = pre_authentication_encoding(&statement);
    Ok(Opened::Signature(Evidence { message, signature, content: statement, check, names_repository: false }))
}

/// Is this a predicate type of something else than that an image was signed?
pub fn is_attestation(predicate_type: &[u16]) -> bool {
    let is_signed = predicate_type.iter().copied().eq(SIGNED.encode_utf16());
    !is_signed && matches!(predicate_type.len(), 1..=LONGEST_TYPE)
}

/// What DSSE signs.
fn pre_authentication_encoding(statement: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {PAYLOAD_TYPE} {} ", PAYLOAD_TYPE.len(), statement.len());
    [head.as_bytes(), statement].concat()
}

/// Compares a statement with the image.
fn check(statement: &[u8], image: &Name) -> Result<()> {
    let statement = json::parse(statement)?;
    shape::STATEMENT.check(&statement)?;
    let known = ["_type", "subject", "predicateType", "predicate"];
    let fields = statement.record("statement")?;
    require(fields.iter().all(|(name, _)| known.contains(&&**name)), "an unknown field")?;
    require(text(statement.get("_type"), "_type")? == STATEMENT, "another statement")?;
    require(text(statement.get("predicateType"), "predicateType")? == SIGNED, "another predicate")?;
    let [subject] = statement.get("subject").unwrap_or(&Value::Null).list("subject")? else {
        return refuse("not one subject");
    };
    let [(algorithm, hex)] = subject.get("digest").unwrap_or(&Value::Null).record("digest")? else {
        return refuse("not one digest");
    };
    let digest = format!("{algorithm}:{}", text(Some(hex), "digest")?);
    require(digest == image.digest, "another image")
}
