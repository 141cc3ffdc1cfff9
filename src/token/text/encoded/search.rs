//! Going through a text from anchor to anchor, and through what is decoded on the way.

use super::super::break_parts::MAX_BREAK;
use super::super::breaks::{Joins, joining_break};
use super::super::finding::{Encoding, Finding, Layers};
use super::anchors::{self, Anchor};
use super::stretch::{BEFORE, Stretch, WINDOW, leading_letters};
use super::{MAX_ENCODED, escaped, lists, whole};
use crate::token::{Handle, Token};
use alloc::vec::Vec;
use core::ops::Range;

/// How many bytes behind a place decide what begins there.
pub(in super::super) const AHEAD: usize = MAX_ENCODED.saturating_add(BEFORE);

/// How many bytes before a place are looked at again.
pub(in super::super) const BEHIND: usize = BEFORE.saturating_mul(2);

/// How many letters and digits stand together in something encoded: the lines of base64 and of
/// hexadecimal digits are longer.
const LEAST_LETTERS: usize = 31;

/// How many bytes a token has at least in UTF-16, from its first character to its last.
const LEAST_ZEROS: usize = Token::LEN.saturating_mul(2).saturating_sub(1);

/// How many letters and digits an escape may have at its end, such as `x5f`.
const OF_ESCAPE: usize = 16;

/// How often something decoded is decoded again.
const MAX_DEPTH: usize = 2;

/// A search through a text, of which it may see one piece after the other.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Encoded {
    /// How far it is.
    pub(in super::super) at: usize,
    /// Where the rest of a row of lines begins, of which a long one was seen.
    row: Option<usize>,
}

impl Encoded {
    /// At the beginning of a text.
    pub(in super::super) const START: Self = Self { at: 0, row: None };

    /// Collects the tokens whose anchors are in the first `limit` bytes of a text, which is the
    /// part of the whole text from `start` on. Behind these bytes it has [`AHEAD`] more, or ends.
    pub(in super::super) fn find(
        &mut self,
        text: &[u8],
        start: usize,
        limit: usize,
        found: &mut Vec<Finding>,
    ) {
        let from = self.at.saturating_sub(start);
        let row = self.row.map(|row| row.saturating_sub(start));
        let (end, row) = search(text, from..limit, row, 0, &mut |token, range, layers| {
            // What stands there as it is, a plain search finds.
            if layers != Layers::NONE {
                let range = start.saturating_add(range.start)..start.saturating_add(range.end);
                found.push(Finding::encoded(range, token.handle(), layers));
            }
        });
        self.at = start.saturating_add(end);
        self.row = row.map(|row| start.saturating_add(row));
    }
}

/// The token that was found in a part of a text.
pub(in super::super) fn token_of(
    text: &[u8],
    part: &Range<usize>,
    handle: Handle,
) -> Option<Token> {
    // The line that is long may stand far before it, or behind it.
    let start = part.start.saturating_sub(BEHIND);
    let near = text.get(start..part.end)?;
    let row = Some(part.start.saturating_sub(start));
    token_within(near, start, row, part, handle).or_else(|| {
        // So it may within what is decoded first. All that was decoded with it was in one window.
        let start = part.start.saturating_sub(WINDOW);
        let end = part.end.saturating_add(BEHIND).min(text.len());
        token_within(text.get(start..end)?, start, None, part, handle)
    })
}

/// The token that stands in a part of a text, found in what stands around that from `start` on.
fn token_within(
    around: &[u8],
    start: usize,
    row: Option<usize>,
    part: &Range<usize>,
    handle: Handle,
) -> Option<Token> {
    let mut known = None;
    search(around, 0..around.len(), row, 0, &mut |token, range, _| {
        let begins_there = start.saturating_add(range.start) == part.start;
        if begins_there && token.handle() == handle {
            known = Some(token.copied());
        }
    });
    known
}

/// Takes a token, where it stands, and how.
type Note<'n> = &'n mut dyn FnMut(&Token, Range<usize>, Layers);

