//! From what was found at places to values of attributes.

use super::attributes::Attributes;
use super::derive::{FEW, NARROW};
use super::grants::{DefaultGrants, GrantList, Organization};
use super::listed::Listed;
use super::value::{ALL, AttributeValue, Input, LISTED_SCOPES, OWN, number_of, position};
use crate::address::{Address, MAX_TEXT_BYTES, Network};
use crate::date_time;
use crate::json::Text;
use crate::policy::image::layout::{ACTION_NAMES, NONE, RESOURCE_TYPES, SCOPES};
use crate::policy::image::{
    AttributeRecord, AttributeType, Level, PlaceRecord, Purpose, Purposes, Span, size,
};
use crate::policy::vocabulary::KnownPlace;

impl<'a> Attributes<'a> {
    /// Ends the reading: works out the derived sets, and which ids are equal. After this no text is
    /// compared any more.
    pub(crate) fn seal(mut self) -> Self {
        self.derive();
        self.rank();
        self.put_ranks();
        self
    }

    /// Puts a string at a place, if the policy reads it.
    pub(crate) fn set_str(&mut self, place: &KnownPlace, text: &'a str) {
        self.set_text(place, Text::plain(text));
    }

    /// Puts a string that was read at a place, if the policy reads it.
    pub(crate) fn set_text(&mut self, place: &KnownPlace, text: Text<'a>) {
        self.set_at(place, Input::Text(text));
    }

    /// Puts an explicit null at a place, if the policy reads it.
    pub(crate) fn set_null(&mut self, place: &KnownPlace) {
        self.set_at(place, Input::Null);
    }

    /// Puts a number at a place, if the policy reads it.
    pub(crate) fn set_number(&mut self, place: &KnownPlace, number: u64) {
        self.set_at(place, i64::try_from(number).map_or(Input::Other, Input::Integer));
    }

