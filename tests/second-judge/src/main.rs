//! A second opinion on signatures of images, for tests.
//!
//! It reads a case a line (`case.rs`), and writes a verdict a line. It was written from docs/verify.md and from the
//! specifications, on other libraries than the package, and shares no line with it: where the two do not agree, one of
//! them is wrong.

mod bundle;
mod case;
mod digest;
mod evidence;
mod json;
mod key;
mod manifest;
mod name;
mod places;
mod refusal;
mod shape;
mod simple;
mod verdict;

use std::io::{self, BufRead, Write};

fn main() -> io::Result<()> {
    let mut verdicts = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let verdict = serde_json::from_str(&line?).map(|case| verdict::of(&case))?;
        serde_json::to_writer(&mut verdicts, &verdict)?;
        // Whoever asks waits for the answer.
        verdicts.write_all(b"\n")?;
        verdicts.flush()?;
    }
    Ok(())
}
