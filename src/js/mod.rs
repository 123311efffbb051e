//! The bindings: the core's functions for JavaScript, and the client over `fetch`.
//!
//! TypeScript's view of all this is written by hand in pkg/index.d.ts.

mod client;
mod functions;
mod http;
mod input;
mod output;
mod reply;
mod support;
mod token_source;
