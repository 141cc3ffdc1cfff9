//! The request of a test case, with the changes that the case makes to it: `set` and `unset`.

use super::super::bundle::write_whole;
use super::super::names::NameMap;
use super::super::text::{index, pointed};
use super::super::tree::{Node, NodeValue, SourceSpan};
use super::remaining::Remaining;
use crate::json::Writer;
use alloc::string::String;
use alloc::vec::Vec;

/// A value that a case puts into its request.
#[derive(Clone, Copy)]
pub(super) struct Put<'n> {
    pub(super) pointer: &'n str,
    /// Where the pointer stands.
    pub(super) span: SourceSpan,
    pub(super) value: &'n Node<'n>,
}

/// The text of a case's request, in which the values of `puts` are put in this order, and then the
/// pointers of `unset` removed; and the places of the pointers that lead nowhere. The cost of a
/// change depends on the length of its pointer, not on the request.
pub(super) fn patched(
    request: &Node<'_>,
    puts: &[Put<'_>],
    unset: &[Node<'_>],
) -> (String, Vec<SourceSpan>) {
    let paths = |pointer: &str| pointed(pointer).unwrap_or_default();
    let put_paths: Vec<Vec<String>> = puts.iter().map(|put| paths(put.pointer)).collect();
    let unset_paths: Vec<Vec<String>> = unset.iter().filter_map(Node::text).map(paths).collect();
    let mut request = Patched::Kept(request);
    let mut misplaced = Vec::new();
    for (put, path) in puts.iter().zip(&put_paths) {
        if !request.put(path, put.value) {
            misplaced.push(put.span);
        }
    }
    for path in &unset_paths {
        request.remove(path);
    }
    let mut writer = Writer::new();
    request.write(&mut writer);
    let mut text = writer.finish();
    text.shrink_to_fit();
    (text, misplaced)
}

/// A value in which something may be changed. A part of it is opened only when something below it
/// changes; the rest stays in the document's tree.
enum Patched<'p> {
    Kept(&'p Node<'p>),
    Array(Items<'p>),
    Object(Members<'p>),
}

/// The items of an array. Those that were removed are none.
struct Items<'p> {
    list: Vec<Option<Patched<'p>>>,
    /// Which of them are left; none as long as all are.
    remaining: Option<Remaining>,
}

/// The members of an object, by name. Those that were removed are none.
#[derive(Default)]
struct Members<'p> {
    numbers: NameMap<'p>,
    list: Vec<Option<(&'p str, Patched<'p>)>>,
}

impl<'p> Patched<'p> {
    fn write(&self, w: &mut Writer) {
        match self {
            Self::Kept(node) => write_whole(w, node),
            Self::Array(items) => {
                w.array(|w| items.list.iter().flatten().for_each(|item| item.write(w)));
            }
            Self::Object(members) => {
                w.object(|w| {
                    for (name, value) in members.list.iter().flatten() {
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
            NodeValue::Array(items) => {
                let list = items.iter().map(|item| Some(Self::Kept(item))).collect();
                Self::Array(Items { list, remaining: None })
            }
            NodeValue::Object(members) => {
                let mut opened = Members::default();
                for member in members {
                    opened.add(&member.name, Self::Kept(&member.node));
                }
                Self::Object(opened)
            }
            NodeValue::Null | NodeValue::Bool(_) | NodeValue::Number(_) | NodeValue::String(_) => {
                return;
            }
        };
    }

    /// Puts a value at the end of a path, and says whether that was possible. An array is entered
    /// at the index of an item that it has. Anything else on the way that is no object becomes one.
    fn put(&mut self, path: &'p [String], value: &'p Node<'p>) -> bool {
        let Some((name, rest)) = path.split_first() else {
            *self = Self::Kept(value);
            return true;
        };
        self.open();
        if let Self::Kept(_) = self {
            *self = Self::Object(Members::default());
        }
        match self {
            Self::Kept(_) => false,
            Self::Array(items) => items.find_mut(name).is_some_and(|item| item.put(rest, value)),
            Self::Object(members) => match members.find_mut(name) {
                Some(member) => member.put(rest, value),
                None => {
                    let mut member = Self::Object(Members::default());
                    let fits = member.put(rest, value);
                    members.add(name, member);
                    fits
                }
            },
        }
    }

    /// Removes what is at the end of a path, if there is something.
    fn remove(&mut self, path: &'p [String]) {
        let Some((name, rest)) = path.split_first() else { return };
        self.open();
        match self {
            Self::Kept(_) => {}
            Self::Array(items) if rest.is_empty() => items.remove(name),
            Self::Object(members) if rest.is_empty() => members.remove(name),
            Self::Array(items) => {
                if let Some(item) = items.find_mut(name) {
                    item.remove(rest);
                }
            }
            Self::Object(members) => {
                if let Some(member) = members.find_mut(name) {
                    member.remove(rest);
                }
            }
        }
    }
}

impl<'p> Items<'p> {
    /// Where the item with this index is in the list.
    fn find(&self, name: &str) -> Option<usize> {
        let index = index(name)?;
        match &self.remaining {
            Some(remaining) => remaining.find(index),
            None => Some(index).filter(|index| *index < self.list.len()),
        }
    }

    fn find_mut(&mut self, name: &str) -> Option<&mut Patched<'p>> {
        let place = self.find(name)?;
        self.list.get_mut(place)?.as_mut()
    }

    fn remove(&mut self, name: &str) {
        let Some(place) = self.find(name) else { return };
        self.list.get_mut(place).into_iter().for_each(|item| *item = None);
        let all = self.list.len();
        self.remaining.get_or_insert_with(|| Remaining::all(all)).remove(place);
    }
}

impl<'p> Members<'p> {
    fn add(&mut self, name: &'p str, value: Patched<'p>) {
        self.numbers.add(name, self.list.len());
        self.list.push(Some((name, value)));
    }

    fn find_mut(&mut self, name: &str) -> Option<&mut Patched<'p>> {
        let number = self.numbers.find(name)?;
        self.list.get_mut(number)?.as_mut().map(|(_, value)| value)
    }

    fn remove(&mut self, name: &str) {
        let number = self.numbers.find(name);
        let member = number.and_then(|number| self.list.get_mut(number));
        member.into_iter().for_each(|member| *member = None);
    }
}
