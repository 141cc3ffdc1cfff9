//! The requests of test cases: what nothing reads in them, and names that are not declared.

use super::super::cases::ACCEPT;
use super::super::diagnostics::Diagnostics;
use super::super::model::{DeclaredType, Model};
use super::super::names::NameMap;
use super::super::places::{PlaceDraft, places};
use super::super::text::{escape, index, pointed};
use super::super::tree::{Member, Node, SourceSpan};
use crate::error::Code;
use crate::policy::image::{Level, Purpose};
use crate::policy::vocabulary::{grant, member, reason_code};
use crate::policy::{Denial, vocabulary};
use alloc::string::String;
use alloc::vec::Vec;

/// The roles that requests of test cases have.
#[derive(Default)]
pub(super) struct RolesOfCases<'n> {
    /// Whether there is a test case with a request at all.
    pub(super) has_cases: bool,
    pub(super) names: NameMap<'n>,
}

/// What is looked for in a request, which depends on what its cases expect.
#[derive(Clone, Copy, Debug, Default)]
struct Care {
    /// What nothing reads.
    places: bool,
    /// Names that are not declared.
    names: bool,
}

impl Care {
    /// What a case asks for. A request that is broken on purpose has anything in it, and one of
    /// which something is not known may have undeclared names.
    fn of(case: &Node<'_>) -> Self {
        let Some(expect) = case.member("expect") else { return Self::default() };
        let has = |list: &[Node<'_>], text| list.iter().any(|item| item.text() == Some(text));
        let accepted = case.items_of(ACCEPT);
        let is_well_formed = expect.member(vocabulary::MALFORMED).is_none();
        let is_unknown = expect.text_of(member::CLASS) == Some(Denial::Indeterminate.name())
            || has(expect.items_of(member::REASONS), reason_code::UNKNOWN_ACTION);
        Self {
            places: is_well_formed && !has(accepted, Code::UnreadPlace.name()),
            names: is_well_formed && !is_unknown && !has(accepted, Code::UndeclaredInCase.name()),
        }
    }

    /// What one of two cases asks for.
    fn or(self, other: Self) -> Self {
        Self { places: self.places || other.places, names: self.names || other.names }
    }
}

/// The lists of a level (section 9).
#[derive(Clone, Copy)]
enum Granted {
    Roles,
    Permissions,
}

impl Granted {
    fn named(name: &str) -> Option<Self> {
        match name {
            grant::ROLES => Some(Self::Roles),
            grant::PERMISSIONS => Some(Self::Permissions),
            _ => None,
        }
    }
}

/// Looks at all requests, and gives the roles that they have.
pub(super) fn lint<'n>(
    diagnostics: &mut Diagnostics<'_>,
    model: &Model<'_>,
    roots: &'n [Node<'n>],
) -> RolesOfCases<'n> {
    let places = places(model);
    let mut lints = Lints {
        diagnostics,
        model,
        places: &places,
        care: Care::default(),
        roles: RolesOfCases::default(),
    };
    for tests in roots.iter().filter_map(|root| root.member("tests")) {
        lints.tests(tests);
    }
    lints.roles
}

struct Lints<'l, 'm, 'n, 'd> {
    diagnostics: &'l mut Diagnostics<'d>,
    model: &'l Model<'m>,
    places: &'l [PlaceDraft<'l>],
    care: Care,
    roles: RolesOfCases<'n>,
}

