//! Exchanges that wait for facts: what the gate found out until then, so that the last step need
//! not begin again.
//!
//! One is kept until it is asked for, until as many newer ones have come, or until anything is
//! unloaded. Whoever asks for one that is gone begins again with the request, and gets the same
//! answer. No token is in one.

use alloc::string::String;
use alloc::vec::Vec;
use cog_auth::gate::{Gate, HeldCredential, HttpRequest};

/// How many are kept. Those of more requests at a time begin again.
const MOST: usize = 64;

/// How many bytes a request may have that is kept.
const MOST_BYTES: usize = 4 * 1024;

/// The newest exchanges, each at its number modulo [`MOST`].
pub(crate) struct Exchanges {
    kept: Vec<Option<(u32, Exchange)>>,
    last: u32,
}

pub(crate) struct Exchange {
    pub(crate) gate: Gate,
    pub(crate) request: KeptRequest,
    pub(crate) credential: HeldCredential,
}

/// A request without its headers and its query, in which there may be a secret.
pub(crate) struct KeptRequest {
    method: String,
    path: Vec<u8>,
    context: Option<Vec<u8>>,
    client_address: Option<String>,
}

impl Exchanges {
    pub(crate) const fn new() -> Self {
        Self { kept: Vec::new(), last: 0 }
    }

    /// Keeps an exchange, and gives its number, which is not 0.
    pub(crate) fn keep(&mut self, exchange: Exchange) -> u32 {
        self.last = self.last.checked_add(1).unwrap_or(1);
        let place = place(self.last);
        while self.kept.len() <= place {
            self.kept.push(None);
        }
        if let Some(kept) = self.kept.get_mut(place) {
            *kept = Some((self.last, exchange));
        }
        self.last
    }

    /// The exchange with this number, if it is still there. It is not kept any longer.
    pub(crate) fn take(&mut self, number: u32) -> Option<Exchange> {
        let kept = self.kept.get_mut(place(number))?;
        let (_, exchange) = kept.take_if(|(kept, _)| *kept == number)?;
        Some(exchange)
    }

    pub(crate) fn forget_all(&mut self) {
        self.kept.clear();
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(0) % MOST
}

impl KeptRequest {
    /// A copy of a request; none if that is too large to be kept.
    pub(crate) fn of(request: &HttpRequest<'_>) -> Option<Self> {
        let HttpRequest { method, target, authorization: _, context, client_address } = *request;
        let path = target.split(|byte| *byte == b'?').next().unwrap_or_default();
        let texts = [method.as_bytes(), path, context.unwrap_or_default()];
        let length = texts.iter().fold(0_usize, |sum, text| sum.saturating_add(text.len()));
        let address = client_address.map_or(0, str::len);
        (length.saturating_add(address) <= MOST_BYTES).then(|| Self {
            method: method.into(),
            path: path.into(),
            context: context.map(Vec::from),
            client_address: client_address.map(String::from),
        })
    }

    pub(crate) fn as_request(&self) -> HttpRequest<'_> {
        HttpRequest {
            method: &self.method,
            target: &self.path,
            authorization: &[],
            context: self.context.as_deref(),
            client_address: self.client_address.as_deref(),
        }
    }
}
