//! The bindings: the core's functions for JavaScript, and the rules that the shells in pkg/lib ask for.
//!
//! TypeScript's view of all this, with its documentation, is written by hand in pkg/index.d.ts.
#![allow(missing_docs)]

mod error;
pub mod functions;
pub mod http;
mod input;
mod output;
pub mod service;
pub mod verify;

/// A fraction of the size of the standard one.
#[global_allocator]
static ALLOCATOR: rlsf::GlobalTlsf = rlsf::GlobalTlsf::new();
