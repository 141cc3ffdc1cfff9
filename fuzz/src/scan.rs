//! Finding tokens in text.

use crate::spelling::{is_token, prefixes};
use cog_auth::token::scan;

/// What is found is what matches `\bcog_[A-Za-z0-9]{30,}`, each with its handle where it parses.
pub fn check(data: &[u8]) {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let expected: Vec<_> = prefixes(data)
        .into_iter()
        .filter(|(start, end)| end - start >= 34 && (*start == 0 || !word(&data[start - 1])))
        .map(|(start, end)| {
            let handle = is_token(&data[start..end]).then(|| data[start..start + 23].to_vec());
            (start..end, handle)
        })
        .collect();
    let found: Vec<_> = scan(data)
        .map(|found| (found.range(), found.handle().map(|h| h.as_str().as_bytes().to_vec())))
        .collect();
    assert_eq!(found, expected);
}
