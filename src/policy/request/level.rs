//! The permissions that `roles` and `permissions` give at one level.

use super::Request;
use super::value::Given;
use crate::json::Text;
use crate::policy::image::layout::{NONE, level};

/// Places of words have 31 bits; this leaves room for what is derived of them.
const MOST_WORDS: usize = 1 << 30;

/// Whether a list was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Input {
    #[default]
    Absent,
    List,
    IllTyped,
}

/// One level of a subject: its account, or one membership.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Level {
    pub(crate) roles: Input,
    pub(crate) permissions: Input,
    /// One of the roles is not declared.
    pub(crate) undeclared: bool,
    /// The first word of what is surely given, or `NONE`.
    pub(crate) sure: u32,
}

impl Default for Level {
    fn default() -> Self {
        Self { roles: Input::Absent, permissions: Input::Absent, undeclared: false, sure: NONE }
    }
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

/// Which of its lists gives a level something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Roles,
    Permissions,
}

impl<'a> Request<'a> {
    /// Adds what is given as the roles or the permissions of a level.
    pub(super) fn give(&mut self, to: &mut Level, kind: u32, list: List, given: Given<'_, 'a>) {
        let input = if list == List::Roles { &mut to.roles } else { &mut to.permissions };
        let items = match given {
            Given::Null => return,
            Given::List(items) => items,
            _ => {
                *input = Input::IllTyped;
                return;
            }
        };
        *input = Input::List;
        let image = &self.policy.image;
        for item in items {
            if list == List::Permissions {
                let Some((word, bit)) = image.value(0, *item).map(position) else { continue };
                self.give_word(to, word, self.mask(kind, word) & bit);
                continue;
            }
            match image.role(*item) {
                Some(role) if role.first() == kind && role.second() != NONE => {
                    for word in 0..image.width {
                        self.give_word(to, word, self.word(role.second(), word));
                    }
                }
                Some(_) => {}
                None => to.undeclared = true,
            }
        }
    }

    fn give_word(&mut self, to: &mut Level, word: u32, bits: u64) {
        if bits == 0 {
            return;
        }
        if to.sure == NONE {
            // Where no more words can be numbered, it is not known what is given.
            if self.words.len() > MOST_WORDS {
                to.roles = Input::IllTyped;
                to.permissions = Input::IllTyped;
                return;
            }
            to.sure = self.new_words(self.policy.image.width, 0);
        }
        self.add(to.sure, word, bits);
    }

    /// A word of the set of all permissions of a level.
    pub(crate) fn mask(&self, kind: u32, word: u32) -> u64 {
        let image = &self.policy.image;
        image.word(if kind == level::ACCOUNT { word } else { image.width.saturating_add(word) })
    }
}

/// The word and the bit of a member.
pub(crate) fn position(member: u32) -> (u32, u64) {
    (member / 64, 1_u64.wrapping_shl(member % 64))
}
