//! A policy whose names and types were checked.

use super::tree::Span;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

#[derive(Debug, Default)]
pub(super) struct Model {
    /// Sorted values; the first enum is the actions.
    pub(super) enums: Vec<Vec<String>>,
    /// The attributes that exist without being declared first, then the declared ones by name.
    pub(super) attributes: Vec<Attribute>,
    pub(super) actions: BTreeMap<String, Action>,
    pub(super) roles: BTreeMap<String, Role>,
    pub(super) defaults: BTreeMap<String, Vec<String>>,
    /// In an order in which each refers only to those before it.
    pub(super) conditions: Vec<Condition>,
    pub(super) rules: BTreeMap<String, Rule>,
    pub(super) invariants: BTreeMap<String, Condition>,
    pub(super) routes: Vec<Route>,
}

#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) kind: Type,
    pub(super) open: bool,
    /// The names on the way from the root of a request.
    pub(super) path: Vec<String>,
}

/// The type of an attribute; enums by their index in the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Bool,
    Enum(usize),
    Id(String),
    Int(i64, i64),
    Time,
    EnumSet(usize),
    IdSet(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Account,
    Organization,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Action {
    pub(super) level: Option<Level>,
    pub(super) implies: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Role {
    pub(super) level: Level,
    /// All permissions of the level.
    pub(super) all: bool,
    pub(super) permissions: Vec<String>,
    pub(super) inherits: Vec<(String, Span)>,
}

#[derive(Clone, Debug)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    /// The index of a named condition.
    Named(usize),
    Atom {
        attribute: usize,
        op: u8,
        operand: Operand,
    },
}

#[derive(Clone, Debug)]
pub(super) enum Operand {
    Attribute(usize),
    /// A boolean, or the index of an enum's value.
    Symbol(usize),
    Integer(i64),
    Text(String),
    /// Indices of an enum's values.
    Symbols(usize, Vec<usize>),
    Texts(Vec<String>),
}

#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) effect: u8,
    /// None for all actions.
    pub(super) actions: Option<Vec<String>>,
    pub(super) when: Condition,
    pub(super) must: Option<Condition>,
    pub(super) reason: Option<(String, Option<String>)>,
    pub(super) challenge: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) method: String,
    pub(super) segments: Vec<Segment>,
    pub(super) action: String,
    /// The segment that names the organization.
    pub(super) organization: Option<usize>,
    pub(super) encoded: Vec<usize>,
    pub(super) undecided: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Segment {
    Literal(String),
    Parameter,
}
