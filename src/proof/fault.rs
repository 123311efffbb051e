//! The errors of proofs: whatever a reader stumbled over, what to do about a bad signature is the same.

use alloc::string::String;

use crate::error::{Code, Error};

const FIX: &str = "Do not trust this signature; find out who made it, and sign again.";

/// An error from reading, as one about a signature: what to do is the same whatever the reader stumbled over.
pub(super) fn about_signature(error: Error) -> Error {
    if error.kind() == Code::BadSignature { error } else { bad(error.message().into()) }
}

pub(super) fn bad(message: String) -> Error {
    Error::new(Code::BadSignature, message, FIX)
}
