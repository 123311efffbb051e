//! `WWW-Authenticate` (RFC 9110 §11.6.1). Commas divide parameters as well as challenges; a name with `=` and a value
//! is a parameter, every other word begins a challenge. Reading stops where the grammar is broken.

/// One challenge; scheme and names in lower case.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// Such as `basic` or `bearer`.
    pub scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    /// The first parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Reads all challenges of one header.
pub fn parse(header: &str) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut rest = header.trim_start_matches(is_between);
    while let Some((name, after)) = word(rest) {
        let value = after.trim_start_matches([' ', '\t']).strip_prefix('=');
        match value.map(|value| value.trim_start_matches([' ', '\t'])).and_then(read_value) {
            Some((value, after)) => {
                let Some(challenge) = challenges.last_mut() else { break };
                challenge.parameters.push((name.to_ascii_lowercase(), value));
                rest = after;
            }
            None if value.is_some() => break,
            None => {
                challenges.push(Challenge { scheme: name.to_ascii_lowercase(), parameters: vec![] });
                rest = after;
            }
        }
        rest = rest.trim_start_matches(is_between);
    }
    challenges
}

fn is_between(character: char) -> bool {
    matches!(character, ' ' | '\t' | ',')
}

fn word(text: &str) -> Option<(&str, &str)> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let end = text.find(|c| !is_token(c)).unwrap_or(text.len());
    text.split_at_checked(end).filter(|(word, _)| !word.is_empty())
}

fn read_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        return word(text).map(|(value, rest)| (value.to_owned(), rest));
    };
    let mut value = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return Some((value, characters.as_str())),
            '\\' => value.push(characters.next()?),
            other => value.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn challenges_of_every_form_are_read() {
        let both =
            r#"Basic realm="a, b", Bearer Realm = "https://a.example/token",service=plain , scope="x \"y\"""#;
        let both = parse(both);
        assert_eq!(both.iter().map(|it| it.scheme.as_str()).collect::<Vec<_>>(), ["basic", "bearer"]);
        assert_eq!(both[0].parameter("realm"), Some("a, b"));
        assert_eq!(both[1].parameter("realm"), Some("https://a.example/token"));
        assert_eq!(
            (both[1].parameter("service"), both[1].parameter("scope")),
            (Some("plain"), Some("x \"y\""))
        );
        assert_eq!(parse("Negotiate, Basic").len(), 2);
    }

    #[test]
    fn what_is_broken_is_left_out() {
        for (broken, count) in
            [("", 0), ("=x", 0), ("a=b", 0), ("Bearer realm=\"open", 1), ("Bearer realm=", 1), ("é", 0)]
        {
            let read = parse(broken);
            assert_eq!(read.len(), count, "{broken}");
            assert!(read.iter().all(|it| it.parameter("realm").is_none()), "{broken}");
        }
    }
}
