//! Every problem that the core finds, with its words: what was wrong, and what to do about it. They stand here, and
//! only here, so that words can be improved without touching a rule, and rules can be read without reading words.
//!
//! In a text, `{at}` is the place, and a digit is one of the values that were found: `{'0}` in backquotes and made
//! harmless, `{=0}` as it is, `{ 0}` a name that may be missing, `{:0}` the service's own words, if it said any. The
//! words are one long text and the problems numbers in it: code for each message would be several kilobytes.

use alloc::string::{String, ToString};

use crate::{
    code::{Code, Taken},
    quote::quote,
};

/// What to do about a call that the service may have taken, whatever went wrong with it.
pub const LOOK_FIRST: &str =
    "The service may have accepted it anyway. Check the list of requests before you send it again.";

/// What is said of an RSA key whose exponent is valid, and not 65537.
pub(crate) const UNUSUAL_EXPONENT: &str = "The exponent of this RSA key is not 65537, which is unusual.";

macro_rules! problems {
    ($($name:ident: $code:ident, $message:literal, $fix:literal;)+) => {
        /// What can be wrong. Each is said with the values that were found, in the order of its words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code))] // some are the bindings'
        pub(crate) enum Problem { $($name,)+ }

        const CODES: &[Code] = &[$(Code::$code,)+];
        /// Two lines for each problem.
        const WORDS: &str = concat!($($message, "\n", $fix, "\n",)+);
    };
}

