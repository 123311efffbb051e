//! What a registry wants to see before it lets somebody in: a password (Basic, RFC 7617), or a token that the password
//! buys at the realm that the registry names (docker's token protocol).
//!
//! The realm may be another host, as it is for most registries. The password goes there over TLS only, or on this
//! machine when the registry is on it without TLS. The registry is one that the start names, and so is its word for
//! where tokens are; the address rules hold for the realm as for every place that a registry leads to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use reqwest::header::HeaderValue;
use serde_json::Value;

use super::calls::{Asking, Calls, Reply, Trouble};
use super::challenge::{self, Challenge};

const LARGEST_REPLY: usize = 64 * 1024;

/// Why there is no token.
pub enum NoToken {
    /// The call of the registry went wrong.
    Trouble(Trouble),
    /// The call of its realm went wrong.
    OfRealm(Trouble),
    /// The realm is no place for a password.
    UnsafeRealm,
    /// The realm answered with this.
    Refused(Box<Reply>),
}

/// A username and password. It has no Debug: it holds the password.
#[derive(Clone)]
pub struct Credential {
    /// The user.
    pub username: String,
    /// As it is now.
    pub password: String,
}

impl Credential {
    /// As Basic shows it.
    pub fn basic(&self) -> Option<HeaderValue> {
        let encoded = STANDARD.encode(format!("{}:{}", self.username, self.password));
        secret(&format!("Basic {encoded}"))
    }
}

/// Answers the challenges of a 401 with an `Authorization` for the registry; none when there is nothing to answer.
pub async fn answer(
    calls: &Calls,
    refused: &Reply,
    credential: Option<&Credential>,
    scope: &str,
) -> Result<Option<HeaderValue>, NoToken> {
    let challenges: Vec<Challenge> = refused
        .headers
        .get_all("www-authenticate")
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(challenge::parse)
        .collect();
    // With a password, Basic comes first: it then stays with the registry.
    if let Some(credential) = credential
        && challenges.iter().any(|challenge| challenge.scheme == "basic")
    {
        return Ok(credential.basic());
    }
    let bearer = challenges.iter().find(|challenge| challenge.scheme == "bearer");
    match bearer.and_then(|challenge| Some((challenge, challenge.parameter("realm")?))) {
        Some((challenge, realm)) => fetch(calls, challenge, realm, credential, scope).await.map(Some),
        None => Ok(None),
    }
}

async fn fetch(
    calls: &Calls,
    challenge: &Challenge,
    realm: &str,
    credential: Option<&Credential>,
    scope: &str,
) -> Result<HeaderValue, NoToken> {
    let mut url = Url::parse(realm).map_err(|_| NoToken::UnsafeRealm)?;
    // What anybody gets for nothing comes back as a secret all the same.
    if !calls.may_hold_secrets(&url) {
        return Err(NoToken::UnsafeRealm);
    }
    if let Some(service) = challenge.parameter("service") {
        url.query_pairs_mut().append_pair("service", service);
    }
    for scope in challenge.parameter("scope").unwrap_or(scope).split(' ') {
        url.query_pairs_mut().append_pair("scope", scope);
    }
    let authorization = credential.and_then(Credential::basic);
    let asking = Asking { authorization, ..Asking::get(url, LARGEST_REPLY) };
    let reply = calls.ask(asking).await.map_err(NoToken::OfRealm)?;
    if reply.status != 200 {
        return Err(NoToken::Refused(Box::new(reply)));
    }
    bearer(&reply.body).ok_or(NoToken::OfRealm(Trouble::NotUnderstood))
}

fn bearer(body: &[u8]) -> Option<HeaderValue> {
    let reply: Value = serde_json::from_slice(body).ok()?;
    let given = ["token", "access_token"].iter().filter_map(|name| reply.get(name)?.as_str());
    let token = given.into_iter().find(|token| !token.is_empty())?;
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    secret(&format!("Bearer {token}"))
}

fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
