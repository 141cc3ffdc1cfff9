//! Writing a checked policy as an image.

use super::model::{Action, Attribute, Condition, Level, Model, Operand, Segment, Type};
use super::roles::in_order;
use crate::crc32::crc32;
use crate::json::MAX_SAFE_INTEGER;
use crate::policy::Digest;
use crate::policy::image::layout::{self, NONE, duty, kind, level, op, operand};
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// The image of a policy.
pub(super) fn image(model: &Model, digest: Digest) -> Vec<u8> {
    let mut image = Image::new(model);
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

struct Image<'m> {
    model: &'m Model,
    sections: Vec<Vec<u8>>,
    /// What a section that the layout does not have would hold: never used.
    nowhere: Vec<u8>,
    strings: BTreeMap<String, u32>,
    /// The index of each action.
    actions: BTreeMap<&'m str, usize>,
    /// The ids that conditions name, by their index.
    ids: BTreeMap<&'m str, u32>,
    /// The rules of each action, and at the end those of all.
    action_rules: Vec<Vec<u32>>,
}

impl<'m> Image<'m> {
    fn new(model: &'m Model) -> Self {
        let lists = model.actions.len().saturating_add(1);
        Self {
            model,
            sections: alloc::vec![Vec::new(); layout::ALL.len()],
            nowhere: Vec::new(),
            strings: BTreeMap::new(),
            actions: model.actions.keys().map(String::as_str).zip(0..).collect(),
            ids: BTreeMap::new(),
            action_rules: alloc::vec![Vec::new(); lists],
        }
    }

    /// The masks of both levels, which come first among the words.
    fn levels(&mut self) {
        for wanted in [Level::Account, Level::Organization] {
            let members = self.permissions_of(wanted);
            self.set(self.model.actions.len(), &members);
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
            let (kind, values, min, max) = match &attribute.kind {
                _ if index == 1 => (kind::PERMISSIONS, 0, 0, 0),
                _ if index == 2 => (kind::SCOPES, 0, 0, 0),
                Type::Bool => (kind::BOOL, 0, 0, 0),
                Type::Enum(values) => (kind::ENUM, *values, 0, 0),
                Type::Id(_) => (kind::ID, 0, 0, 0),
                Type::Int(min, max) => (kind::INT, 0, *min, *max),
                Type::Time => (kind::INT, 0, 0, MAX_SAFE_INTEGER),
                Type::EnumSet(values) => (kind::ENUM_SET, *values, 0, 0),
                Type::IdSet(_) => (kind::ID_SET, 0, 0, 0),
            };
            let pointer = self.string(&pointer(attribute));
            let out = self.section(layout::ATTRIBUTES);
            out.extend([kind, u8::from(attribute.open)]);
            out.extend(short(values));
            out.extend(pointer.to_le_bytes());
            out.extend(min.to_le_bytes());
            out.extend(max.to_le_bytes());
        }
    }

    /// The tree of pointers, level by level, so that the children of a place stand together.
    fn places(&mut self) {
        let mut root = Place::default();
        for (path, duties) in BUILTIN_PLACES {
            root.at(path.split('/')).duties |= duties;
        }
        for (index, attribute) in self.model.attributes.iter().enumerate() {
            if index > 2 {
                root.at(attribute.path.iter().map(String::as_str)).readers.push(number(index));
            }
        }
        let mut level: Vec<(&str, &Place)> = alloc::vec![("", &root)];
        while !level.is_empty() {
            let mut child = self.next(layout::PLACES).saturating_add(number(level.len()));
            let mut next = Vec::new();
            for (name, place) in level {
                let reader = self.next(layout::READERS);
                for attribute in &place.readers {
                    self.push(layout::READERS, &[*attribute]);
                }
                let strings = place
                    .children
                    .values()
                    .filter(|child| child.duties & duty::STRING != 0)
                    .count();
                let (name, readers) = (self.string(name), number(place.readers.len()));
                let out = self.section(layout::PLACES);
                out.extend(name.to_le_bytes());
                out.extend(child.to_le_bytes());
                out.extend(short(place.children.len()));
                out.extend(place.duties.to_le_bytes());
                out.extend(reader.to_le_bytes());
                out.extend(readers.to_le_bytes());
                out.extend(number(strings).to_le_bytes());
                child = child.saturating_add(number(place.children.len()));
                next.extend(place.children.iter().map(|(name, place)| (name.as_str(), place)));
            }
            level = next;
        }
    }

