//! `subject.permissions` and `credential.scopes`: sets known by their bounds.

use super::Request;
use super::level::{Membership, offset};
use crate::json::Text;
use crate::policy::image::layout::{NONE, level};
use crate::policy::tri::Tri;

/// The first words of the two bounds of a derived set.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bounds {
    pub(crate) sure: usize,
    pub(crate) perhaps: usize,
}

/// Which organization a request is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Organization<'a> {
    #[default]
    Missing,
    /// The request is about the account itself.
    Account,
    Id(Text<'a>),
}

impl<'a> Request<'a> {
    /// Whether the principal's account is the resource's.
    pub(crate) fn same_account(&self) -> Tri {
        match (self.subject_account, self.resource_account) {
            (Some(subject), Some(resource)) => Tri::from(subject == resource),
            _ => Tri::Unknown,
        }
    }

    /// Whether a membership counts for the request's organization.
    pub(crate) fn counts(&self, membership: &Membership<'a>) -> Tri {
        match (self.organization, membership.organization) {
            (Organization::Id(wanted), Some(organization)) => Tri::from(wanted == organization),
            _ => Tri::Unknown,
        }
    }

    /// A word of what a level surely gives: its own lists and the defaults of the subject's type.
    pub(crate) fn sure_at(&self, own: Option<usize>, defaults: u32, word: usize) -> u64 {
        let given = own.map_or(0, |first| self.word(first.saturating_add(word)));
        let default =
            if defaults == NONE { 0 } else { self.policy.image.word(offset(defaults, word)) };
        given | default
    }

    pub(crate) fn word(&self, index: usize) -> u64 {
        self.words.get(index).copied().unwrap_or(0)
    }

    /// The first words of the default permissions, at the account and in organizations.
    pub(crate) fn defaults(&self) -> (u32, u32) {
        self.subject_type.and_then(|kind| self.policy.image.defaults(kind)).unwrap_or((NONE, NONE))
    }

    /// Works out the bounds of both derived sets, once everything is read.
    pub(super) fn derive(&mut self) {
        let width = self.policy.image.width;
        let mut next = self.words.len();
        let mut reserve = || {
            let first = next;
            next = next.saturating_add(width);
            first
        };
        self.permissions = Bounds { sure: reserve(), perhaps: reserve() };
        if self.scopes.is_none() {
            self.open_scopes.sure = reserve();
        }
        self.words.resize(next, 0);
        let (account, organization) = self.defaults();
        for word in 0..width {
            let (sure, perhaps) = self.account_permissions(word, account);
            self.add(self.permissions.sure, word, sure);
            self.add(self.permissions.perhaps, word, perhaps);
        }
        self.imply();
        for word in 0..width {
            let (sure, perhaps) = self.organization_permissions(word, organization);
            self.add(self.permissions.sure, word, sure);
            self.add(self.permissions.perhaps, word, perhaps | sure);
        }
        if self.scopes.is_none() {
            self.open_scopes.perhaps = self.all_symbols();
        }
    }

    fn account_permissions(&self, word: usize, defaults: u32) -> (u64, u64) {
        let sure = self.sure_at(self.account.sure, defaults, word);
        let perhaps = if self.account.is_open() { self.mask(level::ACCOUNT, word) } else { sure };
        match self.same_account() {
            Tri::True => (sure, perhaps),
            Tri::False => (0, 0),
            Tri::Unknown => (0, perhaps),
        }
    }

    /// Adds what account-level permissions imply in the request's organization.
    fn imply(&mut self) {
        if matches!(self.organization, Organization::Account) {
            return;
        }
        let image = &self.policy.image;
        let sure_here = matches!(self.organization, Organization::Id(_));
        for word in 0..image.width {
            let mut open = self.word(self.permissions.perhaps.saturating_add(word))
                & self.mask(level::ACCOUNT, word);
            while open != 0 {
                let bit = open & open.wrapping_neg();
                open ^= bit;
                let action = offset(bit.trailing_zeros(), word.saturating_mul(64));
                let Some(implies) =
                    image.action(action).map(|action| action.implies).filter(|i| *i != NONE)
                else {
                    continue;
                };
                let sure =
                    sure_here && self.word(self.permissions.sure.saturating_add(word)) & bit != 0;
                for word in 0..image.width {
                    let implied = image.word(offset(implies, word));
                    if sure {
                        self.add(self.permissions.sure, word, implied);
                    }
                    self.add(self.permissions.perhaps, word, implied);
                }
            }
        }
    }

    fn organization_permissions(&self, word: usize, defaults: u32) -> (u64, u64) {
        if matches!(self.organization, Organization::Account) {
            return (0, 0);
        }
        let all = self.mask(level::ORGANIZATION, word);
        let Some(memberships) = &self.memberships else { return (0, all) };
        memberships.iter().fold((0, 0), |(sure, perhaps), membership| {
            let given = self.sure_at(membership.level.sure, defaults, word);
            let possible = if membership.is_open() { all } else { given };
            match self.counts(membership) {
                Tri::True => (sure | given, perhaps | possible),
                Tri::False => (sure, perhaps),
                Tri::Unknown => (sure, perhaps | possible),
            }
        })
    }

    fn add(&mut self, first: usize, word: usize, bits: u64) {
        if let Some(place) = self.words.get_mut(first.saturating_add(word)) {
            *place |= bits;
        }
    }
}
