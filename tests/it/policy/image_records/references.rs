//! References lead to records that are there, that are the owner's alone, and that are in order.

use super::{
    ABSENT, ACTION_RULES, ACTIONS, ATTRIBUTES, DEFAULTS, ENUMS, IDS, Image, LISTS, NONE,
    PARAMETERS, PLACES, READERS, ROLES, ROUTES, RULES, SEGMENTS, STRINGS, TEXT, WORDS, load,
};
use cog_auth::Code;

#[test]
fn references_lead_to_records_that_are_there() {
    let image = Image::sample();
    // Section, field, where it leads; and whether it may lead nowhere.
    for (section, field, target, optional) in [
        (ATTRIBUTES, 4, STRINGS, false),
        (ATTRIBUTES, 24, STRINGS, false),
        (PLACES, 0, STRINGS, false),
        (READERS, 0, ATTRIBUTES, false),
        (RULES, 0, STRINGS, false),
        (RULES, 16, STRINGS, true),
        (RULES, 20, STRINGS, true),
        (RULES, 24, STRINGS, true),
        (ACTIONS, 4, WORDS, true),
        (ACTIONS, 16, WORDS, true),
        (ACTION_RULES, 0, RULES, false),
        (ROLES, 8, WORDS, true),
        (DEFAULTS, 4, WORDS, true),
        (DEFAULTS, 8, WORDS, true),
        (SEGMENTS, 0, STRINGS, true),
        (ROUTES, 0, STRINGS, false),
        (ROUTES, 16, STRINGS, true),
        (ROUTES, 24, WORDS, true),
        (PARAMETERS, 0, STRINGS, false),
        (IDS, 0, STRINGS, false),
        (ABSENT, 0, ATTRIBUTES, false),
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
        image.refuses_byte(ATTRIBUTES, attribute, 0, 11);
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
        (ROUTES, 28, 32),
    ] {
        for record in 0..image.count(section) {
            image.refuses(section, record, first, image.field(section, record, first) + 1);
            image.refuses(section, record, first, NONE);
            image.refuses(section, record, count, NONE);
            image.refuses(section, record, count, NONE - image.field(section, record, first));
        }
        // The last one reaches no further than there is something, and no other one into what is
        // the next one's.
        let target = [
            (STRINGS, TEXT),
            (PLACES, READERS),
            (ACTIONS, ACTION_RULES),
            (SEGMENTS, SEGMENTS),
            (ROUTES, PARAMETERS),
        ];
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
    // Nor may it have a child more or less, though each place still has one parent: the first child
    // of another one then.
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
