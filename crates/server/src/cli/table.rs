//! Tables for people.

use comfy_table::{Attribute, Cell, ContentArrangement, presets};

/// How wide a table may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Width {
    /// As wide as its content, such as in a pipe.
    Unbounded,
    /// As wide as the terminal.
    Terminal,
    /// This many columns.
    #[cfg(test)]
    Columns(u16),
}

/// How tables look here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// How wide they may be.
    pub(super) width: Width,
    /// Whether escape sequences may be written.
    pub(super) color: bool,
}

/// Rows of text under a header, or without one.
#[derive(Debug, Default)]
pub(super) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    title: Option<String>,
}

impl Table {
    /// A table whose columns have these names.
    pub(super) fn new(header: &[&str]) -> Self {
        let header = header.iter().map(|name| (*name).to_owned()).collect();
        Self { header, ..Self::default() }
    }

    /// Label and value, one pair a row.
    pub(super) fn of_facts() -> Self {
        Self::default()
    }

    /// A line above the table.
    pub(super) fn titled(mut self, title: &str) -> Self {
        self.title = Some(title.to_owned());
        self
    }

    pub(super) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.row_of(cells);
    }

    /// A row whose number of cells is known at run time only.
    pub(super) fn row_of(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// A fact, unless there is nothing to say.
    pub(super) fn fact(&mut self, label: &str, value: impl Into<Option<String>>) {
        if let Some(value) = value.into().filter(|value| !value.is_empty()) {
            self.row([label.to_owned(), value]);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The text of the table with its line ends; empty without rows.
    pub(super) fn render(&self, look: &Look) -> String {
        if self.is_empty() {
            return String::new();
        }
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING);
        if !look.color {
            table.force_no_tty();
        }
        match look.width {
            Width::Unbounded => {}
            Width::Terminal => {
                table.set_content_arrangement(ContentArrangement::Dynamic);
            }
            #[cfg(test)]
            Width::Columns(columns) => {
                table.set_content_arrangement(ContentArrangement::Dynamic).set_width(columns);
            }
        }
        let bold = |text: &String| {
            let cell = Cell::new(clean(text));
            if look.color { cell.add_attribute(Attribute::Bold) } else { cell }
        };
        if !self.header.is_empty() {
            table.set_header(self.header.iter().map(bold));
        }
        for row in &self.rows {
            table.add_row(row.iter().map(|text| Cell::new(clean(text))));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        let title = self.title.iter().map(|title| format!("{}\n", clean(title)));
        title.chain(std::iter::once(format!("{}\n", table.trim_fmt()))).collect()
    }
}

/// The text without what could steer a terminal or reorder what is read (T8): names, reasons and comments were
/// written by other people.
pub(super) fn clean(text: &str) -> String {
    let harmless = |sign: char| match sign {
        '\n' => '\n',
        '\t' => ' ',
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        sign if sign.is_control() => '\u{fffd}',
        sign => sign,
    };
    text.chars().map(harmless).collect()
}
