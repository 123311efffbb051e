//! Image references, lists of them, digests, and the payload that is signed.

use std::net::Ipv6Addr;

use ocisign::{Reference, artifact_uri, is_digest, read_registry, scan::scan, simple_signing};
use serde_json::{Value, json};
use url::{Host, Url};

use super::{said, text};

/// A reference is refused, with a place in it, or names one image, in one spelling.
pub fn reference(data: &[u8]) {
    let Some(given) = text(data) else { return };
    match Reference::parse(given) {
        Ok(image) => is_one_image(given, &image),
        Err(error) => said::well(&error, given),
    }
    // In front of a digest, a name and a tag look like this, too.
    if !given.starts_with("sha") {
        said::without_password(given, |text| Reference::parse(text).err());
    }
}

fn is_one_image(given: &str, image: &Reference) {
    let canonical = image.canonical();
    assert_eq!(image.to_string(), canonical);
    assert_eq!(given.parse().as_ref(), Ok(image));

    let again = Reference::parse(&canonical).expect("the canonical form is a reference");
    assert_eq!(again.canonical(), canonical);
    assert_eq!(again.tag(), None);
    assert_eq!(
        (again.registry(), again.repository(), again.digest()),
        (image.registry(), image.repository(), image.digest()),
    );
    has_the_written_parts(given, image);
    is_that_host(image.registry());
    is_one_line(given, image);
    assert_eq!(artifact_uri::decode(&artifact_uri::encode(image)), Ok(canonical));
    binds(image);
}

/// A reader of a few lines finds the same parts in what was given.
fn has_the_written_parts(given: &str, image: &Reference) {
    let (name, digest) = given.rsplit_once('@').expect("a digest follows an @");
    assert_eq!(image.digest(), digest);
    assert!(is_digest(digest));

    let (registry, rest) = name.split_once('/').expect("a path follows a /");
    assert_eq!(read_registry(registry).as_deref(), Ok(image.registry()));
    assert_eq!(read_registry(image.registry()).as_deref(), Ok(image.registry()));

    let (path, tag) = rest.split_once(':').map_or((rest, None), |(path, tag)| (path, Some(tag)));
    assert_eq!(image.tag(), tag);
    let official = image.registry() == "docker.io" && !path.contains('/');
    assert_eq!(image.repository(), if official { format!("library/{path}") } else { path.to_owned() });
    assert!(image.repository().len() <= 255 && image.canonical().is_ascii());
}

/// Who calls the registry reaches the host that was read, and no other.
fn is_that_host(registry: &str) {
    // Not each of these is an international name, and then it has no address.
    if registry.contains("xn--") {
        return;
    }
    let url = Url::parse(&format!("https://{registry}/v2/")).expect("a registry has an address");
    assert!(url.username().is_empty() && url.password().is_none() && url.path() == "/v2/");
    let (host, port) = match registry.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (registry, "443"),
    };
    assert_eq!(url.port_or_known_default().map(|port| port.to_string()).as_deref(), Some(port));
    match url.host() {
        Some(Host::Ipv6(address)) => assert_eq!(Some(address), ipv6(host)),
        other => assert_eq!(other.map(|host| host.to_string()).as_deref(), Some(host)),
    }
}

/// An IPv6 address has several spellings.
fn ipv6(host: &str) -> Option<Ipv6Addr> {
    host.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

/// In a list, it is one line.
fn is_one_line(given: &str, image: &Reference) {
    for list in [given.to_owned(), format!("\u{feff}# list\r\n\r\n{given}\r\n"), format!("{given}\n{given}")]
    {
        let found = scan(&list);
        assert!(found.errors.is_empty() && !found.references.is_empty());
        assert!(found.references.iter().all(|it| it.reference == *image));
    }
}

/// A list is read as its lines are, one by one.
pub fn lines(data: &[u8]) {
    let Some(given) = text(data) else { return };
    let found = scan(given);
    let lines: Vec<usize> = found.references.iter().map(|it| it.line).collect();
    assert!(lines.is_sorted_by(|one, next| one < next));

    let (mut references, mut errors) = (found.references.iter(), found.errors.iter());
    for (number, line) in written_lines(given) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match Reference::parse(line) {
            Ok(reference) => {
                let read = references.next().expect("the list has this line, too");
                assert_eq!((read.line, &read.reference), (number, &reference));
            }
            Err(error) => {
                let read = errors.next().expect("the list has this line, too");
                assert_eq!((read.line, read.text.as_str(), &read.error), (number, line, &error));
                said::well(&error, line);
            }
        }
    }
    assert!(references.next().is_none() && errors.next().is_none(), "the list has no other lines");
}

/// The lines of a text by number, from 1, each without its line break.
fn written_lines(given: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = given.strip_prefix('\u{feff}').unwrap_or(given);
    text.split_inclusive('\n').enumerate().map(|(index, line)| {
        let line = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
        (index + 1, line)
    })
}

/// A digest has an algorithm that is known, and as many small hexadecimal digits as that has.
pub fn digest(data: &[u8]) {
    let expected = match text(data).and_then(|it| it.split_once(':')) {
        Some((algorithm, digits)) => {
            let length = match algorithm {
                "sha256" => 64,
                "sha384" => 96,
                "sha512" => 128,
                _ => 0,
            };
            length > 0
                && digits.len() == length
                && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        }
        None => false,
    };
    let found = ocisign_grammar::digest(data);
    assert_eq!(found.is_ok(), expected);
    if let Err(fault) = found {
        assert!(fault.offset <= data.len());
    }
    if let Some(text) = text(data) {
        assert_eq!(is_digest(text), expected);
    }
}

/// The payload binds the image, and nothing else.
pub fn simple_signing(data: &[u8]) {
    let Some(given) = text(data) else { return };
    // So that it need not find a whole digest by chance.
    let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
    for text in [given.to_owned(), format!("{given}@{digest}"), format!("a.example/{given}@{digest}")] {
        if let Ok(image) = Reference::parse(&text) {
            binds(&image);
        }
    }
}

fn binds(image: &Reference) {
    let payload = simple_signing::payload(image);
    let read: Value = serde_json::from_str(&payload).expect("the payload is JSON");
    let expected = json!({
        "critical": {
            "identity": { "docker-reference": image.name() },
            "image": { "docker-manifest-digest": image.digest() },
            "type": "cosign container image signature",
        },
        "optional": null,
    });
    assert_eq!(read, expected);
    assert_eq!(payload, expected.to_string(), "in cosign's own bytes");
}
