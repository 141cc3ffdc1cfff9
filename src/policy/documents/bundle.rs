//! The canonical bundle: one document, the same bytes however the policy was split and written.

use super::names::{NameMap, sorted};
use super::tree::{Node, NodeValue};
use crate::json::Writer;
use alloc::string::String;
use alloc::vec::Vec;

/// Lists whose order and repeats mean nothing.
const SETS: [&str; 7] =
    ["values", "implies", "permissions", "inherits", "actions", "encoded", "undecided"];

/// Sections by name, with the members that their items are sorted by; none for a section that is no list.
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
    // No key has this character, so their order is that of the pairs.
    let key = |item: &&Node<'_>| keys.map(|key| item.text_of(key).unwrap_or("")).join("\0");
    let keys: Vec<String> = items.iter().map(key).collect();
    let mut index = NameMap::default();
    for (number, key) in keys.iter().enumerate() {
        index.add(key, number);
    }
    if !items.is_empty() {
        w.name(name).array(|w| {
            for item in index.numbers().into_iter().filter_map(|number| items.get(number)) {
                write(w, item, BundlePart::Item);
            }
        });
    }
}

/// How a value is written.
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
    /// Anything else, as it is but for the order of members.
    Plain,
    /// As it is with all descriptions, which may be anything there.
    Whole,
}

impl BundlePart {
    fn of(section: &str) -> Self {
        if section == "defaults" { Self::Sets } else { Self::Schema }
    }

    /// The form of a member.
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
                    // Descriptions are left out where the language has them, not among names.
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

/// Writes a value that is no part of the language.
pub(super) fn write_whole(w: &mut Writer, node: &Node<'_>) {
    write(w, node, BundlePart::Whole);
}
