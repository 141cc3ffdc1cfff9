//! Tables with aligned columns that keep to a width.

use crate::style::{DIM, paint};
use crate::unseen::plain;
use anstyle::Style;
use unicode_width::UnicodeWidthStr as _;

/// Rows of cells under a header.
pub(crate) struct Table {
    header: Vec<&'static str>,
    rows: Vec<Row>,
}

/// Cells, and what stands below them across all columns but the first.
struct Row {
    cells: Vec<Cell>,
    below: Vec<Cell>,
}

/// A text in one style.
pub(crate) struct Cell {
    text: String,
    style: Style,
}

/// Between two columns.
const GAP: &str = "  ";

/// No column is made narrower to let others in.
const NARROWEST: usize = 10;

impl Cell {
    pub(crate) fn new(style: Style, text: impl Into<String>) -> Self {
        Self { text: plain(&text.into()), style }
    }

    /// A cell with a line for each text.
    pub(crate) fn lines<T: AsRef<str>>(style: Style, texts: impl IntoIterator<Item = T>) -> Self {
        let texts: Vec<String> = texts.into_iter().map(|text| plain(text.as_ref())).collect();
        Self { text: texts.join("\n"), style }
    }
}

impl Table {
    /// A table with these columns; an empty header shows none.
    pub(crate) fn new(header: impl IntoIterator<Item = &'static str>) -> Self {
        Self { header: header.into_iter().collect(), rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.row_above(cells, None);
    }

    /// A row with lines below it.
    pub(crate) fn row_above(
        &mut self,
        cells: impl IntoIterator<Item = Cell>,
        below: impl IntoIterator<Item = Cell>,
    ) {
        let (cells, below) = (cells.into_iter().collect(), below.into_iter().collect());
        self.rows.push(Row { cells, below });
    }

    /// The lines of the table, none of them wider than `width` as far as that can be.
    pub(crate) fn render(&self, width: usize) -> String {
        let widths = self.widths(width);
        let mut out = String::new();
        if self.header.iter().any(|title| !title.is_empty()) {
            let header: Vec<Cell> =
                self.header.iter().map(|title| Cell::new(DIM, *title)).collect();
            line(&mut out, &header, &widths);
        }
        for row in &self.rows {
            line(&mut out, &row.cells, &widths);
            let indent = widths.first().map_or(0, |width| width.saturating_add(GAP.len()));
            for cell in &row.below {
                for part in textwrap::wrap(&cell.text, width.saturating_sub(indent)) {
                    out.push_str(&" ".repeat(indent));
                    out.push_str(&paint(cell.style, &part));
                    out.push('\n');
                }
            }
        }
        out
    }

    /// What each column needs, and where that is too much, less of the widest ones.
    fn widths(&self, most: usize) -> Vec<usize> {
        let needed = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.cells.get(column));
            let lines = cells.flat_map(|cell| cell.text.split('\n'));
            let title = self.header.get(column).map_or(0, |title| title.width());
            lines.map(|line| line.width()).max().unwrap_or(0).max(title)
        };
        let mut widths: Vec<usize> = (0..self.header.len()).map(needed).collect();
        let gaps = GAP.len().saturating_mul(widths.len().saturating_sub(1));
        while widths.iter().sum::<usize>().saturating_add(gaps) > most {
            let Some(widest) = widths.iter_mut().max().filter(|widest| **widest > NARROWEST) else {
                break;
            };
            *widest = widest.saturating_sub(1);
        }
        widths
    }
}

/// One row, as many lines as its longest cell has.
fn line(out: &mut String, cells: &[Cell], widths: &[usize]) {
    let wrapped: Vec<Vec<String>> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| {
            let lines = cell.text.split('\n').flat_map(|line| textwrap::wrap(line, *width));
            lines.map(std::borrow::Cow::into_owned).collect()
        })
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..height {
        let mut text = String::new();
        let mut pending = 0_usize;
        for ((cell, lines), width) in cells.iter().zip(&wrapped).zip(widths) {
            let part = lines.get(at).map_or("", String::as_str);
            // Spaces are written only before something, so that no line ends in them.
            if !part.is_empty() {
                text.push_str(&" ".repeat(pending));
                text.push_str(&paint(cell.style, part));
                pending = 0;
            }
            pending = pending
                .saturating_add(width.saturating_sub(part.width()))
                .saturating_add(GAP.len());
        }
        out.push_str(&text);
        out.push('\n');
    }
}
