//! Decisions as values, and as AuthZEN answers.

use super::Policy;
use super::decide::{Tally, Verdict};
use super::evaluate::Evaluation;
use super::explain::Missing;
use super::image::Rule;
use super::image::layout::effect;
use super::request::Request;
use super::tri::Tri;
use crate::json::{Text, Writer};
use alloc::string::String;
use alloc::vec::Vec;

/// Why a request is denied. The first class that fits is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Denial {
    /// A `forbid` surely applies.
    Forbidden,
    /// A `require` is surely violated.
    Requirement,
    /// No `permit` applies, whatever the missing attributes are.
    NoGrant,
    /// Only missing attributes stand in the way: [`Decision::missing`] says which.
    Indeterminate,
}

impl Denial {
    /// The name in answers: `forbidden`, `requirement`, `no_grant`, `indeterminate`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::Requirement => "requirement",
            Self::NoGrant => "no_grant",
            Self::Indeterminate => "indeterminate",
        }
    }
}

/// A reason code, which is API, and a message for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason<'r> {
    /// The code: `pat_beta_required`. At most 64 bytes.
    pub code: &'r str,
    /// The message, if the policy has one. At most 1,024 bytes.
    pub message: Option<&'r str>,
}

/// The reason of a denial for want of a permit.
const NO_GRANT: Reason<'static> =
    Reason { code: "no_grant", message: Some("No rule grants this action.") };
/// The reason of a denial for an action that the policy does not declare.
const UNKNOWN_ACTION: Reason<'static> =
    Reason { code: "unknown_action", message: Some("This action is not declared.") };
/// The gate's reason where no route has the path.
pub(crate) const UNKNOWN_ROUTE: Reason<'static> =
    Reason { code: "unknown_route", message: Some("No route has this path.") };

/// The answer to one request. A denial is a value like an allow.
///
/// Making it allocates nothing; the explanations are worked out when they are asked for.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Denial, Policy};
///
/// let policy = Policy::builtin();
/// let request = policy.build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a")).build();
/// let decision = request.decide();
/// assert!(!decision.is_allowed());
/// assert_eq!(decision.denial(), Some(Denial::Indeterminate));
/// assert!(decision.missing().iter().any(|pointer| pointer == "/context/credential/kind"));
/// # }
/// ```
#[must_use]
pub struct Decision<'r> {
    request: &'r Request<'r>,
    /// None where the action is not declared.
    action: Option<u32>,
    verdict: Verdict,
    tally: Tally,
}

impl Request<'_> {
    /// Decides the request. The same request gives the same decision, always.
    pub fn decide(&self) -> Decision<'_> {
        self.decide_index(self.action)
    }

    /// Decides the request with another action in place of its own.
    pub fn decide_as(&self, action: &str) -> Decision<'_> {
        self.decide_index(self.policy.image.value(0, Text::plain(action)))
    }

    pub(super) fn decide_index(&self, action: Option<u32>) -> Decision<'_> {
        let tally = action.map(|action| Evaluation::new(self, action).tally()).unwrap_or_default();
        Decision { request: self, action, verdict: tally.verdict(), tally }
    }
}

