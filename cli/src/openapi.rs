//! The operations of an `OpenAPI` 3 document, as routes could have them.
//!
//! What cannot be a route is told, and never left out.

mod template;
mod yaml;

pub(crate) use self::template::{Template, shape};

use cog_auth::policy::{Limits, Source};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The members of a path that are operations.
const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

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

/// How deep a document may be nested.
const MAX_DEPTH: usize = 100;

/// Reads a document, which is JSON if it begins as an object of it does, and YAML otherwise. No name
/// stands twice in it.
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

/// Reads the operations. All paths get this prefix, or the path of the document's server.
pub(crate) fn operations(document: &Value, prefix: Option<&str>) -> Result<Operations, String> {
    check_version(document)?;
    let prefix = match prefix {
        Some(prefix) => prefix.to_owned(),
        None => server_path(document)?,
    };
    let paths = match document.get("paths") {
        Some(Value::Object(paths)) => paths,
        Some(_) => return Err("its `paths` is no object".to_owned()),
        None => return Err("it has no `paths`".to_owned()),
    };
    let mut operations = Operations::default();
    for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("x-")) {
        let joined = format!("{}{path}", prefix.trim_end_matches('/'));
        match resolved(document, item) {
            Ok(item) => operations.add_path(&joined, item),
            Err(why) => operations.refuse("*", &joined, why),
        }
    }
    Ok(operations)
}

impl Operations {
    fn add_path(&mut self, path: &str, item: &Map<String, Value>) {
        let additional = match item.get("additionalOperations") {
            Some(Value::Object(additional)) => Some(additional),
            _ => None,
        };
        let named = METHODS.iter().filter_map(|name| Some((name.to_uppercase(), item.get(*name)?)));
        let additional = additional.into_iter().flatten();
        let all = named.chain(additional.map(|(name, operation)| (name.clone(), operation)));
        for (method, operation) in all {
            // It is the route of GET, and so is what it needs.
            if method == "HEAD" && item.contains_key("get") {
                continue;
            }
            if let Err(why) = self.add(&method, path, operation) {
                self.refuse(&method, path, why);
            }
        }
    }

    fn add(&mut self, method: &str, path: &str, operation: &Value) -> Result<(), String> {
        if !operation.is_object() {
            return Err("the operation is no object".to_owned());
        }
        if method == "HEAD" {
            return Err("HEAD has the route of GET, and there is no GET".to_owned());
        }
        if !(1..=32).contains(&method.len()) || !method.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err("a method has 1 to 32 letters A-Z".to_owned());
        }
        let template = Template::of(path)?;
        let id = operation.get("operationId").and_then(Value::as_str).map(str::to_owned);
        let key = (method.to_owned(), shape(&template.text));
        if self.usable.contains_key(&key) {
            return Err("another path differs from it in the names of parameters alone".to_owned());
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
    let version = document.get("openapi").and_then(Value::as_str);
    if version.is_some_and(|version| version.starts_with("3.")) {
        return Ok(());
    }
    Err(match (version, document.get("swagger")) {
        (Some(version), _) => format!("it is of version {version} of OpenAPI, and 3 is needed"),
        (None, Some(_)) => "it is a Swagger 2 document; convert it to OpenAPI 3".to_owned(),
        (None, None) => "it is no OpenAPI document: the member `openapi` is missing".to_owned(),
    })
}

/// The path that all servers of the document have, without a slash at the end.
fn server_path(document: &Value) -> Result<String, String> {
    let servers = document.get("servers").and_then(Value::as_array);
    let urls = servers.into_iter().flatten().filter_map(|server| server.get("url")?.as_str());
    let mut paths: Vec<&str> = urls.map(|url| path_of(url).trim_end_matches('/')).collect();
    paths.sort_unstable();
    paths.dedup();
    match paths.as_slice() {
        [] => Ok(String::new()),
        [path] if !path.contains('{') => Ok((*path).to_owned()),
        [_] => Err("the path of its server has a variable; say it with --prefix PATH".to_owned()),
        _ => Err("its servers have different paths; choose one with --prefix PATH".to_owned()),
    }
}

/// The path of a URL, which may be relative to that of the document.
fn path_of(url: &str) -> &str {
    let behind = url.split_once("://").map_or(url, |(_, rest)| {
        rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or_default()
    });
    behind.split(['?', '#']).next().unwrap_or_default()
}

/// The item of a path, also where it stands among the components.
fn resolved<'d>(document: &'d Value, item: &'d Value) -> Result<&'d Map<String, Value>, String> {
    let Value::Object(members) = item else { return Err("the path is no object".to_owned()) };
    let Some(reference) = members.get("$ref") else { return Ok(members) };
    let pointer = reference.as_str().and_then(|text| text.strip_prefix("#/"));
    let target = pointer.and_then(|pointer| document.pointer(&format!("/{pointer}")));
    match target {
        Some(Value::Object(target)) if !target.contains_key("$ref") => Ok(target),
        _ => Err("its `$ref` leads to no path of this document".to_owned()),
    }
}
