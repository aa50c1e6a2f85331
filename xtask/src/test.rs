//! `cargo xtask test`: one step after the other, each with its time, until one fails.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use crate::postgres::Postgres;
use crate::{command, nextest, preflight, tidy};

/// Where the tests find PostgreSQL.
const POSTGRES_URL: &str = "KEYFOB_TEST_POSTGRES";

/// Which steps to take.
#[derive(Args, Default)]
pub(crate) struct Options {
    /// Only these steps, and the database where they need it
    #[arg(long, value_delimiter = ',', value_name = "STEP")]
    only: Vec<Step>,
    /// All but these steps
    #[arg(long, value_delimiter = ',', value_name = "STEP")]
    skip: Vec<Step>,
}

/// The steps in their order.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Step {
    /// Install what is missing, or name it
    Preflight,
    /// Formatting
    Fmt,
    /// Lints, as errors
    Clippy,
    /// Documentation, private items too
    Doc,
    /// Start a database for the tests
    Postgres,
    /// The tests in Rust
    Nextest,
    /// The binary that the browser tests start
    Build,
    /// The tests in a browser
    Browser,
    /// The rules that no other tool keeps
    Tidy,
    /// Licences, banned crates and sources
    Deny,
}

impl Options {
    fn steps(&self) -> Vec<Step> {
        let needs_database = self.only.iter().any(|step| matches!(step, Step::Nextest | Step::Browser));
        let is_chosen =
            |step: &Step| self.only.is_empty() || self.only.contains(step) || *step == Step::Postgres && needs_database;
        Step::value_variants().iter().copied().filter(is_chosen).filter(|step| !self.skip.contains(step)).collect()
    }
}

impl Step {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// Takes the steps at `root`.
pub(crate) fn run(options: &Options, root: &Path) -> anyhow::Result<()> {
    let steps = options.steps();
    let began = now();
    let mut run = Run { root, keyfob: keyfob()?, postgres: None, summary: None, times: Vec::new() };
    for step in &steps {
        let name = step.name();
        println!("\n== {name}");
        let started = now();
        let done = run.take(*step, &steps);
        let time = clock(since(started));
        done.with_context(|| format!("cargo xtask test failed at {name} after {time}"))?;
        println!("== {name}: passed in {time}");
        run.times.push((name, time));
    }
    println!();
    for (name, time) in &run.times {
        println!("{name:>10}  {time}");
    }
    if let Some(summary) = &run.summary {
        println!("{summary}");
    }
    println!("cargo xtask test passed in {}", clock(since(began)));
    Ok(())
}

struct Run<'a> {
    root: &'a Path,
    keyfob: PathBuf,
    postgres: Option<Postgres>,
    /// What nextest said last.
    summary: Option<String>,
    times: Vec<(String, String)>,
}

impl Run<'_> {
    fn take(&mut self, step: Step, steps: &[Step]) -> anyhow::Result<()> {
        match step {
            Step::Preflight => preflight::run(self.root, steps),
            Step::Fmt => self.cargo(&["fmt", "--all", "--check"]),
            Step::Clippy => self.cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
            Step::Doc => {
                let words = ["doc", "--workspace", "--no-deps", "--document-private-items"];
                command::run(self.command("cargo", &words).env("RUSTDOCFLAGS", "-D warnings"))
            }
            Step::Postgres => self.start_postgres(),
            Step::Nextest => {
                let words = ["nextest", "run", "--workspace", "--profile", "ci"];
                // A snapshot is accepted by a person, never by a run.
                self.summary = Some(nextest::run(self.with_postgres("cargo", &words).env("INSTA_UPDATE", "no"))?);
                Ok(())
            }
            Step::Build => self.cargo(&["build", "--package", "server", "--bin", "keyfob"]),
            Step::Browser => self.browser(),
            Step::Tidy => tidy::run(self.root),
            Step::Deny => self.deny(),
        }
    }

    fn start_postgres(&mut self) -> anyhow::Result<()> {
        let server = Postgres::start()?;
        println!("{POSTGRES_URL}={}", server.url());
        self.postgres = Some(server);
        Ok(())
    }

    fn browser(&self) -> anyhow::Result<()> {
        let chromium = preflight::chromium().context("Chromium is missing, run the step preflight")?;
        let folder = self.root.join("browser");
        let playwright = folder.join("node_modules/.bin/playwright");
        let mut command = self.with_postgres(&playwright.to_string_lossy(), &["test"]);
        command.current_dir(folder).env("KEYFOB_TEST_BINARY", &self.keyfob).env("KEYFOB_TEST_CHROMIUM", chromium);
        command::run(&mut command)
    }

    fn deny(&self) -> anyhow::Result<()> {
        // Nothing is fetched: advisories are checked where somebody keeps their database.
        let mut words = vec!["deny", "--workspace", "--offline", "check", "licenses", "bans", "sources"];
        if has_advisories() {
            words.push("advisories");
        }
        self.cargo(&words)
    }

    fn cargo(&self, words: &[&str]) -> anyhow::Result<()> {
        command::run(&mut self.command("cargo", words))
    }

    fn command(&self, program: &str, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).current_dir(self.root);
        command
    }

    fn with_postgres(&self, program: &str, words: &[&str]) -> Command {
        let mut command = self.command(program, words);
        if let Some(server) = &self.postgres {
            command.env(POSTGRES_URL, server.url());
        }
        command
    }
}

/// The binary stands beside this one.
fn keyfob() -> anyhow::Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name("keyfob"))
}

#[expect(clippy::disallowed_methods, reason = "where cargo keeps its files is told by the environment alone")]
fn has_advisories() -> bool {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let databases = home.and_then(|home| std::fs::read_dir(home.join("advisory-dbs")).ok());
    databases.is_some_and(|mut databases| databases.next().is_some())
}

#[expect(clippy::disallowed_methods, reason = "how long a step took is all that is measured")]
fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "how long a step took is all that is measured")]
fn since(start: Instant) -> Duration {
    start.elapsed()
}

/// `8 min 12 s` or `1.4 s`.
fn clock(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_steps_are_taken_unless_some_are_named() {
        assert_eq!(Options::default().steps(), Step::value_variants());
        let only = Options { only: vec![Step::Tidy, Step::Fmt], skip: Vec::new() };
        assert_eq!(only.steps(), [Step::Fmt, Step::Tidy]);
        let skip = Options { only: Vec::new(), skip: vec![Step::Preflight, Step::Doc] };
        assert_eq!(skip.steps().len(), Step::value_variants().len() - 2);
    }

    #[test]
    fn tests_bring_their_database_unless_told_not_to() {
        let only = |skip| Options { only: vec![Step::Nextest], skip };
        assert_eq!(only(Vec::new()).steps(), [Step::Postgres, Step::Nextest]);
        assert_eq!(only(vec![Step::Postgres]).steps(), [Step::Nextest]);
    }

    #[test]
    fn a_time_is_read_at_a_glance() {
        assert_eq!(clock(Duration::from_millis(1_449)), "1.4 s");
        assert_eq!(clock(Duration::from_secs(492)), "8 min 12 s");
    }
}
