//! What takes input takes time that grows as the input does. It looks at a clock, so it runs alone
//! and in a release build.
#![allow(
    clippy::let_underscore_must_use,
    clippy::print_stdout,
    reason = "it says what it measured"
)]

use cog_auth::Time;
use cog_auth::gate::{Gate, HttpRequest};
use cog_auth::policy::{Limits, Policy, Source};
use cog_auth::token::{KeyId, Record, RootKey, Token, authorization, redact, scan};
use std::hint::black_box;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// How much longer the long input is.
const TIMES: usize = 8;
/// How much longer it may take: linear is 8, quadratic is 64.
const MOST: u32 = 20;

/// The built-in policy, without limits that would end the work early.
static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let most = 1 << 30;
    let limits =
        Limits { request_bytes: most, evaluations: most, batch_bytes: most, ..Limits::default() };
    Policy::builtin().with_limits(limits)
});

struct Shape {
    name: &'static str,
    /// How many repeats the short input has.
    repeats: usize,
    text: fn(usize) -> String,
    work: fn(&str),
}

const fn shape(
    name: &'static str,
    repeats: usize,
    text: fn(usize) -> String,
    work: fn(&str),
) -> Shape {
    Shape { name, repeats, text, work }
}

fn request(properties: &str, context: &str) -> String {
    format!(
        r#"{{"subject":{{"type":"user","id":"u","properties":{{{properties}}}}},"action":{{"name":"ViewOrgSessions"}},
        "resource":{{"type":"organization","id":"o","properties":{{"organization":"o"}}}},"context":{{{context}}}}}"#
    )
}

fn joined(repeats: usize, item: impl Fn(usize) -> String) -> String {
    (0..repeats).map(item).collect::<Vec<_>>().join(",")
}

