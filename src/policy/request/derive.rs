//! `subject.permissions` and `credential.scopes`: sets known by their bounds.

use super::Request;
use super::level::{LevelGrants, Membership};
use super::value::AttributeValue;
use crate::json::Text;
use crate::policy::engine::truth::Truth;
use crate::policy::image::Level;
use crate::policy::image::layout::{NONE, PERMISSIONS, SCOPES};

/// Which organization a request is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Organization<'a> {
    #[default]
    Missing,
    /// The request is about the account itself.
    Account,
    Id(Text<'a>),
}

/// The first words of the bounds that are being worked out.
#[derive(Clone, Copy)]
struct Bounds {
    sure: u32,
    perhaps: u32,
}

impl<'a> Request<'a> {
    /// Whether the principal's account is the resource's.
    fn same_account(&self) -> Truth {
        match (&self.subject_account, &self.resource_account) {
            (Some(subject), Some(resource)) => Truth::from(subject == resource),
            _ => Truth::Unknown,
        }
    }

    /// Whether a membership counts for the request's organization.
    pub(crate) fn counts(&self, membership: &Membership<'a>) -> Truth {
        match (&self.organization, &membership.organization) {
            (Organization::Id(wanted), Some(organization)) => Truth::from(wanted == organization),
            _ => Truth::Unknown,
        }
    }

    /// A word of what a level surely gives: its own lists and the defaults of the subject's type.
    pub(crate) fn sure_at(&self, level: &LevelGrants, defaults: u32, word: u32) -> u64 {
        self.word(level.sure, word) | self.word(defaults, word)
    }

    /// Works out the bounds of both derived sets, once everything is read.
    pub(super) fn derive(&mut self) {
        let width = self.policy.image.width;
        let bounds = Bounds { sure: self.new_words(width, 0), perhaps: self.new_words(width, 0) };
        let (account, organization) = self.defaults;
        let own = self.account;
        self.grant(bounds, &own, Level::Account, account, (own.is_open(), self.same_account()));
        if !matches!(self.organization, Organization::Account) {
            self.imply(bounds);
            match self.memberships.take() {
                Some(memberships) => {
                    for membership in &memberships {
                        let how = (membership.is_open(), self.counts(membership));
                        let level = &membership.level;
                        self.grant(bounds, level, Level::Organization, organization, how);
                    }
                    self.memberships = Some(memberships);
                }
                None => {
                    let any = LevelGrants::default();
                    self.grant(bounds, &any, Level::Organization, NONE, (true, Truth::Unknown));
                }
            }
        }
        let Bounds { sure, perhaps } = bounds;
        self.put(
            PERMISSIONS.into(),
            AttributeValue::Symbols { sure, perhaps, width, has_undeclared: false },
        );
        if !matches!(self.attribute_value(SCOPES), AttributeValue::Symbols { .. }) {
            let (sure, perhaps) = (self.new_words(width, 0), self.all_symbols());
            self.put(
                SCOPES.into(),
                AttributeValue::Symbols { sure, perhaps, width, has_undeclared: false },
            );
        }
    }

    /// Adds what a level gives: whether it is open says what it gives perhaps, and the other whether it counts.
    fn grant(
        &mut self,
        bounds: Bounds,
        level: &LevelGrants,
        kind: Level,
        defaults: u32,
        (open, counts): (bool, Truth),
    ) {
        for word in 0..self.policy.image.width {
            let given = self.sure_at(level, defaults, word);
            if counts == Truth::True {
                self.add(bounds.sure, word, given);
            }
            if counts != Truth::False {
                let possible = if open { self.mask(kind, word) } else { 0 };
                self.add(bounds.perhaps, word, given | possible);
            }
        }
    }

    /// Adds what account-level permissions imply in the request's organization.
    fn imply(&mut self, bounds: Bounds) {
        let image = &self.policy.image;
        let sure_here = matches!(self.organization, Organization::Id(_));
        for word in 0..image.width {
            let mut open = self.word(bounds.perhaps, word) & self.mask(Level::Account, word);
            while open != 0 {
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
}