/// Notes what begins at the anchors of a part of a text. Says how far it went, and where the row of
/// lines goes on that is there. A row that goes on from the part before has its place.
fn search(
    text: &[u8],
    part: Range<usize>,
    row: Option<usize>,
    depth: usize,
    note: Note<'_>,
) -> (usize, Option<usize>) {
    let mut at = part.start;
    // From where on letters and digits were not looked at yet: so many may have been too few.
    let mut new = at.saturating_sub(LEAST_LETTERS);
    let mut row = row.map_or(Row::default(), |row| decode(text, row, row, &part, depth, note));
    while let Some(anchor) = anchors::next(text, at, part.end) {
        at = match anchor {
            Anchor::LowLine(place) => {
                // It may be digits in a long line, of which too little is left for an anchor.
                let is_letter = text.get(place).is_some_and(u8::is_ascii_alphanumeric);
                if is_letter && row.ends_before(place, depth) {
                    row.look(text, &Letters::around(text, new, place), place, &part, depth, note);
                }
                low_line(text, place, note)
            }
            Anchor::Letters(place) => {
                let letters = Letters::around(text, new, place);
                if row.ends_before(place, depth) {
                    row.look(text, &letters, place, &part, depth, note);
                }
                // An escape may begin with letters and digits, and a prefix end with them.
                let first = place..letters.end.min(place.saturating_add(OF_ESCAPE));
                anchors::low_lines(text, first).for_each(|place| {
                    low_line(text, place, note);
                });
                // Where the window was too small for all, the rest is decoded next.
                let end = letters.end.saturating_sub(1);
                let end = if row.end > place { end.min(row.end) } else { end };
                new = end.max(place.saturating_add(1));
                new
            }
            Anchor::Zeros(place) => zeros(text, at, place, &part, depth, note),
        };
    }
    (at.max(part.end), row.goes_on.then_some(row.end))
}

/// Letters and digits without anything between.
struct Letters {
    start: usize,
    end: usize,
    count: usize,
}

impl Letters {
    /// Those around a place, from another one on.
    fn around(text: &[u8], from: usize, place: usize) -> Self {
        let earlier = text.get(from..place).unwrap_or_default().iter().rev();
        let before = earlier.take(WINDOW).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let ahead = text.get(place..).unwrap_or_default();
        let after = leading_letters(ahead.get(..WINDOW).unwrap_or(ahead));
        Self {
            start: place.saturating_sub(before),
            end: place.saturating_add(after),
            count: before.saturating_add(after),
        }
    }
}

/// Goes on behind the token that has its low line here, or behind the anchor.
fn low_line(text: &[u8], place: usize, note: Note<'_>) -> usize {
    let next = place.saturating_add(1);
    match escaped::read(text, place).or_else(|| lists::read(text, place)) {
        Some((token, range, layers)) if range.len() <= MAX_ENCODED => {
            let end = range.end;
            note(&token, range, layers);
            end.max(next)
        }
        _ => next,
    }
}

/// How far a row of lines was decoded.
#[derive(Default)]
struct Row {
    end: usize,
    /// Whether more of it may stand there.
    goes_on: bool,
}

impl Row {
    /// Whether what stands at a place was not decoded yet, and may be.
    const fn ends_before(&self, place: usize, depth: usize) -> bool {
        depth < MAX_DEPTH && place >= self.end
    }

    /// Decodes the row that letters and digits around a place are in, if it can hold a token.
    fn look(
        &mut self,
        text: &[u8],
        letters: &Letters,
        place: usize,
        part: &Range<usize>,
        depth: usize,
        note: Note<'_>,
    ) {
        if letters.count < LEAST_LETTERS {
            return;
        }
        let goes_on =
            || text.get(letters.end..).and_then(|rest| joining_break(rest, Joins::Known)).is_some();
        let before = text.get(..letters.start).unwrap_or_default();
        *self = if may_end_break(before) {
            decode(text, letters.start.saturating_sub(BEFORE), place, part, depth, note)
        } else if letters.count >= whole::LEAST_BASE64 || goes_on() {
            decode(text, letters.start, place, part, depth, note)
        } else {
            // They are too few for a token, and stand alone, as most long words do.
            Self { end: letters.end, goes_on: false }
        };
    }
}

