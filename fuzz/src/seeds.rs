//! Inputs to begin with, from the repository's vectors, cases and policies.

use crate::base::{BASE, json_files, parsed};
use crate::path::ROUTES;
use crate::{image, root};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Inputs by target, each once.
#[must_use]
pub fn all() -> BTreeMap<&'static str, BTreeSet<Vec<u8>>> {
    let mut seeds = Seeds(BTreeMap::new());
    seeds.add_vectors();
    seeds.add_gate_cases();
    seeds.add_policies();
    seeds.add_routes();
    seeds.add_resources();
    seeds.add_json();
    seeds.add_own();
    seeds.0
}

struct Seeds(BTreeMap<&'static str, BTreeSet<Vec<u8>>>);

impl Seeds {
    fn add(&mut self, targets: &[&'static str], bytes: impl AsRef<[u8]>) {
        for target in targets {
            self.0.entry(target).or_default().insert(bytes.as_ref().to_vec());
        }
    }

    fn add_vectors(&mut self) {
        let vectors = parsed(&root().join("tests/vectors/token-v1.json"));
        for list in vectors.as_object().unwrap().values().filter_map(Value::as_array).flatten() {
            for name in ["token", "text"] {
                if let Some(text) = list[name].as_str() {
                    self.add(&["token", "scan", "redact", "record", "key_set"], text);
                    self.add(&["header"], format!("Bearer {text}"));
                    self.add(&["path", "audit"], format!("GET /v3/{text}"));
                }
            }
            for name in ["header", "value"] {
                if let Some(text) = list[name].as_str() {
                    self.add(&["header"], text);
                }
            }
            if let Some(hex) = list["hex"].as_str() {
                self.add(&["token", "scan", "record", "key_set"], unhex(hex));
            }
            if list["record"].is_object() {
                self.add(&["record"], list["record"].to_string());
            }
            for name in ["key_set", "set"] {
                if list[name].is_object() {
                    self.add(&["key_set"], list[name].to_string());
                }
            }
        }
        for name in ["edge_keys", "peppers", "roots"] {
            let set = BASE.json[name].to_string();
            self.add(&["key_set"], &set);
            self.add(
                &["key_set"],
                set.replace("\"zZ\"", "\"01\"").replace("\"A0\"", "\"\\u00301\""),
            );
        }
    }

    fn add_gate_cases(&mut self) {
        for (_, file) in json_files(&root().join("tests/cases/gate")) {
            for case in file["cases"].as_array().into_iter().flatten() {
                let request = &case["request"];
                let values: Vec<&str> = request["authorization"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter_map(Value::as_str)
                    .collect();
                self.add(&["header"], values.join("\n"));
                let method = request["method"].as_str().unwrap();
                let target = match request["target"].as_str() {
                    Some(target) => target.as_bytes().to_vec(),
                    None => unhex(request["target_hex"].as_str().unwrap()),
                };
                let line = [method.as_bytes(), b" ", &target].concat();
                self.add(&["path", "audit"], &line);
                if let Some(record) = answered(&case["record"], "records") {
                    self.add(&["record"], record);
                }
                if let Some(facts) = answered(&case["facts"], "facts") {
                    let name = if values.iter().any(|value| value.contains("{pat")) {
                        "pat"
                    } else {
                        "key"
                    };
                    let head = [name.as_bytes(), b" ", &line, b"\n"].concat();
                    self.add(&["facts"], [head, facts.into_bytes()].concat());
                }
            }
        }
    }

    fn add_policies(&mut self) {
        let texts: Vec<String> = BASE.documents.iter().map(Value::to_string).collect();
        self.add(&["documents"], texts.join("\0"));
        for (document, text) in BASE.documents.iter().zip(&texts) {
            self.add(&["documents"], text);
            let named = document["tests"]["requests"].as_object().cloned().unwrap_or_default();
            for case in document["tests"]["cases"].as_array().into_iter().flatten() {
                let request = match &case["request"] {
                    Value::String(name) => named[name].clone(),
                    own => own.clone(),
                };
                if request.is_object() {
                    let request = with_changes(request, case);
                    self.add(&["request", "search"], request.to_string());
                    let other = json!({ "resource": { "type": "account", "id": "a" } });
                    let mut batch = request;
                    batch["evaluations"] =
                        json!([{}, other, { "action": { "name": "ViewOrgTags" } }, 7]);
                    batch["options"] = json!({ "evaluations_semantic": "execute_all" });
                    self.add(&["batch"], batch.to_string());
                }
                if let (Some(method), Some(path)) =
                    (case["route"]["method"].as_str(), case["route"]["path"].as_str())
                {
                    self.add(&["path", "audit"], format!("{method} {path}"));
                }
            }
        }
        let small = [image::SMALL, "\u{1}", image::REQUEST].concat();
        self.add(&["documents"], &small);
        // Names that stand twice in a list.
        for name in ["user", "b", "View", "other", "viewer", "y", "Make", "a"] {
            let (once, twice) = (format!("\"{name}\"]"), format!("\"{name}\", \"{name}\"]"));
            self.add(&["documents"], image::SMALL.replace(&once, &twice));
        }
        let small: Value = serde_json::from_str(image::SMALL).unwrap();
        let split = small.as_object().unwrap().iter().filter(|(name, _)| *name != "v");
        let split: Vec<String> =
            split.map(|(name, section)| json!({ "v": 1, name: section }).to_string()).collect();
        self.add(&["documents"], [&split.join("\0"), "\u{1}", image::REQUEST].concat());
        // One section less.
        for left_out in 0..split.len() {
            let mut split = split.clone();
            split.remove(left_out);
            self.add(&["documents"], split.join("\0"));
        }
        let examples = std::fs::read_to_string(root().join("docs/policy-language.md")).unwrap();
        for example in
            examples.split("```json\n").skip(1).filter_map(|part| part.split("```").next())
        {
            self.add(&["documents", "request", "batch"], example);
        }
    }

    fn add_routes(&mut self) {
        for routes in ROUTES.chunks(8) {
            let mut text =
                format!("{} {}", routes[0].method, routes[0].path.replace(['{', '}'], ""));
            for route in routes {
                let flags = [
                    route.organization.as_ref().map_or("", |_| "o"),
                    if route.encoded.is_empty() { "" } else { "e" },
                    route.resource.as_ref().map_or("", |_| "r"),
                    if route.undecided.is_empty() { "" } else { "u" },
                ];
                text += &format!("\n{} {} {}", route.method, route.path, flags.concat());
            }
            self.add(&["route"], text);
        }
    }

    /// Facts about what routes name.
    fn add_resources(&mut self) {
        for route in ROUTES.iter().filter(|route| route.resource.is_some()) {
            let target = route.path.replace(['{', '}'], "");
            let (kind, id) = route.resource.as_ref().unwrap();
            let mut facts = BASE.json["facts"]["service_user"].clone();
            facts["resource"] = json!({ "type": kind, "id": id, "properties": { "owner": "su_ci", "lifetime": 60 } });
            if let Some(organization) = &route.organization {
                facts["organization"] = json!({ "id": organization });
            } else if let Some(members) = facts.as_object_mut() {
                members.remove("organization");
            }
            self.add(&["facts"], format!("key {} {target}\n{facts}", route.method));
        }
    }

    /// JSON of every odd kind, in a place of each input where any JSON may stand.
    fn add_json(&mut self) {
        let record = BASE.json["records"]["key"].clone();
        let (mut request, mut facts) =
            (BASE.documents.iter().find_map(request), BASE.json["facts"]["service_user"].clone());
        let request = request.as_mut().unwrap();
        for odd in oddities() {
            let put = |value: &Value| value.to_string().replace("\"MARK\"", &odd);
            let mut record = record.clone();
            record["metadata"] = json!({ "x": "MARK" });
            request["context"]["x"] = json!("MARK");
            facts["principal"]["account"]["x"] = json!("MARK");
            self.add(&["record"], put(&record));
            self.add(&["request", "search", "batch"], put(request));
            let line = "key GET /v3/organizations/org-a/sessions\n";
            self.add(&["facts"], [line, &put(&facts)].concat());
            let document = json!({ "v": 1, "schema": { "actions": { "A": {} } },
                "tests": { "cases": [{ "name": "n", "request": { "x": "MARK" }, "expect": { "malformed": true } }] } });
            self.add(&["documents"], put(&document));
        }
    }

    fn add_own(&mut self) {
        for line in ["0 0 x", "7 3 \"xy\"", "40 0 \"description\":\"d\",", "9 99 ]}"] {
            self.add(&["bundle"], line);
        }
        let small = crate::base::source([image::SMALL]).check().unwrap().into_policy();
        for mode in 0..2 {
            self.add(&["image"], [&[mode], small.image()].concat());
        }
        for mode in 2..6 {
            for at in (0..small.image().len()).step_by(97) {
                let at = (at as u32).to_be_bytes();
                self.add(&["image"], [mode, at[1], at[2], at[3], 1]);
            }
        }
        for seed in 0..256_u64 {
            self.add(&["generated"], seed.to_le_bytes());
        }
        for length in [19, 20, 29, 30, 31, 77] {
            let run = format!("cog_{}", "a".repeat(length));
            self.add(&["scan", "redact"], format!("{run} _{run}/{run}"));
        }
        for text in [
            "xcog_0123456789abcdefghij",
            "cog_cog_0123456789abcdefghijklmnopqrst",
            "a {key} b",
            "{key}cog_{pat}",
        ] {
            self.add(&["redact", "scan"], text);
        }
        for text in [
            "GET /{key}",
            "GET /v3/%63og_0123456789abcdefghij",
            "DELETE /v3/organizations/org-a/tags/cog_0123456789%20abcdefghijkl",
            "{key} /",
            "GET /{sample}?{key}",
        ] {
            self.add(&["audit", "path"], text);
        }
    }
}

/// A request of a document's cases.
fn request(document: &Value) -> Option<Value> {
    document["tests"]["requests"].as_object()?.values().next().cloned()
}

/// JSON that is hard to read, and what only looks like JSON. Some of it ends the member and begins
/// others.
fn oddities() -> Vec<String> {
    let many = |twins: usize| {
        let names: Vec<String> =
            (0..30).map(|i| format!("\"n{}\":{i}", if i < twins { 0 } else { i })).collect();
        names.join(",")
    };
    let texts = [
        r#""\u0000""#,
        r#""\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ude00\ud83d""#,
        r#""\'""#,
        r#""\u12G4""#,
        r#""\x""#,
        "\"\t\"",
        "\"\u{7f}\u{ffff}\"",
        "-0",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "1E-9",
        "1e400",
        "9007199254740993",
        "18446744073709551616",
        "tru",
        "nulll",
        "[1,]",
        "{,}",
        "{\"a\"}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "0,\"x\":0",
        "0,\"\\u0078\":0",
        "0}",
        "\u{feff}0",
        "/**/0",
        "\u{a0}0",
    ];
    let mut all: Vec<String> = texts.into_iter().map(str::to_owned).collect();
    for levels in [12, 13, 14, 15, 27, 28, 29, 30, 31, 32, 127] {
        all.push(format!("{}{}", "[".repeat(levels), "]".repeat(levels)));
        all.push(format!("{}0{}", "{\"a\":".repeat(levels), "}".repeat(levels)));
    }
    for twins in [0, 2] {
        all.push(format!("{{{}}}", many(twins)));
        all.push(format!("0,{}", many(twins)));
    }
    all
}

/// The text that a case's store answers with.
fn answered(answer: &Value, kind: &str) -> Option<String> {
    match answer["found"].as_str() {
        Some(name) => Some(with_changes(BASE.json[kind][name].clone(), answer).to_string()),
        None => answer["text"].as_str().map(str::to_owned),
    }
}

/// A value with `set` and `unset` done, as far as their places are there.
fn with_changes(mut value: Value, changes: &Value) -> Value {
    let last = |pointer: &str| {
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        (parent.to_owned(), name.replace("~1", "/").replace("~0", "~"))
    };
    for (pointer, to) in changes["set"].as_object().unwrap_or(&Map::new()) {
        let (parent, name) = last(pointer);
        if let Some(Value::Object(parent)) = value.pointer_mut(&parent) {
            parent.insert(name, to.clone());
        }
    }
    for pointer in changes["unset"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let (parent, name) = last(pointer);
        if let Some(Value::Object(parent)) = value.pointer_mut(&parent) {
            parent.remove(&name);
        }
    }
    value
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks_exact(2);
    digits.filter_map(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok()).collect()
}