problems! {
    // References.
    ReferenceEmpty: EmptyReference,
        "The reference is empty.",
        "Write it as registry.example.com/team/app@sha256:… .";
    LineBreak: WhiteSpace,
        "There is a line break at byte {at} of the reference.",
        "Remove the line break; `echo` adds one, `printf %s` does not.";
    WhiteSpace: WhiteSpace,
        "There is white space ({'0}) at byte {at} of the reference.",
        "Remove it; a reference has no white space.";
    ControlCharacter: ControlCharacter,
        "There is a control character ({'0}) at byte {at} of the reference.",
        "Remove it, or type the reference again.";
    PercentSign: PercentSign,
        "There is a percent sign at byte {at} of the reference.",
        "Write the reference as it is, without URL encoding and without an IPv6 zone.";
    NotAscii: NotAscii,
        "The character {'0} at byte {at} is not ASCII; it may look like another one.",
        "Type the reference again; write an international domain name in its xn-- form.";
    Scheme: Scheme,
        "The reference begins with a scheme at byte {at}.",
        "Remove `{=0}://` and begin with the registry.";
    // What stands before the `://` or the `@` may be a password: it is not repeated.
    StrangeScheme: Scheme,
        "The reference has `://` after something that is no scheme.",
        "Remove everything up to `://` and begin with the registry.";
    UserInfo: UserInfo,
        "The reference has a user name or a password before an `@`.",
        "Remove everything up to that `@`.";
    RegistryMissing: RegistryMissing,
        "{'0} at byte {at} is not a registry.",
        "Begin with the registry's domain, as in docker.io/library/nginx@sha256:…; \
         it has a `.`, a `:` or is localhost.";
    NoRegistry: RegistryMissing,
        "What stands at byte {at} is not a registry.",
        "Begin with the registry's domain, as in docker.io/library/nginx@sha256:…; \
         it has a `.`, a `:` or is localhost.";
    RepositoryMissing: RepositoryMissing,
        "A part of the repository's path is missing at byte {at}.",
        "Write it as registry.example.com/team/app@sha256:… .";
    RepositoryUppercase: RepositoryUppercase,
        "The repository has the upper-case letter {'0} at byte {at}.",
        "Write the repository in lower case.";
    RepositoryCharacter: RepositoryInvalid,
        "The repository has {'0} at byte {at}.",
        "Use only a-z, 0-9, `/`, `.`, `_` and `-` in a repository's path.";
    RepositorySeparator: RepositoryInvalid,
        "The repository has {'0} where it cannot stand, at byte {at}.",
        "Put separators singly between letters or digits: `.`, `_`, `__`, or any number of `-`.";
    RepositoryTooLong: RepositoryTooLong,
        "The repository at byte {at} has {=0} characters.",
        "Use a path of at most 255 characters.";
    TagInvalid: TagInvalid,
        "The tag {'0} at byte {at} is not valid.",
        "Use 1 to 128 of A-Z, a-z, 0-9, `_`, `.` and `-`, beginning with none of the last two; or leave the tag out.";
    DigestMissing: DigestMissing,
        "The digest is missing at byte {at}.",
        "Add @sha256:… at the end; a tag can move to another image, a digest cannot.";

    // Digests.
    DigestAlgorithm: DigestAlgorithm,
        "The digest algorithm {'0} at byte {at} is not known.",
        "Use a digest that begins with sha256:, sha384: or sha512:.";
    DigestLength: DigestLength,
        "The digest has {=0} hexadecimal digits, {=1} has {=2}, at byte {at}.",
        "Copy the whole digest, for example from `docker buildx imagetools inspect` or the registry's page.";
    DigestUppercase: DigestUppercase,
        "The digest has the upper-case digit {'0} at byte {at}.",
        "Write the digest in lower case.";
    DigestCharacter: DigestInvalid,
        "The digest has {'0} at byte {at}, which is not a hexadecimal digit.",
        "Write `sha256:` and 64 of the digits 0-9 and a-f; nothing follows them.";

    // Registries' domains.
    DomainScheme: Scheme,
        "The registry begins with a scheme at byte {at}.",
        "Write the domain alone, without https:// and without a path.";
    AfterAddress: RegistryInvalid,
        "{'0} follows the address at byte {at}.",
        "Write the registry as a DNS name or an address with an optional port, such as registry.example.com:5000.";
    NameTooLong: RegistryInvalid,
        "The registry's name has {=0} characters; a DNS name has at most 253.",
        "Write the registry as a DNS name or an address with an optional port, such as registry.example.com:5000.";
    LabelEmpty: RegistryInvalid,
        "The registry's name has an empty part at byte {at}.",
        "Write the registry as a DNS name or an address with an optional port, such as registry.example.com:5000.";
    LabelTooLong: RegistryInvalid,
        "A part of the registry's name at byte {at} is longer than 63 characters.",
        "Write the registry as a DNS name or an address with an optional port, such as registry.example.com:5000.";
    DomainCharacter: RegistryInvalid,
        "The registry's name has {'0} at byte {at}.",
        "Write the registry as a DNS name or an address with an optional port, such as registry.example.com:5000.";
    LabelDash: RegistryInvalid,
        "A part of the registry's name at byte {at} begins or ends with `-`.",
        "Write the registry as a DNS name or an address with an optional port, such as registry.example.com:5000.";
    Ipv4Form: RegistryInvalid,
        "{'0} at byte {at} is an IPv4 address that is not in its plain form.",
        "Write four numbers from 0 to 255 with dots between them, such as 127.0.0.1; a name does not end in a number.";
    Ipv6Invalid: RegistryInvalid,
        "There is no IPv6 address in the brackets at byte {at}.",
        "Write the registry as a DNS name or an address with an optional port, such as registry.example.com:5000.";
    BracketOpen: RegistryInvalid,
        "The bracket before byte {at} is not closed.",
        "Write the registry as a DNS name or an address with an optional port, such as registry.example.com:5000.";
    PortInvalid: PortInvalid,
        "The port at byte {at} is not a number from 1 to 65535.",
        "Write the registry's port as a plain number, or leave it out.";

    // URLs: an example of a good one, what this one is called, and what is wrong with its host.
    UrlScheme: BadUrl,
        "{=1} does not begin with https://.",
        "Give it as in {=0}; http:// is for localhost only.";
    UrlUserInfo: BadUrl,
        "{=1} has user information, which would end up in logs.",
        "Give it as in {=0}; http:// is for localhost only.";
    UrlCharacter: BadUrl,
        "{=1} has a character that does not belong there, or a query or fragment.",
        "Give it as in {=0}; http:// is for localhost only.";
    UrlDots: BadUrl,
        "{=1} has a segment of dots.",
        "Give it as in {=0}; http:// is for localhost only.";
    UrlHost: BadUrl,
        "{=1} has a wrong host: {=2}",
        "Give it as in {=0}; http:// is for localhost only.";
    UrlOpen: BadUrl,
        "{=1} is http://: others on the network can read and change what is sent.",
        "Give it as in {=0}; http:// is for localhost only.";

    // Artifact URIs.
    ArtifactEmpty: BadBase64,
        "The artifact URI is empty.",
        "Give the base64 of registry/repository@sha256:… .";
    ArtifactCharacter: BadBase64,
        "The artifact URI has {'0} at byte {at}, which is not base64 there.",
        "Encode with `printf %s IMAGE | base64`, or give the image itself.";
    ArtifactCutOff: BadBase64,
        "The artifact URI is cut off at byte {at}: it is not whole base64.",
        "Encode with `printf %s IMAGE | base64`, or give the image itself.";
    ArtifactNotText: BadUtf8,
        "The artifact URI's decoded bytes are not UTF-8 text at byte {at}.",
        "Encode the reference as text: registry/repository@sha256:… .";

    // Tokens: no part of one is ever repeated.
    TokenEmpty: BadToken,
        "The token is empty.",
        "Pass the bare token, as the identity provider gave it.";
    TokenCharacter: BadToken,
        "The token has {=0} at byte {at}, where no bearer token has it.",
        "Pass the bare token, as the identity provider gave it; of JSON, only the text of access_token.";

    // Values of any kind, by the path that leads to them.
    NotText: BadInput, "{=0} is not a string.", "Pass a string.";
    NotTextOrBytes: BadInput, "{=0} is neither a string nor bytes.", "Pass a string or a Uint8Array.";
    NotTruth: BadInput, "{=0} is not true or false.", "Pass true or false.";
    NotList: BadInput, "{=0} is not a list.", "Pass a list.";
    NotObject: BadInput, "{=0} is not an object.", "Pass an object.";
    UnknownField: BadInput, "{=0} has the unknown field {'1}.", "Use only {=2}.";
    NoJson: BadInput, "{=0} has no JSON form.", "Pass plain objects, lists and strings.";
    NoJavaScript: BadInput, "The value has no form in JavaScript.", "Report this.";
    TextEmpty: BadInput, "{=0} is empty.", "Give it as a text of one line.";
    TextControl: BadInput, "{=0} has a control character at byte {at}.", "Give it as plain text.";

    // Products, by their names.
    NobodyAllowed: BadInput,
        "allowedGroups is empty: no group could request a signature.",
        "Give allowedGroups at least one group's UUID.";
    GroupNotUuid: BadInput,
        "{=0}[{=1}] is {'2}, which is not a UUID.",
        "Give each group by its UUID.";
    RegistryUrlMissing: ProductRegistry,
        "The product{ 0} has no RegistryURL in productConfigItems.",
        "Ask the product's owner to give productConfigItems exactly one RegistryURL: \
         a registry's domain, without scheme and path.";
    RegistryUrlSeveral: ProductRegistry,
        "The product{ 0} has more than one RegistryURL in productConfigItems.",
        "Ask the product's owner to give productConfigItems exactly one RegistryURL: \
         a registry's domain, without scheme and path.";
    RegistryUrlInvalid: ProductRegistry,
        "The product{ 0} has the RegistryURL {'1}: {=2}",
        "Ask the product's owner to give productConfigItems exactly one RegistryURL: \
         a registry's domain, without scheme and path.";
    RegistryMismatch: RegistryMismatch,
        "The product{ 0} signs only for {'1}, and the image lies in {'2}.",
        "Push the image to the product's registry, or choose the product of the image's registry.";
    ProductDisabled: ProductDisabled,
        "The product{ 0} is not enabled.",
        "Choose another product, or ask the product's owner to enable it.";
    ProductNotReady: ProductNotReady,
        "The product{ 0} is not ready: its state is {'1}.",
        "Choose another product, or ask the product's owner to enable it.";
    OperationNone: OperationMissing,
        "The product{ 0} has no SignOCI operation.",
        "Choose a product whose productOperations has one of type SignOCI.";
    OperationUnknown: OperationMissing,
        "The product{ 0} has no SignOCI operation {'1}.",
        "Choose a product whose productOperations has one of type SignOCI.";
    OperationAmbiguous: OperationAmbiguous,
        "The product{ 0} has several SignOCI operations.",
        "Choose one: pass the operation's id.";

    // Signing requests.
    ArtifactCount: BadInput,
        "payload.optionalParameters has {=0} elements.",
        "Give it one element with one artifactURI.";
    IdMissing: BadInput, "{=0} is missing.", "Pass a product, or both productId and operationId.";
    OperationByName: BadInput,
        "operation is a name, and there is no product to look it up in.",
        "Pass the product too, or operationId in place of operation.";
    OperationContradicts: BadInput,
        "operationId is not the id of the operation that is meant.",
        "Pass operationId alone, with the operation's id.";
    ProductContradicts: BadInput, "product and productId are not the same product.", "Pass one of the two.";
    ProductIdMissing: BadInput,
        "The product{ 0} shows no id of its own.",
        "Pass the product as the service's reply shows it, with its ids.";
    OperationIdMissing: BadInput,
        "The product{ 0} shows no id for its SignOCI operation.",
        "Pass the product as the service's reply shows it, with its ids.";

    // Public keys.
    KeyTypeUnknown: KeyType,
        "The key type {'0} is not known.",
        "Use RSA2048, RSA3072, RSA4096, secp256r1, secp384r1 or secp521r1.";
    KeyNotBase64: BadPublicKey,
        "The public key is not base64.",
        "Take the key from the product again; it is base64 of a DER SubjectPublicKeyInfo.";
    KeyOther: BadPublicKey,
        "What is given as the public key is {'0}.",
        "Give one public key: PEM, or base64 of a DER SubjectPublicKeyInfo.";
    KeyNotDer: BadPublicKey,
        "The public key is not a DER SubjectPublicKeyInfo.",
        "Take the key from the product again; it is base64 of a DER SubjectPublicKeyInfo.";
    KeyOfOtherKind: BadPublicKey,
        "The public key is neither RSA nor EC.",
        "Take the key from the product again; it is base64 of a DER SubjectPublicKeyInfo.";
    RsaDamaged: BadPublicKey,
        "The RSA public key is damaged.",
        "Take the key from the product again; it is base64 of a DER SubjectPublicKeyInfo.";
    RsaSize: BadPublicKey,
        "The RSA public key has a modulus of {=0} bytes; 2048, 3072 and 4096 bits are supported.",
        "Take the key from the product again; it is base64 of a DER SubjectPublicKeyInfo.";
    RsaModulus: BadPublicKey,
        "The RSA public key has an even modulus.",
        "Ask the key's owner for another key; signatures of this one prove nothing.";
    RsaExponent: BadPublicKey,
        "The RSA public key's exponent is not an odd number from 3 to 2147483647.",
        "Ask the key's owner for another key; signatures of this one prove nothing.";
    EcCurve: BadPublicKey,
        "The EC public key is on a curve other than P-256, P-384 and P-521.",
        "Take the key from the product again; it is base64 of a DER SubjectPublicKeyInfo.";
    EcPoint: BadPublicKey,
        "The EC public key's point is damaged or compressed.",
        "Take the key from the product again; it is base64 of a DER SubjectPublicKeyInfo.";
    KeyMissing: BadPublicKey,
        "The product{ 0} shows no public key at {'1}.",
        "Set the profile's publicKeyPath to where this service shows the key; see docs/assumptions.md.";
    KeySeveral: BadPublicKey,
        "The product{ 0} shows several public keys at {'1}.",
        "Set the profile's publicKeyPath to where this service shows the key; see docs/assumptions.md.";
    KeyTypeDiffers: BadPublicKey,
        "The product{ 0} announces a key of type {'1}, but shows one of type {=2}.",
        "Ask the product's owner which is right; trust neither until then.";

    // Profiles and statuses.
    ProfileInvalid: BadProfile, "{=0}", "{=1}";
    ProfileTooLong: BadProfile,
        "{=0} is too long.",
        "Give at most 1000 entries, and a publicKeyPath of at most 1000 characters.";
    ProfileStatus: BadProfile,
        "profile.statuses has the entry {'0}, which is not valid.",
        "Map a decimal code to new, waiting, approved, signing, signed, rejected or failed.";
    ProfileKeyType: BadProfile,
        "profile.keyTypes has the entry {'0}, which is not valid.",
        "Use RSA2048, RSA3072, RSA4096, secp256r1, secp384r1 or secp521r1.";
    StatusInvalid: BadStatus,
        "The status is not an integer.",
        "Pass the number as the service sent it.";

    // Replies: what was attempted, the HTTP status, what the service says, and the seconds that it asks to wait.
    RedirectHidden: Redirected,
        "{=0}: the service redirected elsewhere.{:2}",
        "Correct the service's address, or sign in again; a token is never sent along a redirect.";
    Redirected: Redirected,
        "{=0}: the service redirected elsewhere (HTTP {=1}).{:2}",
        "Correct the service's address, or sign in again; a token is never sent along a redirect.";
    Unauthorized: Unauthorized,
        "{=0}: the service answered HTTP {=1}.{:2}",
        "Sign in again for a new token; a program passes `token` as a function.";
    Forbidden: Forbidden,
        "{=0}: the service answered HTTP {=1}.{:2}",
        "Ask the product's owner whether your groups may do this.";
    // The service has said why. It may be about the person, the groups or the request: another reason would contradict.
    ForbiddenFor: Forbidden,
        "{=0}: the service answered HTTP {=1}.{:2}",
        "Ask the product's owner if that reason is wrong.";
    NotFound: NotFound,
        "{=0}: the service answered HTTP {=1}.{:2}",
        "Check the id and the service's address: it does not exist there, or you have no access to it.";
    Conflict: Conflict,
        "{=0}: the service answered HTTP {=1}.{:2}",
        "Read it again: another person may have acted meanwhile.";
    TimedOut: Timeout,
        "{=0}: the service answered HTTP {=1}.{:2}",
        "Try again later; if it stays, tell the service's operators.";
    RateLimited: RateLimited,
        "{=0}: the service answered HTTP {=1}.{:2}",
        "Wait a while, then try again.";
    RateLimitedFor: RateLimited,
        "{=0}: the service answered HTTP {=1}.{:2}",
        "Wait {=3} seconds, then try again.";
    ServerError: ServerError,
        "{=0}: the service answered HTTP {=1}.{:2}",
        "Try again later; if it stays, tell the service's operators.";
    BadRequest: BadRequest,
        "{=0}: the service answered HTTP {=1}.{:2}",
        "Correct the request.";
}

