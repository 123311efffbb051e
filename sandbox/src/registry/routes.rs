//! Which part of the registry answers which path. Handlers are the registry crate's where they are right, and ours
//! where the distribution specification wants something else ([`super::blobs`], [`super::manifests`],
//! [`super::pushing`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Query, Request, State};
use axum::http::header::ALLOW;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use ferro_oci_server::handlers::{base, blob_upload, catalog, manifest, referrers, tags};
use ferro_oci_server::{AppState, MAX_BODY_BYTES, OciError, OciErrorCode};

use super::blobs::{self, Blobs};
use super::meta::SqliteMeta;
use super::{manifests, pushing, replies};

/// What the handlers share.
pub struct Parts {
    /// The registry crate's view of the two below.
    pub app: Arc<AppState>,
    /// Manifests, tags, referrers, uploads, and what is in which repository.
    pub meta: Arc<SqliteMeta>,
    /// The content of blobs.
    pub blobs: Arc<Blobs>,
}

/// The parameters of a query; a name may be repeated.
pub type Parameters = Vec<(String, String)>;

/// What a path names in a repository.
#[derive(Debug, PartialEq, Eq)]
enum Target<'a> {
    Tags,
    Referrers(&'a str),
    Manifest(&'a str),
    Blob(&'a str),
    Uploads,
    Upload(&'a str),
}

/// All routes.
pub fn router(parts: Arc<Parts>) -> Router {
    Router::new()
        .route("/v2", get(base::version_check))
        .route("/v2/", get(base::version_check))
        .route("/v2/_catalog", get(list_catalog))
        .route("/v2/{*rest}", any(dispatch))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(parts)
}

async fn list_catalog(
    State(parts): State<Arc<Parts>>,
    parameters: Query<BTreeMap<String, String>>,
) -> Response {
    let app = State(Arc::clone(&parts.app));
    replies::without_false_405(catalog::list_catalog(app, parameters).await.into_response())
}

async fn dispatch(
    State(parts): State<Arc<Parts>>,
    Path(rest): Path<String>,
    Query(parameters): Query<Parameters>,
    request: Request,
) -> Response {
    let Some((name, target)) = read(&rest) else {
        return OciError::new(OciErrorCode::NameUnknown, format!("cannot route `{rest}`")).into_response();
    };
    let response = match target {
        Target::Tags => on_tags(&parts, name, &parameters, request.method()).await,
        Target::Referrers(digest) => on_referrers(&parts, name, digest, &parameters, request.method()).await,
        Target::Manifest(reference) => on_manifest(&parts, name, reference, &parameters, request).await,
        Target::Blob(digest) => on_blob(&parts, name, digest, request).await,
        Target::Uploads => on_uploads(&parts, name, &parameters, request).await,
        Target::Upload(id) => on_upload(&parts, name, id, &parameters, request).await,
    };
    replies::without_false_405(response)
}

/// A repository may itself have a part called `manifests` or `blobs`: a path is read from its end.
fn read(rest: &str) -> Option<(&str, Target<'_>)> {
    let (before, last) = rest.rsplit_once('/')?;
    if let Some(name) = before.strip_suffix("/blobs/uploads") {
        return Some((name, if last.is_empty() { Target::Uploads } else { Target::Upload(last) }));
    }
    let (name, kind) = before.rsplit_once('/')?;
    let target = match (kind, last) {
        ("blobs", "uploads") => Target::Uploads,
        ("blobs", digest) => Target::Blob(digest),
        ("manifests", reference) => Target::Manifest(reference),
        ("referrers", digest) => Target::Referrers(digest),
        ("tags", "list") => Target::Tags,
        _ => return None,
    };
    Some((name, target))
}

async fn on_tags(parts: &Parts, name: &str, parameters: &Parameters, method: &Method) -> Response {
    match *method {
        Method::GET => tags::list_tags(&parts.app, name, &single(parameters)).await,
        _ => unsupported("GET"),
    }
}

async fn on_referrers(
    parts: &Parts,
    name: &str,
    digest: &str,
    parameters: &Parameters,
    method: &Method,
) -> Response {
    match *method {
        Method::GET => referrers::get_referrers(&parts.app, name, digest, &single(parameters)).await,
        _ => unsupported("GET"),
    }
}

async fn on_manifest(
    parts: &Parts,
    name: &str,
    reference: &str,
    parameters: &Parameters,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    match head.method {
        Method::GET => manifest::get_manifest(&parts.app, name, reference, &head.headers).await,
        Method::HEAD => manifest::head_manifest(&parts.app, name, reference).await,
        Method::DELETE => manifests::delete(parts, name, reference).await,
        Method::PUT => match read_body(Request::from_parts(head.clone(), body)).await {
            Ok(body) => manifests::put(parts, name, reference, parameters, &head.headers, body).await,
            Err(refusal) => refusal,
        },
        _ => unsupported("GET, HEAD, PUT, DELETE"),
    }
}

async fn on_blob(parts: &Parts, name: &str, digest: &str, request: Request) -> Response {
    match *request.method() {
        Method::GET | Method::HEAD => blobs::get(parts, name, digest, request).await,
        Method::DELETE => blobs::delete(parts, name, digest).await,
        _ => unsupported("GET, HEAD, DELETE"),
    }
}

async fn on_uploads(parts: &Parts, name: &str, parameters: &Parameters, request: Request) -> Response {
    if *request.method() != Method::POST {
        return unsupported("POST");
    }
    match read_body(request).await {
        Ok(body) => pushing::begin(parts, name, &single(parameters), body).await,
        Err(refusal) => refusal,
    }
}

async fn on_upload(
    parts: &Parts,
    name: &str,
    id: &str,
    parameters: &Parameters,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    match head.method {
        Method::GET => return blob_upload::get_upload_status(&parts.app, name, id).await,
        Method::DELETE => return blob_upload::cancel_upload(&parts.app, name, id).await,
        Method::PATCH | Method::PUT => {}
        _ => return unsupported("GET, PATCH, PUT, DELETE"),
    }
    match read_body(Request::from_parts(head.clone(), body)).await {
        Err(refusal) => refusal,
        Ok(body) if head.method == Method::PATCH => {
            blob_upload::patch_upload(&parts.app, name, id, &head.headers, body).await
        }
        Ok(body) => pushing::finish(parts, name, id, &single(parameters), &head.headers, body).await,
    }
}

async fn read_body(request: Request) -> Result<Bytes, Response> {
    Bytes::from_request(request, &()).await.map_err(IntoResponse::into_response)
}

/// As the registry crate wants them.
fn single(parameters: &Parameters) -> BTreeMap<String, String> {
    parameters.iter().cloned().collect()
}

fn unsupported(allowed: &'static str) -> Response {
    let error = OciError::new(OciErrorCode::Unsupported, "unsupported method")
        .with_status(StatusCode::METHOD_NOT_ALLOWED);
    ([(ALLOW, allowed)], error).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_from_its_end() {
        let digest = "sha256:00";
        for (path, wanted) in [
            ("app/manifests/latest", Some(("app", Target::Manifest("latest")))),
            ("a/b/c/blobs/sha256:00", Some(("a/b/c", Target::Blob(digest)))),
            ("app/blobs/uploads/", Some(("app", Target::Uploads))),
            ("app/blobs/uploads", Some(("app", Target::Uploads))),
            ("app/blobs/uploads/one", Some(("app", Target::Upload("one")))),
            ("app/referrers/sha256:00", Some(("app", Target::Referrers(digest)))),
            ("app/tags/list", Some(("app", Target::Tags))),
            ("blobs/manifests/manifests/blobs", Some(("blobs/manifests", Target::Manifest("blobs")))),
            ("a/manifests/x/blobs/sha256:00", Some(("a/manifests/x", Target::Blob(digest)))),
            ("app/tags/else", None),
            ("app/something", None),
            ("manifests/latest", None),
            ("é/ü", None),
            ("", None),
        ] {
            assert_eq!(read(path), wanted, "{path}");
        }
    }
}
