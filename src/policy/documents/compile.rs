//! Writing a checked policy as an image.

use super::checks::{in_order, inherited};
use super::fields::Strings;
use super::indexes::{Index, RulesFor, plan};
use super::model::{
    ACTION_NAMES, DeclaredType, Model, RESOURCE_TYPES, RouteDeclaration, RuleActions,
};
use super::names::NameMap;
use super::places::{known, places};
use crate::policy::PolicyDigest;
use crate::policy::image::layout::{
    ActionEntry, ActionRuleEntry, AttributeEntry, BucketEntry, BucketRuleEntry, ConditionEntry,
    DefaultsEntry, EnumEntry, ImplyingEntry, IndexEntry, IndexRuleEntry, InvariantEntry,
    KnownPlaceEntry, ListEntry, NONE, PERMISSIONS, ParameterEntry, PlaceEntry, ReaderEntry,
    RoleEntry, RouteEntry, RuleEntry, SCOPES, SegmentEntry,
};
use crate::policy::image::write::{ImageWriter, number};
use crate::policy::image::{AttributeType, Level, Purpose, Span};
use crate::policy::vocabulary::place;
use crate::time::LATEST;
use alloc::vec::Vec;

/// The image of a policy.
pub(super) fn image(model: &Model<'_>, digest: PolicyDigest) -> Vec<u8> {
    let mut compiler = Compiler {
        model,
        image: ImageWriter::new(),
        ids: NameMap::default(),
        action_rules: alloc::vec![Vec::new(); model.actions.len().saturating_add(1)],
    };
    compiler.levels();
    compiler.enums();
    compiler.attributes();
    compiler.places();
    compiler.ids();
    compiler.absences();
    compiler.rules();
    compiler.actions();
    compiler.roles();
    compiler.routes();
    compiler.image.finish(digest.as_bytes())
}

pub(super) struct Compiler<'m> {
    pub(super) model: &'m Model<'m>,
    pub(super) image: ImageWriter<'m>,
    /// The index of each id that conditions name.
    pub(super) ids: NameMap<'m>,
    /// The rules of each action, and in the last list those that are for all actions.
    action_rules: Vec<Vec<u32>>,
}

impl<'m> Compiler<'m> {
    /// The sets of all actions of each level, which come first among the words.
    fn levels(&mut self) {
        for level in [Level::Account, Level::Organization] {
            let members = self.permissions_of(level);
            self.image.set(&members);
        }
    }

    fn enums(&mut self) {
        for values in &self.model.enums {
            let strings: Vec<u32> = values.iter().map(|value| self.image.string(value)).collect();
            let values = self.image.push_all(strings.into_iter().map(|item| ListEntry { item }));
            self.image.push(EnumEntry { values });
        }
    }

    fn attributes(&mut self) {
        for (index, attribute) in self.model.attributes.iter().enumerate() {
            let (kind, values, min, max) = match attribute.kind {
                // The derived sets have types of their own in an image.
                _ if short(index) == PERMISSIONS => (AttributeType::Permissions, 0, 0, 0),
                _ if short(index) == SCOPES => (AttributeType::Scopes, 0, 0, 0),
                DeclaredType::Bool => (AttributeType::Bool, 0, 0, 0),
                DeclaredType::Enum(values) => (AttributeType::Enum, values, 0, 0),
                DeclaredType::Id(_) => (AttributeType::Id, 0, 0, 0),
                DeclaredType::Int(min, max) => (AttributeType::Int, 0, min, max),
                DeclaredType::Time => (AttributeType::Time, 0, 0, LATEST),
                DeclaredType::EnumSet(values) => (AttributeType::EnumSet, values, 0, 0),
                DeclaredType::IdSet(_) => (AttributeType::IdSet, 0, 0, 0),
                DeclaredType::Ip => (AttributeType::Ip, 0, 0, 0),
                DeclaredType::IpSet => (AttributeType::IpSet, 0, 0, 0),
            };
            let pointer = self.image.string(&attribute.pointer);
            let needs = self.image.string(&attribute.needs);
            let (open, values) = (attribute.open, short(values));
            self.image.push(AttributeEntry { kind, open, values, pointer, min, max, needs });
        }
    }

