//! IP addresses and networks in policies and requests (`docs/policy-language.md`, sections 2, 4 and
//! 7).

use crate::common::truth::{asks, permit, policy_of, truth};
use crate::common::{documents, errors_of};
use cog_auth::Code;
use cog_auth::policy::{Denial, Policy, Source, Value};
use serde_json::{Value as Json, json};
use std::net::IpAddr;

fn source(when: &Json) -> Source {
    let attributes = json!({
        "context.client": { "type": "ip" }, "context.server": { "type": "ip" },
        "context.allowed": { "type": "ip_set" }, "context.others": { "type": "ip_set" },
        "context.name": { "type": "id", "domain": "d" },
        "context.names": { "type": "id_set", "domain": "d" } });
    permit(&attributes, when)
}

fn policy(when: &Json) -> Policy {
    policy_of(&source(when))
}

/// What a policy's condition is, and what is missing.
fn value(policy: &Policy, context: &Json) -> (&'static str, Vec<String>) {
    let request = asks(context);
    let request = policy.request(request.as_bytes()).unwrap();
    (truth(&request), request.decide().explain().missing().to_vec())
}

/// Tries a literal and an attribute as the operand.
fn check(left: &str, operator: &str, other: &str, values: (&Json, &Json), expected: &str) {
    let (value_of_left, operand) = values;
    let with_literal = policy(&json!({ format!("context.{left}"): { operator: operand } }));
    let found = value(&with_literal, &json!({ left: value_of_left })).0;
    assert_eq!(found, expected, "{value_of_left} {operator} {operand}");
    let other_name = format!("context.{other}");
    let with_other =
        policy(&json!({ format!("context.{left}"): { operator: { "attribute": other_name } } }));
    let found = value(&with_other, &json!({ left: value_of_left, other: operand })).0;
    assert_eq!(found, expected, "{value_of_left} {operator} {operand} as an attribute");
    let found = value(&with_other, &json!({ left: value_of_left }));
    assert_eq!(found.0, "unknown", "{value_of_left} {operator}");
    assert_eq!(found.1, [format!("/context/{other}")]);
}

#[test]
fn addresses_are_equal_whatever_their_form() {
    for (one, other, equal) in [
        ("192.0.2.1", "192.0.2.1", true),
        ("192.0.2.1", "::ffff:192.0.2.1", true),
        ("192.0.2.1", "0:0:0:0:0:FFFF:c000:0201", true),
        ("192.0.2.1", "::192.0.2.1", false),
        ("192.0.2.1", "192.0.2.2", false),
        ("2001:db8::1", "2001:0DB8:0:0:0:0:0:1", true),
        ("2001:db8::1", "2001:db8::2", false),
        ("::", "0.0.0.0", false),
    ] {
        let (one, other) = (json!(one), json!(other));
        let [is, is_not] = if equal { ["true", "false"] } else { ["false", "true"] };
        for (left, right) in [(&one, &other), (&other, &one)] {
            check("client", "eq", "server", (left, right), is);
            check("client", "ne", "server", (left, right), is_not);
        }
    }
}

#[test]
fn networks_have_the_addresses_that_one_of_them_covers() {
    for (address, networks, covered) in [
        ("192.0.2.1", json!(["192.0.2.1"]), true),
        ("192.0.2.1", json!(["198.51.100.0/24", "192.0.2.0/24"]), true),
        ("192.0.2.1", json!(["192.0.2.0/31", "192.0.2.0/31"]), true),
        ("192.0.2.1", json!(["192.0.2.2/31", "192.0.3.0/24"]), false),
        ("192.0.2.1", json!([]), false),
        ("192.0.2.1", json!(["0.0.0.0/0"]), true),
        ("192.0.2.1", json!(["::/0"]), false),
        ("::ffff:192.0.2.1", json!(["::/0"]), false),
        ("::ffff:192.0.2.1", json!(["192.0.2.0/24"]), true),
        ("192.0.2.1", json!(["::ffff:192.0.2.0/120"]), true),
        ("192.0.2.1", json!(["::ffff:0:0/96"]), true),
        ("192.0.2.1", json!(["::fffe:0:0/95"]), false),
        ("::fffe:192.0.2.1", json!(["::fffe:0:0/95"]), true),
        ("2001:db8::1", json!(["::/0"]), true),
        ("2001:db8::1", json!(["0.0.0.0/0"]), false),
        ("2001:db8::1", json!(["2001:db8::/32"]), true),
        ("2001:db9::1", json!(["2001:db8::/32", "2001:db8::1"]), false),
    ] {
        let address = json!(address);
        let expected = if covered { "true" } else { "false" };
        check("client", "in", "allowed", (&address, &networks), expected);
        check("allowed", "has", "client", (&networks, &address), expected);
    }
}

