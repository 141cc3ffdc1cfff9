//! The closed sets of the policy language, each declared once.
//!
//! A member has the byte that stands for it in a compiled image and, where documents spell it, its
//! name. A `match` on these lists all members, except where the default is only slower: so a new
//! one does not compile until each other place says what it means there.

use super::record::{Check, Field};
#[cfg(feature = "documents")]
use alloc::vec::Vec;

/// Makes a set of members a field of a record, of one byte. A byte of no member reads as none.
macro_rules! field_of_bytes {
    ($set:ident) => {
        impl Field for $set {
            const SIZE: usize = 1;
            const CHECK: Check = Check::Byte(|byte| Self::from_byte(byte).is_some());
            type Read = Option<Self>;

            #[inline(always)]
            fn read<const N: usize>(record: &[u8; N], at: usize) -> Option<Self> {
                Self::from_byte(u8::read(record, at))
            }

            #[cfg(feature = "documents")]
            fn write(self, out: &mut Vec<u8>) {
                self.byte().write(out);
            }
        }
    };
}

/// Declares a closed set: `Member = byte "name in documents"`.
macro_rules! closed_set {
    (
        $(#[$doc:meta])*
        $set:ident { $( $(#[$about:meta])* $member:ident = $byte:literal $($name:literal)?, )* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum $set {
            $( $(#[$about])* $member = $byte, )*
        }

        impl $set {
            /// The member that a byte of an image stands for, or none.
            #[inline(always)]
            pub(crate) const fn from_byte(byte: u8) -> Option<Self> {
                match byte {
                    $( $byte => Some(Self::$member), )*
                    _ => None,
                }
            }

            /// The byte that stands for it in an image.
            #[inline(always)]
            #[allow(dead_code, reason = "only documents are written into images")]
            pub(crate) const fn byte(self) -> u8 {
                match self {
                    $( Self::$member => $byte, )*
                }
            }
        }

        field_of_bytes! { $set }

        #[cfg(feature = "documents")]
        #[allow(dead_code, reason = "documents do not spell every set")]
        impl $set {
            /// The names in documents, in the order in which messages list them.
            pub(crate) const NAMES: &[&str] = &[$( $($name,)? )*];

            /// The member with a name in documents, or none.
            pub(crate) fn from_name(name: &str) -> Option<Self> {
                match name {
                    $( $($name => Some(Self::$member),)? )*
                    _ => None,
                }
            }
        }
    };
}

closed_set! {
    /// What a rule does where its condition holds.
    Effect {
        Permit = 0 "permit",
        Forbid = 1 "forbid",
        Require = 2 "require",
        Advise = 3 "advise",
    }
}

/// What a rule adds to a decision where it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contribution {
    Permit,
    Forbid,
    /// Of a requirement.
    Violation,
}

impl Effect {
    /// What a rule with this effect adds to a decision; none if it has no say in one.
    pub(crate) const fn contribution(self) -> Option<Contribution> {
        match self {
            Self::Permit => Some(Contribution::Permit),
            Self::Forbid => Some(Contribution::Forbid),
            Self::Require => Some(Contribution::Violation),
            Self::Advise => None,
        }
    }

    /// Whether a rule with this effect has a `must`, and applies where that is false.
    pub(crate) const fn has_must(self) -> bool {
        match self {
            Self::Require => true,
            Self::Permit | Self::Forbid | Self::Advise => false,
        }
    }
}

closed_set! {
    /// The scope of an action that roles can give, and of a role.
    Level {
        Account = 1 "account",
        Organization = 2 "organization",
    }
}

closed_set! {
    /// The type of an attribute.
    AttributeType {
        Bool = 0 "bool",
        Enum = 1 "enum",
        Id = 2 "id",
        Int = 3 "int",
        Time = 8 "time",
        EnumSet = 4 "enum_set",
        IdSet = 5 "id_set",
        Ip = 9 "ip",
        IpSet = 10 "ip_set",
        /// The derived set `subject.permissions`.
        Permissions = 6,
        /// The derived set `credential.scopes`.
        Scopes = 7,
    }
}

closed_set! {
    /// What joins conditions to one.
    Connective {
        All = 0 "all",
        Any = 1 "any",
        Not = 2 "not",
        /// Refers to a named condition.
        Condition = 3 "condition",
    }
}

closed_set! {
    /// What an atom asks of its attribute.
    Operator {
        Eq = 8 "eq",
        Ne = 9 "ne",
        In = 10 "in",
        Has = 11 "has",
        HasAll = 12 "has_all",
        HasAny = 13 "has_any",
        SubsetOf = 14 "subset_of",
        Lt = 15 "lt",
        Le = 16 "le",
        Gt = 17 "gt",
        Ge = 18 "ge",
        Present = 19 "present",
    }
}

closed_set! {
    /// What the right side of an atom is, and so what its two numbers `a` and `b` mean.
    OperandKind {
        /// Another attribute: its index.
        Attribute = 0,
        /// A boolean, the index of an enum's value, or an integer, its low half first.
        Number = 1,
        /// An id: its index in `IDS`.
        Id = 2,
        /// A set of an enum's values: its first word.
        Words = 3,
        /// A set of ids: its first item in `LISTS`, and their count.
        List = 4,
        /// A set of networks: its first one in `NETWORKS`, and their count. An IP address is one.
        Networks = 5,
    }
}

closed_set! {
    /// The type of the value that an attribute declares for its absence. It says what the numbers
    /// `a` and `b` of the record mean.
    AbsentKind {
        Null = 0,
        /// `a` is 1 for true.
        Bool = 1,
        /// Its low half, and its high half.
        Integer = 2,
        /// A string.
        Text = 3,
        /// An array of strings: its first item in `LISTS`, and their count.
        List = 4,
    }
}

closed_set! {
    /// What a place of the request is for, besides the attributes that are read there. The byte is
    /// the number of its bit in [`Purposes`].
    Purpose {
        /// It must be an object where it is there at all.
        Object = 0,
        /// It must be there and be a string.
        String = 1,
        SubjectType = 2,
        SubjectRoles = 3,
        SubjectPermissions = 4,
        Memberships = 5,
        SubjectAccount = 6,
        ResourceAccount = 7,
        Organization = 8,
        Scopes = 9,
        ActionName = 10,
        ResourceType = 11,
    }
}

/// What a node of a condition is. The bytes of connectives and of operators do not overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    Connective(Connective),
    /// One operator on one attribute.
    Atom(Operator),
}

impl NodeKind {
    /// The kind that a byte of an image stands for, or none.
    #[inline(always)]
    fn from_byte(byte: u8) -> Option<Self> {
        let atom = || Operator::from_byte(byte).map(Self::Atom);
        Connective::from_byte(byte).map(Self::Connective).or_else(atom)
    }

    /// The byte that stands for it in an image.
    #[cfg(feature = "documents")]
    const fn byte(self) -> u8 {
        match self {
            Self::Connective(connective) => connective.byte(),
            Self::Atom(operator) => operator.byte(),
        }
    }
}

field_of_bytes! { NodeKind }

/// A level, or none, which is 0, as a number of four bytes.
impl Field for Option<Level> {
    const SIZE: usize = 4;
    const CHECK: Check = Check::Word(|word| word == 0 || level_of(word).is_some());
    type Read = Self;

    #[inline(always)]
    fn read<const N: usize>(record: &[u8; N], at: usize) -> Self {
        level_of(u32::read(record, at))
    }

    #[cfg(feature = "documents")]
    fn write(self, out: &mut Vec<u8>) {
        self.map_or(0, |level| u32::from(level.byte())).write(out);
    }
}

fn level_of(word: u32) -> Option<Level> {
    u8::try_from(word).ok().and_then(Level::from_byte)
}

impl Connective {
    /// Whether it joins the conditions that follow it, as all do but a reference.
    pub(crate) const fn has_parts(self) -> bool {
        match self {
            Self::All | Self::Any | Self::Not => true,
            Self::Condition => false,
        }
    }
}

/// The purposes of a place: a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Purposes(u16);

impl Purposes {
    pub(crate) fn of(purposes: &[Purpose]) -> Self {
        Self(purposes.iter().fold(0, |bits, purpose| bits | purpose.bit()))
    }

    #[inline(always)]
    pub(crate) fn has(self, purpose: Purpose) -> bool {
        self.0 & purpose.bit() != 0
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// These, and others.
    pub(crate) const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// These, but for some.
    pub(crate) fn without(self, purposes: &[Purpose]) -> Self {
        Self(self.0 & !Self::of(purposes).0)
    }
}

impl Purpose {
    #[inline(always)]
    fn bit(self) -> u16 {
        1_u16.wrapping_shl(u32::from(self.byte()))
    }
}

/// Bits of no purpose mean nothing.
impl Field for Purposes {
    const SIZE: usize = 2;
    type Read = Self;

    #[inline(always)]
    fn read<const N: usize>(record: &[u8; N], at: usize) -> Self {
        Self(u16::read(record, at))
    }

    #[cfg(feature = "documents")]
    fn write(self, out: &mut Vec<u8>) {
        self.0.write(out);
    }
}
