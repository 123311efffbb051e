//! Keys in a token behind PKCS #11: SoftHSM as it is, and with faults on demand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod docs;
mod faults;
mod keys;
mod kills;
mod log;
mod pins;
mod places;
mod start;
mod token;

#[path = "../support/mod.rs"]
mod support;
