//! The permissions that `roles` and `permissions` give at one level.

use super::Request;
use super::value::Input;
use crate::json::Text;
use crate::policy::image::Level;
use crate::policy::image::layout::NONE;

/// Places of words have 31 bits; this leaves room for what is derived of them.
const MOST_WORDS: usize = 1 << 30;

/// Whether a list was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ListState {
    #[default]
    Absent,
    List,
    IllTyped,
}

/// One level of a subject: its account, or one membership.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LevelGrants {
    pub(crate) roles: ListState,
    pub(crate) permissions: ListState,
    /// One of the roles is not declared.
    pub(crate) undeclared: bool,
    /// The first word of what is surely given, or `NONE`.
    pub(crate) sure: u32,
}

impl Default for LevelGrants {
    fn default() -> Self {
        Self {
            roles: ListState::Absent,
            permissions: ListState::Absent,
            undeclared: false,
            sure: NONE,
        }
    }
}

impl LevelGrants {
    /// Whether `roles` could decide what is open.
    pub(crate) fn roles_open(&self) -> bool {
        match self.roles {
            ListState::IllTyped => true,
            ListState::Absent => self.permissions == ListState::Absent,
            ListState::List => false,
        }
    }

    /// Whether `permissions` could decide what is open.
    pub(crate) fn permissions_open(&self) -> bool {
        match (self.permissions, self.roles) {
            (ListState::IllTyped, _) | (ListState::Absent, ListState::Absent) => true,
            (ListState::Absent, ListState::List) => self.undeclared,
            (ListState::Absent, ListState::IllTyped) | (ListState::List, _) => false,
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
    pub(crate) level: LevelGrants,
}

impl Membership<'_> {
    pub(crate) fn is_open(&self) -> bool {
        !self.is_object || self.level.is_open()
    }
}

/// Which of its lists gives a level something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GrantList {
    Roles,
    Permissions,
}

impl<'a> Request<'a> {
    /// Adds what is given as the roles or the permissions of a level.
    pub(super) fn give(
        &mut self,
        to: &mut LevelGrants,
        kind: Level,
        list: GrantList,
        given: Input<'_, 'a>,
    ) {
        let input = if list == GrantList::Roles { &mut to.roles } else { &mut to.permissions };
        let items = match given {
            Input::Null => return,
            Input::List(items) => items,
            Input::Bool(_) | Input::Integer(_) | Input::Text(_) | Input::Other => {
                *input = ListState::IllTyped;
                return;
            }
        };
        *input = ListState::List;
        let image = &self.policy.image;
        for item in items {
            if list == GrantList::Permissions {
                let Some((word, bit)) = image.value(0, *item).map(position) else { continue };
                self.give_word(to, word, self.mask(kind, word) & bit);
                continue;
            }
            match image.role(*item) {
                Some(role)
                    if Level::from_word(role.first()) == Some(kind) && role.second() != NONE =>
                {
                    for word in 0..image.width {
                        self.give_word(to, word, self.word(role.second(), word));
                    }
                }
                Some(_) => {}
                None => to.undeclared = true,
            }
        }
    }

    fn give_word(&mut self, to: &mut LevelGrants, word: u32, bits: u64) {
        if bits == 0 {
            return;
        }
        if to.sure == NONE {
            // Where no more words can be numbered, it is not known what is given.
            if self.words.len() > MOST_WORDS {
                to.roles = ListState::IllTyped;
                to.permissions = ListState::IllTyped;
                return;
            }
            to.sure = self.new_words(self.policy.image.width, 0);
        }
        self.add(to.sure, word, bits);
    }

    /// A word of the set of all permissions of a level.
    pub(crate) fn mask(&self, kind: Level, word: u32) -> u64 {
        let image = &self.policy.image;
        image.word(if kind == Level::Account { word } else { image.width.saturating_add(word) })
    }
}

/// The word and the bit of a member.
pub(crate) fn position(member: u32) -> (u32, u64) {
    (member / 64, 1_u64.wrapping_shl(member % 64))
}
