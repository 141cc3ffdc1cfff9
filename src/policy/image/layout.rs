//! Where everything is in a compiled image.
//!
//! An image is a header, a table of sections, and the sections. All integers are little-endian. A section is an array of records of one size;
//! records refer to each other by index, so that an image means the same wherever it is in memory.
//!
//! | offset | bytes | |
//! |---|---|---|
//! | 0 | 8 | magic |
//! | 8 | 4 | version of this layout |
//! | 12 | 4 | length of the image |
//! | 16 | 4 | CRC-32 of everything from byte 20 on |
//! | 20 | 32 | digest of the policy |
//! | 52 | 8 each | sections: offset, number of records |

pub(crate) const MAGIC: &[u8; 8] = b"cogauth\0";
pub(crate) const VERSION: u32 = 2;
pub(crate) const CHECKED_FROM: usize = 20;
pub(crate) const DIGEST: usize = 20;
pub(crate) const SECTIONS: usize = 52;

/// The index that refers to nothing.
pub(crate) const NONE: u32 = u32::MAX;

/// The attributes that exist without being declared, by their indices.
pub(crate) const ACTION_NAME: u16 = 0;
pub(crate) const PERMISSIONS: u16 = 1;
pub(crate) const SCOPES: u16 = 2;

/// How many named conditions a policy may have.
pub(crate) const MAX_CONDITIONS: usize = 256;

/// The places from 1 on: the parts of a request, sorted.
pub(crate) const PARTS: [&str; 4] = ["action", "context", "resource", "subject"];

/// A section: its place in the table and the size of its records in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) index: u8,
    pub(crate) record: u8,
}

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident: $index:literal, $record:literal;)*) => {
        $($(#[$doc])* pub(crate) const $name: Section = Section { index: $index, record: $record };)*
        pub(crate) const ALL: &[Section] = &[$($name),*];
    };
}

sections! {
    /// The bytes of all strings.
    TEXT: 0, 1;
    /// Strings: offset in `TEXT`, length.
    STRINGS: 1, 8;
    /// Words of bit sets.
    WORDS: 2, 8;
    /// Lists: strings of the values of enums, ids (indices in `IDS`) in literals.
    LISTS: 3, 4;
    /// Enums: first list item, count. The first enum is the actions. Sorted by text.
    ENUMS: 4, 8;
    /// Attributes: type u8, open u8, enum u16, pointer, min i64, max i64.
    ATTRIBUTES: 5, 24;
    /// The tree of pointers: name, first child, children u16, purposes u16, first reader, readers, children that must be strings. Children sorted by name.
    PLACES: 6, 24;
    /// Attributes read at a place: u32.
    READERS: 7, 4;
    /// Nodes of conditions, in prefix order: operator u8, operand kind u8, attribute u16, two u32.
    NODES: 8, 12;
    /// Named conditions: root node. Each refers only to those before it.
    CONDITIONS: 9, 4;
    /// Rules, sorted by id: id, effect u8, challenge u8, 0 u16, when, must, code, message.
    RULES: 10, 24;
    /// Actions, sorted by name: level u32, first implied word, first rule, rules. One more at the end holds the rules of all actions.
    ACTIONS: 11, 16;
    /// Rules of an action.
    ACTION_RULES: 12, 4;
    /// Roles, sorted by name: name, level u32, first word.
    ROLES: 13, 12;
    /// Default roles, sorted by subject type: type, first account word, first organization word.
    DEFAULTS: 14, 12;
    /// Invariants, sorted by id: id, root node.
    INVARIANTS: 15, 8;
    /// The tree of path templates: literal, first literal child, literal children, parameter child, first route, routes. Literals sorted.
    SEGMENTS: 16, 24;
    /// Routes of one shape, sorted by method: method, action, organization segment, encoded segments, first undecided word.
    ROUTES: 17, 20;
    /// The ids that conditions name, sorted by text: conditions refer to them by their index here.
    IDS: 18, 4;
}
