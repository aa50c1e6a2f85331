//! What a command needs from the process: output, questions, input and environment.

use std::io::{IsTerminal, Read};

use super::{
    ClientCommand, ClientOptions, ask,
    ask::Ask,
    client::Client,
    failure::{Failure, Result},
    grants, login,
    out::Out,
    request, search, status,
    surroundings::Surroundings,
    tasks,
};

/// One run of one command.
pub(super) struct Session {
    /// Where results and messages go.
    pub(super) out: Out,
    /// Whom to ask for what is missing; `None` without a terminal.
    pub(super) ask: Option<Box<dyn Ask>>,
    /// Standard input, for what is piped in; `None` where somebody types.
    pub(super) piped: Option<Box<dyn Read>>,
    /// Environment and saved sign-in.
    pub(super) surroundings: Surroundings,
}

impl Session {
    /// The session of this process.
    pub(super) fn of_this_process(options: &ClientOptions) -> Self {
        let surroundings = Surroundings::of_this_process();
        let typed = std::io::stdin().is_terminal();
        // Questions go to standard error, so that standard output holds results only.
        let can_ask = typed && std::io::stderr().is_terminal();
        Self {
            out: Out::of_this_process(options.output, &surroundings),
            ask: can_ask.then(|| Box::new(ask::Terminal) as Box<dyn Ask>),
            piped: (!typed).then(|| Box::new(std::io::stdin()) as Box<dyn Read>),
            surroundings,
        }
    }

    /// Runs the command and returns the exit code of the process.
    pub(super) async fn run(&mut self, command: ClientCommand) -> u8 {
        let ran = self.dispatch(command).await;
        match ran.and_then(|()| self.out.flush()) {
            Ok(()) => 0,
            Err(failure) => {
                self.out.failure(&failure);
                failure.exit_code()
            }
        }
    }

    async fn dispatch(&mut self, command: ClientCommand) -> Result<()> {
        match command {
            ClientCommand::Login(args) => login::run(self, args).await,
            ClientCommand::Search(args) => search::run(self, args).await,
            ClientCommand::Request(args) => request::run(self, args).await,
            ClientCommand::Status(args) => status::run(self, args).await,
            ClientCommand::Tasks(args) => tasks::list(self, args).await,
            ClientCommand::Approve(args) => tasks::approve(self, args).await,
            ClientCommand::Deny(args) => tasks::deny(self, args).await,
            ClientCommand::Confirm(args) => tasks::confirm(self, args).await,
            ClientCommand::Grants(args) => grants::list(self, args).await,
            ClientCommand::Drop(args) => grants::give_back(self, args).await,
        }
    }

    /// A client that speaks as the signed-in person.
    pub(super) fn client(&mut self) -> Result<Client> {
        let login = self.surroundings.login()?;
        if let Some(warning) = login.warning {
            self.out.note(&warning);
        }
        Client::new(&login.url, login.token)
    }

    /// Everything that is piped in, which must be text of at most `bytes_max` bytes.
    pub(super) fn read_piped(&mut self, what: &str, bytes_max: u64) -> Result<String> {
        let Some(piped) = self.piped.take() else {
            return Err(Failure::Usage(format!("pipe {what} into standard input")));
        };
        read_text(piped, what, bytes_max)
    }
}

/// Reads text of at most `bytes_max` bytes without the line end after it.
pub(super) fn read_text(from: impl Read, what: &str, bytes_max: u64) -> Result<String> {
    let mut bytes = Vec::new();
    from.take(bytes_max + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::Failed(format!("cannot read {what}: {error}")))?;
    if bytes.len() as u64 > bytes_max {
        return Err(Failure::Usage(format!("{what} is longer than {bytes_max} bytes")));
    }
    let text = String::from_utf8(bytes).map_err(|_| Failure::Usage(format!("{what} is not UTF-8 text")))?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}
