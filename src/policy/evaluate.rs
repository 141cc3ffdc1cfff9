//! Evaluating conditions: every atom and node is true, false or unknown.

use super::image::layout::{kind, op, operand};
use super::image::{Image, Node, Nodes, size};
use super::request::{Request, Slot};
use super::sets::{Bits, Comparison, Ids, Words, values_of};
use super::tri::Tri;
use core::cell::Cell;

/// The attributes that exist without being declared.
pub(super) const ACTION_NAME: u16 = 0;
pub(super) const PERMISSIONS: u16 = 1;
pub(super) const SCOPES: u16 = 2;

/// One request with one action.
pub(super) struct Evaluation<'e> {
    pub(super) request: &'e Request<'e>,
    pub(super) action: u32,
    nodes: Nodes<'e>,
    /// What named conditions are, two bits each: 0 not yet known, else one more than the value.
    conditions: [Cell<u64>; MAX_CONDITIONS / 32],
}

/// How many named conditions a policy may have.
pub(crate) const MAX_CONDITIONS: usize = 256;

/// The right side of an atom.
#[derive(Clone, Copy)]
pub(super) enum Right<'e> {
    Slot(Slot),
    /// An id, by its number.
    Id(u32),
    Bits(Bits),
    Ids(Ids<'e>),
}

impl<'e> Evaluation<'e> {
    pub(super) fn new(request: &'e Request<'e>, action: u32) -> Self {
        Self {
            request,
            action,
            nodes: request.policy.image.nodes(),
            conditions: [const { Cell::new(0) }; MAX_CONDITIONS / 32],
        }
    }