    /// The ids that conditions name.
    fn ids(&mut self) {
        let model = self.model;
        let rules = model.rules.values().flat_map(|rule| rule.must.iter().chain([&rule.when]));
        for condition in model.conditions.iter().chain(rules).chain(model.invariants.values()) {
            condition.ids(&mut |id| {
                self.ids.insert(id, 0);
            });
        }
        for (index, id) in core::mem::take(&mut self.ids).into_keys().enumerate() {
            let string = self.string(id);
            self.push(layout::IDS, &[string]);
            self.ids.insert(id, number(index));
        }
    }

    fn id(&self, text: &str) -> u32 {
        self.ids.get(text).copied().unwrap_or(NONE)
    }

    /// Conditions, rules and invariants, each with its nodes, in this order.
    fn rules(&mut self) {
        let model = self.model;
        for condition in &model.conditions {
            let root = self.condition(condition);
            self.push(layout::CONDITIONS, &[root]);
        }
        for (index, (id, rule)) in model.rules.iter().enumerate() {
            let (id, when) = (self.string(id), self.condition(&rule.when));
            let must = rule.must.as_ref().map_or(NONE, |must| self.condition(must));
            let (code, message) = match &rule.reason {
                Some((code, message)) => {
                    (self.string(code), message.as_ref().map_or(NONE, |text| self.string(text)))
                }
                None => (NONE, NONE),
            };
            let out = self.section(layout::RULES);
            out.extend(id.to_le_bytes());
            out.extend([rule.effect, u8::from(rule.challenge), 0, 0]);
            out.extend([when, must, code, message].into_iter().flat_map(u32::to_le_bytes));
            let all = alloc::vec![model.actions.len()];
            let mut of = rule.actions.as_ref().map_or(all, |names| self.indices(names));
            of.sort_unstable();
            of.dedup();
            for action in of {
                if let Some(rules) = self.action_rules.get_mut(action) {
                    rules.push(number(index));
                }
            }
        }
        for (id, never) in &model.invariants {
            let (id, root) = (self.string(id), self.condition(never));
            self.push(layout::INVARIANTS, &[id, root]);
        }
    }

    fn actions(&mut self) {
        let lists = core::mem::take(&mut self.action_rules);
        let nothing = Action::default();
        let declared: Vec<&Action> = self.model.actions.values().chain([&nothing]).collect();
        for (action, rules) in declared.into_iter().zip(lists) {
            let level = match action.level {
                None => level::NONE,
                Some(Level::Account) => level::ACCOUNT,
                Some(Level::Organization) => level::ORGANIZATION,
            };
            let implies = self.names(&action.implies);
            let first = self.next(layout::ACTION_RULES);
            self.push(layout::ACTIONS, &[level, implies, first, number(rules.len())]);
            self.push(layout::ACTION_RULES, &rules);
        }
    }

    fn roles(&mut self) {
        let model = self.model;
        let given = self.given();
        for (id, role) in &model.roles {
            let set = self.union(&given, [id], role.level);
            let name = self.string(id);
            let level =
                if role.level == Level::Account { level::ACCOUNT } else { level::ORGANIZATION };
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
    fn given(&self) -> BTreeMap<&'m str, BTreeSet<usize>> {
        let mut given: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for id in in_order(self.model).0 {
            let Some(role) = self.model.roles.get(id) else { continue };
            let mut members: BTreeSet<usize> =
                self.indices(&role.permissions).into_iter().collect();
            if role.all {
                members.extend(self.permissions_of(role.level));
            }
            for inherited in role.inherits.iter().filter_map(|(name, _)| given.get(name.as_str())) {
                members.extend(inherited);
            }
            given.insert(id, members);
        }
        given
    }

    /// The first word of what roles of a level give together; none for nothing.
    fn union<'r>(
        &mut self,
        given: &BTreeMap<&str, BTreeSet<usize>>,
        roles: impl IntoIterator<Item = &'r String>,
        wanted: Level,
    ) -> u32 {
        let model = self.model;
        let roles = roles
            .into_iter()
            .filter(|id| model.roles.get(*id).is_some_and(|role| role.level == wanted));
        let members: BTreeSet<usize> =
            roles.filter_map(|id| given.get(id.as_str())).flatten().copied().collect();
        if members.is_empty() {
            NONE
        } else {
            self.set(model.actions.len(), &members.into_iter().collect::<Vec<_>>())
        }
    }

