//! A few texts by name. For the handful of entries that a profile has, a list is a tenth of a tree's code.

use alloc::{borrow::Cow, string::String, vec::Vec};

use serde::{Serialize, Serializer};

/// Texts by name, in the order in which the names first came.
///
/// ```
/// let mut statuses = ocisign::Table::default();
/// statuses.set("16", "signed");
/// assert_eq!(statuses.get("16"), Some("signed"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table(Vec<(Cow<'static, str>, Cow<'static, str>)>);

impl Table {
    /// The text of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, text)| text)
    }

    /// Sets the text of a name.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) {
        let name = name.into();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = text.into(),
            None => self.0.push((name, text.into())),
        }
    }

    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Sets the text of a name that is not among those which came after the first `own` ones: a thousand of them would be
    /// compared half a million times.
    pub(crate) fn add(&mut self, own: usize, name: String, text: String) {
        match self.0.iter_mut().take(own).find(|(known, _)| *known == name) {
            Some((_, known)) => *known = text.into(),
            None => self.0.push((name.into(), text.into())),
        }
    }

    /// All names with their texts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (&**name, &**text))
    }
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
