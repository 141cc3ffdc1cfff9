//! Where the sections of an image lie, and how many records each has.

use super::{ACTIONS, ENUMS, Image, KNOWN_PLACES, NONE, RECORD, TEXT, load};
use crate::common::documents;
use cog_auth::Code;

#[test]
fn the_sample_has_everything() {
    let image = Image::sample();
    assert_eq!(load(image.0.clone()), None);
    for section in TEXT..=KNOWN_PLACES {
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
    assert_eq!((bare.count(ACTIONS), bare.count(ENUMS)), (2, 2));
    let names = bare.at(ENUMS, 0, 4);
    bare.0[names..names + 4].fill(0);
    // The list of the other enum, which has no values, begins where that of the first one ends.
    let types = bare.at(ENUMS, 1, 0);
    bare.0[types..types + 4].fill(0);
    assert_eq!(bare.refused(count, &0_u32.to_le_bytes()), Some(Code::InvalidImage));
}
