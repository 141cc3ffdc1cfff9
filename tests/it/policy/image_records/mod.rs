//! Every reference in a compiled image is checked when it is loaded: one that leads outside, or to
//! what belongs to another record, and every order, as `src/policy/image/layout.rs` lays them down.

mod indexes;
mod nodes;
mod references;
mod sections;

use super::image::sealed;
use crate::common::documents;
use cog_auth::Code;
use cog_auth::policy::Policy;

const TEXT: usize = 0;
const STRINGS: usize = 1;
const WORDS: usize = 2;
const LISTS: usize = 3;
const ENUMS: usize = 4;
const ATTRIBUTES: usize = 5;
const PLACES: usize = 6;
const READERS: usize = 7;
const NODES: usize = 8;
const CONDITIONS: usize = 9;
const RULES: usize = 10;
const ACTIONS: usize = 11;
const ACTION_RULES: usize = 12;
const ROLES: usize = 13;
const DEFAULTS: usize = 14;
const INVARIANTS: usize = 15;
const SEGMENTS: usize = 16;
const ROUTES: usize = 17;
const IDS: usize = 18;
const ABSENT: usize = 19;
const NETWORKS: usize = 20;
const PARAMETERS: usize = 21;
const INDEXES: usize = 22;
const INDEX_RULES: usize = 23;
const BUCKETS: usize = 24;
const BUCKET_RULES: usize = 25;
const IMPLYING: usize = 26;
const KNOWN_PLACES: usize = 27;
/// Bytes of a record.
const RECORD: [usize; 28] = [
    1, 8, 8, 4, 8, 28, 24, 4, 12, 4, 28, 28, 4, 12, 12, 8, 24, 36, 4, 13, 17, 8, 20, 4, 12, 4, 4, 4,
];
const NONE: u32 = u32::MAX;

struct Image(Vec<u8>);

