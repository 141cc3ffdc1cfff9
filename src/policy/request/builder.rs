//! Building a request in Rust, without JSON.

use super::grants::{GrantList, Membership};
use super::value::Input;
use super::{Request, Value};
use crate::error::{Code, Error};
use crate::json::Text;
use crate::policy::Policy;
use crate::policy::image::{Level, PlaceRecord, Purpose};
use crate::policy::vocabulary::place;
use alloc::string::String;
use alloc::vec::Vec;

/// Builds a [`Request`] value by value. Made by [`Policy::build_request`].
///
/// What is not set is missing, never null, empty or false.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Policy, Value};
///
/// let policy = Policy::builtin();
/// let request = policy
///     .build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"))
///     .set("/resource/properties/organization", Value::Text("org-a"))?
///     .set("/context/credential/kind", Value::Text("session"))?
///     .membership(Some("org-a"), Some(&["org_admin"]), None)
///     .build();
/// assert!(request.decide().is_allowed());
///
/// // Without the facts it is no allow, and no error either.
/// let request = policy.build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a")).build();
/// assert!(!request.decide().is_allowed());
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct RequestBuilder<'a> {
    request: Request<'a>,
    items: Vec<Text<'a>>,
    set: Vec<String>,
}

impl<'a> RequestBuilder<'a> {
    pub(in crate::policy) fn new(
        policy: &'a Policy,
        subject: (&'a str, &'a str),
        action: &'a str,
        resource: (&'a str, &'a str),
    ) -> Self {
        let mut builder =
            Self { request: Request::empty(policy), items: Vec::new(), set: Vec::new() };
        for (place, text) in [
            (place::SUBJECT_TYPE, subject.0),
            (place::SUBJECT_ID, subject.1),
            (place::ACTION_NAME, action),
            (place::RESOURCE_TYPE, resource.0),
            (place::RESOURCE_ID, resource.1),
        ] {
            builder.request.set_text(place.names, Text::plain(text));
        }
        builder
    }

    /// Sets the value at a JSON pointer (RFC 6901) of the AuthZEN request: `/subject/properties/account/sso`.
    ///
    /// A value of another type than the place has is kept as the JSON request would keep it: as unusable.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidAttribute`] where nothing of the policy is read, at the five places that
    /// [`Policy::build_request`] sets, and at `/subject/properties/memberships` ([`RequestBuilder::membership`] is for these).
    /// [`Code::DuplicateName`] for a pointer that was set before.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::{Code, policy::{Policy, Value}};
    ///
    /// let policy = Policy::builtin();
    /// let builder = || policy.build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"));
    /// let error = builder().set("/subject/properties/acount/sso", Value::Bool(false)).unwrap_err();
    /// assert_eq!(error.code(), Code::InvalidAttribute);
    ///
    /// let again = builder().set("/context/ci", Value::Bool(true))?.set("/context/ci", Value::Bool(false));
    /// assert_eq!(again.unwrap_err().code(), Code::DuplicateName);
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn set(mut self, pointer: &str, value: Value<'a>) -> Result<Self, Error> {
        let place = self.place(pointer).ok_or_else(|| Error::new(Code::InvalidAttribute))?;
        let purposes = place.purposes();
        let settable = place.readers().count > 0
            || !purposes.without(&[Purpose::Object, Purpose::Memberships]).is_empty();
        if !settable || purposes.has(Purpose::String) {
            return Err(Error::new(Code::InvalidAttribute));
        }
        let below = |inner: &str, outer: &str| {
            inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if self.set.iter().any(|set| below(set, pointer) || below(pointer, set)) {
            return Err(Error::new(Code::DuplicateName));
        }
        self.set.push(String::from(pointer));
        self.put(place, value);
        Ok(self)
    }

    /// Adds a membership: its organization, and its roles and permissions there; none where they are not known. What is not
    /// known leaves the answer open (the table in section 9 of `docs/policy-language.md`); an empty list says that there is
    /// none.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::{Denial, Policy, Value};
    ///
    /// let policy = Policy::builtin();
    /// let denial = |roles: Option<&[&'static str]>| {
    ///     let request = policy
    ///         .build_request(("user", "user_01"), "ManageOrgTags", ("organization", "org-a"))
    ///         .set("/resource/properties/organization", Value::Text("org-a"))?
    ///         .set("/context/credential/kind", Value::Text("session"))?
    ///         .membership(Some("org-a"), roles, None)
    ///         .build();
    ///     Ok::<_, cog_auth::Error>(request.decide().denial())
    /// };
    /// assert_eq!(denial(Some(&["org_admin"]))?, None);
    /// assert_eq!(denial(Some(&[]))?, Some(Denial::NoGrant));
    /// assert_eq!(denial(None)?, Some(Denial::Indeterminate));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn membership(
        mut self,
        organization: Option<&'a str>,
        roles: Option<&[&'a str]>,
        permissions: Option<&[&'a str]>,
    ) -> Self {
        let organization = organization.filter(|id| !id.is_empty()).map(Text::plain);
        let mut membership = Membership { organization, is_object: true, ..Membership::default() };
        for (list, items) in [(GrantList::Roles, roles), (GrantList::Permissions, permissions)] {
            let Some(items) = items else { continue };
            self.take(items);
            let given = Input::List(&self.items);
            self.request.give(&mut membership.lists, Level::Organization, list, given);
        }
        self.request.memberships.get_or_insert_default().push(membership);
        self
    }

    /// States that the subject has no memberships but those added. It is needed where none is added: after
    /// [`RequestBuilder::membership`] the list is complete anyway.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::{Denial, Policy, Value};
    ///
    /// let policy = Policy::builtin();
    /// let request = policy
    ///     .build_request(("user", "user_01"), "ManageOrgTags", ("organization", "org-a"))
    ///     .set("/context/credential/kind", Value::Text("session"))?
    ///     .no_other_memberships()
    ///     .build();
    /// assert_eq!(request.decide().denial(), Some(Denial::NoGrant));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn no_other_memberships(mut self) -> Self {
        self.request.memberships.get_or_insert_default();
        self
    }

    /// The request, as it would be read from JSON with the same content. See the example of [`RequestBuilder`].
    #[must_use]
    pub fn build(self) -> Request<'a> {
        self.request.seal()
    }

    fn place(&self, pointer: &str) -> Option<PlaceRecord<'a>> {
        if !pointer.split('~').skip(1).all(|after| after.starts_with(['0', '1'])) {
            return None;
        }
        let names: Vec<String> = pointer.strip_prefix('/')?.split('/').map(unescaped).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.request.find(&names)
    }

    fn take(&mut self, items: &[&'a str]) {
        self.items.clear();
        self.items.extend(items.iter().map(|item| Text::plain(item)));
    }

    fn put(&mut self, place: PlaceRecord<'a>, value: Value<'a>) {
        let given = match value {
            Value::List(items) => {
                self.take(items);
                Input::List(&self.items)
            }
            Value::Null => Input::Null,
            Value::Bool(value) => Input::Bool(value),
            Value::Integer(number) => Input::Integer(number),
            Value::Text(text) => Input::Text(Text::plain(text)),
        };
        self.request.set(place, given);
    }
}

/// A segment of a JSON pointer, `~1` and `~0` decoded.
fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
