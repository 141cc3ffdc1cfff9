//! Key sets: edge keys, root keys and peppers.

use crate::json::{Json, Reading, read};
use crate::spelling::{base64url, is_key_id};
use cog_auth::token::{EdgeKeys, Peppers, RootKeys};
use std::collections::BTreeMap;

/// What a set is written as, where it was taken.
macro_rules! loaded {
    ($set:ident, $data:expr) => {
        match $set::from_json($data) {
            Ok(set) => {
                let text = set.expose_json(str::to_owned);
                let again = $set::from_json(text.as_bytes()).expect("what is written is read");
                assert_eq!(again.expose_json(str::to_owned), text);
                assert!(set.key_ids().eq(again.key_ids()));
                Some(text)
            }
            Err(error) => {
                let codes = ["invalid_key_set", "wrong_key_use", "reserved_key_id"];
                assert!(codes.contains(&error.code().name()), "{error}");
                None
            }
        }
    };
}

/// Each loader takes its own sets and no others, and writes what it took.
pub fn check(data: &[u8]) {
    let reading = read(data, 16_384, 16);
    let taken = [
        ("root", loaded!(RootKeys, data)),
        ("edge-tag", loaded!(EdgeKeys, data)),
        ("digest-pepper", loaded!(Peppers, data)),
    ];
    for (usage, written) in taken {
        let expected = match &reading {
            Reading::Json(json) => written_form(json, usage),
            // No number that is so large is the number 1.
            Reading::Refused | Reading::Unsure => None,
        };
        assert_eq!(written, expected, "{usage}");
    }
}

/// A key set as it is written, where this is one: docs/token-format.md, *Key sets*.
fn written_form(json: &Json, usage: &str) -> Option<String> {
    let names: Vec<&str> = json.members().iter().map(|(name, _)| name.as_str()).collect();
    let known = names.len() == 3 && ["v", "use", "keys"].iter().all(|name| names.contains(name));
    let keys = json.member("keys")?;
    let sound = known
        && json.member("v")?.integer() == Some(1)
        && json.member("use")?.text() == Some(usage)
        && !keys.members().is_empty()
        && !keys.has_twins()
        && keys.members().iter().all(|(id, key)| {
            is_key_id(id) && key.text().is_some_and(|key| base64url(key).is_some())
        });
    let sorted: BTreeMap<&str, &str> =
        keys.members().iter().filter_map(|(id, key)| Some((id.as_str(), key.text()?))).collect();
    let keys = serde_json::to_string(&sorted).unwrap();
    sound.then(|| format!(r#"{{"v":1,"use":"{usage}","keys":{keys}}}"#))
}
