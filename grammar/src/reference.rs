//! Image references: `domain[:port]/path[:tag]@digest`.
//!
//! The grammar is distribution/reference's, narrowed to what can be signed:
//!
//! ```text
//! reference  = domain "/" path [ ":" tag ] "@" digest
//! domain     = host [ ":" port ]              ; with a ".", a ":" or as "localhost"; see domain.rs
//! path       = component *( "/" component )   ; at most 255 characters; see path.rs
//! tag        = ( ALNUM / "_" ) *127( ALNUM / "_" / "." / "-" )
//! digest     = ( "sha256:" 64HEX ) / ( "sha384:" 96HEX ) / ( "sha512:" 128HEX )   ; lower case; see digest.rs
//! ```
//!
//! Docker Hub's three domains are one, and its official images have one path, `library/nginx`, as distribution/reference
//! normalizes them: what is one image has one canonical form.

use crate::{
    bytes::{DASH, DIGIT, DOT, LOWER, UNDERSCORE, UPPER, end_at, kind_at},
    digest::{begins_like_digest, read as read_digest, wrong_digits},
    domain::{is_docker_hub, is_explicit, read as read_domain},
    fault::{Fault, Wrong},
    path,
    specials::Specials,
};

const LONGEST_SCHEME: usize = 20;
const LONGEST_PATH: usize = 255;
const LONGEST_TAG: usize = 128;

/// What stands in front of the names of Docker Hub's official images, and may be left out.
pub const OFFICIAL: &str = "library/";

/// Where the parts of a reference are: `text[..registry]`, `text[registry + 1..path]`, and `text[digest..]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Where the registry ends.
    pub registry: usize,
    /// Where the path ends.
    pub path: usize,
    /// Where the digest begins.
    pub digest: usize,
    /// Is the registry Docker Hub, by any of its names?
    pub is_docker_hub: bool,
    /// Is this one of Docker Hub's official images, without the [`OFFICIAL`] of its path?
    pub is_official: bool,
    /// Is the registry spelled in another way than its only one?
    pub is_respelled: bool,
}

impl Parts {
    /// Where the tag begins and ends, if there is one.
    #[must_use]
    pub fn tag(&self) -> Option<(usize, usize)> {
        let (begin, end) = (self.path + 1, self.digest - 1);
        (begin < end).then_some((begin, end))
    }
}

/// Reads a reference.
///
/// # Errors
/// The first thing that is wrong, read from left to right.
pub fn reference(text: &[u8]) -> Result<Parts, Fault> {
    match read(text) {
        Ok((parts, end)) if end == text.len() => Ok(parts),
        Ok((parts, _)) => Err(wrong_digits(text, parts.digest + 7)),
        Err(fault) => Err(fault),
    }
    .map_err(|fault| wrong_reference(text).unwrap_or(fault))
}

/// Reads the reference that a text begins with, and says where it ends.
#[inline(never)]
pub fn read(text: &[u8]) -> Result<(Parts, usize), Fault> {
    let specials = &mut Specials::of(text);
    let domain = read_domain(text, Some(b'/'), specials)?;
    let registry = domain.end;
    let written = text.get(..registry).unwrap_or_default();
    if registry == text.len() || !domain.is_explicit {
        return Err(Wrong::Registry.of(0, registry));
    }
    let begin = registry + 1;
    let path = path::read(text, begin, specials)?;
    let is_docker_hub = is_docker_hub(written);
    let is_official = is_docker_hub && !text.get(begin..path).unwrap_or_default().contains(&b'/');
    let length = path - begin + if is_official { OFFICIAL.len() } else { 0 };
    if length > LONGEST_PATH {
        return Err(Wrong::PathTooLong.of(begin, length));
    }
    let sign = if text.get(path) == Some(&b':') { read_tag(text, path + 1, specials)? } else { path };
    if text.get(sign) != Some(&b'@') {
        return Err(Wrong::DigestMissing.at(sign));
    }
    let end = read_digest(text, sign + 1)?;
    let is_respelled = domain.has_capitals || (is_docker_hub && registry != 9);
    Ok((Parts { registry, path, digest: sign + 1, is_docker_hub, is_official, is_respelled }, end))
}

/// Reads the tag that begins there, and says where it ends.
#[inline(always)]
fn read_tag(text: &[u8], begin: usize, specials: &mut Specials<'_>) -> Result<usize, Fault> {
    const WORD: u8 = DIGIT | LOWER | UPPER | UNDERSCORE;
    let end = loop {
        let at = specials.next();
        if kind_at(text, at) & (WORD | DOT | DASH) == 0 {
            break at;
        }
    };
    let is_whole = matches!(text.get(end), None | Some(b'@'));
    if is_whole && kind_at(text, begin) & WORD != 0 && end - begin <= LONGEST_TAG {
        return Ok(end);
    }
    Err(Wrong::Tag.of(begin, end_at(text, begin, b"@") - begin))
}

/// What is wrong with the whole text, before its parts are looked at. The walk stops at each of these, too, but can take
/// it for something else.
#[cold]
fn wrong_reference(text: &[u8]) -> Option<Fault> {
    if text.is_empty() {
        return Some(Wrong::Empty.at(0));
    }
    // Pasted text with an invisible character or a newline should be told just that.
    if let Some(place) = text.iter().position(|byte| !byte.is_ascii_graphic() || *byte == b'%') {
        return Some(Wrong::Character.at(place));
    }
    // A scheme or user information in front would otherwise be taken for a strange registry.
    if let Some(end) = scheme_end(text) {
        let is_scheme = text.get(..end).is_some_and(is_scheme);
        return Some(if is_scheme { Wrong::Scheme.of(0, end) } else { Wrong::StrangeScheme.at(0) });
    }
    let after = text.get(end_at(text, 0, b"@") + 1..).unwrap_or_default();
    if after.contains(&b'/') && !begins_like_digest(after) {
        return Some(Wrong::UserInfo.at(0));
    }
    let end = end_at(text, 0, b"/");
    let is_registry = end < text.len() && text.get(..end).is_some_and(is_explicit);
    (!is_registry).then(|| Wrong::Registry.of(0, end))
}

/// Where the first `://` stands.
#[must_use]
pub fn scheme_end(text: &[u8]) -> Option<usize> {
    text.windows(3).position(|three| three == b"://")
}

/// RFC 3986 §3.1, and no longer than any that is in use. Something else may be a password.
fn is_scheme(text: &[u8]) -> bool {
    text.len() <= LONGEST_SCHEME
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}
