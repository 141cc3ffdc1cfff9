//! Tokens in the encodings in which secrets travel. The encoders here are written from the
//! standards that they follow, without the library.

use cog_auth::token::{
    Certainty, DecodingScanner, EdgeKeys, Encoding, Finding, KeyId, Kind, MINT_RANDOM_BYTES,
    RootKey, scan_decoding,
};
use cog_auth::{Code, Time};
use std::fmt::Write;

const TOKEN: &str =
    "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";

/// Numbers as chance has them.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next().to_le_bytes()[3])
    }
}

pub(super) const STANDARD: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// RFC 4648, section 4 or 5, with padding.
pub(super) fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let number =
            (0..3).fold(0_u32, |number, at| number << 8 | u32::from(*group.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let digit = alphabet[usize::try_from(number >> (18 - 6 * at) & 0x3f).unwrap()];
            out.push(if at <= group.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

fn each(text: &str, form: impl Fn(u8) -> String) -> String {
    text.bytes().map(form).collect()
}

fn wrapped(text: &str, columns: usize, end: &str) -> String {
    let lines: Vec<_> =
        text.as_bytes().chunks(columns).map(|line| std::str::from_utf8(line).unwrap()).collect();
    lines.join(end)
}

fn utf16(text: &str, of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(of).collect()
}

/// With its low line alone in another form.
fn low_line(token: &str, form: &str) -> String {
    token.replacen('_', form, 1)
}

/// A text as quoted-printable mails have it: RFC 2045, section 6.7. A line has at most 76 bytes.
fn quoted_printable(text: &str) -> String {
    let mut lines = vec![String::new()];
    for byte in text.bytes() {
        let form = match byte {
            b'=' | 0..=0x1f | 0x7f.. => format!("={byte:02X}"),
            _ => char::from(byte).to_string(),
        };
        if lines.last().unwrap().len() + form.len() > 75 {
            lines.push(String::new());
        }
        lines.last_mut().unwrap().push_str(&form);
    }
    lines.join("=\r\n")
}

/// A token in every form in which it is found, with what is around it, and the encodings.
pub(crate) fn forms(token: &str, chance: &mut Chance) -> Vec<(Vec<u8>, Vec<Encoding>)> {
    use Encoding::{
        Backslash, Base64, Broken, Decimal, Hex, Html, OtherCase, Percent, QuotedPrintable, Utf16,
    };
    let mut forms: Vec<(Vec<u8>, Vec<Encoding>)> = Vec::new();
    let mut add =
        |text: &[u8], encodings: &[Encoding]| forms.push((text.to_vec(), encodings.to_vec()));
    for before in ["", "a", "me:", "user:", "{\"token\":\""] {
        let text = format!("{before}{token}\"}}");
        for alphabet in [STANDARD, URL] {
            let once = base64(text.as_bytes(), alphabet);
            add(format!("Authorization: Basic {once}").as_bytes(), &[Base64]);
            add(format!("a=b\\n{once}").as_bytes(), &[Base64]);
            add(once.trim_end_matches('=').as_bytes(), &[Base64]);
            add(once.replace('=', "%3D").as_bytes(), &[Base64]);
            let twice = base64(format!("{{\"auth\":\"{once}\"}}").as_bytes(), alphabet);
            add(twice.as_bytes(), &[Base64, Base64]);
            add(wrapped(&twice, 76, "\n").as_bytes(), &[Base64, Base64]);
        }
        // Lines that begin anywhere, and what stands between them.
        let long = format!("{}{text}{}", "x".repeat(chance.below(90)), "y".repeat(90));
        let once = base64(long.as_bytes(), STANDARD);
        for (columns, end) in [
            (76, "\r\n"),
            (64, "\n"),
            (76, "\n    "),
            (64, "\\n"),
            (60, "\\\\n"),
            (60, "\\\\\\\\r\\\\\\\\n"),
            (76, "\n+"),
            (76, "\n> "),
            (60, "%0A"),
            (76, "\" +\n\""),
        ] {
            add(wrapped(&once, columns, end).as_bytes(), &[Base64]);
        }
        // Beside characters of which the bits are `+` and `/`.
        for alphabet in [STANDARD, URL] {
            for (open, close) in
                [("\u{201e}", "\u{201c}"), ("\u{ff}", "\u{ff5e}"), ("\u{feff}", "\u{2026}")]
            {
                let quoted = format!("{before}{open}{token}{close}");
                add(base64(quoted.as_bytes(), alphabet).as_bytes(), &[Base64]);
                let marked = utf16(&format!("{before}\u{feff}{token}\r\n"), u16::to_le_bytes);
                add(base64(&marked, alphabet).as_bytes(), &[Base64, Utf16]);
            }
        }
        // What stands between the first piece and the rest.
        let once = base64(text.as_bytes(), STANDARD);
        let (start, end) = once.split_at(8);
        for between in ["\x1b[m\x1b[K", "\x1b[0;1m", "\\u{200b}", "\\n+", "\\r\\n-", "\n=", "\\n="]
        {
            add(format!("k: \x1b[01;31m\x1b[K{start}{between}{end}").as_bytes(), &[Base64]);
        }
        for of in [u16::to_le_bytes, u16::to_be_bytes] {
            let wide = utf16(&text, of);
            add(&wide, &[Utf16]);
            add(&[b"\xff\xfe".as_slice(), &wide].concat(), &[Utf16]);
            add(&[b"xyz".as_slice(), &wide, b"\0\0\0"].concat(), &[Utf16]);
            add(base64(&wide, STANDARD).as_bytes(), &[Base64, Utf16]);
            add(&utf16(&once, of), &[Utf16, Base64]);
            add(&utf16(&low_line(&text, "%5F"), of), &[Utf16, Percent]);
        }
    }
    let lower = each(token, |byte| format!("{byte:02x}"));
    let upper = each(token, |byte| format!("{byte:02X}"));
    for digits in [&lower, &upper] {
        add(digits.as_bytes(), &[Hex]);
        add(format!("0x{digits}").as_bytes(), &[Hex]);
        add(format!("7{digits}0").as_bytes(), &[Hex]);
        add(wrapped(digits, 60, "\n").as_bytes(), &[Hex]);
        add(base64(digits.as_bytes(), STANDARD).as_bytes(), &[Base64, Hex]);
        // Short lines, in which the digits of a low line may stand anywhere.
        for columns in 31..38 {
            for end in ["\n", "\\n+", "\x1b[m\n\x1b[32m+\x1b[m\x1b[32m"] {
                add(format!("k:{end}{}", wrapped(digits, columns, end)).as_bytes(), &[Hex]);
            }
        }
    }
    // The line that is long stands behind the token.
    let lines = wrapped(&base64(token.as_bytes(), STANDARD), 30, "\n");
    add(format!("{lines}\n{}\n", "QUFB".repeat(15)).as_bytes(), &[Base64]);
    let listed = |separator: &str, mark: &str| {
        let items: Vec<_> = token.bytes().map(|byte| format!("{mark}{byte:02x}")).collect();
        items.join(separator)
    };
    for (separator, mark) in
        [(" ", ""), (":", ""), ("-", ""), (", ", "0x"), (",\n    ", "0x"), (" ", "0x")]
    {
        add(listed(separator, mark).as_bytes(), &[Hex]);
    }
    let filled: Vec<_> = token.bytes().map(|byte| format!("{byte:03}")).collect();
    add(filled.join(" ").as_bytes(), &[Decimal]);
    let numbers: Vec<_> = token.bytes().map(|byte| byte.to_string()).collect();
    for separator in [",", ", ", " ", ",\n      "] {
        let data = numbers.join(separator);
        add(format!("{{\"type\":\"Buffer\",\"data\":[{data}]}}").as_bytes(), &[Decimal]);
    }
    for (form, encoding) in [
        ("%5F", Percent),
        ("%5f", Percent),
        ("%255F", Percent),
        ("%25255f", Percent),
        ("\\_", Backslash),
        ("\\\\_", Backslash),
        ("\\u005f", Backslash),
        ("\\u005F", Backslash),
        ("\\\\u005f", Backslash),
        ("\\x5f", Backslash),
        ("\\u{5f}", Backslash),
        ("\\137", Backslash),
        ("&#95;", Html),
        ("&#095;", Html),
        ("&#x5f;", Html),
        ("&#x005F;", Html),
        ("&lowbar;", Html),
        ("&UnderBar;", Html),
        ("&amp;#95;", Html),
        ("&amp;lowbar;", Html),
        ("=5F", QuotedPrintable),
    ] {
        let text = low_line(token, form);
        for before in ["", "a=", "x", "%3D", "\\n", "0", "5f", "\\"] {
            add(format!("{before}{text} ").as_bytes(), &[encoding]);
        }
        add(base64(text.as_bytes(), STANDARD).as_bytes(), &[Base64, encoding]);
    }
    for (encoding, form) in [
        (Percent, each(token, |byte| format!("%{byte:02X}"))),
        (Percent, each(token, |byte| format!("%25{byte:02x}"))),
        (Backslash, each(token, |byte| format!("\\u{byte:04x}"))),
        (Backslash, each(token, |byte| format!("\\\\u{byte:04X}"))),
        (Backslash, each(token, |byte| format!("\\x{byte:02x}"))),
        (Backslash, each(token, |byte| format!("\\{byte:03o}"))),
        (Html, each(token, |byte| format!("&#{byte};"))),
        (Html, each(token, |byte| format!("&#x{byte:X};"))),
        (QuotedPrintable, each(token, |byte| format!("={byte:02X}"))),
    ] {
        add(format!("t: {form};").as_bytes(), &[encoding]);
        add(base64(form.as_bytes(), STANDARD).as_bytes(), &[Base64, encoding]);
    }
    // The low line alone stands there as it is, and nothing plain beside it.
    let but_low_line = |form: &dyn Fn(u8) -> String| {
        each(token, |byte| if byte == b'_' { "_".to_owned() } else { form(byte) })
    };
    for (encoding, form) in [
        (Percent, but_low_line(&|byte| format!("%{byte:02X}"))),
        (Backslash, but_low_line(&|byte| format!("\\u{byte:04x}"))),
        (Backslash, but_low_line(&|byte| format!("\\x{byte:02x}"))),
        (Backslash, but_low_line(&|byte| format!("\\{byte:03o}"))),
        (Html, but_low_line(&|byte| format!("&#{byte};"))),
        (QuotedPrintable, but_low_line(&|byte| format!("={byte:02X}"))),
        (Broken, but_low_line(&|byte| format!(" {} ", char::from(byte)))),
        (Broken, but_low_line(&|byte| format!("\",\n\"{}\",\n\"", char::from(byte)))),
        (Broken, token.replacen('_', "<wbr>_<wbr>", 1)),
        (Broken, token.replacen('_', "\u{200b}_\u{200b}", 1)),
        // Breaks that have letters of the prefix in them.
        (Broken, token.replacen('_', "&lt;b&gt;_", 1)),
        (Broken, token.replacen('_', "<svg>_", 1)),
        (Broken, token.replacen("g_", "&quot; + &quot;g_", 1)),
        (Broken, token.replacen("og_", "<co>o<g>g_", 1)),
        (Html, token.replacen("g_1", "&#103;_&#49;", 1)),
        (Percent, token.replacen("g_1", "%67_%31", 1)),
    ] {
        add(format!("t: {form};").as_bytes(), &[encoding]);
    }
    add(format!("COG{}", &token[3..]).as_bytes(), &[OtherCase]);
    add(format!("xCog{}", &token[3..]).as_bytes(), &[OtherCase]);
    for place in 1..81 {
        let (start, end) = token.split_at(place);
        for broken_by in ["\n", "\r\n", "=\r\n", "\\n", "\n> "] {
            add(format!("t: {start}{broken_by}{end}\r\n").as_bytes(), &[Broken]);
        }
    }
    let mail = quoted_printable(&format!("key={}{token}", "z".repeat(chance.below(75))));
    add(mail.as_bytes(), if mail.contains(token) { &[] } else { &[Broken] });
    forms
}

pub(super) fn fresh(chance: &mut Chance) -> (RootKey, String) {
    let root = RootKey::new(KeyId::parse("01").unwrap(), &chance.bytes());
    let random: [u8; 128] = chance.bytes();
    let kind = [Kind::ServiceUserKey, Kind::PersonalAccessToken, Kind::Sample][chance.below(3)];
    assert!(random.len() >= MINT_RANDOM_BYTES);
    let token = root.mint(kind, None, &random).unwrap().expose().to_owned();
    (root, token)
}

#[test]
fn every_form_of_fresh_tokens_is_found() {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for _ in 0..8 {
        let (_, token) = fresh(&mut chance);
        for (text, encodings) in forms(&token, &mut chance) {
            let shown = String::from_utf8_lossy(&text);
            let found: Vec<_> =
                scan_decoding(&text).filter(|found| found.handle().is_some()).collect();
            assert_eq!(found.len(), 1, "{found:?} in {shown}");
            let finding = &found[0];
            assert_eq!(finding.handle().unwrap().as_str(), &token[..23]);
            assert_eq!(finding.certainty(), Certainty::Parsed);
            assert_eq!(finding.encodings().collect::<Vec<_>>(), encodings, "{shown}");
            assert_eq!(finding.token(&text).expect(&shown).expose(), token);
            // Nothing of it stays when its range is cut out, and less does not hold it.
            let range = finding.range();
            let (start, end) = (range.start, range.end);
            let without = [&text[..start], &text[end..]].concat();
            assert_eq!(scan_decoding(&without).count(), 0, "{shown}");
            // An escape that was cut is a break, and its last letter is itself.
            for part in [&text[start + 4..end], &text[start..end - 20]] {
                let found = scan_decoding(part).filter(|found| found.handle().is_some()).count();
                assert_eq!(found, 0, "{shown}");
            }
        }
    }
}

/// Behind and before anything, and over the borders of steps and windows.
#[test]
fn a_form_may_stand_anywhere() {
    let mut chance = Chance(3);
    let forms = forms(TOKEN, &mut chance);
    for (text, encodings) in forms.iter().step_by(37) {
        for before in [0, 1, 15, 16, 17, 31, 33, 16_384 - 200, 16_384 - 20, 16_384, 33_000] {
            for filling in [b' ', b'A', b'a', b'\n', b'_', b'%', 0xc3] {
                // Letters beside letters of base64 are its own, and zeros are beside UTF-16.
                let filled = vec![filling; before];
                let whole = [&filled, b" ".as_slice(), text, b" ", &filled].concat();
                let found: Vec<_> =
                    scan_decoding(&whole).filter(|found| found.handle().is_some()).collect();
                assert_eq!(
                    found.len(),
                    1,
                    "{before} of {filling}: {:?}",
                    String::from_utf8_lossy(text)
                );
                assert_eq!(found[0].encodings().collect::<Vec<_>>(), *encodings);
            }
        }
    }
    // Within one long stretch of base64.
    for before in [0, 1_000, 11_000, 12_000, 12_033, 16_000, 16_384, 24_000, 50_000] {
        for more in 0..4 {
            let long = format!("{}{TOKEN}{}", "k".repeat(before + more), "k".repeat(20_000));
            let text = base64(long.as_bytes(), STANDARD);
            assert_eq!(scan_decoding(text.as_bytes()).count(), 1, "{before} {more}");
            let lines = wrapped(&text, 76, "\n");
            assert_eq!(scan_decoding(lines.as_bytes()).count(), 1, "{before} {more}");
            let wide = utf16(&long, u16::to_le_bytes);
            assert_eq!(scan_decoding(&wide).count(), 1, "{before} {more}");
        }
    }
}

#[test]
fn several_tokens_in_one_encoding_are_all_found() {
    for between in ["", ",", "\n", "\",\""] {
        for before in ["", "a", "bc"] {
            let text = format!("{before}{}", [TOKEN; 5].join(between));
            for encoded in [
                base64(text.as_bytes(), STANDARD).into_bytes(),
                utf16(&text, u16::to_be_bytes),
                each(&text, |byte| format!("{byte:02x}")).into_bytes(),
                each(&text, |byte| format!("%{byte:02x}")).into_bytes(),
            ] {
                let found = scan_decoding(&encoded).count();
                assert_eq!(found, 5, "{between:?} {:?}", String::from_utf8_lossy(&encoded));
            }
        }
    }
}

#[test]
fn pieces_come_to_the_same() {
    let mut chance = Chance(11);
    let forms = forms(TOKEN, &mut chance);
    for round in 0..24 {
        let mut text = Vec::new();
        while text.len() < 60_000 {
            match chance.below(7) {
                // A word that looks like a credential, with tokens in base64 within it.
                6 if chance.below(4) == 0 => {
                    text.extend_from_slice(b" cog_");
                    let token = base64(TOKEN.as_bytes(), STANDARD);
                    text.extend_from_slice(token.repeat(chance.below(20)).as_bytes());
                }
                0 => text.extend_from_slice(&forms[chance.below(forms.len())].0),
                1 => text.extend_from_slice(&forms[chance.below(forms.len())].0[..20]),
                2 => text.extend(vec![b"k0 \n"[chance.below(4)]; chance.below(3_000)]),
                3 => text.extend_from_slice(b"cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7"),
                4 if chance.below(8) == 0 => {
                    let long = vec![b'b'; chance.below(20_000)];
                    text.extend_from_slice(base64(&long, STANDARD).as_bytes());
                }
                _ => text.extend_from_slice(b" some words, and _1s lines.\n"),
            }
        }
        let whole: Vec<_> = scan_decoding(&text).collect();
        assert!(whole.len() > 5);
        let most = [1, 2, 80, 1_000, 5_000, 30_000][round % 6];
        assert_eq!(in_pieces(&text, || 1 + chance.below(most)), whole, "in pieces of {most}");
    }
}

fn in_pieces(text: &[u8], mut length: impl FnMut() -> usize) -> Vec<Finding> {
    let (mut scanner, mut found, mut rest) = (DecodingScanner::new(), Vec::new(), text);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(length().min(rest.len()));
        found.extend(scanner.push(piece));
        rest = after;
    }
    found.extend(scanner.finish());
    found
}

/// One line is long enough to be looked into, far before the token or right behind it.
#[test]
fn a_row_of_lines_is_one_however_it_arrives() {
    let check = |text: &str| {
        let whole: Vec<_> = scan_decoding(text.as_bytes()).collect();
        assert_eq!(whole.len(), 1, "{}", text.len());
        assert_eq!(whole[0].token(text.as_bytes()).unwrap().expose(), TOKEN);
        for length in [1, 1_000, 5_000] {
            assert_eq!(in_pieces(text.as_bytes(), || length), whole, "{} {length}", text.len());
        }
    };
    for before in [0, 1_000, 9_000, 12_100, 30_001] {
        let text = format!("{}{TOKEN}{}", "k".repeat(before), "k".repeat(20_001));
        for (columns, end) in
            [(20, "\n"), (30, "\n> "), (24, "\\u{200b}"), (27, "\x1b[m\n\x1b[32m+")]
        {
            let long = "QUFB".repeat(15);
            check(&format!(
                "{long}{end}{}",
                wrapped(&base64(text.as_bytes(), STANDARD), columns, end)
            ));
            let digits = each(&text, |byte| format!("{byte:02x}"));
            check(&format!("{long}{end}{}", wrapped(&digits, columns, end)));
        }
    }
    let lines = wrapped(&base64(TOKEN.as_bytes(), STANDARD), 30, "\n");
    for place in 16_384 - 50..16_384 + 50 {
        let filling = " ".repeat(place - lines.len() - 1);
        check(&format!("{filling}{lines}\n{}", &"QUFB".repeat(12)[..31 + place % 16]));
    }
}

/// The token is read again, too, where the long line stands within another encoding.
#[test]
fn a_token_in_a_row_within_another_encoding_is_read_again() {
    let mut read = 0;
    for before in [0, 100, 300, 1_000, 1_500] {
        let text = format!("{}{TOKEN} tail tail", "foo bar ".repeat(before / 8));
        let rows = [
            wrapped(&base64(text.as_bytes(), STANDARD), 24, "\n"),
            wrapped(&each(&text, |byte| format!("{byte:02x}")), 24, "\n"),
        ];
        for row in &rows {
            let inner = format!("{}\n{row}", "A".repeat(32));
            for outer in [
                base64(inner.as_bytes(), STANDARD).into_bytes(),
                wrapped(&base64(inner.as_bytes(), STANDARD), 76, "\n").into_bytes(),
                each(&inner, |byte| format!("{byte:02x}")).into_bytes(),
                utf16(&inner, u16::to_le_bytes),
            ] {
                for filling in [0, 30_000] {
                    let text = [&b" ".repeat(filling)[..], &outer].concat();
                    let found: Vec<_> = scan_decoding(&text).collect();
                    assert_eq!(found.len(), 1, "{before}");
                    let token = found[0].token(&text).expect("it is there");
                    assert_eq!(token.expose(), TOKEN);
                    read += 1;
                    // What a service keeps that reads in pieces.
                    let kept = found[0].range().start.saturating_sub(DecodingScanner::MAX_HELD);
                    let token = found[0].token_in_part(&text[kept..], kept).expect("as well");
                    assert_eq!(token.expose(), TOKEN);
                    assert!(found[0].token_in_part(&text[kept..], kept + 1).is_none());
                }
            }
        }
    }
    assert_eq!(read, 80);
}

#[test]
fn edge_keys_tell_whether_what_was_found_is_genuine() {
    let mut chance = Chance(5);
    let random: [u8; 128] = chance.bytes();
    let ours = RootKey::new(KeyId::parse("01").unwrap(), &chance.bytes());
    let others = RootKey::new(KeyId::parse("01").unwrap(), &chance.bytes());
    let now = Time::from_seconds(1_795_000_000).unwrap();
    let keys: EdgeKeys = ours.edge_keys();
    for (root, refused) in [(&ours, None), (&others, Some(Code::TagMismatch))] {
        let token = root.mint(Kind::ServiceUserKey, None, &random).unwrap();
        let text = base64(token.expose().as_bytes(), STANDARD);
        let finding = scan_decoding(text.as_bytes()).next().unwrap();
        let token = finding.token(text.as_bytes()).unwrap();
        assert_eq!(keys.verify(token, now).err().map(|error| error.code()), refused);
        // Of another text it says nothing.
        assert!(finding.token(b"something else").is_none());
        assert!(finding.token("x".repeat(200).as_bytes()).is_none());
    }
}

/// What is damaged in an encoding is not found: there it would be found by chance too.
#[test]
fn nothing_is_found_by_chance() {
    let damaged = format!("{}z", &TOKEN[..80]);
    for (text, _) in forms(&damaged, &mut Chance(1)) {
        let found: Vec<_> = scan_decoding(&text).filter(|found| found.handle().is_some()).collect();
        assert_eq!(found, [], "{}", String::from_utf8_lossy(&text));
    }
    let mut chance = Chance(17);
    let bytes: Vec<u8> = (0..200_000).map(|_| chance.bytes::<1>()[0]).collect();
    let mut digits = String::new();
    for byte in &bytes {
        write!(digits, "{byte:02x}").unwrap();
    }
    for text in [bytes.clone(), base64(&bytes, STANDARD).into_bytes(), digits.into_bytes()] {
        assert_eq!(scan_decoding(&text).count(), 0);
    }
}

#[test]
fn every_encoding_has_a_name_of_its_own() {
    let mut names: Vec<_> = Encoding::ALL.iter().map(|encoding| encoding.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Encoding::ALL.len());
    assert_eq!(
        [Certainty::Parsed, Certainty::LooksLikeOne].map(Certainty::name),
        ["parsed", "looks_like"]
    );
}
