//! What nothing names, and names that look like others.

use super::super::diagnostics::Diagnostics;
use super::super::model::{Condition, Model, Operand};
use super::super::names::NameMap;
use super::super::tree::{Node, SourceSpan};
use super::requests::RolesOfCases;
use crate::error::Code;
use crate::order;
use crate::policy::image::NodeKind;
use alloc::string::String;
use alloc::vec::Vec;

pub(super) fn lint(
    diagnostics: &mut Diagnostics<'_>,
    model: &Model<'_>,
    roots: &[Node<'_>],
    roles: &RolesOfCases<'_>,
) {
    unused(diagnostics, model, roots);
    unused_roles(diagnostics, model, roots, roles);
    alike(diagnostics, model, roots);
}

/// Which attributes and which declared conditions are used.
struct Uses {
    attributes: Vec<bool>,
    conditions: Vec<bool>,
}

impl Uses {
    fn of(model: &Model<'_>) -> Self {
        let attributes = alloc::vec![false; model.attributes.len()];
        let conditions = alloc::vec![false; model.conditions.len()];
        let mut uses = Self { attributes, conditions };
        model.conditions.iter().for_each(|condition| uses.add(condition));
        for rule in &model.rules.items {
            uses.add(&rule.when);
            rule.must.iter().for_each(|must| uses.add(must));
        }
        model.invariants.items.iter().for_each(|never| uses.add(never));
        uses
    }

    fn add(&mut self, condition: &Condition<'_>) {
        for node in condition {
            if let NodeKind::Atom(_) = node.kind {
                mark(&mut self.attributes, node.attribute);
            }
            if let Operand::Attribute(other) = node.right {
                mark(&mut self.attributes, other);
            }
            if let Operand::Named(condition) = node.right {
                mark(&mut self.conditions, condition);
            }
        }
    }
}

fn mark(list: &mut [bool], index: usize) {
    list.get_mut(index).into_iter().for_each(|is_used| *is_used = true);
}

fn unused(diagnostics: &mut Diagnostics<'_>, model: &Model<'_>, roots: &[Node<'_>]) {
    let uses = Uses::of(model);
    let mut conditions = NameMap::default();
    for (id, is_used) in model.condition_ids.iter().zip(&uses.conditions) {
        conditions.add(id, usize::from(*is_used));
    }
    for root in roots {
        for condition in root.items_of("conditions") {
            let Some(id) = condition.member("id") else { continue };
            let name = id.text().unwrap_or_default();
            if conditions.find(name) == Some(0) {
                let message = "no rule, invariant or other condition uses the condition `{}`";
                diagnostics.warning(Code::Unused, id.span, message, &[name], None);
            }
        }
        for attribute in root.member("schema").map_or(&[][..], |it| it.members_of("attributes")) {
            let name = &*attribute.name;
            // Declared for its values alone: test cases and defaults are held to them.
            if matches!(name, "subject.type" | "resource.type") {
                continue;
            }
            let used = model.attribute(name).and_then(|(index, _)| uses.attributes.get(index));
            if used == Some(&false) {
                let message = "no condition uses the attribute `{}`";
                diagnostics.warning(Code::Unused, attribute.span, message, &[name], None);
            }
        }
    }
}

/// Roles come with requests, so one is unused as far as test cases show. Without any case, nothing
/// shows.
fn unused_roles(
    diagnostics: &mut Diagnostics<'_>,
    model: &Model<'_>,
    roots: &[Node<'_>],
    roles: &RolesOfCases<'_>,
) {
    if !roles.has_cases {
        return;
    }
    let mut used = NameMap::default();
    let inherited = model.roles.items.iter().map(|role| &role.inherits);
    let defaults = model.defaults.iter().map(|(_, roles)| roles);
    for (name, _) in inherited.chain(defaults).flatten() {
        used.add(name, 0);
    }
    for role in roots.iter().flat_map(|root| root.items_of("roles")) {
        let Some(id) = role.member("id") else { continue };
        let name = id.text().unwrap_or_default();
        if used.find(name).is_none() && roles.names.find(name).is_none() {
            let message = "no default, no other role and no test case has the role `{}`";
            diagnostics.warning(Code::Unused, id.span, message, &[name], None);
        }
    }
}

/// Looks in each kind of names for those that people take for one another.
fn alike(diagnostics: &mut Diagnostics<'_>, model: &Model<'_>, roots: &[Node<'_>]) {
    for section in ["roles", "conditions", "rules", "invariants"] {
        let items = roots.iter().flat_map(|root| root.items_of(section));
        let ids = items.filter_map(|item| item.member("id"));
        alike_names(diagnostics, ids.filter_map(|id| Some((id.text()?, id.span))).collect());
    }
    for root in roots {
        if let Some(schema) = root.member("schema") {
            for names in ["attributes", "actions"] {
                let members = schema.members_of(names).iter();
                alike_names(diagnostics, members.map(|it| (&*it.name, it.span)).collect());
            }
            let attributes = schema.members_of("attributes").iter();
            let domains = attributes.filter_map(|attribute| attribute.node.member("domain"));
            let domains = domains.filter_map(|domain| Some((domain.text()?, domain.span)));
            alike_names(diagnostics, domains.collect());
            for attribute in schema.members_of("attributes") {
                let values = attribute.node.items_of("values").iter();
                let values = values.filter_map(|value| Some((value.text()?, value.span)));
                alike_names(diagnostics, values.collect());
            }
        }
        if model.attribute("subject.type").is_none() {
            let types = root.members_of("defaults").iter();
            alike_names(diagnostics, types.map(|it| (&*it.name, it.span)).collect());
        }
        let requests = root.member("tests").map_or(&[][..], |tests| tests.members_of("requests"));
        alike_names(diagnostics, requests.iter().map(|it| (&*it.name, it.span)).collect());
    }
}

/// Looks among names of one kind, each with its place.
fn alike_names(diagnostics: &mut Diagnostics<'_>, names: Vec<(&str, SourceSpan)>) {
    let folded = names.iter().enumerate().map(|(index, (name, _))| (folded(name), index));
    let folded: Vec<(String, usize)> = order::sorted(folded.collect());
    for ((one, first), (other, second)) in folded.iter().zip(folded.iter().skip(1)) {
        let (Some((one_name, _)), Some((name, place))) = (names.get(*first), names.get(*second))
        else {
            continue;
        };
        if one == other && one_name != name {
            let message = "`{}` differs from `{}` only by case or by characters that are not seen";
            diagnostics.warning(Code::AlikeNames, *place, message, &[name, one_name], None);
        }
    }
}

/// A name without what people do not see: lower case, and without characters that take no room.
fn folded(name: &str) -> String {
    let seen = name.chars().filter(|character| {
        !matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
                | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}'
        ) && !character.is_control()
            && !character.is_whitespace()
    });
    let mut folded = String::with_capacity(name.len());
    folded.extend(seen.flat_map(char::to_lowercase));
    folded
}
