//! The request of a test case, with the changes that the case makes to it: `set` and `unset`.

use super::bundle::write_whole;
use super::text::{digits, pointed};
use super::tree::{Node, NodeValue, Span};
use crate::json::Writer;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// A value that a case puts into its request.
#[derive(Clone, Copy)]
pub(super) struct Put<'n> {
    pub(super) pointer: &'n str,
    /// Where the pointer stands.
    pub(super) span: Span,
    pub(super) value: &'n Node<'n>,
}

/// The text of a case's request, with what the case puts into it, in this order, and what it unsets
/// after that; and the places of the pointers that lead nowhere.
pub(super) fn patched<'n>(
    request: &'n Node<'n>,
    puts: &[Put<'n>],
    unset: &[Node<'_>],
) -> (String, Vec<Span>) {
    let mut request = Patched::Kept(request);
    let mut misplaced = Vec::new();
    for put in puts {
        if !request.put(&pointed(put.pointer).unwrap_or_default(), put.value) {
            misplaced.push(put.span);
        }
    }
    for pointer in unset.iter().filter_map(Node::text) {
        request.remove(&pointed(pointer).unwrap_or_default());
    }
    let mut writer = Writer::new();
    request.write(&mut writer);
    (writer.finish(), misplaced)
}

/// A value in which something may be changed. A part of it is opened only when something below it
/// changes; the rest stays in the document's tree.
enum Patched<'n> {
    Kept(&'n Node<'n>),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl<'n> Patched<'n> {
    fn write(&self, w: &mut Writer) {
        match self {
            Self::Kept(node) => write_whole(w, node),
            Self::Array(items) => {
                w.array(|w| items.iter().for_each(|item| item.write(w)));
            }
            Self::Object(members) => {
                w.object(|w| {
                    for (name, value) in members {
                        value.write(w.name(name));
                    }
                });
            }
        }
    }

    /// Opens an array or an object, so that its parts can be changed one by one.
    fn open(&mut self) {
        let Self::Kept(node) = self else { return };
        *self = match &node.value {
            NodeValue::Array(items) => Self::Array(items.iter().map(Self::Kept).collect()),
            NodeValue::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|member| (member.name.to_string(), Self::Kept(&member.node)))
                    .collect(),
            ),
            NodeValue::Null | NodeValue::Bool(_) | NodeValue::Number(_) | NodeValue::String(_) => {
                return;
            }
        };
    }

    /// Puts a value at the end of a path, and says whether that was possible. An array is entered
    /// at the index of an item that it has. Anything else on the way that is no object becomes one.
    fn put(&mut self, path: &[String], value: &'n Node<'n>) -> bool {
        let Some((name, rest)) = path.split_first() else {
            *self = Self::Kept(value);
            return true;
        };
        self.open();
        if let Self::Kept(_) = self {
            *self = Self::Object(Vec::new());
        }
        match self {
            Self::Kept(_) => false,
            Self::Array(items) => index(name)
                .and_then(|index| items.get_mut(index))
                .is_some_and(|item| item.put(rest, value)),
            Self::Object(members) => {
                if let Some((_, member)) = members.iter_mut().find(|(other, _)| other == name) {
                    return member.put(rest, value);
                }
                let mut member = Self::Object(Vec::new());
                let fits = member.put(rest, value);
                members.push((name.clone(), member));
                fits
            }
        }
    }

    /// Removes what is at the end of a path, if there is something.
    fn remove(&mut self, path: &[String]) {
        let Some((name, rest)) = path.split_first() else { return };
        self.open();
        match self {
            Self::Kept(_) => {}
            Self::Array(items) => {
                let Some(index) = index(name).filter(|index| *index < items.len()) else { return };
                if rest.is_empty() {
                    items.remove(index);
                } else if let Some(item) = items.get_mut(index) {
                    item.remove(rest);
                }
            }
            Self::Object(members) => {
                if rest.is_empty() {
                    members.retain(|(other, _)| other != name);
                } else if let Some((_, member)) =
                    members.iter_mut().find(|(other, _)| other == name)
                {
                    member.remove(rest);
                }
            }
        }
    }
}

/// An array index as RFC 6901 spells it: decimal digits without leading zeros.
fn index(name: &str) -> Option<usize> {
    name.parse().ok().filter(|index| digits(*index) == name)
}
