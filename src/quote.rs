//! Foreign texts in messages: short, on one line, and without anything invisible.

use alloc::string::String;

/// Untrusted text for a message: in backquotes, at most 60 characters of it, and all that is not printable
/// ASCII written out, so that a look-alike shows itself.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from("`");
    quoted.push_str(&written_out(text, 60, |c| c == ' ' || c.is_ascii_graphic()));
    quoted.push('`');
    quoted
}

/// A service's or a platform's own words for a message: at most 300 characters of them, in any language,
/// with all that is invisible or turns the direction of text written out.
pub fn harmless(words: &str) -> String {
    written_out(words.trim(), 300, |c| {
        !c.is_control()
            && !matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
            && c < '\u{e0000}'
    })
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
