//! The Sigstore bundle v0.3 as cosign 3 writes it: what is signed, the bundle, and the manifest that refers to the image.
//! Pure: bytes in, bytes out. A file that cosign left in a registry holds it, and the package's `attachSignature`, to it.
//!
//! Sources: sigstore/protobuf-specs `sigstore_bundle.proto`, DSSE `protocol.md`, in-toto Statement v1.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::signature_manifest::{MANIFEST_TYPE, sha256};

/// An index.
pub const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";
/// The largest bundle that is read: one has a few kilobytes.
pub const LARGEST: usize = 1024 * 1024;
const TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
/// All versions of it.
const ANY_TYPE: &str = "application/vnd.dev.sigstore.bundle";
const EMPTY_TYPE: &str = "application/vnd.oci.empty.v1+json";
const EMPTY: &[u8] = b"{}";
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
const PREDICATE_TYPE: &str = "https://sigstore.dev/cosign/sign/v1";
const PREDICATE: &str = "dev.sigstore.bundle.predicateType";

/// The statement that an image was signed.
pub fn statement(image_digest: &str) -> Vec<u8> {
    let (algorithm, hexadecimal) = image_digest.split_once(':').unwrap_or_default();
    let digest = Map::from_iter([(algorithm.to_owned(), Value::from(hexadecimal))]);
    let statement = json!({
        "_type": STATEMENT_TYPE,
        "subject": [{ "digest": digest, "annotations": {} }],
        "predicateType": PREDICATE_TYPE,
        "predicate": {},
    });
    statement.to_string().into_bytes()
}

/// What is signed of a statement: DSSE's pre-authentication encoding.
pub fn message(statement: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {PAYLOAD_TYPE} {} ", PAYLOAD_TYPE.len(), statement.len());
    [head.as_bytes(), statement].concat()
}

/// The bundle of a statement and its signature. The hint names the key, as cosign's does, and proves nothing.
pub fn write(statement: &[u8], signature: &[u8], public_der: &[u8]) -> Vec<u8> {
    let bundle = json!({
        "mediaType": TYPE,
        "verificationMaterial": { "publicKey": { "hint": STANDARD.encode(digest(&SHA256, public_der)) } },
        "dsseEnvelope": {
            "payload": STANDARD.encode(statement),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{ "sig": STANDARD.encode(signature) }],
        },
    });
    bundle.to_string().into_bytes()
}

/// A bundle's signature, if it is over exactly this statement.
pub fn signature_over(bundle: &[u8], statement: &[u8]) -> Option<Vec<u8>> {
    let bundle: Value = serde_json::from_slice(bundle).ok()?;
    let payload = STANDARD.decode(bundle.pointer("/dsseEnvelope/payload")?.as_str()?).ok()?;
    let signature = bundle.pointer("/dsseEnvelope/signatures/0/sig")?.as_str()?;
    (payload == statement).then(|| STANDARD.decode(signature.replace(['\r', '\n'], "")).ok())?
}

/// The image that a manifest refers to.
pub struct Subject<'a> {
    /// What its manifest says that it is.
    pub media_type: &'a str,
    /// Of its manifest.
    pub digest: &'a str,
    /// The length of its manifest.
    pub size: usize,
}

/// What is pushed of a bundle: two blobs, and the manifest that names them.
#[derive(Clone)]
pub struct Referrer {
    /// The empty config, and the bundle.
    pub blobs: [Vec<u8>; 2],
    /// Its manifest.
    pub manifest: Vec<u8>,
    /// As an index of referrers names it.
    pub descriptor: Value,
}

/// Makes what is pushed. @param created a time as RFC 3339 has it
pub fn referrer(bundle: Vec<u8>, image: &Subject<'_>, created: &str) -> Referrer {
    let annotations = json!({
        "dev.sigstore.bundle.content": "dsse-envelope",
        PREDICATE: PREDICATE_TYPE,
        "org.opencontainers.image.created": created,
    });
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPE,
        "config": {
            "mediaType": EMPTY_TYPE,
            "size": EMPTY.len(),
            "digest": sha256(EMPTY),
            "artifactType": TYPE,
        },
        "layers": [{ "mediaType": TYPE, "size": bundle.len(), "digest": sha256(&bundle) }],
        "annotations": annotations,
        "subject": { "mediaType": image.media_type, "size": image.size, "digest": image.digest },
        "artifactType": TYPE,
    });
    let manifest = manifest.to_string().into_bytes();
    let descriptor = json!({
        "mediaType": MANIFEST_TYPE,
        "size": manifest.len(),
        "digest": sha256(&manifest),
        "artifactType": TYPE,
        "annotations": annotations,
    });
    Referrer { blobs: [EMPTY.to_vec(), bundle], manifest, descriptor }
}

