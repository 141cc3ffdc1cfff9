//! The derived sets `subject.permissions` and `credential.scopes` (section 9 of
//! `docs/policy-language.md`), each known by two bounds: what is surely in it, and what perhaps.

use super::attributes::Attributes;
use super::grants::{GrantList, LevelGrants, ListState, Membership, Organization};
use super::listed::Listed;
use super::value::{ALL, AttributeValue, Input, LISTED_SCOPES, PERHAPS, SURE, number_of, position};
use crate::json::Text;
use crate::policy::image::Level;
use crate::policy::image::layout::{ACTION_NAMES, NONE, PERMISSIONS, SCOPES};
use crate::policy::truth::Truth;
use alloc::vec::Vec;

/// Words of a request are numbered in 31 bits. This many leave room for those that are derived.
const MOST_WORDS: usize = 1 << 30;

/// How many words a set of actions may have that is worked out beforehand, rather than word by
/// word.
pub(super) const NARROW: u32 = 4;

/// How many memberships, and how many items of a list, are looked at anew for each word.
pub(super) const FEW: u32 = 32;

/// The first words of the bounds that are being worked out.
#[derive(Clone, Copy)]
struct Bounds {
    sure: u32,
    perhaps: u32,
}

/// What gives permissions of one level: the account, or one membership.
struct Grant<'l> {
    lists: &'l LevelGrants,
    level: Level,
    /// The first word of what the subject's type has by default, or `NONE`.
    defaults: u32,
    /// Whether it perhaps gives every permission of its level.
    is_open: bool,
    /// Whether it is a grant for the account, or the organization, of the request.
    counts: Truth,
}

impl<'l> Grant<'l> {
    /// A membership of which nothing is known, with lists that are not there.
    const fn of_unknown_membership(lists: &'l LevelGrants) -> Self {
        Self {
            lists,
            level: Level::Organization,
            defaults: NONE,
            is_open: true,
            counts: Truth::Unknown,
        }
    }
}

impl<'a> Attributes<'a> {
    /// Whether the principal's account is the resource's.
    fn same_account(&self) -> Truth {
        match (&self.subject_account, &self.resource_account) {
            (Some(subject), Some(resource)) => Truth::from(subject == resource),
            (Some(_) | None, None) | (None, Some(_)) => Truth::Unknown,
        }
    }

    /// Whether a membership is one in the request's organization.
    pub(crate) fn counts(&self, membership: &Membership<'a>) -> Truth {
        match (&self.organization, &membership.organization) {
            (Organization::Id(wanted), Some(organization)) => Truth::from(wanted == organization),
            (Organization::Id(_), None) | (Organization::Missing | Organization::Account, _) => {
                Truth::Unknown
            }
        }
    }

    /// A word of what a level surely gives: by its own lists, and by the subject's type.
    pub(crate) fn sure_at(&self, lists: &LevelGrants, defaults: u32, word: u32) -> u64 {
        self.word(lists.sure, word) | self.listed_at(lists.listed, word) | self.word(defaults, word)
    }

    /// Works out the bounds of both derived sets, once everything is read. Those of a large policy
    /// are worked out word by word, as they are asked for.
    pub(super) fn derive(&mut self) {
        let width = self.image.width;
        let bounds = if self.is_derived_when_asked() {
            Bounds { sure: SURE, perhaps: PERHAPS }
        } else {
            self.bounds()
        };
        let Bounds { sure, perhaps } = bounds;
        let permissions = AttributeValue::Symbols { sure, perhaps, width, has_undeclared: false };
        self.put(PERMISSIONS.into(), permissions);
        if !matches!(self.attribute_value(SCOPES), AttributeValue::Symbols { .. }) {
            let (sure, perhaps) = (NONE, ALL);
            let scopes = AttributeValue::Symbols { sure, perhaps, width, has_undeclared: false };
            self.put(SCOPES.into(), scopes);
        }
    }

