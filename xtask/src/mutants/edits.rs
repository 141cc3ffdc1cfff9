//! Changes of a text that nest.

use std::ops::Range;

/// Text that replaces bytes, or stands before or after a range.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    /// What it belongs to: of two edits at one place, that of the larger range is the outer one.
    pub(super) of: Range<usize>,
    pub(super) place: Place,
    /// Of edits of one range, the lower is the outer one.
    pub(super) rank: i64,
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Before,
    After,
    Instead,
}

/// The edits that put a range between two texts.
pub(super) fn around(of: &Range<usize>, rank: i64, before: &str, after: &str) -> [Edit; 2] {
    [(Place::Before, before), (Place::After, after)].map(|(place, text)| Edit {
        of: of.clone(),
        place,
        rank,
        text: text.to_owned(),
    })
}

pub(super) fn instead(of: &Range<usize>, text: &str) -> Edit {
    Edit { of: of.clone(), place: Place::Instead, rank: 0, text: text.to_owned() }
}

/// A part of a text with those edits that lie inside it.
pub(super) fn render(text: &str, part: &Range<usize>, edits: &[Edit]) -> String {
    let mut inside: Vec<_> = edits
        .iter()
        .filter(|edit| part.start <= edit.of.start && edit.of.end <= part.end)
        .collect();
    inside.sort_by_key(|edit| {
        let (start, end) = (signed(edit.of.start), signed(edit.of.end));
        match edit.place {
            Place::After => (end, 0, -start, -edit.rank),
            Place::Before => (start, 1, -end, edit.rank),
            Place::Instead => (start, 2, 0, 0),
        }
    });
    let mut out = String::new();
    let mut at = part.start;
    for edit in inside {
        let from = if edit.place == Place::After { edit.of.end } else { edit.of.start };
        out.push_str(&text[at..from]);
        out.push_str(&edit.text);
        at = if edit.place == Place::Instead { edit.of.end } else { from };
    }
    out.push_str(&text[at..part.end]);
    out
}

fn signed(offset: usize) -> i64 {
    i64::try_from(offset).unwrap_or(i64::MAX)
}
