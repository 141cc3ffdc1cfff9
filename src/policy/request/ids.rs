//! The ids of a request, and the list that is being read: both are texts, which stand in one place
//! so that an id in a list is not copied.

use super::attributes::Attributes;
use super::value::{AttributeValue, Input, OWN, RankedText, number_of};
use crate::json::{Text, grouped};
use crate::order;
use crate::policy::image::layout::{self, NONE};
use crate::policy::image::{Image, Span, size};
use alloc::vec::Vec;
use core::cmp::Ordering;

/// How many ids are compared each with each, which is faster than sorting so few.
const FEW: usize = 16;

impl<'a> Attributes<'a> {
    /// Begins a list, which the texts are that are pushed from now on: the place of the first.
    pub(super) fn begin_list(&self) -> u32 {
        number_of(self.texts.len())
    }

    pub(super) fn push_item(&mut self, text: Text<'a>) {
        self.texts.push(RankedText { text, rank: NONE });
    }

    /// The list that was begun at a place.
    pub(super) fn list_from(&self, first: u32) -> Span {
        Span { first, count: number_of(self.texts.len()).saturating_sub(first) }
    }

    /// A list of these texts.
    pub(super) fn list_of(&mut self, items: impl Iterator<Item = Text<'a>>) -> Input<'a> {
        let first = self.begin_list();
        items.for_each(|item| self.push_item(item));
        Input::List(self.list_from(first))
    }

    /// Forgets the list, but for the ids that are in it.
    pub(super) fn end_list(&mut self) {
        self.texts.truncate(self.ids);
    }

    /// An item of a list.
    pub(super) fn item(&self, place: u32) -> Text<'a> {
        self.texts.get(size(place)).map_or(Text::plain(""), |item| item.text)
    }

    /// Adds an id, and gives its place.
    pub(super) fn push_id(&mut self, id: Text<'a>) -> u32 {
        let place = self.begin_list();
        self.push_item(id);
        self.ids = self.texts.len();
        place
    }

    /// The set of the ids that are the items, which stay where they are. An empty text is no id.
    pub(super) fn id_set(&mut self, items: Span) -> AttributeValue {
        self.ids = self.texts.len();
        let has_undeclared = items.indices().any(|item| self.item(item).is_empty());
        AttributeValue::Ids { first: items.first | OWN, count: items.count, has_undeclared }
    }

    /// Gives a rank to each id that has none yet.
    pub(super) fn rank(&mut self) {
        let ranked = core::mem::replace(&mut self.ranked, self.texts.len());
        if self.texts.len() <= FEW {
            for place in ranked..self.texts.len() {
                self.rank_beside_few(place);
            }
        } else if ranked < self.texts.len() {
            self.rank_beside_many(ranked);
        }
    }

    fn rank_beside_few(&mut self, place: usize) {
        let Some((before, [id, ..])) = self.texts.split_at_mut_checked(place) else { return };
        let equal = before.iter().find(|other| other.text == id.text);
        id.rank = match equal {
            Some(other) => other.rank,
            None => rank_of(self.image, id.text, place),
        };
    }

    fn rank_beside_many(&mut self, ranked: usize) {
        let mut last: Option<RankedText<'a>> = None;
        // Equal ids come one after the other, those with a rank first.
        for (_, place) in grouped(self.texts.len(), &|place| self.item(number_of(place))) {
            let Some(id) = self.texts.get_mut(place) else { continue };
            if place >= ranked {
                let equal = last.filter(|last| last.text == id.text);
                id.rank = match equal {
                    Some(equal) => equal.rank,
                    None => rank_of(self.image, id.text, place),
                };
            }
            last = Some(*id);
        }
    }

    /// Puts the ranks into the values, and sorts those of each set.
    pub(super) fn put_ranks(&mut self) {
        for value in &mut self.values {
            match value {
                AttributeValue::Id(place) => {
                    *place = self.texts.get(size(*place)).map_or(NONE, |id| id.rank);
                }
                AttributeValue::Ids { first, count, .. } => {
                    let first = size(first.wrapping_sub(OWN));
                    let set = self.texts.get_mut(first..first.saturating_add(size(*count)));
                    let set = set.unwrap_or_default();
                    if !set.is_sorted_by_key(|id| id.rank) {
                        let mut ranks = Vec::with_capacity(set.len());
                        set.iter().for_each(|id| ranks.push((u64::from(id.rank), 0)));
                        let ranks = order::sort(ranks, &|_, _| Ordering::Equal);
                        for (id, (rank, _)) in set.iter_mut().zip(ranks) {
                            id.rank = u32::try_from(rank).unwrap_or(NONE);
                        }
                    }
                    // The empty texts have come last.
                    *count = number_of(set.partition_point(|id| id.rank != NONE));
                }
                AttributeValue::Absent
                | AttributeValue::Unusable
                | AttributeValue::Null
                | AttributeValue::Bool(_)
                | AttributeValue::Symbol(_)
                | AttributeValue::Integer(_)
                | AttributeValue::Symbols { .. }
                | AttributeValue::Networks { .. } => {}
            }
        }
    }
}

/// The rank of an id that equals none with a rank. It has a place among those of the request.
fn rank_of(image: &Image, id: Text<'_>, place: usize) -> u32 {
    if id.is_empty() {
        return NONE;
    }
    image.id(id).unwrap_or_else(|| image.count(layout::IDS).wrapping_add(number_of(place)))
}
