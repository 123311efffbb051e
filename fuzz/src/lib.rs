//! What the core promises about all that it reads, one function for each thing that it reads. Each takes any bytes, and
//! panics where a promise is broken.
//!
//! libFuzzer runs them (`fuzz_targets/`), and so do the core's own tests, with stable Rust (`tests/fuzzed.rs`,
//! `tests/properties.rs`): they take this file in as a module.

mod calls;
mod encodings;
mod json;
mod keys;
mod references;
mod requests;
mod said;
mod urls;

pub use calls::{reply, token};
pub use encodings::{artifact_uri, base64};
pub use json::json;
pub use keys::key;
pub use references::{digest, lines, reference, simple_signing};
pub use requests::{product, product_input, profile, signing_request, status};
pub use urls::url;

/// A body: it takes any bytes.
pub type Body = fn(&[u8]);

/// Every target, by the name of its corpus.
pub const TARGETS: &[(&str, Body)] = &[
    ("artifact_uri", artifact_uri),
    ("base64", base64),
    ("digest", digest),
    ("json", json),
    ("key", key),
    ("lines", lines),
    ("product", product),
    ("product_input", product_input),
    ("profile", profile),
    ("reference", reference),
    ("reply", reply),
    ("signing_request", signing_request),
    ("simple_signing", simple_signing),
    ("status", status),
    ("token", token),
    ("url", url),
];

/// The bytes as text. What is none never reaches the core: JavaScript has texts only.
fn text(data: &[u8]) -> Option<&str> {
    core::str::from_utf8(data).ok()
}

/// Two texts, with a line break between them.
fn two_texts(data: &[u8]) -> Option<(&str, &str)> {
    text(data).map(|both| both.split_once('\n').unwrap_or((both, "")))
}
