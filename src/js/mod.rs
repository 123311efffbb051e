//! The bindings: the core's functions for JavaScript, and the client over `fetch`.
//!
//! TypeScript's view of all this, with its documentation, is written by hand in pkg/index.d.ts.
#![allow(missing_docs)]

pub mod client;
pub mod functions;
mod http;
mod input;
mod output;
mod reply;
mod service;
mod support;
mod token_source;
mod verification;
pub mod verify;
