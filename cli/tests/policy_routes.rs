//! `policy routes`, with the routes of a live API as an `OpenAPI` document.
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
use std::fs;
use tempfile::TempDir;

/// The 133 routes of the vectors: method, path and permission.
fn routes() -> Vec<(String, String, String)> {
    let text = fs::read_to_string(repository().join("tests/vectors/cog-api-routes.json")).unwrap();
    let vectors: Value = serde_json::from_str(&text).unwrap();
    let routes = vectors["routes"].as_array().unwrap().iter().map(|route| {
        let text = |name: &str| route[name].as_str().unwrap().to_owned();
        (text("method"), text("path"), text("permission"))
    });
    let routes: Vec<_> = routes.collect();
    assert_eq!(routes.len(), 133);
    routes
}

/// The same as an `OpenAPI` document, whose operations are called as the permissions are.
fn openapi() -> Value {
    let mut paths = json!({});
    for (method, path, permission) in routes() {
        paths[path][method.to_lowercase()] = json!({ "operationId": permission });
    }
    json!({ "openapi": "3.1.0", "servers": [{ "url": "https://api.example.com/" }], "paths": paths })
}

fn with(document: &Value) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("api.json"), document.to_string()).unwrap();
    folder
}

fn ran(folder: &TempDir, args: &[&str]) -> Ran {
    run(cog_auth(["policy", "routes"]).args(args).current_dir(folder.path()))
}

fn built_in() -> String {
    repository().join("policies").display().to_string()
}

#[test]
fn the_routes_of_the_policy_are_those_of_the_api() {
    let folder = with(&openapi());
    let same = ran(&folder, &[&built_in(), "--openapi", "api.json"]);
    assert_eq!(same.code, 0, "{}", same.out);
    let json = ran(&folder, &[&built_in(), "--openapi", "api.json", "--json"]).json();
    assert_eq!(json, json!({ "same": 133, "only_openapi": [], "only_policy": [], "unusable": [] }));
}

#[test]
fn each_difference_is_said_and_fails() {
    let mut document = openapi();
    let paths = document["paths"].as_object_mut().unwrap();
    paths.remove("/v3/enterprise/self");
    paths.insert("/v3/new/{thingId}".to_owned(), json!({ "post": {}, "parameters": [] }));
    // These can be no route.
    for path in ["/v3/a.{format}", "/v3/end/", "/v3/{a}/{A}", "v3", "/v3/a b"] {
        paths.insert(path.to_owned(), json!({ "get": {} }));
    }
    paths.insert("/v3/gone".to_owned(), json!({ "$ref": "#/components/pathItems/no" }));
    paths.insert("/v3/head".to_owned(), json!({ "head": {} }));
    paths.insert("x-internal".to_owned(), json!({ "get": {} }));
    let folder = with(&document);
    let json = ran(&folder, &[&built_in(), "--openapi", "api.json", "--json"]);
    assert_eq!(json.code, 1);
    let json = json.json();
    assert_eq!(json["same"], 132);
    assert_eq!(json["only_openapi"], json!([{ "method": "POST", "path": "/v3/new/{thing_id}" }]));
    assert_eq!(json["only_policy"], json!([{ "method": "GET", "path": "/v3/enterprise/self" }]));
    assert_eq!(json["unusable"].as_array().unwrap().len(), 7, "{json}");
    let text = ran(&folder, &[&built_in(), "--openapi", "api.json"]);
    assert_eq!(text.code, 1);
    for line in [
        "no route: POST /v3/new/{thing_id}\n",
        "not in the API: GET /v3/enterprise/self\n",
        "cannot be a route: GET /v3/end/\n",
        "132 routes the same\n",
    ] {
        assert!(text.out.contains(line), "{}", text.out);
    }
}

