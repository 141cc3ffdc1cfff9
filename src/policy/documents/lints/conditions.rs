//! Conditions that can never be true, and texts that were meant as attributes.

use super::super::diagnostics::Diagnostics;
use super::super::model::{AttributeDeclaration, Condition, ConditionNode, Model, Operand, parts};
use super::super::tree::SourceSpan;
use super::demands::{Demand, Demands, is_true};
use crate::error::Code;
use crate::order;
use crate::policy::image::{Connective, NodeKind, Operator, layout};
use alloc::vec::Vec;

/// Whether some request makes a condition true, whether some makes it false, and whether some
/// leaves it unknown.
#[derive(Clone, Copy, Debug)]
struct Possible {
    is_true: bool,
    is_false: bool,
    is_unknown: bool,
}

impl Possible {
    const ANY: Self = Self { is_true: true, is_false: true, is_unknown: true };
}

/// How many demands of a named condition are looked at where it is referred to. Each item of a list
/// counts as one.
const MAX_DEMANDS: usize = 64;

/// Attributes that a policy may declare without more. Whoever writes one as a literal has often not
/// declared it, since no condition reads it.
const KNOWN_EVERYWHERE: [&str; 4] = ["subject.type", "subject.id", "resource.type", "resource.id"];

/// What is known of a declared condition.
struct Named<'n> {
    possible: Possible,
    /// What must hold for it to hold, unless it never does.
    demands: Vec<Demand<'n>>,
}

pub(super) fn lint(diagnostics: &mut Diagnostics<'_>, model: &Model<'_>) {
    let mut lints = Lints { diagnostics, model, named: Vec::new() };
    for condition in &model.conditions {
        let (possible, mut demands) = lints.with_demands(condition, 0);
        let mut left = if possible.is_true { MAX_DEMANDS } else { 0 };
        demands.retain(|demand| match left.checked_sub(demand.size()) {
            Some(less) => {
                left = less;
                true
            }
            None => false,
        });
        lints.named.push(Named { possible, demands });
    }
    for rule in model.rules.sorted() {
        lints.alone(&rule.when, 0);
        let Some(must) = &rule.must else { continue };
        let message = match lints.alone(must, 0) {
            Possible { is_false: true, .. } => continue,
            Possible { is_unknown: false, .. } => {
                "this `must` is never false, so the rule never denies"
            }
            Possible { is_unknown: true, .. } => {
                "this `must` is never false, so the rule denies only where it is unknown"
            }
        };
        if let Some(first) = must.first() {
            lints.diagnostics.warning(Code::NeverTrue, first.place, message, &[], None);
        }
    }
    for invariant in model.invariants.sorted() {
        lints.alone(invariant, 0);
    }
}

struct Lints<'l, 'n, 'd> {
    diagnostics: &'l mut Diagnostics<'d>,
    model: &'l Model<'n>,
    /// The declared conditions that were looked at.
    named: Vec<Named<'n>>,
}