impl Problem {
    pub fn code(self) -> Code {
        CODES.get(self as usize).copied().unwrap_or(Code::BadInput)
    }

    fn words(self, line: usize) -> &'static str {
        ocisign_grammar::line(WORDS, 2 * self as usize + line)
    }
}

/// What was wrong and where, in one sentence.
pub(crate) fn message(problem: Problem, found: &[String], offset: Option<usize>) -> String {
    fill(problem.words(0), found, offset)
}

/// What to do about it.
pub(crate) fn fix(problem: Problem, found: &[String], offset: Option<usize>, taken: Taken) -> String {
    let fix = fill(problem.words(1), found, offset);
    match (taken, problem.code()) {
        (Taken::No, _) => fix,
        // Then it is sent to the wrong place, too.
        (Taken::Maybe, Code::Redirected) => fix + " " + LOOK_FIRST,
        (Taken::Maybe, _) => LOOK_FIRST.into(),
    }
}

/// Puts the place and the values that were found into the words.
fn fill(words: &str, found: &[String], offset: Option<usize>) -> String {
    let mut filled = String::new();
    for part in words.split('{') {
        let (slot, rest) = part.split_once('}').unwrap_or(("", part));
        if let [form, index] = slot.as_bytes() {
            let value = found.get(usize::from(index.saturating_sub(b'0')));
            put(&mut filled, *form, value.map_or("", String::as_str), offset);
        }
        filled.push_str(rest);
    }
    filled
}

