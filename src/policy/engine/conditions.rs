//! Evaluating conditions: every atom and node is true, false or unknown.

use super::truth::Truth;
use crate::policy::image::layout::{ACTION_NAME, MAX_CONDITIONS, op, operand};
use crate::policy::image::{Image, NodeRecord, Nodes, size};
use crate::policy::request::{AttributeValue, Request};
use core::cell::Cell;

/// One request with one action.
pub(crate) struct Evaluation<'e> {
    pub(crate) request: &'e Request<'e>,
    pub(crate) action: u32,
    nodes: Nodes<'e>,
    /// What named conditions are, as far as that is known.
    conditions: [Cell<Option<Truth>>; MAX_CONDITIONS],
}

impl<'e> Evaluation<'e> {
    pub(crate) fn new(request: &'e Request<'e>, action: u32) -> Self {
        Self {
            request,
            action,
            nodes: request.policy.image.nodes(),
            conditions: [const { Cell::new(None) }; MAX_CONDITIONS],
        }
    }

    pub(crate) fn image(&self) -> &'e Image {
        &self.request.policy.image
    }

    /// The value of the node at an index; unknown where there is none.
    pub(crate) fn node(&self, index: u32) -> Truth {
        self.nodes.get(index).map_or(Truth::Unknown, |node| self.value(index, node))
    }

    fn value(&self, index: u32, node: NodeRecord<'_>) -> Truth {
        match node.op() {
            op::ALL => self.group(index, node, Truth::False),
            op::ANY => self.group(index, node, Truth::True),
            op::NOT => !self.node(index.wrapping_add(1)),
            op::CONDITION => self.condition(node.a()),
            _ => self.atom(node),
        }
    }

    /// An `all` or `any`: the value that ends it, if a child has that.
    fn group(&self, index: u32, node: NodeRecord<'_>, end: Truth) -> Truth {
        let mut value = !end;
        let mut next = index.wrapping_add(1);
        while next < node.a() {
            let Some(child) = self.nodes.get(next) else { break };
            match self.value(next, child) {
                child if child == end => return end,
                Truth::Unknown => value = Truth::Unknown,
                _ => {}
            }
            next = child.after(next);
        }
        value
    }

    fn condition(&self, index: u32) -> Truth {
        let Some(known) = self.conditions.get(size(index)) else { return Truth::Unknown };
        known.get().unwrap_or_else(|| {
            let value = self.node(self.image().condition(index));
            known.set(Some(value));
            value
        })
    }

    fn atom(&self, node: NodeRecord<'_>) -> Truth {
        match (node.op(), node.operand()) {
            (op::EQ, operand::NUMBER) => self.equals(node),
            (op::NE, operand::NUMBER) => !self.equals(node),
            _ => self.other_atom(node),
        }
    }

    /// The less frequent atoms, kept out of the way of the others: a frame for all of them would slow every node down.
    #[inline(never)]
    fn other_atom(&self, node: NodeRecord<'_>) -> Truth {
        let left = self.slot(node.attribute());
        if let (op::IN, operand::WORDS, AttributeValue::Symbol(member)) =
            (node.op(), node.operand(), left)
        {
            let (word, bit) = crate::policy::request::position(member);
            return Truth::from(self.image().word(node.a().wrapping_add(word)) & bit != 0);
        }
        if node.op() == op::PRESENT {
            let present = self.present(left);
            return if node.a() == 0 { !present } else { present };
        }
        self.compare(node.op(), left, self.right(node, left))
    }

    /// The most frequent atom: a scalar against a literal that is no string.
    fn equals(&self, node: NodeRecord<'_>) -> Truth {
        match self.slot(node.attribute()) {
            AttributeValue::Symbol(symbol) => Truth::from(symbol == node.a()),
            AttributeValue::Bool(value) => Truth::from(value == (node.a() != 0)),
            AttributeValue::Integer(integer) => Truth::from(integer == node.number()),
            _ => Truth::Unknown,
        }
    }

    fn present(&self, slot: AttributeValue) -> Truth {
        match slot {
            AttributeValue::Unusable => Truth::Unknown,
            AttributeValue::Null => Truth::False,
            set if !self.request.is_decided(set) => Truth::Unknown,
            _ => Truth::True,
        }
    }

    /// The value of an attribute.
    pub(crate) fn slot(&self, attribute: u16) -> AttributeValue {
        if attribute == ACTION_NAME {
            AttributeValue::Symbol(self.action)
        } else {
            self.request.slot(attribute)
        }
    }

    /// The right side of an atom. Literals are of the type that the left side has.
    pub(crate) fn right(&self, node: NodeRecord<'_>, left: AttributeValue) -> AttributeValue {
        match (node.operand(), left) {
            (operand::ATTRIBUTE, _) => {
                u16::try_from(node.a()).map_or(AttributeValue::Unusable, |a| self.slot(a))
            }
            (operand::WORDS, AttributeValue::Symbols { width, .. }) => {
                AttributeValue::symbols(node.a(), width, false)
            }
            (operand::WORDS, _) => AttributeValue::symbols(node.a(), 0, false),
            (operand::LIST, _) => {
                AttributeValue::Ids { first: node.a(), count: node.b(), has_undeclared: false }
            }
            (operand::ID, _) => AttributeValue::Id(node.a()),
            (_, AttributeValue::Bool(_)) => AttributeValue::Bool(node.a() != 0),
            (_, AttributeValue::Integer(_)) => AttributeValue::Integer(node.number()),
            _ => AttributeValue::Symbol(node.a()),
        }
    }

    /// What is unusable or null, and what is of another type, is unknown in every comparison.
    fn compare(&self, op: u8, left: AttributeValue, right: AttributeValue) -> Truth {
        let request = self.request;
        match op {
            op::EQ => self.are_equal(left, right),
            op::NE => !self.are_equal(left, right),
            op::IN => request.has(right, left),
            op::HAS => request.has(left, right),
            op::HAS_ALL => request.has_all(left, right),
            op::HAS_ANY => request.has_any(left, right),
            op::SUBSET_OF => request.has_all(right, left),
            _ => {
                let (AttributeValue::Integer(left), AttributeValue::Integer(right)) = (left, right)
                else {
                    return Truth::Unknown;
                };
                Truth::from(match op {
                    op::LT => left < right,
                    op::LE => left <= right,
                    op::GT => left > right,
                    _ => left >= right,
                })
            }
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
            _ => self.request.has_all(left, right).min(self.request.has_all(right, left)),
        }
    }
}
