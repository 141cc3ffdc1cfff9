//! Where everything is in a compiled image.
//!
//! An image is a header, a table of sections, and the sections. All integers are little-endian. A
//! section is an array of records of one size. Records refer to each other by index, so that an
//! image means the same wherever it is in memory.
//!
//! | offset | bytes | |
//! |---|---|---|
//! | 0 | 8 | magic |
//! | 8 | 4 | version of this layout |
//! | 12 | 4 | length of the image |
//! | 16 | 4 | the first bytes of the SHA-256 of everything from byte 20 on |
//! | 20 | 32 | digest of the policy |
//! | 52 | 8 each | sections: offset, number of records |

use super::closed_sets::{
    AbsentKind, AttributeType, Contribution, Effect, Level, NodeKind, OperandKind, Purposes,
};
#[cfg(feature = "documents")]
use super::record::Entry;
use super::record::{Check, Field, FieldCheck, Record, Section, Span, records};
use crate::address::Network;

pub(crate) use super::record::NONE;

pub(crate) const MAGIC: &[u8; 8] = b"cogauth\0";
pub(crate) const VERSION: u32 = 4;
pub(crate) const CHECKED_FROM: usize = 20;
pub(crate) const DIGEST: usize = 20;
pub(crate) const SECTIONS: usize = 52;

/// The attributes that exist without being declared, by their indices.
pub(crate) const ACTION_NAME: u16 = 0;
pub(crate) const PERMISSIONS: u16 = 1;
pub(crate) const SCOPES: u16 = 2;

/// The enums that are there in every image, by their indices: the names of all actions, and the
/// types of resources that actions name.
pub(crate) const ACTION_NAMES: u32 = 0;
pub(crate) const RESOURCE_TYPES: u32 = 1;

/// How many named conditions a policy may have.
pub(crate) const MAX_CONDITIONS: usize = 256;

/// The parts of a request, sorted. Their places have the indices from 1 on.
pub(crate) const PARTS: [&str; 4] = ["action", "context", "resource", "subject"];