fn put(filled: &mut String, form: u8, found: &str, offset: Option<usize>) {
    match form {
        b'a' => filled.push_str(&offset.unwrap_or_default().to_string()),
        b'\'' => filled.push_str(&quote(found)),
        b' ' if !found.is_empty() => filled.extend([" ", &quote(found)]),
        b':' if !found.is_empty() => filled.extend([" It says: ", found]),
        _ => filled.push_str(found),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use alloc::{format, vec::Vec};

    use super::*;

    #[test]
    fn words_have_two_lines_and_known_slots() {
        let lines: Vec<&str> = WORDS.lines().collect();
        assert_eq!(lines.len(), 2 * CODES.len());
        for line in lines {
            assert!(!line.is_empty());
            for slot in line.split('{').skip(1).map(|part| part.split_once('}').unwrap().0) {
                let is_known = slot == "at" || (slot.len() == 2 && slot.starts_with(['\'', '=', ' ', ':']));
                assert!(is_known, "{slot} in {line}");
            }
        }
    }

    #[test]
    fn values_are_put_where_they_belong() {
        let error = Problem::RegistryMismatch.found("").found("a\u{430}").found("b");
        assert_eq!(error.message(), "The product signs only for `a\\u{430}`, and the image lies in `b`.");
        let error = Problem::DigestLength.at(7).number(2).found("sha256").number(64);
        assert_eq!(error.message(), "The digest has 2 hexadecimal digits, sha256 has 64, at byte 7.");
        let error = Problem::Redirected.found("Asking").number(302).found("elsewhere").of_call(Taken::Maybe);
        assert_eq!(
            error.message(),
            "Asking: the service redirected elsewhere (HTTP 302). It says: elsewhere"
        );
        assert_eq!(error.fix(), format!("{} {LOOK_FIRST}", Problem::Redirected.words(1)));
    }
}