#[test]
fn what_is_no_address_or_network_is_unusable() {
    let client = policy(&json!({ "context.client": { "present": true } }));
    let allowed = policy(&json!({ "context.allowed": { "present": true } }));
    let of = |policy: &Policy, place: &str, given: &Json| value(policy, &json!({ place: given })).0;
    assert_eq!(of(&client, "client", &json!("192.0.2.1")), "true");
    assert_eq!(of(&client, "client", &json!(null)), "false");
    for given in [
        json!(""),
        json!("192.0.2.1:443"),
        json!("[2001:db8::1]"),
        json!("[2001:db8::1]:443"),
        json!("fe80::1%eth0"),
        json!(" 192.0.2.1"),
        json!("192.0.2.1 "),
        json!("192.0.2.01"),
        json!("192.0.2"),
        json!("192.0.2.0/24"),
        json!("192.0.2.1/32"),
        json!("localhost"),
        json!(3_221_225_985_u32),
        json!(["192.0.2.1"]),
        json!({}),
        json!(true),
    ] {
        assert_eq!(of(&client, "client", &given), "unknown", "{given}");
    }
    for given in [json!([]), json!(["192.0.2.1"]), json!(["192.0.2.0/24", "::/0", "::/0"])] {
        assert_eq!(of(&allowed, "allowed", &given), "true", "{given}");
    }
    assert_eq!(of(&allowed, "allowed", &json!(null)), "false");
    for given in [
        json!("192.0.2.0/24"),
        json!(["192.0.2.0/24", "192.0.2.1/24"]),
        json!(["192.0.2.0/33"]),
        json!(["192.0.2.0/024"]),
        json!(["192.0.2.0/"]),
        json!(["::/129"]),
        json!(["*"]),
        json!([""]),
        json!(["192.0.2.1", null]),
        json!([1]),
        json!({}),
    ] {
        assert_eq!(of(&allowed, "allowed", &given), "unknown", "{given}");
    }
}

#[test]
fn a_set_and_an_address_take_the_operators_of_the_table_alone() {
    let codes = |when: Json| -> Vec<Code> {
        errors_of(&source(&when)).iter().map(|error| error.code()).collect()
    };
    for operator in ["has", "has_all", "has_any", "subset_of", "lt", "le", "gt", "ge"] {
        let when = json!({ "context.client": { operator: "192.0.2.1" } });
        assert_eq!(codes(when), [Code::OperatorType], "ip {operator}");
    }
    for operator in ["eq", "ne", "in", "has_all", "has_any", "subset_of", "lt", "le", "gt", "ge"] {
        let when = json!({ "context.allowed": { operator: ["192.0.2.1"] } });
        assert_eq!(codes(when), [Code::OperatorType], "ip_set {operator}");
    }
    for when in [
        json!({ "context.client": "192.0.2.0/24" }),
        json!({ "context.client": "192.0.2.1:80" }),
        json!({ "context.client": 1 }),
        json!({ "context.client": ["192.0.2.1"] }),
        json!({ "context.client": { "in": "192.0.2.1" } }),
        json!({ "context.client": { "in": ["192.0.2.1/24"] } }),
        json!({ "context.client": { "in": ["::1", 1] } }),
        json!({ "context.client": { "in": { "attribute": "context.names" } } }),
        json!({ "context.client": { "in": { "attribute": "context.server" } } }),
        json!({ "context.client": { "attribute": "context.name" } }),
        json!({ "context.name": { "attribute": "context.client" } }),
        json!({ "context.name": { "in": { "attribute": "context.allowed" } } }),
        json!({ "context.allowed": { "has": "192.0.2.0/24" } }),
        json!({ "context.allowed": { "has": ["192.0.2.1"] } }),
        json!({ "context.allowed": { "has": { "attribute": "context.others" } } }),
    ] {
        assert_eq!(codes(when.clone()), [Code::OperandType], "{when}");
    }
    assert_eq!(codes(json!({ "context.client": { "in": [null] } })), [Code::NullLiteral]);
    // A set is written as an equality, as every set is; but this one is not compared.
    assert_ne!(codes(json!({ "context.allowed": ["192.0.2.1"] })), []);
    let attribute = json!({ "attribute": "context.others" });
    assert_ne!(codes(json!({ "context.allowed": attribute })), []);
    let many: Vec<Json> = (0..1_025).map(|number| json!(format!("::{number}"))).collect();
    assert_eq!(codes(json!({ "context.client": { "in": many } })), [Code::LimitExceeded]);
    assert_eq!(codes(json!({ "context.client": { "in": many[1..] } })), []);
}

