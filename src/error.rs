//! The one error of the core, as data: which problem, where, and what was found there.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use crate::{
    code::{Code, Taken},
    words::{self, Problem},
};

/// What was wrong, where, and what to do. It is data; its words stand in words.rs.
///
/// ```
/// let error = ocisign::Reference::parse("docker://a.example/b@sha256:0").unwrap_err();
/// assert_eq!(error.code(), "scheme");
/// assert_eq!(error.offset(), Some(0));
/// assert_eq!(error.fix(), "Remove `docker://` and begin with the registry.");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Parts>);

// A pointer to the parts: every `?` moves the error, and moving a pointer takes the least code.
#[derive(Clone, PartialEq, Eq)]
struct Parts {
    problem: Problem,
    /// The values that were found, in the order in which the problem's words name them.
    found: Vec<String>,
    offset: Option<usize>,
    taken: Taken,
}

/// What the functions of this crate return.
pub type Result<T> = core::result::Result<T, Error>;

/// How a rule says what it found: `Problem::TagInvalid.at(offset).found(tag)`.
impl Problem {
    /// The problem, at a place: an offset in bytes from the beginning of the text that was given.
    #[inline(never)]
    pub fn at(self, offset: usize) -> Error {
        Error::from(self).and_at(offset)
    }

    /// The problem, with the first value that was found.
    #[inline(never)]
    pub fn found(self, value: &str) -> Error {
        Error::from(self).found(value)
    }
}

impl From<Problem> for Error {
    #[cold]
    #[inline(never)]
    fn from(problem: Problem) -> Self {
        Self(Box::new(Parts { problem, found: Vec::new(), offset: None, taken: Taken::No }))
    }
}

impl Error {
    /// The same, at a place.
    pub(crate) fn and_at(mut self, offset: usize) -> Self {
        self.0.offset = Some(offset);
        self
    }

    /// The same, with one more value that was found.
    #[inline(never)]
    pub(crate) fn found(mut self, value: &str) -> Self {
        self.0.found.push(value.into());
        self
    }

    /// The same, with a character.
    #[inline(never)]
    pub(crate) fn character(self, character: char) -> Self {
        self.found(character.encode_utf8(&mut [0; 4]))
    }

    /// The same, with a number.
    #[inline(never)]
    pub(crate) fn number(self, number: usize) -> Self {
        self.found(&number.to_string())
    }

    /// The same, of a call that the service may, or may not, have taken.
    pub(crate) fn of_call(mut self, taken: Taken) -> Self {
        self.0.taken = taken;
        self
    }

    /// What went wrong, as an enumeration.
    #[must_use]
    pub fn kind(&self) -> Code {
        self.0.problem.code()
    }

    /// What went wrong, as the stable text that programs compare.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind().as_str()
    }

    /// What was wrong and where, in one sentence.
    #[must_use]
    #[inline(never)]
    pub fn message(&self) -> String {
        words::message(self.0.problem, &self.0.found, self.0.offset)
    }

    /// What to do about it.
    #[must_use]
    #[inline(never)]
    pub fn fix(&self) -> String {
        words::fix(self.0.problem, &self.0.found, self.0.offset, self.0.taken)
    }

    /// Where in the given text, in bytes from its beginning, if it is about a place.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        self.0.offset
    }

    /// May the service have done what was asked, although the call failed?
    #[must_use]
    pub fn taken(&self) -> Taken {
        self.0.taken
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.message(), self.fix())
    }
}

/// The words, and not the values that were found: of these, some could be a secret, and only the words withhold it.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("code", &self.kind())
            .field("message", &self.message())
            .field("fix", &self.fix())
            .field("offset", &self.offset())
            .field("taken", &self.taken())
            .finish()
    }
}

impl core::error::Error for Error {}
