//! Reading a request from JSON, straight into the attributes' slots.

use super::level::{Input, Level, Membership};
use super::value::Scalar;
use super::{Bounds, Organization, Request, Slot, malformed};
use crate::error::{Code, Error};
use crate::json::{Limits, Names, Reader, Text, Value};
use crate::order::sorted;
use crate::policy::Policy;
use crate::policy::image::layout::{self, duty, kind, level};
use crate::policy::image::{Place, size};
use alloc::vec::Vec;

/// How many bytes a request, a batch, a search, facts or a caller's context may have (section 16 of
/// `docs/policy-language.md`).
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use cog_auth::{Code, policy::{MAX_REQUEST_BYTES, Policy}};
///
/// let (policy, large) = (Policy::builtin(), vec![b' '; MAX_REQUEST_BYTES + 1]);
/// let error = policy.request(&large).unwrap_err();
/// assert_eq!((error.code(), error.offset()), (Code::MalformedRequest, Some(MAX_REQUEST_BYTES)));
/// assert_eq!(error.message(), "the text is over the limit of bytes");
/// # }
/// ```
pub const MAX_REQUEST_BYTES: usize = 262_144;

pub(crate) const REQUEST_LIMITS: Limits = Limits { bytes: MAX_REQUEST_BYTES, depth: 32 };

const TWICE: &str = "a member name stands twice in one object";

/// Which part of a request must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// All of a single evaluation.
    Evaluation,
    /// What an action search has: `action`, `evaluations` and `options` are not looked at.
    Search,
}

/// What reading keeps between values: scratch space, reused.
#[derive(Debug, Default)]
pub(crate) struct Scratch<'a> {
    names: Names<'a>,
    items: Vec<Option<Text<'a>>>,
}

impl<'a> Request<'a> {
    /// Reads a single evaluation, or what a search needs of one.
    pub(crate) fn read(policy: &'a Policy, text: &'a [u8], needs: Needs) -> Result<Self, Error> {
        Self::read_whole(policy, text, needs)
            .map_err(|error| error.with_code(Code::MalformedRequest))
    }

    fn read_whole(policy: &'a Policy, text: &'a [u8], needs: Needs) -> Result<Self, Error> {
        let mut reader = Reader::new(text, REQUEST_LIMITS)?;
        let mut scratch = Scratch::default();
        let mut request = Self::empty(policy);
        if !matches!(reader.value()?, Value::Object) {
            return Err(malformed(0, "a request is an object"));
        }
        let mut seen = Entities::default();
        let mark = scratch.names.mark();
        while let Some(name) = reader.member()? {
            scratch.names.push(name);
            match Entity::named(name) {
                Some(Entity::Action) if needs == Needs::Search => reader.skip()?,
                Some(entity) => {
                    seen.add(entity);
                    request.read_entity(&mut reader, &mut scratch, entity)?;
                }
                None => reader.skip()?,
            }
        }
        if scratch.names.close(mark) {
            return Err(malformed(reader.offset(), TWICE));
        }
        reader.end()?;
        seen.check(needs)?;
        Ok(request.seal())
    }

    /// Reads one of the four parts of a request.
    pub(crate) fn read_entity(
        &mut self,
        reader: &mut Reader<'a>,
        scratch: &mut Scratch<'a>,
        entity: Entity,
    ) -> Result<(), Error> {
        self.read_at(reader, scratch, &[entity.name()])
    }

    /// Reads a value at a place, given by its names; a place that nothing reads is read over.
    pub(crate) fn read_at(
        &mut self,
        reader: &mut Reader<'a>,
        scratch: &mut Scratch<'a>,
        names: &[&str],
    ) -> Result<(), Error> {
        match self.find(names) {
            Some(place) => self.read_place(reader, scratch, place),
            None => reader.skip(),
        }
    }

    /// The place with these names, from the root.
    pub(super) fn find(&self, names: &[&str]) -> Option<Place> {
        let image = &self.policy.image;
        names.iter().try_fold(image.place(0)?, |place, name| {
            image.place(image.child(place, Text::plain(name))?)
        })
    }

    fn read_place(
        &mut self,
        reader: &mut Reader<'a>,
        scratch: &mut Scratch<'a>,
        place: Place,
    ) -> Result<(), Error> {
        let start = reader.next_offset();
        let value = reader.value()?;
        match value {
            Value::Object if place.children > 0 => {
                self.read_children(reader, scratch, place)?;
                self.set_derived_scalar(place.duties, value.into());
            }
            _ if place.duties & duty::OBJECT != 0 => {
                return Err(malformed(start, "an object is expected here"));
            }
            Value::Array if place.duties & duty::MEMBERSHIPS != 0 => {
                // An attribute may be read at this place too.
                read_items(&mut reader.clone(), &mut scratch.items)?;
                self.set_list(place, &scratch.items);
                self.read_memberships(reader, scratch)?;
            }
            Value::Array => {
                read_items(reader, &mut scratch.items)?;
                self.set_list(place, &scratch.items);
            }
            _ => {
                reader.skip_rest(value)?;
                self.set_scalar(place, value.into());
            }
        }
        if place.duties & duty::STRING != 0 && !matches!(value, Value::String(_)) {
            return Err(malformed(start, "a string is expected here"));
        }
        Ok(())
    }

