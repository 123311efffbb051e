//! The corpora of `fuzz/`, replayed: what the core promises about all that it reads holds for each file.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::{
    any::Any,
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::mpsc,
    thread,
    time::Duration,
};

use fuzz::{Body, TARGETS};

/// All corpora together, in bytes: each checkout has them.
const LARGEST: usize = 1 << 20;

/// A file takes milliseconds. One that takes longer hangs, and would hold up all others without a word.
const LONGEST: Duration = Duration::from_secs(120);

/// Set in a process that only replays. What takes all memory ends it, and lets nobody say which file that was.
const REPLAYING: &str = "OCISIGN_FUZZ_REPLAYING";

/// In front of the file that is read next, among the words of a process that replays.
const NEXT: &str = "next: ";

#[test]
fn every_file_of_every_corpus_keeps_the_promises() {
    if std::env::var_os(REPLAYING).is_some() {
        return replay_all();
    }
    let replaying = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "every_file_of_every_corpus_keeps_the_promises", "--nocapture"])
        .env(REPLAYING, "1")
        .output()
        .unwrap();
    let [said, words] =
        [&replaying.stdout, &replaying.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    match replaying.status.code() {
        Some(0) => {}
        // A promise that is broken was told by the process itself, with its file.
        Some(_) => panic!("{words}"),
        None => {
            let last = said.lines().filter_map(|line| line.strip_prefix(NEXT)).next_back();
            let (target, file) = last.and_then(|it| it.split_once(' ')).expect("a file was read");
            panic!("{}\n{words}", finding(target, Path::new(file), "it ended the process"));
        }
    }
}

fn replay_all() {
    let mut broken = Vec::new();
    for (target, body) in TARGETS {
        let files = files_of(&corpora().join(target));
        assert!(files.len() > 3, "the corpus of {target} is empty");
        for file in &files {
            println!("{NEXT}{target} {}", file.display());
            broken.extend(replay(target, *body, file).err());
        }
    }
    assert!(broken.is_empty(), "{} files break a promise:\n\n{}", broken.len(), broken.join("\n\n"));
}

#[test]
fn every_corpus_is_of_a_target_and_small() {
    let known: BTreeSet<PathBuf> = TARGETS.iter().map(|(target, _)| corpora().join(target)).collect();
    let found: BTreeSet<PathBuf> = files_of(&corpora()).into_iter().collect();
    assert_eq!(found, known);
    let sizes = found.iter().flat_map(|corpus| files_of(corpus)).map(|file| fs::read(file).unwrap().len());
    assert!(sizes.sum::<usize>() < LARGEST, "the corpora are too large to commit");
}

/// One input, of a run that found it: `npm run fuzz -- --target … --input …`.
#[test]
fn the_given_input_keeps_the_promises() {
    let (Ok(target), Ok(file)) = (std::env::var("OCISIGN_FUZZ_TARGET"), std::env::var("OCISIGN_FUZZ_INPUT"))
    else {
        return;
    };
    let (target, body) = TARGETS.iter().find(|(name, _)| *name == target).expect("a known target");
    replay(target, *body, Path::new(&file)).unwrap_or_else(|broken| panic!("{broken}"));
}

/// Runs a target on a file, in a thread of its name: if the stack overflows, the last words still name the file.
fn replay(target: &str, body: Body, file: &Path) -> Result<(), String> {
    let input = fs::read(file).unwrap();
    let (ended, end) = mpsc::channel();
    let run = move || {
        body(&input);
        ended.send(()).unwrap();
    };
    let thread = thread::Builder::new().name(shown(file)).spawn(run).unwrap();
    let why = match end.recv_timeout(LONGEST) {
        Ok(()) => return Ok(()),
        Err(mpsc::RecvTimeoutError::Timeout) => format!("it did not end within {LONGEST:?}"),
        Err(mpsc::RecvTimeoutError::Disconnected) => words_of(thread.join().unwrap_err().as_ref()),
    };
    Err(finding(target, file, &why))
}

/// What a person is told of a file that breaks a target.
fn finding(target: &str, file: &Path, why: &str) -> String {
    let shown = shown(file);
    let start: String = fs::read(file).unwrap().escape_ascii().map(char::from).take(1000).collect();
    format!(
        "{target} is broken by {shown}\n  to see it again: npm run fuzz -- --target {target} --input {shown}\n  \
         input: \"{start}\"\n  {why}"
    )
}

/// As a person in this checkout names a file.
fn shown(file: &Path) -> String {
    file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(file).display().to_string()
}

/// What a panic said: a text that was made, or one that stands in the program.
fn words_of(said: &(dyn Any + Send)) -> String {
    let made = said.downcast_ref::<String>().cloned();
    let stands = || said.downcast_ref::<&str>().map(|&it| it.to_owned());
    made.or_else(stands).expect("a panic says a text")
}

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join("corpus")
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
