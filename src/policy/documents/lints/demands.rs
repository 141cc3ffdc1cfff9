//! What several atoms of a condition demand of one attribute, and whether a value can meet it all.

use super::super::model::{ConditionNode, DeclaredType, Model, Operand};
use super::super::names::NameMap;
use super::super::tree::{Node, SourceSpan};
use super::members::{Members, Needed, is_in};
use crate::policy::image::Operator;
use crate::time::LATEST;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// What must hold of an attribute, with the place that is told if it contradicts what is demanded
/// before it.
#[derive(Clone, Copy)]
pub(super) struct Demand<'n> {
    pub(super) attribute: usize,
    demanded: Demanded,
    right: Operand<'n>,
    pub(super) place: SourceSpan,
}

/// How an attribute must stand to the right side.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Demanded {
    Operator(Operator),
    /// None of an array.
    NotIn,
}

impl<'n> Demand<'n> {
    /// That an atom is true.
    pub(super) const fn that_holds(operator: Operator, node: &ConditionNode<'n>) -> Self {
        let demanded = Demanded::Operator(operator);
        Self { attribute: node.attribute, demanded, right: node.right, place: node.place }
    }

    /// How many values it compares with.
    pub(super) fn size(&self) -> usize {
        self.right.list().map_or(1, |list| list.items().len().max(1))
    }

    /// The same, with another place to tell.
    pub(super) const fn told_at(self, place: SourceSpan) -> Self {
        Self { place, ..self }
    }

    /// That an atom is false; none where no operator says so.
    pub(super) fn that_fails(operator: Operator, node: &ConditionNode<'n>) -> Option<Self> {
        let mut right = node.right;
        let opposite = match operator {
            Operator::Eq => Operator::Ne,
            Operator::Ne => Operator::Eq,
            Operator::Lt => Operator::Ge,
            Operator::Ge => Operator::Lt,
            Operator::Le => Operator::Gt,
            Operator::Gt => Operator::Le,
            Operator::Present => {
                right = Operand::Symbol(usize::from(!is_true(right)));
                Operator::Present
            }
            Operator::In => {
                let demanded = Demanded::NotIn;
                return Some(Self { demanded, ..Self::that_holds(operator, node) });
            }
            Operator::Has | Operator::HasAll | Operator::HasAny | Operator::SubsetOf => {
                return None;
            }
        };
        Some(Self { right, ..Self::that_holds(opposite, node) })
    }
}

