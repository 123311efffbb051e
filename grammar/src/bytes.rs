//! Kinds of bytes, and how far bytes of one kind go.

pub const DIGIT: u8 = 1;
pub const LOWER: u8 = 2;
pub const UPPER: u8 = 4;
pub const DASH: u8 = 8;
pub const DOT: u8 = 16;
pub const UNDERSCORE: u8 = 32;

static KINDS: [u8; 256] = kinds();

const fn kinds() -> [u8; 256] {
    let mut kinds = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        #[allow(clippy::indexing_slicing)] // below 128
        {
            kinds[byte as usize] = match byte {
                b'0'..=b'9' => DIGIT,
                b'a'..=b'z' => LOWER,
                b'A'..=b'Z' => UPPER,
                b'-' => DASH,
                b'.' => DOT,
                b'_' => UNDERSCORE,
                _ => 0,
            };
        }
        byte += 1;
    }
    kinds
}

/// The kind of the byte there; none of the end.
#[inline(always)]
pub fn kind_at(text: &[u8], at: usize) -> u8 {
    match text.get(at) {
        #[allow(clippy::indexing_slicing)] // there are 256
        Some(byte) => KINDS[*byte as usize],
        None => 0,
    }
}

/// Where the bytes of these kinds end that begin there.
#[inline(always)]
pub fn skip(text: &[u8], mut at: usize, kinds: u8) -> usize {
    while kind_at(text, at) & kinds != 0 {
        at += 1;
    }
    at
}

/// Where the first of these bytes stands from there on, or else the end.
pub fn end_at(text: &[u8], from: usize, stops: &[u8]) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| stops.contains(byte)).unwrap_or(rest.len())
}

pub const ONES: u64 = 0x0101_0101_0101_0101;
pub const HIGH: u64 = 0x8080_8080_8080_8080;

/// Sets the highest bit of each of eight bytes that is at least `first`: adding what `first` lacks to 128 does that. It
/// says so of ASCII only.
#[inline(always)]
pub const fn begins(word: u64, first: u8) -> u64 {
    (word & !HIGH) + ONES * (128 - first) as u64
}

/// Are all of these lower-case hexadecimal digits? Eight at a time.
#[inline(always)]
pub fn all_hex(bytes: &[u8]) -> bool {
    let mut right = HIGH;
    for word in bytes.as_chunks::<8>().0 {
        let word = u64::from_le_bytes(*word);
        right &= begins(word, b'0') ^ begins(word, b'9' + 1) ^ begins(word, b'a') ^ begins(word, b'f' + 1);
        right &= !word;
    }
    right == HIGH
}
