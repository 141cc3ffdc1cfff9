//! Tokens in encodings are cut out of texts, and nothing of them stays.

use crate::token::encodings::{Chance, STANDARD, base64, forms, fresh};
use cog_auth::token::{DecodingRedactor, Encoding, redact, redact_decoding, scan, scan_decoding};

const TOKEN: &str =
    "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";

const SHOWN: &str = "cog_1s015PnAAAABBBBCCCC…";

/// What comes out of a redactor for pieces of these lengths.
fn in_pieces(text: &[u8], mut length: impl FnMut() -> usize) -> Vec<u8> {
    let (mut redactor, mut out, mut rest) = (DecodingRedactor::new(), Vec::new(), text);
    let is_text = std::str::from_utf8(text).is_ok();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(length().min(rest.len()));
        let part = redactor.push(piece);
        assert!(!is_text || std::str::from_utf8(&part).is_ok(), "half a character came out");
        out.extend(part);
        rest = after;
    }
    out.extend(redactor.finish());
    out
}

#[test]
fn every_form_of_fresh_tokens_is_cut_to_its_handle() {
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    for _ in 0..4 {
        let (_, token) = fresh(&mut chance);
        for (text, _) in forms(&token, &mut chance) {
            let range = scan_decoding(&text).next().unwrap().range();
            let shown = format!("{}…", &token[..23]);
            let expected = [&text[..range.start], shown.as_bytes(), &text[range.end..]].concat();
            let out = in_pieces(&text, || usize::MAX);
            assert!(out == expected, "{}", String::from_utf8_lossy(&out));
            assert_eq!(scan_decoding(&out).count(), 0);
            if let Ok(text) = std::str::from_utf8(&text) {
                assert_eq!(redact_decoding(text).as_bytes(), expected);
            }
        }
    }
}

/// What a redaction cuts is cut so too, where nothing is encoded.
#[test]
fn what_stands_there_as_it_is_is_cut_as_ever() {
    for text in [
        "",
        "é",
        "cog_",
        "cog_k7w2k7w2k7w2k7w2k7w2",
        "face_recog_20261125T101112Z000017",
        "cog_1s015PnAAAABBBBCCCC is revoked",
        &format!("t={TOKEN}&u={TOKEN}"),
        &format!("{TOKEN}{TOKEN}"),
        &format!("cog_{TOKEN}0"),
        &format!("og_{} and {}z", &TOKEN[4..], &TOKEN[..80]),
        &format!("cog_{}", "k7".repeat(10_000)),
    ] {
        assert_eq!(redact_decoding(text), redact(text), "{text}");
    }
}

/// One character of base64 may hold the end of a token and the beginning of the next. The first
/// must not escape because the second takes its last character.
#[test]
fn of_two_that_overlap_nothing_stays() {
    let mut chance = Chance(23);
    let digit = |character: u8| STANDARD.iter().position(|known| *known == character).unwrap();
    let mut count = 0;
    while count < 20 {
        let (_, first) = fresh(&mut chance);
        let (_, second) = fresh(&mut chance);
        // The two bits before the rest of a `c`, behind four bits of what stands before it.
        let last = digit(*first.as_bytes().last().unwrap());
        if last % 4 != 1 {
            continue;
        }
        count += 1;
        let before = [b'x', u8::try_from(last / 4).unwrap()];
        let encoded = base64(&[&before, second.as_bytes()].concat(), STANDARD);
        for start in [&first[..], &first[1..], &first[4..], &first[3..]] {
            let text = format!("{start}{}", &encoded[3..]);
            let ranges: Vec<_> = scan_decoding(text.as_bytes()).collect();
            assert!(ranges.iter().any(|found| found.encodings().eq([Encoding::Base64])), "{text}");
            let out = redact_decoding(&text);
            assert_eq!(in_pieces(text.as_bytes(), || 1), out.as_bytes());
            for at in 23..73 {
                assert!(!out.contains(&first[at..at + 8]), "{text} left {out}");
            }
            let both = format!("{}…{}…", &first[4..23], &second[..23]);
            assert!(out.trim_end_matches('=').ends_with(&both), "{out}");
        }
    }
}

/// What looks like a credential may begin within something encoded, or hold it.
#[test]
fn what_looks_like_one_is_cut_beside_what_is_encoded() {
    let looks = "cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7";
    let encoded = base64(TOKEN.as_bytes(), STANDARD);
    assert_eq!(redact_decoding(&format!("{encoded} {looks}")), format!("{SHOWN} cog_…"));
    assert_eq!(redact_decoding(&format!("{looks}+{encoded}")), format!("cog_…+{SHOWN}"));
    // In one word it is a part of what is cut, or goes on behind it.
    for text in [format!("{looks}{encoded}"), format!("cog_{encoded}{looks}")] {
        let out = redact_decoding(&text);
        assert!(out.len() < 70 && scan_decoding(out.as_bytes()).count() == 0, "{out}");
    }
}

#[test]
fn pieces_come_to_the_same() {
    let mut chance = Chance(29);
    let forms = forms(TOKEN, &mut chance);
    for round in 0..24 {
        let mut text = Vec::new();
        while text.len() < 60_000 {
            match chance.below(8) {
                0 | 1 => text.extend_from_slice(&forms[chance.below(forms.len())].0),
                2 => text.extend_from_slice(&forms[chance.below(forms.len())].0[..20]),
                3 => text.extend(vec![b"k0 \n"[chance.below(4)]; chance.below(3_000)]),
                4 => text.extend_from_slice(b"cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7"),
                5 => text.extend_from_slice(&TOKEN.as_bytes()[chance.below(81)..]),
                6 if chance.below(4) == 0 => {
                    let long = [&vec![b'b'; chance.below(9_000)], TOKEN.as_bytes()].concat();
                    text.extend_from_slice(base64(&long, STANDARD).as_bytes());
                }
                _ => text.extend_from_slice(" some words, and _1s lines: é日本.\n".as_bytes()),
            }
        }
        // Half of them are texts.
        if round % 2 == 0 {
            text = String::from_utf8_lossy(&text).into_owned().into_bytes();
        }
        let whole = in_pieces(&text, || usize::MAX);
        if let Ok(text) = std::str::from_utf8(&text) {
            assert!(redact_decoding(text).as_bytes() == whole);
        }
        let most = [1, 2, 80, 1_000, 5_000, 30_000][round % 6];
        let out = in_pieces(&text, || 1 + chance.below(most));
        assert!(out == whole, "round {round}");
        assert_eq!(scan(&whole).count(), 0);
    }
}

#[test]
fn a_bounded_tail_is_held_back() {
    let (mut redactor, mut out) = (DecodingRedactor::new(), 0);
    for count in 1..100_000 {
        out += redactor.push(b".").len();
        assert!(count - out <= DecodingRedactor::MAX_HELD, "{count} {out}");
    }
    // Something that has no end is not held.
    let endless = format!("cog_{}", "a".repeat(10_000));
    for _ in 0..100 {
        assert!(redactor.push(endless.as_bytes()).len() < 40_000);
    }
    assert!(!format!("{redactor:?}").contains("cog_"));
    assert!(DecodingRedactor::default().push(TOKEN.as_bytes()).is_empty());
}
