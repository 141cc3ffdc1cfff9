//! What it means that nothing stands at the place of an attribute, where its declaration says so
//! (sections 2 and 7 of `docs/policy-language.md`).

use super::attributes::Attributes;
use super::value::{AttributeValue, Input};
use crate::json::Text;
use crate::policy::image::layout::NONE;
use crate::policy::image::{AbsentKind, PlaceRecord};
use alloc::vec::Vec;

impl<'a> Attributes<'a> {
    /// Takes what is declared of what is absent as the values, until something is found at the
    /// places.
    pub(super) fn put_absences(&mut self) {
        let image = self.image;
        let text = |string| Text::plain(image.string(string));
        let mut items = Vec::new();
        for absent in image.absences() {
            let input = match absent.kind() {
                Some(AbsentKind::Null) => Input::Null,
                Some(AbsentKind::Bool) => Input::Bool(absent.a() != 0),
                Some(AbsentKind::Integer) => Input::Integer(absent.integer()),
                Some(AbsentKind::Text) => Input::Text(text(absent.a())),
                Some(AbsentKind::List) => {
                    items.clear();
                    for item in 0..absent.b() {
                        items.push(text(image.list(absent.a().saturating_add(item))));
                    }
                    Input::List(&items)
                }
                None => continue,
            };
            self.take(absent.attribute(), input);
        }
    }

    /// Takes back what is declared of what is absent for the attributes below a place, where
    /// something stands that is neither an object nor null: of them nothing is known.
    pub(super) fn lose_below(&mut self, place: PlaceRecord<'a>) {
        let image = self.image;
        // The places of one depth stand together, in the order of those above them.
        let (mut next, mut count) = (place.first_child(), u32::from(place.children()));
        while count > 0 {
            let (mut below, mut children) = (NONE, 0_u32);
            for place in (next..next.saturating_add(count)).filter_map(|index| image.place(index)) {
                for reader in place.readers().indices() {
                    self.put(image.reader(reader), AttributeValue::Absent);
                }
                below = below.min(place.first_child());
                children = children.saturating_add(u32::from(place.children()));
            }
            (next, count) = (below, children);
        }
    }
}
