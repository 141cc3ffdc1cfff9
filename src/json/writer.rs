//! Writing JSON, always in the same bytes for the same calls.

use super::lexer::plain;
use alloc::string::String;
use alloc::vec::Vec;

/// The letter of the short escape of each control character, such as the `n` of `\n`; 0 for those
/// that have none.
const SHORT: &[u8; 14] = b"\0\0\0\0\0\0\0\0btn\0fr";

/// Writes JSON without white space, and puts the commas.
///
/// Users of this library do not need it: it is public, and hidden, for this project's own bindings,
/// so that they write what the library writes. It may change at any time.
#[derive(Debug, Default)]
pub struct Writer {
    /// UTF-8: all that is written is ASCII or a string.
    out: Vec<u8>,
    comma: bool,
}

impl Writer {
    /// An empty writer, with room for a usual decision.
    #[must_use]
    pub fn new() -> Self {
        Self::with_room(256)
    }

    /// An empty writer, with room for `bytes` bytes. A text that grows beyond its room is moved,
    /// and leaves a copy behind: a text that has a secret in it must be given enough.
    #[must_use]
    pub fn with_room(bytes: usize) -> Self {
        Self { out: Vec::with_capacity(bytes), comma: false }
    }

    /// How many bytes were written so far.
    pub(crate) const fn bytes(&self) -> usize {
        self.out.len()
    }

    /// The text that was written.
    #[must_use]
    pub fn finish(self) -> String {
        String::from_utf8(self.out).unwrap_or_default()
    }

    /// The text that was written, as UTF-8.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Writes an object, whose members `fill` writes.
    pub fn object(&mut self, fill: impl FnOnce(&mut Self)) -> &mut Self {
        self.open(b'{');
        fill(self);
        self.close(b'}')
    }

    /// Writes an array, whose items `fill` writes.
    pub fn array(&mut self, fill: impl FnOnce(&mut Self)) -> &mut Self {
        self.open(b'[');
        fill(self);
        self.close(b']')
    }

    /// Writes the name of a member, whose value is written next.
    pub fn name(&mut self, name: &str) -> &mut Self {
        self.string(name);
        self.close(b':');
        self.comma = false;
        self
    }

    /// Writes a string in the form of RFC 8785: with the shortest escapes, and only those that are
    /// needed.
    pub fn string(&mut self, text: &str) -> &mut Self {
        self.open(b'"');
        let bytes = text.as_bytes();
        let mut at = 0_usize;
        loop {
            let end = plain(bytes, at);
            self.out.extend_from_slice(bytes.get(at..end).unwrap_or_default());
            let Some(byte) = bytes.get(end) else { break };
            self.escape(*byte);
            at = end.saturating_add(1);
        }
        self.close(b'"')
    }

    /// Writes a quote, a backslash or a control character.
    fn escape(&mut self, byte: u8) {
        let short = match byte {
            b' '.. => byte,
            _ => SHORT.get(usize::from(byte)).copied().unwrap_or(0),
        };
        if short > 0 {
            self.out.extend_from_slice(&[b'\\', short]);
        } else {
            let low = byte & 15;
            let zero = if low < 10 { b'0' } else { b'a'.wrapping_sub(10) };
            let digits = [b'0'.wrapping_add(byte >> 4), zero.wrapping_add(low)];
            self.out.extend_from_slice(b"\\u00");
            self.out.extend_from_slice(&digits);
        }
    }

    /// Writes an integer.
    pub fn integer(&mut self, number: i64) -> &mut Self {
        self.raw(if number < 0 { "-" } else { "" });
        self.digits(number.unsigned_abs());
        self
    }

    /// Writes an integer that is not below zero.
    pub fn natural(&mut self, number: u64) -> &mut Self {
        self.raw("");
        self.digits(number);
        self
    }

    fn digits(&mut self, number: u64) {
        if number >= 10 {
            self.digits(number / 10);
        }
        self.out.push(b'0'.wrapping_add(u8::try_from(number % 10).unwrap_or(0)));
    }

    /// Writes `true` or `false`.
    pub fn boolean(&mut self, value: bool) -> &mut Self {
        self.raw(if value { "true" } else { "false" })
    }

    /// Writes a text that is JSON already.
    pub fn raw(&mut self, json: &str) -> &mut Self {
        self.separate();
        self.out.extend_from_slice(json.as_bytes());
        self.comma = true;
        self
    }

    /// Writes an array of strings.
    pub fn strings<T: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = T>) -> &mut Self {
        self.array(|w| {
            for text in texts {
                w.string(text.as_ref());
            }
        })
    }

    pub(crate) fn open(&mut self, mark: u8) {
        self.separate();
        self.out.push(mark);
        self.comma = false;
    }

    pub(crate) fn close(&mut self, mark: u8) -> &mut Self {
        self.out.push(mark);
        self.comma = true;
        self
    }

    fn separate(&mut self) {
        if self.comma {
            self.out.push(b',');
        }
    }
}
