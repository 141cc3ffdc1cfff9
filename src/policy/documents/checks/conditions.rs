//! Checking conditions: names, operators and types.

use super::super::diagnostics::Diagnostics;
use super::super::model::{Condition, ConditionNode, Declared, DeclaredType, Model, Operand};
use super::super::text::digits;
use super::super::tree::{Member, Node, NodeValue, SourceSpan};
use super::cycles::References;
use crate::error::Code;
use crate::policy::Limits;
use crate::policy::image::{Connective, NodeKind, Operator};
use alloc::vec::Vec;

/// How deeply conditions may nest, through the conditions that they refer to.
const MAX_DEPTH: usize = 32;

/// The declared conditions, each with how far it is checked.
pub(super) type Named<'n> = Declared<'n, NamedCondition<'n>>;

#[derive(Clone, Copy, Debug)]
pub(super) struct NamedCondition<'n> {
    pub(super) id: &'n str,
    when: &'n Node<'n>,
    state: State,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum State {
    Unchecked,
    /// Its index in the model and its depth.
    Checked(usize, usize),
    Wrong,
}

/// Checks conditions against one model.
pub(super) struct Checker<'c, 'n, 'd> {
    pub(super) diagnostics: &'c mut Diagnostics<'d>,
    pub(super) model: &'c mut Model<'n>,
    pub(super) named: Named<'n>,
    pub(super) limits: &'c Limits,
    /// The nodes of the conditions that are being checked, as far as they were read. Those of a
    /// condition that another one refers to come after those of the other one.
    pub(super) parts: Vec<ConditionNode<'n>>,
}

impl<'n> Checker<'_, 'n, '_> {
    /// Notes a condition's name, so that others can refer to it.
    pub(super) fn declare(&mut self, node: &'n Node<'n>) {
        if !self.diagnostics.object(node, &["id", "when"], &["description"]) {
            return;
        }
        self.diagnostics.description(node);
        let id = self.diagnostics.id(node, "condition id");
        let (Some(id), Some(when)) = (id, node.member("when")) else { return };
        let condition = NamedCondition { id, when, state: State::Unchecked };
        if let Some(before) = self.named.add(id, node.span, condition) {
            self.diagnostics.twice(node, "condition", id, before);
        }
    }

    /// Checks all declared conditions. A cycle of them is one error, and nothing else is said of
    /// those that lead to it.
    pub(super) fn check_declared(&mut self) {
        let named = &self.named.items;
        let references = References::new(
            named
                .iter()
                .map(|named| {
                    let mut found = Vec::new();
                    self.references(named.when, &mut found);
                    found
                })
                .collect(),
        );
        let id = |number: usize| named.get(number).map(|named| named.id);
        self.diagnostics.check_cycles(&references, "refers to", &id);
        for (named, is_circular) in self.named.items.iter_mut().zip(references.lead_to_cycles()) {
            if is_circular {
                named.state = State::Wrong;
            }
        }
        for number in self.named.ids.numbers() {
            self.resolve(number, 0);
        }
    }

    /// Collects the declared conditions that a condition refers to, with the places where it does.
    /// What is no condition is passed over here: it is an error later.
    fn references(&self, node: &Node<'_>, found: &mut Vec<(usize, SourceSpan)>) {
        for member in node.members() {
            let node = &member.node;
            match Connective::from_name(&member.name) {
                Some(Connective::All | Connective::Any) => {
                    node.items().iter().for_each(|item| self.references(item, found));
                }
                Some(Connective::Not) => self.references(node, found),
                Some(Connective::Condition) => {
                    let number = node.text().and_then(|id| self.named.ids.find(id));
                    found.extend(number.map(|number| (number, node.span)));
                }
                None => {}
            }
        }
    }