#[test]
fn what_is_drafted_is_a_document_that_loads() {
    let folder = with(&openapi());
    // A policy with the actions, and without routes.
    let policy = folder.path().join("p");
    fs::create_dir(&policy).unwrap();
    for name in ["schema.json", "roles.json"] {
        fs::copy(repository().join("policies").join(name), policy.join(name)).unwrap();
    }
    let draft = ran(&folder, &["p", "--openapi", "api.json"]);
    assert_eq!(draft.code, 0, "{}", draft.err);
    assert!(draft.err.contains("the policy has no routes"), "{}", draft.err);
    fs::write(policy.join("routes.json"), &draft.out).unwrap();
    let same = ran(&folder, &["p", "--openapi", "api.json"]);
    assert_eq!((same.code, same.err.as_str()), (0, ""), "{}", same.out);
    let document: Value = serde_json::from_str(&draft.out).unwrap();
    let drafted = document["routes"].as_array().unwrap();
    assert_eq!(drafted.len(), 133);
    for (method, path, permission) in routes() {
        let found = drafted.iter().find(|route| route["method"] == method && route["path"] == path);
        let found = found.unwrap();
        assert_eq!(found["action"], permission);
        let organization = path.contains("{org_id}").then_some("org_id");
        assert_eq!(found["organization"].as_str(), organization, "{path}");
    }
    // Of a policy with routes, what it lacks alone.
    let none = ran(&folder, &["p", "--openapi", "api.json", "--draft", "--json"]).json();
    assert_eq!(none["document"]["routes"], json!([]));
    // Without a policy, everything. Without --draft, a policy that is not there is none.
    let all = ran(&folder, &["none", "--openapi", "api.json", "--draft", "--json"]).json();
    assert_eq!(all["document"]["routes"].as_array().unwrap().len(), 133);
    assert!(all["undeclared"].as_array().unwrap().len() > 20);
    assert_eq!(ran(&folder, &["none", "--openapi", "api.json"]).code, 2);
}

#[test]
fn what_stands_before_the_paths_is_said_or_asked_for() {
    let route = |url: Value, args: &[&str]| {
        let document = json!({ "openapi": "3.0.3", "servers": url,
            "paths": { "/a/{userId}": { "get": {} } } });
        let folder = with(&document);
        let ran =
            ran(&folder, &[&["none", "--openapi", "api.json", "--draft", "--json"], args].concat());
        let json: Value = serde_json::from_str(&ran.out).unwrap();
        (ran.code, json["document"]["routes"][0]["path"].as_str().unwrap_or_default().to_owned())
    };
    for (servers, args, code, path) in [
        (json!([]), &[][..], 0, "/a/{user_id}"),
        (json!([{ "url": "https://h" }]), &[], 0, "/a/{user_id}"),
        (json!([{ "url": "https://h:1/v3/?x" }]), &[], 0, "/v3/a/{user_id}"),
        (json!([{ "url": "/v3" }, { "url": "https://h/v3/" }]), &[], 0, "/v3/a/{user_id}"),
        (json!([{ "url": "/v3" }, { "url": "/v4" }]), &[], 3, ""),
        (json!([{ "url": "https://h/{version}" }]), &[], 3, ""),
        (json!([{ "url": "/v3" }, { "url": "/v4" }]), &["--prefix", "/v4"], 0, "/v4/a/{user_id}"),
        (json!([{ "url": "/v3" }]), &["--prefix", "/"], 0, "/a/{user_id}"),
    ] {
        assert_eq!(route(servers.clone(), args), (code, path.to_owned()), "{servers} {args:?}");
    }
}

#[test]
fn what_is_no_openapi_3_says_so() {
    for (text, why) in [
        ("openapi: 3.1.0", "it has no `paths`"),
        ("", "it is empty"),
        ("\u{feff}{}", "the member `openapi` is missing"),
        ("openapi: 3.1.0\npaths: {}\n---\nopenapi: 3.1.0", "line 3, column 1: a second document"),
        ("openapi: 3.1.0\nopenapi: 3.1.0", "line 2, column 1: the name `openapi` stands twice"),
        ("a: &x [1]\nb: *x", "line 2, column 4: aliases (*name) are not read"),
        ("[a]: b", "a name is a text"),
        ("a: [", "line "),
        ("a: 'x", "line "),
        ("{\"swagger\": \"2.0\", \"paths\": {}}", "it is a Swagger 2 document"),
        ("{\"openapi\": \"4.0\", \"paths\": {}}", "it is of version 4.0"),
        ("{}", "the member `openapi` is missing"),
        ("{\"openapi\": \"3.1.0\"}", "it has no `paths`"),
        ("{\"openapi\": \"3.1.0\", \"paths\": []}", "its `paths` is no object"),
        ("{\"openapi\": \"3.1.0\", \"paths\": {\"/a\": {}, \"/a\": {}}}", "stands twice"),
        ("{\"openapi\": \"3.1.0\", \"paths\": {}", "line 1, column "),
    ] {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("api.json"), text).unwrap();
        let ran = ran(&folder, &[&built_in(), "--openapi", "api.json"]);
        assert_eq!(ran.code, 3, "{text}: {}", ran.err);
        assert!(ran.err.contains(why), "{text}: {}", ran.err);
    }
    let folder = TempDir::new().unwrap();
    let draft = ran(&folder, &[&built_in(), "--draft"]);
    assert_eq!(draft.code, 2);
}

