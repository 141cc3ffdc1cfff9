//! Decisions and answers (sections 6, 8 and 10).

use crate::answer::{Answer, Malformed, Reason};
use crate::evaluate::{Atoms, Evaluation};
use crate::policy::Oracle;
use crate::truth::Truth::{self, False, True, Unknown};
use crate::truth::Verdict;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The most pointers that an answer lists.
const MISSING: usize = 256;
/// The most levels of a request.
const NESTING: usize = 32;

impl Oracle {
    /// The answer to a single evaluation request; `evaluations` is a member like others that
    /// nothing declares.
    ///
    /// # Errors
    ///
    /// The request is malformed.
    pub fn answer(&self, request: &Value) -> Result<Answer, Malformed> {
        self.answer_counting(request, &mut Atoms::default())
    }

    /// The same, and counts the atoms that were evaluated for it.
    ///
    /// # Errors
    ///
    /// The request is malformed.
    pub fn answer_counting(&self, request: &Value, atoms: &mut Atoms) -> Result<Answer, Malformed> {
        well_formed(request)?;
        let action = request["action"]["name"].as_str().ok_or(Malformed)?;
        if self.actions[action].is_null() {
            return Ok(Answer {
                class: Some("no_grant"),
                reasons: vec![Reason::new("unknown_action", Some("This action is not declared."))],
                ..Answer::default()
            });
        }
        let evaluation = Evaluation::new(self, request, action);
        let answer = decide(&evaluation);
        let counted = evaluation.atoms.get();
        atoms.known_true += counted.known_true;
        atoms.known_false += counted.known_false;
        atoms.unknown += counted.unknown;
        Ok(answer)
    }

    /// The actions that an action search finds, sorted (section 11).
    ///
    /// # Errors
    ///
    /// The request is malformed.
    pub fn search(&self, request: &Value) -> Result<Vec<String>, Malformed> {
        let mut request = request.clone();
        let members = request.as_object_mut().ok_or(Malformed)?;
        let supplied = members.insert("action".to_owned(), json!({ "name": "" }));
        well_formed(&request)?;
        nested(&supplied.unwrap_or_default(), 1)?;
        let mut found = Vec::new();
        // Permissions and scopes do not depend on the action, so they are read once.
        let mut evaluation = Evaluation::new(self, &request, "");
        for name in &self.action_names {
            evaluation = evaluation.with_action(name);
            if decide(&evaluation).decision {
                found.push(name.clone());
            }
        }
        Ok(found)
    }
}

/// Whether a value below so many levels keeps to the nesting of a request.
pub(crate) fn nested(value: &Value, above: usize) -> Result<(), Malformed> {
    let below: Vec<&Value> = match value {
        Value::Object(members) => members.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => return Ok(()),
    };
    if above == NESTING {
        return Err(Malformed);
    }
    below.into_iter().try_for_each(|value| nested(value, above + 1))
}

/// Section 6.
fn well_formed(request: &Value) -> Result<(), Malformed> {
    nested(request, 0)?;
    let members = request.as_object().ok_or(Malformed)?;
    for (name, strings) in [
        ("subject", ["type", "id"].as_slice()),
        ("action", &["name"]),
        ("resource", &["type", "id"]),
    ] {
        let entity = members.get(name).and_then(Value::as_object).ok_or(Malformed)?;
        let has_properties = entity.get("properties").is_none_or(Value::is_object);
        if !has_properties
            || !strings.iter().all(|it| entity.get(*it).is_some_and(Value::is_string))
        {
            return Err(Malformed);
        }
    }
    if members.get("context").is_none_or(Value::is_object) { Ok(()) } else { Err(Malformed) }
}

/// A rule and what it came to.
struct Judged<'a> {
    rule: &'a Value,
    when: Verdict,
    must: Verdict,
}

impl Judged<'_> {
    /// The tree of a require: any of not `when` and `must`.
    fn kept(&self) -> Verdict {
        Verdict::any(vec![self.when.clone().not(), self.must.clone()])
    }

    fn is_violated(&self) -> bool {
        !(self.when.truth == False || self.must.truth == True)
    }
}

fn decide(evaluation: &Evaluation) -> Answer {
    let judged = |effect: &str| -> Vec<Judged> {
        let rules = evaluation.oracle.rules_of(effect, evaluation.action).into_iter();
        let condition = |condition: &Value| evaluation.condition(condition);
        rules
            .map(|rule| Judged {
                rule,
                when: condition(&rule["when"]),
                must: condition(&rule["must"]),
            })
            .collect()
    };
    let (permits, forbids, requires) = (judged("permit"), judged("forbid"), judged("require"));
    let with = |rules: &'_ [Judged<'_>], truth: Truth| -> bool {
        rules.iter().any(|it| it.when.truth == truth)
    };
    let granted = with(&permits, True) && !with(&forbids, True) && !with(&forbids, Unknown);
    let violated: Vec<&Judged> = requires.iter().filter(|it| it.is_violated()).collect();
    let broken = |it: &&Judged| it.when.truth == True && it.must.truth == False;

    let mut answer = Answer::default();
    let mut missing = BTreeSet::new();
    let mut determining: Vec<&Value> = Vec::new();
    if granted && violated.is_empty() {
        answer.decision = true;
        determining.extend(permits.iter().filter(|it| it.when.truth == True).map(|it| it.rule));
    } else if with(&forbids, True) {
        answer.class = Some("forbidden");
        determining.extend(forbids.iter().filter(|it| it.when.truth == True).map(|it| it.rule));
    } else if violated.iter().any(broken) {
        answer.class = Some("requirement");
        let broken: Vec<&Value> =
            violated.iter().filter(|it| broken(it)).map(|it| it.rule).collect();
        let others_hold = violated.iter().all(|it| broken.contains(&it.rule));
        answer.curable_by_scope = granted
            && others_hold
            && broken.iter().all(|rule| rule["challenge"] == "insufficient_scope");
        determining = broken;
    } else if !with(&permits, True) && !with(&permits, Unknown) {
        answer.class = Some("no_grant");
        answer.reasons.push(Reason::new("no_grant", Some("No rule grants this action.")));
    } else {
        answer.class = Some("indeterminate");
        for forbid in forbids.iter().filter(|it| it.when.truth == Unknown) {
            determining.push(forbid.rule);
            missing.extend(forbid.when.missing.clone());
        }
        for require in &violated {
            determining.push(require.rule);
            missing.extend(require.kept().missing);
        }
        if !with(&permits, True) {
            for permit in permits.iter().filter(|it| it.when.truth == Unknown) {
                determining.push(permit.rule);
                missing.extend(permit.when.missing.clone());
            }
        }
    }
    determining.sort_by_key(|rule| rule["id"].as_str());
    answer.rules =
        determining.iter().filter_map(|it| it["id"].as_str()).map(str::to_owned).collect();
    answer.reasons.extend(reasons(&determining));
    answer.missing = missing.into_iter().take(MISSING).collect();
    let advice = judged("advise");
    let advice = advice.iter().filter(|it| it.when.truth == True).map(|it| it.rule);
    answer.advice = reasons(&advice.collect::<Vec<_>>());
    answer
}

/// The reasons of rules that are in the order of their ids: each code once, the first wins.
fn reasons(rules: &[&Value]) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::new();
    for reason in rules.iter().map(|rule| &rule["reason"]) {
        let Some(code) = reason["code"].as_str() else { continue };
        if reasons.iter().all(|known| known.code != code) {
            reasons.push(Reason::new(code, reason["message"].as_str()));
        }
    }
    reasons
}
