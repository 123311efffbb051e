//! The manifest that holds an image's signatures, in cosign's layout. Pure: JSON in, JSON out.
//!
//! Source: sigstore/cosign `specs/SIGNATURE_SPEC.md`. What others put into it is kept as it is. The package's
//! `attachSignature` writes the same bytes; a file in tests/golden holds both to it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// An OCI image manifest.
pub const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
/// Characters of a tag.
pub const LONGEST_TAG: usize = 128;
const CONFIG_TYPE: &str = "application/vnd.oci.image.config.v1+json";
const PAYLOAD_TYPE: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
const SIGNATURE: &str = "dev.cosignproject.cosign/signature";

/// A manifest and the config that it names, as bytes to push.
pub struct Pushable {
    /// The manifest.
    pub manifest: Vec<u8>,
    /// Its config.
    pub config: Vec<u8>,
}

/// A manifest that is there, but cannot hold signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAManifest;

/// `sha256:` and the digest in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let hexadecimal: String =
        digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hexadecimal}")
}

/// The tag under which the signatures of an image are found.
pub fn tag(image_digest: &str) -> String {
    format!("{}.sig", image_digest.replace(':', "-"))
}

/// Whether that tag is one that a registry takes (OCI distribution specification, "Pulling manifests"): sha512 makes it
/// too long.
pub fn is_taggable(image_digest: &str) -> bool {
    tag(image_digest).len() <= LONGEST_TAG
}

/// Reads a manifest that can hold signatures.
pub fn parse(bytes: &[u8]) -> Result<Value, NotAManifest> {
    let manifest: Value = serde_json::from_slice(bytes).map_err(|_| NotAManifest)?;
    let has_layers = manifest.get("layers").is_some_and(Value::is_array);
    if has_layers { Ok(manifest) } else { Err(NotAManifest) }
}

/// How many signatures, and other layers, a manifest names.
pub fn count(manifest: &Value) -> usize {
    layers(manifest).count()
}

/// Whether a signature over exactly this payload is there that `verifies` accepts.
pub fn holds(manifest: &Value, payload: &[u8], verifies: impl Fn(&[u8]) -> bool) -> bool {
    let wanted = sha256(payload);
    layers(manifest)
        .filter(|layer| text(layer, "mediaType") == Some(PAYLOAD_TYPE))
        .filter(|layer| text(layer, "digest") == Some(&wanted))
        .filter_map(signature)
        .any(|signature| verifies(&signature))
}

/// The manifest with one signature more; a new one when there is none yet.
pub fn append(existing: Option<Value>, payload: &[u8], signature: &[u8]) -> Result<Pushable, NotAManifest> {
    let mut manifest = existing.unwrap_or_else(empty);
    let layers = manifest.get_mut("layers").and_then(Value::as_array_mut).ok_or(NotAManifest)?;
    layers.push(json!({
        "mediaType": PAYLOAD_TYPE,
        "digest": sha256(payload),
        "size": payload.len(),
        "annotations": { SIGNATURE: STANDARD.encode(signature) },
    }));
    let config = config(layers).to_string().into_bytes();
    let descriptor = json!({ "mediaType": CONFIG_TYPE, "digest": sha256(&config), "size": config.len() });
    manifest.as_object_mut().ok_or(NotAManifest)?.insert("config".to_owned(), descriptor);
    Ok(Pushable { manifest: manifest.to_string().into_bytes(), config })
}

/// The content type to push a manifest with: its own, if it says so.
pub fn content_type(manifest: &[u8]) -> String {
    let manifest: Value = serde_json::from_slice(manifest).unwrap_or_default();
    text(&manifest, "mediaType").unwrap_or(MANIFEST_TYPE).to_owned()
}

fn empty() -> Value {
    json!({ "schemaVersion": 2, "mediaType": MANIFEST_TYPE, "config": {}, "layers": [] })
}

