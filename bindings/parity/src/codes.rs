//! The codes that JavaScript spells out are those of the library.

use crate::{Value, root};
use cog_auth::Code;
use std::fs;

/// The texts of all files in a folder of the package.
fn texts(folder: &str) -> Vec<String> {
    let files = fs::read_dir(root().join("bindings/wasm").join(folder)).unwrap();
    files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect()
}

/// `failed(702, 'freed', 'this was …')`, wherever the package makes an error. That of 701 names the
/// argument instead, and that of 704 what to do where the module is missing.
#[test]
fn errors_that_javascript_makes_are_of_the_table() {
    let mut numbers = Vec::new();
    for text in texts("js") {
        for call in text.split("failed(").skip(1) {
            let arguments = call.split(')').next().unwrap().replace('\'', "\"");
            let quoted = arguments.rfind('"').unwrap();
            let arguments: Value =
                serde_json::from_str(&format!("[{}]", &arguments[..=quoted])).unwrap();
            let code = Code::from_name(arguments[1].as_str().unwrap()).unwrap();
            assert_eq!(arguments[0], code.number());
            // JavaScript says a part of the sentence, where the whole of it is not worth its bytes.
            // What a stream lost is told in words of its own.
            if let Some(said) = arguments[2].as_str() {
                let is_of_a_stream = code == Code::Fault && said.starts_with("what was held");
                assert!(is_of_a_stream || code.sentence().contains(said), "{said}");
            } else {
                assert!([Code::InvalidArgument, Code::NotInitialized].contains(&code));
            }
            numbers.push(code.number());
        }
    }
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers, [202, 203, 701, 702, 703, 704]);
}

/// ``602 `reserved_context` ``, wherever the types say what is thrown.
#[test]
fn codes_that_the_types_name_are_of_the_table() {
    let mut found = 0;
    for text in texts("types") {
        let words: Vec<&str> = text.split_whitespace().collect();
        for pair in words.windows(2) {
            let (Ok(number), Some(name)) = (pair[0].parse::<u16>(), pair[1].strip_prefix('`'))
            else {
                continue;
            };
            let name = name.split('`').next().unwrap();
            assert_eq!(Code::from_number(number).map(Code::name), Some(name));
            found += 1;
        }
    }
    assert!(found >= 30, "only {found}");
}
