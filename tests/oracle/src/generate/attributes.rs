//! Random attributes: every type, every way to a place, places that are shared.

use super::random::Random;
use serde_json::{Map, Value, json};

/// Names that say their place, and names that need `from` (with the places to choose from).
const NAMES: [(&str, &[&str]); 26] = [
    ("subject.id", &[]),
    ("resource.type", &[]),
    ("resource.id", &[]),
    ("subject.level", &[]),
    ("subject.team.lead", &[]),
    ("subject.roles", &[]),
    ("subject.memberships", &[]),
    ("resource.organization", &[]),
    ("resource.account.id", &[]),
    ("resource.a-b.c_1", &[]),
    ("resource.owner", &[]),
    ("action.reason", &[]),
    ("action.form.step", &[]),
    ("context.time", &[]),
    ("context.retries", &[]),
    ("context.client_address", &[]),
    ("credential.addresses", &["/context/credential/addresses", "/context/addresses"]),
    ("context.credential.kind", &[]),
    ("account.id", &["/subject/properties/account/id", "/resource/properties/account/id"]),
    ("account.sso", &["/subject/properties/account/sso", "/subject/properties/team"]),
    ("credential.kind", &["/context/credential/kind", "/context/credential"]),
    ("credential.list", &["/context/credential/scopes", "/subject/properties/permissions"]),
    ("other.type", &["/subject/type", "/subject/id", "/resource/type", "/resource/id"]),
    ("a.b.c.d", &["/context/time", "/resource/properties/owner", "/action/properties/form/step"]),
    ("x.escaped", &["/context/a~1b/m~0n", "/resource/properties/~01", "/context/é \"\\"]),
    (
        "x.level",
        &["/subject/properties/level", "/context/retries", "/subject/properties/properties"],
    ),
];

pub(super) const SUBJECT_TYPES: [&str; 2] = ["user", "service_user"];

/// Value sets of enums; the last two are the same set.
const VALUES: [&[&str]; 5] = [
    &["user", "service_user"],
    &["low", "high", "é"],
    &["*", "\" \\", "tab\t\u{1}"],
    &["gold", "silver"],
    &["silver", "gold"],
];

/// The attributes of a policy; `actions` says that a value set is that of the declared actions.
pub(super) fn attributes(random: &mut Random, actions: &[String]) -> Map<String, Value> {
    let mut attributes = Map::new();
    match random.below(8) {
        0 => {}
        1 => {
            attributes.insert("subject.type".to_owned(), typed(random, actions));
        }
        _ => {
            let values = json!({ "type": "enum", "values": SUBJECT_TYPES });
            attributes.insert("subject.type".to_owned(), values);
        }
    }
    let wanted = random.between(3, 12);
    for (name, places) in random.some(&NAMES, 60).into_iter().take(wanted) {
        let mut definition = typed(random, actions);
        // What section 9 reads too is mostly of the type that it has there.
        if random.chance(70) {
            match name {
                "resource.organization" => {
                    definition = json!({"type": "id", "domain": "organization"})
                }
                "account.id" | "resource.account.id" => {
                    definition = json!({"type": "id", "domain": "account"});
                }
                "subject.roles" => definition = json!({"type": "id_set", "domain": "role"}),
                "credential.list" => {
                    definition = json!({"type": "enum_set", "values": "actions", "open": true});
                }
                "context.client_address" => definition = json!({"type": "ip"}),
                "credential.addresses" => definition = json!({"type": "ip_set"}),
                _ => {}
            }
        }
        if !places.is_empty() {
            definition["from"] = (*random.pick(places)).into();
        }
        if random.chance(10) {
            definition["description"] = "of no meaning".into();
        }
        attributes.insert(name.to_owned(), definition);
    }
    attributes
}

fn typed(random: &mut Random, actions: &[String]) -> Value {
    let mut definition = match random.below(17) {
        0 | 1 => json!({ "type": "bool" }),
        2..=4 => json!({ "type": "enum", "values": values(random, actions) }),
        5 | 6 => json!({ "type": "id", "domain": domain(random) }),
        7 | 8 => int(random),
        9 | 10 => json!({ "type": "time" }),
        11 => json!({ "type": "ip" }),
        12 => json!({ "type": "ip_set" }),
        13 | 14 => json!({ "type": "enum_set", "values": values(random, actions) }),
        _ => json!({ "type": "id_set", "domain": domain(random) }),
    };
    if matches!(definition["type"].as_str(), Some("enum_set" | "id_set")) {
        match random.below(3) {
            0 => definition["open"] = true.into(),
            1 => definition["open"] = false.into(),
            _ => {}
        }
    }
    definition
}

fn values(random: &mut Random, actions: &[String]) -> Value {
    match random.below(8) {
        0 | 1 => json!("actions"),
        // The same set, spelt out.
        2 => json!(actions),
        _ => json!(random.pick(&VALUES)),
    }
}

fn domain(random: &mut Random) -> &'static str {
    const DOMAINS: [&str; 4] = ["organization", "account", "organization", "role"];
    DOMAINS[random.below(DOMAINS.len())]
}

fn int(random: &mut Random) -> Value {
    const MOST: i64 = 9_007_199_254_740_991;
    let ranges = [(0, 3), (-2, 2), (0, 3), (-MOST, MOST), (1, 1)];
    let (min, max) = *random.pick(&ranges);
    json!({ "type": "int", "min": min, "max": max })
}
