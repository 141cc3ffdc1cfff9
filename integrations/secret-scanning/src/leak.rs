//! What an alert says of one token, and what is to be said of it.

use cog_auth::token::{EdgeKeys, Handle, Token};
use cog_auth::{Code, Time};
use core::fmt;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Something that GitHub has found. Members that it adds one day are ignored.
#[derive(Deserialize)]
pub struct Leak {
    token: Zeroizing<String>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    source: String,
}

impl Leak {
    /// The name that was agreed on with GitHub for this kind of token.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Where it was found, or empty. It is text from elsewhere.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// In what it was found, such as `content` or `commit`; or empty.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it is ours. A token that has expired was.
    #[must_use]
    pub fn judge(&self, keys: &EdgeKeys, now: Time) -> Verdict {
        let Ok(token) = Token::parse(self.token.as_bytes()) else { return Verdict::NotOurs };
        let handle = token.handle();
        match keys.verify(token, now).map_err(|error| error.code()) {
            Ok(_) | Err(Code::Expired) => Verdict::Ours(handle),
            Err(_) => Verdict::NotOurs,
        }
    }
}

impl fmt::Debug for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Leak");
        shown.field("kind", &self.kind).field("url", &self.url).finish_non_exhaustive()
    }
}

/// What is known of a [`Leak`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// One of our keys has made it. It is to be revoked.
    Ours(Handle),
    /// It is no token, a sample, or was made with a key that is not among these.
    NotOurs,
}

impl Verdict {
    /// GitHub's name for it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ours(_) => "true_positive",
            Self::NotOurs => "false_positive",
        }
    }
}

#[derive(Serialize)]
struct Judged<'a> {
    token_raw: &'a str,
    token_type: &'a str,
    label: &'static str,
}

/// The body of the response to an alert: what of it was found rightly and what for nothing.
///
/// It has the tokens in it, as GitHub has sent them: it is for GitHub alone.
#[must_use]
pub fn feedback(judged: &[(Leak, Verdict)]) -> String {
    let judged = judged.iter().map(|(leak, verdict)| Judged {
        token_raw: &leak.token,
        token_type: &leak.kind,
        label: verdict.label(),
    });
    serde_json::to_string(&judged.collect::<Vec<_>>()).unwrap_or_default()
}
