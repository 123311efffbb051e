//! Paths below the base, with `{id}` in them; and dotted paths inside JSON.

use serde_json::{Map, Value};

use crate::strict_json::{At, Wrong};

const ID: &str = "{id}";
/// Deeper than anything genuine.
const MOST_STEPS: usize = 10;
/// What the sandbox keeps at its own place whatever the shape.
const RESERVED: [&str; 3] = ["ocisign-profile", "ocisign-sandbox", "registrycredentials"];

/// A path of a route, without slashes at its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutePath(Vec<Segment>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Text(String),
    /// What stands before and after the id.
    Id(String, String),
}

impl RoutePath {
    /// Reads one; `has_id` says whether `{id}` must stand in it, or must not.
    pub fn read(at: &At<'_>, has_id: bool) -> Result<Self, Wrong> {
        let text = at.text()?;
        let text = text.strip_suffix('/').unwrap_or(text);
        let wrong = || {
            at.wrong(
                "is no path below the base",
                "Write segments of letters, digits, - . _ ~ and :, as in requests/{id}, without a query.",
            )
        };
        let segments: Option<Vec<_>> = text.split('/').map(Segment::read).collect();
        let path = Self(segments.ok_or_else(wrong)?);
        let ids = path.0.iter().filter(|segment| matches!(segment, Segment::Id(..))).count();
        if ids != usize::from(has_id) {
            let fix = if has_id { "Write {id} where the id stands, once." } else { "Leave {id} out." };
            return Err(at.wrong(&format!("has {ID} {ids} times"), fix));
        }
        match path.0.first() {
            Some(Segment::Text(first)) if RESERVED.contains(&first.as_str()) => {
                Err(at.wrong("is where the sandbox has its own things", "Choose another path."))
            }
            _ => Ok(path),
        }
    }

    /// One that is known to be right.
    pub fn known(text: &str) -> Self {
        Self(text.split('/').filter_map(Segment::read).collect())
    }

    /// The id, as it is written in a path that is of this form; empty where this form has none.
    pub fn find<'a>(&self, path: &'a str) -> Option<&'a str> {
        let mut id = "";
        let mut parts = path.split('/');
        for segment in &self.0 {
            let part = parts.next()?;
            match segment {
                Segment::Text(text) if text == part => {}
                Segment::Text(_) => return None,
                Segment::Id(before, after) => {
                    id = part.strip_prefix(before.as_str())?.strip_suffix(after.as_str())?;
                    if id.is_empty() {
                        return None;
                    }
                }
            }
        }
        parts.next().is_none().then_some(id)
    }

    /// With this id.
    pub fn with(&self, id: &str) -> String {
        let text = |segment: &Segment| match segment {
            Segment::Text(text) => text.clone(),
            Segment::Id(before, after) => format!("{before}{id}{after}"),
        };
        self.0.iter().map(text).collect::<Vec<_>>().join("/")
    }

    /// How much of it is fixed: of two that fit, the one with more of it is meant.
    pub fn fixed(&self) -> usize {
        let fixed = |segment: &Segment| match segment {
            Segment::Text(text) => text.len() + 1,
            Segment::Id(before, after) => before.len() + after.len(),
        };
        self.0.iter().map(fixed).sum()
    }

    /// Whether some path is of both forms, and neither is the one that is meant.
    pub fn is_as_good_as(&self, other: &Self) -> bool {
        self.fixed() == other.fixed()
            && self.0.len() == other.0.len()
            && self.0.iter().zip(&other.0).all(|(one, two)| one.may_be(two))
    }
}

impl Segment {
    fn read(text: &str) -> Option<Self> {
        let is_plain =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte));
        if let Some((before, after)) = text.split_once(ID) {
            return (is_plain(before) && is_plain(after))
                .then(|| Self::Id(before.to_owned(), after.to_owned()));
        }
        (!matches!(text, "" | "." | "..") && is_plain(text)).then(|| Self::Text(text.to_owned()))
    }

    fn may_be(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(two)) => one == two,
            (Self::Text(text), Self::Id(before, after)) | (Self::Id(before, after), Self::Text(text)) => {
                text.len() > before.len() + after.len() && text.starts_with(before) && text.ends_with(after)
            }
            (Self::Id(before, after), Self::Id(other_before, other_after)) => {
                (before.starts_with(other_before) || other_before.starts_with(before))
                    && (after.ends_with(other_after) || other_after.ends_with(after))
            }
        }
    }
}

/// Names of fields within each other, as in `data.request`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPath(Vec<String>);

impl FieldPath {
    /// Reads names joined by dots.
    pub fn read(at: &At<'_>) -> Result<Self, Wrong> {
        let steps: Vec<String> = at.text()?.split('.').map(str::to_owned).collect();
        if steps.len() > MOST_STEPS || !steps.iter().all(|step| is_field_name(step)) {
            return Err(at.wrong(
                "is no path in JSON",
                &format!("Join at most {MOST_STEPS} names of letters, digits, _ - $ and @ by dots."),
            ));
        }
        Ok(Self(steps))
    }

    /// The outermost name.
    pub fn first(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    /// Whether one value would stand where, or in, the other does.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(one, two)| one == two)
    }

    /// Puts a value there, making the objects on the way.
    pub fn put(&self, object: &mut Map<String, Value>, value: Value) {
        put_at(&self.0, object, value);
    }
}

fn put_at(steps: &[String], object: &mut Map<String, Value>, value: Value) {
    match steps {
        [] => {}
        [last] => {
            object.insert(last.clone(), value);
        }
        [step, steps @ ..] => {
            if let Some(inner) = inner_object(object, step) {
                put_at(steps, inner, value);
            }
        }
    }
}

/// The object in this field, which is made one if it is none.
pub fn inner_object<'a>(
    object: &'a mut Map<String, Value>,
    name: &str,
) -> Option<&'a mut Map<String, Value>> {
    let inner = object.entry(name).or_insert(Value::Null);
    if !inner.is_object() {
        *inner = Value::Object(Map::new());
    }
    inner.as_object_mut()
}

/// Whether a text may be the name of a field in a path.
pub fn is_field_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-$@".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_finds_its_id() {
        let path = RoutePath::known("requests/v-{id}:approve");
        assert_eq!(path.find("requests/v-7:approve"), Some("7"));
        for other in
            ["requests", "requests/v-:approve", "requests/v-7:approve/", "requests/v-7", "x/v-7:approve"]
        {
            assert_eq!(path.find(other), None, "{other}");
        }
        assert_eq!(path.with("7"), "requests/v-7:approve");
        assert!(RoutePath::known("a/{id}").is_as_good_as(&RoutePath::known("a/{id}")));
        assert!(!RoutePath::known("a/{id}").is_as_good_as(&RoutePath::known("a/all")));
        assert!(RoutePath::known("a/{id}x").is_as_good_as(&RoutePath::known("a/x{id}")));
    }
}
