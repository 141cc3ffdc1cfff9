//! Reasons of decisions: those of rules, and the library's own.

use crate::json::Writer;
use crate::policy::vocabulary::{member, reason_code};

/// A reason code, which is API, a message for people, and a link (section 10 of
/// `docs/policy-language.md`).
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::Policy;
///
/// let policy = Policy::builtin();
/// let request =
///     policy.build_request(("user", "user_01"), "Fly", ("organization", "org-a")).build();
/// let explanation = request.decide().explain();
/// let reason = explanation.reasons()[0];
/// assert_eq!(reason.code, "unknown_action");
/// assert_eq!(reason.message, Some("This action is not declared."));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason<'r> {
    /// The code: 1 to 64 bytes of `a-z`, `0-9` and `_`.
    pub code: &'r str,
    /// The message, if the policy has one: 1 to 1,024 bytes.
    pub message: Option<&'r str>,
    /// Where people find more, if the policy says it: an `https` URL of at most 1,024 bytes.
    pub link: Option<&'r str>,
}

impl Reason<'static> {
    /// The reason of a denial because no permit applies.
    pub(crate) const NO_GRANT: Self =
        Self::own(reason_code::NO_GRANT, "No rule grants this action.");
    /// The reason of a denial because the policy does not declare the action.
    pub(crate) const UNKNOWN_ACTION: Self =
        Self::own(reason_code::UNKNOWN_ACTION, "This action is not declared.");
    /// The reason of a denial because the action does not apply to the resource.
    pub(crate) const WRONG_RESOURCE_TYPE: Self = Self::own(
        reason_code::WRONG_RESOURCE_TYPE,
        "This action does not apply to resources of this type.",
    );
    /// The reason of a denial because something is missing that is needed to decide.
    pub(crate) const INCOMPLETE_REQUEST: Self = Self::own(
        reason_code::INCOMPLETE_REQUEST,
        "Something that is needed to decide is missing or cannot be used.",
    );
    /// The reason of the gate's denial because no route has the path.
    pub(crate) const UNKNOWN_ROUTE: Self =
        Self::own(reason_code::UNKNOWN_ROUTE, "No route has this path.");

    const fn own(code: &'static str, message: &'static str) -> Self {
        Self { code, message: Some(message), link: None }
    }
}

/// Writes a member that lists reasons, unless there are none.
pub(crate) fn write_reasons(w: &mut Writer, name: &str, reasons: &[Reason<'_>]) {
    if reasons.is_empty() {
        return;
    }
    w.name(name).array(|w| {
        for reason in reasons {
            w.object(|w| {
                w.name(member::CODE).string(reason.code);
                for (name, text) in [(member::MESSAGE, reason.message), (member::LINK, reason.link)]
                {
                    if let Some(text) = text {
                        w.name(name).string(text);
                    }
                }
            });
        }
    });
}
