//! The values of attributes, and what is found at a place of a request.

use crate::address::{Address, MAX_TEXT_BYTES};
use crate::json::Text;
use crate::policy::image::Span;
use core::net::IpAddr;

/// The value of one attribute in one request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum AttributeValue {
    /// Nothing stands at its place, or it is below something that is no object.
    #[default]
    Absent,
    /// What stands at its place is of the wrong type, or outside its enum or range.
    Unusable,
    /// The caller states that there is none.
    Null,
    Bool(bool),
    /// The index of an enum's value.
    Symbol(u32),
    Integer(i64),
    /// An id. While a request is read this is its place among the request's texts, then its rank.
    Id(u32),
    /// A set of an enum's values, known by two bit sets of `width` words: what is surely in it, and
    /// what perhaps. They are one and the same where all members are known.
    Symbols {
        /// The first word of what is surely in it.
        sure: u32,
        /// The first word of what is perhaps in it, the sure ones included.
        perhaps: u32,
        width: u32,
        /// Whether there are members that the schema does not declare, which equal nothing.
        has_undeclared: bool,
    },
    /// A set of ids: the number of its first rank, and how many there are.
    Ids {
        first: u32,
        count: u32,
        has_undeclared: bool,
    },
    /// A set of networks: the number of its first one, and how many there are. An IP address is one
    /// network, which has no other address.
    Networks {
        first: u32,
        count: u32,
    },
}

impl AttributeValue {
    /// A set of which every member is known, and declared.
    pub(crate) const fn known_symbols(first: u32, width: u32) -> Self {
        Self::Symbols { sure: first, perhaps: first, width, has_undeclared: false }
    }

    /// Whether it is a set with a member that the schema does not declare.
    pub(crate) const fn has_undeclared(self) -> bool {
        matches!(
            self,
            Self::Symbols { has_undeclared: true, .. } | Self::Ids { has_undeclared: true, .. }
        )
    }
}

/// A text that is an id, or an item of a list that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct RankedText<'a> {
    pub(super) text: Text<'a>,
    /// A number that is the same for equal ids. An id that a condition names has its index in the
    /// image. The ids of a set are sorted by it. `NONE` until it is known, and for an empty
    /// text.
    pub(super) rank: u32,
}

/// Words, ranks and networks with numbers from here on are the request's own. Those below are the
/// image's.
pub(super) const OWN: u32 = 1 << 31;

// The words of sets that are worked out when they are asked for. A request has fewer words of its
// own, and `NONE` is behind them.
/// The first word of the set of all declared actions.
pub(super) const ALL: u32 = 0xd000_0000;
/// The first word of what is surely in `subject.permissions`.
pub(super) const SURE: u32 = 0xe000_0000;
/// The first word of what is perhaps in it.
pub(super) const PERHAPS: u32 = 0xf000_0000;
/// The first word of `credential.scopes`.
pub(super) const LISTED_SCOPES: u32 = 0xf800_0000;

/// A value for [`RequestBuilder::set`](super::RequestBuilder::set). Section 7 of
/// `docs/policy-language.md` says which value fits which attribute.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::policy::{Policy, Value};
///
/// let policy = Policy::builtin();
/// let request = policy
///     .build_request(("user", "user_01"), "ReadAccountMeta", ("account", "acct_7"))
///     .set("/subject/properties/account/id", Value::Text("acct_7"))?
///     .set("/subject/properties/account/sso", Value::Bool(false))?
///     .set("/subject/properties/roles", Value::List(&["account_member"]))?
///     .set("/resource/properties/account/id", Value::Text("acct_7"))?
///     .set("/resource/properties/organization", Value::Null)? // about the account itself
///     .set("/context/credential/kind", Value::Text("session"))?
///     .set("/context/time", Value::Integer(1_795_000_000))?
///     .build();
/// assert!(request.decide().is_allowed());
/// # }
/// # Ok::<(), cog_auth::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// The caller states that there is none. For what is merely not known, set nothing.
    Null,
    /// For a `bool`.
    Bool(bool),
    /// For an `int` or a `time` (seconds since the Unix epoch). A number outside the range is
    /// unusable.
    Integer(i64),
    /// For an `enum` or an `id`, for a `time` as an RFC 3339 date-time, and for an `ip` in text.
    /// What the schema does not declare is unusable, and so are an empty id and a text that is no
    /// time or no address.
    Text(&'a str),
    /// For a set, and for `roles`, `permissions` and `scopes`. Order and repeats do not matter. The
    /// items for an `ip_set` are addresses and CIDR prefixes.
    List(&'a [&'a str]),
    /// For an `ip`. An IPv4-mapped address is the IPv4 address.
    Address(IpAddr),
}

/// What was found at a place, in JSON or in Rust.
#[derive(Clone, Copy, Debug)]
pub(super) enum Input<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    Text(Text<'a>),
    /// A list of strings, which are the last texts of the request.
    List(Span),
    /// An IP address, which only Rust can give.
    Address(Address),
    /// An object, whose members were read where they have places.
    Object,
    /// Another list, or a number that is no integer.
    Other,
}

impl<'a> Input<'a> {
    pub(super) fn text(self) -> Option<Text<'a>> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The id, which is a string of at least one byte.
    pub(super) fn id(self) -> Option<Text<'a>> {
        self.text().filter(|text| !text.is_empty())
    }

    pub(super) fn address(self) -> Option<Address> {
        match self {
            Self::Address(address) => Some(address),
            Self::Text(text) => text.short(&mut [0; MAX_TEXT_BYTES]).and_then(Address::parse),
            Self::Null
            | Self::Bool(_)
            | Self::Integer(_)
            | Self::List(_)
            | Self::Object
            | Self::Other => None,
        }
    }

    pub(super) const fn is_object_or_null(self) -> bool {
        match self {
            Self::Object | Self::Null => true,
            Self::Bool(_)
            | Self::Integer(_)
            | Self::Text(_)
            | Self::List(_)
            | Self::Address(_)
            | Self::Other => false,
        }
    }

    pub(super) fn list(self) -> Option<Span> {
        if let Self::List(items) = self { Some(items) } else { None }
    }
}

/// In which word of a bit set a member is, and its bit there.
pub(crate) fn position(member: u32) -> (u32, u64) {
    (member / 64, 1_u64.wrapping_shl(member % 64))
}

/// The number of something that a request holds. It is below 2^31, since a text has 2^30 bytes at
/// most, and the words of levels are limited, too.
pub(super) fn number_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
