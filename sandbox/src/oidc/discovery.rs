//! Asks an issuer who it is, where its tokens are, and for its keys (OpenID Connect Discovery 1.0).

use std::fmt::Display;
use std::time::Duration;

use jsonwebtoken::jwk::Jwk;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::address;
use crate::remote::this_machine;

const TIMEOUT: Duration = Duration::from_secs(5);
/// Far above any list of keys.
const LONGEST_ANSWER: usize = 1024 * 1024;

/// What an issuer said.
pub struct Discovered {
    /// Those of its keys that are understood.
    pub keys: Vec<Jwk>,
    /// Where a page gets its tokens; large issuers have another origin for that.
    pub token_origin: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
    token_endpoint: Option<String>,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

/// What connects to an issuer at this address.
pub fn client(address: &Url) -> reqwest::Result<Client> {
    // A redirect would lead past the checks of addresses.
    let builder = Client::builder().timeout(TIMEOUT).redirect(Policy::none());
    // No proxy and no name server is asked for this very machine, and nobody leads from TLS to plain HTTP.
    let builder = if address::is_this_machine(address) {
        builder.no_proxy().dns_resolver(this_machine())
    } else {
        builder
    };
    builder.https_only(address.scheme() == "https").build()
}

/// Asks the issuer of exactly this name; an error tells the log what went wrong.
pub async fn discover(client: &Client, issuer: &str) -> Result<Discovered, String> {
    let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let metadata: Metadata = fetch(client, &url).await?;
    if metadata.issuer != issuer {
        return Err(format!("{url} is of the issuer {:?}", metadata.issuer));
    }
    // Not from afar to this very machine.
    if address::is_this_machine(&safe(&metadata.jwks_uri)?) && !address::is_this_machine(&safe(issuer)?) {
        return Err(format!("{url} leads to this machine for its keys"));
    }
    let set: KeySet = fetch(client, &metadata.jwks_uri).await?;
    let token_endpoint = metadata.token_endpoint.as_deref().map(safe).transpose()?;
    Ok(Discovered {
        keys: understood(set.keys),
        token_origin: token_endpoint.map(|url| url.origin().ascii_serialization()),
    })
}

/// A key of a new kind must not hide the others.
fn understood(keys: Vec<Value>) -> Vec<Jwk> {
    keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect()
}

fn safe(text: &str) -> Result<Url, String> {
    address::safe(text).map_err(|why| format!("{text:?} {why}"))
}

async fn fetch<T: DeserializeOwned>(client: &Client, url: &str) -> Result<T, String> {
    let failed = |cause: &dyn Display| format!("{url}: {cause}");
    let request = client.get(safe(url)?).send();
    let mut response = request.await.map_err(|cause| failed(&in_full(&cause)))?;
    if !response.status().is_success() {
        return Err(failed(&response.status()));
    }
    let mut answer = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|cause| failed(&in_full(&cause)))? {
        answer.extend_from_slice(&chunk);
        if answer.len() > LONGEST_ANSWER {
            return Err(failed(&"the answer is too long"));
        }
    }
    serde_json::from_slice(&answer).map_err(|cause| failed(&cause))
}

/// The reason stands in the causes: the error itself says only that a request failed.
fn in_full(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn odd_keys_hide_no_others() {
        let good = json!({ "kty": "RSA", "n": "sXch", "e": "AQAB", "kid": "good" });
        let odd = json!({ "kty": "AKP", "alg": "ML-DSA-44", "pub": "AQAB" });
        let keys = understood(vec![json!(7), json!({ "kid": 7 }), odd, good]);
        assert!(keys.iter().any(|key| key.common.key_id.as_deref() == Some("good")));
    }
}
