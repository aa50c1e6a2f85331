//! The binary `keyfob`: reads the command line and hands over.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use server::cli::{self, ClientCommand, ClientOptions};
use server::config::{self, Config, DATA_DEFAULT};
use server::open::{self, Place};
use server::operator::{self, Answer, Ask, LinkAsk, TokenAsk};
use server::serve::{self, Mode};

/// Self-hosted access requests: ask, approve, in place, ended, proved.
#[derive(Parser)]
#[command(name = "keyfob", version, about, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    options: ClientOptions,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Try it: a sample company, one-click sign-in and a clock that can be set, on this machine only
    Demo(DemoArgs),
    /// Run the server
    Serve(ServeArgs),
    /// Make the database, or bring it to the schema of this release
    Migrate(PlaceArgs),
    /// Check that the rows say what the audit log says
    Doctor(PlaceArgs),
    /// The audit log
    #[command(subcommand)]
    Audit(AuditCommand),
    /// API tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Print a link that signs a user in once, within 30 minutes
    SignInLink(LinkArgs),
    /// The configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    #[command(flatten)]
    Client(ClientCommand),
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Recompute every leaf and the root, and name the first that is wrong
    Verify(PlaceArgs),
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make a token for a user and print it; it is shown this once
    Create(TokenArgs),
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Print the effective values without secrets, or say what is not taken
    Check(PlaceArgs),
}

/// Where the installation is.
#[derive(Args, Clone)]
struct PlaceArgs {
    /// Data folder
    #[arg(long, value_name = "DIR", default_value = DATA_DEFAULT)]
    data: PathBuf,
    /// PostgreSQL server instead of SQLite in the folder
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Configuration file instead of keyfob.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Args)]
struct ServeArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// Port to listen on
    #[arg(long)]
    port: Option<u16>,
    /// Refuse an older schema instead of bringing it up to date
    #[arg(long)]
    no_migrate: bool,
}

#[derive(Args)]
struct DemoArgs {
    /// Data folder to keep; without it the demo forgets everything at its end
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// PostgreSQL server instead of SQLite
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Port to listen on
    #[arg(long)]
    port: Option<u16>,
}

#[derive(Args)]
struct TokenArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// Mail address of the user whose right it carries
    #[arg(long, value_name = "EMAIL")]
    user: String,
    /// What it is limited to; may be given several times
    #[arg(long)]
    scope: Vec<String>,
}

#[derive(Args)]
struct LinkArgs {
    #[command(flatten)]
    place: PlaceArgs,
    /// Mail address of the user
    #[arg(long, value_name = "EMAIL")]
    user: String,
}

impl PlaceArgs {
    fn read(&self) -> anyhow::Result<(Place, Config)> {
        let config = config::read(self.config.as_deref(), Some(&self.data))?;
        Ok((Place::of(&self.data, self.database.as_deref(), &config), config))
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // The one TLS provider of the process; a second call cannot happen and would change nothing.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    runtime.block_on(async move {
        match cli.command {
            Command::Client(command) => cli::run(command, &cli.options).await,
            command => match own(command).await {
                Ok(code) => code,
                Err(error) => failed(&error),
            },
        }
    })
}

/// One clear line and a non-zero exit.
#[expect(clippy::print_stderr, reason = "the command line speaks to people")]
fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("keyfob: {error}");
    ExitCode::FAILURE
}

#[expect(clippy::print_stdout, reason = "the command line speaks to people")]
fn say(text: &str) {
    println!("{text}");
}

async fn own(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(args) => {
            let config = config::read(None, args.data.as_deref())?;
            serve::demo(config, args.data, args.database, args.port).await?;
        }
        Command::Serve(args) => {
            let (place, mut config) = args.place.read()?;
            config.server.port = args.port.unwrap_or(config.server.port);
            serve::run(place, config, Mode::Real { migrate: !args.no_migrate }).await?;
        }
        Command::Migrate(args) => {
            let (place, config) = args.read()?;
            open::created(&place, &config, None).await?.close().await;
            say("the database has the schema of this release");
        }
        Command::Doctor(args) => return ask(&args, Ask::Doctor).await,
        Command::Audit(AuditCommand::Verify(args)) => return ask(&args, Ask::Audit).await,
        Command::Token(TokenCommand::Create(args)) => {
            return ask(&args.place, Ask::Token(TokenAsk { user: args.user, scopes: args.scope })).await;
        }
        Command::SignInLink(args) => {
            let (place, config) = args.place.read()?;
            let answer = operator::ask(&place, &config, Ask::Link(LinkAsk { user: args.user })).await?;
            if let Answer::Secret(link) = answer {
                let base = link.public_url.unwrap_or_else(|| serve::public_url(&config));
                say(&serve::sign_in_url(&base, &link.secret));
            }
        }
        Command::Config(ConfigCommand::Check(args)) => {
            let (_, config) = args.read()?;
            say(config.shown()?.trim_end());
        }
        Command::Client(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks the installation and prints what it answers.
async fn ask(args: &PlaceArgs, asked: Ask) -> anyhow::Result<ExitCode> {
    let (place, config) = args.read()?;
    let sound = match operator::ask(&place, &config, asked).await? {
        Answer::Secret(secret) => {
            say(&secret.secret);
            true
        }
        Answer::Doctor(diagnosis) => {
            for finding in &diagnosis.findings {
                say(finding);
            }
            let store::doctor::Diagnosis { events, requests, grants, directory, findings } = &diagnosis;
            say(&format!(
                "looked at {events} events, {requests} requests, {grants} grants and {directory} rows of the directory: {}",
                if findings.is_empty() { "sound".to_owned() } else { format!("{} things are wrong", findings.len()) }
            ));
            findings.is_empty()
        }
        Answer::Audit(verified) => {
            say(&match &verified.finding {
                None => format!("{} leaves verified, root {}", verified.size, verified.root),
                Some(finding) => format!("the log is broken: {finding}"),
            });
            verified.ok
        }
    };
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
