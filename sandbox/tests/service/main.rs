//! The service and its embedded registry from outside, over HTTP; each module asks one question. They are one program:
//! linking a program for each takes longer than running them.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod approval_rules;
mod audit;
mod clients;
mod concurrent_decisions;
mod connections;
mod digest_signing;
mod faults;
mod flow;
mod identity;
mod kill;
mod limits;
mod openapi;
mod operating;
mod page;
mod product_life;
mod refusals;
mod registry;
mod registry_content;
mod restart;
mod shape;
mod shape_reading;
mod shape_undone;
mod signer_bundles;
mod signer_immutable;
mod signer_passwords;
mod signer_platforms;
mod signer_registries;
mod upgrade;

#[path = "../support/mod.rs"]
mod support;
