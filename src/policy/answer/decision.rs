//! Decisions as values, and as AuthZEN answers.

use crate::json::{Text, Writer};
use crate::policy::Policy;
use crate::policy::engine::conditions::Evaluation;
use crate::policy::engine::explain::Missing;
use crate::policy::engine::rules::{RuleResults, Verdict};
use crate::policy::image::{Effect, RuleRecord};
use crate::policy::request::Request;
use crate::policy::truth::Truth;
use alloc::string::String;
use alloc::vec::Vec;

/// Why a request is denied: the first class that fits, in the order below (section 8 of `docs/policy-language.md`).
///
/// Supplying what was missing never turns one of the first three classes into an allow.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Denial, Policy, Value};
///
/// let policy = Policy::builtin();
/// let request = || policy.build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"));
/// assert_eq!(request().build().decide().denial(), Some(Denial::Indeterminate));
///
/// let with_sso = request()
///     .set("/context/credential/kind", Value::Text("personal_access_token"))?
///     .set("/subject/properties/account/sso", Value::Bool(true))?
///     .build();
/// assert_eq!(with_sso.decide().denial(), Some(Denial::Forbidden));
/// let of_service_users = request().set("/context/credential/kind", Value::Text("service_user_key"))?.build();
/// assert_eq!(of_service_users.decide().denial(), Some(Denial::Requirement));
/// let of_nobody = request().set("/subject/properties/roles", Value::List(&[]))?.no_other_memberships().build();
/// assert_eq!(of_nobody.decide().denial(), Some(Denial::NoGrant));
/// assert_eq!(Denial::NoGrant.name(), "no_grant");
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Denial {
    /// A `forbid` surely applies: its `when` is true. See the example of [`Denial`].
    Forbidden,
    /// A `require` is surely violated: its `when` is true and its `must` false. See the example of [`Denial`].
    Requirement,
    /// No `permit` applies, whatever the missing attributes are; or the action is not declared. See the example of
    /// [`Denial`].
    NoGrant,
    /// Only missing attributes stand in the way: [`Decision::missing`] says which. See the example of [`Denial`].
    Indeterminate,
}

impl Denial {
    /// The name in answers: `forbidden`, `requirement`, `no_grant`, `indeterminate`. See the example of [`Denial`].
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

/// A reason code, which is API, and a message for people (section 10 of `docs/policy-language.md`).
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::Policy;
///
/// let policy = Policy::builtin();
/// let request = policy.build_request(("user", "user_01"), "Fly", ("organization", "org-a")).build();
/// let reason = request.decide().reasons()[0];
/// assert_eq!((reason.code, reason.message), ("unknown_action", Some("This action is not declared.")));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason<'r> {
    /// The code: `pat_beta_required`. 1 to 64 bytes of `a-z`, `0-9` and `_`. See the example of [`Reason`].
    pub code: &'r str,
    /// The message, if the policy has one. At most 1,024 bytes. See the example of [`Reason`].
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

/// The answer to one request. A denial is a value like an allow. Made by [`Request::decide`].
///
/// Making it allocates nothing; the explanations are worked out when they are asked for. Their meaning is section 8 of
/// `docs/policy-language.md`.
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
///
/// A denial by a rule: the key's scopes leave the action out.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// # use cog_auth::policy::{Denial, Policy, Value};
/// # let policy = Policy::builtin();
/// let request = policy
///     .build_request(("service_user", "su_ci"), "ManageOrgSessions", ("organization", "org-a"))
///     .set("/resource/properties/organization", Value::Text("org-a"))?
///     .set("/context/credential/kind", Value::Text("service_user_key"))?
///     .set("/context/credential/organizations", Value::List(&["*"]))?
///     .set("/context/credential/scopes", Value::List(&["ViewOrgSessions"]))?
///     .membership(Some("org-a"), Some(&["org_admin"]), None)
///     .build();
/// let decision = request.decide();
/// assert_eq!(decision.denial(), Some(Denial::Requirement));
/// assert_eq!(decision.rules().collect::<Vec<_>>(), ["scopes.attenuate"]);
/// assert_eq!(decision.reasons()[0].code, "scope_missing");
/// assert_eq!(decision.insufficient_scope(), Some("ManageOrgSessions"));
/// assert!(decision.missing().is_empty() && decision.advice().is_empty());
/// assert_eq!(decision.policy().digest(), policy.digest());
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[must_use]
pub struct Decision<'r> {
    request: &'r Request<'r>,
    /// None where the action is not declared.
    action: Option<u32>,
    verdict: Verdict,
    results: RuleResults,
}

