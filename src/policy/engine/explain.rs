//! Why: the determining rules, and the missing attributes. Worked out on demand; a decision alone never pays for it.

use super::conditions::Evaluation;
use super::rules::{RuleResults, Verdict};
use crate::json::Writer;
use crate::policy::image::layout::{MAX_CONDITIONS, NONE, PERMISSIONS, SCOPES};
use crate::policy::image::{
    Connective, Effect, Image, Level, NodeKind, NodeRecord, OperandKind, Operator, RuleRecord, size,
};
use crate::policy::request::{AttributeValue, LevelGrants, Membership, Organization, position};
use crate::policy::truth::Truth;
use crate::policy::vocabulary::{grant, place};
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// How many missing attributes an answer lists at most: the first in order.
pub const MAX_MISSING: usize = 256;

/// The pointers that are missing: sorted, each once, and not more than an answer lists.
pub(crate) struct Missing {
    pointers: Vec<String>,
    /// Which named conditions were looked into.
    entered: [bool; MAX_CONDITIONS],
}

impl Missing {
    pub(crate) const fn new() -> Self {
        Self { pointers: Vec::new(), entered: [false; MAX_CONDITIONS] }
    }

    pub(crate) fn finish(self) -> Vec<String> {
        self.pointers
    }

    /// Adds the pointer of a member of a place.
    fn push_member(&mut self, place: &str, member: &str) {
        let mut pointer = String::from(place);
        pointer.push('/');
        pointer.push_str(member);
        self.add(pointer);
    }

    /// Adds the pointer of a place.
    fn push(&mut self, place: &str) {
        self.add(String::from(place));
    }

    fn add(&mut self, mut pointer: String) {
        let full = self.pointers.len() >= MAX_MISSING;
        if full && self.pointers.last().is_some_and(|last| *last <= pointer) {
            return;
        }
        // From where it belongs on, each moves one further.
        for other in &mut self.pointers {
            match pointer.cmp(other) {
                Ordering::Less => core::mem::swap(other, &mut pointer),
                Ordering::Equal => return,
                Ordering::Greater => {}
            }
        }
        if !full {
            self.pointers.push(pointer);
        }
    }

    /// Whether a named condition was not looked into yet.
    fn enter(&mut self, condition: u32) -> bool {
        self.entered
            .get_mut(size(condition))
            .is_some_and(|entered| !core::mem::replace(entered, true))
    }
}

impl<'e> Evaluation<'e> {
    /// Whether a rule determines the verdict.
    pub(crate) fn determines(
        &self,
        rule: RuleRecord<'_>,
        verdict: Verdict,
        results: RuleResults,
    ) -> bool {
        let when = || self.node(rule.when());
        match (rule.effect(), verdict) {
            (Some(Effect::Permit), Verdict::Allow) => when() == Truth::True,
            (Some(Effect::Permit), Verdict::Indeterminate) => {
                !results.is_permitted() && when() == Truth::Unknown
            }
            (Some(Effect::Forbid) | None, Verdict::Forbidden) => when() == Truth::True,
            (Some(Effect::Forbid) | None, Verdict::Indeterminate) => when() == Truth::Unknown,
            (Some(Effect::Require), Verdict::Requirement) => self.requirement(rule) == Truth::False,
            (Some(Effect::Require), Verdict::Indeterminate) => {
                self.requirement(rule) != Truth::True
            }
            (
                Some(Effect::Permit),
                Verdict::Forbidden | Verdict::Requirement | Verdict::NoGrant,
            )
            | (
                Some(Effect::Forbid) | None,
                Verdict::Allow | Verdict::Requirement | Verdict::NoGrant,
            )
            | (Some(Effect::Require), Verdict::Allow | Verdict::Forbidden | Verdict::NoGrant)
            | (Some(Effect::Advise), _) => false,
        }
    }

    /// Whether a rule gives its advice.
    pub(crate) fn advises(&self, rule: RuleRecord<'_>) -> bool {
        rule.effect() == Some(Effect::Advise) && self.node(rule.when()) == Truth::True
    }

    /// Whether a rule is no require, or one that is surely met.
    pub(crate) fn is_met(&self, rule: RuleRecord<'_>) -> bool {
        rule.effect() != Some(Effect::Require) || self.requirement(rule) == Truth::True
    }

