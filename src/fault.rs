//! A fault that the grammar found, as an error: which problem it is, and what of the text is repeated.

use ocisign_grammar::{Fault, Wrong, begins_like_digest, hex_length};

use crate::{error::Error, quote::could_be_secret, words::Problem};

/// The error of a fault in this text, which stands `before` bytes into the text that was given.
#[inline(never)]
pub(crate) fn error_of(Fault { wrong, offset, length }: Fault, text: &str, before: usize) -> Error {
    let rest = text.get(offset..).unwrap_or_default();
    let character = rest.chars().next().unwrap_or_default();
    let error = problem_of(wrong, character, text).at(before + offset);
    match wrong {
        Wrong::Character
        | Wrong::PathUppercase
        | Wrong::PathCharacter
        | Wrong::DigestUppercase
        | Wrong::DigestCharacter
        | Wrong::DomainCharacter => error.character(character),
        Wrong::Registry if !is_public(text) => error,
        Wrong::Scheme
        | Wrong::Registry
        | Wrong::PathSeparator
        | Wrong::Tag
        | Wrong::DigestAlgorithm
        | Wrong::AfterAddress
        | Wrong::Ipv4Form => error.found(rest.get(..length).unwrap_or_default()),
        Wrong::PathTooLong | Wrong::NameTooLong => error.number(length),
        Wrong::DigestLength => {
            let front = text.get(..offset - 1).unwrap_or_default();
            let algorithm = front.rsplit('@').next().unwrap_or_default();
            let right = hex_length(algorithm.as_bytes()).unwrap_or_default();
            error.number(length).found(algorithm).number(right)
        }
        _ => error,
    }
}

fn problem_of(wrong: Wrong, character: char, text: &str) -> Problem {
    match wrong {
        Wrong::Empty => Problem::ReferenceEmpty,
        Wrong::Character => forbidden(character),
        Wrong::Scheme => Problem::Scheme,
        Wrong::StrangeScheme => Problem::StrangeScheme,
        Wrong::UserInfo => Problem::UserInfo,
        Wrong::Registry if is_public(text) => Problem::RegistryMissing,
        Wrong::Registry => Problem::NoRegistry,
        Wrong::PathEmpty => Problem::RepositoryMissing,
        Wrong::PathUppercase => Problem::RepositoryUppercase,
        Wrong::PathCharacter => Problem::RepositoryCharacter,
        Wrong::PathSeparator => Problem::RepositorySeparator,
        Wrong::PathTooLong => Problem::RepositoryTooLong,
        Wrong::Tag => Problem::TagInvalid,
        Wrong::DigestMissing => Problem::DigestMissing,
        Wrong::DigestAlgorithm => Problem::DigestAlgorithm,
        Wrong::DigestLength => Problem::DigestLength,
        Wrong::DigestUppercase => Problem::DigestUppercase,
        Wrong::DigestCharacter => Problem::DigestCharacter,
        Wrong::DomainScheme => Problem::DomainScheme,
        Wrong::AfterAddress => Problem::AfterAddress,
        Wrong::NameTooLong => Problem::NameTooLong,
        Wrong::LabelEmpty => Problem::LabelEmpty,
        Wrong::LabelTooLong => Problem::LabelTooLong,
        Wrong::DomainCharacter => Problem::DomainCharacter,
        Wrong::LabelDash => Problem::LabelDash,
        Wrong::Ipv4Form => Problem::Ipv4Form,
        Wrong::Ipv6 => Problem::Ipv6Invalid,
        Wrong::BracketOpen => Problem::BracketOpen,
        Wrong::Port => Problem::PortInvalid,
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

/// May the first component be repeated, which is no registry? Only if a path or a digest shows that it is one of a
/// reference: what is given in the place of an image may be a secret.
fn is_public(text: &str) -> bool {
    let is_reference = match text.rsplit_once('@') {
        Some((_, digest)) => begins_like_digest(digest.as_bytes()),
        None => text.contains('/'),
    };
    is_reference && !could_be_secret(text)
}
