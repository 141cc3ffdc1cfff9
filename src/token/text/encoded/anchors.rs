//! Where something encoded may begin: the only step that every byte of a text goes through.

use core::ops::Range;

/// How many bytes are compared in one step.
const BLOCK: usize = 32;

/// Something at which a token may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// Two bytes of a low line that is written in some form; the offset of the first one.
    LowLine(usize),
    /// Letters and digits without an end: the offset of one among them.
    Letters(usize),
    /// Every second byte is zero: the offset of one among these.
    Zeros(usize),
}

/// The first anchor from an offset on that begins before a limit.
pub(super) fn next(text: &[u8], from: usize, limit: usize) -> Option<Anchor> {
    let limit = limit.min(text.len());
    let mut at = from;
    while at < limit {
        let rest = text.get(at..).unwrap_or_default();
        let skipped = skip(rest, limit.saturating_sub(at));
        at = at.saturating_add(skipped);
        let block_end = at.saturating_add(BLOCK).min(limit);
        if let Some(anchor) = in_block(text, at, block_end) {
            return Some(anchor);
        }
        at = block_end;
    }
    None
}

/// The anchors of low lines in a part of a text.
pub(super) fn low_lines(text: &[u8], part: Range<usize>) -> impl Iterator<Item = usize> {
    part.filter(|at| matches!(text.get(*at..), Some([a, b, ..]) if is_pair(*a, *b)))
}

/// How many bytes at the front, in whole blocks, have no anchor.
fn skip(text: &[u8], limit: usize) -> usize {
    let (blocks, _) = text.get(..limit).unwrap_or_default().as_chunks::<BLOCK>();
    let (shifted, _) = text.get(1..).unwrap_or_default().as_chunks::<BLOCK>();
    let plain = |(block, next): &(&[u8; BLOCK], &[u8; BLOCK])| !may_hold(block, next);
    blocks.iter().zip(shifted).take_while(plain).count().saturating_mul(BLOCK)
}

/// Whether an anchor may begin in a block. `next` is the block one byte further on.
///
/// Folds without branches become instructions that take many bytes at a time.
fn may_hold(block: &[u8; BLOCK], next: &[u8; BLOCK]) -> bool {
    let pairs = block.iter().zip(next);
    let low_line = pairs.fold(false, |found, (a, b)| found | is_pair(*a, *b));
    let (halves, _) = block.as_chunks::<16>();
    let letters = halves.iter().fold(false, |found, half| found | all_letters(half));
    // A text has no zero at all, so the second look is rare.
    let zero = block.iter().fold(false, |found, byte| found | (*byte == 0));
    low_line | letters | zero
}

/// Whether two bytes may belong to a low line, or to what stands beside one.
const fn is_pair(a: u8, b: u8) -> bool {
    let before = ((a | 0x20 == b'g') | (a == b'\\')) & (b == b'_');
    // Behind it stands a `1`, or an escape or a break: these begin with no letter or digit. A zero
    // stands there in UTF-16, which is found by its zeros.
    let is_letter = (b | 0x20).wrapping_sub(b'a') < 26;
    let is_digit = b.wrapping_sub(b'0') < 10;
    let goes_on = (b == b'1') | !(is_letter | is_digit | (b == b'_') | (b == 0));
    let behind = (a == b'_') & goes_on;
    let hex = (a == b'5') & (b | 0x20 == b'f');
    let decimal = (a == b'9') & (b == b'5');
    let octal = (a == b'3') & (b == b'7');
    let named = ((a == b'&') | (a == b';')) & ((b == b'l') | (b == b'U'));
    before | behind | hex | decimal | octal | named
}

/// Whether all bytes are letters and digits: none is far from both.
fn all_letters(block: &[u8; 16]) -> bool {
    let farthest = block.iter().fold(0, |farthest: u8, byte| {
        let from_letters = (byte | 0x20).wrapping_sub(b'a').saturating_sub(25);
        let from_digits = byte.wrapping_sub(b'0').saturating_sub(9);
        farthest.max(from_letters.min(from_digits))
    });
    farthest == 0
}

fn has_zeros(block: &[u8; 16]) -> bool {
    let pairs = block.iter().zip(block.iter().skip(1));
    pairs.fold(true, |all, (a, b)| all & ((*a == 0) != (*b == 0)))
}

