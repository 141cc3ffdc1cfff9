//! From what was read to slots: values of attributes, inputs of the derived sets, and numbers for ids.

use super::level::{Input, Level};
use super::value::Scalar;
use super::{Bounds, Organization, Request, Slot};
use crate::json::Text;
use crate::order::sorted;
use crate::policy::image::layout::{self, duty, kind, level};
use crate::policy::image::{Place, size};

/// How many ids are compared with each other rather than sorted.
const FEW: usize = 16;

impl<'a> Request<'a> {
    /// Works out the derived sets and what ids are equal; nothing is read after this, and no text compared.
    pub(crate) fn seal(mut self) -> Self {
        self.derive();
        self.rank();
        self
    }

    fn rank(&mut self) {
        let image = &self.policy.image;
        let mut next = image.count(layout::IDS);
        let mut rank_of = |id: Text<'a>| {
            image.id(id).unwrap_or_else(|| {
                next = next.saturating_add(1);
                next
            })
        };
        if self.ids.len() <= FEW {
            let mut before: &[Text<'a>] = &[];
            for (place, id) in self.ids.iter().enumerate() {
                let same = before.iter().position(|other| other == id);
                let rank = same.and_then(|same| self.ranks.get(same).copied());
                self.ranks.push(rank.unwrap_or_else(|| rank_of(*id)));
                before = self.ids.get(..=place).unwrap_or_default();
            }
        } else {
            self.ranks.resize(self.ids.len(), 0);
            let mut last: Option<(Text<'a>, u32)> = None;
            for (id, place) in sorted(self.ids.iter().copied().zip(0_usize..).collect()) {
                let rank = match last {
                    Some((same, rank)) if same == id => rank,
                    _ => rank_of(id),
                };
                last = Some((id, rank));
                if let Some(place) = self.ranks.get_mut(place) {
                    *place = rank;
                }
            }
        }
        for slot in &self.slots {
            if let Slot::Ids { first, count: count @ 2.., .. } = *slot {
                let (first, count) = (size(first), size(count));
                let set =
                    self.ranks.get_mut(first..first.saturating_add(count)).unwrap_or_default();
                set.copy_from_slice(&sorted(set.to_vec()));
            }
        }
    }

    /// Puts a string at a place, if the policy reads it.
    pub(crate) fn set_text(&mut self, names: &[&str], text: Text<'a>) {
        if let Some(place) = self.find(names) {
            self.set_scalar(place, Scalar::Text(text));
        }
    }

    /// Puts an explicit null at a place, if the policy reads it.
    pub(crate) fn set_null(&mut self, names: &[&str]) {
        if let Some(place) = self.find(names) {
            self.set_scalar(place, Scalar::Null);
        }
    }

    /// Puts a number at a place, if the policy reads it.
    pub(crate) fn set_number(&mut self, names: &[&str], number: u64) {
        if let Some(place) = self.find(names) {
            self.set_scalar(place, i64::try_from(number).map_or(Scalar::Other, Scalar::Integer));
        }
    }

    /// Puts a list of strings at a place, if the policy reads it.
    pub(crate) fn set_texts(&mut self, names: &[&str], texts: &[Text<'a>]) {
        if let Some(place) = self.find(names) {
            self.set_list(place, Some(texts));
        }
    }

    /// Puts a scalar, or an object that nothing enters, at a place.
    pub(super) fn set_scalar(&mut self, place: Place<'a>, value: Scalar<'a>) {
        for reader in place.reader()..place.reader().saturating_add(place.readers()) {
            let index = self.policy.image.reader(reader);
            let Some(attribute) = self.policy.image.attribute(index) else { continue };
            let slot = match (attribute.kind, value) {
                (_, Scalar::Null) => Slot::Null,
                (kind::BOOL, Scalar::Bool(value)) => Slot::Bool(value),
                (kind::ENUM, Scalar::Text(text)) => self
                    .policy
                    .image
                    .value(attribute.values, text)
                    .map_or(Slot::Unusable, Slot::Symbol),
                (kind::ID, value) => value.id().map_or(Slot::Unusable, |id| {
                    self.ids.push(id);
                    Slot::Id(place_of(self.ids.len().saturating_sub(1)))
                }),
                (kind::INT, Scalar::Integer(number))
                    if (attribute.min..=attribute.max).contains(&number) =>
                {
                    Slot::Integer(number)
                }
                _ => Slot::Unusable,
            };
            self.put(index, slot);
        }
        if place.duties() != 0 {
            self.set_derived_scalar(place.duties(), value);
        }
    }

    pub(super) fn set_derived_scalar(&mut self, duties: u16, value: Scalar<'a>) {
        let id = value.id();
        if duties & duty::SUBJECT_ACCOUNT != 0 {
            self.subject_account = id;
        }
        if duties & duty::RESOURCE_ACCOUNT != 0 {
            self.resource_account = id;
        }
        if duties & duty::ORGANIZATION != 0 {
            self.organization = match value {
                Scalar::Null => Organization::Account,
                _ => id.map_or(Organization::Missing, Organization::Id),
            };
        }
        if let Scalar::Text(text) = value {
            if duties & duty::SUBJECT_TYPE != 0 {
                self.subject_type = Some(text);
            }
            if duties & duty::ACTION_NAME != 0 {
                self.action = self.policy.image.value(0, text);
            }
        }
        if !matches!(value, Scalar::Null) {
            if duties & duty::SUBJECT_ROLES != 0 {
                self.account.roles = Input::IllTyped;
            }
            if duties & duty::SUBJECT_PERMISSIONS != 0 {
                self.account.permissions = Input::IllTyped;
            }
        }
    }

    /// Puts a list at a place; it is none where an item is no string.
    pub(super) fn set_list(&mut self, place: Place<'a>, items: Option<&[Text<'a>]>) {
        for reader in place.reader()..place.reader().saturating_add(place.readers()) {
            let index = self.policy.image.reader(reader);
            let Some(attribute) = self.policy.image.attribute(index) else { continue };
            let slot = match (attribute.kind, items) {
                (kind::ENUM_SET, Some(items)) => self.symbols(attribute.values, items),
                (kind::ID_SET, Some(items)) => self.ids_of(items),
                _ => Slot::Unusable,
            };
            let alien =
                matches!(slot, Slot::Symbols { alien: true, .. } | Slot::Ids { alien: true, .. });
            self.put(index, if alien && !attribute.open { Slot::Unusable } else { slot });
        }
        let mut account: Level = self.account;
        if place.duties() & duty::SUBJECT_ROLES != 0 {
            self.give_roles(&mut account, level::ACCOUNT, items);
        }
        if place.duties() & duty::SUBJECT_PERMISSIONS != 0 {
            self.give_permissions(&mut account, level::ACCOUNT, items);
        }
        self.account = account;
        if let (true, Some(items)) = (place.duties() & duty::SCOPES != 0, items) {
            self.set_scopes(items);
        }
    }

    fn set_scopes(&mut self, items: &[Text<'a>]) {
        let all = items.iter().any(|item| *item == *"*");
        let first = if all { self.all_symbols() } else { self.symbol_words(0, items).0 };
        self.scopes = Some(Bounds { sure: first, perhaps: first });
    }

    fn symbols(&mut self, values: u32, items: &[Text<'a>]) -> Slot {
        let (first, alien) = self.symbol_words(values, items);
        Slot::Symbols { first: place_of(first), alien }
    }

    /// A bit set of items: its first word, and whether an item is no value of the enum.
    fn symbol_words(&mut self, values: u32, items: &[Text<'a>]) -> (usize, bool) {
        let image = &self.policy.image;
        let count = size(image.values(values).1);
        let first = self.words.len();
        self.words.resize(first.saturating_add(count.div_ceil(64)), 0);
        let mut alien = false;
        for item in items {
            match image.value(values, *item) {
                Some(symbol) => {
                    let (word, bit) = super::position(symbol);
                    if let Some(place) = self.words.get_mut(first.saturating_add(word)) {
                        *place |= bit;
                    }
                }
                None => alien = true,
            }
        }
        (first, alien)
    }

    /// The bit set of every declared action.
    pub(super) fn all_symbols(&mut self) -> usize {
        let image = &self.policy.image;
        let first = self.words.len();
        let actions = size(image.actions());
        for word in 0..image.width {
            let left = actions.saturating_sub(word.saturating_mul(64));
            let bits = if left >= 64 {
                u64::MAX
            } else {
                1_u64.wrapping_shl(u32::try_from(left).unwrap_or(0)).wrapping_sub(1)
            };
            self.words.push(bits);
        }
        first
    }

    fn ids_of(&mut self, items: &[Text<'a>]) -> Slot {
        let first = self.ids.len();
        self.ids.extend(items.iter().filter(|item| !item.is_empty()));
        let alien = items.iter().any(|item| item.is_empty());
        let count = self.ids.len().saturating_sub(first);
        Slot::Ids { first: place_of(first), count: place_of(count), alien }
    }

    fn put(&mut self, index: u32, slot: Slot) {
        if let Some(place) = self.slots.get_mut(size(index)) {
            *place = slot;
        }
    }
}

/// An index into what one request holds, which is far below 2^32.
fn place_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
