//! Errors.

use crate::number;
use cog_auth::Error;
use cog_auth::json_writer::Writer;

/// `code`, `codeName`, `message`, `offset` (zero-based, in bytes), and with the feature `full` also
/// `document`, `pointer`, `suggestion`, `line` and `column` (both from 1) and `length`.
pub fn error(error: &Error, w: &mut Writer) {
    w.name("code").natural(error.code().number().into());
    w.name("codeName").string(error.name());
    w.name("message").string(error.message());
    if let Some(offset) = error.offset() {
        w.name("offset").natural(number(offset));
    }
    #[cfg(feature = "full")]
    {
        for (name, text) in [
            ("document", error.document()),
            ("pointer", error.pointer()),
            ("suggestion", error.suggestion()),
        ] {
            if let Some(text) = text {
                w.name(name).string(text);
            }
        }
        if let (Some(line), Some(column)) = (error.line(), error.column()) {
            w.name("line").natural(number(line));
            w.name("column").natural(number(column));
            w.name("length").natural(number(error.length()));
        }
    }
}

/// `code`, `codeName`, `message`, for what no error of the library says: how a binding was called.
pub fn failure(code: u16, name: &str, message: &str, w: &mut Writer) {
    w.name("code").natural(code.into());
    w.name("codeName").string(name);
    w.name("message").string(message);
}
