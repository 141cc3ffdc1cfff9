//! Writing JSON, always in the same bytes for the same calls.

use alloc::string::String;

/// Appends JSON to a string; puts the commas.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    out: String,
    comma: bool,
}

impl Writer {
    pub(crate) const fn new() -> Self {
        Self { out: String::new(), comma: false }
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    pub(crate) fn object(&mut self, fill: impl FnOnce(&mut Self)) -> &mut Self {
        self.container('{', '}', fill)
    }

    pub(crate) fn array(&mut self, fill: impl FnOnce(&mut Self)) -> &mut Self {
        self.container('[', ']', fill)
    }

    pub(crate) fn name(&mut self, name: &str) -> &mut Self {
        self.string(name);
        self.out.push(':');
        self.comma = false;
        self
    }

    /// In the form of RFC 8785: the shortest escapes, and only those that are needed.
    pub(crate) fn string(&mut self, text: &str) -> &mut Self {
        self.separate();
        self.out.push('"');
        for character in text.chars() {
            match character {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\u{8}' => self.out.push_str("\\b"),
                '\t' => self.out.push_str("\\t"),
                '\n' => self.out.push_str("\\n"),
                '\u{c}' => self.out.push_str("\\f"),
                '\r' => self.out.push_str("\\r"),
                '\0'..='\u{1f}' => {
                    let code = u32::from(character);
                    self.out.push_str("\\u00");
                    self.out.push(if code >= 16 { '1' } else { '0' });
                    self.out.push(char::from_digit(code & 15, 16).unwrap_or('0'));
                }
                other => self.out.push(other),
            }
        }
        self.out.push('"');
        self.comma = true;
        self
    }

    pub(crate) fn integer(&mut self, number: i64) -> &mut Self {
        self.separate();
        if number < 0 {
            self.out.push('-');
        }
        self.digits(number.unsigned_abs());
        self.comma = true;
        self
    }

    fn digits(&mut self, number: u64) {
        if number > 9 {
            self.digits(number / 10);
        }
        let digit = u8::try_from(number % 10).unwrap_or(0);
        self.out.push(char::from(b'0'.wrapping_add(digit)));
    }

    pub(crate) fn boolean(&mut self, value: bool) -> &mut Self {
        self.raw(if value { "true" } else { "false" })
    }

    /// Text that is JSON already.
    pub(crate) fn raw(&mut self, json: &str) -> &mut Self {
        self.separate();
        self.out.push_str(json);
        self.comma = true;
        self
    }

    pub(crate) fn strings<T: AsRef<str>>(
        &mut self,
        texts: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        self.array(|w| {
            for text in texts {
                w.string(text.as_ref());
            }
        })
    }

    fn container(&mut self, open: char, close: char, fill: impl FnOnce(&mut Self)) -> &mut Self {
        self.separate();
        self.out.push(open);
        self.comma = false;
        fill(self);
        self.out.push(close);
        self.comma = true;
        self
    }

    fn separate(&mut self) {
        if self.comma {
            self.out.push(',');
        }
    }
}
