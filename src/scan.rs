//! Many references in one text, one a line: a pasted list, or a file for the night's run.

use alloc::{string::String, vec::Vec};

use ocisign_grammar::{Line, Lines};

use crate::{Reference, error::Error, fault::error_of};

/// A line that holds a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannedReference {
    /// The line's number, from 1.
    pub line: usize,
    /// The reference.
    pub reference: Reference,
}

/// A line that holds something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanError {
    /// The line's number, from 1.
    pub line: usize,
    /// The line as it was given.
    pub text: String,
    /// What is wrong with it; offsets count from the beginning of the line.
    pub error: Error,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// The lines with a reference, in order; repeated ones are kept.
    pub references: Vec<ScannedReference>,
    /// The lines that are wrong, in order.
    pub errors: Vec<ScanError>,
}

/// Checks a text line by line. Empty lines and lines that begin with `#` are passed over; a line may end
/// in LF or CRLF; any other white space is an error, as it is in [`Reference::parse`].
///
/// ```
/// let scan = ocisign::scan::scan("# tonight\n\nlocalhost/app:1.0\n");
/// assert_eq!(scan.errors[0].line, 3);
/// assert_eq!(scan.errors[0].error.code(), "digest-missing");
/// ```
#[must_use]
pub fn scan(text: &str) -> Scan {
    let mut found = Scan::default();
    for line in lines(text) {
        match line {
            Ok(reference) => found.references.push(reference),
            Err(error) => found.errors.push(error),
        }
    }
    found
}

/// The same, one line after the other: who hands each on need not hold them all.
///
/// ```
/// let mut lines = ocisign::scan::lines("# tonight\n\nlocalhost/app:1.0\n");
/// assert_eq!(lines.next().and_then(Result::err).map(|wrong| wrong.line), Some(3));
/// assert!(lines.next().is_none());
/// ```
pub fn lines(text: &str) -> impl Iterator<Item = Result<ScannedReference, ScanError>> {
    // Windows writes a byte order mark in front of a file; it is not of the first line.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Lines::of(text.as_bytes()).map(move |Line { number, begin, end, found }| {
        let (line, text) = (number + 1, text.get(begin..end).unwrap_or_default());
        match found {
            Ok(parts) => Ok(ScannedReference { line, reference: Reference::of(text, &parts) }),
            Err(fault) => Err(ScanError { line, text: text.into(), error: error_of(fault, text, 0) }),
        }
    })
}