#[test]
fn yaml_is_read_as_json_is() {
    let text = r#"
openapi: 3.1.0 # a number with two dots is none
servers:
  - url: https://api.example.com/v3
paths:
  /enterprise/self:
    get:
      operationId: "ReadAccountMeta"
      responses: { 200: { description: ok } }
  /x/{thingId}: {}
"#;
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("api.yaml"), text).unwrap();
    let json = ran(&folder, &["none", "--openapi", "api.yaml", "--draft", "--json"]).json();
    let route =
        json!({ "method": "GET", "path": "/v3/enterprise/self", "action": "ReadAccountMeta" });
    assert_eq!(json["document"]["routes"], json!([route]));
    // Deep and large ones end soon.
    for text in
        ["[".repeat(100_000), "- ".repeat(100_000), "a: ".repeat(1_000), "{a: ".repeat(9_000)]
    {
        fs::write(folder.path().join("api.yaml"), format!("x: 1\ny:\n  {text}")).unwrap();
        assert_eq!(ran(&folder, &["none", "--openapi", "api.yaml", "--draft"]).code, 3);
    }
    let many: String =
        (0..20_000).map(|number| format!("  /a{number}: {{ get: {{}} }}\n")).collect();
    fs::write(folder.path().join("api.yaml"), format!("openapi: 3.0.0\npaths:\n{many}")).unwrap();
    assert_eq!(ran(&folder, &["none", "--openapi", "api.yaml", "--draft"]).code, 0);
}

#[test]
fn the_list_says_what_each_route_needs() {
    let folder = TempDir::new().unwrap();
    let policy = json!({ "v": 1,
        "schema": { "actions": {
            "Manage": { "level": "account", "implies": ["View"] },
            "View": { "level": "organization" }, "Edit": { "level": "organization" }, "Me": {} } },
        "roles": [
            { "id": "viewer", "level": "organization", "permissions": ["View"] },
            { "id": "editor", "level": "organization", "permissions": ["Edit"], "inherits": ["viewer"] },
            { "id": "all", "level": "organization", "permissions": ["*"] },
            { "id": "owner", "level": "account", "permissions": ["Manage"] } ],
        "routes": [
            { "method": "GET", "path": "/me", "action": "Me" },
            { "method": "PUT", "path": "/o/{org}", "action": "Edit", "organization": "org" },
            { "method": "GET", "path": "/o/{org}", "action": "View", "organization": "org",
              "undecided": ["Edit"] } ] });
    fs::write(folder.path().join("p.json"), policy.to_string()).unwrap();
    let json = ran(&folder, &["p.json", "--json"]).json();
    let needs = |index: usize| {
        let route = &json["routes"][index];
        (
            route["action"].clone(),
            route["level"].clone(),
            route["facts"].clone(),
            route["roles"].clone(),
        )
    };
    assert_eq!(needs(0), (json!("Me"), json!(null), json!(["principal"]), json!([])));
    let both = json!(["principal", "organization"]);
    assert_eq!(
        needs(1),
        (
            json!("View"),
            json!("organization"),
            both.clone(),
            json!(["all", "editor", "owner", "viewer"])
        )
    );
    assert_eq!(needs(2), (json!("Edit"), json!("organization"), both, json!(["all", "editor"])));
    let text = ran(&folder, &["p.json"]);
    assert_eq!(text.code, 0);
    assert!(text.out.contains("the origin judges Edit itself"), "{}", text.out);
    assert!(text.out.ends_with("\n3 routes\n"), "{}", text.out);
}
