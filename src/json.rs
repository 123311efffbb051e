//! Reading values that somebody else holds: JavaScript's, or `serde_json`'s.
//!
//! The core reads both through one small trait. Types that are derived to read anything would be a third
//! of the module's size, could not say where in a value something is wrong, and would pass over options
//! with a typing mistake in silence.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    error::{Error, Result},
    words::Problem,
};

/// A JSON value, or a JavaScript value that looks like one.
///
/// ```
/// use ocisign::json::Json;
///
/// let value = serde_json::json!({ "groups": ["b716abb1-2e3b-47a9-bca5-a3669faa50a6"] });
/// assert_eq!(Json::get(&&value, "groups").elements().map(|groups| groups.len()), Some(1));
/// assert!(Json::get(&&value, "something else").is_missing());
/// ```
pub trait Json: Sized {
    /// A field of an object; a missing value when there is no such field, or no object.
    fn get(&self, key: &str) -> Self;
    /// Is it `null` or `undefined`?
    fn is_missing(&self) -> bool;
    /// Is it a text?
    fn is_text(&self) -> bool;
    /// The text, if it is one.
    fn text(&self) -> Option<String>;
    /// The truth value, if it is one.
    fn truth(&self) -> Option<bool>;
    /// The elements, if it is a list.
    fn elements(&self) -> Option<Vec<Self>>;
    /// Is it an object, and not a list?
    fn is_record(&self) -> bool;
    /// Shows the name and the value of each field, if it is an object and not a list.
    fn each_field(&self, visit: &mut dyn FnMut(&str, Self));
}

/// What a value has to be. Types that are read say it as data: said in code, each field would bring a branch of its own.
pub enum Kind {
    /// A text.
    Text,
    /// A truth value.
    Truth,
    /// A text, or an object that has one under this name.
    TextOf(&'static str),
    /// A list of such values. It may be left out.
    List(&'static Kind),
    /// An object with these fields. Others are passed over.
    Record(&'static [(&'static str, Kind)]),
    /// An object with these fields, and no others: another one may be a known one with a typing mistake.
    Only(&'static [(&'static str, Kind)]),
    /// The same, if it is not left out.
    Optional(&'static Kind),
}

/// A text that may be left out.
pub(crate) const OPTIONAL_TEXT: Kind = Kind::Optional(&Kind::Text);
/// Texts.
pub(crate) const TEXTS: Kind = Kind::List(&Kind::Text);

/// What the core reads from a value that was checked: what is missing is nothing, and so is what is of another kind.
pub(crate) trait Checked: Json {
    /// The text of a field.
    fn text_of(&self, name: &str) -> Option<String> {
        self.get(name).text()
    }

    /// The text of a field, empty when it is left out.
    #[inline(never)]
    fn text_in(&self, name: &str) -> String {
        self.text_of(name).unwrap_or_default()
    }

    /// A field, if it is there.
    fn found(&self, name: &str) -> Option<Self> {
        Some(self.get(name)).filter(|field| !field.is_missing())
    }

    /// What `read` makes of each element of a field.
    fn list_of<T>(&self, name: &str, read: impl Fn(&Self) -> T) -> Vec<T> {
        self.get(name).elements().unwrap_or_default().iter().map(read).collect()
    }

    /// The texts of a field; what is missing among them is empty.
    #[inline(never)]
    fn texts_of(&self, name: &str) -> Vec<String> {
        self.list_of(name, |text| text.text().unwrap_or_default())
    }
}

impl<J: Json> Checked for J {}

/// A value and the way that led to it, so that an error can name the place.
///
/// ```
/// use ocisign::json::{Kind, Place};
///
/// const PRODUCT: Kind = Kind::Record(&[("operations", Kind::List(&Kind::Record(&[("id", Kind::Text)])))]);
/// let value = serde_json::json!({ "operations": [{ "id": 3 }] });
/// let error = Place::whole(&value, "product").check(&PRODUCT).unwrap_err();
/// assert_eq!(error.message(), "product.operations[0].id is not a string.");
/// ```
pub struct Place<'a, J> {
    value: J,
    within: Option<&'a Place<'a, J>>,
    step: Step<'a>,
}

enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

impl<'a, J: Json> Place<'a, J> {
    /// A value as it was given, under the name by which messages call it.
    pub const fn whole(value: J, name: &'a str) -> Self {
        Self { value, within: None, step: Step::Name(name) }
    }

