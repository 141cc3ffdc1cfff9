//! Documents of policies, and their test cases.

use super::{Shape, joined, request, shape, unlimited};
use std::hint::black_box;

fn compile(text: &str) {
    let _ = black_box(unlimited(text).check());
}

/// Compiles a policy, and runs its cases.
fn test(text: &str) {
    black_box(unlimited(text).check().unwrap().test());
}

/// A policy with a named request and cases on it.
fn with_cases(request: &str, rest: &str, cases: &str) -> String {
    let parts =
        r#""subject":{"type":"t","id":"i"},"action":{"name":"A"},"resource":{"type":"t","id":"i"}"#;
    policy(&format!(
        r#""tests":{{"requests":{{"r":{{{parts},"context":{{{request}}}}}}},"cases":[{cases}]}}{rest}"#
    ))
}

/// Compiles a policy, and explains a decision by it.
fn explain(text: &str) {
    let policy = unlimited(text).check().unwrap().into_policy();
    let request = policy.build_request(("t", "i"), "A", ("t", "i")).build();
    assert_eq!(black_box(request.decide().explain()).missing(), ["/context/x"]);
}

/// A policy of so many rules, and a request with so many memberships, as one text each. Each rule
/// hangs on the subject's permissions, and has a reason of its own.
fn rules_that_lack(rules: usize, memberships: usize) -> String {
    let rule = |i| {
        format!(
            r#"{{"id":"r{i}","effect":"require","actions":["*"],
            "must":{{"subject.permissions":{{"has":"A"}}}},"reason":{{"code":"c{i}"}}}}"#
        )
    };
    let memberships = joined(memberships, |_| String::from("{}"));
    format!(
        r#"{{"v":1,"schema":{{"actions":{{"A":{{"level":"organization"}}}}}},
        "rules":[{}]}}{}"#,
        joined(rules, rule),
        request(&format!(r#""memberships":[{memberships}]"#), "").replace("ViewOrgSessions", "A")
    )
}