/// The digest of a listed manifest that may hold a bundle with a signature. Cosign 2 lists one by the type of its empty
/// config, and some registries by nothing; what says that it is an attestation holds none.
pub fn may_sign(descriptor: &Value) -> Option<&str> {
    let artifact_type = descriptor.get("artifactType").and_then(Value::as_str).unwrap_or_default();
    let is_bundle =
        artifact_type.is_empty() || artifact_type == EMPTY_TYPE || artifact_type.starts_with(ANY_TYPE);
    let is_other = is_called_attestation(descriptor);
    descriptor.get("digest").and_then(Value::as_str).filter(|_| is_bundle && !is_other)
}

/// The digests of the bundles in a manifest that may hold a signature: no signature is as large as an attestation can be.
pub fn bundles_in(manifest: &[u8]) -> Vec<String> {
    let manifest: Value = serde_json::from_slice(manifest).unwrap_or_default();
    let layers = manifest.get("layers").and_then(Value::as_array).into_iter().flatten();
    let text =
        |layer: &Value, key: &str| layer.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    layers
        .filter(|_| !is_called_attestation(&manifest))
        .filter(|layer| text(layer, "mediaType").starts_with(ANY_TYPE))
        .filter(|layer| layer.get("size").and_then(Value::as_u64).is_some_and(|size| size <= LARGEST as u64))
        .map(|layer| text(layer, "digest"))
        .collect()
}

/// Whether annotations say that something else is stated than a signature.
fn is_called_attestation(annotated: &Value) -> bool {
    let predicate = annotated.get("annotations").and_then(|all| all.get(PREDICATE));
    predicate.is_some_and(|it| it != PREDICATE_TYPE)
}

/// An index of referrers that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnIndex;

/// Reads an index of referrers.
pub fn parse_index(bytes: &[u8], media_type: &str) -> Result<Value, NotAnIndex> {
    let index: Value = serde_json::from_slice(bytes).map_err(|_| NotAnIndex)?;
    let is_of_version_2 = index.get("schemaVersion").and_then(Value::as_i64) == Some(2);
    let has_list = index.get("manifests").is_some_and(Value::is_array) && index.get("layers").is_none();
    if is_of_version_2 && has_list && media_type == INDEX_TYPE { Ok(index) } else { Err(NotAnIndex) }
}

