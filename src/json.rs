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
///
/// ```
/// use ocisign::json::Place;
///
/// let value = serde_json::json!({ "operations": [{ "id": 3 }] });
/// let product = Place::whole(&value, "product");
/// let error = product.field("operations").list(|operation| operation.field("id").text()).unwrap_err();
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
        self.optional(self.value.text(), Problem::NotText)
    }

    /// A truth value that may be left out.
    ///
    /// # Errors
    /// `bad-input` when it is something else.
    #[inline(never)]
    pub fn optional_truth(&self) -> Result<Option<bool>> {
        self.optional(self.value.truth(), Problem::NotTruth)
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// `bad-input` when it is not.
    #[inline(never)]
    pub fn text(&self) -> Result<String> {
        self.value.text().ok_or_else(|| self.has(Problem::NotText))
    }

    /// A text, empty when it is left out.
    ///
    /// # Errors
    /// `bad-input` when it is something else than a text.
    pub fn text_or_empty(&self) -> Result<String> {
        self.optional_text().map(Option::unwrap_or_default)
    }

    /// The fields of an object, to be read one after the other.
    pub fn fields(&self) -> Fields<'_, J> {
        Fields { place: self, wrong: self.keys().err() }
    }

    /// The elements of a list, none when it is left out.
    ///
    /// # Errors
    /// `bad-input` when it is something else than a list, or what `read` finds.
    pub fn list<T>(&self, read: impl Fn(&Place<'_, J>) -> Result<T>) -> Result<Vec<T>> {
        let mut list = Vec::new();
        for place in self.elements()? {
            list.push(read(&place)?);
        }
        Ok(list)
    }

    #[inline(never)]
    fn elements(&self) -> Result<Vec<Place<'_, J>>> {
        let elements = self.optional(self.value.elements(), Problem::NotList)?.unwrap_or_default();
        let place = |(index, value)| Place { value, within: Some(self), step: Step::Index(index) };
        Ok(elements.into_iter().enumerate().map(place).collect())
    }

    /// The names of an object's fields.
    ///
    /// # Errors
    /// `bad-input` when it is not an object.
    #[inline(never)]
    pub fn keys(&self) -> Result<Vec<String>> {
        self.value.keys().ok_or_else(|| self.has(Problem::NotObject))
    }

    /// An object that has no other fields than these.
    ///
    /// # Errors
    /// `bad-input` when it is not an object, or has another field: perhaps a known one with a typing mistake.
    #[inline(never)]
    pub fn only(&self, known: &[&str]) -> Result<()> {
        match self.keys()?.iter().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(unknown) => Err(self.has(Problem::UnknownField).found(unknown).found(&known.join(", "))),
        }
    }

    fn optional<T>(&self, found: Option<T>, otherwise: Problem) -> Result<Option<T>> {
        if found.is_some() || self.is_missing() { Ok(found) } else { Err(self.has(otherwise)) }
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

/// Reads fields of one object and keeps the first error, so that a type of many fields asks once, at the end, whether
/// all went well. Asking at each field would double the code of every such type.
///
/// ```
/// # use ocisign::json::Place;
/// let value = serde_json::json!({ "name": "app", "groups": [7] });
/// let place = Place::whole(&value, "request");
/// let mut fields = place.fields();
/// let read = (fields.text("name"), fields.texts("groups"));
/// assert_eq!(fields.done(read).unwrap_err().message(), "request.groups[0] is not a string.");
/// ```
pub struct Fields<'a, J> {
    place: &'a Place<'a, J>,
    wrong: Option<Error>,
}

impl<J: Json> Fields<'_, J> {
    /// As [`Place::text`].
    #[inline(never)]
    pub fn text(&mut self, name: &str) -> String {
        self.read(name, |place| place.text()).unwrap_or_default()
    }

    /// As [`Place::text_or_empty`].
    #[inline(never)]
    pub fn text_or_empty(&mut self, name: &str) -> String {
        self.optional_text(name).unwrap_or_default()
    }

    /// As [`Place::optional_text`].
    #[inline(never)]
    pub fn optional_text(&mut self, name: &str) -> Option<String> {
        self.read(name, |place| place.optional_text()).flatten()
    }

    /// As [`Place::optional_truth`].
    #[inline(never)]
    pub fn optional_truth(&mut self, name: &str) -> Option<bool> {
        self.read(name, |place| place.optional_truth()).flatten()
    }

    /// A list of texts, empty when it is left out.
    #[inline(never)]
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        self.list(name, |place| place.text())
    }

    /// As [`Place::list`].
    pub fn list<T>(&mut self, name: &str, read: impl Fn(&Place<'_, J>) -> Result<T>) -> Vec<T> {
        self.read(name, |place| place.list(read)).unwrap_or_default()
    }

    /// Whatever `read` makes of a field that is there.
    pub fn optional<T>(&mut self, name: &str, read: impl Fn(&Place<'_, J>) -> Result<T>) -> Option<T> {
        self.read(name, |place| if place.is_missing() { Ok(None) } else { read(place).map(Some) }).flatten()
    }

    /// What was made of the fields, if all of them were right.
    ///
    /// # Errors
    /// `bad-input`: the first field that was wrong, or that there is no object.
    pub fn done<T>(self, made: T) -> Result<T> {
        self.wrong.map_or(Ok(made), Err)
    }

    /// Whatever `read` makes of a field.
    pub fn read<T>(&mut self, name: &str, read: impl FnOnce(&Place<'_, J>) -> Result<T>) -> Option<T> {
        match read(&self.place.field(name)) {
            Ok(found) => Some(found),
            Err(error) => {
                self.keep(error);
                None
            }
        }
    }

    #[inline(never)]
    fn keep(&mut self, error: Error) {
        self.wrong.get_or_insert(error);
    }
}
