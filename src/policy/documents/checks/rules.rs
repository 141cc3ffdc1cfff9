//! Checking `rules` and `invariants`.

use super::super::fields::NameForm;
use super::super::model::{
    ConditionNode, Operand, ReasonDeclaration, RuleActions, RuleDeclaration,
};
use super::super::text::digits;
use super::super::tree::{Node, NodeValue};
use super::conditions::Checker;
use crate::error::Code;
use crate::policy::image::{Connective, Effect, NodeKind};
use crate::policy::vocabulary::reason_code;

const MAX_MESSAGE_BYTES: usize = 1_024;

impl<'n> Checker<'_, 'n, '_> {
    pub(super) fn check_rule(&mut self, node: &'n Node<'n>) {
        let effect = node
            .member("effect")
            .and_then(|node| self.diagnostics.choice(node, Effect::NAMES))
            .and_then(Effect::from_name);
        let (required, optional) = members_of(effect);
        if !self.diagnostics.object(node, required, optional) {
            return;
        }
        self.diagnostics.description(node);
        let id = self.diagnostics.id(node, "rule id");
        let actions = node.member("actions").and_then(|node| self.actions(node));
        let when = match node.member("when") {
            Some(when) => self.check(when),
            None => Some(alloc::vec![ConditionNode {
                kind: NodeKind::Connective(Connective::All),
                attribute: 0,
                right: Operand::Parts(0),
                place: node.start(),
            }]),
        };
        let must = node.member("must").map(|must| self.check(must));
        let reason = node.member("reason").map(|reason| self.reason(reason));
        let challenge = node.member("challenge");
        if let Some(node) = challenge {
            self.diagnostics.choice(node, &["insufficient_scope"]);
        }
        let (Some(id), Some(effect), Some(actions), Some(when)) = (id, effect, actions, when)
        else {
            return;
        };
        if matches!(must, Some(None)) || matches!(reason, Some(None)) {
            return;
        }
        let rule = RuleDeclaration {
            id,
            effect,
            actions,
            when,
            must: must.flatten(),
            reason: reason.flatten(),
            challenge: challenge.is_some(),
        };
        if let Some(before) = self.model.rules.add(id, node.span, rule) {
            self.diagnostics.twice(node, "rule", id, before);
        }
    }

    pub(super) fn check_invariant(&mut self, node: &'n Node<'n>) {
        if !self.diagnostics.object(node, &["id", "never"], &["description"]) {
            return;
        }
        self.diagnostics.description(node);
        let id = self.diagnostics.id(node, "invariant id");
        let never = node.member("never").and_then(|never| self.check(never));
        let (Some(id), Some(never)) = (id, never) else { return };
        if let Some(before) = self.model.invariants.add(id, node.span, never) {
            self.diagnostics.twice(node, "invariant", id, before);
        }
    }

    /// The actions of a rule, or none where they are wrong.
    fn actions(&mut self, node: &'n Node<'n>) -> Option<RuleActions<'n>> {
        let names = self.diagnostics.strings(node);
        if names.len() < node.items().len() || !matches!(node.value, NodeValue::Array(_)) {
            return None;
        }
        match names.as_slice() {
            [] => {
                let message = "at least one action is needed here, or `*` for all";
                self.diagnostics.error(Code::MissingMember, node.span, message, &[]);
                return None;
            }
            [("*", _)] => return Some(RuleActions::All),
            _ => {}
        }
        for (name, item) in &names {
            if *name == "*" {
                let message = "`*` stands for all actions, and stands alone";
                self.diagnostics.error(Code::InvalidName, item.span, message, &[]);
            } else if self.model.action(name).is_none() {
                self.diagnostics.unknown_action(self.model, name, item);
            }
        }
        Some(RuleActions::These(names))
    }

    fn reason(&mut self, node: &'n Node<'n>) -> Option<ReasonDeclaration<'n>> {
        if !self.diagnostics.object(node, &["code"], &["message", "link"]) {
            return None;
        }
        let code_node = node.member("code")?;
        let code = self.diagnostics.name(code_node, "reason code", NameForm::ReasonCode)?;
        if reason_code::ALL.contains(&code) {
            let message = "the reason code `{}` is the library's own";
            self.diagnostics.error(Code::ReservedName, code_node.span, message, &[code]);
        }
        let message = node.member("message").map(|node| self.message(node));
        let link = node.member("link");
        let link = link.map(|node| self.diagnostics.name(node, "link", NameForm::Link));
        if matches!(message, Some(None)) || matches!(link, Some(None)) {
            return None;
        }
        Some(ReasonDeclaration { code, message: message.flatten(), link: link.flatten() })
    }

    fn message(&mut self, node: &'n Node<'n>) -> Option<&'n str> {
        let text = self.diagnostics.string(node)?;
        if !(1..=MAX_MESSAGE_BYTES).contains(&text.len()) {
            let message = "a message has 1 to {=} bytes, and this one {=}";
            let parts = [&*digits(MAX_MESSAGE_BYTES), &digits(text.len())];
            self.diagnostics.error(Code::LimitExceeded, node.span, message, &parts);
        }
        Some(text)
    }
}

/// The members that a rule with an effect must have, and those that it may have.
const fn members_of(effect: Option<Effect>) -> (&'static [&'static str], &'static [&'static str]) {
    match effect {
        Some(Effect::Require) => {
            (&["id", "effect", "actions", "must", "reason"], &["when", "challenge", "description"])
        }
        Some(Effect::Permit) => (&["id", "effect", "actions"], &["when", "reason", "description"]),
        Some(Effect::Forbid | Effect::Advise) => {
            (&["id", "effect", "actions", "reason"], &["when", "description"])
        }
        // Where the effect is wrong, each member of a rule may be meant.
        None => {
            (&["id", "effect", "actions"], &["when", "must", "reason", "challenge", "description"])
        }
    }
}