    /// Checks a condition that stands alone.
    pub(super) fn check(&mut self, node: &'n Node<'n>) -> Option<Condition<'n>> {
        Some(self.check_at(node, 1)?.0)
    }

    /// Checks a condition that stands at a depth, and gives it with the number of levels that it
    /// has. Another condition, which refers to this one, may be half read meanwhile.
    fn check_at(&mut self, node: &'n Node<'n>, depth: usize) -> Option<(Condition<'n>, usize)> {
        let start = self.parts.len();
        let deep = self.condition(node, depth);
        let own: Condition<'n> = self.parts.drain(start..).collect();
        Some((own, deep?))
    }

    /// Reads a condition object that stands at a depth, and says how many levels it has. None if
    /// something is wrong in it; then some of its nodes may be missing.
    fn condition(&mut self, node: &'n Node<'n>, depth: usize) -> Option<usize> {
        if depth > MAX_DEPTH {
            let message = "conditions are nested more deeply than {=} levels";
            let parts = [&*digits(MAX_DEPTH)];
            self.diagnostics.error(Code::LimitExceeded, node.start(), message, &parts);
            return None;
        }
        if !self.diagnostics.object_of_any(node) {
            return None;
        }
        let start = self.parts.len();
        let mut deepest = Some(0);
        for member in node.members() {
            deepest = deeper(deepest, self.part(member, depth));
        }
        self.join(Connective::All, start, node.members().len(), node.span);
        Some(deepest?.saturating_add(1))
    }

    fn part(&mut self, member: &'n Member<'n>, depth: usize) -> Option<usize> {
        let below = depth.saturating_add(2);
        let node = &member.node;
        match Connective::from_name(&member.name) {
            Some(connective @ (Connective::All | Connective::Any)) => {
                self.list(connective, node, below)
            }
            Some(Connective::Not) => {
                let start = self.parts.len();
                let deep = self.condition(node, below)?;
                self.put_before(Connective::Not, start, member.span);
                Some(deep.saturating_add(1))
            }
            Some(Connective::Condition) => self.reference(node, depth),
            None => self.attribute(&member.name, member),
        }
    }

    fn list(&mut self, connective: Connective, node: &'n Node<'n>, depth: usize) -> Option<usize> {
        let start = self.parts.len();
        let mut deepest = Some(0).filter(|_| matches!(node.value, NodeValue::Array(_)));
        for item in self.diagnostics.array(node) {
            let first = self.parts.len();
            deepest = deeper(deepest, self.condition(item, depth));
            if let Some(part) = self.parts.get_mut(first) {
                part.place = item.span;
            }
        }
        self.join(connective, start, node.items().len(), node.span);
        Some(deepest?.saturating_add(1))
    }

    /// Joins the `count` conditions that begin with the node at `start` to one. A single one needs
    /// no connective.
    fn join(&mut self, connective: Connective, start: usize, count: usize, place: SourceSpan) {
        if count != 1 {
            self.put_before(connective, start, place);
        }
    }

    fn put_before(&mut self, connective: Connective, start: usize, place: SourceSpan) {
        let own = self.parts.len().saturating_sub(start);
        self.parts.insert(
            start.min(self.parts.len()),
            ConditionNode {
                kind: NodeKind::Connective(connective),
                attribute: 0,
                right: Operand::Parts(own),
                place,
            },
        );
    }

    fn reference(&mut self, node: &'n Node<'n>, depth: usize) -> Option<usize> {
        let id = self.diagnostics.string(node)?;
        let Some(number) = self.named.ids.find(id) else {
            let message = "the condition `{}` is not declared";
            let known = || self.named.ids.names();
            self.diagnostics.unknown(Code::UnknownCondition, node.span, message, &[id], &known);
            return None;
        };
        let (index, deep) = self.resolve(number, depth)?;
        let deep = deep.saturating_add(1);
        if depth.saturating_add(deep) > MAX_DEPTH {
            let message = "conditions are nested more deeply than {=} levels, through `{}`";
            let parts = [&*digits(MAX_DEPTH), id];
            self.diagnostics.error(Code::LimitExceeded, node.span, message, &parts);
            return None;
        }
        let kind = NodeKind::Connective(Connective::Condition);
        let right = Operand::Named(index);
        self.parts.push(ConditionNode { kind, attribute: 0, right, place: node.span });
        Some(deep)
    }

    /// Checks a declared condition, unless it was checked before, and with it those that it refers
    /// to. Gives its index in the model and its depth, or none if something is wrong in it.
    fn resolve(&mut self, number: usize, depth: usize) -> Option<(usize, usize)> {
        let NamedCondition { id, when, state } = *self.named.items.get(number)?;
        match state {
            State::Checked(index, deep) => return Some((index, deep)),
            State::Wrong => return None,
            State::Unchecked => {}
        }
        // `check_declared` has marked all that lead to a cycle as wrong, so this ends. It calls
        // itself no more deeply than conditions may nest.
        let Some((condition, deep)) = self.check_at(when, depth.saturating_add(1)) else {
            self.named.items.get_mut(number)?.state = State::Wrong;
            return None;
        };
        let index = self.model.conditions.len();
        self.model.conditions.push(condition);
        self.model.condition_ids.push(id);
        self.named.items.get_mut(number)?.state = State::Checked(index, deep);
        Some((index, deep))
    }

    fn attribute(&mut self, name: &str, member: &'n Member<'n>) -> Option<usize> {
        let (attribute, kind) = self.find(name, member.span)?;
        let node = &member.node;
        if !matches!(node.value, NodeValue::Object(_)) || node.member("attribute").is_some() {
            let right = self.operand(Operator::Eq, "eq", kind, member)?;
            let (kind, place) = (NodeKind::Atom(Operator::Eq), member.span);
            self.parts.push(ConditionNode { kind, attribute, right, place });
            return Some(0);
        }
        if node.members().is_empty() {
            let message = "an operator object needs at least one operator";
            self.diagnostics.error(Code::EmptyOperator, node.span, message, &[]);
            return None;
        }
        let start = self.parts.len();
        let mut whole = Some(0);
        for operator in node.members() {
            let part = self.operator(attribute, kind, operator);
            whole = deeper(whole, part.map(|_| 0));
            self.parts.extend(part);
        }
        self.join(Connective::All, start, node.members().len(), member.span);
        whole.map(|_| 1)
    }

    fn find(&mut self, name: &str, span: SourceSpan) -> Option<(usize, DeclaredType<'n>)> {
        let found = self.model.attribute(name);
        if found.is_none() {
            let message = "the attribute `{}` is not declared";
            let known = || [&self.model.named.names()[..], Connective::NAMES].concat();
            self.diagnostics.unknown(Code::UnknownAttribute, span, message, &[name], &known);
        }
        found
    }

    fn operator(
        &mut self,
        attribute: usize,
        kind: DeclaredType<'n>,
        member: &'n Member<'n>,
    ) -> Option<ConditionNode<'n>> {
        let name = &*member.name;
        let Some(operator) = Operator::from_name(name) else {
            let message = if is_null(name) {
                "there is no operator `{}`; `present` with false asks for null"
            } else {
                "there is no operator `{}`"
            };
            let known = || Operator::NAMES.to_vec();
            self.diagnostics.unknown(Code::UnknownOperator, member.span, message, &[name], &known);
            return None;
        };
        let right = self.operand(operator, name, kind, member)?;
        let (kind, place) = (NodeKind::Atom(operator), member.span);
        Some(ConditionNode { kind, attribute, right, place })
    }

    /// Reads what stands on the right side of an operator.
    fn operand(
        &mut self,
        operator: Operator,
        name: &str,
        kind: DeclaredType<'n>,
        member: &'n Member<'n>,
    ) -> Option<Operand<'n>> {
        let node = &member.node;
        if let Some(meant) = operators_meant(operator, kind, node) {
            let message = "`{=}` does not compare {=} with this; use {=}";
            let parts = [name, &kind.described(), meant];
            let code =
                if operator == Operator::In { Code::OperatorType } else { Code::OperandType };
            self.diagnostics.error(code, node.span, message, &parts);
            return None;
        }
        let wanted = self.wanted(operator, name, kind, member.span)?;
        if operator == Operator::Present { self.presence(node) } else { self.typed(node, wanted) }
    }

    /// The type of the operand that an operator needs beside an attribute of a type.
    fn wanted(
        &mut self,
        operator: Operator,
        name: &str,
        kind: DeclaredType<'n>,
        span: SourceSpan,
    ) -> Option<DeclaredType<'n>> {
        let wanted = match operator {
            Operator::In => kind.set_of(),
            Operator::Has => kind.member(),
            Operator::HasAll | Operator::HasAny | Operator::SubsetOf => {
                kind.member().map(|_| kind).filter(|kind| *kind != DeclaredType::IpSet)
            }
            Operator::Lt | Operator::Le | Operator::Gt | Operator::Ge => {
                Some(kind).filter(|kind| matches!(kind, DeclaredType::Int(..) | DeclaredType::Time))
            }
            Operator::Eq | Operator::Ne => Some(kind).filter(|kind| *kind != DeclaredType::IpSet),
            Operator::Present => Some(kind),
        };
        if wanted.is_none() {
            let message = "`{}` does not fit an attribute that is {=}";
            let parts = [name, &kind.described()];
            self.diagnostics.error(Code::OperatorType, span, message, &parts);
        }
        wanted
    }

    fn presence(&mut self, node: &Node<'_>) -> Option<Operand<'n>> {
        match node.value {
            NodeValue::Bool(value) => return Some(Operand::Symbol(usize::from(value))),
            NodeValue::Null => self.diagnostics.null_literal(node),
            NodeValue::Number(_)
            | NodeValue::String(_)
            | NodeValue::Array(_)
            | NodeValue::Object(_) => {
                let message = "`present` takes true or false";
                self.diagnostics.error(Code::OperandType, node.span, message, &[]);
            }
        }
        None
    }

    /// Reads an operand that must be of a type: another attribute, or a literal.
    fn typed(&mut self, node: &'n Node<'n>, wanted: DeclaredType<'n>) -> Option<Operand<'n>> {
        if !matches!(node.value, NodeValue::Object(_)) {
            return self.diagnostics.literal(self.model, self.limits, node, wanted);
        }
        let whole = self.diagnostics.object(node, &["attribute"], &[]);
        let reference = node.member("attribute").filter(|_| whole)?;
        if node.members().len() != 1 {
            return None;
        }
        let name = self.diagnostics.string(reference)?;
        let (other, kind) = self.find(name, reference.span)?;
        if !kind.compares_with(wanted) {
            let message = "`{}` is {=}, and {=} is needed here";
            let parts = [name, &kind.described(), &wanted.described()];
            self.diagnostics.error(Code::OperandType, reference.span, message, &parts);
            return None;
        }
        Some(Operand::Attribute(other))
    }
}

/// Whether a word asks for null in other languages.
fn is_null(word: &str) -> bool {
    ["null", "isnull", "is_null", "absent", "missing", "is_missing", "not_exists", "undefined"]
        .iter()
        .any(|other| other.eq_ignore_ascii_case(word))
}

/// The operators that were probably meant, where a set is compared with what no set is, or what is
/// no set with an array.
fn operators_meant(
    operator: Operator,
    kind: DeclaredType<'_>,
    right: &Node<'_>,
) -> Option<&'static str> {
    let is_set = kind.member().is_some();
    let has_several = is_set && kind != DeclaredType::IpSet;
    let is_listed = kind.set_of().is_some();
    match (operator, &right.value) {
        (Operator::Eq, NodeValue::String(_)) if is_set => Some("`has`"),
        (Operator::Ne, NodeValue::String(_)) if is_set => Some("`has` within `not`"),
        (Operator::Has, NodeValue::Array(_)) if has_several => Some("`has_any` or `has_all`"),
        (Operator::In, NodeValue::Array(_)) if has_several => Some("`has_any` or `subset_of`"),
        (Operator::Eq, NodeValue::Array(_)) if is_listed => Some("`in`"),
        (Operator::Ne, NodeValue::Array(_)) if is_listed => Some("`in` within `not`"),
        (Operator::Eq, NodeValue::String(text)) if kind == DeclaredType::Ip => {
            text.contains('/').then_some("`in` with an array")
        }
        _ => None,
    }
}

/// The greater of two numbers of levels; none where either condition is wrong.
fn deeper(so_far: Option<usize>, next: Option<usize>) -> Option<usize> {
    Some(so_far?.max(next?))
}
