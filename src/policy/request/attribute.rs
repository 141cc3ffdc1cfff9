//! Attributes that were found once.

use crate::json::Text;
use crate::policy::digest::PolicyDigest;
use crate::policy::image::{Image, PlaceRecord, Purpose};
use alloc::string::String;

/// A place of requests at which one policy reads something, found once and set in any number of
/// requests.
///
/// [`Policy::attribute`] finds it by its JSON pointer, and [`RequestBuilder::put`] sets it. It is
/// small, holds no policy, and can be kept as long as a service runs. It is good for every policy
/// with the same digest; after another one was loaded, find it again.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Attribute, Policy, Request, Value};
///
/// struct Service {
///     policy: Policy,
///     sso: Attribute,
///     credential: Attribute,
/// }
///
/// impl Service {
///     fn new(policy: Policy) -> Result<Self, cog_auth::Error> {
///         Ok(Self {
///             sso: policy.attribute("/subject/properties/account/sso")?,
///             credential: policy.attribute("/context/credential/kind")?,
///             policy,
///         })
///     }
///
///     fn request<'r>(
///         &'r self,
///         user: &'r str,
///         organization: &'r str,
///         sso: bool,
///     ) -> Result<Request<'r>, cog_auth::Error> {
///         let mut request = self.policy.build_request(
///             ("user", user), "ViewOrgTags", ("organization", organization));
///         request.put(self.sso, Value::Bool(sso))?;
///         request.put(self.credential, Value::Text("session"))?;
///         Ok(request.roles_in(organization, &["org_member"]).build())
///     }
/// }
///
/// let service = Service::new(Policy::builtin())?;
/// let request = service.request("user_01", "org-a", false)?;
/// assert!(!request.decide().is_allowed()); // the resource's organization is not said
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
///
/// [`Policy::attribute`]: crate::policy::Policy::attribute
/// [`RequestBuilder::put`]: crate::policy::RequestBuilder::put
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attribute {
    policy: PolicyDigest,
    /// The index of its place in the image.
    place: u32,
}

impl Attribute {
    /// The attribute at a JSON pointer, if it is a place that a caller can set.
    pub(in crate::policy) fn find(image: &Image, pointer: &str) -> Option<Self> {
        let place = place_at(image, pointer)?;
        is_settable(image.place(place)?).then(|| Self { policy: image.digest(), place })
    }

    /// A name of a JSON pointer (RFC 6901), `~1` and `~0` decoded; none where another character
    /// follows a `~`.
    pub(in crate::policy) fn unescaped(name: &str) -> Option<String> {
        let are_valid = name.split('~').skip(1).all(|after| after.starts_with(['0', '1']));
        are_valid.then(|| name.replace("~1", "/").replace("~0", "~"))
    }

    /// The index of its place in the image of its policy, and none in that of any other.
    pub(super) fn place_in(self, image: &Image) -> Option<u32> {
        (self.policy == image.digest()).then_some(self.place)
    }
}

/// Whether a place is one that [`RequestBuilder::put`](super::RequestBuilder::put) sets: not one of
/// the five that every request is begun with, and not one at which only objects stand.
pub(super) fn is_settable(place: PlaceRecord<'_>) -> bool {
    let purposes = place.purposes();
    let is_read = place.readers().count > 0
        || !purposes.without(&[Purpose::Object, Purpose::Memberships]).is_empty();
    is_read && !purposes.has(Purpose::String)
}

/// The index of the place at a JSON pointer (RFC 6901).
fn place_at(image: &Image, pointer: &str) -> Option<u32> {
    pointer.strip_prefix('/')?.split('/').try_fold(0, |place, segment| {
        let parent = image.place(place)?;
        let (number, _) = if segment.contains('~') {
            image.child(parent, Text::plain(&Attribute::unescaped(segment)?))?
        } else {
            image.child(parent, Text::plain(segment))?
        };
        parent.first_child().checked_add(number)
    })
}
