//! The command line for people and scripts: a client of the JSON API and of nothing else.
//!
//! Each verb is one module. A `session::Session` holds what a verb needs from the process (output, questions,
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
    /// How to print: table for people, json for programs (the answer of the API as it came)
    #[arg(
        short,
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT",
        hide_possible_values = true,
        display_order = 900
    )]
    pub output: OutputFormat,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub enum OutputFormat {
    /// Tables and sentences for people.
    #[default]
    Table,
    /// The JSON of the API as it came.
    Json,
}

/// The commands that talk to a server.
#[derive(Debug, Subcommand)]
pub enum ClientCommand {
    /// Sign in: keep the address of a server and a token
    ///
    /// Checks the token with the server and saves both, readable by you only. The token is read from a prompt, or from
    /// standard input when something is piped in; never from the arguments.
    #[command(after_help = EXIT_CODES)]
    Login(LoginArgs),
    /// Search what can be requested
    ///
    /// Lists entitlements that you may see. Request one with `keyfob request KEY`.
    #[command(after_help = EXIT_CODES)]
    Search(SearchArgs),
    /// Request access
    ///
    /// Files one request per entitlement, all or none. On a terminal it asks for what is missing; without one, a missing
    /// length is the usual one of each entitlement.
    #[command(after_help = EXIT_CODES)]
    Request(RequestArgs),
    /// Show a request, or the list of yours
    ///
    /// With a request: its fields, its plan, whether it is approved, whether access is in place, and who is waited for.
    /// Without one: the requests for you, newest first.
    #[command(after_help = EXIT_CODES)]
    Status(StatusArgs),
    /// List what waits for you
    ///
    /// Answer a task with `keyfob approve`, `deny` or `confirm` and the number of its request.
    #[command(after_help = EXIT_CODES)]
    Tasks(TasksArgs),
    /// Approve a request
    ///
    /// Shows the request and asks; the answer counts only for exactly what was shown.
    #[command(after_help = EXIT_CODES)]
    Approve(DecideArgs),
    /// Deny a request, or say that its access is not set up
    ///
    /// Shows the request and asks; the answer counts only for exactly what was shown.
    #[command(after_help = EXIT_CODES)]
    Deny(DenyArgs),
    /// Confirm that access was set up, or taken away, by hand
    ///
    /// Says that the work is done, and what was really given where that differs from what was asked for.
    #[command(after_help = EXIT_CODES)]
    Confirm(ConfirmArgs),
    /// List what you hold
    ///
    /// Or what another person holds, where you may see it.
    #[command(after_help = EXIT_CODES)]
    Grants(GrantsArgs),
    /// Give access back early
    ///
    /// An entitlement key means every grant of it that you hold, because access stays while one of them is left.
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
