//! Proof that a registry holds a valid signature of an image.
//!
//! The order is fixed, and the types keep it: a [`Candidate`] is what a manifest names. Its blob, once the
//! digest fits, makes it [`Untrusted`]: bytes and a signature over them, with no way to look at what the
//! bytes say. It gives [`Question`]s for the platform's cryptography; only a question that was answered
//! with yes makes it [`Verified`], and only that can be read and compared with the image.
//!
//! Sources: sigstore/cosign `specs/SIGNATURE_SPEC.md`, containers/image's signature verification (for the
//! strictness), the Sigstore bundle v0.3, DSSE v1, in-toto Statement v1.

mod bundle;
mod candidate;
mod ecdsa;
mod fault;
mod manifest;
mod simple;
mod verdict;

pub use candidate::{
    Algorithm, Binding, Candidate, Format, Holds, Question, Untrusted, Verified, has_digest,
};
pub use manifest::{Role, candidates, referrer_digests};
pub use verdict::{Finding, Seen, State, Verdict, verdict};
