//! Image references: `domain[:port]/path[:tag]@digest`.
//!
//! The grammar is distribution/reference's, narrowed to what can be signed:
//!
//! ```text
//! reference  = domain "/" path [ ":" tag ] "@" digest
//! domain     = host [ ":" port ]              ; with a ".", a ":" or as "localhost"; see domain.rs
//! path       = component *( "/" component )   ; at most 255 characters
//! component  = alnum *( separator alnum )     ; alnum is lower case
//! separator  = "." / "_" / "__" / 1*"-"
//! tag        = ( ALNUM / "_" ) *127( ALNUM / "_" / "." / "-" )
//! digest     = ( "sha256:" 64HEX ) / ( "sha384:" 96HEX ) / ( "sha512:" 128HEX )   ; lower case
//! ```
//!
//! The parser is one walk from left to right; each step takes the rest of the text and gives back what
//! is left of it, so that every error knows its byte.

use alloc::{borrow::ToOwned, format, string::String};
use core::{fmt, str::FromStr};

use crate::{
    digest, domain,
    ecr::Ecr,
    error::{Code, Error, Result, quote},
};

const LONGEST_PATH: usize = 255;
const LONGEST_TAG: usize = 128;

/// An image in a registry, by digest: the thing that a signature binds.
///
/// ```
/// use ocisign::Reference;
///
/// let digest = "sha256:3fbc632167424a6d997e74f52b878d7cc478225cffac6bc977eedfe51c7f4e79";
/// let image = Reference::parse(&format!("Registry.Example:5000/team/app:1.2@{digest}"))?;
/// assert_eq!(image.registry(), "registry.example:5000");
/// assert_eq!(image.repository(), "team/app");
/// assert_eq!(image.tag(), Some("1.2"));
/// assert_eq!(image.canonical(), format!("registry.example:5000/team/app@{digest}"));
/// # Ok::<(), ocisign::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: String,
}

impl Reference {
    /// Reads a reference.
    ///
    /// # Errors
    /// The first thing that is wrong, read from left to right, with its byte offset: any code from
    /// `empty-reference` to `digest-invalid` in [`Code`].
    pub fn parse(text: &str) -> Result<Self> {
        check_characters(text)?;
        check_front(text)?;
        let rest = Rest { text, offset: 0 };
        let (registry, rest) = take_registry(rest)?;
        let (repository, rest) = take_path(rest)?;
        let (tag, rest) = take_tag(rest)?;
        let digest = take_digest(rest)?;
        Ok(Self {
            registry: registry.to_ascii_lowercase(),
            repository: repository.to_owned(),
            tag: tag.map(ToOwned::to_owned),
            digest: digest.to_owned(),
        })
    }

    /// The registry: its domain in lower case, with the port if one was written.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The repository within the registry: the path, without domain and tag.
    #[must_use]
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag, if one was written. It is only a note: the signature binds the digest.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, `algorithm:hex`.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// `registry/repository`, which a signature names as its `docker-reference`.
    #[must_use]
    pub fn name(&self) -> String {
        [&self.registry, "/", &self.repository].concat()
    }

    /// `registry/repository@digest`: one spelling for each image.
    #[must_use]
    pub fn canonical(&self) -> String {
        [&self.registry, "/", &self.repository, "@", &self.digest].concat()
    }

    /// Account and region, when the registry is Amazon ECR.
    #[must_use]
    pub fn ecr(&self) -> Option<Ecr> {
        Ecr::of(&self.registry)
    }
}

impl FromStr for Reference {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

/// The canonical form.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical())
    }
}

/// What is still to be read, and where it begins in the whole text.
#[derive(Clone, Copy)]
struct Rest<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Rest<'a> {
    /// Splits before `index`, which lies on a character boundary because it was found by searching.
    fn split(self, index: usize) -> (&'a str, Self) {
        let (taken, text) = self.text.split_at_checked(index).unwrap_or((self.text, ""));
        (taken, Self { text, offset: self.offset + index })
    }

    fn after(self, prefix: char) -> Option<Self> {
        let text = self.text.strip_prefix(prefix)?;
        Some(Self { text, offset: self.offset + prefix.len_utf8() })
    }
}

