//! Many references in one text, one a line.

use crate::{
    bytes::{HIGH, ONES, end_at},
    fault::Fault,
    reference::{Parts, read, reference},
};

/// A reference is shorter, so a longer text is not looked at for one.
const WINDOW: usize = 1024;

/// A line that holds something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line's number, from 0.
    pub number: usize,
    /// Where it begins.
    pub begin: usize,
    /// Where it ends, without its line break.
    pub end: usize,
    /// What it holds.
    pub found: Result<Parts, Fault>,
}

/// Reads a text line by line. Empty lines and lines that begin with `#` are passed over; a line may end in LF or CRLF.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    text: &'a [u8],
    /// How many lines were read.
    pub number: usize,
    /// Where the next line begins.
    pub begin: usize,
}

impl<'a> Lines<'a> {
    /// The lines of a text.
    #[must_use]
    pub const fn of(text: &'a [u8]) -> Self {
        Self { text, number: 0, begin: 0 }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    #[inline(always)]
    fn next(&mut self) -> Option<Line> {
        loop {
            let (begin, number) = (self.begin, self.number);
            let rest = self.text.get(begin..).filter(|rest| !rest.is_empty())?;
            self.number = number + 1;
            // Most lines are right, and then their end is where the digest ends. What holds nothing is seen at once.
            if !matches!(rest, [b'#' | b'\n' | b'\r', ..])
                && let Ok((parts, end)) = read(rest.get(..WINDOW).unwrap_or(rest))
                && let Some(line_break) = line_break(rest.get(end..).unwrap_or_default())
            {
                self.begin = begin + end + line_break;
                return Some(Line { number, begin, end: begin + end, found: Ok(parts) });
            }
            let line = line_of(rest);
            self.begin =
                begin + line.len() + line_break(rest.get(line.len()..).unwrap_or_default()).unwrap_or(0);
            if !matches!(line, [] | [b'#', ..]) {
                return Some(Line { number, begin, end: begin + line.len(), found: reference(line) });
            }
        }
    }
}

/// How long the line break is that stands here; none at the end of the text.
#[inline(always)]
fn line_break(rest: &[u8]) -> Option<usize> {
    match rest {
        [] => Some(0),
        [b'\n', ..] => Some(1),
        [b'\r', b'\n', ..] => Some(2),
        _ => None,
    }
}

/// The line that a text begins with, without its line break.
#[cold]
fn line_of(text: &[u8]) -> &[u8] {
    let end = end_at(text, 0, b"\n");
    match text.get(..end).unwrap_or_default() {
        [line @ .., b'\r'] if end < text.len() => line,
        line => line,
    }
}

/// A line of a text by its number, from 0. Eight bytes at a time, because the core keeps thousands of them with all words.
#[must_use]
pub fn line(text: &str, number: usize) -> &str {
    let bytes = text.as_bytes();
    let (mut begin, mut before) = (0, number);
    for word in bytes.as_chunks::<8>().0 {
        let breaks = breaks_in(u64::from_le_bytes(*word));
        if breaks >= before {
            break;
        }
        before -= breaks;
        begin += 8;
    }
    while before > 0 && begin < bytes.len() {
        before -= usize::from(bytes.get(begin) == Some(&b'\n'));
        begin += 1;
    }
    text.get(begin..end_at(bytes, begin, b"\n")).unwrap_or_default()
}

/// How many of eight bytes are line breaks.
const fn breaks_in(word: u64) -> usize {
    let zeros = word ^ (ONES * b'\n' as u64);
    // Adding 127 to what is below 128 sets the highest bit of all but zero.
    let others = ((zeros & !HIGH) + !HIGH) | zeros;
    (!others & HIGH).count_ones() as usize
}
