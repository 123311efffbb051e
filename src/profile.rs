//! Everything about a deployment that the reference does not say, as data.
//!
//! Each field is an assumption with a row in docs/assumptions.md. A caller replaces what differs.

use alloc::{borrow::Cow, string::ToString};

use serde::Serialize;

use crate::{
    KeyType, State,
    error::{Error, Result},
    json::{Json, Place},
    status::SIGNED,
    table::Table,
    words::Problem,
};

/// A profile has no more entries in one of its tables, and its path no more characters. No deployment needs as many,
/// and both are walked at every use.
const MOST: usize = 1000;

/// A text of ours or of a caller's: most profiles are ours but for a few entries, and are read at every use.
type Text = Cow<'static, str>;

/// A deployment's paths, status codes, place of the public key and spelling of key types.
///
/// ```
/// let profile = ocisign::Profile::default();
/// assert_eq!(profile.routes.approve, "imagesignings/{id}/approve");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Paths below the base URL; `{id}` stands for the percent-encoded id.
    pub routes: Routes,
    /// Status codes, as decimal text, and what they mean. 16 is `signed` unless it is given here.
    pub statuses: Table,
    /// Where the public key stands in a product: keys joined by dots, `[]` after a key for "each
    /// element". In `productOperations[]` only the chosen operation counts. Empty: nowhere.
    pub public_key_path: Text,
    /// How key types are written, by our name for them. One that is missing is written as we name it.
    pub key_types: Table,
}

/// The paths below the base URL, one for each thing that the client does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Routes {
    /// `GET`: all products.
    pub products: Text,
    /// `GET`: one product.
    pub product: Text,
    /// `POST`: a new product.
    pub create_product: Text,
    /// `POST`: a new signing request. From the reference.
    pub request_signing: Text,
    /// `GET`: all signing requests.
    pub signings: Text,
    /// `GET`: one signing request.
    pub signing: Text,
    /// `POST`: an approval.
    pub approve: Text,
    /// `POST`: a rejection.
    pub reject: Text,
}

impl Default for Routes {
    fn default() -> Self {
        Self {
            products: "products".into(),
            product: "products/{id}".into(),
            create_product: "products".into(),
            request_signing: "imagesignings".into(),
            signings: "imagesignings".into(),
            signing: "imagesignings/{id}".into(),
            approve: "imagesignings/{id}/approve".into(),
            reject: "imagesignings/{id}/reject".into(),
        }
    }
}

impl Routes {
    fn read<J: Json>(&mut self, place: &Place<'_, J>) -> Result<()> {
        let known: [(&str, &mut Text); 8] = [
            ("products", &mut self.products),
            ("product", &mut self.product),
            ("createProduct", &mut self.create_product),
            ("requestSigning", &mut self.request_signing),
            ("signings", &mut self.signings),
            ("signing", &mut self.signing),
            ("approve", &mut self.approve),
            ("reject", &mut self.reject),
        ];
        // There is no withdrawal by default, and where one is given, the package reads it whole.
        place.only(&[&known.each_ref().map(|(name, _)| *name)[..], &["withdraw"]].concat())?;
        for (name, route) in known {
            // A path, or an object with one. The package reads all else that a route says, and its type.
            let given = place.value().get(name);
            if let Some(path) = given.text().or_else(|| given.get("path").text()) {
                *route = path.into();
            }
        }
        Ok(())
    }
}

impl Default for Profile {
    fn default() -> Self {
        let mut statuses = Table::default();
        statuses.set(SIGNED.to_string(), State::Signed.as_str());
        Self {
            routes: Routes::default(),
            statuses,
            public_key_path: "productOperations[].token.publicKey".into(),
            key_types: Table::default(),
        }
    }
}

impl Profile {
    /// Reads a profile in whole or in part; what is missing stays as it is by default.
    ///
    /// # Errors
    /// `bad-profile`, naming the entry: a field that is unknown or of another type, a status that is not a
    /// decimal integer, a state or a key type that there is not, more than 1000 entries or characters.
    pub fn read<J: Json>(value: J) -> Result<Self> {
        let place = Place::whole(value, "profile");
        let mut profile = Self::default();
        profile.take(&place).map_err(|error| Self::invalid(&error))?;
        profile.check()?;
        Ok(profile)
    }

    /// The same error, of a profile.
    pub(crate) fn invalid(error: &Error) -> Error {
        Problem::ProfileInvalid.found(&error.message()).found(&error.fix())
    }

    fn take<J: Json>(&mut self, place: &Place<'_, J>) -> Result<()> {
        // The last six are read where they are applied, in the package.
        place.only(&[
            "routes",
            "statuses",
            "publicKeyPath",
            "keyTypes",
            "replies",
            "lists",
            "names",
            "keys",
            "digests",
            "$schema",
        ])?;
        let routes = place.field("routes");
        if !routes.is_missing() {
            self.routes.read(&routes)?;
        }
        read_table(&place.field("statuses"), &mut self.statuses, Problem::ProfileStatus)?;
        read_table(&place.field("keyTypes"), &mut self.key_types, Problem::ProfileKeyType)?;
        let path = place.field("publicKeyPath");
        if let Some(given) = path.optional_text()? {
            check_length(&path, given.len())?;
            self.public_key_path = given.into();
        }
        Ok(())
    }

    /// Checks what types cannot.
    fn check(&self) -> Result<()> {
        for (code, state) in self.statuses.iter() {
            if !is_plain_number(code) || State::named(state).is_none() {
                return Err(Problem::ProfileStatus.found(code));
            }
        }
        for (name, _) in self.key_types.iter() {
            if !KeyType::ALL.iter().any(|known| known.as_str() == name) {
                return Err(Problem::ProfileKeyType.found(name));
            }
        }
        Ok(())
    }

    /// What a code means here; `None` when this profile does not know it.
    pub(crate) fn state_of(&self, code: i64) -> Option<State> {
        self.statuses.get(&code.to_string()).and_then(State::named)
    }

    /// How this deployment writes a key type.
    #[must_use]
    pub fn spelling(&self, key_type: KeyType) -> &str {
        self.key_types.get(key_type.as_str()).unwrap_or(key_type.as_str())
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

/// Is it an integer as JavaScript writes it?
fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    text == "0" || (digits.starts_with(|c: char| matches!(c, '1'..='9')) && text.parse::<i64>().is_ok())
}

/// Adds the fields of an object of texts, if there is one. Their names are a caller's: messages quote them.
fn read_table<J: Json>(place: &Place<'_, J>, table: &mut Table, otherwise: Problem) -> Result<()> {
    if place.is_missing() {
        return Ok(());
    }
    let entries = place.entries()?;
    check_length(place, entries.len())?;
    let own = table.len();
    for (name, value) in entries {
        match value.text() {
            Some(text) => table.add(own, name, text),
            None => return Err(otherwise.found(&name)),
        }
    }
    Ok(())
}

fn check_length<J: Json>(place: &Place<'_, J>, length: usize) -> Result<()> {
    if length <= MOST { Ok(()) } else { Err(place.has(Problem::ProfileTooLong)) }
}