    fn read_children(
        &mut self,
        reader: &mut Reader<'a>,
        scratch: &mut Scratch<'a>,
        place: Place,
    ) -> Result<(), Error> {
        let image = &self.policy.image;
        let mut strings = place.strings;
        let mark = scratch.names.mark();
        while let Some(name) = reader.member()? {
            scratch.names.push(name);
            let child = image.child(place, name);
            match child.and_then(|child| image.place(child)) {
                Some(child) => {
                    self.read_place(reader, scratch, child)?;
                    if child.duties & duty::STRING != 0 {
                        strings = strings.saturating_sub(1);
                    }
                }
                None => reader.skip()?,
            }
        }
        if scratch.names.close(mark) {
            return Err(malformed(reader.offset(), TWICE));
        }
        if strings > 0 {
            return Err(malformed(reader.offset(), "an entity lacks its `type`, `id` or `name`"));
        }
        Ok(())
    }

    fn read_memberships(
        &mut self,
        reader: &mut Reader<'a>,
        scratch: &mut Scratch<'a>,
    ) -> Result<(), Error> {
        let mut memberships = Vec::new();
        while reader.element()? {
            let mut membership = Membership::default();
            match reader.value()? {
                Value::Object => {
                    membership.is_object = true;
                    self.read_membership(reader, scratch, &mut membership)?;
                }
                other => reader.skip_rest(other)?,
            }
            memberships.push(membership);
        }
        self.memberships = Some(memberships);
        Ok(())
    }

    fn read_membership(
        &mut self,
        reader: &mut Reader<'a>,
        scratch: &mut Scratch<'a>,
        membership: &mut Membership<'a>,
    ) -> Result<(), Error> {
        let mark = scratch.names.mark();
        while let Some(name) = reader.member()? {
            scratch.names.push(name);
            let roles = name == *"roles";
            if name == *"organization" {
                let value = reader.value()?;
                reader.skip_rest(value)?;
                membership.organization = Scalar::from(value).id();
            } else if roles || name == *"permissions" {
                let level = &mut membership.level;
                match reader.value()? {
                    Value::Null => {}
                    Value::Array => {
                        read_items(reader, &mut scratch.items)?;
                        if roles {
                            self.give_roles(level, level::ORGANIZATION, &scratch.items);
                        } else {
                            self.give_permissions(level, level::ORGANIZATION, &scratch.items);
                        }
                    }
                    other => {
                        reader.skip_rest(other)?;
                        *if roles { &mut level.roles } else { &mut level.permissions } =
                            Input::IllTyped;
                    }
                }
            } else {
                reader.skip()?;
            }
        }
        if scratch.names.close(mark) {
            return Err(malformed(reader.offset(), TWICE));
        }
        Ok(())
    }

    /// Works out the derived sets and what ids are equal; nothing is read after this, and no text compared.
    pub(crate) fn seal(mut self) -> Self {
        self.derive();
        self.rank();
        self
    }

