//! A decision with everything that can be said about it.

use super::denial::Denial;
use super::reason::{Reason, write_reasons};
use crate::json::Writer;
use crate::policy::digest::PolicyDigest;
use crate::policy::engine::conditions::Evaluation;
use crate::policy::engine::lack::Unusable;
use crate::policy::engine::missing::Missing;
use crate::policy::engine::rules::{RuleResults, Verdict};
use crate::policy::image::{Image, RuleRecord, size};
use crate::policy::request::{Attributes, position};
use crate::policy::vocabulary::member;
use alloc::string::String;
use alloc::vec::Vec;

/// A decision with its rules, its reasons, what is missing, and advice: all worked out at once by
/// [`Decision::explain`](crate::policy::Decision::explain). What each means is section 8 of
/// `docs/policy-language.md`.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Denial, Policy, Value};
///
/// let policy = Policy::builtin();
/// let begin = |subject, kind| {
///     policy
///         .build_request((subject, "p-1"), "ViewOrgSessions", ("organization", "org-a"))
///         .set("/context/credential/kind", Value::Text(kind))?
///         .set("/context/credential/expires_in", Value::Integer(3_600))
/// };
/// // Some attributes that may matter were not supplied: `missing` says which to supply next.
/// let request = begin("user", "session")?
///     .roles_in("org-a", &["org_admin"])
///     .build();
/// let explanation = request.decide().explain();
/// assert_eq!(explanation.denial(), Some(Denial::Indeterminate));
/// assert!(explanation.missing().contains(&"/resource/properties/organization".to_string()));
/// // Advice stands beside any decision.
/// assert_eq!(explanation.advice()[0].code, "credential_expires_soon");
/// assert_eq!(explanation.policy(), policy.digest());
///
/// // A key whose scopes leave the action out: with that scope it would be allowed.
/// let request = begin("service_user", "service_user_key")?
///     .set("/resource/properties/organization", Value::Text("org-a"))?
///     .set("/context/credential/organizations", Value::List(&["*"]))?
///     .set("/context/credential/scopes", Value::List(&["ManageOrgSessions"]))?
///     .roles_in("org-a", &["org_admin"])
///     .build();
/// let explanation = request.decide().explain();
/// assert_eq!(explanation.rules(), ["scopes.attenuate"]);
/// assert_eq!(explanation.reasons()[0].code, "scope_missing");
/// assert_eq!(explanation.insufficient_scope(), Some("ViewOrgSessions"));
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation<'r> {
    denial: Option<Denial>,
    rules: Vec<&'r str>,
    reasons: Vec<Reason<'r>>,
    possible: Vec<Reason<'r>>,
    missing: Vec<String>,
    /// Each as a text of [`Unusable`].
    unusable: Vec<String>,
    advice: Vec<Reason<'r>>,
    insufficient_scope: Option<&'r str>,
    policy: PolicyDigest,
}

