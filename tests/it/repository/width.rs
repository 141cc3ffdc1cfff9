//! Comments and prose wrap at 100 columns.

use crate::common::root;
use std::fs;
use std::process::Command;

const WIDTH: usize = 100;

/// How comments begin, by the ending of a file. What stands behind code is left to formatters.
const COMMENTS: [(&str, &[&str]); 18] = [
    ("rs", &["//"]),
    ("c", &["//", "*"]),
    ("h", &["//", "*"]),
    ("cpp", &["//", "*"]),
    ("hpp", &["//", "*"]),
    ("go", &["//"]),
    ("java", &["//", "*", "/*"]),
    ("js", &["//", "*", "/*"]),
    ("mjs", &["//", "*", "/*"]),
    ("ts", &["//", "*", "/*"]),
    ("php", &["//", "*", "/*"]),
    ("lua", &["--"]),
    ("py", &["# ", "#:"]),
    ("rb", &["# "]),
    ("sh", &["# "]),
    ("toml", &["# ", "// "]),
    ("yml", &["# "]),
    ("yaml", &["# "]),
];

/// Whether a line can be no shorter: a row of a table, or one with a word that is as long as a
/// token.
fn cannot_wrap(line: &str) -> bool {
    let text = line.trim_start_matches(['/', '!', '*', '#', '-', ' ']);
    text.starts_with('|') || text.split(' ').any(|word| word.chars().count() > 60)
}

/// The lines of prose in a file: those of comments, or of Markdown outside code.
fn prose<'t>(ending: &str, text: &'t str) -> Vec<(usize, &'t str)> {
    let lines = (1..).zip(text.lines());
    if ending == "md" {
        let mut is_code = false;
        return lines
            .filter(|(_, line)| {
                let is_fence = line.trim_start().starts_with("```");
                is_code ^= is_fence;
                !is_code && !is_fence
            })
            .collect();
    }
    let Some((_, begin)) = COMMENTS.iter().find(|(one, _)| *one == ending) else {
        return Vec::new();
    };
    lines
        .filter(|(_, line)| begin.iter().any(|begin| line.trim_start().starts_with(begin)))
        .collect()
}

#[test]
fn comments_and_prose_wrap() {
    let listed = Command::new("git").arg("ls-files").current_dir(root()).output().unwrap();
    let (mut looked_at, mut wide) = (0, Vec::new());
    for path in String::from_utf8(listed.stdout).unwrap().lines() {
        // The library as Go code, which a tool writes.
        if path.starts_with("bindings/go/internal/twin/twin") {
            continue;
        }
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        let Ok(text) = fs::read_to_string(root().join(path)) else { continue };
        for (number, line) in prose(ending, &text) {
            looked_at += 1;
            if line.chars().count() > WIDTH && !cannot_wrap(line) {
                wide.push(format!("{path}:{number}"));
            }
        }
    }
    assert!(looked_at > 20_000, "{looked_at}");
    assert!(wide.is_empty(), "wider than {WIDTH} columns:\n{}", wide.join("\n"));
}

#[test]
fn the_reading_of_comments_is_alive() {
    let wide = "word ".repeat(25);
    assert!(!cannot_wrap(&wide) && cannot_wrap(&"x".repeat(101)) && cannot_wrap("//! | a | b |"));
    assert_eq!(prose("rs", "/// a\nfn a() {} // b\n    // c"), [(1, "/// a"), (3, "    // c")]);
    assert_eq!(prose("md", "a\n```\nb\n```\nc"), [(1, "a"), (5, "c")]);
    assert_eq!(prose("json", "// a"), []);
}
