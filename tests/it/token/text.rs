//! Finding tokens in text, and cutting them out.

use cog_auth::token::{redact, scan, scan_from};

const TOKEN: &str =
    "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";

/// Something of the shape of an older credential.
const OLDER: &str = "cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7";

/// What stands before a word in texts without ending one.
const IN_WORDS: [&str; 20] = [
    "a",
    "Z",
    "0",
    "_",
    "MY_",
    "\\n",
    "\\t",
    "\\r\\n",
    "%3D",
    "%0a",
    "\\u003d",
    "\\x22",
    "\\x3D",
    "\u{1b}[31m",
    "\u{1b}[0;1m",
    "&#61",
    "=3D",
    "$x",
    "co",
    "cog_",
];

fn found(text: &str) -> Vec<(usize, usize, bool)> {
    let places = |finding: cog_auth::token::Finding| {
        (finding.range().start, finding.range().end, finding.handle().is_some())
    };
    let whole: Vec<_> = scan(text.as_bytes()).map(places).collect();
    // From the end of each on, the same is found.
    let mut from = 0;
    for place in &whole {
        assert_eq!(scan_from(text.as_bytes(), from).next().map(places), Some(*place), "{text}");
        from = place.1;
    }
    assert_eq!(scan_from(text.as_bytes(), from).next(), None, "{text}");
    whole
}

#[test]
fn a_token_is_found_wherever_it_stands() {
    for before in IN_WORDS.into_iter().chain(["", " ", "=", "é", "\n", "\u{feff}"]) {
        for after in ["", "a", "_", "0", "é", "\\n", " ", "%0a", "cog", "cog_"] {
            let text = format!("{before}{TOKEN}{after}");
            let place = (before.len(), before.len() + 81, true);
            assert_eq!(found(&text), [place], "{text}");
        }
    }
}

#[test]
fn tokens_without_anything_between_are_all_found() {
    let text = TOKEN.repeat(5);
    let places: Vec<_> = (0..5).map(|index| (81 * index, 81 * index + 81, true)).collect();
    assert_eq!(found(&text), places);
}

#[test]
fn what_does_not_parse_is_found_at_the_beginning_of_a_word() {
    for before in IN_WORDS {
        assert_eq!(found(&format!("{before}{OLDER}")), [], "{before}");
    }
    assert_eq!(found(OLDER), [(0, 34, false)]);
    assert_eq!(found(&OLDER[..33]), []);
    assert_eq!(found(&format!("é{OLDER}k")), [(2, 37, false)]);
    // Up to where a token begins, be it so that its `cog` would have been counted.
    assert_eq!(found(&format!("{OLDER}{TOKEN}")), [(0, 34, false), (34, 115, true)]);
    assert_eq!(found(&format!("{}{TOKEN}", &OLDER[..33])), [(33, 114, true)]);
    assert_eq!(found(&format!("{}{TOKEN}", &OLDER[..31])), [(31, 112, true)]);
    // A prefix that no token begins with ends nothing.
    assert_eq!(found(&format!("{OLDER}cog_k")), [(0, 37, false)]);
    // The end of a token is no beginning of a word.
    assert_eq!(found(&format!("{TOKEN}{OLDER}")), [(0, 81, true)]);
}

#[test]
fn a_token_may_lie_across_blocks() {
    for before in 0..100 {
        let text = format!("{}{TOKEN}{}", "_".repeat(before), "x".repeat(100 - before));
        assert_eq!(found(&text), [(before, before + 81, true)]);
    }
}

