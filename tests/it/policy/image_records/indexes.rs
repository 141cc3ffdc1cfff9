//! An index finds just the rules that it has to find, so that no rule can be hidden from a
//! decision.

use super::{
    ACTIONS, BUCKET_RULES, BUCKETS, IMPLYING, INDEX_RULES, INDEXES, Image, KNOWN_PLACES, NONE,
    PLACES, RULES, load,
};
use cog_auth::Code;

/// The records that a span field leads to.
fn owned(image: &Image, section: usize, record: u32, field: usize) -> std::ops::Range<u32> {
    let first = image.field(section, record, field);
    first..first + image.field(section, record, field + 4)
}

#[test]
fn no_rule_can_be_left_out_of_an_index() {
    let image = Image::sample();
    for index in 0..image.count(INDEXES) {
        for rule in owned(&image, INDEXES, index, 4) {
            // Another rule in its place: then it is in no bucket, or the other one is in one.
            for other in [0, image.field(INDEX_RULES, rule, 0) + 1, image.count(RULES), NONE] {
                image.refuses(INDEX_RULES, rule, 0, other);
            }
        }
        for bucket in owned(&image, INDEXES, index, 12) {
            for rule in owned(&image, BUCKETS, bucket, 4) {
                for other in [0, image.field(BUCKET_RULES, rule, 0) + 1, image.count(RULES), NONE] {
                    image.refuses(BUCKET_RULES, rule, 0, other);
                }
            }
        }
    }
    // A rule is taken from the end of the last bucket, and is gone from the index's own list or
    // not.
    let last = image.count(BUCKETS) - 1;
    let rules = image.field(BUCKETS, last, 8);
    image.refuses(BUCKETS, last, 8, rules - 1);
    let last = image.count(INDEXES) - 1;
    image.refuses(INDEXES, last, 8, image.field(INDEXES, last, 8) - 1);
}

#[test]
fn the_values_of_an_index_are_in_order_and_are_keys_of_its_rules() {
    let image = Image::sample();
    for index in 0..image.count(INDEXES) {
        let buckets = owned(&image, INDEXES, index, 12);
        for bucket in buckets.clone() {
            let value = image.field(BUCKETS, bucket, 0);
            image.refuses(BUCKETS, bucket, 0, NONE);
            image.refuses(BUCKETS, bucket, 0, if value == 0 { 77 } else { value - 1 });
        }
        for bucket in buckets.clone().skip(1) {
            image.refuses_swapped(BUCKETS, (bucket - 1, bucket), 0);
        }
        // Another attribute, of which its rules have no keys.
        for attribute in 0..5 {
            if attribute != image.field(INDEXES, index, 0) {
                image.refuses(INDEXES, index, 0, attribute);
            }
        }
    }
}

#[test]
fn indexes_and_buckets_belong_to_one_owner() {
    let image = Image::sample();
    for (section, field) in [(ACTIONS, 20), (INDEXES, 4), (INDEXES, 12), (BUCKETS, 4)] {
        for record in 0..image.count(section) {
            let (first, count) =
                (image.field(section, record, field), image.field(section, record, field + 4));
            image.refuses(section, record, field, first + 1);
            image.refuses(section, record, field, NONE);
            image.refuses(section, record, field + 4, NONE);
            image.refuses(section, record, field + 4, count + 1);
        }
    }
}

#[test]
fn the_actions_that_imply_others_are_listed() {
    let image = Image::sample();
    for record in 0..image.count(IMPLYING) {
        for wrong in [image.field(IMPLYING, record, 0) + 1, image.count(ACTIONS), NONE] {
            image.refuses(IMPLYING, record, 0, wrong);
        }
    }
    // One less, and one that is listed no more since it is said to imply nothing.
    let count = 52 + IMPLYING * 8 + 4;
    let fewer = (image.count(IMPLYING) - 1).to_le_bytes();
    assert_eq!(image.refused(count, &fewer), Some(Code::InvalidImage));
    image.refuses(ACTIONS, image.field(IMPLYING, 0, 0), 4, NONE);
}

#[test]
fn known_places_are_places_or_none() {
    let image = Image::sample();
    for record in 0..image.count(KNOWN_PLACES) {
        image.refuses(KNOWN_PLACES, record, 0, image.count(PLACES));
        let mut without = Image(image.0.clone());
        let at = without.at(KNOWN_PLACES, record, 0);
        without.0[at..at + 4].copy_from_slice(&NONE.to_le_bytes());
        assert_eq!(load(without.0), None);
    }
}
