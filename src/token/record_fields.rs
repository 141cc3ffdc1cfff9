//! What a record says, and what each of its fields may be (section "Records" of
//! `docs/token-format.md`).

use super::digest::{EdgeDigest, OriginDigest};
use super::text_lists::sorted;
use super::{CredentialId, Kind, Scopes};
use crate::address::Network;
use crate::time::Time;
use alloc::string::String;
use alloc::vec::Vec;

/// How many addresses and prefixes a record may have.
pub const MAX_ADDRESSES: usize = 256;

/// The longest name of a credential, in bytes of UTF-8.
pub const MAX_NAME_BYTES: usize = 256;

/// The fields of a record that is being read or drafted. In a [`Record`](super::Record) they have
/// passed every check.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct RecordFields {
    pub(super) id: CredentialId,
    pub(super) kind: Kind,
    pub(super) principal: String,
    pub(super) digest: Option<OriginDigest>,
    pub(super) edge_digest: Option<EdgeDigest>,
    pub(super) scopes: Scopes,
    /// In byte order, each once.
    pub(super) organizations: Option<Vec<String>>,
    /// Addresses and prefixes, in byte order, each once.
    pub(super) addresses: Option<Vec<String>>,
    pub(super) name: Option<String>,
    pub(super) created_at: Time,
    pub(super) last_used_at: Option<Time>,
    pub(super) not_before: Option<Time>,
    pub(super) expires_at: Option<Time>,
    pub(super) revoked_at: Option<Time>,
    pub(super) rotated_to: Option<CredentialId>,
    pub(super) grace_until: Option<Time>,
    /// A JSON object, as it was written.
    pub(super) metadata: Option<String>,
}

impl RecordFields {
    /// Fields to be filled in: on their own they are no record.
    pub(super) const fn blank() -> Self {
        Self {
            id: CredentialId::BLANK,
            kind: Kind::Sample,
            principal: String::new(),
            digest: None,
            edge_digest: None,
            scopes: Scopes::none(),
            organizations: None,
            addresses: None,
            name: None,
            created_at: Time::MAX,
            last_used_at: None,
            not_before: None,
            expires_at: None,
            revoked_at: None,
            rotated_to: None,
            grace_until: None,
            metadata: None,
        }
    }

    /// Checks the fields against each other.
    pub(super) fn check_together(&self) -> Result<(), &'static str> {
        if self.digest.is_none() && self.edge_digest.is_none() {
            return Err("a record needs a digest, an edge_digest or both");
        }
        if self.grace_until.is_some() && self.rotated_to.is_none() {
            return Err("grace_until goes with rotated_to alone");
        }
        if self.rotated_to == Some(self.id) {
            return Err("a credential cannot be rotated to itself");
        }
        Ok(())
    }
}

pub(super) const fn check_kind(kind: Kind) -> Result<(), &'static str> {
    match kind {
        Kind::ServiceUserKey | Kind::PersonalAccessToken => Ok(()),
        Kind::Sample => Err("the kind is service_user_key or personal_access_token"),
    }
}

pub(super) fn check_name(name: &str) -> Result<(), &'static str> {
    if name.len() > MAX_NAME_BYTES || name.chars().any(char::is_control) {
        return Err("a name has at most 256 bytes and no control characters");
    }
    Ok(())
}

pub(super) fn check_organization(id: &str) -> Result<(), &'static str> {
    match id {
        "" => Err("an organization's id is not empty"),
        "*" => Err("leave `organizations` out for all of them"),
        _ => Ok(()),
    }
}

pub(super) fn check_address(text: &str) -> Result<(), &'static str> {
    match Network::parse(text) {
        Some(_) => Ok(()),
        None => Err(
            "an address is an IPv4 or IPv6 address, or a CIDR prefix with only zero bits after its length",
        ),
    }
}

pub(super) const fn check_count(addresses: usize) -> Result<(), &'static str> {
    if addresses > MAX_ADDRESSES {
        return Err("a record has at most 256 addresses");
    }
    Ok(())
}

/// The networks of texts that were checked.
fn networks(texts: &[String]) -> Vec<Network> {
    texts.iter().filter_map(|text| Network::parse(text)).collect()
}

/// Whether each of these addresses and prefixes lies within one of the others.
pub(super) fn all_covered(some: &[String], others: &[String]) -> bool {
    let others = networks(others);
    some.iter().all(|text| is_covered(text, &others))
}

/// Those of both that lie within one of the other: two networks have nothing in common, or one of
/// them lies within the other.
pub(super) fn covered_by_both(some: &[String], others: &[String]) -> Vec<String> {
    let (own, other) = (networks(some), networks(others));
    let own_covered = some.iter().filter(|text| is_covered(text, &other));
    let others_covered = others.iter().filter(|text| is_covered(text, &own));
    sorted(own_covered.chain(others_covered).cloned().collect())
}

fn is_covered(text: &str, by: &[Network]) -> bool {
    Network::parse(text).is_some_and(|network| by.iter().any(|other| other.contains(network)))
}
