//! Notices of what was written, by which caches forget.

use cog_auth::Time;
use cog_auth::token::CredentialId;

/// What was written in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The record of a credential.
    Credential(CredentialId),
    /// The facts about a user or a service user of this id.
    Principal(String),
    /// The facts about an organization of this id.
    Organization(String),
    /// Nothing: notices of all that was written up to this time have come before this one.
    Beat(Time),
    /// Perhaps anything: notices may have been lost.
    All,
}

impl Notice {
    /// Reads the text by which stores tell each other: a word, a space and an id or a time.
    ///
    /// What is not understood may be about anything, so that it is [`Notice::All`].
    ///
    /// ```
    /// use cog_auth_stores::Notice;
    ///
    /// assert_eq!(Notice::read("principal su_ci"), Notice::Principal("su_ci".to_owned()));
    /// assert_eq!(Notice::read("of a later version"), Notice::All);
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Self {
        match text.split_once(' ') {
            Some(("credential", id)) => CredentialId::parse(id).map_or(Self::All, Self::Credential),
            Some(("principal", id)) => Self::Principal(id.to_owned()),
            Some(("organization", id)) => Self::Organization(id.to_owned()),
            Some(("beat", at)) => {
                let at = at.parse().ok().and_then(|at| Time::from_seconds(at).ok());
                at.map_or(Self::All, Self::Beat)
            }
            Some(_) | None => Self::All,
        }
    }
}

/// Where notices come from: [`PostgresNotices`](crate::PostgresNotices),
/// [`RedisNotices`](crate::RedisNotices), or what a service has.
pub trait Notices: Send {
    /// Waits for the next notice, however long that takes.
    ///
    /// The first is [`Notice::All`], and so is the first after the connection was lost, once
    /// notices come again: nobody knows what was missed.
    fn next(&mut self) -> impl Future<Output = Notice> + Send;
}