    /// The tree of pointers, level by level, so that the children of a place stand together.
    fn places(&mut self) {
        let places = places(self.model);
        let mut queue = alloc::vec![0];
        let mut next = 0_usize;
        while let Some(place) = queue.get(next).and_then(|place| places.get(*place)) {
            let children = place.children.numbers();
            let is_needed = |child: &&usize| {
                places.get(**child).is_some_and(|child| child.purposes.has(Purpose::String))
            };
            let readers = place.readers.iter();
            let entry = PlaceEntry {
                name: self.image.string(place.name),
                first_child: number(queue.len()),
                children: short(children.len()),
                purposes: place.purposes,
                readers: self.image.push_all(readers.map(|it| ReaderEntry { attribute: *it })),
                needed_strings: number(children.iter().filter(is_needed).count()),
            };
            self.image.push(entry);
            queue.extend(children);
            next = next.saturating_add(1);
        }
        for place in place::ALL {
            let draft = known(&places, place);
            let place = draft.and_then(|draft| queue.iter().position(|it| *it == draft));
            self.image.push(KnownPlaceEntry { place: place.map(number) });
        }
    }

    /// Conditions, rules and invariants, in this order, each with its nodes.
    fn rules(&mut self) {
        let model = self.model;
        for condition in &model.conditions {
            let root = self.condition(condition);
            self.image.push(ConditionEntry { root });
        }
        for rule in model.rules.sorted() {
            let reason = rule.reason.as_ref();
            let mut text = |text: Option<&'m str>| text.map(|text| self.image.string(text));
            let code = text(reason.map(|reason| reason.code));
            let message = text(reason.and_then(|reason| reason.message));
            let link = text(reason.and_then(|reason| reason.link));
            let entry = RuleEntry {
                id: self.image.string(rule.id),
                effect: rule.effect,
                challenge: rule.challenge,
                unused: 0,
                when: self.condition(&rule.when),
                must: rule.must.as_ref().map(|must| self.condition(must)),
                code,
                message,
                link,
            };
            let index = self.image.push(entry);
            let actions = match &rule.actions {
                RuleActions::All => alloc::vec![model.actions.len()],
                RuleActions::These(names) => {
                    names.iter().filter_map(|(name, _)| model.action_index(name)).collect()
                }
            };
            for action in actions {
                let Some(rules) = self.action_rules.get_mut(action) else { continue };
                // A name may stand twice in a rule.
                if rules.last() != Some(&index) {
                    rules.push(index);
                }
            }
        }
        for (id, never) in model.invariants.ids.names().into_iter().zip(model.invariants.sorted()) {
            let (id, root) = (self.image.string(id), self.condition(never));
            self.image.push(InvariantEntry { id, root });
        }
    }

    fn actions(&mut self) {
        for (index, action) in self.model.actions.iter().enumerate() {
            if !action.implies.is_empty() {
                self.image.push(ImplyingEntry { action: number(index) });
            }
        }
        let draft = self.image.draft();
        let mut actions = self.model.actions.iter();
        for rules in core::mem::take(&mut self.action_rules) {
            // The last list, of rules for all actions, belongs to none of them.
            let action = actions.next();
            let rules_for =
                if action.is_some() { RulesFor::OneAction } else { RulesFor::AllActions };
            let plan = plan(&draft, &rules, rules_for);
            let entry = ActionEntry {
                level: action.and_then(|action| action.level),
                implies: action.map_or(NONE, |action| self.action_set(&action.implies)),
                resource_types: action.map_or(NONE, |action| {
                    let types = action.resource_types.iter().map(|(name, _)| *name);
                    let members = self.symbols(RESOURCE_TYPES, types);
                    self.image.set_or_none(&members)
                }),
                rules: self
                    .image
                    .push_all(plan.walked.into_iter().map(|rule| ActionRuleEntry { rule })),
                indexes: self.indexes(plan.indexes),
            };
            self.image.push(entry);
        }
    }

    fn indexes(&mut self, indexes: Vec<Index>) -> Span {
        let mut entries = Vec::new();
        for index in indexes {
            let rules = index.rules.into_iter().map(|rule| IndexRuleEntry { rule });
            let rules = self.image.push_all(rules);
            let mut buckets = Vec::new();
            for (value, rules) in index.buckets {
                let rules = rules.into_iter().map(|rule| BucketRuleEntry { rule });
                buckets.push(BucketEntry { value, rules: self.image.push_all(rules) });
            }
            let buckets = self.image.push_all(buckets);
            entries.push(IndexEntry { attribute: index.attribute, rules, buckets });
        }
        self.image.push_all(entries)
    }

