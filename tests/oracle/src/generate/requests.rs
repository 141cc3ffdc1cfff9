//! Random requests for a policy.

use super::random::Random;
use super::texts;
use super::vocabulary::{Vocabulary, few};
use serde_json::{Value, json};

/// How many in a hundred parts of a request are left out or broken.
type Defects = usize;

impl Vocabulary {
    /// A request: of a single evaluation mostly, sometimes a batch, sometimes malformed.
    pub fn request(&self, random: &mut Random) -> Value {
        let mut request = self.single(random);
        if random.chance(8) {
            self.make_batch(random, &mut request);
        }
        if random.chance(3) {
            break_form(random, &mut request);
        }
        request
    }

    fn single(&self, random: &mut Random) -> Value {
        let defects = *random.pick(&[0, 0, 0, 3, 10, 30]);
        let mut request = json!({ "subject": {}, "action": {}, "resource": {} });
        if !random.chance(defects / 2) {
            request["context"] = json!({});
        }
        // In random order, since places may be shared or lie below each other.
        for part in random.some(&[0, 1, 2], 100) {
            match part {
                0 => self.facts(random, defects, &mut request),
                1 => self.declared(random, defects, &mut request),
                _ if random.chance(30) => {
                    put(&mut request, &["context", "undeclared"], json!([{ "roles": null }]));
                    put(&mut request, &["subject", "roles"], json!(["r1"]));
                    put(&mut request, &["resource", "properties", "a", "b"], json!(1.5));
                }
                _ => {}
            }
        }
        if random.chance(8) {
            self.obstruct(random, &mut request);
        }
        for (entity, member) in
            [("subject", "type"), ("subject", "id"), ("resource", "type"), ("resource", "id")]
        {
            if !request[entity][member].is_string() {
                let names = ["user", "service_user", "", "o1", "organization"];
                request[entity][member] = (*random.pick(&names)).into();
            }
        }
        request["action"]["name"] = match random.chance(3) {
            true => (*random.pick(&["unknown", "*", "", "read"])).into(),
            false if random.chance(90) => random.pick(&few(&self.actions)).clone().into(),
            false => random.pick(&self.actions).clone().into(),
        };
        request
    }

    /// The places of the declared attributes.
    fn declared(&self, random: &mut Random, defects: Defects, request: &mut Value) {
        for (name, definition) in random.some(&self.attributes, 100) {
            let place = self.place(&name);
            let place: Vec<&str> = place.iter().map(String::as_str).collect();
            // What section 9 reads is made there; here only now and then.
            let is_fact = matches!(
                place.last(),
                Some(&("roles" | "permissions" | "memberships" | "scopes" | "organization"))
            );
            if is_fact && random.chance(85) {
                continue;
            }
            // What absence means matters where there is nothing.
            if definition.get("absent").is_some() && random.chance(45) {
                continue;
            }
            let value = |it: &Self, random: &mut Random| {
                let mut value = it.value(random, &definition);
                // An open set takes members that equal nothing.
                if let Some(items) = value.as_array_mut()
                    && definition["open"] == true
                    && random.chance(30)
                {
                    items.push((*random.pick(&["", "", "undeclared"])).into());
                }
                value
            };
            let kind = definition["type"].as_str().unwrap_or_default();
            let nearly = match random.chance(8) {
                true => texts::nearly(random, kind),
                false => None,
            };
            if let Some(value) = nearly.or_else(|| self.perhaps(random, defects, value)) {
                put(request, &place, value);
            }
        }
    }

    /// Null or something else that is no object on the way to a place.
    fn obstruct(&self, random: &mut Random, request: &mut Value) {
        let places: Vec<Vec<String>> =
            self.attributes.iter().map(|(name, _)| self.place(name)).collect();
        let deep: Vec<&Vec<String>> = places.iter().filter(|place| place.len() > 2).collect();
        if deep.is_empty() {
            return;
        }
        let place: Vec<&str> = random.pick(&deep).iter().map(String::as_str).collect();
        // Null in place of `properties` is malformed.
        let least = if place[0] == "context" { 2 } else { 3 };
        if place.len() > least {
            let end = random.between(least, place.len() - 1);
            let odd = [Value::Null, Value::Null, json!(1), json!("a"), json!([]), json!([{}])];
            put(request, &place[..end], random.pick(&odd).clone());
        }
    }