impl Request<'_> {
    /// Decides the request. The same request gives the same decision, always. See the examples of [`Decision`].
    pub fn decide(&self) -> Decision<'_> {
        self.decide_index(self.action)
    }

    /// Decides the request with another action in place of its own.
    pub fn decide_as(&self, action: &str) -> Decision<'_> {
        self.decide_index(self.policy.image.value(0, Text::plain(action)))
    }

    pub(crate) fn decide_index(&self, action: Option<u32>) -> Decision<'_> {
        let results =
            action.map(|action| Evaluation::new(self, action).results()).unwrap_or_default();
        Decision { request: self, action, verdict: results.verdict(), results }
    }
}

/// The rules that a decision is explained by, in the order of their ids.
#[derive(Default)]
struct Explaining<'r> {
    determining: Vec<RuleRecord<'r>>,
    advising: Vec<RuleRecord<'r>>,
}

impl<'r> Decision<'r> {
    /// Whether the request is allowed. See the examples of [`Decision`].
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.verdict == Verdict::Allow
    }

    /// The class of the denial, none for an allow. See the examples of [`Decision`].
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

    /// The policy that decided. See the second example of [`Decision`].
    #[must_use]
    pub fn policy(&self) -> &'r Policy {
        self.request.policy
    }

    /// The ids of the determining rules, sorted: for an allow its permits, for a denial those that the table in section 8 of
    /// `docs/policy-language.md` gives its class. See the second example of [`Decision`].
    pub fn rules(&self) -> impl Iterator<Item = &'r str> {
        self.ids(self.explaining().determining)
    }

    /// The reasons of the determining rules in the order of their ids, each code once with the first rule's message; or the
    /// built-in reason of a denial that no rule determines, `no_grant` or `unknown_action`. Rules without a reason give
    /// none. See the second example of [`Decision`].
    #[must_use]
    pub fn reasons(&self) -> Vec<Reason<'r>> {
        self.reasons_by(&self.explaining().determining)
    }

    fn reasons_by(&self, determining: &[RuleRecord<'r>]) -> Vec<Reason<'r>> {
        if self.action.is_none() {
            return alloc::vec![UNKNOWN_ACTION];
        }
        if self.verdict == Verdict::NoGrant {
            return alloc::vec![NO_GRANT];
        }
        self.reasons_of(determining)
    }

    /// The JSON pointers (RFC 6901) of what to supply, sorted, each once. Empty but for [`Denial::Indeterminate`].
    ///
    /// It is a next step, not always the last: what is supplied may bring up further questions. What the caller knows to be
    /// absent is supplied as null ([`Value::Null`](super::Value::Null)).
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::{Policy, Value};
    ///
    /// let policy = Policy::builtin();
    /// let request = policy
    ///     .build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"))
    ///     .set("/context/credential/kind", Value::Text("session"))?
    ///     .membership(Some("org-a"), Some(&["org_admin"]), None)
    ///     .build();
    /// // Whether the role counts hangs on whose organization the resource is; roles in the account could imply it, too.
    /// let missing = request.decide().missing();
    /// assert!(missing.contains(&"/resource/properties/organization".to_string()));
    /// assert!(missing.contains(&"/subject/properties/roles".to_string()));
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        self.missing_by(&self.explaining().determining)
    }

    fn missing_by(&self, determining: &[RuleRecord<'r>]) -> Vec<String> {
        let mut missing = Missing::new();
        if self.verdict == Verdict::Indeterminate
            && let Some(evaluation) = self.evaluation()
        {
            for rule in determining {
                evaluation.missing(*rule, &mut missing);
            }
        }
        missing.finish()
    }

    /// The reasons of the `advise` rules that surely apply, in the order of their ids, each code once; on allow and on deny
    /// alike.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::{Policy, Value};
    ///
    /// let policy = Policy::builtin();
    /// let request = policy
    ///     .build_request(("user", "user_01"), "ViewOrgSessions", ("organization", "org-a"))
    ///     .set("/context/credential/expires_in", Value::Integer(3_600))?
    ///     .build();
    /// assert_eq!(request.decide().advice()[0].code, "credential_expires_soon");
    /// # }
    /// # Ok::<(), cog_auth::Error>(())
    /// ```
    #[must_use]
    pub fn advice(&self) -> Vec<Reason<'r>> {
        self.reasons_of(&self.explaining().advising)
    }

    /// The ids of the `advise` rules that surely apply, sorted.
    #[cfg(feature = "documents")]
    pub(crate) fn advising(&self) -> impl Iterator<Item = &'r str> {
        self.ids(self.explaining().advising)
    }

    /// The action whose scope would turn this denial into an allow (RFC 6750, `insufficient_scope`): when the class is
    /// [`Denial::Requirement`], all determining rules carry that challenge, and without them the decision is allow. None
    /// otherwise: then a scope alone would not help. See the second example of [`Decision`].
    #[must_use]
    pub fn insufficient_scope(&self) -> Option<&'r str> {
        let evaluation = self.evaluation().filter(|_| self.verdict == Verdict::Requirement)?;
        let mut results = RuleResults::default();
        for rule in evaluation.rules() {
            if !evaluation.determines(rule, self.verdict, self.results) {
                results.add(&evaluation, rule);
            } else if !rule.challenge() {
                return None;
            }
        }
        (results.verdict() == Verdict::Allow)
            .then(|| self.request.policy.image.action_name(evaluation.action))
    }

    /// The answer as an AuthZEN evaluation response, without white space; the members and their order are in section 10 of
    /// `docs/policy-language.md`.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::Policy;
    ///
    /// let policy = Policy::builtin();
    /// let request = policy.build_request(("user", "user_01"), "Fly", ("organization", "org-a")).build();
    /// let reasons = r#"[{"code":"unknown_action","message":"This action is not declared."}]"#;
    /// assert_eq!(
    ///     request.decide().to_json(),
    ///     format!(r#"{{"decision":false,"context":{{"class":"no_grant","reasons":{reasons},"policy":"{}"}}}}"#, policy.digest())
    /// );
    /// # }
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut writer = Writer::new();
        self.write(&mut writer);
        writer.finish()
    }

    pub(crate) fn write(&self, w: &mut Writer) {
        let Explaining { determining, advising } = self.explaining();
        w.object(|w| {
            w.name("decision").boolean(self.is_allowed());
            w.name("context").object(|w| {
                if let Some(denial) = self.denial() {
                    w.name("class").string(denial.name());
                }
                let reasons = self.reasons_by(&determining);
                let missing = self.missing_by(&determining);
                if !determining.is_empty() {
                    w.name("rules").strings(self.ids(determining));
                }
                write_reasons(w, "reasons", &reasons);
                if !missing.is_empty() {
                    w.name("missing").strings(missing);
                }
                write_reasons(w, "advice", &self.reasons_of(&advising));
                w.name("policy").string(&self.request.policy.digest().to_hex());
            });
        });
    }

    pub(crate) fn evaluation(&self) -> Option<Evaluation<'r>> {
        self.action.map(|action| Evaluation::new(self.request, action))
    }

    fn explaining(&self) -> Explaining<'r> {
        let mut found = Explaining::default();
        let Some(evaluation) = self.evaluation() else { return found };
        for rule in evaluation.rules() {
            if evaluation.determines(rule, self.verdict, self.results) {
                found.determining.push(rule);
            } else if rule.effect() == Some(Effect::Advise)
                && evaluation.node(rule.when()) == Truth::True
            {
                found.advising.push(rule);
            }
        }
        found
    }

    fn ids(&self, rules: Vec<RuleRecord<'r>>) -> impl Iterator<Item = &'r str> {
        let image = &self.request.policy.image;
        rules.into_iter().map(|rule| image.string(rule.id()))
    }

    fn reasons_of(&self, rules: &[RuleRecord<'r>]) -> Vec<Reason<'r>> {
        let image = &self.request.policy.image;
        let mut reasons: Vec<Reason<'r>> = Vec::new();
        for rule in rules {
            let Some(code) = rule.code().map(|code| image.string(code)) else { continue };
            // Equal codes are one string of the image.
            if !reasons.iter().any(|reason| core::ptr::eq(reason.code, code)) {
                reasons.push(Reason {
                    code,
                    message: rule.message().map(|message| image.string(message)),
                });
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
