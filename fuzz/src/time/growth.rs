//! How time grows with what a policy holds, and with large sets: each as the ratio of two sizes,
//! which take turns, and the most that it may be.

use super::{Work, joined, ratio, unlimited};
use cog_auth::policy::{Policy, Request};
use cog_auth::token::Record;
use std::hint::black_box;

struct Growth {
    name: &'static str,
    /// The two sizes.
    sizes: [usize; 2],
    /// How many times as long the larger one may take.
    most: f64,
    /// The work of a size, which is made ready before it is timed.
    ready: fn(usize) -> Work,
}

/// Eight times as much, in time that is linear or takes a logarithm more.
const EIGHTFOLD: f64 = 13.0;

const fn growth(
    name: &'static str,
    sizes: [usize; 2],
    most: f64,
    ready: fn(usize) -> Work,
) -> Growth {
    Growth { name, sizes, most, ready }
}

const GROWTHS: &[Growth] = &[
    growth("decide: permits by an id", [10, 10_000], 1.6, |n| permits(n, by_id)),
    growth("decide: 100,000 permits by an id", [10, 100_000], 2.0, |n| permits(n, by_id)),
    growth("decide: permits by an enum", [10, 10_000], 1.6, |n| permits(n, by_enum)),
    growth("decide: permits by a set of ids", [10, 10_000], 1.6, |n| permits(n, by_set)),
    growth("decide: permits by an id beside others", [10, 10_000], 1.6, |n| permits(n, by_more)),
    growth("decide: forbids by an id", [10, 10_000], 1.6, forbids),
    growth("decide: one action a rule", [10, 100_000], 1.6, |n| {
        decides(policy(n, n, |i| rule("permit", i, &by_more(i), "", &action(i))))
    }),
    // What no equality tells apart is walked: linear.
    growth("decide: permits by a range", [10, 10_000], 1_500.0, |n| permits(n, by_range)),
    growth("decide: permits by a negation", [10, 10_000], 1_500.0, |n| permits(n, by_negation)),
    growth("read and decide: actions", [10, 10_000], 1.2, |n| reads(n, true)),
    growth("read and decide: 100,000 actions", [10, 100_000], 1.2, |n| reads(n, true)),
    growth("read: actions", [10, 100_000], 1.2, |n| reads(n, false)),
    growth("search: actions, and as many rules on all", [128, 1_024], EIGHTFOLD, searches),
    growth("missing: memberships", [350, 2_800], EIGHTFOLD, |n| lacks(n, 1_000, 1_000)),
    growth("missing: rules", [125, 1_000], EIGHTFOLD, |n| lacks(350, n, 1_000)),
    growth("missing: actions", [125, 1_000], EIGHTFOLD, |n| lacks(350, 1_000, n)),
    growth("record: scopes", [128, 1_024], EIGHTFOLD, |n| {
        records(&format!(
            r#""scopes":[{}],"metadata":{{}}"#,
            joined(n, |i| format!("\"scope-{i}\""))
        ))
    }),
    growth("record: metadata", [64, 512], EIGHTFOLD, |n| {
        let members = joined(n, |i| format!(r#""member-{i}":"value""#));
        records(&format!(r#""scopes":["*"],"metadata":{{{members}}}"#))
    }),
    growth("request: ids of a set", [512, 4_096], EIGHTFOLD, |n| {
        let ids = joined(n, |i| format!("\"group-{}\"", scattered(i)));
        read_text(&format!(r#""properties":{{"groups":[{ids}]}}"#))
    }),
    growth("request: names that no policy knows", [512, 4_096], EIGHTFOLD, |n| {
        let names = joined(n, |i| format!("\"name-{}\":0", scattered(i)));
        read_text(&format!(r#""properties":{{{names}}}"#))
    }),
    growth("documents: rules", [1_250, 10_000], EIGHTFOLD, |n| {
        compiles(text(10, n, |i| rule("permit", i, &by_more(i), "", &action(i % 10))))
    }),
    growth("documents: actions", [1_250, 10_000], EIGHTFOLD, |n| {
        compiles(text(n, n, |i| rule("permit", i, "", "", &action(i))))
    }),
    growth("documents: attributes with an enum each", [100, 800], EIGHTFOLD, |n| {
        let attribute = |i| format!(r#""context.a{i}":{{"type":"enum","values":["v{i}","w{i}"]}}"#);
        compiles(format!(
            r#"{{"v":1,"schema":{{"attributes":{{{}}},"actions":{{"A":{{}}}}}},
            "rules":[{{"id":"r","effect":"permit","actions":["A"]}}]}}"#,
            joined(n, attribute)
        ))
    }),
];

/// Conditions of rule i. The request of [`asks`] meets that of rule 3.
fn by_id(i: usize) -> String {
    format!(r#""resource.id":"document-{i}""#)
}

fn by_enum(i: usize) -> String {
    format!(r#""context.value":"v{i}""#)
}

fn by_set(i: usize) -> String {
    format!(r#""resource.id":{{"in":["document-{i}","other-{i}"]}}"#)
}

fn by_more(i: usize) -> String {
    format!(r#""subject.active":true,"context.number":{{"ge":3}},{}"#, by_id(i))
}

fn by_range(i: usize) -> String {
    format!(r#""context.number":{{"ge":{},"lt":{}}}"#, i * 2 + 4, i * 2 + 5)
}

fn by_negation(i: usize) -> String {
    format!(r#""resource.id":{{"ne":"document-{i}"}},"context.number":{}"#, i + 20)
}

fn action(i: usize) -> String {
    format!("\"action-{i}\"")
}

fn rule(effect: &str, i: usize, when: &str, more: &str, actions: &str) -> String {
    format!(r#"{{"id":"r{i}","effect":"{effect}","actions":[{actions}],"when":{{{when}}}{more}}}"#)
}

/// The text of a policy with so many actions and rules, and an enum with as many values as rules.
fn text(actions: usize, rules: usize, rule: impl Fn(usize) -> String) -> String {
    let level = |i| format!(r#"{}:{{"level":"organization"}}"#, action(i));
    let roles = joined(actions, action);
    format!(
        r#"{{"v":1,"schema":{{"attributes":{{
            "resource.id":{{"type":"id","domain":"document"}},
            "subject.active":{{"type":"bool"}},
            "subject.groups":{{"type":"id_set","domain":"group"}},
            "context.number":{{"type":"int","min":0,"max":1000000}},
            "context.value":{{"type":"enum","values":[{}]}}}},"actions":{{{}}}}},
        "roles":[{{"id":"all","level":"organization","permissions":[{roles}]}}],
        "rules":[{}]}}"#,
        joined(rules, |i| format!("\"v{i}\"")),
        joined(actions, level),
        joined(rules, rule)
    )
}

/// Policies and requests live as long as the test, since what is timed borrows them.
fn policy(actions: usize, rules: usize, rule: impl Fn(usize) -> String) -> &'static Policy {
    made(&text(actions, rules, rule))
}

fn made(text: &str) -> &'static Policy {
    Box::leak(Box::new(unlimited(text).check().unwrap().into_policy()))
}

/// A request about action 3 on document 3, by a subject that may be a member of one organization.
fn asks(subject: &str) -> String {
    format!(
        r#"{{"subject":{{"type":"user","id":"u","properties":{{"active":true{subject}}}}},
        "action":{{"name":"action-3"}},
        "resource":{{"type":"document","id":"document-3","properties":{{"organization":"o"}}}},
        "context":{{"number":11,"value":"v3"}}}}"#
    )
}

fn asked(policy: &'static Policy, subject: &str) -> Request<'static> {
    policy.request(asks(subject).leak().as_bytes()).unwrap()
}

fn decides(policy: &'static Policy) -> Work {
    let request = asked(policy, "");
    assert!(request.decide().is_allowed());
    Box::new(move || {
        black_box(black_box(&request).decide().is_allowed());
    })
}

/// Permits on one action. A last one permits what is asked where no condition before it does.
fn permits(rules: usize, when: fn(usize) -> String) -> Work {
    decides(policy(4, rules + 1, |i| {
        let when = if i < rules { when(i) } else { String::from(r#""subject.active":true"#) };
        rule("permit", i, &when, "", &action(3))
    }))
}

/// Forbids on one action, none of which forbids what is asked.
fn forbids(rules: usize) -> Work {
    decides(policy(4, rules + 1, |i| match i {
        0 => rule("permit", i, "", "", &action(3)),
        _ => rule("forbid", i, &by_id(i + 10), r#","reason":{"code":"no"}"#, &action(3)),
    }))
}

/// A request from text, by a subject that has all actions by a role; decided or only read.
fn reads(actions: usize, decide: bool) -> Work {
    let held = r#""action.name":{"in":{"attribute":"subject.permissions"}}"#;
    let policy = policy(actions, 1, |i| rule("permit", i, held, "", "\"*\""));
    let text = asks(r#","memberships":[{"organization":"o","roles":["all"],"permissions":[]}]"#);
    assert!(policy.request(text.as_bytes()).unwrap().decide().is_allowed());
    Box::new(move || {
        let request = policy.request(black_box(text.as_bytes())).unwrap();
        if decide {
            assert!(request.decide().is_allowed());
        }
        black_box(&request);
    })
}

fn searches(actions: usize) -> Work {
    let policy = policy(actions, actions, |i| rule("permit", i, &by_id(i), "", "\"*\""));
    let request = asked(policy, "");
    Box::new(move || {
        assert_eq!(black_box(&request).allowed_actions().count(), actions);
    })
}

/// Rules whose conditions hang on permissions that are not known, and memberships of unknown
/// organizations.
fn lacks(memberships: usize, rules: usize, actions: usize) -> Work {
    let must = format!(r#","must":{{"subject.permissions":{{"has":{}}}}}"#, action(0));
    let policy = policy(actions, rules + 1, |i| {
        if i == rules {
            return rule("permit", i, "", "", "\"*\"");
        }
        let more = format!(r#"{must},"reason":{{"code":"c{i}"}}"#);
        rule("require", i, "", &more, "\"*\"")
    });
    let memberships = joined(memberships, |_| String::from("{}"));
    let request = asked(policy, &format!(r#","memberships":[{memberships}]"#));
    assert!(!request.decide().explain().missing().is_empty());
    Box::new(move || drop(black_box(black_box(&request).decide().explain())))
}

fn records(members: &str) -> Work {
    let record = format!(
        r#"{{"v":1,"id":"AAAABBBBCCCC","kind":"service_user_key","name":"n","principal":"p",
        "created_at":1794000000,"edge_digest":"$cog1e$M0yArlZwxz2Sy-9gHaY93v2XTDCCjf1Sb1REd72BTZg",{members}}}"#
    );
    Record::from_json(record.as_bytes()).unwrap();
    Box::new(move || drop(black_box(Record::from_json(black_box(record.as_bytes())))))
}

/// Numbers that come in no order.
fn scattered(i: usize) -> usize {
    i.wrapping_mul(2_654_435_761) % 1_000_003
}

fn read_text(subject: &str) -> Work {
    let policy = policy(4, 1, |i| rule("permit", i, "", "", "\"*\""));
    let text = asks("").replacen(r#""properties":{"active":true}"#, subject, 1);
    policy.request(text.as_bytes()).unwrap();
    Box::new(move || drop(black_box(policy.request(black_box(text.as_bytes())))))
}

fn compiles(text: String) -> Work {
    unlimited(&text).check().unwrap();
    Box::new(move || drop(black_box(unlimited(black_box(&text)).check())))
}

#[test]
#[ignore = "it looks at a clock: run it alone, in a release build"]
fn time_grows_no_more_than_it_may() {
    let mut slow = Vec::new();
    for Growth { name, sizes, most, ready } in GROWTHS {
        let works = sizes.map(ready);
        let (mut times_as_long, mut times) = ratio(&works);
        for _ in 0..2 {
            if times_as_long > *most {
                (times_as_long, times) = ratio(&works);
            }
        }
        let line = format!(
            "{name}, {} to {}: {:?} to {:?}, {times_as_long:.2} times as long, at most {most}",
            sizes[0], sizes[1], times[0], times[1]
        );
        println!("{line}");
        if times_as_long > *most {
            slow.push(line);
        }
    }
    assert!(slow.is_empty(), "more than they may:\n{}", slow.join("\n"));
}
