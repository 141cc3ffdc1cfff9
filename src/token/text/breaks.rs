//! Breaks: what converters, mails, editors and programmers put into a long word. They are specified
//! in the section "Finding tokens in text" of `docs/token-format.md`.

/// How many bytes a break has at most.
pub(super) const MAX_BREAK: usize = 64;

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

/// How long the first part of a text is, which begins with no alphanumeric character.
pub(super) fn part_length(text: &[u8]) -> Option<usize> {
    text.first().map(|_| part(text).1)
}

/// What a break consists of.
enum Part {
    /// A character that is not seen, such as a zero-width space.
    Unseen,
    /// A tag, a reference or an escape sequence: a page or a terminal takes it for an instruction.
    Tag,
    /// The end of a line.
    Line,
    Space,
    /// Anything else. A few marks break a word, together with others or with the end of a line.
    Mark(u8),
}

/// The first part of a text, which begins with no alphanumeric character, and its length.
fn part(text: &[u8]) -> (Part, usize) {
    match text {
        [b'\n' | b'\r', ..] => (Part::Line, 1),
        [b' ' | b'\t', ..] => (Part::Space, 1),
        // As it is written in programs and JSON.
        [b'\\', b'n' | b'r', ..] => (Part::Line, 2),
        [b'\\', b't', ..] => (Part::Space, 2),
        [b'\\', b'u', b'2' | b'f', b'0' | b'e', _, _, ..]
        | [b'\\', b'u', b'0', b'0', b'0' | b'1' | b'a' | b'A', _, ..] => (Part::Tag, 6),
        [b'\\', quote @ (b'"' | b'\''), ..] => (Part::Mark(*quote), 2),
        // A line that goes on in the next.
        [b'\\' | b'^' | b'`', b'\n' | b'\r', ..] => (Part::Space, 1),
        [b'%', b'2', b'0', ..] => (Part::Space, 3),
        // A control character, and what is no ASCII.
        [b'%', b'0' | b'1' | b'8' | b'9' | b'A'..=b'F' | b'a'..=b'f', _, ..] => (Part::Tag, 3),
        [b'<', b'/' | b'A'..=b'Z' | b'a'..=b'z', ..] => {
            up_to(text, b'>').unwrap_or((Part::Mark(b'<'), 1))
        }
        [b'&', b'#' | b's' | b'Z', ..] => up_to(text, b';').unwrap_or((Part::Mark(b'&'), 1)),
        // What a terminal takes for colours.
        [0x1b, b'[', rest @ ..] => {
            let length = rest.iter().take_while(|byte| matches!(byte, 0x20..=0x3f)).count();
            (Part::Tag, length.saturating_add(3))
        }
        [..=0x1f | 0x7f, ..] => (Part::Unseen, 1),
        // U+0080 to U+009F, and the soft hyphen.
        [0xc2, 0x80..=0x9f | 0xad, ..] => (Part::Unseen, 2),
        // U+200B to U+200F, U+2028 to U+202E, U+2060 to U+206F, U+FEFF, and U+FFFD, which stands
        // for a control character.
        [0xe2, 0x80, 0x8b..=0x8f | 0xa8..=0xae, ..]
        | [0xe2, 0x81, 0xa0..=0xaf, ..]
        | [0xef, 0xbb, 0xbf, ..]
        | [0xef, 0xbf, 0xbd, ..] => (Part::Unseen, 3),
        [byte, ..] => (Part::Mark(*byte), 1),
        [] => (Part::Space, 1),
    }
}

/// A tag or a character reference that ends with this byte. None: it has no such end, or a `_` stands
/// before it, for a prefix may begin there.
fn up_to(text: &[u8], end: u8) -> Option<(Part, usize)> {
    let mut inner = text.iter().take(MAX_BREAK).skip(1);
    let length = inner.position(|byte| [end, b'<', b'_'].contains(byte))?.saturating_add(1);
    (text.get(length) == Some(&end)).then_some((Part::Tag, length.saturating_add(1)))
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
