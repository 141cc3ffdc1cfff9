//! Rules for scanners of others, in `integrations/secret-scanning/rules`: each has the form of a
//! token in its own way, and all have it from here.

use cog_auth::token::{Kind, Token};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::PathBuf;

/// What every token begins with, and few other texts have.
const KEYWORD: &str = "cog_1";

/// How many characters the checksum has.
const CHECKSUM: usize = 6;

/// A token that anybody may have: that of the specification.
const EXAMPLE: &str =
    "cog_1s015PnAAAABBBBCCCCDDDDEEEEFFFFGGGGHHHHIIIIJJJJKK586ggbea2qj1Bs5iHjYgW30jAxiy";

const DESCRIPTION: &str = "A cog_ token: a service user's key or a personal access token";

/// Writes all of them.
pub(crate) fn write() -> Result<(), Box<dyn Error>> {
    let folder = folder();
    fs::create_dir_all(&folder)?;
    for (name, text) in files()? {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}

fn folder() -> PathBuf {
    crate::root().join("integrations/secret-scanning/rules")
}

/// The form of a token, up to its checksum and with it.
fn patterns() -> Result<(String, String), Box<dyn Error>> {
    Token::parse(EXAMPLE.as_bytes())?;
    let kinds: String = Kind::ALL.map(character).into_iter().collect();
    let before = KEYWORD.len().saturating_add(1).saturating_add(CHECKSUM);
    let body = Token::LEN.saturating_sub(before);
    let body = format!("{KEYWORD}[{kinds}][0-9A-Za-z]{{{body}}}");
    Ok((body, format!("[0-9A-Za-z]{{{CHECKSUM}}}")))
}

/// The character of a kind, as section "The token" of `docs/token-format.md` has it.
const fn character(kind: Kind) -> char {
    match kind {
        Kind::ServiceUserKey => 's',
        Kind::PersonalAccessToken => 'p',
        Kind::Sample => 'x',
    }
}

/// Each file, with its name.
fn files() -> Result<Vec<(&'static str, String)>, Box<dyn Error>> {
    let (body, checksum) = patterns()?;
    let whole = format!("{body}{checksum}");
    Ok(vec![
        ("gitleaks.toml", gitleaks(&whole)),
        ("trufflehog.yaml", trufflehog(&whole)),
        ("kingfisher.yml", kingfisher(&body, &checksum)),
        ("detect_secrets_cog_auth.py", detect_secrets(&whole)),
        ("github-custom-pattern.json", github(&whole)?),
    ])
}

const WRITTEN: &str = "Written by `cargo xtask rules`.";

/// gitleaks and betterleaks: <https://github.com/gitleaks/gitleaks#configuration>.
fn gitleaks(whole: &str) -> String {
    format!(
        "# {WRITTEN}
title = \"cog_ tokens\"

# Beside the rules that the tool has.
[extend]
useDefault = true

[[rules]]
id = \"cog-auth-token\"
description = \"{DESCRIPTION}\"
regex = '''{whole}'''
keywords = [\"{KEYWORD}\"]
tags = [\"cog-auth\", \"token\"]
"
    )
}

/// `TruffleHog`: <https://github.com/trufflesecurity/trufflehog>, custom detectors.
fn trufflehog(whole: &str) -> String {
    format!(
        "# {WRITTEN}
detectors:
  - name: cog-auth token
    description: \"{DESCRIPTION}\"
    keywords:
      - {KEYWORD}
    regex:
      token: '({whole})'
"
    )
}

/// Kingfisher: <https://github.com/mongodb/kingfisher>, custom rules. It makes the checksum again.
fn kingfisher(body: &str, checksum: &str) -> String {
    format!(
        "# {WRITTEN}
rules:
  - name: cog-auth token
    id: custom.cog-auth.token
    pattern: |
      (?x)
      (
        (?P<body>{body})
        (?P<checksum>{checksum})
      )
    pattern_requirements:
      checksum:
        actual:
          template: \"{{{{ checksum }}}}\"
          requires_capture: checksum
        expected: \"{{{{ body | crc32 | base62: {CHECKSUM} }}}}\"
        skip_if_missing: false
    min_entropy: 2.0
    confidence: high
    examples:
      - {EXAMPLE}
"
    )
}

/// detect-secrets: <https://github.com/Yelp/detect-secrets>, a plugin of one's own. It makes the
/// checksum again.
fn detect_secrets(whole: &str) -> String {
    let body = Token::LEN.saturating_sub(CHECKSUM);
    format!(
        "# {WRITTEN}
\"\"\"cog_ tokens, for detect-secrets. Their checksum is CRC-32 in base 62.\"\"\"

import re
import zlib

from detect_secrets.plugins.base import RegexBasedDetector

DIGITS = \"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\"


def checksum(text):
    number, out = zlib.crc32(text.encode()), \"\"
    for _ in range({CHECKSUM}):
        number, digit = divmod(number, 62)
        out = DIGITS[digit] + out
    return out


class CogAuthTokenDetector(RegexBasedDetector):
    secret_type = \"cog-auth token\"

    denylist = [re.compile(r\"{whole}\")]

    def analyze_string(self, string):
        for token in super().analyze_string(string):
            if checksum(token[:{body}]) == token[{body}:]:
                yield token
"
    )
}

/// GitHub: the fields of the form for a custom pattern. What stands before and behind a token does
/// not matter.
fn github(whole: &str) -> Result<String, Box<dyn Error>> {
    // Sorted by name, whatever other crates ask of `serde_json`.
    let pattern = BTreeMap::from([
        ("comment", WRITTEN),
        ("pattern_name", "cog-auth token"),
        ("secret_format", whole),
        ("before_secret", r"\A|[\s\S]"),
        ("after_secret", r"\z|[\s\S]"),
        ("test_string", EXAMPLE),
    ]);
    Ok(format!("{}\n", serde_json::to_string_pretty(&pattern)?))
}

#[cfg(test)]
mod tests {
    use super::{EXAMPLE, files, folder, patterns};
    use regex::Regex;
    use std::fs;

    #[test]
    fn the_files_are_what_is_written() {
        for (name, text) in files().unwrap() {
            let kept = fs::read_to_string(folder().join(name)).unwrap();
            assert!(kept == text, "{name} is another one: run `cargo xtask rules`");
        }
    }

    #[test]
    fn the_pattern_is_that_of_a_token() {
        let (body, checksum) = patterns().unwrap();
        let pattern = Regex::new(&format!("{body}(?P<checksum>{checksum})")).unwrap();
        let glued = format!("MY_{EXAMPLE}{EXAMPLE}0");
        let found: Vec<&str> = pattern.find_iter(&glued).map(|found| found.as_str()).collect();
        assert_eq!(found, [EXAMPLE, EXAMPLE]);
        assert_eq!(&pattern.captures(EXAMPLE).unwrap()["checksum"], EXAMPLE.split_at(75).1);
        assert!(!pattern.is_match(EXAMPLE.split_at(80).0));
        assert!(!pattern.is_match(&EXAMPLE.replace("cog_1s", "cog_1t")));
        // Each file has it, whole or in two parts.
        for (name, text) in files().unwrap() {
            assert!(text.contains(&body) && text.contains(&checksum), "{name}");
        }
    }
}
