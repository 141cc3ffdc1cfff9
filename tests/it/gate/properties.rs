//! Nothing that comes in makes the gate panic, and nothing but a good token, an active record and
//! fitting facts is ever allowed.

use crate::common::gate::{Answer, Base, drive, time};
use cog_auth::gate::{HttpRequest, Outcome, Step};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use std::sync::LazyLock;

static BASE: LazyLock<Base> = LazyLock::new(Base::load);

const NOW: u64 = 1_795_000_000;

/// All that comes in, in one request.
#[derive(Clone, Debug)]
struct Exchange {
    header: Vec<u8>,
    target: Vec<u8>,
    record: Vec<u8>,
    facts: Vec<u8>,
    now: u64,
}

impl Exchange {
    /// One that is allowed, with everything in it that a record may have.
    fn good() -> Self {
        let mut record = BASE.json["records"]["key"].clone();
        for (name, value) in [
            ("scopes", json!(["ManageOrgSessions", "ViewOrgSessions"])),
            ("organizations", json!(["org-a", "org-b"])),
            ("not_before", json!(NOW - 9)),
            ("expires_at", json!(NOW + 9)),
            ("revoked_at", json!(null)),
            ("rotated_to", json!("DDDDDDDDDDDD")),
            ("grace_until", json!(NOW + 8)),
        ] {
            record[name] = value;
        }
        let mut facts = BASE.json["facts"]["service_user"].clone();
        facts["principal"]["disabled"] = json!(false);
        Self {
            header: BASE.fill("Bearer {key}").into_bytes(),
            target: b"/v3/organizations/org-a/sessions".to_vec(),
            record: record.to_string().into_bytes(),
            facts: facts.to_string().into_bytes(),
            now: NOW,
        }
    }

    fn run(&self, origin: bool, answers: (Answer<'_>, Answer<'_>)) -> Outcome {
        let gate = if origin { BASE.origin() } else { BASE.edge() };
        let request = HttpRequest {
            method: "GET",
            target: &self.target,
            authorization: &[&self.header],
            context: None,
            client_address: None,
        };
        drive(&gate, &request, time(self.now), answers, |_| ())
    }

    fn answers(&self) -> (Answer<'_>, Answer<'_>) {
        (Answer::Found(&self.record), Answer::Found(&self.facts))
    }

    /// What must hold of whatever is allowed, seen without the library.
    fn may_pass(&self, origin: bool) -> bool {
        self.header_is_good() && self.record_is_active(origin) && self.facts_permit()
    }

    fn header_is_good(&self) -> bool {
        let header = String::from_utf8_lossy(&self.header);
        let header = header.trim_matches([' ', '\t']);
        header.split_once(' ').is_some_and(|(scheme, token)| {
            scheme.eq_ignore_ascii_case("bearer")
                && token.trim_start_matches(' ') == BASE.token("key")
        })
    }

    fn record_is_active(&self, origin: bool) -> bool {
        let Ok(record) = serde_json::from_slice::<Value>(&self.record) else { return false };
        let base = &BASE.json["records"]["key"];
        let digest = if origin { "digest" } else { "edge_digest" };
        let time = |name: &str| record.get(name).and_then(Value::as_u64);
        let narrowed = |name: &str, to: &str| {
            let list = record[name].as_array();
            list.is_some_and(|list| list.contains(&json!(to)) || list == &[json!("*")])
        };
        let unset = |name: &str| record.get(name).is_none_or(Value::is_null);
        let same = |name: &str| record[name] == base[name];
        ["v", "id", "kind", "principal", digest].into_iter().all(same)
            && unset("revoked_at")
            && (unset("rotated_to") || time("grace_until").is_some_and(|until| self.now < until))
            && (unset("expires_at") || time("expires_at").is_some_and(|until| self.now < until))
            && (unset("not_before") || time("not_before").is_some_and(|from| from <= self.now))
            && time("created_at").is_some_and(|created| created <= self.now + 300)
            && narrowed("scopes", "ViewOrgSessions")
            && (unset("organizations") || narrowed("organizations", "org-a"))
    }

