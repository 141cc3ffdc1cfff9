//! Tokens in texts.

use super::*;

#[test]
fn text_is_scanned_and_redacted() {
    let issued = issued();
    let log = format!("key={} and again {}", issued.token, issued.token);
    let logged = slice(log.as_bytes());
    let mut places = Vec::new();
    // SAFETY: all pointers are to what they are said to be.
    unsafe {
        let mut at = 0;
        loop {
            let mut found = 0;
            let mut finding =
                cogauth_finding { struct_size: size::<cogauth_finding>(), ..zeroed() };
            let code = cogauth_text_scan(
                logged.data,
                logged.length,
                at,
                &raw mut found,
                &raw mut finding,
                null_mut(),
            );
            assert_eq!(code, 0);
            if found == 0 {
                break;
            }
            places.push((finding.start, finding.end, finding.is_token));
            at = usize::try_from(finding.end).unwrap();
        }
        assert_eq!(places, [(4, 85, 1), (96, 177, 1)]);
        let redacted = text(|buffer, capacity, length| {
            cogauth_text_redact(logged.data, logged.length, buffer, capacity, length, null_mut())
        });
        assert!(!redacted.contains(&issued.token[23..53]), "{redacted}");
    }
}

/// Call for call, as a caller goes through a text, the same is found as in one scan.
#[test]
fn a_text_is_scanned_call_by_call() {
    let issued = issued();
    let (token, like) = (issued.token.as_str(), "cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7");
    let parts = [token, like, "og_", "c", "cog", "\\n "];
    let pairs = parts.iter().flat_map(|a| parts.iter().map(move |b| [*a, *b].concat()));
    let texts = pairs.flat_map(|pair| parts.iter().map(move |c| [&pair, *c].concat()));
    let mut compared = 0;
    for text in texts {
        let whole: Vec<_> = cog_auth::token::scan(text.as_bytes())
            .map(|found| (found.range(), found.handle().is_some()))
            .collect();
        let (mut places, mut at) = (Vec::new(), 0);
        loop {
            let mut found = 0;
            // SAFETY: the text and the places to write to are there during the call.
            let finding = unsafe {
                let mut finding =
                    cogauth_finding { struct_size: size::<cogauth_finding>(), ..zeroed() };
                let text = slice(text.as_bytes());
                let code = cogauth_text_scan(
                    text.data,
                    text.length,
                    at,
                    &raw mut found,
                    &raw mut finding,
                    null_mut(),
                );
                assert_eq!(code, 0);
                finding
            };
            if found == 0 {
                break;
            }
            let place = |at: u64| usize::try_from(at).unwrap();
            places.push((place(finding.start)..place(finding.end), finding.is_token == 1));
            at = place(finding.end);
        }
        assert_eq!(places, whole, "{text}");
        compared += places.len();
    }
    assert!(compared > 150, "{compared}");
}
