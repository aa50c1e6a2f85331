//! The commands against a fake of the API that enforces the published bodies.

mod answers;
mod fake;
mod given;
mod reading;
mod requesting;
mod signing_in;

use std::{
    collections::VecDeque,
    io::Write,
    sync::{Arc, Mutex},
};

use clap::{CommandFactory, Parser};
use jiff::tz::TimeZone;

use super::{
    ClientCommand, ClientOptions,
    ask::Ask,
    failure::Result,
    out::Out,
    session::Session,
    surroundings::Surroundings,
    table::{Look, Width},
};
use fake::{Fake, TOKEN};

/// The command line as the binary puts it together.
#[derive(Parser)]
#[command(name = "keyfob")]
struct Line {
    #[command(flatten)]
    options: ClientOptions,
    #[command(subcommand)]
    command: ClientCommand,
}

/// What a run of a command left behind.
#[derive(Debug, Eq, PartialEq)]
struct Ran {
    code: u8,
    out: String,
    err: String,
}

/// How a test starts a command.
struct Start {
    surroundings: Surroundings,
    answers: Option<Vec<&'static str>>,
    piped: Option<&'static str>,
    columns: Option<u16>,
}

impl Start {
    /// Signed in to the fake by environment, in a script.
    fn at(fake: &Fake) -> Self {
        let surroundings =
            Surroundings { url: Some(fake.url.clone()), token: Some(TOKEN.into()), ..Surroundings::default() };
        Self { surroundings, answers: None, piped: None, columns: None }
    }

    /// At a terminal, where the person answers like this, in this order.
    fn answering(self, answers: &[&'static str]) -> Self {
        Self { answers: Some(answers.to_vec()), ..self }
    }

    fn piping(self, text: &'static str) -> Self {
        Self { piped: Some(text), ..self }
    }

    fn columns(self, columns: u16) -> Self {
        Self { columns: Some(columns), ..self }
    }

    async fn run(self, arguments: &[&str]) -> Ran {
        let line = Line::try_parse_from([&["keyfob"], arguments].concat()).unwrap_or_else(|error| panic!("{error}"));
        let [out, err] = [Written::default(), Written::default()];
        let look = Look { width: self.columns.map_or(Width::Unbounded, Width::Columns), color: false };
        let writers: (Box<dyn Write>, Box<dyn Write>) = (Box::new(out.clone()), Box::new(err.clone()));
        let script = self.answers.map(|answers| Script { answers: answers.into(), heard: err.clone() });
        let mut session = Session {
            out: Out::new(writers, line.options.output, look, TimeZone::UTC),
            ask: script.map(|script| Box::new(script) as Box<dyn Ask>),
            piped: self.piped.map(|text| Box::new(text.as_bytes()) as Box<dyn std::io::Read>),
            surroundings: self.surroundings,
        };
        let code = session.run(line.command).await;
        Ran { code, out: out.text(), err: err.text() }
    }
}

/// A writer that can be read.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A person who knows what will be asked; the questions appear among the messages.
struct Script {
    answers: VecDeque<&'static str>,
    heard: Written,
}

impl Script {
    fn answer(&mut self, question: &str) -> &'static str {
        writeln!(self.heard, "? {question}").unwrap();
        self.answers.pop_front().unwrap_or_else(|| panic!("nobody expected {question:?}"))
    }
}

impl Ask for Script {
    fn line(&mut self, question: &str) -> Result<String> {
        Ok(self.answer(question).to_owned())
    }

    fn hidden(&mut self, question: &str) -> Result<String> {
        Ok(self.answer(question).to_owned())
    }

    fn yes(&mut self, question: &str) -> Result<bool> {
        Ok(self.answer(question) == "y")
    }

    fn choose(&mut self, question: &str, options: &[String], at: usize) -> Result<usize> {
        let question = format!("{question} {options:?}, first {:?}", options[at]);
        let answer = self.answer(&question);
        Ok(options.iter().position(|option| option == answer).expect("an option"))
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        assert!(std::thread::panicking() || self.answers.is_empty(), "not asked for: {:?}", self.answers);
    }
}

#[test]
fn the_help_of_every_command_is_as_published() {
    let mut line = Line::command().term_width(100);
    line.build();
    let mut text = String::new();
    for command in line.get_subcommands_mut().filter(|command| command.get_name() != "help") {
        let help = command.render_long_help();
        text.push_str(&format!("$ keyfob {} --help\n{help}\n", command.get_name()));
    }
    let trimmed: Vec<&str> = text.lines().map(str::trim_end).collect();
    insta::assert_snapshot!("help", trimmed.join("\n"));
}

#[test]
fn wrong_usage_has_the_exit_code_that_the_help_names() {
    for wrong in [
        &["request", "github/write", "--duration", "8h", "--until", "2030-01-01T00:00:00Z"][..],
        &["request", "github/write", "--reason", "a", "--reason-file", "b"],
        &["tasks", "--limit", "201"],
        &["login", "http://localhost", "kf_secret"],
        &["approve"],
        &["tasks", "-o", "yaml"],
    ] {
        let Err(error) = Line::try_parse_from([&["keyfob"], wrong].concat()) else { panic!("{wrong:?} is taken") };
        assert_eq!(error.exit_code(), 2, "{wrong:?}");
    }
}
