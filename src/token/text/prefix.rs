//! Where `cog_` stands in a text.

use crate::token::layout::PREFIX_TEXT;

/// How many bytes are compared in one step.
const BLOCK: usize = 32;

/// The offset of the first `cog_` in a text.
///
/// What is searched for is its last two bytes, for these are rare in texts.
pub(super) fn find_prefix(text: &[u8]) -> Option<usize> {
    let mut from = 0_usize;
    loop {
        let place = from.saturating_add(find_end(text.get(from..)?)?);
        from = place.saturating_add(2);
        if text.get(..from).is_some_and(|before| before.ends_with(&PREFIX_TEXT)) {
            return from.checked_sub(PREFIX_TEXT.len());
        }
    }
}

/// The offset of the first `g_`. A block without it costs a few instructions.
fn find_end(text: &[u8]) -> Option<usize> {
    let is_end = |a: &u8, b: &u8| (*a == b'g') & (*b == b'_');
    let (blocks, _) = text.as_chunks::<BLOCK>();
    // The same blocks, one byte further on.
    let (shifted, _) = text.get(1..)?.as_chunks::<BLOCK>();
    let holds = |block: &[u8; BLOCK], next: &[u8; BLOCK]| {
        block.iter().zip(next).fold(false, |found, (a, b)| found | is_end(a, b))
    };
    let plain = blocks.iter().zip(shifted).take_while(|(block, next)| !holds(block, next));
    let skipped = plain.count().saturating_mul(BLOCK);
    let found = text.get(skipped..)?.windows(2).position(|pair| pair == b"g_")?;
    Some(skipped.saturating_add(found))
}

/// Whether a byte is a part of a word.
pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
