//! A policy as two Cedar policy sets.

use crate::condition::Bounds;
use crate::policy::{Effect, Policy, Rule};
use crate::text::{all, any, not, quoted};
use serde_json::Value;
use std::fmt::Write;

/// The longest expression, in bytes, that a condition may become.
pub const LONGEST: usize = 100_000;

/// A condition would become longer than [`LONGEST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// A policy in Cedar. Every Cedar policy has the annotation `@id`, the id of the rule that it comes
/// from.
#[derive(Debug)]
pub struct Translation {
    /// What a Cedar user would write: it allows what the policy allows.
    pub decision: String,
    /// What the classes of a denial ask (section 8), each question a Cedar `permit` annotated
    /// `@asks`: `granted` (a permit's `when` is true), `grantable` (it is not false), `forbidden`
    /// (a forbid's is true), `required` (a require's `when` is true and its `must` false) and
    /// `advised`.
    pub questions: String,
}

impl Policy {
    /// Translates the rules.
    ///
    /// # Errors
    ///
    /// [`TooLong`] when a condition has no text of reasonable length.
    pub fn translate(&self) -> Result<Translation, TooLong> {
        let mut decision = String::new();
        let mut questions = String::new();
        let fits = self.fits();
        for rule in &self.rules {
            let when = self.bounds(&rule.when)?;
            let mut decide = |effect: &str, condition: &str| {
                let annotations = format!("@id({})", quoted(&rule.id));
                add(&mut decision, rule, &annotations, effect, &format!("{fits}{condition}"));
            };
            let mut ask = |question: &str, condition: &str| {
                let annotations = format!("@id({}) @asks(\"{question}\")", quoted(&rule.id));
                let condition = format!("{fits}when {{ {condition} }}");
                add(&mut questions, rule, &annotations, "permit", &condition);
            };
            match rule.effect {
                Effect::Permit => {
                    decide("permit", &format!("when {{ {} }}", when.holds));
                    ask("granted", &when.holds);
                    ask("grantable", &not(&when.fails));
                }
                Effect::Forbid => {
                    decide("forbid", &format!("unless {{ {} }}", when.fails));
                    ask("forbidden", &when.holds);
                }
                Effect::Require => {
                    let Bounds { holds, fails } = self.bounds(&rule.must)?;
                    let met = any(vec![when.fails, holds]);
                    decide("forbid", &format!("unless {{ {met} }}"));
                    ask("required", &all(vec![when.holds, fails]));
                }
                Effect::Advise => ask("advised", &when.holds),
            }
        }
        Ok(Translation { decision, questions })
    }

    /// A clause that holds where the action applies to resources of the resource's type; nothing
    /// where all do.
    fn fits(&self) -> String {
        let restricted = self.actions.iter().filter_map(|(name, action)| {
            let types: Vec<_> =
                action.resource_types.as_ref()?.iter().map(|it| quoted(it)).collect();
            Some(any(vec![
                format!("action != Action::{}", quoted(name)),
                format!("[{}].contains(context.prepared.resource_type)", types.join(", ")),
            ]))
        });
        match all(restricted.collect()) {
            all if all == "true" => String::new(),
            all => format!("when {{ {all} }}\n"),
        }
    }

    /// The codes of the reasons that these rules give: in the order of their ids, each once.
    pub fn codes(&self, rules: &[String]) -> Vec<Value> {
        let mut codes = Vec::new();
        for rule in self.rules.iter().filter(|rule| rules.contains(&rule.id)) {
            if let Some(code) = rule.code.as_deref().map(Value::from)
                && !codes.contains(&code)
            {
                codes.push(code);
            }
        }
        codes
    }
}

fn add(out: &mut String, rule: &Rule, annotations: &str, effect: &str, condition: &str) {
    let actions = match &rule.actions {
        None => "action in Action::\"any declared\"".to_owned(),
        Some(names) => {
            let actions: Vec<_> =
                names.iter().map(|name| format!("Action::{}", quoted(name))).collect();
            format!("action in [{}]", actions.join(", "))
        }
    };
    writeln!(out, "{annotations}\n{effect} (principal, {actions}, resource)\n{condition};")
        .expect("a string takes all");
}
