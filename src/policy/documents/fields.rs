//! Reading typed values out of a tree. What does not fit is recorded as an error with its place,
//! and what is wrong in one value does not keep the others from being read.

use super::diagnostics::Diagnostics;
use super::names::NameMap;
use super::text::{digits, listed};
use super::tree::{Node, NodeValue, SourceSpan};
use crate::error::Code;
use alloc::string::String;
use alloc::vec::Vec;

/// The strings of an array, each with its node.
pub(super) type Strings<'n> = Vec<(&'n str, &'n Node<'n>)>;

impl Diagnostics<'_> {
    /// Whether the node is an object that has all `required` members. A member that is neither
    /// required nor optional is recorded as an error, but does not make this `false`.
    pub(super) fn object(&mut self, node: &Node<'_>, required: &[&str], optional: &[&str]) -> bool {
        if !self.object_of_any(node) {
            return false;
        }
        for member in node.members() {
            let name = &*member.name;
            if !required.contains(&name) && !optional.contains(&name) {
                self.unknown(
                    Code::UnknownMember,
                    member.span,
                    "unknown member `{}`",
                    &[name],
                    &|| [required, optional].concat(),
                );
            }
        }
        let mut whole = true;
        for name in required {
            if node.member(name).is_none() {
                let message = "the member `{}` is missing here";
                self.error(Code::MissingMember, node.start(), message, &[name]);
                whole = false;
            }
        }
        whole
    }

    /// Whether the node is an object, whatever its members are.
    pub(super) fn object_of_any(&mut self, node: &Node<'_>) -> bool {
        let is_object = matches!(node.value, NodeValue::Object(_));
        if !is_object {
            self.wrong_type(node, "an object");
        }
        is_object
    }

    /// The items of an array; none if it is no array.
    pub(super) fn array<'n>(&mut self, node: &'n Node<'n>) -> &'n [Node<'n>] {
        if !matches!(node.value, NodeValue::Array(_)) {
            self.wrong_type(node, "an array");
        }
        node.items()
    }

    pub(super) fn string<'n>(&mut self, node: &'n Node<'n>) -> Option<&'n str> {
        let text = node.text();
        if text.is_none() {
            self.wrong_type(node, "a string");
        }
        text
    }

    pub(super) fn boolean(&mut self, node: &Node<'_>) -> Option<bool> {
        if let NodeValue::Bool(value) = node.value {
            return Some(value);
        }
        self.wrong_type(node, "a boolean");
        None
    }

    /// The strings of an array. Items that are no strings are left out.
    pub(super) fn strings<'n>(&mut self, node: &'n Node<'n>) -> Strings<'n> {
        let mut strings = Vec::with_capacity(node.items().len());
        for item in self.array(node) {
            if let Some(text) = self.string(item) {
                strings.push((text, item));
            }
        }
        strings
    }

    /// The strings of an array that is an optional member.
    pub(super) fn strings_of<'n>(&mut self, node: &'n Node<'n>, name: &str) -> Strings<'n> {
        node.member(name).map_or_else(Vec::new, |node| self.strings(node))
    }

    /// Checks values of which none may stand twice. The messages call each `what`.
    pub(super) fn distinct<'n>(&mut self, values: &Strings<'n>, what: &str) -> NameMap<'n> {
        let mut distinct = NameMap::default();
        for (value, item) in values {
            self.check_name(value, item.span, what, NameForm::Value);
            if !distinct.add(value, 0) {
                let message = "the {=} `{}` stands twice";
                self.error(Code::DuplicateId, item.span, message, &[what, value]);
            }
        }
        distinct
    }

    /// One of a few strings.
    pub(super) fn choice<'c>(&mut self, node: &Node<'_>, choices: &[&'c str]) -> Option<&'c str> {
        let text = self.string(node)?;
        let found = choices.iter().find(|choice| **choice == text);
        if found.is_none() {
            let parts = [text, &listed(choices)];
            let known = || choices.to_vec();
            self.unknown(Code::UnknownValue, node.span, "`{}` is none of {=}", &parts, &known);
        }
        found.copied()
    }

    /// The member `id`: a string of the form of ids. The message calls it `what`.
    pub(super) fn id<'n>(&mut self, node: &'n Node<'n>, what: &str) -> Option<&'n str> {
        self.name(node.member("id")?, what, NameForm::Id)
    }

    /// A string of this form. The message calls it `what`, and describes the form.
    pub(super) fn name<'n>(
        &mut self,
        node: &'n Node<'n>,
        what: &str,
        form: NameForm,
    ) -> Option<&'n str> {
        let text = self.string(node)?;
        self.check_name(text, node.span, what, form).then_some(text)
    }

    /// Whether a text has this form.
    pub(super) fn check_name(
        &mut self,
        text: &str,
        span: SourceSpan,
        what: &str,
        form: NameForm,
    ) -> bool {
        let valid = form.accepts(text);
        if !valid {
            let message = "`{}` is no valid {=}: it must have {=}";
            self.error(Code::InvalidName, span, message, &[text, what, &form.described()]);
        }
        valid
    }

    /// Records that an id was declared before.
    pub(super) fn twice(&mut self, node: &Node<'_>, what: &str, id: &str, before: SourceSpan) {
        let message = "the {=} `{=}` is declared twice; the other one is in {=}";
        let parts = [what, id, &self.place_of(before)];
        self.error(Code::DuplicateId, node.span, message, &parts);
    }

    /// Checks that the optional member `description` is a string.
    pub(super) fn description(&mut self, node: &Node<'_>) {
        self.string_of(node, "description");
    }

    /// Checks that an optional member is a string.
    pub(super) fn string_of(&mut self, node: &Node<'_>, name: &str) {
        if let Some(node) = node.member(name) {
            self.string(node);
        }
    }

    pub(super) fn wrong_type(&mut self, node: &Node<'_>, wanted: &str) {
        self.unlike(Code::WrongType, node, wanted);
    }

    /// Records that a value is not of the kind that is needed.
    pub(super) fn unlike(&mut self, code: Code, node: &Node<'_>, wanted: &str) {
        let message = "{=} is needed here, and this is {=}";
        self.error(code, node.span, message, &[wanted, node.type_name()]);
    }

    /// Records that there are more of something than a limit allows.
    pub(super) fn limit(&mut self, node: &Node<'_>, count: usize, most: usize, what: &str) {
        if count > most {
            let message = "{=} {=} are over the limit of {=}";
            let parts = [&*digits(count), what, &digits(most)];
            self.error(Code::LimitExceeded, node.start(), message, &parts);
        }
    }
}