    /// A value as it should be, one that should not be, or none.
    fn perhaps(
        &self,
        random: &mut Random,
        defects: Defects,
        value: impl FnOnce(&Self, &mut Random) -> Value,
    ) -> Option<Value> {
        if !random.chance(defects) {
            return Some(value(self, random));
        }
        match random.below(11) {
            10 => Some(texts::odd(random)),
            0..=2 => None,
            3 | 4 => Some(Value::Null),
            5 => {
                let mut items = vec![value(self, random)];
                if let Value::Array(inner) = &items[0] {
                    items = inner.clone();
                }
                let odd = [json!("undeclared"), json!(""), json!(1), json!("*"), Value::Null];
                items.insert(random.below(items.len() + 1), random.pick(&odd).clone());
                Some(items.into())
            }
            _ => {
                let odd = [
                    json!(""),
                    json!("undeclared"),
                    json!(true),
                    json!(1),
                    json!(0),
                    json!(1.0),
                    json!(-0.0),
                    json!(1e3),
                    json!(4),
                    json!(-3),
                    json!(9_007_199_254_740_992_u64),
                    json!(1e300),
                    json!(u64::MAX),
                    json!([]),
                    json!([[]]),
                    json!({}),
                    json!(["o1"]),
                    json!({ "id": "o1" }),
                    json!("o1"),
                    json!(-1),
                ];
                Some(random.pick(&odd).clone())
            }
        }
    }

    /// What section 9 reads.
    fn facts(&self, random: &mut Random, defects: Defects, request: &mut Value) {
        const PROPERTIES: [&str; 2] = ["subject", "properties"];
        let subject = |name: &'static str| [PROPERTIES[0], PROPERTIES[1], name];
        for name in ["roles", "permissions"] {
            if let Some(list) = self.names(random, defects, name) {
                put(request, &subject(name), list);
            }
        }
        for entity in ["subject", "resource"] {
            let ids = ["o1", "o1", "o1", "o1", "o2"];
            if let Some(id) = self.perhaps(random, defects, |_, random| (*random.pick(&ids)).into())
            {
                put(request, &[entity, "properties", "account", "id"], id);
            }
        }
        let id = |random: &mut Random| (*random.pick(&["o1", "o1", "o1", "o2", "o3"])).into();
        let organization = |_: &Self, random: &mut Random| match random.chance(10) {
            true => Value::Null,
            false => id(random),
        };
        if let Some(organization) = self.perhaps(random, defects, organization) {
            put(request, &["resource", "properties", "organization"], organization);
        }
        let count = *random.pick(&[0, 1, 1, 1, 2, 2, 3, 4]);
        let memberships = |it: &Self, random: &mut Random| -> Value {
            (0..count).map(|_| it.membership(random, defects, id)).collect()
        };
        if let Some(memberships) = self.perhaps(random, defects, memberships) {
            put(request, &subject("memberships"), memberships);
        }
        // More missing pointers than an answer lists.
        if defects > 0 && random.chance(3) {
            put(request, &subject("memberships"), json!(vec![json!({}); random.between(127, 130)]));
        }
        let mut scopes = few(&self.actions);
        let scopes = self.perhaps(random, defects, |_, random| match random.below(6) {
            0 | 1 => json!(["*"]),
            2 => json!(["undeclared", "Read"]),
            _ => {
                scopes.push(String::new());
                scopes.push("undeclared".to_owned());
                if random.chance(20) {
                    scopes.push("*".to_owned());
                }
                random.some(&scopes, 70).into()
            }
        });
        if let Some(scopes) = scopes {
            put(request, &["context", "credential", "scopes"], scopes);
        }
    }

    fn membership(
        &self,
        random: &mut Random,
        defects: Defects,
        id: impl Fn(&mut Random) -> Value,
    ) -> Value {
        if random.chance(defects / 2) {
            let odd = [json!("o1"), Value::Null, json!([]), json!({}), json!(["o1"])];
            return random.pick(&odd).clone();
        }
        let mut item = json!({});
        if let Some(id) = self.perhaps(random, defects, |_, random| id(random)) {
            item["organization"] = id;
        }
        for name in ["roles", "permissions"] {
            if let Some(list) = self.names(random, defects, name) {
                item[name] = list;
            }
        }
        item
    }

