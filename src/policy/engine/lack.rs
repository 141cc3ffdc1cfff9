//! What a decision lacks: places at which nothing stands, and places at which something stands that
//! cannot be used (section 8 of `docs/policy-language.md`).

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
/// let unusable = explanation.unusable().next().unwrap();
/// assert_eq!(unusable.pointer(), "/subject/properties/account/sso");
/// assert_eq!(unusable.needs(), "true or false");
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unusable<'r> {
    pointer: &'r str,
    needs: &'r str,
}

impl<'r> Unusable<'r> {
    /// The JSON pointer (RFC 6901) of the place.
    #[must_use]
    pub const fn pointer(self) -> &'r str {
        self.pointer
    }

    /// What could be used there, in words. They are specified, in the table of section 8 of
    /// `docs/policy-language.md`.
    #[must_use]
    pub const fn needs(self) -> &'r str {
        self.needs
    }

    /// Reads what [`push_needs`] puts together.
    pub(crate) fn of(text: &'r str) -> Self {
        let end = text.bytes().rposition(|byte| byte == END).unwrap_or(text.len());
        Self {
            pointer: text.get(..end).unwrap_or_default(),
            needs: text.get(end.saturating_add(1)..).unwrap_or_default(),
        }
    }
}

/// What stands between a pointer and what is needed there. It is the least of all bytes, so that
/// both together are sorted like the pairs.
const END: u8 = 0;

/// Puts a pointer together with what is needed there, so that lists of either kind are lists of
/// texts: an edge then has the code for one of them.
pub(super) fn push_needs(pointer: &mut String, needs: &str) {
    pointer.push(char::from(END));
    pointer.push_str(needs);
}

/// What stands at a place that gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack<'r> {
    /// Nothing, or null.
    Missing,
    /// Something else than what is needed, which is this.
    Unusable(&'r str),
}
