//! Requests: the facts of one AuthZEN evaluation, read for one policy.
//!
//! `read` takes them from JSON and `builder` from Rust. Both hand what they find at a place to
//! `fill`, which turns it into values of attributes. `derive` then works out the derived sets.

mod builder;
mod derive;
mod fill;
mod grants;
mod parts;
mod read;
mod value;

pub use builder::RequestBuilder;
pub use value::Value;

pub(crate) use grants::{LevelGrants, Membership, Organization};
pub(crate) use parts::{PartsSeen, RequestKind, RequestPart};
pub(crate) use read::ReadBuffers;
pub(crate) use value::{AttributeValue, position};

use super::Policy;
use super::answer::decision::Decision;
use super::image::layout::NONE;
use crate::error::Error;
use crate::json::Text;
use alloc::vec::Vec;
use grants::DefaultGrants;
use value::OWN;

/// A request as one policy sees it: the value of each declared attribute, and the derived sets.
///
/// [`Policy::request`] reads one from JSON, and [`Policy::build_request`] builds one in Rust. It
/// borrows from the text that it was read from, so that reading copies no id. Sections 7 and 9 of
/// `docs/policy-language.md` say how what stands in a request becomes values.
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
///     "resource": {"type": "organization", "id": "org-a", "properties": {
///         "organization": "org-a"}},
///     "context": {"credential": {"kind": "session"}}}"#)?;
/// assert!(request.decide().is_allowed());
/// assert!(!request.allowed_actions().any(|action| action == "ManageOrgSecrets"));
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
pub struct Request<'a> {
    pub(super) policy: &'a Policy,
    /// By the index of the attribute.
    values: Vec<AttributeValue>,
    /// The words of the request's own bit sets.
    words: Vec<u64>,
    ids: Vec<Text<'a>>,
    /// A number for each id, the same for equal ids. An id that a condition names has its index in
    /// the image. The numbers of each set are sorted.
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

/// How many words, and how many ids, there is room for from the beginning: enough for most
/// requests.
const USUAL: usize = 16;

impl Request<'_> {
    /// Decides the request. The same request always has the same decision.
    ///
    /// A request from [`Policy::action_search`] has no action of its own, and so is denied.
    pub fn decide(&self) -> Decision<'_> {
        Decision::of(self, self.action)
    }

    /// Decides the request with another action in place of its own.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::{Policy, Value};
    ///
    /// let policy = Policy::builtin();
    /// let request = policy
    ///     .build_request(("user", "user_01"), "ViewOrgTags", ("organization", "org-a"))
    ///     .set("/resource/properties/organization", Value::Text("org-a"))?
    ///     .set("/context/credential/kind", Value::Text("session"))?
    ///     .permissions_in("org-a", &["ManageOrgTags", "ViewOrgTags"])
    ///     .build();
    /// assert!(request.decide_as("ManageOrgTags").is_allowed());
    /// assert!(!request.decide_as("ManageOrgSecrets").is_allowed());
    /// // What else would be allowed?
    /// let allowed = request.allowed_actions();
    /// assert_eq!(allowed.collect::<Vec<_>>(), ["ManageOrgTags", "ViewOrgTags"]);
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn decide_as(&self, action: &str) -> Decision<'_> {
        Decision::of(self, self.policy.image.value(0, Text::plain(action)))
    }

    /// The declared actions for which this request, with that action in place of its own, is
    /// allowed; sorted by the bytes of their names. Each is decided when the iterator comes to it.
    pub fn allowed_actions(&self) -> impl Iterator<Item = &str> {
        let image = &self.policy.image;
        (0..image.actions())
            .filter(|action| Decision::of(self, Some(*action)).is_allowed())
            .map(|action| image.action_name(action))
    }
}

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

    /// A word of a bit set, by the number of the set's first word. Numbers from [`OWN`] on are
    /// words of the request, those below are words of the image.
    pub(super) fn word(&self, first: u32, word: u32) -> u64 {
        let place = first.saturating_add(word);
        match place.checked_sub(OWN) {
            None => self.policy.image.word(place),
            Some(own) => self.words.get(super::image::size(own)).copied().unwrap_or(0),
        }
    }

    /// The rank of an id in a set, by the number of the set's first rank; as for words.
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
    /// Shows the policy alone: what a client sent may be anything, even a secret.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("Request").field(self.policy).finish()
    }
}
