//! From what was read to values: values of attributes, inputs of the derived sets, and numbers for ids.

use super::Request;
use super::grants::{DefaultGrants, GrantList, Organization};
use super::value::{AttributeValue, Input, OWN, position};
use crate::json::Text;
use crate::order::sorted;
use crate::policy::image::layout::{self, NONE, SCOPES};
use crate::policy::image::{
    AttributeRecord, AttributeType, Level, PlaceRecord, Purpose, Purposes, size,
};
use alloc::vec::Vec;

/// A set of an enum's values that the request has.
struct BitSet {
    first: u32,
    width: u32,
    /// Whether it has a member that the schema does not declare.
    has_undeclared: bool,
}

/// How many ids are compared with each other rather than sorted.
const FEW: usize = 16;

impl<'a> Request<'a> {
    /// Works out the derived sets and what ids are equal; nothing is read after this, and no text compared.
    pub(crate) fn seal(mut self) -> Self {
        self.derive();
        self.rank();
        self
    }

    /// Numbers the ids, equal ones alike, and sorts the numbers of each set.
    fn rank(&mut self) {
        let image = &self.policy.image;
        let known = image.count(layout::IDS);
        let few = self.ids.len() <= FEW;
        let order = if few { Vec::new() } else { sorted(self.ids.clone()) };
        self.ranks.reserve(self.ids.len());
        for id in &self.ids {
            let rank = image.id(*id).unwrap_or_else(|| {
                let place = if few {
                    self.ids.iter().position(|other| other == id).unwrap_or(0)
                } else {
                    order.partition_point(|other| other < id)
                };
                known.wrapping_add(place_of(place))
            });
            self.ranks.push(rank);
        }
        for value in &mut self.values {
            match value {
                AttributeValue::Id(place) => {
                    *place = self.ranks.get(size(*place)).copied().unwrap_or(NONE);
                }
                AttributeValue::Ids { first, count, .. } => {
                    let first = size(first.wrapping_sub(OWN));
                    let set = self.ranks.get_mut(first..first.saturating_add(size(*count)));
                    let set = set.unwrap_or_default();
                    if set.len() < 2 {
                        continue;
                    }
                    let ranks = sorted(set.to_vec());
                    for (place, rank) in set.iter_mut().zip(ranks) {
                        *place = rank;
                    }
                }
                AttributeValue::Unusable
                | AttributeValue::Null
                | AttributeValue::Bool(_)
                | AttributeValue::Symbol(_)
                | AttributeValue::Integer(_)
                | AttributeValue::Symbols { .. } => {}
            }
        }
    }

    /// Puts a string at a place, if the policy reads it.
    pub(crate) fn set_text(&mut self, names: &[&str], text: Text<'a>) {
        self.set_at(names, Input::Text(text));
    }

    /// Puts an explicit null at a place, if the policy reads it.
    pub(crate) fn set_null(&mut self, names: &[&str]) {
        self.set_at(names, Input::Null);
    }

    /// Puts a number at a place, if the policy reads it.
    pub(crate) fn set_number(&mut self, names: &[&str], number: u64) {
        self.set_at(names, i64::try_from(number).map_or(Input::Other, Input::Integer));
    }