    /// The place of a field, whether it is there or not.
    #[inline(never)] // and so below: these are called in a hundred places, and few need to be fast
    pub fn field(&'a self, name: &'a str) -> Self {
        Self { value: self.value.get(name), within: Some(self), step: Step::Name(name) }
    }

    /// The value itself.
    pub const fn value(&self) -> &J {
        &self.value
    }

    /// Is there nothing?
    pub fn is_missing(&self) -> bool {
        self.value.is_missing()
    }

    /// A text that may be left out.
    ///
    /// # Errors
    /// `bad-input` when it is something else than a text.
    #[inline(never)]
    pub fn optional_text(&self) -> Result<Option<String>> {
        self.check(&OPTIONAL_TEXT).map(|()| self.value.text())
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// `bad-input` when it is not.
    #[inline(never)]
    pub fn text(&self) -> Result<String> {
        self.value.text().ok_or_else(|| self.has(Problem::NotText))
    }

    /// Checks that it is what it has to be.
    ///
    /// # Errors
    /// `bad-input`: the first thing that is not, in the order in which the kind names the fields.
    pub fn check(&self, kind: &Kind) -> Result<()> {
        let (is_right, problem) = match kind {
            Kind::Text => (self.value.is_text(), Problem::NotText),
            Kind::TextOf(name) => (self.value.is_text() || self.value.get(name).is_text(), Problem::NotText),
            Kind::Truth => (self.value.truth().is_some(), Problem::NotTruth),
            Kind::List(kind) => return self.check_elements(kind),
            Kind::Record(fields) => return self.record().and_then(|()| self.check_fields(fields)),
            Kind::Only(fields) => {
                self.check_names(&|name| fields.iter().any(|(known, _)| *known == name), &|| {
                    fields.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
                })?;
                return self.check_fields(fields);
            }
            Kind::Optional(kind) => return if self.is_missing() { Ok(()) } else { self.check(kind) },
        };
        if is_right { Ok(()) } else { Err(self.has(problem)) }
    }

    fn check_fields(&self, fields: &[(&str, Kind)]) -> Result<()> {
        fields.iter().try_for_each(|(name, kind)| self.field(name).check(kind))
    }

    fn check_elements(&self, kind: &Kind) -> Result<()> {
        if self.is_missing() {
            return Ok(());
        }
        let elements = self.value.elements().ok_or_else(|| self.has(Problem::NotList))?;
        let place = |(index, value)| Place { value, within: Some(self), step: Step::Index(index) };
        elements.into_iter().enumerate().map(place).try_for_each(|element| element.check(kind))
    }

    /// The fields of an object whose names are the caller's.
    ///
    /// # Errors
    /// `bad-input` when it is not an object.
    #[inline(never)]
    pub fn entries(&self) -> Result<Vec<(String, J)>> {
        self.record()?;
        let mut entries = Vec::new();
        self.value.each_field(&mut |name, value| entries.push((name.into(), value)));
        Ok(entries)
    }

    /// An object that has no other fields than these.
    ///
    /// # Errors
    /// `bad-input` when it is not an object, or has another field: perhaps a known one with a typing mistake.
    pub fn only(&self, known: &[&str]) -> Result<()> {
        self.check_names(&|name| known.contains(&name), &|| known.join(", "))
    }

    #[inline(never)]
    fn check_names(&self, is_known: &dyn Fn(&str) -> bool, known: &dyn Fn() -> String) -> Result<()> {
        self.record()?;
        let mut wrong = None;
        self.value.each_field(&mut |name, _| {
            if wrong.is_none() && !is_known(name) {
                wrong = Some(self.has(Problem::UnknownField).found(name).found(&known()));
            }
        });
        wrong.map_or(Ok(()), Err)
    }

    #[inline(never)]
    fn record(&self) -> Result<()> {
        if self.value.is_record() { Ok(()) } else { Err(self.has(Problem::NotObject)) }
    }

    #[inline(never)]
    pub(crate) fn has(&self, problem: Problem) -> Error {
        problem.found(&self.path())
    }

    /// The way to this place, as in `product.productOperations[0].id`.
    #[inline(never)]
    pub fn path(&self) -> String {
        let before = self.within.map(Place::path);
        match (&self.step, before) {
            (Step::Name(name), None) => String::from(*name),
            (Step::Name(name), Some(before)) => [&before, ".", name].concat(),
            (Step::Index(index), before) => {
                [&before.unwrap_or_default(), "[", &index.to_string(), "]"].concat()
            }
        }
    }
}
