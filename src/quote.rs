//! Foreign texts in messages: short, on one line, without anything invisible, and without what could be a secret.
//!
//! People give a secret where another text is asked for: a token for an image, a password before an `@`. The command
//! line quotes by the same rule what the core never sees (`pkg/src/cli/withheld.ts`).

use alloc::string::String;

use ocisign_grammar::{begins_like_digest, scheme_end};

/// Stands in a message in the place of what could be a secret.
const WITHHELD: &str = "[withheld]";

/// Untrusted text for a message: in backquotes, at most 60 characters of it, and all that is not printable
/// ASCII written out, so that a look-alike shows itself. What could be a secret is withheld.
pub(crate) fn quote(text: &str) -> String {
    quote_id(&without_secrets(text, SETTING))
}

/// The same of an id of the service's, of which nothing is withheld: without it, a request is lost.
pub(crate) fn quote_id(id: &str) -> String {
    let mut quoted = String::from("`");
    quoted.push_str(&written_out(id, 60, |c| c == ' ' || c.is_ascii_graphic()));
    quoted.push('`');
    quoted
}

/// A service's or a platform's own words for a message: at most 300 characters of them, in any language,
/// with all that is invisible or turns the direction of text written out. What could be a secret is withheld.
///
/// ```
/// let said = ocisign::harmless("Not yours: https://me:secret@registry.example/app?key=1 \u{202e}");
/// assert_eq!(said, "Not yours: [withheld]@registry.example/app?[withheld]\\u{202e}");
/// ```
pub fn harmless(words: &str) -> String {
    let mut kept = String::new();
    for word in words.trim().split_inclusive(' ') {
        // A person's address stays one: the words are about something, and not the thing itself.
        kept.push_str(&if word.contains('/') || could_be_secret(word) {
            without_secrets(word, ADDRESS)
        } else {
            word.into()
        });
    }
    written_out(&kept, 300, |c| {
        !c.is_control()
            && !matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
            && c < '\u{e0000}'
    })
}

/// Could this be a secret, or hold one? So could several lines, and what looks random, as tokens and keys do: 18
/// characters or more, small ones and capitals, of which at least each fifth is of another kind than the one before it.
/// Words change more seldom, and digests have no capitals.
pub(crate) fn could_be_secret(text: &str) -> bool {
    let mut part = Part::default();
    // `echo` adds a line break to anything; the last byte ends the last part.
    for byte in text.trim_end().bytes().chain([b' ']) {
        let kind = match byte {
            b'a'..=b'z' => 1,
            b'A'..=b'Z' => 2,
            b'0'..=b'9' => 4,
            b'+' | b'/' | b'=' | b'_' | b'-' => 0,
            b'\n' | b'\r' => return true,
            _ if part.looks_random() => return true,
            _ => {
                part = Part::default();
                continue;
            }
        };
        part.push(kind);
    }
    false
}

/// A run of letters, digits and what base64 has beside them.
#[derive(Default)]
struct Part {
    length: usize,
    changes: usize,
    last: u8,
    seen: u8,
}

impl Part {
    fn push(&mut self, kind: u8) {
        self.length += 1;
        self.changes += usize::from(self.last != kind && self.last * kind > 0);
        self.last = kind;
        self.seen |= kind;
    }

    fn looks_random(&self) -> bool {
        self.length >= 18 && self.seen & 3 == 3 && self.changes * 5 >= self.length
    }
}

/// Behind these, an address has its query or its fragment.
const ADDRESS: &[u8] = b"?#";
/// And a line of settings its value.
const SETTING: &[u8] = b"?#=>\"";