impl<'n> Lints<'_, '_, 'n, '_> {
    fn tests(&mut self, tests: &'n Node<'n>) {
        let requests = tests.members_of("requests");
        let mut names = NameMap::default();
        for (number, request) in requests.iter().enumerate() {
            names.add(&request.name, number);
        }
        // For each request what its cases ask for, and whether it has one.
        let mut cares = alloc::vec![(Care::default(), false); requests.len()];
        for case in tests.items_of("cases") {
            let Some(request) = case.member("request") else { continue };
            self.roles.has_cases = true;
            self.care = Care::of(case);
            match request.text() {
                Some(name) => {
                    let care = names.find(name).and_then(|number| cares.get_mut(number));
                    care.into_iter().for_each(|care| *care = (care.0.or(self.care), true));
                }
                None => self.value(request, 0),
            }
            let removed = removed(case);
            for set in case.members_of("set") {
                if !self.removed_again(set, &removed) {
                    self.pointer(&set.name, set.span, core::slice::from_ref(&set.node));
                }
            }
            for axis in case.members_of("matrix") {
                if !self.removed_again(axis, &removed) {
                    self.pointer(&axis.name, axis.span, axis.node.items());
                }
            }
            for unset in case.items_of("unset") {
                self.pointer(unset.text().unwrap_or_default(), unset.span, &[]);
            }
        }
        for (request, (care, is_used)) in requests.iter().zip(cares) {
            if !is_used {
                let message = "no test case uses the request `{}`";
                let parts = [&*request.name];
                self.diagnostics.warning(Code::UnusedRequest, request.span, message, &parts, None);
            }
            self.care = care;
            self.value(&request.node, 0);
        }
    }

    /// Warns of a pointer of `set` or `matrix` to what `unset` removes, and says whether it is one.
    fn removed_again(&mut self, put: &Member<'_>, removed: &NameMap<'_>) -> bool {
        let pointer = &*put.name;
        let slashes = pointer.match_indices('/').map(|(at, _)| at).skip(1);
        let mut paths = slashes.chain([pointer.len()]).filter_map(|end| pointer.get(..end));
        let is_removed = paths.any(|path| removed.find(path).is_some());
        if is_removed && self.care.places {
            let message = "what is put at `{}` is removed again by `unset`";
            self.diagnostics.warning(Code::UnreadPlace, put.span, message, &[pointer], None);
        }
        is_removed
    }

    /// Looks at what a pointer of a case leads to, and at the values that are put there.
    fn pointer(&mut self, pointer: &str, span: SourceSpan, values: &'n [Node<'n>]) {
        let path = pointed(pointer).unwrap_or_default();
        let (mut place, mut before) = (0, String::new());
        for (index, name) in path.iter().enumerate() {
            let Some(draft) = self.places.get(place) else { return };
            let child = draft.children.find(name);
            match child {
                Some(child) => place = child,
                None if draft.children.is_empty() => {
                    // Below what is read: only of memberships more is known.
                    let rest = path.get(index..).unwrap_or_default();
                    return self.below(draft, rest, &before, span, values);
                }
                None => {
                    let known = || names_of(draft);
                    return self.unread_pointer(&before, name, span, &known);
                }
            }
            escape(&mut before, name);
        }
        values.iter().for_each(|value| self.value(value, place));
    }

    /// Looks at a pointer that leads below what is read, which may be a list.
    fn below(
        &mut self,
        draft: &PlaceDraft<'_>,
        rest: &[String],
        before: &str,
        span: SourceSpan,
        values: &'n [Node<'n>],
    ) {
        let Some((item, names)) = rest.split_first().filter(|_| self.is_list(draft)) else {
            return;
        };
        if index(item).is_none() {
            return self.unread_pointer(before, item, span, &Vec::new);
        }
        if names.is_empty() {
            values.iter().for_each(|value| self.item(value, draft));
        } else if draft.purposes.has(Purpose::Memberships) {
            let mut before = String::from(before);
            escape(&mut before, item);
            self.below_membership(names, before, span, values);
        }
    }

    fn below_membership(
        &mut self,
        names: &[String],
        mut before: String,
        span: SourceSpan,
        values: &'n [Node<'n>],
    ) {
        let Some((name, items)) = names.split_first() else { return };
        let Some(list) = Granted::named(name) else {
            if name != grant::ORGANIZATION {
                self.unread_pointer(&before, name, span, &|| grant::ALL.to_vec());
            }
            return;
        };
        let level = Level::Organization;
        match items {
            [item, ..] if index(item).is_none() => {
                escape(&mut before, name);
                self.unread_pointer(&before, item, span, &Vec::new);
            }
            [] => values.iter().for_each(|value| self.all_granted(list, value, level)),
            [_] => values.iter().for_each(|value| self.granted(list, value, level)),
            [_, _, ..] => {}
        }
    }

    /// Warns of a pointer that leads to a place which has no such name.
    fn unread_pointer<'k>(
        &mut self,
        before: &str,
        name: &str,
        span: SourceSpan,
        known: &dyn Fn() -> Vec<&'k str>,
    ) {
        if !self.care.places {
            return;
        }
        let message = match before {
            "" => "no request has `{}`, where this pointer begins",
            _ => "nothing reads `{}` at `{}`, where this pointer leads",
        };
        self.diagnostics.warning_unknown(Code::UnreadPlace, span, message, &[name, before], known);
    }

    /// Looks at a value that stands at a place.
    fn value(&mut self, node: &'n Node<'n>, place: usize) {
        let Some(draft) = self.places.get(place) else { return };
        let members = if draft.children.is_empty() { &[][..] } else { node.members() };
        for member in members {
            match draft.children.find(&member.name) {
                Some(child) => self.value(&member.node, child),
                None => self.unread_member(member, &|| names_of(draft)),
            }
        }
        self.read(node, draft);
    }

    fn unread_member<'k>(&mut self, member: &Member<'_>, known: &dyn Fn() -> Vec<&'k str>) {
        if self.care.places {
            let (message, parts) = ("nothing reads the member `{}` here", [&*member.name]);
            self.diagnostics.warning_unknown(
                Code::UnreadPlace,
                member.span,
                message,
                &parts,
                known,
            );
        }
    }

    /// Looks at a value that is read.
    fn read(&mut self, node: &'n Node<'n>, draft: &PlaceDraft<'_>) {
        if self.is_list(draft) {
            node.items().iter().for_each(|item| self.item(item, draft));
        }
        if draft.purposes.has(Purpose::ActionName) {
            self.action(node);
        }
        for (kind, _) in kinds(self.model, draft) {
            if let DeclaredType::Enum(values) = kind {
                self.enum_value(node, values);
            }
        }
    }

    /// Looks at an item of a list that is read.
    fn item(&mut self, node: &'n Node<'n>, draft: &PlaceDraft<'_>) {
        let purposes = draft.purposes;
        if purposes.has(Purpose::SubjectRoles) {
            self.granted(Granted::Roles, node, Level::Account);
        }
        if purposes.has(Purpose::SubjectPermissions) {
            self.granted(Granted::Permissions, node, Level::Account);
        }
        if purposes.has(Purpose::Memberships) {
            self.membership(node);
        }
        if purposes.has(Purpose::Scopes) && node.text() != Some("*") {
            self.action(node);
        }
        for (kind, open) in kinds(self.model, draft) {
            if let (DeclaredType::EnumSet(values), false) = (kind, open) {
                self.enum_value(node, values);
            }
        }
    }

    /// Whether a list stands at a place.
    fn is_list(&self, draft: &PlaceDraft<'_>) -> bool {
        let lists = [
            Purpose::SubjectRoles,
            Purpose::SubjectPermissions,
            Purpose::Memberships,
            Purpose::Scopes,
        ];
        lists.into_iter().any(|purpose| draft.purposes.has(purpose))
            || kinds(self.model, draft).any(|(kind, _)| kind.member().is_some())
    }

    fn membership(&mut self, node: &'n Node<'n>) {
        for member in node.members() {
            match Granted::named(&member.name) {
                Some(list) => self.all_granted(list, &member.node, Level::Organization),
                None if *member.name == *grant::ORGANIZATION => {}
                None => self.unread_member(member, &|| grant::ALL.to_vec()),
            }
        }
    }

    fn all_granted(&mut self, list: Granted, node: &'n Node<'n>, level: Level) {
        node.items().iter().for_each(|item| self.granted(list, item, level));
    }

    /// Looks at an item of the roles or of the permissions of one level.
    fn granted(&mut self, list: Granted, node: &'n Node<'n>, level: Level) {
        let Some(name) = node.text() else { return };
        let model = self.model;
        let (of, nothing) = match list {
            Granted::Roles => {
                self.roles.names.add(name, 0);
                let role = model.roles.find(name);
                let Some(role) = role else {
                    let message = "the role `{}` is not declared";
                    return self.undeclared(message, name, node.span, &|| model.roles.ids.names());
                };
                (Some(role.level), "`{}` gives nothing here: it is no role of this level")
            }
            Granted::Permissions => {
                let Some(action) = model.action(name) else { return self.action(node) };
                (action.level, "`{}` gives nothing here: it is no permission of this level")
            }
        };
        if of != Some(level) {
            self.undeclared(nothing, name, node.span, &Vec::new);
        }
    }

    fn action(&mut self, node: &Node<'_>) {
        let Some(name) = node.text() else { return };
        let model = self.model;
        if model.action(name).is_none() {
            let message = "the action `{}` is not declared";
            self.undeclared(message, name, node.span, &|| model.action_names().to_vec());
        }
    }

    fn enum_value(&mut self, node: &Node<'_>, values: usize) {
        let Some(name) = node.text() else { return };
        if self.model.symbol(values, name).is_none() {
            let message = "`{}` is none of the declared values";
            let model = self.model;
            self.undeclared(message, name, node.span, &|| model.values(values).to_vec());
        }
    }

    fn undeclared<'k>(
        &mut self,
        message: &str,
        name: &str,
        span: SourceSpan,
        known: &dyn Fn() -> Vec<&'k str>,
    ) {
        if self.care.names {
            self.diagnostics.warning_unknown(Code::UndeclaredInCase, span, message, &[name], known);
        }
    }
}

/// The pointers in the `unset` of a case, without those that may have the index of an item: where
/// items are removed, others move to their places.
fn removed<'n>(case: &'n Node<'n>) -> NameMap<'n> {
    let mut removed = NameMap::default();
    for pointer in case.items_of("unset").iter().filter_map(Node::text) {
        if !pointer.split('/').any(|name| index(name).is_some()) {
            removed.add(pointer, 0);
        }
    }
    removed
}

/// The types of the attributes that are read at a place, and whether each is open.
fn kinds<'m>(
    model: &Model<'m>,
    draft: &PlaceDraft<'_>,
) -> impl Iterator<Item = (DeclaredType<'m>, bool)> {
    let readers = draft.readers.iter().filter_map(|reader| usize::try_from(*reader).ok());
    readers.filter_map(|index| model.attributes.get(index)).map(|found| (found.kind, found.open))
}

/// The names that are read at a place.
fn names_of<'p>(draft: &PlaceDraft<'p>) -> Vec<&'p str> {
    draft.children.names().into_iter().filter(|name| !name.is_empty()).collect()
}
