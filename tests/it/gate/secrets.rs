//! Nothing that the gate puts out holds a part of a secret, wherever a client or a store put one.

use crate::common::gate::{Answer, Base, drive, now};
use crate::common::root;
use cog_auth::Error;
use cog_auth::gate::{Gate, HttpRequest, Outcome};
use cog_auth::token::{Handle, Kind, RecordDraft, RootKeys, Scopes, Token};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fmt::Debug;
use std::sync::LazyLock;

static BASE: LazyLock<Base> = LazyLock::new(Base::load);

const SESSIONS: &str = "/v3/organizations/org-a/sessions";
const TAGS: &str = "/v3/organizations/org-a/tags/";

/// Looks for a token's secret part in whatever comes out.
struct Watch<'t> {
    token: &'t str,
    /// Every six bytes behind the handle.
    windows: HashSet<&'t [u8]>,
    looked: usize,
}

impl<'t> Watch<'t> {
    fn new(token: &'t str) -> Self {
        let (handle, secret) = token.split_at(Handle::LEN);
        let windows = secret.as_bytes().windows(6);
        // Six zeros are in the time too, `sample` is in a sentence, and a vector's secret spells a
        // type's name.
        let shown: HashSet<&[u8]> = [handle, "1795000000", "sample", "EdgeKeys"]
            .iter()
            .flat_map(|text| text.as_bytes().windows(6))
            .collect();
        Self { token, windows: windows.filter(|w| !shown.contains(w)).collect(), looked: 0 }
    }

    /// Looks through a text, and through the bytes whose numbers it lists, as `Debug` writes a
    /// slice of bytes.
    fn text(&mut self, what: &str, text: &str) {
        self.looked += 1;
        let numbers = text.split(|c: char| !c.is_ascii_digit());
        let numbers: Vec<u8> = numbers.filter_map(|number| number.parse().ok()).collect();
        for bytes in [text.as_bytes(), &numbers] {
            let leak = bytes.windows(6).find(|window| self.windows.contains(window));
            assert!(leak.is_none(), "{what} holds a part of {}: {text}", self.token);
        }
    }

    fn debug(&mut self, what: &str, value: &impl Debug) {
        self.text(what, &format!("{value:?}"));
    }

    fn error(&mut self, error: &Error) {
        self.debug("an error", error);
        self.text("an error's message", &format!("{error} {}", error.message()));
    }

    fn outcome(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Allowed(allowed) => self.text("an audit record", allowed.audit()),
            Outcome::Refused(refused) => {
                self.text("a body", refused.body());
                self.text("an audit record", refused.audit());
                self.text("a code", refused.name());
                refused.headers().for_each(|(name, value)| self.text(name, value));
            }
            _ => {}
        }
    }

    /// Runs a request at both places, with what the client sent watched in `Debug` too.
    fn client(&mut self, request: &HttpRequest<'_>, record: &str, facts: &str) {
        let answers = (Answer::Found(record.as_bytes()), Answer::Found(facts.as_bytes()));
        self.debug("a request", request);
        for gate in places() {
            match gate.begin(request, now()) {
                Err(error) => self.error(&error),
                Ok(_) => {
                    let outcome =
                        drive(&gate, request, now(), answers, |step| self.debug("a step", step));
                    self.outcome(&outcome);
                    self.debug("an outcome", &outcome);
                }
            }
        }
    }

    /// Runs a good request at both places, what the stores say being watched in what goes out.
    fn stores(&mut self, record: &str, facts: &str) {
        let header = BASE.fill("Bearer {key}");
        let request = HttpRequest { authorization: &[header.as_bytes()], ..get(SESSIONS) };
        for gate in places() {
            let answers = (Answer::Found(record.as_bytes()), Answer::Found(facts.as_bytes()));
            self.outcome(&drive(&gate, &request, now(), answers, |_| ()));
        }
    }
}

fn places() -> [Gate; 2] {
    [BASE.edge().with_pass_on(), BASE.origin().with_max_record_age(5)]
}

fn get(target: &str) -> HttpRequest<'_> {
    HttpRequest {
        method: "GET",
        target: target.as_bytes(),
        authorization: &[],
        context: None,
        client_address: None,
    }
}

fn escaped(text: &str, every: usize) -> String {
    let escape =
        |(at, c)| if at % every == 0 { format!("%{:02x}", u32::from(c)) } else { String::from(c) };
    text.chars().enumerate().map(escape).collect()
}

