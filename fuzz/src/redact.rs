//! Cutting tokens out of text.

use crate::base::BASE;
use crate::spelling::redacted;
use cog_auth::token::{DecodingRedactor, redact, redact_decoding, scan};

/// What is cut is what docs/token-format.md says, and nothing is left to be cut.
pub fn check(data: &[u8]) {
    let text = BASE.filled(&String::from_utf8_lossy(data));
    let cut = redact(&text);
    assert_eq!(cut.as_bytes(), redacted(text.as_bytes(), false));
    // What was cut out may have stood between the two halves of a token.
    let joined: String =
        cut.chars().filter(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
    assert!(redact(&cut) == cut || scan(joined.as_bytes()).count() > 0, "{cut:?}");
    assert_eq!(scan(cut.as_bytes()).count(), 0);
    for (name, token) in BASE.json["tokens"].as_object().unwrap() {
        // Of a token that was cut short, within a word, up to 29 characters after the prefix stay.
        assert!(!cut.contains(&token["token"].as_str().unwrap()[..34]), "{name}");
    }
    decoding(&text);
}

/// With decoding, no token stays either, and pieces come to the same.
fn decoding(text: &str) {
    let cut = redact_decoding(text);
    assert_eq!(scan(cut.as_bytes()).count(), 0);
    let (mut redactor, mut in_pieces) = (DecodingRedactor::new(), Vec::new());
    for piece in text.as_bytes().chunks(1 + text.len() / 7) {
        in_pieces.extend(redactor.push(piece));
    }
    in_pieces.extend(redactor.finish());
    assert_eq!(cut.as_bytes(), in_pieces);
    for (name, token) in BASE.json["tokens"].as_object().unwrap() {
        assert!(!cut.contains(&token["token"].as_str().unwrap()[..34]), "{name}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spelling::redacted;

    const TOKEN: &str =
        "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";

    /// What texts are made of, besides pieces of the token.
    const PARTS: &[&str] = &[
        "cog_",
        "cog",
        "_",
        "1s",
        "1",
        "a",
        " ",
        "\n",
        "\r\n",
        "\\n",
        "\\t",
        "\\\n",
        "=\n",
        "^\n",
        "\"",
        "'",
        "`",
        "+",
        ".",
        "&",
        "<>",
        "|",
        "-",
        ">",
        "<wbr>",
        "<",
        "</b",
        "&shy;",
        "&#8203;",
        "&quot;",
        "\\\"",
        "&lt;wbr&gt;",
        "\\u003Cwbr\\u003E",
        "%3cb%3e",
        "\\u001b[1m",
        "\\x00",
        "\\u{200b}",
        "&",
        ";",
        "\u{200b}",
        "\u{ad}",
        "\u{85}",
        "\u{fffd}",
        "é",
        "…",
        "\u{1b}[0m",
        "\u{1b}",
        "[",
        "%0A",
        "%20",
        "%C3%A9",
        "%",
        "\\u200b",
        "\\",
        "\\\\",
        "\\\\n",
        "\\\\\\\\t",
        "\\\\\\\"",
        "\\\\u003cwbr\\u003e",
        "\\\\u003cwbr\\\\u003e",
        "\\x3cb\\\\\\\\x3e",
        "\\\\\\\\\\\\\\\\",
        "\0",
        "AAAABBBBCCCCDDDDEEEE",
        "\" + \"",
        "                                                              ",
    ];

    /// Texts of such parts, as chance has it, most of which hold a token that is broken somewhere.
    #[test]
    fn texts_made_of_parts() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut chance = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % u64::try_from(below).unwrap()).unwrap()
        };
        let mut cut = 0;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..chance(4) {
                text += PARTS[chance(PARTS.len())];
            }
            let (mut at, end) = (chance(8), 81 - chance(4) * chance(2));
            let damage = chance(3) == 0;
            while at < end {
                let next = (at + 1 + chance(40)).min(end);
                text += &TOKEN[at..next];
                text += if chance(3) == 0 { PARTS[chance(PARTS.len())] } else { "" };
                text += if damage && chance(4) == 0 { "z" } else { "" };
                at = next;
            }
            for _ in 0..chance(6) {
                text += PARTS[chance(PARTS.len())];
            }
            let shown = redact(&text);
            assert_eq!(shown.as_bytes(), redacted(text.as_bytes(), false), "{text:?}");
            assert_eq!(redact(&shown), shown, "{text:?}");
            cut += usize::from(shown != text);
        }
        assert!(cut > 5_000, "{cut}");
    }
}