impl<'r> Decision<'r> {
    /// Whether the request is allowed.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.verdict == Verdict::Allow
    }

    /// The class of the denial, none for an allow.
    #[must_use]
    pub fn denial(&self) -> Option<Denial> {
        match self.verdict {
            Verdict::Allow => None,
            Verdict::Forbidden => Some(Denial::Forbidden),
            Verdict::Requirement => Some(Denial::Requirement),
            Verdict::NoGrant => Some(Denial::NoGrant),
            Verdict::Indeterminate => Some(Denial::Indeterminate),
        }
    }

    /// The policy that decided.
    #[must_use]
    pub fn policy(&self) -> &'r Policy {
        self.request.policy
    }

    /// The ids of the determining rules, sorted.
    pub fn rules(&self) -> impl Iterator<Item = &'r str> {
        let image = &self.request.policy.image;
        self.determining().into_iter().map(move |rule| image.string(rule.id))
    }

    /// The reasons of the determining rules in the order of their ids, each code once; or the built-in reason
    /// of a denial that no rule determines.
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason<'r>> {
        if self.action.is_none() {
            return alloc::vec![UNKNOWN_ACTION];
        }
        if self.verdict == Verdict::NoGrant {
            return alloc::vec![NO_GRANT];
        }
        self.reasons_of(self.determining())
    }

    /// The JSON pointers of what to supply, sorted. Empty but for [`Denial::Indeterminate`].
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let mut missing = Missing::default();
        if let Some(evaluation) =
            self.evaluation().filter(|_| self.verdict == Verdict::Indeterminate)
        {
            for rule in self.determining() {
                evaluation.missing(rule, &mut missing);
            }
        }
        missing.finish()
    }

    /// The reasons of the `advise` rules that surely apply, in the order of their ids, each code once.
    #[must_use]
    pub fn advice(&self) -> Vec<Reason<'r>> {
        self.reasons_of(self.advising_rules())
    }

    /// The ids of the `advise` rules that surely apply, sorted.
    #[cfg(feature = "documents")]
    pub(super) fn advising(&self) -> impl Iterator<Item = &'r str> {
        let image = &self.request.policy.image;
        self.advising_rules().into_iter().map(move |rule| image.string(rule.id))
    }

    fn advising_rules(&self) -> Vec<Rule> {
        let Some(evaluation) = self.evaluation() else { return Vec::new() };
        let applies =
            |rule: &Rule| rule.effect == effect::ADVISE && evaluation.node(rule.when) == Tri::True;
        evaluation.rules().filter(applies).collect()
    }

    /// The action whose scope would turn this denial into an allow (RFC 6750, `insufficient_scope`): when the class is
    /// [`Denial::Requirement`], all determining rules carry that challenge, and without them the decision is allow.
    #[must_use]
    pub fn insufficient_scope(&self) -> Option<&'r str> {
        let evaluation = self.evaluation().filter(|_| self.verdict == Verdict::Requirement)?;
        let mut tally = Tally::default();
        for rule in evaluation.rules() {
            if !evaluation.determines(rule, self.verdict, self.tally) {
                tally.add(&evaluation, rule);
            } else if !rule.challenge {
                return None;
            }
        }
        (tally.verdict() == Verdict::Allow)
            .then(|| self.request.policy.image.action_name(evaluation.action))
    }

    /// The answer as an AuthZEN evaluation response; the members and their order are in `docs/policy-language.md`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.finish()
    }

    pub(super) fn write(&self, w: &mut Writer) {
        w.object(|w| {
            w.name("decision").boolean(self.is_allowed());
            w.name("context").object(|w| {
                if let Some(denial) = self.denial() {
                    w.name("class").string(denial.name());
                }
                let rules: Vec<&str> = self.rules().collect();
                if !rules.is_empty() {
                    w.name("rules").strings(rules);
                }
                write_reasons(w, "reasons", &self.reasons());
                let missing = self.missing();
                if !missing.is_empty() {
                    w.name("missing").strings(missing);
                }
                write_reasons(w, "advice", &self.advice());
                w.name("policy").string(&self.request.policy.digest().to_hex());
            });
        });
    }

    pub(super) fn evaluation(&self) -> Option<Evaluation<'r>> {
        self.action.map(|action| Evaluation::new(self.request, action))
    }

    fn determining(&self) -> Vec<Rule> {
        let Some(evaluation) = self.evaluation() else { return Vec::new() };
        let (verdict, tally) = (self.verdict, self.tally);
        evaluation.rules().filter(|rule| evaluation.determines(*rule, verdict, tally)).collect()
    }

    fn reasons_of(&self, rules: Vec<Rule>) -> Vec<Reason<'r>> {
        let image = &self.request.policy.image;
        let mut reasons: Vec<Reason<'r>> = Vec::new();
        // Equal codes are one string of the image.
        let mut codes: Vec<u32> = Vec::new();
        for rule in rules {
            let Some(code) = image.optional_string(rule.code) else { continue };
            if !codes.contains(&rule.code) {
                codes.push(rule.code);
                reasons.push(Reason { code, message: image.optional_string(rule.message) });
            }
        }
        reasons
    }
}

impl core::fmt::Debug for Decision<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Decision")
            .field("allowed", &self.is_allowed())
            .field("denial", &self.denial())
            .finish()
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
                w.name("code").string(reason.code);
                if let Some(message) = reason.message {
                    w.name("message").string(message);
                }
            });
        }
    });
}