    fn facts_permit(&self) -> bool {
        let Ok(facts) = serde_json::from_slice::<Value>(&self.facts) else { return false };
        let target = self.target.split(|byte| *byte == b'?').next().unwrap();
        let path = String::from_utf8_lossy(target).into_owned();
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let principal = &facts["principal"];
        let disabled = &principal["disabled"];
        let viewer = |member: &Value| {
            member["organization"] == "org-a"
                && (member["roles"].as_array().is_some_and(|roles| {
                    roles.contains(&json!("org_admin")) || roles.contains(&json!("org_member"))
                }) || member["permissions"]
                    .as_array()
                    .is_some_and(|list| list.contains(&json!("ViewOrgSessions"))))
        };
        segments.starts_with(&["v3", "organizations", "org-a"])
            && principal["id"] == "su_ci"
            && principal["type"] == "service_user"
            && (disabled.is_null() || disabled == false)
            && (facts["organization"].is_null() || facts["organization"]["id"] == "org-a")
            && principal["memberships"].as_array().is_some_and(|list| list.iter().any(viewer))
    }
}

/// A change to one of the texts.
#[derive(Clone, Debug)]
enum Change {
    Byte(usize, Index, u8),
    Insert(usize, Index, u8),
    Remove(usize, Index),
    /// A member of record or facts, by JSON pointer.
    Set(&'static str, Value),
    Now(u64),
}

const RECORD: [&str; 12] = [
    "/id",
    "/kind",
    "/principal",
    "/digest",
    "/edge_digest",
    "/scopes",
    "/organizations",
    "/not_before",
    "/expires_at",
    "/revoked_at",
    "/rotated_to",
    "/grace_until",
];
const FACTS: [&str; 9] = [
    "/principal/id",
    "/principal/type",
    "/principal/disabled",
    "/principal/memberships",
    "/principal/memberships/0/organization",
    "/principal/memberships/0/roles",
    "/principal/account",
    "/organization/id",
    "/organization",
];

fn change() -> impl Strategy<Value = Change> {
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(NOW),
        json!(NOW + 1),
        json!("su_ci"),
        json!("user_01"),
        json!("user"),
        json!("org-b"),
        json!([]),
        json!(["*"]),
        json!(["org-b"]),
        json!(["ViewOrgTags"]),
        json!(["ViewOrgSessions"]),
        json!({}),
        json!("*"),
        json!("personal_access_token"),
        BASE.json["records"]["pat"]["digest"].clone(),
        BASE.json["records"]["pat"]["edge_digest"].clone(),
    ];
    let bytes = select(b" \t,\"\\/:{}[]0129azAZ_%.;?\0\xff".to_vec());
    let pointer = select([RECORD.as_slice(), &FACTS].concat());
    prop_oneof![
        (0..4_usize, any::<Index>(), bytes.clone()).prop_map(|(at, i, b)| Change::Byte(at, i, b)),
        (0..4_usize, any::<Index>(), bytes).prop_map(|(at, i, b)| Change::Insert(at, i, b)),
        (0..4_usize, any::<Index>()).prop_map(|(at, i)| Change::Remove(at, i)),
        (pointer, select(values.to_vec())).prop_map(|(at, value)| Change::Set(at, value)),
        select(vec![0, NOW - 10, NOW - 9, NOW + 7, NOW + 8, NOW + 9, 32_503_680_000])
            .prop_map(Change::Now),
    ]
}

fn changed(mut exchange: Exchange, changes: &[Change]) -> Exchange {
    for change in changes {
        if let Change::Set(pointer, value) = change {
            let text =
                if RECORD.contains(pointer) { &mut exchange.record } else { &mut exchange.facts };
            if let Ok(mut json) = serde_json::from_slice::<Value>(text) {
                if let Some(place) = json.pointer_mut(pointer) {
                    *place = value.clone();
                }
                *text = json.to_string().into_bytes();
            }
            continue;
        }
        let Exchange { header, target, record, facts, .. } = &mut exchange;
        let texts = [header, target, record, facts];
        match change {
            Change::Byte(text, at, byte) if !texts[*text].is_empty() => {
                let at = at.index(texts[*text].len());
                texts[*text][at] = *byte;
            }
            Change::Insert(text, at, byte) => {
                let at = at.index(texts[*text].len() + 1);
                texts[*text].insert(at, *byte);
            }
            Change::Remove(text, at) if !texts[*text].is_empty() => {
                let at = at.index(texts[*text].len());
                texts[*text].remove(at);
            }
            Change::Now(now) => exchange.now = *now,
            _ => {}
        }
    }
    exchange
}

