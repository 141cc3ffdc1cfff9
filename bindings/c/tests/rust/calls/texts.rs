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

/// What is found in a text and in what is encoded in it, with the names of its encodings.
fn decoded(text_to_scan: &[u8], keys: *const cogauth_edge_keys) -> serde_json::Value {
    let scanned = slice(text_to_scan);
    let answer = text(|buffer, capacity, length| {
        // SAFETY: the text is there during the call, and the keys are null or live.
        unsafe {
            cogauth_text_scan_decoding(
                scanned.data,
                scanned.length,
                keys,
                buffer,
                capacity,
                length,
                null_mut(),
            )
        }
    });
    serde_json::from_str(&answer).unwrap()
}

#[test]
fn encoded_tokens_are_found() {
    let issued = issued();
    let (token, handle) = (issued.token.as_str(), &issued.token[..23]);
    let hex: String = token.bytes().map(|byte| format!("{byte:02x}")).collect();
    let like = "cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7";
    let log = format!("a={token} b=cog%5F{} c={hex} d={like}", &token[4..]);
    let found = decoded(log.as_bytes(), null());
    let place = |part: &str| {
        let start = log.find(part).unwrap();
        (start, start + part.len())
    };
    let ((a, a_end), (b, b_end)) = (place(token), place(&format!("cog%5F{}", &token[4..])));
    let ((c, c_end), (d, d_end)) = (place(&hex), place(like));
    let at = |start: usize, end: usize, encodings: &[&str]| {
        serde_json::json!({
            "start": start, "end": end, "certainty": "parsed", "handle": handle,
            "encodings": encodings,
        })
    };
    let looks = serde_json::json!({
        "start": d, "end": d_end, "certainty": "looks_like", "encodings": [],
    });
    let expected = [at(a, a_end, &[]), at(b, b_end, &["percent"]), at(c, c_end, &["hex"]), looks];
    assert_eq!(found, serde_json::Value::from(expected.to_vec()));
    assert_eq!(decoded(b"", issued.edge_keys), serde_json::json!([]));
    let logged = slice(log.as_bytes());
    let redacted = text(|buffer, capacity, length| {
        // SAFETY: the text is there during the call.
        unsafe {
            cogauth_text_redact_decoding(
                logged.data,
                logged.length,
                buffer,
                capacity,
                length,
                null_mut(),
            )
        }
    });
    assert_eq!(redacted, format!("a={handle}… b={handle}… c={handle}… d=cog_…"));
}

/// With edge keys, each token is genuine or not, and what only looks like one is neither.
#[test]
fn edge_keys_tell_what_is_genuine() {
    let issued = issued();
    // SAFETY: all pointers are to what they are said to be.
    unsafe {
        let random = [9_u8; COGAUTH_MINT_RANDOM_LENGTH];
        // The last day is the first that there is: the token expired long ago.
        let expired = text(|buffer, capacity, length| {
            cogauth_token_mint(
                issued.roots,
                c"01".as_ptr(),
                2,
                COGAUTH_KIND_SERVICE_USER_KEY,
                1,
                random.as_ptr(),
                random.len(),
                buffer,
                capacity,
                length,
                null_mut(),
            )
        });
        let foreign =
            "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";
        let like = "cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7";
        let log = format!("{} COG_{} {foreign} {like}", issued.token, &expired[4..]);
        let found = decoded(log.as_bytes(), issued.edge_keys);
        let told: Vec<_> = found.as_array().unwrap().iter().map(|it| it.get("genuine")).collect();
        let (yes, no) = (serde_json::json!(true), serde_json::json!(false));
        assert_eq!(told, [Some(&yes), Some(&yes), Some(&no), None]);
        assert_eq!(found[1]["encodings"], serde_json::json!(["other_case"]));
        // Keys of another kind are told.
        let (mut length, peppers) = (7, issued.peppers.cast_const());
        let code = cogauth_text_scan_decoding(
            log.as_ptr().cast(),
            log.len(),
            peppers.cast(),
            null_mut(),
            0,
            &raw mut length,
            null_mut(),
        );
        assert_eq!((code, length), (701, 7));
    }
}