/// Characters that stand nowhere in a reference. They come first, because pasted text with an invisible
/// character or a newline should be told just that.
fn check_characters(text: &str) -> Result<()> {
    if text.is_empty() {
        return Err(Error::new(Code::EmptyReference, "The reference is empty.", EXAMPLE).at(0));
    }
    match text.char_indices().find(|(_, character)| !character.is_ascii_graphic() || *character == '%') {
        Some((offset, character)) => Err(forbidden(character, offset)),
        None => Ok(()),
    }
}

fn forbidden(character: char, offset: usize) -> Error {
    let written = quote(character.encode_utf8(&mut [0; 4]));
    let (kind, message, fix) = if character == '\n' || character == '\r' {
        let fix = "Remove the line break; `echo` adds one, `printf %s` does not.";
        (Code::WhiteSpace, format!("There is a line break at byte {offset} of the reference."), fix)
    } else if character.is_whitespace() {
        let message = format!("There is white space ({written}) at byte {offset} of the reference.");
        (Code::WhiteSpace, message, "Remove it; a reference has no white space.")
    } else if character.is_control() {
        let message = format!("There is a control character ({written}) at byte {offset} of the reference.");
        (Code::ControlCharacter, message, "Remove it, or type the reference anew.")
    } else if character == '%' {
        let message = format!("There is a percent sign at byte {offset} of the reference.");
        (
            Code::PercentSign,
            message,
            "Write the reference as it is, without URL encoding and without an IPv6 zone.",
        )
    } else {
        let message =
            format!("The character {written} at byte {offset} is not ASCII; it may look like another one.");
        (
            Code::NotAscii,
            message,
            "Type the reference anew; write an international domain name in its xn-- form.",
        )
    };
    Error::new(kind, message, fix).at(offset)
}

/// A scheme or user information in front, which would otherwise be taken for a strange registry.
fn check_front(text: &str) -> Result<()> {
    if let Some((scheme, _)) = domain::split_scheme(text) {
        let fix = format!("Remove `{}://` and begin with the registry.", quote(scheme).trim_matches('`'));
        return Err(Error::new(Code::Scheme, "The reference begins with a scheme at byte 0.", fix).at(0));
    }
    let Some((_, after)) = text.split_once('@') else { return Ok(()) };
    if after.contains('/') && !digest::begins_like_one(after) {
        // The text before the @ may be a password: it is not repeated.
        return Err(Error::new(
            Code::UserInfo,
            "The reference has a user name or a password before an `@`.",
            "Remove everything up to that `@`; credentials never belong in a reference.",
        )
        .at(0));
    }
    Ok(())
}

fn take_registry(rest: Rest<'_>) -> Result<(&str, Rest<'_>)> {
    let slash = rest.text.find('/').ok_or_else(|| registry_missing(rest.text))?;
    let (registry, rest_after) = rest.split(slash);
    if !domain::is_explicit(registry) {
        return Err(registry_missing(registry));
    }
    domain::check(registry, rest.offset)?;
    rest_after.after('/').map(|rest| (registry, rest)).ok_or_else(|| registry_missing(registry))
}

fn take_path(rest: Rest<'_>) -> Result<(&str, Rest<'_>)> {
    let end = rest.text.find([':', '@']).unwrap_or(rest.text.len());
    let (path, rest_after) = rest.split(end);
    let mut place = rest.offset;
    for component in path.split('/') {
        check_component(component, place)?;
        place += component.len() + 1;
    }
    if path.len() > LONGEST_PATH {
        let message = format!("The repository at byte {} has {} characters.", rest.offset, path.len());
        let fix = "A repository's path has at most 255 characters.";
        return Err(Error::new(Code::RepositoryTooLong, message, fix).at(rest.offset));
    }
    Ok((path, rest_after))
}

