//! Compiled images: as good as the documents, and never trusted.

use crate::common::{cases, root, source};
use cog_auth::Code;
use cog_auth::policy::{ImageDigest, Policy};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::sync::LazyLock;

// The header, from src/policy/image/layout.rs.
const LENGTH: usize = 12;
const CHECKSUM: usize = 16;
const CHECKED_FROM: usize = 20;
const DIGEST_END: usize = 52;
const SECTIONS: usize = 28;

static BUILT_IN: LazyLock<Policy> =
    LazyLock::new(|| source(&root().join("policies")).check().unwrap().into_policy());

/// Requests, and methods with targets.
type Questions = (Vec<String>, Vec<(String, String)>);

/// Some of the cases.
static SAMPLE: LazyLock<Questions> = LazyLock::new(|| {
    let requests =
        cases::requests().iter().step_by(40).map(|case| case.request.to_string()).collect();
    (requests, cases::targets().into_iter().step_by(9).collect())
});

/// Everything that a policy says to the sample.
fn answers(policy: &Policy) -> Vec<String> {
    let (requests, targets) = &*SAMPLE;
    let mut answers = Vec::new();
    for request in requests {
        answers.push(format!("{:?}", policy.evaluate(request.as_bytes())));
        answers.push(format!("{:?}", policy.search_actions(request.as_bytes())));
        if let Ok(request) = policy.request(request.as_bytes()) {
            answers.push(format!("{:?}", request.decide().explain().insufficient_scope()));
        }
    }
    answers.extend(
        targets.iter().map(|(method, target)| format!("{:?}", policy.route(method, target))),
    );
    answers
}

/// Makes header and contents agree again.
pub(super) fn sealed(mut image: Vec<u8>) -> Vec<u8> {
    let length = u32::try_from(image.len()).unwrap();
    image[LENGTH..CHECKSUM].copy_from_slice(&length.to_le_bytes());
    let digest = ImageDigest::of(&image[CHECKED_FROM..]);
    image[CHECKSUM..CHECKED_FROM].copy_from_slice(&digest.as_bytes()[..4]);
    image
}

/// Loads and uses an image; whatever it says, it must come to an end.
fn survives(image: Vec<u8>) -> bool {
    let loaded = Policy::from_image(image);
    if let Ok(policy) = &loaded {
        answers(policy);
        assert!(policy.actions().count() <= 10_000);
    }
    loaded.is_ok()
}

#[test]
fn an_image_answers_as_its_documents() {
    let image = Policy::from_image(BUILT_IN.image().to_vec()).unwrap();
    assert_eq!((image.digest(), image.image()), (BUILT_IN.digest(), BUILT_IN.image()));
    assert!(image.actions().eq(BUILT_IN.actions()));
    for case in cases::requests() {
        let text = case.request.to_string();
        assert_eq!(
            image.evaluate(text.as_bytes()),
            BUILT_IN.evaluate(text.as_bytes()),
            "{}",
            case.name
        );
        assert_eq!(image.search_actions(text.as_bytes()), BUILT_IN.search_actions(text.as_bytes()));
        if let (Ok(request), Some(decision)) =
            (image.request(text.as_bytes()), case.expect["decision"].as_bool())
        {
            assert_eq!(request.decide().is_allowed(), decision, "{}", case.name);
        }
    }
    for (method, target) in cases::targets() {
        assert_eq!(image.route(&method, &target), BUILT_IN.route(&method, &target));
    }
}

#[test]
fn an_image_is_loaded_by_the_digest_of_its_bytes() {
    let image = BUILT_IN.image().to_vec();
    let digest = ImageDigest::of(&image);
    assert_eq!(BUILT_IN.image_digest(), digest);
    assert!(Policy::from_image_expecting(image.clone(), digest).is_ok());
    // The policy's own digest, which the image only states, is another.
    let policy = ImageDigest::from_bytes(*BUILT_IN.digest().as_bytes());
    for wrong in [policy, ImageDigest::of(b""), ImageDigest::from_bytes([0; 32])] {
        let error = Policy::from_image_expecting(image.clone(), wrong).unwrap_err();
        assert_eq!(error.code(), Code::UnexpectedDigest);
    }
    let mut forged = image;
    forged[DIGEST_END - 1] ^= 1;
    let forged = sealed(forged);
    assert!(Policy::from_image(forged.clone()).is_ok(), "a checksum finds no forgery");
    assert_eq!(
        Policy::from_image_expecting(forged, digest).unwrap_err().code(),
        Code::UnexpectedDigest
    );
}

