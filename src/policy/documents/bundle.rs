//! The canonical bundle: one document, and the same bytes however the policy was split into
//! documents and written (section 14 of `docs/policy-language.md`).

use super::names::sorted;
use super::tree::{Node, NodeValue};
use crate::json::Writer;
use crate::order;
use alloc::string::String;
use alloc::vec::Vec;

/// Arrays in which order and repeats mean nothing: they are sets, and are written as such.
const SETS: [&str; 8] = [
    "values",
    "implies",
    "resource_types",
    "permissions",
    "inherits",
    "actions",
    "encoded",
    "undecided",
];

/// The sections by name, with the members that their items are sorted by, or none for a section
/// that is an object.
const SECTIONS: [(&str, Option<[&str; 2]>); 7] = [
    ("conditions", Some(["id", ""])),
    ("defaults", None),
    ("invariants", Some(["id", ""])),
    ("roles", Some(["id", ""])),
    ("routes", Some(["path", "method"])),
    ("rules", Some(["id", ""])),
    ("schema", None),
];

/// Writes the bundle of documents that passed all checks.
pub(super) fn canonical(roots: &[Node<'_>]) -> String {
    let mut writer = Writer::new();
    writer.object(|w| {
        for (name, keys) in SECTIONS {
            let sections = roots.iter().filter_map(|root| root.member(name));
            match keys {
                Some(keys) => write_list(w, name, keys, sections.flat_map(Node::items).collect()),
                None => {
                    for section in sections.filter(|section| !section.members().is_empty()) {
                        write(w.name(name), section, BundlePart::of(name));
                    }
                }
            }
        }
        w.name("v").integer(1);
    });
    writer.finish()
}

fn write_list(w: &mut Writer, name: &str, keys: [&str; 2], items: Vec<&Node<'_>>) {
    let [key, then] = keys;
    let keys: Vec<(&str, &str)> = items
        .iter()
        .map(|item| (item.text_of(key).unwrap_or(""), item.text_of(then).unwrap_or("")))
        .collect();
    let first = keys.iter().map(|(key, _)| order::key(key.bytes()));
    let compare = |one: usize, other: usize| keys.get(one).cmp(&keys.get(other));
    let sorted = order::sort(first.zip(0..).collect(), &compare);
    if !items.is_empty() {
        w.name(name).array(|w| {
            for item in sorted.into_iter().filter_map(|(_, number)| items.get(number)) {
                write(w, item, BundlePart::Item);
            }
        });
    }
}

/// What a value is in the bundle. It decides how the value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BundlePart {
    /// `schema`: two maps.
    Schema,
    /// An object whose names are declared ones, and whose values are items.
    Items,
    /// A role, rule, attribute and so on: an object that may have sets.
    Item,
    /// `defaults`: an object whose values are sets.
    Sets,
    /// A list of names, sorted and without repeats.
    Set,
    /// Anything else: its members are sorted, and everything is kept but descriptions.
    Plain,
    /// A value that is no part of the language, in which `description` may mean anything: its
    /// members are sorted, and everything is kept.
    Whole,
}

impl BundlePart {
    fn of(section: &str) -> Self {
        if section == "defaults" { Self::Sets } else { Self::Schema }
    }

    /// What a member or an item is.
    fn below(self, name: &str, node: &Node<'_>) -> Self {
        match self {
            Self::Schema => Self::Items,
            Self::Items => Self::Item,
            Self::Sets => Self::Set,
            Self::Item if SETS.contains(&name) && matches!(node.value, NodeValue::Array(_)) => {
                Self::Set
            }
            Self::Whole => Self::Whole,
            Self::Item | Self::Set | Self::Plain => Self::Plain,
        }
    }
}

fn write(w: &mut Writer, node: &Node<'_>, form: BundlePart) {
    match &node.value {
        NodeValue::Null => {
            w.raw("null");
        }
        NodeValue::Bool(value) => {
            w.boolean(*value);
        }
        NodeValue::Number(digits) => {
            w.raw(digits);
        }
        NodeValue::String(text) => {
            w.string(text);
        }
        NodeValue::Array(items) if form == BundlePart::Set => {
            w.strings(sorted(items.iter().filter_map(Node::text)));
        }
        NodeValue::Array(items) => {
            w.array(|w| {
                for item in items {
                    write(w, item, form.below("", item));
                }
            });
        }
        NodeValue::Object(members) => {
            w.object(|w| {
                for member in members {
                    // A member `description` that is a string is left out. One that is not is a
                    // declared thing with that name: an attribute's or an action's is an object.
                    let (name, node) = (&*member.name, &member.node);
                    let described = name == "description" && node.text().is_some();
                    if form == BundlePart::Whole || !described {
                        write(w.name(name), node, form.below(name, node));
                    }
                }
            });
        }
    }
}

/// Writes a value that is no part of the language: a test case's request.
pub(super) fn write_whole(w: &mut Writer, node: &Node<'_>) {
    write(w, node, BundlePart::Whole);
}
