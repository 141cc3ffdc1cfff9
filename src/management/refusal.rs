//! What somebody is told whose request to manage credentials is refused.

use crate::error::{Code, Entry, Error};
use crate::gate::problem;
use crate::policy::{Explanation, Reason};
use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A request to manage credentials that is refused: the whole HTTP response (RFC 9457), the reasons
/// to show on a page, and what to log.
///
/// | status | why |
/// |---|---|
/// | 403 | the policy refuses, the requester is disabled, or the presented credential has ended |
/// | 409 | the credential is revoked, expired or rotated, or may not be replaced like that |
/// | 422 | no credential can be what was wanted, such as one with a name of two lines |
/// | 503 | nothing was decided: facts or record cannot be used, or no token could be made |
///
/// `Debug` shows the audit record, which holds no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal(Box<Detail>);

#[derive(Clone, PartialEq, Eq)]
struct Detail {
    status: u16,
    entry: &'static Entry,
    reasons: Vec<OwnReason>,
    body: String,
    audit: String,
    cause: Option<Error>,
}

/// A reason that outlives the decision from which it was taken.
#[derive(Clone, PartialEq, Eq)]
struct OwnReason {
    code: String,
    message: Option<String>,
    link: Option<String>,
}

/// Why a request is refused.
#[derive(Clone, Copy)]
pub(super) enum Ground<'e> {
    /// The policy does not allow it.
    Denied(&'e Explanation<'e>),
    /// Who asks is disabled, or the credential that was presented has ended.
    Barred(&'e Error),
    /// The credential that is there cannot be replaced like that.
    Conflict(&'e Error),
    /// No credential can be like what was wanted.
    Unfit(&'e Error),
    /// Nothing was decided, or no token could be made.
    Undecided(&'e Error),
}

/// After how many seconds to try again.
const RETRY_AFTER: &str = "5";

impl Ground<'_> {
    /// The true code.
    pub(super) fn entry(self) -> &'static Entry {
        match self {
            Self::Denied(_) => Code::Denied.entry(),
            Self::Barred(error)
            | Self::Conflict(error)
            | Self::Unfit(error)
            | Self::Undecided(error) => error.entry(),
        }
    }

    /// The HTTP status.
    pub(super) const fn status(self) -> u16 {
        self.status_and_title().0
    }

    const fn status_and_title(self) -> (u16, &'static str) {
        match self {
            Self::Denied(_) | Self::Barred(_) => (403, "Forbidden"),
            Self::Conflict(_) => (409, "Conflict"),
            Self::Unfit(_) => (422, "Unprocessable Content"),
            Self::Undecided(_) => (503, "Service Unavailable"),
        }
    }

    /// What whoever asked is told.
    fn detail(&self) -> &str {
        match self {
            Self::Denied(_) => "the policy does not allow this",
            Self::Barred(error) | Self::Conflict(error) | Self::Unfit(error) => error.message(),
            Self::Undecided(_) => "this could not be decided; try again later",
        }
    }
}

impl Refusal {
    pub(super) fn new(ground: Ground<'_>, audit: String) -> Self {
        let entry = ground.entry();
        let (explanation, cause) = match ground {
            Ground::Denied(explanation) => (Some(explanation), None),
            Ground::Barred(_) => (None, None),
            Ground::Conflict(error) | Ground::Unfit(error) | Ground::Undecided(error) => {
                (None, Some(error.clone()))
            }
        };
        let shown = if matches!(ground, Ground::Undecided(_)) {
            Code::Unavailable.entry().name
        } else {
            entry.name
        };
        Self(Box::new(Detail {
            status: ground.status(),
            entry,
            reasons: explanation.map_or_else(Vec::new, |it| owned(it.reasons())),
            body: problem(ground.status_and_title(), shown, ground.detail(), explanation),
            audit,
            cause,
        }))
    }

    /// The HTTP status: 403, 409, 422 or 503.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.0.status
    }

    /// All header fields that the response needs, names in lower case. A 503 has `retry-after`, in
    /// seconds.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let retry = (self.status() == 503).then_some(("retry-after", RETRY_AFTER));
        [("content-type", "application/problem+json"), ("cache-control", "no-store")]
            .into_iter()
            .chain(retry)
    }

    /// The body: RFC 9457 problem details, as JSON without white space.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.0.body
    }

    /// The reasons that the policy gave, as [`Explanation::reasons`] does. There are none unless
    /// the policy denied it.
    pub fn reasons(&self) -> impl Iterator<Item = Reason<'_>> {
        self.0.reasons.iter().map(|reason| Reason {
            code: &reason.code,
            message: reason.message.as_deref(),
            link: reason.link.as_deref(),
        })
    }

    /// The true code, also where the body hides it: for logs.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.0.entry.code
    }

    /// The audit record, as one line of JSON (section 18 of `docs/policy-language.md`). It holds no
    /// secret.
    #[must_use]
    pub fn audit(&self) -> &str {
        &self.0.audit
    }

    /// What went wrong; none where the status is 403. It is for logs. Where the status is 503, do
    /// not show it to the client.
    #[must_use]
    pub const fn cause(&self) -> Option<&Error> {
        self.0.cause.as_ref()
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal({})", self.audit())
    }
}

fn owned(reasons: &[Reason<'_>]) -> Vec<OwnReason> {
    let owned = |reason: &Reason<'_>| OwnReason {
        code: reason.code.to_owned(),
        message: reason.message.map(str::to_owned),
        link: reason.link.map(str::to_owned),
    };
    reasons.iter().map(owned).collect()
}
