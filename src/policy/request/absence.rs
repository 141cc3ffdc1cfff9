//! What it means that nothing stands at the place of an attribute, where its declaration says so
//! (sections 2 and 7 of `docs/policy-language.md`).

use super::attributes::Attributes;
use super::value::AttributeValue;
use crate::json::Text;
use crate::policy::image::layout::{self, AbsentRecord};
use crate::policy::image::{AttributeType, OperandKind, PlaceRecord};

impl<'a> Attributes<'a> {
    /// Takes what is declared of what is absent as the values, until something is found at the
    /// places.
    pub(super) fn put_absences(&mut self) {
        for absent in self.image.absences() {
            let value = self.absent_value(absent);
            self.put(absent.attribute(), value);
        }
    }

    fn absent_value(&mut self, absent: AbsentRecord<'a>) -> AttributeValue {
        let image = self.image;
        if absent.is_null() {
            return AttributeValue::Null;
        }
        let Some(attribute) = image.attribute(absent.attribute()) else {
            return AttributeValue::Absent;
        };
        match (absent.operand(), attribute.kind()) {
            (Some(OperandKind::Number), Some(AttributeType::Bool)) => {
                AttributeValue::Bool(absent.a() != 0)
            }
            (Some(OperandKind::Number), Some(AttributeType::Int | AttributeType::Time)) => {
                AttributeValue::Integer(absent.integer())
            }
            (Some(OperandKind::Number), _) => AttributeValue::Symbol(absent.a()),
            (Some(OperandKind::Id), _) => self.id_value(Text::plain(image.id_text(absent.a()))),
            (Some(OperandKind::Words), _) => {
                let values = image.values(u32::from(attribute.values()));
                AttributeValue::known_symbols(absent.a(), values.count.div_ceil(64))
            }
            (Some(OperandKind::List), _) => {
                AttributeValue::Ids { first: absent.a(), count: absent.b(), has_undeclared: false }
            }
            (Some(OperandKind::Address), _) => AttributeValue::Address(absent.a()),
            (Some(OperandKind::Networks), _) => {
                AttributeValue::Networks { first: absent.a(), count: absent.b() }
            }
            (Some(OperandKind::Attribute) | None, _) => AttributeValue::Absent,
        }
    }

    /// Takes back what is declared of what is absent for the attributes below a place, where
    /// something stands that is neither an object nor null: of them nothing is known.
    pub(super) fn lose_below(&mut self, place: PlaceRecord<'a>) {
        let image = self.image;
        if image.count(layout::ABSENT) == 0 {
            return;
        }
        // The places of one depth stand together, in the order of those above them.
        let (mut first, mut count) = (place.first_child(), u32::from(place.children()));
        while count > 0 {
            let (start, end) = (first, first.saturating_add(count));
            (first, count) = (image.place(start).map_or(0, |place| place.first_child()), 0);
            for place in (start..end).filter_map(|index| image.place(index)) {
                for reader in place.readers().indices() {
                    self.put(image.reader(reader), AttributeValue::Absent);
                }
                count = count.saturating_add(u32::from(place.children()));
            }
        }
    }
}
