//! Conditions that cannot hold, and texts that were meant as attributes.

use super::super::diagnostics::Diagnostics;
use super::super::model::{Condition, ConditionNode, DeclaredType, Model, Operand};
use super::super::tree::Node;
use crate::error::Code;
use crate::order;
use crate::policy::image::{Connective, NodeKind, Operator};
use crate::time::LATEST;
use alloc::string::String;
use alloc::vec::Vec;

/// Which values a part of a condition can have, whatever the request is. Unknown it can always be.
#[derive(Clone, Copy, Debug)]
struct Possible {
    is_true: bool,
    is_false: bool,
}

pub(super) fn lint(diagnostics: &mut Diagnostics<'_>, model: &Model<'_>) {
    let mut lints = Lints { diagnostics, model, named: Vec::new() };
    for condition in &model.conditions {
        let possible = lints.condition(condition);
        lints.named.push(possible);
    }
    for rule in model.rules.sorted() {
        lints.condition(&rule.when);
        let Some(must) = &rule.must else { continue };
        if let (Possible { is_false: false, .. }, Some(first)) =
            (lints.condition(must), must.first())
        {
            let message = "this `must` can never be false, so the rule never denies";
            lints.diagnostics.warning(Code::NeverTrue, first.place, message, &[], None);
        }
    }
    for invariant in model.invariants.sorted() {
        lints.condition(invariant);
    }
}

struct Lints<'l, 'n, 'd> {
    diagnostics: &'l mut Diagnostics<'d>,
    model: &'l Model<'n>,
    /// The declared conditions so far.
    named: Vec<Possible>,
}

impl<'n> Lints<'_, 'n, '_> {
    /// Looks at one condition with all its parts.
    fn condition(&mut self, nodes: &Condition<'n>) -> Possible {
        let mut together = Vec::new();
        let (possible, _) = self.part(nodes, 0, &mut together);
        let holds = self.hold_together(nodes, together);
        Possible { is_true: possible.is_true && holds, ..possible }
    }

    /// Looks at the part that begins with a node, and says where the next part begins. The atoms of
    /// which all must hold for the part to hold are added to `together`.
    fn part(
        &mut self,
        nodes: &Condition<'n>,
        index: usize,
        together: &mut Vec<usize>,
    ) -> (Possible, usize) {
        let Some(node) = nodes.get(index) else {
            return (Possible { is_true: true, is_false: true }, index.saturating_add(1));
        };
        let next = index.saturating_add(1);
        let connective = match node.kind {
            NodeKind::Atom(operator) => {
                together.push(index);
                return (self.atom(operator, node), next);
            }
            NodeKind::Connective(connective) => connective,
        };
        let end = match node.right {
            Operand::Parts(own) => next.saturating_add(own),
            Operand::Named(condition) => {
                let known = self.named.get(condition).copied();
                return (known.unwrap_or(Possible { is_true: true, is_false: true }), next);
            }
            Operand::Attribute(_)
            | Operand::Symbol(_)
            | Operand::Integer(_)
            | Operand::Text(_)
            | Operand::Symbols(..)
            | Operand::Texts(_)
            | Operand::Address(_)
            | Operand::Networks(_) => next,
        };
        let possible = match connective {
            Connective::All => self.all(nodes, next, end, together),
            Connective::Any => self.any(nodes, next, end, node),
            Connective::Not => self.not(nodes, next, node),
            Connective::Condition => Possible { is_true: true, is_false: true },
        };
        (possible, end)
    }

    fn all(
        &mut self,
        nodes: &Condition<'n>,
        first: usize,
        end: usize,
        together: &mut Vec<usize>,
    ) -> Possible {
        let mut possible = Possible { is_true: true, is_false: false };
        let mut next = first;
        while next < end {
            let (part, after) = self.part(nodes, next, together);
            possible.is_true &= part.is_true;
            possible.is_false |= part.is_false;
            next = after;
        }
        possible
    }

    fn any(
        &mut self,
        nodes: &Condition<'n>,
        first: usize,
        end: usize,
        node: &ConditionNode<'n>,
    ) -> Possible {
        if first >= end {
            self.never(node, "an empty `any` is never true");
        }
        let mut possible = Possible { is_true: false, is_false: true };
        let mut next = first;
        while next < end {
            let mut together = Vec::new();
            let (part, after) = self.part(nodes, next, &mut together);
            let holds = self.hold_together(nodes, together);
            possible.is_true |= part.is_true && holds;
            possible.is_false &= part.is_false;
            next = after;
        }
        possible
    }

    fn not(&mut self, nodes: &Condition<'n>, first: usize, node: &ConditionNode<'n>) -> Possible {
        let mut together = Vec::new();
        let (part, _) = self.part(nodes, first, &mut together);
        let holds = self.hold_together(nodes, together);
        if !part.is_false {
            self.never(node, "what this `not` stands before is never false, so this is never true");
        }
        Possible { is_true: part.is_false, is_false: part.is_true && holds }
    }

