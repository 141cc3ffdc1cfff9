//! Checking the attributes of `schema`.

use super::super::diagnostics::Diagnostics;
use super::super::fields::NameForm;
use super::super::model::{
    ACTION_NAMES, AttributeDeclaration, BUILTIN, DeclaredType, Model, NEVER_ABSENT,
};
use super::super::text::{digits, escape, integer, pointed};
use super::super::tree::{Member, Node, NodeValue, SourceSpan};
use super::needs::{OF_OPEN_SET, needs};
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

impl<'n> Model<'n> {
    /// Declares the attributes that exist without being declared.
    pub(super) fn declare_builtin(&mut self) {
        for (name, kind) in BUILTIN {
            // The derived sets are read at no place of their own.
            let pointer =
                String::from(if name == "action.name" { place::ACTION_NAME.pointer } else { "" });
            let path = pointed(&pointer).unwrap_or_default();
            let needs = needs(kind);
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

    /// Checks that a name is a value of an attribute, where that is declared as an enum.
    pub(super) fn check_declared_value(
        &mut self,
        model: &Model<'_>,
        attribute: &str,
        name: &str,
        span: SourceSpan,
    ) {
        if let Some((_, DeclaredType::Enum(values))) = model.attribute(attribute)
            && model.symbol(values, name).is_none()
        {
            let message = "`{}` is no value of `{=}`";
            let known = || model.values(values).to_vec();
            self.unknown(Code::UnknownValue, span, message, &[name, attribute], &known);
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
        let (kind, open) = self.declared_type(model, node, limits)?;
        let pointer = self.place(member)?;
        self.check_place(member, &pointer);
        let path = pointed(&pointer).unwrap_or_default();
        let absent = match node.member("absent") {
            Some(absent) => Some(self.absence(model, absent, limits, kind, &pointer)?),
            None => None,
        };
        let needs = if open { String::from(OF_OPEN_SET) } else { needs(kind) };
        Some(AttributeDeclaration { kind, open, absent, path, pointer, needs })
    }

    /// The type of an attribute, and whether it is an open set.
    fn declared_type<'n>(
        &mut self,
        model: &mut Model<'n>,
        node: &'n Node<'n>,
        limits: &Limits,
    ) -> Option<(DeclaredType<'n>, bool)> {
        let kind = node
            .member("type")
            .and_then(|kind| self.choice(kind, AttributeType::NAMES))
            .and_then(AttributeType::from_name);
        let (required, optional) = members_of(kind);
        if !self.object(node, required, optional) {
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
        Some((kind, open))
    }

    /// Checks the JSON pointer of an attribute's place.
    fn check_place(&mut self, member: &Member<'_>, pointer: &str) {
        let name = &*member.name;
        if pointer.matches('/').count() > MAX_NAMES {
            let message = "`{}` is deeper than {=} names";
            let parts = [name, &digits(MAX_NAMES)];
            self.error(Code::InvalidPointer, member.span, message, &parts);
        }
        let enters = |list: &KnownPlace| {
            pointer.strip_prefix(list.pointer).is_some_and(|rest| rest.starts_with('/'))
        };
        if LISTS.iter().any(enters) {
            let message = "`{}` is inside a list, which a pointer cannot enter";
            self.error(Code::InvalidPointer, member.span, message, &[name]);
        }
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
            return Some(ACTION_NAMES);
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
        let Some(number) = node.integer() else {
            self.wrong_type(node, "an integer written in digits");
            return None;
        };
        let (least, greatest) = (MAX_SAFE_INTEGER.saturating_neg(), MAX_SAFE_INTEGER);
        if !(least..=greatest).contains(&number) {
            let message = "a bound is from {=} to {=}";
            let parts = [&*integer(least), &integer(greatest)];
            self.error(Code::OutOfRange, node.span, message, &parts);
            return None;
        }
        Some(number)
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
            /action/properties or /context, and none of /subject/type, /subject/id, \
            /resource/type and /resource/id";
        self.error(Code::InvalidPointer, node.span, message, &[text]);
        None
    }
}

/// The members that the declaration of an attribute of a type must have, and those that it may
/// have.
const fn members_of(
    kind: Option<AttributeType>,
) -> (&'static [&'static str], &'static [&'static str]) {
    const OPTIONAL: &[&str] = &["from", "absent", "description"];
    const OPTIONAL_OF_SETS: &[&str] = &["open", "from", "absent", "description"];
    match kind {
        Some(AttributeType::Enum) => (&["type", "values"], OPTIONAL),
        Some(AttributeType::EnumSet) => (&["type", "values"], OPTIONAL_OF_SETS),
        Some(AttributeType::Id) => (&["type", "domain"], OPTIONAL),
        Some(AttributeType::IdSet) => (&["type", "domain"], OPTIONAL_OF_SETS),
        Some(AttributeType::Int) => (&["type", "min", "max"], OPTIONAL),
        Some(
            AttributeType::Bool
            | AttributeType::Time
            | AttributeType::Ip
            | AttributeType::IpSet
            | AttributeType::Permissions
            | AttributeType::Scopes,
        )
        | None => (&["type"], OPTIONAL),
    }
}
