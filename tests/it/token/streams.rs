//! Texts that arrive in pieces.

use cog_auth::token::{RedactingWriter, Redactor, Scanner, redact, scan};
use std::fmt::Write;

const TOKEN: &str =
    "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";

/// What texts are made of, besides pieces of the token.
const PARTS: [&str; 28] = [
    "cog_",
    "cog",
    "_",
    "1s",
    "a",
    " ",
    "\n",
    "=\n",
    "\\n",
    "\" + \"",
    "<wbr>",
    "&shy;",
    "\\u003cwbr\\u003e",
    "\\u001b[0m",
    "\u{ad}",
    "\u{200b}",
    "é",
    "日本",
    "\u{1f469}",
    "…",
    ".",
    "%0A",
    "\u{1b}[0m",
    "<b",
    "AAAABBBBCCCCDDDDEEEE",
    TOKEN,
    "cog_k7w2k7w2k7w2k7w2k7w2k7w2k7w2k7",
    "words and 1 sentence ",
];

/// Numbers as chance has them.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    /// A text of about so many bytes.
    fn text(&mut self, length: usize) -> String {
        let mut text = String::new();
        while text.len() < length {
            match self.below(8) {
                // A broken token, with the longest breaks now and then.
                0 => {
                    let every = 1 + self.below(60);
                    let break_ = ["\n", " ", "\u{200b}", "<wbr>"][self.below(4)];
                    let times = if self.below(3) == 0 { 12 } else { 1 };
                    for piece in TOKEN.as_bytes().chunks(every) {
                        text += std::str::from_utf8(piece).unwrap();
                        text += &break_.repeat(times);
                    }
                }
                1 if self.below(20) == 0 => text += &"k7".repeat(self.below(20_000)),
                1 => text += &TOKEN[..self.below(81)],
                2 => text += &TOKEN[self.below(81)..],
                _ => text += PARTS[self.below(PARTS.len())],
            }
        }
        text
    }
}

/// The text through both, in pieces of these lengths.
fn in_pieces(text: &str, mut length: impl FnMut() -> usize) {
    let (mut redactor, mut scanner) = (Redactor::new(), Scanner::new());
    let (mut shown, mut found, mut rest) = (String::new(), Vec::new(), text.as_bytes());
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(length().min(rest.len()));
        let out = String::from_utf8(redactor.push(piece)).expect("whole characters come out");
        shown += &out;
        found.extend(scanner.push(piece));
        rest = after;
    }
    shown += &String::from_utf8(redactor.finish()).unwrap();
    found.extend(scanner.finish());
    assert!(shown == redact(text), "cut otherwise in pieces: {text:?}");
    assert_eq!(found, scan(text.as_bytes()).collect::<Vec<_>>());
}

#[test]
fn pieces_come_to_the_same_as_the_whole() {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for round in 0..40 {
        let text = chance.text(40_000);
        let most = [1, 2, 3, 80, 1_000, 5_000, 30_000, 1_000_000][round % 8];
        in_pieces(&text, || 1 + chance.below(most));
    }
}

/// Every place at which a text can be cut in two, behind so much that the first piece comes out.
#[test]
fn every_cut_comes_to_the_same() {
    let mut chance = Chance(7);
    let before = ".".repeat(Redactor::MAX_HELD);
    for _ in 0..3 {
        let end = chance.text(300);
        let text = format!("{before}{end}{before}");
        let whole = redact(&text);
        for cut in before.len()..=before.len() + end.len() {
            let mut redactor = Redactor::new();
            let (first, second) = text.as_bytes().split_at(cut);
            let mut out = redactor.push(first);
            out.extend(redactor.push(second));
            out.extend(redactor.finish());
            assert!(out == whole.as_bytes(), "{end:?} cut at {cut}");
        }
    }
}

#[test]
fn a_bounded_tail_is_held_back() {
    let (mut redactor, mut out) = (Redactor::new(), 0);
    let mut scanner = Scanner::new();
    for count in 1..200_000 {
        out += redactor.push(b".").len();
        assert!(count - out <= Redactor::MAX_HELD, "{count} {out}");
    }
    // Something that has no end is not held.
    for _ in 0..200 {
        assert!(redactor.push(format!("cog_{}", "a".repeat(10_000)).as_bytes()).len() < 30_000);
        assert!(scanner.push(&[b'a'; 10_000]).is_empty());
    }
}

#[test]
fn a_writer_cuts_what_is_written() {
    let escaped = TOKEN.replace('_', "%5f");
    for (written, mut writer) in [
        (TOKEN, RedactingWriter::new(String::new())),
        (TOKEN, RedactingWriter::decoding(String::new())),
        (&escaped, RedactingWriter::decoding(String::new())),
    ] {
        for count in 0..1_000 {
            writeln!(writer, "{count}: é {written} 日本").unwrap();
        }
        let text = writer.finish().unwrap();
        assert_eq!(text.lines().count(), 1_000);
        for (count, line) in text.lines().enumerate() {
            assert_eq!(line, format!("{count}: é cog_1s015PnAAAABBBBCCCC… 日本"));
        }
    }
}

#[test]
fn what_is_held_is_not_shown() {
    let (mut redactor, mut scanner) = (Redactor::default(), Scanner::default());
    assert!(
        redactor.push(TOKEN.as_bytes()).is_empty() && scanner.push(TOKEN.as_bytes()).is_empty()
    );
    let mut writer = RedactingWriter::new(String::new());
    writer.write_str(TOKEN).unwrap();
    let debug = format!("{redactor:?} {scanner:?} {writer:?}");
    assert!(!debug.contains("cog_"), "{debug}");
}
