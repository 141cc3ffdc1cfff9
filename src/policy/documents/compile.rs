//! Writing a checked policy as an image.

use super::fields::Strings;
use super::model::{Condition, DeclaredType, Model, Operand};
use super::names::{NameMap, sorted};
use super::roles::{in_order, inherited};
use super::tree::Node;
use crate::crypto::crc32::crc32;
use crate::json::MAX_SAFE_INTEGER;
use crate::policy::Digest;
use crate::policy::image::layout::{self, NONE};
use crate::policy::image::{AttributeType, Level, OperandKind, Purpose, Purposes};
use alloc::string::String;
use alloc::vec::Vec;

/// The image of a policy.
pub(super) fn image(model: &Model<'_>, digest: Digest) -> Vec<u8> {
    let mut image = Compiler {
        model,
        sections: alloc::vec![Vec::new(); layout::ALL.len()],
        nowhere: Vec::new(),
        strings: NameMap::default(),
        ids: NameMap::default(),
        action_rules: alloc::vec![Vec::new(); model.actions.len().saturating_add(1)],
    };
    image.levels();
    image.enums();
    image.attributes();
    image.places();
    image.ids();
    image.rules();
    image.actions();
    image.roles();
    image.routes();
    image.finish(digest)
}

struct Compiler<'m> {
    model: &'m Model<'m>,
    sections: Vec<Vec<u8>>,
    /// What a section that the layout does not have would hold: never used.
    nowhere: Vec<u8>,
    strings: NameMap<'m>,
    /// The ids that conditions name, by their index.
    ids: NameMap<'m>,
    /// The rules of each action, and at the end those of all.
    action_rules: Vec<Vec<u32>>,
}

impl<'m> Compiler<'m> {
    /// The masks of both levels, which come first among the words.
    fn levels(&mut self) {
        for wanted in [Level::Account, Level::Organization] {
            let members = self.permissions_of(wanted);
            self.set(&members);
        }
    }

    fn enums(&mut self) {
        for values in &self.model.enums {
            let first = self.next(layout::LISTS);
            for value in values {
                let value = self.string(value);
                self.push(layout::LISTS, &[value]);
            }
            self.push(layout::ENUMS, &[first, number(values.len())]);
        }
    }

    fn attributes(&mut self) {
        for (index, attribute) in self.model.attributes.iter().enumerate() {
            let (kind, values, min, max) = match attribute.kind {
                _ if index == 1 => (AttributeType::Permissions, 0, 0, 0),
                _ if index == 2 => (AttributeType::Scopes, 0, 0, 0),
                DeclaredType::Bool => (AttributeType::Bool, 0, 0, 0),
                DeclaredType::Enum(values) => (AttributeType::Enum, values, 0, 0),
                DeclaredType::Id(_) => (AttributeType::Id, 0, 0, 0),
                DeclaredType::Int(min, max) => (AttributeType::Int, 0, min, max),
                DeclaredType::Time => (AttributeType::Time, 0, 0, MAX_SAFE_INTEGER),
                DeclaredType::EnumSet(values) => (AttributeType::EnumSet, values, 0, 0),
                DeclaredType::IdSet(_) => (AttributeType::IdSet, 0, 0, 0),
            };
            let pointer = self.string(&attribute.pointer);
            let first = word(kind.byte(), u8::from(attribute.open), values);
            let ([a, b], [c, d]) = (halves(min), halves(max));
            self.push(layout::ATTRIBUTES, &[first, pointer, a, b, c, d]);
        }
    }

    /// The tree of pointers, level by level, so that the children of a place stand together.
    fn places(&mut self) {
        let mut places = alloc::vec![PlaceDraft::default()];
        for (path, purposes) in BUILTIN_PLACES {
            if let Some(place) = at(&mut places, path.split('/')) {
                place.purposes = Purposes::of(purposes);
            }
        }
        for (index, attribute) in self.model.attributes.iter().enumerate().skip(3) {
            if let Some(place) = at(&mut places, attribute.path.iter().map(String::as_str)) {
                place.readers.push(number(index));
            }
        }
        let mut queue = alloc::vec![0];
        let mut next = 0_usize;
        while let Some(place) = queue.get(next).and_then(|place| places.get(*place)) {
            let (child, reader) = (number(queue.len()), self.next(layout::READERS));
            self.push(layout::READERS, &place.readers);
            let children = place.children.numbers();
            let must = |child: &&usize| {
                places.get(**child).is_some_and(|child| child.purposes.has(Purpose::String))
            };
            let strings = number(children.iter().filter(must).count());
            let counts = u32::from(place.purposes.0).wrapping_shl(16) | number(children.len());
            let name = self.string(place.name);
            let readers = number(place.readers.len());
            self.push(layout::PLACES, &[name, child, counts, reader, readers, strings]);
            queue.extend(children);
            next = next.saturating_add(1);
        }
    }

