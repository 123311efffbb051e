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
//! Docker Hub's three domains are one, and its official images have one path, `library/nginx`, as distribution/reference
//! normalizes them: what is one image has one canonical form.
//!
//! The parser is one walk from left to right; each step takes the rest of the text and gives back what
//! is left of it, so that every error knows its byte.

use alloc::{borrow::ToOwned, string::String};
use core::{fmt, str::FromStr};

use crate::{
    digest, domain,
    ecr::Ecr,
    error::{Error, Result},
    quote::could_be_secret,
    words::Problem,
};

const LONGEST_SCHEME: usize = 20;
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
    /// `empty-reference` to `digest-invalid` in [`crate::Code`].
    pub fn parse(text: &str) -> Result<Self> {
        check_characters(text)?;
        check_front(text)?;
        let rest = Rest { text, offset: 0 };
        let (registry, rest) = take_registry(rest)?;
        let registry = domain::canonical(registry);
        let place = rest.offset;
        let (path, rest) = take_path(rest)?;
        let is_official = domain::is_docker_hub(&registry) && !path.contains('/');
        let repository = [if is_official { "library/" } else { "" }, path].concat();
        if repository.len() > LONGEST_PATH {
            return Err(Problem::RepositoryTooLong.at(place).number(repository.len()));
        }
        let (tag, rest) = take_tag(rest)?;
        let digest = take_digest(rest)?;
        Ok(Self { registry, repository, tag: tag.map(ToOwned::to_owned), digest: digest.to_owned() })
    }

    /// The registry: its domain in lower case, with the port if one was written; Docker Hub is `docker.io`.
    #[must_use]
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The repository within the registry: the path, without domain and tag. Of Docker Hub's official images, with the
    /// `library/` that may be left out.
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
        return Err(Problem::ReferenceEmpty.at(0));
    }
    match text.char_indices().find(|(_, character)| !character.is_ascii_graphic() || *character == '%') {
        Some((offset, character)) => Err(forbidden(character).at(offset).character(character)),
        None => Ok(()),
    }
}

fn forbidden(character: char) -> Problem {
    match character {
        '\n' | '\r' => Problem::LineBreak,
        '%' => Problem::PercentSign,
        _ if character.is_whitespace() => Problem::WhiteSpace,
        _ if character.is_control() => Problem::ControlCharacter,
        _ => Problem::NotAscii,
    }
}

/// A scheme or user information in front, which would otherwise be taken for a strange registry.
fn check_front(text: &str) -> Result<()> {
    match domain::split_scheme(text) {
        Some((scheme, _)) if is_scheme(scheme) => return Err(Problem::Scheme.at(0).found(scheme)),
        Some(_) => return Err(Problem::StrangeScheme.at(0)),
        None => {}
    }
    match text.split_once('@') {
        Some((_, after)) if after.contains('/') && !digest::begins_like_one(after) => {
            Err(Problem::UserInfo.at(0))
        }
        _ => Ok(()),
    }
}

/// RFC 3986 §3.1, and no longer than any that is in use. Something else may be a password.
fn is_scheme(text: &str) -> bool {
    text.len() <= LONGEST_SCHEME
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

fn take_registry(rest: Rest<'_>) -> Result<(&str, Rest<'_>)> {
    let slash = rest.text.find('/').ok_or_else(|| registry_missing(rest.text, rest.text))?;
    let (registry, rest_after) = rest.split(slash);
    if !domain::is_explicit(registry) {
        return Err(registry_missing(registry, rest.text));
    }
    domain::check(registry, rest.offset)?;
    rest_after.after('/').map(|after| (registry, after)).ok_or_else(|| registry_missing(registry, rest.text))
}

fn take_path(rest: Rest<'_>) -> Result<(&str, Rest<'_>)> {
    let end = rest.text.find([':', '@']).unwrap_or(rest.text.len());
    let (path, rest_after) = rest.split(end);
    let mut place = rest.offset;
    for component in path.split('/') {
        check_component(component, place)?;
        place += component.len() + 1;
    }
    Ok((path, rest_after))
}

fn check_component(component: &str, offset: usize) -> Result<()> {
    if component.is_empty() {
        return Err(Problem::RepositoryMissing.at(offset));
    }
    if let Some((index, found)) = component.char_indices().find(|(_, c)| !is_path_character(*c)) {
        let problem = if found.is_ascii_uppercase() {
            Problem::RepositoryUppercase
        } else {
            Problem::RepositoryCharacter
        };
        return Err(problem.at(offset + index).character(found));
    }
    let mut alnum_needed = true;
    let mut place = offset;
    for run in component.split_inclusive(|c: char| c.is_ascii_alphanumeric()) {
        let separator = run.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        let ends_open = separator.len() == run.len();
        let dashes_only = !separator.is_empty() && separator.bytes().all(|b| b == b'-');
        let allowed = matches!(separator, "" | "." | "_" | "__") || dashes_only;
        if !allowed || (alnum_needed && !separator.is_empty()) || ends_open {
            return Err(Problem::RepositorySeparator.at(place).found(separator));
        }
        alnum_needed = false;
        place += run.len();
    }
    Ok(())
}

const fn is_path_character(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-')
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
    Err(Problem::TagInvalid.at(rest.offset).found(tag))
}

fn take_digest(rest: Rest<'_>) -> Result<&str> {
    let Some(rest) = rest.after('@') else { return Err(Problem::DigestMissing.at(rest.offset)) };
    digest::check(rest.text, rest.offset)?;
    Ok(rest.text)
}

/// A first component that is no registry. It is repeated only if a path or a digest shows that it is one of a
/// reference: what is given in the place of an image may be a secret.
fn registry_missing(component: &str, text: &str) -> Error {
    let is_reference = match text.rsplit_once('@') {
        Some((_, digest)) => digest::begins_like_one(digest),
        None => text.contains('/'),
    };
    if is_reference && !could_be_secret(text) {
        return Problem::RegistryMissing.at(0).found(component);
    }
    Problem::NoRegistry.at(0)
}
