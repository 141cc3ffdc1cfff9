//! JSON texts of values, in which members stand in any order.

use super::random::Random;
use serde_json::Value;

impl Random {
    /// A text of a value: members in random order, now and then white space and needless escapes.
    pub fn text(&mut self, value: &Value) -> String {
        match value {
            Value::Object(members) => {
                let members: Vec<_> = members.iter().collect();
                let members = self.shuffled(members).into_iter().map(|(name, value)| {
                    let colon = *self.pick(&[":", ":", ":", " :\n"]);
                    format!("{}{colon}{}", self.string(name), self.text(value))
                });
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.text(item)).collect();
                format!("[{}]", items.join(*self.pick(&[",", ",", ",", "\t, "])))
            }
            Value::String(text) => self.string(text),
            scalar => scalar.to_string(),
        }
    }

    fn shuffled<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
        items
    }

    fn string(&mut self, text: &str) -> String {
        if self.chance(97) {
            return Value::from(text).to_string();
        }
        let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
        format!("\"{escaped}\"")
    }
}