/// The forms that names have (section 1 of `docs/policy-language.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameForm {
    Attribute,
    Action,
    Id,
    ReasonCode,
    Link,
    Value,
    Parameter,
    Method,
}

impl NameForm {
    pub(super) fn accepts(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let first_then = |first: fn(&u8) -> bool, rest: fn(&u8) -> bool| {
            bytes.first().is_some_and(first) && bytes.iter().all(rest)
        };
        (1..=self.most()).contains(&bytes.len())
            && match self {
                Self::Attribute => text.contains('.') && text.split('.').all(is_attribute_segment),
                Self::Action => {
                    text != "*"
                        && bytes.iter().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
                }
                Self::Id => bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"_.:-".contains(b)),
                Self::ReasonCode => first_then(u8::is_ascii_lowercase, is_snake),
                Self::Link => {
                    text.starts_with("https://")
                        && bytes.iter().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(b))
                }
                Self::Parameter => first_then(|b| b.is_ascii_lowercase() || *b == b'_', is_snake),
                Self::Method => bytes.iter().all(u8::is_ascii_uppercase),
                Self::Value => true,
            }
    }

    /// The form in the words of a message: "it must have …".
    pub(super) fn described(self) -> String {
        let (before, after) = match self {
            Self::Attribute => (
                "1 to ",
                " bytes in two or more segments [A-Za-z_][A-Za-z0-9_-]* with dots between",
            ),
            Self::Action => (
                "1 to ",
                " printable ASCII characters without space, `\"` and `\\`, and not be `*`",
            ),
            Self::Id => ("1 to ", " characters of A-Z, a-z, 0-9 and `_.:-`"),
            Self::ReasonCode => ("1 to ", " characters of a-z, 0-9 and `_`, the first a letter"),
            Self::Link => (
                "`https://` at its beginning, and at most ",
                " printable ASCII characters, of which none is a space or one of `\"<>\\^`{|}`",
            ),
            Self::Value => ("1 to ", " bytes"),
            Self::Parameter => ("1 to ", " characters of a-z, 0-9 and `_`, the first no digit"),
            Self::Method => ("1 to ", " letters A-Z"),
        };
        [before, &digits(self.most()), after].concat()
    }

    /// How many bytes such a name has at most.
    const fn most(self) -> usize {
        match self {
            Self::ReasonCode | Self::Parameter => 64,
            Self::Method => 32,
            Self::Link => 1_024,
            Self::Attribute | Self::Action | Self::Id | Self::Value => 128,
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
