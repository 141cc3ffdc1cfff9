//! Building a request in Rust, without JSON.

use super::attributes::Attributes;
use super::grants::{GrantList, Membership};
use super::request::Request;
use super::value::{Input, Value};
use crate::address::Address;
use crate::error::{Code, Error};
use crate::json::Text;
use crate::policy::image::{Image, Level, PlaceRecord, Purpose};
use crate::policy::vocabulary::place;
use alloc::string::String;
use alloc::vec::Vec;

/// Builds a [`Request`] value by value. [`Policy::build_request`] makes it.
///
/// What is not set is missing. It is never taken for null, empty or false.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Policy, Value};
///
/// let policy = Policy::builtin();
/// let begin =
///     || policy.build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"));
/// let request = begin()
///     .set("/resource/properties/organization", Value::Text("org-a"))?
///     .set("/context/credential/kind", Value::Text("session"))?
///     .roles_in("org-a", &["org_admin"])
///     .build();
/// assert!(request.decide().is_allowed());
///
/// // Without the facts it is no allow, and no error either.
/// assert!(!begin().build().decide().is_allowed());
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
///
/// [`Policy::build_request`]: crate::policy::Policy::build_request
#[derive(Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct RequestBuilder<'a> {
    attributes: Attributes<'a>,
    items: Vec<Text<'a>>,
    set: Vec<String>,
}

impl<'a> RequestBuilder<'a> {
    pub(in crate::policy) fn new(
        image: &'a Image,
        subject: (&'a str, &'a str),
        action: &'a str,
        resource: (&'a str, &'a str),
    ) -> Self {
        let mut builder =
            Self { attributes: Attributes::new(image), items: Vec::new(), set: Vec::new() };
        for (place, text) in [
            (place::SUBJECT_TYPE, subject.0),
            (place::SUBJECT_ID, subject.1),
            (place::ACTION_NAME, action),
            (place::RESOURCE_TYPE, resource.0),
            (place::RESOURCE_ID, resource.1),
        ] {
            builder.attributes.set_text(place.names, Text::plain(text));
        }
        builder
    }

    /// Sets the value at a JSON pointer (RFC 6901) into the AuthZEN request, such as
    /// `/subject/properties/account/sso`.
    ///
    /// A value of another type than the place has is kept as the JSON request would keep it: as
    /// unusable.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidAttribute`] where the policy reads nothing, at the five places that
    /// [`Policy::build_request`] sets, and at `/subject/properties/memberships`, which
    /// [`RequestBuilder::roles_in`] and its neighbours fill, unless the schema declares an attribute
    /// there. [`Code::DuplicateName`] for a pointer that was set before.
    ///
    /// [`Policy::build_request`]: crate::policy::Policy::build_request
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::{Code, policy::{Policy, Value}};
    ///
    /// let policy = Policy::builtin();
    /// let begin = || {
    ///     policy.build_request(
    ///         ("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"))
    /// };
    /// let error = begin().set("/subject/properties/acount/sso", Value::Bool(false)).unwrap_err();
    /// assert_eq!(error.code(), Code::InvalidAttribute);
    ///
    /// let once = begin().set("/context/ci", Value::Bool(true))?;
    /// let error = once.set("/context/ci", Value::Bool(false)).unwrap_err();
    /// assert_eq!(error.code(), Code::DuplicateName);
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

    /// The id for [`RequestBuilder::roles_in`] and its neighbours of an organization that is not
    /// known. Each membership of it is one of its own.
    pub const UNKNOWN_ORGANIZATION: &'static str = "";