    /// Collects the pointers that could decide a rule.
    pub(crate) fn missing(&self, rule: RuleRecord<'_>, out: &mut Missing) {
        self.missing_below(rule.when(), out);
        if rule.effect() == Some(Effect::Require) {
            self.missing_below(rule.must().unwrap_or(NONE), out);
        }
    }

    fn missing_below(&self, index: u32, out: &mut Missing) {
        let Some(node) = self.image().node(index) else { return };
        if self.node(index) != Truth::Unknown {
            return;
        }
        match node.kind() {
            // Looked into before.
            Some(NodeKind::Connective(Connective::Condition)) if !out.enter(node.a()) => {}
            Some(NodeKind::Connective(Connective::Condition)) => {
                self.missing_below(self.image().condition(node.a()), out);
            }
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
        let mut unusable = self.missing_as_a_whole(node.attribute(), left, out);
        if operator == Operator::Present {
            if !unusable {
                self.missing_in_set(operator, node.attribute(), AttributeValue::Unusable, out);
            }
            return;
        }
        let right = self.right(node, left);
        let other =
            u16::try_from(node.a()).ok().filter(|_| node.operand() == Some(OperandKind::Attribute));
        if let Some(other) = other {
            unusable |= self.missing_as_a_whole(other, right, out);
        }
        if unusable {
            return;
        }
        self.missing_in_set(operator, node.attribute(), right, out);
        if let Some(other) = other {
            // Seen from the right, each of the two is the other.
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

    /// Whether an attribute is missing as a whole.
    fn missing_as_a_whole(&self, attribute: u16, value: AttributeValue, out: &mut Missing) -> bool {
        if !matches!(value, AttributeValue::Unusable | AttributeValue::Null) {
            return false;
        }
        if let Some(attribute) = self.image().attribute(u32::from(attribute)) {
            out.push(self.image().string(attribute.pointer()));
        }
        true
    }

    /// Collects, for all members of a set that matter at once, what could decide them. The set is the left side of the atom.
    fn missing_in_set(
        &self,
        operator: Operator,
        set: u16,
        other: AttributeValue,
        out: &mut Missing,
    ) {
        if !matches!(set, PERMISSIONS | SCOPES) {
            return;
        }
        let mut members = ActionSet::new(self.image());
        for member in 0..self.image().actions() {
            if self.matters(operator, self.attribute_value(set), member, other) {
                members.add(member);
            }
        }
        if members.is_empty() {
            return;
        }
        if set == SCOPES {
            out.push(place::CREDENTIAL_SCOPES.pointer);
            return;
        }
        self.missing_at_account(&members, out);
        self.missing_in_organization(members, out);
    }

    /// Whether an undecided member of the set on the left matters to an atom.
    fn matters(
        &self,
        operator: Operator,
        set: AttributeValue,
        member: u32,
        other: AttributeValue,
    ) -> bool {
        let member = AttributeValue::Symbol(member);
        if self.request.has(set, member) != Truth::Unknown {
            return false;
        }
        let in_other = match (other, member) {
            (AttributeValue::Symbols { .. }, _) => self.request.has(other, member),
            (AttributeValue::Symbol(other), AttributeValue::Symbol(member)) => {
                return other == member;
            }
            _ => return true,
        };
        match operator {
            Operator::HasAll | Operator::HasAny => in_other != Truth::False,
            Operator::SubsetOf => in_other != Truth::True,
            Operator::Eq
            | Operator::Ne
            | Operator::In
            | Operator::Has
            | Operator::Lt
            | Operator::Le
            | Operator::Gt
            | Operator::Ge
            | Operator::Present => true,
        }
    }

    fn missing_at_account(&self, members: &ActionSet, out: &mut Missing) {
        let request = self.request;
        let given =
            self.given_of(members, Level::Account, &request.account, request.defaults.account);
        if given.some_surely {
            if request.subject_account.is_none() {
                out.push(place::SUBJECT_ACCOUNT_ID.pointer);
            }
            if request.resource_account.is_none() {
                out.push(place::RESOURCE_ACCOUNT_ID.pointer);
            }
        }
        if given.some_perhaps {
            add_open_lists(&request.account, place::SUBJECT_PROPERTIES.pointer, out);
        }
    }

    fn missing_in_organization(&self, mut members: ActionSet, out: &mut Missing) {
        let request = self.request;
        for (word, members) in (0..).zip(&mut members.0) {
            *members &= request.mask(Level::Organization, word);
        }
        if members.is_empty() {
            return;
        }
        self.missing_by_implication(&members, out);
        let Some(memberships) = &request.memberships else {
            out.push(place::SUBJECT_MEMBERSHIPS.pointer);
            self.missing_organization(out);
            return;
        };
        for (index, membership) in memberships.iter().enumerate() {
            let counts = request.counts(membership);
            if counts != Truth::False {
                self.missing_in_membership(index, membership, counts, &members, out);
            }
        }
    }

    fn missing_organization(&self, out: &mut Missing) {
        if matches!(self.request.organization, Organization::Missing) {
            out.push(place::RESOURCE_ORGANIZATION.pointer);
        }
    }

    fn missing_by_implication(&self, members: &ActionSet, out: &mut Missing) {
        let mut undecided = ActionSet::new(self.image());
        for action in 0..self.image().actions() {
            let implies = self.image().action(action).map_or(NONE, |action| action.implies());
            let mut given = (0..).zip(&members.0);
            if implies == NONE
                || !given.any(|(word, members)| members & self.request.word(implies, word) != 0)
            {
                continue;
            }
            let held =
                self.request.has(self.attribute_value(PERMISSIONS), AttributeValue::Symbol(action));
            match held {
                Truth::False => {}
                Truth::Unknown => undecided.add(action),
                Truth::True => out.push(place::RESOURCE_ORGANIZATION.pointer),
            }
        }
        self.missing_at_account(&undecided, out);
    }

    /// Collects what could decide members by one membership, of which it is not known to be one in
    /// another organization.
    fn missing_in_membership(
        &self,
        index: usize,
        membership: &Membership<'_>,
        counts: Truth,
        members: &ActionSet,
        out: &mut Missing,
    ) {
        let defaults = if membership.is_object { self.request.defaults.organization } else { NONE };
        let given = self.given_of(members, Level::Organization, &membership.lists, defaults);
        let mut number = Writer::new();
        number.integer(i64::try_from(index).unwrap_or(i64::MAX));
        let mut place = String::from(place::SUBJECT_MEMBERSHIPS.pointer);
        place.push('/');
        place.push_str(&number.finish());
        if given.some_perhaps && membership.is_open() {
            if membership.is_object {
                add_open_lists(&membership.lists, &place, out);
            } else {
                out.push(&place);
            }
        }
        if given.some_surely && counts == Truth::Unknown {
            self.missing_organization(out);
            if membership.organization.is_none() {
                out.push_member(&place, grant::ORGANIZATION);
            }
        }
    }

    /// How a level gives some members.
    fn given_of(
        &self,
        members: &ActionSet,
        level: Level,
        lists: &LevelGrants,
        defaults: u32,
    ) -> Given {
        let (mut surely, mut perhaps) = (0, 0);
        for (word, members) in (0..).zip(&members.0) {
            let members = members & self.request.mask(level, word);
            let given = self.request.sure_at(lists, defaults, word);
            surely |= members & given;
            perhaps |= members & !given;
        }
        Given { some_surely: surely != 0, some_perhaps: perhaps != 0 }
    }
}

/// How a level gives some members: both may be so, of different ones.
struct Given {
    some_surely: bool,
    /// Some are not surely given: more lists could give them.
    some_perhaps: bool,
}

/// Some of the actions, a bit for each.
struct ActionSet(Vec<u64>);

impl ActionSet {
    fn new(image: &Image) -> Self {
        Self(alloc::vec![0; size(image.width)])
    }

    fn add(&mut self, member: u32) {
        let (word, bit) = position(member);
        if let Some(word) = self.0.get_mut(size(word)) {
            *word |= bit;
        }
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|members| *members == 0)
    }
}

/// Adds the lists of a level that could give more.
fn add_open_lists(lists: &LevelGrants, place: &str, out: &mut Missing) {
    if lists.roles_are_open() {
        out.push_member(place, grant::ROLES);
    }
    if lists.permissions_are_open() {
        out.push_member(place, grant::PERMISSIONS);
    }
}
