//! Checking `schema`: actions first, since attributes may have them as values.

use super::super::diagnostics::Diagnostics;
use super::super::model::Model;
use super::super::names::sorted;
use super::super::tree::Node;
use crate::policy::Limits;
use crate::policy::image::Level;
use alloc::vec::Vec;

impl Diagnostics<'_> {
    pub(super) fn check_schema<'n>(
        &mut self,
        model: &mut Model<'n>,
        schema: &'n Node<'n>,
        limits: &Limits,
    ) {
        if !self.object(schema, &["actions"], &["attributes"]) {
            return;
        }
        model.enums.push(Vec::new());
        if let Some(actions) = schema.member("actions") {
            self.check_actions(model, actions, limits);
        }
        let types = model.actions.iter().flat_map(|action| &action.resource_types);
        let types = sorted(types.map(|(name, _)| *name));
        // Each action has a set of them.
        self.limit(schema, types.len(), limits.values, "resource types");
        model.enums.push(types);
        model.declare_builtin();
        if let Some(attributes) = schema.member("attributes") {
            self.check_attributes(model, attributes, limits);
            self.check_resource_types(model);
        }
    }

    pub(super) fn level(&mut self, node: &Node<'_>) -> Option<Level> {
        self.choice(node, Level::NAMES).and_then(Level::from_name)
    }
}
