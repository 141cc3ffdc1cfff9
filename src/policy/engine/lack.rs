//! What a decision lacks: places at which nothing stands, and places at which something stands that
//! cannot be used (section 8 of `docs/policy-language.md`).

use crate::json::Writer;
use crate::policy::image::{AttributeRecord, AttributeType};
use alloc::string::String;

/// A place of a request at which something stands that cannot be used.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Denial, Policy, Value};
///
/// let policy = Policy::builtin();
/// let request = policy
///     .build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"))
///     .set("/context/credential/kind", Value::Text("personal_access_token"))?
///     .set("/subject/properties/account/sso", Value::Text("false"))?
///     .build();
/// let explanation = request.decide().explain();
/// assert_eq!(explanation.denial(), Some(Denial::Indeterminate));
/// let unusable = &explanation.unusable()[0];
/// assert_eq!(unusable.pointer(), "/subject/properties/account/sso");
/// assert_eq!(unusable.needs(), "true or false");
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unusable {
    pub(super) pointer: String,
    pub(super) needs: String,
}

impl Unusable {
    /// The JSON pointer (RFC 6901) of the place.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What could be used there, in words. They are specified, in the table of section 8 of
    /// `docs/policy-language.md`.
    #[must_use]
    pub fn needs(&self) -> &str {
        &self.needs
    }
}

/// What stands at a place that gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack<'n> {
    /// Nothing, or null.
    Missing,
    /// Something else than what is needed, which is this.
    Unusable(&'n str),
}

pub(super) const STRINGS: &str = "an array of strings";
pub(super) const IDS: &str = "an array of strings that are not empty";
pub(super) const OBJECTS: &str = "an array of objects";
pub(super) const OBJECT: &str = "an object";
pub(super) const ID: &str = "a string that is not empty";
pub(super) const ROLE: &str = "a role that the policy declares";

/// What an attribute needs.
pub(super) fn needs(attribute: AttributeRecord<'_>) -> String {
    String::from(match attribute.kind() {
        Some(AttributeType::Bool) => "true or false",
        Some(AttributeType::Enum) => "one of its declared values",
        Some(AttributeType::Id) => ID,
        Some(AttributeType::Int) => return range(attribute.min(), attribute.max()),
        Some(AttributeType::Time) => {
            "seconds since 1970, or an RFC 3339 date-time, up to the year 2999"
        }
        Some(AttributeType::EnumSet | AttributeType::IdSet) if attribute.open() => STRINGS,
        Some(AttributeType::EnumSet) => "an array of declared values",
        Some(AttributeType::IdSet) => IDS,
        Some(AttributeType::Ip) => "an IP address",
        Some(AttributeType::IpSet) => "an array of IP addresses and prefixes",
        // The derived sets are read at no place.
        Some(AttributeType::Permissions | AttributeType::Scopes) | None => "",
    })
}

fn range(min: i64, max: i64) -> String {
    let mut text = String::from("an integer from ");
    push_integer(&mut text, min);
    text.push_str(" to ");
    push_integer(&mut text, max);
    text.push_str(", in digits");
    text
}

/// Adds an integer in digits to a text.
pub(super) fn push_integer(text: &mut String, number: i64) {
    let mut digits = Writer::new();
    digits.integer(number);
    text.push_str(&digits.finish());
}