impl<'l, 'n> Lints<'l, 'n, '_> {
    /// Looks at the part of a condition that begins with a node, on its own: what stands beside it
    /// need not hold together with it.
    fn alone(&mut self, nodes: &'l Condition<'n>, index: usize) -> Possible {
        self.with_demands(nodes, index).0
    }

    /// The same, with what must all hold for the part to hold.
    fn with_demands(
        &mut self,
        nodes: &'l Condition<'n>,
        index: usize,
    ) -> (Possible, Vec<Demand<'n>>) {
        let mut together = Vec::new();
        let possible = self.part(nodes, index, &mut together);
        let holds = self.hold_together(&together);
        (Possible { is_true: possible.is_true && holds, ..possible }, together)
    }

    /// Looks at the part of a condition that begins with a node. What must all hold for the part to
    /// hold is added to `together`.
    fn part(
        &mut self,
        nodes: &'l Condition<'n>,
        index: usize,
        together: &mut Vec<Demand<'n>>,
    ) -> Possible {
        let Some(node) = nodes.get(index) else { return Possible::ANY };
        match node.kind {
            NodeKind::Atom(operator) => {
                together.push(Demand::that_holds(operator, node));
                self.atom(operator, node)
            }
            NodeKind::Connective(Connective::All) => {
                let mut possible = Possible { is_true: true, is_false: false, is_unknown: false };
                let mut is_surely_false = false;
                for (index, _) in parts(nodes, index) {
                    let part = self.part(nodes, index, together);
                    possible.is_true &= part.is_true;
                    possible.is_false |= part.is_false;
                    possible.is_unknown |= part.is_unknown;
                    is_surely_false |= !part.is_true && !part.is_unknown;
                }
                possible.is_unknown &= !is_surely_false;
                possible
            }
            NodeKind::Connective(Connective::Any) => self.any(nodes, index, node),
            NodeKind::Connective(Connective::Not) => {
                let negated = index.saturating_add(1);
                let part = self.alone(nodes, negated);
                let mut opposites = Vec::new();
                add_opposites(nodes, negated, &mut opposites);
                // Where these contradict each other, that is told.
                if !part.is_false && self.contradictions(&opposites).is_empty() {
                    let message = "the condition in this `not` is never false, so the `not` is \
                        never true";
                    self.never(node, message);
                }
                together.append(&mut opposites);
                Possible { is_true: part.is_false, is_false: part.is_true, ..part }
            }
            NodeKind::Connective(Connective::Condition) => {
                let Operand::Named(condition) = node.right else { return Possible::ANY };
                let Some(named) = self.named.get(condition) else { return Possible::ANY };
                together.extend(named.demands.iter().map(|demand| demand.told_at(node.place)));
                named.possible
            }
        }
    }

    fn any(
        &mut self,
        nodes: &'l Condition<'n>,
        index: usize,
        node: &ConditionNode<'n>,
    ) -> Possible {
        let mut possible = Possible { is_true: false, is_false: true, is_unknown: false };
        let (mut is_empty, mut is_surely_true) = (true, false);
        for (index, _) in parts(nodes, index) {
            let part = self.alone(nodes, index);
            possible.is_true |= part.is_true;
            possible.is_false &= part.is_false;
            possible.is_unknown |= part.is_unknown;
            is_surely_true |= !part.is_false && !part.is_unknown;
            is_empty = false;
        }
        possible.is_unknown &= !is_surely_true;
        if is_empty {
            self.never(node, "an empty `any` is never true");
        }
        possible
    }

    fn atom(&mut self, operator: Operator, node: &ConditionNode<'n>) -> Possible {
        for (id, place) in node.right.ids() {
            self.literal(id, place.unwrap_or(node.place));
        }
        let is_empty = node.right.list().is_some_and(|list| list.items().is_empty());
        if is_empty && matches!(operator, Operator::In | Operator::HasAny) {
            self.never(node, "nothing is in an empty list, so this is never true");
            return Possible { is_true: false, ..Possible::ANY };
        }
        let attribute = self.model.attributes.get(node.attribute);
        let always_has_value = attribute.is_some_and(AttributeDeclaration::is_never_null);
        if operator == Operator::Present && always_has_value {
            let asks_for_value = is_true(node.right);
            if !asks_for_value {
                self.never(node, "this attribute is never null, so this is never true");
            }
            let is_unknown = node.attribute != usize::from(layout::ACTION_NAME);
            return Possible { is_true: asks_for_value, is_false: !asks_for_value, is_unknown };
        }
        let is_false = match operator {
            Operator::HasAll => !is_empty,
            // A type may leave nothing that these do not hold for.
            Operator::Le | Operator::Ge | Operator::In => {
                let mut demands = Demands::of(attribute.map(|attribute| attribute.kind));
                let can_fail = |opposite| demands.add(opposite, self.model);
                Demand::that_fails(operator, node).is_none_or(can_fail)
            }
            Operator::Eq
            | Operator::Ne
            | Operator::Lt
            | Operator::Gt
            | Operator::Has
            | Operator::HasAny
            | Operator::SubsetOf
            | Operator::Present => true,
        };
        Possible { is_false, ..Possible::ANY }
    }

    fn never(&mut self, node: &ConditionNode<'n>, message: &str) {
        self.diagnostics.warning(Code::NeverTrue, node.place, message, &[], None);
    }

    /// Warns of an id that is the name of an attribute.
    fn literal(&mut self, id: &str, place: SourceSpan) {
        // Other languages write references as `${a.b}`, `{{ a.b }}`, `$a.b` or `@a.b`.
        let name = id.trim_matches(|c| matches!(c, '$' | '{' | '}' | '@' | ' ' | '%' | '<' | '>'));
        if self.model.attribute(name).is_some() || KNOWN_EVERYWHERE.contains(&name) {
            let message = "`{}` is compared as it is, and it is the name of an attribute";
            let meant = ["{\"attribute\": \"", name, "\"}"].concat();
            self.diagnostics.warning(Code::LiteralAttribute, place, message, &[id], Some(meant));
        }
    }

    /// Whether all this can hold together, as far as single attributes say. What contradicts gets a
    /// warning.
    fn hold_together(&mut self, together: &[Demand<'n>]) -> bool {
        let contradictions = self.contradictions(together);
        for demand in &contradictions {
            let message = "nothing at `{}` meets this and all that must hold with it";
            let attribute = self.model.attributes.get(demand.attribute);
            let pointer = attribute.map(|attribute| attribute.pointer.as_str());
            let parts = [pointer.unwrap_or_default()];
            self.diagnostics.warning(Code::Contradiction, demand.place, message, &parts, None);
        }
        contradictions.is_empty()
    }

    /// For each attribute, the first demand that contradicts those before it.
    fn contradictions(&self, together: &[Demand<'n>]) -> Vec<Demand<'n>> {
        let attributes = together.iter().map(|demand| demand.attribute);
        let by_attribute: Vec<(usize, usize)> = order::sorted(attributes.zip(0..).collect());
        let mut contradictions = Vec::new();
        for demanded in by_attribute.chunk_by(|(one, _), (next, _)| one == next) {
            let attribute = demanded.first().and_then(|(it, _)| self.model.attributes.get(*it));
            let mut demands = Demands::of(attribute.map(|attribute| attribute.kind));
            let mut demanded = demanded.iter().filter_map(|(_, index)| together.get(*index));
            contradictions.extend(demanded.find(|demand| !demands.add(**demand, self.model)));
        }
        contradictions
    }
}

/// Adds what must hold for a part of a condition to be false, as far as operators say that.
fn add_opposites<'n>(nodes: &Condition<'n>, index: usize, together: &mut Vec<Demand<'n>>) {
    let Some(node) = nodes.get(index) else { return };
    match node.kind {
        NodeKind::Atom(operator) => together.extend(Demand::that_fails(operator, node)),
        NodeKind::Connective(Connective::Any) => {
            for (index, _) in parts(nodes, index) {
                add_opposites(nodes, index, together);
            }
        }
        // Which part of an `all` is false stays open, unless it has only one.
        NodeKind::Connective(Connective::All) => {
            let mut parts = parts(nodes, index);
            if let (Some((only, _)), None) = (parts.next(), parts.next()) {
                add_opposites(nodes, only, together);
            }
        }
        NodeKind::Connective(Connective::Not | Connective::Condition) => {}
    }
}
