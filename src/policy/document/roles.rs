//! Checking `roles` and `defaults`.

use super::diagnostics::Diagnostics;
use super::fields::{Form, shown};
use super::model::{Level, Model, Role, Type};
use super::tree::{Node, Span};
use crate::error::Code;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

impl Diagnostics<'_> {
    pub(super) fn check_role(&mut self, model: &mut Model, node: &Node) {
        let optional = ["permissions", "inherits", "description"];
        if self.object(node, &["id", "level"], &optional).is_none() {
            return;
        }
        self.description(node);
        let id = node.member("id").and_then(|id| self.name(id, "role id", Form::Id));
        let level = node.member("level").and_then(|level| self.level(level));
        let (Some(id), Some(level)) = (id, level) else { return };
        let permissions =
            node.member("permissions").map_or_else(Vec::new, |node| self.strings(node));
        let all = matches!(permissions.as_slice(), [("*", _)]);
        for (name, item) in permissions.iter().filter(|_| !all) {
            self.check_permission(model, name, item, level);
        }
        let inherits = node.member("inherits").map_or_else(Vec::new, |node| self.strings(node));
        let role = Role {
            level,
            all,
            permissions: permissions
                .iter()
                .filter(|_| !all)
                .map(|(name, _)| (*name).to_string())
                .collect(),
            inherits: inherits
                .iter()
                .map(|(name, item)| ((*name).to_string(), item.span))
                .collect(),
        };
        if model.roles.insert(id.to_string(), role).is_some() {
            self.error(Code::DuplicateId, node.span, format!("the role `{id}` is declared twice"));
        }
    }

    fn check_permission(&mut self, model: &Model, name: &str, node: &Node, level: Level) {
        let shown_name = shown(name);
        match model.actions.get(name) {
            None if name == "*" => {
                let message =
                    "`*` stands for all permissions of the level, and stands alone".to_string();
                self.error(Code::InvalidName, node.span, message);
            }
            None => self.unknown_action(model, name, node),
            Some(action) if action.level.is_none() => {
                let message = format!("`{shown_name}` has no level, so no role can give it");
                self.error(Code::WrongLevel, node.span, message);
            }
            Some(action) if action.level != Some(level) => {
                let message =
                    format!("`{shown_name}` is a permission of the other level than this role");
                self.error(Code::WrongLevel, node.span, message);
            }
            Some(_) => {}
        }
    }

    /// Checks what roles say of each other, once all are known.
    pub(super) fn check_inheritance(&mut self, model: &Model) {
        for (id, role) in &model.roles {
            for (name, span) in &role.inherits {
                match model.roles.get(name) {
                    None => {
                        let message = format!("the role `{}` is not declared", shown(name));
                        let known = model.roles.keys().map(String::as_str);
                        self.unknown(Code::UnknownRole, *span, message, name, known);
                    }
                    Some(other) if other.level != role.level => {
                        let message =
                            format!("`{}` is a role of the other level than `{id}`", shown(name));
                        self.error(Code::WrongLevel, *span, message);
                    }
                    Some(_) => {}
                }
            }
        }
        let (_, circular) = in_order(model);
        for (id, (name, span)) in cycle(model, &circular) {
            let message = format!("`{id}` inherits `{}`, which inherits `{id}`", shown(name));
            self.error(Code::Cycle, *span, message);
        }
    }

    pub(super) fn check_defaults(&mut self, model: &mut Model, node: &Node) {
        if !self.object_of_any(node) {
            return;
        }
        let types = model.attributes.iter().find(|attribute| attribute.name == "subject.type");
        let types = match types.map(|attribute| &attribute.kind) {
            Some(Type::Enum(index)) => model.enums.get(*index).cloned(),
            _ => None,
        };
        for member in node.members() {
            self.check_name(&member.name, member.span, "subject type", Form::Value);
            if let Some(types) = types.as_ref().filter(|types| !types.contains(&member.name)) {
                let message = format!("`{}` is no value of `subject.type`", shown(&member.name));
                let known = types.iter().map(String::as_str);
                self.unknown(Code::UnknownValue, member.span, message, &member.name, known);
            }
            let roles = self.strings(&member.node);
            for (name, item) in &roles {
                if !model.roles.contains_key(*name) {
                    let message = format!("the role `{}` is not declared", shown(name));
                    let known = model.roles.keys().map(String::as_str);
                    self.unknown(Code::UnknownRole, item.span, message, name, known);
                }
            }
            let roles = roles.into_iter().map(|(name, _)| name.to_string()).collect();
            model.defaults.insert(member.name.clone(), roles);
        }
    }
}

/// The roles in an order in which each comes after all that it inherits; and those that are in a circle, or inherit one that is.
pub(super) fn in_order(model: &Model) -> (Vec<&str>, BTreeSet<&str>) {
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    let mut heirs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, role) in &model.roles {
        let inherits = role.inherits.iter().filter(|(name, _)| model.roles.contains_key(name));
        waiting.insert(id, inherits.clone().count());
        for (name, _) in inherits {
            heirs.entry(name).or_default().push(id);
        }
    }
    let mut order: Vec<&str> = Vec::new();
    let mut ready: Vec<&str> =
        waiting.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
    while let Some(id) = ready.pop() {
        order.push(id);
        waiting.remove(id);
        for heir in heirs.get(id).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(heir) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(heir);
                }
            }
        }
    }
    (order, waiting.into_keys().collect())
}

/// One circle among roles of which each inherits another one of them: each with what closes it.
fn cycle<'m>(model: &'m Model, circular: &BTreeSet<&'m str>) -> Vec<(&'m str, &'m (String, Span))> {
    let mut walked: Vec<(&str, &(String, Span))> = Vec::new();
    let mut next = circular.first().copied();
    while let Some(id) = next {
        if let Some(start) = walked.iter().position(|(other, _)| *other == id) {
            return walked.split_off(start);
        }
        let role = model.roles.get(id);
        let inherits = role.and_then(|role| {
            role.inherits.iter().find(|(name, _)| circular.contains(name.as_str()))
        });
        walked.extend(inherits.map(|inherits| (id, inherits)));
        next = inherits.map(|(name, _)| name.as_str());
    }
    Vec::new()
}
