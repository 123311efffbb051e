//! Tokens of an OpenID Connect issuer, accepted beside the sandbox's own: JSON Web Tokens that are signed
//! with one of the keys that the issuer publishes.

mod address;
mod discovery;
mod keys;
mod person;
mod suitable;

use std::slice;

use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::Value;

use crate::auth::{Claimed, TokenError};
use crate::cli::OidcOptions;
use crate::start_error::StartError;
use keys::{Keys, Unreachable};

/// The issuer's clock need not agree with ours to the second.
const LEEWAY_SECONDS: u64 = 60;

/// Somebody else whose tokens are accepted.
pub struct Issuer {
    name: String,
    origin: String,
    audience: String,
    /// Which claim says who a person is.
    identity_claim: String,
    keys: Keys,
}

#[derive(Deserialize)]
struct Signed {
    iss: String,
}

/// The issuer that the command line names, if it names one.
pub fn open_issuer(options: &OidcOptions) -> Result<Option<Issuer>, StartError> {
    let (Some(name), Some(audience)) = (&options.oidc_issuer, &options.oidc_audience) else {
        return Ok(None);
    };
    let address = address::of_issuer(name).map_err(|why| {
        StartError::new(format!(
            "--oidc-issuer {name:?} {why}. Write it as the issuer does, such as https://login.example/tenant."
        ))
    })?;
    Ok(Some(Issuer {
        name: name.clone(),
        origin: address.origin().ascii_serialization(),
        audience: audience.clone(),
        identity_claim: options.oidc_identity_claim.clone(),
        keys: Keys::new(name, &address)?,
    }))
}

impl Issuer {
    /// Whether the token says that it is of this issuer. Nothing is checked yet.
    pub fn is_named_by(&self, token: &str) -> bool {
        insecure_decode_claims::<Signed>(token).is_ok_and(|claims| claims.iss == self.name)
    }

    /// Who a token belongs to.
    pub async fn check(&self, token: &str) -> Result<Claimed, TokenError> {
        let header = decode_header(token).map_err(|_| {
            // An algorithm that the library does not know ends here too, and `none` is one.
            not_accepted("its header cannot be read, or names an unknown algorithm")
        })?;
        let key = self.key(&header).await?;
        let claims = decode::<Value>(token, &key, &self.validation(header.alg)).map_err(refusal)?.claims;
        let claims = claims.as_object().ok_or_else(|| not_accepted("its claims are no object"))?;
        person::read(&self.name, &self.identity_claim, claims)
    }

    /// Where the page sends requests to when it signs somebody in.
    pub async fn origins(&self) -> Vec<String> {
        let mut origins = vec![self.origin.clone()];
        // Without an answer nobody can sign in; the next page asks again.
        if let Ok(known) = self.keys.known().await {
            origins.extend(known.token_origin.clone().filter(|origin| *origin != self.origin));
        }
        origins
    }

    async fn key(&self, header: &Header) -> Result<DecodingKey, TokenError> {
        if !suitable::ALGORITHMS.contains(&header.alg) {
            return Err(not_accepted("its algorithm is none of RS256, PS256, ES256 and ES384"));
        }
        if header.crit.is_some() {
            return Err(not_accepted("its header has extensions that must be understood"));
        }
        let id = header.kid.as_deref().ok_or_else(|| not_accepted("it does not name its key (kid)"))?;
        let key = self.keys.find(id).await.map_err(|Unreachable| TokenError::IssuerUnreachable)?;
        let key = key.ok_or_else(|| not_accepted("the issuer publishes no key with its kid"))?;
        suitable::decoding_key(&key, header.alg)
            .ok_or_else(|| not_accepted("the key with its kid is not for its algorithm"))
    }

    fn validation(&self, algorithm: Algorithm) -> Validation {
        let mut validation = Validation::new(algorithm);
        validation.leeway = LEEWAY_SECONDS;
        validation.validate_nbf = true;
        validation.set_issuer(slice::from_ref(&self.name));
        validation.set_audience(slice::from_ref(&self.audience));
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation
    }
}

fn not_accepted(why: &str) -> TokenError {
    TokenError::NotAccepted(why.to_owned())
}

fn refusal(error: Error) -> TokenError {
    match error.kind() {
        ErrorKind::ExpiredSignature => TokenError::Expired,
        ErrorKind::ImmatureSignature => not_accepted("it is not good yet (nbf)"),
        ErrorKind::InvalidAudience => not_accepted("it is for another audience (aud)"),
        ErrorKind::InvalidSignature => not_accepted("its signature does not hold"),
        ErrorKind::MissingRequiredClaim(_) => not_accepted("exp or aud is missing"),
        _ => not_accepted("it is damaged"),
    }
}
