//! Evaluating conditions, which are true, false or unknown (section 8 of
//! `docs/policy-language.md`).

use super::condition_values::ConditionValues;
use crate::policy::image::layout::{ACTION_NAME, NONE};
use crate::policy::image::{Connective, Image, NodeKind, NodeRecord, Nodes, OperandKind, Operator};
use crate::policy::request::{AttributeValue, Attributes, position};
use crate::policy::truth::Truth;
use core::cell::Cell;
use core::cmp::Ordering;

/// One request with one action.
pub(crate) struct Evaluation<'e> {
    pub(crate) attributes: &'e Attributes<'e>,
    pub(crate) action: u32,
    /// The value of `action.name`: absent while the action is left open.
    action_name: AttributeValue,
    nodes: Nodes<'e>,
    conditions: ConditionValues,
    /// Whether the action was asked for. What never asked for it is the same for every action.
    asked_for_action: Cell<bool>,
}

impl<'e> Evaluation<'e> {
    pub(crate) fn new(attributes: &'e Attributes<'e>, action: u32) -> Self {
        Self {
            attributes,
            action,
            action_name: AttributeValue::Symbol(action),
            nodes: attributes.image.nodes(),
            conditions: ConditionValues::default(),
            asked_for_action: Cell::new(false),
        }
    }

    /// An evaluation for no action so far: what asks for the action is unknown, unless it is the
    /// same for all actions.
    pub(super) fn open(attributes: &'e Attributes<'e>) -> Self {
        Self { action_name: AttributeValue::Absent, ..Self::new(attributes, NONE) }
    }

    /// Goes on with another action. What does not hang on the action stays known.
    pub(super) fn turn_to(&mut self, action: u32) {
        self.action = action;
        self.action_name = AttributeValue::Symbol(action);
        self.conditions.forget_action();
    }

    /// Goes on with the action left open, as at the beginning.
    pub(super) fn leave_open(&mut self) {
        self.action = NONE;
        self.action_name = AttributeValue::Absent;
        self.conditions.forget_action();
    }

    /// Does some work, and says if it asked for the action.
    pub(super) fn asks_for_action<T>(&self, work: impl FnOnce() -> T) -> (T, bool) {
        let before = self.asked_for_action.replace(false);
        let done = work();
        let asked = self.asked_for_action.get();
        self.asked_for_action.set(before | asked);
        (done, asked)
    }

