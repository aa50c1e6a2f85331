//! `keyfob search`: what can be requested.

use clap::Args;

use super::{
    failure::Result,
    phrase::{key, length, words},
    session::Session,
    table::Table,
};
use crate::body::{Entitlement, Page};

/// What `search` takes.
#[derive(Args, Debug)]
pub struct SearchArgs {
    /// Words in the names of the app and the entitlement
    words: Vec<String>,
    /// Only this app, by its key
    #[arg(long)]
    app: Option<String>,
    /// Only these states: requestable, held, pending (several with commas)
    #[arg(long)]
    state: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

/// Which part of a list.
#[derive(Args, Debug)]
pub(super) struct PageArgs {
    /// How many at most
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=200))]
    limit: u16,
    /// Where to go on, as the page before said
    #[arg(long)]
    cursor: Option<String>,
}

impl PageArgs {
    /// The limit as the API takes it.
    pub(super) fn limit(&self) -> String {
        self.limit.to_string()
    }

    /// Where the page begins.
    pub(super) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

pub(super) async fn run(session: &mut Session, args: SearchArgs) -> Result<()> {
    let query = args.words.join(" ");
    let reply = session
        .client()?
        .get(
            &["catalog", "entitlements"],
            &[
                ("query", (!query.is_empty()).then_some(query.as_str())),
                ("app", args.app.as_deref()),
                ("state", args.state.as_deref()),
                ("limit", Some(&args.page.limit())),
                ("cursor", args.page.cursor()),
            ],
        )
        .await?;
    if session.out.json(&reply)? {
        return Ok(());
    }
    let found: Page<Entitlement> = reply.read()?;
    let mut table = Table::new(&["Key", "App", "Permission", "State", "Longest"]);
    for entitlement in &found.items {
        table.row([
            key(entitlement),
            entitlement.app.name.clone(),
            entitlement.name.clone(),
            entitlement.state.as_deref().map(words).unwrap_or_else(|| "not offered to you".to_owned()),
            length(entitlement.max_duration.as_deref()),
        ]);
    }
    if table.is_empty() {
        session.out.note("nothing found");
    }
    session.out.table(&table)?;
    session.out.next_page(found.next.as_deref());
    Ok(())
}