/// What converters, mails, editors and programmers put into a long word.
const BREAKS: [&str; 94] = [
    "\n",
    "\r\n",
    "\r",
    "\n    ",
    " \n\t",
    "\r\n ",
    "\n> ",
    "\n>",
    "\n# ",
    "\n * ",
    "\n| ",
    "-\n",
    "=\n",
    "=\r\n",
    "= \n",
    "\\\n",
    "\\\r\n  ",
    "`\n",
    "^\r\n",
    "\\n",
    "\\r\\n",
    r"\\n",
    r"\\\\r\\\\n",
    r"\\\\\\\\n",
    r"\\u200b",
    r#"\\\" + \\\""#,
    r"\\x1b[0m",
    r"\\u003cwbr\\u003e",
    r"\\\\x3c/b\\\\x3e",
    "\\n    ",
    "\u{200b}",
    "\u{200c}",
    "\u{200d}",
    "\u{2060}",
    "\u{feff}",
    "\u{ad}",
    "\u{2028}",
    "\u{85}",
    "\u{fffd}",
    "\u{ad}\n",
    "\\u200b",
    "\\u00AD",
    "\\u000a",
    "\" + \"",
    "\"+\"",
    "' + '",
    "`+`",
    "\" +\n        \"",
    "\"\n        + \"",
    "\" . \"",
    "' . '",
    "\" .. \"",
    "\" & \"",
    "\" <> \"",
    "\" ++ \"",
    "' || '",
    "\" \"",
    "\"\n    \"",
    "\" \\\n    \"",
    "\\\" + \\\"",
    "<wbr>",
    "<wbr />",
    "<BR>",
    "<span class='x'>",
    "</b>",
    "&shy;",
    "&#8203;",
    "&#x200B;",
    "\u{1b}[0m",
    "\0",
    "%0A",
    "%0d%0A",
    "%E2%80%8B",
    "&lt;wbr&gt;",
    "&lt;/b&gt;",
    "\\u003cwbr\\u003e",
    "\\u003CBR /\\u003E",
    "\\x3cwbr\\x3e",
    "%3Cwbr%3E",
    "&zwnj;",
    "&zwj;",
    "&ZeroWidthSpace;",
    "&NoBreak;",
    "&quot; + &quot;",
    "&#39;+&#39;",
    "\\uFE0f",
    "\\u{200b}",
    "\\u{202E}",
    "\\x00",
    "\\xe2\\x80\\x8b",
    "\\u001b[31m",
    "\\x1b[0m",
    "\\033[1;31m",
    "\\e[0m",
];

/// What stands between words as well: it joins where the characters parse.
const MARKS: [&str; 16] = [
    " ", "  ", "\t", ".", "/", "…", "_", ", ", "-", " = ", ":", "é", "%20", "\"", "\u{3000}",
    "\", \"",
];

/// The token with another last character.
fn damaged() -> String {
    format!("{}z", &TOKEN[..80])
}

/// Fails if three characters of the token's secret part stand in a text.
fn shows_no_secret(shown: &str, of: &str) {
    let secret = &TOKEN.as_bytes()[23..];
    let part = secret.windows(3).find(|part| shown.as_bytes().windows(3).any(|w| w == *part));
    assert!(part.is_none(), "{shown:?} of {of:?}");
}

#[test]
fn a_broken_token_is_cut() {
    for broken_by in BREAKS.into_iter().chain(MARKS) {
        for place in 1..81 {
            let (start, end) = TOKEN.split_at(place);
            let text = format!("a: {start}{broken_by}{end}, b");
            // The rest of a prefix stays, with what breaks it.
            let handle = match place {
                1..=4 => format!("{start}{broken_by}{}{}", &TOKEN[place..4], &TOKEN[..23]),
                _ => TOKEN[..23].to_owned(),
            };
            assert_eq!(redact(&text), format!("a: {handle}…, b"), "{text:?}");
        }
    }
}

#[test]
fn a_token_that_is_broken_often_is_cut() {
    for broken_by in BREAKS.into_iter().chain(MARKS) {
        for every in [1, 2, 7, 20, 40] {
            let pieces: Vec<&str> =
                TOKEN.as_bytes().chunks(every).map(|p| std::str::from_utf8(p).unwrap()).collect();
            let text = format!("({})", pieces.join(broken_by));
            let shown = redact(&text);
            assert!(shown.ends_with("1s015PnAAAABBBBCCCC…)"), "{shown:?} of {text:?}");
            shows_no_secret(&shown, &text);
        }
    }
}

#[test]
fn nothing_of_a_damaged_token_stays_behind_breaks() {
    let damaged = damaged();
    for broken_by in BREAKS {
        for place in 4..81 {
            let (start, end) = damaged.split_at(place);
            let text = format!("a: {start}{broken_by}{end}, b");
            let cut =
                if place == 23 { "a: cog_1s015PnAAAABBBBCCCC…, b" } else { "a: cog_…, b" };
            assert_eq!(redact(&text), cut, "{text:?}");
        }
        for every in [1, 2, 7, 20, 40] {
            let pieces: Vec<&str> = damaged.as_bytes()[4..]
                .chunks(every)
                .map(|p| std::str::from_utf8(p).unwrap())
                .collect();
            let text = format!("(cog_{})", pieces.join(broken_by));
            assert_eq!(redact(&text), "(cog_…)", "{text:?}");
        }
    }
}

