//! Policies from their documents, and all that can be wrong with them.

use crate::calls::{Calls, Entry, described, hex};
use crate::cases::bytes;
use crate::{Value, json_files, root};
use cog_auth::Error;
use cog_auth::policy::{PolicyDigest, Source};
use serde_json::json;
use std::fs;
use std::path::Path;

pub(crate) fn add(calls: &mut Calls) {
    let named = json_files(&root().join("policies"));
    let named: Vec<Value> = named.iter().map(|(name, text)| json!([name, text])).collect();
    let image = fs::read(root().join("src/policy/builtin.image")).unwrap();
    all(calls, "policies", &named.into(), json!({"answer": hex(&image)}));
    let mut folders: Vec<_> = fs::read_dir(root().join("cli/tests/diagnostics")).unwrap().collect();
    folders.sort_by_key(|entry| entry.as_ref().unwrap().path());
    for folder in folders {
        let path = folder.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let mut documents = Vec::new();
        for entry in fs::read_dir(path.join("policy")).unwrap() {
            let file = entry.unwrap().path();
            let text = match String::from_utf8(fs::read(&file).unwrap()) {
                Ok(text) => Value::from(text),
                Err(error) => hex(error.as_bytes()),
            };
            let file = file.file_name().unwrap().to_str().unwrap().to_owned();
            let padded = fs::read_to_string(path.join("pad.txt"));
            let text = match padded {
                Ok(length) if file == "rules.json" => {
                    let length: usize = length.trim().parse().unwrap();
                    json!([text, {"repeat": [" ", length - text.as_str().unwrap().len()]}])
                }
                _ => text,
            };
            documents.push(json!([format!("policy/{file}"), text]));
        }
        documents.sort_by_key(|document| document[0].as_str().unwrap().to_owned());
        if name == "unexpected_digest" {
            expecting(calls, &documents.into());
        } else {
            all(calls, name, &documents.into(), stated(&path, name));
        }
    }
}

/// What the folder says of the first error: its code, and its place if that is shown.
fn stated(path: &Path, name: &str) -> Value {
    let mut states = json!({"code": name.split('-').next().unwrap()});
    let text = fs::read_to_string(path.join("expected.txt")).unwrap();
    let error = text.split("\n\n").next().unwrap();
    let place = error.lines().find_map(|line| line.trim().strip_prefix("--> "));
    if let Some([column, line, document]) =
        place.map(|place| place.rsplitn(3, ':').collect::<Vec<_>>()).as_deref()
    {
        states["line"] = line.parse::<u64>().unwrap().into();
        states["column"] = column.parse::<u64>().unwrap().into();
        states["document"] = (*document).into();
    }
    if let Some((_, pointer)) =
        error.lines().find(|line| line.contains("= note: code")).unwrap().split_once(", at ")
    {
        // The command shows U+FFFD in the place of what is not seen: that is not the pointer.
        if !pointer.contains('\u{fffd}') {
            states["pointer"] = pointer.into();
        }
    }
    states
}

fn source(documents: &Value) -> Source {
    let mut source = Source::new();
    for document in documents.as_array().unwrap() {
        source.add(document[0].as_str().unwrap(), bytes(&document[1], &str::to_owned));
    }
    source
}

fn all(calls: &mut Calls, name: &str, documents: &Value, states: Value) {
    let source = source(documents);
    let arguments = json!({"documents": documents});
    let found = source.check().map(|checked| hex(checked.policy().image())).map_err(Error::from);
    calls.add((Entry::Index, name.to_owned(), "compile"), arguments.clone(), found, states);
    let found = source.check().err().iter().flatten().map(described).collect();
    calls.add((Entry::Index, name.to_owned(), "check"), arguments.clone(), Ok(found), Value::Null);
    let found = source.check().map(|checked| checked.warnings().iter().map(described).collect());
    let call = (Entry::Native, name.to_owned(), "policy_warnings");
    calls.add(call, arguments.clone(), found.map_err(Error::from), Value::Null);
    let found = source.check().map(|checked| checked.bundle().into()).map_err(Error::from);
    calls.add((Entry::Index, name.to_owned(), "bundle"), arguments, found, Value::Null);
}

fn expecting(calls: &mut Calls, documents: &Value) {
    let policy = source(documents).check().unwrap().into_policy();
    for digest in [policy.digest().to_hex(), "0".repeat(64)] {
        let found = source(documents).check_expecting(PolicyDigest::from_hex(&digest).unwrap());
        let found = found.map(|checked| hex(checked.policy().image())).map_err(Error::from);
        let states = if digest.starts_with("0000") { json!({"number": 342}) } else { Value::Null };
        let arguments = json!({"documents": documents, "digest": digest});
        calls.add((Entry::Index, "a digest".into(), "compile"), arguments, found, states);
    }
}