#[test]
fn the_embedded_image_is_up_to_date() {
    let embedded = std::fs::read(root().join("src/policy/builtin.image")).unwrap();
    assert!(embedded == BUILT_IN.image(), "run `cargo xtask image`");
    #[cfg(feature = "builtin")]
    assert!(Policy::builtin().image() == embedded);
}

#[test]
fn every_changed_byte_is_found() {
    let image = BUILT_IN.image();
    for at in 0..image.len() {
        for flip in [1, 0x80] {
            let mut changed = image.to_vec();
            changed[at] ^= flip;
            match Policy::from_image(changed) {
                Err(error) => {
                    assert!([Code::InvalidImage, Code::UnknownImageVersion].contains(&error.code()))
                }
                Ok(policy) => assert_eq!(answers(&policy), answers(&BUILT_IN), "byte {at}"),
            }
        }
    }
}

#[test]
fn every_truncation_is_refused() {
    let image = BUILT_IN.image();
    for length in 0..image.len() {
        let cut = image[..length].to_vec();
        assert!(Policy::from_image(cut.clone()).is_err(), "{length} bytes");
        // With a header that fits, too.
        if length >= CHECKED_FROM && length % 7 == 0 {
            assert!(Policy::from_image(sealed(cut)).is_err(), "{length} bytes");
        }
    }
    let longer = [image, b"\0"].concat();
    assert_eq!(Policy::from_image(longer).unwrap_err().code(), Code::InvalidImage);
}

#[test]
fn another_version_is_told() {
    let mut image = BUILT_IN.image().to_vec();
    image[8] = image[8].wrapping_add(1);
    assert_eq!(Policy::from_image(sealed(image)).unwrap_err().code(), Code::UnknownImageVersion);
}

/// Every word of the header's table, and some of the rest, replaced by numbers that are wrong in
/// their own ways.
#[test]
fn every_wrong_index_is_survived() {
    let image = BUILT_IN.image();
    let table = DIGEST_END..DIGEST_END + SECTIONS * 8;
    let rest = (table.end..image.len() - 4).step_by(68);
    let mut refused = 0;
    for at in table.step_by(4).chain(rest) {
        let old = u32::from_le_bytes([image[at], image[at + 1], image[at + 2], image[at + 3]]);
        for new in [0, u32::MAX, old.wrapping_add(1)] {
            let mut changed = image.to_vec();
            changed[at..at + 4].copy_from_slice(&new.to_le_bytes());
            refused += usize::from(!survives(sealed(changed)));
        }
    }
    assert!(refused > 300, "only {refused} refused");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn garbage_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), header in any::<bool>()) {
        prop_assert!(Policy::from_image(bytes.clone()).is_err());
        if header {
            let image = [&BUILT_IN.image()[..DIGEST_END], &bytes].concat();
            prop_assert!(Policy::from_image(sealed(image)).is_err());
        }
    }

    #[test]
    fn patched_images_are_survived(
        patches in prop::collection::vec((any::<Index>(), prop_oneof![any::<u8>(), select(vec![0, 1, 0x7f, 0x80, 0xff])], 1..5_usize), 1..4),
    ) {
        let mut image = BUILT_IN.image().to_vec();
        for (at, value, length) in patches {
            // From the digest's end on: before, nothing but the header's checks could be hit.
            let at = DIGEST_END + at.index(image.len() - DIGEST_END - length);
            image[at..at + length].fill(value);
        }
        survives(sealed(image));
    }

    #[test]
    fn images_with_parts_moved_are_survived(from in any::<Index>(), to in any::<Index>(), records in 1..40_usize, size in select(vec![4, 8, 12, 16, 20, 24_usize])) {
        let mut image = BUILT_IN.image().to_vec();
        let length = records * size;
        let body = image.len() - DIGEST_END - length;
        let (from, to) = (DIGEST_END + from.index(body), DIGEST_END + to.index(body));
        image.copy_within(from..from + length, to);
        survives(sealed(image));
    }
}
