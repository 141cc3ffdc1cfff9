//! A string of a JSON text, compared and decoded in place.

use alloc::string::String;
use core::cmp::Ordering;

/// What stands between the quotes of a JSON string, its escapes checked but not decoded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    raw: &'a str,
    escaped: bool,
}

impl<'a> Text<'a> {
    /// `raw` must have passed the reader, which `escaped` says had a backslash in it.
    pub(super) const fn new(raw: &'a str, escaped: bool) -> Self {
        Self { raw, escaped }
    }

    /// A text that is not from JSON and means what it spells.
    pub(crate) const fn plain(raw: &'a str) -> Self {
        Self { raw, escaped: false }
    }

    /// The characters it means.
    pub(crate) fn chars(self) -> impl Iterator<Item = char> + 'a {
        let mut rest = self.raw.chars();
        let escaped = self.escaped;
        core::iter::from_fn(move || match rest.next()? {
            '\\' if escaped => decode(&mut rest),
            other => Some(other),
        })
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.raw.is_empty()
    }

    /// How many bytes of JSON it is, with its quotes.
    #[cfg(feature = "documents")]
    pub(super) const fn written(self) -> usize {
        self.raw.len().saturating_add(2)
    }

    /// The text where it has no escapes, and none where it would have to be decoded.
    pub(crate) const fn unescaped(self) -> Option<&'a str> {
        if self.escaped { None } else { Some(self.raw) }
    }

    #[cold] // Escapes are rare.
    pub(crate) fn decoded(self) -> String {
        if self.escaped { self.chars().collect() } else { String::from(self.raw) }
    }

    /// The order of the decoded texts, byte by byte as UTF-8.
    pub(crate) fn order(self, other: Text<'_>) -> Ordering {
        if self.escaped || other.escaped {
            self.chars().cmp(other.chars())
        } else {
            self.raw.as_bytes().cmp(other.raw.as_bytes())
        }
    }
}

impl PartialEq for Text<'_> {
    #[inline(always)] // Most differ in length.
    fn eq(&self, other: &Self) -> bool {
        if self.escaped || other.escaped {
            self.order(*other) == Ordering::Equal
        } else {
            self.raw.len() == other.raw.len() && self.raw == other.raw
        }
    }
}

impl Eq for Text<'_> {}

impl PartialOrd for Text<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order(*other)
    }
}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        *self == Text::plain(other)
    }
}

/// The number that hexadecimal digits spell.
pub(super) fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(number.wrapping_shl(4) | digit)
    })
}

/// Decodes what follows a backslash. The reader has checked it.
fn decode(rest: &mut core::str::Chars<'_>) -> Option<char> {
    Some(match rest.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let high = unit(rest)?;
            let code = if (0xd800..0xdc00).contains(&high) {
                rest.next()?;
                rest.next()?;
                let low = unit(rest)?;
                ((high & 0x3ff).wrapping_shl(10) | (low & 0x3ff)).wrapping_add(0x1_0000)
            } else {
                high
            };
            char::from_u32(code)?
        }
        other => other,
    })
}

fn unit(rest: &mut core::str::Chars<'_>) -> Option<u32> {
    let digits = rest.as_str().as_bytes().get(..4)?;
    let unit = hex(digits)?;
    rest.nth(3)?;
    Some(unit)
}
