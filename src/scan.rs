//! Many references in one text, one a line: a pasted list, or a file for the night's run.

use alloc::{string::String, vec::Vec};

use crate::{Reference, error::Error};

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
    // Windows writes a byte order mark in front of a file; it is not of the first line.
    for (index, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let number = index + 1;
        match Reference::parse(line) {
            Ok(reference) => found.references.push(ScannedReference { line: number, reference }),
            Err(error) => found.errors.push(ScanError { line: number, text: line.into(), error }),
        }
    }
    found
}