    /// The tree of path templates, level by level.
    fn routes(&mut self) {
        let mut root = Shape::default();
        for (index, route) in self.model.routes.iter().enumerate() {
            root.at(&route.segments).routes.push(index);
        }
        let mut level: Vec<(Option<&str>, &Shape)> = alloc::vec![(None, &root)];
        while !level.is_empty() {
            let mut child = self.next(layout::SEGMENTS).saturating_add(number(level.len()));
            let mut next: Vec<(Option<&str>, &Shape)> = Vec::new();
            for (literal, shape) in level {
                let (first, literals) = (child, number(shape.literals.len()));
                next.extend(
                    shape.literals.iter().map(|(literal, shape)| (Some(literal.as_str()), shape)),
                );
                child = child.saturating_add(literals);
                let parameter = if shape.parameter.is_some() { child } else { NONE };
                if let Some(below) = &shape.parameter {
                    next.push((None, below));
                    child = child.saturating_add(1);
                }
                let route = self.next(layout::ROUTES);
                self.shape_routes(&shape.routes);
                let literal = literal.map_or(NONE, |literal| self.string(literal));
                self.push(
                    layout::SEGMENTS,
                    &[literal, first, literals, parameter, route, number(shape.routes.len())],
                );
            }
            level = next;
        }
    }

    fn shape_routes(&mut self, indices: &[usize]) {
        let model = self.model;
        let mut routes: Vec<_> =
            indices.iter().filter_map(|index| model.routes.get(*index)).collect();
        routes.sort_by(|a, b| a.method.cmp(&b.method));
        for route in routes {
            let action = self.indices(core::slice::from_ref(&route.action)).first().copied();
            let encoded = route
                .encoded
                .iter()
                .fold(0, |bits, segment| bits | 1_u32.wrapping_shl(number(*segment)));
            let record = [
                self.string(&route.method),
                action.map_or(NONE, number),
                route.organization.map_or(NONE, number),
                encoded,
                self.names(&route.undecided),
            ];
            self.push(layout::ROUTES, &record);
        }
    }

    /// Writes the nodes of a condition and says where they begin.
    fn condition(&mut self, condition: &Condition) -> u32 {
        let index = self.next(layout::NODES);
        match condition {
            Condition::All(parts) | Condition::Any(parts) if matches!(parts.as_slice(), [_]) => {
                // One part alone is that part.
                for part in parts {
                    self.condition(part);
                }
            }
            Condition::All(parts) => self.parent(op::ALL, index, parts),
            Condition::Any(parts) => self.parent(op::ANY, index, parts),
            Condition::Not(part) => self.parent(op::NOT, index, core::slice::from_ref(&**part)),
            Condition::Named(condition) => self.node(op::CONDITION, 0, 0, [number(*condition), 0]),
            Condition::Atom { attribute, op, operand } => self.atom(*attribute, *op, operand),
        }
        index
    }

    fn parent(&mut self, op: u8, index: u32, parts: &[Condition]) {
        self.node(op, 0, 0, [0, 0]);
        for part in parts {
            self.condition(part);
        }
        let end = self.next(layout::NODES).to_le_bytes();
        let record = crate::policy::image::size(index).saturating_mul(layout::NODES.record);
        let place = record.saturating_add(4);
        if let Some(bytes) = self.section(layout::NODES).get_mut(place..place.saturating_add(4)) {
            bytes.copy_from_slice(&end);
        }
    }

