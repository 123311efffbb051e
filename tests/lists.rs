//! Many references in one text, one a line: which lines are read, and where the others are wrong.
#![allow(missing_docs, clippy::unwrap_used)]

use ocisign::{
    Reference,
    scan::{Scan, lines, scan},
};

fn image(name: &str) -> String {
    format!("{name}@sha256:{}", "0".repeat(64))
}

/// The number of a line that is wrong, the line, and what is said of it with its place.
type Wrong = (usize, String, &'static str, usize);

/// The lines that hold a reference, and those that are wrong with what is said of them.
fn found(text: &str) -> (Vec<(usize, String)>, Vec<Wrong>) {
    let Scan { references, errors } = scan(text);
    (
        references.iter().map(|it| (it.line, it.reference.name())).collect(),
        errors
            .into_iter()
            .map(|it| (it.line, it.text, it.error.code(), it.error.offset().unwrap()))
            .collect(),
    )
}

#[test]
fn a_list_is_read_line_by_line_however_its_lines_end() {
    let (one, two) = (image("a.b/one"), image("a.b/two:1.0"));
    let both = |first: usize, second: usize| vec![(first, "a.b/one".into()), (second, "a.b/two".into())];
    for (text, first, second) in [
        (format!("{one}\n{two}"), 1, 2),
        (format!("{one}\r\n{two}\r\n"), 1, 2),
        (format!("\n{one}\n\n\n{two}\n\n"), 2, 5),
        (format!("\r\n{one}\r\n\r\n{two}"), 2, 4),
        (format!("# {one}\n{one}\n#{two}\r\n#\n{two}"), 2, 5),
        (format!("\u{feff}{one}\n{two}"), 1, 2),
        (format!("\u{feff}# list\n{one}\n{two}"), 2, 3),
    ] {
        assert_eq!(found(&text), (both(first, second), vec![]), "{text:?}");
    }
    for text in ["", "\n", "\r\n\r\n", "#", "# only this", "\u{feff}"] {
        assert_eq!(found(text), (vec![], vec![]), "{text:?}");
    }
}

#[test]
fn a_wrong_line_is_told_with_its_number_its_text_and_its_place() {
    let good = image("a.b/c");
    let long = format!("a.b/{}", "c".repeat(2000));
    for (wrong, code, offset) in [
        ("a.b/c", "digest-missing", 5),
        ("a.b/C@sha256:00", "repository-uppercase", 4),
        (" # not a comment", "white-space", 0),
        (&format!("{good} "), "white-space", 77),
        (&format!("{good}\r{good}"), "white-space", 77),
        (&format!("{good}0"), "digest-length", 13),
        (&format!("{good}#"), "digest-invalid", 77),
        (&long, "repository-too-long", 4),
        ("\u{feff}a.b/c", "not-ascii", 0),
    ] {
        let (references, errors) = found(&format!("{good}\r\n{wrong}\r\n\n{good}\n{wrong}"));
        assert_eq!(references, [(1, "a.b/c".into()), (4, "a.b/c".into())], "{wrong:?}");
        let told = |line: usize| (line, wrong.to_owned(), code, offset);
        assert_eq!(errors, [told(2), told(5)], "{wrong:?}");
    }
    // A carriage return ends no line by itself.
    assert_eq!(found("a.b/c\r").1, [(1, "a.b/c\r".into(), "white-space", 5)]);
}

#[test]
fn a_long_list_is_read_to_its_end() {
    let names: Vec<String> = (0..500).map(|number| format!("a.b/app-{number}")).collect();
    let text: String = names.iter().map(|name| image(name) + "\n").collect();
    let read: Vec<Reference> = lines(&text).map(|line| line.unwrap().reference).collect();
    assert!(read.iter().map(Reference::name).eq(names));
}
