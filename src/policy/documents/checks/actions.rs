//! Checking the actions of `schema`.

use super::super::diagnostics::Diagnostics;
use super::super::fields::{NameForm, Strings};
use super::super::model::{ACTION_NAMES, ActionDeclaration, Model};
use super::super::tree::{Node, NodeValue};
use crate::error::Code;
use crate::policy::Limits;
use crate::policy::image::Level;
use alloc::vec::Vec;

impl Diagnostics<'_> {
    /// Checks the declared actions, and adds them to the model.
    pub(super) fn check_actions<'n>(
        &mut self,
        model: &mut Model<'n>,
        actions: &'n Node<'n>,
        limits: &Limits,
    ) {
        if !self.object_of_any(actions) {
            return;
        }
        self.limit(actions, actions.members().len(), limits.actions, "actions");
        if actions.members().is_empty() {
            let message = "at least one action must be declared here";
            self.error(Code::MissingMember, actions.span, message, &[]);
        }
        let mut names: Vec<&str> = Vec::new();
        for member in actions.members() {
            let node = &member.node;
            self.check_name(&member.name, member.span, "action", NameForm::Action);
            self.object(node, &[], &["level", "implies", "resource_types", "description"]);
            self.description(node);
            let level = node.member("level").and_then(|node| self.level(node));
            let implies = self.strings_of(node, "implies");
            let resource_types = self.resource_types(node);
            names.push(&member.name);
            model.actions.push(ActionDeclaration { level, implies, resource_types });
        }
        if let Some(values) = model.enums.get_mut(ACTION_NAMES) {
            *values = names;
        }
        for (member, action) in actions.members().iter().zip(&model.actions) {
            let Some(implies) = member.node.member("implies") else { continue };
            if action.level != Some(Level::Account) {
                let message = "only an account-level action can imply others";
                self.error(Code::WrongLevel, implies.span, message, &[]);
            }
            for (name, node) in &action.implies {
                match model.action(name) {
                    None => self.unknown_action(model, name, node),
                    Some(action) if action.level != Some(Level::Organization) => {
                        let message =
                            "`{}` is no organization-level action, and only these can be implied";
                        self.error(Code::WrongLevel, node.span, message, &[name]);
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// The distinct types of resources that an action is for; none where it is for all.
    fn resource_types<'n>(&mut self, node: &'n Node<'n>) -> Strings<'n> {
        let Some(node) = node.member("resource_types") else { return Vec::new() };
        let types = self.strings(node);
        self.distinct(&types, "resource type");
        if matches!(&node.value, NodeValue::Array(items) if items.is_empty()) {
            let message = "at least one resource type must be named here";
            self.error(Code::MissingMember, node.start(), message, &[]);
        }
        types
    }

    /// Checks that each type of resource that an action is for is one that is declared.
    pub(super) fn check_resource_types(&mut self, model: &Model<'_>) {
        for (name, item) in model.actions.iter().flat_map(|action| &action.resource_types) {
            self.check_declared_value(model, "resource.type", name, item.span);
        }
    }

    /// Records that an action is not declared.
    pub(super) fn unknown_action(&mut self, model: &Model<'_>, name: &str, node: &Node<'_>) {
        let message = "the action `{}` is not declared";
        let known = || model.action_names().to_vec();
        self.unknown(Code::UnknownAction, node.span, message, &[name], &known);
    }
}