    fn atom(&mut self, attribute: usize, op: u8, right: &Operand) {
        let (kind, words) = match right {
            Operand::Attribute(other) => (operand::ATTRIBUTE, [number(*other), 0]),
            Operand::Symbol(symbol) => (operand::NUMBER, [number(*symbol), 0]),
            Operand::Integer(integer) => {
                let [a, b, c, d, e, f, g, h] = integer.to_le_bytes();
                (
                    operand::NUMBER,
                    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])],
                )
            }
            Operand::Text(text) => (operand::ID, [self.id(text), 0]),
            Operand::Symbols(values, members) => {
                let count = self.model.enums.get(*values).map_or(0, Vec::len);
                (operand::WORDS, [self.set(count, members), 0])
            }
            Operand::Texts(texts) => {
                let mut ids: Vec<u32> = texts.iter().map(|text| self.id(text)).collect();
                ids.sort_unstable();
                ids.dedup();
                let first = self.next(layout::LISTS);
                self.push(layout::LISTS, &ids);
                (operand::LIST, [first, number(ids.len())])
            }
        };
        self.node(op, kind, attribute, words);
    }

    fn node(&mut self, op: u8, operand: u8, attribute: usize, words: [u32; 2]) {
        let out = self.section(layout::NODES);
        out.extend([op, operand]);
        out.extend(short(attribute));
        out.extend(words.into_iter().flat_map(u32::to_le_bytes));
    }

    /// The set of actions with these names: its first word, or none for no names.
    fn names(&mut self, names: &[String]) -> u32 {
        let members = self.indices(names);
        if members.is_empty() { NONE } else { self.set(self.model.actions.len(), &members) }
    }

    /// The indices of actions.
    fn indices(&self, names: &[String]) -> Vec<usize> {
        names.iter().filter_map(|name| self.actions.get(name.as_str()).copied()).collect()
    }

    fn permissions_of(&self, wanted: Level) -> Vec<usize> {
        let actions = self.model.actions.values().enumerate();
        actions.filter(|(_, action)| action.level == Some(wanted)).map(|(index, _)| index).collect()
    }

    /// Writes a bit set and says where it begins.
    fn set(&mut self, values: usize, members: &[usize]) -> u32 {
        let first = self.next(layout::WORDS);
        let mut words = alloc::vec![0_u64; values.div_ceil(64)];
        for member in members {
            if let Some(word) = words.get_mut(member / 64) {
                *word |= 1_u64.wrapping_shl(number(member % 64));
            }
        }
        self.section(layout::WORDS).extend(words.into_iter().flat_map(u64::to_le_bytes));
        first
    }

    /// The index of a string, which it writes where it is new.
    fn string(&mut self, text: &str) -> u32 {
        if let Some(id) = self.strings.get(text) {
            return *id;
        }
        let id = self.next(layout::STRINGS);
        let start = self.next(layout::TEXT);
        self.section(layout::TEXT).extend(text.as_bytes());
        self.push(layout::STRINGS, &[start, number(text.len())]);
        self.strings.insert(text.to_string(), id);
        id
    }

    fn push(&mut self, section: layout::Section, words: &[u32]) {
        self.section(section).extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }

    /// The index of the next record of a section.
    fn next(&mut self, section: layout::Section) -> u32 {
        number(self.section(section).len().checked_div(section.record).unwrap_or(0))
    }

    fn section(&mut self, section: layout::Section) -> &mut Vec<u8> {
        self.sections.get_mut(section.index).unwrap_or(&mut self.nowhere)
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

impl Condition {
    /// Calls for each id that the condition names.
    fn ids<'c>(&'c self, call: &mut impl FnMut(&'c str)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.ids(call)),
            Self::Not(part) => part.ids(call),
            Self::Atom { operand: Operand::Text(text), .. } => call(text),
            Self::Atom { operand: Operand::Texts(texts), .. } => {
                texts.iter().for_each(|text| call(text))
            }
            Self::Named(_) | Self::Atom { .. } => {}
        }
    }
}

/// A place of the request, while the tree grows.
#[derive(Default)]
struct Place {
    children: BTreeMap<String, Place>,
    duties: u16,
    readers: Vec<u32>,
}

impl Place {
    fn at<'p>(&mut self, path: impl Iterator<Item = &'p str>) -> &mut Self {
        path.fold(self, |place, name| place.children.entry(name.to_string()).or_default())
    }
}

/// A path template, while the tree grows.
#[derive(Default)]
struct Shape {
    literals: BTreeMap<String, Shape>,
    parameter: Option<Box<Shape>>,
    routes: Vec<usize>,
}

impl Shape {
    fn at(&mut self, segments: &[Segment]) -> &mut Self {
        segments.iter().fold(self, |shape, segment| match segment {
            Segment::Literal(literal) => shape.literals.entry(literal.clone()).or_default(),
            Segment::Parameter => shape.parameter.get_or_insert_default(),
        })
    }
}

/// What every request has, whatever the schema declares.
const BUILTIN_PLACES: [(&str, u16); 21] = [
    ("subject", duty::OBJECT),
    ("subject/type", duty::STRING | duty::SUBJECT_TYPE),
    ("subject/id", duty::STRING),
    ("subject/properties", duty::OBJECT),
    ("subject/properties/roles", duty::SUBJECT_ROLES),
    ("subject/properties/permissions", duty::SUBJECT_PERMISSIONS),
    ("subject/properties/memberships", duty::MEMBERSHIPS),
    ("subject/properties/account/id", duty::SUBJECT_ACCOUNT),
    ("action", duty::OBJECT),
    ("action/name", duty::STRING | duty::ACTION_NAME),
    ("action/properties", duty::OBJECT),
    ("action/properties/", 0),
    ("resource", duty::OBJECT),
    ("resource/type", duty::STRING),
    ("resource/id", duty::STRING),
    ("resource/properties", duty::OBJECT),
    ("resource/properties/organization", duty::ORGANIZATION),
    ("resource/properties/account/id", duty::RESOURCE_ACCOUNT),
    ("context", duty::OBJECT),
    ("context/credential", 0),
    ("context/credential/scopes", duty::SCOPES),
];

fn pointer(attribute: &Attribute) -> String {
    attribute.path.iter().fold(String::new(), |mut pointer, name| {
        pointer.push('/');
        pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        pointer
    })
}

/// A count as the image has it. The limits keep counts far below.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(NONE)
}

fn short(count: usize) -> [u8; 2] {
    u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes()
}
