//! What a subject is given: by `roles` and `permissions` at its account and in each membership, and
//! by its type.

use crate::json::Text;
use crate::policy::image::Span;
use crate::policy::image::layout::NONE;

/// What stands in the place of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ListState {
    #[default]
    Absent,
    List,
    IllTyped,
}

/// What the two lists of one level give.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LevelGrants {
    pub(crate) roles: ListState,
    pub(crate) permissions: ListState,
    /// How many roles were given.
    pub(super) role_count: u32,
    /// Its roles that are not declared, among those of the request.
    pub(super) undeclared: Span,
    /// The first word of the permissions that are surely given, or `NONE`.
    pub(super) sure: u32,
    /// Permissions that are surely given besides, in a policy of many actions.
    pub(super) listed: Span,
}

impl Default for LevelGrants {
    fn default() -> Self {
        Self {
            roles: ListState::Absent,
            permissions: ListState::Absent,
            role_count: 0,
            undeclared: Span::default(),
            sure: NONE,
            listed: Span::default(),
        }
    }
}

impl LevelGrants {
    /// Whether another `roles` could give more.
    pub(crate) fn roles_are_open(&self) -> bool {
        match self.roles {
            ListState::IllTyped => true,
            ListState::Absent => self.permissions == ListState::Absent,
            ListState::List => false,
        }
    }

    /// Whether another `permissions` could give more.
    pub(crate) fn permissions_are_open(&self) -> bool {
        match (self.permissions, self.roles) {
            (ListState::IllTyped, _) | (ListState::Absent, ListState::Absent) => true,
            (ListState::Absent, ListState::List) => self.undeclared.count > 0,
            (ListState::Absent, ListState::IllTyped) | (ListState::List, _) => false,
        }
    }

    /// Whether every permission of the level is perhaps given.
    pub(crate) fn is_open(&self) -> bool {
        self.roles_are_open() || self.permissions_are_open()
    }
}

/// One item of `memberships`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Membership<'a> {
    pub(crate) kind: MembershipKind,
    /// The organization, where it is a string of at least one byte.
    pub(crate) organization: Option<Text<'a>>,
    /// Whether something else than that, and than null, stands in its place.
    pub(crate) has_unusable_organization: bool,
    pub(crate) lists: LevelGrants,
}

/// What an item of `memberships` is. Any but an object is perhaps a membership in any organization,
/// with any permission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum MembershipKind {
    #[default]
    Object,
    Null,
    Other,
}

impl Membership<'_> {
    pub(crate) fn is_object(&self) -> bool {
        self.kind == MembershipKind::Object
    }

    pub(crate) fn is_open(&self) -> bool {
        !self.is_object() || self.lists.is_open()
    }
}

/// One of the two lists that give permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GrantList {
    Roles,
    Permissions,
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

/// What every subject of a type may do: the first words of the sets of permissions, or `NONE`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DefaultGrants {
    pub(crate) account: u32,
    /// In each organization of a membership.
    pub(crate) organization: u32,
}
