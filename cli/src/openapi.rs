//! The operations of an `OpenAPI` 3 document, as routes could have them.
//!
//! What cannot be a route is told, and never left out.

mod item;
mod servers;
mod template;
mod yaml;

pub(crate) use self::template::{Template, shape, snake_case};

use self::item::Item;
use cog_auth::policy::{Limits, Source};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a document says of paths.
#[derive(Default)]
pub(crate) struct Operations {
    /// By method and the shape of the path.
    pub(crate) usable: BTreeMap<(String, String), Operation>,
    pub(crate) unusable: Vec<Unusable>,
}

pub(crate) struct Operation {
    /// In upper case.
    pub(crate) method: String,
    pub(crate) template: Template,
    /// What the document calls it.
    pub(crate) id: Option<String>,
}

/// An operation that cannot be a route, and why.
pub(crate) struct Unusable {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) why: String,
}

/// How many bytes a document may have.
pub(crate) const MAX_BYTES: usize = 64 << 20;

const SAY_PREFIX: &str = "say what stands before the paths with --prefix PATH";

/// How many values a document may have. Large descriptions have a million or two, many times what
/// a policy has.
const MAX_VALUES: usize = 1 << 22;

/// How deep a document may be nested.
const MAX_DEPTH: usize = 100;

/// Reads a document, which is JSON if it begins as an object of it does, and YAML otherwise. No
/// name stands twice in it.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!("it has more than {MAX_BYTES} bytes"));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if !bytes.trim_ascii_start().starts_with(b"{") {
        let text = std::str::from_utf8(bytes).map_err(|_| "it is no text in UTF-8".to_owned())?;
        return yaml::read(text);
    }
    let limits = Limits {
        document_bytes: MAX_BYTES,
        total_bytes: MAX_BYTES,
        total_values: MAX_VALUES,
        depth: MAX_DEPTH,
        ..Limits::default()
    };
    let mut source = Source::with_limits(limits);
    source.add("", bytes);
    source.check_json().map_err(|errors| {
        let error = errors.first();
        let place = error.line().zip(error.column());
        let place = place.map(|(line, column)| format!("line {line}, column {column}: "));
        format!("{}{}", place.unwrap_or_default(), error.message())
    })?;
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// Reads the operations. Before each path stands the prefix, or the path of the document's server;
/// but a path or an operation with servers of its own has the path of those.
pub(crate) fn operations(document: &Value, prefix: Option<&str>) -> Result<Operations, String> {
    check_version(document)?;
    let prefix = match prefix {
        Some(prefix) => prefix.trim_end_matches('/').to_owned(),
        None => server_path(document)?,
    };
    let paths = match document.get("paths") {
        Some(Value::Object(paths)) => paths,
        Some(_) => return Err("its `paths` is no object".to_owned()),
        None => return Err("it has no `paths`".to_owned()),
    };
    let mut operations = Operations::default();
    for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("x-")) {
        match Item::of(document, item) {
            Ok(item) => operations.add_path(&prefix, path, &item),
            Err(why) => operations.refuse("*", &format!("{prefix}{path}"), why),
        }
    }
    Ok(operations)
}

impl Operations {
    fn add_path(&mut self, inherited: &str, path: &str, item: &Item<'_>) {
        // Behind the path of a server, it would be a part of the last segment there.
        if !path.starts_with('/') {
            for (method, _) in item.operations() {
                self.refuse(&method, path, "a path begins with /".to_owned());
            }
            return;
        }
        let prefix = match servers::own(item.servers(), inherited) {
            Ok(prefix) => prefix,
            Err(why) => return self.refuse("*", &format!("{inherited}{path}"), why),
        };
        let whole = format!("{prefix}{path}");
        for (method, why) in item.faults() {
            self.refuse(&method, &whole, why);
        }
        let get = item.get().map(|get| servers::own(get.get("servers"), &prefix));
        for (method, operation) in item.operations() {
            let own = servers::own(operation.get("servers"), &prefix);
            // It is the route of GET, and so is what it needs.
            if method == "HEAD" && get.as_ref() == Some(&own) {
                continue;
            }
            match own {
                Ok(prefix) => self.add_or_refuse(&method, &format!("{prefix}{path}"), operation),
                Err(why) => self.refuse(&method, &whole, why),
            }
        }
    }

    fn add_or_refuse(&mut self, method: &str, path: &str, operation: &Value) {
        if let Err(why) = self.add(method, path, operation) {
            self.refuse(method, path, why);
        }
    }

    fn add(&mut self, method: &str, path: &str, operation: &Value) -> Result<(), String> {
        if !operation.is_object() {
            return Err("the operation is no object".to_owned());
        }
        // What it leads to could have servers of its own.
        if operation.get("$ref").is_some() {
            return Err("an operation has no `$ref`; write out what it leads to".to_owned());
        }
        if method == "HEAD" {
            return Err("HEAD has the route of GET, and there is no GET here".to_owned());
        }
        if !(1..=32).contains(&method.len()) || !method.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err("a method has 1 to 32 letters A-Z".to_owned());
        }
        let template = Template::of(path)?;
        let id = operation.get("operationId").and_then(Value::as_str).map(str::to_owned);
        let key = (method.to_owned(), shape(&template.text));
        if self.usable.contains_key(&key) {
            let why = "another operation has this method and path, but for the names of parameters";
            return Err(why.to_owned());
        }
        self.usable.insert(key, Operation { method: method.to_owned(), template, id });
        Ok(())
    }

    fn refuse(&mut self, method: &str, path: &str, why: String) {
        let (method, path) = (method.to_owned(), path.to_owned());
        self.unusable.push(Unusable { method, path, why });
    }
}

fn check_version(document: &Value) -> Result<(), String> {
    let whole = "write the version in quotes, and as a whole, such as \"3.1.0\"";
    Err(match (document.get("openapi"), document.get("swagger")) {
        (Some(Value::String(version)), _) if version.starts_with("3.") => return Ok(()),
        (Some(Value::String(version)), _) if version == "3" => {
            format!("its `openapi` is only \"3\"; {whole}")
        }
        (Some(Value::String(version)), _) => format!(
            "its `openapi` is \"{version}\", and only version 3 is read; convert it to OpenAPI 3"
        ),
        (Some(other), _) => format!("its `openapi` is {}, which is no text; {whole}", kind(other)),
        (None, Some(_)) => "it is a Swagger 2 document; convert it to OpenAPI 3".to_owned(),
        (None, None) => "it is no OpenAPI document: the member `openapi` is missing".to_owned(),
    })
}

/// A number as it is, and what may be long by its kind alone.
fn kind(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        short => short.to_string(),
    }
}

/// The path of the document's servers, without a slash at the end.
fn server_path(document: &Value) -> Result<String, String> {
    let Some(servers) = document.get("servers") else { return Ok(String::new()) };
    let path = servers::path(servers).map_err(|why| format!("{why}; {SAY_PREFIX}"))?;
    Ok(path.unwrap_or_default())
}
