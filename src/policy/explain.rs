//! Why: the determining rules, and the missing attributes. Worked out on demand; a decision alone never pays for it.

use super::decide::{Tally, Verdict};
use super::evaluate::{Children, Evaluation, MAX_CONDITIONS, PERMISSIONS, Right, SCOPES};
use super::image::layout::{effect, level, op, operand};
use super::image::{Node, Rule};
use super::request::{Level, Membership, Organization, offset};
use super::sets::Bits;
use super::tri::Tri;
use crate::json::Writer;
use alloc::string::String;
use alloc::vec::Vec;

const ORGANIZATION: &str = "/resource/properties/organization";
const MEMBERSHIPS: &str = "/subject/properties/memberships";

/// How many missing attributes an answer lists at most: the first in order.
pub const MAX_MISSING: usize = 256;

/// The pointers that are missing: sorted, each once, and not more than an answer lists.
#[derive(Default)]
pub(super) struct Missing {
    pointers: Vec<String>,
    /// A bit for each named condition that was looked into.
    entered: [u64; MAX_CONDITIONS / 64],
}

impl Missing {
    pub(super) fn finish(self) -> Vec<String> {
        self.pointers
    }

    fn push(&mut self, pointer: String) {
        if let Err(place) = self.pointers.binary_search(&pointer)
            && place < MAX_MISSING
        {
            self.pointers.truncate(MAX_MISSING.saturating_sub(1));
            self.pointers.insert(place, pointer);
        }
    }

    /// Whether a named condition was not looked into yet.
    fn enter(&mut self, condition: u32) -> bool {
        let (word, bit) = super::request::position(condition);
        let Some(word) = self.entered.get_mut(word) else { return false };
        let new = *word & bit == 0;
        *word |= bit;
        new
    }
}

impl<'e> Evaluation<'e> {
    /// Whether a rule determines the verdict.
    pub(super) fn determines(&self, rule: Rule, verdict: Verdict, tally: Tally) -> bool {
        match (verdict, rule.effect) {
            (Verdict::Allow, effect::PERMIT) | (Verdict::Forbidden, effect::FORBID) => {
                self.node(rule.when) == Tri::True
            }
            (Verdict::Requirement, effect::REQUIRE) => self.requirement(rule) == Tri::False,
            (Verdict::Indeterminate, effect::FORBID) => self.node(rule.when) == Tri::Unknown,
            (Verdict::Indeterminate, effect::REQUIRE) => self.requirement(rule) != Tri::True,
            (Verdict::Indeterminate, effect::PERMIT) => {
                !tally.is_permitted() && self.node(rule.when) == Tri::Unknown
            }
            _ => false,
        }
    }

    /// Collects the pointers that could decide a rule.
    pub(super) fn missing(&self, rule: Rule, out: &mut Missing) {
        self.missing_below(rule.when, out);
        if rule.effect == effect::REQUIRE {
            self.missing_below(rule.must, out);
        }
    }

    fn missing_below(&self, index: u32, out: &mut Missing) {
        let Some(node) = self.image().node(index) else { return };
        if self.node(index) != Tri::Unknown {
            return;
        }
        match node.op {
            op::ALL | op::ANY | op::NOT => {
                for (child, _) in Children::new(self.image().nodes(), index, node) {
                    self.missing_below(child, out);
                }
            }
            op::CONDITION if out.enter(node.a) => {
                self.missing_below(self.image().condition(node.a), out)
            }
            op::CONDITION => {}
            _ => self.missing_in_atom(node, out),
        }
    }

    fn missing_in_atom(&self, node: Node, out: &mut Missing) {
        let other = if node.op != op::PRESENT && node.operand == operand::ATTRIBUTE {
            u16::try_from(node.a).ok()
        } else {
            None
        };
        let mut unusable = false;
        for attribute in [Some(node.attribute), other].into_iter().flatten() {
            if self.left(attribute).is_none() {
                unusable = true;
                if let Some(attribute) = self.image().attribute(u32::from(attribute)) {
                    out.push(String::from(self.image().string(attribute.pointer)));
                }
            }
        }
        if unusable {
            return;
        }
        let right = if node.op == op::PRESENT { None } else { self.right(node) };
        self.missing_in_set(node, node.attribute, right, true, out);
        if let Some(other) = other {
            self.missing_in_set(node, other, self.left(node.attribute), false, out);
        }
    }

    /// Collects, for all members of one side that matter at once, what could decide them.
    fn missing_in_set(
        &self,
        node: Node,
        set: u16,
        other: Option<Right<'e>>,
        is_left: bool,
        out: &mut Missing,
    ) {
        if !matches!(set, PERMISSIONS | SCOPES) {
            return;
        }
        let mut members = alloc::vec![0_u64; self.image().width];
        for member in 0..self.image().actions() {
            let (word, bit) = super::request::position(member);
            if let Some(word) = members.get_mut(word)
                && self.matters(node, set, member, other, is_left)
            {
                *word |= bit;
            }
        }
        if members.iter().all(|word| *word == 0) {
            return;
        }
        if set == SCOPES {
            out.push(String::from("/context/credential/scopes"));
            return;
        }
        self.missing_at_account(&self.at_level(&members, level::ACCOUNT), out);
        self.missing_in_organization(&self.at_level(&members, level::ORGANIZATION), out);
    }