    /// States roles that the subject has in an organization. With none it is known to have none.
    ///
    /// The subject has a membership for each organization that it is said to have something in, and
    /// no others.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::{Denial, Policy, RequestBuilder, Value};
    ///
    /// let policy = Policy::builtin();
    /// let begin = || {
    ///     policy
    ///         .build_request(("user", "user_01"), "ManageOrgTags", ("organization", "org-a"))
    ///         .set("/resource/properties/organization", Value::Text("org-a"))?
    ///         .set("/context/credential/kind", Value::Text("session"))
    /// };
    /// let denial = |builder: RequestBuilder<'_>| builder.build().decide().denial();
    /// assert_eq!(denial(begin()?.roles_in("org-a", &["org_admin"])), None);
    /// assert_eq!(denial(begin()?.permissions_in("org-a", &["ManageOrgTags"])), None);
    ///
    /// // Roles in other organizations, or known not to be there, are no grant.
    /// let no_grant = Some(Denial::NoGrant);
    /// assert_eq!(denial(begin()?.roles_in("org-b", &["org_admin"])), no_grant);
    /// assert_eq!(denial(begin()?.roles_in("org-a", &[])), no_grant);
    ///
    /// // What is not known leaves it open: which roles, or where.
    /// let open = Some(Denial::Indeterminate);
    /// assert_eq!(denial(begin()?.member_of("org-a")), open);
    /// let somewhere = RequestBuilder::UNKNOWN_ORGANIZATION;
    /// assert_eq!(denial(begin()?.roles_in(somewhere, &["org_admin"])), open);
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn roles_in(self, organization: &'a str, roles: &[&'a str]) -> Self {
        self.grant(organization, GrantList::Roles, roles)
    }

    /// States permissions that the subject has in an organization, beside those of its roles.
    pub fn permissions_in(self, organization: &'a str, permissions: &[&'a str]) -> Self {
        self.grant(organization, GrantList::Permissions, permissions)
    }

    /// States that the subject is a member of an organization, and that its roles and permissions
    /// there are not known, unless [`RequestBuilder::roles_in`] or
    /// [`RequestBuilder::permissions_in`] states them.
    pub fn member_of(mut self, organization: &'a str) -> Self {
        let mut memberships = self.attributes.memberships.take().unwrap_or_default();
        membership_in(&mut memberships, organization);
        self.attributes.memberships = Some(memberships);
        self
    }

    /// States that the subject has no memberships but those added. It is needed where none is
    /// added, since adding one states the same.
    pub fn no_other_memberships(mut self) -> Self {
        self.attributes.memberships.get_or_insert_default();
        self
    }

    /// The request, as it would be read from JSON with the same content.
    #[must_use]
    pub fn build(mut self) -> Request<'a> {
        // An attribute may be read where memberships stand. An array with an object is no value.
        let stated = self.attributes.memberships.as_deref().map(|memberships| {
            let has_objects = memberships.iter().any(|membership| membership.is_object());
            (memberships.is_empty(), has_objects)
        });
        let value = match stated {
            Some((true, _)) => Some(Input::List(&[])),
            Some((false, true)) => Some(Input::Other),
            Some((false, false)) | None => None,
        };
        let place = self.attributes.find(place::SUBJECT_MEMBERSHIPS.names);
        if let (Some(place), Some(value)) = (place, value) {
            self.attributes.set(place, value);
        }
        Request::of(self.attributes)
    }

    fn grant(mut self, organization: &'a str, list: GrantList, items: &[&'a str]) -> Self {
        self.take(items);
        let mut memberships = self.attributes.memberships.take().unwrap_or_default();
        if let Some(membership) = membership_in(&mut memberships, organization) {
            let lists = &mut membership.lists;
            self.attributes.make_room_for_roles(lists);
            self.attributes.give(lists, Level::Organization, list, Input::List(&self.items));
        }
        self.attributes.memberships = Some(memberships);
        self
    }

    fn place(&self, pointer: &str) -> Option<PlaceRecord<'a>> {
        if !pointer.split('~').skip(1).all(|after| after.starts_with(['0', '1'])) {
            return None;
        }
        let names: Vec<String> = pointer.strip_prefix('/')?.split('/').map(unescaped).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.attributes.find(&names)
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
            Value::Address(address) => Input::Address(Address::from(address)),
        };
        // A string is an item of `memberships` like any other that is no object.
        if let (true, Input::List(items)) = (place.purposes().has(Purpose::Memberships), given) {
            let memberships = self.attributes.memberships.get_or_insert_default();
            memberships.extend(items.iter().map(|_| Membership::default()));
        }
        self.attributes.set(place, given);
    }
}

/// A segment of a JSON pointer, `~1` and `~0` decoded.
fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}

/// The membership in an organization: the one that is there, or a new one.
fn membership_in<'m, 'a>(
    memberships: &'m mut Vec<Membership<'a>>,
    organization: &'a str,
) -> Option<&'m mut Membership<'a>> {
    let organization = Some(Text::plain(organization)).filter(|id| !id.is_empty());
    let known = memberships
        .iter()
        .position(|other| organization.is_some() && other.organization == organization);
    let place = known.unwrap_or(memberships.len());
    if known.is_none() {
        memberships.push(Membership { organization, ..Membership::default() });
    }
    memberships.get_mut(place)
}
