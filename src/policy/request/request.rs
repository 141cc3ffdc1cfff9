//! A request, as something to ask.

use super::attributes::Attributes;
use crate::json::Text;
use crate::policy::answer::decision::Decision;
use crate::policy::engine::search::Search;
use crate::policy::image::layout::ACTION_NAMES;

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
///
/// [`Policy::request`]: crate::policy::Policy::request
/// [`Policy::build_request`]: crate::policy::Policy::build_request
#[derive(Debug)]
pub struct Request<'a>(Attributes<'a>);

impl<'a> Request<'a> {
    /// The request with these attributes, to which nothing is added any more.
    pub(crate) fn of(attributes: Attributes<'a>) -> Self {
        Self(attributes.seal())
    }

    /// Decides the request. The same request always has the same decision.
    ///
    /// A request from [`Policy::action_search`] has no action of its own, and so is denied.
    ///
    /// [`Policy::action_search`]: crate::policy::Policy::action_search
    pub fn decide(&self) -> Decision<'_> {
        Decision::of(&self.0, self.0.action)
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
        Decision::of(&self.0, self.0.image.value(ACTION_NAMES, Text::plain(action)))
    }

    /// The declared actions for which this request, with that action in place of its own, is
    /// allowed; sorted by the bytes of their names. Each is decided when the iterator comes to it.
    pub fn allowed_actions(&self) -> impl Iterator<Item = &str> {
        let image = self.0.image;
        let mut search = Search::new(&self.0);
        (0..image.actions())
            .filter(move |action| self.0.is_of_type_for(*action) && search.allows(*action))
            .map(|action| image.action_name(action))
    }
}
