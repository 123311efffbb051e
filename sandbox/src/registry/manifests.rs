//! Pushing and deleting manifests, where the registry crate refuses what the specification allows: digests of sha512,
//! layers that are not to be distributed, tags beside a digest, and deleting a tag.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use ferro_blob_store::{Digest, DigestAlgo};
use ferro_oci_server::handlers::manifest;
use ferro_oci_server::{
    ManifestKind, OciError, OciErrorCode, OciResult, Reference, ReferrerDescriptor, RegistryMeta,
    classify_manifest_media_type, validate_name,
};
use serde_json::Value;

use super::blobs;
use super::meta::NewManifest;
use super::routes::{Parameters, Parts};

/// Layers that stay where their URLs say (image specification, "Non-Distributable Layers"; docker's foreign layers).
const NOT_DISTRIBUTED: [&str; 2] =
    ["application/vnd.oci.image.layer.nondistributable.", "application/vnd.docker.image.rootfs.foreign."];

/// `PUT /v2/<name>/manifests/<reference>`, with further tags as `?tag=`.
pub async fn put(
    parts: &Parts,
    name: &str,
    reference: &str,
    parameters: &Parameters,
    headers: &HeaderMap,
    body: Bytes,
) -> Response {
    let pushed = push(parts, name, reference, parameters, headers, body).await;
    pushed.map_or_else(IntoResponse::into_response, |headers| (StatusCode::CREATED, headers).into_response())
}

async fn push(
    parts: &Parts,
    name: &str,
    reference: &str,
    parameters: &Parameters,
    headers: &HeaderMap,
    body: Bytes,
) -> OciResult<HeaderMap> {
    validate_name(name)?;
    let reference: Reference = reference.parse()?;
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.ok_or_else(|| invalid("missing Content-Type"))?;
    let kind = classify_manifest_media_type(media_type)
        .ok_or_else(|| invalid(format!("unsupported manifest media type `{media_type}`")))?;
    let document: Value = serde_json::from_slice(&body)
        .map_err(|cause| invalid(format!("manifest is not valid JSON: {cause}")))?;
    check_content(parts, name, &document, kind).await?;
    let digest = digest_of(&body, &reference)?;
    let tags = tags(&reference, parameters)?;
    let referrer = referrer(&document, &digest, media_type, body.len());
    let answer = answer(name, &digest, &document, tags.get(usize::from(reference.is_tag())..));
    let manifest = NewManifest { repository: name, digest: &digest, media_type, body, tags, referrer };
    parts.meta.keep(manifest).await?;
    answer
}

/// `DELETE /v2/<name>/manifests/<reference>`: a manifest by its digest, or only a tag.
pub async fn delete(parts: &Parts, name: &str, reference: &str) -> Response {
    match reference.parse() {
        Ok(Reference::Tag(tag)) => {
            delete_tag(parts, name, &tag).await.unwrap_or_else(IntoResponse::into_response)
        }
        _ => manifest::delete_manifest(&parts.app, name, reference).await,
    }
}

async fn delete_tag(parts: &Parts, name: &str, tag: &str) -> OciResult<Response> {
    validate_name(name)?;
    if parts.meta.delete_tag(name, tag).await? {
        return Ok(StatusCode::ACCEPTED.into_response());
    }
    Err(OciError::new(OciErrorCode::ManifestUnknown, format!("there is no tag {tag} in {name}")))
}

/// What a manifest names must be in its repository, as far as it is to be distributed.
async fn check_content(parts: &Parts, name: &str, document: &Value, kind: ManifestKind) -> OciResult<()> {
    let config = document.get("config").into_iter();
    let layers = list(document, "layers").filter(|layer| is_distributed(layer));
    match kind {
        ManifestKind::ImageIndex => {
            for digest in list(document, "manifests").filter_map(digest_text) {
                let digest = named(digest)?;
                let reference = Reference::Digest(digest.clone());
                let is_there = parts.meta.get_manifest(name, &reference).await?.is_some()
                    || parts.meta.has_blob(name, &digest).await?;
                check_there(is_there, "manifest", &digest)?;
            }
        }
        ManifestKind::ImageManifest | ManifestKind::Artifact => {
            for digest in config.chain(layers).filter_map(digest_text) {
                let digest = named(digest)?;
                check_there(parts.meta.has_blob(name, &digest).await?, "blob", &digest)?;
            }
        }
    }
    Ok(())
}

