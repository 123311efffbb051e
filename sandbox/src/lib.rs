//! A local stand-in for the signing service, for development and tests.
//!
//! Real inside: bearer tokens, SQLite, RSA and EC keys, and a real push to a real registry. It takes its
//! rules and its wire format from the core crate. Where to begin reading: [`server`] puts everything
//! together, `api` has the routes, [`approval`] and [`signer`] have what happens to a request.

pub mod api;
mod api_error;
pub mod approval;
pub mod audit;
pub mod auth;
mod bearer;
mod boundary;
pub mod bundle;
pub mod cli;
mod clients;
pub mod cross_origin;
pub mod data_folder;
pub mod database;
mod directory;
mod expiry;
pub mod faults;
mod group_commit;
pub mod hash;
pub mod host_check;
pub mod identity;
pub mod image_locks;
mod json_body;
pub mod keys;
mod known_tokens;
mod limits;
pub mod listen;
mod names;
pub mod oidc;
mod opened_keys;
pub mod operating;
mod own_page;
mod page;
mod page_headers;
mod page_settings;
pub mod people;
mod platforms;
mod product_rows;
mod product_state;
mod profile;
mod publish;
pub mod ready;
pub mod registry;
pub mod registry_options;
pub mod remote;
pub mod rules;
mod sandbox;
pub mod secrets;
pub mod server;
pub mod serving;
pub mod shape;
mod shown_rows;
pub mod signature_format;
pub mod signature_manifest;
pub mod signer;
pub mod start_error;
pub mod start_registry;
pub mod status;
pub mod store;
pub mod strict_json;
mod subject;
pub mod vault;
