//! The keys in Redis.
//!
//! | key | what is there |
//! |---|---|
//! | `cog-auth:{A}:AAAABBBBCCCC` | a hash: `record`, `revision`, `revoked_at`, `last_used_at` |
//! | `cog-auth:{A}:current` | `here`, or the second up to which the copy has everything |
//!
//! In the braces is the first character of the id, so that a cluster has both in one place: all
//! that is needed to answer for a record is on the node that has it.

use cog_auth::token::CredentialId;

/// Where notices are published.
pub(super) const CHANNEL: &str = "cog-auth";

/// What says that the records in Redis are the store itself.
pub(super) const HERE: &str = "here";

/// The key of a record.
pub(super) fn record(id: CredentialId) -> String {
    format!("cog-auth:{{{}}}:{id}", tag(id))
}

/// The key of what is known of all records that begin as this one.
pub(super) fn current(id: CredentialId) -> String {
    current_of(tag(id))
}

/// The same for each character that an id may begin with.
pub(super) fn all_current() -> impl Iterator<Item = String> {
    ('0'..='9').chain('A'..='Z').chain('a'..='z').map(current_of)
}

/// The first character of an id.
pub(super) fn tag(id: CredentialId) -> char {
    id.as_str().chars().next().unwrap_or('0')
}

fn current_of(tag: char) -> String {
    format!("cog-auth:{{{tag}}}:current")
}
