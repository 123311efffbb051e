//! Cosign's "simple signing" payload: the bytes that are signed.
//! Source: sigstore/cosign `specs/SIGNATURE_SPEC.md`, after containers/image's signature format.

use alloc::string::String;

use crate::Reference;

/// The payload's type, which every reader checks.
pub const TYPE: &str = "cosign container image signature";

/// The payload that binds a digest to a repository, in the exact bytes that cosign writes.
///
/// A reference's characters need no escaping in JSON: the grammar has no quote and no backslash.
///
/// ```
/// let image = ocisign::Reference::parse(
///     "a.example/b@sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79",
/// )?;
/// assert!(ocisign::simple_signing::payload(&image).contains(r#""docker-reference":"a.example/b""#));
/// # Ok::<(), ocisign::Error>(())
/// ```
#[must_use]
pub fn payload(reference: &Reference) -> String {
    [
        r#"{"critical":{"identity":{"docker-reference":""#,
        &reference.name(),
        r#""},"image":{"docker-manifest-digest":""#,
        reference.digest(),
        r#""},"type":""#,
        TYPE,
        r#""},"optional":null}"#,
    ]
    .concat()
}
