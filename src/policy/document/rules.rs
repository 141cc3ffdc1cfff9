//! Checking `rules` and `invariants`.

use super::conditions::Checker;
use super::fields::{Form, shown};
use super::model::{Condition, Rule};
use super::tree::{Node, Value};
use crate::error::Code;
use crate::policy::image::layout::effect;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

const EFFECTS: [&str; 4] = ["permit", "forbid", "require", "advise"];
const BUILTIN_CODES: [&str; 4] = ["no_grant", "unknown_action", "unknown_route", "malformed"];
const MAX_MESSAGE_BYTES: usize = 1_024;

impl Checker<'_, '_, '_> {
    pub(super) fn check_rule(&mut self, node: &Node) {
        let kind = node.member("effect").and_then(|node| self.diagnostics.choice(node, &EFFECTS));
        let (required, optional): (&[&str], &[&str]) = match kind {
            Some("require") => (
                &["id", "effect", "actions", "must", "reason"],
                &["when", "challenge", "description"],
            ),
            Some("permit") => (&["id", "effect", "actions"], &["when", "reason", "description"]),
            Some(_) => (&["id", "effect", "actions", "reason"], &["when", "description"]),
            None => (
                &["id", "effect", "actions"],
                &["when", "must", "reason", "challenge", "description"],
            ),
        };
        if self.diagnostics.object(node, required, optional).is_none() {
            return;
        }
        self.diagnostics.description(node);
        let id = node.member("id").and_then(|id| self.diagnostics.name(id, "rule id", Form::Id));
        let actions = node.member("actions").and_then(|node| self.actions(node));
        let when = match node.member("when") {
            Some(when) => self.check(when),
            None => Some(Condition::All(Vec::new())),
        };
        let must = node.member("must").map(|must| self.check(must));
        let reason = node.member("reason").map(|reason| self.reason(reason));
        let challenge = node
            .member("challenge")
            .map(|node| self.diagnostics.choice(node, &["insufficient_scope"]));
        let (Some(id), Some(kind), Some(actions), Some(when)) = (id, kind, actions, when) else {
            return;
        };
        if must.as_ref().is_some_and(Option::is_none)
            || reason.as_ref().is_some_and(Option::is_none)
        {
            return;
        }
        let rule = Rule {
            effect: match kind {
                "permit" => effect::PERMIT,
                "forbid" => effect::FORBID,
                "require" => effect::REQUIRE,
                _ => effect::ADVISE,
            },
            actions,
            when,
            must: must.flatten(),
            reason: reason.flatten(),
            challenge: challenge.is_some(),
        };
        if self.model.rules.insert(id.to_string(), rule).is_some() {
            self.diagnostics.error(
                Code::DuplicateId,
                node.span,
                format!("the rule `{id}` is declared twice"),
            );
        }
    }

    pub(super) fn check_invariant(&mut self, node: &Node) {
        if self.diagnostics.object(node, &["id", "never"], &["description"]).is_none() {
            return;
        }
        self.diagnostics.description(node);
        let id =
            node.member("id").and_then(|id| self.diagnostics.name(id, "invariant id", Form::Id));
        let never = node.member("never").and_then(|never| self.check(never));
        let (Some(id), Some(never)) = (id, never) else { return };
        if self.model.invariants.insert(id.to_string(), never).is_some() {
            self.diagnostics.error(
                Code::DuplicateId,
                node.span,
                format!("the invariant `{id}` is declared twice"),
            );
        }
    }

    /// The actions of a rule; inner none for all of them.
    fn actions(&mut self, node: &Node) -> Option<Option<Vec<String>>> {
        let names = self.diagnostics.strings(node);
        if names.len() < node.items().len() || !matches!(node.value, Value::Array(_)) {
            return None;
        }
        match names.as_slice() {
            [] => {
                let message = "at least one action is needed here, or `*` for all".to_string();
                self.diagnostics.error(Code::MissingMember, node.span, message);
                return None;
            }
            [("*", _)] => return Some(None),
            _ => {}
        }
        for (name, item) in &names {
            if *name == "*" {
                let message = "`*` stands for all actions, and stands alone".to_string();
                self.diagnostics.error(Code::InvalidName, item.span, message);
            } else if !self.model.actions.contains_key(*name) {
                self.diagnostics.unknown_action(self.model, name, item);
            }
        }
        Some(Some(names.into_iter().map(|(name, _)| name.to_string()).collect()))
    }

    fn reason(&mut self, node: &Node) -> Option<(String, Option<String>)> {
        self.diagnostics.object(node, &["code"], &["message"])?;
        let code_node = node.member("code")?;
        let code = self.diagnostics.name(code_node, "reason code", Form::ReasonCode)?;
        if BUILTIN_CODES.contains(&code) {
            let message = format!("the reason code `{}` is the library's own", shown(code));
            self.diagnostics.error(Code::ReservedName, code_node.span, message);
        }
        let message = match node.member("message") {
            None => None,
            Some(node) => {
                let text = self.diagnostics.string(node)?;
                if !(1..=MAX_MESSAGE_BYTES).contains(&text.len()) {
                    let message = format!(
                        "a message has 1 to {MAX_MESSAGE_BYTES} bytes, and this one {}",
                        text.len()
                    );
                    self.diagnostics.error(Code::LimitExceeded, node.span, message);
                }
                Some(text.to_string())
            }
        };
        Some((code.to_string(), message))
    }
}