    pub(super) fn image(&self) -> &'e Image {
        &self.request.policy.image
    }

    /// The value of the node at an index; unknown where there is none.
    pub(super) fn node(&self, index: u32) -> Tri {
        self.nodes.get(index).map_or(Tri::Unknown, |node| self.value(index, node))
    }

    fn value(&self, index: u32, node: Node) -> Tri {
        match node.op {
            op::ALL => self.all(index, node),
            op::ANY => self.any(index, node),
            op::NOT => !self.node(index.saturating_add(1)),
            op::CONDITION => self.condition(node.a),
            _ => self.atom(node),
        }
    }

    fn all(&self, index: u32, node: Node) -> Tri {
        let mut value = Tri::True;
        for (index, child) in Children::new(self.nodes, index, node) {
            value = value.min(self.value(index, child));
            if value == Tri::False {
                break;
            }
        }
        value
    }

    fn any(&self, index: u32, node: Node) -> Tri {
        let mut value = Tri::False;
        for (index, child) in Children::new(self.nodes, index, node) {
            value = value.max(self.value(index, child));
            if value == Tri::True {
                break;
            }
        }
        value
    }

    fn condition(&self, index: u32) -> Tri {
        let Some(cell) = self.conditions.get(size(index / 32)) else {
            return Tri::Unknown;
        };
        let shift = (index % 32).wrapping_mul(2);
        match cell.get().wrapping_shr(shift) & 3 {
            1 => Tri::False,
            2 => Tri::Unknown,
            3 => Tri::True,
            _ => {
                let value = self.node(self.image().condition(index));
                let bits = match value {
                    Tri::False => 1_u64,
                    Tri::Unknown => 2,
                    Tri::True => 3,
                };
                cell.set(cell.get() | bits.wrapping_shl(shift));
                value
            }
        }
    }

    fn atom(&self, node: Node) -> Tri {
        match (node.op, node.operand) {
            (op::EQ, operand::NUMBER) => self.equals(node),
            (op::NE, operand::NUMBER) => !self.equals(node),
            _ => self.other_atom(node),
        }
    }

    /// The less frequent atoms, kept out of the way of the others: a frame for all of them would slow every node down.
    #[inline(never)]
    fn other_atom(&self, node: Node) -> Tri {
        match (node.op, node.operand) {
            (op::PRESENT, _) => {
                let present = self.present(node.attribute);
                if node.a == 0 { !present } else { present }
            }
            (op::IN, operand::WORDS) => match self.scalar(node.attribute) {
                Slot::Symbol(member) => {
                    self.members().has(Bits::plain(Words::Image(node.a), false), member)
                }
                _ => Tri::Unknown,
            },
            _ => match (self.left(node.attribute), self.right(node)) {
                (Some(left), Some(right)) => self.compare(node, left, right),
                _ => Tri::Unknown,
            },
        }
    }

    /// The most frequent atom: a scalar against a literal that is no string.
    fn equals(&self, node: Node) -> Tri {
        match self.scalar(node.attribute) {
            Slot::Symbol(symbol) => Tri::from(symbol == node.a),
            Slot::Bool(value) => Tri::from(value == (node.a != 0)),
            Slot::Integer(integer) => Tri::from(integer == node.number()),
            _ => Tri::Unknown,
        }
    }

    fn scalar(&self, attribute: u16) -> Slot {
        if attribute == ACTION_NAME {
            Slot::Symbol(self.action)
        } else {
            self.request.slot(attribute)
        }
    }

    /// For tests of one member, to which the width of the sets means nothing.
    fn members(&self) -> Comparison<'e> {
        Comparison { request: self.request, width: 0 }
    }

    fn present(&self, attribute: u16) -> Tri {
        match attribute {
            ACTION_NAME => Tri::True,
            PERMISSIONS | SCOPES => {
                if self.comparison(attribute).decided(self.bounds(attribute)) {
                    Tri::True
                } else {
                    Tri::Unknown
                }
            }
            _ => match self.request.slot(attribute) {
                Slot::Unusable => Tri::Unknown,
                Slot::Null => Tri::False,
                _ => Tri::True,
            },
        }
    }

    /// The bounds of a derived set.
    pub(super) fn bounds(&self, attribute: u16) -> Bits {
        Bits::derived(if attribute == PERMISSIONS {
            self.request.permissions
        } else {
            self.request.scopes()
        })
    }

    pub(super) fn comparison(&self, attribute: u16) -> Comparison<'e> {
        Comparison::of(self.request, values_of(self.image(), attribute))
    }

    /// An attribute as an operand; none where it is null or unusable.
    pub(super) fn left(&self, attribute: u16) -> Option<Right<'e>> {
        match attribute {
            ACTION_NAME => Some(Right::Slot(Slot::Symbol(self.action))),
            PERMISSIONS | SCOPES => Some(Right::Bits(self.bounds(attribute))),
            _ => match self.request.slot(attribute) {
                Slot::Unusable | Slot::Null => None,
                Slot::Symbols { first, alien } => {
                    Some(Right::Bits(Bits::plain(Words::Request(size(first)), alien)))
                }
                Slot::Ids { first, count, alien } => Some(Right::Ids(Ids::Request {
                    ranks: self.request.ranks(first, count),
                    alien,
                })),
                Slot::Id(place) => self.request.ranks(place, 1).first().copied().map(Right::Id),
                slot => Some(Right::Slot(slot)),
            },
        }
    }

    pub(super) fn right(&self, node: Node) -> Option<Right<'e>> {
        Some(match node.operand {
            operand::ATTRIBUTE => return self.left(u16::try_from(node.a).ok()?),
            operand::WORDS => Right::Bits(Bits::plain(Words::Image(node.a), false)),
            operand::LIST => {
                Right::Ids(Ids::Literal { image: self.image(), first: node.a, count: node.b })
            }
            operand::ID => Right::Id(node.a),
            _ => Right::Slot(match self.image().attribute(u32::from(node.attribute))?.kind {
                kind::BOOL => Slot::Bool(node.a != 0),
                kind::INT => Slot::Integer(node.number()),
                _ => Slot::Symbol(node.a),
            }),
        })
    }

    fn compare(&self, node: Node, left: Right<'e>, right: Right<'e>) -> Tri {
        match (left, right) {
            (Right::Slot(left), Right::Slot(right)) => compare_scalars(node.op, left, right),
            (Right::Id(left), Right::Id(right)) => equality(node.op, left == right),
            (Right::Slot(Slot::Symbol(member)), Right::Bits(set)) if node.op == op::IN => {
                self.members().has(set, member)
            }
            (Right::Bits(set), Right::Slot(Slot::Symbol(member))) if node.op == op::HAS => {
                self.members().has(set, member)
            }
            (Right::Bits(left), Right::Bits(right)) => {
                let sets = self.comparison(node.attribute);
                match node.op {
                    op::EQ => sets.equal(left, right),
                    op::NE => !sets.equal(left, right),
                    op::HAS_ALL => sets.has_all(left, right),
                    op::HAS_ANY => sets.has_any(left, right),
                    op::SUBSET_OF => sets.has_all(right, left),
                    _ => Tri::Unknown,
                }
            }
            (Right::Id(id), Right::Ids(set)) if node.op == op::IN => Tri::from(set.has(id)),
            (Right::Ids(set), Right::Id(id)) if node.op == op::HAS => Tri::from(set.has(id)),
            (Right::Ids(left), Right::Ids(right)) => match node.op {
                op::EQ => Tri::from(left.equal(right)),
                op::NE => Tri::from(!left.equal(right)),
                op::HAS_ALL => Tri::from(left.has_all(right)),
                op::HAS_ANY => Tri::from(left.has_any(right)),
                op::SUBSET_OF => Tri::from(right.has_all(left)),
                _ => Tri::Unknown,
            },
            _ => Tri::Unknown,
        }
    }
}

fn compare_scalars(op: u8, left: Slot, right: Slot) -> Tri {
    let equal = match (left, right) {
        (Slot::Bool(left), Slot::Bool(right)) => left == right,
        (Slot::Symbol(left), Slot::Symbol(right)) => left == right,
        (Slot::Integer(left), Slot::Integer(right)) => match op {
            op::LT => return Tri::from(left < right),
            op::LE => return Tri::from(left <= right),
            op::GT => return Tri::from(left > right),
            op::GE => return Tri::from(left >= right),
            _ => left == right,
        },
        _ => return Tri::Unknown,
    };
    equality(op, equal)
}

fn equality(op: u8, equal: bool) -> Tri {
    match op {
        op::EQ => Tri::from(equal),
        op::NE => Tri::from(!equal),
        _ => Tri::Unknown,
    }
}

/// The children of an `all`, `any` or `not`, with their indices.
pub(super) struct Children<'e> {
    nodes: Nodes<'e>,
    next: u32,
    end: u32,
}

impl<'e> Children<'e> {
    pub(super) fn new(nodes: Nodes<'e>, index: u32, node: Node) -> Self {
        Self { nodes, next: index.saturating_add(1), end: node.a }
    }
}

impl Iterator for Children<'_> {
    type Item = (u32, Node);

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.end {
            return None;
        }
        let index = self.next;
        let node = self.nodes.get(index)?;
        let after = index.saturating_add(1);
        self.next = if node.op <= op::NOT { node.a.max(after) } else { after };
        Some((index, node))
    }
}
