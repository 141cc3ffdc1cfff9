//! Evaluating conditions: every atom and node is true, false or unknown.

use super::image::layout::{op, operand};
use super::image::{Image, Node, Nodes, size};
use super::request::{Request, Slot};
use super::tri::Tri;
use core::cell::Cell;

/// The attributes that exist without being declared.
pub(crate) const ACTION_NAME: u16 = 0;
pub(crate) const PERMISSIONS: u16 = 1;
pub(crate) const SCOPES: u16 = 2;

/// One request with one action.
pub(super) struct Evaluation<'e> {
    pub(super) request: &'e Request<'e>,
    pub(super) action: u32,
    nodes: Nodes<'e>,
    /// What named conditions are, as far as that is known.
    conditions: [Cell<Option<Tri>>; MAX_CONDITIONS],
}

/// How many named conditions a policy may have.
pub(crate) const MAX_CONDITIONS: usize = 256;

impl<'e> Evaluation<'e> {
    pub(super) fn new(request: &'e Request<'e>, action: u32) -> Self {
        Self {
            request,
            action,
            nodes: request.policy.image.nodes(),
            conditions: [const { Cell::new(None) }; MAX_CONDITIONS],
        }
    }

    pub(super) fn image(&self) -> &'e Image {
        &self.request.policy.image
    }

    /// The value of the node at an index; unknown where there is none.
    pub(super) fn node(&self, index: u32) -> Tri {
        self.nodes.get(index).map_or(Tri::Unknown, |node| self.value(index, node))
    }

    fn value(&self, index: u32, node: Node<'_>) -> Tri {
        match node.op() {
            op::ALL => self.group(index, node, Tri::False),
            op::ANY => self.group(index, node, Tri::True),
            op::NOT => !self.node(index.wrapping_add(1)),
            op::CONDITION => self.condition(node.a()),
            _ => self.atom(node),
        }
    }

    /// An `all` or `any`: the value that ends it, if a child has that.
    fn group(&self, index: u32, node: Node<'_>, end: Tri) -> Tri {
        let mut value = !end;
        let mut next = index.wrapping_add(1);
        while next < node.a() {
            let Some(child) = self.nodes.get(next) else { break };
            match self.value(next, child) {
                child if child == end => return end,
                Tri::Unknown => value = Tri::Unknown,
                _ => {}
            }
            next = child.after(next);
        }
        value
    }

    fn condition(&self, index: u32) -> Tri {
        let Some(known) = self.conditions.get(size(index)) else { return Tri::Unknown };
        known.get().unwrap_or_else(|| {
            let value = self.node(self.image().condition(index));
            known.set(Some(value));
            value
        })
    }

    fn atom(&self, node: Node<'_>) -> Tri {
        match (node.op(), node.operand()) {
            (op::EQ, operand::NUMBER) => self.equals(node),
            (op::NE, operand::NUMBER) => !self.equals(node),
            _ => self.other_atom(node),
        }
    }

    /// The less frequent atoms, kept out of the way of the others: a frame for all of them would slow every node down.
    #[inline(never)]
    fn other_atom(&self, node: Node<'_>) -> Tri {
        let left = self.slot(node.attribute());
        if let (op::IN, operand::WORDS, Slot::Symbol(member)) = (node.op(), node.operand(), left) {
            let (word, bit) = super::request::position(member);
            return Tri::from(self.image().word(node.a().wrapping_add(word)) & bit != 0);
        }
        if node.op() == op::PRESENT {
            let present = self.present(left);
            return if node.a() == 0 { !present } else { present };
        }
        self.compare(node.op(), left, self.right(node, left))
    }

    /// The most frequent atom: a scalar against a literal that is no string.
    fn equals(&self, node: Node<'_>) -> Tri {
        match self.slot(node.attribute()) {
            Slot::Symbol(symbol) => Tri::from(symbol == node.a()),
            Slot::Bool(value) => Tri::from(value == (node.a() != 0)),
            Slot::Integer(integer) => Tri::from(integer == node.number()),
            _ => Tri::Unknown,
        }
    }

    fn present(&self, slot: Slot) -> Tri {
        match slot {
            Slot::Unusable => Tri::Unknown,
            Slot::Null => Tri::False,
            set if !self.request.is_decided(set) => Tri::Unknown,
            _ => Tri::True,
        }
    }

    /// The value of an attribute.
    pub(super) fn slot(&self, attribute: u16) -> Slot {
        if attribute == ACTION_NAME {
            Slot::Symbol(self.action)
        } else {
            self.request.slot(attribute)
        }
    }

    /// The right side of an atom. Literals are of the type that the left side has.
    pub(super) fn right(&self, node: Node<'_>, left: Slot) -> Slot {
        match (node.operand(), left) {
            (operand::ATTRIBUTE, _) => {
                u16::try_from(node.a()).map_or(Slot::Unusable, |a| self.slot(a))
            }
            (operand::WORDS, Slot::Symbols { width, .. }) => Slot::symbols(node.a(), width, false),
            (operand::WORDS, _) => Slot::symbols(node.a(), 0, false),
            (operand::LIST, _) => Slot::Ids { first: node.a(), count: node.b(), alien: false },
            (operand::ID, _) => Slot::Id(node.a()),
            (_, Slot::Bool(_)) => Slot::Bool(node.a() != 0),
            (_, Slot::Integer(_)) => Slot::Integer(node.number()),
            _ => Slot::Symbol(node.a()),
        }
    }

    /// What is unusable or null, and what is of another type, is unknown in every comparison.
    fn compare(&self, op: u8, left: Slot, right: Slot) -> Tri {
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
                let (Slot::Integer(left), Slot::Integer(right)) = (left, right) else {
                    return Tri::Unknown;
                };
                Tri::from(match op {
                    op::LT => left < right,
                    op::LE => left <= right,
                    op::GT => left > right,
                    _ => left >= right,
                })
            }
        }
    }

    fn are_equal(&self, left: Slot, right: Slot) -> Tri {
        match (left, right) {
            (Slot::Bool(left), Slot::Bool(right)) => Tri::from(left == right),
            (Slot::Integer(left), Slot::Integer(right)) => Tri::from(left == right),
            (Slot::Symbol(left), Slot::Symbol(right)) | (Slot::Id(left), Slot::Id(right)) => {
                Tri::from(left == right)
            }
            _ => self.request.has_all(left, right).min(self.request.has_all(right, left)),
        }
    }
}
