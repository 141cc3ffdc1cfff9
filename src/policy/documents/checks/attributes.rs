//! Checking the attributes of `schema`.

use super::super::diagnostics::Diagnostics;
use super::super::fields::NameForm;
use super::super::model::{AttributeDeclaration, DeclaredType, Model};
use super::super::text::{escape, integer, pointed};
use super::super::tree::{Member, Node, NodeValue};
use super::needs::needs;
use crate::error::Code;
use crate::json::MAX_SAFE_INTEGER;
use crate::policy::Limits;
use crate::policy::image::AttributeType;
use crate::policy::vocabulary::{KnownPlace, place};
use alloc::string::String;
use alloc::vec::Vec;

/// How many attributes there may be: an image has 16 bits for one.
const MAX_ATTRIBUTES: usize = 60_000;

/// How many names lead to an attribute at most.
const MAX_NAMES: usize = 16;
/// The lists that derived sets are read from. A pointer does not enter an array.
const LISTS: [KnownPlace; 4] = [
    place::SUBJECT_ROLES,
    place::SUBJECT_PERMISSIONS,
    place::SUBJECT_MEMBERSHIPS,
    place::CREDENTIAL_SCOPES,
];
/// The places of attributes at which something stands in every request.
const NEVER_ABSENT: [KnownPlace; 4] =
    [place::SUBJECT_TYPE, place::SUBJECT_ID, place::RESOURCE_TYPE, place::RESOURCE_ID];

