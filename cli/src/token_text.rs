//! A token as it stands in a file or variable: on its own, or in something that hides it.

/// What hides a token from its reader, with what to do about it. None: it stands on its own, or
/// this is no token at all, which parsing says.
pub(crate) fn hidden_in(bytes: &[u8]) -> Option<&'static str> {
    const UTF_16: &str = "it is text in UTF-16; save it as UTF-8 without a byte order mark";
    const UTF_32: &str = "it is text in UTF-32; save it as UTF-8 without a byte order mark";
    // First, since its mark begins as that of UTF-16 does, and its zeros are more than enough.
    if has_zeros(bytes, 3, 4) {
        return Some(UTF_32);
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || has_zeros(bytes, 1, 2) {
        return Some(UTF_16);
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Some("it begins with a byte order mark; save it as UTF-8 without one");
    }
    let text = std::str::from_utf8(bytes).ok()?.trim_ascii();
    if text.starts_with(QUOTES) || text.ends_with(QUOTES) {
        return Some("the token stands in quotes; write it without them");
    }
    let assigned = text.strip_prefix("export ").unwrap_or(text);
    if assigned.split_once('=').is_some_and(|(name, _)| is_name(name)) {
        return Some("it has the form NAME=token; write the token alone");
    }
    let first = text.split_ascii_whitespace().next().unwrap_or_default();
    if ["bearer", "authorization:"].iter().any(|word| first.eq_ignore_ascii_case(word)) {
        return Some("it holds a header; write the token alone, without the words before it");
    }
    if text.lines().count() > 1 {
        return Some("it has more than one line; write the token alone");
    }
    None
}

/// Straight ones, and those that word processors make of them.
const QUOTES: [char; 7] = ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}'];

/// Whether the text may be one of ASCII in UTF-16, where one of two bytes is 0, or in UTF-32, where
/// three of four are. A mark has fewer, and white space around may have been cut in the middle of a
/// character.
fn has_zeros(bytes: &[u8], zeros: usize, of: usize) -> bool {
    let there = bytes.iter().filter(|byte| **byte == 0).count();
    let least = bytes.len().saturating_sub(of).saturating_mul(zeros).checked_div(of).unwrap_or(0);
    bytes.len() > 3 && there >= least
}

/// Whether a text is the name of a variable. One that begins as a token does could be a secret.
fn is_name(text: &str) -> bool {
    let name = text.trim_end_matches([' ', '\t']);
    let mut characters = name.chars();
    let first = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    first
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
        && !name.starts_with("cog_")
}
