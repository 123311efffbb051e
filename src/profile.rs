//! Everything about a deployment that the reference does not say, as data.
//!
//! Each field is an assumption with a row in docs/assumptions.md. A caller replaces what differs.

use alloc::{
    borrow::ToOwned,
    collections::BTreeMap,
    format,
    string::{String, ToString},
};

use serde::{Deserialize, Serialize};

use crate::{
    KeyType,
    error::{Code, Error, Result, quote},
    status::State,
};

/// A deployment's paths, status codes, place of the public key and spelling of key types.
///
/// ```
/// let profile = ocisign::Profile::default();
/// assert_eq!(profile.routes.approve, "imagesignings/{id}/approve");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    /// Paths below the base URL; `{id}` stands for the percent-encoded id.
    pub routes: Routes,
    /// Status codes, as decimal text, and what they mean. 16 is `signed` unless it is given here.
    pub statuses: BTreeMap<String, String>,
    /// Where the public key stands in a product: keys joined by dots, `[]` after a key for "each
    /// element". In `productOperations[]` only the chosen operation counts.
    pub public_key_path: String,
    /// How key types are written, by our name for them. One that is missing is written as we name it.
    pub key_types: BTreeMap<String, String>,
}

/// The paths below the base URL, one for each thing that the client does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Routes {
    /// `GET`: all products.
    pub products: String,
    /// `GET`: one product.
    pub product: String,
    /// `POST`: a new product.
    pub create_product: String,
    /// `POST`: a new signing request. From the reference.
    pub request_signing: String,
    /// `GET`: all signing requests.
    pub signings: String,
    /// `GET`: one signing request.
    pub signing: String,
    /// `POST`: an approval.
    pub approve: String,
    /// `POST`: a rejection.
    pub reject: String,
}

impl Default for Routes {
    fn default() -> Self {
        Self {
            products: "products".to_owned(),
            product: "products/{id}".to_owned(),
            create_product: "products".to_owned(),
            request_signing: "imagesignings".to_owned(),
            signings: "imagesignings".to_owned(),
            signing: "imagesignings/{id}".to_owned(),
            approve: "imagesignings/{id}/approve".to_owned(),
            reject: "imagesignings/{id}/reject".to_owned(),
        }
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            routes: Routes::default(),
            statuses: BTreeMap::from([("16".to_owned(), "signed".to_owned())]),
            public_key_path: "productOperations[].token.publicKey".to_owned(),
            key_types: BTreeMap::new(),
        }
    }
}

impl Profile {
    /// Checks what types cannot: that statuses are integers with known states and key types are known.
    ///
    /// # Errors
    /// `bad-profile`, naming the entry.
    pub fn check(&self) -> Result<()> {
        for (code, state) in &self.statuses {
            let is_plain = code.parse::<i64>().is_ok_and(|number| number.to_string() == *code);
            if !is_plain || State::named(state).is_none() {
                return Err(bad_entry(
                    "statuses",
                    code,
                    "Map a decimal code to new, waiting, approved, signing, signed, rejected or failed.",
                ));
            }
        }
        for name in self.key_types.keys() {
            if !KeyType::ALL.iter().any(|known| known.as_str() == name) {
                return Err(bad_entry(
                    "keyTypes",
                    name,
                    "Use RSA2048, RSA3072, RSA4096, secp256r1, secp384r1 or secp521r1.",
                ));
            }
        }
        Ok(())
    }

    /// What a code means here; `None` when this profile does not know it.
    pub(crate) fn state_of(&self, code: i64) -> Option<State> {
        match self.statuses.get(&code.to_string()) {
            Some(state) => State::named(state),
            None => (code == 16).then_some(State::Signed),
        }
    }

    /// How this deployment writes a key type.
    #[must_use]
    pub fn spelling(&self, key_type: KeyType) -> &str {
        self.key_types.get(key_type.as_str()).map_or(key_type.as_str(), String::as_str)
    }

    /// Reads a key type in this deployment's spelling, or in ours.
    ///
    /// # Errors
    /// `key-type` when it is neither.
    pub fn key_type(&self, text: &str) -> Result<KeyType> {
        let spelled_here = KeyType::ALL.into_iter().find(|known| self.spelling(*known) == text);
        spelled_here.map_or_else(|| KeyType::parse(text), Ok)
    }
}

fn bad_entry(table: &str, entry: &str, fix: &'static str) -> Error {
    Error::new(
        Code::BadProfile,
        format!("The profile's {table} have an entry {} that means nothing.", quote(entry)),
        fix,
    )
}