/// Whatever was sent, little is kept of it.
fn is_small(outcome: &Outcome) -> bool {
    format!("{outcome:?}").len() < 8_192
}

#[test]
fn the_good_exchange_is_allowed() {
    for origin in [false, true] {
        let good = Exchange::good();
        assert!(good.may_pass(origin));
        assert!(matches!(good.run(origin, good.answers()), Outcome::Allowed(_)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn what_is_allowed_may_pass(
        changes in prop::collection::vec(change(), 1..4),
        origin in any::<bool>(),
    ) {
        let exchange = changed(Exchange::good(), &changes);
        let outcome = exchange.run(origin, exchange.answers());
        if matches!(outcome, Outcome::Allowed(_)) {
            prop_assert!(exchange.may_pass(origin), "{:?}\n{:?}", exchange, outcome);
        }
    }

    #[test]
    fn without_an_answer_nothing_is_allowed(
        changes in prop::collection::vec(change(), 0..2),
        origin in any::<bool>(),
        which in 0..5_usize,
    ) {
        let exchange = changed(Exchange::good(), &changes);
        let (record, facts) = exchange.answers();
        let answers = [
            (Answer::Absent, facts),
            (Answer::Unavailable, facts),
            (record, Answer::Absent),
            (record, Answer::Unavailable),
            (Answer::Absent, Answer::Unavailable),
        ];
        let outcome = exchange.run(origin, answers[which]);
        prop_assert!(!matches!(outcome, Outcome::Allowed(_)), "{:?}", outcome);
    }

    #[test]
    fn no_bytes_make_it_panic(
        texts in prop::array::uniform5(prop::collection::vec(any::<u8>(), 0..64)),
        method in ".{0,8}",
        more in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..16), 0..3),
        given in any::<[bool; 5]>(),
        now in 0..=9_007_199_254_740_991_u64,
    ) {
        // Each text is as good as can be or whatever it happens to be, so that all steps are
        // reached.
        let good = Exchange::good();
        let [header, target, record, facts, context] = &texts;
        let pick = |at: usize, random: &'_ [u8], good: &[u8]| {
            if given[at] { random.to_vec() } else { good.to_vec() }
        };
        let header = pick(0, header, &good.header);
        let target = pick(1, &[b"/v3/organizations/", target.as_slice()].concat(), &good.target);
        let (record, facts) = (pick(2, record, &good.record), pick(3, facts, &good.facts));
        let mut authorization = vec![header.as_slice()];
        if given[0] {
            authorization.extend(more.iter().map(Vec::as_slice));
        }
        let request = HttpRequest {
            method: if given[1] { &method } else { "GET" },
            target: &target,
            authorization: &authorization,
            context: given[4].then_some(context.as_slice()),
            client_address: None,
        };
        for now in [now, NOW] {
            let edge = BASE.edge().with_pass_on().with_preflight().with_max_record_age(now);
            for gate in [edge, BASE.origin().with_realm(&method).with_retry_after(now)] {
                let Ok(mut step) = gate.begin(&request, time(now)) else { continue };
                while let Some(next) = match step {
                    Step::Record(needed) => Some(needed.found(&record, Some(time(NOW)))),
                    Step::Facts(needed) => Some(needed.found(&facts)),
                    Step::Done(outcome) => {
                        prop_assert!(is_small(&outcome));
                        None
                    }
                } {
                    step = next;
                }
            }
        }
    }

    #[test]
    fn no_changes_make_it_panic(
        changes in prop::collection::vec(change(), 4..12),
        context in prop::collection::vec(select(b"{}[]\",:\\u0at1e- ".to_vec()), 0..24),
        origin in any::<bool>(),
    ) {
        let exchange = changed(Exchange::good(), &changes);
        let outcome = exchange.run(origin, exchange.answers());
        prop_assert!(is_small(&outcome));
        let request =
            HttpRequest { method: "GET", target: b"/", authorization: &[], context: Some(&context), client_address: None };
        let parses = serde_json::from_slice::<Value>(&context).is_ok_and(|json| json.is_object());
        prop_assert!(BASE.edge().begin(&request, time(NOW)).is_err() || parses);
    }
}
