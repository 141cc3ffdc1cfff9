//! The order of what stands in a policy document.

use super::written::{Member, Value};

/// What a value is in a document, which says how it is put in order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Document,
    Schema,
    /// Declared names, each with one of these.
    Map(Of),
    /// An array of these.
    List(Of),
    One(Of),
    /// Conditions, and what else is sorted by name at any depth.
    Sorted,
    /// An array whose order means nothing, as do repeats.
    Set,
    /// An array whose order means nothing, and in which the check refuses repeats.
    Distinct,
    Tests,
    /// Requests by name.
    Requests,
    /// An object whose values are sets.
    Sets,
    /// What stays as it is written.
    Kept,
}

/// The things that a document declares.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Attribute,
    Action,
    Role,
    Condition,
    Rule,
    Reason,
    Invariant,
    Route,
    RouteResource,
    /// What a case asks for a route.
    Asked,
    Case,
    Expected,
}

impl Part {
    /// What a member is in an object that is this.
    pub(super) fn member(self, name: &str) -> Self {
        match (self, name) {
            (Self::Document, "schema") => Self::Schema,
            (Self::Document, "roles") => Self::List(Of::Role),
            (Self::Document, "defaults") => Self::Sets,
            (Self::Document, "conditions") => Self::List(Of::Condition),
            (Self::Document, "rules") => Self::List(Of::Rule),
            (Self::Document, "invariants") => Self::List(Of::Invariant),
            (Self::Document, "routes") => Self::List(Of::Route),
            (Self::Document, "tests") => Self::Tests,
            (Self::Schema, "attributes") => Self::Map(Of::Attribute),
            (Self::Schema, "actions") => Self::Map(Of::Action),
            (Self::Tests, "requests") => Self::Requests,
            (Self::Tests, "cases") => Self::List(Of::Case),
            (Self::Map(of), _) => Self::One(of),
            (Self::One(of), name) => of.member(name),
            (Self::Sorted, _) => Self::Sorted,
            (Self::Sets, _) => Self::Set,
            (
                Self::Document
                | Self::Schema
                | Self::List(_)
                | Self::Set
                | Self::Distinct
                | Self::Tests
                | Self::Requests
                | Self::Kept,
                _,
            ) => Self::Kept,
        }
    }

    /// What an item is in an array that is this.
    pub(super) const fn item(self) -> Self {
        match self {
            Self::List(of) => Self::One(of),
            Self::Sorted => Self::Sorted,
            Self::Document
            | Self::Schema
            | Self::Map(_)
            | Self::One(_)
            | Self::Set
            | Self::Distinct
            | Self::Tests
            | Self::Requests
            | Self::Sets
            | Self::Kept => Self::Kept,
        }
    }

    /// Whether each member and item has a line of its own, also where all would fit on one.
    pub(super) const fn is_always_open(self) -> bool {
        match self {
            Self::Document
            | Self::Schema
            | Self::Map(_)
            | Self::List(_)
            | Self::Tests
            | Self::Requests => true,
            Self::One(_) | Self::Sorted | Self::Set | Self::Distinct | Self::Sets | Self::Kept => {
                false
            }
        }
    }

    /// The order of its members.
    const fn order(self) -> Order {
        match self {
            Self::Document => Order::Listed(&[
                "$schema",
                "v",
                "description",
                "schema",
                "roles",
                "defaults",
                "conditions",
                "rules",
                "invariants",
                "routes",
                "tests",
            ]),
            Self::Schema => Order::Listed(&["attributes", "actions"]),
            Self::Tests => Order::Listed(&["requests", "cases"]),
            Self::One(of) => Order::Listed(of.members()),
            Self::Map(_) | Self::Sorted | Self::Sets => Order::ByName,
            Self::List(_) | Self::Set | Self::Distinct | Self::Requests | Self::Kept => Order::Kept,
        }
    }
}

/// In which order members stand.
enum Order {
    /// In this one. What is not in it keeps its order, behind the rest.
    Listed(&'static [&'static str]),
    ByName,
    Kept,
}