    fn at_level(&self, members: &[u64], level: u32) -> Vec<u64> {
        members
            .iter()
            .zip(0..)
            .map(|(members, word)| members & self.request.mask(level, word))
            .collect()
    }

    /// Whether an undecided member of a derived set matters to an atom.
    fn matters(
        &self,
        node: Node,
        set: u16,
        member: u32,
        other: Option<Right<'e>>,
        is_left: bool,
    ) -> bool {
        let sets = self.comparison(PERMISSIONS);
        if sets.has(self.bounds(set), member) != Tri::Unknown {
            return false;
        }
        let in_other = match other {
            Some(Right::Bits(bits)) => sets.has(bits, member),
            Some(Right::Slot(super::request::Slot::Symbol(symbol))) => return symbol == member,
            _ => return true,
        };
        match (node.op, is_left) {
            (op::HAS_ALL, true) | (op::HAS_ANY, _) | (op::SUBSET_OF, false) => {
                in_other != Tri::False
            }
            (op::HAS_ALL, false) | (op::SUBSET_OF, true) => in_other != Tri::True,
            _ => true,
        }
    }

    fn missing_at_account(&self, members: &[u64], out: &mut Missing) {
        let request = self.request;
        let (sure, open) = split(members, |word| {
            request.sure_at(request.account.sure, request.defaults().0, word)
        });
        if sure {
            let (subject, resource) = request.account_ids_known();
            if !subject {
                out.push(String::from("/subject/properties/account/id"));
            }
            if !resource {
                out.push(String::from("/resource/properties/account/id"));
            }
        }
        if open {
            add_open(&request.account, "/subject/properties", out);
        }
    }

    fn missing_in_organization(&self, members: &[u64], out: &mut Missing) {
        if members.iter().all(|word| *word == 0) {
            return;
        }
        self.missing_by_implication(members, out);
        let request = self.request;
        let unknown_organization = matches!(request.organization, Organization::Missing);
        let Some(memberships) = &request.memberships else {
            out.push(String::from(MEMBERSHIPS));
            if unknown_organization {
                out.push(String::from(ORGANIZATION));
            }
            return;
        };
        let default = request.defaults().1;
        for (index, membership) in memberships.iter().enumerate() {
            let counts = request.counts(membership);
            if counts == Tri::False {
                continue;
            }
            let given = |word| {
                if membership.is_object {
                    request.sure_at(membership.level.sure, default, word)
                } else {
                    0
                }
            };
            let (sure, open) = split(members, given);
            self.missing_in_membership(
                index,
                membership,
                sure && counts == Tri::Unknown,
                open && membership.is_open(),
                out,
            );
        }
    }

    fn missing_by_implication(&self, members: &[u64], out: &mut Missing) {
        let held = Bits::derived(self.request.permissions);
        let mut undecided = alloc::vec![0_u64; self.image().width];
        for action in 0..self.image().actions() {
            let Some(implies) = self.image().action(action).map(|action| action.implies) else {
                continue;
            };
            let gives = |(members, word): (&u64, usize)| {
                members & self.image().word(offset(implies, word)) != 0
            };
            if implies == super::image::layout::NONE || !members.iter().zip(0..).any(gives) {
                continue;
            }
            match self.comparison(PERMISSIONS).has(held, action) {
                Tri::False => {}
                Tri::Unknown => {
                    let (word, bit) = super::request::position(action);
                    if let Some(word) = undecided.get_mut(word) {
                        *word |= bit;
                    }
                }
                Tri::True => out.push(String::from(ORGANIZATION)),
            }
        }
        self.missing_at_account(&undecided, out);
    }

    /// `counting`: whether the membership counts is open for what it surely gives. `giving`: what it gives is open.
    fn missing_in_membership(
        &self,
        index: usize,
        membership: &Membership<'_>,
        counting: bool,
        giving: bool,
        out: &mut Missing,
    ) {
        if !counting && !giving {
            return;
        }
        let place = item(MEMBERSHIPS, index);
        if giving && membership.is_object {
            add_open(&membership.level, &place, out);
        }
        if counting {
            if matches!(self.request.organization, Organization::Missing) {
                out.push(String::from(ORGANIZATION));
            }
            if membership.organization.is_none() {
                out.push([place.as_str(), "/organization"].concat());
            }
        }
        if giving && !membership.is_object {
            out.push(place);
        }
    }
}

/// Whether some of the members are surely given, and whether some are not.
fn split(members: &[u64], given: impl Fn(usize) -> u64) -> (bool, bool) {
    members.iter().zip(0..).fold((false, false), |(sure, open), (members, word)| {
        let given = given(word);
        (sure || members & given != 0, open || members & !given != 0)
    })
}

/// The pointer of an item of an array.
fn item(array: &str, index: usize) -> String {
    let mut digits = Writer::new();
    digits.integer(i64::try_from(index).unwrap_or(i64::MAX));
    [array, "/", &digits.finish()].concat()
}

fn add_open(level: &Level, place: &str, out: &mut Missing) {
    if level.roles_open() {
        out.push([place, "/roles"].concat());
    }
    if level.permissions_open() {
        out.push([place, "/permissions"].concat());
    }
}
