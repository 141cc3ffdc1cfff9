//! Compiled images, damaged and forged.

use crate::base::BASE;
use crate::sample;
use cog_auth::policy::{ImageDigest, Policy};
use std::sync::LazyLock;

// The header, from src/policy/image/layout.rs.
const LENGTH: usize = 12;
const CHECKSUM: usize = 16;
const CHECKED_FROM: usize = 20;

/// A policy whose image is small: every section has a few records.
pub(crate) const SMALL: &str = r#"{ "v": 1,
  "schema": { "attributes": {
      "subject.type": { "type": "enum", "values": ["user", "robot"] }, "context.n": { "type": "int", "min": -5, "max": 70000 },
      "context.deep.time": { "type": "time" }, "context.kinds": { "type": "enum_set", "values": ["a", "b"], "open": true },
      "resource.organization": { "type": "id", "domain": "o" }, "context.organizations": { "type": "id_set", "domain": "o" },
      "context.sso": { "type": "bool" } },
    "actions": { "Read": { "level": "account", "implies": ["View"] }, "View": { "level": "organization" }, "Make": {} } },
  "roles": [ { "id": "viewer", "level": "organization", "permissions": ["*"] },
    { "id": "reader", "level": "account", "permissions": ["Read"], "inherits": ["other"] }, { "id": "other", "level": "account" } ],
  "defaults": { "user": ["viewer"] },
  "conditions": [ { "id": "c", "when": { "any": [ { "context.n": { "lt": 7, "ne": 3 } }, { "not": { "context.sso": true } } ] } } ],
  "rules": [
    { "id": "p", "effect": "permit", "actions": ["*"], "when": { "action.name": { "in": { "attribute": "subject.permissions" } } } },
    { "id": "q", "effect": "require", "actions": ["View"], "when": { "condition": "c" },
      "must": { "resource.organization": { "in": { "attribute": "context.organizations" } }, "context.kinds": { "has_all": ["a"] } },
      "reason": { "code": "other_organization", "message": "It is another." }, "challenge": "insufficient_scope" },
    { "id": "f", "effect": "forbid", "actions": ["Make"], "when": { "context.deep.time": { "present": false } }, "reason": { "code": "no_time" } },
    { "id": "a", "effect": "advise", "actions": ["*"], "when": { "subject.type": { "in": ["robot"] } }, "reason": { "code": "robots" } } ],
  "routes": [ { "method": "GET", "path": "/o/{org}/x/{y}", "action": "View", "organization": "org", "encoded": ["y"], "undecided": ["Make"] },
    { "method": "POST", "path": "/o/new", "action": "Make" } ] }"#;

/// A request to the small policy.
pub(crate) const REQUEST: &str = r#"{"subject":{"type":"user","id":"u","properties":{"roles":["reader"],"memberships":[{"organization":"o"}]}},
  "action":{"name":"View"},"resource":{"type":"t","id":"i","properties":{"organization":"o"}},"context":{"n":4,"kinds":["a","z"],"deep":{"time":1}}}"#;

static SMALL_IMAGE: LazyLock<Vec<u8>> =
    LazyLock::new(|| crate::base::source([SMALL]).check().unwrap().into_policy().image().to_vec());

/// The first byte says what the rest is: an image, or changes to one (each an offset of three
/// bytes, and a byte).
pub fn check(data: &[u8]) {
    let Some((mode, rest)) = data.split_first() else { return };
    let builtin = BASE.policy.image();
    match mode % 6 {
        0 => loads(rest.to_vec(), None),
        1 => loads(sealed(rest.to_vec()), None),
        2 => loads(patched(&SMALL_IMAGE, rest), Some(&SMALL_IMAGE)),
        3 => loads(patched(builtin, rest), Some(builtin)),
        4 => loads(sealed(patched(&SMALL_IMAGE, rest)), None),
        _ => loads(sealed(patched(builtin, rest)), None),
    }
}

/// Loads an image and asks it. One whose checksum was not made again is refused, or the original.
fn loads(image: Vec<u8>, original: Option<&[u8]>) {
    let loaded = Policy::from_image(image.clone());
    let name = loaded.as_ref().map_or_else(|error| error.code().name(), |_| "sound");
    assert!(["sound", "invalid_image", "unknown_image_version"].contains(&name));
    if let Some(original) = original {
        assert_eq!(loaded.is_ok(), image == original, "{name}");
    }
    let Ok(policy) = loaded else { return };
    assert_eq!(policy.image(), image);
    assert!(policy.actions().is_sorted());
    let answers = sample::answers(&policy, REQUEST.as_bytes());
    assert_eq!(sample::answers(&policy, REQUEST.as_bytes()), answers);
}

fn patched(image: &[u8], patches: &[u8]) -> Vec<u8> {
    let mut image = image.to_vec();
    for patch in patches.chunks_exact(4) {
        let at = u32::from_be_bytes([0, patch[0], patch[1], patch[2]]) as usize % image.len();
        image[at] = patch[3];
    }
    image
}

/// Makes header and contents agree again.
fn sealed(mut image: Vec<u8>) -> Vec<u8> {
    if image.len() >= CHECKED_FROM {
        let length = u32::try_from(image.len()).unwrap();
        image[LENGTH..CHECKSUM].copy_from_slice(&length.to_le_bytes());
        let digest = ImageDigest::of(&image[CHECKED_FROM..]);
        image[CHECKSUM..CHECKED_FROM].copy_from_slice(&digest.as_bytes()[..4]);
    }
    image
}
