//! The values of `Authorization` fields, one a line.

use crate::base::{Answer, BASE, drive};
use cog_auth::gate::{HttpRequest, Outcome};
use cog_auth::token::{Authorization, authorization};

/// What comes out of values, in the words of docs/token-format.md.
#[derive(Debug, PartialEq)]
enum Found<'a> {
    Nothing,
    OtherScheme,
    Bearer(&'a [u8]),
    Error(&'static str),
}

/// Lines are values; no line at all is no field.
pub fn check(data: &[u8]) {
    let filled = filled(data);
    let values: Vec<&[u8]> =
        if filled.is_empty() { Vec::new() } else { filled.split(|byte| *byte == b'\n').collect() };
    let expected = expected(&values);
    let found = match authorization(values.iter().copied()) {
        Ok(Authorization::Nothing) => Found::Nothing,
        Ok(Authorization::OtherScheme) => Found::OtherScheme,
        Ok(Authorization::Bearer(credential)) => Found::Bearer(credential),
        Err(error) => Found::Error(error.code().name()),
    };
    assert_eq!(found, expected);
    if let Found::Bearer(credential) = found {
        let again = [b"\tbEaReR  ", credential, b" "].concat();
        assert_eq!(authorization([again.as_slice()]), Ok(Authorization::Bearer(credential)));
    }
    through_the_gate(&values, &expected);
}

/// Whatever the stores say, the gate lets in nothing but the token, and that always.
fn through_the_gate(values: &[&[u8]], header: &Found<'_>) {
    let record = BASE.json["records"]["key"].to_string();
    let facts = BASE.json["facts"]["service_user"].to_string();
    let good: (Answer<'_>, Answer<'_>) = (Some(record.as_bytes()), Some(facts.as_bytes()));
    let request = HttpRequest {
        method: "GET",
        target: b"/v3/organizations/org-a/sessions",
        authorization: values,
        context: None,
        client_address: None,
    };
    let is_key = *header == Found::Bearer(BASE.token("key").as_bytes());
    for gate in BASE.places() {
        let outcome = drive(&gate, &request, good.0, good.1);
        assert_eq!(matches!(outcome, Outcome::Allowed(_)), is_key, "{outcome:?}");
        if let Outcome::Refused(refused) = outcome {
            match header {
                Found::Nothing | Found::OtherScheme => {
                    assert_eq!(
                        (refused.status(), refused.code().name()),
                        (401, "missing_credential")
                    );
                }
                Found::Error(code) => {
                    assert_eq!((refused.status(), refused.code().name()), (400, *code))
                }
                Found::Bearer(_) => assert_eq!(refused.status(), 401),
            }
        }
        let without = drive(&gate, &request, None, good.1);
        assert!(matches!(without, Outcome::Refused(_)), "{without:?}");
        let without = drive(&gate, &request, good.0, None);
        assert!(matches!(without, Outcome::Refused(_)), "{without:?}");
    }
}

/// `{key}` stands for the token of that name, so that inputs are short; where the bytes are text.
fn filled(data: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(data) {
        Ok(text) => BASE.filled(text).into_bytes(),
        Err(_) => data.to_vec(),
    }
}

fn expected<'a>(values: &[&'a [u8]]) -> Found<'a> {
    let [value] = values else {
        return if values.is_empty() {
            Found::Nothing
        } else {
            Found::Error("several_credentials")
        };
    };
    let mut value = *value;
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    if value.is_empty() {
        return Found::Nothing;
    }
    let is_tchar = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let scheme = value.iter().take_while(|byte| is_tchar(byte)).count();
    if !value[..scheme].eq_ignore_ascii_case(b"bearer") {
        return Found::OtherScheme;
    }
    let mut rest = &value[scheme..];
    if rest.contains(&b',') {
        return Found::Error("several_credentials");
    }
    if !rest.starts_with(b" ") {
        return Found::Error("malformed_header");
    }
    while let [b' ', behind @ ..] = rest {
        rest = behind;
    }
    Found::Bearer(rest)
}
