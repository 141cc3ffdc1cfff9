//! What rules come to for 64 actions at once.

use super::conditions::Evaluation;
use super::rules::rule;
use super::truths::Truths;
use crate::policy::image::{
    Connective, Contribution, NodeKind, NodeRecord, OperandKind, Operator, RuleRecord,
};
use crate::policy::request::{AttributeValue, position};
use alloc::vec::Vec;

/// How many actions are in a block: as many as bits in a word of a set of actions.
const ACTIONS: u32 = 64;

/// An evaluation in which the action is left open, and 64 actions, which are a word of each set.
pub(super) struct ActionBlock<'b, 'e> {
    evaluation: &'b mut Evaluation<'e>,
    word: u32,
    /// The named conditions that were needed so far.
    conditions: Vec<(u32, Truths)>,
}

/// Those of a block's actions that no rule denies, and those of these that a permit allows.
#[derive(Clone, Copy, Default)]
pub(super) struct BlockResults {
    pub(super) not_denied: u64,
    pub(super) permitted: u64,
}

impl<'b, 'e> ActionBlock<'b, 'e> {
    pub(super) const fn new(evaluation: &'b mut Evaluation<'e>, word: u32) -> Self {
        Self { evaluation, word, conditions: Vec::new() }
    }

    /// What some rules come to.
    pub(super) fn results(mut self, rules: &[[u8; 4]]) -> BlockResults {
        let (mut permit, mut denied) = (Truths::FALSE, Truths::FALSE);
        for index in rules {
            let rule = rule(self.evaluation.image(), *index);
            let truths = match rule.contribution() {
                Some(Contribution::Permit) => &mut permit,
                Some(Contribution::Forbid | Contribution::Violation) => &mut denied,
                None => continue,
            };
            *truths = truths.or(self.applies(rule));
        }
        BlockResults { not_denied: denied.are_false, permitted: permit.are_true }
    }

    /// For which actions a rule applies.
    fn applies(&mut self, rule: RuleRecord<'_>) -> Truths {
        let when = self.node(rule.when());
        if !rule.has_must() {
            return when;
        }
        when.and(!rule.must().map_or(Truths::UNKNOWN, |must| self.node(must)))
    }

    /// The values of the node at an index. They are unknown where there is no such node.
    fn node(&mut self, index: u32) -> Truths {
        let Some(node) = self.evaluation.image().node(index) else { return Truths::UNKNOWN };
        let first = index.wrapping_add(1);
        match node.kind() {
            Some(NodeKind::Connective(Connective::All)) => {
                self.parts(first, node, Truths::TRUE, Truths::and)
            }
            Some(NodeKind::Connective(Connective::Any)) => {
                self.parts(first, node, Truths::FALSE, Truths::or)
            }
            Some(NodeKind::Connective(Connective::Not)) => !self.node(first),
            Some(NodeKind::Connective(Connective::Condition)) => self.condition(node.a()),
            Some(NodeKind::Atom(operator)) => self.atom(operator, node),
            None => Truths::UNKNOWN,
        }
    }

    /// Joins the values of the parts of an `all` or `any`.
    fn parts(
        &mut self,
        first: u32,
        node: NodeRecord<'_>,
        none: Truths,
        join: fn(Truths, Truths) -> Truths,
    ) -> Truths {
        let (mut joined, mut next) = (none, first);
        while next < node.a() {
            let Some(part) = self.evaluation.image().node(next) else { break };
            joined = join(joined, self.node(next));
            next = part.after(next);
        }
        joined
    }

    fn condition(&mut self, index: u32) -> Truths {
        let known = self.conditions.iter().find(|(condition, _)| *condition == index);
        if let Some((_, truths)) = known {
            return *truths;
        }
        let truths = self.node(self.evaluation.image().condition(index));
        self.conditions.push((index, truths));
        truths
    }

    fn atom(&mut self, operator: Operator, node: NodeRecord<'_>) -> Truths {
        let evaluation = &*self.evaluation;
        let (truth, asked) = evaluation.asks_for_action(|| evaluation.atom(operator, node));
        if !asked {
            return truth.into();
        }
        // It asks for the action, so that is one of its sides.
        match (operator, node.operand()) {
            (Operator::Eq, Some(OperandKind::Number)) => self.equals(node.a()),
            (Operator::Ne, Some(OperandKind::Number)) => !self.equals(node.a()),
            (Operator::In, Some(OperandKind::Words | OperandKind::Attribute)) => {
                let set = evaluation.right(node, AttributeValue::Symbol(0));
                self.are_in(set)
            }
            (Operator::Has, Some(OperandKind::Attribute)) => {
                self.are_in(evaluation.attribute_value(node.attribute()))
            }
            _ => self.one_by_one(operator, node),
        }
    }

    /// Which action is this one.
    fn equals(&self, action: u32) -> Truths {
        let (word, bit) = position(action);
        Truths::known(if word == self.word { bit } else { 0 })
    }

    /// Which actions are in a set.
    fn are_in(&self, set: AttributeValue) -> Truths {
        let AttributeValue::Symbols { sure, perhaps, .. } = set else { return Truths::UNKNOWN };
        let attributes = self.evaluation.attributes;
        Truths {
            are_true: attributes.word(sure, self.word),
            are_false: !attributes.word(perhaps, self.word),
        }
    }

    /// The values of an atom that is seldom written about the action.
    #[cold]
    fn one_by_one(&mut self, operator: Operator, node: NodeRecord<'_>) -> Truths {
        let mut truths = Truths::UNKNOWN;
        for place in 0..ACTIONS {
            let action = self.word.wrapping_mul(ACTIONS).wrapping_add(place);
            let truth = self.evaluation.atom_with_action(action, operator, node);
            truths.put(1_u64.wrapping_shl(place), truth);
        }
        truths
    }
}
