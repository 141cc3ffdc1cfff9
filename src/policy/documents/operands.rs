//! Writing conditions and literals into an image.

use super::compile::{Compiler, short};
use super::model::{Condition, Operand};
use super::names::{NameMap, sorted};
use super::tree::{Node, NodeValue};
use crate::address::Network;
use crate::policy::image::layout::{
    self, AbsentEntry, IdEntry, ListEntry, NONE, NetworkEntry, NodeEntry,
};
use crate::policy::image::write::number;
use crate::policy::image::{AbsentKind, OperandKind};
use alloc::vec::Vec;

impl<'m> Compiler<'m> {
    /// The ids that conditions name, sorted.
    pub(super) fn ids(&mut self) {
        let model = self.model;
        let mut conditions: Vec<&Condition<'_>> = model.conditions.iter().collect();
        conditions.extend(&model.invariants.items);
        for rule in &model.rules.items {
            conditions.push(&rule.when);
            conditions.extend(&rule.must);
        }
        let mut ids = NameMap::default();
        for node in conditions.into_iter().flatten() {
            node.right.ids().for_each(|(id, _)| {
                ids.add(id, 0);
            });
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
            let Some(node) = attribute.absent else { continue };
            let (kind, [a, b]) = match &node.value {
                NodeValue::Bool(value) => (AbsentKind::Bool, [u32::from(*value), 0]),
                NodeValue::Number(_) => {
                    (AbsentKind::Integer, halves(node.integer().unwrap_or_default()))
                }
                NodeValue::String(text) => (AbsentKind::Text, [self.image.string(text), 0]),
                NodeValue::Array(items) => {
                    let texts = items.iter().filter_map(Node::text);
                    let strings: Vec<u32> = texts.map(|text| self.image.string(text)).collect();
                    let items = strings.into_iter().map(|item| ListEntry { item });
                    let items = self.image.push_all(items);
                    (AbsentKind::List, [items.first, items.count])
                }
                // No literal is an object.
                NodeValue::Null | NodeValue::Object(_) => (AbsentKind::Null, [0, 0]),
            };
            self.image.push(AbsentEntry { attribute: number(index), kind, a, b });
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
                let network = Network::from(address);
                (OperandKind::Networks, [self.image.push(network_entry(network)), 1])
            }
            Operand::Networks(array) => {
                let texts = array.items().iter().filter_map(Node::text);
                let networks = texts.filter_map(Network::parse);
                let networks = networks.map(network_entry);
                let networks = self.image.push_all(networks);
                (OperandKind::Networks, [networks.first, networks.count])
            }
        }
    }
}

fn network_entry(network: Network) -> NetworkEntry {
    let (high, low, length) = network.parts();
    NetworkEntry { high, low, length }
}

/// The low and the high half of an integer's bits.
fn halves(integer: i64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = integer.to_le_bytes();
    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
}