    /// The ids that conditions name.
    fn ids(&mut self) {
        let model = self.model;
        let mut conditions: Vec<&Condition<'_>> = model.conditions.iter().collect();
        conditions.extend(&model.invariants.items);
        for rule in &model.rules.items {
            conditions.push(&rule.when);
            conditions.extend(&rule.must);
        }
        let mut ids = NameMap::default();
        for part in conditions.into_iter().flatten() {
            match part.right {
                Operand::Text(text) => {
                    ids.add(text, 0);
                }
                Operand::Texts(node) => {
                    for text in node.items().iter().filter_map(Node::text) {
                        ids.add(text, 0);
                    }
                }
                _ => {}
            }
        }
        for (index, id) in ids.names().into_iter().enumerate() {
            let string = self.string(id);
            self.push(layout::IDS, &[string]);
            self.ids.add(id, index);
        }
    }

    fn id(&self, text: &str) -> u32 {
        self.ids.find(text).map_or(NONE, number)
    }

    /// Conditions, rules and invariants, each with its nodes, in this order.
    fn rules(&mut self) {
        let model = self.model;
        for condition in &model.conditions {
            let root = self.condition(condition);
            self.push(layout::CONDITIONS, &[root]);
        }
        for (index, rule) in model.rules.sorted().enumerate() {
            let (id, when) = (self.string(rule.id), self.condition(&rule.when));
            let must = rule.must.as_ref().map_or(NONE, |must| self.condition(must));
            let (code, message) = rule.reason.unzip();
            let code = code.map_or(NONE, |code| self.string(code));
            let message = message.flatten().map_or(NONE, |message| self.string(message));
            let effect = word(rule.effect.byte(), u8::from(rule.challenge), 0);
            self.push(layout::RULES, &[id, effect, when, must, code, message]);
            let all = alloc::vec![model.actions.len()];
            let actions = rule.actions.as_ref().map_or(all, |names| {
                names.iter().filter_map(|(name, _)| model.symbol(0, name)).collect()
            });
            for action in actions {
                let Some(rules) = self.action_rules.get_mut(action) else { continue };
                if rules.last() != Some(&number(index)) {
                    rules.push(number(index));
                }
            }
        }
        for (id, never) in model.invariants.ids.names().into_iter().zip(model.invariants.sorted()) {
            let (id, root) = (self.string(id), self.condition(never));
            self.push(layout::INVARIANTS, &[id, root]);
        }
    }

    fn actions(&mut self) {
        let model = self.model;
        let lists = core::mem::take(&mut self.action_rules);
        let mut actions = model.actions.iter();
        for rules in lists {
            let (level, implies) = match actions.next() {
                Some(action) => (action.level, self.names(&action.implies)),
                None => (None, NONE),
            };
            let level = match level {
                None => 0,
                Some(level) => u32::from(level.byte()),
            };
            let first = self.next(layout::ACTION_RULES);
            self.push(layout::ACTIONS, &[level, implies, first, number(rules.len())]);
            self.push(layout::ACTION_RULES, &rules);
        }
    }

    fn roles(&mut self) {
        let model = self.model;
        let given = self.given();
        for number in model.roles.ids.numbers() {
            let Some(role) = model.roles.items.get(number) else { continue };
            let set = self.set_or_none(given.get(number).map_or(&[], Vec::as_slice));
            let name = self.string(role.id);
            let level = u32::from(role.level.byte());
            self.push(layout::ROLES, &[name, level, set]);
        }
        for (kind, roles) in &model.defaults {
            let account = self.union(&given, roles, Level::Account);
            let organization = self.union(&given, roles, Level::Organization);
            let kind = self.string(kind);
            self.push(layout::DEFAULTS, &[kind, account, organization]);
        }
    }

    /// What each role gives, with all that it inherits.
    fn given(&self) -> Vec<Vec<u64>> {
        let roles = &self.model.roles.items;
        let mut given = alloc::vec![Vec::new(); roles.len()];
        for number in in_order(self.model) {
            let Some(role) = roles.get(number) else { continue };
            let mut members = if role.all {
                self.permissions_of(role.level)
            } else {
                self.members(&role.permissions)
            };
            for (_, _, inherited) in inherited(self.model, number) {
                unite(&mut members, given.get(inherited));
            }
            given.get_mut(number).into_iter().for_each(|given| *given = members.clone());
        }
        given
    }

