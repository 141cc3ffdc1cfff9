//! No branch and no address depends on a secret: the cases of `tests/constant-time` under valgrind.
//!
//! Secrets are marked as undefined, so memcheck reports each branch and each address that comes
//! from one (Langley's `ctgrind`). Where the library answers yes or no it makes public what it
//! answers: these branches are listed here, each by its line, and any other fails. Valgrind hides
//! the SHA extensions of the processor, so what runs is the portable form of SHA-256.

use crate::run::{command, run_command};
use crate::{needs, target};
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const CASES: [&str; 13] = [
    "parse",
    "parse_refused",
    "derive",
    "read_keys",
    "write_keys",
    "mint",
    "verify",
    "verify_forged",
    "digest",
    "accept_at_edge",
    "accept_at_origin",
    "gate_at_edge",
    "gate_at_origin",
];

/// What must be found: a comparison that ends early, and a look-up.
const VIOLATIONS: [&str; 2] = ["violation_early_exit", "violation_look_up"];

/// What may depend on what was secret until there.
#[derive(Clone, Copy, PartialEq)]
enum Public {
    /// A branch: the answer is public.
    Answer,
    /// An address too: a place in the text is public.
    Place,
}

/// Lines that make something public: the file, the line, what, and why it may.
const PUBLIC: &[(&str, &str, Public, &str)] = &[
    (
        "src/token/parsed.rs",
        "if !alphabet::contains_all(AFTER_KIND.of(bytes)) {",
        Public::Answer,
        "whether all characters are of the alphabet: invalid_character",
    ),
    (
        "src/token/parsed.rs",
        "let first = bytes.iter().skip(AFTER_KIND.start()).position(|byte| !alphabet::contains(*byte));",
        Public::Place,
        "the first that is not, which the error names; no token has one",
    ),
    (
        "src/token/parsed.rs",
        "if alphabet::decode_checksum(CHECKSUM.of(bytes)) != u64::from(expected) {",
        Public::Answer,
        "whether the checksum fits: checksum_mismatch",
    ),
    (
        "src/token/parsed.rs",
        "if !alphabet::decode_tag(TAG.of(bytes), tag) {",
        Public::Answer,
        "whether the tag has 128 bits: tag_out_of_range",
    ),
    (
        "src/token/parsed.rs",
        "Err(entry) if entry.is(Code::InvalidCharacter) => Err(invalid_character(bytes)),",
        Public::Place,
        "which refusal it is, which the error names",
    ),
    ("src/error/mod.rs", "message: entry.sentence,", Public::Place, "the sentence of that refusal"),
    (
        "tests/constant-time/src/cases.rs",
        "assert_eq!(Token::parse(&text).unwrap_err().code().name(), code);",
        Public::Place,
        "the name of that refusal, which the case reads",
    ),
    (
        "src/token/parsed.rs",
        "match check(bytes, &mut tag) {",
        Public::Answer,
        "whether all that is right, and whether the tag has 128 bits: tag_out_of_range",
    ),
    (
        "src/token/parsed.rs",
        "match check(bytes, &mut self.tag) {",
        Public::Answer,
        "the same in the gate, which reads a token into its place",
    ),
    (
        "src/token/alphabet.rs",
        "let Some(byte) = random.find(|byte| **byte < 248) else {",
        Public::Answer,
        "which random bytes are skipped, which tells nothing of the others",
    ),
    (
        "src/token/edge_keys.rs",
        "if !bool::from(expected.ct_eq(token.tag())) {",
        Public::Answer,
        "whether the tag fits: tag_mismatch",
    ),
    (
        "src/token/digest_check.rs",
        "stored.is_of(token.bytes(), record.principal())?.then_some(()).ok_or_else(mismatch)",
        Public::Answer,
        "whether the digest fits at an edge: digest_mismatch",
    ),
    (
        "src/token/digest_check.rs",
        "stored.is_of(token.bytes(), record.principal(), self)?.then_some(()).ok_or_else(mismatch)",
        Public::Answer,
        "whether the digest fits at an origin: digest_mismatch",
    ),
    (
        "src/token/header.rs",
        "while let [b' ' | b'\\t', rest @ ..] | [rest @ .., b' ' | b'\\t'] = value {",
        Public::Answer,
        "whether the last byte is a space or a tab, which no token ends with",
    ),
    (
        "src/token/header.rs",
        "if rest.contains(&b',') {",
        Public::Place,
        "where a comma is, which no token has",
    ),
    (
        "src/token/key_set.rs",
        "if !valid {",
        Public::Answer,
        "whether all characters of a key are base64url and the spare bits zero: invalid_key_set",
    ),
    (
        "src/json/reader.rs",
        "core::str::from_utf8(bytes)",
        Public::Place,
        "what is not ASCII, which no key set has within a key",
    ),
    (
        "src/json/lexer.rs",
        "if special != 0 {",
        Public::Answer,
        "whether a string ends within eight bytes, or has an escape or a control character: a key in base64url has none",
    ),
    (
        "src/json/lexer.rs",
        "while text.get(at).is_some_and(|byte| !matches!(byte, b'\"' | b'\\\\' | 0..=0x1f)) {",
        Public::Answer,
        "the same of one byte",
    ),
    (
        "src/json/text.rs",
        "for (place, byte) in places.iter_mut().zip(self.raw.as_bytes()) {",
        Public::Answer,
        "how long a string is, since it ends where a quote stands: each key has 43 characters",
    ),
    (
        "src/json/text.rs",
        "*place = *byte;",
        Public::Place,
        "the same, where all of them are copied together",
    ),
    (
        "src/token/key_set.rs",
        "text.fill(&mut *characters) && base64url::decode(&characters, place)",
        Public::Answer,
        "whether a key has 43 characters: invalid_key_set",
    ),
];