    /// Puts a list of strings at a place, if the policy reads it.
    pub(crate) fn set_texts(&mut self, place: &KnownPlace, texts: &[Text<'a>]) {
        let list = self.list_of(texts.iter().copied());
        self.set_at(place, list);
    }

    fn set_at(&mut self, place: &KnownPlace, input: Input<'a>) {
        if let Some(place) = self.image.known_place(place.number) {
            self.set(place, input);
        }
    }

    /// Takes what was found at a place as the value of each attribute that is read there, and for
    /// the other purposes of the place.
    pub(super) fn set(&mut self, place: PlaceRecord<'a>, input: Input<'a>) {
        let image = self.image;
        for reader in place.readers().indices() {
            self.read_attribute(image.reader(reader), input);
        }
        if !place.purposes().is_empty() {
            self.set_derived(place.purposes(), input);
        }
        if place.children() > 0 && !input.is_object_or_null() {
            self.lose_below(place);
        }
        self.end_list();
    }

    /// Makes what was found at an attribute's place its value.
    ///
    /// Each arm puts its own value: to return it and put it after the `match` takes twice as long.
    pub(super) fn read_attribute(&mut self, index: u32, input: Input<'a>) {
        let image = self.image;
        let Some(attribute) = image.attribute(index) else { return };
        let values = u32::from(attribute.values());
        self.put(index, AttributeValue::Unusable);
        match attribute.kind() {
            _ if matches!(input, Input::Null) => self.put(index, AttributeValue::Null),
            Some(AttributeType::Bool) => {
                if let Input::Bool(value) = input {
                    self.put(index, AttributeValue::Bool(value));
                }
            }
            Some(AttributeType::Enum) => {
                if let Some(symbol) = input.text().and_then(|text| image.value(values, text)) {
                    self.put(index, AttributeValue::Symbol(symbol));
                }
            }
            Some(AttributeType::Id) => {
                if let Some(id) = input.id() {
                    let place = self.push_id(id);
                    self.put(index, AttributeValue::Id(place));
                }
            }
            Some(kind @ (AttributeType::Int | AttributeType::Time)) => {
                let number = match input {
                    Input::Integer(number) => Some(number),
                    Input::Text(text) if kind == AttributeType::Time => date_time::read(text),
                    Input::Null
                    | Input::Bool(_)
                    | Input::Text(_)
                    | Input::List(_)
                    | Input::Address(_)
                    | Input::Object
                    | Input::Other => None,
                };
                if let Some(number) = number
                    && (attribute.min()..=attribute.max()).contains(&number)
                {
                    self.put(index, AttributeValue::Integer(number));
                }
            }
            Some(AttributeType::EnumSet | AttributeType::IdSet | AttributeType::IpSet) => {
                if let Input::List(items) = input {
                    self.read_set(index, attribute, items);
                }
            }
            Some(AttributeType::Ip) => {
                if let Some(address) = input.address() {
                    let value = self.address_value(address);
                    self.put(index, value);
                }
            }
            // The derived sets are read at no place.
            Some(AttributeType::Permissions | AttributeType::Scopes) | None => {}
        }
    }

    /// Makes a list that was found at the place of a set its value.
    fn read_set(&mut self, index: u32, attribute: AttributeRecord<'a>, items: Span) {
        let set = match attribute.kind() {
            Some(AttributeType::EnumSet) => {
                Some(self.symbols(u32::from(attribute.values()), items))
            }
            Some(AttributeType::IpSet) => self.networks(items),
            Some(AttributeType::IdSet) => Some(self.id_set(items)),
            Some(
                AttributeType::Bool
                | AttributeType::Enum
                | AttributeType::Id
                | AttributeType::Int
                | AttributeType::Time
                | AttributeType::Ip
                | AttributeType::Permissions
                | AttributeType::Scopes,
            )
            | None => None,
        };
        if let Some(set) = set.filter(|set| attribute.open() || !set.has_undeclared()) {
            self.put(index, set);
        }
    }

    /// Notes what the derived sets depend on, and the action.
    fn set_derived(&mut self, purposes: Purposes, input: Input<'a>) {
        if !matches!(input, Input::Null) {
            self.standing = self.standing.with(purposes);
        }
        if purposes.has(Purpose::SubjectAccount) {
            self.subject_account = input.id();
        }
        if purposes.has(Purpose::ResourceAccount) {
            self.resource_account = input.id();
        }
        if purposes.has(Purpose::Organization) {
            self.organization = match (input, input.id()) {
                (Input::Null, _) => Organization::Account,
                (_, Some(id)) => Organization::Id(id),
                (_, None) => Organization::Missing,
            };
        }
        if let Some(text) = input.text() {
            let image = self.image;
            if purposes.has(Purpose::SubjectType) {
                let found = image.defaults(text);
                self.defaults = DefaultGrants {
                    account: found.map_or(NONE, |found| found.account()),
                    organization: found.map_or(NONE, |found| found.organization()),
                };
            }
            if purposes.has(Purpose::ActionName) {
                self.action = image.value(ACTION_NAMES, text);
            }
            if purposes.has(Purpose::ResourceType) {
                self.resource_type = image.value(RESOURCE_TYPES, text);
            }
        }
        for (purpose, list) in [
            (Purpose::SubjectRoles, GrantList::Roles),
            (Purpose::SubjectPermissions, GrantList::Permissions),
        ] {
            if purposes.has(purpose) {
                let mut account = self.account;
                self.give(&mut account, Level::Account, list, input);
                self.account = account;
            }
        }
        if purposes.has(Purpose::Scopes)
            && let Some(items) = input.list()
        {
            let scopes = if items.indices().any(|item| self.item(item) == *"*") {
                ALL
            } else {
                self.scopes(items)
            };
            let scopes = AttributeValue::known_symbols(scopes, self.image.width);
            self.put(SCOPES.into(), scopes);
        }
    }

    /// The set of the items that are values of an enum.
    fn symbols(&mut self, values: u32, items: Span) -> AttributeValue {
        let width = self.image.values(values).count.div_ceil(64);
        let first = self.new_words(width, 0);
        let mut has_undeclared = false;
        for item in items.indices() {
            match self.image.value(values, self.item(item)).map(position) {
                Some((word, bit)) => self.add(first, word, bit),
                None => has_undeclared = true,
            }
        }
        AttributeValue::Symbols { sure: first, perhaps: first, width, has_undeclared }
    }

    /// The first word of the set of the actions among the items.
    fn scopes(&mut self, items: Span) -> u32 {
        let image = self.image;
        if image.width <= NARROW || items.count > FEW {
            let AttributeValue::Symbols { sure, .. } = self.symbols(ACTION_NAMES, items) else {
                return NONE;
            };
            return sure;
        }
        let mut listed = Span::default();
        for item in items.indices() {
            if let Some(action) = image.value(ACTION_NAMES, self.item(item)) {
                self.push_listed(&mut listed, Listed::Action(action));
            }
        }
        self.scopes = listed;
        LISTED_SCOPES
    }

    /// Adds words that have these bits each, and gives the number of the first.
    pub(super) fn new_words(&mut self, count: u32, bits: u64) -> u32 {
        let first = self.words.len();
        for _ in 0..count {
            self.words.push(bits);
        }
        number_of(first) | OWN
    }

    /// Adds bits to one of the request's own words.
    pub(super) fn add(&mut self, first: u32, word: u32, bits: u64) {
        let place = first.wrapping_sub(OWN).wrapping_add(word);
        if let Some(place) = self.words.get_mut(size(place)) {
            *place |= bits;
        }
    }

    fn address_value(&mut self, address: Address) -> AttributeValue {
        let first = number_of(self.networks.len()) | OWN;
        self.networks.push(Network::from(address));
        AttributeValue::Networks { first, count: 1 }
    }

    /// The set of the networks that are the items; none where one of them is no network.
    fn networks(&mut self, items: Span) -> Option<AttributeValue> {
        let first = number_of(self.networks.len()) | OWN;
        for item in items.indices() {
            let text = self.item(item);
            self.networks.push(Network::parse(text.short(&mut [0; MAX_TEXT_BYTES])?)?);
        }
        Some(AttributeValue::Networks { first, count: items.count })
    }

    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(super) fn put(&mut self, attribute: u32, value: AttributeValue) {
        if let Some(place) = self.values.get_mut(size(attribute)) {
            *place = value;
        }
    }
}
