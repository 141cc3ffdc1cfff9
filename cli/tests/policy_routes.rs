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
use serde_json::{Map, Value, json};
use std::fs;
use std::time::{Duration, Instant};
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
fn the_parameter_of_organizations_is_found_in_any_spelling() {
    let document = json!({ "openapi": "3.0.3", "paths": {
        "/a/{workspaceId}": { "get": {} }, "/b/{org}": { "get": {} } } });
    let folder = with(&document);
    let draft = ["none", "--openapi", "api.json", "--draft"];
    for name in ["workspaceId", "workspace_id", "workspace-id"] {
        let ran = ran(&folder, &[&draft[..], &["--organization", name]].concat());
        let document: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(document["routes"][0]["organization"], "workspace_id", "{name}");
        assert_eq!(document["routes"][1].get("organization"), None, "{name}");
        assert!(!ran.err.contains("--organization"), "{name}: {}", ran.err);
    }
    let given = [&draft[..], &["--organization", "org", "--organization", "tenantId"]].concat();
    let note = "note: --organization tenantId: no path that can be a route has this parameter";
    let err = ran(&folder, &given).err;
    assert!(err.contains(note), "{err}");
    assert_eq!(err.matches("--organization").count(), 1, "{err}");
    // The names that the option has by default are tried, and not missed.
    let err = ran(&folder, &draft).err;
    assert!(!err.contains("--organization"), "{err}");
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
        if let ("v3", 2) = (*args.last().unwrap_or(&""), ran.code) {
            let why = "--prefix v3: what stands before every path begins with /, such as /v3";
            assert_eq!(json["errors"][0]["message"], why);
        }
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
        (
            json!([{ "url": "//h/v1" }, { "url": "https://h/v1?x=://y/" }]),
            &[],
            0,
            "/v1/a/{user_id}",
        ),
        (json!([{ "url": "https://h?a/b" }]), &[], 0, "/a/{user_id}"),
        (json!([{ "url": "/v1" }]), &["--prefix", ""], 0, "/a/{user_id}"),
        (json!([{ "url": "v1" }]), &[], 3, ""),
        (json!([{ "url": "/v1" }]), &["--prefix", "v3"], 2, ""),
        (json!([{ "url": "/v1" }]), &["--prefix", "//h/v3"], 2, ""),
        (json!([{ "url": "/v1" }]), &["--prefix", "https://h/v3"], 2, ""),
        (json!([{ "url": "{base}/v1" }]), &[], 3, ""),
        (
            json!([{ "url": "https://{h}/v1", "variables": { "h": { "default": "a.b" } } }]),
            &[],
            0,
            "/v1/a/{user_id}",
        ),
        (
            json!([{ "url": "https://a{b}", "variables": { "b": { "default": "/v1" } } }]),
            &[],
            3,
            "",
        ),
    ] {
        assert_eq!(route(servers.clone(), args), (code, path.to_owned()), "{servers} {args:?}");
    }
}

/// What is said of this path of a document whose server is `/v1`, for a policy that has one route.
fn compared(path: &str, item: &Value) -> (i32, Value) {
    let document = json!({ "openapi": "3.2.0", "servers": [{ "url": "/v1" }],
        "paths": { path: item, "x-/u/{id}": { "get": {} } },
        "components": { "pathItems": {
            "u": { "get": {}, "servers": [{ "url": "/v1" }] },
            "other": { "$ref": "#/components/pathItems/u" } } } });
    let folder = with(&document);
    let policy = json!({ "v": 1, "schema": { "actions": { "Read": {} } },
        "routes": [{ "method": "GET", "path": "/v1/u/{id}", "action": "Read" }] });
    fs::write(folder.path().join("p.json"), policy.to_string()).unwrap();
    let ran = ran(&folder, &["p.json", "--openapi", "api.json", "--json"]);
    (ran.code, serde_json::from_str(&ran.out).unwrap())
}

#[test]
fn servers_of_a_path_and_of_an_operation_are_heeded() {
    let servers = |url: &str| json!([{ "url": url }]);
    for item in [
        json!({ "get": {} }),
        json!({ "get": {}, "head": {}, "x-it": 1, "parameters": [], "summary": "" }),
        json!({ "get": {}, "servers": servers("https://h/v1/") }),
        json!({ "get": { "servers": servers("/v1") }, "servers": servers("/v2") }),
        json!({ "$ref": "#/components/pathItems/u" }),
        json!({ "$ref": "#/paths/x-~1u~1%7Bid%7D" }),
        json!({ "$ref": "#/paths/x-~1u~1{id}" }),
    ] {
        assert_eq!(compared("/u/{id}", &item).0, 0, "{item}");
    }
    for item in [
        json!({ "get": {}, "servers": servers("https://h/v2") }),
        json!({ "get": { "servers": servers("https://h/v2") } }),
    ] {
        let (code, json) = compared("/u/{id}", &item);
        assert_eq!(code, 1, "{item}");
        let other = json!([{ "method": "GET", "path": "/v2/u/{id}" }]);
        assert_eq!(json["only_openapi"], other, "{item}");
    }
}