fn is_distributed(layer: &Value) -> bool {
    let media_type = layer.get("mediaType").and_then(Value::as_str).unwrap_or_default();
    !NOT_DISTRIBUTED.iter().any(|kind| media_type.starts_with(kind))
}

fn list<'a>(document: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    document.get(field).and_then(Value::as_array).into_iter().flatten()
}

fn digest_text(descriptor: &Value) -> Option<&str> {
    descriptor.get("digest")?.as_str()
}

fn named(text: &str) -> OciResult<Digest> {
    blobs::digest(text).map_err(|error| invalid(error.message))
}

fn check_there(is_there: bool, what: &str, digest: &Digest) -> OciResult<()> {
    if is_there {
        return Ok(());
    }
    Err(OciError::new(OciErrorCode::ManifestBlobUnknown, format!("referenced {what} {digest} not present")))
}

/// By the algorithm that the reference names; by sha256 when it is a tag.
fn digest_of(body: &[u8], reference: &Reference) -> OciResult<Digest> {
    let computed = match reference.as_digest().map(Digest::algo) {
        Some(DigestAlgo::Sha512) => Digest::sha512_of(body),
        _ => Digest::sha256_of(body),
    };
    match reference {
        Reference::Digest(declared) if *declared != computed => Err(OciError::new(
            OciErrorCode::DigestInvalid,
            format!("manifest digest mismatch: reference {declared}, computed {computed}"),
        )),
        _ => Ok(computed),
    }
}

/// The tag of the path, if it is one, and then those of the query.
fn tags(reference: &Reference, parameters: &Parameters) -> OciResult<Vec<String>> {
    let asked = parameters.iter().filter(|(name, _)| name == "tag");
    let asked = asked.map(|(_, tag)| match tag.parse()? {
        Reference::Tag(tag) => Ok(tag),
        Reference::Digest(_) => Err(invalid(format!("invalid tag: `{tag}`"))),
    });
    reference.as_tag().map(|tag| Ok(tag.to_owned())).into_iter().chain(asked).collect()
}

/// What the manifest refers to, and the descriptor under which it is listed there ("Listing Referrers").
fn referrer(
    document: &Value,
    digest: &Digest,
    media_type: &str,
    size: usize,
) -> Option<(Digest, ReferrerDescriptor)> {
    let subject = document.pointer("/subject/digest")?.as_str()?.parse().ok()?;
    let text = |pointer: &str| document.pointer(pointer).and_then(Value::as_str).filter(|it| !it.is_empty());
    let annotations = document.get("annotations").and_then(Value::as_object).map(|annotations| {
        let texts =
            annotations.iter().filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        texts.collect::<BTreeMap<String, String>>()
    });
    let descriptor = ReferrerDescriptor {
        media_type: media_type.to_owned(),
        digest: digest.clone(),
        size: u64::try_from(size).unwrap_or(u64::MAX),
        artifact_type: text("/artifactType").or_else(|| text("/config/mediaType")).map(str::to_owned),
        annotations,
    };
    Some((subject, descriptor))
}

fn answer(name: &str, digest: &Digest, document: &Value, tags: Option<&[String]>) -> OciResult<HeaderMap> {
    let mut headers = HeaderMap::new();
    let mut add = |header: HeaderName, text: &str| {
        let value =
            HeaderValue::from_str(text).map_err(|_| invalid(format!("{header} cannot be {text:?}")))?;
        headers.append(header, value);
        Ok::<_, OciError>(())
    };
    add(LOCATION, &format!("/v2/{name}/manifests/{digest}"))?;
    add(HeaderName::from_static("docker-content-digest"), &digest.to_string())?;
    if let Some(subject) = document.pointer("/subject/digest").and_then(Value::as_str) {
        add(HeaderName::from_static("oci-subject"), subject)?;
    }
    for tag in tags.unwrap_or_default() {
        add(HeaderName::from_static("oci-tag"), tag)?;
    }
    Ok(headers)
}

fn invalid(message: impl Into<String>) -> OciError {
    OciError::new(OciErrorCode::ManifestInvalid, message)
}
