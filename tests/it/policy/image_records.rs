//! Every reference in a compiled image is checked when it is loaded: one that leads outside, or to what belongs to
//! another record, and every order, as `src/policy/image/layout.rs` lays them down.

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
/// Bytes of a record.
const RECORD: [usize; 19] = [1, 8, 8, 4, 8, 24, 24, 4, 12, 4, 24, 16, 4, 12, 12, 8, 24, 20, 4];
const NONE: u32 = u32::MAX;

struct Image(Vec<u8>);

impl Image {
    fn sample() -> Self {
        let policy = documents([r#"{ "v": 1,
            "schema": {
              "attributes": {
                "subject.kind": { "type": "enum", "values": ["a", "b", "c"] },
                "subject.set": { "type": "enum_set", "values": ["x", "y", "z"] },
                "subject.ref": { "type": "id", "domain": "d" },
                "subject.other": { "type": "id", "domain": "d" },
                "subject.refs": { "type": "id_set", "domain": "d" },
                "context.flag": { "type": "bool" },
                "context.deep.number": { "type": "int", "min": 0, "max": 9 } },
              "actions": { "View": { "level": "organization" }, "Edit": { "level": "organization" },
                           "Manage": { "level": "account", "implies": ["View", "Edit"] }, "Ping": {} } },
            "roles": [ { "id": "editor", "level": "organization", "permissions": ["View", "Edit"] },
                       { "id": "owner", "level": "account", "permissions": ["*"] },
                       { "id": "viewer", "level": "organization", "permissions": ["View"] } ],
            "defaults": { "robot": ["viewer"], "user": ["owner", "viewer"] },
            "conditions": [ { "id": "one", "when": { "context.flag": true } },
                            { "id": "two", "when": { "not": { "condition": "one" } } } ],
            "rules": [
              { "id": "a", "effect": "permit", "actions": ["*"], "when": { "action.name": { "in": { "attribute": "subject.permissions" } } } },
              { "id": "b", "effect": "permit", "actions": ["Ping", "View"], "when": { "any": [ { "condition": "two" }, { "subject.refs": { "has_all": ["p", "q"] } } ] } },
              { "id": "c", "effect": "forbid", "actions": ["Ping", "Edit"], "when": { "subject.ref": "q", "subject.kind": { "in": ["a", "b"] } }, "reason": { "code": "no", "message": "No." } },
              { "id": "d", "effect": "require", "actions": ["Ping"], "when": { "context.deep.number": { "lt": 3 } }, "must": { "subject.ref": { "attribute": "subject.other" } }, "reason": { "code": "yes" } },
              { "id": "e", "effect": "advise", "actions": ["View"], "when": { "subject.set": { "has_any": ["x", "z"] }, "subject.ref": { "in": ["r", "s"] } }, "reason": { "code": "well" } } ],
            "invariants": [ { "id": "i", "never": { "context.flag": true } }, { "id": "j", "never": { "context.flag": false } } ],
            "routes": [ { "method": "GET", "path": "/", "action": "Ping" },
                        { "method": "GET", "path": "/o/{o}/v", "action": "View", "organization": "o", "undecided": ["Edit"] },
                        { "method": "POST", "path": "/o/{o}/v", "action": "Edit", "organization": "o" },
                        { "method": "GET", "path": "/p", "action": "Manage" } ] }"#])
        .check()
        .unwrap()
        .into_policy();
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

fn load(mut image: Vec<u8>) -> Option<Code> {
    let length = u32::try_from(image.len()).unwrap();
    image[12..16].copy_from_slice(&length.to_le_bytes());
    let checksum = crc32fast::hash(&image[20..]);
    image[16..20].copy_from_slice(&checksum.to_le_bytes());
    Policy::from_image(image).err().map(|error| error.code())
}

#[test]
fn the_sample_has_everything() {
    let image = Image::sample();
    assert_eq!(load(image.0.clone()), None);
    for section in TEXT..=IDS {
        assert!(image.count(section) >= 2, "{section}");
    }
}

#[test]
fn sections_lie_within_the_image() {
    let image = Image::sample();
    let length = u32::try_from(image.0.len()).unwrap();
    for (section, record) in RECORD.into_iter().enumerate() {
        let (place, count) = (52 + section * 8, image.count(section));
        let bytes = count * u32::try_from(record).unwrap();
        for (at, number) in [(place, length - bytes + 1), (place, NONE), (place + 4, NONE)] {
            assert_eq!(
                image.refused(at, &number.to_le_bytes()),
                Some(Code::InvalidImage),
                "{section} {number}"
            );
        }
    }
}

#[test]
fn references_lead_to_records_that_are_there() {
    let image = Image::sample();
    // Section, field, where it leads; and whether it may lead nowhere.
    for (section, field, target, optional) in [
        (ATTRIBUTES, 4, STRINGS, false),
        (PLACES, 0, STRINGS, false),
        (READERS, 0, ATTRIBUTES, false),
        (RULES, 0, STRINGS, false),
        (RULES, 16, STRINGS, true),
        (RULES, 20, STRINGS, true),
        (ACTIONS, 4, WORDS, true),
        (ACTION_RULES, 0, RULES, false),
        (ROLES, 8, WORDS, true),
        (DEFAULTS, 4, WORDS, true),
        (DEFAULTS, 8, WORDS, true),
        (SEGMENTS, 0, STRINGS, true),
        (ROUTES, 0, STRINGS, false),
        (ROUTES, 16, WORDS, true),
        (IDS, 0, STRINGS, false),
    ] {
        for record in 0..image.count(section) {
            image.refuses(section, record, field, image.count(target));
            if optional && image.field(section, record, field) != NONE {
                continue;
            }
            if !optional {
                image.refuses(section, record, field, NONE);
            }
        }
    }
    for route in 0..image.count(ROUTES) {
        // The last record holds the rules of all actions and is no action.
        image.refuses(ROUTES, route, 4, image.count(ACTIONS) - 1);
    }
    for record in 0..image.count(ENUMS) {
        let first = image.field(ENUMS, record, 0);
        for item in first..first + image.field(ENUMS, record, 4) {
            image.refuses(LISTS, item, 0, image.count(STRINGS));
        }
    }
    for attribute in 0..image.count(ATTRIBUTES) {
        image.refuses_byte(ATTRIBUTES, attribute, 0, 9);
        if [1, 4].contains(&image.byte(ATTRIBUTES, attribute, 0)) {
            image.refuses_byte(ATTRIBUTES, attribute, 2, u8::try_from(image.count(ENUMS)).unwrap());
        }
    }
    // The three that every policy has are of their types, over the actions.
    for (attribute, other) in [(0, 6), (1, 7), (2, 6)] {
        image.refuses_byte(ATTRIBUTES, attribute, 0, other);
        image.refuses_byte(ATTRIBUTES, attribute, 2, 1);
    }
}

#[test]
fn records_belong_to_one_owner() {
    let image = Image::sample();
    // What an owner has begins where that of the one before ends.
    for (section, first, count) in [
        (STRINGS, 0, 4),
        (ENUMS, 0, 4),
        (PLACES, 12, 16),
        (ACTIONS, 8, 12),
        (SEGMENTS, 4, 8),
        (SEGMENTS, 16, 20),
    ] {
        for record in 0..image.count(section) {
            image.refuses(section, record, first, image.field(section, record, first) + 1);
            image.refuses(section, record, first, NONE);
            image.refuses(section, record, count, NONE);
            image.refuses(section, record, count, NONE - image.field(section, record, first));
        }
        // The last one reaches no further than there is something, and no other one into what is the next one's.
        let target =
            [(STRINGS, TEXT), (PLACES, READERS), (ACTIONS, ACTION_RULES), (SEGMENTS, SEGMENTS)];
        for record in 0..image.count(section) - 1 {
            image.refuses(section, record, count, image.field(section, record, count) + 1);
        }
        if let Some((_, target)) =
            target.iter().find(|(owner, _)| *owner == section).filter(|_| section != SEGMENTS)
        {
            let last = image.count(section) - 1;
            let left = image.count(*target) - image.field(section, last, first);
            image.refuses(section, last, count, left + 1);
        }
    }
    for place in 0..image.count(PLACES) {
        image.refuses(PLACES, place, 4, image.field(PLACES, place, 4) + 1);
        for children in [u16::MAX, u16::from(image.byte(PLACES, place, 8)) + 1] {
            let at = image.at(PLACES, place, 8);
            assert_eq!(
                image.refused(at, &children.to_le_bytes()),
                Some(Code::InvalidImage),
                "{place}"
            );
        }
    }
    for segment in 0..image.count(SEGMENTS) {
        let parameter = image.field(SEGMENTS, segment, 12);
        image.refuses(SEGMENTS, segment, 12, if parameter == NONE { 0 } else { parameter + 1 });
        image.refuses(SEGMENTS, segment, 12, image.count(SEGMENTS));
    }
}

#[test]
fn the_first_place_has_the_parts_of_a_request() {
    let image = Image::sample();
    assert_eq!(image.byte(PLACES, 0, 8), 4);
    for part in 1..=4 {
        // Another name is refused, and so are two in another order.
        image.refuses(PLACES, part, 0, image.field(PLACES, 5, 0));
        image.refuses_swapped(PLACES, (part, part % 4 + 1), 0);
    }
    // Nor may it have a child more or less, though each place still has one parent: the first child of another one then.
    for (count, first) in [(5, 6), (3, 4)] {
        let mut changed = image.0.clone();
        changed[image.at(PLACES, 0, 8)] = count;
        let one = image.at(PLACES, 1, 0);
        changed[one + 4] = first;
        changed[one + 8] = image.byte(PLACES, 1, 8) + 4 - count;
        assert_eq!(load(changed), Some(Code::InvalidImage), "{count} children");
    }
}

#[test]
fn nodes_are_trees_of_conditions() {
    let image = Image::sample();
    let nodes = image.count(NODES);
    for node in 0..nodes {
        let (op, operand) = (image.byte(NODES, node, 0), image.byte(NODES, node, 1));
        for wrong in [4, 7, 20, 255] {
            image.refuses_byte(NODES, node, 0, wrong);
        }
        let outside = match (op, operand) {
            (0..=2, _) => {
                // It ends after itself and within what it is in.
                image.refuses(NODES, node, 4, node);
                image.refuses(NODES, node, 4, 0);
                nodes + 1
            }
            (3, _) => image.count(CONDITIONS),
            (_, 0) => image.count(ATTRIBUTES),
            (_, 2) => image.count(IDS),
            (_, 3) => image.count(WORDS),
            (_, 4) => {
                image.refuses(NODES, node, 4, image.field(NODES, node, 4) + 1);
                image.refuses(NODES, node, 8, NONE);
                image.refuses(NODES, node, 8, image.count(LISTS));
                NONE
            }
            _ => continue,
        };
        image.refuses(NODES, node, 4, outside);
        if op >= 8 {
            image.refuses_byte(NODES, node, 1, 5);
            let at = image.at(NODES, node, 2);
            let attributes = u16::try_from(image.count(ATTRIBUTES)).unwrap();
            assert_eq!(
                image.refused(at, &attributes.to_le_bytes()),
                Some(Code::InvalidImage),
                "{node}"
            );
        }
    }
    // Each tree is one condition's, rule's or invariant's, one after the other.
    for (section, field) in [(CONDITIONS, 0), (RULES, 8), (INVARIANTS, 4)] {
        for record in 0..image.count(section) {
            let root = image.field(section, record, field);
            for wrong in [root + 1, NONE, nodes] {
                image.refuses(section, record, field, wrong);
            }
        }
    }
    for rule in 0..image.count(RULES) {
        image.refuses_byte(RULES, rule, 4, 4);
        let must = image.field(RULES, rule, 12);
        // A require has one, and nothing else has.
        image.refuses(RULES, rule, 12, if must == NONE { nodes - 1 } else { NONE });
        image.refuses(RULES, rule, 12, if must == NONE { 0 } else { must + 1 });
    }
    // A condition refers to those before it alone.
    let root = image.field(CONDITIONS, 1, 0);
    let references: Vec<_> =
        (root..nodes).filter(|node| image.byte(NODES, *node, 0) == 3).collect();
    image.refuses(NODES, references[0], 4, 1);
    // A `not` has one part, and no node is left over.
    let not = (root..nodes).find(|node| image.byte(NODES, *node, 0) == 2).unwrap();
    let end = image.field(NODES, not, 4);
    image.refuses(NODES, not, 4, end + 1);
}

#[test]
fn what_is_searched_is_sorted() {
    let image = Image::sample();
    for (section, field) in [(RULES, 0), (ROLES, 0), (DEFAULTS, 0), (IDS, 0)] {
        for record in 1..image.count(section) {
            image.refuses_swapped(section, (record - 1, record), field);
            image.refuses(section, record, field, image.field(section, record - 1, field));
        }
    }
    for record in 0..image.count(ENUMS) {
        let first = image.field(ENUMS, record, 0);
        for item in first + 1..first + image.field(ENUMS, record, 4) {
            image.refuses_swapped(LISTS, (item - 1, item), 0);
        }
    }
    for action in 0..image.count(ACTIONS) {
        let first = image.field(ACTIONS, action, 8);
        for rule in first + 1..first + image.field(ACTIONS, action, 12) {
            image.refuses_swapped(ACTION_RULES, (rule - 1, rule), 0);
            image.refuses(ACTION_RULES, rule, 0, image.field(ACTION_RULES, rule - 1, 0));
        }
        image.refuses(ACTIONS, action, 0, 3);
    }
}

#[test]
fn there_are_as_many_actions_as_names_of_them_and_one_record_more() {
    let image = Image::sample();
    let count = 52 + ACTIONS * 8 + 4;
    for number in [image.count(ACTIONS) - 1, 0] {
        assert_eq!(
            image.refused(count, &number.to_le_bytes()),
            Some(Code::InvalidImage),
            "{number}"
        );
    }
    // Not even the record that holds the rules of all actions.
    let policy = documents([r#"{ "v": 1, "schema": { "actions": { "A": {} } } }"#])
        .check()
        .unwrap()
        .into_policy();
    let mut bare = Image(policy.image().to_vec());
    assert_eq!((bare.count(ACTIONS), bare.count(ENUMS)), (2, 1));
    let names = bare.at(ENUMS, 0, 4);
    bare.0[names..names + 4].fill(0);
    assert_eq!(bare.refused(count, &0_u32.to_le_bytes()), Some(Code::InvalidImage));
}

#[test]
fn no_node_is_left_over_and_none_is_too_deep() {
    let image = Image::sample();
    let count = image.count(NODES) + 1;
    assert_eq!(image.refused(52 + NODES * 8 + 4, &count.to_le_bytes()), Some(Code::InvalidImage));

    // One `all` of 40 atoms, of which the first become an `all` of all that follows: 32 levels and an atom below.
    let atoms = vec![r#"{ "subject.a": true }"#; 40].join(", ");
    let policy = documents([format!(
        r#"{{ "v": 1, "schema": {{ "attributes": {{ "subject.a": {{ "type": "bool" }} }}, "actions": {{ "A": {{}} }} }},
             "rules": [ {{ "id": "r", "effect": "permit", "actions": ["A"], "when": {{ "all": [ {atoms} ] }} }},
                        {{ "id": "s", "effect": "permit", "actions": ["A"], "when": {{ "subject.a": false }} }} ] }}"#
    )
    .as_str()])
    .check()
    .unwrap()
    .into_policy();
    let flat = Image(policy.image().to_vec());
    let root = flat.field(RULES, 0, 8);
    let first = (root..flat.count(NODES)).find(|node| flat.byte(NODES, *node, 0) >= 8).unwrap();
    let above = first - root;
    for (levels, expected) in
        [(32, None), (33, Some(Code::InvalidImage)), (38, Some(Code::InvalidImage))]
    {
        let mut deep = Image(flat.0.clone());
        for node in first..first + levels - above {
            let at = deep.at(NODES, node, 0);
            deep.0[at] = 0;
            let end = flat.field(NODES, root, 4).to_le_bytes();
            deep.0[at + 4..at + 8].copy_from_slice(&end);
        }
        assert_eq!(load(deep.0), expected, "{levels}");
    }
    // A part that reaches beyond what it is a part of.
    let end = flat.field(NODES, root, 4);
    let mut longer = Image(flat.0.clone());
    let at = longer.at(NODES, end - 1, 0);
    longer.0[at] = 0;
    for (end, expected) in [(end, None), (end + 1, Some(Code::InvalidImage))] {
        longer.0[at + 4..at + 8].copy_from_slice(&end.to_le_bytes());
        assert_eq!(load(longer.0.clone()), expected, "{end}");
    }
}

#[test]
fn an_operator_that_does_not_fit_its_operands_is_not_true() {
    let properties = r#""kind": "a", "set": ["a"], "ref": "p", "refs": ["p"]"#;
    let text = format!(
        r#"{{ "subject": {{ "type": "user", "id": "u", "properties": {{ {properties} }} }}, "action": {{ "name": "A" }}, "resource": {{ "type": "t", "id": "i" }} }}"#
    );
    for when in [
        r#""subject.kind": { "in": ["a", "b"] }"#,
        r#""subject.kind": { "in": { "attribute": "subject.set" } }"#,
        r#""subject.set": { "has": "a" }"#,
        r#""subject.set": { "has": { "attribute": "subject.kind" } }"#,
        r#""subject.ref": { "in": ["p", "q"] }"#,
        r#""subject.ref": { "in": { "attribute": "subject.refs" } }"#,
        r#""subject.refs": { "has": "p" }"#,
        r#""subject.refs": { "has": { "attribute": "subject.ref" } }"#,
    ] {
        let policy = documents([format!(
            r#"{{ "v": 1, "schema": {{ "attributes": {{
                  "subject.kind": {{ "type": "enum", "values": ["a", "b"] }}, "subject.set": {{ "type": "enum_set", "values": ["a", "b"] }},
                  "subject.ref": {{ "type": "id", "domain": "d" }}, "subject.refs": {{ "type": "id_set", "domain": "d" }} }},
                "actions": {{ "A": {{}} }} }},
               "rules": [ {{ "id": "r", "effect": "permit", "actions": ["A"], "when": {{ {when} }} }} ] }}"#
        )
        .as_str()])
        .check()
        .unwrap()
        .into_policy();
        assert!(policy.request(text.as_bytes()).unwrap().decide().is_allowed(), "{when}");
        let image = Image(policy.image().to_vec());
        let atom = (0..image.count(NODES)).find(|node| image.byte(NODES, *node, 0) >= 8).unwrap();
        // `lt`: of no set and no string is that true.
        let mut forged = image.0.clone();
        forged[image.at(NODES, atom, 0)] = 15;
        let length = u32::try_from(forged.len()).unwrap();
        forged[12..16].copy_from_slice(&length.to_le_bytes());
        let checksum = crc32fast::hash(&forged[20..]);
        forged[16..20].copy_from_slice(&checksum.to_le_bytes());
        if let Ok(policy) = Policy::from_image(forged) {
            assert!(!policy.request(text.as_bytes()).unwrap().decide().is_allowed(), "{when}");
        }
    }
}
