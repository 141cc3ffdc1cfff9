//! Checking `schema`: attributes and actions.

use super::Limits;
use super::diagnostics::Diagnostics;
use super::fields::{Form, shown, start_of};
use super::model::{Action, Attribute, Level, Model, Type};
use super::tree::{Member, Node};
use crate::error::Code;
use crate::json::MAX_SAFE_INTEGER;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

const TYPES: &[&str] = &["bool", "enum", "id", "int", "time", "enum_set", "id_set"];
/// An image has 16 bits for an attribute.
const MAX_ATTRIBUTES: usize = 60_000;
/// The lists that derived sets are read from. A pointer does not enter an array.
const LISTS: [&[&str]; 4] = [
    &["subject", "properties", "roles"],
    &["subject", "properties", "permissions"],
    &["subject", "properties", "memberships"],
    &["context", "credential", "scopes"],
];
pub(super) const BUILTIN: [&str; 3] = ["action.name", "subject.permissions", "credential.scopes"];

impl Diagnostics<'_> {
    pub(super) fn check_schema(&mut self, model: &mut Model, schema: &Node, limits: &Limits) {
        if self.object(schema, &["actions"], &["attributes"]).is_none() {
            return;
        }
        if let Some(actions) = schema.member("actions") {
            self.check_actions(model, actions, limits);
        }
        model.enums.push(model.actions.keys().cloned().collect());
        for (name, kind) in
            BUILTIN.into_iter().zip([Type::Enum(0), Type::EnumSet(0), Type::EnumSet(0)])
        {
            let path = if name == "action.name" {
                vec!["action".to_string(), "name".to_string()]
            } else {
                Vec::new()
            };
            model.attributes.push(Attribute { name: name.to_string(), kind, open: false, path });
        }
        let Some(attributes) = schema.member("attributes") else { return };
        if self.object_of_any(attributes) {
            let most = limits.attributes.min(MAX_ATTRIBUTES);
            self.limit(attributes, attributes.members().len(), most, "attributes");
            let mut members: Vec<&Member> = attributes.members().iter().collect();
            members.sort_by(|a, b| a.name.cmp(&b.name));
            for member in members {
                if let Some(attribute) = self.check_attribute(model, member, limits) {
                    model.attributes.push(attribute);
                }
            }
        }
    }

    fn check_actions(&mut self, model: &mut Model, actions: &Node, limits: &Limits) {
        if !self.object_of_any(actions) {
            return;
        }
        self.limit(actions, actions.members().len(), limits.actions, "actions");
        if actions.members().is_empty() {
            self.error(
                Code::MissingMember,
                actions.span,
                "at least one action must be declared here".into(),
            );
        }
        for member in actions.members() {
            self.check_name(&member.name, member.span, "action", Form::Action);
            self.object(&member.node, &[], &["level", "implies", "description"]);
            self.description(&member.node);
            let level = member.node.member("level").and_then(|node| self.level(node));
            let implies =
                member.node.member("implies").map_or_else(Vec::new, |node| self.strings(node));
            let implies = implies.into_iter().map(|(name, _)| name.to_string()).collect();
            model.actions.insert(member.name.clone(), Action { level, implies });
        }
        for member in actions.members() {
            let Some(implies) = member.node.member("implies") else { continue };
            if model.actions.get(&member.name).and_then(|action| action.level)
                != Some(Level::Account)
            {
                self.error(
                    Code::WrongLevel,
                    implies.span,
                    "only an account-level action can imply others".into(),
                );
            }
            for (name, node) in implies.items().iter().filter_map(|node| Some((node.text()?, node)))
            {
                match model.actions.get(name) {
                    None => self.unknown_action(model, name, node),
                    Some(action) if action.level != Some(Level::Organization) => {
                        let message = format!(
                            "`{}` is no organization-level action, and only these can be implied",
                            shown(name)
                        );
                        self.error(Code::WrongLevel, node.span, message);
                    }
                    Some(_) => {}
                }
            }
        }
    }

    pub(super) fn unknown_action(&mut self, model: &Model, name: &str, node: &Node) {
        let message = format!("the action `{}` is not declared", shown(name));
        self.unknown(
            Code::UnknownAction,
            node.span,
            message,
            name,
            model.actions.keys().map(String::as_str),
        );
    }

    pub(super) fn level(&mut self, node: &Node) -> Option<Level> {
        self.choice(node, &["account", "organization"])
            .map(|level| if level == "account" { Level::Account } else { Level::Organization })
    }

    fn check_attribute(
        &mut self,
        model: &mut Model,
        member: &Member,
        limits: &Limits,
    ) -> Option<Attribute> {
        let (name, node) = (&member.name, &member.node);
        self.check_name(name, member.span, "attribute", Form::Attribute);
        if BUILTIN.contains(&name.as_str()) {
            let message = format!("`{name}` exists without being declared, and cannot be declared");
            self.error(Code::ReservedName, member.span, message);
            return None;
        }
        let kind = node.member("type").and_then(|kind| self.choice(kind, TYPES));
        let needed: &[&str] = match kind {
            Some("enum" | "enum_set") => &["type", "values"],
            Some("id" | "id_set") => &["type", "domain"],
            Some("int") => &["type", "min", "max"],
            _ => &["type"],
        };
        let optional: &[&str] = if kind.is_some_and(|kind| kind.ends_with("_set")) {
            &["open", "from", "description"]
        } else {
            &["from", "description"]
        };
        self.object(node, needed, optional)?;
        self.description(node);
        let open = node.member("open").and_then(|open| self.boolean(open)).unwrap_or(false);
        let kind = match kind? {
            "bool" => Type::Bool,
            "enum" => Type::Enum(self.values(model, node.member("values")?, limits)?),
            "enum_set" => Type::EnumSet(self.values(model, node.member("values")?, limits)?),
            "id" => Type::Id(self.name(node.member("domain")?, "domain", Form::Value)?.to_string()),
            "id_set" => {
                Type::IdSet(self.name(node.member("domain")?, "domain", Form::Value)?.to_string())
            }
            "time" => Type::Time,
            _ => self.range(node)?,
        };
        let path = self.path(member)?;
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        if names.len() > 16
            || LISTS.iter().any(|list| names.len() > list.len() && names.starts_with(list))
        {
            let message = format!(
                "`{}` would be deeper than 16 names, or inside a list of the subject or of scopes",
                shown(name)
            );
            self.error(Code::InvalidPointer, member.span, message);
        }
        Some(Attribute { name: name.clone(), kind, open, path })
    }

    /// The enum with these values, which it adds to the model where it is new.
    fn values(&mut self, model: &mut Model, node: &Node, limits: &Limits) -> Option<usize> {
        if node.text() == Some("actions") {
            return Some(0);
        }
        self.limit(node, node.items().len(), limits.values, "values");
        let mut values: BTreeSet<String> = BTreeSet::new();
        for (value, item) in self.strings(node) {
            self.check_name(value, item.span, "value", Form::Value);
            if !values.insert(value.to_string()) {
                self.error(
                    Code::DuplicateId,
                    item.span,
                    format!("the value `{}` stands twice", shown(value)),
                );
            }
        }
        if values.is_empty() {
            self.error(
                Code::MissingMember,
                start_of(node),
                "at least one value must be declared here".into(),
            );
            return None;
        }
        let values: Vec<String> = values.into_iter().collect();
        Some(model.enums.iter().position(|known| *known == values).unwrap_or_else(|| {
            model.enums.push(values);
            model.enums.len().saturating_sub(1)
        }))
    }

    fn range(&mut self, node: &Node) -> Option<Type> {
        let mut bound = |name: &str| {
            let node = node.member(name)?;
            let number = node.integer();
            if number.is_none() {
                self.wrong_type(node, "an integer written in digits");
            }
            let number = number?;
            if number.unsigned_abs() > MAX_SAFE_INTEGER.unsigned_abs() {
                self.error(
                    Code::OutOfRange,
                    node.span,
                    "a bound is from -9007199254740991 to 9007199254740991".into(),
                );
                return None;
            }
            Some(number)
        };
        let (min, max) = (bound("min")?, bound("max")?);
        if min > max {
            self.error(
                Code::OutOfRange,
                start_of(node),
                format!("`min` is {min} and `max` only {max}"),
            );
        }
        Some(Type::Int(min, max))
    }

    /// The names on the way to an attribute's value.
    fn path(&mut self, member: &Member) -> Option<Vec<String>> {
        let (name, from) = (member.name.as_str(), member.node.member("from"));
        let mut segments = name.split('.').map(String::from);
        let root = segments.next()?;
        let rest: Vec<String> = segments.collect();
        let path = match (root.as_str(), rest.as_slice()) {
            ("subject" | "resource", [only]) if only == "type" || only == "id" => {
                vec![root, only.clone()]
            }
            ("subject" | "resource" | "action", _) => {
                [root, "properties".to_string()].into_iter().chain(rest).collect()
            }
            ("context", _) => [root].into_iter().chain(rest).collect(),
            _ => {
                let Some(from) = from else {
                    let message = format!(
                        "`{}` needs `from`, the JSON pointer of its place in a request",
                        shown(name)
                    );
                    self.error(Code::MissingMember, start_of(&member.node), message);
                    return None;
                };
                return self.pointer(from);
            }
        };
        if let Some(from) = from {
            let message =
                format!("the place of `{}` follows from its name; leave `from` out", shown(name));
            self.error(Code::UnknownMember, from.span, message);
        }
        Some(path)
    }

    fn pointer(&mut self, node: &Node) -> Option<Vec<String>> {
        let text = self.string(node)?;
        let escapes_fit = text.split('~').skip(1).all(|after| after.starts_with(['0', '1']));
        let path: Vec<String> = text
            .split('/')
            .skip(1)
            .map(|segment| segment.replace("~1", "/").replace("~0", "~"))
            .collect();
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let known = matches!(
            names.as_slice(),
            ["subject" | "resource", "type" | "id"]
                | ["subject" | "resource" | "action", "properties", _, ..]
                | ["context", _, ..]
        );
        if escapes_fit
            && known
            && text.starts_with('/')
            && names.len() <= 16
            && !names.contains(&"")
        {
            return Some(path);
        }
        let message = format!(
            "`{}` is no JSON pointer below /subject/properties, /resource/properties, /action/properties or /context",
            shown(text)
        );
        self.error(Code::InvalidPointer, node.span, message);
        None
    }

    pub(super) fn object_of_any(&mut self, node: &Node) -> bool {
        let is_object = matches!(node.value, super::tree::Value::Object(_));
        if !is_object {
            self.wrong_type(node, "an object");
        }
        is_object
    }

    pub(super) fn limit(&mut self, node: &Node, count: usize, most: usize, what: &str) {
        if count > most {
            self.error(
                Code::LimitExceeded,
                start_of(node),
                format!("{count} {what} are over the limit of {most}"),
            );
        }
    }
}
