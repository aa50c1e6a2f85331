//! Tables for people.

use comfy_table::{Attribute, Cell, ColumnConstraint, ContentArrangement, presets};

/// Blanks between two columns.
const GAP: u16 = 2;
/// The longest word that is kept in one piece: an id.
const WORD_MAX: u16 = 30;

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

    /// The text of the table with its line ends; empty without rows. A column in which nothing stands is left out.
    pub(super) fn render(&self, look: &Look) -> String {
        if self.is_empty() {
            return String::new();
        }
        let bold = |text: &String| {
            let cell = Cell::new(clean(text));
            if look.color { cell.add_attribute(Attribute::Bold) } else { cell }
        };
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let shown: Vec<usize> = (0..columns).filter(|at| self.column(*at).any(|text| !text.is_empty())).collect();
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING);
        if look.color {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        if !self.header.is_empty() {
            table.set_header(shown.iter().filter_map(|at| self.header.get(*at)).map(bold));
        }
        for row in &self.rows {
            let cells = shown.iter().filter_map(|at| row.get(*at));
            table.add_row(cells.map(|text| Cell::new(clean(text))));
        }
        self.fit(&mut table, &shown, look.width);
        let title = self.title.iter().map(|title| format!("{}\n", clean(title)));
        title.chain(std::iter::once(format!("{}\n", table.trim_fmt()))).collect()
    }

    /// Text wraps between words only, and the first column, which names things, never does.
    fn fit(&self, table: &mut comfy_table::Table, shown: &[usize], width: Width) {
        match width {
            Width::Unbounded => {}
            Width::Terminal => {
                table.set_content_arrangement(ContentArrangement::Dynamic);
            }
            #[cfg(test)]
            Width::Columns(columns) => {
                table.set_content_arrangement(ContentArrangement::Dynamic).set_width(columns);
            }
        }
        for (at, column) in shown.iter().zip(table.column_iter_mut()) {
            column.set_padding((0, GAP));
            column.set_constraint(match at {
                0 => ColumnConstraint::ContentWidth,
                _ => ColumnConstraint::LowerBoundary(comfy_table::Width::Fixed(self.longest_word(*at) + GAP)),
            });
        }
    }

    fn longest_word(&self, at: usize) -> u16 {
        let words = self.column(at).flat_map(str::split_whitespace);
        let longest = words.map(|word| word.chars().count()).max().unwrap_or_default();
        u16::try_from(longest).unwrap_or(WORD_MAX).min(WORD_MAX)
    }

    /// The cells of one column, without its name.
    fn column(&self, at: usize) -> impl Iterator<Item = &str> {
        self.rows.iter().filter_map(move |row| row.get(at)).map(String::as_str)
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