    /// The first word of what roles of a level give together; none for nothing.
    fn union(&mut self, given: &[Vec<u64>], roles: &Strings<'_>, wanted: Level) -> u32 {
        let mut members = empty(self.model.actions.len());
        for (name, _) in roles {
            let Some(number) = self.model.roles.ids.find(name) else { continue };
            if self.model.roles.items.get(number).is_some_and(|role| role.level == wanted) {
                unite(&mut members, given.get(number));
            }
        }
        self.set_or_none(&members)
    }

    /// The tree of path templates, level by level.
    fn routes(&mut self) {
        let shapes = &self.model.routes.shapes;
        let mut queue = alloc::vec![0];
        let mut next = 0_usize;
        while let Some(shape) = queue.get(next).and_then(|shape| shapes.get(*shape)) {
            let (child, route) = (number(queue.len()), self.next(layout::ROUTES));
            let literals = shape.literals.numbers();
            let count = number(literals.len());
            let parameter = shape.parameter.map_or(NONE, |_| child.saturating_add(count));
            queue.extend(literals);
            queue.extend(shape.parameter);
            for route in &shape.routes {
                let record = [
                    self.string(route.method),
                    self.model.symbol(0, route.action).map_or(NONE, number),
                    route.organization.map_or(NONE, number),
                    route.encoded,
                    self.names(&route.undecided),
                ];
                self.push(layout::ROUTES, &record);
            }
            let literal = shape.literal.map_or(NONE, |literal| self.string(literal));
            let routes = number(shape.routes.len());
            self.push(layout::SEGMENTS, &[literal, child, count, parameter, route, routes]);
            next = next.saturating_add(1);
        }
    }

    /// Writes the nodes of a condition and says where they begin.
    fn condition(&mut self, parts: &'m Condition<'m>) -> u32 {
        let root = self.next(layout::NODES);
        for part in parts {
            let index = self.next(layout::NODES);
            let (operand, [a, b]) = match part.right {
                Operand::Parts(own) => (
                    OperandKind::Attribute,
                    [index.saturating_add(1).saturating_add(number(own)), 0],
                ),
                Operand::Named(condition) => (OperandKind::Attribute, [number(condition), 0]),
                Operand::Attribute(other) => (OperandKind::Attribute, [number(other), 0]),
                Operand::Symbol(symbol) => (OperandKind::Number, [number(symbol), 0]),
                Operand::Integer(integer) => (OperandKind::Number, halves(integer)),
                Operand::Text(text) => (OperandKind::Id, [self.id(text), 0]),
                Operand::Symbols(values, node) => {
                    let members = self.symbols(values, node.items().iter().filter_map(Node::text));
                    (OperandKind::Words, [self.set(&members), 0])
                }
                Operand::Texts(node) => {
                    // The order of ids is that of their texts.
                    let texts = sorted(node.items().iter().filter_map(Node::text));
                    let ids: Vec<u32> = texts.into_iter().map(|text| self.id(text)).collect();
                    let first = self.next(layout::LISTS);
                    self.push(layout::LISTS, &ids);
                    (OperandKind::List, [first, number(ids.len())])
                }
            };
            self.push(
                layout::NODES,
                &[word(part.kind.byte(), operand.byte(), part.attribute), a, b],
            );
        }
        root
    }

    /// The set of actions with these names: its first word, or none for no names.
    fn names(&mut self, names: &Strings<'_>) -> u32 {
        let members = self.members(names);
        self.set_or_none(&members)
    }

    /// The set of actions with these names.
    fn members(&self, names: &Strings<'_>) -> Vec<u64> {
        self.symbols(0, names.iter().map(|(name, _)| *name))
    }