    fn atom(&mut self, operator: Operator, node: &ConditionNode<'n>) -> Possible {
        let is_empty = match node.right {
            Operand::Symbols(_, list) | Operand::Texts(list) | Operand::Networks(list) => {
                list.items().is_empty()
            }
            Operand::Parts(_)
            | Operand::Named(_)
            | Operand::Attribute(_)
            | Operand::Symbol(_)
            | Operand::Integer(_)
            | Operand::Text(_)
            | Operand::Address(_) => false,
        };
        self.literals(node);
        match operator {
            Operator::In | Operator::HasAny if is_empty => {
                self.never(node, "nothing is in an empty list, so this is never true");
                Possible { is_true: false, is_false: true }
            }
            Operator::HasAll if is_empty => Possible { is_true: true, is_false: false },
            Operator::Eq
            | Operator::Ne
            | Operator::In
            | Operator::Has
            | Operator::HasAll
            | Operator::HasAny
            | Operator::SubsetOf
            | Operator::Lt
            | Operator::Le
            | Operator::Gt
            | Operator::Ge
            | Operator::Present => Possible { is_true: true, is_false: true },
        }
    }

    fn never(&mut self, node: &ConditionNode<'n>, message: &str) {
        self.diagnostics.warning(Code::NeverTrue, node.place, message, &[], None);
    }

    /// Looks for texts that are names of attributes.
    fn literals(&mut self, node: &ConditionNode<'n>) {
        match node.right {
            Operand::Text(text) => self.literal(text, node, None),
            Operand::Texts(list) => {
                for item in list.items() {
                    if let Some(text) = item.text() {
                        self.literal(text, node, Some(item));
                    }
                }
            }
            Operand::Parts(_)
            | Operand::Named(_)
            | Operand::Attribute(_)
            | Operand::Symbol(_)
            | Operand::Integer(_)
            | Operand::Symbols(..)
            | Operand::Address(_)
            | Operand::Networks(_) => {}
        }
    }

    fn literal(&mut self, text: &str, node: &ConditionNode<'n>, item: Option<&Node<'_>>) {
        // Other languages write references as `${a.b}`, `{{ a.b }}`, `$a.b` or `@a.b`.
        let name =
            text.trim_matches(|c| matches!(c, '$' | '{' | '}' | '@' | ' ' | '%' | '<' | '>'));
        if self.model.attribute(name).is_none() {
            return;
        }
        let message = "`{}` is compared as it is, and it is the name of an attribute";
        let place = item.map_or(node.place, |item| item.span);
        let mut meant = String::from("{\"attribute\": \"");
        meant.push_str(name);
        meant.push_str("\"}");
        self.diagnostics.warning(Code::LiteralAttribute, place, message, &[text], Some(meant));
    }

    /// Whether these atoms can hold together, as far as single attributes say.
    fn hold_together(&mut self, nodes: &Condition<'n>, atoms: Vec<usize>) -> bool {
        let by_attribute =
            atoms.into_iter().filter_map(|index| Some((nodes.get(index)?.attribute, index)));
        let mut holds = true;
        let mut demands: Option<(usize, Demands<'n>)> = None;
        for (attribute, index) in order::sorted::<(usize, usize)>(by_attribute.collect()) {
            let Some(node) = nodes.get(index) else { continue };
            let mut known = match demands.take() {
                Some((other, known)) if other == attribute => known,
                _ => Demands::of(self.model.attributes.get(attribute).map(|it| it.kind)),
            };
            if !known.is_told && !known.add(node, self.model) {
                known.is_told = true;
                holds = false;
                let message = "this and what stands before it about the same attribute never hold \
                    together";
                self.diagnostics.warning(Code::Contradiction, node.place, message, &[], None);
            }
            demands = Some((attribute, known));
        }
        holds
    }
}

/// What several atoms ask of one attribute.
struct Demands<'n> {
    least: i64,
    greatest: i64,
    /// The literal that it must equal.
    equals: Option<Operand<'n>>,
    /// The literals that it must not equal.
    differs: Vec<Operand<'n>>,
    /// The lists that it must be in.
    lists: Vec<Operand<'n>>,
    /// Whether it must have a value, or be null.
    has_value: bool,
    is_null: bool,
    /// Whether a contradiction was told, so that it is told once.
    is_told: bool,
}

