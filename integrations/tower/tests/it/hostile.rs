//! What clients send who mean no good: `tests/cases/http/*.json`, through a real server.
//!
//! What can be a request at all must come to what the gate alone says. hyper refuses the rest
//! itself: control characters, lines and targets that are too long. It cuts fragments off before
//! anybody sees them, so that what is left of the target is judged, and served.

use crate::base::{Base, Fixed, Kept, now, root};
use crate::server::{send, serve};
use cog_auth_tower::{Allowed, Guard, GuardLayer};
use http::{HeaderValue, Request, Response};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use tower::{Layer, ServiceExt, service_fn};

#[tokio::test]
async fn headers() {
    let table = Table::load("headers.json", 247);
    // Those that are too long for hyper can be put to the layer without it.
    let mut longer = 0;
    let by_hyper = run(&table, async |at, case| {
        let values = table.values(case);
        let values = values.iter().map(|value| HeaderValue::from_bytes(value));
        let Ok(values) = values.collect::<Result<Vec<_>, _>>() else { return None };
        longer += 1;
        let mut request = Request::get(table.json["target"].as_str().unwrap());
        for value in values {
            request = request.header("authorization", value);
        }
        let response = at.layer.layer(service_fn(served)).oneshot(request.body(()).unwrap());
        let response = response.await.unwrap();
        let told = response.headers().get("told").map(|told| told.to_str().unwrap().to_owned());
        Some(at.found(response.status().as_u16(), told))
    })
    .await;
    assert!(by_hyper <= 40 && longer >= 25, "{by_hyper} by hyper, {longer} longer");
}

#[tokio::test]
async fn paths() {
    let by_hyper = run(&Table::load("paths.json", 375), async |_, _| None).await;
    assert!(by_hyper <= 66, "{by_hyper} by hyper");
}

/// Runs all cases at an edge and at an origin, and says how many hyper has refused. Those are tried
/// in another way, where there is one.
async fn run(table: &Table, mut other: impl AsyncFnMut(&Place, &Value) -> Option<Value>) -> usize {
    let mut failures = Vec::new();
    let mut by_hyper = 0;
    for gate in [table.base.edge(), table.base.origin()] {
        let audit = Arc::new(Kept::default());
        let text = |name: &str| table.json[name].as_str().unwrap();
        let (records, facts) = table.base.stores(text("record"), text("facts"));
        let guard = Guard::new(gate, records, facts);
        let layer = GuardLayer::new(guard.with_clock(now).with_audit(audit.clone()));
        let address = serve(layer.layer(service_fn(served))).await;
        let place = Place { layer, address, audit };
        for case in table.json["cases"].as_array().unwrap() {
            let Some(expected) = table.expected(case) else { continue };
            let mut found = place.send(&table.bytes(case)).await;
            if found["by"] == "hyper" {
                assert!([400, 414, 431].map(Value::from).contains(&found["status"]), "{found}");
                match other(&place, case).await {
                    Some(otherwise) => found = otherwise,
                    None => {
                        by_hyper += 1;
                        continue;
                    }
                }
            }
            if found != expected {
                failures.push(format!("{}: {expected}, found {found}", case["name"]));
            }
        }
    }
    assert!(failures.is_empty(), "{}:\n{}", failures.len(), failures.join("\n"));
    by_hyper / 2
}

/// The service says what it was told.
async fn served<B>(request: Request<B>) -> Result<Response<String>, Infallible> {
    let allowed = Allowed::of(request.extensions()).unwrap();
    let told = json!({"action": allowed.action(), "organization": allowed.organization()});
    // HEAD has no body.
    let response = Response::builder().header("told", told.to_string());
    Ok(response.body(String::new()).unwrap())
}

/// A guarded server.
struct Place {
    layer: GuardLayer<Fixed, Fixed>,
    address: SocketAddr,
    audit: Arc<Kept>,
}

impl Place {
    async fn send(&self, request: &[u8]) -> Value {
        let answer = send(self.address, request).await;
        self.found(answer.status, answer.field("told"))
    }

