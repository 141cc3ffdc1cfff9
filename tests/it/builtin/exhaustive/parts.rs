//! Which inputs the rules of an action read together, from the documents in `policies/`.

use super::inputs;
use super::point::Action;
use crate::common::{json_files, root};
use serde_json::Value;
use std::collections::BTreeSet;

/// The rules of the built-in policy that decide, and its actions.
pub struct Rules {
    pub actions: Vec<Action>,
    rules: Vec<Value>,
    conditions: Vec<Value>,
}

impl Rules {
    pub fn load() -> Self {
        let (mut actions, mut rules, mut conditions) = (Vec::new(), Vec::new(), Vec::new());
        for (_, text) in json_files(&root().join("policies")) {
            let document: Value = serde_json::from_str(&text).unwrap();
            let declared = document["schema"]["actions"].as_object();
            for (name, _) in declared.into_iter().flatten() {
                actions.push(action(name, &document["schema"]["actions"]));
            }
            rules.extend(document["rules"].as_array().into_iter().flatten().cloned());
            conditions.extend(document["conditions"].as_array().into_iter().flatten().cloned());
        }
        rules.retain(|rule| rule["effect"] != "advise");
        Self { actions, rules, conditions }
    }

    /// The inputs that a rule reads.
    pub fn inputs(&self, rule: &str) -> BTreeSet<usize> {
        let rule = self.rules.iter().find(|known| known["id"] == rule).unwrap();
        let mut inputs = BTreeSet::new();
        self.read(&rule["when"], &mut inputs);
        self.read(&rule["must"], &mut inputs);
        inputs
    }

    /// The inputs that an action's rules read, apart where no rule reads both. All permits count as
    /// one rule.
    pub fn parts(&self, action: &str) -> Vec<Vec<usize>> {
        let (mut permits, mut parts) = (BTreeSet::new(), Vec::new());
        for rule in &self.rules {
            let of_action = |name: &Value| name == "*" || name == action;
            if rule["actions"].as_array().unwrap().iter().any(of_action) {
                let inputs = self.inputs(rule["id"].as_str().unwrap());
                if rule["effect"] == "permit" {
                    permits.extend(inputs);
                } else {
                    parts.push(inputs);
                }
            }
        }
        let mut apart: Vec<BTreeSet<usize>> = Vec::new();
        for mut part in parts.into_iter().chain([permits]) {
            apart.retain(|other| {
                let together = !other.is_disjoint(&part);
                if together {
                    part.extend(other);
                }
                !together
            });
            apart.push(part);
        }
        apart.into_iter().map(|part| part.into_iter().collect()).collect()
    }

    /// Adds the inputs that a condition reads.
    fn read(&self, condition: &Value, inputs: &mut BTreeSet<usize>) {
        for (member, value) in condition.as_object().into_iter().flatten() {
            match member.as_str() {
                "all" | "any" => {
                    value.as_array().unwrap().iter().for_each(|part| self.read(part, inputs));
                }
                "not" => self.read(value, inputs),
                "condition" => {
                    let named = self.conditions.iter().find(|known| &known["id"] == value);
                    self.read(&named.unwrap()["when"], inputs);
                }
                attribute => {
                    let others = value.as_object().into_iter().flat_map(|operand| operand.values());
                    let others = others.map(|operand| operand.get("attribute").unwrap_or(operand));
                    let others = others.filter_map(Value::as_str).filter(|name| name.contains('.'));
                    for attribute in others.chain([attribute]) {
                        inputs.extend(
                            inputs::of_attribute(attribute).iter().copied().map(inputs::place),
                        );
                    }
                }
            }
        }
    }
}

fn action(name: &str, declared: &Value) -> Action {
    let keys = name.contains("ServiceUserKey");
    let permission = if keys { "ManageOrgServiceUsers" } else { name };
    let implies = |(_, action): &(&String, &Value)| {
        let implied = action["implies"].as_array().into_iter().flatten();
        implied.into_iter().any(|implied| implied == permission)
    };
    let by_account =
        declared.as_object().unwrap().iter().find(implies).map(|(name, _)| name.clone());
    let at_account = (declared[name]["level"] == "account").then(|| name.to_owned());
    Action {
        name: name.to_owned(),
        permission: permission.to_owned(),
        account_permission: at_account.or(by_account),
    }
}