/// Tools that treat this as an image want one diff id a layer. It has no time and no history, so that equal signatures
/// have equal digests.
fn config(layers: &[Value]) -> Value {
    let diff_ids: Vec<&Value> = layers.iter().filter_map(|layer| layer.get("digest")).collect();
    json!({
        "architecture": "",
        "os": "",
        "config": {},
        "rootfs": { "type": "layers", "diff_ids": diff_ids },
    })
}

fn layers(manifest: &Value) -> impl Iterator<Item = &Value> {
    manifest.get("layers").and_then(Value::as_array).into_iter().flatten()
}

fn signature(layer: &Value) -> Option<Vec<u8>> {
    let wrapped = layer.get("annotations")?.get(SIGNATURE)?.as_str()?;
    STANDARD.decode(wrapped.replace(['\r', '\n'], "")).ok()
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::keys;
    use ocisign::PublicKey;

    /// See tests/golden/README.md.
    #[test]
    fn the_manifest_is_the_golden_one_byte_for_byte() {
        let payload = include_bytes!("../../tests/golden/signature-payload.json");
        let manifest = include_bytes!("../../tests/golden/signature-manifest.json");
        let config = include_bytes!("../../tests/golden/signature-config.json");
        let signature = signature(&parse(manifest).unwrap()["layers"][0]).unwrap();
        let pushable = append(None, payload, &signature).unwrap();
        assert_eq!(String::from_utf8_lossy(&pushable.manifest), String::from_utf8_lossy(manifest));
        assert_eq!(String::from_utf8_lossy(&pushable.config), String::from_utf8_lossy(config));

        let image = "656666598317.dkr.ecr.eu-west-1.amazonaws.com/test\
            @sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
        let written = ocisign::simple_signing::payload(&image.parse().unwrap());
        assert_eq!(written.as_bytes(), payload);
        let key = PublicKey::read(include_str!("../../tests/golden/signature-key.pem")).unwrap();
        assert!(keys::verifies(key.key_type(), key.spki(), payload, &signature));
    }

    #[test]
    fn a_first_signature_is_found_again() {
        let pushable = append(None, b"payload", b"signature").unwrap();
        let manifest = parse(&pushable.manifest).unwrap();
        assert!(holds(&manifest, b"payload", |signature| signature == b"signature"));
        assert!(!holds(&manifest, b"payload", |_| false));
        assert!(!holds(&manifest, b"another", |_| true));
        assert_eq!(manifest["config"]["digest"], sha256(&pushable.config));
        assert_eq!(content_type(&pushable.manifest), MANIFEST_TYPE);
    }

    #[test]
    fn what_is_there_is_kept() {
        let others = json!({
            "schemaVersion": 2,
            "config": { "digest": "sha256:00" },
            "layers": [{ "digest": "sha256:11", "annotations": { "dev.sigstore.cosign/bundle": "{}" } }],
            "annotations": { "their": "own" },
        });
        let pushable = append(Some(others.clone()), b"payload", b"signature").unwrap();
        let manifest = parse(&pushable.manifest).unwrap();
        assert_eq!(manifest["layers"][0], others["layers"][0]);
        assert_eq!(manifest["annotations"], others["annotations"]);
        assert_eq!(manifest["layers"].as_array().unwrap().len(), 2);
        let config: Value = serde_json::from_slice(&pushable.config).unwrap();
        assert_eq!(config["rootfs"]["diff_ids"], json!(["sha256:11", sha256(b"payload")]));
    }

    #[test]
    fn an_index_is_not_a_manifest_of_signatures() {
        assert_eq!(parse(br#"{"manifests":[]}"#), Err(NotAManifest));
        assert_eq!(parse(b"<html>"), Err(NotAManifest));
    }

    #[test]
    fn the_tag_is_made_from_the_digest() {
        assert_eq!(tag("sha256:ab"), "sha256-ab.sig");
    }
}