/// What an index lists.
pub fn listed(index: &Value) -> Vec<Value> {
    index.get("manifests").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// The index with one more; a new one when there is none yet. What others listed stays.
pub fn add_to_index(index: Option<Value>, descriptor: Value) -> Result<Vec<u8>, NotAnIndex> {
    let empty = || json!({ "schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [] });
    let mut index = index.unwrap_or_else(empty);
    index.get_mut("manifests").and_then(Value::as_array_mut).ok_or(NotAnIndex)?.push(descriptor);
    Ok(index.to_string().into_bytes())
}

/// The tag under which a registry without a list of its own has an index of what refers to an image (OCI distribution
/// specification, "Referrers Tag Schema").
pub fn fallback_tag(image_digest: &str) -> String {
    let (algorithm, hexadecimal) = image_digest.split_once(':').unwrap_or_default();
    let start = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    format!("{}-{}", start(algorithm, 32), start(hexadecimal, 64))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use ocisign::PublicKey;

    macro_rules! cosign {
        ($file:literal) => {
            include_bytes!(concat!("../../tests/fixtures/cosign/v3-bundle-ec/", $file))
        };
    }

    fn image() -> (String, Vec<u8>) {
        let manifest = include_bytes!("../../tests/fixtures/cosign-image.json").to_vec();
        (sha256(&manifest), manifest)
    }

    /// As cosign 3 left it in a registry.
    #[test]
    fn bundle_and_manifest_are_cosign_s_byte_for_byte() {
        let (digest, image) = image();
        let key = PublicKey::read(std::str::from_utf8(cosign!("key.pem")).unwrap()).unwrap();
        let statement = statement(&digest);
        let signature = signature_over(cosign!("blob"), &statement).unwrap();
        assert!(crate::keys::verifies(key.key_type(), key.spki(), &message(&statement), &signature));
        let bundle = write(&statement, &signature, key.spki());
        assert_eq!(String::from_utf8_lossy(&bundle), String::from_utf8_lossy(cosign!("blob")));

        let theirs: Value = serde_json::from_slice(cosign!("manifest.json")).unwrap();
        let created = theirs["annotations"]["org.opencontainers.image.created"].as_str().unwrap();
        let subject = Subject { media_type: MANIFEST_TYPE, digest: &digest, size: image.len() };
        let made = referrer(bundle, &subject, created);
        assert_eq!(
            String::from_utf8_lossy(&made.manifest),
            String::from_utf8_lossy(cosign!("manifest.json"))
        );
        let case: Value = serde_json::from_slice(cosign!("case.json")).unwrap();
        assert_eq!(made.descriptor, case["referrers"]["manifests"][0]);
        assert_eq!(bundles_in(&made.manifest), [sha256(cosign!("blob"))]);
        assert_eq!(may_sign(&made.descriptor), case["manifestDigest"].as_str());
    }

    #[test]
    fn a_signature_over_another_statement_is_none_of_ours() {
        let other = statement(&sha256(b"another image"));
        assert_eq!(signature_over(cosign!("blob"), &other), None);
        for damaged in [&b"{}"[..], b"", br#"{"dsseEnvelope":{"payload":3,"signatures":[]}}"#] {
            assert_eq!(signature_over(damaged, &other), None);
        }
    }

    #[test]
    fn what_calls_itself_something_else_is_not_looked_at() {
        let named = |artifact_type: &str, predicate: &str| json!({ "digest": "sha256:ab", "artifactType": artifact_type, "annotations": { PREDICATE: predicate } });
        assert!(may_sign(&json!({ "digest": "sha256:ab" })).is_some());
        assert!(may_sign(&named(TYPE, PREDICATE_TYPE)).is_some());
        assert!(may_sign(&named(EMPTY_TYPE, PREDICATE_TYPE)).is_some());
        assert!(may_sign(&named(TYPE, "https://slsa.dev/provenance/v1")).is_none());
        assert!(may_sign(&named("application/spdx+json", PREDICATE_TYPE)).is_none());
        assert!(may_sign(&json!({ "artifactType": TYPE })).is_none());
    }

    #[test]
    fn what_is_too_large_or_calls_itself_an_attestation_is_not_read() {
        let manifest = |size: usize, predicate: &str| {
            let layers = json!([{ "mediaType": TYPE, "digest": "sha256:ab", "size": size }]);
            json!({ "layers": layers, "annotations": { PREDICATE: predicate } }).to_string()
        };
        assert_eq!(bundles_in(manifest(LARGEST, PREDICATE_TYPE).as_bytes()), ["sha256:ab"]);
        assert!(bundles_in(manifest(LARGEST + 1, PREDICATE_TYPE).as_bytes()).is_empty());
        assert!(bundles_in(manifest(9, "https://slsa.dev/provenance/v1").as_bytes()).is_empty());
        assert!(bundles_in(b"<html>").is_empty());
    }

    #[test]
    fn an_index_keeps_what_it_has() {
        let theirs = json!({
            "schemaVersion": 2,
            "mediaType": INDEX_TYPE,
            "manifests": [{ "digest": "sha256:ab", "extra": 1 }],
            "annotations": { "keep": "me" },
        });
        let index = parse_index(theirs.to_string().as_bytes(), INDEX_TYPE).unwrap();
        let bytes = add_to_index(Some(index), json!({ "digest": "sha256:cd" })).unwrap();
        let index = parse_index(&bytes, INDEX_TYPE).unwrap();
        assert_eq!(listed(&index), [theirs["manifests"][0].clone(), json!({ "digest": "sha256:cd" })]);
        assert_eq!(index["annotations"], theirs["annotations"]);
        let first = add_to_index(None, json!({ "digest": "sha256:cd" })).unwrap();
        assert_eq!(listed(&parse_index(&first, INDEX_TYPE).unwrap()).len(), 1);
    }

    #[test]
    fn what_is_no_index_is_refused() {
        for (text, media_type) in [
            ("<html>", INDEX_TYPE),
            (r#"{"schemaVersion":2,"layers":[]}"#, INDEX_TYPE),
            (r#"{"schemaVersion":2,"layers":[],"manifests":[]}"#, INDEX_TYPE),
            (r#"{"schemaVersion":1,"manifests":[]}"#, INDEX_TYPE),
            (r#"{"schemaVersion":2,"manifests":[]}"#, MANIFEST_TYPE),
        ] {
            assert_eq!(parse_index(text.as_bytes(), media_type), Err(NotAnIndex), "{text}");
        }
    }

    #[test]
    fn the_fallback_tag_is_cut_as_the_specification_says() {
        assert_eq!(fallback_tag("sha256:ab"), "sha256-ab");
        assert_eq!(
            fallback_tag(&format!("sha512:{}", "a".repeat(128))),
            format!("sha512-{}", "a".repeat(64))
        );
    }
}
