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
pub(crate) const VERSION: u32 = 1;
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

/// Types of attributes.
pub(crate) mod kind {
    pub(crate) const BOOL: u8 = 0;
    pub(crate) const ENUM: u8 = 1;
    pub(crate) const ID: u8 = 2;
    pub(crate) const INT: u8 = 3;
    pub(crate) const ENUM_SET: u8 = 4;
    pub(crate) const ID_SET: u8 = 5;
    pub(crate) const PERMISSIONS: u8 = 6;
    pub(crate) const SCOPES: u8 = 7;
}

/// Operators of nodes. The first four have the index after their last descendant in their first u32.
pub(crate) mod op {
    pub(crate) const ALL: u8 = 0;
    pub(crate) const ANY: u8 = 1;
    pub(crate) const NOT: u8 = 2;
    /// The first u32 is a condition.
    pub(crate) const CONDITION: u8 = 3;
    pub(crate) const EQ: u8 = 8;
    pub(crate) const NE: u8 = 9;
    pub(crate) const IN: u8 = 10;
    pub(crate) const HAS: u8 = 11;
    pub(crate) const HAS_ALL: u8 = 12;
    pub(crate) const HAS_ANY: u8 = 13;
    pub(crate) const SUBSET_OF: u8 = 14;
    pub(crate) const LT: u8 = 15;
    pub(crate) const LE: u8 = 16;
    pub(crate) const GT: u8 = 17;
    #[cfg(feature = "documents")]
    pub(crate) const GE: u8 = 18;
    pub(crate) const PRESENT: u8 = 19;
}

/// Kinds of operands.
pub(crate) mod operand {
    /// Another attribute.
    pub(crate) const ATTRIBUTE: u8 = 0;
    /// A boolean, an enum's value by its index, or an integer's 64 bits in two u32, the low one first.
    pub(crate) const NUMBER: u8 = 1;
    /// An id: its index in `IDS`.
    pub(crate) const ID: u8 = 2;
    /// A bit set: its first word.
    pub(crate) const WORDS: u8 = 3;
    /// Ids, sorted: first list item, count.
    pub(crate) const LIST: u8 = 4;
}

/// What a place of the request is for, besides attributes.
pub(crate) mod purpose {
    /// It must be an object where it is there at all.
    pub(crate) const OBJECT: u16 = 1 << 0;
    /// It must be there and be a string.
    pub(crate) const STRING: u16 = 1 << 1;
    pub(crate) const SUBJECT_TYPE: u16 = 1 << 2;
    pub(crate) const SUBJECT_ROLES: u16 = 1 << 3;
    pub(crate) const SUBJECT_PERMISSIONS: u16 = 1 << 4;
    pub(crate) const MEMBERSHIPS: u16 = 1 << 5;
    pub(crate) const SUBJECT_ACCOUNT: u16 = 1 << 6;
    pub(crate) const RESOURCE_ACCOUNT: u16 = 1 << 7;
    pub(crate) const ORGANIZATION: u16 = 1 << 8;
    pub(crate) const SCOPES: u16 = 1 << 9;
    pub(crate) const ACTION_NAME: u16 = 1 << 10;
}

/// Effects of rules.
pub(crate) mod effect {
    pub(crate) const PERMIT: u8 = 0;
    pub(crate) const FORBID: u8 = 1;
    pub(crate) const REQUIRE: u8 = 2;
    pub(crate) const ADVISE: u8 = 3;
}

/// Levels of actions and roles.
pub(crate) mod level {
    pub(crate) const NONE: u32 = 0;
    pub(crate) const ACCOUNT: u32 = 1;
    pub(crate) const ORGANIZATION: u32 = 2;
}
