//! The core of ocisign: references, products, signing requests, statuses and keys of LAAVAT's OCI
//! signing. It has no I/O, no clock and no randomness: it builds what is sent, reads what came, and
//! says what to do next. Where a file is long, the question it answers is in its first line.
//!
//! ```
//! use ocisign::{Reference, signing_request::{self, SigningInput}};
//!
//! let body = signing_request::build(SigningInput {
//!     product_id: Some("e1ec8ea5-b569-4da7-8a70-6eb910dad8ac".into()),
//!     operation_id: Some("b4f4c9e4-cbd2-4073-820c-9d553a957e54".into()),
//!     artifact: "656666598317.dkr.ecr.eu-west-1.amazonaws.com/test\
//!         @sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79".into(),
//!     ..SigningInput::default()
//! })?;
//! let image: Reference = signing_request::artifact(&body)?;
//! assert_eq!(image.ecr().map(|ecr| ecr.region), Some("eu-west-1".into()));
//! # Ok::<(), ocisign::Error>(())
//! ```
#![no_std]
// Debug forms write nothing in the module that is shipped (tools/build/bindgen).
#![warn(clippy::use_debug)]

extern crate alloc;

pub mod artifact_uri;
mod base_url;
mod code;
mod der;
mod digest;
mod domain;
mod ecr;
mod encoding;
mod error;
pub mod exchange;
mod fault;
#[cfg(feature = "insides")]
#[doc(hidden)]
pub mod insides;
pub mod json;
#[cfg(feature = "serde_json")]
mod json_text;
#[cfg(any(test, feature = "insides", target_arch = "wasm32"))]
mod json_writer;
mod key_path;
mod key_type;
pub mod poll;
pub mod product;
mod profile;
mod public_key;
mod quote;
mod reference;
pub mod scan;
pub mod signing_request;
pub mod simple_signing;
mod spread;
mod state;
mod status;
mod table;
#[cfg(any(test, feature = "insides", target_arch = "wasm32"))]
mod tape;
mod text;
pub mod token;
pub mod wire;
mod words;

#[cfg(target_arch = "wasm32")]
pub mod js;

pub use base_url::{BaseUrl, check_url, percent_encode};
pub use code::{Code, Taken};
pub use digest::is_digest;
pub use domain::{is_loopback, read_registry};
pub use ecr::Ecr;
pub use error::{Error, Result};
pub use key_path::public_key;
pub use key_type::KeyType;
pub use product::check_registry;
pub use profile::{Profile, Routes};
pub use public_key::PublicKey;
pub use quote::harmless;
pub use reference::Reference;
pub use state::State;
pub use status::Status;
pub use table::Table;
pub use words::LOOK_FIRST;
