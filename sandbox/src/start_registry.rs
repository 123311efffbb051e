//! The registry that a start signs for: the embedded one, or the one that --registry names.

use std::fmt;
use std::fs;
use std::sync::Arc;

use aws_lc_rs::rand;
use axum::Router;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use tokio::net::TcpListener;

use crate::audit::{Act, Action};
use crate::cli::Options;
use crate::data_folder::DataFolder;
use crate::database::{Database, DatabaseError};
use crate::keys::KeyError;
use crate::listen::{listen, local_address};
use crate::ready::ReadyRegistry;
use crate::registry;
use crate::remote::access::{Allowed, NamedRegistry, password_place};
use crate::secrets::secret;
use crate::start_error::StartError;
use crate::store::{self, Origin};
use crate::vault::Vault;

const PASSWORD_VARIABLE: &str = "OCISIGN_REGISTRY_PASSWORD";

/// The registry that this start signs for. It has no Debug: it holds a password.
pub struct Registry {
    /// Where it is.
    pub named: NamedRegistry,
    /// There is a user, with this password.
    pub user: Option<(String, String)>,
    /// As whom the signer pushes, if that is somebody else.
    signer: Option<(String, String)>,
    /// The embedded one has routes to serve.
    pub embedded: Option<(TcpListener, Router)>,
}

impl Registry {
    /// The names under which it may stand in references; people write the embedded one both ways.
    pub fn domains(&self) -> Vec<String> {
        let mut domains = vec![self.named.domain.clone()];
        if let (Some(_), Some((_, port))) = (&self.embedded, self.named.domain.rsplit_once(':')) {
            domains.push(format!("localhost:{port}"));
        }
        domains
    }

    /// Those that the signer may use: this one by all its names, and what --allow-registry adds.
    pub fn allowed(&self, options: &Options) -> Result<Allowed, StartError> {
        let plain_http = self.named.plain_http;
        let own = self.domains().into_iter().map(|domain| NamedRegistry { domain, plain_http });
        let mut allowed: Vec<NamedRegistry> = own.collect();
        for url in &options.allow_registry {
            allowed.push(NamedRegistry::parse("--allow-registry", url)?);
        }
        Ok(Allowed::new(allowed))
    }

    /// What is told of it: the password only when it was made here.
    pub fn shown(&self) -> ReadyRegistry {
        let made_here = self.embedded.is_some();
        ReadyRegistry {
            url: self.named.url(),
            domain: self.named.domain.clone(),
            username: self.user.as_ref().map(|(user, _)| user.clone()),
            password: self.user.as_ref().filter(|_| made_here).map(|(_, password)| password.clone()),
        }
    }
}

/// Opens the embedded registry, or names the other one.
pub async fn open_registry(
    options: &Options,
    folder: &DataFolder,
    database: &Database,
    vault: &Arc<Vault>,
) -> Result<Registry, StartError> {
    if let Some(url) = &options.registry {
        let user = options.registry_username.clone();
        let user = user.map(|user| Ok((user, given_password(options)?))).transpose()?;
        return Ok(Registry {
            named: NamedRegistry::parse("--registry", url)?,
            user,
            signer: None,
            embedded: None,
        });
    }
    let listener = listen(options.registry_listen, "--registry-listen").await?;
    let domain = local_address(&listener)?.to_string();
    let password = secret(database, vault, "registry-password", new_password).await?;
    let password = text(password)?;
    let signers_password = text(new_password().map_err(cannot_keep)?)?;
    let router = registry::router(folder, &password, &signers_password)?;
    Ok(Registry {
        named: NamedRegistry { domain, plain_http: true },
        user: Some((registry::USERNAME.to_owned(), password)),
        signer: Some((registry::SIGNER.to_owned(), signers_password)),
        embedded: Some((listener, router)),
    })
}

fn text(password: Vec<u8>) -> Result<String, StartError> {
    String::from_utf8(password).map_err(|cause| {
        StartError::because("The registry's password is damaged. Start with an empty data folder.", cause)
    })
}

fn new_password() -> Result<Vec<u8>, KeyError> {
    let mut bytes = [0; 24];
    rand::fill(&mut bytes).map_err(|_| KeyError)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes).into_bytes())
}

fn given_password(options: &Options) -> Result<String, StartError> {
    let missing = || {
        StartError::new(format!(
            "--registry-username needs a password. Set {PASSWORD_VARIABLE}, or give --registry-password-file."
        ))
    };
    let Some(path) = &options.registry_password_file else {
        return std::env::var(PASSWORD_VARIABLE).map_err(|_| missing());
    };
    let text = fs::read_to_string(path).map_err(|cause| {
        StartError::because(
            format!("Cannot read the password from {}. Check the path.", path.display()),
            cause,
        )
    })?;
    // Editors and `echo` end files with a newline, which is no part of a password.
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The registry's own credential is kept like any other, so that one rule serves all.
pub async fn keep_credential(
    database: &Database,
    vault: &Vault,
    registry: &Registry,
) -> Result<(), StartError> {
    let mut sealed = Vec::new();
    if let Some((user, password)) = registry.signer.as_ref().or(registry.user.as_ref()) {
        for domain in registry.domains() {
            let secret = vault.seal(&password_place(&domain), password.as_bytes()).map_err(cannot_keep)?;
            sealed.push((domain, user.clone(), secret));
        }
    }
    let kept = database.transact(move |store| {
        let mut forgotten = store::forget_start_credentials(store)?;
        for (domain, user, secret) in &sealed {
            forgotten.retain(|other| other != domain);
            store::delete_credential(store, domain)?;
            store::insert_credential(store, domain, user, secret, Origin::Start)?;
            let details = json!({ "domain": domain, "username": user, "origin": "start" });
            Act::new(Action::CredentialPut).details(details).record(store)?;
        }
        for domain in forgotten {
            let details = json!({ "domain": domain, "origin": "start" });
            Act::new(Action::CredentialDelete).details(details).record(store)?;
        }
        Ok(())
    });
    kept.await.map_err(|cause: DatabaseError| cannot_keep(cause))
}

fn cannot_keep(cause: impl fmt::Display) -> StartError {
    StartError::because("The registry's credential cannot be kept. Start with an empty data folder.", cause)
}
