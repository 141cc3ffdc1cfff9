//! What is done with secrets, each in a process of its own.

use crate::files;
use crate::secrets::Inputs;
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
use cog_auth::policy::Policy;
use cog_auth::token::{
    EdgeKeys, KeyId, Kind, Peppers, Record, RecordDraft, RootKey, RootKeys, Scopes, Token, redact,
    scan,
};
use cog_auth::{Code, Time};
use std::hint::black_box;

pub(crate) type Scenario = (&'static str, fn(&Inputs));

pub(crate) const ALL: &[Scenario] = &[
    ("parse", parse),
    ("parse_refused", parse_refused),
    ("mint", mint),
    ("derive", derive),
    ("key_sets", key_sets),
    ("verify", verify),
    ("verify_refused", verify_refused),
    ("digests", digests),
    ("issue", issue),
    ("accept_at_edge", accept_at_edge),
    ("accept_at_origin", accept_at_origin),
    ("show", show),
    ("gate_at_edge", gate_at_edge),
    ("gate_at_origin", gate_at_origin),
];

/// What must be found, or the search is blind.
pub(crate) const LEAKS: &[Scenario] =
    &[("string_on_the_heap", string_on_the_heap), ("array_on_the_stack", array_on_the_stack)];

fn now() -> Time {
    Time::from_seconds(1_795_000_000).unwrap()
}

/// The token is looked at where it was made: what a caller moves, a caller leaves behind.
fn with_token<T>(inputs: &Inputs, name: &str, look: impl FnOnce(&Token) -> T) -> T {
    let input = inputs.take(name);
    look(black_box(&Token::parse(&input)).as_ref().unwrap())
}

fn root(inputs: &Inputs) -> RootKey {
    let bytes = inputs.take("root");
    RootKey::new(KeyId::parse("k1").unwrap(), bytes.as_slice().try_into().unwrap())
}

fn edge_keys(inputs: &Inputs) -> EdgeKeys {
    EdgeKeys::from_json(&inputs.take("edge_keys")).unwrap()
}

fn record(inputs: &Inputs) -> Option<Record> {
    Some(Record::from_json(&inputs.take("record")).unwrap())
}

fn parse(inputs: &Inputs) {
    black_box(with_token(inputs, "token", Token::handle));
}

fn parse_refused(inputs: &Inputs) {
    for (name, code) in [
        ("invalid", Code::InvalidCharacter),
        ("damaged", Code::ChecksumMismatch),
        ("log", Code::MissingPrefix),
    ] {
        let error = Token::parse(&inputs.take(name)).unwrap_err();
        assert_eq!(black_box(error).code(), code);
    }
}

fn mint(inputs: &Inputs) {
    let root = root(inputs);
    let random = inputs.take("random");
    assert!(black_box(&root.mint(Kind::ServiceUserKey, None, &random)).is_ok());
    assert!(black_box(&root.mint(Kind::Sample, None, &random)).is_ok());
    assert!(root.mint(Kind::Sample, None, &random[..35]).is_err());
}

fn derive(inputs: &Inputs) {
    let root = root(inputs);
    black_box((root.edge_keys(), root.peppers()));
    let roots = RootKeys::of(root);
    black_box((roots.edge_keys(), roots.peppers()));
}

fn key_sets(inputs: &Inputs) {
    let mut roots = RootKeys::from_json(&inputs.take("roots")).unwrap();
    roots.insert(RootKey::new(KeyId::parse("k2").unwrap(), &[1; 32])).unwrap();
    roots.expose_json(|text| {
        assert!(Peppers::from_json(text.as_bytes()).is_err());
        assert!(RootKeys::from_json(&text.as_bytes()[..90]).is_err());
    });
    let mut edge_keys =
        roots.edge_keys().expose_json(|text| EdgeKeys::from_json(text.as_bytes())).unwrap();
    edge_keys.merge(RootKey::new(KeyId::parse("k3").unwrap(), &[1; 32]).edge_keys()).unwrap();
    let peppers = roots.peppers().expose_json(|text| Peppers::from_json(text.as_bytes())).unwrap();
    black_box((edge_keys, peppers));
}

/// A token goes in by value, and so does what comes of it.
fn verify(inputs: &Inputs) {
    let (keys, input) = (edge_keys(inputs), inputs.take("token"));
    assert!(black_box(&keys.verify(Token::parse(&input).unwrap(), now())).is_ok());
}

fn verify_refused(inputs: &Inputs) {
    let (keys, input) = (edge_keys(inputs), inputs.take("forged"));
    let refused = keys.verify(Token::parse(&input).unwrap(), now()).unwrap_err();
    assert_eq!(refused.code(), Code::TagMismatch);
}

fn digests(inputs: &Inputs) {
    let peppers = root(inputs).peppers();
    let record = record(inputs).unwrap();
    with_token(inputs, "token", |token| {
        let digest = token.digest("su_ci", &peppers).unwrap();
        assert_eq!(Some(&*digest), record.digest());
        let digest = token.edge_digest("su_ci").unwrap();
        assert_eq!(Some(&*digest), record.edge_digest());
    });
}

fn issue(inputs: &Inputs) {
    let peppers = root(inputs).peppers();
    with_token(inputs, "token", |token| {
        let draft = RecordDraft::new(token, "su_ci", Scopes::all(), now());
        let record = draft.for_edges().for_origins(&peppers).name("deploy").issue().unwrap();
        black_box((format!("{record:?}"), record.to_json()));
    });
}

fn accept_at_edge(inputs: &Inputs) {
    let (keys, input) = (edge_keys(inputs), inputs.take("token"));
    for (record, accepted) in [(record(inputs), true), (None, false)] {
        let genuine = keys.verify(Token::parse(&input).unwrap(), now()).unwrap();
        assert_eq!(genuine.accept_at_edge(record, now()).is_ok(), accepted);
    }
}

fn accept_at_origin(inputs: &Inputs) {
    let (keys, input) = (edge_keys(inputs), inputs.take("token"));
    let other = RootKey::new(KeyId::parse("k1").unwrap(), &[1; 32]).peppers();
    let peppers = Peppers::from_json(&inputs.take("peppers")).unwrap();
    for (peppers, accepted) in [(peppers, true), (other, false)] {
        let genuine = keys.verify(Token::parse(&input).unwrap(), now()).unwrap();
        assert_eq!(genuine.accept_at_origin(record(inputs), &peppers, now()).is_ok(), accepted);
    }
}

fn show(inputs: &Inputs) {
    let root = root(inputs);
    let debug = format!("{root:?} {:?} {:?}", root.edge_keys(), root.peppers());
    black_box((debug, with_token(inputs, "token", |token| format!("{token:?}"))));
    let log = inputs.take("log");
    let redacted = redact(std::str::from_utf8(&log).unwrap());
    assert!(redacted.ends_with("cog_…"));
    assert_eq!(black_box(scan(&log)).count(), 2);
}

fn gate_at_edge(inputs: &Inputs) {
    let (policy, keys) = (policy(), edge_keys(inputs));
    through(&Gate::at_edge(policy, keys), inputs);
}

fn gate_at_origin(inputs: &Inputs) {
    let (policy, keys) = (policy(), edge_keys(inputs));
    let peppers = Peppers::from_json(&inputs.take("peppers")).unwrap();
    through(&Gate::at_origin(policy, keys, peppers), inputs);
}

fn policy() -> Policy {
    files::source(&files::root().join("policies")).check().unwrap().into_policy()
}

/// From the header to the outcome.
fn through(gate: &Gate, inputs: &Inputs) {
    let (header, record) = (inputs.take("header"), inputs.take("record"));
    let request = HttpRequest {
        method: "GET",
        target: b"/v3/organizations/org-a/sessions",
        authorization: &[&header],
        context: None,
        client_address: None,
    };
    let mut step = gate.begin(&request, now()).unwrap();
    let outcome = loop {
        step = match step {
            Step::Record(needed) => needed.found(&record, Some(now())),
            Step::Facts(needed) => needed.found(FACTS),
            Step::Done(outcome) => break outcome,
        };
    };
    assert!(matches!(outcome, Outcome::Allowed(_)), "{outcome:?}");
    black_box((format!("{gate:?} {request:?}"), outcome));
}

const FACTS: &[u8] = br#"{"principal": {"type": "service_user", "id": "su_ci", "account": {"id": "acct_7", "sso": false, "plan": "team"}, "roles": [], "permissions": [],
    "memberships": [{"organization": "org-a", "roles": ["org_admin"], "permissions": []}]},
    "organization": {"id": "org-a", "account": {"id": "acct_7", "sso": false, "plan": "team"}}}"#;

fn string_on_the_heap(inputs: &Inputs) {
    black_box(with_token(inputs, "token", |token| token.expose().to_owned()));
}

fn array_on_the_stack(inputs: &Inputs) {
    let bytes = inputs.take("root");
    let copy: [u8; 32] = bytes.as_slice().try_into().unwrap();
    black_box(copy);
}
