//! Parts of breaks: single characters, and what several together stand for, such as tags, character
//! references and the escapes of what is not seen.

/// How many bytes a break has at most.
pub(super) const MAX_BREAK: usize = 64;

/// How many backslashes may stand in place of one, in an escape that was escaped again.
const MAX_BACKSLASHES: usize = 8;

/// What a break consists of.
pub(super) enum Part {
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
pub(super) fn part(text: &[u8]) -> (Part, usize) {
    if let [b'<' | b'&' | b'\\' | b'%' | 0x1b, ..] = text
        && let Some(found) = spelled(text)
    {
        return found;
    }
    if let [b'\\', b'\\', ..] = text
        && let Some(found) = escaped_again(text)
    {
        return found;
    }
    match text {
        [b'\n' | b'\r', ..] => (Part::Line, 1),
        [b' ' | b'\t', ..] => (Part::Space, 1),
        // As it is written in programs and JSON.
        [b'\\', b'n' | b'r', ..] => (Part::Line, 2),
        [b'\\', b't', ..] => (Part::Space, 2),
        [b'\\', quote @ (b'"' | b'\''), ..] => (Part::Mark(*quote), 2),
        // A line that goes on in the next.
        [b'\\' | b'^' | b'`', b'\n' | b'\r', ..] => (Part::Space, 1),
        [b'%', b'2', b'0', ..] => (Part::Space, 3),
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

/// The escape behind several backslashes that stand in place of one.
fn escaped_again(text: &[u8]) -> Option<(Part, usize)> {
    let more = more_backslashes(text);
    let escape = text.get(more..)?;
    let next = *escape.get(1)?;
    if !(next.is_ascii_alphanumeric() || matches!(next, b'"' | b'\'')) {
        return None;
    }
    match part(escape) {
        (Part::Mark(b'\\'), _) => None,
        (found, length) => Some((found, length.saturating_add(more))),
    }
}

/// How many backslashes stand before the last one of those at the beginning.
fn more_backslashes(text: &[u8]) -> usize {
    let backslashes = text.iter().take(MAX_BACKSLASHES).take_while(|byte| **byte == b'\\');
    backslashes.count().saturating_sub(1)
}

/// How long the first part of a text is, which begins with no alphanumeric character.
pub(super) fn part_length(text: &[u8]) -> Option<usize> {
    text.first().map(|_| part(text).1)
}

/// A part at the beginning of a text that several characters together stand for.
fn spelled(text: &[u8]) -> Option<(Part, usize)> {
    let (begin, end): (usize, &[u8]) = match text {
        [b'<', ..] => (1, b">"),
        [b'&', b'l', b't', b';', ..] => (4, b"&gt;"),
        [b'%', b'3', b'c' | b'C', ..] => (3, b"%3e"),
        [b'\\', b'x', b'3', b'c' | b'C', ..] => (4, br"\x3e"),
        [b'\\', b'u', b'0', b'0', b'3', b'c' | b'C', ..] => (6, br"\u003e"),
        [b'&', ..] => return reference(text),
        _ => return escape(text).map(|length| (Part::Tag, length)),
    };
    // A tag has a name.
    let name = *text.get(begin)?;
    (name.is_ascii_alphabetic() || name == b'/').then_some(())?;
    up_to(text, begin, end).map(|length| (Part::Tag, length))
}

/// A character reference of HTML.
fn reference(text: &[u8]) -> Option<(Part, usize)> {
    let length = up_to(text, 1, b";")?;
    let part = match text.get(1..length.saturating_sub(1))? {
        b"quot" | b"apos" | b"#34" | b"#39" | b"#x22" | b"#x27" => Part::Mark(b'"'),
        [b'#', ..] => Part::Tag,
        // What is not seen.
        b"shy" | b"zwj" | b"zwnj" | b"lrm" | b"rlm" | b"NoBreak" | b"ZeroWidthSpace" => Part::Tag,
        _ => return None,
    };
    Some((part, length))
}

/// How long the escape of a control character is, or of what is no ASCII, as URLs, programs and
/// JSON have it; and what a terminal takes for colours.
fn escape(text: &[u8]) -> Option<usize> {
    let esc = match text {
        [0x1b, ..] => 1,
        [b'\\', b'e', ..] => 2,
        [b'%', b'1', b'b' | b'B', ..] => 3,
        [b'\\', b'x', b'1', b'b' | b'B', ..] | [b'\\', b'0', b'3', b'3', ..] => 4,
        [b'\\', b'u', b'0', b'0', b'1', b'b' | b'B', ..] => 6,
        _ => 0_usize,
    };
    if let ([b'[', numbers @ ..], 1..) = (text.get(esc..)?, esc) {
        let numbers = numbers.iter().take_while(|byte| matches!(byte, 0x20..=0x3f)).count();
        return Some(esc.saturating_add(numbers).saturating_add(2));
    }
    match text {
        [b'%', first, _, ..] if is_unseen(*first) => Some(3),
        [b'\\', b'x', first, _, ..] if is_unseen(*first) => Some(4),
        [b'\\', b'u', b'2' | b'f' | b'F', b'0' | b'e' | b'E', _, _, ..]
        | [b'\\', b'u', b'0', b'0', b'0' | b'1' | b'a' | b'A', _, ..] => Some(6),
        [b'\\', b'u', b'{', b'2' | b'f' | b'F', b'0' | b'e' | b'E', _, _, b'}', ..] => Some(8),
        _ => None,
    }
}

/// Whether a byte is not seen, or no ASCII, of which this is the first hexadecimal digit.
const fn is_unseen(digit: u8) -> bool {
    matches!(digit, b'0' | b'1' | b'8' | b'9' | b'A'..=b'F' | b'a'..=b'f')
}

/// How long a part is that begins with so many bytes and ends so. None: it has no such end, or
/// before it stands a `_`, for a prefix may begin there, or what begins another part. So no byte of
/// many that begin is read more than twice.
fn up_to(text: &[u8], begin: usize, end: &[u8]) -> Option<usize> {
    let stops = [*text.first()?, *end.first()?, b'<', b'_'];
    let mut inner = text.iter().take(MAX_BREAK).skip(begin);
    let at = begin.saturating_add(inner.position(|byte| stops.contains(byte))?);
    // The end may have been escaped again, too.
    let at = at.saturating_add(more_backslashes(text.get(at..)?));
    let past = at.saturating_add(end.len());
    text.get(at..past)?.eq_ignore_ascii_case(end).then_some(past)
}