    fn rank(&mut self) {
        let image = &self.policy.image;
        let mut next = image.count(layout::IDS);
        let mut last: Option<(Text<'a>, u32)> = None;
        self.ranks.resize(self.ids.len(), 0);
        for (id, place) in sorted(self.ids.iter().copied().zip(0_usize..).collect()) {
            let rank = match last {
                Some((same, rank)) if same == id => rank,
                _ => image.id(id).unwrap_or_else(|| {
                    next = next.saturating_add(1);
                    next
                }),
            };
            last = Some((id, rank));
            if let Some(place) = self.ranks.get_mut(place) {
                *place = rank;
            }
        }
        for slot in &self.slots {
            if let Slot::Ids { first, count, .. } = *slot {
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
    pub(crate) fn set_texts(&mut self, names: &[&str], texts: impl Iterator<Item = &'a str>) {
        if let Some(place) = self.find(names) {
            let items: Vec<Option<Text<'a>>> = texts.map(|text| Some(Text::plain(text))).collect();
            self.set_list(place, &items);
        }
    }

    /// Puts a scalar, or an object that nothing enters, at a place.
    pub(super) fn set_scalar(&mut self, place: Place, value: Scalar<'a>) {
        for reader in place.reader..place.reader.saturating_add(place.readers) {
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
        if place.duties != 0 {
            self.set_derived_scalar(place.duties, value);
        }
    }

    fn set_derived_scalar(&mut self, duties: u16, value: Scalar<'a>) {
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

    /// Puts a list at a place; an item that is none is no string.
    pub(super) fn set_list(&mut self, place: Place, items: &[Option<Text<'a>>]) {
        for reader in place.reader..place.reader.saturating_add(place.readers) {
            let index = self.policy.image.reader(reader);
            let Some(attribute) = self.policy.image.attribute(index) else { continue };
            let slot = if items.iter().any(Option::is_none) {
                Slot::Unusable
            } else {
                let slot = match attribute.kind {
                    kind::ENUM_SET => self.symbols(attribute.values, items),
                    kind::ID_SET => self.ids_of(items),
                    _ => Slot::Unusable,
                };
                match slot {
                    Slot::Symbols { alien: true, .. } | Slot::Ids { alien: true, .. }
                        if !attribute.open =>
                    {
                        Slot::Unusable
                    }
                    slot => slot,
                }
            };
            self.put(index, slot);
        }
        let mut account: Level = self.account;
        if place.duties & duty::SUBJECT_ROLES != 0 {
            self.give_roles(&mut account, level::ACCOUNT, items);
        }
        if place.duties & duty::SUBJECT_PERMISSIONS != 0 {
            self.give_permissions(&mut account, level::ACCOUNT, items);
        }
        self.account = account;
        if place.duties & duty::SCOPES != 0 {
            self.set_scopes(items);
        }
    }

    fn set_scopes(&mut self, items: &[Option<Text<'a>>]) {
        if items.iter().any(Option::is_none) {
            return;
        }
        let all = items.iter().flatten().any(|item| *item == *"*");
        let first = if all { self.all_symbols() } else { self.symbol_words(0, items).0 };
        self.scopes = Some(Bounds { sure: first, perhaps: first });
    }

    fn symbols(&mut self, values: u32, items: &[Option<Text<'a>>]) -> Slot {
        let (first, alien) = self.symbol_words(values, items);
        Slot::Symbols { first: place_of(first), alien }
    }

    /// A bit set of items: its first word, and whether an item is no value of the enum.
    fn symbol_words(&mut self, values: u32, items: &[Option<Text<'a>>]) -> (usize, bool) {
        let image = &self.policy.image;
        let count = size(image.values(values).1);
        let first = self.words.len();
        self.words.resize(first.saturating_add(count.div_ceil(64)), 0);
        let mut alien = false;
        for item in items.iter().flatten() {
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
    fn all_symbols(&mut self) -> usize {
        let image = &self.policy.image;
        let first = self.words.len();
        let actions = image.actions();
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

    fn ids_of(&mut self, items: &[Option<Text<'a>>]) -> Slot {
        let first = self.ids.len();
        self.ids.extend(items.iter().flatten().filter(|item| !item.is_empty()));
        let alien = items.iter().flatten().any(|item| item.is_empty());
        let count = self.ids.len().saturating_sub(first);
        Slot::Ids { first: place_of(first), count: place_of(count), alien }
    }

    fn put(&mut self, index: u32, slot: Slot) {
        if let Some(place) = self.slots.get_mut(size(index)) {
            *place = slot;
        }
    }
}

/// One of the four parts of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entity {
    Subject,
    Action,
    Resource,
    Context,
}

impl Entity {
    pub(crate) const ALL: [Self; 4] = [Self::Subject, Self::Action, Self::Resource, Self::Context];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Action => "action",
            Self::Resource => "resource",
            Self::Context => "context",
        }
    }

    pub(crate) fn named(name: Text<'_>) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| name == *entity.name())
    }
}

/// Which parts were there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Entities {
    subject: bool,
    action: bool,
    resource: bool,
}

impl Entities {
    pub(crate) fn add(&mut self, entity: Entity) {
        match entity {
            Entity::Subject => self.subject = true,
            Entity::Action => self.action = true,
            Entity::Resource => self.resource = true,
            Entity::Context => {}
        }
    }

    pub(crate) fn check(self, needs: Needs) -> Result<(), Error> {
        let action = self.action || needs == Needs::Search;
        if self.subject && action && self.resource {
            Ok(())
        } else {
            Err(Error::new(Code::MalformedRequest)
                .because("a request has `subject`, `action` and `resource`"))
        }
    }
}

/// An index into what one request holds, which is far below 2^32.
fn place_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Reads the items of an array that is open; one that is no string is kept as none.
fn read_items<'a>(reader: &mut Reader<'a>, items: &mut Vec<Option<Text<'a>>>) -> Result<(), Error> {
    items.clear();
    while reader.element()? {
        let value = reader.value()?;
        reader.skip_rest(value)?;
        items.push(match value {
            Value::String(text) => Some(text),
            _ => None,
        });
    }
    Ok(())
}
