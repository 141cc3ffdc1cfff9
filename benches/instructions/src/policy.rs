//! Requests, decisions and answers by the built-in policy, and policies made ready.

use crate::Work;
use cog_auth::policy::{Policy, RequestBuilder, Source, Value};
use std::hint::black_box;

/// A member of an organization looks at its sessions, in 549 bytes.
const REQUEST: &str = r#"{"subject":{"type":"user","id":"user_01","properties":{"account":{"id":"acct_7","sso":false,"plan":"team","features":["pat_beta"]},"roles":[],"permissions":[],"memberships":[{"organization":"org-a","roles":["org_admin"],"permissions":[]}]}},"action":{"name":"UseDevinSessions"},"resource":{"type":"organization","id":"org-a","properties":{"organization":"org-a","account":{"id":"acct_7","sso":false,"plan":"team"}}},"context":{"credential":{"kind":"personal_access_token","id":"AAAABBBBCCCC","scopes":["*"],"organizations":["*"]},"time":1795000000}}"#;

/// The built-in policy, which lives as long as the program: requests borrow it.
fn builtin() -> &'static Policy {
    Box::leak(Box::new(Policy::builtin()))
}

pub(crate) fn decide() -> Work {
    let request = builtin().request(REQUEST.as_bytes()).unwrap();
    assert!(request.decide().is_allowed());
    Box::new(move || usize::from(black_box(&request).decide().is_allowed()))
}

pub(crate) fn read() -> Work {
    let policy = builtin();
    Box::new(move || {
        let request = policy.request(black_box(REQUEST.as_bytes()));
        usize::from(black_box(request).is_ok())
    })
}

/// What a service knows of a request, by the places of the attributes.
const VALUES: [(&str, Value<'_>); 14] = [
    ("/subject/properties/account/id", Value::Text("acct_7")),
    ("/subject/properties/account/sso", Value::Bool(false)),
    ("/subject/properties/account/plan", Value::Text("team")),
    ("/subject/properties/account/features", Value::List(&["pat_beta"])),
    ("/subject/properties/roles", Value::List(&[])),
    ("/subject/properties/permissions", Value::List(&[])),
    ("/resource/properties/organization", Value::Text("org-a")),
    ("/resource/properties/account/id", Value::Text("acct_7")),
    ("/resource/properties/account/sso", Value::Bool(false)),
    ("/resource/properties/account/plan", Value::Text("team")),
    ("/context/credential/kind", Value::Text("personal_access_token")),
    ("/context/credential/scopes", Value::List(&["*"])),
    ("/context/credential/organizations", Value::List(&["*"])),
    ("/context/time", Value::Integer(1_795_000_000)),
];

fn begin(policy: &Policy) -> RequestBuilder<'_> {
    let (subject, resource) = (("user", "user_01"), ("organization", "org-a"));
    policy.build_request(subject, "UseDevinSessions", resource)
}

fn built(build: impl Fn() -> RequestBuilder<'static> + 'static) -> Work {
    let build = move || build().roles_in("org-a", &["org_admin"]).build();
    assert!(build().decide().is_allowed());
    Box::new(move || {
        black_box(build());
        1
    })
}

/// By attributes that were found once.
pub(crate) fn build() -> Work {
    let policy = builtin();
    let values = VALUES.map(|(pointer, value)| (policy.attribute(pointer).unwrap(), value));
    built(move || {
        let mut builder = begin(policy);
        for (attribute, value) in black_box(values) {
            builder.put(attribute, value).unwrap();
        }
        builder
    })
}

pub(crate) fn build_by_pointers() -> Work {
    let policy = builtin();
    built(move || {
        let set = |builder: RequestBuilder<'static>, (pointer, value)| {
            builder.set(pointer, value).unwrap()
        };
        black_box(VALUES).into_iter().fold(begin(policy), set)
    })
}

fn answer(request: String, decision: bool) -> Work {
    let policy = builtin();
    let answer = policy.evaluate(request.as_bytes()).unwrap();
    assert!(answer.starts_with(&format!("{{\"decision\":{decision}")), "{answer}");
    Box::new(move || policy.evaluate(black_box(request.as_bytes())).unwrap().len())
}

pub(crate) fn answer_allowed() -> Work {
    answer(REQUEST.to_owned(), true)
}

pub(crate) fn answer_denied() -> Work {
    answer(REQUEST.replace("\"sso\":false", "\"sso\":true"), false)
}

/// One question about each of 50 organizations: subject, action and context are shared.
pub(crate) fn batch() -> Work {
    let (shared, _) = REQUEST.split_once("\"resource\"").unwrap();
    let (_, context) = REQUEST.split_once("\"context\"").unwrap();
    let item = |number: usize| {
        format!(
            r#"{{"resource":{{"type":"organization","id":"org-{number}","properties":{{"organization":"org-{number}","account":{{"id":"acct_7","sso":false,"plan":"team"}}}}}}}}"#
        )
    };
    let items: Vec<String> = (0..50).map(item).collect();
    let batch = format!("{shared}\"evaluations\":[{}],\"context\"{context}", items.join(","));
    let policy = builtin();
    let answer = policy.evaluate(batch.as_bytes()).unwrap();
    assert_eq!(answer.matches("\"decision\":").count(), 50);
    Box::new(move || policy.evaluate(black_box(batch.as_bytes())).unwrap().len())
}

pub(crate) fn allowed() -> Work {
    let request = builtin().request(REQUEST.as_bytes()).unwrap();
    Box::new(move || black_box(&request).allowed_actions().count())
}

pub(crate) fn load() -> Work {
    let image: &'static [u8] = builtin().image();
    Box::new(move || usize::from(black_box(Policy::from_image(black_box(image))).is_ok()))
}

/// 1,000 rules on ten actions, each with a condition of two attributes.
pub(crate) fn compile() -> Work {
    let actions: Vec<String> = (0..10).map(|number| format!("\"a{number}\":{{}}")).collect();
    let rule = |number: usize| {
        format!(
            r#"{{"id":"rule-{number}","effect":"permit","actions":["a{}"],"when":{{"resource.id":"document-{number}","subject.active":true}}}}"#,
            number % 10
        )
    };
    let rules: Vec<String> = (0..1_000).map(rule).collect();
    let text = format!(
        r#"{{"v":1,"schema":{{"attributes":{{"resource.id":{{"type":"id","domain":"document"}},"subject.active":{{"type":"bool"}}}},"actions":{{{}}}}},"rules":[{}]}}"#,
        actions.join(","),
        rules.join(",")
    );
    Box::new(move || {
        let mut source = Source::new();
        source.add("policy.json", black_box(text.as_bytes()));
        source.check().unwrap().into_policy().image().len()
    })
}
