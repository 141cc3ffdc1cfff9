//! `policy check`, `policy test` and `policy bundle`, and `--policy`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use common::{World, cog_auth, repository, run};
use serde_json::{Value, json};
use std::fs;

const SMALL: &str = r#"{
  "v": 1,
  "schema": { "attributes": { "context.ci": { "type": "bool" } }, "actions": { "Read": {} } },
  "rules": [
    { "id": "all", "effect": "permit", "actions": ["*"] },
    { "id": "not-in-ci", "effect": "forbid", "actions": ["*"], "when": { "context.ci": true }, "reason": { "code": "in_ci" } }
  ],
  "invariants": [ { "id": "never-in-ci", "never": { "context.ci": true } } ],
  "tests": { "cases": [
    { "name": "at home", "expect": { "decision": true },
      "request": { "subject": { "type": "t", "id": "i" }, "action": { "name": "Read" }, "resource": { "type": "t", "id": "i" }, "context": { "ci": false } } }
  ] }
}
"#;

#[test]
fn the_built_in_policy_passes_its_tests_and_is_laid_out() {
    let ran = run(cog_auth(["policy", "test", "policies"]).current_dir(repository()));
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("not refuted by "), "{}", ran.out);
    assert!(!ran.out.contains("holds"));
    let ran = run(cog_auth(["policy", "test", "--json"]).current_dir(repository()));
    let json = ran.json();
    assert_eq!(json["failures"], json!([]));
    assert_eq!(json["policy"], cog_auth::policy::Policy::builtin().digest().to_hex());
    let ran = run(cog_auth(["policy", "check"]).current_dir(repository()));
    assert_eq!(ran.code, 0);
    let ran = run(cog_auth(["policy", "fmt", "--check", "policies"]).current_dir(repository()));
    assert_eq!(ran.code, 0, "{}", ran.out);
}

