//! Documents that are wrong in one thing: each is told with its place, and nothing wrong loads.

use crate::common::places::{Place, Texts, errors, line_and_column, places};
use crate::common::{documents, json_files, root};
use cog_auth::Code;
use cog_auth::policy::Source;

/// The built-in documents with these beginnings of names.
fn built_in(wanted: &[&str]) -> Texts {
    let mut files = json_files(&root().join("policies"));
    files.retain(|(name, _)| wanted.iter().any(|wanted| name.starts_with(wanted)));
    assert!(!files.is_empty());
    files
}

fn replaced(text: &str, range: std::ops::Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..range.start], &text[range.end..])
}

const VALUES: [&str; 6] = ["null", "true", "7", "\"x\"", "[]", "{}"];

/// Whether a new value has another JSON type.
fn is_other_type(place: &Place, new: &str) -> bool {
    let kind = |first: char| match first {
        't' | 'f' => 'b',
        '-' | '0'..='9' => '0',
        other => other,
    };
    kind(place.first) != kind(new.chars().next().unwrap())
}

/// Replaces every value, and misspells every member name, of one document among those it needs.
fn mutate(name: &str, with: &[&str], every: usize) {
    let texts = built_in(&[&[name], with].concat());
    assert_eq!(errors(&texts), []);
    let index = texts.iter().position(|(file, _)| file.starts_with(name)).unwrap();
    let original = texts[index].1.clone();
    let mut refused = 0;
    for (turn, place) in places(&original).into_iter().enumerate() {
        let pointer = place.pointer.as_str();
        let in_condition = ["/when", "/must", "/never"].iter().any(|part| pointer.contains(part));
        for (_, new) in VALUES.iter().enumerate().filter(|(value, _)| (turn + value) % every == 0) {
            let mut texts = texts.clone();
            texts[index].1 = replaced(&original, place.value.clone(), new);
            let errors = errors(&texts);
            // In a condition an operator object may be replaced by a literal, which means equality.
            // What absence means may be null, or a literal.
            let must_be_refused = !pointer.ends_with("/absent")
                && (is_other_type(&place, new) && !(in_condition && place.first == '{')
                    || *new == "null");
            if must_be_refused {
                assert!(!errors.is_empty(), "{pointer} = {new} loads");
            }
            refused += usize::from(!errors.is_empty());
        }
        let Some(member) = place.name.clone().filter(|_| turn % every == 0) else { continue };
        let spelt = original[member.start + 1..member.end - 1].to_owned();
        let mut texts = texts.clone();
        texts[index].1 = replaced(&original, member.clone(), &format!("\"{spelt}x\""));
        let errors = errors(&texts);
        let (parent, _) = pointer.rsplit_once('/').unwrap();
        if !["/schema/attributes", "/schema/actions", "/defaults"].contains(&parent) {
            let wrong = errors.iter().find(|error| error.offset() == Some(member.start)).unwrap();
            let codes = [Code::UnknownMember, Code::UnknownAttribute, Code::UnknownOperator];
            assert!(
                codes.contains(&wrong.code()) && wrong.pointer() == Some(&format!("{pointer}x")),
                "{wrong}"
            );
            assert!(wrong.suggestion() == Some(&spelt) || spelt == "attribute", "{wrong}");
        }
    }
    assert!(refused > 50, "{name}: only {refused}");
}

#[test]
fn changed_schemas_and_roles_are_told() {
    mutate("schema", &["roles"], 2);
    mutate("roles", &["schema"], 1);
}

#[test]
fn changed_rules_are_told() {
    mutate("conditions", &["schema", "rules-tokens"], 1);
    mutate("rules-tokens", &["schema", "conditions"], 2);
    mutate("rules-credentials", &["schema", "conditions"], 3);
}

#[test]
fn changed_invariants_and_routes_are_told() {
    mutate("invariants", &["schema", "conditions"], 5);
    mutate("routes", &["schema"], 6);
}

/// Test cases: requests in them may hold anything, so only the places are checked.
#[test]
fn changed_cases_are_told() {
    for name in ["tests/malformed", "tests/routes"] {
        let texts = built_in(&["schema", name]);
        let original = texts[1].1.clone();
        for (turn, place) in places(&original).into_iter().enumerate() {
            let mut texts = texts.clone();
            texts[1].1 = replaced(&original, place.value.clone(), VALUES[turn % VALUES.len()]);
            let _ = errors(&texts);
        }
    }
}

#[test]
fn truncated_documents_are_told() {
    for (name, text) in built_in(&["conditions", "rules-tokens", "roles"]) {
        let end = text.trim_end().len();
        for cut in (0..end).filter(|cut| text.is_char_boundary(*cut)) {
            let mut source = Source::new();
            source.add(&name, &text[..cut]);
            let errors = source.check().unwrap_err();
            let error = errors.first();
            assert_eq!((error.code(), error.document()), (Code::InvalidJson, Some(name.as_str())));
            let offset = error.offset().unwrap();
            assert!(offset <= cut, "{error}");
            assert_eq!(
                (error.line().unwrap(), error.column().unwrap()),
                line_and_column(&text, offset)
            );
        }
    }
}

#[test]
fn what_is_no_text_of_a_document_is_told() {
    for (text, code, at) in [
        (&b""[..], Code::InvalidJson, (1, 1)),
        (b" \n ", Code::InvalidJson, (2, 2)),
        (b"\xef\xbb\xbf{}", Code::InvalidJson, (1, 1)),
        (b"{}\n x", Code::InvalidJson, (2, 2)),
        ("{\"é\": \u{1}".as_bytes(), Code::InvalidJson, (1, 7)),
        (b"{\n \"v\": \xff}", Code::InvalidUnicode, (2, 7)),
        (b"{\"v\":\n\"\\ud800\"}", Code::InvalidUnicode, (2, 2)),
        (b"{\"v\": 01}", Code::InvalidJson, (1, 7)),
    ] {
        let mut source = Source::new();
        source.add("a.json", text);
        let errors = source.check().unwrap_err();
        let error = errors.first();
        assert_eq!(
            (error.code(), (error.line().unwrap(), error.column().unwrap())),
            (code, at),
            "{error}"
        );
    }
    assert_eq!(Source::new().check().unwrap_err().first().code(), Code::NoSchema);
    assert_eq!(documents(["{\"v\":1}"]).check().unwrap_err().first().code(), Code::NoSchema);
}

/// In every object the first member stands once more, spelt with an escape.
#[test]
fn duplicate_names_are_told() {
    for (name, text) in json_files(&root().join("policies")) {
        let places = places(&text);
        let every = (places.len() / 150).max(1);
        for pair in places.windows(2).filter(|pair| pair[0].first == '{').step_by(every) {
            let Some(member) = pair[1].name.clone() else { continue };
            let spelt = &text[member.start + 1..member.end - 1];
            let first = spelt.chars().next().unwrap();
            let escaped = format!("\"\\u{:04x}{}\"", u32::from(first), &spelt[first.len_utf8()..]);
            let end = pair[0].value.end - 1;
            let doubled = format!("{},{escaped}:0{}", &text[..end], &text[end..]);
            let mut source = Source::new();
            source.add(&name, &doubled);
            let errors = source.check().unwrap_err();
            let error = errors.first();
            assert_eq!(
                (error.code(), error.offset()),
                (Code::DuplicateName, Some(end + 1)),
                "{error}"
            );
            assert_eq!(
                (error.line().unwrap(), error.column().unwrap()),
                line_and_column(&doubled, end + 1)
            );
            assert_eq!(error.length(), escaped.len());
        }
    }
}
