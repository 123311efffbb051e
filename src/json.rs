//! Reading values that somebody else holds: JavaScript's, or `serde_json`'s.
//!
//! The core reads both through one small trait. Types that are derived to read anything would be a third
//! of the module's size, could not say where in a value something is wrong, and would pass over options
//! with a typing mistake in silence.

use alloc::{format, string::String, vec::Vec};

use crate::error::{Code, Error, Result, quote};

/// A JSON value, or a JavaScript value that looks like one.
pub trait Json: Sized {
    /// A field of an object; a missing value when there is no such field, or no object.
    fn get(&self, key: &str) -> Self;
    /// Is it `null` or `undefined`?
    fn is_missing(&self) -> bool;
    /// The text, if it is one.
    fn text(&self) -> Option<String>;
    /// The truth value, if it is one.
    fn truth(&self) -> Option<bool>;
    /// The elements, if it is a list.
    fn elements(&self) -> Option<Vec<Self>>;
    /// The names of its fields, if it is an object and not a list.
    fn keys(&self) -> Option<Vec<String>>;
}

/// A value and the way that led to it, so that an error can name the place.
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
    pub fn optional_text(&self) -> Result<Option<String>> {
        self.optional(self.value.text(), "a string")
    }

    /// A truth value that may be left out.
    ///
    /// # Errors
    /// `bad-input` when it is something else.
    pub fn optional_truth(&self) -> Result<Option<bool>> {
        self.optional(self.value.truth(), "true or false")
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// `bad-input` when it is not.
    pub fn text(&self) -> Result<String> {
        self.value.text().ok_or_else(|| self.wrong("a string"))
    }

    /// A text, empty when it is left out.
    ///
    /// # Errors
    /// `bad-input` when it is something else than a text.
    pub fn text_or_empty(&self) -> Result<String> {
        self.optional_text().map(Option::unwrap_or_default)
    }

    /// An object that may be left out.
    ///
    /// # Errors
    /// `bad-input` when it is something else than an object, or what `read` finds.
    pub fn optional_object<T>(&self, read: impl Fn(&Self) -> Result<T>) -> Result<Option<T>> {
        if self.is_missing() {
            return Ok(None);
        }
        self.keys()?;
        read(self).map(Some)
    }

    /// The elements of a list, none when it is left out.
    ///
    /// # Errors
    /// `bad-input` when it is something else than a list, or what `read` finds.
    pub fn list<T>(&self, read: impl Fn(&Place<'_, J>) -> Result<T>) -> Result<Vec<T>> {
        let elements = self.optional(self.value.elements(), "a list")?.unwrap_or_default();
        let place = |(index, value)| Place { value, within: Some(self), step: Step::Index(index) };
        elements.into_iter().enumerate().map(|element| read(&place(element))).collect()
    }

    /// The names of an object's fields.
    ///
    /// # Errors
    /// `bad-input` when it is not an object.
    pub fn keys(&self) -> Result<Vec<String>> {
        self.value.keys().ok_or_else(|| self.wrong("an object"))
    }

    /// An object that has no other fields than these.
    ///
    /// # Errors
    /// `bad-input` when it is not an object, or has another field: perhaps a known one with a typing mistake.
    pub fn only(&self, known: &[&str]) -> Result<()> {
        match self.keys()?.iter().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(unknown) => {
                let message = format!("{} has the unknown field {}.", self.path(), quote(unknown));
                Err(Error::new(Code::BadInput, message, format!("Known are: {}.", known.join(", "))))
            }
        }
    }

    fn optional<T>(&self, found: Option<T>, expected: &str) -> Result<Option<T>> {
        if found.is_some() || self.is_missing() { Ok(found) } else { Err(self.wrong(expected)) }
    }

    fn wrong(&self, expected: &str) -> Error {
        let fix = if self.is_missing() { "Pass it." } else { "Pass a value of that type." };
        Error::new(Code::BadInput, format!("{} is not {expected}.", self.path()), fix)
    }

    /// The way to this place, as in `product.productOperations[0].id`.
    pub fn path(&self) -> String {
        let before = self.within.map(Place::path);
        match (&self.step, before) {
            (Step::Name(name), None) => String::from(*name),
            (Step::Name(name), Some(before)) => format!("{before}.{name}"),
            (Step::Index(index), before) => format!("{}[{index}]", before.unwrap_or_default()),
        }
    }
}