/// Compiles a policy and decides the request behind it, several times.
fn explain_all(text: &str) {
    let (policy, request) = text.split_at(text.find(r#"{"subject""#).unwrap());
    let policy = unlimited(policy).check().unwrap().into_policy();
    for _ in 0..20 {
        let _ = black_box(policy.evaluate(request.as_bytes()).unwrap());
    }
}

/// A policy whose section with this name has so many items.
fn with_items(section: &str, count: usize, item: impl Fn(usize) -> String) -> String {
    policy(&format!(r#""{section}":[{}]"#, joined(count, item)))
}

/// A rule that permits the one action.
fn permit(id: &str) -> String {
    format!(r#"{{"id":"{id}","effect":"permit","actions":["A"]}}"#)
}

fn policy(rest: &str) -> String {
    format!(r#"{{"v":1,"schema":{{"actions":{{"A":{{}}}}}},{rest}}}"#)
}

pub(super) const SHAPES: &[Shape] = &[
    shape("rules that lack something", 250, |n| rules_that_lack(n, 8), explain_all),
    shape("memberships where rules lack something", 250, |n| rules_that_lack(8, n), explain_all),
    shape("rules", 100, |n| with_items("rules", n, |i| permit(&format!("r{i}"))), compile),
    shape(
        "routes",
        100,
        |n| {
            let route = |i| format!(r#"{{"method":"GET","path":"/a{i}/{{x}}","action":"A"}}"#);
            with_items("routes", n, route)
        },
        compile,
    ),
    shape(
        "roles of a policy",
        100,
        |n| with_items("roles", n, |i| format!(r#"{{"id":"r{i}","level":"account"}}"#)),
        compile,
    ),
    shape(
        "roles that inherit all behind them",
        1_000,
        |n| {
            let roles = n.isqrt();
            let role = |i: usize| {
                let inherited = joined(roles - i - 1, |j| format!(r#""r{}""#, i + j + 1));
                format!(r#"{{"id":"r{i}","level":"account","inherits":[{inherited}]}}"#)
            };
            with_items("roles", roles, role)
        },
        compile,
    ),
    shape(
        "unknown actions like known ones",
        100,
        |n| {
            let name = |i: usize| format!("{}{i:06}", "x".repeat(110));
            let known = joined(n, |i| format!(r#""{}":{{}}"#, name(i)));
            let unknown = joined(n, |i| format!(r#""{}y""#, name(i)));
            format!(
                r#"{{"v":1,"schema":{{"actions":{{{known}}}}},"rules":[{{"id":"r","effect":"permit","actions":[{unknown}]}}]}}"#
            )
        },
        compile,
    ),
    shape(
        "a condition that is named often",
        20,
        |n| {
            let named = |i| joined(n, |_| format!(r#"{{"condition":"c{i}"}}"#));
            let condition = |i| format!(r#"{{"id":"c{}","when":{{"any":[{}]}}}}"#, i + 1, named(i));
            let conditions = joined(7, condition);
            format!(
                r#"{{"v":1,"schema":{{"actions":{{"A":{{}}}},"attributes":{{"context.x":{{"type":"bool"}}}}}},
                "conditions":[{{"id":"c0","when":{{"context.x":true}}}},{conditions}],
                "rules":[{{"id":"r","effect":"permit","actions":["A"],"when":{{"condition":"c7"}}}}]}}"#
            )
        },
        explain,
    ),
    shape(
        "unknown actions",
        100,
        |n| {
            policy(&format!(
                r#""rules":[{{"id":"r","effect":"permit","actions":[{}]}}]"#,
                joined(n, |i| format!(r#""B{i}""#))
            ))
        },
        compile,
    ),
    shape(
        "long unknown requests",
        2_000,
        |n| {
            let name = "x".repeat(n);
            let case =
                format!(r#"{{"name":"c","request":"{name}z","expect":{{"malformed":true}}}}"#);
            policy(&format!(r#""tests":{{"requests":{{"{name}y":{{}}}},"cases":[{case}]}}"#))
        },
        compile,
    ),
    shape(
        "many unknown requests",
        200,
        |n| {
            let name = |i: usize| format!("{}{i:06}", "x".repeat(200));
            let requests = joined(n, |i| format!(r#""{}":{{}}"#, name(i)));
            let case = |i| {
                format!(
                    r#"{{"name":"{i}","request":"{}y","expect":{{"malformed":true}}}}"#,
                    name(i)
                )
            };
            policy(&format!(
                r#""tests":{{"requests":{{{requests}}},"cases":[{}]}}"#,
                joined(n, case)
            ))
        },
        compile,
    ),
    shape(
        "what one case sets and unsets",
        200,
        |n| {
            let members = joined(n, |i| format!(r#""m{i}":0"#));
            let set = joined(n, |i| format!(r#""/context/n{i}":0"#));
            let unset = joined(n, |i| format!(r#""/context/m{i}""#));
            let case = format!(
                r#"{{"name":"c","request":"r","set":{{{set}}},"unset":[{unset}],"expect":{{"decision":false}}}}"#
            );
            with_cases(&members, "", &case)
        },
        compile,
    ),
    shape(
        "items that one case unsets",
        200,
        |n| {
            let items = joined(n, |_| String::from("0"));
            let unset = joined(n, |_| String::from(r#""/context/a/0""#));
            let case = format!(
                r#"{{"name":"c","request":"r","unset":[{unset}],"expect":{{"decision":false}}}}"#
            );
            with_cases(&format!(r#""a":[{items}]"#), "", &case)
        },
        compile,
    ),
    shape(
        "cases of a run",
        50,
        |n| {
            let case =
                |i| format!(r#"{{"name":"{i}","request":"r","expect":{{"decision":true}}}}"#);
            let rules = r#","rules":[{"id":"p","effect":"permit","actions":["A"]}]"#;
            with_cases("", rules, &joined(n, case))
        },
        test,
    ),
    shape(
        "rules of a run",
        100,
        |n| {
            let rule = |i: usize| permit(&i.to_string());
            let case = r#"{"name":"c","request":"r","expect":{"decision":true}}"#;
            with_cases("", &format!(r#","rules":[{}]"#, joined(n, rule)), case)
        },
        test,
    ),
    shape(
        "conditions that contradict one another",
        100,
        |n| {
            let parts = joined(n, |i| {
                format!(r#"{{"context.n":{{"ne":{i}}}}},{{"context.n":{{"ge":1,"le":1}}}}"#)
            });
            let schema = r#"{"actions":{"A":{}},"attributes":{"context.n":{"type":"int","min":0,"max":1000000}}}"#;
            format!(
                r#"{{"v":1,"schema":{schema},"rules":[{{"id":"p","effect":"permit","actions":["A"],"when":{{"all":[{parts}]}}}}]}}"#
            )
        },
        compile,
    ),
    shape(
        "members and bounds of one set",
        200,
        |n| {
            let parts = joined(n, |i| {
                format!(
                    r#"{{"subject.groups":{{"has":"g{i}"}}}},{{"subject.groups":{{"subset_of":["g0"]}}}}"#
                )
            });
            let schema = r#"{"actions":{"A":{}},"attributes":{"subject.groups":{"type":"id_set","domain":"group"}}}"#;
            format!(
                r#"{{"v":1,"schema":{schema},"rules":[{{"id":"p","effect":"permit","actions":["A"],"when":{{"all":[{parts}]}}}}]}}"#
            )
        },
        compile,
    ),
    shape(
        "names that are alike",
        100,
        |n| {
            let id = |i| if i % 2 == 0 { format!("r{i}") } else { format!("R{}", i - 1) };
            with_items("rules", n, |i| permit(&id(i)))
        },
        compile,
    ),
    shape(
        "a circle of roles",
        100,
        |n| {
            let next = |i| (i + 1) % n;
            let role =
                |i| format!(r#"{{"id":"r{i}","level":"account","inherits":["r{}"]}}"#, next(i));
            with_items("roles", n, role)
        },
        compile,
    ),
    shape(
        "cases",
        50,
        |n| {
            policy(&format!(
                r#""tests":{{"cases":[{}]}}"#,
                joined(n, |i| format!(
                    r#"{{"name":"{i}","request":{{}},"expect":{{"malformed":true}}}}"#
                ))
            ))
        },
        compile,
    ),
];
