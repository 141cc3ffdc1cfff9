//! What clients send who mean no good, or whose proxies mean well: `tests/cases/http/*.json` say
//! what must come of it, and why.
//! Every language's package runs them; the files say how they are read.
//!
//! The stores answer everything here as if all were well, so whatever is not refused is allowed.

use crate::common::cases::bytes;
use crate::common::gate::{Answer, Base, drive, time};
use crate::common::root;
use cog_auth::gate::{HttpRequest, MAX_METHOD_BYTES, Outcome, Step};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

const TAGS: &str = "/v3/organizations/org-a/tags/";

#[test]
fn headers() {
    let table = Table::load("headers.json");
    let (method, target) = (table.bytes(&table.json["method"]), table.bytes(&table.json["target"]));
    table.run(240, |table, case| {
        let times = case["times"].as_u64().unwrap_or(1);
        let values = table.values(&case["authorization"]);
        let values = (0..times).flat_map(|_| values.iter().map(Vec::as_slice)).collect::<Vec<_>>();
        table.found(&method, &target, &values)
    });
}

#[test]
fn paths() {
    let table = Table::load("paths.json");
    table.run(370, |table, case| {
        table.target(&table.bytes(&case["method"]), &table.bytes(&case["target"]))
    });
}

#[test]
fn every_byte_of_a_path_and_of_a_query() {
    let table = Table::load("paths.json");
    let tag = json!({"action": "ManageOrgTags", "organization": "org-a"});
    let refused = |status: u16, code: &str| json!({"status": status, "code": code});
    for byte in 0..=u8::MAX {
        let path = [TAGS.as_bytes(), b"a", &[byte], b"b"].concat();
        let good = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@?".contains(&byte);
        let expected = match byte {
            b'/' => refused(403, "denied"),
            _ if good => tag.clone(),
            _ => refused(400, "invalid_path"),
        };
        assert_eq!(table.target(b"DELETE", &path), expected, "byte {byte:#04x}");
        let query = [TAGS.as_bytes(), b"a?", &[byte]].concat();
        let good = byte > 0x20 && byte != 0x7f && byte != b'#';
        let expected = if good { tag.clone() } else { refused(400, "invalid_path") };
        assert_eq!(table.target(b"DELETE", &query), expected, "byte {byte:#04x} in the query");
    }
}

/// What section 12 does before it looks at the method comes out alike for all of them.
#[test]
fn a_path_is_looked_at_before_the_method() {
    let table = Table::load("paths.json");
    let methods: BTreeSet<_> =
        table.cases().iter().map(|case| table.bytes(&case["method"])).collect();
    let methods = methods.into_iter().filter(|method| method.len() <= MAX_METHOD_BYTES);
    let methods: Vec<_> = methods.collect();
    assert!(methods.len() >= 25, "only {} methods", methods.len());
    for method in methods {
        for (target, status, code) in
            [("/nowhere", 403, "denied"), ("/..", 400, "invalid_path"), ("*", 400, "invalid_path")]
        {
            let found = table.target(&method, target.as_bytes());
            let start = String::from_utf8_lossy(&method[..method.len().min(20)]).into_owned();
            assert_eq!(found, json!({"status": status, "code": code}), "{start:?} {target}");
        }
    }
}

/// It is the first thing that is looked at, and no more than a beginning is copied to show it.
#[test]
fn a_line_that_is_too_long_is_refused_before_all_else() {
    let base = Base::load();
    let gate = base.edge().with_preflight();
    let now = time(1_795_000_000);
    let long = vec![0xff; 4_194_304];
    let method = "\u{ff}".repeat(2_097_152);
    let late = cog_auth::Time::from_seconds(32_503_680_000).unwrap_or(now);
    for (method, target, now) in [
        ("GET", long.as_slice(), now),
        ("OPTIONS", &long, now),
        ("GET", &long, late),
        (&*method, b"/".as_slice(), now),
    ] {
        let request =
            HttpRequest { method, target, authorization: &[], context: None, client_address: None };
        let Step::Done(outcome) = gate.begin(&request, now).unwrap() else { panic!("a question") };
        let Outcome::Refused(refused) = outcome else { panic!("{outcome:?}") };
        assert_eq!((refused.status(), refused.code().name()), (400, "invalid_path"));
        let audit: Value = serde_json::from_str(refused.audit()).unwrap();
        for (member, sent) in [("method", method.as_bytes()), ("target", target)] {
            let shown = audit[member].as_str().unwrap();
            let whole = String::from_utf8_lossy(&sent[..sent.len().min(1_024)]);
            let cut = whole.chars().take(256).chain(['…']).collect::<String>();
            assert_eq!(shown, if sent.len() > 256 { &*cut } else { &*whole });
        }
        assert!(format!("{request:?}").len() < 4_096);
    }
    let request = HttpRequest {
        method: "OPTIONS",
        target: b"*",
        authorization: &[],
        context: None,
        client_address: None,
    };
    assert_eq!(
        gate.begin(&request, now).map(|step| matches!(step, Step::Done(Outcome::Preflight))),
        Ok(true)
    );
}

