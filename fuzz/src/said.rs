//! What every error promises: a code, a place within what was given, words without anything hidden, and no secret.

use ocisign::Error;

/// Longer than any message with all that it may quote.
const LONGEST: usize = 4000;

/// Checks an error about a text.
pub fn well(error: &Error, given: &str) {
    plainly(error);
    if let Some(offset) = error.offset() {
        assert!(given.is_char_boundary(offset), "{offset} lies within no character: {error}");
    }
}

/// Checks the words of an error.
pub fn plainly(error: &Error) {
    assert!(!error.code().is_empty());
    for words in [error.message(), error.fix()] {
        assert!(!words.is_empty() && words.len() < LONGEST, "{words}");
        assert!(!words.contains(|c: char| c.is_control()), "{words:?}");
    }
}

/// A secret that was put there on purpose.
pub const PASSWORD: &str = "hunter2-planted";

/// Checks that an error about an address repeats no password that stands in front of its host, neither to a person nor to
/// a program that logs it.
pub fn without_password(address: &str, read: impl Fn(&str) -> Option<Error>) {
    if address.contains(PASSWORD) {
        return;
    }
    for front in ["", "https://", "http://", "docker://"] {
        let given = [front, "user:", PASSWORD, "@", address].concat();
        let error = read(&given).expect("a password is refused");
        assert!(!format!("{error} {error:?}").contains(PASSWORD), "{given:?}: {error:?}");
    }
}
