//! The audit log: who did what, when. An entry is written in the transaction of the act that it tells of, so that
//! neither is without the other. Entries are chained by their hashes ([`chain`]), and SQLite refuses to change them.
//!
//! No entry holds a token, a password or a private key. Bodies stand in it by their hash only.

pub mod chain;
pub mod command;
mod rows;

use rusqlite::Transaction;
use serde_json::Value;

use crate::auth::Person;

pub use rows::{Filter, entries, time};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // their names say it, and docs/sandbox-rules.md lists them
pub enum Action {
    Start,
    Stop,
    Request,
    Approve,
    Reject,
    Withdraw,
    Expire,
    SignBegin,
    SignEnd,
    SignFail,
    ProductCreate,
    ProductChange,
    ProductDisable,
    ProductEnable,
    ProductApprove,
    ProductReject,
    ProductDelete,
    ProductRestore,
    CredentialPut,
    CredentialDelete,
    ClientRegister,
    ClientApprove,
    ClientDelete,
    SecretsRead,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::Start,
        Self::Stop,
        Self::Request,
        Self::Approve,
        Self::Reject,
        Self::Withdraw,
        Self::Expire,
        Self::SignBegin,
        Self::SignEnd,
        Self::SignFail,
        Self::ProductCreate,
        Self::ProductChange,
        Self::ProductDisable,
        Self::ProductEnable,
        Self::ProductApprove,
        Self::ProductReject,
        Self::ProductDelete,
        Self::ProductRestore,
        Self::CredentialPut,
        Self::CredentialDelete,
        Self::ClientRegister,
        Self::ClientApprove,
        Self::ClientDelete,
        Self::SecretsRead,
    ];

    /// As entries and filters write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Request => "request",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Withdraw => "withdraw",
            Self::Expire => "expire",
            Self::SignBegin => "sign-begin",
            Self::SignEnd => "sign-end",
            Self::SignFail => "sign-fail",
            Self::ProductCreate => "product-create",
            Self::ProductChange => "product-change",
            Self::ProductDisable => "product-disable",
            Self::ProductEnable => "product-enable",
            Self::ProductApprove => "product-approve",
            Self::ProductReject => "product-reject",
            Self::ProductDelete => "product-delete",
            Self::ProductRestore => "product-restore",
            Self::CredentialPut => "credential-put",
            Self::CredentialDelete => "credential-delete",
            Self::ClientRegister => "client-register",
            Self::ClientApprove => "client-approve",
            Self::ClientDelete => "client-delete",
            Self::SecretsRead => "secrets-read",
        }
    }
}

/// An act, to be told to the log.
pub struct Act<'a> {
    action: Action,
    by: Option<&'a Person>,
    signing: Option<&'a str>,
    product: Option<&'a str>,
    details: Value,
}

impl<'a> Act<'a> {
    /// An act of the sandbox itself, about nothing yet.
    pub fn new(action: Action) -> Self {
        Self { action, by: None, signing: None, product: None, details: Value::Object(Default::default()) }
    }

    /// Who did it.
    pub fn by(self, person: &'a Person) -> Self {
        Self { by: Some(person), ..self }
    }

    /// Of which request it is, and so of which product.
    pub fn signing(self, id: &'a str) -> Self {
        Self { signing: Some(id), ..self }
    }

    /// Of which product it is.
    pub fn product(self, id: &'a str) -> Self {
        Self { product: Some(id), ..self }
    }

    /// What else there is to say: an object of texts, integers, truth values and lists of them. No secrets.
    pub fn details(self, details: Value) -> Self {
        Self { details, ..self }
    }

    /// Writes the entry, as the last step of the transaction of the act.
    pub fn record(self, store: &Transaction<'_>) -> rusqlite::Result<()> {
        rows::append(store, &self)
    }
}
