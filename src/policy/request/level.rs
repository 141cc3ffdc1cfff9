//! The permissions that `roles` and `permissions` give at one level.

use super::Request;
use crate::json::Text;
use crate::policy::image::layout::{NONE, level};

/// Whether a list was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Input {
    #[default]
    Absent,
    List,
    IllTyped,
}

/// One level of a subject: its account, or one membership.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Level {
    pub(crate) roles: Input,
    pub(crate) permissions: Input,
    /// One of the roles is not declared.
    pub(crate) undeclared: bool,
    /// The first word of what is surely given; none when nothing is.
    pub(crate) sure: Option<usize>,
}

impl Level {
    /// Whether `roles` could decide what is open.
    pub(crate) fn roles_open(&self) -> bool {
        match self.roles {
            Input::IllTyped => true,
            Input::Absent => self.permissions == Input::Absent,
            Input::List => false,
        }
    }

    /// Whether `permissions` could decide what is open.
    pub(crate) fn permissions_open(&self) -> bool {
        match (self.permissions, self.roles) {
            (Input::IllTyped, _) | (Input::Absent, Input::Absent) => true,
            (Input::Absent, Input::List) => self.undeclared,
            _ => false,
        }
    }

    /// Whether every permission of the level is perhaps given.
    pub(crate) fn is_open(&self) -> bool {
        self.roles_open() || self.permissions_open()
    }
}

/// One item of `memberships`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Membership<'a> {
    /// The organization, where it is a string of at least one byte.
    pub(crate) organization: Option<Text<'a>>,
    /// It is an object; another item may count for any organization, with any permission.
    pub(crate) is_object: bool,
    pub(crate) level: Level,
}

impl Membership<'_> {
    pub(crate) fn is_open(&self) -> bool {
        !self.is_object || self.level.is_open()
    }
}

impl<'a> Request<'a> {
    /// Adds what a list of roles gives; it is none where an item is no string.
    pub(super) fn give_roles(&mut self, to: &mut Level, kind: u32, roles: Option<&[Text<'a>]>) {
        let Some(roles) = roles else {
            to.roles = Input::IllTyped;
            return;
        };
        to.roles = Input::List;
        let image = &self.policy.image;
        for role in roles {
            match image.role(*role) {
                Some((level, first)) if level == kind && first != NONE => {
                    for word in 0..image.width {
                        let given = image.word(offset(first, word));
                        self.give(to, word, given);
                    }
                }
                Some(_) => {}
                None => to.undeclared = true,
            }
        }
    }

    /// Adds the permissions of a list that belong to the level; it is none where an item is no string.
    pub(super) fn give_permissions(
        &mut self,
        to: &mut Level,
        kind: u32,
        names: Option<&[Text<'a>]>,
    ) {
        let Some(names) = names else {
            to.permissions = Input::IllTyped;
            return;
        };
        to.permissions = Input::List;
        for name in names {
            let found = self.policy.image.value(0, *name);
            let Some((word, bit)) = found.map(position) else { continue };
            let permitted = self.mask(kind, word) & bit;
            if permitted != 0 {
                self.give(to, word, permitted);
            }
        }
    }

    /// A word of the set of all permissions of a level.
    pub(crate) fn mask(&self, kind: u32, word: usize) -> u64 {
        let image = &self.policy.image;
        let skip = if kind == level::ACCOUNT { 0 } else { image.width };
        image.word(u32::try_from(skip.saturating_add(word)).unwrap_or(NONE))
    }

    fn give(&mut self, to: &mut Level, word: usize, bits: u64) {
        let first = *to.sure.get_or_insert_with(|| {
            let first = self.words.len();
            self.words.resize(first.saturating_add(self.policy.image.width), 0);
            first
        });
        if let Some(place) = self.words.get_mut(first.saturating_add(word)) {
            *place |= bits;
        }
    }
}

/// The word and the bit of a member.
pub(crate) fn position(member: u32) -> (usize, u64) {
    (crate::policy::image::size(member / 64), 1_u64.wrapping_shl(member % 64))
}

/// An index of words some words further.
pub(crate) fn offset(first: u32, words: usize) -> u32 {
    u32::try_from(words).map_or(NONE, |words| first.saturating_add(words))
}
