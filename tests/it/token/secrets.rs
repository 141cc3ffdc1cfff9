//! Nothing that the library shows of a token or a key holds a byte of its secret: over all vectors,
//! and for every type.

use crate::common::root;
use cog_auth::token::{
    Authorization, EdgeKeys, Genuine, Handle, KeyId, Peppers, Record, RecordDraft, RootKey,
    RootKeys, Scopes, Token, authorization, redact, scan,
};
use cog_auth::{Code, Error, Time};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fmt::{Debug, Display};

/// How many bytes of a secret in a row are one too many.
const WINDOW: usize = 6;

/// Looks for parts of one secret.
struct Watch {
    windows: HashSet<Vec<u8>>,
    looked: usize,
}

impl Watch {
    /// Watches what follows the handle, but for what the handle shows too.
    fn token(token: &[u8]) -> Self {
        let (handle, secret) = token.split_at_checked(Handle::LEN).unwrap_or((token, &[]));
        // A sample of the vectors spells `sample`, and so does its refusal.
        let own_words = Code::SampleToken.sentence().as_bytes().windows(WINDOW);
        let shown: HashSet<&[u8]> = handle.windows(WINDOW).chain(own_words).collect();
        let windows = secret.windows(WINDOW).filter(|window| !shown.contains(window));
        Self { windows: windows.map(<[u8]>::to_vec).collect(), looked: 0 }
    }

    fn all(secrets: &[&[u8]]) -> Self {
        let windows = secrets.iter().flat_map(|secret| secret.windows(WINDOW));
        Self { windows: windows.map(<[u8]>::to_vec).collect(), looked: 0 }
    }

    /// Looks through a text, and through the bytes whose numbers it lists, in tens or in hex.
    fn text(&mut self, what: &str, text: &str) {
        self.looked += 1;
        let numbers = |radix: u32| -> Vec<u8> {
            let words = text.split(|c: char| !c.is_digit(radix));
            words.filter_map(|word| u8::from_str_radix(word, radix).ok()).collect()
        };
        // In pairs from the first and from the second byte on; what is no pair is none of any
        // secret's windows.
        let hex = [0, 1].map(|start| {
            let pairs = text.as_bytes().get(start..).unwrap_or_default().chunks(2);
            let pairs = pairs.map(|pair| std::str::from_utf8(pair).unwrap_or_default());
            pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap_or(0xff)).collect()
        });
        let texts = [text.as_bytes().to_vec(), numbers(10), numbers(16)];
        for bytes in texts.into_iter().chain(hex) {
            let leak = bytes.windows(WINDOW).find(|window| self.windows.contains(*window));
            assert!(leak.is_none(), "{what} holds {leak:?}: {text}");
        }
    }

    fn debug(&mut self, what: &str, value: &impl Debug) {
        self.text(what, &format!("{value:?}"));
        self.text(what, &format!("{value:#?}"));
    }

    fn shown(&mut self, what: &str, value: &(impl Debug + Display)) {
        self.debug(what, value);
        self.text(what, &value.to_string());
    }

    fn error(&mut self, error: &Error) {
        self.shown("an error", error);
        self.text("a message", error.message());
        self.text("a suggestion", error.suggestion().unwrap_or_default());
        self.text("a document", error.document().unwrap_or_default());
        self.text("a pointer", error.pointer().unwrap_or_default());
    }

    /// The error, if there is one.
    fn result<T: Debug>(&mut self, result: Result<T, Error>) -> Option<T> {
        self.debug("a result", &result);
        result.map_err(|error| self.error(&error)).ok()
    }
}

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../vectors/token-v1.json")).unwrap()
}

fn list(vectors: &Value, name: &str) -> Vec<Value> {
    let list = vectors[name].as_array().unwrap().clone();
    assert!(!list.is_empty());
    list
}

fn from_hex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn roots() -> RootKeys {
    let vectors = vectors();
    let mut keys = vectors["roots"].as_object().unwrap().iter().map(|(id, hex)| {
        let bytes = from_hex(hex.as_str().unwrap());
        RootKey::new(KeyId::parse(id).unwrap(), bytes.as_slice().try_into().unwrap())
    });
    let mut roots = RootKeys::of(keys.next().unwrap());
    keys.for_each(|key| roots.insert(key).unwrap());
    roots
}