/// Puts a token wherever a client can put text.
fn from_a_client(token: &str) {
    let mut watch = Watch::new(token);
    let (record, facts) = (BASE.record("key"), BASE.facts("service_user"));
    let own = own_record(token);
    for header in [
        "Bearer {}",
        "Bearer {}x",
        "Bearer x{}",
        "Basic {}",
        "{}",
        "Bearer {}, Bearer {}",
        "Bearer={}",
    ] {
        let header = header.replace("{}", token);
        let both = [header.as_bytes(), header.as_bytes()];
        for authorization in [&both[..1], &both[..]] {
            for record in [&record, &own] {
                watch.client(&HttpRequest { authorization, ..get(SESSIONS) }, record, &facts);
            }
        }
    }
    let good = BASE.fill("Bearer {key}");
    let authorization: &[&[u8]] = &[good.as_bytes()];
    let filler = "y".repeat(200);
    for target in [
        format!("/v3/organizations/{token}/sessions"),
        format!("{SESSIONS}/{token}"),
        format!("{SESSIONS}/a{token}{token}"),
        format!("{SESSIONS}?t={token}"),
        format!("{TAGS}{}", escaped(token, 1)),
        format!("{TAGS}{}", escaped(token, 3)),
        format!("{TAGS}{}", escaped(token, 81)),
        format!("{TAGS}{}{token}", escaped(token, 2)),
        format!("{TAGS}{filler}{token}"),
        format!("{TAGS}%zz%2F{token}"),
        format!("/{token}"),
        format!("http://{token}@h/"),
        format!("\u{1}{token}\u{2}"),
        token.to_owned(),
    ] {
        let method = if target.starts_with(TAGS) { "DELETE" } else { "GET" };
        let request = HttpRequest { method, authorization, ..get(&target) };
        watch.client(&request, &record, &facts);
    }
    for method in [token, &format!("{filler}{token}"), &format!("\0{}", escaped(token, 2))] {
        for target in [SESSIONS, "/nowhere", "/.."] {
            watch.client(&HttpRequest { method, authorization, ..get(target) }, &record, &facts);
        }
    }
    for context in [
        json!({"ci": token, token: {"request": token}}).to_string(),
        json!({"credential": token}).to_string(),
        json!([token]).to_string(),
        format!("{{\"{token}\":1,\"{token}\":2}}"),
        token.to_owned(),
    ] {
        let context = Some(context.as_bytes());
        watch.client(&HttpRequest { context, authorization, ..get(SESSIONS) }, &record, &facts);
    }
    places().iter().for_each(|gate| watch.debug("a gate", gate));
    assert!(watch.looked > 400 && !watch.windows.is_empty());
}

/// A record under which the token itself may be accepted, where its key is one of ours.
fn own_record(token: &str) -> String {
    let roots = RootKeys::from_json(BASE.json["roots"].to_string().as_bytes()).unwrap();
    let Ok(token) = Token::parse(token.as_bytes()) else { return String::new() };
    let Some(root) = roots.key(token.key_id()) else { return String::new() };
    let peppers = root.peppers();
    let draft = RecordDraft::new(&token, "su_ci", Scopes::all(), now());
    draft.for_edges().for_origins(&peppers).issue().map_or_else(|_| String::new(), |r| r.to_json())
}

/// Puts a token wherever a store can put text.
fn from_the_stores(token: &str) {
    let mut watch = Watch::new(token);
    let (record, facts) = (&BASE.json["records"]["key"], &BASE.json["facts"]["service_user"]);
    let set = |value: &Value, pointer: &str, to: Value| {
        let mut value = value.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        value.pointer_mut(parent).unwrap()[name] = to;
        value.to_string()
    };
    for (pointer, value) in [
        ("/name", json!(format!("x {token} y"))),
        ("/principal", json!(token)),
        ("/metadata", json!({token: [token]})),
        ("/organizations", json!([token, "org-a"])),
        ("/scopes", json!([token, "ViewOrgSessions"])),
        ("/id", json!(token)),
        ("/kind", json!(token)),
        ("/digest", json!(token)),
        ("/rotated_to", json!(token)),
        ("/x", json!(token)),
    ] {
        watch.stores(&set(record, pointer, value), &facts.to_string());
    }
    for pointer in [
        "/principal/id",
        "/principal/type",
        "/principal/disabled",
        "/principal/account",
        "/principal/x",
        "/principal/account/id",
        "/principal/account/plan",
        "/principal/roles",
        "/organization/id",
        "/organization/account",
        "/organization/account/id",
        "/organization/account/plan",
        "/x",
    ] {
        watch.stores(&record.to_string(), &set(facts, pointer, json!(token)));
        watch.stores(&record.to_string(), &set(facts, pointer, json!([token])));
        watch.stores(&record.to_string(), &set(facts, pointer, json!({token: token})));
    }
    let member =
        json!([{"organization": token, "roles": [token], "permissions": [token], token: token}]);
    watch.stores(&record.to_string(), &set(facts, "/principal/memberships", member));
    watch.stores(token, token);
    watch.stores(&record.to_string(), token);
    // A principal of that name, whom digests and facts agree upon.
    let key = Token::parse(BASE.token("key").as_bytes()).unwrap();
    let draft = RecordDraft::new(&key, token, Scopes::all(), now()).for_edges().name(token);
    let own = draft.issue().unwrap().to_json();
    watch.stores(&own, &set(facts, "/principal/id", json!(token)));
    watch.stores(&own, &facts.to_string());
    assert!(watch.looked > 100 && !watch.windows.is_empty());
}

#[test]
fn no_token_of_the_vectors_leaks() {
    let text = std::fs::read_to_string(root().join("tests/vectors/token-v1.json")).unwrap();
    let vectors: Value = serde_json::from_str(&text).unwrap();
    let tokens = |list: &str| vectors[list].as_array().unwrap().clone();
    let mut all: Vec<String> = [tokens("valid"), tokens("verify"), tokens("records")]
        .concat()
        .iter()
        .map(|entry| entry["token"].as_str().unwrap().to_owned())
        .chain(
            BASE.json["tokens"]
                .as_object()
                .unwrap()
                .values()
                .map(|token| token["token"].as_str().unwrap().to_owned()),
        )
        .collect();
    all.sort();
    all.dedup();
    assert!(all.len() > 60);
    for token in &all {
        from_a_client(token);
        from_the_stores(token);
    }
}

prop_compose! {
    fn minted()(random in prop::collection::vec(any::<u8>(), 128), kind in prop::sample::select(&Kind::ALL)) -> String {
        let roots = RootKeys::from_json(BASE.json["roots"].to_string().as_bytes()).unwrap();
        let id = Token::parse(BASE.token("key").as_bytes()).unwrap().key_id();
        roots.key(id).unwrap().mint(kind, None, &random).unwrap().expose().to_owned()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_minted_token_leaks(token in minted()) {
        from_a_client(&token);
        from_the_stores(&token);
    }
}
