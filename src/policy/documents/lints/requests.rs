//! The requests of test cases: what nothing reads in them, and names that are not declared.

use super::super::cases::ACCEPT;
use super::super::diagnostics::Diagnostics;
use super::super::model::{DeclaredType, Model};
use super::super::names::NameMap;
use super::super::places::{PlaceDraft, places};
use super::super::text::{escape, pointed};
use super::super::tree::{Member, Node, SourceSpan};
use crate::error::Code;
use crate::policy::image::Purpose;
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
            for set in case.members_of("set") {
                self.pointer(&set.name, set.span, Some(&set.node));
            }
            for axis in case.members_of("matrix") {
                for value in axis.node.items() {
                    self.pointer(&axis.name, axis.span, Some(value));
                }
            }
            for unset in case.items_of("unset") {
                self.pointer(unset.text().unwrap_or_default(), unset.span, None);
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

    /// Looks at what a pointer of `set` or `unset` leads to, and at the value that is put there.
    fn pointer(&mut self, pointer: &str, span: SourceSpan, value: Option<&'n Node<'n>>) {
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
                    return self.below(draft, rest, &before, span, value);
                }
                None => {
                    let known = || names_of(draft);
                    return self.unread_pointer(&before, name, span, &known);
                }
            }
            escape(&mut before, name);
        }
        if let Some(value) = value {
            self.value(value, place);
        }
    }

    /// Looks at a pointer that leads below what is read, which may be the memberships.
    fn below(
        &mut self,
        draft: &PlaceDraft<'_>,
        rest: &[String],
        before: &str,
        span: SourceSpan,
        value: Option<&'n Node<'n>>,
    ) {
        let Some((index, names)) = rest.split_first() else { return };
        if !draft.purposes.has(Purpose::Memberships) {
            return;
        }
        match (names, value) {
            ([], Some(value)) => self.membership(value),
            ([name, ..], _) if !MEMBERSHIP.contains(&name.as_str()) => {
                let mut before = String::from(before);
                escape(&mut before, index);
                self.unread_pointer(&before, name, span, &|| MEMBERSHIP.to_vec());
            }
            ([name], Some(value)) if name == grant::ROLES => self.roles_in(value),
            ([name], Some(value)) if name == grant::PERMISSIONS => self.actions_in(value),
            ([] | [_, ..], _) => {}
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
        let message = "nothing reads `{}` at `{}`, where this pointer leads";
        let parts = [name, if before.is_empty() { "/" } else { before }];
        self.diagnostics.warning_unknown(Code::UnreadPlace, span, message, &parts, known);
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
        let purposes = draft.purposes;
        if purposes.has(Purpose::SubjectRoles) {
            self.roles_in(node);
        }
        if purposes.has(Purpose::SubjectPermissions) || purposes.has(Purpose::Scopes) {
            self.actions_in(node);
        }
        if purposes.has(Purpose::Memberships) {
            node.items().iter().for_each(|item| self.membership(item));
        }
        if purposes.has(Purpose::ActionName) {
            self.action(node);
        }
        for reader in &draft.readers {
            let attribute = usize::try_from(*reader).ok();
            let attribute = attribute.and_then(|index| self.model.attributes.get(index));
            match attribute.map(|attribute| (attribute.kind, attribute.open)) {
                Some((DeclaredType::Enum(values), _)) => self.enum_value(node, values),
                Some((DeclaredType::EnumSet(values), false)) => {
                    node.items().iter().for_each(|item| self.enum_value(item, values));
                }
                Some(
                    (
                        DeclaredType::Bool
                        | DeclaredType::Id(_)
                        | DeclaredType::Int(..)
                        | DeclaredType::Time
                        | DeclaredType::IdSet(_)
                        | DeclaredType::Ip
                        | DeclaredType::IpSet,
                        _,
                    )
                    | (DeclaredType::EnumSet(_), true),
                )
                | None => {}
            }
        }
    }

    fn membership(&mut self, node: &'n Node<'n>) {
        for member in node.members() {
            match &*member.name {
                grant::ROLES => self.roles_in(&member.node),
                grant::PERMISSIONS => self.actions_in(&member.node),
                grant::ORGANIZATION => {}
                _ => self.unread_member(member, &|| MEMBERSHIP.to_vec()),
            }
        }
    }

    fn roles_in(&mut self, node: &'n Node<'n>) {
        for (name, item) in node.items().iter().filter_map(|item| Some((item.text()?, item))) {
            self.roles.names.add(name, 0);
            if self.model.roles.find(name).is_none() {
                let message = "the role `{}` is not declared";
                let model = self.model;
                self.undeclared(message, name, item.span, &|| model.roles.ids.names());
            }
        }
    }

    /// Permissions or scopes.
    fn actions_in(&mut self, node: &'n Node<'n>) {
        for item in node.items().iter().filter(|item| item.text() != Some("*")) {
            self.action(item);
        }
    }

    fn action(&mut self, node: &Node<'_>) {
        let Some(name) = node.text() else { return };
        if self.model.action(name).is_none() {
            let message = "the action `{}` is not declared";
            let model = self.model;
            self.undeclared(message, name, node.span, &|| model.values(0).to_vec());
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

/// The names that are read at a place.
fn names_of<'p>(draft: &PlaceDraft<'p>) -> Vec<&'p str> {
    draft.children.names().into_iter().filter(|name| !name.is_empty()).collect()
}

/// The members of a membership that are read.
const MEMBERSHIP: [&str; 3] = [grant::ORGANIZATION, grant::ROLES, grant::PERMISSIONS];
