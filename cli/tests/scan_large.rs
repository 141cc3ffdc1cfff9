//! `scan` of files that are larger than what is read in one go.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test stops where it fails"
)]

mod common;

use common::{SAMPLE, World};
use serde_json::{Value, json};

/// How much of a file is read in one go, and how much is kept of what was read before.
const READ: usize = 1 << 18;
const KEPT: usize = cog_auth::token::DecodingScanner::MAX_HELD;

/// Wherever a token lies in a large file, it is found once, with its line.
#[test]
fn a_large_file_is_read_in_pieces() {
    let world = World::new();
    const SIZE: usize = 3 << 20;
    // Around the ends of what is read in one go, and of what is searched in one go.
    let ends = [READ, READ + KEPT, 2 * READ, 2 * READ + KEPT, 3 * READ - (1 << 14)];
    let around = [0, 1, 40, 81, 4_096, 4_097, KEPT, KEPT + 1];
    let starts = ends.iter().flat_map(|end| around.map(|before| end - before));
    let starts = starts.chain([0, SIZE - 81]);
    for filling in [b'.', b'\n'] {
        for start in starts.clone() {
            let mut text = vec![filling; SIZE];
            text[start..start + SAMPLE.len()].copy_from_slice(SAMPLE.as_bytes());
            world.write("large", &text);
            let json = world.run(["scan", "large", "--json"]).json();
            let findings = json["findings"].as_array().unwrap();
            assert_eq!(findings.len(), 1, "{start}");
            assert_eq!((&findings[0]["offset"], &json["bytes"]), (&json!(start), &json!(SIZE)));
            let line = if filling == b'\n' { start + 1 } else { 1 };
            assert_eq!(findings[0]["line"], line, "{start}");
        }
    }
}

/// However large a file is, what is found in it is what one search of all of it finds.
#[test]
fn a_large_file_is_searched_as_a_whole() {
    let world = World::new();
    let base64 = "Y29nXzFzMDE1UG5BQUFBQkJCQkNDQ0NERERERUVFRUZGRkZHR0dHSEhI\
                  SElJSUlKSkpKS0s1ODZnZ2JlYTJxajFCczVpSGpZZ1czMGpBeGl5";
    let wrapped: Vec<&str> =
        base64.as_bytes().chunks(20).map(|line| str::from_utf8(line).unwrap()).collect();
    let texts = [
        // A word that is longer than all that is read in one go, with tokens in it.
        format!("\ncog_{}{base64}{} {SAMPLE}", "k7".repeat(READ), "w2".repeat(READ)),
        format!("cog_{}{SAMPLE}\n{base64}", "k7".repeat(3 * READ / 4)),
        // A word that goes on over an end, so that no other begins there.
        format!("{}x{}", ".".repeat(READ + KEPT - 1), SAMPLE.replace("iy", "yi")),
        // Short lines far behind the long one that shows what they are.
        format!(
            "{}\n{}\n{}",
            "QUFB".repeat(20),
            "QUFBQUFBQUFBQUFB\n".repeat(READ / 8),
            wrapped.join("\n")
        ),
        SAMPLE.repeat(READ / 40),
    ];
    let mut all = 0;
    for text in texts {
        let expected: Vec<_> = cog_auth::token::scan_decoding(text.as_bytes())
            .map(|found| (found.range().start, found.range().len()))
            .collect();
        let lines: Vec<_> =
            expected.iter().map(|(start, _)| 1 + text[..*start].matches('\n').count()).collect();
        all += expected.len();
        world.write("large", &text);
        let json = world.run(["scan", "large", "--json"]).json();
        let findings = json["findings"].as_array().unwrap();
        let number =
            |finding: &Value, name: &str| usize::try_from(finding[name].as_u64().unwrap()).unwrap();
        let found: Vec<_> =
            findings.iter().map(|it| (number(it, "offset"), number(it, "length"))).collect();
        assert_eq!(found, expected);
        assert_eq!(findings.iter().map(|it| number(it, "line")).collect::<Vec<_>>(), lines);
    }
    assert!(all > 1_000, "{all}");
}

/// Wherever a token lies in a large file, the keys are asked about it.
#[test]
fn a_token_in_a_large_file_is_judged() {
    let world = World::new();
    for filling in [READ - 100, READ + KEPT - 50, 2 * READ] {
        let digits: String = world.token.bytes().map(|byte| format!("{byte:02x}")).collect();
        let text = format!("{}{} {}", " ".repeat(filling), world.token, digits);
        world.write("large", &text);
        let json = world.run(["scan", "large", "--json", "--edge-keys", "edge.json"]).json();
        let findings = json["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 2);
        assert!(findings.iter().all(|finding| finding["ours"] == true), "{findings:?}");
    }
}