/// Every token and every refused text of the vectors and of the gate's cases.
fn tokens() -> Vec<Vec<u8>> {
    let vectors = vectors();
    let mut all: Vec<Vec<u8>> = Vec::new();
    for name in ["valid", "verify", "digests", "records"] {
        all.extend(list(&vectors, name).iter().map(|case| text(&case["token"])));
    }
    all.extend(list(&vectors, "refused_by_parse").iter().map(|case| text(&case["text"])));
    let raw = list(&vectors, "refused_bytes");
    all.extend(raw.iter().map(|case| from_hex(case["hex"].as_str().unwrap())));
    let base = root().join("tests/cases/gate/base.json");
    let base: Value = serde_json::from_str(&std::fs::read_to_string(base).unwrap()).unwrap();
    all.extend(base["tokens"].as_object().unwrap().values().map(|case| text(&case["token"])));
    all.sort();
    all.dedup();
    assert!(all.len() > 150, "{}", all.len());
    all
}

fn text(value: &Value) -> Vec<u8> {
    value.as_str().unwrap().as_bytes().to_vec()
}

fn times() -> [Time; 3] {
    // Before every hard expiry, between, and after. No round number, for some secrets are all
    // zeros.
    [0, 1_795_143_827, 9_007_199_254_740_991].map(|seconds| Time::from_seconds(seconds).unwrap())
}

/// A token through every step, with everything that comes out.
#[test]
fn no_token_of_the_vectors_is_shown() {
    let (roots, mut looked, mut parsed) = (roots(), 0, 0);
    let (keys, peppers) = (roots.edge_keys(), roots.peppers());
    let stranger = RootKey::new(KeyId::parse("01").unwrap(), &[9; 32]);
    for bytes in tokens() {
        let mut watch = Watch::token(&bytes);
        for header in [&b"Bearer "[..], b"Bearer", b"Basic ", b"Bearer x, ", b""] {
            let header = [header, &bytes].concat();
            let found = authorization([header.as_slice()]);
            watch.debug("a header", &found);
            watch.debug("a header", &Authorization::Bearer(&header));
        }
        let lossy = String::from_utf8_lossy(&bytes);
        watch.debug("a place found", &scan(&bytes).collect::<Vec<_>>());
        watch.result(Record::from_json(&bytes));
        watch.result(RootKeys::from_json(&bytes));
        watch.result(KeyId::parse(&lossy));
        if watch.result(Token::parse(&bytes)).is_none() {
            looked += watch.looked;
            continue;
        }
        parsed += 1;
        let token = || Token::parse(&bytes).unwrap();
        watch.text("redacted text", &redact(&format!("a={lossy}, {lossy}x and {}", &lossy[..70])));
        watch.debug("a token", &token());
        watch.shown("a handle", &token().handle());
        watch.shown("an id", &token().id());
        watch.shown("a key id", &token().key_id());
        watch.debug("a day and a kind", &(token().hard_expiry(), token().kind()));
        for now in times() {
            for keys in [&keys, &stranger.edge_keys()] {
                let Some(genuine) = watch.result(keys.verify(token(), now)) else { continue };
                watch.debug("a genuine token", &genuine);
                let records = records(&mut watch, &token(), &roots, now);
                for record in records.into_iter().map(Some).chain([None]) {
                    let again = || keys.verify(token(), now).unwrap();
                    watch.result(again().accept_at_edge(record.clone(), now));
                    for peppers in [&peppers, &stranger.peppers()] {
                        watch.result(again().accept_at_origin(record.clone(), peppers, now));
                    }
                }
            }
        }
        looked += watch.looked;
    }
    assert!(parsed > 60 && looked > 10_000, "{parsed} {looked}");
}

/// The records of a token, good and bad, and what they show.
fn records(watch: &mut Watch, token: &Token, roots: &RootKeys, now: Time) -> Vec<Record> {
    let peppers = roots.peppers();
    let draft = || RecordDraft::new(token, "su_ci", Scopes::all(), now);
    watch.debug("a draft", &draft().for_origins(&peppers).for_edges());
    watch.result(draft().issue());
    let mut all = Vec::new();
    all.extend(watch.result(draft().for_edges().issue()));
    all.extend(watch.result(draft().for_origins(&peppers).issue()));
    let other = RecordDraft::new(token, "su_cd", Scopes::all(), now).for_edges();
    all.push(other.for_origins(&peppers).issue().unwrap().revoke(now));
    // Where somebody put the whole token into what `Debug` is not to show.
    let secret = token.expose();
    let named = draft().name(secret).metadata(&json!({secret: secret}).to_string());
    watch.debug("a record", &named.for_edges().issue().unwrap());
    for record in &all {
        watch.debug("a record", record);
        watch.text("a record as JSON", &record.to_json());
        watch.debug("a record's members", &(record.id(), record.digest(), record.edge_digest()));
        watch.text("a record for people", &record.to_display_json());
        watch.result(record.to_edge_json());
        spoilt(watch, record, secret);
    }
    all
}

