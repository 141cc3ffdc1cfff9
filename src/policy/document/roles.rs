//! Checking `roles` and `defaults`.

use super::diagnostics::Diagnostics;
use super::fields::{Form, shown};
use super::model::{Level, Model, Role, Type};
use super::tree::Node;
use crate::error::Code;
use alloc::collections::BTreeSet;
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
                    Some(_) if inherited(model, name).contains(id.as_str()) => {
                        let message =
                            format!("`{id}` inherits `{}`, which inherits `{id}`", shown(name));
                        self.error(Code::Cycle, *span, message);
                    }
                    Some(_) => {}
                }
            }
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

/// A role and all roles that it inherits, at any depth.
pub(super) fn inherited<'m>(model: &'m Model, id: &'m str) -> BTreeSet<&'m str> {
    let mut found = BTreeSet::new();
    let mut open = alloc::vec![id];
    while let Some(id) = open.pop() {
        if found.insert(id) {
            let role = model.roles.get(id);
            open.extend(role.iter().flat_map(|role| &role.inherits).map(|(name, _)| name.as_str()));
        }
    }
    found
}