/// The attributes that exist without being declared.
const BUILTIN: [(&str, DeclaredType<'_>); 3] = [
    ("action.name", DeclaredType::Enum(0)),
    ("subject.permissions", DeclaredType::EnumSet(0)),
    ("credential.scopes", DeclaredType::EnumSet(0)),
];

impl<'n> Model<'n> {
    /// Declares the attributes that exist without being declared.
    pub(super) fn declare_builtin(&mut self) {
        for (name, kind) in BUILTIN {
            // The derived sets are read at no place of their own.
            let pointer =
                String::from(if name == "action.name" { place::ACTION_NAME.pointer } else { "" });
            let path = pointed(&pointer).unwrap_or_default();
            let needs = needs(kind, false);
            let attribute =
                AttributeDeclaration { kind, open: false, absent: None, path, pointer, needs };
            self.declare(name, attribute);
        }
    }

    fn declare(&mut self, name: &'n str, attribute: AttributeDeclaration<'n>) {
        self.named.add(name, self.attributes.len());
        self.attributes.push(attribute);
    }
}

impl Diagnostics<'_> {
    /// Checks the declared attributes, and adds them to the model.
    pub(super) fn check_attributes<'n>(
        &mut self,
        model: &mut Model<'n>,
        attributes: &'n Node<'n>,
        limits: &Limits,
    ) {
        if !self.object_of_any(attributes) {
            return;
        }
        let most = limits.attributes.min(MAX_ATTRIBUTES);
        self.limit(attributes, attributes.members().len(), most, "attributes");
        for member in attributes.members() {
            if let Some(attribute) = self.attribute(model, member, limits) {
                model.declare(&member.name, attribute);
            }
        }
    }

    /// What an attribute is declared as, or none where that cannot be said.
    fn attribute<'n>(
        &mut self,
        model: &mut Model<'n>,
        member: &'n Member<'n>,
        limits: &Limits,
    ) -> Option<AttributeDeclaration<'n>> {
        let (name, node) = (&*member.name, &member.node);
        self.check_name(name, member.span, "attribute", NameForm::Attribute);
        if BUILTIN.iter().any(|(builtin, _)| *builtin == name) {
            let message = "`{}` exists without being declared, and cannot be declared";
            self.error(Code::ReservedName, member.span, message, &[name]);
            return None;
        }
        let kind = node
            .member("type")
            .and_then(|kind| self.choice(kind, AttributeType::NAMES))
            .and_then(AttributeType::from_name);
        let needed: &[&str] = match kind {
            Some(AttributeType::Enum | AttributeType::EnumSet) => &["type", "values"],
            Some(AttributeType::Id | AttributeType::IdSet) => &["type", "domain"],
            Some(AttributeType::Int) => &["type", "min", "max"],
            Some(
                AttributeType::Bool
                | AttributeType::Time
                | AttributeType::Ip
                | AttributeType::IpSet
                | AttributeType::Permissions
                | AttributeType::Scopes,
            )
            | None => &["type"],
        };
        let is_set = matches!(kind, Some(AttributeType::EnumSet | AttributeType::IdSet));
        let optional: &[&str] = if is_set {
            &["open", "from", "absent", "description"]
        } else {
            &["from", "absent", "description"]
        };
        if !self.object(node, needed, optional) {
            return None;
        }
        self.description(node);
        let open = node.member("open").and_then(|open| self.boolean(open)).unwrap_or(false);
        let kind = match kind? {
            AttributeType::Bool => DeclaredType::Bool,
            AttributeType::Time => DeclaredType::Time,
            AttributeType::Int => self.range(node)?,
            AttributeType::Enum => DeclaredType::Enum(self.values_of(model, node, limits)?),
            AttributeType::EnumSet => DeclaredType::EnumSet(self.values_of(model, node, limits)?),
            AttributeType::Id => DeclaredType::Id(self.domain(node)?),
            AttributeType::IdSet => DeclaredType::IdSet(self.domain(node)?),
            AttributeType::Ip => DeclaredType::Ip,
            AttributeType::IpSet => DeclaredType::IpSet,
            // No document names these.
            AttributeType::Permissions | AttributeType::Scopes => return None,
        };
        let pointer = self.place(member)?;
        let deep = pointer.split('/').count() > MAX_NAMES.saturating_add(1);
        let enters = |list: &KnownPlace| {
            pointer.strip_prefix(list.pointer).is_some_and(|rest| rest.starts_with('/'))
        };
        if deep || LISTS.iter().any(enters) {
            let message =
                "`{}` would be deeper than 16 names, or inside a list of the subject or of scopes";
            self.error(Code::InvalidPointer, member.span, message, &[name]);
        }
        let path = pointed(&pointer).unwrap_or_default();
        let absent = match node.member("absent") {
            Some(absent) => Some(self.absence(model, absent, limits, kind, &pointer)?),
            None => None,
        };
        let needs = needs(kind, open);
        Some(AttributeDeclaration { kind, open, absent, path, pointer, needs })
    }

    /// What an attribute declares of its absence.
    fn absence<'n>(
        &mut self,
        model: &Model<'n>,
        node: &'n Node<'n>,
        limits: &Limits,
        kind: DeclaredType<'n>,
        pointer: &str,
    ) -> Option<&'n Node<'n>> {
        if NEVER_ABSENT.iter().any(|place| place.pointer == pointer) {
            let message = "something stands at {} in every request; leave `absent` out";
            self.error(Code::UnknownMember, node.span, message, &[pointer]);
            return None;
        }
        if !matches!(node.value, NodeValue::Null) {
            self.literal(model, limits, node, kind)?;
        }
        Some(node)
    }

    fn domain<'n>(&mut self, node: &'n Node<'n>) -> Option<&'n str> {
        self.name(node.member("domain")?, "domain", NameForm::Value)
    }

    /// The enum with an attribute's values, which it adds to the model where it is new.
    fn values_of<'n>(
        &mut self,
        model: &mut Model<'n>,
        node: &'n Node<'n>,
        limits: &Limits,
    ) -> Option<usize> {
        let node = node.member("values")?;
        if node.text() == Some("actions") {
            return Some(0);
        }
        self.limit(node, node.items().len(), limits.values, "values");
        let values = self.strings(node);
        let values = self.distinct(&values, "value");
        let values = values.names();
        if values.is_empty() {
            let message = "at least one value must be declared here";
            self.error(Code::MissingMember, node.start(), message, &[]);
            return None;
        }
        let known = model.enums.iter().position(|known| *known == values);
        if known.is_none() {
            model.enums.push(values);
        }
        known.or_else(|| model.enums.len().checked_sub(1))
    }

    fn range(&mut self, node: &Node<'_>) -> Option<DeclaredType<'static>> {
        let (min, max) = (self.bound(node.member("min")?)?, self.bound(node.member("max")?)?);
        if min > max {
            let message = "`min` is {=} and `max` only {=}";
            let parts = [&*integer(min), &integer(max)];
            self.error(Code::OutOfRange, node.start(), message, &parts);
        }
        Some(DeclaredType::Int(min, max))
    }

    fn bound(&mut self, node: &Node<'_>) -> Option<i64> {
        let number = node.integer();
        if number.is_none() {
            self.wrong_type(node, "an integer written in digits");
        }
        if number?.unsigned_abs() > MAX_SAFE_INTEGER.unsigned_abs() {
            let message = "a bound is from -9007199254740991 to 9007199254740991";
            self.error(Code::OutOfRange, node.span, message, &[]);
            return None;
        }
        number
    }

    /// The JSON pointer of an attribute's value.
    fn place(&mut self, member: &Member<'_>) -> Option<String> {
        let (name, from) = (&*member.name, member.node.member("from"));
        let mut rest = name.split('.');
        let root = rest.next()?;
        if !["subject", "resource", "action", "context"].contains(&root) {
            if from.is_none() {
                let message = "`{}` needs `from`, the JSON pointer of its place in a request";
                self.error(Code::MissingMember, member.node.start(), message, &[name]);
            }
            return self.pointer(from?);
        }
        if let Some(from) = from {
            let message = "the place of `{}` follows from its name; leave `from` out";
            self.error(Code::UnknownMember, from.span, message, &[name]);
        }
        let outside =
            NEVER_ABSENT.iter().any(|place| place.names.iter().copied().eq(name.split('.')));
        let mut pointer = String::new();
        escape(&mut pointer, root);
        if root != "context" && !outside {
            escape(&mut pointer, "properties");
        }
        for name in rest {
            escape(&mut pointer, name);
        }
        Some(pointer)
    }

    fn pointer(&mut self, node: &Node<'_>) -> Option<String> {
        let text = self.string(node)?;
        let path = pointed(text).unwrap_or_default();
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let known = matches!(
            names.as_slice(),
            ["subject" | "resource", "type" | "id"]
                | ["subject" | "resource" | "action", "properties", _, ..]
                | ["context", _, ..]
        );
        if known && names.len() <= MAX_NAMES && !names.contains(&"") {
            return Some(String::from(text));
        }
        let message = "`{}` is no JSON pointer below /subject/properties, /resource/properties, \
            /action/properties or /context";
        self.error(Code::InvalidPointer, node.span, message, &[text]);
        None
    }
}