/// The errors of records into which the token was put, at every member.
fn spoilt(watch: &mut Watch, record: &Record, secret: &str) {
    let record: Value = serde_json::from_str(&record.to_json()).unwrap();
    for name in record.as_object().unwrap().keys().map(String::as_str).chain([secret]) {
        let mut spoilt = record.clone();
        spoilt[name] = json!(secret);
        // The name alone may be any text, and is what it was.
        if let Err(error) = Record::from_json(spoilt.to_string().as_bytes()) {
            watch.error(&error);
        }
    }
}

/// Keys, their sets, and the errors of what is nearly one.
#[test]
fn no_key_of_the_vectors_is_shown() {
    let vectors = vectors();
    let keys = ["roots", "edge_keys", "peppers"].map(|name| {
        let keys = vectors[name].as_object().unwrap().values();
        keys.map(|hex| from_hex(hex.as_str().unwrap())).collect::<Vec<_>>()
    });
    let roots = roots();
    let texts = [
        roots.expose_json(str::to_owned),
        roots.edge_keys().expose_json(str::to_owned),
        roots.peppers().expose_json(str::to_owned),
    ];
    let mut secrets: Vec<&[u8]> = keys.iter().flatten().map(Vec::as_slice).collect();
    // 43 characters each, as they stand in JSON.
    let written = texts.iter().flat_map(|text| text.split('"').filter(|word| word.len() == 43));
    secrets.extend(written.map(str::as_bytes));
    assert_eq!(secrets.len(), 2 * keys.iter().map(Vec::len).sum::<usize>());
    let mut watch = Watch::all(&secrets);
    watch.debug("sets", &(&roots, roots.edge_keys(), roots.peppers()));
    for id in roots.key_ids() {
        let root = roots.key(id).unwrap();
        watch.debug("keys", &(root, root.edge_keys(), root.peppers()));
    }
    for text in &texts {
        for end in 0..=text.len() {
            let cut = &text.as_bytes()[..end];
            watch.result(RootKeys::from_json(cut));
            // A byte too many, and one that is another.
            for byte in [b'!', b'"', b'\\', 0xff, b'A'] {
                let mut spoilt = text.as_bytes().to_vec();
                spoilt.insert(end, byte);
                watch.result(EdgeKeys::from_json(&spoilt));
                if let Some(place) = spoilt.get_mut(end + 1) {
                    *place = byte;
                }
                watch.result(Peppers::from_json(&spoilt));
            }
        }
    }
    assert!(watch.looked > 5_000);
}

/// The watch sees what it is for.
#[test]
fn what_is_shown_is_seen() {
    let mut token =
        b"cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy"
            .to_vec();
    let secret = String::from_utf8(token.split_off(Handle::LEN)).unwrap();
    let six = &secret.as_bytes()[10..16];
    let hex: String = six.iter().map(|byte| format!("{byte:02x}")).collect();
    let seen = [
        format!("x{}y", &secret[3..9]),
        format!("{six:?}"),
        format!("{six:#?}"),
        format!("{six:x?}"),
        format!("0x{hex}"),
    ];
    for text in seen {
        let whole = [token.as_slice(), secret.as_bytes()].concat();
        let caught = std::panic::catch_unwind(|| Watch::token(&whole).text("a text", &text));
        assert!(caught.is_err(), "{text} is not seen");
    }
}

/// Does not compile if a type implements one of these: then the name of the function has two
/// meanings.
macro_rules! implement_none_of {
    ($($type:ty)*: $traits:tt) => { $(implement_none_of!(@ $type: $traits);)* };
    (@ $type:ty: ($($name:ident: $trait:path,)*)) => {
        const _: fn() = || {
            trait Ambiguous<A> {
                fn here() {}
            }
            impl<T: ?Sized> Ambiguous<()> for T {}
            $(
                struct $name;
                impl<T: ?Sized + $trait> Ambiguous<$name> for T {}
            )*
            <$type as Ambiguous<_>>::here();
        };
    };
}

implement_none_of!(
    Token Genuine RootKey RootKeys EdgeKeys Peppers
    cog_auth::gate::RecordNeeded<'static>:
    (
        A: Clone,
        B: Display,
        C: serde::Serialize,
        D: std::ops::Deref,
        E: AsRef<[u8]>,
        F: AsRef<str>,
        G: Into<String>,
        H: Into<Vec<u8>>,
        I: PartialEq,
        J: std::hash::Hash,
    )
);
