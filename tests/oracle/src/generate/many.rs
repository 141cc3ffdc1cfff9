//! Many rules on one action, in shapes that hurt an index over them.

use super::policy::{one, state_reason};
use super::random::Random;
use super::vocabulary::{Vocabulary, few};
use serde_json::{Value, json};

impl Vocabulary {
    /// So many rules on the same actions that nobody walks through all of them.
    pub(super) fn many_rules(&self, random: &mut Random, declared: &[String]) -> Vec<Value> {
        let count = *random.pick(&[20, 64, 65, 150, 400]);
        let few = few(&self.actions);
        let action = random.pick(&few).clone();
        let all = if random.chance(50) { "*".to_owned() } else { action.clone() };
        // Few values, so that many rules have the same; or one for nearly each.
        let values = *random.pick(&[1, 3, 3, count]);
        let keys = self.keys(random);
        let usual = *random.pick(&["permit", "permit", "forbid", "require"]);
        let mut rules = Vec::new();
        for number in 0..count {
            let effect = match random.chance(90) {
                true => usual,
                false => *random.pick(&["permit", "forbid", "require", "advise"]),
            };
            let actions = if random.chance(80) { &all } else { &action };
            let id = format!("m{:03}", number * 7 % count);
            let mut rule = json!({ "id": id, "effect": effect, "actions": [actions] });
            let mut when = self.shape(random, &keys, values, declared);
            // What forbids applies where it is not known: alone, it would be all that is said.
            if effect != "permit" && random.chance(85) {
                when = json!({ "all": [when, one(self.atoms(random)), one(self.atoms(random))] });
            }
            rule["when"] = when;
            if effect == "require" {
                rule["must"] = self.shape(random, &keys, values, declared);
            }
            state_reason(random, &mut rule, effect);
            rules.push(rule);
        }
        if rules.iter().all(|rule| rule["effect"] != "permit") || random.chance(30) {
            rules.push(json!({ "id": "p", "effect": "permit", "actions": ["*"] }));
        }
        rules
    }

    /// The attributes that most of the rules ask about.
    fn keys(&self, random: &mut Random) -> Vec<String> {
        let names = self.attributes.iter().filter(|(_, definition)| {
            matches!(definition["type"].as_str(), Some("bool" | "enum" | "id" | "int" | "ip"))
        });
        let mut names: Vec<String> = names.map(|(name, _)| name.clone()).collect();
        names.push("action.name".to_owned());
        let count = random.between(1, 3);
        (0..count).map(|_| random.pick(&names).clone()).collect()
    }

    fn shape(
        &self,
        random: &mut Random,
        keys: &[String],
        values: usize,
        declared: &[String],
    ) -> Value {
        let equal = |random: &mut Random| {
            let key = random.pick(keys).clone();
            let value = self.key_value(random, &key, values);
            (key, value)
        };
        let (key, value) = equal(random);
        let (other, second) = equal(random);
        match random.below(16) {
            0..=3 => json!({ key: value }),
            4 => self.among(random, &key, values),
            5 => json!({ "any": [{ key: value }, { other: second }, one(self.atoms(random))] }),
            6 => json!({ "any": [{ "any": [{ key: value }] }, { "all": [{ other: second }] }] }),
            7 => json!({ "not": { key: value } }),
            8 => json!({ key: { "ne": value } }),
            9 => json!({ "all": [{ key: value }, { other: second }, one(self.atoms(random))] }),
            10 => json!({ "any": [{ key.clone(): value }, self.among(random, &key, values)] }),
            11 => json!({ "any": [
                { "all": [one(self.atoms(random)), { key.clone(): value }] },
                { "any": [self.among(random, &key, values), { "any": [] }] },
            ] }),
            12 => json!({ "not": { "not": { key: value } } }),
            13 if !declared.is_empty() => {
                json!({ "condition": random.pick(declared), key: value })
            }
            _ => self.condition(random, 1, declared),
        }
    }

    fn among(&self, random: &mut Random, key: &str, values: usize) -> Value {
        let count = random.between(0, 4);
        let items: Vec<Value> = (0..count).map(|_| self.key_value(random, key, values)).collect();
        match self.definition(key)["type"].as_str() {
            Some("int" | "bool") => {
                json!({ "any": items.into_iter().map(|it| json!({ key: it })).collect::<Vec<_>>() })
            }
            _ => json!({ key: { "in": items } }),
        }
    }

    /// A value of an attribute; of an id, one of so many.
    fn key_value(&self, random: &mut Random, key: &str, values: usize) -> Value {
        let definition = self.definition(key);
        match definition["type"].as_str() {
            Some("id") if random.chance(80) => format!("v{}", random.below(values)).into(),
            _ => self.member(random, &definition),
        }
    }
}
