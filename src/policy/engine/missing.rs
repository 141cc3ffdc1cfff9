//! What an indeterminate decision lacks (section 8 of `docs/policy-language.md`).

use super::action_set::ActionSet;
use super::conditions::Evaluation;
use super::lack::{Lack, push_needs};
use crate::policy::image::layout::{MAX_CONDITIONS, NONE};
use crate::policy::image::{
    Connective, Image, NodeKind, NodeRecord, OperandKind, Operator, RuleRecord, size,
};
use crate::policy::request::AttributeValue;
use crate::policy::truth::Truth;
use alloc::string::String;
use alloc::vec::Vec;

/// How many places an answer lists at most as missing, and as many as unusable. Of more, these are
/// the first in order.
pub const MAX_MISSING: usize = 256;

/// What is missing and what is unusable: each sorted, each once, and not more than an answer lists.
pub(crate) struct Missing {
    missing: Vec<String>,
    /// Each pointer with what is needed there.
    unusable: Vec<String>,
    /// For each named condition, whether it was looked into. What it lacks is the same each time.
    entered: [bool; MAX_CONDITIONS],
    /// The permissions of the subject that some atom hangs on. What could decide them is worked out
    /// once for all atoms, since a request may have thousands of memberships.
    pub(super) permissions: ActionSet,
    /// The item that is being added. Most are there already, and then need no memory of their own.
    item: String,
}

impl Missing {
    pub(crate) fn new(image: &Image) -> Self {
        Self {
            missing: Vec::new(),
            unusable: Vec::new(),
            entered: [false; MAX_CONDITIONS],
            permissions: ActionSet::new(image),
            item: String::new(),
        }
    }

    /// The pointers of what is missing; and what is unusable, each as a text of
    /// [`Unusable`](super::lack::Unusable).
    fn into_lists(self) -> (Vec<String>, Vec<String>) {
        (self.missing, self.unusable)
    }

    /// Adds a member of a place.
    pub(super) fn push_member(&mut self, place: &str, member: &str, lack: Lack<'_>) {
        self.add(&[place, "/", member], lack);
    }

    /// Adds a place.
    pub(super) fn push(&mut self, place: &str, lack: Lack<'_>) {
        self.add(&[place], lack);
    }

    fn add(&mut self, pointer: &[&str], lack: Lack<'_>) {
        let item = &mut self.item;
        item.clear();
        pointer.iter().for_each(|part| item.push_str(part));
        let list = match lack {
            Lack::Missing => &mut self.missing,
            Lack::Unusable(needs) => {
                push_needs(item, needs);
                &mut self.unusable
            }
        };
        let Err(index) = list.binary_search(item) else { return };
        if index < MAX_MISSING {
            list.truncate(MAX_MISSING.wrapping_sub(1));
            list.insert(index, item.clone());
        }
    }

    /// Notes that a named condition is looked into, and says if it is for the first time.
    fn enter(&mut self, condition: u32) -> bool {
        self.entered
            .get_mut(size(condition))
            .is_some_and(|entered| !core::mem::replace(entered, true))
    }
}

impl Evaluation<'_> {
    /// The pointers of what is missing, and what is unusable, once what could decide all rules is
    /// collected.
    pub(crate) fn finish(&self, missing: Missing) -> (Vec<String>, Vec<String>) {
        self.with_permissions(missing).into_lists()
    }

    /// Collects what could decide a rule.
    pub(crate) fn missing(&self, rule: RuleRecord<'_>, out: &mut Missing) {
        self.missing_below(rule.when(), out);
        if rule.has_must() {
            self.missing_below(rule.must().unwrap_or(NONE), out);
        }
    }

    /// Collects what could decide a node, if it is unknown: only then is there something to decide.
    fn missing_below(&self, index: u32, out: &mut Missing) {
        let Some(node) = self.image().node(index) else { return };
        if self.node(index) != Truth::Unknown {
            return;
        }
        match node.kind() {
            Some(NodeKind::Connective(Connective::Condition)) if out.enter(node.a()) => {
                self.missing_below(self.image().condition(node.a()), out);
            }
            Some(NodeKind::Connective(Connective::Condition)) => {}
            Some(NodeKind::Connective(Connective::All | Connective::Any | Connective::Not)) => {
                let mut next = index.wrapping_add(1);
                while next < node.a() {
                    self.missing_below(next, out);
                    next = self.image().node(next).map_or(NONE, |child| child.after(next));
                }
            }
            Some(NodeKind::Atom(operator)) => self.missing_in_atom(operator, node, out),
            None => {}
        }
    }

    fn missing_in_atom(&self, operator: Operator, node: NodeRecord<'_>, out: &mut Missing) {
        let left = self.attribute_value(node.attribute());
        let mut lacking = self.missing_itself(node.attribute(), left, out);
        if operator == Operator::Present {
            if !lacking {
                self.missing_in_set(operator, node.attribute(), AttributeValue::Unusable, out);
            }
            return;
        }
        let right = self.right(node, left);
        let other =
            u16::try_from(node.a()).ok().filter(|_| node.operand() == Some(OperandKind::Attribute));
        if let Some(other) = other {
            lacking |= self.missing_itself(other, right, out);
        }
        if lacking {
            return;
        }
        self.missing_in_set(operator, node.attribute(), right, out);
        if let Some(other) = other {
            // Seen from the right side, each of these two operators is the other.
            let mirrored = match operator {
                Operator::HasAll => Operator::SubsetOf,
                Operator::SubsetOf => Operator::HasAll,
                Operator::Eq
                | Operator::Ne
                | Operator::In
                | Operator::Has
                | Operator::HasAny
                | Operator::Lt
                | Operator::Le
                | Operator::Gt
                | Operator::Ge
                | Operator::Present => operator,
            };
            self.missing_in_set(mirrored, other, left, out);
        }
    }

    /// Whether an attribute has no value, so that its own place is listed.
    fn missing_itself(&self, attribute: u16, value: AttributeValue, out: &mut Missing) -> bool {
        let Some(attribute) = self.image().attribute(u32::from(attribute)) else { return false };
        let lack = match value {
            AttributeValue::Absent | AttributeValue::Null => Lack::Missing,
            AttributeValue::Unusable => Lack::Unusable(self.image().string(attribute.needs())),
            AttributeValue::Bool(_)
            | AttributeValue::Symbol(_)
            | AttributeValue::Integer(_)
            | AttributeValue::Id(_)
            | AttributeValue::Symbols { .. }
            | AttributeValue::Ids { .. }
            | AttributeValue::Networks { .. } => return false,
        };
        out.push(self.image().string(attribute.pointer()), lack);
        true
    }
}
