//! The bytes between which a reference's words stand: all that are neither digits nor small letters.

use crate::bytes::{HIGH, begins};

const BLOCK: usize = 32;

/// Goes from one such byte of a text to the next. The end of the text is the last.
pub struct Specials<'a> {
    text: &'a [u8],
    /// Where the block begins that is looked at.
    block: usize,
    /// Those of the block that are still to come, the first one lowest.
    coming: u32,
}

impl<'a> Specials<'a> {
    #[inline(always)]
    pub fn of(text: &'a [u8]) -> Self {
        Self { text, block: 0, coming: in_block(text, 0) }
    }

    /// The place of the next one.
    #[inline(always)]
    pub fn next(&mut self) -> usize {
        while self.coming == 0 {
            self.block += BLOCK;
            self.coming = in_block(self.text, self.block);
        }
        let place = self.block + self.coming.trailing_zeros() as usize;
        self.coming &= self.coming - 1;
        place
    }
}

/// Those of a block, as bits. What lies behind the end is special, too.
#[inline(never)]
fn in_block(text: &[u8], begin: usize) -> u32 {
    let rest = text.get(begin..).unwrap_or_default();
    let mut last = [0; BLOCK];
    let block = rest.first_chunk::<BLOCK>().unwrap_or_else(|| {
        for (place, byte) in last.iter_mut().zip(rest) {
            *place = *byte;
        }
        &last
    });
    let mut bits = 0;
    for word in block.as_chunks::<8>().0.iter().rev() {
        let word = u64::from_le_bytes(*word);
        let words = begins(word, b'0') ^ begins(word, b'9' + 1) ^ begins(word, b'a') ^ begins(word, b'z' + 1);
        let special = (!words | word) & HIGH;
        // Each byte's highest bit, side by side.
        bits = bits << 8 | ((special >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32;
    }
    bits
}
