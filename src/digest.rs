//! Digests: `algorithm:hex`. Their grammar is `grammar/src/digest.rs`.

/// Is this text a digest that is accepted here?
///
/// ```
/// assert!(!ocisign::is_digest("sha256:3fbc63"));
/// ```
#[must_use]
pub fn is_digest(text: &str) -> bool {
    ocisign_grammar::digest(text.as_bytes()).is_ok()
}