records! {
    /// A byte of the text of all strings.
    0 TEXT: TextRecord / TextEntry {
        byte: u8,
    }

    /// A string.
    1 STRINGS: StringRecord / StringEntry {
        /// Its bytes, which are UTF-8.
        text: Span => Check::Owner(TEXT),
    }

    /// 64 bits of a set. The sets of all account-level and of all organization-level actions come
    /// first.
    2 WORDS: WordRecord / WordEntry {
        bits: u64,
    }

    /// An item of a list: the string of an enum's value, or an id that a condition names.
    3 LISTS: ListRecord / ListEntry {
        item: u32,
    }

    /// The values of an enum, sorted. The first enum is the actions, the second the types of
    /// resources that actions name.
    4 ENUMS: EnumRecord / EnumEntry {
        /// Their strings.
        values: Span => Check::Owner(LISTS),
    }

    /// An attribute.
    5 ATTRIBUTES: AttributeRecord / AttributeEntry {
        kind: AttributeType,
        /// Whether a set may have members that the schema does not declare.
        open: bool,
        /// The enum of its values, where its type is an enum or a set of one; else 0.
        values: u16,
        /// The JSON pointer of its place in a request.
        pointer: u32 => Check::Index(STRINGS),
        /// The least integer, where its type has integers; else 0.
        min: i64,
        /// The greatest integer.
        max: i64,
        /// What is needed at its place, for whoever put something there that cannot be used.
        needs: u32 => Check::Index(STRINGS),
    }

    /// A place of a request, in the tree of all pointers. The children of a place are sorted by
    /// their names.
    6 PLACES: PlaceRecord / PlaceEntry {
        name: u32 => Check::Index(STRINGS),
        first_child: u32,
        children: u16,
        purposes: Purposes,
        /// The attributes that are read here.
        readers: Span => Check::Owner(READERS),
        /// How many children must be there and be strings.
        needed_strings: u32,
    }

    /// An attribute that is read at a place.
    7 READERS: ReaderRecord / ReaderEntry {
        attribute: u32 => Check::Index(ATTRIBUTES),
    }

    /// A node of a condition. The parts of a connective follow it, each with its own parts.
    8 NODES: NodeRecord / NodeEntry {
        kind: NodeKind,
        /// What the right side of an atom is. Of no meaning in a connective.
        operand: OperandKind,
        /// The left side of an atom.
        attribute: u16,
        /// For `all`, `any` and `not` the index after the last part, for a reference the condition,
        /// for an atom what its operand says.
        a: u32,
        b: u32,
    }

    /// A named condition, which refers only to those before it.
    9 CONDITIONS: ConditionRecord / ConditionEntry {
        root: u32,
    }

    /// A rule. Sorted by id.
    10 RULES: RuleRecord / RuleEntry {
        id: u32 => Check::Index(STRINGS),
        effect: Effect,
        /// Whether it challenges for a scope.
        challenge: bool,
        unused: u16,
        /// The node that `when` begins with.
        when: u32,
        /// The node that `must` begins with, in a `require` alone.
        must: Option<u32>,
        /// The code of its reason.
        code: Option<u32> => Check::IndexOrNone(STRINGS),
        /// The message of its reason.
        message: Option<u32> => Check::IndexOrNone(STRINGS),
        /// The link of its reason.
        link: Option<u32> => Check::IndexOrNone(STRINGS),
    }

    /// An action, in the order of the first enum. One more record at the end has the rules that are
    /// for all actions.
    11 ACTIONS: ActionRecord / ActionEntry {
        level: Option<Level>,
        implies: u32 => Check::SetOf(ACTION_NAMES),
        /// Its rules that no index finds.
        rules: Span => Check::Owner(ACTION_RULES),
        /// The types of resources that it is for, or `NONE` where it is for all.
        resource_types: u32 => Check::SetOf(RESOURCE_TYPES),
        /// What finds its other rules.
        indexes: Span => Check::Owner(INDEXES),
    }

    /// A rule of an action that no index finds. Sorted by index.
    12 ACTION_RULES: ActionRuleRecord / ActionRuleEntry {
        rule: u32 => Check::Index(RULES),
    }

    /// A role. Sorted by name.
    13 ROLES: RoleRecord / RoleEntry {
        name: u32 => Check::Index(STRINGS),
        level: Option<Level>,
        /// All that it gives, inherited permissions too.
        permissions: u32 => Check::SetOf(ACTION_NAMES),
    }

    /// What every subject of a type may do. Sorted by the type's name.
    14 DEFAULTS: DefaultsRecord / DefaultsEntry {
        name: u32 => Check::Index(STRINGS),
        account: u32 => Check::SetOf(ACTION_NAMES),
        organization: u32 => Check::SetOf(ACTION_NAMES),
    }

    /// An invariant. Sorted by id.
    15 INVARIANTS: InvariantRecord / InvariantEntry {
        id: u32,
        root: u32,
    }

    /// A segment of path templates, in the tree of all templates. The literal children of a segment
    /// are sorted, and come before the parameter.
    16 SEGMENTS: SegmentRecord / SegmentEntry {
        /// The text of a literal; none for a parameter and for the root.
        literal: Option<u32> => Check::IndexOrNone(STRINGS),
        first_child: u32,
        /// How many literals follow it.
        children: u32,
        /// The child that is a parameter.
        parameter: Option<u32>,
        /// The routes that end here.
        routes: Span => Check::Owner(ROUTES),
    }

    /// A route. Those of one segment are sorted by method.
    17 ROUTES: RouteRecord / RouteEntry {
        method: u32 => Check::Index(STRINGS),
        action: u32,
        /// The zero-based segment of the path that names the organization.
        organization: Option<u32>,
        /// The zero-based segment of the path that names the resource.
        resource: Option<u32>,
        /// The type of that resource.
        resource_type: Option<u32> => Check::IndexOrNone(STRINGS),
        /// A bit for each segment that allows escapes.
        encoded: u32,
        /// The actions that only the origin can judge.
        undecided: u32 => Check::SetOf(ACTION_NAMES),
        parameters: Span => Check::Owner(PARAMETERS),
    }

    /// An id that conditions name. Sorted by text.
    18 IDS: IdRecord / IdEntry {
        text: u32 => Check::Index(STRINGS),
    }

    /// The value that an attribute has where nothing stands at its place.
    19 ABSENT: AbsentRecord / AbsentEntry {
        attribute: u32 => Check::Index(ATTRIBUTES),
        kind: AbsentKind,
        a: u32,
        b: u32,
    }

    /// A network that conditions name, or an address: a network that has no other.
    20 NETWORKS: NetworkRecord / NetworkEntry {
        /// The halves of the first address's number.
        high: u64,
        low: u64,
        /// How many bits its addresses have in common.
        length: u8,
    }

    /// A parameter of a route, in the order of its template.
    21 PARAMETERS: ParameterRecord / ParameterEntry {
        name: u32 => Check::Index(STRINGS),
        /// Its zero-based segment of the path.
        segment: u32,
    }

    /// Finds rules of an action by the value of one attribute: an enum, an id or a boolean. The
    /// condition of each is false where that has none of the rule's keys.
    22 INDEXES: IndexRecord / IndexEntry {
        attribute: u32 => Check::Index(ATTRIBUTES),
        /// All rules that it finds.
        rules: Span => Check::Owner(INDEX_RULES),
        /// Those of each value. Sorted by value.
        buckets: Span => Check::Owner(BUCKETS),
    }

    /// A rule that an index finds. Sorted by index.
    23 INDEX_RULES: IndexRuleRecord / IndexRuleEntry {
        rule: u32 => Check::Index(RULES),
    }

    /// The rules that have a value as a key.
    24 BUCKETS: BucketRecord / BucketEntry {
        /// The index of an enum's value, or of an id in `IDS`; 0 or 1 for a boolean.
        value: u32,
        rules: Span => Check::Owner(BUCKET_RULES),
    }

    /// A rule with a value as a key. Sorted by index.
    25 BUCKET_RULES: BucketRuleRecord / BucketRuleEntry {
        rule: u32 => Check::Index(RULES),
    }

    /// An action that implies others. Sorted.
    26 IMPLYING: ImplyingRecord / ImplyingEntry {
        action: u32,
    }

    /// Where a place is that the library itself knows, in the order of their numbers; none where
    /// nothing reads it.
    27 KNOWN_PLACES: KnownPlaceRecord / KnownPlaceEntry {
        place: Option<u32> => Check::IndexOrNone(PLACES),
    }
}

