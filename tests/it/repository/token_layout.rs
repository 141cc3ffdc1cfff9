//! The layout of a token is written in three places: the table of the specification, the library
//! and the JavaScript of the npm package. They say the same.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

type Fields = BTreeMap<String, Range<usize>>;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The rows of the table: offset, bytes, name.
fn specified() -> Fields {
    let text = read("docs/token-format.md");
    let (_, table) = text.split_once("| offset | bytes | field | content |").unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let (start, length): (usize, usize) =
            (cells[1].parse().unwrap(), cells[2].parse().unwrap());
        (cells[3].replace(' ', "_").to_uppercase(), start..start.checked_add(length).unwrap())
    })
    .collect()
}

/// The constants that are written with numbers: `const ID: Field<11, 12> = Field;`.
fn declared_in_rust() -> Fields {
    let text = read("src/token/layout.rs");
    let fields = text.lines().filter_map(|line| {
        let (name, rest) = line.split_once("const ")?.1.split_once(": Field<")?;
        let (start, length) = rest.split_once('>')?.0.split_once(", ")?;
        let (start, length): (usize, usize) = (start.parse().ok()?, length.parse().ok()?);
        Some((name.to_owned(), start..start.checked_add(length)?))
    });
    fields.collect()
}

/// The constants that are pairs of numbers: `const ID = [11, 23];`.
fn declared_in_javascript() -> Fields {
    let text = read("bindings/wasm/js/tokens.js");
    let fields = text.lines().filter_map(|line| {
        let (name, pair) = line.strip_prefix("const ")?.split_once(" = [")?;
        let (start, end) = pair.strip_suffix("];")?.split_once(", ")?;
        Some((name.to_owned(), start.parse().ok()?..end.parse().ok()?))
    });
    fields.collect()
}

#[test]
fn the_layout_is_the_same_everywhere() {
    let mut specified = specified();
    assert_eq!(specified.len(), 9);
    assert_eq!(specified, declared_in_rust());

    // The handle is everything up to the secret.
    specified.insert("HANDLE".to_owned(), 0..specified["SECRET"].start);
    let javascript = declared_in_javascript();
    assert_eq!(javascript.keys().collect::<Vec<_>>(), ["HANDLE", "ID", "KEY_ID", "KIND"]);
    for (name, range) in javascript {
        assert_eq!(range, specified[&name], "{name} in tokens.js");
    }
}
