//! The calls, as they are gathered.

use cog_auth::Error;
use serde_json::{Map, Value, json};

/// The least entry of the package that has an operation.
#[derive(Clone, Copy)]
pub(crate) enum Entry {
    Verify,
    Edge,
    Index,
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
        (entry, name, operation): (Entry, String, &str),
        arguments: Value,
        answered: Result<Value, Error>,
        states: Value,
    ) {
        let entry = match entry {
            Entry::Verify => "verify",
            Entry::Edge => "edge",
            Entry::Index => "index",
        };
        let mut call =
            json!({"entry": entry, "name": name, "operation": operation, "arguments": arguments});
        match answered {
            Ok(answer) => call["answer"] = answer,
            Err(error) => call["error"] = described(&error),
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

/// An error with the members that the package gives it.
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