impl NetworkRecord<'_> {
    pub(crate) fn network(self) -> Network {
        Network::from_parts(self.high(), self.low(), self.length())
    }
}

impl NodeRecord<'_> {
    /// The integer whose halves are `a` and `b`.
    #[inline(always)]
    pub(crate) fn integer(self) -> i64 {
        integer([self.a(), self.b()])
    }

    /// The index after its last descendant, for the node at an index.
    #[inline(always)]
    pub(crate) fn after(self, index: u32) -> u32 {
        let after = index.wrapping_add(1);
        match self.kind() {
            Some(NodeKind::Connective(connective)) if connective.has_parts() => self.a().max(after),
            Some(NodeKind::Connective(_) | NodeKind::Atom(_)) | None => after,
        }
    }
}

impl RuleRecord<'_> {
    /// What the rule adds to a decision where it applies. One whose effect cannot be read must not
    /// be passed over, so it forbids.
    pub(crate) fn contribution(self) -> Option<Contribution> {
        self.effect().map_or(Some(Contribution::Forbid), Effect::contribution)
    }

    /// Whether the rule is to have a `must`.
    pub(crate) fn has_must(self) -> bool {
        self.effect().is_some_and(Effect::has_must)
    }
}

impl AbsentRecord<'_> {
    /// The integer whose halves are `a` and `b`.
    pub(crate) fn integer(self) -> i64 {
        integer([self.a(), self.b()])
    }
}

/// The integer with this low and high half.
#[inline(always)]
fn integer([low, high]: [u32; 2]) -> i64 {
    (u64::from(high).wrapping_shl(32) | u64::from(low)).cast_signed()
}

impl RuleRecord<'_> {
    /// Stands for a rule that cannot be read. It forbids, and its condition is never surely false,
    /// for its numbers refer to nothing.
    pub(crate) const UNREADABLE: Self = {
        const BYTES: [u8; RULES.record] = {
            let mut bytes = [u8::MAX; RULES.record];
            // `challenge`: what cannot be read asks for no scope.
            bytes[5] = 0;
            bytes
        };
        Self(&BYTES)
    };
}
