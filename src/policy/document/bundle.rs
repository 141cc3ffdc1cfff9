//! The canonical bundle: one document, the same bytes however the policy was split and written.

use super::diagnostics::Document;
use super::tree::{Node, Value};
use crate::json::Writer;
use alloc::string::String;
use alloc::vec::Vec;

/// Lists whose order and repeats mean nothing.
const SETS: [&str; 7] =
    ["values", "implies", "permissions", "inherits", "actions", "encoded", "undecided"];

/// Sections by name, with the members that their items are sorted by.
const SECTIONS: [(&str, &[&str]); 7] = [
    ("conditions", &["id"]),
    ("defaults", &[]),
    ("invariants", &["id"]),
    ("roles", &["id"]),
    ("routes", &["path", "method"]),
    ("rules", &["id"]),
    ("schema", &[]),
];

/// Writes the bundle of documents that passed all checks.
pub(super) fn canonical(documents: &[Document<'_>]) -> String {
    let mut writer = Writer::new();
    writer.object(|w| {
        for (name, keys) in SECTIONS {
            let sections =
                documents.iter().filter_map(|document| document.root.as_ref()?.member(name));
            if keys.is_empty() {
                if let Some(section) =
                    sections.into_iter().next().filter(|node| !node.members().is_empty())
                {
                    write_section(w.name(name), name, section);
                }
                continue;
            }
            let mut items: Vec<&Node> = sections.flat_map(Node::items).collect();
            items.sort_by_key(|item| {
                keys.iter().map(|key| item.member(key).and_then(Node::text)).collect::<Vec<_>>()
            });
            if !items.is_empty() {
                w.name(name).array(|w| {
                    for item in items {
                        write_item(w, item);
                    }
                });
            }
        }
        w.name("v").integer(1);
    });
    writer.finish()
}

fn write_section(w: &mut Writer, name: &str, section: &Node) {
    if name == "defaults" {
        write_sorted(w, section, |_, node, w| write_set(w, node));
        return;
    }
    // `schema`: two maps, whose keys are names and whose values are items.
    write_sorted(w, section, |_, map, w| {
        write_sorted(w, map, |_, node, w| write_item(w, node));
    });
}

/// A role, rule, attribute and so on: an object that may have a description.
fn write_item(w: &mut Writer, item: &Node) {
    write_sorted(w, item, |name, node, w| {
        if SETS.contains(&name) && matches!(node.value, Value::Array(_)) {
            write_set(w, node);
        } else {
            write_plain(w, node);
        }
    });
}

/// An object with its members sorted. Descriptions are left out where the language has them, not among names.
fn write_sorted(w: &mut Writer, node: &Node, mut write: impl FnMut(&str, &Node, &mut Writer)) {
    let mut members: Vec<_> = node.members().iter().collect();
    members.sort_by(|a, b| a.name.cmp(&b.name));
    w.object(|w| {
        for member in members {
            if member.name == "description" && matches!(member.node.value, Value::String(_)) {
                continue;
            }
            w.name(&member.name);
            write(&member.name, &member.node, w);
        }
    });
}

/// A list of names, sorted and without repeats.
fn write_set(w: &mut Writer, node: &Node) {
    let mut names: Vec<&str> = node.items().iter().filter_map(Node::text).collect();
    names.sort_unstable();
    names.dedup();
    w.strings(names);
}

/// Anything else, as it is but for the order of members.
pub(super) fn write_plain(w: &mut Writer, node: &Node) {
    match &node.value {
        Value::Null => {
            w.raw("null");
        }
        Value::Bool(value) => {
            w.boolean(*value);
        }
        Value::Number(digits) => {
            w.raw(digits);
        }
        Value::String(text) => {
            w.string(text);
        }
        Value::Array(items) => {
            w.array(|w| {
                for item in items {
                    write_plain(w, item);
                }
            });
        }
        Value::Object(_) => write_sorted(w, node, |_, node, w| write_plain(w, node)),
    }
}