    /// What came out, as a case says it.
    fn found(&self, status: u16, told: Option<String>) -> Value {
        match (self.audit.take().as_slice(), told) {
            // The server itself has refused it.
            ([], None) => json!({"status": status, "by": "hyper"}),
            ([record], Some(told)) => {
                assert_eq!((&record["outcome"], status), (&json!("allowed"), 200));
                serde_json::from_str(&told).unwrap()
            }
            ([record], None) => {
                assert_eq!(record["status"], status);
                json!({"status": status, "code": record["code"]})
            }
            (several, _) => panic!("{several:?}"),
        }
    }
}

struct Table {
    base: Base,
    json: Value,
}

impl Table {
    fn load(file: &str, least: usize) -> Self {
        let text = fs::read_to_string(root().join("tests/cases/http").join(file)).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        let count = json["cases"].as_array().unwrap().len();
        assert!(count >= least, "only {count} cases");
        Self { base: Base::load(), json }
    }

    fn member<'a>(&'a self, case: &'a Value, name: &str) -> &'a Value {
        case.get(name).unwrap_or(&self.json[name])
    }

    /// What a case says must come out; nothing if what it has spells more than one request or line.
    fn expected(&self, case: &Value) -> Option<Value> {
        let target = self.base.spell(self.member(case, "target"));
        let has_line_end = |bytes: &[u8]| bytes.contains(&b'\r') || bytes.contains(&b'\n');
        if has_line_end(&target) || self.values(case).iter().any(|value| has_line_end(value)) {
            return None;
        }
        let cut = target.iter().position(|byte| *byte == b'#').filter(|cut| *cut > 0);
        // What is left of it is the target that most cases have.
        let seen = cut.map(|cut| &target[..cut]);
        let allowed = json!({"action": "ViewOrgSessions", "organization": "org-a"});
        if let Some(seen) = seen {
            assert!(seen.starts_with(b"/v3/organizations/org-a/sessions"), "{}", case["name"]);
            return Some(allowed);
        }
        let mut expected = case.clone();
        let outcome =
            if case["status"].is_u64() { ["status", "code"] } else { ["action", "organization"] };
        expected.as_object_mut()?.retain(|member, _| outcome.contains(&member.as_str()));
        Some(expected)
    }

    fn values(&self, case: &Value) -> Vec<Vec<u8>> {
        let values = self.member(case, "authorization").as_array().unwrap();
        let values: Vec<_> = values.iter().map(|value| self.base.spell(value)).collect();
        let times = usize::try_from(case["times"].as_u64().unwrap_or(1)).unwrap();
        std::iter::repeat_n(values, times).flatten().collect()
    }

    /// The whole request.
    fn bytes(&self, case: &Value) -> Vec<u8> {
        let method = self.base.spell(self.member(case, "method"));
        let target = self.base.spell(self.member(case, "target"));
        let end: &[u8] = b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        let mut request = [&method, b" ".as_slice(), &target, end].concat();
        for value in self.values(case) {
            request.extend([b"Authorization: ".as_slice(), &value, b"\r\n"].concat());
        }
        request.extend(b"\r\n");
        request
    }
}

impl Base {
    /// What a value spells: a text, `{"hex"}`, `{"repeat": [part, times]}`, or a list of them.
    fn spell(&self, value: &Value) -> Vec<u8> {
        match value {
            Value::String(text) => {
                let mut text = text.clone();
                for (name, token) in self.json["tokens"].as_object().unwrap() {
                    text = text.replace(&format!("{{{name}}}"), token["token"].as_str().unwrap());
                }
                text.into_bytes()
            }
            Value::Array(parts) => parts.iter().flat_map(|part| self.spell(part)).collect(),
            Value::Object(_) if value["hex"].is_string() => {
                let hex = value["hex"].as_str().unwrap().as_bytes();
                let byte = |pair: &[u8]| {
                    u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()
                };
                hex.chunks(2).map(byte).collect()
            }
            Value::Object(_) => {
                let times = usize::try_from(value["repeat"][1].as_u64().unwrap()).unwrap();
                self.spell(&value["repeat"][0]).repeat(times)
            }
            other => panic!("{other} spells nothing"),
        }
    }
}
