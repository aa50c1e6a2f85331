//! `keyfob grants` and `keyfob drop`: what is held, and giving it back.

use clap::Args;

use super::{
    card,
    client::Client,
    failure::{Failure, Result},
    phrase::{instant, instant_or, key, what, words},
    search::PageArgs,
    session::Session,
    table::Table,
};
use crate::body::{Grant, Page, Reason, Request};

/// What `grants` takes.
#[derive(Args, Debug)]
pub struct GrantsArgs {
    /// Another person, by mail address or id
    #[arg(long, value_name = "EMAIL")]
    user: Option<String>,
    /// Only this app, by its key
    #[arg(long)]
    app: Option<String>,
    /// Only this state: active, ending, revoked, revoked_unverified; or all
    #[arg(long, default_value = "active")]
    state: String,
    #[command(flatten)]
    page: PageArgs,
}

/// What `drop` takes.
#[derive(Args, Debug)]
pub struct DropArgs {
    /// Grant (grt_…) or entitlement key (such as github/write)
    grant: String,
    /// Why
    #[arg(long)]
    reason: Option<String>,
    /// Do not ask; needed without a terminal
    #[arg(short, long)]
    yes: bool,
}

pub(super) async fn list(session: &mut Session, args: GrantsArgs) -> Result<()> {
    let query = [
        ("user", Some(args.user.as_deref().unwrap_or("me"))),
        ("app", args.app.as_deref()),
        ("state", Some(args.state.as_str()).filter(|state| *state != "all")),
        ("limit", Some(&args.page.limit())),
        ("cursor", args.page.cursor()),
    ];
    let reply = session.client()?.get(&["grants"], &query).await?;
    if session.out.json(&reply)? {
        return Ok(());
    }
    let found: Page<Grant> = reply.read()?;
    let table = grants(&found.items, session, args.user.is_some());
    if table.is_empty() {
        session.out.note("nothing is held");
    }
    session.out.table(&table)?;
    session.out.next_page(found.next.as_deref());
    Ok(())
}

/// Grants, one a row; with their ids where the key alone would not name one.
fn grants(grants: &[Grant], session: &Session, with_ids: bool) -> Table {
    let mut header = vec!["Key", "What", "State", "Since", "Until"];
    if with_ids {
        header.push("Grant");
    }
    let mut table = Table::new(&header);
    for grant in grants {
        let id = with_ids.then(|| grant.id.clone());
        let cells = [
            key(&grant.entitlement),
            what(&grant.entitlement),
            words(&grant.state),
            instant(&grant.starts_at, &session.out.zone),
            instant_or(grant.ends_at.as_deref(), &session.out.zone, "Unlimited"),
        ];
        table.row_of(cells.into_iter().chain(id));
    }
    table
}

pub(super) async fn give_back(session: &mut Session, args: DropArgs) -> Result<()> {
    if session.ask.is_none() && !args.yes {
        return Err(Failure::Usage("without a terminal, say --yes to give access back".to_owned()));
    }
    let client = session.client()?;
    let ids = if args.grant.starts_with("grt_") {
        vec![args.grant.clone()]
    } else {
        held_under(&client, &args.grant).await?
    };
    if let Some(ask) = session.ask.as_mut().filter(|_| !args.yes) {
        let grants = if let [_] = ids.as_slice() { String::new() } else { format!(" ({} grants)", ids.len()) };
        if !ask.yes(&format!("Give back {}{grants}?", args.grant))? {
            return Err(Failure::Failed("nothing was given back".to_owned()));
        }
    }
    for id in &ids {
        let reply = client.post(&["grants", id, "revoke"], &Reason { reason: args.reason.clone() }).await?;
        if !session.out.json(&reply)? {
            let request: Request = reply.read()?;
            session.out.say(&card::line(&request))?;
        }
    }
    Ok(())
}

/// The caller's own grants of one entitlement. All of them have to go, because access stays while one is left (I28).
async fn held_under(client: &Client, key: &str) -> Result<Vec<String>> {
    let query = [("user", Some("me")), ("entitlement", Some(key)), ("state", Some("active")), ("limit", Some("200"))];
    let held: Page<Grant> = client.get(&["grants"], &query).await?.read()?;
    if held.items.is_empty() {
        return Err(Failure::Failed(format!("you do not hold {key}; `keyfob grants` lists what you hold")));
    }
    Ok(held.items.into_iter().map(|grant| grant.id).collect())
}
