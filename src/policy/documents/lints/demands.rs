//! What several atoms of a condition demand of one attribute, and whether a value can meet it all.

use super::super::model::{ConditionNode, DeclaredType, Model, Operand};
use super::members::{Members, Needed, is_in};
use crate::policy::image::{NodeKind, Operator};
use crate::time::LATEST;
use alloc::vec::Vec;

/// What the atoms so far demand of their attribute. How attributes relate to each other is not
/// followed.
pub(super) struct Demands<'n> {
    least: i64,
    greatest: i64,
    /// The literal that it must equal.
    equals: Option<Operand<'n>>,
    /// The literals that it must not equal.
    differs: Vec<Operand<'n>>,
    /// The lists that it must be in.
    lists: Vec<Operand<'n>>,
    /// What the members of a set must be.
    members: Members<'n>,
    /// Whether it must have a value, or be null.
    has_value: bool,
    is_null: bool,
}

impl<'n> Demands<'n> {
    /// Nothing yet but what the attribute's type says.
    pub(super) fn of(kind: Option<DeclaredType<'n>>) -> Self {
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
            members: Members::default(),
            has_value: false,
            is_null: false,
        }
    }

    /// Adds what an atom demands, and says whether a value can still meet everything.
    pub(super) fn add(&mut self, node: &ConditionNode<'n>, model: &Model<'n>) -> bool {
        let NodeKind::Atom(operator) = node.kind else { return true };
        let right = node.right;
        // Every operator but `present` needs a value.
        let wants_value = operator != Operator::Present || matches!(right, Operand::Symbol(1));
        self.has_value |= wants_value;
        self.is_null |= !wants_value;
        if self.has_value && self.is_null {
            return false;
        }
        match operator {
            Operator::Eq => self.equal(right, model),
            Operator::Ne => self.differ(right),
            Operator::In => self.be_in(right, model),
            Operator::Lt => self.at_most(right, 1),
            Operator::Le => self.at_most(right, 0),
            Operator::Gt => self.at_least(right, 1),
            Operator::Ge => self.at_least(right, 0),
            Operator::Has | Operator::HasAll => self.members.need(Needed::All, right, model),
            Operator::HasAny => self.members.need(Needed::One, right, model),
            Operator::SubsetOf => self.members.bound(right, model),
            Operator::Present => true,
        }
    }

    fn equal(&mut self, right: Operand<'n>, model: &Model<'n>) -> bool {
        if let Operand::Integer(number) = right {
            return self.between(number, number);
        }
        // Each literal is compared with the others once, however often it stands here.
        if !is_followed(right) || self.equals.is_some_and(|other| is_same(other, right)) {
            return true;
        }
        let fits = self.equals.is_none()
            && !self.differs.iter().any(|other| is_same(*other, right))
            && self.lists.iter().all(|list| is_in(right, *list, model));
        self.equals = Some(right);
        fits
    }

    fn differ(&mut self, right: Operand<'n>) -> bool {
        if !is_followed(right) {
            return true;
        }
        self.differs.push(right);
        let is_only = self.least == self.greatest && is_same(Operand::Integer(self.least), right);
        !is_only && self.equals.is_none_or(|other| !is_same(other, right))
    }

    fn be_in(&mut self, right: Operand<'n>, model: &Model<'n>) -> bool {
        if right.list().is_some() {
            self.lists.push(right);
        }
        self.equals.is_none_or(|other| is_in(other, right, model))
    }

    /// Demands at most the right side, less so much.
    fn at_most(&mut self, right: Operand<'n>, less: i64) -> bool {
        let Operand::Integer(number) = right else { return true };
        self.between(i64::MIN, number.saturating_sub(less))
    }

    /// Demands at least the right side, and so much more.
    fn at_least(&mut self, right: Operand<'n>, more: i64) -> bool {
        let Operand::Integer(number) = right else { return true };
        self.between(number.saturating_add(more), i64::MAX)
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

/// Whether an operand is a literal that is compared with the others.
const fn is_followed(operand: Operand<'_>) -> bool {
    matches!(operand, Operand::Symbol(_) | Operand::Text(_) | Operand::Integer(_))
}

fn is_same(one: Operand<'_>, other: Operand<'_>) -> bool {
    match (one, other) {
        (Operand::Symbol(one), Operand::Symbol(other)) => one == other,
        (Operand::Integer(one), Operand::Integer(other)) => one == other,
        (Operand::Text(one), Operand::Text(other)) => one == other,
        _ => false,
    }
}