    fn roles(&mut self) {
        let model = self.model;
        let given = self.given();
        for number in model.roles.ids.numbers() {
            let Some(role) = model.roles.items.get(number) else { continue };
            let entry = RoleEntry {
                name: self.image.string(role.id),
                level: Some(role.level),
                permissions: self.image.set_or_none(given.get(number).map_or(&[], Vec::as_slice)),
            };
            self.image.push(entry);
        }
        for (subject_type, roles) in &model.defaults {
            let entry = DefaultsEntry {
                name: self.image.string(subject_type),
                account: self.union(&given, roles, Level::Account),
                organization: self.union(&given, roles, Level::Organization),
            };
            self.image.push(entry);
        }
    }

    /// The set of permissions that each role gives, with all that it inherits.
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
            for (inherited, _) in inherited(self.model, number) {
                unite(&mut members, given.get(inherited));
            }
            given.get_mut(number).into_iter().for_each(|given| *given = members.clone());
        }
        given
    }

    /// Writes the set of what some roles give together at a level: its first word, or `NONE`.
    fn union(&mut self, given: &[Vec<u64>], roles: &Strings<'_>, wanted: Level) -> u32 {
        let mut members = empty(self.model.actions.len());
        for (name, _) in roles {
            let Some(number) = self.model.roles.ids.find(name) else { continue };
            if self.model.roles.items.get(number).is_some_and(|role| role.level == wanted) {
                unite(&mut members, given.get(number));
            }
        }
        self.image.set_or_none(&members)
    }

    /// The tree of path templates, level by level.
    fn routes(&mut self) {
        let shapes = &self.model.routes.shapes;
        let mut queue = alloc::vec![0];
        let mut next = 0_usize;
        while let Some(shape) = queue.get(next).and_then(|shape| shapes.get(*shape)) {
            let first_child = number(queue.len());
            let literals = shape.literals.numbers();
            let children = number(literals.len());
            queue.extend(literals);
            queue.extend(shape.parameter);
            let mut routes = Vec::new();
            for route in &shape.routes {
                routes.push(self.route(route));
            }
            let entry = SegmentEntry {
                literal: shape.literal.map(|literal| self.image.string(literal)),
                first_child,
                children,
                parameter: shape.parameter.map(|_| first_child.saturating_add(children)),
                routes: self.image.push_all(routes),
            };
            self.image.push(entry);
            next = next.saturating_add(1);
        }
    }

    fn route(&mut self, route: &'m RouteDeclaration<'m>) -> RouteEntry {
        let mut parameters = Vec::new();
        for (name, segment) in &route.parameters {
            let name = self.image.string(name);
            parameters.push(ParameterEntry { name, segment: number(*segment) });
        }
        RouteEntry {
            method: self.image.string(route.method),
            action: self.model.action_index(route.action).map_or(NONE, number),
            organization: route.organization.map(number),
            resource: route.resource.map(|(_, segment)| number(segment)),
            resource_type: route.resource.map(|(name, _)| self.image.string(name)),
            encoded: route.encoded,
            undecided: self.action_set(&route.undecided),
            parameters: self.image.push_all(parameters),
        }
    }

    /// Writes the set of actions with these names: its first word, or `NONE` for no names.
    fn action_set(&mut self, names: &Strings<'_>) -> u32 {
        let members = self.members(names);
        self.image.set_or_none(&members)
    }

    /// The set of actions with these names.
    fn members(&self, names: &Strings<'_>) -> Vec<u64> {
        self.symbols(ACTION_NAMES, names.iter().map(|(name, _)| *name))
    }

    /// The set of the values of an enum with these names.
    pub(super) fn symbols<'t>(
        &self,
        values: usize,
        texts: impl Iterator<Item = &'t str>,
    ) -> Vec<u64> {
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
}

/// An empty set of an enum that has this number of values.
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

/// A count as the image has it in two bytes. The limits of documents keep such counts below.
pub(super) fn short(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