    /// Whether a word of the bounds is worked out when it is asked for: where there are many, and
    /// each takes few steps.
    fn is_derived_when_asked(&self) -> bool {
        let memberships = self.memberships.as_ref().map_or(0, Vec::len);
        self.image.width > NARROW && number_of(memberships) <= FEW && !self.image.has_implications()
    }

    /// The bounds of `subject.permissions`, worked out word by word.
    fn bounds(&mut self) -> Bounds {
        let width = self.image.width;
        let bounds = Bounds { sure: self.new_words(width, 0), perhaps: self.new_words(width, 0) };
        let memberships = self.memberships.take();
        let lists = self.account;
        self.add_grant(bounds, &self.account_grant(&lists));
        if self.concerns_organization() {
            self.imply(bounds);
            for membership in memberships.iter().flatten() {
                self.add_grant(bounds, &self.membership_grant(membership));
            }
            if memberships.is_none() {
                self.add_grant(bounds, &Grant::of_unknown_membership(&LevelGrants::default()));
            }
        }
        self.memberships = memberships;
        bounds
    }

    /// A word of the request that is worked out when it is asked for, by its number.
    #[inline(never)]
    pub(super) fn derived_word(&self, number: u32) -> u64 {
        match number {
            NONE => 0,
            LISTED_SCOPES.. => self.listed_at(self.scopes, number.wrapping_sub(LISTED_SCOPES)),
            PERHAPS.. => self.bounds_at(number.wrapping_sub(PERHAPS)).1,
            SURE.. => self.bounds_at(number.wrapping_sub(SURE)).0,
            ALL.. => {
                let before = number.wrapping_sub(ALL).saturating_mul(64);
                let unused = 64_u32.saturating_sub(self.image.actions().saturating_sub(before));
                u64::MAX.checked_shr(unused).unwrap_or(0)
            }
            _ => 0,
        }
    }

