//! Finding tokens in text.

use crate::spelling::{is_token, prefixes};
use cog_auth::token::{scan, scan_from};

/// What is found is each token, and what matches `\bcog_[A-Za-z0-9]{30,}` outside of tokens.
pub fn check(data: &[u8]) {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let mut expected = Vec::new();
    let mut done = 0;
    for (start, mut end) in prefixes(data) {
        let token = |at: usize| data.get(at..at + 81).is_some_and(is_token);
        if start < done {
            continue;
        }
        let handle = token(start).then(|| data[start..start + 23].to_vec());
        if handle.is_some() {
            end = start + 81;
        } else {
            end = (start + 4..end).find(|at| token(*at)).unwrap_or(end);
            if end - start < 34 || start > 0 && word(&data[start - 1]) {
                continue;
            }
        }
        expected.push((start..end, handle));
        done = end;
    }
    let of = |found: cog_auth::token::Finding| {
        (found.range(), found.handle().map(|h| h.as_str().as_bytes().to_vec()))
    };
    let found: Vec<_> = scan(data).map(of).collect();
    assert_eq!(found, expected);
    // From the end of each finding on, the next one is found.
    for pair in found.windows(2) {
        assert_eq!(scan_from(data, pair[0].0.end).next().map(of).as_ref(), Some(&pair[1]));
    }
}
