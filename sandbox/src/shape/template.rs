//! The body of a decision as another service wants it: constants, and two places to fill.

use serde_json::{Map, Value};

use crate::strict_json::{At, Wrong};

/// What stands for the comment of a decision.
const COMMENT: &str = "{comment}";
/// What stands for the parts of the request that the approver saw.
const EXPECT: &str = "{expect}";

/// A body with places to fill.
#[derive(Debug, Clone, PartialEq)]
pub struct Template(Vec<(String, Part)>);

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Constant(Value),
    Comment,
    Expect,
    Object(Template),
}

/// What a body says at the template's places.
#[derive(Debug, Default, PartialEq)]
pub struct Filled {
    /// Why.
    pub comment: Option<Value>,
    /// What was seen.
    pub expect: Option<Value>,
}

impl Default for Template {
    /// The body of our own routes.
    fn default() -> Self {
        Self(vec![("comment".to_owned(), Part::Comment), ("expect".to_owned(), Part::Expect)])
    }
}

impl Template {
    /// Reads an object; each place may stand in it once.
    pub fn read(at: &At<'_>) -> Result<Self, Wrong> {
        let template = Self::read_object(at)?;
        for (name, part) in [(COMMENT, Part::Comment), (EXPECT, Part::Expect)] {
            if template.count(&part) > 1 {
                return Err(at.wrong(&format!("has {name} twice"), "Name it once."));
            }
        }
        Ok(template)
    }

    fn read_object(at: &At<'_>) -> Result<Self, Wrong> {
        let read = |(name, at): (&str, At<'_>)| Ok((name.to_owned(), Part::read(&at)?));
        at.fields()?.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// What the body says; the path of the first place where it is another body than this.
    pub fn fill(&self, body: &Map<String, Value>) -> Result<Filled, String> {
        let mut filled = Filled::default();
        self.fill_from(body, "body", &mut filled)?;
        Ok(filled)
    }

    fn fill_from(&self, body: &Map<String, Value>, path: &str, filled: &mut Filled) -> Result<(), String> {
        if let Some(unknown) = body.keys().find(|name| self.get(name).is_none()) {
            return Err(format!("{path}.{unknown}"));
        }
        let nothing = Map::new();
        for (name, part) in &self.0 {
            let path = format!("{path}.{name}");
            match (part, body.get(name)) {
                (Part::Comment, given) => filled.comment = given.cloned(),
                (Part::Expect, given) => filled.expect = given.cloned(),
                (Part::Constant(constant), Some(given)) if constant == given => {}
                (Part::Object(inner), None) => inner.fill_from(&nothing, &path, filled)?,
                (Part::Object(inner), Some(Value::Object(given))) => inner.fill_from(given, &path, filled)?,
                _ => return Err(path),
            }
        }
        Ok(())
    }

    /// Whether no body can be of both.
    pub fn excludes(&self, other: &Self) -> bool {
        self.needs_what_is_not_in(other) || other.needs_what_is_not_in(self)
    }

    fn needs_what_is_not_in(&self, other: &Self) -> bool {
        self.0.iter().any(|(name, part)| match (part, other.get(name)) {
            (Part::Constant(one), Some(Part::Constant(two))) => one != two,
            (Part::Constant(one), Some(Part::Object(_))) => !one.is_object(),
            (Part::Constant(_), None) => true,
            (Part::Object(one), Some(Part::Object(two))) => one.excludes(two),
            (Part::Object(one), None) => one.has_constants(),
            _ => false,
        })
    }

    fn has_constants(&self) -> bool {
        self.0.iter().any(|(_, part)| match part {
            Part::Constant(_) => true,
            Part::Object(inner) => inner.has_constants(),
            Part::Comment | Part::Expect => false,
        })
    }

    /// Whether it has a place for the comment.
    pub fn takes_comment(&self) -> bool {
        self.count(&Part::Comment) > 0
    }

    fn count(&self, wanted: &Part) -> usize {
        let count = |part: &Part| match part {
            Part::Object(inner) => inner.count(wanted),
            part => usize::from(part == wanted),
        };
        self.0.iter().map(|(_, part)| count(part)).sum()
    }

    fn get(&self, name: &str) -> Option<&Part> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, part)| part)
    }
}

impl Part {
    fn read(at: &At<'_>) -> Result<Self, Wrong> {
        match at.value() {
            Value::Object(_) => Ok(Self::Object(Template::read_object(at)?)),
            Value::String(text) if text == COMMENT => Ok(Self::Comment),
            Value::String(text) if text == EXPECT => Ok(Self::Expect),
            constant => {
                refuse_braces(at)?;
                Ok(Self::Constant(constant.clone()))
            }
        }
    }
}

/// A placeholder is the whole value of a field. One that is misspelt, or that a list or a sentence holds, would be
/// sent as it stands.
fn refuse_braces(at: &At<'_>) -> Result<(), Wrong> {
    match at.value() {
        Value::String(text) if text.contains(['{', '}']) => Err(at.wrong(
            "has braces, but is no placeholder of a field",
            &format!("Use {COMMENT} or {EXPECT} as the whole value of a field."),
        )),
        Value::Array(_) => at.list()?.iter().try_for_each(refuse_braces),
        Value::Object(_) => at.fields()?.iter().try_for_each(|(_, at)| refuse_braces(at)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn template(value: Value) -> Template {
        Template::read(&At::whole(&value, "body")).unwrap()
    }

    #[test]
    fn two_templates_exclude_each_other_if_no_body_is_of_both() {
        let yes = || template(json!({ "verdict": "yes", "note": "{comment}" }));
        for (other, excluded) in [
            (json!({ "verdict": "no", "note": "{comment}" }), true),
            (json!({ "note": "{comment}" }), true),
            (json!({ "verdict": "{comment}" }), false),
            (json!({ "verdict": "yes", "seen": "{expect}" }), false),
            (json!({ "verdict": { "is": "yes" } }), true),
            (json!({}), true),
        ] {
            assert_eq!(yes().excludes(&template(other.clone())), excluded, "{other}");
            assert_eq!(template(other.clone()).excludes(&yes()), excluded, "{other}");
        }
        assert!(!template(json!({ "a": {} })).excludes(&template(json!({ "b": "{comment}" }))));
        assert!(template(json!({ "a": { "b": 1 } })).excludes(&template(json!({ "a": { "b": 2 } }))));
    }
}
