//! Building a request in Rust, without JSON.

use super::absence::places_below;
use super::attribute::Attribute;
use super::attributes::Attributes;
use super::few::Few;
use super::grants::{GrantList, Membership, MembershipKind};
use super::request::Request;
use super::value::{Input, Value};
use crate::address::Address;
use crate::error::{Code, Error};
use crate::json::Text;
use crate::policy::image::{Image, Level, PlaceRecord, Purpose};
use crate::policy::vocabulary::place;
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
    /// The places that are set.
    set: Few<u32, 16>,
    /// Whether one of them has places below it.
    has_inner: bool,
}

impl<'a> RequestBuilder<'a> {
    pub(in crate::policy) fn new(
        image: &'a Image,
        subject: (&'a str, &'a str),
        action: &'a str,
        resource: (&'a str, &'a str),
    ) -> Self {
        let mut builder =
            Self { attributes: Attributes::new(image), set: Few::new(), has_inner: false };
        for (place, text) in [
            (place::SUBJECT_TYPE, subject.0),
            (place::SUBJECT_ID, subject.1),
            (place::ACTION_NAME, action),
            (place::RESOURCE_TYPE, resource.0),
            (place::RESOURCE_ID, resource.1),
        ] {
            builder.attributes.set_str(&place, text);
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
    /// [`Policy::build_request`] sets, and at `/subject/properties/memberships`, unless the schema
    /// declares an attribute there: [`RequestBuilder::roles_in`],
    /// [`RequestBuilder::permissions_in`] and [`RequestBuilder::member_of`] add memberships.
    /// [`Code::DuplicateName`] for a pointer that was set before.
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
        let attribute = Attribute::find(self.attributes.image, pointer);
        self.put(attribute.ok_or_else(|| Error::new(Code::InvalidAttribute))?, value)?;
        Ok(self)
    }

    /// Sets the value of an attribute that [`Policy::attribute`] has found: what
    /// [`RequestBuilder::set`] does by a pointer, without looking for its place.
    ///
    /// # Errors
    ///
    /// [`Code::InvalidAttribute`] for an attribute of a policy with another digest;
    /// [`Code::DuplicateName`] for one that was set before. The builder is then as it was.
    ///
    /// [`Policy::attribute`]: crate::policy::Policy::attribute
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::{Code, policy::{Policy, Value}};
    ///
    /// let policy = Policy::builtin();
    /// let kind = policy.attribute("/context/credential/kind")?; // once
    ///
    /// let mut request = policy // for each request
    ///     .build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"));
    /// request.put(kind, Value::Text("session"))?;
    /// let error = request.put(kind, Value::Text("session")).unwrap_err();
    /// assert_eq!(error.code(), Code::DuplicateName);
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    pub fn put(&mut self, attribute: Attribute, value: Value<'a>) -> Result<(), Error> {
        let image = self.attributes.image;
        let found = attribute.place_in(image);
        let found = found.and_then(|index| Some((index, image.place(index)?)));
        let Some((index, place)) = found else {
            let reason = "this attribute is one of another policy; find it in this one";
            return Err(Error::new(Code::InvalidAttribute).because(reason));
        };
        let has_inner = self.has_inner || place.children() > 0;
        let is_below = |set| self.is_one_below_the_other(set, index);
        if self.set.iter().any(|set| set == index) || has_inner && self.set.iter().any(is_below) {
            return Err(Error::new(Code::DuplicateName));
        }
        self.has_inner = has_inner;
        self.set.push(index);
        self.store(place, value);
        Ok(())
    }

    /// The id to give where the subject is a member of some organization, and it is not known of
    /// which. Each call with it adds another membership.
    pub const UNKNOWN_ORGANIZATION: &'static str = "";

    /// States roles that the subject has in an organization. An empty list states that it has none
    /// there.
    ///
    /// A role that the policy does not declare leaves open what else the subject may do there,
    /// unless its permissions there are stated too. A denial is then
    /// [`Indeterminate`](crate::policy::Denial::Indeterminate).
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

    /// States permissions that the subject has in an organization, beside those of its roles. A
    /// name that the policy does not declare as a permission there gives nothing. An example is at
    /// [`RequestBuilder::roles_in`].
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

    /// States that the subject has no memberships but those added. Call this if you add none:
    /// without it, the memberships count as missing.
    pub fn no_other_memberships(mut self) -> Self {
        self.attributes.memberships.get_or_insert_default();
        self
    }

    /// The request, as it would be read from JSON with the same content.
    #[must_use]
    pub fn build(mut self) -> Request<'a> {
        // A schema may declare an attribute at `memberships`, which gets what JSON would give it:
        // an empty list, or no usable value where the array has objects. `set` has put an array of
        // strings already.
        let stated = self.attributes.memberships.as_deref().map(|memberships| {
            let has_objects = memberships.iter().any(|membership| membership.is_object());
            (memberships.is_empty(), has_objects)
        });
        let value = match stated {
            Some((true, _)) => Some(self.attributes.list_of(core::iter::empty())),
            Some((false, true)) => Some(Input::Other),
            Some((false, false)) | None => None,
        };
        let place = self.attributes.image.known_place(place::SUBJECT_MEMBERSHIPS.number);
        if let (Some(place), Some(value)) = (place, value) {
            self.attributes.set(place, value);
        }
        Request::of(self.attributes)
    }

    fn grant(mut self, organization: &'a str, list: GrantList, items: &[&'a str]) -> Self {
        let items = self.attributes.list_of(items.iter().map(|item| Text::plain(item)));
        let mut memberships = self.attributes.memberships.take().unwrap_or_default();
        if let Some(membership) = membership_in(&mut memberships, organization) {
            let lists = &mut membership.lists;
            self.attributes.make_room_for_roles(lists);
            self.attributes.give(lists, Level::Organization, list, items);
        }
        self.attributes.memberships = Some(memberships);
        self.attributes.end_list();
        self
    }

    fn is_one_below_the_other(&self, one: u32, other: u32) -> bool {
        let image = self.attributes.image;
        let is_above = |upper: u32, lower: u32| {
            let upper = image.place(upper).filter(|upper| upper.children() > 0);
            upper.is_some_and(|upper| places_below(image, upper).any(|place| place == lower))
        };
        is_above(one, other) || is_above(other, one)
    }

    fn store(&mut self, place: PlaceRecord<'a>, value: Value<'a>) {
        let given = match value {
            Value::List(items) => {
                self.attributes.list_of(items.iter().map(|item| Text::plain(item)))
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
            let no_object = || Membership { kind: MembershipKind::Other, ..Membership::default() };
            memberships.extend(items.indices().map(|_| no_object()));
        }
        self.attributes.set(place, given);
    }
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