/// The first anchor in a part of a text, which is not longer than a block.
fn in_block(text: &[u8], from: usize, to: usize) -> Option<Anchor> {
    for at in from..to {
        let rest = text.get(at..)?;
        if let [a, b, ..] = rest
            && is_pair(*a, *b)
        {
            return Some(Anchor::LowLine(at));
        }
        let Some(next) = rest.first_chunk::<16>() else { continue };
        if at.saturating_sub(from) % 16 != 0 {
            continue;
        }
        if all_letters(next) {
            return Some(Anchor::Letters(at));
        }
        if has_zeros(next) {
            return Some(Anchor::Zeros(at));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Anchor, BLOCK, next, skip};

    const HALF: usize = BLOCK / 2;

    /// Four blocks in which there is nothing, but for these bytes at these offsets.
    fn with(parts: &[(usize, &[u8])]) -> [u8; 4 * BLOCK] {
        let mut text = [b'.'; 4 * BLOCK];
        for (at, part) in parts {
            text.iter_mut().skip(*at).zip(*part).for_each(|(place, byte)| *place = *byte);
        }
        text
    }

    fn first(text: &[u8]) -> Option<Anchor> {
        next(text, 0, text.len())
    }

    const LETTERS: &[u8] = &[b'x'; HALF];
    const ZEROS: &[u8] = b"c\0o\0g\0_\0 \0 \0 \0 \0";

    #[test]
    fn a_pair_is_found_wherever_it_stands() {
        for pair in [
            b"5f", b"5F", b"95", b"37", b"g_", b"G_", b"\\_", b"_1", b"&l", b"&U", b";l", b";U",
            b"_%", b"_&", b"_<", b"_ ", b"_\n", b"_\xe2",
        ] {
            for at in 0..3 * BLOCK {
                assert_eq!(first(&with(&[(at, pair)])), Some(Anchor::LowLine(at)), "{at}");
            }
        }
        for pair in [&b"f5"[..], b"59", b"39", b"z_z", b"_2", b"_z", b"__a", b"_\0", b"l;", b"&a"] {
            assert_eq!(first(&with(&[(7, pair)])), None);
        }
    }

    /// A block may hold several of what makes it one to look into.
    #[test]
    fn anchors_of_one_block_do_not_hide_each_other() {
        let pair: &[u8] = b"5f";
        let found = |parts: &[(usize, &[u8])]| first(&with(parts));
        assert_eq!(found(&[(3, pair), (9, pair)]), Some(Anchor::LowLine(3)));
        assert_eq!(found(&[(0, LETTERS), (HALF, LETTERS)]), Some(Anchor::Letters(0)));
        assert_eq!(found(&[(0, LETTERS), (20, pair)]), Some(Anchor::Letters(0)));
        assert_eq!(found(&[(0, ZEROS), (HALF, LETTERS)]), Some(Anchor::Zeros(0)));
        assert_eq!(found(&[(0, ZEROS), (20, pair)]), Some(Anchor::Zeros(0)));
        assert_eq!(found(&[(0, ZEROS), (HALF, ZEROS)]), Some(Anchor::Zeros(0)));
    }

    /// They are long, so it is enough to look at every sixteenth byte from where a block begins.
    #[test]
    fn sixteen_letters_or_zeros_are_found_where_a_half_begins() {
        for at in (0..3 * BLOCK).step_by(HALF) {
            assert_eq!(first(&with(&[(at, LETTERS)])), Some(Anchor::Letters(at)), "{at}");
            assert_eq!(first(&with(&[(at, ZEROS)])), Some(Anchor::Zeros(at)), "{at}");
        }
        assert_eq!(first(&with(&[(0, &LETTERS[1..])])), None);
        // Where a search begins, a block does too.
        let text = with(&[(5, LETTERS)]);
        assert_eq!(next(&text, 5, text.len()), Some(Anchor::Letters(5)));
    }

    #[test]
    fn zeros_count_where_every_second_byte_is_one() {
        assert_eq!(first(&with(&[(0, &[0; HALF])])), None);
        assert_eq!(first(&with(&[(0, b"c\0o\0")])), None);
        assert_eq!(first(&with(&[(0, b"\0c\0o\0g\0_\0 \0 \0 \0 ")])), Some(Anchor::Zeros(0)));
    }

    /// Nothing else is found without that, but every byte is looked at alone.
    #[test]
    fn blocks_of_ordinary_text_are_passed_over() {
        for byte in *b" .-x" {
            let mut text = [byte; 4 * BLOCK];
            text.iter_mut().step_by(HALF - 1).for_each(|place| *place = b'.');
            // Behind the last block stands nothing to compare it with.
            assert_eq!(skip(&text, text.len()), 3 * BLOCK);
        }
        assert_eq!(skip(&with(&[(2 * BLOCK, b"5f")]), 4 * BLOCK), 2 * BLOCK);
    }

    #[test]
    fn what_begins_at_the_limit_is_not_told() {
        let text = with(&[(40, b"5f")]);
        assert_eq!(next(&text, 0, 40), None);
        assert_eq!(next(&text, 0, 41), Some(Anchor::LowLine(40)));
        assert_eq!(next(&text, 41, text.len()), None);
    }
}
