//! What a document says of one path.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The members of a path that are operations.
const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// The members that say where and which operations there are, besides those.
const SERVERS: &str = "servers";
const ADDITIONAL: &str = "additionalOperations";

/// The members that say nothing of that.
const OTHERS: [&str; 4] = ["$ref", "summary", "description", "parameters"];

/// The members of a path, and those of the path that its `$ref` leads to.
pub(super) struct Item<'d> {
    members: BTreeMap<&'d str, &'d Value>,
    /// Operations that both have.
    twice: Vec<&'d str>,
}

impl<'d> Item<'d> {
    pub(super) fn of(document: &'d Value, item: &'d Value) -> Result<Self, String> {
        let Value::Object(beside) = item else { return Err("the path is no object".to_owned()) };
        let Some(reference) = beside.get("$ref") else { return Ok(Self::joined([beside])) };
        let behind = target(document, reference)?;
        let has_both = |name: &&str| beside.contains_key(*name) && behind.contains_key(*name);
        if let Some(name) = [SERVERS, ADDITIONAL].iter().find(|name| has_both(name)) {
            return Err(format!("its `{name}` stands both beside its `$ref` and behind it"));
        }
        let mut item = Self::joined([behind, beside]);
        item.twice = METHODS.into_iter().filter(has_both).collect();
        Ok(item)
    }

    fn joined<const N: usize>(of: [&'d Map<String, Value>; N]) -> Self {
        let members = of.into_iter().flatten().map(|(name, value)| (name.as_str(), value));
        Self { members: members.collect(), twice: Vec::new() }
    }

    pub(super) fn servers(&self) -> Option<&'d Value> {
        self.members.get(SERVERS).copied()
    }

    pub(super) fn get(&self) -> Option<&'d Value> {
        self.members.get("get").copied()
    }

    /// The operations by their methods, without those that stand twice.
    pub(super) fn operations(&self) -> Vec<(String, &'d Value)> {
        let named = METHODS.iter().filter(|name| !self.twice.contains(*name));
        let named =
            named.filter_map(|name| Some((name.to_uppercase(), self.members.get(*name).copied()?)));
        let additional = self.members.get(ADDITIONAL).and_then(|value| value.as_object());
        let additional = additional.into_iter().flatten();
        named.chain(additional.map(|(name, operation)| (name.clone(), operation))).collect()
    }

    /// What could be meant for an operation and is none, and why.
    pub(super) fn faults(&self) -> Vec<(String, String)> {
        let twice = self.twice.iter().map(|name| {
            let why = "the operation stands both beside the path's `$ref` and behind it";
            (name.to_uppercase(), why.to_owned())
        });
        let additional = self.members.get(ADDITIONAL).filter(|value| !value.is_object());
        let additional =
            additional.map(|_| ("*".to_owned(), format!("its `{ADDITIONAL}` is no object")));
        let unknown = self.members.keys().filter(|name| !is_known(name));
        let unknown = unknown.map(|name| ((*name).to_owned(), unknown_member(name)));
        twice.chain(additional).chain(unknown).collect()
    }
}

fn is_known(name: &str) -> bool {
    METHODS.contains(&name)
        || OTHERS.contains(&name)
        || [SERVERS, ADDITIONAL].contains(&name)
        || name.starts_with("x-")
}

fn unknown_member(name: &str) -> String {
    let small = name.to_ascii_lowercase();
    match METHODS.contains(&small.as_str()) {
        true => format!("a method has small letters here; write `{small}`"),
        false => format!(
            "a path has no member `{name}`; if it is a method, write it in `{ADDITIONAL}`, and if \
             it is an extension, begin it with `x-`"
        ),
    }
}

/// The path that a `$ref` leads to.
fn target<'d>(document: &'d Value, reference: &'d Value) -> Result<&'d Map<String, Value>, String> {
    let pointer = reference.as_str().and_then(|text| text.strip_prefix("#/"));
    // A reference is a URI, in which characters such as { are encoded; not all write it so.
    let at = |pointer: &str| document.pointer(&format!("/{pointer}"));
    let target = pointer.and_then(|pointer| at(pointer).or_else(|| at(&decoded(pointer)?)));
    match target {
        Some(Value::Object(target)) if target.contains_key("$ref") => {
            Err("its `$ref` leads to another `$ref`; write where that leads".to_owned())
        }
        Some(Value::Object(target)) => Ok(target),
        _ => Err("its `$ref` leads to no path of this document; bundle documents that refer to \
                  others into one, and mind the spelling"
            .to_owned()),
    }
}

/// A text without its percent-encoding; none if that is not valid.
fn decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        // A sign would be read as well.
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}
