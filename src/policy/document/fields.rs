//! Reading typed values out of a tree; what does not fit becomes an error with its place.

use super::diagnostics::Diagnostics;
use super::tree::{Node, Span, Value};
use crate::error::Code;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

impl Diagnostics<'_> {
    /// The node as an object that has `required` members, perhaps `optional` ones, and no others.
    pub(super) fn object<'n>(
        &mut self,
        node: &'n Node,
        required: &[&str],
        optional: &[&str],
    ) -> Option<&'n Node> {
        let Value::Object(members) = &node.value else {
            self.wrong_type(node, "an object");
            return None;
        };
        for member in members {
            let name = member.name.as_str();
            if !required.contains(&name) && !optional.contains(&name) {
                let known = required.iter().chain(optional).copied();
                self.unknown(
                    Code::UnknownMember,
                    member.span,
                    format!("unknown member `{}`", shown(name)),
                    name,
                    known,
                );
            }
        }
        let mut whole = true;
        for name in required {
            if node.member(name).is_none() {
                self.error(
                    Code::MissingMember,
                    start_of(node),
                    format!("the member `{name}` is missing here"),
                );
                whole = false;
            }
        }
        whole.then_some(node)
    }

    pub(super) fn array<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        if !matches!(node.value, Value::Array(_)) {
            self.wrong_type(node, "an array");
        }
        node.items()
    }

    pub(super) fn string<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        let text = node.text();
        if text.is_none() {
            self.wrong_type(node, "a string");
        }
        text
    }

    pub(super) fn boolean(&mut self, node: &Node) -> Option<bool> {
        if let Value::Bool(value) = node.value {
            return Some(value);
        }
        self.wrong_type(node, "a boolean");
        None
    }

    /// The strings of an array, each with its node.
    pub(super) fn strings<'n>(&mut self, node: &'n Node) -> Vec<(&'n str, &'n Node)> {
        let items = self.array(node);
        items.iter().filter_map(|item| Some((self.string(item)?, item))).collect()
    }

    /// One of a few strings.
    pub(super) fn choice<'c>(&mut self, node: &Node, choices: &'c [&'c str]) -> Option<&'c str> {
        let text = self.string(node)?;
        let found = choices.iter().find(|choice| **choice == text);
        if found.is_none() {
            let message = format!("`{}` is none of {}", shown(text), listed(choices));
            self.unknown(Code::UnknownValue, node.span, message, text, choices.iter().copied());
        }
        found.copied()
    }

    /// A string of a certain form, which the message describes.
    pub(super) fn name<'n>(&mut self, node: &'n Node, what: &str, form: Form) -> Option<&'n str> {
        let text = self.string(node)?;
        self.check_name(text, node.span, what, form).then_some(text)
    }

    /// Checks the form of a name.
    pub(super) fn check_name(&mut self, text: &str, span: Span, what: &str, form: Form) -> bool {
        let valid = form.accepts(text);
        if !valid {
            let message =
                format!("`{}` is no valid {what}: it must have {}", shown(text), form.described());
            self.error(Code::InvalidName, span, message);
        }
        valid
    }

    /// Checks that a description is a string.
    pub(super) fn description(&mut self, node: &Node) {
        if let Some(description) = node.member("description") {
            self.string(description);
        }
    }

    pub(super) fn wrong_type(&mut self, node: &Node, wanted: &str) {
        self.error(
            Code::WrongType,
            node.span,
            format!("{wanted} is needed here, and this is {}", node.type_name()),
        );
    }
}

/// The first byte of a value, for errors about what it lacks.
pub(super) fn start_of(node: &Node) -> Span {
    Span { end: node.span.start.saturating_add(1), ..node.span }
}

/// A name as a message shows it: cut when long, without control characters.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String =
        text.chars().take(64).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(64).is_some() {
        shown.push('…');
    }
    shown
}

pub(super) fn listed(names: &[&str]) -> String {
    let mut out = String::new();
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        out.push('`');
        out.push_str(name);
        out.push('`');
    }
    out
}

/// The forms that names have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Attribute,
    Action,
    Id,
    ReasonCode,
    Value,
    Parameter,
    Method,
}

impl Form {
    pub(super) fn accepts(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let first_then = |first: fn(&u8) -> bool, rest: fn(&u8) -> bool| {
            bytes.first().is_some_and(first) && bytes.iter().all(rest)
        };
        let most = match self {
            Self::ReasonCode | Self::Parameter => 64,
            Self::Method => 32,
            _ => 128,
        };
        (1..=most).contains(&bytes.len())
            && match self {
                Self::Attribute => text.contains('.') && text.split('.').all(is_attribute_segment),
                Self::Action => {
                    text != "*"
                        && bytes.iter().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
                }
                Self::Id => bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"_.:-".contains(b)),
                Self::ReasonCode => first_then(u8::is_ascii_lowercase, is_snake),
                Self::Parameter => first_then(|b| b.is_ascii_lowercase() || *b == b'_', is_snake),
                Self::Method => bytes.iter().all(u8::is_ascii_uppercase),
                Self::Value => true,
            }
    }

    const fn described(self) -> &'static str {
        match self {
            Self::Attribute => {
                "1 to 128 bytes in two or more segments [A-Za-z_][A-Za-z0-9_-]* with dots between"
            }
            Self::Action => {
                "1 to 128 printable ASCII characters without space, `\"` and `\\`, and not be `*`"
            }
            Self::Id => "1 to 128 characters of A-Z, a-z, 0-9 and `_.:-`",
            Self::ReasonCode => "1 to 64 characters of a-z, 0-9 and `_`, the first a letter",
            Self::Value => "1 to 128 bytes",
            Self::Parameter => "1 to 64 characters of a-z, 0-9 and `_`, the first no digit",
            Self::Method => "1 to 32 letters A-Z",
        }
    }
}

fn is_snake(byte: &u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_'
}

fn is_attribute_segment(segment: &str) -> bool {
    let mut bytes = segment.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}
