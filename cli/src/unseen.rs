//! Text from elsewhere, as it may be shown: without tokens, and without characters that command a
//! terminal, turn the direction of writing or are not seen. With those, a text can show as
//! something else than it is.

use cog_auth::token::redact_decoding;
use std::io::{self, Write};

/// Whether a character is to be seen in text from elsewhere only as something in its place.
pub(crate) fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            // Marks that turn the direction of writing.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Ends of lines and of paragraphs.
            | '\u{2028}' | '\u{2029}'
            // What takes no room. The two joiners stay, which scripts and emoji need.
            | '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Text from elsewhere, in one line, with its tokens cut to their handles, and without what could
/// command a terminal.
pub(crate) fn plain(text: &str) -> String {
    redact_decoding(text).chars().map(seen).collect()
}

/// Writes whole lines with styles, which this command made: without all else that could command a
/// terminal, should some text have come in unfiltered. Nothing is copied, since it may hold a
/// secret.
pub(crate) fn write_lines(out: &mut impl Write, text: &str) -> io::Result<()> {
    let mut kept = 0;
    for (at, character) in text.char_indices().filter(|(_, character)| is_unseen(*character)) {
        let rest = text.get(at..).unwrap_or_default();
        if character != '\n' && !begins_with_style(rest) {
            out.write_all(text.get(kept..at).unwrap_or_default().as_bytes())?;
            out.write_all("\u{fffd}".as_bytes())?;
            kept = at.saturating_add(character.len_utf8());
        }
    }
    out.write_all(text.get(kept..).unwrap_or_default().as_bytes())
}

/// Writes JSON on one line, in which every character is seen: others are written as escapes. It is
/// the same JSON. Nothing is copied here either.
pub(crate) fn write_json(out: &mut impl Write, json: &str) -> io::Result<()> {
    let mut kept = 0;
    for (at, character) in json.char_indices().filter(|(_, character)| is_unseen(*character)) {
        out.write_all(json.get(kept..at).unwrap_or_default().as_bytes())?;
        kept = at.saturating_add(character.len_utf8());
        // These stand between values: within a string they are escapes already.
        if matches!(character, '\n' | '\r' | '\t') {
            out.write_all(b" ")?;
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
    }
    out.write_all(json.get(kept..).unwrap_or_default().as_bytes())
}

/// As [`write_json`], as text.
pub(crate) fn seen_json(json: &str) -> String {
    let mut out = Vec::with_capacity(json.len());
    match write_json(&mut out, json) {
        Ok(()) => String::from_utf8(out).unwrap_or_default(),
        Err(_) => String::new(),
    }
}

fn seen(character: char) -> char {
    if is_unseen(character) { '\u{fffd}' } else { character }
}

/// Whether a text begins with a style (SGR, an escape sequence that ends in `m`).
fn begins_with_style(text: &str) -> bool {
    let parameter = |byte: &u8| byte.is_ascii_digit() || *byte == b';';
    text.strip_prefix("\u{1b}[")
        .is_some_and(|rest| rest.bytes().find(|byte| !parameter(byte)) == Some(b'm'))
}
