//! One character in one of the forms in which escapes write it.

/// How a character is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Percent,
    Backslash,
    Html,
    QuotedPrintable,
}

/// A character of ASCII, how many bytes it takes, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) byte: u8,
    pub(super) length: usize,
    pub(super) form: Form,
}

/// How many bytes a character takes at most.
pub(super) const MAX_UNIT: usize = 24;

/// How often a text may have been escaped again.
const MAX_AGAIN: usize = 4;

/// The character at the beginning of a text.
pub(super) fn unit(text: &[u8]) -> Option<Unit> {
    let written = |form, read: Option<(u32, usize)>| {
        let (number, length) = read?;
        let byte = u8::try_from(number).ok().filter(u8::is_ascii)?;
        (length <= MAX_UNIT).then_some(Unit { byte, length, form })
    };
    match text {
        [byte @ (b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_'), ..] => {
            Some(Unit { byte: *byte, length: 1, form: Form::Plain })
        }
        [b'%', ..] => written(Form::Percent, percent(text)),
        [b'=', rest @ ..] => written(Form::QuotedPrintable, behind(1, digits(rest, 16, 2, 2))),
        [b'\\', ..] => written(Form::Backslash, backslash(text)),
        [b'&', ..] => written(Form::Html, reference(text)),
        _ => None,
    }
}

/// `%5F`, or `%255F` where it was escaped again.
fn percent(text: &[u8]) -> Option<(u32, usize)> {
    let again = repeated(text.get(1..)?, b"25");
    let skipped = 1_usize.saturating_add(again);
    let read = behind(skipped, digits(text.get(skipped..)?, 16, 2, 2));
    // `%25` alone is a percent sign, which no token has.
    read.or_else(|| behind(1, digits(text.get(1..)?, 16, 2, 2)))
}

/// `\u005f`, `\x5f`, `\u{5f}`, `\137`, `\_`, with as many backslashes as it was escaped times.
fn backslash(text: &[u8]) -> Option<(u32, usize)> {
    let marks = text.iter().take(MAX_UNIT).take_while(|byte| **byte == b'\\').count();
    let rest = text.get(marks..)?;
    let after = |count: usize| rest.get(count..).unwrap_or_default();
    let at = |count: usize| marks.saturating_add(count);
    match rest {
        [b'u' | b'x', b'{', ..] => {
            let (number, length) = digits(after(2), 16, 1, 6)?;
            let end = length.saturating_add(2);
            (rest.get(end) == Some(&b'}')).then(|| (number, at(end.saturating_add(1))))
        }
        [b'u', ..] => behind(at(1), digits(after(1), 16, 4, 4)),
        [b'U', ..] => behind(at(1), digits(after(1), 16, 8, 8)),
        [b'x', ..] => behind(at(1), digits(after(1), 16, 2, 2)),
        [b'0'..=b'3', ..] => behind(marks, digits(rest, 8, 3, 3)),
        [b'_', ..] => Some((u32::from(b'_'), at(1))),
        _ => None,
    }
}

/// `&#95;`, `&#x5f;`, `&lowbar;`, also where the `&` was escaped again.
fn reference(text: &[u8]) -> Option<(u32, usize)> {
    let skipped = 1_usize.saturating_add(repeated(text.get(1..)?, b"amp;"));
    let rest = text.get(skipped..)?;
    let at = |count: usize| skipped.saturating_add(count);
    for name in [b"lowbar;".as_slice(), b"UnderBar;"] {
        if rest.starts_with(name) {
            return Some((u32::from(b'_'), at(name.len())));
        }
    }
    let (number, end) = match rest {
        [b'#', b'x' | b'X', digit @ ..] => behind(2, digits(digit, 16, 2, 6))?,
        [b'#', digit @ ..] => behind(1, digits(digit, 10, 2, 7))?,
        _ => return None,
    };
    // Readers of HTML do without the semicolon.
    let has_end = rest.get(end) == Some(&b';');
    Some((number, at(end.saturating_add(usize::from(has_end)))))
}

/// How many bytes at the front are repetitions of a text.
fn repeated(text: &[u8], of: &[u8]) -> usize {
    let pieces = text.chunks(of.len()).take(MAX_AGAIN);
    pieces.take_while(|piece| *piece == of).count().saturating_mul(of.len())
}

fn behind(count: usize, read: Option<(u32, usize)>) -> Option<(u32, usize)> {
    read.map(|(number, length)| (number, length.saturating_add(count)))
}

/// The number at the front, with how many digits it has: from `least` to `most`.
pub(super) fn digits(text: &[u8], base: u32, least: usize, most: usize) -> Option<(u32, usize)> {
    let (mut number, mut count) = (0_u32, 0_usize);
    for byte in text.iter().take(most) {
        let Some(digit) = char::from(*byte).to_digit(base) else { break };
        number = number.checked_mul(base)?.checked_add(digit)?;
        count = count.saturating_add(1);
    }
    (count >= least).then_some((number, count))
}