#[test]
fn what_a_path_has_and_is_no_route_is_told() {
    let servers = |url: &str| json!([{ "url": url }]);
    let reference = "#/components/pathItems/u";
    for (item, method, why) in [
        (json!({ "get": {}, "DELETE": {} }), "DELETE", "write `delete`"),
        (json!({ "get": {}, "Post": {} }), "Post", "write `post`"),
        (json!({ "get": {}, "connect": {} }), "connect", "write it in `additionalOperations`"),
        (json!({ "get": {}, "additionalOperations": [] }), "*", "is no object"),
        (json!({ "get": {}, "servers": [] }), "*", "is an empty list"),
        (json!({ "get": {}, "servers": {} }), "*", "its `servers` is no list"),
        (json!({ "get": {}, "servers": [{}] }), "*", "has no `url`"),
        (json!({ "get": {}, "post": { "servers": servers("/{v}") } }), "POST", "has a variable"),
        (json!({ "get": {}, "head": { "servers": servers("/v2") } }), "HEAD", "no GET here"),
        (json!({ "get": {}, "post": { "$ref": "#/x" } }), "POST", "has no `$ref`"),
        (json!({ "$ref": reference, "get": {} }), "GET", "both beside the path's `$ref`"),
        (json!({ "$ref": reference, "servers": [] }), "*", "`servers` stands both"),
        (json!({ "$ref": "#/paths/%7" }), "*", "leads to no path"),
        (json!({ "$ref": "#/components/pathItems/other" }), "*", "leads to another `$ref`"),
    ] {
        let (code, json) = compared("/u/{id}", &item);
        assert_eq!(code, 1, "{item}");
        assert_eq!(json["unusable"].as_array().unwrap().len(), 1, "{item}: {json}");
        let told = &json["unusable"][0];
        assert_eq!(told["method"], method, "{item}: {json}");
        assert!(told["why"].as_str().unwrap().contains(why), "{item}: {json}");
    }
    // What stands beside a `$ref` is there as well.
    let (code, json) = compared("/u/{id}", &json!({ "$ref": reference, "delete": {} }));
    assert_eq!((code, &json["same"]), (1, &json!(1)));
    assert_eq!(json["only_openapi"], json!([{ "method": "DELETE", "path": "/v1/u/{id}" }]));
}

/// Behind the path of a server, it would be a part of the last segment there.
#[test]
fn a_path_without_its_slash_is_told() {
    for method in ["get", "post"] {
        let (code, json) = compared("u/{id}", &json!({ method: {} }));
        assert_eq!(code, 1);
        let told = &json["unusable"][0];
        assert_eq!(
            (&told["path"], &told["why"]),
            (&json!("u/{id}"), &json!("a path begins with /"))
        );
        assert_eq!(json["same"], 0);
    }
}

/// Two operations never share an action by chance: not by the name that one of them has, and not by
/// one that the policy declares.
#[test]
fn a_name_that_is_made_up_is_no_other_operation_s() {
    let folder = with(&json!({ "openapi": "3.0.0", "paths": {
        "/users": { "get": {}, "post": { "operationId": "GetUsers" } },
        "/users/": { "get": {} },
        "/things": { "get": {} } } }));
    let policy = json!({ "v": 1, "schema": { "actions": { "GetThings": {} } } });
    fs::write(folder.path().join("p.json"), policy.to_string()).unwrap();
    let args = ["p.json", "--openapi", "api.json", "--draft", "--json"];
    let drafted = ran(&folder, &args).json();
    let routes = drafted["document"]["routes"].as_array().unwrap();
    let mut actions: Vec<_> =
        routes.iter().map(|route| route["action"].as_str().unwrap()).collect();
    actions.sort_unstable();
    assert!(actions.contains(&"GetUsers") && actions.contains(&"GetUsers.2"), "{actions:?}");
    assert!(actions.contains(&"GetThings.2"), "{actions:?}");
    let count = actions.len();
    actions.dedup();
    assert_eq!(actions.len(), count);
}

