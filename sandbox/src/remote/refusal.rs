//! What a registry's refusal is about, as far as registries tell it apart.

use ocisign::harmless;

use super::calls::Reply;

/// Whether the password, or the token that it is, is no longer good. ECR says that with 403, and its public registry
/// with 400; others with 401.
pub fn is_of_password(reply: &Reply) -> bool {
    match reply.status {
        401 => true,
        400 | 403 => says_expired(reply),
        _ => false,
    }
}

/// Whether the registry says that the password was good once.
pub fn says_expired(reply: &Reply) -> bool {
    let words = reply.error().1.to_lowercase();
    words.contains("expired") && ["token", "credential", "password"].iter().any(|it| words.contains(it))
}

/// Whether a tag may not be overwritten. There is no code for it: ECR says 400 and `TAG_INVALID`, Harbor 412 and
/// `PRECONDITION`, others 403 or 409.
pub fn is_of_immutable_tag(reply: &Reply) -> bool {
    let words = reply.error().1.to_lowercase();
    let says_so =
        ["immutable", "cannot be overwritten", "already exists"].iter().any(|it| words.contains(it));
    matches!(reply.status, 400 | 403 | 409 | 412) && says_so
}

/// The registry's own words in quotation marks, after a colon; nothing when it has none, or repeats a secret.
pub fn words(reply: &Reply, secrets: &[&str]) -> String {
    let (_, words) = reply.error();
    let tells = secrets.iter().any(|secret| !secret.is_empty() && words.contains(secret));
    if words.is_empty() || tells { String::new() } else { format!(": \"{}\"", harmless(&words)) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use reqwest::header::HeaderMap;
    use serde_json::json;

    use super::*;

    fn reply(status: u16, code: &str, message: &str) -> Reply {
        let body = json!({ "errors": [{ "code": code, "message": message }] }).to_string().into_bytes();
        Reply { status, headers: HeaderMap::new(), body, url: "https://ecr.example".parse().unwrap() }
    }

    #[test]
    fn a_refused_password_is_told_from_a_missing_right() {
        let expired = "Your authorization token has expired. Reauthenticate and try again.";
        for (status, message, wanted) in [
            (401, "", true),
            (403, expired, true),
            (400, expired, true),
            (403, "User is not authorized to perform: ecr:PutImage", false),
            (403, "Your subscription has expired.", false),
            (404, expired, false),
            (500, expired, false),
        ] {
            assert_eq!(is_of_password(&reply(status, "DENIED", message)), wanted, "{status} {message}");
        }
    }

    #[test]
    fn an_immutable_tag_is_recognised() {
        let ecr = "The image tag 'x' already exists in the 'y' repository and cannot be overwritten because the repository is immutable.";
        let harbor = "Failed to process request due to 'redis:x.sig' configured as immutable.";
        for (status, code, message, wanted) in [
            (400, "TAG_INVALID", ecr, true),
            (412, "PRECONDITION", harbor, true),
            (409, "DENIED", "tag immutable", true),
            (400, "TAG_INVALID", "manifest tag did not match URI", false),
            (403, "DENIED", "requested access to the resource is denied", false),
            (500, "UNKNOWN", ecr, false),
        ] {
            assert_eq!(is_of_immutable_tag(&reply(status, code, message)), wanted, "{status} {message}");
        }
    }

    #[test]
    fn words_are_harmless_and_tell_no_secret() {
        let said = |message| words(&reply(400, "X", message), &["hush", ""]);
        assert_eq!(said("no \u{202e}way"), ": \"no \\u{202e}way\"");
        assert_eq!(said("not with hush"), "");
        assert_eq!(said(""), "");
    }
}
