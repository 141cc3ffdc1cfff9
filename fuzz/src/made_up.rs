//! Facts that are made up for routes of the built-in policy, and asked of the gate.

use crate::base::BASE;
use crate::facts;
use crate::matcher::Route;
use crate::path::ROUTES;
use cog_auth_oracle::Random;
use serde_json::{Value, json};

const CASES: usize = 4_000;

#[test]
fn the_gate_decides_the_request_that_the_text_says() {
    let random = &mut Random::new(5);
    let named: Vec<&Route> = ROUTES.iter().filter(|route| route.resource.is_some()).collect();
    for _ in 0..CASES {
        let route = if random.chance(60) { *random.pick(&named) } else { random.pick(&ROUTES) };
        let (token, owner) = if random.chance(50) { ("key", "su_ci") } else { ("pat", "user_01") };
        let ids = ["org-a", "org-b", "su_ci", "user_01", "x", "a;b", "A~"];
        let names = route.path.split('/').filter(|segment| segment.starts_with('{'));
        let filled: Vec<(String, &str)> =
            names.map(|name| (name.to_owned(), *random.pick(&ids))).collect();
        let target = filled
            .iter()
            .fold(route.path.clone(), |path, (name, id)| path.replace(name.as_str(), id));
        let segment = |parameter: &str| {
            filled.iter().find(|(name, _)| name.trim_matches(['{', '}']) == parameter).unwrap().1
        };
        let mut facts = json!({ "principal": principal(random, token, owner) });
        if let Some(organization) = &route.organization
            && random.chance(85)
        {
            let account = account(random);
            facts["organization"] = json!({ "id": segment(organization), "account": account });
        }
        if let Some((kind, id)) = &route.resource
            && random.chance(70)
        {
            facts["resource"] = json!({ "type": kind, "id": segment(id) });
            if random.chance(70) {
                facts["resource"]["properties"] = properties(random);
            }
        }
        if random.chance(25) {
            spoil(random, &mut facts);
        }
        facts::check(format!("{token} {} {target}\n{facts}", route.method).as_bytes());
    }
}

fn principal(random: &mut Random, token: &str, owner: &str) -> Value {
    let kind = if token == "key" { "service_user" } else { "user" };
    let mut principal = BASE.json["facts"][kind]["principal"].clone();
    principal["id"] = owner.into();
    if random.chance(60) {
        principal["account"] = account(random);
    }
    if random.chance(50) {
        let lists =
            [json!([]), json!(["ghost"]), json!(["account_admin"]), Value::Null, json!("x")];
        principal["roles"] = random.pick(&lists).clone();
    }
    if random.chance(50) {
        let organization = *random.pick(&["org-a", "org-b", "x"]);
        let role = *random.pick(&["org_admin", "org_member", "ghost"]);
        let item = json!({ "organization": organization, "roles": [role] });
        principal["memberships"] = json!([item, null])
            .as_array()
            .unwrap()
            .iter()
            .take(random.between(0, 2))
            .cloned()
            .collect();
    }
    principal
}

fn account(random: &mut Random) -> Value {
    let mut account =
        json!({ "id": random.pick(&["acct_7", "acct_8"]), "sso": false, "plan": "team" });
    for (name, values) in [
        ("ip_access_list", [json!(["192.0.2.0/24"]), json!(["::/0"]), json!("192.0.2.1")]),
        ("max_idle", [json!(39), json!(40), json!("40")]),
        ("max_token_lifetime", [json!(60), json!(3_600), Value::Null]),
        ("features", [json!(["pat_beta"]), json!([]), json!("pat_beta")]),
    ] {
        if random.chance(40) {
            account[name] = random.pick(&values).clone();
        }
    }
    account
}

fn properties(random: &mut Random) -> Value {
    let odd = [
        json!({}),
        Value::Null,
        json!([]),
        json!("x"),
        json!({ "organization": null }),
        json!({ "account": { "id": "acct_7" } }),
        json!({ "organization": "org-a", "owner": "su_ci" }),
    ];
    match random.chance(60) {
        true => {
            json!({ "owner": "user_01", "lifetime": random.pick(&[60, 7_776_001]), "deep": [{}] })
        }
        false => random.pick(&odd).clone(),
    }
}

/// Makes one thing wrong that the gate looks at.
fn spoil(random: &mut Random, facts: &mut Value) {
    let values = [Value::Null, json!("org-z"), json!({}), json!(7), json!(true)];
    let value = random.pick(&values).clone();
    match random.below(10) {
        0 => facts["resource"] = json!({ "type": "user", "id": "x" }),
        1 => facts["resource"] = value,
        2 => facts["organization"] = value,
        3 => facts["organization"] = json!({ "id": "org-a" }),
        4 => facts["principal"]["id"] = value,
        5 => facts["principal"]["disabled"] = value,
        6 => facts["principal"]["type"] = "organization".into(),
        7 => facts["other"] = value,
        name => {
            let name = if name == 8 { "id" } else { "type" };
            if facts["resource"].is_object() {
                facts["resource"][name] = value;
            }
        }
    }
}
