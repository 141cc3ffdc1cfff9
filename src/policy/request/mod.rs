//! Requests: an AuthZEN evaluation request, read for one policy.

mod builder;
mod derive;
mod fill;
mod level;
mod limits;
mod read;
mod value;

pub use builder::RequestBuilder;
pub use limits::RequestLimits;
pub use read::MAX_REQUEST_BYTES;
pub use value::Value;

pub(crate) use derive::{Bounds, Organization};
pub(crate) use level::{Level, Membership, offset, position};
pub(crate) use read::{Entities, Entity, Needs, Scratch};
pub(crate) use value::Slot;

use super::Policy;
use crate::error::Error;
use crate::json::Text;
use alloc::vec::Vec;

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
    slots: Vec<Slot>,
    words: Vec<u64>,
    ids: Vec<Text<'a>>,
    /// A number for each id: the same for equal ids, the index in the policy for those that conditions name. Sorted in each set.
    ranks: Vec<u32>,
    /// The index of the action, if it is declared.
    pub(super) action: Option<u32>,
    subject_type: Option<Text<'a>>,
    subject_account: Option<Text<'a>>,
    resource_account: Option<Text<'a>>,
    pub(super) organization: Organization<'a>,
    pub(super) account: Level,
    pub(super) memberships: Option<Vec<Membership<'a>>>,
    pub(super) permissions: Bounds,
    scopes: Option<Bounds>,
    open_scopes: Bounds,
}

/// How much of a thing most requests have room for at once.
const USUAL: usize = 16;

impl<'a> Request<'a> {
    pub(crate) fn empty(policy: &'a Policy) -> Self {
        let count = policy.image.count(super::image::layout::ATTRIBUTES);
        let mut slots = Vec::new();
        slots.resize(super::image::size(count), Slot::Unusable);
        Self {
            policy,
            slots,
            words: Vec::with_capacity(USUAL),
            ids: Vec::with_capacity(USUAL),
            ranks: Vec::new(),
            action: None,
            subject_type: None,
            subject_account: None,
            resource_account: None,
            organization: Organization::Missing,
            account: Level::default(),
            memberships: None,
            permissions: Bounds::default(),
            scopes: None,
            open_scopes: Bounds::default(),
        }
    }

    pub(super) fn slot(&self, attribute: u16) -> Slot {
        self.slots.get(usize::from(attribute)).copied().unwrap_or_default()
    }

    pub(super) fn ranks(&self, first: u32, count: u32) -> &[u32] {
        let (first, count) = (super::image::size(first), super::image::size(count));
        self.ranks.get(first..first.saturating_add(count)).unwrap_or_default()
    }

    /// The bounds of `credential.scopes`.
    pub(super) fn scopes(&self) -> Bounds {
        self.scopes.unwrap_or(self.open_scopes)
    }

    /// Whether the account id of the subject, and of the resource, could be read.
    pub(super) fn account_ids_known(&self) -> (bool, bool) {
        (self.subject_account.is_some(), self.resource_account.is_some())
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
