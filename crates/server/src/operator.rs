//! What the operator of an installation asks from the command line: tokens, sign-in links, doctor, audit.
//!
//! While a server owns the folder it is asked through its socket; otherwise the database is opened here.

use std::path::Path;

use audit::verify::{Finding, Report};
use serde::{Deserialize, Serialize};
use store::doctor::Diagnosis;

use crate::app::{App, AppError, Caller};
use crate::config::Config;
use crate::open::{self, Place};

/// Asks for a token.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TokenAsk {
    /// Mail address or id.
    pub user: String,
    /// What it is limited to.
    #[serde(default)]
    pub scopes: Vec<String>,
}

/// Asks for a link to sign in.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LinkAsk {
    /// Mail address or id.
    pub user: String,
}

/// A secret that is shown this once.
#[derive(Clone, Deserialize, Serialize)]
pub struct Secret {
    /// The secret.
    pub secret: String,
    /// Where the server that answered is reached, for links.
    #[serde(default)]
    pub public_url: Option<String>,
}

/// What verifying the log found.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Verified {
    /// Whether everything is as it was written.
    pub ok: bool,
    /// How many leaves there are.
    pub size: u64,
    /// The root of the tree, lower-case hex; empty when broken.
    pub root: String,
    /// The first thing that is wrong.
    pub finding: Option<String>,
    /// Its index in the log.
    pub index: Option<u64>,
}

impl From<Result<Report, Finding>> for Verified {
    fn from(verified: Result<Report, Finding>) -> Self {
        match verified {
            Ok(report) => {
                Self { ok: true, size: report.size, root: report.root.to_string(), finding: None, index: None }
            }
            Err(finding) => Self {
                ok: false,
                size: 0,
                root: String::new(),
                finding: Some(finding.to_string()),
                index: Some(finding.index),
            },
        }
    }
}

/// What can be asked.
pub enum Ask {
    /// A token for a user.
    Token(TokenAsk),
    /// A link to sign in for a user.
    Link(LinkAsk),
    /// Do the rows say what the log says?
    Doctor,
    /// Is the log whole?
    Audit,
}

/// What was answered.
pub enum Answer {
    /// A secret that is shown this once.
    Secret(Secret),
    /// The diagnosis.
    Doctor(Diagnosis),
    /// The result of verifying.
    Audit(Verified),
}

/// Answers over an open installation.
///
/// # Errors
/// When the user is unknown, or the database fails.
pub async fn answer(app: &App, ask: Ask) -> Result<Answer, AppError> {
    let operator = Caller::system(&store::fresh("cli"));
    Ok(match ask {
        Ask::Token(ask) => Answer::Secret(Secret {
            secret: app.create_token(&operator, &ask.user, ask.scopes).await?,
            public_url: None,
        }),
        Ask::Link(ask) => {
            Answer::Secret(Secret { secret: app.create_sign_in_link(&operator, &ask.user).await?, public_url: None })
        }
        Ask::Doctor => Answer::Doctor(app.doctor().await?),
        Ask::Audit => Answer::Audit(app.verify_log().await?.into()),
    })
}

/// Asks the owner of the folder, or opens the database when nobody owns it.
///
/// # Errors
/// One sentence that says what to do.
pub async fn ask(place: &Place, config: &Config, ask: Ask) -> anyhow::Result<Answer> {
    if place.url.is_none() && is_listening(&place.socket()).await {
        return over_socket(&place.socket(), ask).await;
    }
    let database = open::existing(place, config).await?;
    let app = App::new(database.writer(), database.reader());
    let answered = answer(&app, ask).await;
    drop(app);
    database.close().await;
    answered.map_err(|error| anyhow::anyhow!("{}", sentence(&error)))
}

/// Whether a server answers on the socket; a file that a killed one left behind does not count.
async fn is_listening(socket: &Path) -> bool {
    tokio::net::UnixStream::connect(socket).await.is_ok()
}

fn sentence(error: &AppError) -> String {
    match error {
        AppError::Invalid(fields) => fields.iter().map(|field| field.message.clone()).collect::<Vec<_>>().join("; "),
        AppError::Internal(cause) => cause.to_string(),
        other => other.to_string(),
    }
}

#[expect(clippy::disallowed_methods, reason = "a client of our own socket, which goes to no network")]
async fn over_socket(socket: &Path, ask: Ask) -> anyhow::Result<Answer> {
    let client = reqwest::Client::builder().unix_socket(socket).build()?;
    let at = |path: &str| format!("http://operator/operator/{path}");
    Ok(match ask {
        Ask::Token(ask) => Answer::Secret(told(client.post(at("tokens")).json(&ask)).await?),
        Ask::Link(ask) => Answer::Secret(told(client.post(at("sign-in-links")).json(&ask)).await?),
        Ask::Doctor => Answer::Doctor(told(client.get(at("doctor"))).await?),
        Ask::Audit => Answer::Audit(told(client.get(at("audit"))).await?),
    })
}

async fn told<T: serde::de::DeserializeOwned>(request: reqwest::RequestBuilder) -> anyhow::Result<T> {
    let response = request.send().await?;
    if response.status().is_success() {
        return Ok(response.json().await?);
    }
    let problem: serde_json::Value = response.json().await.unwrap_or_default();
    let first = problem.pointer("/errors/0/message").or(problem.get("detail")).and_then(|said| said.as_str());
    anyhow::bail!("{}", first.unwrap_or("the server refused; its log says why"))
}
