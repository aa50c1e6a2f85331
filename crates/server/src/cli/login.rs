//! `keyfob login`: keep the address of a server and a token for later commands.

use clap::Args;
use secrecy::{ExposeSecret, SecretString};

use super::{
    client::{Client, address},
    failure::{Failure, Result},
    phrase::person,
    session::Session,
};
use crate::body::{Me, User};

/// The longest token, in bytes.
const TOKEN_BYTES_MAX: u64 = 1024;

/// What `login` takes.
#[derive(Args, Debug)]
pub struct LoginArgs {
    #[allow(rustdoc::bare_urls, reason = "`--help` prints it as it stands")]
    /// Address of the server, such as https://keyfob.example.com; KEYFOB_URL when left out
    url: Option<String>,
}

pub(super) async fn run(session: &mut Session, args: LoginArgs) -> Result<()> {
    let Some(url) = args.url.or_else(|| session.surroundings.url.clone()) else {
        return Err(Failure::Usage("say the address of the server: `keyfob login URL`".to_owned()));
    };
    let url = address(&url)?.to_string();
    let token = token(session)?;
    let reply = Client::new(&url, token.clone())?.get(&["me"], &[]).await?;
    let me: Me = reply.read()?;
    let path = session.surroundings.save(&url, &token)?;
    if !session.out.json(&reply)? {
        let me = person(&User { id: me.id, email: me.email, name: me.name });
        session.out.say(&format!("Signed in to {url} as {me}; saved in {}", path.display()))?;
    }
    for (name, set) in
        [("KEYFOB_URL", session.surroundings.url.is_some()), ("KEYFOB_TOKEN", session.surroundings.token.is_some())]
    {
        if set {
            session.out.note(&format!("{name} is set and goes before what was saved"));
        }
    }
    Ok(())
}

fn token(session: &mut Session) -> Result<SecretString> {
    let text = match &mut session.ask {
        Some(ask) => ask.hidden("Token (kf_…)")?,
        None => session.read_piped("the token", TOKEN_BYTES_MAX)?,
    };
    let token = SecretString::from(text.trim());
    // Anything else cannot be sent in a header.
    let graphic = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if graphic(token.expose_secret()) {
        Ok(token)
    } else {
        Err(Failure::Usage("a token is one word that begins with kf_".to_owned()))
    }
}
