//! Where everything stands in a JSON text: a reader of the tests' own, for texts that are valid.

use super::cases::segment;
use cog_auth::Error;
use cog_auth::policy::Source;
use std::ops::Range;

/// A value of a text, with its pointer and, for a member, the range of its name with the quotes.
#[derive(Clone, Debug)]
pub struct Place {
    pub pointer: String,
    pub name: Option<Range<usize>>,
    pub value: Range<usize>,
    /// The first character: `{`, `[`, `"`, `t`, `f`, `n`, `-` or a digit.
    pub first: char,
}

/// All values, containers before what is in them.
pub fn places(text: &str) -> Vec<Place> {
    let mut places = Vec::new();
    let mut scan = Scan { bytes: text.as_bytes(), at: 0, places: &mut places };
    scan.value(String::new(), None);
    places
}

struct Scan<'s> {
    bytes: &'s [u8],
    at: usize,
    places: &'s mut Vec<Place>,
}

impl Scan<'_> {
    fn space(&mut self) -> u8 {
        while self.bytes[self.at].is_ascii_whitespace() {
            self.at += 1;
        }
        self.bytes[self.at]
    }

    fn string(&mut self) -> Range<usize> {
        let start = self.at;
        self.at += 1;
        while self.bytes[self.at] != b'"' {
            self.at += if self.bytes[self.at] == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        start..self.at
    }

    fn value(&mut self, pointer: String, name: Option<Range<usize>>) {
        let first = self.space();
        let (start, index) = (self.at, self.places.len());
        self.places.push(Place {
            pointer: pointer.clone(),
            name,
            value: 0..0,
            first: char::from(first),
        });
        match first {
            b'"' => drop(self.string()),
            b'{' | b'[' => {
                self.at += 1;
                let mut item = 0;
                while !matches!(self.space(), b'}' | b']') {
                    let (name, range) = if first == b'{' {
                        let range = self.string();
                        let name: String =
                            serde_json::from_slice(&self.bytes[range.clone()]).unwrap();
                        assert_eq!(self.space(), b':');
                        self.at += 1;
                        (segment(&name), Some(range))
                    } else {
                        (item.to_string(), None)
                    };
                    self.value(format!("{pointer}/{name}"), range);
                    item += 1;
                    if self.space() == b',' {
                        self.at += 1;
                    }
                }
                self.at += 1;
            }
            _ => {
                let rest = &self.bytes[self.at..];
                let end = rest.iter().position(|byte| b",]} \n\r\t".contains(byte));
                self.at += end.unwrap_or(rest.len());
            }
        }
        self.places[index].value = start..self.at;
    }
}

/// Line and column of an offset, both from 1, the column in characters.
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset];
    let line = before.rsplit('\n').next().unwrap();
    (before.split('\n').count(), line.chars().count() + 1)
}

/// Documents: names and texts.
pub type Texts = Vec<(String, String)>;

fn load(texts: &Texts) -> Source {
    let mut source = Source::new();
    for (name, text) in texts {
        source.add(name, text);
    }
    source
}

/// Checks that an error's offset, line, column, length and pointer are one place.
fn check_place(error: &Error, texts: &Texts) {
    let (_, text) = texts.iter().find(|(name, _)| Some(name.as_str()) == error.document()).unwrap();
    let offset = error.offset().unwrap();
    assert_eq!(
        (error.line().unwrap(), error.column().unwrap()),
        line_and_column(text, offset),
        "{error}"
    );
    assert!(offset + error.length() <= text.len(), "{error}");
    let pointer = error.pointer().unwrap();
    let place = places(text).into_iter().find(|place| place.pointer == pointer);
    let Some(place) = place else { panic!("{error}: no such pointer") };
    let at_name =
        place.name.as_ref().is_some_and(|name| *name == (offset..offset + error.length()));
    let at_value = place.value.start == offset && [1, place.value.len()].contains(&error.length());
    assert!(at_name || at_value, "{error}: {place:?}, offset {offset}, length {}", error.length());
    assert!(!error.message().is_empty() && !error.message().ends_with('.'), "{error}");
}

/// Checks all errors of documents that are valid JSON; says them.
pub fn errors(texts: &Texts) -> Vec<Error> {
    let source = load(texts);
    let errors = super::errors_of(&source);
    let order: Vec<_> = errors
        .iter()
        .map(|error| {
            (
                texts.iter().position(|(name, _)| Some(name.as_str()) == error.document()),
                error.offset(),
            )
        })
        .collect();
    assert!(order.is_sorted(), "{errors:?}");
    for error in errors.iter().take(3) {
        check_place(error, texts);
    }
    assert_eq!(source.check().err().map(Error::from), errors.first().cloned());
    errors
}
