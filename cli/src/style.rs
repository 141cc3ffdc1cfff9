//! Colours, and the width of the terminal.

use crate::unseen::plain;
use anstyle::{AnsiColor, Style};

pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const NORMAL: Style = Style::new();

/// The text in a style. The streams take styles out again where no terminal shows them.
pub(crate) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// How many columns there are to fill.
pub(crate) fn width() -> usize {
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns.or(terminal).unwrap_or(100).clamp(80, 160)
}

/// A line that is no result, but that a person should know.
pub(crate) fn note(text: &str) -> String {
    format!("{} {}\n", paint(WARN, "note:"), plain(text))
}