fn escaped_name(i: usize) -> String {
    format!(r#""\u0061\u0061{i}":0"#)
}

fn evaluate(text: &str) {
    let _ = black_box(POLICY.evaluate(text.as_bytes()));
}

fn compile(text: &str) {
    let most = 1 << 30;
    let mut source = Source::with_limits(Limits {
        document_bytes: most,
        total_bytes: most,
        actions: most,
        values: most,
        roles: most,
        rules: most,
        routes: most,
        ..Limits::default()
    });
    source.add("p.json", text);
    let _ = black_box(source.check());
}

/// Compiles a policy, and explains a decision by it.
fn explain(text: &str) {
    let mut source = Source::new();
    source.add("p.json", text);
    let policy = source.check().unwrap().into_policy();
    let request = policy.build_request(("t", "i"), "A", ("t", "i")).build();
    assert_eq!(black_box(request.decide().explain()).missing(), ["/context/x"]);
}

fn audit(text: &str) {
    let keys = RootKey::new(KeyId::parse("01").unwrap(), &[7; 32]).edge_keys();
    let gate = Gate::at_edge(POLICY.clone(), keys);
    let request = HttpRequest {
        method: "GET",
        target: text.as_bytes(),
        authorization: &[],
        context: None,
        client_address: None,
    };
    let _ = black_box(gate.begin(&request, Time::from_seconds(1_795_000_000).unwrap()));
}

fn policy(rest: &str) -> String {
    format!(r#"{{"v":1,"schema":{{"actions":{{"A":{{}}}}}},{rest}}}"#)
}

const SHAPES: &[Shape] = &[
    shape(
        "a token",
        4_000,
        |n| "cog_1s01".repeat(n),
        |text| drop(black_box(Token::parse(text.as_bytes()))),
    ),
    shape("prefixes", 4_000, |n| "cog_".repeat(n), |text| drop(black_box(redact(text)))),
    shape(
        "runs",
        1_000,
        |n| format!("cog_{}", "a".repeat(30)).repeat(n),
        |text| drop(black_box(redact(text))),
    ),
    shape(
        "a long run",
        40_000,
        |n| format!("cog_{}", "a".repeat(n)),
        |text| drop(black_box(redact(text))),
    ),
    shape(
        "scanned prefixes",
        4_000,
        |n| " cog_".repeat(n),
        |text| {
            black_box(scan(text.as_bytes()).count());
        },
    ),
    shape(
        "spaces of a header",
        40_000,
        |n| format!("{}Bearer{}x", " ".repeat(n), " ".repeat(n)),
        |text| {
            let _ = black_box(authorization([text.as_bytes()]));
        },
    ),
    shape("escaped escapes", 1_000, |n| format!("/%{}63og_", "25".repeat(n)), audit),
    shape("escapes of escapes", 1_000, |n| format!("/{}", "%%32%35".repeat(n)), audit),
    shape(
        "broken credentials",
        200,
        |n| format!("/{}", "cog_0123456789%0Aabcdefghijkl".repeat(n)),
        audit,
    ),
    shape(
        "metadata",
        100,
        |n| format!(r#"{{"metadata":{{{}}}}}"#, joined(n, |i| format!(r#""{i}":[]"#))),
        |text| {
            let _ = black_box(Record::from_json(text.as_bytes()));
        },
    ),
    shape(
        "memberships",
        500,
        |n| request(&format!(r#""memberships":[{}]"#, joined(n, |_| String::from("{}"))), ""),
        evaluate,
    ),
    shape(
        "memberships with roles",
        300,
        |n| {
            let item = |i| {
                format!(
                    r#"{{"organization":"o{i}","roles":["org_member"],"permissions":["ViewOrgTags"]}}"#
                )
            };
            request(&format!(r#""memberships":[{}]"#, joined(n, item)), "")
        },
        evaluate,
    ),
    shape(
        "roles",
        500,
        |n| request(&format!(r#""roles":[{}]"#, joined(n, |i| format!(r#""r{i}""#))), ""),
        evaluate,
    ),
    shape(
        "scopes",
        500,
        |n| {
            request(
                "",
                &format!(r#""credential":{{"scopes":[{}]}}"#, joined(n, |i| format!(r#""s{i}""#))),
            )
        },
        evaluate,
    ),
    shape(
        "organizations",
        500,
        |n| {
            request(
                "",
                &format!(
                    r#""credential":{{"kind":"session","organizations":[{}]}}"#,
                    joined(n, |i| format!(r#""o{i}""#))
                ),
            )
        },
        evaluate,
    ),
    shape(
        "organizations that stand twice",
        300,
        |n| {
            let item = |_| String::from(r#"{"organization":"o","roles":["org_admin"]}"#);
            request(&format!(r#""memberships":[{}]"#, joined(n, item)), "")
        },
        evaluate,
    ),
    shape(
        "names of a membership",
        300,
        |n| request(&format!(r#""memberships":[{{{}}}]"#, joined(n, escaped_name)), ""),
        evaluate,
    ),
    shape(
        "roles of a membership",
        300,
        |n| {
            let item = |i| format!(r#""\u006frg_admin{i}""#);
            request(&format!(r#""memberships":[{{"roles":[{}]}}]"#, joined(n, item)), "")
        },
        evaluate,
    ),
    shape(
        "features",
        500,
        |n| {
            let items = joined(n, |_| String::from(r#""""#));
            request(&format!(r#""account":{{"features":[{items}]}}"#), "")
        },
        evaluate,
    ),
    shape("escaped names", 500, |n| request("", &joined(n, escaped_name)), evaluate),
    shape(
        "nested arrays",
        500,
        |n| {
            let item = |_| format!("{}{}", "[".repeat(25), "]".repeat(25));
            request("", &format!(r#""x":[{}]"#, joined(n, item)))
        },
        evaluate,
    ),
    shape("names", 500, |n| request("", &joined(n, |i| format!(r#""n{i}":0"#))), evaluate),
    shape(
        "names that stand twice",
        500,
        |n| request("", &joined(n, |i| format!(r#""n{}":0"#, i / 2))),
        evaluate,
    ),
    shape(
        "escapes",
        4_000,
        |n| request("", &format!(r#""x":"{}""#, "\\u0061".repeat(n))),
        evaluate,
    ),
    shape("digits", 8_000, |n| request("", &format!(r#""x":1{}"#, "0".repeat(n))), evaluate),
    shape(
        "items of a batch",
        40,
        |n| {
            let items = joined(n, |_| String::from("{}"));
            request("", "").replace("\"context\":{}", &format!("\"evaluations\":[{items}]"))
        },
        evaluate,
    ),
    shape(
        "segments",
        100,
        |n| format!("/{}", "a/".repeat(n)),
        |text| drop(black_box(POLICY.route("GET", text))),
    ),
    shape(
        "rules",
        100,
        |n| {
            policy(&format!(
                r#""rules":[{}]"#,
                joined(n, |i| format!(r#"{{"id":"r{i}","effect":"permit","actions":["A"]}}"#))
            ))
        },
        compile,
    ),
    shape(
        "routes",
        100,
        |n| {
            policy(&format!(
                r#""routes":[{}]"#,
                joined(n, |i| format!(r#"{{"method":"GET","path":"/a{i}/{{x}}","action":"A"}}"#))
            ))
        },
        compile,
    ),
    shape(
        "roles of a policy",
        100,
        |n| {
            policy(&format!(
                r#""roles":[{}]"#,
                joined(n, |i| format!(r#"{{"id":"r{i}","level":"account"}}"#))
            ))
        },
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
            policy(&format!(r#""roles":[{}]"#, joined(roles, role)))
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

/// The middle one of several times, each long enough to be seen.
fn median(text: &str, work: fn(&str)) -> Duration {
    let mut rounds = 1_u32;
    loop {
        let mut times: Vec<Duration> = (0..7)
            .map(|_| {
                let start = Instant::now();
                (0..rounds).for_each(|_| work(black_box(text)));
                start.elapsed()
            })
            .collect();
        times.sort();
        if let Some(time) = times.get(3).filter(|time| **time >= Duration::from_micros(500)) {
            return *time / rounds;
        }
        rounds *= 4;
    }
}

#[test]
#[ignore = "it looks at a clock: run it alone, in a release build"]
fn time_grows_as_the_input_does() {
    let mut slow = Vec::new();
    for Shape { name, repeats, text, work } in SHAPES {
        let (short, long) = (text(*repeats), text(repeats * TIMES));
        let (mut short_time, mut long_time) = (median(&short, *work), median(&long, *work));
        // Whatever else the machine did meanwhile, it hardly does so three times.
        for _ in 0..2 {
            if long_time > short_time * MOST {
                (short_time, long_time) = (median(&short, *work), median(&long, *work));
            }
        }
        let line = format!(
            "{name}: {} bytes in {short_time:?}, {} bytes in {long_time:?}",
            short.len(),
            long.len()
        );
        println!("{line}");
        // What ends early takes no time that could be compared.
        if long_time > short_time * MOST && long_time > Duration::from_micros(20) {
            slow.push(line);
        }
    }
    assert!(
        slow.is_empty(),
        "more than {MOST} times as long for {TIMES} times as much:\n{}",
        slow.join("\n")
    );
}