fn check_component(component: &str, offset: usize) -> Result<()> {
    if component.is_empty() {
        let message = format!("A part of the repository's path is missing at byte {offset}.");
        return Err(Error::new(Code::RepositoryMissing, message, EXAMPLE).at(offset));
    }
    if let Some((index, found)) = component.char_indices().find(|(_, c)| !is_path_character(*c)) {
        return Err(bad_path_character(found, offset + index));
    }
    let mut alnum_needed = true;
    let mut place = offset;
    for run in component.split_inclusive(|c: char| c.is_ascii_alphanumeric()) {
        let separator = run.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        let ends_open = separator.len() == run.len();
        let dashes_only = !separator.is_empty() && separator.bytes().all(|b| b == b'-');
        let allowed = matches!(separator, "" | "." | "_" | "__") || dashes_only;
        if !allowed || (alnum_needed && !separator.is_empty()) || ends_open {
            return Err(bad_separator(separator, place));
        }
        alnum_needed = false;
        place += run.len();
    }
    Ok(())
}

const fn is_path_character(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-')
}

fn bad_path_character(found: char, place: usize) -> Error {
    let written = quote(found.encode_utf8(&mut [0; 4]));
    if found.is_ascii_uppercase() {
        let message = format!("The repository has the upper-case letter {written} at byte {place}.");
        return Error::new(Code::RepositoryUppercase, message, "Write the repository in lower case.")
            .at(place);
    }
    let message = format!("The repository has {written} at byte {place}.");
    let fix = "A repository's path has only a-z, 0-9, `/`, `.`, `_` and `-`.";
    Error::new(Code::RepositoryInvalid, message, fix).at(place)
}

fn bad_separator(separator: &str, place: usize) -> Error {
    let message = format!("The repository has {} where it cannot stand, at byte {place}.", quote(separator));
    let fix = "Separators stand singly between letters or digits: `.`, `_`, `__`, or any number of `-`.";
    Error::new(Code::RepositoryInvalid, message, fix).at(place)
}

fn take_tag(rest: Rest<'_>) -> Result<(Option<&str>, Rest<'_>)> {
    let Some(rest) = rest.after(':') else { return Ok((None, rest)) };
    let end = rest.text.find('@').unwrap_or(rest.text.len());
    let (tag, rest_after) = rest.split(end);
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let valid = tag.starts_with(is_word)
        && tag.len() <= LONGEST_TAG
        && tag.chars().all(|c| is_word(c) || c == '.' || c == '-');
    if valid {
        return Ok((Some(tag), rest_after));
    }
    let message = format!("The tag {} at byte {} breaks the grammar.", quote(tag), rest.offset);
    let fix = "A tag has 1 to 128 of the characters A-Z, a-z, 0-9, `_`, `.`, `-` and begins with none of the last two; it may be left out.";
    Err(Error::new(Code::TagInvalid, message, fix).at(rest.offset))
}

fn take_digest(rest: Rest<'_>) -> Result<&str> {
    let Some(rest) = rest.after('@') else {
        let message = format!("The reference has no digest at byte {}.", rest.offset);
        let fix =
            "Add the image's digest, as in name@sha256:…; a tag can move to another image, a digest cannot.";
        return Err(Error::new(Code::DigestMissing, message, fix).at(rest.offset));
    };
    digest::check(rest.text, rest.offset)?;
    Ok(rest.text)
}

fn registry_missing(component: &str) -> Error {
    let message = format!("{} at byte 0 is not a registry.", quote(component));
    let fix = "Begin with the registry's domain, as in docker.io/library/nginx@sha256:…; it has a `.`, a `:` or is localhost.";
    Error::new(Code::RegistryMissing, message, fix).at(0)
}

const EXAMPLE: &str = "Write it as registry.example.com/team/app@sha256:… .";