    /// Puts a list of strings at a place, if the policy reads it.
    pub(crate) fn set_texts(&mut self, names: &[&str], texts: &[Text<'a>]) {
        self.set_at(names, Input::List(texts));
    }

    fn set_at(&mut self, names: &[&str], input: Input<'_, 'a>) {
        if let Some(place) = self.find(names) {
            self.set(place, input);
        }
    }

    /// Puts what was given at a place into the values of the attributes that read it, and where the place's purposes say.
    pub(super) fn set(&mut self, place: PlaceRecord<'a>, input: Input<'_, 'a>) {
        let image = &self.policy.image;
        for reader in place.readers().indices() {
            let index = image.reader(reader);
            let Some(attribute) = image.attribute(index) else { continue };
            let value = self.value_of(attribute, input);
            let has_undeclared = matches!(
                value,
                AttributeValue::Symbols { has_undeclared: true, .. }
                    | AttributeValue::Ids { has_undeclared: true, .. }
            );
            let usable = !has_undeclared || attribute.open();
            self.put(index, if usable { value } else { AttributeValue::Unusable });
        }
        if !place.purposes().is_empty() {
            self.set_derived(place.purposes(), input);
        }
    }

    /// What was given as the value of an attribute, by the attribute's type.
    #[inline(always)] // What it returns would go through memory.
    fn value_of(&mut self, attribute: AttributeRecord<'a>, input: Input<'_, 'a>) -> AttributeValue {
        let image = &self.policy.image;
        match (attribute.kind(), input) {
            (_, Input::Null) => AttributeValue::Null,
            (Some(AttributeType::Bool), Input::Bool(value)) => AttributeValue::Bool(value),
            (Some(AttributeType::Enum), Input::Text(text)) => image
                .value(u32::from(attribute.values()), text)
                .map_or(AttributeValue::Unusable, AttributeValue::Symbol),
            (Some(AttributeType::Id), Input::Text(text)) if !text.is_empty() => {
                self.ids.push(text);
                AttributeValue::Id(place_of(self.ids.len()).wrapping_sub(1))
            }
            (Some(AttributeType::Int | AttributeType::Time), Input::Integer(number))
                if (attribute.min()..=attribute.max()).contains(&number) =>
            {
                AttributeValue::Integer(number)
            }
            (Some(AttributeType::EnumSet), Input::List(items)) => {
                let BitSet { first, width, has_undeclared } =
                    self.bits_of(u32::from(attribute.values()), items);
                AttributeValue::Symbols { sure: first, perhaps: first, width, has_undeclared }
            }
            (Some(AttributeType::IdSet), Input::List(items)) => self.ids_of(items),
            // Something of another type was given.
            (
                Some(
                    AttributeType::Bool
                    | AttributeType::Enum
                    | AttributeType::Id
                    | AttributeType::Int
                    | AttributeType::Time
                    | AttributeType::EnumSet
                    | AttributeType::IdSet,
                ),
                _,
            ) => AttributeValue::Unusable,
            // The derived sets are read at no place.
            (Some(AttributeType::Permissions | AttributeType::Scopes) | None, _) => {
                AttributeValue::Unusable
            }
        }
    }

    /// Notes what the derived sets and the decision are made of.
    fn set_derived(&mut self, purposes: Purposes, input: Input<'_, 'a>) {
        let id = input.id();
        if purposes.has(Purpose::SubjectAccount) {
            self.subject_account = id;
        }
        if purposes.has(Purpose::ResourceAccount) {
            self.resource_account = id;
        }
        if purposes.has(Purpose::Organization) {
            self.organization = match (input, id) {
                (Input::Null, _) => Organization::Account,
                (_, Some(id)) => Organization::Id(id),
                (_, None) => Organization::Missing,
            };
        }
        if let Input::Text(text) = input {
            let image = &self.policy.image;
            if purposes.has(Purpose::SubjectType) {
                let found = image.defaults(text);
                self.defaults = DefaultGrants {
                    account: found.map_or(NONE, |found| found.account()),
                    organization: found.map_or(NONE, |found| found.organization()),
                };
            }
            if purposes.has(Purpose::ActionName) {
                self.action = image.value(0, text);
            }
        }
        let mut account = self.account;
        if purposes.has(Purpose::SubjectRoles) {
            self.give(&mut account, Level::Account, GrantList::Roles, input);
        }
        if purposes.has(Purpose::SubjectPermissions) {
            self.give(&mut account, Level::Account, GrantList::Permissions, input);
        }
        self.account = account;
        if let (true, Input::List(items)) = (purposes.has(Purpose::Scopes), input) {
            let width = self.policy.image.width;
            let scopes = if items.iter().any(|item| *item == *"*") {
                self.all_symbols()
            } else {
                self.bits_of(0, items).first
            };
            self.put(SCOPES.into(), AttributeValue::known_symbols(scopes, width));
        }
    }

    /// The set of the items that are values of an enum.
    fn bits_of(&mut self, values: u32, items: &[Text<'a>]) -> BitSet {
        let width = self.policy.image.values(values).count.div_ceil(64);
        let mut set = BitSet { first: self.new_words(width, 0), width, has_undeclared: false };
        for item in items {
            match self.policy.image.value(values, *item).map(position) {
                Some((word, bit)) => self.add(set.first, word, bit),
                None => set.has_undeclared = true,
            }
        }
        set
    }

    /// The first word of the bit set of every declared action.
    pub(super) fn all_symbols(&mut self) -> u32 {
        let image = &self.policy.image;
        let unused = image.width.wrapping_mul(64).wrapping_sub(image.actions());
        let first = self.new_words(image.width, u64::MAX);
        if let Some(last) = self.words.last_mut() {
            *last = last.wrapping_shr(unused);
        }
        first
    }

    /// The first of some more words, each of these bits.
    pub(super) fn new_words(&mut self, count: u32, bits: u64) -> u32 {
        let first = self.words.len();
        for _ in 0..count {
            self.words.push(bits);
        }
        place_of(first) | OWN
    }

    /// Adds bits to a word of the request's own.
    pub(super) fn add(&mut self, first: u32, word: u32, bits: u64) {
        let place = first.wrapping_sub(OWN).wrapping_add(word);
        if let Some(place) = self.words.get_mut(size(place)) {
            *place |= bits;
        }
    }

    fn ids_of(&mut self, items: &[Text<'a>]) -> AttributeValue {
        let first = place_of(self.ids.len());
        let mut has_undeclared = false;
        for item in items {
            if item.is_empty() {
                has_undeclared = true;
            } else {
                self.ids.push(*item);
            }
        }
        let count = place_of(self.ids.len()).wrapping_sub(first);
        AttributeValue::Ids { first: first | OWN, count, has_undeclared }
    }

    pub(super) fn put(&mut self, attribute: u32, value: AttributeValue) {
        if let Some(place) = self.values.get_mut(size(attribute)) {
            *place = value;
        }
    }
}

/// An index into what one request holds, which is below 2^31: a text has at most 2^30 bytes, and levels count their words.
fn place_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
