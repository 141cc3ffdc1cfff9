//! Writing an answer: JSON, or text and bytes as they are.

use crate::state::KEPT;
use alloc::vec::Vec;

/// Bytes of room for the first answer: most fit.
const LEAST: usize = 512;

pub(crate) struct Answer {
    bytes: Vec<u8>,
}

/// Overwrites bytes with zeros. Behind the black box the compiler does not see that some are freed then, and nobody reads them.
pub(crate) fn wipe(bytes: &mut [u8]) {
    core::hint::black_box(bytes).fill(0);
}

impl Answer {
    pub(crate) const fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    pub(crate) fn address(&mut self) -> usize {
        self.bytes.as_mut_ptr().expose_provenance()
    }

    /// In bytes.
    pub(crate) fn length(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }

    /// Leaves nothing of what it held, which may have been a secret, and no more room than usual.
    pub(crate) fn wipe(&mut self) {
        wipe(&mut self.bytes);
        self.bytes.clear();
        if self.bytes.capacity() > KEPT {
            self.bytes = Vec::new();
        }
    }

    pub(crate) fn raw(&mut self, text: &[u8]) {
        self.make_room(text.len());
        self.bytes.extend_from_slice(text);
    }

    /// Moves to a larger place where there is no room for so many more bytes, and leaves nothing at the old one.
    fn make_room(&mut self, more: usize) {
        let needed = self.bytes.len().saturating_add(more);
        if needed > self.bytes.capacity() {
            let mut larger = Vec::with_capacity(needed.saturating_mul(2).max(LEAST));
            larger.extend_from_slice(&self.bytes);
            wipe(&mut self.bytes);
            self.bytes = larger;
        }
    }

    /// Begins a member of an object.
    pub(crate) fn name(&mut self, name: &str) -> &mut Self {
        self.item().string(name);
        self.raw(b":");
        self
    }

    /// Begins an item of an array.
    pub(crate) fn item(&mut self) -> &mut Self {
        if !matches!(self.bytes.last(), None | Some(b'{' | b'[')) {
            self.raw(b",");
        }
        self
    }

    pub(crate) fn object(&mut self, fill: impl FnOnce(&mut Self)) {
        self.raw(b"{");
        fill(self);
        self.raw(b"}");
    }

    #[cfg(feature = "edge")]
    pub(crate) fn array(&mut self, fill: impl FnOnce(&mut Self)) {
        self.raw(b"[");
        fill(self);
        self.raw(b"]");
    }

    #[cfg(feature = "edge")]
    pub(crate) fn strings<'s>(&mut self, texts: impl IntoIterator<Item = &'s str>) {
        self.array(|answer| texts.into_iter().for_each(|text| answer.item().string(text)));
    }

    /// A JSON string: only what must be escaped is (RFC 8259, section 7).
    pub(crate) fn string(&mut self, text: &str) {
        self.raw(b"\"");
        for byte in text.bytes() {
            match byte {
                b'"' | b'\\' => self.raw(&[b'\\', byte]),
                0..=0x1f => {
                    let digit = |digit: u8| {
                        let letter = if digit < 10 { b'0' } else { b'a'.wrapping_sub(10) };
                        letter.wrapping_add(digit)
                    };
                    self.raw(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
                }
                _ => self.raw(&[byte]),
            }
        }
        self.raw(b"\"");
    }

    pub(crate) fn count(&mut self, number: usize) {
        self.number(u64::try_from(number).unwrap_or(u64::MAX));
    }

    pub(crate) fn number(&mut self, number: u64) {
        let ten = number.wrapping_div(10);
        if ten > 0 {
            self.number(ten);
        }
        let digit = u8::try_from(number.wrapping_sub(ten.wrapping_mul(10))).unwrap_or(0);
        self.raw(&[b'0'.wrapping_add(digit)]);
    }
}
