//! Faults of the gate that were found, each with the case that showed it.

use cog_auth::Time;
use cog_auth::gate::{Gate, HttpRequest, Outcome, Refused, Step};
use cog_auth::policy::Source;
use cog_auth::token::{KeyId, Kind, RecordDraft, RootKey, Scopes};

const NOW: u64 = 1_795_000_000;
const TOKEN: &str =
    "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";

fn time(seconds: u64) -> Time {
    Time::from_seconds(seconds).unwrap()
}

fn refused(step: Step<'_>) -> Refused {
    match step {
        Step::Done(Outcome::Refused(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_record_that_was_fetched_in_the_future_is_not_fresh() {
    let mut source = Source::new();
    source.add("p.json", r#"{ "v": 1, "schema": { "actions": { "A": {} } }, "routes": [ { "method": "GET", "path": "/", "action": "A" } ] }"#);
    let policy = source.check().unwrap().into_policy();
    let root = RootKey::new(KeyId::parse("01").unwrap(), &[7; 32]);
    let keys = root.edge_keys();
    let token = root.mint(Kind::ServiceUserKey, None, &[42; 64]).unwrap();
    let record = RecordDraft::new(&token, "su", Scopes::all(), time(NOW - 100))
        .for_edges()
        .issue()
        .unwrap()
        .to_json();
    let header = format!("Bearer {}", token.expose());
    let gate = Gate::at_edge(policy, keys).with_max_record_age(60);
    let request = HttpRequest {
        method: "GET",
        target: b"/",
        authorization: &[header.as_bytes()],
        context: None,
        client_address: None,
    };
    // The last is the right time in milliseconds.
    for (fetched, fresh) in [
        (NOW - 61, false),
        (NOW - 60, true),
        (NOW + 300, true),
        (NOW + 301, false),
        (NOW * 1_000, false),
    ] {
        let Step::Record(needed) = gate.begin(&request, time(NOW)).unwrap() else { panic!() };
        match needed.found(record.as_bytes(), Some(time(fetched))) {
            Step::Facts(_) => assert!(fresh, "{fetched}"),
            step => assert_eq!(
                (refused(step).code().name(), fresh),
                ("stale_record", false),
                "{fetched}"
            ),
        }
    }
}

#[test]
fn a_credential_with_a_break_in_it_stays_out_of_the_audit() {
    let mut source = Source::new();
    source.add("p.json", r#"{ "v": 1, "schema": { "actions": { "A": {} } } }"#);
    let policy = source.check().unwrap().into_policy();
    let root = RootKey::new(KeyId::parse("01").unwrap(), &[7; 32]);
    let keys = root.edge_keys();
    let gate = Gate::at_edge(policy, keys);
    let audit_of = |target: &str| {
        let request = HttpRequest {
            method: "GET",
            target: target.as_bytes(),
            authorization: &[],
            context: None,
            client_address: None,
        };
        refused(gate.begin(&request, time(NOW)).unwrap()).audit().to_owned()
    };
    let (start, end) = TOKEN.split_at(30);
    for gap in [
        "%0A",
        "%20",
        "%0d%0a",
        "\n",
        "%00",
        "%250A",
        " ",
        "%E2%80%A8",
        "%ff",
        "%E2%80%8B",
        "\u{ad}",
    ] {
        let target = format!("/v3/{start}{gap}{end}");
        let audit = audit_of(&target);
        assert!(audit.contains(r#""target":"/v3/cog_1s015PnAAAABBBBCCCC…""#), "{gap}: {}", audit);
        // With its last character changed it is no token.
        let damaged = format!("/v3/{start}{gap}{}z", end.split_at(end.len() - 1).0);
        assert!(audit_of(&damaged).contains(r#""target":"/v3/cog_…""#), "{gap}");
    }
    for (target, shown) in [
        (format!("/v3/{start}/{end}"), "/v3/cog_1s015PnAAAABBBBCCCC…"),
        (format!("/v3/{start}/{end}x"), "/v3/cog_1s015PnAAAABBBBCCCC…x"),
        (format!("/v3/{start}x/{end}"), "/v3/cog_…"),
        (format!("/v3/cog_/{}", TOKEN.split_at(4).1), "/v3/cog_/cog_1s015PnAAAABBBBCCCC…"),
        (format!("/v3/co/{}", TOKEN.split_at(2).1), "/v3/co/g_cog_1s015PnAAAABBBBCCCC…"),
        (
            format!("/co/{}/{start}/{end}", TOKEN.split_at(2).1),
            "/co/g_cog_1s015PnAAAABBBBCCCC…/cog_1s015PnAAAABBBBCCCC…",
        ),
        (format!("/v3/{start}%2F%20{end}"), "/v3/cog_1s015PnAAAABBBBCCCC…"),
        (format!("/v3/{start}%2F%20x{end}"), "/v3/cog_…"),
        (format!("/v3/{TOKEN}/next"), "/v3/cog_1s015PnAAAABBBBCCCC…/next"),
        (String::from("/v3/cog_tags/short/one"), "/v3/cog_tags/short/one"),
    ] {
        let audit = audit_of(&target);
        let shown = format!(r#""target":"{shown}""#);
        assert!(audit.contains(&shown), "{target}: {}", audit);
    }
}
