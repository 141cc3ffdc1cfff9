//! Checking `roles` and `defaults`.

use super::super::diagnostics::Diagnostics;
use super::super::fields::NameForm;
use super::super::model::{Model, RoleDeclaration};
use super::super::tree::{Node, SourceSpan};
use super::cycles::References;
use crate::error::Code;
use crate::policy::image::Level;
use alloc::vec::Vec;

impl Diagnostics<'_> {
    pub(super) fn check_role<'n>(&mut self, model: &mut Model<'n>, node: &'n Node<'n>) {
        if !self.object(node, &["id", "level"], &["permissions", "inherits", "description"]) {
            return;
        }
        self.description(node);
        let id = self.id(node, "role id");
        let level = node.member("level").and_then(|level| self.level(level));
        let (Some(id), Some(level)) = (id, level) else { return };
        let mut permissions = self.strings_of(node, "permissions");
        let all = matches!(permissions.as_slice(), [("*", _)]);
        if all {
            permissions.clear();
        }
        for (name, item) in &permissions {
            self.check_permission(model, name, item, level);
        }
        let inherits = self.strings_of(node, "inherits");
        let role = RoleDeclaration { id, level, all, permissions, inherits };
        if let Some(before) = model.roles.add(id, node.span, role) {
            self.twice(node, "role", id, before);
        }
    }

    fn check_permission(&mut self, model: &Model<'_>, name: &str, node: &Node<'_>, level: Level) {
        let (code, message) = match model.action(name) {
            None if name == "*" => {
                (Code::InvalidName, "`*` stands for all permissions of the level, and stands alone")
            }
            None => return self.unknown_action(model, name, node),
            Some(action) if action.level.is_none() => {
                (Code::WrongLevel, "`{}` has no level, so no role can give it")
            }
            Some(action) if action.level != Some(level) => {
                (Code::WrongLevel, "`{}` is a permission of the other level than this role")
            }
            Some(_) => return,
        };
        self.error(code, node.span, message, &[name]);
    }

    /// Checks which roles inherit which, once all are known.
    pub(super) fn check_inheritance(&mut self, model: &Model<'_>) {
        for role in model.roles.sorted() {
            for (name, node) in &role.inherits {
                match model.roles.find(name) {
                    None => self.unknown_role(model, name, node),
                    Some(other) if other.level != role.level => {
                        let message = "`{}` is a role of the other level than `{=}`";
                        self.error(Code::WrongLevel, node.span, message, &[name, role.id]);
                    }
                    Some(_) => {}
                }
            }
        }
        let id = |number: usize| model.roles.items.get(number).map(|role| role.id);
        self.check_cycles(&references(model), "inherits", &id);
    }

    fn unknown_role(&mut self, model: &Model<'_>, name: &str, node: &Node<'_>) {
        let message = "the role `{}` is not declared";
        let known = || model.roles.ids.names();
        self.unknown(Code::UnknownRole, node.span, message, &[name], &known);
    }

    pub(super) fn check_defaults<'n>(&mut self, model: &mut Model<'n>, node: &'n Node<'n>) {
        if !self.object_of_any(node) {
            return;
        }
        for member in node.members() {
            let name = &*member.name;
            self.check_name(name, member.span, "subject type", NameForm::Value);
            self.check_declared_value(model, "subject.type", name, member.span);
            let roles = self.strings(&member.node);
            for (name, item) in &roles {
                if model.roles.find(name).is_none() {
                    self.unknown_role(model, name, item);
                }
            }
            model.defaults.push((name, roles));
        }
    }
}

/// The numbers of roles, in an order in which each comes after all that it inherits. A role in a
/// cycle is not among them, nor is one that inherits such a role.
pub(crate) fn in_order(model: &Model<'_>) -> Vec<usize> {
    references(model).in_order()
}

/// The declared roles that a role inherits: the number of each, and where its name stands.
pub(crate) fn inherited(model: &Model<'_>, number: usize) -> Vec<(usize, SourceSpan)> {
    let role = model.roles.items.get(number);
    let inherits = role.map_or(&[][..], |role| &role.inherits).iter();
    inherits.filter_map(|(name, node)| Some((model.roles.ids.find(name)?, node.span))).collect()
}

fn references(model: &Model<'_>) -> References {
    References::new((0..model.roles.items.len()).map(|number| inherited(model, number)).collect())
}
