//! A JSON text that is known to be valid, as a tree of its parts.

/// A value as it is written.
pub(super) enum Value<'a> {
    /// A string with its quotes, a number, true, false or null.
    Scalar(&'a str),
    Array(Vec<Self>),
    Object(Vec<Member<'a>>),
}

pub(super) struct Member<'a> {
    /// The name with its quotes, as it is written.
    pub(super) written: &'a str,
    /// The name that this means.
    pub(super) name: String,
    pub(super) value: Value<'a>,
}

impl Value<'_> {
    /// Whether it has no parts.
    pub(super) const fn is_empty(&self) -> bool {
        match self {
            Self::Scalar(_) => true,
            Self::Array(items) => items.is_empty(),
            Self::Object(members) => members.is_empty(),
        }
    }

    /// The text that a string means.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Scalar(written) => decoded(written),
            Self::Array(_) | Self::Object(_) => None,
        }
    }

    /// The text that the member with this name means, or nothing.
    pub(super) fn text_of(&self, name: &str) -> String {
        let Self::Object(members) = self else { return String::new() };
        let member = members.iter().find(|member| member.name == name);
        member.and_then(|member| member.value.text()).unwrap_or_default()
    }
}

/// Reads a text that the library has found to be valid JSON, and not nested too deeply.
pub(super) fn read(text: &str) -> Value<'_> {
    Scanner { rest: text }.value()
}

struct Scanner<'a> {
    rest: &'a str,
}

impl<'a> Scanner<'a> {
    fn value(&mut self) -> Value<'a> {
        match self.next() {
            Some('[') => {
                let mut items = Vec::new();
                self.skip();
                while self.next().is_some_and(|next| next != ']') {
                    items.push(self.value());
                    self.skip_over(',');
                }
                self.skip();
                Value::Array(items)
            }
            Some('{') => {
                let mut members = Vec::new();
                self.skip();
                while self.next().is_some_and(|next| next != '}') {
                    let written = self.scalar();
                    self.skip_over(':');
                    let name = decoded(written).unwrap_or_default();
                    members.push(Member { written, name, value: self.value() });
                    self.skip_over(',');
                }
                self.skip();
                Value::Object(members)
            }
            _ => Value::Scalar(self.scalar()),
        }
    }

    /// A string, or what else goes on to white space or punctuation. At least one character, so
    /// that every text comes to an end.
    fn scalar(&mut self) -> &'a str {
        let mut escaped = false;
        let is_string = self.next() == Some('"');
        let end = self.rest.char_indices().skip(1).find(|(_, character)| {
            if is_string {
                let ends = *character == '"' && !escaped;
                escaped = *character == '\\' && !escaped;
                return ends;
            }
            matches!(character, ',' | ':' | ']' | '}' | ' ' | '\t' | '\n' | '\r')
        });
        let end = end.map_or(self.rest.len(), |(at, _)| at.saturating_add(usize::from(is_string)));
        let (scalar, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        scalar
    }

    /// The next character that is no white space.
    fn next(&mut self) -> Option<char> {
        self.rest = self.rest.trim_ascii_start();
        self.rest.chars().next()
    }

    fn skip(&mut self) {
        let mut characters = self.rest.chars();
        characters.next();
        self.rest = characters.as_str();
    }

    fn skip_over(&mut self, character: char) {
        if self.next() == Some(character) {
            self.skip();
        }
    }
}

fn decoded(written: &str) -> Option<String> {
    serde_json::from_str(written).ok()
}
