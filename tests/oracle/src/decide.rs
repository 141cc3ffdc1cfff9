//! Decisions and answers (sections 6, 8 and 10).

use crate::answer::{Answer, Malformed, Reason, Unusable};
use crate::evaluate::{Atoms, Evaluation};
use crate::lack::Lack;
use crate::policy::{Oracle, strings};
use crate::truth::Truth::{self, False, True, Unknown};
use crate::truth::Verdict;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The most places that each list of an answer has.
const PLACES: usize = 256;
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
        if let Some(answer) = self.denied_at_once(request, action) {
            return Ok(answer);
        }
        let evaluation = Evaluation::new(self, request, action);
        let answer = decide(&evaluation);
        let counted = evaluation.atoms.get();
        atoms.known_true += counted.known_true;
        atoms.known_false += counted.known_false;
        atoms.unknown += counted.unknown;
        Ok(answer)
    }

    /// The denial of an action that is not declared, or is none of the resource's type.
    fn denied_at_once(&self, request: &Value, action: &str) -> Option<Answer> {
        let types = &self.actions[action]["resource_types"];
        let reason = if self.actions[action].is_null() {
            Reason::built_in("unknown_action", "This action is not declared.")
        } else if types.is_array() && strings(types).all(|it| request["resource"]["type"] != it) {
            let message = "This action does not apply to resources of this type.";
            Reason::built_in("wrong_resource_type", message)
        } else {
            return None;
        };
        Some(Answer { class: Some("no_grant"), reasons: vec![reason], ..Answer::default() })
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
        let of_type = |name: &&String| self.denied_at_once(&request, name).is_none();
        for name in self.action_names.iter().filter(of_type) {
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
    let mut lacks: BTreeSet<Lack> = BTreeSet::new();
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
        answer.reasons.push(Reason::built_in("no_grant", "No rule grants this action."));
    } else {
        answer.class = Some("indeterminate");
        for forbid in forbids.iter().filter(|it| it.when.truth == Unknown) {
            determining.push(forbid.rule);
            lacks.extend(forbid.when.lacks.clone());
        }
        for require in &violated {
            determining.push(require.rule);
            lacks.extend(require.kept().lacks);
        }
        if !with(&permits, True) {
            for permit in permits.iter().filter(|it| it.when.truth == Unknown) {
                determining.push(permit.rule);
                lacks.extend(permit.when.lacks.clone());
            }
        }
    }
    determining.sort_by_key(|rule| rule["id"].as_str());
    answer.rules =
        determining.iter().filter_map(|it| it["id"].as_str()).map(str::to_owned).collect();
    let stated = reasons(&determining);
    if answer.class == Some("indeterminate") {
        let message = "Something that is needed to decide is missing or cannot be used.";
        answer.reasons.push(Reason::built_in("incomplete_request", message));
        answer.possible = stated.into_iter().map(|reason| reason.code).collect();
    } else {
        answer.reasons.extend(stated);
    }
    for lack in lacks {
        match lack {
            Lack::Missing(pointer) => answer.missing.push(pointer),
            Lack::Unusable { pointer, needs } => {
                answer.unusable.push(Unusable { pointer, needs });
            }
        }
    }
    answer.missing.truncate(PLACES);
    answer.unusable.truncate(PLACES);
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
            let text = |member: &str| reason[member].as_str().map(str::to_owned);
            let (message, link) = (text("message"), text("link"));
            reasons.push(Reason { code: code.to_owned(), message, link });
        }
    }
    reasons
}
