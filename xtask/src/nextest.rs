//! The tests, by nextest, whose last word is kept for the end of the whole run.

use std::io::{BufRead as _, BufReader, IsTerminal as _};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

use crate::command;

/// Runs the tests; gives the line that sums them up.
pub(crate) fn run(nextest: &mut Command) -> anyhow::Result<String> {
    let line = command::line(nextest);
    println!("$ {line}");
    // Its report is copied through a pipe, so it has to be told of the terminal behind it.
    let color = if std::io::stderr().is_terminal() { "always" } else { "never" };
    let mut child = nextest
        .args(["--color", color])
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{line}` cannot be started"))?;
    let mut summary = String::new();
    if let Some(report) = child.stderr.take() {
        for line in BufReader::new(report).lines() {
            let line = line?;
            eprintln!("{line}");
            if is_summary(&line) {
                summary = line;
            }
        }
    }
    let status = child.wait()?;
    ensure!(status.success(), "`{line}` failed ({status})\n{summary}");
    Ok(summary)
}

fn is_summary(line: &str) -> bool {
    line.contains("Summary") && line.contains(" run: ") && line.contains(" passed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_sums_up_is_known() {
        assert!(is_summary("     Summary [   0.512s] 42 tests run: 42 passed, 0 skipped"));
        assert!(!is_summary("        PASS [   0.004s] store::it user::a_summary_is_passed"));
    }
}