impl Image {
    fn sample() -> Self {
        // Enough rules on one action for an index over each of two attributes.
        let found = (0..40).map(|number| {
            let (key, other) = (number % 7, number % 3);
            format!(
                r#"{{ "v": 1, "rules": [
                  {{ "id": "f{number:02}", "effect": "permit", "actions": ["Find"], "when": {{ "context.one": "k{key}" }} }},
                  {{ "id": "g{number:02}", "effect": "permit", "actions": ["Find"], "when": {{ "any": [
                      {{ "subject.kind": {{ "in": ["a", "b"] }} }}, {{ "subject.kind": "{}" }} ] }} }} ] }}"#,
                ["a", "b", "c"][other]
            )
        });
        let base = r#"{ "v": 1,
            "schema": {
              "attributes": {
                "subject.kind": { "type": "enum", "values": ["a", "b", "c"] },
                "subject.set": { "type": "enum_set", "values": ["x", "y", "z"] },
                "subject.ref": { "type": "id", "domain": "d" },
                "subject.other": { "type": "id", "domain": "d" },
                "subject.refs": { "type": "id_set", "domain": "d" },
                "context.flag": { "type": "bool" },
                "context.none": { "type": "bool", "absent": null },
                "context.on": { "type": "bool", "absent": true },
                "context.count": { "type": "int", "min": 0, "max": 9, "absent": 3 },
                "context.some": { "type": "enum_set", "values": ["x", "y", "z"], "absent": ["y"] },
                "context.one": { "type": "id", "domain": "d", "absent": "q" },
                "context.ids": { "type": "id_set", "domain": "d", "absent": ["p", "t"] },
                "context.client": { "type": "ip", "absent": "192.0.2.1" },
                "context.allowed": { "type": "ip_set", "absent": ["192.0.2.0/24", "::/0"] },
                "context.deep.number": { "type": "int", "min": 0, "max": 9 } },
              "actions": { "View": { "level": "organization" }, "Edit": { "level": "organization" },
                           "Manage": { "level": "account", "implies": ["View", "Edit"] },
                           "Audit": { "level": "account", "implies": ["View"] }, "Find": {}, "Ping": { "resource_types": ["account", "t"] } } },
            "roles": [ { "id": "editor", "level": "organization", "permissions": ["View", "Edit"] },
                       { "id": "owner", "level": "account", "permissions": ["*"] },
                       { "id": "viewer", "level": "organization", "permissions": ["View"] } ],
            "defaults": { "robot": ["viewer"], "user": ["owner", "viewer"] },
            "conditions": [ { "id": "one", "when": { "context.flag": true } },
                            { "id": "two", "when": { "not": { "condition": "one" } } } ],
            "rules": [
              { "id": "a", "effect": "permit", "actions": ["*"], "when": { "action.name": { "in": { "attribute": "subject.permissions" } } } },
              { "id": "b", "effect": "permit", "actions": ["Ping", "View"], "when": { "any": [ { "condition": "two" }, { "subject.refs": { "has_all": ["p", "q"] } } ] } },
              { "id": "c", "effect": "forbid", "actions": ["Ping", "Edit"], "when": { "subject.ref": "q", "subject.kind": { "in": ["a", "b"] } }, "reason": { "code": "no", "message": "No.", "link": "https://example.com" } },
              { "id": "d", "effect": "require", "actions": ["Ping"], "when": { "context.deep.number": { "lt": 3 }, "context.client": { "ne": "::1", "in": ["2001:db8::/32", "::2"] } }, "must": { "subject.ref": { "attribute": "subject.other" } }, "reason": { "code": "yes" } },
              { "id": "e", "effect": "advise", "actions": ["View"], "when": { "subject.set": { "has_any": ["x", "z"] }, "subject.ref": { "in": ["r", "s"] } }, "reason": { "code": "well" } } ],
            "invariants": [ { "id": "i", "never": { "context.flag": true } }, { "id": "j", "never": { "context.flag": false } } ],
            "routes": [ { "method": "GET", "path": "/", "action": "Ping" },
                        { "method": "GET", "path": "/o/{o}/v", "action": "View", "organization": "o", "undecided": ["Edit"] },
                        { "method": "POST", "path": "/o/{o}/v", "action": "Edit", "organization": "o" },
                        { "method": "GET", "path": "/o/{o}/v/{v}", "action": "View", "organization": "o", "resource": { "type": "v", "id": "v" } },
                        { "method": "GET", "path": "/p", "action": "Manage" } ] }"#;
        let texts: Vec<String> = found.chain([base.to_owned()]).collect();
        let policy = documents(texts.iter().map(String::as_str)).check().unwrap().into_policy();
        Self(policy.image().to_vec())
    }

    fn word(&self, at: usize) -> u32 {
        u32::from_le_bytes([self.0[at], self.0[at + 1], self.0[at + 2], self.0[at + 3]])
    }

    fn count(&self, section: usize) -> u32 {
        self.word(52 + section * 8 + 4)
    }

    /// Where a field of a record is.
    fn at(&self, section: usize, record: u32, field: usize) -> usize {
        self.word(52 + section * 8) as usize + record as usize * RECORD[section] + field
    }

    fn field(&self, section: usize, record: u32, field: usize) -> u32 {
        self.word(self.at(section, record, field))
    }

    fn byte(&self, section: usize, record: u32, field: usize) -> u8 {
        self.0[self.at(section, record, field)]
    }

    /// The code of loading it with other bytes in one place.
    fn refused(&self, at: usize, bytes: &[u8]) -> Option<Code> {
        let mut changed = self.0.clone();
        assert_ne!(changed[at..at + bytes.len()], *bytes, "nothing would change");
        changed[at..at + bytes.len()].copy_from_slice(bytes);
        load(changed)
    }

    #[track_caller]
    fn refuses(&self, section: usize, record: u32, field: usize, number: u32) {
        let code = self.refused(self.at(section, record, field), &number.to_le_bytes());
        assert_eq!(code, Some(Code::InvalidImage), "{section} {record} {field} = {number}");
    }

    #[track_caller]
    fn refuses_byte(&self, section: usize, record: u32, field: usize, byte: u8) {
        let code = self.refused(self.at(section, record, field), &[byte]);
        assert_eq!(code, Some(Code::InvalidImage), "{section} {record} {field} = {byte}");
    }

    #[track_caller]
    fn refuses_swapped(&self, section: usize, (one, other): (u32, u32), field: usize) {
        let (one, other) = (self.at(section, one, field), self.at(section, other, field));
        let mut changed = self.0.clone();
        assert_ne!(changed[one..one + 4], changed[other..other + 4]);
        for byte in 0..4 {
            changed.swap(one + byte, other + byte);
        }
        assert_eq!(load(changed), Some(Code::InvalidImage), "{section}: {one} and {other} swapped");
    }
}

fn load(image: Vec<u8>) -> Option<Code> {
    Policy::from_image(sealed(image)).err().map(|error| error.code())
}