/// Withholds the whole of what could be a secret; of an address or a reference what stands before its `@`, and what
/// follows one of the marks.
fn without_secrets(text: &str, marks: &[u8]) -> String {
    if could_be_secret(text) {
        return WITHHELD.into();
    }
    let mut kept = String::new();
    let mut shown = text;
    if let Some((user, rest)) = text.rsplit_once('@')
        // A digest follows a name, which is no secret unless it has an `@` of its own. What follows an address is a host.
        && (!begins_like_digest(rest.as_bytes()) || user.contains('@') || scheme_end(user.as_bytes()).is_some())
        && !user.is_empty()
    {
        kept.extend([WITHHELD, "@"]);
        shown = rest;
    }
    let end = shown.bytes().position(|byte| marks.contains(&byte)).map_or(shown.len(), |place| place + 1);
    let (front, query) = shown.split_at_checked(end).unwrap_or_default();
    kept.push_str(front);
    if !query.is_empty() {
        kept.push_str(WITHHELD);
    }
    kept
}

fn written_out(text: &str, longest: usize, plain: impl Fn(char) -> bool) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == longest {
            shown.push('…');
            break;
        }
        if plain(character) {
            shown.push(character);
        } else {
            shown.extend(character.escape_unicode());
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_secret_is_withheld() {
        for secret in [
            "eyJhbGciOiJub25lIn0.e30.",
            "Bearer:aB3dE5gH7jK9mN1pQ2",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "-----BEGIN PRIVATE KEY----- MC4CAQAwBQYDK2VwBCIEIBhQKhmm -----END PRIVATE KEY-----",
            "MC4CAQAwBQYDK2VwBCIEIBhQKhmm",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "aB3dE5_gH7jK9-mN1pQ2",
            "aB3dE5/gH7jK9+mN1pQ2==",
            "two\nlines",
            "a line\rand another",
        ] {
            assert!(could_be_secret(secret), "{secret}");
            assert_eq!(quote(secret), "`[withheld]`");
            assert!(!harmless(secret).contains(secret), "{secret}");
        }
        for harmless in [
            "registry.example/team/app2-backend-service",
            "Registry.Example:5000/Team/application2/backend",
            "sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79",
            "e1ec8ea5-b569-4da7-8a70-6eb910dad8ac",
            "E1EC8EA5-B569-4DA7-8A70-6EB910DAD8AC",
            "OCI signing product of team Application 17",
            "My-Application-Backend-Service-2",
            "registry.example/app\n",
        ] {
            assert!(!could_be_secret(harmless), "{harmless}");
        }
    }

    #[test]
    fn of_an_address_only_what_is_public_is_quoted() {
        for (text, quoted) in [
            ("user:password@registry.example/app", "`[withheld]@registry.example/app`"),
            ("us@er:pass@word@registry.example", "`[withheld]@registry.example`"),
            ("https://user@registry.example/a?sig=1#2", "`[withheld]@registry.example/a?[withheld]`"),
            ("registry.example/a#b", "`registry.example/a#[withheld]`"),
            ("PASSWORD=hunter2", "`PASSWORD=[withheld]`"),
            ("<password>hunter2</password>", "`<password>[withheld]`"),
            ("\"password\":\"hunter2\"", "`\"[withheld]`"),
            ("=", "`=`"),
            ("pw@registry.example/a@sha256:12", "`[withheld]@sha256:12`"),
            ("app@sha256:12", "`app@sha256:12`"),
            ("https://user:password@sha256:12/app", "`[withheld]@sha256:12/app`"),
            ("docker://user:password@sha512:12", "`[withheld]@sha512:12`"),
            ("@", "`@`"),
            ("?", "`?`"),
            ("", "``"),
        ] {
            assert_eq!(quote(text), quoted);
        }
    }

    #[test]
    fn words_keep_what_is_no_secret() {
        for (words, kept) in [
            (
                "Ask admin@registry.example, or read the page.",
                "Ask admin@registry.example, or read the page.",
            ),
            (
                "Failed to parse https://a:b@c.example/?d=e here",
                "Failed to parse [withheld]@c.example/?[withheld]",
            ),
            ("Failed to parse https://a:b@sha384:1/ here", "Failed to parse [withheld]@sha384:1/ here"),
            ("Is it yours?", "Is it yours?"),
        ] {
            assert!(harmless(words).starts_with(kept), "{}", harmless(words));
        }
    }
}
