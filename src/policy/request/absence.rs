//! The values that attributes have where nothing stands at their places: `absent` in their
//! declarations (sections 2 and 7 of `docs/policy-language.md`).

use super::attributes::Attributes;
use super::value::{AttributeValue, Input};
use crate::json::Text;
use crate::policy::image::layout::NONE;
use crate::policy::image::{AbsentKind, Image, PlaceRecord, Span};

impl<'a> Attributes<'a> {
    /// Gives attributes the values that are declared for their absence, as long as nothing is found
    /// at their places.
    pub(super) fn put_absences(&mut self) {
        let image = self.image;
        let text = |string| Text::plain(image.string(string));
        for absent in image.absences() {
            let input = match absent.kind() {
                Some(AbsentKind::Null) => Input::Null,
                Some(AbsentKind::Bool) => Input::Bool(absent.a() != 0),
                Some(AbsentKind::Integer) => Input::Integer(absent.integer()),
                Some(AbsentKind::Text) => Input::Text(text(absent.a())),
                Some(AbsentKind::List) => {
                    let first = self.begin_list();
                    for item in 0..absent.b() {
                        self.push_item(text(image.list(absent.a().saturating_add(item))));
                    }
                    Input::List(self.list_from(first))
                }
                None => continue,
            };
            self.read_attribute(absent.attribute(), input);
            self.end_list();
        }
    }

    /// Takes these values back for the attributes below a place at which something stands that is
    /// neither an object nor null: nothing is known of them.
    pub(super) fn lose_below(&mut self, place: PlaceRecord<'a>) {
        let image = self.image;
        for place in places_below(image, place).filter_map(|index| image.place(index)) {
            for reader in place.readers().indices() {
                self.put(image.reader(reader), AttributeValue::Absent);
            }
        }
    }
}

/// The indices of the places below a place.
pub(super) fn places_below(image: &Image, place: PlaceRecord<'_>) -> impl Iterator<Item = u32> {
    // The places of one depth stand together, in the order of those above them.
    let children = Span { first: place.first_child(), count: u32::from(place.children()) };
    let depths = core::iter::successors(Some(children), |places| {
        let mut below = Span { first: NONE, count: 0 };
        for place in places.indices().filter_map(|index| image.place(index)) {
            below.first = below.first.min(place.first_child());
            below.count = below.count.saturating_add(u32::from(place.children()));
        }
        Some(below)
    });
    depths.take_while(|places| places.count > 0).flat_map(Span::indices)
}