impl<'r> Explanation<'r> {
    /// Whether the request is allowed.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.denial.is_none()
    }

    /// The class of the denial; none for an allow.
    #[must_use]
    pub const fn denial(&self) -> Option<Denial> {
        self.denial
    }

    /// The ids of the determining rules, sorted: for an allow its permits, for a denial those that
    /// the table in section 8 of `docs/policy-language.md` gives its class.
    #[must_use]
    pub fn rules(&self) -> &[&'r str] {
        &self.rules
    }

    /// The reasons of the determining rules in the order of their ids, each code once with the
    /// first rule's message and link. Rules without a reason give none.
    ///
    /// A denial that no rule surely determines has a reason of the library's own: `no_grant`,
    /// `unknown_action`, `wrong_resource_type` or, where it is [`Denial::Indeterminate`],
    /// `incomplete_request`.
    #[must_use]
    pub fn reasons(&self) -> &[Reason<'r>] {
        &self.reasons
    }

    /// The reasons that may apply: what is missing would decide whether they do. They are those of
    /// the determining rules, in the order of the rules' ids, each code once. Only a denial with
    /// [`Denial::Indeterminate`] has any.
    ///
    /// An answer lists their codes without messages, because a message would state as a fact what
    /// nobody knows yet.
    #[must_use]
    pub fn possible(&self) -> &[Reason<'r>] {
        &self.possible
    }

    /// The JSON pointers (RFC 6901) of places at which nothing stands, or null, and a value is
    /// needed; sorted, each once: at most 256 ([`MAX_MISSING`](crate::policy::MAX_MISSING)), and
    /// none but for [`Denial::Indeterminate`].
    ///
    /// Supplying these is a next step, and not always the last: an answer may bring up further
    /// questions. What the caller knows to be absent is supplied as null
    /// ([`Value::Null`](crate::policy::Value::Null)).
    #[must_use]
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// The places at which something stands that cannot be used, with what is needed there; sorted,
    /// each once: at most 256, and none but for [`Denial::Indeterminate`].
    pub fn unusable(&self) -> impl ExactSizeIterator<Item = Unusable<'_>> {
        self.unusable.iter().map(|text| Unusable::of(text))
    }

    /// The reasons of the `advise` rules that surely apply, in the order of their ids, each code
    /// once. An allow can have advice as well as a denial.
    #[must_use]
    pub fn advice(&self) -> &[Reason<'r>] {
        &self.advice
    }

    /// The action whose scope would turn this denial into an allow (RFC 6750,
    /// `insufficient_scope`); none where a scope alone would not help.
    ///
    /// It is there when the class is [`Denial::Requirement`], all determining rules carry that
    /// challenge, and without them the decision would be allow.
    #[must_use]
    pub const fn insufficient_scope(&self) -> Option<&'r str> {
        self.insufficient_scope
    }

    /// The digest of the policy that decided.
    #[must_use]
    pub const fn policy(&self) -> PolicyDigest {
        self.policy
    }

    /// The answer as an AuthZEN evaluation response, without white space; the members and their
    /// order are in section 10 of `docs/policy-language.md`.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use cog_auth::policy::Policy;
    ///
    /// let policy = Policy::builtin();
    /// let request =
    ///     policy.build_request(("user", "user_01"), "Fly", ("organization", "org-a")).build();
    /// let reason = r#"{"code":"unknown_action","message":"This action is not declared."}"#;
    /// let context = format!(
    ///     r#"{{"class":"no_grant","reasons":[{reason}],"policy":"{}"}}"#,
    ///     policy.digest()
    /// );
    /// assert_eq!(
    ///     request.decide().explain().to_json(),
    ///     format!(r#"{{"decision":false,"context":{context}}}"#)
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
        w.object(|w| {
            w.name(member::DECISION).boolean(self.is_allowed());
            w.name(member::CONTEXT).object(|w| {
                if let Some(denial) = self.denial {
                    w.name(member::CLASS).string(denial.name());
                }
                if !self.rules.is_empty() {
                    w.name(member::RULES).strings(&self.rules);
                }
                write_reasons(w, member::REASONS, &self.reasons);
                if !self.possible.is_empty() {
                    w.name(member::POSSIBLE).strings(self.possible.iter().map(|it| it.code));
                }
                if !self.missing.is_empty() {
                    w.name(member::MISSING).strings(&self.missing);
                }
                self.write_unusable(w);
                write_reasons(w, member::ADVICE, &self.advice);
                w.name(member::POLICY).string(&self.policy.to_hex());
            });
        });
    }

    /// Writes the member that lists what is unusable, unless there is nothing.
    pub(crate) fn write_unusable(&self, w: &mut Writer) {
        if self.unusable.is_empty() {
            return;
        }
        w.name(member::UNUSABLE).array(|w| {
            for unusable in self.unusable() {
                w.object(|w| {
                    w.name(member::POINTER).string(unusable.pointer());
                    w.name(member::NEEDS).string(unusable.needs());
                });
            }
        });
    }

    /// The explanation of a denial because no route has the path. No rule took part in it.
    pub(crate) fn of_unknown_route(policy: PolicyDigest) -> Self {
        let mut explanation = Self::new(Some(Denial::NoGrant), policy);
        explanation.reasons.push(Reason::UNKNOWN_ROUTE);
        explanation
    }

    /// The explanation of a decision, by one walk over the rules of its action.
    pub(super) fn of(
        attributes: &'r Attributes<'r>,
        action: Result<u32, &'static Reason<'static>>,
        results: RuleResults,
    ) -> Self {
        let (image, verdict) = (attributes.image, results.verdict());
        let mut explanation = Self::new(Denial::of(verdict), image.digest());
        let action = match action {
            Ok(action) => action,
            Err(reason) => {
                explanation.reasons.push(*reason);
                return explanation;
            }
        };
        let evaluation = Evaluation::new(attributes, action);
        let mut missing = (verdict == Verdict::Indeterminate).then(|| Missing::new(image));
        let mut scope_would_do =
            verdict == Verdict::Requirement && results.allows_but_for_requirements();
        let (mut reason_codes, mut advice_codes) = (Codes::default(), Codes::default());
        for rule in evaluation.rules() {
            if evaluation.determines(rule, verdict, results) {
                explanation.rules.push(image.string(rule.id()));
                // What is not known to be so is not said as if it were.
                let reasons = match verdict {
                    Verdict::Indeterminate => &mut explanation.possible,
                    Verdict::Allow
                    | Verdict::Forbidden
                    | Verdict::Requirement
                    | Verdict::NoGrant => &mut explanation.reasons,
                };
                reason_codes.add(reasons, image, rule);
                if let Some(missing) = &mut missing {
                    evaluation.missing(rule, missing);
                }
                scope_would_do = scope_would_do && rule.challenge();
            } else {
                if evaluation.advises(rule) {
                    advice_codes.add(&mut explanation.advice, image, rule);
                }
                scope_would_do = scope_would_do && evaluation.is_met(rule);
            }
        }
        let own = match verdict {
            Verdict::NoGrant => Some(&Reason::NO_GRANT),
            Verdict::Indeterminate => Some(&Reason::INCOMPLETE_REQUEST),
            Verdict::Allow | Verdict::Forbidden | Verdict::Requirement => None,
        };
        if let Some(own) = own {
            explanation.reasons.push(*own);
        }
        if let Some(missing) = missing {
            (explanation.missing, explanation.unusable) = evaluation.finish(missing);
        }
        explanation.insufficient_scope =
            scope_would_do.then(|| image.action_name(evaluation.action));
        explanation
    }

    const fn new(denial: Option<Denial>, policy: PolicyDigest) -> Self {
        Self {
            denial,
            rules: Vec::new(),
            reasons: Vec::new(),
            possible: Vec::new(),
            missing: Vec::new(),
            unusable: Vec::new(),
            advice: Vec::new(),
            insufficient_scope: None,
            policy,
        }
    }
}

/// The codes that a list of reasons has: a bit for each string of the image.
#[derive(Default)]
struct Codes(Vec<u64>);

impl Codes {
    /// Adds the reason of a rule, if it has one, unless its code is there already.
    fn add<'r>(&mut self, reasons: &mut Vec<Reason<'r>>, image: &'r Image, rule: RuleRecord<'r>) {
        let Some(code) = rule.code() else { return };
        let (word, bit) = position(code);
        if self.0.len() <= size(word) {
            self.0.resize(size(word).saturating_add(1), 0);
        }
        // Equal codes are one string of the image.
        if let Some(word) = self.0.get_mut(size(word)).filter(|word| **word & bit == 0) {
            *word |= bit;
            let text = |id: Option<u32>| id.map(|id| image.string(id));
            let code = image.string(code);
            reasons.push(Reason { code, message: text(rule.message()), link: text(rule.link()) });
        }
    }
}
