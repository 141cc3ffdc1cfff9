//! Literals in disguise: segments that some server takes for a literal of the policy, such as
//! `Index` or `index.json` for `index`. A policy that has rules for `index` must not let them pass
//! as parameters.

use super::path::decoded;
use crate::policy::image::{Image, SegmentRecord};
use core::ops::Range;

/// Whether a segment that is no literal of this node is taken for one by some server.
pub(super) fn is_disguised(image: &Image, node: SegmentRecord<'_>, segment: &[u8]) -> bool {
    let plain = decoded(segment).unwrap_or_default();
    let first = node.first_child();
    let literals = first..first.saturating_add(node.children());
    looks_like_one(image, literals, plain.trim_ascii_start(), 0)
}

/// How many literals are compared one by one.
const FEW: u32 = 8;

/// Whether a text looks like one of these literals. All of them begin with the same bytes, `same`
/// of them, and so does the text but for letter case.
///
/// Literals are sorted by bytes, so those that go on with a letter of the text are two runs: one
/// for each case. Few policies have literals in both. Where one has, the function calls itself for
/// the smaller run only, so that it is never called more deeply than a binary search would be.
fn looks_like_one(image: &Image, mut among: Range<u32>, text: &[u8], mut same: usize) -> bool {
    while among.end.saturating_sub(among.start) > FEW {
        // The first is the only one that can end here.
        if image.literal_text(among.start).len() == same && is_dropped(text, same) {
            return true;
        }
        let Some(byte) = text.get(same) else { return false };
        let (lower, upper) = (byte.to_ascii_lowercase(), byte.to_ascii_uppercase());
        let mut larger = run(image, &among, same, lower);
        if lower != upper {
            let mut smaller = run(image, &among, same, upper);
            if larger.len() < smaller.len() {
                core::mem::swap(&mut larger, &mut smaller);
            }
            if looks_like_one(image, smaller, text, same.saturating_add(1)) {
                return true;
            }
        }
        (among, same) = (larger, same.saturating_add(1));
    }
    among.into_iter().any(|index| {
        let literal = image.literal_text(index);
        is_dropped(text, literal.len())
            && text.get(..literal.len()).is_some_and(|start| start.eq_ignore_ascii_case(literal))
    })
}

/// The run of the literals that have a byte at a place. They are sorted, and the same before it.
fn run(image: &Image, among: &Range<u32>, at: usize, byte: u8) -> Range<u32> {
    let first = |is_before: fn(Option<u8>, Option<u8>) -> bool| {
        let (mut low, mut high) = (among.start, among.end);
        while low < high {
            let middle = low.midpoint(high);
            if is_before(image.literal_text(middle).get(at).copied(), Some(byte)) {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        low
    };
    first(|one, other| one < other)..first(|one, other| one <= other)
}

/// Whether some server drops the rest of a segment: because it is empty or an ending, because it is
/// parameters, because once decoded it is another segment, a query or a fragment, or because it is
/// the name of an NTFS stream.
fn is_dropped(text: &[u8], from: usize) -> bool {
    matches!(
        text.get(from..).map(<[u8]>::trim_ascii_start),
        Some(
            [] | [b'.' | b';' | b'/' | b'?' | b'#', ..] | [b':', b'$', ..] | [b':', b':', b'$', ..]
        )
    )
}
