//! The calls, as they are gathered.

use cog_auth::{Code, Error};
use serde_json::{Map, Value, json};

/// The least entry of the npm package that has an operation. It lacks what is native, which the C
/// library has.
#[derive(Clone, Copy)]
pub(crate) enum Entry {
    Verify,
    Edge,
    Index,
    Native,
}

#[derive(Default)]
pub(crate) struct Calls {
    calls: Vec<Value>,
    images: Map<String, Value>,
}

impl Calls {
    /// An operation by its name, its arguments, what the library answered, and what the case
    /// states, or null.
    pub(crate) fn add(
        &mut self,
        call: (Entry, String, &str),
        arguments: Value,
        answered: Result<Value, Error>,
        states: Value,
    ) {
        self.add_told(call, arguments, answered.map_err(|error| described(&error)), states);
    }

    /// As [`Calls::add`], for an error that is described already.
    pub(crate) fn add_told(
        &mut self,
        (entry, name, operation): (Entry, String, &str),
        arguments: Value,
        answered: Result<Value, Value>,
        states: Value,
    ) {
        let entry = match entry {
            Entry::Verify => "verify",
            Entry::Edge => "edge",
            Entry::Index => "index",
            Entry::Native => "native",
        };
        let mut call =
            json!({"entry": entry, "name": name, "operation": operation, "arguments": arguments});
        match answered {
            Ok(answer) => call["answer"] = answer,
            Err(error) => call["error"] = error,
        }
        if !states.is_null() {
            call["states"] = states;
        }
        self.calls.push(call);
    }

    /// A policy, which calls name.
    pub(crate) fn image(&mut self, name: &str, image: &[u8]) {
        self.images.insert(name.to_owned(), hex(image));
    }

    pub(crate) fn count(&self) -> usize {
        self.calls.len()
    }

    pub(crate) fn json(self) -> String {
        json!({"images": self.images, "calls": self.calls}).to_string()
    }
}

/// What a binding says with a code, where the library says that there is nothing.
pub(crate) fn described_code(code: Code) -> Value {
    json!({"code": code.number(), "codeName": code.name(), "message": code.sentence()})
}

/// An error with the members that it has.
pub(crate) fn described(error: &Error) -> Value {
    let code = error.code();
    let mut members = Map::new();
    members.insert("code".into(), code.number().into());
    members.insert("codeName".into(), code.name().into());
    members.insert("message".into(), error.message().into());
    let texts = [
        ("document", error.document()),
        ("pointer", error.pointer()),
        ("suggestion", error.suggestion()),
    ];
    for (name, text) in texts {
        members.extend(text.map(|text| (name.to_owned(), text.into())));
    }
    members.extend(error.offset().map(|offset| ("offset".to_owned(), offset.into())));
    if let (Some(line), Some(column)) = (error.line(), error.column()) {
        members.insert("line".into(), line.into());
        members.insert("column".into(), column.into());
        members.insert("length".into(), error.length().into());
    }
    Value::Object(members)
}

/// Bytes as an argument or an answer.
pub(crate) fn hex(bytes: &[u8]) -> Value {
    json!({"hex": bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()})
}

/// A value with every text in it changed.
pub(crate) fn filled(value: &Value, fill: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => fill(text).into(),
        Value::Array(items) => items.iter().map(|item| filled(item, fill)).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), filled(value, fill)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}
