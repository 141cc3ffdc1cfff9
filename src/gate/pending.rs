//! One request on its way through the gate.

use super::http_request::{HttpRequest, debug};
use super::options::Options;
use crate::policy::Attributes;
use crate::time::Time;
use crate::token::{Genuine, Handle};
use alloc::boxed::Box;
use core::fmt;

/// A request that has no outcome yet.
pub(super) struct PendingRequest<'g> {
    pub(super) options: &'g Options,
    pub(super) now: Time,
    pub(super) method: &'g str,
    pub(super) target: &'g [u8],
    pub(super) client_address: Option<&'g str>,
    /// The attributes that the caller's context was read into; none if the caller gave no context.
    // In a box, because the bytes that a large `None` would leave unset keep whatever the stack
    // held there, perhaps a part of a key.
    pub(super) context: Option<Box<Attributes<'g>>>,
    /// Of the token, once it is known to be genuine.
    pub(super) handle: Option<Handle>,
    /// The token, from when it is known to be genuine until it is accepted. It stays here, for a
    /// move would leave its bytes behind.
    pub(super) token: Genuine,
}

impl<'g> PendingRequest<'g> {
    pub(super) fn new(
        options: &'g Options,
        request: &HttpRequest<'g>,
        context: Option<Box<Attributes<'g>>>,
        now: Time,
    ) -> Self {
        Self {
            options,
            now,
            method: request.method,
            target: request.target,
            client_address: request.client_address,
            context,
            handle: None,
            token: Genuine::unset(),
        }
    }
}

impl fmt::Debug for PendingRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(f, "PendingRequest", self.method, self.target)
    }
}