impl<'n> Demands<'n> {
    fn of(kind: Option<DeclaredType<'n>>) -> Self {
        let (least, greatest) = match kind {
            Some(DeclaredType::Int(min, max)) => (min, max),
            Some(DeclaredType::Time) => (0, LATEST),
            Some(
                DeclaredType::Bool
                | DeclaredType::Enum(_)
                | DeclaredType::Id(_)
                | DeclaredType::EnumSet(_)
                | DeclaredType::IdSet(_)
                | DeclaredType::Ip
                | DeclaredType::IpSet,
            )
            | None => (i64::MIN, i64::MAX),
        };
        Self {
            least,
            greatest,
            equals: None,
            differs: Vec::new(),
            lists: Vec::new(),
            has_value: false,
            is_null: false,
            is_told: false,
        }
    }

    /// Adds an atom, and says whether it fits to those before it.
    fn add(&mut self, node: &ConditionNode<'n>, model: &Model<'n>) -> bool {
        let NodeKind::Atom(operator) = node.kind else { return true };
        match operator {
            Operator::Present => {
                let wants_value = matches!(node.right, Operand::Symbol(1));
                self.has_value |= wants_value;
                self.is_null |= !wants_value;
            }
            Operator::Eq
            | Operator::Ne
            | Operator::In
            | Operator::Has
            | Operator::HasAll
            | Operator::HasAny
            | Operator::SubsetOf
            | Operator::Lt
            | Operator::Le
            | Operator::Gt
            | Operator::Ge => self.has_value = true,
        }
        if self.has_value && self.is_null {
            return false;
        }
        match (operator, node.right) {
            (Operator::Eq, Operand::Integer(number)) => self.between(number, number),
            (Operator::Lt, Operand::Integer(number)) => {
                self.between(i64::MIN, number.saturating_sub(1))
            }
            (Operator::Le, Operand::Integer(number)) => self.between(i64::MIN, number),
            (Operator::Gt, Operand::Integer(number)) => {
                self.between(number.saturating_add(1), i64::MAX)
            }
            (Operator::Ge, Operand::Integer(number)) => self.between(number, i64::MAX),
            (Operator::Eq, right @ (Operand::Symbol(_) | Operand::Text(_))) => {
                // Each literal is compared with the others once, however often it stands here.
                if self.equals.is_some_and(|other| is_same(other, right)) {
                    return true;
                }
                let fits = self.equals.is_none()
                    && !self.differs.iter().any(|other| is_same(*other, right))
                    && self.lists.iter().all(|list| is_in(right, *list, model));
                self.equals = Some(right);
                fits
            }
            (
                Operator::Ne,
                right @ (Operand::Symbol(_) | Operand::Text(_) | Operand::Integer(_)),
            ) => {
                let only = Operand::Integer(self.least);
                self.differs.push(right);
                let is_only = self.least == self.greatest && is_same(only, right);
                !is_only && self.equals.is_none_or(|other| !is_same(other, right))
            }
            (Operator::In, right @ (Operand::Symbols(..) | Operand::Texts(_))) => {
                self.lists.push(right);
                self.equals.is_none_or(|other| is_in(other, right, model))
            }
            // What sets hold, and how attributes relate to each other, is not followed.
            (
                Operator::Eq
                | Operator::Ne
                | Operator::In
                | Operator::Has
                | Operator::HasAll
                | Operator::HasAny
                | Operator::SubsetOf
                | Operator::Lt
                | Operator::Le
                | Operator::Gt
                | Operator::Ge
                | Operator::Present,
                _,
            ) => true,
        }
    }

    fn between(&mut self, least: i64, greatest: i64) -> bool {
        let narrowed = (self.least.max(least), self.greatest.min(greatest));
        if narrowed == (self.least, self.greatest) {
            return true;
        }
        (self.least, self.greatest) = narrowed;
        let only = Operand::Integer(self.least);
        self.least < self.greatest
            || (self.least == self.greatest
                && !self.differs.iter().any(|other| is_same(*other, only)))
    }
}

fn is_same(one: Operand<'_>, other: Operand<'_>) -> bool {
    match (one, other) {
        (Operand::Symbol(one), Operand::Symbol(other)) => one == other,
        (Operand::Integer(one), Operand::Integer(other)) => one == other,
        (Operand::Text(one), Operand::Text(other)) => one == other,
        (Operand::Address(one), Operand::Address(other)) => one == other,
        _ => false,
    }
}

/// Whether a literal is in a list of literals. What is of another kind is not looked at.
fn is_in(literal: Operand<'_>, list: Operand<'_>, model: &Model<'_>) -> bool {
    match (literal, list) {
        (Operand::Symbol(symbol), Operand::Symbols(values, list)) => {
            let text = model.values(values).get(symbol);
            list.items().iter().any(|item| item.text() == text.copied())
        }
        (Operand::Text(text), Operand::Texts(list)) => {
            list.items().iter().any(|item| item.text() == Some(text))
        }
        _ => true,
    }
}
