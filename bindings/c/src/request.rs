//! A copy of a request, which an exchange keeps for as long as it lasts.

use crate::exchanges::cogauth_request;
use crate::failure::Failure;
use crate::memory;
use alloc::boxed::Box;
use alloc::vec::Vec;
use cog_auth::gate::HttpRequest;
use core::ops::Range;
use zeroize::Zeroize;

/// All bytes of a request in one place, wiped when it is dropped: headers hold tokens.
///
/// What it owns it reaches through pointers, so that it can be moved while it is borrowed.
pub(crate) struct OwnedRequest {
    bytes: *mut [u8],
    values: *mut [&'static [u8]],
    method: Range<usize>,
    target: Range<usize>,
    context: Option<Range<usize>>,
}

// SAFETY: it owns what it points to, and bytes can be used from any thread.
unsafe impl Send for OwnedRequest {}

impl OwnedRequest {
    pub(crate) fn copy(told: &cogauth_request) -> Result<Self, Failure> {
        let method = memory::text(told.method.data, told.method.length)?.as_bytes();
        let target = memory::bytes(told.target.data, told.target.length)?;
        let context = memory::optional_bytes(told.context.data, told.context.length)?;
        let lines = memory::lists(told.authorization, told.authorization_count)?;
        let mut gathered =
            Gathered::with_room([method, target, context.unwrap_or_default()].iter().chain(&lines));
        let (method, target) = (gathered.add(method), gathered.add(target));
        let context = context.map(|context| gathered.add(context));
        let lines: Vec<_> = lines.iter().map(|line| gathered.add(line)).collect();
        let bytes = Box::into_raw(gathered.bytes.into_boxed_slice());
        let values: Vec<&'static [u8]> = lines
            .into_iter()
            // SAFETY: the bytes stay where they are until `drop`, and the values go before them.
            .map(|line| unsafe { &*bytes }.get(line).unwrap_or_default())
            .collect();
        let values = Box::into_raw(values.into_boxed_slice());
        Ok(Self { bytes, values, method, target, context })
    }

    /// The request as the gate takes it.
    ///
    /// # Safety
    ///
    /// What is borrowed is no longer used when this is dropped.
    pub(crate) unsafe fn borrowed(&self) -> HttpRequest<'static> {
        // SAFETY: the bytes are this request's own, and the caller does not use them after it.
        let bytes: &'static [u8] = unsafe { &*self.bytes };
        // SAFETY: so are the values.
        let authorization: &'static [&'static [u8]] = unsafe { &*self.values };
        let part = |range: &Range<usize>| bytes.get(range.clone()).unwrap_or_default();
        HttpRequest {
            // It was text when it was copied.
            method: core::str::from_utf8(part(&self.method)).unwrap_or_default(),
            target: part(&self.target),
            authorization,
            context: self.context.as_ref().map(part),
        }
    }
}

impl Drop for OwnedRequest {
    fn drop(&mut self) {
        // SAFETY: `copy` made it of a box, and nobody borrows from it any more.
        drop(unsafe { Box::from_raw(self.values) });
        // SAFETY: the same.
        unsafe { Box::from_raw(self.bytes) }.zeroize();
    }
}

/// Bytes one after the other, in a vector that never grows, so that none are left behind unwiped.
struct Gathered {
    bytes: Vec<u8>,
}

impl Gathered {
    fn with_room<'a>(parts: impl Iterator<Item = &'a &'a [u8]>) -> Self {
        let room = parts.fold(0_usize, |sum, part| sum.saturating_add(part.len()));
        Self { bytes: Vec::with_capacity(room) }
    }

    fn add(&mut self, part: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(part);
        start..self.bytes.len()
    }
}
