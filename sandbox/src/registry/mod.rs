//! The embedded registry: an OCI 1.1 registry in this process, on a port of its own.

pub mod auth;
pub mod meta;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use ferro_blob_store::FsBlobStore;
use ferro_oci_server::{AppState, OciError, OciErrorCode};

use crate::data_folder::DataFolder;
use crate::database::Database;
use crate::start_error::StartError;
use auth::Writer;
use meta::SqliteMeta;

/// The user who may push to it.
pub const USERNAME: &str = "sandbox";

/// The registry's routes over its files in the data folder.
pub fn router(folder: &DataFolder, password: &str) -> Result<Router, StartError> {
    let database = Database::open(&folder.file("registry.sqlite"), meta::MIGRATIONS)?;
    let blobs = FsBlobStore::new(folder.file("blobs")).map_err(|cause| {
        StartError::because("Cannot keep blobs in the data folder. Choose another with --data.", cause)
    })?;
    let state = AppState::new(Arc::new(blobs), Arc::new(SqliteMeta::new(database)));
    let writer = Arc::new(Writer::new(USERNAME, password));
    Ok(ferro_oci_server::router(state)
        .layer(from_fn(ascii_only))
        .layer(from_fn_with_state(writer, auth::guard)))
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
