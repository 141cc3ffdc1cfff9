//! Working out the columns of atoms, when an image is loaded.

use super::closed_sets::{AttributeType, NodeKind, OperandKind, Operator};
use super::columns::Column;
use super::layout::{self, ACTION_NAME, NodeRecord};
use super::read::Image;
use super::record::size;
use alloc::vec::Vec;

/// How many values an attribute has at most, if each gets a row.
const MAX_VALUES: u32 = 64;

/// Makes the columns of some atoms, which have their bits in this order. The action's name has
/// none: an evaluation goes on with another.
pub(super) fn build(image: &Image, atoms: &[[u8; layout::NODES.record]]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    let mut bit = 1_u64;
    for atom in atoms {
        let atom = NodeRecord::of(atom);
        let attribute = atom.attribute();
        let known = columns.iter_mut().find(|column| column.attribute == attribute);
        if let Some(column) = known {
            column.add(image, atom, bit);
        } else if attribute != ACTION_NAME
            && let Some(mut column) = Column::of(image, attribute)
            && column.add(image, atom, bit).is_some()
        {
            columns.push(column);
        }
        bit = bit.wrapping_shl(1);
    }
    columns
}

impl Column {
    /// A column without atoms. None: that there is a value does not say if it is null.
    fn of(image: &Image, attribute: u16) -> Option<Self> {
        let record = image.attribute(attribute.into())?;
        let values = match record.kind()? {
            AttributeType::Bool => 2,
            AttributeType::Enum => image.values(record.values().into()).count,
            AttributeType::Id
            | AttributeType::Int
            | AttributeType::Time
            | AttributeType::IdSet
            | AttributeType::Ip
            | AttributeType::IpSet => 0,
            // What is in them may be unknown.
            AttributeType::EnumSet | AttributeType::Permissions | AttributeType::Scopes => {
                return None;
            }
        };
        let rows = alloc::vec![0; if values <= MAX_VALUES { size(values) } else { 0 }];
        Some(Self { attribute, atoms: 0, presence: 0, with_null: 0, rows })
    }

    /// Adds an atom on the attribute; none if more than the attribute's value decides about it.
    fn add(&mut self, image: &Image, atom: NodeRecord<'_>, bit: u64) -> Option<()> {
        let NodeKind::Atom(operator) = atom.kind()? else { return None };
        if operator != Operator::Present && self.rows.is_empty() {
            return None;
        }
        let when = |holds| if holds { bit } else { 0 };
        let row = |(value, row)| Some(row | when(holds(image, operator, atom, value)?));
        self.rows = (0..).zip(&self.rows).map(row).collect::<Option<Vec<u64>>>()?;
        self.atoms |= bit;
        if operator == Operator::Present {
            self.presence |= bit;
            self.with_null |= when(atom.a() == 0);
        }
        Some(())
    }
}

/// Whether an atom is true where its attribute has a value: that of an enum, or 0 for false and 1
/// for true. None: something else decides about it.
fn holds(image: &Image, operator: Operator, atom: NodeRecord<'_>, value: u32) -> Option<bool> {
    let kind = image.attribute(atom.attribute().into())?.kind()?;
    let literal = if kind == AttributeType::Bool { atom.a().min(1) } else { atom.a() };
    match (operator, atom.operand()?, kind) {
        (Operator::Present, _, _) => Some(atom.a() != 0),
        (Operator::Eq, OperandKind::Number, _) => Some(value == literal),
        (Operator::Ne, OperandKind::Number, _) => Some(value != literal),
        (Operator::In, OperandKind::Words, AttributeType::Enum) => {
            let word = image.word(atom.a().wrapping_add(value / 64));
            Some(word & 1_u64.wrapping_shl(value % 64) != 0)
        }
        _ => None,
    }
}