    /// What is surely, and what perhaps, in a word of `subject.permissions`.
    fn bounds_at(&self, word: u32) -> (u64, u64) {
        let mut bounds = self.given_at(&self.account_grant(&self.account), word);
        let mut add = |grant: &Grant<'_>| {
            let (sure, perhaps) = self.given_at(grant, word);
            bounds = (bounds.0 | sure, bounds.1 | perhaps);
        };
        if self.concerns_organization() {
            for membership in self.memberships.iter().flatten() {
                add(&self.membership_grant(membership));
            }
            if self.memberships.is_none() {
                add(&Grant::of_unknown_membership(&LevelGrants::default()));
            }
        }
        bounds
    }

    /// Whether the request is about an organization, or perhaps about one.
    const fn concerns_organization(&self) -> bool {
        match self.organization {
            Organization::Account => false,
            Organization::Missing | Organization::Id(_) => true,
        }
    }

    fn account_grant<'l>(&self, lists: &'l LevelGrants) -> Grant<'l> {
        Grant {
            lists,
            level: Level::Account,
            defaults: self.defaults.account,
            is_open: lists.is_open(),
            counts: self.same_account(),
        }
    }

    fn membership_grant<'l>(&self, membership: &'l Membership<'a>) -> Grant<'l> {
        Grant {
            lists: &membership.lists,
            level: Level::Organization,
            defaults: self.defaults.organization,
            is_open: membership.is_open(),
            counts: self.counts(membership),
        }
    }

    /// What a grant surely, and what it perhaps gives to a word.
    fn given_at(&self, grant: &Grant<'_>, word: u32) -> (u64, u64) {
        let given = self.sure_at(grant.lists, grant.defaults, word);
        let possible = if grant.is_open { self.mask(grant.level, word) } else { 0 };
        match grant.counts {
            Truth::True => (given, given | possible),
            Truth::Unknown => (0, given | possible),
            Truth::False => (0, 0),
        }
    }

    fn add_grant(&mut self, bounds: Bounds, grant: &Grant<'_>) {
        for word in 0..self.image.width {
            let (sure, perhaps) = self.given_at(grant, word);
            self.add(bounds.sure, word, sure);
            self.add(bounds.perhaps, word, perhaps);
        }
    }

    /// Adds what account-level permissions imply in the request's organization.
    fn imply(&mut self, bounds: Bounds) {
        let image = self.image;
        let sure_here = matches!(self.organization, Organization::Id(_));
        for word in 0..image.width {
            let mut open = self.word(bounds.perhaps, word) & self.mask(Level::Account, word);
            while open != 0 {
                // The lowest bit that is left.
                let bit = open & open.wrapping_neg();
                open ^= bit;
                let action = word.wrapping_mul(64).wrapping_add(bit.trailing_zeros());
                let implies = image.action(action).map_or(NONE, |action| action.implies());
                if implies == NONE {
                    continue;
                }
                let sure = sure_here && self.word(bounds.sure, word) & bit != 0;
                for word in 0..image.width {
                    let implied = image.word(implies.saturating_add(word));
                    if sure {
                        self.add(bounds.sure, word, implied);
                    }
                    self.add(bounds.perhaps, word, implied);
                }
            }
        }
    }

    /// Adds what is given as the roles or the permissions of a level.
    pub(super) fn give(
        &mut self,
        to: &mut LevelGrants,
        level: Level,
        list: GrantList,
        input: Input<'a>,
    ) {
        let state = match list {
            GrantList::Roles => &mut to.roles,
            GrantList::Permissions => &mut to.permissions,
        };
        let items = match input {
            Input::Null => return,
            Input::List(items) => items,
            Input::Bool(_)
            | Input::Integer(_)
            | Input::Text(_)
            | Input::Address(_)
            | Input::Object
            | Input::Other => {
                *state = ListState::IllTyped;
                return;
            }
        };
        *state = ListState::List;
        for item in items.indices() {
            let item = self.item(item);
            match list {
                GrantList::Roles => {
                    self.give_role(to, level, item);
                    to.role_count = to.role_count.saturating_add(1);
                }
                GrantList::Permissions => {
                    if let Some(action) = self.image.value(ACTION_NAMES, item) {
                        let (word, bit) = position(action);
                        if self.mask(level, word) & bit != 0 {
                            self.give_listed(to, Listed::Action(action));
                        }
                    }
                }
            }
        }
    }

    fn give_role(&mut self, to: &mut LevelGrants, level: Level, name: Text<'a>) {
        let image = self.image;
        match image.role(name) {
            // A role of the other level gives nothing here.
            Some(role) if role.level() == Some(level) && role.permissions() != NONE => {
                self.give_listed(to, Listed::Set(role.permissions()));
            }
            Some(_) => {}
            None => {
                if to.undeclared.count == 0 {
                    to.undeclared.first = number_of(self.undeclared.len());
                }
                to.undeclared.count = to.undeclared.count.saturating_add(1);
                self.undeclared.push(to.role_count);
            }
        }
    }

    /// Adds an action, or all of a set, to what a level surely gives.
    fn give_listed(&mut self, to: &mut LevelGrants, listed: Listed) {
        if self.image.width > NARROW && to.listed.count < FEW {
            self.push_listed(&mut to.listed, listed);
            return;
        }
        if to.sure == NONE {
            // No more words can be numbered, so it cannot be said what is given.
            if self.words.len() > MOST_WORDS {
                to.roles = ListState::IllTyped;
                to.permissions = ListState::IllTyped;
                return;
            }
            to.sure = self.new_words(self.image.width, 0);
        }
        match listed {
            Listed::Action(action) => {
                let (word, bit) = position(action);
                self.add(to.sure, word, bit);
            }
            Listed::Set(first) => {
                for word in 0..self.image.width {
                    self.add(to.sure, word, self.word(first, word));
                }
            }
        }
    }

    /// A word of the set of all permissions of a level.
    pub(crate) fn mask(&self, level: Level, word: u32) -> u64 {
        let image = self.image;
        // Both sets come first among the image's words.
        image.word(match level {
            Level::Account => word,
            Level::Organization => image.width.saturating_add(word),
        })
    }
}
