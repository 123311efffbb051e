//! The embedded registry: an OCI 1.1 registry in this process, on a port of its own.

pub mod auth;
pub mod callers;
pub mod meta;
mod replies;
pub mod uploads;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use ferro_blob_store::FsBlobStore;
use ferro_oci_server::{AppState, OciError, OciErrorCode};
use http_body_util::Limited;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use crate::data_folder::DataFolder;
use crate::database::Database;
use crate::start_error::StartError;
use auth::{Writer, Writers};
use callers::Caller;
use meta::SqliteMeta;

/// The user who may push to it.
pub const USERNAME: &str = "sandbox";
/// The user as whom this process pushes signatures.
pub const SIGNER: &str = "sandbox-signer";

/// One upload, in bytes; it stays in memory until it is whole.
const LARGEST_BLOB: u64 = 2 * 1024 * 1024 * 1024;
/// As the distribution specification recommends it ("Pushing manifests").
const LARGEST_MANIFEST: usize = 4 * 1024 * 1024;
/// For a whole request; each piece of its body has a shorter one.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// The registry's routes over its files in the data folder, for people and the signer with these passwords.
pub fn router(folder: &DataFolder, password: &str, signers_password: &str) -> Result<Router, StartError> {
    let database = Database::open(&folder.file("registry.sqlite"), meta::MIGRATIONS)?;
    let blobs = FsBlobStore::new(folder.file("blobs")).map_err(|cause| {
        StartError::because("Cannot keep blobs in the data folder. Choose another with --data.", cause)
    })?;
    let meta = Arc::new(SqliteMeta::new(database));
    let state = AppState::with_max_upload_session_bytes(Arc::new(blobs), meta, LARGEST_BLOB);
    let writers = Arc::new(Writers::new(vec![
        Writer::new(USERNAME, password, Caller::People),
        Writer::new(SIGNER, signers_password, Caller::Signer),
    ]));
    Ok(ferro_oci_server::router(state)
        .layer(from_fn(limited))
        .layer(from_fn(ascii_only))
        .layer(from_fn_with_state(writers, auth::guard))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE))
        .layer(CatchPanicLayer::custom(replies::panicked))
        .layer(from_fn(replies::as_a_registry)))
}

/// No name, tag or digest has other characters, and the registry crate slices paths by bytes.
async fn ascii_only(request: Request, next: Next) -> Response {
    let path = request.uri().path().as_bytes();
    let encodes_more =
        path.windows(2).any(|pair| matches!(pair, [b'%', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F']));
    if path.is_ascii() && !encodes_more {
        return next.run(request).await;
    }
    OciError::new(OciErrorCode::NameInvalid, "the path has a character outside ASCII").into_response()
}

/// The registry crate would take a manifest of the size of a layer, and this one keeps it in its database.
async fn limited(request: Request, next: Next) -> Response {
    if request.method() != Method::PUT || !request.uri().path().contains("/manifests/") {
        return next.run(request).await;
    }
    next.run(request.map(|body| Body::new(Limited::new(body, LARGEST_MANIFEST)))).await
}
