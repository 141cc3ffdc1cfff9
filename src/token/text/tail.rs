//! The end of a text that arrives in pieces.

use alloc::vec::Vec;
use zeroize::Zeroizing;

/// What is still needed of a text that arrives in pieces. Places are byte offsets in the whole
/// text.
#[derive(Default)]
pub(super) struct Tail {
    /// Where it begins.
    start: usize,
    bytes: Zeroizing<Vec<u8>>,
}

impl Tail {
    /// Adds the next piece.
    pub(super) fn push(&mut self, piece: &[u8]) {
        let needed = self.bytes.len().saturating_add(piece.len());
        if needed > self.bytes.capacity() {
            // A vector that grows by itself leaves what it had unwiped.
            let room = needed.max(self.bytes.len().saturating_mul(2));
            let mut grown = Zeroizing::new(Vec::with_capacity(room));
            grown.extend_from_slice(&self.bytes);
            self.bytes = grown;
        }
        self.bytes.extend_from_slice(piece);
    }

    /// Leaves out what stands before a place.
    pub(super) fn forget_before(&mut self, place: usize) {
        let count = place.saturating_sub(self.start).min(self.bytes.len());
        self.bytes.drain(..count);
        self.start = self.start.saturating_add(count);
    }

    /// Where it begins in the text.
    pub(super) const fn start(&self) -> usize {
        self.start
    }

    /// Where it ends in the text.
    pub(super) fn end(&self) -> usize {
        self.start.saturating_add(self.bytes.len())
    }

    /// All of it.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What of it stands from a place on.
    pub(super) fn from(&self, place: usize) -> &[u8] {
        self.bytes.get(place.saturating_sub(self.start)..).unwrap_or_default()
    }
}
