//! What the request handlers share.

use std::sync::Arc;

use serde_json::Value;

use crate::auth::Tokens;
use crate::database::Database;
use crate::directory::Directory;
use crate::faults::Faults;
use crate::host_check::Hosts;
use crate::keys::Keys;
use crate::oidc::Issuer;
use crate::ready::ReadyRegistry;
use crate::remote::access::Allowed;
use crate::rules::Rules;
use crate::signature_format::SignatureFormat;
use crate::signer::Bell;
use crate::vault::Vault;

/// The running sandbox, as handlers see it. It has no Debug: it holds keys.
pub struct Sandbox {
    /// Products, requests, credentials.
    pub database: Database,
    /// Seals passwords.
    pub vault: Arc<Vault>,
    /// Makes signing keys.
    pub keys: Arc<Keys>,
    /// Makes and checks bearer tokens.
    pub tokens: Tokens,
    /// Makes other bearer tokens that are accepted.
    pub issuer: Option<Arc<Issuer>>,
    /// Knows the groups of people whose tokens do not say them.
    pub directory: Option<Directory>,
    /// Wakes the worker that signs.
    pub bell: Bell,
    /// Wakes the worker that ends what waited too long.
    pub expiry_bell: Bell,
    /// The rules that the start set.
    pub rules: Rules,
    /// `GET ocisign-profile`.
    pub profile: Value,
    /// `/<customer>/api/v1`.
    pub base: String,
    /// The names under which this sandbox is reached.
    pub hosts: Hosts,
    /// Whether it hands out tokens and passwords to whoever asks from this machine.
    pub gives_tokens: bool,
    /// The registries that the signer may use.
    pub allowed: Allowed,
    /// How signatures are written down.
    pub format: SignatureFormat,
    /// What goes wrong on demand.
    pub faults: Faults,
    /// The registry of this process, with its password.
    pub embedded_registry: Option<ReadyRegistry>,
}

/// A shared [`Sandbox`].
pub type Shared = Arc<Sandbox>;
