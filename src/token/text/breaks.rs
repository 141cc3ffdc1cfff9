//! Breaks: what converters, mails, editors and programmers put into a long word. They are specified
//! in the section "Finding tokens in text" of `docs/token-format.md`.

use super::break_parts::{MAX_BREAK, Part, part};

/// After which breaks a word goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joins {
    /// After every break.
    Any,
    /// After those that stand within words alone. Spaces in a line, and most marks, stand between
    /// words too.
    Known,
}

/// The alphanumeric characters of a word that may be broken, from some place on.
pub(super) struct Characters<'t> {
    text: &'t [u8],
    at: usize,
    joins: Joins,
}

/// How a word is broken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// By something that is not seen. In no text does that stand between two words.
    Unseen,
    Other,
}

/// A character of a word.
pub(super) struct Character {
    pub(super) byte: u8,
    pub(super) at: usize,
    /// The break before it, if there is one.
    pub(super) after: Option<Break>,
}

impl<'t> Characters<'t> {
    pub(super) const fn new(text: &'t [u8], at: usize, joins: Joins) -> Self {
        Self { text, at, joins }
    }
}

impl Iterator for Characters<'_> {
    type Item = Character;

    fn next(&mut self) -> Option<Character> {
        let (after, length) = break_at(self.text.get(self.at..)?, self.joins)?;
        let at = self.at.saturating_add(length);
        self.at = at.saturating_add(1);
        Some(Character { byte: *self.text.get(at)?, at, after })
    }
}

/// The break at the beginning of a text, and its length. None: there is one that does not join, or
/// no alphanumeric character stands after it.
fn break_at(text: &[u8], joins: Joins) -> Option<(Option<Break>, usize)> {
    let mut seen = Seen::default();
    let mut rest = text;
    loop {
        let done = text.len().saturating_sub(rest.len());
        if done > MAX_BREAK {
            return None;
        }
        if rest.first()?.is_ascii_alphanumeric() {
            let found = (done > 0).then(|| seen.what());
            let is_joined = done == 0 || joins == Joins::Any || seen.breaks_words();
            return is_joined.then_some((found, done));
        }
        let (part, length) = part(rest);
        match part {
            Part::Unseen => seen.has_unseen = true,
            Part::Tag => seen.has_tag = true,
            Part::Line => seen.has_line = true,
            Part::Space => seen.has_space = true,
            Part::Mark(byte) => seen.mark(byte),
        }
        rest = rest.get(length..)?;
    }
}

/// How long the break at the beginning of a text is. None: there is none that joins.
pub(super) fn joining_break(text: &[u8], joins: Joins) -> Option<usize> {
    break_at(text, joins).map(|(_, length)| length)
}

/// What was seen of a break.
#[derive(Default)]
struct Seen {
    has_unseen: bool,
    has_tag: bool,
    has_line: bool,
    has_space: bool,
    /// The last four marks, in order. Every quote is `"` here.
    marks: [u8; 4],
    /// Whether there were more than four marks.
    has_more: bool,
}

impl Seen {
    fn mark(&mut self, byte: u8) {
        let [first, second, third, fourth] = self.marks;
        self.has_more |= first != 0;
        self.marks = [second, third, fourth, if b"'`".contains(&byte) { b'"' } else { byte }];
    }

    fn what(&self) -> Break {
        let is_other = self.has_tag || self.has_line || self.has_space || self.marks != [0; 4];
        if is_other { Break::Other } else { Break::Unseen }
    }

    /// Whether such a break stands within words alone, not between two.
    fn breaks_words(&self) -> bool {
        match self.marks {
            _ if self.has_more => false,
            [0, 0, 0, 0] => self.has_unseen || self.has_tag || self.has_line,
            // Quoted-printable, a hyphen, a mail's quotation, a comment.
            [0, 0, 0, b'=' | b'-' | b'>' | b'#' | b'*' | b'|' | b'+'] => self.has_line,
            // Two literals that a program puts together.
            [0, 0, b'"', b'"']
            | [0, b'"', b'+' | b'.' | b'&', b'"']
            | [b'"', b'.', b'.', b'"']
            | [b'"', b'+', b'+', b'"']
            | [b'"', b'|', b'|', b'"']
            | [b'"', b'<', b'>', b'"'] => true,
            _ => false,
        }
    }
}
