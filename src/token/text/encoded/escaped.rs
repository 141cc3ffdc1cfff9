//! A token of which characters are escaped, or stand on both sides of a break.

use super::super::break_parts::{MAX_BREAK, part_length};
use super::super::finding::{Encoding, Layers};
use super::units::{Form, MAX_UNIT, Unit, unit};
use crate::token::layout::{PREFIX_TEXT, VERSION_1};
use crate::token::{Kind, Token};
use core::ops::Range;
use zeroize::Zeroizing;

/// The bytes of a token, wiped in the end.
pub(super) type Bytes = Zeroizing<[u8; Token::LEN]>;

/// How many bytes may stand between two characters of a prefix.
const MAX_GAP: usize = 16;

/// What a low line in some form belongs to: the token, where it is, and how it is written.
pub(super) fn read(text: &[u8], anchor: usize) -> Option<(Token, Range<usize>, Layers)> {
    let (at, low_line) = low_line(text, anchor)?;
    let mut rest = Characters { text, at: at.saturating_add(low_line.length), has_break: false };
    let mut form = low_line.form;
    let mut bytes = Bytes::new([0; Token::LEN]);
    // What is rare comes first: nearly every low line in a text is refused here.
    for (index, byte) in bytes.iter_mut().skip(PREFIX_TEXT.len()).enumerate() {
        let unit = rest.next()?;
        let fits = match index {
            0 => [unit.byte] == VERSION_1,
            1 => Kind::from_character(&[unit.byte]).is_some(),
            _ => true,
        };
        if !fits {
            return None;
        }
        *byte = unit.byte;
        form = if form == Form::Plain { unit.form } else { form };
    }
    let [letters @ .., _] = &PREFIX_TEXT;
    let prefix = Prefix { start: at, form, has_other_case: false, has_break: rest.has_break };
    let Prefix { start, form, has_other_case, has_break } = prefix.with(text, letters)?;
    *bytes.first_chunk_mut()? = PREFIX_TEXT;
    let token = Token::parse(bytes.as_slice()).ok()?;
    let layers = match form {
        Form::Percent => Layers::one(Encoding::Percent),
        Form::Backslash => Layers::one(Encoding::Backslash),
        Form::Html => Layers::one(Encoding::Html),
        Form::QuotedPrintable => Layers::one(Encoding::QuotedPrintable),
        Form::Plain if has_other_case => Layers::one(Encoding::OtherCase),
        Form::Plain if has_break => Layers::one(Encoding::Broken),
        Form::Plain => Layers::NONE,
    };
    Some((token, start..rest.at, layers))
}

/// The low line of which two bytes are at an anchor, and where it begins.
fn low_line(text: &[u8], anchor: usize) -> Option<(usize, Unit)> {
    let second = anchor.saturating_add(1);
    match (text.get(anchor)?, text.get(second)?) {
        (b'_', _) => Some(marked(text, anchor)),
        (_, b'_') => Some(marked(text, second)),
        (b'&', _) => {
            let unit = text.get(anchor..).and_then(unit).filter(|unit| unit.byte == b'_')?;
            Some((anchor, unit))
        }
        // The digits of an escape, which begins a little before.
        _ => {
            let last = text.get(anchor.checked_sub(1)?)?;
            if !matches!(last, b'%' | b'=' | b'x' | b'X' | b'0'..=b'5' | b'{' | b'#' | b'p') {
                return None;
            }
            let first = second.saturating_sub(MAX_UNIT);
            let found = (first..anchor).rev().find_map(|at| {
                let unit = text.get(at..).and_then(unit).filter(|unit| unit.byte == b'_')?;
                (at.saturating_add(unit.length) > second).then_some((at, unit))
            });
            found.map(|(at, unit)| whole(text, at, unit))
        }
    }
}

/// A low line that stands there as it is, but for backslashes before it.
fn marked(text: &[u8], at: usize) -> (usize, Unit) {
    let (start, mut found) = whole(text, at, Unit { byte: b'_', length: 1, form: Form::Plain });
    if start < at {
        found.form = Form::Backslash;
    }
    (start, found)
}

/// An escape with all its backslashes: it has one more for each time that it was escaped again.
fn whole(text: &[u8], at: usize, unit: Unit) -> (usize, Unit) {
    let may_be_marked = matches!(text.get(at), Some(b'\\' | b'_'));
    let earlier = text.get(..at).unwrap_or_default().iter().rev().take(MAX_UNIT);
    let marks = earlier.take_while(|byte| may_be_marked && **byte == b'\\').count();
    let length = unit.length.saturating_add(marks);
    (at.saturating_sub(marks), Unit { length, ..unit })
}

/// The end of a prefix, from some character on.
#[derive(Clone, Copy)]
struct Prefix {
    start: usize,
    form: Form,
    has_other_case: bool,
    has_break: bool,
}

impl Prefix {
    /// With these characters before it, if they are there. A break may have one of them in it, as
    /// `&gt;` has a `g`: then what stands before the break is tried as well.
    fn with(self, text: &[u8], letters: &[u8]) -> Option<Self> {
        let [others @ .., letter] = letters else { return Some(self) };
        (0..=MAX_GAP.min(self.start)).find_map(|gap| {
            let end = self.start.saturating_sub(gap);
            if !may_stand_between(text.get(end..self.start)?) {
                return None;
            }
            (1..=MAX_UNIT.min(end)).find_map(|length| {
                let at = end.saturating_sub(length);
                let unit = text.get(at..).and_then(unit).filter(|unit| unit.length == length)?;
                if !unit.byte.eq_ignore_ascii_case(letter) {
                    return None;
                }
                let (start, unit) = whole(text, at, unit);
                let more = Self {
                    start,
                    form: if self.form == Form::Plain { unit.form } else { self.form },
                    has_other_case: self.has_other_case || unit.byte != *letter,
                    has_break: self.has_break || gap > 0,
                };
                more.with(text, others)
            })
        })
    }
}

/// Whether there is nothing, or a break. Line ends may be escaped in any way.
fn may_stand_between(text: &[u8]) -> bool {
    let is_of_line_end =
        |byte: &u8| !byte.is_ascii_alphanumeric() && *byte != b'_' || b"nrtDdAa03".contains(byte);
    if text.iter().all(is_of_line_end) {
        return true;
    }
    let mut rest = text;
    while let Some(first) = rest.first() {
        let length = part_length(rest).filter(|_| !first.is_ascii_alphanumeric() && *first != b'_');
        let Some(behind) = length.and_then(|length| rest.get(length..)) else { return false };
        rest = behind;
    }
    true
}

/// The letters and digits from some place on, in any form, over breaks.
struct Characters<'t> {
    text: &'t [u8],
    at: usize,
    has_break: bool,
}

impl Characters<'_> {
    fn next(&mut self) -> Option<Unit> {
        let start = self.at;
        loop {
            let rest = self.text.get(self.at..)?;
            if let Some(unit) = unit(rest).filter(|unit| unit.byte.is_ascii_alphanumeric()) {
                self.at = self.at.saturating_add(unit.length);
                return Some(unit);
            }
            // No break has a low line, so no two searches read the same bytes.
            if rest.first() == Some(&b'_') {
                return None;
            }
            self.has_break = true;
            self.at = self.at.saturating_add(part_length(rest)?);
            if self.at.saturating_sub(start) > MAX_BREAK {
                return None;
            }
        }
    }
}
