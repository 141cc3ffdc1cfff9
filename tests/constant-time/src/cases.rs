//! What touches secrets, each secret marked where it comes in.

use crate::mark::secret;
use cog_auth::Time;
use cog_auth::gate::{Gate, HttpRequest, Outcome, Step};
use cog_auth::policy::Policy;
use cog_auth::token::{EdgeKeys, Genuine, KeyId, Kind, Record, RootKey, RootKeys, Token};
use serde_json::Value;
use std::hint::black_box;

pub(crate) const ALL: &[(&str, fn())] = &[
    ("parse", parse),
    ("parse_refused", parse_refused),
    ("derive", derive),
    ("read_keys", read_keys),
    ("write_keys", write_keys),
    ("mint", mint),
    ("verify", verify),
    ("verify_forged", verify_forged),
    ("digest", digest),
    ("accept_at_edge", accept_at_edge),
    ("accept_at_origin", accept_at_origin),
    ("gate_at_edge", gate_at_edge),
    ("gate_at_origin", gate_at_origin),
];

/// Of the root key 00 to 1f, without a hard expiry: that of `tests/cases/gate/base.json`.
const TOKEN: &[u8; 81] =
    b"cog_1s01000AAAABBBBCCCCSSSSTTTTUUUUVVVVWWWWXXXXYYYYZZ3a0p5LuQ7etPxHaPRgFMb702kF5V";

const HANDLE: usize = 23;

/// Its record and the facts of its principal.
fn stored(pointer: &str) -> String {
    let base: Value = serde_json::from_str(include_str!("../../cases/gate/base.json")).unwrap();
    base.pointer(pointer).unwrap().to_string()
}

/// A token whose bytes past the handle are secret.
fn text() -> [u8; 81] {
    let mut text = black_box(*TOKEN);
    secret(&mut text[HANDLE..]);
    text
}

fn token() -> Token {
    Token::parse(&text()).unwrap()
}

fn root() -> RootKey {
    let mut bytes: [u8; 32] = black_box(std::array::from_fn(|index| u8::try_from(index).unwrap()));
    secret(&mut bytes);
    RootKey::new(KeyId::parse("01").unwrap(), &bytes)
}

fn edge_keys() -> EdgeKeys {
    root().edge_keys()
}

fn now() -> Time {
    Time::from_seconds(1_795_000_000).unwrap()
}

fn genuine() -> Genuine {
    edge_keys().verify(token(), now()).unwrap()
}

/// The record as it was stored.
fn record() -> Record {
    Record::from_json(stored("/records/key").as_bytes()).unwrap()
}

fn parse() {
    black_box(token().handle());
}

/// A wrong character, a wrong checksum, and a tag of 2^128 or more with the checksum that fits.
fn parse_refused() {
    let refused: [(&[u8; 81], &str); 3] = [
        (
            b"cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGH-HHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy",
            "invalid_character",
        ),
        (
            b"cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiz",
            "checksum_mismatch",
        ),
        (
            b"cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK7n42DGM5Tflk9n8mt7Fhc82coYEj",
            "tag_out_of_range",
        ),
    ];
    for (refused, code) in refused {
        let mut text = black_box(*refused);
        secret(&mut text[HANDLE..]);
        assert_eq!(Token::parse(&text).unwrap_err().code().name(), code);
    }
}

fn derive() {
    let root = root();
    black_box((root.edge_keys(), root.peppers()));
}

/// A key set whose key is secret, the rest of the text being known.
fn read_keys() {
    let mut json =
        *b"{\"v\":1,\"use\":\"root\",\"keys\":{\"01\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}}";
    let at = json.windows(4).position(|window| window == b"AAEC").unwrap();
    secret(&mut json[at..][..43]);
    black_box(RootKeys::from_json(black_box(&json)).unwrap());
}

fn write_keys() {
    RootKeys::of(root()).expose_json(|text| _ = black_box(text));
}

fn mint() {
    let mut random: [u8; 64] = black_box(std::array::from_fn(|index| {
        // Some are from 248 on, which are skipped.
        u8::try_from(index).unwrap().wrapping_mul(36).wrapping_add(220)
    }));
    assert!(random[..42].iter().any(|byte| *byte >= 248));
    secret(&mut random);
    black_box(root().mint(Kind::ServiceUserKey, None, &random).unwrap());
}

fn verify() {
    black_box(genuine());
}

/// A token that another key has made.
fn verify_forged() {
    let mut bytes = black_box([9; 32]);
    secret(&mut bytes);
    let root = RootKey::new(KeyId::parse("01").unwrap(), &bytes);
    let refused = root.edge_keys().verify(token(), now()).unwrap_err();
    assert_eq!(refused.code().name(), "tag_mismatch");
}

/// Digests of a secret, made and written.
fn digest() {
    let token = token();
    black_box(token.digest("su_ci", &root().peppers()).unwrap());
    black_box(token.edge_digest("su_ci").unwrap());
}

/// Accepted, and refused for a digest that is another's.
fn accept_at_edge() {
    black_box(genuine().accept_at_edge(Some(record()), now()).unwrap());
    let refused = genuine().accept_at_edge(Some(of_another()), now()).unwrap_err();
    assert_eq!(refused.code().name(), "digest_mismatch");
}

/// The record with another principal, whom its digests do not fit.
fn of_another() -> Record {
    Record::from_json(stored("/records/key").replace("su_ci", "su_cj").as_bytes()).unwrap()
}

fn accept_at_origin() {
    let peppers = root().peppers();
    black_box(genuine().accept_at_origin(Some(record()), &peppers, now()).unwrap());
    // The digest of another key: it does not fit.
    let mut bytes = black_box([9; 32]);
    secret(&mut bytes);
    let other = RootKey::new(KeyId::parse("01").unwrap(), &bytes).peppers();
    let refused = genuine().accept_at_origin(Some(record()), &other, now()).unwrap_err();
    assert_eq!(refused.code().name(), "digest_mismatch");
}

fn gate_at_edge() {
    let policy = Policy::builtin();
    let keys = edge_keys();
    through(&Gate::at_edge(policy, keys));
}

fn gate_at_origin() {
    let policy = Policy::builtin();
    let keys = edge_keys();
    let peppers = root().peppers();
    through(&Gate::at_origin(policy, keys, peppers));
}

/// Runs a request from its header to its outcome. The record was stored: its digests are known to
/// who holds it.
fn through(gate: &Gate) {
    let (record, facts) = (stored("/records/key"), stored("/facts/service_user"));
    let mut header = [b"Bearer ".as_slice(), TOKEN].concat();
    secret(&mut header[7 + HANDLE..]);
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
            Step::Record(needed) => needed.found(record.as_bytes(), Some(now())),
            Step::Facts(needed) => needed.found(facts.as_bytes()),
            Step::Done(outcome) => break outcome,
        };
    };
    let Outcome::Allowed(allowed) = outcome else { panic!("{outcome:?}") };
    black_box(allowed.audit());
}