/// Decodes the letters and digits around a place, and the row of lines that they go on with.
fn decode(
    text: &[u8],
    from: usize,
    around: usize,
    part: &Range<usize>,
    depth: usize,
    note: Note<'_>,
) -> Row {
    let (mut from, mut around) = (from, around);
    loop {
        let stretch = Stretch::of_letters(text, from, around);
        let base64 = whole::base64(&stretch.characters).map(|decoded| (decoded, Encoding::Base64));
        let digits = whole::hex(&stretch.characters).map(|decoded| (decoded, Encoding::Hex));
        for (decoded, encoding) in base64.chain(digits) {
            let bytes = &decoded.bytes;
            let all = 0..bytes.len();
            search(bytes, all, None, depth.saturating_add(1), &mut |token, range, layers| {
                if let Some(range) = in_text(&stretch, decoded.characters(&range)) {
                    note(token, range, layers.within(encoding));
                }
            });
        }
        let (end, goes_on) = match done(text, &stretch, part) {
            Some(end) => (stretch.letters_from(end.max(from)), true),
            None => (stretch.end, false),
        };
        if !goes_on || end >= part.end {
            return Row { end, goes_on };
        }
        (from, around) = (end, end);
    }
}

/// Whether a text may end with a break that joins.
fn may_end_break(text: &[u8]) -> bool {
    match text {
        // The escape of the end of a line has a letter or a digit behind these.
        [
            ..,
            b'"' | b'\'' | b'`' | b'>' | b'#' | b'*' | b'|' | b';' | b'\\' | b'%' | b'[' | b'}',
        ] => true,
        // Behind the end of a line, which may be escaped, or a tag.
        [.., before, b'=' | b'+' | b'-'] => {
            !before.is_ascii_graphic() || b"nrmK>;".contains(before)
        }
        // Of a word that goes on, the beginning is not known.
        [.., last] => last.is_ascii_alphanumeric() || !last.is_ascii_graphic(),
        [] => false,
    }
}

/// Goes on behind the zeros around a place.
fn zeros(
    text: &[u8],
    from: usize,
    place: usize,
    part: &Range<usize>,
    depth: usize,
    note: Note<'_>,
) -> usize {
    let from = from.max(place.saturating_sub(WINDOW)).saturating_sub(BEFORE);
    let stretch = Stretch::of_zeros(text, from, place);
    let bytes = &stretch.characters;
    if bytes.len().saturating_mul(2) >= LEAST_ZEROS && depth < MAX_DEPTH {
        let all = 0..bytes.len();
        search(bytes, all, None, depth.saturating_add(1), &mut |token, range, layers| {
            if let Some(range) = in_text(&stretch, range) {
                note(token, range, layers.within(Encoding::Utf16));
            }
        });
    }
    done(text, &stretch, part).unwrap_or(stretch.end).max(place.saturating_add(1))
}

/// Up to where all that begins in a stretch was seen, if more of it may follow: a little less if it
/// was cut.
fn done(text: &[u8], stretch: &Stretch, part: &Range<usize>) -> Option<usize> {
    if stretch.is_cut {
        Some(stretch.end.saturating_sub(AHEAD))
    } else if stretch.end.saturating_add(MAX_BREAK) >= text.len() {
        // A break may have its end in what follows. What begins in this part does not need that.
        Some(part.end)
    } else {
        None
    }
}

/// Where characters of a stretch stand in the text, unless they are too far apart.
fn in_text(stretch: &Stretch, characters: Range<usize>) -> Option<Range<usize>> {
    let start = stretch.place(characters.start)?;
    let end = stretch.place(characters.end.checked_sub(1)?)?.saturating_add(1);
    (end.saturating_sub(start) <= MAX_ENCODED).then_some(start..end)
}