    /// The set of the values of an enum with these names.
    fn symbols<'t>(&self, values: usize, texts: impl Iterator<Item = &'t str>) -> Vec<u64> {
        let mut members = empty(self.model.values(values).len());
        for text in texts {
            if let Some(member) = self.model.symbol(values, text) {
                put(&mut members, member);
            }
        }
        members
    }

    fn permissions_of(&self, wanted: Level) -> Vec<u64> {
        let mut members = empty(self.model.actions.len());
        for (index, action) in self.model.actions.iter().enumerate() {
            if action.level == Some(wanted) {
                put(&mut members, index);
            }
        }
        members
    }

    /// Writes a bit set and says where it begins.
    fn set(&mut self, words: &[u64]) -> u32 {
        let first = self.next(layout::WORDS);
        self.section(layout::WORDS).extend(words.iter().flat_map(|word| word.to_le_bytes()));
        first
    }

    /// As [`Image::set`], but writes nothing for an empty one.
    fn set_or_none(&mut self, words: &[u64]) -> u32 {
        if words.iter().all(|word| *word == 0) { NONE } else { self.set(words) }
    }

    /// The index of a string, which it writes where it is new.
    fn string(&mut self, text: &'m str) -> u32 {
        if let Some(id) = self.strings.find(text) {
            return number(id);
        }
        let id = self.next(layout::STRINGS);
        let start = self.next(layout::TEXT);
        self.section(layout::TEXT).extend(text.as_bytes());
        self.push(layout::STRINGS, &[start, number(text.len())]);
        self.strings.add(text, crate::policy::image::size(id));
        id
    }

    fn push(&mut self, section: layout::Section, words: &[u32]) {
        self.section(section).extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }

    /// The index of the next record of a section.
    fn next(&mut self, section: layout::Section) -> u32 {
        number(self.section(section).len().checked_div(usize::from(section.record)).unwrap_or(0))
    }

    fn section(&mut self, section: layout::Section) -> &mut Vec<u8> {
        self.sections.get_mut(usize::from(section.index)).unwrap_or(&mut self.nowhere)
    }

    fn finish(mut self, digest: Digest) -> Vec<u8> {
        let mut body = Vec::new();
        body.extend(digest.as_bytes());
        let mut offset = layout::SECTIONS.saturating_add(layout::ALL.len().saturating_mul(8));
        for section in layout::ALL {
            let count = self.next(*section);
            body.extend(number(offset).to_le_bytes());
            body.extend(count.to_le_bytes());
            offset = offset.saturating_add(self.section(*section).len());
        }
        for section in layout::ALL {
            body.append(self.section(*section));
        }
        let length = number(body.len().saturating_add(layout::CHECKED_FROM));
        let mut image = Vec::from(layout::MAGIC.as_slice());
        image
            .extend([layout::VERSION, length, crc32(&body)].into_iter().flat_map(u32::to_le_bytes));
        image.append(&mut body);
        image
    }
}

/// A place of the request, while the tree grows.
#[derive(Default)]
struct PlaceDraft<'m> {
    name: &'m str,
    children: NameMap<'m>,
    purposes: Purposes,
    readers: Vec<u32>,
}

/// The place at the end of a path, which is added where it is new.
fn at<'p, 'm>(
    places: &'p mut Vec<PlaceDraft<'m>>,
    path: impl Iterator<Item = &'m str>,
) -> Option<&'p mut PlaceDraft<'m>> {
    let mut at = 0;
    for name in path {
        let new = places.len();
        let place = places.get_mut(at)?;
        at = place.children.find(name).unwrap_or(new);
        if at == new {
            place.children.add(name, new);
            places.push(PlaceDraft { name, ..PlaceDraft::default() });
        }
    }
    places.get_mut(at)
}

/// What every request has, whatever the schema declares.
const BUILTIN_PLACES: [(&str, &[Purpose]); 21] = [
    ("subject", &[Purpose::Object]),
    ("subject/type", &[Purpose::String, Purpose::SubjectType]),
    ("subject/id", &[Purpose::String]),
    ("subject/properties", &[Purpose::Object]),
    ("subject/properties/roles", &[Purpose::SubjectRoles]),
    ("subject/properties/permissions", &[Purpose::SubjectPermissions]),
    ("subject/properties/memberships", &[Purpose::Memberships]),
    ("subject/properties/account/id", &[Purpose::SubjectAccount]),
    ("action", &[Purpose::Object]),
    ("action/name", &[Purpose::String, Purpose::ActionName]),
    ("action/properties", &[Purpose::Object]),
    ("action/properties/", &[]),
    ("resource", &[Purpose::Object]),
    ("resource/type", &[Purpose::String]),
    ("resource/id", &[Purpose::String]),
    ("resource/properties", &[Purpose::Object]),
    ("resource/properties/organization", &[Purpose::Organization]),
    ("resource/properties/account/id", &[Purpose::ResourceAccount]),
    ("context", &[Purpose::Object]),
    ("context/credential", &[]),
    ("context/credential/scopes", &[Purpose::Scopes]),
];

/// A set of none of so many values.
fn empty(values: usize) -> Vec<u64> {
    alloc::vec![0; values.div_ceil(64)]
}

fn put(set: &mut [u64], member: usize) {
    if let Some(word) = set.get_mut(member / 64) {
        *word |= 1_u64.wrapping_shl(number(member % 64));
    }
}

fn unite(set: &mut [u64], other: Option<&Vec<u64>>) {
    for (word, other) in set.iter_mut().zip(other.into_iter().flatten()) {
        *word |= other;
    }
}

/// A count as the image has it. The limits keep counts far below.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(NONE)
}

/// Two bytes and a count of two bytes, as they stand in an image.
fn word(first: u8, second: u8, count: usize) -> u32 {
    let [low, high] = u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes();
    u32::from_le_bytes([first, second, low, high])
}

/// The low and the high half of an integer's bits.
fn halves(integer: i64) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = integer.to_le_bytes();
    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
}