#[test]
fn a_declaration_has_its_type_alone() {
    for kind in ["ip", "ip_set"] {
        for (member, value) in
            [("open", json!(true)), ("domain", json!("d")), ("values", json!(["a"]))]
        {
            let policy = json!({ "v": 1, "schema": { "actions": { "A": {} },
                "attributes": { "context.x": { "type": kind, member: value } } } });
            let errors = errors_of(&documents([policy.to_string().as_str()]));
            let codes: Vec<_> = errors.iter().map(|error| error.code()).collect();
            assert_eq!(codes, [Code::UnknownMember], "{kind} {member}");
        }
    }
}

#[test]
fn absence_of_addresses_is_declared_like_any() {
    let policy = json!({ "v": 1,
        "schema": { "attributes": {
            "context.client": { "type": "ip", "absent": "192.0.2.1" },
            "context.allowed": { "type": "ip_set", "absent": ["192.0.2.0/24", "::/0"] } },
          "actions": { "A": {} } },
        "rules": [{ "id": "r", "effect": "permit", "actions": ["A"],
            "when": { "context.client": { "in": { "attribute": "context.allowed" } } } }] });
    let source = documents([policy.to_string().as_str()]);
    let policy = source.check().unwrap().into_policy();
    for (context, expected) in [
        (json!({}), "true"),
        (json!({ "client": "192.0.3.1" }), "false"),
        (json!({ "client": "2001:db8::" }), "true"),
        (json!({ "client": "192.0.2.1:80" }), "unknown"),
        (json!({ "allowed": [] }), "false"),
        (json!({ "allowed": null }), "unknown"),
        (json!({ "allowed": ["192.0.2.1/24"] }), "unknown"),
    ] {
        assert_eq!(value(&policy, &context).0, expected, "{context}");
    }
    for (name, declaration) in [
        ("client", json!({ "type": "ip", "absent": "192.0.2.0/24" })),
        ("allowed", json!({ "type": "ip_set", "absent": "192.0.2.0/24" })),
        ("allowed", json!({ "type": "ip_set", "absent": ["192.0.2.1/24"] })),
    ] {
        let name = format!("context.{name}");
        let policy = json!({ "v": 1, "schema": { "attributes": { name: declaration }, "actions": { "A": {} } } });
        let errors = errors_of(&documents([policy.to_string().as_str()]));
        let codes: Vec<_> = errors.iter().map(|error| error.code()).collect();
        assert_eq!(codes, [Code::OperandType], "{policy}");
    }
}

#[test]
fn the_builder_takes_addresses_of_rust_and_texts() {
    let policy = policy(&json!({ "context.client": { "in": ["192.0.2.0/24", "2001:db8::/32"] } }));
    let denial = |value: Value<'static>| {
        let begun = policy.build_request(("user", "u"), "A", ("t", "i"));
        begun.set("/context/client", value).unwrap().build().decide().denial()
    };
    let address = |text: &str| Value::Address(text.parse::<IpAddr>().unwrap());
    for allowed in ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::7"] {
        assert_eq!(denial(address(allowed)), None, "{allowed}");
    }
    assert_eq!(denial(Value::Text("192.0.2.7")), None);
    assert_eq!(denial(address("::192.0.2.7")), Some(Denial::NoGrant));
    for unusable in [Value::Text("192.0.2.7:1"), Value::Integer(1), Value::List(&["192.0.2.7"])] {
        assert_eq!(denial(unusable), Some(Denial::Indeterminate), "{unusable:?}");
    }
    let set =
        self::policy(&json!({ "context.allowed": { "has": { "attribute": "context.client" } } }));
    let begun = || set.build_request(("user", "u"), "A", ("t", "i"));
    let both = |networks: &'static [&'static str]| {
        let builder = begun().set("/context/client", address("192.0.2.7")).unwrap();
        let builder = builder.set("/context/allowed", Value::List(networks)).unwrap();
        builder.build().decide().denial()
    };
    assert_eq!(both(&["192.0.2.0/24"]), None);
    assert_eq!(both(&["2001:db8::/32"]), Some(Denial::NoGrant));
    assert_eq!(both(&["192.0.2.1/24"]), Some(Denial::Indeterminate));
    // An address is no id.
    let name = self::policy(&json!({ "context.name": { "present": true } }));
    let begun = name.build_request(("user", "u"), "A", ("t", "i"));
    let built = begun.set("/context/name", address("::1")).unwrap().build();
    assert_eq!(built.decide().denial(), Some(Denial::Indeterminate));
}

#[test]
fn an_address_is_told_that_closes_the_door() {
    let policy = policy(&json!({ "context.client": { "in": { "attribute": "context.allowed" } } }));
    let missing = |context: Json| value(&policy, &context).1;
    assert_eq!(missing(json!({})), ["/context/allowed", "/context/client"]);
    assert_eq!(missing(json!({ "allowed": ["::1"] })), ["/context/client"]);
    assert_eq!(missing(json!({ "client": "::1", "allowed": null })), ["/context/allowed"]);
}