    pub(crate) fn image(&self) -> &'e Image {
        self.attributes.image
    }

    /// The value of the node at an index. It is unknown where there is no such node.
    pub(crate) fn node(&self, index: u32) -> Truth {
        self.nodes.get(index).map_or(Truth::Unknown, |node| self.value(index, node))
    }

    fn value(&self, index: u32, node: NodeRecord<'_>) -> Truth {
        match node.kind() {
            Some(NodeKind::Connective(Connective::All)) => self.group(index, node, Truth::False),
            Some(NodeKind::Connective(Connective::Any)) => self.group(index, node, Truth::True),
            Some(NodeKind::Connective(Connective::Not)) => !self.node(index.wrapping_add(1)),
            Some(NodeKind::Connective(Connective::Condition)) => self.condition(node.a()),
            Some(NodeKind::Atom(operator)) => self.atom(operator, node),
            None => Truth::Unknown,
        }
    }

    /// The value of an `all` or `any`: `end`, if a part has that value.
    fn group(&self, index: u32, node: NodeRecord<'_>, end: Truth) -> Truth {
        let mut value = !end;
        let mut next = index.wrapping_add(1);
        while next < node.a() {
            let Some(child) = self.nodes.get(next) else { break };
            // Most parts are atoms, for which nothing has to be walked.
            let value_of_child = match child.kind() {
                Some(NodeKind::Atom(operator)) => self.atom(operator, child),
                Some(NodeKind::Connective(_)) | None => self.value(next, child),
            };
            match value_of_child {
                child if child == end => return end,
                Truth::Unknown => value = Truth::Unknown,
                Truth::True | Truth::False => {}
            }
            next = child.after(next);
        }
        value
    }

    fn condition(&self, index: u32) -> Truth {
        if let Some((value, asked)) = self.conditions.find(index) {
            self.asked_for_action.set(self.asked_for_action.get() | asked);
            return value;
        }
        let (value, asked) = self.asks_for_action(|| self.node(self.image().condition(index)));
        self.conditions.put(index, value);
        if asked {
            self.conditions.put_of_action(index);
        }
        value
    }

    pub(super) fn atom(&self, operator: Operator, node: NodeRecord<'_>) -> Truth {
        self.simple_atom(operator, node).unwrap_or_else(|| self.other_atom(operator, node))
    }

    /// The value of a frequent atom, for which not much is to be done; none for others.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn simple_atom(&self, operator: Operator, node: NodeRecord<'_>) -> Option<Truth> {
        match (operator, node.operand()) {
            (Operator::Eq, Some(OperandKind::Number)) => Some(self.equals(node)),
            (Operator::Ne, Some(OperandKind::Number)) => Some(!self.equals(node)),
            (Operator::Present, _) => {
                let present = self.present(self.attribute_value(node.attribute()));
                Some(if node.a() == 0 { !present } else { present })
            }
            (Operator::In, Some(OperandKind::Words)) => Some(self.is_among(node)),
            _ => None,
        }
    }

    /// The value of an atom with an action, while the action is left open.
    pub(super) fn atom_with_action(
        &mut self,
        action: u32,
        operator: Operator,
        node: NodeRecord<'_>,
    ) -> Truth {
        let open = core::mem::replace(&mut self.action_name, AttributeValue::Symbol(action));
        let value = self.atom(operator, node);
        self.action_name = open;
        value
    }

    /// The value of a less frequent atom.
    #[inline(never)] // All of them together need a large frame, which would slow down every node.
    fn other_atom(&self, operator: Operator, node: NodeRecord<'_>) -> Truth {
        let left = self.attribute_value(node.attribute());
        self.compare(operator, left, self.right(node, left))
    }

    /// Whether an attribute equals a literal that is no id and no set: the most frequent atom.
    fn equals(&self, node: NodeRecord<'_>) -> Truth {
        match self.attribute_value(node.attribute()) {
            AttributeValue::Symbol(symbol) => Truth::from(symbol == node.a()),
            AttributeValue::Bool(value) => Truth::from(value == (node.a() != 0)),
            AttributeValue::Integer(integer) => Truth::from(integer == node.integer()),
            AttributeValue::Absent
            | AttributeValue::Unusable
            | AttributeValue::Null
            | AttributeValue::Id(_)
            | AttributeValue::Symbols { .. }
            | AttributeValue::Ids { .. }
            | AttributeValue::Networks { .. } => Truth::Unknown,
        }
    }

    /// Whether an attribute is one of some values of its enum.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn is_among(&self, node: NodeRecord<'_>) -> Truth {
        let AttributeValue::Symbol(member) = self.attribute_value(node.attribute()) else {
            return Truth::Unknown;
        };
        let (word, bit) = position(member);
        Truth::from(self.image().word(node.a().wrapping_add(word)) & bit != 0)
    }

    fn present(&self, value: AttributeValue) -> Truth {
        match value {
            AttributeValue::Absent | AttributeValue::Unusable => Truth::Unknown,
            AttributeValue::Null => Truth::False,
            AttributeValue::Symbols { .. } if !self.attributes.is_decided(value) => Truth::Unknown,
            AttributeValue::Bool(_)
            | AttributeValue::Symbol(_)
            | AttributeValue::Integer(_)
            | AttributeValue::Id(_)
            | AttributeValue::Symbols { .. }
            | AttributeValue::Ids { .. }
            | AttributeValue::Networks { .. } => Truth::True,
        }
    }

    /// The value of an attribute, by its index.
    pub(crate) fn attribute_value(&self, attribute: u16) -> AttributeValue {
        if attribute == ACTION_NAME {
            self.asked_for_action.set(true);
            self.action_name
        } else {
            self.attributes.attribute_value(attribute)
        }
    }

    /// The right side of an atom. What a literal is depends on the type of the left side.
    pub(crate) fn right(&self, node: NodeRecord<'_>, left: AttributeValue) -> AttributeValue {
        match node.operand() {
            Some(OperandKind::Attribute) => u16::try_from(node.a())
                .map_or(AttributeValue::Unusable, |attribute| self.attribute_value(attribute)),
            Some(OperandKind::Words) => {
                let width =
                    if let AttributeValue::Symbols { width, .. } = left { width } else { 0 };
                AttributeValue::known_symbols(node.a(), width)
            }
            Some(OperandKind::List) => {
                AttributeValue::Ids { first: node.a(), count: node.b(), has_undeclared: false }
            }
            Some(OperandKind::Id) => AttributeValue::Id(node.a()),
            Some(OperandKind::Networks) => {
                AttributeValue::Networks { first: node.a(), count: node.b() }
            }
            Some(OperandKind::Number) => match left {
                AttributeValue::Bool(_) => AttributeValue::Bool(node.a() != 0),
                AttributeValue::Integer(_) => AttributeValue::Integer(node.integer()),
                AttributeValue::Absent
                | AttributeValue::Unusable
                | AttributeValue::Null
                | AttributeValue::Symbol(_)
                | AttributeValue::Id(_)
                | AttributeValue::Symbols { .. }
                | AttributeValue::Ids { .. }
                | AttributeValue::Networks { .. } => AttributeValue::Symbol(node.a()),
            },
            None => AttributeValue::Unusable,
        }
    }

    /// The value of an atom. It is unknown where a side is unusable, null or of another type.
    fn compare(&self, operator: Operator, left: AttributeValue, right: AttributeValue) -> Truth {
        let attributes = self.attributes;
        match operator {
            Operator::Eq => self.are_equal(left, right),
            Operator::Ne => !self.are_equal(left, right),
            Operator::In => attributes.has(right, left),
            Operator::Has => attributes.has(left, right),
            Operator::HasAll => attributes.has_all(left, right),
            Operator::HasAny => attributes.has_any(left, right),
            Operator::SubsetOf => attributes.has_all(right, left),
            Operator::Lt => are_ordered(left, right, Ordering::is_lt),
            Operator::Le => are_ordered(left, right, Ordering::is_le),
            Operator::Gt => are_ordered(left, right, Ordering::is_gt),
            Operator::Ge => are_ordered(left, right, Ordering::is_ge),
            Operator::Present => self.present(left),
        }
    }

    fn are_equal(&self, left: AttributeValue, right: AttributeValue) -> Truth {
        match (left, right) {
            (AttributeValue::Bool(left), AttributeValue::Bool(right)) => Truth::from(left == right),
            (AttributeValue::Integer(left), AttributeValue::Integer(right)) => {
                Truth::from(left == right)
            }
            (AttributeValue::Symbol(left), AttributeValue::Symbol(right))
            | (AttributeValue::Id(left), AttributeValue::Id(right)) => Truth::from(left == right),
            // Only addresses are compared, and each is one network.
            (
                AttributeValue::Networks { first: left, .. },
                AttributeValue::Networks { first: right, .. },
            ) => Truth::from(self.attributes.network(left, 0) == self.attributes.network(right, 0)),
            _ => self.attributes.has_all(left, right).min(self.attributes.has_all(right, left)),
        }
    }
}

/// Whether two integers stand in an order.
fn are_ordered(left: AttributeValue, right: AttributeValue, holds: fn(Ordering) -> bool) -> Truth {
    match (left, right) {
        (AttributeValue::Integer(left), AttributeValue::Integer(right)) => {
            Truth::from(holds(left.cmp(&right)))
        }
        _ => Truth::Unknown,
    }
}
