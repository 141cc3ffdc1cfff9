//! Finding tokens in text, and cutting them out.

use cog_auth::token::{scan, scan_from};

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