/// Builds the cases, and compares what valgrind finds in them with the list.
pub(crate) fn check() -> Result<(), Box<dyn Error>> {
    needs::VALGRIND.must_be_met()?;
    let program = build()?;
    for case in VIOLATIONS {
        if reports(&program, case)?.is_empty() {
            return Err(format!("{case} is not found: this check is blind").into());
        }
        println!("{case}: found, as it must be");
    }
    let mut wrong = 0_usize;
    let mut seen = BTreeSet::new();
    for case in CASES {
        let (public, secret): (Vec<_>, Vec<_>) =
            reports(&program, case)?.into_iter().partition(|report| report.entry().is_some());
        for report in &secret {
            println!("{case}: {}: `{}`\n{}", report.place, report.line, report.text);
        }
        let public: BTreeSet<_> = public.iter().filter_map(Report::entry).collect();
        println!("{case}: {} public answers", public.len());
        wrong = wrong.saturating_add(secret.len());
        seen.extend(public);
    }
    for (_, (file, line, ..)) in PUBLIC.iter().enumerate().filter(|(at, _)| !seen.contains(at)) {
        wrong = wrong.saturating_add(1);
        println!("listed as public, and nothing there depends on a secret: {file}: `{line}`");
    }
    if wrong == 0 { Ok(()) } else { Err(format!("{wrong} places are not as listed").into()) }
}

/// Builds the cases in a target folder of their own, since their flags would have all else compiled
/// again, and returns the program.
fn build() -> Result<PathBuf, Box<dyn Error>> {
    let target = target::folder()?.join("constant-time");
    run_command(
        "constant time",
        command("cargo build --release -p cog-auth-constant-time")?
            .env("CARGO_TARGET_DIR", &target)
            .env("CARGO_PROFILE_RELEASE_DEBUG", "true")
            .env("RUSTFLAGS", "--cfg constant_time"),
    )?;
    Ok(target.join("release/cog-auth-constant-time"))
}

/// One report of valgrind.
struct Report {
    /// The innermost frame outside the standard library: file and line number.
    place: String,
    /// That line.
    line: String,
    text: String,
}

impl Report {
    /// Its number in the list of what may be public.
    fn entry(&self) -> Option<usize> {
        PUBLIC.iter().position(|(file, line, what, _)| self.is_of(file, line, *what))
    }

    fn is_of(&self, file: &str, line: &str, what: Public) -> bool {
        let branch = self.text.trim_start().starts_with("Conditional jump");
        let path = self.place.rsplit_once(':').map_or("", |(path, _)| path);
        path.ends_with(file) && self.line == line && (branch || what == Public::Place)
    }
}

/// Runs a case: what valgrind says of it.
fn reports(program: &Path, case: &str) -> Result<Vec<Report>, Box<dyn Error>> {
    let log = program.with_file_name(format!("{case}.log"));
    let status = Command::new("valgrind")
        .args(["--quiet", "--error-limit=no", "--num-callers=40", "--fullpath-after="])
        .arg(format!("--log-file={}", log.display()))
        .arg(program)
        .arg(case)
        .status()?;
    if !status.success() {
        return Err(format!("{case} ends with {status}").into());
    }
    let log = fs::read_to_string(log)?;
    // Each line begins with `==<process>== `; an empty one ends a report.
    let lines = log.lines().map(|line| line.splitn(3, "==").nth(2).unwrap_or("").trim_end());
    let text = lines.collect::<Vec<_>>().join("\n");
    Ok(text.split("\n\n").filter(|text| text.contains(" at 0x")).map(report).collect())
}

fn report(text: &str) -> Report {
    let here = crate::root().to_string_lossy().into_owned();
    let ours = |place: &&str| place.starts_with(&here) || place.contains("/registry/src/");
    let places = text.lines().filter_map(|line| line.rsplit_once('(')?.1.strip_suffix(')'));
    let place = places.into_iter().find(ours).unwrap_or("no place");
    Report {
        place: place.to_owned(),
        line: line_at(place).unwrap_or_default(),
        text: text.to_owned(),
    }
}

/// The line of a source, by its path and number.
fn line_at(place: &str) -> Option<String> {
    let (path, number) = place.rsplit_once(':')?;
    let number = number.parse::<usize>().ok()?.checked_sub(1)?;
    Some(fs::read_to_string(path).ok()?.lines().nth(number)?.trim().to_owned())
}
