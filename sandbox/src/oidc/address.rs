//! Where an issuer may be: behind TLS, or on this machine.

use ocisign::is_loopback;
use reqwest::Url;

/// Reads the issuer's own address; an error says what is wrong with it.
pub fn of_issuer(text: &str) -> Result<Url, &'static str> {
    let url = safe(text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a query or a fragment");
    }
    Ok(url)
}

/// Reads an address that keys may be fetched from.
pub fn safe(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "is not a URL")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a username or a password");
    }
    if !url.host_str().is_some_and(is_plain) {
        return Err("has a host that is no host name");
    }
    if !says_its_host(text, &url) {
        return Err("has a host in another spelling than its plain one");
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_this_machine(&url) => Ok(url),
        _ => Err("is neither https nor on this machine"),
    }
}

/// Parsers of URLs read `127.1` and `0x7f000001` as 127.0.0.1; an address that is shown has to say where it leads.
fn says_its_host(text: &str, url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let is_number = host.ends_with(|last: char| last.is_ascii_digit());
    !is_number || text.split_once("//").is_some_and(|(_, rest)| rest.starts_with(host))
}

/// The URL standard lets a host hold `;` and `,` too, which would end a directive of the page's policy.
fn is_plain(host: &str) -> bool {
    host.chars().all(|it| it.is_ascii_alphanumeric() || ".-_[]:".contains(it))
}

/// Whether nothing leaves this machine on the way there.
pub fn is_this_machine(url: &Url) -> bool {
    url.host_str().is_some_and(is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_behind_tls_or_on_this_machine() {
        for good in [
            "https://login.example",
            "https://login.example/tenant/v2.0",
            "https://login.example:8443/",
            "http://127.0.0.1:9000",
            "http://localhost:9000/realms/a",
            "http://[::1]:9000",
            "http://issuer.localhost:9000",
        ] {
            assert!(of_issuer(good).is_ok(), "{good}");
        }
        for (wrong, why) in [
            ("login.example", "is not a URL"),
            ("", "is not a URL"),
            ("http://login.example", "is neither https nor on this machine"),
            ("http://localhost.example", "is neither https nor on this machine"),
            ("http://127.0.0.1.example", "is neither https nor on this machine"),
            ("http://127.1:9000", "has a host in another spelling than its plain one"),
            ("https://0x7f.0.0.1", "has a host in another spelling than its plain one"),
            ("http://2130706433/127.0.0.1", "has a host in another spelling than its plain one"),
            ("ftp://127.0.0.1", "is neither https nor on this machine"),
            ("https://user@login.example", "has a username or a password"),
            ("https://:secret@login.example", "has a username or a password"),
            ("https://login.example?tenant=a", "has a query or a fragment"),
            ("https://login.example/#a", "has a query or a fragment"),
            // Both are characters of a host by the URL standard, and end a directive or a policy.
            ("https://a;script-src-elem", "has a host that is no host name"),
            ("https://a,default-src", "has a host that is no host name"),
        ] {
            assert_eq!(of_issuer(wrong), Err(why), "{wrong}");
        }
    }
}