/// What the atoms so far demand of their attribute. How others relate to each other is not
/// followed.
pub(super) struct Demands<'n> {
    least: i64,
    greatest: i64,
    /// The literal that it must equal.
    equals: Option<Operand<'n>>,
    /// The numbers that it must not equal.
    numbers: BTreeSet<i64>,
    /// The texts that it must not equal.
    excluded: NameMap<'n>,
    /// The other literals that it must not equal.
    differs: Vec<Operand<'n>>,
    /// The texts that all lists have in which it must be.
    choices: Option<NameMap<'n>>,
    /// How many of these are not excluded.
    choices_left: usize,
    /// The lists of networks that it must be in.
    networks: Vec<Operand<'n>>,
    /// The values of an enum, by their index in the model.
    values: Option<usize>,
    /// What the members of a set must be.
    members: Members<'n>,
    /// The orders in which it may stand to another attribute, by the index of that one.
    orders: BTreeMap<usize, Orders>,
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
            Some(DeclaredType::Bool) => (0, 1),
            Some(
                DeclaredType::Enum(_)
                | DeclaredType::Id(_)
                | DeclaredType::EnumSet(_)
                | DeclaredType::IdSet(_)
                | DeclaredType::Ip
                | DeclaredType::IpSet,
            )
            | None => (i64::MIN, i64::MAX),
        };
        let values = match kind {
            Some(DeclaredType::Enum(values)) => Some(values),
            _ => None,
        };
        Self {
            least,
            greatest,
            equals: None,
            numbers: BTreeSet::new(),
            excluded: NameMap::default(),
            differs: Vec::new(),
            choices: None,
            choices_left: 0,
            networks: Vec::new(),
            values,
            members: Members::new(),
            orders: BTreeMap::new(),
            has_value: false,
            is_null: false,
        }
    }

    /// Adds a demand, and says whether a value can still meet everything.
    pub(super) fn add(&mut self, demand: Demand<'n>, model: &Model<'n>) -> bool {
        let Demand { demanded, right, .. } = demand;
        // Everything but `present` needs a value.
        let wants_value = demanded != Demanded::Operator(Operator::Present) || is_true(right);
        self.has_value |= wants_value;
        self.is_null |= !wants_value;
        if self.has_value && self.is_null {
            return false;
        }
        let Demanded::Operator(operator) = demanded else {
            return self.be_in_none(right, model);
        };
        if let (Operand::Attribute(other), Some(orders)) = (right, Orders::of(operator)) {
            return self.orders.entry(other).or_insert(Orders::ANY).narrow(orders);
        }
        match operator {
            Operator::Eq => self.equal(right, model),
            Operator::Ne => self.differ(right, model),
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
        if let Some(number) = self.number(right) {
            return self.between(number, number);
        }
        // Each literal is compared with the others once, however often it stands here.
        if !is_followed(right) || self.equals.is_some_and(|other| is_same(other, right)) {
            return true;
        }
        let fits = self.equals.is_none() && self.may_be(right, model);
        self.equals = Some(right);
        fits
    }

    /// A number, or a boolean as one.
    const fn number(&self, literal: Operand<'n>) -> Option<i64> {
        if let Operand::Integer(number) = literal {
            return Some(number);
        }
        let (Operand::Symbol(symbol), None) = (literal, self.values) else { return None };
        Some(if symbol == 0 { 0 } else { 1 })
    }

    /// Whether a literal is in every list so far, and none that the attribute must not equal.
    fn may_be(&self, literal: Operand<'n>, model: &Model<'n>) -> bool {
        if let Some(text) = text(literal, self.values, model) {
            let is_choice = |choices: &NameMap<'_>| choices.find(text).is_some();
            return self.choices.as_ref().is_none_or(is_choice)
                && self.excluded.find(text).is_none();
        }
        !self.differs.iter().any(|other| is_same(*other, literal))
            && self.networks.iter().all(|list| is_in(literal, *list, model))
    }

    fn differ(&mut self, right: Operand<'n>, model: &Model<'n>) -> bool {
        if let Some(number) = self.number(right) {
            return self.exclude_number(number);
        }
        if !is_followed(right) {
            return true;
        }
        let is_any_left = match text(right, self.values, model) {
            Some(text) => self.exclude(text, model),
            None => {
                self.differs.push(right);
                true
            }
        };
        is_any_left && self.equals.is_none_or(|other| !is_same(other, right))
    }

    /// Excludes a number, and says whether one is left.
    fn exclude_number(&mut self, number: i64) -> bool {
        self.numbers.insert(number);
        let is_end = number == self.least || number == self.greatest;
        !is_end || self.narrow()
    }

    /// Excludes a text, and says whether it was not the last one that was left.
    fn exclude(&mut self, text: &'n str, model: &Model<'n>) -> bool {
        if !self.excluded.add(text, 0) {
            return true;
        }
        let Some(choices) = &self.choices else {
            let all = self.values.map(|values| model.values(values).len());
            return all != Some(self.excluded.len());
        };
        if choices.find(text).is_none() {
            return true;
        }
        self.choices_left = self.choices_left.saturating_sub(1);
        self.choices_left > 0
    }

    fn be_in(&mut self, right: Operand<'n>, model: &Model<'n>) -> bool {
        let is_any_left = if let Operand::Symbols(_, list) | Operand::Texts(list) = right {
            self.choose(list.items())
        } else {
            self.networks.extend(Some(right).filter(|right| right.list().is_some()));
            true
        };
        is_any_left && self.equals.is_none_or(|other| is_in(other, right, model))
    }

    fn be_in_none(&mut self, right: Operand<'n>, model: &Model<'n>) -> bool {
        let (Operand::Symbols(_, list) | Operand::Texts(list)) = right else { return true };
        let mut is_any_left = true;
        for text in list.items().iter().filter_map(Node::text) {
            is_any_left &= self.exclude(text, model);
        }
        is_any_left && !self.equals.is_some_and(|other| is_in(other, right, model))
    }

    /// Leaves the choices that a list has too. Says whether one is left, or none was before.
    fn choose(&mut self, list: &'n [Node<'n>]) -> bool {
        let mut choices = NameMap::default();
        let before = self.choices.take();
        // That nothing is in an empty array is told elsewhere.
        let had_some = !list.is_empty() && (before.is_none() || self.choices_left > 0);
        self.choices_left = 0;
        for text in list.iter().filter_map(Node::text) {
            let was_there = before.as_ref().is_none_or(|before| before.find(text).is_some());
            if was_there && self.excluded.find(text).is_none() && choices.add(text, 0) {
                self.choices_left = self.choices_left.saturating_add(1);
            }
        }
        self.choices = Some(choices);
        self.choices_left > 0 || !had_some
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
        self.narrow()
    }

    /// Takes excluded numbers off both ends of the range, and says whether any is left.
    fn narrow(&mut self) -> bool {
        while self.least <= self.greatest && self.numbers.contains(&self.least) {
            let Some(next) = self.least.checked_add(1) else { return false };
            self.least = next;
        }
        while self.least <= self.greatest && self.numbers.contains(&self.greatest) {
            let Some(next) = self.greatest.checked_sub(1) else { return false };
            self.greatest = next;
        }
        self.least <= self.greatest
    }
}

