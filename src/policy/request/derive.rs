//! The derived sets `subject.permissions` and `credential.scopes` (section 9 of
//! `docs/policy-language.md`), each known by two bounds: what is surely in it, and what perhaps.

use super::attributes::Attributes;
use super::grants::{GrantList, LevelGrants, ListState, Membership, Organization};
use super::value::{AttributeValue, Input, place_of, position};
use crate::json::Text;
use crate::policy::image::Level;
use crate::policy::image::layout::{NONE, PERMISSIONS, SCOPES};
use crate::policy::truth::Truth;

/// Words of a request are numbered in 31 bits. This many leave room for those that are derived.
const MOST_WORDS: usize = 1 << 30;

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
        self.word(lists.sure, word) | self.word(defaults, word)
    }

    /// Works out the bounds of both derived sets, once everything is read.
    pub(super) fn derive(&mut self) {
        let width = self.image.width;
        let bounds = Bounds { sure: self.new_words(width, 0), perhaps: self.new_words(width, 0) };
        let lists = self.account;
        self.grant(
            bounds,
            &Grant {
                lists: &lists,
                level: Level::Account,
                defaults: self.defaults.account,
                is_open: lists.is_open(),
                counts: self.same_account(),
            },
        );
        match self.organization {
            Organization::Account => {}
            Organization::Missing | Organization::Id(_) => {
                self.imply(bounds);
                self.grant_memberships(bounds);
            }
        }
        let Bounds { sure, perhaps } = bounds;
        let permissions = AttributeValue::Symbols { sure, perhaps, width, has_undeclared: false };
        self.put(PERMISSIONS.into(), permissions);
        if !matches!(self.attribute_value(SCOPES), AttributeValue::Symbols { .. }) {
            let (sure, perhaps) = (self.new_words(width, 0), self.all_symbols());
            let scopes = AttributeValue::Symbols { sure, perhaps, width, has_undeclared: false };
            self.put(SCOPES.into(), scopes);
        }
    }

    fn grant_memberships(&mut self, bounds: Bounds) {
        let level = Level::Organization;
        let Some(memberships) = self.memberships.take() else {
            let lists = &LevelGrants::default();
            let counts = Truth::Unknown;
            self.grant(bounds, &Grant { lists, level, defaults: NONE, is_open: true, counts });
            return;
        };
        for membership in &memberships {
            let grant = Grant {
                lists: &membership.lists,
                level,
                defaults: self.defaults.organization,
                is_open: membership.is_open(),
                counts: self.counts(membership),
            };
            self.grant(bounds, &grant);
        }
        self.memberships = Some(memberships);
    }

    /// Adds what a grant gives to the bounds.
    fn grant(&mut self, bounds: Bounds, grant: &Grant<'_>) {
        for word in 0..self.image.width {
            let given = self.sure_at(grant.lists, grant.defaults, word);
            if grant.counts == Truth::True {
                self.add(bounds.sure, word, given);
            }
            if grant.counts != Truth::False {
                let possible = if grant.is_open { self.mask(grant.level, word) } else { 0 };
                self.add(bounds.perhaps, word, given | possible);
            }
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
                    if let Some(action) = self.image.value(0, item) {
                        let (word, bit) = position(action);
                        self.give_word(to, word, self.mask(level, word) & bit);
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
                for word in 0..image.width {
                    self.give_word(to, word, self.word(role.permissions(), word));
                }
            }
            Some(_) => {}
            None => {
                if to.undeclared.count == 0 {
                    to.undeclared.first = place_of(self.undeclared.len());
                }
                to.undeclared.count = to.undeclared.count.saturating_add(1);
                self.undeclared.push(to.role_count);
            }
        }
    }

    fn give_word(&mut self, to: &mut LevelGrants, word: u32, bits: u64) {
        if bits == 0 {
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
        self.add(to.sure, word, bits);
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