    /// `roles` or `permissions`, one of which is often not stated.
    fn names(&self, random: &mut Random, defects: Defects, name: &str) -> Option<Value> {
        if random.chance(20) {
            return random.chance(30).then_some(Value::Null);
        }
        self.perhaps(random, defects, |it, random| {
            let mut names = if name == "roles" { it.roles.clone() } else { few(&it.actions) };
            if random.chance(15) {
                names.extend(["undeclared", "", "*"].map(str::to_owned));
            }
            random.some(&names, 40).into()
        })
    }

    fn make_batch(&self, random: &mut Random, request: &mut Value) {
        let mut items: Vec<Value> = Vec::new();
        for _ in 0..random.below(5) {
            let other = self.single(random);
            let mut item = json!({});
            for name in random.some(&["subject", "action", "resource", "context"], 40) {
                item[name] = match random.chance(5) {
                    true => random.pick(&[Value::Null, json!({}), json!("a"), json!([])]).clone(),
                    false => other[name].clone(),
                };
            }
            match random.below(30) {
                0 => item = Value::Null,
                1 => item = json!([{}]),
                2 => item["undeclared"] = Value::Null,
                _ => {}
            }
            items.push(item);
        }
        request["evaluations"] = items.into();
        let semantics =
            ["execute_all", "deny_on_first_deny", "permit_on_first_permit", "deny_on_first_deny"];
        match random.below(20) {
            0..=5 => {}
            6 => request["options"] = json!({ "undeclared": 1 }),
            7 => request["options"] = random.pick(&[Value::Null, json!([]), json!("a")]).clone(),
            8 => {
                let odd = [Value::Null, json!("first"), json!(1)];
                request["options"] = json!({ "evaluations_semantic": random.pick(&odd) });
            }
            _ => {
                request["options"] = json!({ "evaluations_semantic": random.pick(&semantics) });
            }
        }
        if random.chance(5) {
            request["evaluations"] = random.pick(&[Value::Null, json!({}), json!("a")]).clone();
        }
        if random.chance(10) {
            request
                .as_object_mut()
                .into_iter()
                .for_each(|members| drop(members.remove("evaluations")));
        }
        // Without a default that every item has, a batch is still one.
        if random.chance(20) {
            let name = *random.pick(&["subject", "action", "resource"]);
            request.as_object_mut().into_iter().for_each(|members| drop(members.remove(name)));
        }
    }
}

/// Puts a value at a place, and makes objects on the way, also in place of others.
fn put(request: &mut Value, place: &[&str], value: Value) {
    let mut at = request;
    for name in place {
        if !at.is_object() {
            *at = json!({});
        }
        at = &mut at[*name];
    }
    *at = value;
}

/// Makes a request malformed, as section 6 says.
fn break_form(random: &mut Random, request: &mut Value) {
    let odd = [Value::Null, json!([]), json!("a"), json!(1), json!(true)];
    let odd = random.pick(&odd).clone();
    let entity = *random.pick(&["subject", "action", "resource"]);
    match random.below(8) {
        0 => *request = odd,
        1 => request[entity] = odd,
        2 => drop(request.as_object_mut().and_then(|members| members.remove(entity))),
        3 => put(request, &[entity, "properties"], odd),
        4 => request["context"] = odd,
        5 => {
            let member = if entity == "action" { "name" } else { *random.pick(&["type", "id"]) };
            request[entity][member] =
                random.pick(&[Value::Null, json!(1), json!(["a"]), json!({})]).clone();
        }
        6 => {
            let member = if entity == "action" { "name" } else { *random.pick(&["type", "id"]) };
            drop(request[entity].as_object_mut().and_then(|members| members.remove(member)));
        }
        // A value nested as deep as is allowed, and one deeper.
        _ => {
            let levels = random.between(30, 31);
            let deep = (0..levels).fold(json!([]), |value, _| json!([value]));
            put(request, &["undeclared"], deep);
        }
    }
}