/// Some of the three orders in which one value may stand to another: less, equal, greater.
#[derive(Clone, Copy)]
struct Orders(u8);

impl Orders {
    const ANY: Self = Self(0b111);

    /// Those with which an operator holds; none for an operator that compares no two values.
    const fn of(operator: Operator) -> Option<Self> {
        Some(Self(match operator {
            Operator::Lt => 0b100,
            Operator::Le => 0b110,
            Operator::Eq => 0b010,
            Operator::Ne => 0b101,
            Operator::Ge => 0b011,
            Operator::Gt => 0b001,
            Operator::In
            | Operator::Has
            | Operator::HasAll
            | Operator::HasAny
            | Operator::SubsetOf
            | Operator::Present => return None,
        }))
    }

    /// Leaves those that are among others too, and says whether any is left.
    const fn narrow(&mut self, others: Self) -> bool {
        self.0 &= others.0;
        self.0 != 0
    }
}

/// The text of a literal, which may be one of these values of an enum.
fn text<'n>(literal: Operand<'n>, values: Option<usize>, model: &Model<'n>) -> Option<&'n str> {
    if let Operand::Text(text) = literal {
        return Some(text);
    }
    let Operand::Symbol(symbol) = literal else { return None };
    model.values(values?).get(symbol).copied()
}

pub(super) const fn is_true(operand: Operand<'_>) -> bool {
    matches!(operand, Operand::Symbol(1))
}

/// Whether an operand is a literal, but for numbers, that is compared with the others.
const fn is_followed(operand: Operand<'_>) -> bool {
    matches!(operand, Operand::Symbol(_) | Operand::Text(_) | Operand::Address(_))
}

fn is_same(one: Operand<'_>, other: Operand<'_>) -> bool {
    match (one, other) {
        (Operand::Symbol(one), Operand::Symbol(other)) => one == other,
        (Operand::Text(one), Operand::Text(other)) => one == other,
        (Operand::Address(one), Operand::Address(other)) => one == other,
        _ => false,
    }
}
