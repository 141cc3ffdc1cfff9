//! The answer of a call: JSON, or text and bytes as they are.

#[cfg(any(feature = "edge", feature = "text"))]
use alloc::string::String;
use alloc::vec::Vec;
use cog_auth::json_writer::Writer;

pub(crate) struct Answer {
    bytes: Vec<u8>,
}

/// Overwrites bytes with zeros. Behind the black box the compiler does not see that some are freed
/// then, and that nobody reads them.
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

    /// Leaves nothing of what it held, which may have been a secret.
    pub(crate) fn wipe(&mut self) {
        wipe(&mut self.bytes);
        self.bytes = Vec::new();
    }

    /// Answers bytes as they are, and returns their number.
    #[cfg(feature = "full")]
    pub(crate) fn copy(&mut self, bytes: &[u8]) -> u32 {
        self.take(bytes.to_vec())
    }

    /// Answers bytes as they are, without a copy, and returns their number.
    #[cfg(feature = "text")]
    pub(crate) fn bytes(&mut self, bytes: Vec<u8>) -> u32 {
        self.take(bytes)
    }

    /// Answers a text, and returns its length in bytes.
    #[cfg(any(feature = "edge", feature = "text"))]
    pub(crate) fn text(&mut self, text: String) -> u32 {
        self.take(text.into_bytes())
    }

    /// Answers what was written, and returns its length in bytes.
    pub(crate) fn written(&mut self, writer: Writer) -> u32 {
        self.take(writer.into_bytes())
    }

    /// Answers a JSON object, and returns its length in bytes.
    pub(crate) fn object(&mut self, fill: impl FnOnce(&mut Writer)) -> u32 {
        let mut writer = Writer::new();
        writer.object(fill);
        self.written(writer)
    }

    /// Adds a line feed and a text, and returns the length in bytes of all.
    #[cfg(feature = "edge")]
    pub(crate) fn add_line(&mut self, text: &[u8]) -> u32 {
        self.bytes.push(b'\n');
        self.bytes.extend_from_slice(text);
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }

    fn take(&mut self, bytes: Vec<u8>) -> u32 {
        self.wipe();
        self.bytes = bytes;
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }
}
