//! YAML as far as `OpenAPI` documents need it: everything that is no list and no map is a text.

use saphyr_parser::{Event, Marker, Parser};
use serde_json::{Map, Value};

/// How deep lists and maps may be nested.
const MAX_DEPTH: usize = 100;

/// Reads the one document of a text. Aliases are refused: a short text could stand for any amount
/// with them, and a reader of the review would not see what is meant.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| at(*error.marker(), error.info()))?;
        let refuse = |why: &str| Err(at(span.start, why));
        let whole = match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => continue,
            Event::DocumentStart(_) if root.is_some() => {
                return refuse("a second document begins here");
            }
            Event::DocumentStart(_) => continue,
            Event::Alias(_) => return refuse("aliases (*name) are not read; write it out"),
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() == MAX_DEPTH => {
                return refuse("it is nested too deeply");
            }
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(Map::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(items)) => Value::Array(items),
                Some(Open::Map(members, _)) => Value::Object(members),
                None => continue,
            },
            Event::Scalar(text, ..) => Value::String(text.into_owned()),
        };
        match open.last_mut() {
            None => root = Some(whole),
            Some(Open::List(items)) => items.push(whole),
            Some(Open::Map(members, name)) => match (name.take(), whole) {
                (Some(name), whole) => {
                    members.insert(name, whole);
                }
                (None, Value::String(text)) if members.contains_key(&text) => {
                    return refuse(&format!("the name `{text}` stands twice"));
                }
                (None, Value::String(text)) => *name = Some(text),
                (None, _) => return refuse("a name is a text, not a list or a map"),
            },
        }
    }
    root.ok_or_else(|| "it is empty".to_owned())
}

/// A list or a map that has not ended.
enum Open {
    List(Vec<Value>),
    /// Its members, and the name whose value comes next.
    Map(Map<String, Value>, Option<String>),
}

fn at(marker: Marker, why: &str) -> String {
    format!("line {}, column {}: {why}", marker.line(), marker.col().saturating_add(1))
}
