//! Why a request ends at the guard.

use cog_auth::gate::Refused;
use http::{Method, StatusCode};

/// Why a request ends at the guard, and what to answer: for an [`Answer`](crate::Answer).
///
/// Nearly always this is the gate's refusal. Otherwise the request could not be judged, because
/// something around the guard is not as it must be; then it is answered as if a store could not be
/// asked, and the log says why.
#[derive(Clone, Debug)]
pub struct Refusal {
    reason: Reason,
    method: Method,
    length: String,
}

#[derive(Clone, Debug)]
enum Reason {
    Refused(Refused),
    NotJudged,
}

/// What the gate sends where a store could not be asked.
const NOT_JUDGED: &str = r#"{"type":"about:blank","title":"Service Unavailable","status":503,"code":"unavailable","detail":"the credential could not be checked; try again later"}"#;

const NOT_JUDGED_HEADERS: &[(&str, &str)] =
    &[("content-type", "application/problem+json"), ("cache-control", "no-store")];

impl Refusal {
    pub(crate) fn refused(refused: Refused, method: Method) -> Self {
        Self::new(Reason::Refused(refused), method)
    }

    pub(crate) fn not_judged(method: Method) -> Self {
        Self::new(Reason::NotJudged, method)
    }

    fn new(reason: Reason, method: Method) -> Self {
        let mut refusal = Self { reason, method, length: String::new() };
        // HEAD has the fields that GET would have, and no content (RFC 9110, 9.3.2).
        if refusal.method == Method::HEAD {
            refusal.length = refusal.problem().len().to_string();
        }
        refusal
    }

    /// What the gate says; none if the request could not be judged.
    #[must_use]
    pub const fn gate(&self) -> Option<&Refused> {
        match &self.reason {
            Reason::Refused(refused) => Some(refused),
            Reason::NotJudged => None,
        }
    }

    /// The HTTP status: 400, 401, 403, 405 or 503.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        let status = self.gate().map(|refused| StatusCode::from_u16(refused.status()));
        match status {
            Some(Ok(status)) => status,
            Some(Err(_)) | None => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// All header fields that the response needs, names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let own = if self.gate().is_none() { NOT_JUDGED_HEADERS } else { &[] };
        let length = Some(("content-length", self.length.as_str()));
        let of_gate = self.gate().into_iter().flat_map(Refused::headers);
        of_gate.chain(own.iter().copied()).chain(length.filter(|(_, it)| !it.is_empty()))
    }

    /// The body: RFC 9457 problem details, as JSON without white space. It is empty in answer to
    /// HEAD.
    #[must_use]
    pub fn body(&self) -> &str {
        if self.method == Method::HEAD { "" } else { self.problem() }
    }

    /// The problem details, also in answer to HEAD.
    pub(crate) fn problem(&self) -> &str {
        match &self.reason {
            Reason::Refused(refused) => refused.body(),
            Reason::NotJudged => NOT_JUDGED,
        }
    }
}
