//! Pushing blobs, where the registry crate leaves something out: mounting what another repository has, and the order
//! of the last chunk.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::header::{CONTENT_RANGE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use ferro_oci_server::handlers::blob_upload;
use ferro_oci_server::{
    ContentRange, OciError, OciErrorCode, OciResult, RegistryMeta, UploadAdmission, validate_name,
};

use super::blobs::digest;
use super::routes::Parts;

/// `POST /v2/<name>/blobs/uploads/`: a blob in one piece (`digest`), one from elsewhere (`mount`), or an upload.
pub async fn begin(
    parts: &Parts,
    name: &str,
    parameters: &BTreeMap<String, String>,
    body: Bytes,
) -> Response {
    if let Some(wanted) = parameters.get("mount") {
        match mount(parts, name, wanted, parameters.get("from").map(String::as_str)).await {
            Ok(Some(mounted)) => return mounted,
            // What cannot be mounted, the client pushes.
            Ok(None) => {}
            Err(error) => return error.into_response(),
        }
    } else if parameters.contains_key("digest") {
        return whole(parts, name, parameters, body).await;
    }
    blob_upload::init_upload(&parts.app, name, &HeaderMap::new(), &BTreeMap::new(), Bytes::new()).await
}

/// An upload of one chunk, so that every blob ends in its repository in the same way.
async fn whole(parts: &Parts, name: &str, parameters: &BTreeMap<String, String>, body: Bytes) -> Response {
    if let Err(error) = validate_name(name) {
        return error.into_response();
    }
    match parts.meta.start_upload(name).await {
        Ok(UploadAdmission::Started(id)) => {
            let response = blob_upload::finish_upload(&parts.app, name, &id, parameters, body).await;
            if !response.status().is_success() {
                // Nobody knows its id.
                let _ = parts.meta.cancel_upload(name, &id).await;
            }
            response
        }
        Ok(UploadAdmission::AtCapacity(_)) => {
            OciError::new(OciErrorCode::TooManyRequests, "too many uploads").into_response()
        }
        Err(cause) => OciError::from(cause).into_response(),
    }
}

async fn mount(parts: &Parts, name: &str, wanted: &str, from: Option<&str>) -> OciResult<Option<Response>> {
    validate_name(name)?;
    let digest = digest(wanted)?;
    let is_there = match from {
        Some(from) => parts.meta.has_blob(from, &digest).await?,
        None => parts.meta.has_blob_somewhere(&digest).await?,
    };
    if !is_there {
        return Ok(None);
    }
    parts.meta.add_blob(name, &digest).await?;
    let headers = [
        (LOCATION.as_str(), format!("/v2/{name}/blobs/{digest}")),
        ("docker-content-digest", digest.to_string()),
    ];
    Ok(Some((StatusCode::CREATED, headers).into_response()))
}

/// `PUT /v2/<name>/blobs/uploads/<id>`. The registry crate would append the last chunk wherever it belongs.
pub async fn finish(
    parts: &Parts,
    name: &str,
    id: &str,
    parameters: &BTreeMap<String, String>,
    headers: &HeaderMap,
    body: Bytes,
) -> Response {
    match check_order(parts, name, id, headers, &body).await {
        Ok(()) => blob_upload::finish_upload(&parts.app, name, id, parameters, body).await,
        Err(error) => error.into_response(),
    }
}

async fn check_order(
    parts: &Parts,
    name: &str,
    id: &str,
    headers: &HeaderMap,
    body: &Bytes,
) -> OciResult<()> {
    let Some(header) = headers.get(CONTENT_RANGE) else { return Ok(()) };
    let Some(upload) = parts.meta.get_upload_state(name, id).await? else { return Ok(()) };
    let range = header.to_str().ok().and_then(|text| ContentRange::parse(text).ok());
    let range = range.ok_or_else(|| {
        OciError::new(OciErrorCode::BlobUploadInvalid, "the Content-Range is not <start>-<end>")
    })?;
    if range.start == upload.offset() && range.checked_length() == Some(body.len() as u64) {
        return Ok(());
    }
    let expected = upload.offset();
    let message = format!("out-of-order chunk: expected offset {expected}, got {}", range.start);
    Err(OciError::new(OciErrorCode::BlobUploadInvalid, message)
        .with_status(StatusCode::RANGE_NOT_SATISFIABLE))
}
