//! Bearer tokens: JSON Web Tokens as Entra ID makes them, with an object id and groups.
//!
//! They are signed with ES256 by a key that is kept in the store, so they outlive a restart.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::approval;
use crate::identity::{self, Identity};
use crate::keys::KeyError;
use crate::known_tokens::KnownTokens;
use crate::people::{GROUP_ADMIN, MEMBERS, Member, MemberWithToken};

/// Who vouches for the sandbox's own people: they are the same whatever the customer is called.
const OWN: &str = "urn:ocisign-sandbox";
const AUDIENCE: &str = "ocisign-sandbox";

/// Whoever sends a request, as their token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who, for comparing and showing.
    pub identity: Identity,
    /// Their name, for showing only.
    pub name: String,
    /// Their groups, each once and in its one spelling.
    pub groups: Vec<String>,
}

/// What a token says of a person. No groups means that it does not say: Entra ID leaves them out for people in many,
/// and Google for everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Who, for comparing and showing.
    pub identity: Identity,
    /// Their name, for showing only.
    pub name: String,
    /// Their groups, each once and in its one spelling.
    pub groups: Option<Vec<String>>,
}

impl Person {
    /// Whether they may keep registry credentials.
    pub fn is_admin(&self) -> bool {
        self.groups.iter().any(|group| group == GROUP_ADMIN)
    }
}

/// What is wrong with a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenError {
    /// It was good once.
    Expired,
    /// It was never good here.
    Invalid,
    /// It is of the issuer, but: the rest of a sentence.
    NotAccepted(String),
    /// It is of the issuer, which could not be asked.
    IssuerUnreachable,
}

/// Makes and checks tokens. It has no Debug: it holds the key.
pub struct Tokens {
    issuer: String,
    lifetime: u64,
    says_groups: bool,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    known: KnownTokens,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    oid: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Vec<String>>,
    iat: u64,
    exp: u64,
}

/// A new key for signing tokens, as PKCS #8.
pub fn new_key() -> Result<Vec<u8>, KeyError> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| KeyError)?;
    Ok(pair.to_pkcs8v1().map_err(|_| KeyError)?.as_ref().to_vec())
}

impl Tokens {
    /// Tokens of this customer's sandbox, good for `lifetime` seconds.
    pub fn new(customer: &str, lifetime: u64, private_der: &[u8]) -> Result<Self, KeyError> {
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, private_der).map_err(|_| KeyError)?;
        let issuer = format!("{OWN}:{customer}");
        Ok(Self {
            validation: strict_validation(&issuer),
            issuer,
            lifetime,
            says_groups: true,
            encoding: EncodingKey::from_ec_der(private_der),
            decoding: DecodingKey::from_ec_der(pair.public_key().as_ref()),
            known: KnownTokens::default(),
        })
    }

    /// The same, but its tokens do not say which groups people are in.
    pub fn without_groups(self) -> Self {
        // What was known until now may say them.
        Self { says_groups: false, known: KnownTokens::default(), ..self }
    }

    /// A fresh token for everyone.
    pub fn for_everyone(&self) -> Result<Vec<MemberWithToken>, KeyError> {
        let member = |member: &Member| Ok(MemberWithToken { member: *member, token: self.issue(member)? });
        MEMBERS.iter().map(member).collect()
    }

    fn issue(&self, member: &Member) -> Result<String, KeyError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| KeyError)?.as_secs();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: member.object_id.to_owned(),
            oid: member.object_id.to_owned(),
            name: member.name.to_owned(),
            groups: self.says_groups.then(|| member.groups.iter().map(|group| (*group).to_owned()).collect()),
            iat: now,
            exp: now.saturating_add(self.lifetime),
        };
        encode(&Header::new(Algorithm::ES256), &claims, &self.encoding).map_err(|_| KeyError)
    }

    /// Who a token belongs to.
    pub fn check(&self, token: &str) -> Result<Claimed, TokenError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| TokenError::Invalid)?.as_secs();
        if let Some(claimed) = self.known.find(token, now) {
            return Ok(claimed);
        }
        let (claimed, until) = self.read(token)?;
        self.known.note(token, &claimed, until);
        Ok(claimed)
    }

    fn read(&self, token: &str) -> Result<(Claimed, u64), TokenError> {
        let claims = decode::<Claims>(token, &self.decoding, &self.validation)
            .map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => TokenError::Expired,
                _ => TokenError::Invalid,
            })?
            .claims;
        // Of these tokens the identity claim is `oid`, and it is a UUID.
        if Uuid::try_parse(&claims.oid).is_err() {
            return Err(TokenError::Invalid);
        }
        let groups = claims.groups.map(|groups| approval::distinct(groups.iter().map(String::as_str)));
        let claimed = Claimed {
            identity: Identity::new(OWN, identity::normal(&claims.oid)),
            name: claims.name,
            // A token of an earlier start may say them still.
            groups: groups.filter(|_| self.says_groups),
        };
        Ok((claimed, claims.exp))
    }
}

/// One algorithm, and nothing left out; no leeway, because one clock makes and checks these tokens.
fn strict_validation(issuer: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.leeway = 0;
    validation.validate_nbf = true;
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn tokens(customer: &str, lifetime: u64, key: &[u8]) -> Tokens {
        Tokens::new(customer, lifetime, key).unwrap()
    }

    #[test]
    fn a_token_says_who_and_which_groups() {
        let tokens = tokens("sandbox", 60, &new_key().unwrap());
        let everyone = tokens.for_everyone().unwrap();
        let person = tokens.check(&everyone[0].token).unwrap();
        assert_eq!(person.identity.shown(), MEMBERS[0].object_id);
        assert_eq!(person.groups.unwrap(), MEMBERS[0].groups);
        let silent = tokens.without_groups();
        for token in [&everyone[0].token, &silent.for_everyone().unwrap()[0].token] {
            assert_eq!(silent.check(token).unwrap().groups, None);
        }
    }

    #[test]
    fn an_old_token_is_expired() {
        let tokens = tokens("sandbox", 60, &new_key().unwrap());
        let past = Claims {
            iss: tokens.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: String::new(),
            oid: MEMBERS[0].object_id.to_owned(),
            name: String::new(),
            groups: None,
            iat: 1,
            exp: 2,
        };
        let old = encode(&Header::new(Algorithm::ES256), &past, &tokens.encoding).unwrap();
        assert_eq!(tokens.check(&old), Err(TokenError::Expired));
    }

    #[test]
    fn strangers_and_changed_tokens_are_refused() {
        let key = new_key().unwrap();
        let ours = tokens("sandbox", 60, &key);
        let other_key = tokens("sandbox", 60, &new_key().unwrap());
        let other_customer = tokens("other", 60, &key);
        for stranger in [&other_key, &other_customer] {
            let token = &stranger.for_everyone().unwrap()[0].token;
            assert_eq!(ours.check(token), Err(TokenError::Invalid));
        }
        let unsigned = "eyJhbGciOiJub25lIn0.e30.";
        for token in ["", "a.b.c", unsigned] {
            assert_eq!(ours.check(token), Err(TokenError::Invalid));
        }
    }
}
