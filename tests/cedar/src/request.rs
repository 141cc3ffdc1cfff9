//! A request as Cedar sees it.

use crate::policy::{PREPARED, Policy};
use crate::value::{Foreign, Reading};
use serde_json::{Map, Value, json};

/// The entities and the context of a request.
#[derive(Debug)]
pub struct Request {
    /// The id of the entity of type `Subject`.
    pub subject: String,
    /// Its attributes.
    pub principal: Map<String, Value>,
    /// The id of the entity of type `Action`.
    pub action: String,
    /// Whether the action is in the group `Action::"any declared"`.
    pub action_is_declared: bool,
    /// Whether it is declared for resources of another type alone.
    pub resource_is_of_another_type: bool,
    /// The id of the entity of type `Resource`.
    pub resource: String,
    /// Its attributes.
    pub resource_attributes: Map<String, Value>,
    /// The context.
    pub context: Map<String, Value>,
}

/// How many levels of objects and arrays a request may have (section 16).
const DEEPEST: usize = 32;

impl Policy {
    /// Prepares a request, or `None` for one that is malformed (section 6).
    pub fn prepare(&self, request: &Value) -> Option<Request> {
        (levels(request) <= DEEPEST).then_some(())?;
        for entity in ["subject", "action", "resource"] {
            let entity = request.get(entity)?.as_object()?;
            entity.get("properties").is_none_or(Value::is_object).then_some(())?;
        }
        request.get("context").is_none_or(Value::is_object).then_some(())?;
        for pointer in ["/subject/type", "/resource/type"] {
            request.pointer(pointer)?.as_str()?;
        }
        let id = |pointer| Some(request.pointer(pointer)?.as_str()?.to_owned());
        let (subject, resource) = (id("/subject/id")?, id("/resource/id")?);
        let action = id("/action/name")?;

        let mut root = Value::Object(Map::new());
        let (mut nulls, mut unusable, mut foreign) = (Vec::new(), Vec::new(), Vec::new());
        let prepared =
            |name: &str| PREPARED.iter().copied().chain([name]).map(str::to_owned).collect();
        put(&mut root, &prepared("shared"), json!({}));
        for (name, attribute) in &self.attributes {
            match attribute.read(request) {
                Reading::Value(value, has_foreign) => {
                    put(&mut root, &attribute.place, value);
                    if has_foreign == Foreign::Some {
                        foreign.push(name.as_str());
                    }
                }
                Reading::Null => nulls.push(name.as_str()),
                Reading::Unusable if attribute.absent.is_some() => unusable.push(name.as_str()),
                Reading::Unusable | Reading::Nothing => {}
            }
        }
        put(&mut root, &prepared("null"), json!(nulls));
        put(&mut root, &prepared("covered"), json!(self.covered(request)));
        put(&mut root, &prepared("unusable"), json!(unusable));
        put(&mut root, &prepared("resource_type"), request["resource"]["type"].clone());
        put(&mut root, &prepared("foreign"), json!(foreign));
        put(&mut root, &prepared("permissions"), self.permissions(request).to_value());
        put(&mut root, &prepared("scopes"), self.scopes(request).to_value());
        let mut of = |variable: &str| match root.get_mut(variable).map_or(Value::Null, Value::take)
        {
            Value::Object(attributes) => attributes,
            _ => Map::new(),
        };
        Some(Request {
            subject,
            principal: of("principal"),
            action_is_declared: self.actions.contains_key(&action),
            resource_is_of_another_type: self
                .actions
                .get(&action)
                .and_then(|action| action.resource_types.as_ref())
                .is_some_and(|types| types.iter().all(|it| request["resource"]["type"] != **it)),
            action,
            resource,
            resource_attributes: of("resource"),
            context: of("context"),
        })
    }
}

fn put(root: &mut Value, place: &Vec<String>, value: Value) {
    let mut inner = root;
    for name in place {
        inner = inner
            .as_object_mut()
            .expect("no place lies inside another")
            .entry(name)
            .or_insert_with(|| Value::Object(Map::new()));
    }
    *inner = value;
}

fn levels(value: &Value) -> usize {
    let inner = match value {
        Value::Array(items) => items.iter().map(levels).max(),
        Value::Object(members) => members.values().map(levels).max(),
        _ => return 0,
    };
    inner.unwrap_or(0).saturating_add(1)
}