#[test]
fn a_break_that_is_too_long_is_none() {
    let (start, end) = TOKEN.split_at(40);
    let spaces = |count| format!("{start}\n{}{end}", " ".repeat(count));
    assert_eq!(redact(&spaces(63)), "cog_1s015PnAAAABBBBCCCC…");
    assert_eq!(redact(&spaces(64)), format!("cog_…\n{}{end}", " ".repeat(64)));
}

#[test]
fn a_token_is_cut_wherever_it_stands() {
    for before in IN_WORDS.into_iter().chain(["", " ", "=", "é", "\n", TOKEN]) {
        for after in ["", "a", "_", "0", "é", "\\n", " ", "%0a", "…", "cog_short"] {
            let text = format!("{before}{TOKEN}{after}");
            let start = if before == TOKEN { "cog_1s015PnAAAABBBBCCCC…" } else { before };
            assert_eq!(redact(&text), format!("{start}cog_1s015PnAAAABBBBCCCC…{after}"));
        }
    }
    // Without its prefix, or with another.
    for before in ["", "og_", "g_", "_", "COG_", "Cog_", "cog-", "cog\\_", "cog%5F", "cog&#95;"] {
        let text = format!("{before}{}", &TOKEN[4..]);
        assert_eq!(redact(&text), format!("{before}cog_1s015PnAAAABBBBCCCC…"));
    }
}

#[test]
fn ordinary_words_stay() {
    for text in [
        "face_recog_20261125T101112Z000017",
        "libcog_StaticAnalysisModule20",
        "/models/recog_ModelTrainingPipelineV2/weights",
        "_cog_aaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "cog_wheel",
        "cog_1s015PnAAAABBBBCCCC",
        "cog_1s015PnAAAABBBBCCCC\ncog_1p015PnAAAABBBBDDDD\n",
        "cog_1s015PnAAAABBBBCCCC\nrevoked\nby its owner",
        "\"cog_1s015PnAAAABBBBCCCC\",\n\"cog_1s015PnAAAABBBBCCCC…\"",
        "cog_1s015PnAAAABBBBCCCC… and cog_… and cog_\nwheel",
        "cog_wheel\nand_other_parts\nof_machines_that_are_long_enough",
        "cog_k7w2\nk7w2k7w2k7w2k7w2k7w2",
    ] {
        assert_eq!(redact(text), text);
    }
}

#[test]
fn what_looks_like_a_token_is_cut() {
    let nineteen = "a".repeat(19);
    for (text, shown) in [
        (format!("cog_{nineteen}"), format!("cog_{nineteen}")),
        (format!("cog_{nineteen}a"), "cog_…".to_owned()),
        (format!("xcog_{nineteen}aaaaaaaaaa"), format!("xcog_{nineteen}aaaaaaaaaa")),
        (format!("xcog_{nineteen}aaaaaaaaaaa"), "xcog_…".to_owned()),
        // What was cut ends a word.
        (format!("{TOKEN}cog_{nineteen}a"), "cog_1s015PnAAAABBBBCCCC…cog_…".to_owned()),
        (format!("cog_{nineteen}acog_{nineteen}a_b"), "cog_…cog_…_b".to_owned()),
        // The word goes on to its end, be it longer than a token, or up to a token.
        (format!("cog_{}-b", "a".repeat(500)), "cog_…-b".to_owned()),
        (format!("cog_{nineteen}a{TOKEN}b"), "cog_…cog_1s015PnAAAABBBBCCCC…b".to_owned()),
        (format!("cog_{nineteen}{TOKEN}"), format!("cog_{nineteen}cog_1s015PnAAAABBBBCCCC…")),
        (format!("cog_1s{nineteen}\n{TOKEN}"), "cog_…\ncog_1s015PnAAAABBBBCCCC…".to_owned()),
        // Spaces and marks stand between words.
        (format!("cog_1s {nineteen}"), format!("cog_1s {nineteen}")),
        // More than 38 behind a handle.
        (
            format!("cog_1s{}\n{nineteen}", "a".repeat(17)),
            format!("cog_1s{}\n{nineteen}", "a".repeat(17)),
        ),
        (format!("cog_1s{}\n{nineteen}b", "a".repeat(17)), format!("cog_1s{}…", "a".repeat(17))),
    ] {
        assert_eq!(redact(&text), shown, "{text:?}");
    }
}
