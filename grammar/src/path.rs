//! The path of a repository:
//!
//! ```text
//! path       = component *( "/" component )
//! component  = alnum *( separator alnum )     ; alnum is lower case
//! separator  = "." / "_" / "__" / 1*"-"
//! ```

use crate::{
    bytes::{DASH, DIGIT, DOT, LOWER, UNDERSCORE, end_at, kind_at, skip},
    fault::{Fault, Wrong},
    specials::Specials,
};

const ALNUM: u8 = DIGIT | LOWER;
const SEPARATOR: u8 = DOT | UNDERSCORE | DASH;

/// Reads the path that begins there, and says where it ends.
#[inline(always)]
pub fn read(text: &[u8], begin: usize, specials: &mut Specials<'_>) -> Result<usize, Fault> {
    let (mut component, mut separator, mut word) = (begin, begin, begin);
    loop {
        let at = specials.next();
        if at <= word {
            // Those before the word are of one separator with the first.
            if at < word {
                continue;
            }
            return Err(wrong_component(text, component, separator));
        }
        separator = at;
        word = match text.get(at) {
            Some(b'/') => {
                component = at + 1;
                separator = at + 1;
                at + 1
            }
            Some(b'.') => at + 1,
            Some(b'_') => at + if text.get(at + 1) == Some(&b'_') { 2 } else { 1 },
            Some(b'-') => skip(text, at, DASH),
            None | Some(b':' | b'@') => return Ok(at),
            Some(_) => return Err(wrong_component(text, component, separator)),
        };
    }
}

/// Says what is wrong with a component that is right up to the separator that begins there: it is empty, has a
/// character that stands in none, or has this separator.
#[cold]
fn wrong_component(text: &[u8], begin: usize, separator: usize) -> Fault {
    let end = end_at(text, begin, b"/:@");
    let place = skip(text, separator, ALNUM | SEPARATOR);
    if end == begin {
        Wrong::PathEmpty.at(begin)
    } else if place >= end {
        Wrong::PathSeparator.of(separator, skip(text, separator, SEPARATOR) - separator)
    } else if kind_at(text, place) != 0 {
        Wrong::PathUppercase.at(place)
    } else {
        Wrong::PathCharacter.at(place)
    }
}