/// A file of cases, and what they refer to.
struct Table {
    base: Base,
    json: Value,
}

impl Table {
    fn load(file: &str) -> Self {
        let text = fs::read_to_string(root().join("tests/cases/http").join(file)).unwrap();
        Self { base: Base::load(), json: serde_json::from_str(&text).unwrap() }
    }

    fn cases(&self) -> &[Value] {
        self.json["cases"].as_array().unwrap()
    }

    /// Runs all cases, at least so many, and compares what comes out with what they say.
    fn run(&self, least: usize, find: impl Fn(&Self, &Value) -> Value) {
        const OUTCOME: [&str; 4] = ["status", "code", "action", "organization"];
        const SENT: [&str; 7] =
            ["name", "why", "method", "target", "authorization", "times", "fields"];
        let (mut names, mut failures) = (BTreeSet::new(), Vec::new());
        for case in self.cases() {
            let name = case["name"].as_str().unwrap();
            assert!(names.insert(name), "{name} stands twice");
            assert!(case["why"].as_str().is_some_and(|why| !why.is_empty()), "{name}: why?");
            let mut expected = case.clone();
            expected.as_object_mut().unwrap().retain(|member, _| {
                assert!(
                    OUTCOME.contains(&&**member) || SENT.contains(&&**member),
                    "{name}: {member}"
                );
                OUTCOME.contains(&&**member)
            });
            let found = find(self, case);
            if found != expected {
                failures.push(format!("{name}\n  expected {expected}\n  found    {found}"));
            }
        }
        assert!(names.len() >= least, "only {} cases", names.len());
        assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
    }

    /// What comes of a target with the file's credential.
    fn target(&self, method: &[u8], target: &[u8]) -> Value {
        let values = self.values(&self.json["authorization"]);
        let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
        self.found(method, target, &values)
    }

    /// What comes of a request, at the edge and at the origin, as a case would say it.
    fn found(&self, method: &[u8], target: &[u8], authorization: &[&[u8]]) -> Value {
        let method = std::str::from_utf8(method).unwrap();
        let text = |member: &str| self.json[member].as_str().unwrap();
        let (record, facts) = (self.base.record(text("record")), self.base.facts(text("facts")));
        let answers = (Answer::Found(record.as_bytes()), Answer::Found(facts.as_bytes()));
        let now = time(self.json["now"].as_u64().unwrap());
        let request =
            HttpRequest { method, target, authorization, context: None, client_address: None };
        let [edge, origin] = [self.base.edge(), self.base.origin()].map(|gate| {
            let mut found = json!({});
            let outcome = drive(&gate, &request, now, answers, |step| {
                if let Step::Facts(needed) = step {
                    found["organization"] = json!(needed.organization());
                }
            });
            self.check_bytes(&outcome);
            match outcome {
                Outcome::Allowed(allowed) => {
                    assert_eq!(json!(allowed.organization()), found["organization"]);
                    found["action"] = json!(allowed.action());
                }
                Outcome::Refused(refused) => {
                    found["status"] = json!(refused.status());
                    found["code"] = json!(refused.code().name());
                }
                other => found["other"] = json!(format!("{other:?}")),
            }
            found
        });
        assert_eq!(edge, origin);
        edge
    }

    /// Nothing that was sent breaks out of a header, a body or a line of a log, or floods it, and
    /// no token is in it.
    fn check_bytes(&self, outcome: &Outcome) {
        let mut texts = Vec::new();
        match outcome {
            Outcome::Allowed(allowed) => texts.push(allowed.audit()),
            Outcome::Refused(refused) => {
                texts.extend([refused.body(), refused.audit()]);
                for (name, value) in refused.headers() {
                    assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
                    assert!(value.bytes().all(|byte| matches!(byte, b' '..=b'~')), "{value:?}");
                    assert!(value.len() < 256 && !value.contains("cog_1"), "{value:?}");
                }
            }
            _ => {}
        }
        for text in texts {
            assert!(serde_json::from_str::<Value>(text).unwrap().is_object());
            assert!(text.len() < 4_096 && !text.chars().any(char::is_control), "{text:?}");
            for token in self.base.json["tokens"].as_object().unwrap().values() {
                assert!(!text.contains(token["token"].as_str().unwrap()), "{text}");
            }
        }
    }

    fn values(&self, values: &Value) -> Vec<Vec<u8>> {
        values.as_array().unwrap().iter().map(|value| self.bytes(value)).collect()
    }

    fn bytes(&self, value: &Value) -> Vec<u8> {
        bytes(value, &|text| self.base.fill(text))
    }
}
