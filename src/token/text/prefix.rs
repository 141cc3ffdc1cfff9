//! Where `cog_` stands in a text.

use crate::token::layout::PREFIX_TEXT;

/// How many bytes are compared in one step.
const BLOCK: usize = 32;

/// The offset of the first `cog_` in a text.
///
/// What is searched for is its last byte, for `_` is the rarest of the four in texts.
pub(super) fn find_prefix(text: &[u8]) -> Option<usize> {
    let mut from = 0_usize;
    loop {
        let place = from.saturating_add(find_byte(text.get(from..)?, b'_')?);
        from = place.saturating_add(1);
        if text.get(..from).is_some_and(|before| before.ends_with(&PREFIX_TEXT)) {
            return from.checked_sub(PREFIX_TEXT.len());
        }
    }
}

/// The offset of the first such byte. A block without it costs a few instructions.
fn find_byte(text: &[u8], byte: u8) -> Option<usize> {
    let (blocks, _) = text.as_chunks::<BLOCK>();
    let holds = |block: &[u8; BLOCK]| block.iter().fold(false, |found, b| found | (*b == byte));
    let skipped = blocks.iter().take_while(|block| !holds(block)).count().saturating_mul(BLOCK);
    let found = text.get(skipped..)?.iter().position(|b| *b == byte)?;
    Some(skipped.saturating_add(found))
}

/// Whether a byte is a part of a word.
pub(super) const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
