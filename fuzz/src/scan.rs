//! Finding tokens in text.

use crate::spelling::{is_token, prefixes};
use cog_auth::token::{DecodingScanner, scan, scan_decoding, scan_from};

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
    decoding(data);
}

/// With decoding, no token gets lost, each finding can be read again, and pieces come to the same.
fn decoding(data: &[u8]) {
    let found: Vec<_> = scan_decoding(data).collect();
    for token in scan(data).filter(|found| found.handle().is_some()) {
        assert!(found.contains(&token));
    }
    for finding in found.iter().filter(|found| found.handle().is_some()) {
        let token = finding.token(data).expect("it was read before");
        assert_eq!(Some(token.handle()), finding.handle());
    }
    let (mut scanner, mut in_pieces) = (DecodingScanner::new(), Vec::new());
    for piece in data.chunks(1 + data.len() / 7) {
        in_pieces.extend(scanner.push(piece));
    }
    in_pieces.extend(scanner.finish());
    assert_eq!(in_pieces, found);
}
