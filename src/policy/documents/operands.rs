//! Writing conditions and literals into an image.

use super::compile::{Compiler, short};
use super::model::{Absence, Condition, Operand};
use super::names::{NameMap, sorted};
use super::tree::Node;
use crate::address::Network;
use crate::policy::image::OperandKind;
use crate::policy::image::layout::{
    self, AbsentEntry, IdEntry, ListEntry, NONE, NetworkEntry, NodeEntry,
};
use crate::policy::image::write::number;
use alloc::vec::Vec;

impl<'m> Compiler<'m> {
    /// The ids that conditions, and what is absent, name; sorted.
    pub(super) fn ids(&mut self) {
        let model = self.model;
        let mut conditions: Vec<&Condition<'_>> = model.conditions.iter().collect();
        conditions.extend(&model.invariants.items);
        for rule in &model.rules.items {
            conditions.push(&rule.when);
            conditions.extend(&rule.must);
        }
        let absent = model.attributes.iter().filter_map(|attribute| match attribute.absent {
            Some(Absence::Literal(operand)) => Some(operand),
            Some(Absence::Null) | None => None,
        });
        let mut ids = NameMap::default();
        for operand in conditions.into_iter().flatten().map(|node| node.right).chain(absent) {
            match operand {
                Operand::Text(text) => {
                    ids.add(text, 0);
                }
                Operand::Texts(array) => {
                    for text in array.items().iter().filter_map(Node::text) {
                        ids.add(text, 0);
                    }
                }
                Operand::Parts(_)
                | Operand::Named(_)
                | Operand::Attribute(_)
                | Operand::Symbol(_)
                | Operand::Integer(_)
                | Operand::Symbols(..)
                | Operand::Address(_)
                | Operand::Networks(_) => {}
            }
        }
        for (index, id) in ids.names().into_iter().enumerate() {
            let text = self.image.string(id);
            self.image.push(IdEntry { text });
            self.ids.add(id, index);
        }
    }

    fn id(&self, text: &str) -> u32 {
        self.ids.find(text).map_or(NONE, number)
    }

    /// What attributes declare of their absence.
    pub(super) fn absences(&mut self) {
        let model = self.model;
        for (index, attribute) in model.attributes.iter().enumerate() {
            let (is_null, (operand, [a, b])) = match attribute.absent {
                None => continue,
                Some(Absence::Null) => (true, (OperandKind::Number, [0, 0])),
                Some(Absence::Literal(literal)) => (false, self.operand(literal, 0)),
            };
            let attribute = number(index);
            self.image.push(AbsentEntry { attribute, is_null, operand, unused: 0, a, b });
        }
    }

    /// Writes the nodes of a condition, and gives the index of the first.
    pub(super) fn condition(&mut self, nodes: &'m Condition<'m>) -> u32 {
        let root = self.image.next(layout::NODES);
        for node in nodes {
            let next = self.image.next(layout::NODES).saturating_add(1);
            let (operand, [a, b]) = self.operand(node.right, next);
            let (kind, attribute) = (node.kind, short(node.attribute));
            self.image.push(NodeEntry { kind, operand, attribute, a, b });
        }
        root
    }

    /// What an operand is in an image, and its two numbers. The node after that of the operand has
    /// the index `next`.
    fn operand(&mut self, operand: Operand<'m>, next: u32) -> (OperandKind, [u32; 2]) {
        match operand {
            // A connective has no operand, and the kind of none means nothing.
            Operand::Parts(own) => (OperandKind::Attribute, [next.saturating_add(number(own)), 0]),
            Operand::Named(condition) => (OperandKind::Attribute, [number(condition), 0]),
            Operand::Attribute(other) => (OperandKind::Attribute, [number(other), 0]),
            Operand::Symbol(symbol) => (OperandKind::Number, [number(symbol), 0]),
            Operand::Integer(integer) => (OperandKind::Number, halves(integer)),
            Operand::Text(text) => (OperandKind::Id, [self.id(text), 0]),
            Operand::Symbols(values, array) => {
                let members = self.symbols(values, array.items().iter().filter_map(Node::text));
                (OperandKind::Words, [self.image.set(&members), 0])
            }
            Operand::Texts(array) => {
                // An image has the ids in the order of their texts, so the indices are sorted.
                let texts = sorted(array.items().iter().filter_map(Node::text));
                let ids: Vec<u32> = texts.into_iter().map(|text| self.id(text)).collect();
                let ids = self.image.push_all(ids.into_iter().map(|item| ListEntry { item }));
                (OperandKind::List, [ids.first, ids.count])
            }
            Operand::Address(address) => {
                (OperandKind::Address, [self.image.push(network_entry(address.into())), 0])
            }
            Operand::Networks(array) => {
                let texts = array.items().iter().filter_map(Node::text);
                let networks = texts.filter_map(Network::parse).map(network_entry);
                let networks = self.image.push_all(networks);
                (OperandKind::Networks, [networks.first, networks.count])
            }
        }
    }
}

fn network_entry(network: Network) -> NetworkEntry {
    let [high, low] = network.first().halves();
    NetworkEntry { high, low, length: u32::from(network.length()) }
}

/// The low and the high half of an integer's bits.
fn halves(integer: i64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = integer.to_le_bytes();
    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
}
