//! The keys in Redis.
//!
//! | key | what is there |
//! |---|---|
//! | `cog-auth:{A}:AAAABBBBCCCC` | a hash: `record`, `revision`, `revoked_at`, `last_used_at` |
//! | `cog-auth:{A}:current` | `here`, or the second up to which the copy has everything |
//! | `cog-auth:{A}:credentials` | a sorted set: the ids of all records that begin with this `A` |
//! | `cog-auth:{A}:principal:user:user_01` | a hash: `facts`, `account` |
//! | `cog-auth:{A}:organization:org-a` | a hash: `id`, `account` |
//! | `cog-auth:{A}:account:acct_7` | a hash: `properties` |
//! | `cog-auth:{A}:credentials:user:user_01` | a sorted set: the ids of a principal's records |
//! | `cog-auth:{A}:principals:acct_7` | a sorted set: `user:user_01`, the principals of an account |
//!
//! In the braces is the first character of a record's id, and for all else one that is worked out
//! of its id. So a cluster has what is asked for and what says whether it is there in one place:
//! all that is needed for one answer is on one node. The sets of principals and accounts are on
//! another node than the records. What is in them may be too much, and is not to be believed by
//! itself.

use cog_auth::token::CredentialId;

/// Where notices are published.
pub(super) const CHANNEL: &str = "cog-auth";

/// What says that what Redis has is the store itself.
pub(super) const HERE: &str = "here";

/// What an id may begin with, in the order of ids.
const TAGS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A key, and the one that says whether it counts that nothing is there.
pub(super) struct Place {
    pub(super) key: String,
    pub(super) current: String,
}

impl Place {
    fn of(tag: char, name: &str) -> Self {
        Self { key: format!("cog-auth:{{{tag}}}:{name}"), current: current_of(tag) }
    }
}

/// The place of a record.
pub(super) fn record(id: CredentialId) -> Place {
    Place::of(tag(id), id.as_str())
}

/// The place of the ids that begin with a character.
pub(super) fn credentials(tag: char) -> Place {
    Place::of(tag, "credentials")
}

/// The place of the ids of a principal's records.
pub(super) fn credentials_of(principal_type: &str, id: &str) -> Place {
    Place::of(tag_of(id), &format!("credentials:{principal_type}:{id}"))
}

/// The place of what is known of a principal.
pub(super) fn principal(principal_type: &str, id: &str) -> Place {
    Place::of(tag_of(id), &format!("principal:{principal_type}:{id}"))
}

/// The place of what is known of an organization.
pub(super) fn organization(id: &str) -> Place {
    Place::of(tag_of(id), &format!("organization:{id}"))
}

/// The place of what is known of an account.
pub(super) fn account(id: &str) -> Place {
    Place::of(tag_of(id), &format!("account:{id}"))
}

/// The place of an account's principals.
pub(super) fn principals(account: &str) -> Place {
    Place::of(tag_of(account), &format!("principals:{account}"))
}

/// What says of each place whether it counts that nothing is there.
pub(super) fn all_current() -> impl Iterator<Item = String> {
    all_tags().map(current_of)
}

/// Each character that an id may begin with, in the order of ids.
pub(super) fn all_tags() -> impl Iterator<Item = char> {
    TAGS.iter().copied().map(char::from)
}

/// The first character of an id.
pub(super) fn tag(id: CredentialId) -> char {
    id.as_str().chars().next().unwrap_or('0')
}

/// A character that is worked out of any text: FNV-1a of 32 bits, modulo 62. It must stay as it is,
/// for what is in Redis is found by it.
fn tag_of(text: &str) -> char {
    let hash = text
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let index = usize::try_from(hash % 62).unwrap_or(0);
    TAGS.get(index).copied().map_or('0', char::from)
}

fn current_of(tag: char) -> String {
    format!("cog-auth:{{{tag}}}:current")
}

#[cfg(test)]
mod tests {
    use super::tag_of;

    /// FNV-1a of `a` is 0xe40c292c, that of `foobar` 0xbf9cf968, as its authors state.
    #[test]
    fn what_is_in_redis_is_found_by_the_same_character() {
        for (text, hash) in [("a", 0xe40c_292c_u32), ("foobar", 0xbf9c_f968), ("", 0x811c_9dc5)] {
            let index = usize::try_from(hash % 62).unwrap();
            assert_eq!(tag_of(text), char::from(super::TAGS[index]), "{text:?}");
        }
    }
}
