//! The documentation of the core: every public function, and every type that can be made, shows how in an example.
//! That everything is documented is checked by rustc. Rustdoc runs the examples; those of the bindings, which are in
//! JavaScript, the tests of the package run.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// An item at the top level of a file, with the comment above it.
struct Item<'a> {
    file: String,
    signature: &'a str,
    has_example: bool,
}

#[test]
fn every_public_function_and_every_type_that_can_be_made_has_an_example() {
    assert_examples(&sources(&root()), 25);
}

#[test]
fn every_function_that_the_package_shows_as_it_is_has_an_example() {
    let file = root().join("js/functions.rs");
    assert_examples(&[(file.display().to_string(), fs::read_to_string(&file).unwrap())], 13);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Asks an example of every item of some files, of which there have to be so many.
fn assert_examples(files: &[(String, String)], at_least: usize) {
    let items: Vec<Item> = files.iter().flat_map(|(file, text)| items(file, text)).collect();
    let seen = items.len();
    assert!(seen >= at_least, "only {seen} items were found: is this still how they are written?");
    let lacking = items.iter().filter(|item| !item.has_example);
    let lacking: Vec<String> = lacking.map(|item| format!("{}: {}", item.file, item.signature)).collect();
    assert!(lacking.is_empty(), "no example:\n{}", lacking.join("\n"));
}

/// Files that `insides.rs` opens to the fuzz targets: what is public there is no part of the public surface.
const INSIDES: [&str; 3] = ["encoding.rs", "json_writer.rs", "tape.rs"];

/// The core's files, without the bindings: most of those are for the package's own shells.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("js") {
            found.extend(sources(&path));
        } else if path.is_file() && !INSIDES.iter().any(|inside| path.ends_with(inside)) {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

fn items<'a>(file: &str, text: &'a str) -> Vec<Item<'a>> {
    let lines: Vec<&str> = text.lines().collect();
    let is_public_item = |line: &str| {
        line.starts_with("pub fn ") || makes_something(line).is_some_and(|name| can_be_made(name, &lines))
    };
    let numbered = lines.iter().enumerate().filter(|(_, line)| is_public_item(line));
    numbered
        .map(|(number, signature)| Item {
            file: file.to_owned(),
            signature,
            has_example: shows_code(&lines[..number])
                || makes_something(signature).is_some_and(|name| an_own_function_shows_code(name, &lines)),
        })
        .collect()
}

/// The name in `pub struct Name` or `pub enum Name`.
fn makes_something(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "))?;
    rest.split(|c: char| !c.is_alphanumeric()).next()
}

/// The lines of the type's own implementation.
fn implementation<'a>(name: &str, lines: &'a [&'a str]) -> &'a [&'a str] {
    let opens = |line: &&str| {
        let rest = line.strip_prefix("impl").unwrap_or_default();
        let rest = rest.strip_prefix("<'a, J: Json>").unwrap_or(rest).trim_start();
        rest.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '<'])) && !line.contains(" for ")
    };
    let Some(start) = lines.iter().position(opens) else { return &[] };
    let end = lines[start..].iter().position(|line| *line == "}").unwrap() + start;
    &lines[start..end]
}

fn is_maker(line: &str) -> bool {
    let line = line.trim_start();
    (line.starts_with("pub fn ") || line.starts_with("pub const fn "))
        && !line.contains("self")
        && line.contains("Self")
}

fn can_be_made(name: &str, lines: &[&str]) -> bool {
    implementation(name, lines).iter().any(|line| is_maker(line))
}

fn an_own_function_shows_code(name: &str, lines: &[&str]) -> bool {
    let body = implementation(name, lines);
    (0..body.len()).any(|number| is_maker(body[number]) && shows_code(&body[..number]))
}

/// Is there code in the comment that these lines end with?
fn shows_code(before: &[&str]) -> bool {
    let above = before.iter().rev().map(|line| line.trim_start());
    above
        .take_while(|line| line.starts_with("///") || line.starts_with('#'))
        .any(|line| matches!(line, "/// ```" | "/// ```js"))
}
