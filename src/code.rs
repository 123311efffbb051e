//! What went wrong, for programs: the codes, and whether a call may have been taken. One list of each.

macro_rules! codes {
    ($($(#[cfg($place:meta)])? $(#[doc = $doc:literal])+ $name:ident = $text:literal,)+) => {
        /// What went wrong, for programs. The text form is stable; see [`Code::as_str`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[cfg($place)])? $(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// Every code there is, in the order of the documentation.
            pub const ALL: &'static [Code] = &[$($(#[cfg($place)])? Code::$name,)+];

            /// The code as it stands in `OcisignError.code`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($(#[cfg($place)])? Code::$name => $text,)+ }
            }
        }
    };
}

// A code that only the package says has no place in the module, which is loaded over a network.
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
    /// The product is new, rejected, failed or deleted, and not ready to sign.
    ProductNotReady = "product-not-ready",
    /// The product has no such `SignOCI` operation.
    OperationMissing = "operation-missing",
    /// The product has several `SignOCI` operations, and none was chosen.
    OperationAmbiguous = "operation-ambiguous",
    /// The key type is not one of the known ones.
    KeyType = "key-type",
    /// The product shows no public key, or not a usable one.
    BadPublicKey = "bad-public-key",
    #[cfg(not(target_arch = "wasm32"))]
    /// The product's public key is not the one that is pinned.
    KeyMismatch = "key-mismatch",
    /// The profile is not usable.
    BadProfile = "bad-profile",
    #[cfg(not(target_arch = "wasm32"))]
    /// A trust file has a mistake.
    BadTrust = "bad-trust",
    #[cfg(not(target_arch = "wasm32"))]
    /// No rule of the trust file is about the image.
    NoTrustRule = "no-trust-rule",
    /// A status is not a safe integer.
    BadStatus = "bad-status",
    /// The base URL is not usable.
    BadUrl = "bad-url",
    /// The token cannot be sent.
    BadToken = "bad-token",
    #[cfg(not(target_arch = "wasm32"))]
    /// The service answered with something that is not JSON.
    NotJson = "not-json",
    #[cfg(not(target_arch = "wasm32"))]
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
    #[cfg(not(target_arch = "wasm32"))]
    /// A list names something that cannot be requested or verified, or changed while it was worked on.
    BadList = "bad-list",
    #[cfg(not(target_arch = "wasm32"))]
    /// A journal is of another run, damaged, or cannot be kept.
    BadJournal = "bad-journal",
    #[cfg(not(target_arch = "wasm32"))]
    /// Another process has the journal open.
    JournalInUse = "journal-in-use",
    #[cfg(not(target_arch = "wasm32"))]
    /// Whether the service has what an earlier run may have requested is not known.
    InDoubt = "in-doubt",
    /// 409: the thing is not in a state that allows this.
    Conflict = "conflict",
    #[cfg(not(target_arch = "wasm32"))]
    /// The request changed since it was shown.
    Changed = "changed",
    /// 429: too many requests.
    RateLimited = "rate-limited",
    /// The service redirected elsewhere; a token is never sent there.
    Redirected = "redirected",
    /// 5xx: the service failed.
    ServerError = "server-error",
    #[cfg(not(target_arch = "wasm32"))]
    /// A signature does not hold, or is not about the image.
    BadSignature = "bad-signature",
    #[cfg(not(target_arch = "wasm32"))]
    /// The platform has no cryptography to check signatures with.
    NoCrypto = "no-crypto",
    #[cfg(not(target_arch = "wasm32"))]
    /// No answer: refused, reset, no such host, or held back by the browser.
    Network = "network",
    /// The time given was not enough.
    Timeout = "timeout",
    #[cfg(not(target_arch = "wasm32"))]
    /// The caller's signal aborted it.
    Aborted = "aborted",
    #[cfg(not(target_arch = "wasm32"))]
    /// The module was used before `init()` had finished.
    NotInitialized = "not-initialized",
    #[cfg(not(target_arch = "wasm32"))]
    /// The WebAssembly module could not be loaded.
    InitFailed = "init-failed",
    #[cfg(not(target_arch = "wasm32"))]
    /// A call into the WebAssembly module broke off: its memory ran out, or the module has a fault.
    ModuleBroken = "module-broken",
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
