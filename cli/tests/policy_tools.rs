//! `policy init`, `policy fmt`, and what `policy test` can be asked for.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use common::{Ran, cog_auth, repository, run};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn ran(folder: &TempDir, args: &[&str]) -> Ran {
    run(cog_auth(args).current_dir(folder.path()))
}

fn ok(folder: &TempDir, args: &[&str]) -> Ran {
    let ran = ran(folder, args);
    assert_eq!(ran.code, 0, "{args:?}: {}{}", ran.out, ran.err);
    ran
}

/// The files in a folder, with their texts.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.display().to_string(), fs::read_to_string(&path).unwrap());
        }
    }
    found
}

/// A copy of the built-in policy's documents, in the folder `p`.
fn built_in() -> TempDir {
    let folder = TempDir::new().unwrap();
    let from = repository().join("policies");
    for (name, text) in files(&from) {
        let path = folder.path().join("p").join(Path::new(&name).strip_prefix(&from).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn a_policy_that_was_begun_passes_and_is_laid_out() {
    let folder = TempDir::new().unwrap();
    let begun = ok(&folder, &["policy", "init"]);
    assert!(begun.out.contains("cog-auth policy test policies"), "{}", begun.out);
    ok(&folder, &["policy", "check", "--deny", "warnings"]);
    let test = ok(&folder, &["policy", "test"]);
    assert!(!test.out.contains("never decided"), "{}", test.out);
    assert_eq!(ok(&folder, &["policy", "fmt", "--check"]).out, "5 documents unchanged\n");
    ok(&folder, &["policy", "routes"]);
    // Nothing is overwritten.
    let before = files(folder.path());
    let again = ran(&folder, &["policy", "init"]);
    assert_eq!(again.code, 2);
    assert!(again.err.contains("there is something in the folder already"), "{}", again.err);
    assert_eq!(files(folder.path()), before);
    fs::create_dir(folder.path().join("empty")).unwrap();
    let json = ok(&folder, &["policy", "init", "empty", "--json"]).json();
    assert_eq!(json["written"].as_array().unwrap().len(), 5);
}

#[test]
fn layout_changes_no_meaning_and_is_done_once() {
    let folder = built_in();
    let digest = ok(&folder, &["policy", "check", "p", "--json"]).json()["policy"].clone();
    let cases = |folder: &TempDir| {
        let xml = ok(folder, &["policy", "test", "p", "--junit", "/dev/stdout"]).out;
        let names = xml.lines().filter_map(|line| Some(line.split_once("<testcase name=")?.1));
        names.map(|name| name.split(" classname=").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = cases(&folder);
    assert!(before.len() > 100, "{}", before.len());
    ok(&folder, &["policy", "fmt", "p"]);
    assert_eq!(ok(&folder, &["policy", "check", "p", "--json"]).json()["policy"], digest);
    assert_eq!(cases(&folder), before);
    let once = files(folder.path());
    let again = ok(&folder, &["policy", "fmt", "p", "--json"]).json();
    assert_eq!(again["changed"], json!([]));
    assert_eq!(files(folder.path()), once);
}

#[test]
fn order_and_layout_are_always_the_same() {
    let folder = TempDir::new().unwrap();
    let text = r#"{"rules":[{"effect":"permit","when":{"context.b":true,"context.a":1.50e3},"id":"z",
        "description":"last","actions":["B","A","B"]},
        {"actions":["*"],"id":"a","effect":"permit"}],"v":1,"description":"\u00e9 \u202e stay",
        "tests":{"cases":[{"expect":{"decision":true},"name":"second","request":{"b":1,"a":1}},
        {"name":"first","expect":{"malformed":true},"request":{},"accept":["unread_place","undeclared_in_case","unread_place"]},
        {"expect":{"action":"A"},"route":{"path":"/","method":"GET"},"name":"third"}]},"roles":[]}"#;
    fs::write(folder.path().join("p.json"), text.replace('\n', "\r\n")).unwrap();
    ok(&folder, &["policy", "fmt", "p.json"]);
    let expected = r#"{
  "v": 1,
  "description": "\u00e9 \u202e stay",
  "roles": [],
  "rules": [
    { "id": "a", "effect": "permit", "actions": ["*"] },
    {
      "id": "z",
      "description": "last",
      "effect": "permit",
      "actions": ["A", "B"],
      "when": { "context.a": 1.50e3, "context.b": true }
    }
  ],
  "tests": {
    "cases": [
      { "name": "second", "request": { "b": 1, "a": 1 }, "expect": { "decision": true } },
      {
        "name": "first",
        "request": {},
        "accept": ["undeclared_in_case", "unread_place"],
        "expect": { "malformed": true }
      },
      { "name": "third", "route": { "method": "GET", "path": "/" }, "expect": { "action": "A" } }
    ]
  }
}
"#;
    assert_eq!(fs::read_to_string(folder.path().join("p.json")).unwrap(), expected);
    // From standard input, and not changed by `--check`.
    let mut command = cog_auth(["policy", "fmt", "-"]);
    assert_eq!(run(command.write_stdin(text)).out, expected);
    fs::write(folder.path().join("p.json"), text).unwrap();
    let check = ran(&folder, &["policy", "fmt", "p.json", "--check"]);
    assert_eq!(check.code, 1);
    assert!(check.out.starts_with("not laid out: p.json\n"), "{}", check.out);
    assert_eq!(fs::read_to_string(folder.path().join("p.json")).unwrap(), text);
}

/// A member that the language gets must have its place, or it would go behind all others.
#[test]
fn each_member_of_the_json_schemas_has_a_place_in_the_order() {
    // What conditions, derived sets and requests have is sorted by name, or kept.
    const ELSEWHERE: [&str; 16] = [
        "all",
        "any",
        "attribute",
        "condition",
        "eq",
        "ge",
        "gt",
        "has",
        "has_all",
        "has_any",
        "in",
        "le",
        "lt",
        "ne",
        "not",
        "present",
    ];
    let read = |name: &str| fs::read_to_string(repository().join(name)).unwrap();
    let schemas: Value =
        serde_json::from_str(&read("docs/json-schema/common.schema.json")).unwrap();
    let order = read("cli/src/layout/order.rs");
    let mut open = vec![&schemas["$defs"]];
    let mut count = 0;
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                let properties = members.get("properties").and_then(Value::as_object);
                for name in properties.into_iter().flat_map(|properties| properties.keys()) {
                    count += 1;
                    let known = order.contains(&format!("\"{name}\""))
                        || ELSEWHERE.contains(&name.as_str())
                        || name.contains('.')
                        || ["subset_of", "features", "plan", "sso", "ip_access_list"]
                            .contains(&name.as_str())
                        || name.starts_with("max_");
                    assert!(known, "{name} has no place in cli/src/layout/order.rs");
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    assert!(count > 70, "{count}");
}

/// A document that the check refuses is not made a valid one unseen.
#[test]
fn what_repeats_is_refused_before_and_after() {
    let folder = TempDir::new().unwrap();
    let actions = json!({ "Read": { "level": "organization" } });
    let all = json!(["*", "*"]);
    for (name, document) in [
        ("rules", json!([{ "id": "r", "effect": "permit", "actions": all }])),
        ("roles", json!([{ "id": "r", "level": "organization", "permissions": all }])),
        (
            "schema",
            json!({ "actions": actions, "attributes": {
                "resource.a": { "type": "enum", "values": ["a", "b", "a"] } } }),
        ),
        ("schema", json!({ "actions": { "Read": { "resource_types": ["a", "a"] } } })),
    ] {
        let mut whole = json!({ "v": 1, "schema": { "actions": actions } });
        whole[name] = document;
        let check = |text: &str| {
            fs::write(folder.path().join("p.json"), text).unwrap();
            let ran = ran(&folder, &["policy", "check", "p.json"]);
            assert_eq!(ran.code, 1, "{text}");
            let repeats = ["stands twice", "and stands alone"];
            assert!(repeats.iter().any(|why| ran.err.contains(why)), "{text}: {}", ran.err);
        };
        check(&whole.to_string());
        ok(&folder, &["policy", "fmt", "p.json"]);
        check(&fs::read_to_string(folder.path().join("p.json")).unwrap());
    }
}

#[test]
fn nothing_is_laid_out_unless_everything_can_be() {
    let deep = format!("{{\"v\": 1, \"tests\": {}1{}}}", "[".repeat(40), "]".repeat(40));
    for (text, code) in [
        ("{\"v\": 1,}", 3),
        ("{\"v\": 1, \"v\": 1}", 3),
        ("{\"v\": 1, \"description\": \"\\ud800\"}", 3),
        ("", 3),
        ("[]", 3),
        (&deep, 3),
        // A record is no document, and stays as it is.
        ("{\"v\": 1, \"id\": \"AAAABBBBCCCC\"}", 3),
    ] {
        let folder = TempDir::new().unwrap();
        let good = "{\"v\":1}";
        fs::write(folder.path().join("a.json"), good).unwrap();
        fs::write(folder.path().join("b.json"), text).unwrap();
        let ran = ran(&folder, &["policy", "fmt", "."]);
        assert_eq!(ran.code, code, "{text}: {}", ran.err);
        assert!(ran.err.contains("b.json"), "{}", ran.err);
        assert_eq!(fs::read_to_string(folder.path().join("a.json")).unwrap(), good);
        assert_eq!(fs::read_to_string(folder.path().join("b.json")).unwrap(), text);
    }
    let folder = built_in();
    ok(&folder, &["policy", "bundle", "p", "--compiled", "-o", "p.image"]);
    assert_eq!(ran(&folder, &["policy", "fmt", "p.image"]).code, 2);
    // A bundle becomes a document again, and a bundle of it is the same.
    let bundle = ok(&folder, &["policy", "bundle", "p", "-o", "b.json", "--json"]).json();
    ok(&folder, &["policy", "fmt", "b.json"]);
    assert_eq!(
        ok(&folder, &["policy", "check", "b.json", "--json"]).json()["policy"],
        bundle["policy"]
    );
    // A large one is laid out at once.
    let long: Vec<Value> =
        (0..20_000).map(|number| json!({ "id": format!("r{number}") })).collect();
    fs::write(folder.path().join("l.json"), json!({ "v": 1, "roles": long }).to_string()).unwrap();
    ok(&folder, &["policy", "fmt", "l.json"]);
}

/// What is written to a pipe would reach nobody, or whoever reads from it next.
#[cfg(unix)]
#[test]
fn a_pipe_is_not_laid_out() {
    let folder = TempDir::new().unwrap();
    let text = "{\"v\":1}";
    let piped = |args: &[&str]| run(cog_auth(args).current_dir(folder.path()).write_stdin(text));
    std::os::unix::fs::symlink("/dev/stdin", folder.path().join("link")).unwrap();
    for path in ["/dev/stdin", "link"] {
        let refused = piped(&["policy", "fmt", path]);
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{path}: {}", refused.err);
        let told =
            "this is no file that a document can be written back to; give a file or a folder";
        assert!(refused.err.contains(told), "{path}: {}", refused.err);
    }
    // Nothing is written by a check. Standard input as such is printed, and a link to a file leads
    // to the file.
    assert_eq!(piped(&["policy", "fmt", "--check", "/dev/stdin"]).code, 1);
    assert_eq!(piped(&["policy", "fmt", "-"]).out, "{\n  \"v\": 1\n}\n");
    fs::write(folder.path().join("p.json"), text).unwrap();
    std::os::unix::fs::symlink("p.json", folder.path().join("l.json")).unwrap();
    assert_eq!(ok(&folder, &["policy", "fmt", "l.json"]).out.lines().count(), 2);
    let written = fs::read_to_string(folder.path().join("p.json")).unwrap();
    assert_eq!(written, "{\n  \"v\": 1\n}\n");
}

#[test]
fn cases_run_on_bundle_and_image_and_can_be_chosen() {
    let folder = built_in();
    ok(&folder, &["policy", "bundle", "p", "-o", "b.json"]);
    ok(&folder, &["policy", "bundle", "p", "--compiled", "-o", "p.image"]);
    let whole = ok(&folder, &["policy", "test", "p", "--json"]).json();
    for policy in ["b.json", "p.image"] {
        let ran = ok(&folder, &["policy", "test", policy, "--tests", "p", "--json"]).json();
        assert_eq!(ran, whole, "{policy}");
        let one = ["policy", "test", policy, "--tests", "p/tests/routes.json", "--json"];
        assert!(ok(&folder, &one).json()["passed"].as_u64() < whole["passed"].as_u64());
    }
    let alone = ran(&folder, &["policy", "test", "p.image"]);
    assert_eq!(alone.code, 2);
    assert!(alone.err.contains("say where they are, with --tests PATH"), "{}", alone.err);
    assert_eq!(ran(&folder, &["policy", "test", "b.json"]).code, 1);
    let noted = ok(&folder, &["policy", "test", "p", "--tests", "p/tests"]);
    assert!(noted.err.contains("of the policy itself are not run"), "{}", noted.err);

    let chosen = ok(&folder, &["policy", "test", "p", "--filter", "route", "--json"]).json();
    let (passed, left) = (chosen["passed"].as_u64().unwrap(), chosen["left_out"].as_u64().unwrap());
    assert_eq!(Some(passed + left), whole["passed"].as_u64());
    assert!(passed > 0 && left > 0);
    assert_eq!((&chosen["rules"], &chosen["invariants"]), (&json!([]), &json!([])));
    let none = ran(&folder, &["policy", "test", "p", "--filter", "no such name"]);
    assert_eq!(none.code, 1);
}

#[test]
fn a_run_tells_what_is_probably_not_meant_in_its_cases() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &Value| {
        fs::write(folder.path().join(name), text.to_string()).unwrap();
    };
    let case = |name: &str| {
        json!({ "name": name, "set": { "/context/cl": true }, "expect": { "decision": true },
            "request": { "subject": { "type": "t", "id": "i" }, "action": { "name": "Read" },
                "resource": { "type": "t", "id": "i" } } })
    };
    let policy = json!({ "v": 1,
        "schema": { "actions": { "Read": {} }, "attributes": { "context.ci": { "type": "bool" } } },
        "rules": [{ "id": "all", "effect": "permit", "actions": ["*"] }] });
    let tests = json!({ "v": 1, "tests": { "cases": [case("a")] } });
    let mut whole = policy.clone();
    whole["tests"] = tests["tests"].clone();
    write("policy.json", &policy);
    write("tests.json", &tests);
    write("whole.json", &whole);
    ok(&folder, &["policy", "bundle", "policy.json", "--compiled", "-o", "p.image"]);
    let told = |arguments: &[&str], document: &str| {
        let ran = ok(&folder, &[&["policy", "test"], arguments].concat());
        assert!(ran.err.contains("warning[unread_place]"), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(document), "{arguments:?}: {}", ran.err);
        // What is not about the cases, such as the attribute that nothing uses, `check` tells.
        assert!(ran.err.contains("1 warning\n"), "{arguments:?}: {}", ran.err);
    };
    told(&["whole.json"], "whole.json:1:");
    told(&["policy.json", "--tests", "tests.json"], "tests.json:1:");
    told(&["whole.json", "--tests", "whole.json"], "whole.json:1:");
    told(&["p.image", "--tests", "whole.json"], "whole.json:1:");
    let ran = ok(&folder, &["policy", "test", "p.image", "--tests", "tests.json"]);
    assert_eq!(ran.err, "", "of an image it is not known what it reads");
}

#[test]
fn what_is_no_xml_is_none_in_junit() {
    let folder = TempDir::new().unwrap();
    let name = "a <b> & \"c\" \u{1} \u{7f} \u{9b} \u{202e} \u{ffff} ]]> \n \t end";
    let policy = json!({ "v": 1, "schema": { "actions": { "Read": {} } },
        "rules": [{ "id": "all", "effect": "permit", "actions": ["*"] }],
        "invariants": [{ "id": "none", "never": {} }],
        "tests": { "cases": [
            { "name": name, "expect": { "decision": false, "rules": [name] }, "request": {
                "subject": { "type": "t", "id": "i" }, "action": { "name": "Read" },
                "resource": { "type": "t", "id": "i" } } },
            { "name": "good", "route": { "method": "GET", "path": "/" },
              "expect": { "error": "unknown_route" } } ] } });
    fs::write(folder.path().join("p.json"), policy.to_string()).unwrap();
    fs::write(folder.path().join("out.xml"), "before").unwrap();
    let ran = ran(&folder, &["policy", "test", "p.json", "--junit", "out.xml"]);
    assert_eq!(ran.code, 1);
    let xml = fs::read_to_string(folder.path().join("out.xml")).unwrap();
    let shown = "a &lt;b&gt; &amp; &quot;c&quot; \u{fffd} &#x7f; &#x9b; &#x202e; \u{fffd} ]]&gt; \
                 &#xa; &#x9; end";
    let expected = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cog-auth policy test" tests="3" failures="2">
  <testsuite name="p.json" tests="2" failures="1">
    <testcase name="{shown}" classname="p.json" file="p.json" line="1">
      <failure message="decision: expected `false`, and it is `true`">"#
    );
    assert!(xml.starts_with(&expected), "{xml}");
    assert!(xml.contains("<testcase name=\"none\" classname=\"invariants\">"), "{xml}");
    assert!(xml.contains("refuted by:"), "{xml}");
    assert_eq!(xml.matches("<failure").count(), 2);
    assert_eq!(xml.matches("</testcase>").count(), 3);
    // All or nothing: what cannot be written leaves nothing behind.
    let into = ran_into(&folder, "no/such/folder/out.xml");
    assert_eq!(into.code, 2, "{}", into.err);
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn a_run_that_fails_as_a_whole_has_a_failure_in_junit() {
    let folder = built_in();
    let none = ["policy", "test", "p", "--filter", "no such name", "--junit", "out.xml"];
    assert_eq!(ran(&folder, &none).code, 1);
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cog-auth policy test" tests="1" failures="1">
  <testsuite name="run" tests="1" failures="1">
    <testcase name="test cases are run" classname="run">
      <failure message="no test case was run, so nothing was tested">"#;
    let xml = fs::read_to_string(folder.path().join("out.xml")).unwrap();
    assert!(xml.starts_with(expected), "{xml}");
    let rule = json!({ "id": "never", "effect": "forbid", "actions": ["*"],
        "reason": { "code": "x" },
        "when": { "any": [{ "context.a": true }, { "context.b": true }] } });
    let policy = json!({ "v": 1,
        "schema": { "actions": { "Read": {} },
            "attributes": { "context.a": { "type": "bool" }, "context.b": { "type": "bool" } } },
        "rules": [{ "id": "all", "effect": "permit", "actions": ["*"] }, rule],
        "tests": { "cases": [{ "name": "unknown", "route": { "method": "GET", "path": "/" },
            "expect": { "error": "unknown_route" } }] } });
    fs::write(folder.path().join("q.json"), policy.to_string()).unwrap();
    let fail_on = ["--fail-on", "never-true", "--fail-on", "untaken-branch"];
    let test = ["policy", "test", "q.json", "--junit", "out.xml"];
    assert_eq!(ran(&folder, &[&test[..], &fail_on].concat()).code, 1);
    let xml = fs::read_to_string(folder.path().join("out.xml")).unwrap();
    for part in [
        "<testsuites name=\"cog-auth policy test\" tests=\"3\" failures=\"2\">",
        "<testcase name=\"each rule is true in a case\" classname=\"run\">",
        "never true in any case: 2 rules&#xa;all&#xa;never</failure>",
        "<testcase name=\"each branch is true in a case\" classname=\"run\">",
        "<failure message=\"never true in any case: 2 branches\">",
        "&#xa;rule never, at q.json:1:",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    // What passes has no failure.
    ok(&folder, &test);
    let xml = fs::read_to_string(folder.path().join("out.xml")).unwrap();
    assert!(!xml.contains("<failure"), "{xml}");
    ok(&folder, &["policy", "test", "p", "--junit", "out.xml"]);
    let xml = fs::read_to_string(folder.path().join("out.xml")).unwrap();
    assert!(!xml.contains("<failure") && !xml.contains("name=\"run\""), "{xml}");
}

fn ran_into(folder: &TempDir, path: &str) -> Ran {
    ran(folder, &["policy", "test", "p.json", "--junit", path])
}
