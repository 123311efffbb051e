//! The one error of the core, as data: which problem, where, and what was found there.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use crate::words::{self, Problem};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// What went wrong, for programs. The text form is stable; see [`Code::as_str`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// Every code there is, in the order of the documentation.
            pub const ALL: &'static [Code] = &[$(Code::$name,)+];

            /// The code as it stands in `OcisignError.code`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)+ }
            }
        }
    };
}

codes! {
    /// The reference is the empty text.
    EmptyReference = "empty-reference",
    /// White space stands in the reference, a trailing newline included.
    WhiteSpace = "white-space",
    /// A control character stands in the reference.
    ControlCharacter = "control-character",
    /// A percent sign stands in the reference.
    PercentSign = "percent-sign",
    /// A character outside ASCII stands in the reference: a look-alike, or an invisible one.
    NotAscii = "not-ascii",
    /// A scheme such as `https://` or `docker://` stands in front.
    Scheme = "scheme",
    /// A user name or a password stands before the registry.
    UserInfo = "user-info",
    /// The first component is not a registry.
    RegistryMissing = "registry-missing",
    /// The registry is not a domain name or an address.
    RegistryInvalid = "registry-invalid",
    /// The port is not a number from 1 to 65535.
    PortInvalid = "port-invalid",
    /// Nothing stands where the repository belongs.
    RepositoryMissing = "repository-missing",
    /// The repository breaks the grammar.
    RepositoryInvalid = "repository-invalid",
    /// The repository has an upper-case letter.
    RepositoryUppercase = "repository-uppercase",
    /// The repository is longer than 255 characters.
    RepositoryTooLong = "repository-too-long",
    /// The tag breaks the grammar.
    TagInvalid = "tag-invalid",
    /// There is no digest, perhaps only a tag.
    DigestMissing = "digest-missing",
    /// The digest's algorithm is not sha256, sha384 or sha512.
    DigestAlgorithm = "digest-algorithm",
    /// The digest is too short or too long for its algorithm.
    DigestLength = "digest-length",
    /// The digest has upper-case hexadecimal digits.
    DigestUppercase = "digest-uppercase",
    /// The digest has a character that is not hexadecimal.
    DigestInvalid = "digest-invalid",
    /// The text is not base64.
    BadBase64 = "bad-base64",
    /// The decoded bytes are not UTF-8 text.
    BadUtf8 = "bad-utf8",
    /// An argument is missing, or of the wrong type.
    BadInput = "bad-input",
    /// The product has no `RegistryURL`, more than one, or one that is not a registry.
    ProductRegistry = "product-registry",
    /// The artifact lies in another registry than the product's `RegistryURL`.
    RegistryMismatch = "registry-mismatch",
    /// The product is switched off.
    ProductDisabled = "product-disabled",
    /// The product has no such `SignOCI` operation.
    OperationMissing = "operation-missing",
    /// The product has several `SignOCI` operations, and none was chosen.
    OperationAmbiguous = "operation-ambiguous",
    /// The key type is not one of the known ones.
    KeyType = "key-type",
    /// The product shows no public key, or not a usable one.
    BadPublicKey = "bad-public-key",
    /// The profile is not usable.
    BadProfile = "bad-profile",
    /// A status is not a safe integer.
    BadStatus = "bad-status",
    /// The base URL is not usable.
    BadUrl = "bad-url",
    /// The token cannot be sent.
    BadToken = "bad-token",
    /// The service answered with something that is not JSON.
    NotJson = "not-json",
    /// The service's JSON lacks what every reply must have.
    BadReply = "bad-reply",
    /// The service refused the request as malformed: 400, 422 and the rest of 4xx.
    BadRequest = "bad-request",
    /// 401: the token is missing, expired or not accepted.
    Unauthorized = "unauthorized",
    /// 403: the token is good, but may not do this.
    Forbidden = "forbidden",
    /// 404: there is no such thing.
    NotFound = "not-found",
    /// 409: the thing is not in a state that allows this.
    Conflict = "conflict",
    /// The request changed since it was shown.
    Changed = "changed",
    /// 429: too many requests.
    RateLimited = "rate-limited",
    /// The service redirected elsewhere; a token is never sent there.
    Redirected = "redirected",
    /// 5xx: the service failed.
    ServerError = "server-error",
    /// A signature does not hold, or is not about the image.
    BadSignature = "bad-signature",
    /// The platform has no cryptography to check signatures with.
    NoCrypto = "no-crypto",
    /// No answer: refused, reset, no such host, or held back by the browser.
    Network = "network",
    /// The time given was not enough.
    Timeout = "timeout",
    /// The caller's signal aborted it.
    Aborted = "aborted",
    /// The module was used before `init()` had finished.
    NotInitialized = "not-initialized",
    /// The WebAssembly module could not be loaded.
    InitFailed = "init-failed",
}

/// Whether the service may have done what a failed call asked it to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It surely has not: the call was refused, never sent, or only reads.
    No,
    /// It may have: whether it did, only a later look can tell.
    Maybe,
}

impl Taken {
    /// As in `OcisignError.taken`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Maybe => "maybe",
        }
    }
}

/// What was wrong, where, and what to do. It is data; its words stand in words.rs.
///
/// ```
/// let error = ocisign::Reference::parse("docker://a.example/b@sha256:0").unwrap_err();
/// assert_eq!(error.code(), "scheme");
/// assert_eq!(error.offset(), Some(0));
/// assert_eq!(error.fix(), "Remove `docker://` and begin with the registry.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Parts>);

// A pointer to the parts: every `?` moves the error, and moving a pointer takes the least code.
#[derive(Clone, Debug, PartialEq, Eq)]
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

    pub(crate) fn problem(&self) -> Problem {
        self.0.problem
    }

    pub(crate) fn value(&self, index: usize) -> &str {
        self.0.found.get(index).map_or("", String::as_str)
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
        words::message(self)
    }

    /// What to do about it.
    #[must_use]
    #[inline(never)]
    pub fn fix(&self) -> String {
        words::fix(self)
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

impl core::error::Error for Error {}
