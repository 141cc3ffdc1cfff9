//! Cedar's spelling.

use serde_json::Value;
use std::fmt::Write;

/// Words that stand for something else than an attribute after a dot.
const RESERVED: [&str; 9] = ["true", "false", "if", "then", "else", "in", "like", "has", "is"];

/// A string literal.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            other => write!(out, "\\u{{{:x}}}", u32::from(other)).expect("a string takes all"),
        }
    }
    out.push('"');
    out
}

/// A literal of a policy document.
pub(crate) fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// A variable and the attributes that lead from it.
pub(crate) fn access(place: &[String]) -> String {
    let mut out = place[0].clone();
    for name in &place[1..] {
        match is_plain(name) {
            true => write!(out, ".{name}"),
            false => write!(out, "[{}]", quoted(name)),
        }
        .expect("a string takes all");
    }
    out
}

/// That there is something at a place; it never errs.
pub(crate) fn presence(place: &[String]) -> String {
    let mut parts = Vec::new();
    for (depth, name) in place.iter().enumerate().skip(1) {
        let name = if is_plain(name) { name.clone() } else { quoted(name) };
        parts.push(format!("{} has {name}", access(&place[..depth])));
    }
    all(parts)
}

/// All of them, which is true when there is none.
pub(crate) fn all(parts: Vec<String>) -> String {
    join(parts, " && ", "true", "false")
}

/// One of them, which is false when there is none.
pub(crate) fn any(parts: Vec<String>) -> String {
    join(parts, " || ", "false", "true")
}

/// The opposite of an expression that never errs.
pub(crate) fn not(part: &str) -> String {
    match part {
        "true" => "false".to_owned(),
        "false" => "true".to_owned(),
        other => format!("!({other})"),
    }
}

fn join(mut parts: Vec<String>, operator: &str, neutral: &str, absorbing: &str) -> String {
    parts.retain(|part| part != neutral);
    if parts.iter().any(|part| part == absorbing) {
        return absorbing.to_owned();
    }
    match parts.len() {
        0 => neutral.to_owned(),
        1 => parts.remove(0),
        _ => parts.iter().map(|part| format!("({part})")).collect::<Vec<_>>().join(operator),
    }
}

fn is_plain(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with("__")
        && !RESERVED.contains(&name)
}
