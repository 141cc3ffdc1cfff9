//! Requests: an AuthZEN evaluation request, read for one policy.

mod builder;
mod derive;
mod fill;
mod grants;
mod limits;
mod read;
mod value;

pub use builder::RequestBuilder;
pub use limits::RequestLimits;
pub use read::MAX_REQUEST_BYTES;
pub use value::Value;

pub(crate) use grants::{LevelGrants, Membership, Organization};
pub(crate) use read::{PartsSeen, ReadBuffers, RequestKind, RequestPart};
pub(crate) use value::{AttributeValue, position};

use super::Policy;
use super::image::layout::NONE;
use crate::error::Error;
use crate::json::Text;
use alloc::vec::Vec;
use grants::DefaultGrants;
use value::OWN;

/// A request as one policy sees it: each declared attribute's value, and the derived sets.
///
/// Read from JSON with [`Policy::request`], or built with [`Policy::build_request`], which have the examples of ill-formed ones.
/// It borrows from the text that it was read from, so that reading copies no id. How places become values is sections 7 and
/// 9 of `docs/policy-language.md`.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::Policy;
///
/// let policy = Policy::builtin();
/// let request = policy.request(br#"{
///     "subject": {"type": "user", "id": "user_01", "properties": {
///         "memberships": [{"organization": "org-a", "roles": ["org_member"]}]}},
///     "action": {"name": "ViewOrgSessions"},
///     "resource": {"type": "organization", "id": "org-a", "properties": {"organization": "org-a"}},
///     "context": {"credential": {"kind": "session"}}}"#)?;
/// assert!(request.decide().is_allowed());
/// assert!(!request.allowed().any(|action| action == "ManageOrgSecrets"));
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
pub struct Request<'a> {
    pub(super) policy: &'a Policy,
    values: Vec<AttributeValue>,
    words: Vec<u64>,
    ids: Vec<Text<'a>>,
    /// A number for each id: the same for equal ids, the index in the policy for those that conditions name. Sorted in each set.
    ranks: Vec<u32>,
    /// The index of the action, if it is declared.
    pub(super) action: Option<u32>,
    pub(super) defaults: DefaultGrants,
    pub(super) subject_account: Option<Text<'a>>,
    pub(super) resource_account: Option<Text<'a>>,
    pub(super) organization: Organization<'a>,
    pub(super) account: LevelGrants,
    pub(super) memberships: Option<Vec<Membership<'a>>>,
}

/// How much of a thing most requests have room for at once.
const USUAL: usize = 16;

impl<'a> Request<'a> {
    pub(crate) fn empty(policy: &'a Policy) -> Self {
        let count = policy.image.count(super::image::layout::ATTRIBUTES);
        let mut values = Vec::new();
        values.resize(super::image::size(count), AttributeValue::Unusable);
        Self {
            policy,
            values,
            words: Vec::with_capacity(USUAL),
            ids: Vec::with_capacity(USUAL),
            ranks: Vec::new(),
            action: None,
            defaults: DefaultGrants { account: NONE, organization: NONE },
            subject_account: None,
            resource_account: None,
            organization: Organization::Missing,
            account: LevelGrants::default(),
            memberships: None,
        }
    }

    pub(super) fn attribute_value(&self, attribute: u16) -> AttributeValue {
        self.values.get(usize::from(attribute)).copied().unwrap_or_default()
    }

    /// A word of a bit set.
    pub(super) fn word(&self, first: u32, word: u32) -> u64 {
        let place = first.saturating_add(word);
        match place.checked_sub(OWN) {
            None => self.policy.image.word(place),
            Some(own) => self.words.get(super::image::size(own)).copied().unwrap_or(0),
        }
    }

    /// The number of an id in a set, of which `first` is the first.
    pub(super) fn id(&self, first: u32, item: u32) -> u32 {
        let place = first.wrapping_add(item);
        match place.checked_sub(OWN) {
            None => self.policy.image.list(place),
            Some(own) => self.ranks.get(super::image::size(own)).copied().unwrap_or(NONE),
        }
    }
}

pub(super) fn malformed(offset: usize, reason: &'static str) -> Error {
    Error::at(crate::error::Code::MalformedRequest, offset).because(reason)
}

impl core::fmt::Debug for Request<'_> {
    /// The policy alone: what a client sent could be anything, a secret too.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("Request").field(self.policy).finish()
    }
}
