//! The command line for people and scripts: a client of the JSON API and of nothing else.
//!
//! Each verb is one module. A [`session::Session`] holds what a verb needs from the process (output, questions,
//! environment), so that the tests run the same code without a process.

mod ask;
mod card;
mod client;
mod failure;
mod grants;
mod login;
mod out;
mod phrase;
mod request;
mod search;
mod session;
mod status;
mod surroundings;
mod table;
mod tasks;

use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

pub use grants::{DropArgs, GrantsArgs};
pub use login::LoginArgs;
pub use request::RequestArgs;
pub use search::SearchArgs;
pub use status::StatusArgs;
pub use tasks::{ConfirmArgs, DecideArgs, DenyArgs, TasksArgs};

/// What a script may rely on; printed under the help of every client command.
pub const EXIT_CODES: &str = "\
Environment:
  KEYFOB_URL    address of the server, before the saved one
  KEYFOB_TOKEN  token to use, before the saved one
  NO_COLOR      plain output

Exit codes:
  0  done
  1  refused or failed; standard error says why
  2  wrong usage
  3  not signed in
  4  the server cannot be reached";

/// Options that every client command takes.
#[derive(Args, Clone, Debug, Default)]
pub struct ClientOptions {
    /// How to print: a table for people, or the JSON of the API as it came
    #[arg(short, long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub output: OutputFormat,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum OutputFormat {
    /// Tables and sentences for people
    #[default]
    Table,
    /// The JSON of the API as it came
    Json,
}

/// The commands that talk to a server.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Sign in: keep the address of a server and a token
    #[command(after_help = EXIT_CODES)]
    Login(LoginArgs),
    /// Search what can be requested
    #[command(after_help = EXIT_CODES)]
    Search(SearchArgs),
    /// Request access
    #[command(after_help = EXIT_CODES)]
    Request(RequestArgs),
    /// Show a request, or the list of yours
    #[command(after_help = EXIT_CODES)]
    Status(StatusArgs),
    /// List what waits for you
    #[command(after_help = EXIT_CODES)]
    Tasks(TasksArgs),
    /// Approve a request
    #[command(after_help = EXIT_CODES)]
    Approve(DecideArgs),
    /// Deny a request, or say that its access is not set up
    #[command(after_help = EXIT_CODES)]
    Deny(DenyArgs),
    /// Confirm that access was set up, or taken away, by hand
    #[command(after_help = EXIT_CODES)]
    Confirm(ConfirmArgs),
    /// List what you hold
    #[command(after_help = EXIT_CODES)]
    Grants(GrantsArgs),
    /// Give access back early
    #[command(after_help = EXIT_CODES)]
    Drop(DropArgs),
}

/// Runs one client command for this process. The caller has installed a TLS provider.
pub async fn run(command: ClientCommand, options: &ClientOptions) -> ExitCode {
    let mut session = session::Session::of_this_process(options);
    ExitCode::from(session.run(command).await)
}

#[cfg(test)]
mod tests;
