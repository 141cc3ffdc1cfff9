//! Nodes are the trees of conditions, and their operators fit their operands.

use super::{
    ABSENT, ATTRIBUTES, CONDITIONS, IDS, INVARIANTS, Image, LISTS, NETWORKS, NODES, NONE, RULES,
    STRINGS, WORDS, load,
};
use crate::common::documents;
use crate::policy::image::sealed;
use cog_auth::Code;
use cog_auth::policy::Policy;

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
            (_, 5) => {
                image.refuses(NODES, node, 4, image.field(NODES, node, 4) + 1);
                image.refuses(NODES, node, 8, NONE);
                image.refuses(NODES, node, 8, image.count(NETWORKS));
                NONE
            }
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
            image.refuses_byte(NODES, node, 1, 6);
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
fn no_node_is_left_over_and_none_is_too_deep() {
    let image = Image::sample();
    let count = image.count(NODES) + 1;
    assert_eq!(image.refused(52 + NODES * 8 + 4, &count.to_le_bytes()), Some(Code::InvalidImage));

    // One `all` of 40 atoms, of which the first become an `all` of all that follows: 32 levels and
    // an atom below.
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
        if let Ok(policy) = Policy::from_image(sealed(forged)) {
            assert!(!policy.request(text.as_bytes()).unwrap().decide().is_allowed(), "{when}");
        }
    }
}

/// What is declared of absence refers to strings, or owns a list of them.
#[test]
fn absences_have_strings() {
    let image = Image::sample();
    let mut kinds = Vec::new();
    for absent in 0..image.count(ABSENT) {
        let (kind, a) = (image.byte(ABSENT, absent, 4), image.field(ABSENT, absent, 5));
        kinds.push(kind);
        for wrong in [5, 255] {
            image.refuses_byte(ABSENT, absent, 4, wrong);
        }
        match kind {
            0..=2 => {}
            3 => {
                image.refuses(ABSENT, absent, 5, image.count(STRINGS));
                image.refuses(ABSENT, absent, 5, NONE);
            }
            4 => {
                let count = image.field(ABSENT, absent, 9);
                for wrong in [a + 1, a.wrapping_sub(1), image.count(LISTS), NONE] {
                    image.refuses(ABSENT, absent, 5, wrong);
                }
                for wrong in [count + 1, image.count(LISTS), NONE] {
                    image.refuses(ABSENT, absent, 9, wrong);
                }
                for item in a..a + count {
                    image.refuses(LISTS, item, 0, image.count(STRINGS));
                    image.refuses(LISTS, item, 0, NONE);
                }
            }
            other => panic!("{other}"),
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, [0, 1, 2, 3, 4]);
}
