//! The only place that writes: results to standard output, messages to standard error.

use std::io::{ErrorKind, IsTerminal, Write};

use jiff::tz::TimeZone;

use super::{
    OutputFormat,
    client::Reply,
    failure::{Failure, Result},
    surroundings::Surroundings,
    table::{Look, Table, Width, clean},
};

/// The writers of a command and how it shall look.
pub(super) struct Out {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    format: OutputFormat,
    look: Look,
    /// The zone in which people read instants.
    pub(super) zone: TimeZone,
}

impl Out {
    pub(super) fn of_this_process(format: OutputFormat, surroundings: &Surroundings) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let look = Look {
            width: if terminal { Width::Terminal } else { Width::Unbounded },
            color: terminal && surroundings.color,
        };
        let (out, err) = (Box::new(std::io::stdout()), Box::new(std::io::stderr()));
        Self::new((out, err), format, look, TimeZone::system())
    }

    pub(super) fn new(
        (out, err): (Box<dyn Write>, Box<dyn Write>),
        format: OutputFormat,
        look: Look,
        zone: TimeZone,
    ) -> Self {
        Self { out, err, format, look, zone }
    }

    /// Prints what the API answered when JSON was asked for, and says whether it did.
    pub(super) fn json(&mut self, reply: &Reply) -> Result<bool> {
        if self.format == OutputFormat::Json {
            let line_end = if reply.text.ends_with('\n') { "" } else { "\n" };
            self.write(&format!("{}{line_end}", reply.text))?;
        }
        Ok(self.format == OutputFormat::Json)
    }

    /// Prints lines for people.
    pub(super) fn say(&mut self, text: &str) -> Result<()> {
        self.write(&format!("{}\n", clean(text)))
    }

    /// Prints a table for people; nothing when it has no rows.
    pub(super) fn table(&mut self, table: &Table) -> Result<()> {
        let text = table.render(&self.look);
        self.write(&text)
    }

    /// Shows lines and tables beside the results, for a question that follows.
    pub(super) fn show(&mut self, parts: &[Table]) {
        for part in parts {
            let text = part.render(&self.look);
            self.write_beside(&format!("{text}\n"));
        }
    }

    /// A remark that is not part of the result.
    pub(super) fn note(&mut self, text: &str) {
        self.write_beside(&format!("{}\n", clean(text)));
    }

    /// Says where the next page of a list begins.
    pub(super) fn next_page(&mut self, next: Option<&str>) {
        if let Some(cursor) = next {
            self.note(&format!("there is more: add --cursor {cursor}"));
        }
    }

    /// Says why the command did not succeed.
    pub(super) fn failure(&mut self, failure: &Failure) {
        for (at, line) in failure.lines().iter().enumerate() {
            self.note(&if at == 0 { format!("keyfob: {line}") } else { line.clone() });
        }
    }

    pub(super) fn flush(&mut self) -> Result<()> {
        self.out.flush().map_err(|error| wrote_badly(&error))
    }

    fn write(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes()).map_err(|error| wrote_badly(&error))
    }

    // When standard error is gone too, nobody is left to tell.
    fn write_beside(&mut self, text: &str) {
        let _ = self.err.write_all(text.as_bytes());
    }
}

fn wrote_badly(error: &std::io::Error) -> Failure {
    match error.kind() {
        ErrorKind::BrokenPipe => Failure::OutputClosed,
        _ => Failure::Failed(format!("cannot write the result: {error}")),
    }
}