#[test]
fn a_test_run_says_what_decided_and_what_never_did() {
    let world = World::new();
    world.write("policy.json", SMALL);
    let ran = world.run(["policy", "test", "policy.json"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    let expected = "\
RULE       SURELY IN  PERHAPS IN  NOT IN
all                1           0       0
not-in-ci          0           0       1  never true in any case

INVARIANT
never-in-ci  not refuted by 1 allowed case

1 case passed, 1 rule never true
";
    assert_eq!(ran.out, expected);
}

#[test]
fn a_failure_and_a_refuted_invariant_fail_the_run() {
    let world = World::new();
    world.write("policy.json", SMALL.replace("\"decision\": true", "\"decision\": false"));
    let ran = world.run(["policy", "test", "policy.json"]);
    assert_eq!(ran.code, 1);
    let head = "failed: at home\n  policy.json:10\n  decision: expected `false`, and it is `true`\n  \
         the answer was\n    decision: `true`\n    rules: `all`\n";
    assert!(ran.out.starts_with(head), "{}", ran.out);
    assert!(ran.out.ends_with("0 cases passed, 1 failed, 1 rule never true\n"), "{}", ran.out);

    world.write(
        "policy.json",
        SMALL.replace("\"never\": { \"context.ci\": true }", "\"never\": {}"),
    );
    let ran = world.run(["policy", "test", "policy.json"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("never-in-ci  refuted by: at home\n"), "{}", ran.out);
}

#[test]
fn what_nobody_knows_fails_a_run_unless_it_is_accepted() {
    let world = World::new();
    // The invariant asks for what no case says, and the forbid was only ever unknown.
    let unknown = SMALL
        .replace("\"never\": { \"context.ci\": true }", "\"never\": { \"context.prod\": true }")
        .replace(
            "{ \"context.ci\": {",
            "{ \"context.prod\": { \"type\": \"bool\" }, \"context.ci\": {",
        );
    world.write("policy.json", &unknown);
    let ran = world.run(["policy", "test", "policy.json"]);
    assert_eq!(ran.code, 1);
    let line = "never-in-ci  perhaps violated in 1 allowed case: at home\n";
    assert!(ran.out.contains(line), "{}", ran.out);
    assert!(
        ran.out.ends_with(", 1 invariant perhaps violated, 1 rule never true\n"),
        "{}",
        ran.out
    );
    let accepting = ["policy", "test", "policy.json", "--accept", "perhaps-violated"];
    assert_eq!(world.run(accepting).code, 0);
    let json = world.run(["policy", "test", "policy.json", "--json"]).json();
    assert_eq!(json["invariants"][0]["perhaps_by"], json!(["at home"]));
    assert_eq!(
        json["rules"][1],
        json!({"id": "not-in-ci", "surely": 0, "perhaps": 0, "silent": 1})
    );

    let all = [&accepting[..], &["--fail-on", "never-true"]].concat();
    assert_eq!(world.run(all).code, 1);
    let all = [&accepting[..], &["--fail-on", "untaken-branch"]].concat();
    assert_eq!(world.run(&all).code, 0);
    let branches = "{ \"any\": [{ \"context.ci\": true }, { \"context.prod\": true }] }";
    world.write("policy.json", unknown.replace("{ \"context.ci\": true }", branches));
    let ran = world.run(&all);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("BRANCH NEVER TRUE IN ANY CASE\n"), "{}", ran.out);
    assert!(ran.out.contains("rule not-in-ci                 policy.json:6:"), "{}", ran.out);
    assert!(ran.out.ends_with(", 2 branches never true\n"), "{}", ran.out);
}

#[test]
fn warnings_are_shown_and_fail_what_denies_them() {
    let world = World::new();
    world.write("policy.json", SMALL);
    let ran = world.run(["policy", "check", "policy.json", "--deny", "warnings"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 3), "{}", ran.out);
    let unused = "{ \"context.more\": { \"type\": \"bool\" }, \"context.ci\": {";
    world.write("policy.json", SMALL.replace("{ \"context.ci\": {", unused));
    let check = ["policy", "check", "policy.json"];
    let ran = world.run(check);
    assert_eq!(ran.code, 0);
    assert!(ran.out.starts_with("warning[unused]: no condition uses"), "{}", ran.out);
    assert!(
        ran.out.contains("\n1 warning\nvalid: 1 document, with these warnings\n"),
        "{}",
        ran.out
    );
    let json = world.run([&check[..], &["--json"]].concat()).json();
    assert_eq!(json["warnings"][0]["number"], 805);
    assert_eq!(json["warnings"][0]["pointer"], "/schema/attributes/context.more");
    for (denied, code) in
        [("warnings", 1), ("unused", 1), ("805", 1), ("never_true", 0), ("no_schema", 2)]
    {
        let ran = world.run([&check[..], &["--deny", denied]].concat());
        assert_eq!(ran.code, code, "{denied}");
        let is_told = ran.out.contains("\nrefused: 1 document, for warnings that --deny names\n");
        assert_eq!(is_told, code == 1, "{denied}: {}", ran.out);
    }
}

/// Of those beyond the first hundred, nobody knows which they are.
#[test]
fn what_is_not_listed_may_be_what_is_denied() {
    let world = World::new();
    let unused: String =
        (0..100).map(|at| format!("\"context.a{at:03}\": {{ \"type\": \"bool\" }}, ")).collect();
    for (more, code) in [("", 0), ("\"context.b\": { \"type\": \"bool\" }, ", 1)] {
        let declared = format!("{{ {unused}{more}\"context.ci\": {{");
        world.write("policy.json", SMALL.replace("{ \"context.ci\": {", &declared));
        let ran = world.run(["policy", "check", "policy.json", "--deny", "unused_request"]);
        assert_eq!(ran.code, code, "{}", ran.out);
        let test = ["policy", "test", "policy.json"];
        assert_eq!(world.run(test).err.contains("warnings that are not listed: 1"), code == 1);
        let json = world.run([&test[..], &["--json"]].concat()).json();
        assert_eq!(json["omitted"].as_u64(), (code == 1).then_some(1));
    }
}

#[test]
fn a_test_run_has_the_warnings_about_its_cases_in_json_too() {
    let world = World::new();
    let misspelled = r#""set": { "/contxt": 1 }, "expect": { "decision": true }"#;
    world.write("policy.json", SMALL.replacen(r#""expect": { "decision": true }"#, misspelled, 1));
    let ran = world.run(["policy", "test", "policy.json", "--json"]);
    let warnings = ran.json()["warnings"].as_array().unwrap().clone();
    assert_eq!(warnings.len(), 1, "{}", ran.out);
    assert_eq!(warnings[0]["code"], "unread_place");
    let ran = world.run(["policy", "test", "policy.json", "--filter", "nope"]);
    assert!(ran.out.contains("no test case's name contains the text of a --filter"), "{}", ran.out);
    let ran = world.run(["policy", "test", "policy.json", "--junit", "-"]);
    assert_eq!(ran.code, 2);
}

#[test]
fn a_bundle_without_a_file_is_the_result() {
    let world = World::new();
    world.write("policy.json", SMALL);
    let bundle = world.run(["policy", "bundle", "policy.json"]).out;
    assert_eq!(world.run(["policy", "bundle", "policy.json", "--out", "-"]).out, bundle);
    let json = world.run(["policy", "bundle", "policy.json", "--json"]).json();
    let bundle: Value = serde_json::from_str(&bundle).unwrap();
    assert_eq!(json["bundle"], bundle);
    assert_eq!(world.run(["policy", "bundle", "policy.json", "--compiled", "--out", "-"]).code, 2);
    let json = world.run(["policy", "bundle", "policy.json", "--json", "--out", "b.json"]).json();
    assert_eq!((json["file"].as_str(), json.get("bundle")), (Some("b.json"), None));
}

#[test]
fn an_error_on_a_line_too_long_to_show_has_its_place() {
    let world = World::new();
    let of_length = |length: usize| format!("{{\"v\": 1, \"é\":{}0}}", " ".repeat(length));
    world.write("policy.json", of_length(9_000));
    let ran = world.run(["policy", "check", "policy.json"]);
    assert!(ran.err.contains("policy.json:1:10\n"), "{}", ran.err);
    assert!(ran.err.contains("\n1 | "), "{}", ran.err);
    world.write("policy.json", of_length(800_000));
    let ran = world.run(["policy", "check", "policy.json"]);
    assert!(ran.err.contains("policy.json:1:10\n"), "{}", ran.err);
    assert!(!ran.err.contains("\n1 | "), "{}", ran.err);
}

#[test]
fn a_digest_of_the_other_kind_is_told() {
    let world = World::new();
    world.write("policy.json", SMALL);
    let bundled = ["policy", "bundle", "policy.json", "--compiled", "-o", "p.image", "--json"];
    let json = world.ok(bundled).json();
    let request = json!({"subject": {"type": "t", "id": "i"}, "action": {"name": "Read"},
        "resource": {"type": "t", "id": "i"}});
    world.write("request.json", request.to_string());
    for (policy, digest, told) in [
        ("p.image", &json["policy"], "which is the digest of the policy in the image"),
        ("policy.json", &json["image"], "which is the digest of the image"),
    ] {
        let digest = digest.as_str().unwrap();
        let decide =
            ["decide", "--request", "request.json", "--policy", policy, "--expect-digest", digest];
        let ran = world.run(decide);
        assert_eq!(ran.code, 3);
        assert!(ran.err.contains(told), "{}", ran.err);
    }
}

#[test]
fn a_malformed_item_of_a_batch_says_what_is_wrong() {
    let world = World::new();
    world.write("policy.json", SMALL);
    let entity = r#"{"type": "t", "id": "i"}"#;
    let items = [
        r#"{"action": {"name": "Read"}}"#,
        "7",
        r#"{"action": {}}"#,
        r#"{"action": {"name": "Read"}, "resource": {"type": "t"}}"#,
        r#"{"action": {"name": "Read"}, "action": {"name": "Read"}}"#,
        "{}",
    ];
    let batch = format!(
        r#"{{"subject": {entity}, "resource": {entity}, "evaluations": [{}]}}"#,
        items.join(", ")
    );
    world.write("batch.json", batch);
    let ran = world.run(["decide", "--request", "batch.json", "--policy", "policy.json"]);
    for (line, told) in [
        (2, "an item is an object"),
        (3, "the `action` has no `name`"),
        (4, "the `resource` has no `id`"),
        (5, "a member name stands twice in one object"),
        (6, "a request has an `action`, and this one has none"),
    ] {
        let row = format!("{line}  malformed");
        let found = ran.out.lines().find(|found| found.starts_with(&row));
        assert!(found.is_some_and(|found| found.ends_with(told)), "{told}: {}", ran.out);
    }
}

#[test]
fn without_cases_nothing_is_tested_and_that_fails() {
    let world = World::new();
    world.write("policy.json", SMALL.split(",\n  \"tests\"").next().unwrap().to_owned() + "}");
    let ran = world.run(["policy", "test", "policy.json"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("there are no test cases"), "{}", ran.out);
    assert_eq!(world.run(["policy", "check", "policy.json"]).code, 0);
}

#[test]
fn folder_bundle_and_image_are_one_policy() {
    let world = World::new();
    let folder = repository().join("policies");
    let folder = folder.to_str().unwrap();
    let json = world.ok(["policy", "bundle", folder, "-o", "bundle.json", "--json"]).json();
    let again = world.ok(["policy", "bundle", "bundle.json", "-o", "again.json", "--json"]).json();
    assert_eq!(json["policy"], again["policy"]);
    let bundle = world.read("bundle.json");
    assert_eq!(bundle, world.read("again.json"));
    assert!(!bundle.ends_with('\n'));
    assert_eq!(cog_auth::policy::PolicyDigest::of(bundle.as_bytes()).to_hex(), json["policy"]);
    assert_eq!(world.ok(["policy", "bundle", folder]).out, bundle);

    let image =
        world.ok(["policy", "bundle", folder, "--compiled", "-o", "p.image", "--json"]).json();
    assert_eq!(image["policy"], json["policy"]);
    let bytes = fs::read(world.folder.path().join("p.image")).unwrap();
    assert_eq!(cog_auth::policy::ImageDigest::of(&bytes).to_hex(), image["image"]);
    assert_eq!(bytes, cog_auth::policy::Policy::builtin().image());

    let request = json!({"subject": {"type": "user", "id": "u"},
        "action": {"name": "ViewOrgSessions"}, "resource": {"type": "organization", "id": "o"}});
    world.write("request.json", request.to_string());
    let builtin = world.run(["decide", "--request", "request.json", "--json"]);
    for (policy, digest) in [(folder, "policy"), ("bundle.json", "policy"), ("p.image", "image")] {
        let digest = if digest == "image" { &image["image"] } else { &json["policy"] };
        let digest = digest.as_str().unwrap();
        let ran = world.run([
            "decide",
            "--request",
            "request.json",
            "--json",
            "--policy",
            policy,
            "--expect-digest",
            digest,
        ]);
        assert_eq!((ran.code, &ran.out), (1, &builtin.out), "{policy}");
        let other = format!("{:064}", 0);
        let ran = world.run([
            "decide",
            "--request",
            "request.json",
            "--policy",
            policy,
            "--expect-digest",
            &other,
        ]);
        assert_eq!(ran.code, 3);
        assert!(ran.err.contains("unexpected_digest, 342"), "{}", ran.err);
    }
    world.write("p.image", &bytes[..bytes.len() - 1]);
    let ran = world.run(["decide", "--request", "request.json", "--policy", "p.image"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("p.image: "), "{}", ran.err);
    assert_eq!(world.run(["policy", "check", "p.image"]).code, 2);
    assert_eq!(world.run(["policy", "bundle", folder, "--compiled"]).code, 2);
}

#[test]
fn a_folder_is_read_whole_but_for_what_is_hidden() {
    let world = World::new();
    let at = |path: &str| world.folder.path().join(path);
    fs::create_dir_all(at("p/deep/er")).unwrap();
    fs::create_dir_all(at("p/.hidden")).unwrap();
    fs::write(at("p/schema.json"), SMALL).unwrap();
    fs::write(at("p/.draft.json"), "nothing").unwrap();
    fs::write(at("p/.hidden/x.json"), "nothing").unwrap();
    fs::write(at("p/notes.txt"), "nothing").unwrap();
    let json = world.ok(["policy", "check", "p", "--json"]).json();
    assert_eq!(json["documents"], 1);
    fs::write(at("p/deep/er/rules.json"), "{\"v\": 1, \"rules\": 1}").unwrap();
    let ran = world.run(["policy", "check", "p"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("--> p/deep/er/rules.json:1:19"), "{}", ran.err);
    let ran = world.run(["policy", "test", "p"]);
    assert_eq!(ran.code, 3);
    let ran = world.run(["decide", "--request", "x", "--policy", "p", "--json"]);
    assert_eq!(ran.code, 3);
    let errors: Value = ran.json();
    assert_eq!(errors["errors"][0]["pointer"], "/rules");
}
