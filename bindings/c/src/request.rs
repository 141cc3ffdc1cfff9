//! A copy of a request, which an exchange keeps for as long as it lasts.

use crate::exchanges::cogauth_request;
use crate::failure::Failure;
use crate::memory;
use alloc::boxed::Box;
use alloc::vec::Vec;
use cog_auth::gate::HttpRequest;
use core::ops::Range;
use zeroize::Zeroize;

/// The method, the target, the context and the client's address of a request, in one place.
///
/// What it owns it reaches through a pointer, so that it can be moved while it is borrowed. The
/// `Authorization` lines are not here: a step does not keep them, and so neither does an exchange.
pub(crate) struct OwnedRequest {
    bytes: *mut [u8],
    method: Range<usize>,
    target: Range<usize>,
    context: Option<Range<usize>>,
    client_address: Option<Range<usize>>,
}

// SAFETY: it owns what it points to, and bytes can be used from any thread.
unsafe impl Send for OwnedRequest {}

/// A method that is no text, as one that no route has.
const NO_METHOD: &[u8] = "\u{fffd}".as_bytes();

impl OwnedRequest {
    pub(crate) fn copy(told: &cogauth_request) -> Result<Self, Failure> {
        let method = memory::bytes(told.method.data, told.method.length)?;
        let method = if core::str::from_utf8(method).is_ok() { method } else { NO_METHOD };
        let target = memory::bytes(told.target.data, told.target.length)?;
        let context = memory::optional_bytes(told.context.data, told.context.length)?;
        let address = told.client_address;
        let address = memory::optional_bytes(address.data, address.length)?;
        // What is no text is no address either.
        let address =
            address.map(|bytes| if core::str::from_utf8(bytes).is_ok() { bytes } else { &[] });
        let mut bytes = Vec::new();
        let room = [method, target, context.unwrap_or_default(), address.unwrap_or_default()]
            .iter()
            .try_fold(0_usize, |sum, part| sum.checked_add(part.len()));
        let room = room.ok_or(Failure::OUT_OF_MEMORY)?;
        bytes.try_reserve_exact(room).map_err(|_| Failure::OUT_OF_MEMORY)?;
        let mut add = |part: &[u8]| {
            let start = bytes.len();
            bytes.extend_from_slice(part);
            start..bytes.len()
        };
        let (method, target) = (add(method), add(target));
        let (context, client_address) = (context.map(&mut add), address.map(&mut add));
        let bytes = Box::into_raw(bytes.into_boxed_slice());
        Ok(Self { bytes, method, target, context, client_address })
    }

    /// The request as the gate takes it, with the caller's own `Authorization` lines.
    ///
    /// # Safety
    ///
    /// What is borrowed is no longer used when this is dropped, and the lines are not when the call
    /// that they were given to is over.
    pub(crate) unsafe fn borrowed(&self, lines: &[&[u8]]) -> HttpRequest<'static> {
        // SAFETY: the bytes are this request's own, and the caller does not use them after it.
        let bytes: &'static [u8] = unsafe { &*self.bytes };
        let part = |range: &Range<usize>| bytes.get(range.clone()).unwrap_or_default();
        HttpRequest {
            // It was text when it was copied.
            method: core::str::from_utf8(part(&self.method)).unwrap_or_default(),
            target: part(&self.target),
            // SAFETY: the caller does not use them after its call.
            authorization: unsafe {
                core::mem::transmute::<&[&[u8]], &'static [&'static [u8]]>(lines)
            },
            context: self.context.as_ref().map(part),
            // It was text when it was copied.
            client_address: self
                .client_address
                .as_ref()
                .map(|range| core::str::from_utf8(part(range)).unwrap_or_default()),
        }
    }
}

impl Drop for OwnedRequest {
    fn drop(&mut self) {
        // SAFETY: `copy` made it of a box, and nobody borrows from it any more. A path may hold
        // what was pasted by mistake, so it is wiped.
        unsafe { Box::from_raw(self.bytes) }.zeroize();
    }
}