impl Of {
    const fn members(self) -> &'static [&'static str] {
        match self {
            Self::Attribute => {
                &["type", "values", "open", "domain", "min", "max", "from", "absent", "description"]
            }
            Self::Action => &["level", "implies", "resource_types", "description"],
            Self::Role => &["id", "description", "level", "permissions", "inherits"],
            Self::Condition => &["id", "description", "when"],
            Self::Rule => {
                &["id", "description", "effect", "actions", "when", "must", "reason", "challenge"]
            }
            Self::Reason => &["code", "message", "link"],
            Self::Invariant => &["id", "description", "never"],
            Self::Route => &[
                "description",
                "method",
                "path",
                "action",
                "organization",
                "resource",
                "encoded",
                "undecided",
            ],
            Self::RouteResource => &["type", "id"],
            Self::Asked => &["method", "path"],
            Self::Case => &[
                "name",
                "description",
                "request",
                "route",
                "set",
                "matrix",
                "unset",
                "accept",
                "expect",
            ],
            Self::Expected => &[
                "malformed",
                "decision",
                "class",
                "rules",
                "reasons",
                "possible",
                "missing",
                "unusable",
                "advice",
                "error",
                "allow",
                "action",
                "organization",
                "resource",
                "parameters",
                "undecided",
            ],
        }
    }

    fn member(self, name: &str) -> Part {
        match (self, name) {
            (Self::Attribute, "values") | (Self::Action, "resource_types") => Part::Distinct,
            (Self::Action, "implies")
            | (Self::Role, "permissions" | "inherits")
            | (Self::Rule, "actions")
            | (Self::Route, "encoded" | "undecided") => Part::Set,
            (Self::Condition, "when")
            | (Self::Rule, "when" | "must")
            | (Self::Invariant, "never") => Part::Sorted,
            (Self::Rule, "reason") => Part::One(Self::Reason),
            (Self::Route, "resource") => Part::One(Self::RouteResource),
            (Self::Case, "route") => Part::One(Self::Asked),
            (Self::Case, "accept") => Part::Set,
            (Self::Case, "expect") => Part::One(Self::Expected),
            _ => Part::Kept,
        }
    }

    /// By which members a list of these is sorted.
    const fn keys(self) -> Option<[&'static str; 2]> {
        match self {
            Self::Role | Self::Condition | Self::Rule | Self::Invariant => Some(["id", ""]),
            Self::Route => Some(["path", "method"]),
            Self::Attribute
            | Self::Action
            | Self::Reason
            | Self::RouteResource
            | Self::Asked
            | Self::Case
            | Self::Expected => None,
        }
    }
}

/// Puts a value in order; or says which member no document has.
pub(super) fn arrange(value: &mut Value<'_>, part: Part) -> Result<(), String> {
    match value {
        Value::Scalar(_) => {}
        Value::Array(items) => {
            for item in &mut *items {
                arrange(item, part.item())?;
            }
            if let Part::List(of) = part
                && let Some([first, second]) = of.keys()
            {
                items.sort_by_cached_key(|item| (item.text_of(first), item.text_of(second)));
            }
            if matches!(part, Part::Set | Part::Distinct)
                && items.iter().all(|item| item.text().is_some())
            {
                items.sort_by_cached_key(Value::text);
                // Layout hides nothing from the check, which refuses `*` beside anything too.
                let is_repeat = |one: &Value<'_>, other: &Value<'_>| {
                    part == Part::Set && one.text() == other.text() && !is_all(one)
                };
                items.dedup_by(|one, other| is_repeat(one, other));
            }
        }
        Value::Object(members) => {
            for member in &mut *members {
                arrange(&mut member.value, part.member(&member.name))?;
            }
            sort_members(members, part);
        }
    }
    if part == Part::Document {
        return check_document(value);
    }
    Ok(())
}

fn is_all(name: &Value<'_>) -> bool {
    name.text().is_some_and(|name| name == "*")
}

fn sort_members(members: &mut [Member<'_>], part: Part) {
    match part.order() {
        Order::ByName => members.sort_by(|one, other| one.name.cmp(&other.name)),
        Order::Listed(names) => {
            let place = |name: &str| names.iter().position(|known| *known == name);
            members.sort_by_key(|member| place(&member.name).unwrap_or(names.len()));
        }
        Order::Kept => {}
    }
}

/// Keeps other JSON, such as records and facts, from being taken for a document.
fn check_document(value: &Value<'_>) -> Result<(), String> {
    let Value::Object(members) = value else {
        return Err("it is no policy document: a document is an object".to_owned());
    };
    let Order::Listed(known) = Part::Document.order() else { return Ok(()) };
    match members.iter().find(|member| !known.contains(&member.name.as_str())) {
        Some(member) => {
            Err(format!("it is no policy document: a document has no member {}", member.written))
        }
        None => Ok(()),
    }
}