#[test]
fn a_parameter_of_other_than_one_segment_is_told() {
    for name in ["proxy+", "p*", "+p", "p:.*", "p...", "*rest", "**rest", "p?", "p:3", "$", ".p"] {
        let path = format!("/u/{{{name}}}");
        let (code, json) = compared(&path, &json!({ "get": {} }));
        assert_eq!((code, &json["same"]), (1, &json!(0)), "{path}: {json}");
        let told = json!({ "method": "GET", "path": format!("/v1{path}"), "why": format!(
            "`{{{name}}}` may stand for other than one whole segment, as a parameter of a route \
             always does") });
        assert_eq!(json["unusable"], json!([told]));
    }
    for name in ["id", "userId", "user-id", "user.id", "user id", "ids[]", "größe"] {
        assert_eq!(compared(&format!("/u/{{{name}}}"), &json!({ "get": {} })).0, 0, "{name}");
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
        ("{\"openapi\": \"4.0\", \"paths\": {}}", "\"4.0\", and only version 3"),
        ("{\"openapi\": \"3\", \"paths\": {}}", "is only \"3\"; write the version in quotes"),
        ("{\"openapi\": 3.1, \"paths\": {}}", "its `openapi` is 3.1, which is no text; write"),
        ("{\"openapi\": [], \"paths\": {}}", "its `openapi` is a list, which is no text; write"),
        ("openapi: 3.0.0\nservers: [{ url: v3 }]", "its server begins neither with a scheme"),
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
    // Too many values are told, and do not take all memory.
    let many =
        format!("{{\"openapi\":\"3.1.0\",\"paths\":{{}},\"x\":[0{}]}}", ",0".repeat(1 << 22));
    fs::write(folder.path().join("api.json"), many).unwrap();
    let ran = ran(&folder, &[&built_in(), "--openapi", "api.json"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("more values"), "{}", ran.err);
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
fn a_description_may_have_more_values_than_a_policy() {
    let parameters = vec![json!({ "name": "id", "in": "query" }); 100];
    let mut paths = json!({ "/u/{id}": { "get": {} } });
    for number in 0..1_000 {
        paths[format!("x-{number}")] = json!({ "get": { "parameters": parameters } });
    }
    assert!(paths.to_string().matches(':').count() > 200_000);
    let folder = with(&json!({ "openapi": "3.0.3", "paths": paths }));
    let json = ran(&folder, &["none", "--openapi", "api.json", "--draft", "--json"]).json();
    assert_eq!(json["document"]["routes"].as_array().unwrap().len(), 1);
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
            { "method": "GET", "path": "/n", "action": "View" },
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
    // Where a route names no organization, no permission of one is given.
    assert_eq!(needs(1), (json!("View"), json!("organization"), json!(["principal"]), json!([])));
    let both = json!(["principal", "organization"]);
    assert_eq!(
        needs(2),
        (
            json!("View"),
            json!("organization"),
            both.clone(),
            json!(["all", "editor", "owner", "viewer"])
        )
    );
    assert_eq!(needs(3), (json!("Edit"), json!("organization"), both, json!(["all", "editor"])));
    let text = ran(&folder, &["p.json"]);
    assert_eq!(text.code, 0);
    assert!(text.out.contains("the origin judges Edit itself"), "{}", text.out);
    assert!(text.out.ends_with("\n4 routes\n"), "{}", text.out);
}

/// All of 700 roles inherit up to 199 others each. Going through what each of them inherits took
/// minutes.
#[test]
fn many_roles_that_inherit_many_are_listed_soon() {
    const ROLES: usize = 700;
    let id = |number: usize| format!("r{number:03}");
    let roles = (0..ROLES).map(|number| {
        let inherits: Vec<String> = (number + 1..ROLES.min(number + 200)).map(id).collect();
        // What only the roles before this one have, and what all have of the last.
        let permissions = match number {
            300 => json!(["Middle"]),
            699 => json!(["Last"]),
            _ => json!([]),
        };
        json!({ "id": id(number), "level": "organization", "permissions": permissions,
            "inherits": inherits })
    });
    let mut actions: Value =
        (0..900).map(|number| (format!("A{number}"), json!({}))).collect::<Map<_, _>>().into();
    for name in ["Middle", "Last", "None"] {
        actions[name] = json!({ "level": "organization" });
    }
    let route = |name: &str| {
        json!({ "method": "GET", "path": format!("/{name}/{{org}}"), "action": name,
            "organization": "org" })
    };
    let policy = json!({ "v": 1, "schema": { "actions": actions },
        "roles": roles.collect::<Vec<_>>(),
        "routes": [route("Last"), route("Middle"), route("None")] });
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("p.json"), policy.to_string()).unwrap();
    let begun = Instant::now();
    let json = ran(&folder, &["p.json", "--json"]).json();
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    for (index, roles) in [(0, 700), (1, 301), (2, 0)] {
        let expected: Vec<String> = (0..roles).map(id).collect();
        assert_eq!(json["routes"][index]["roles"], json!(expected));
    }
}
