//! `keyfob status`: one request in full, or the list of mine.

use clap::Args;

use super::{
    card::{card, waiting_for},
    failure::Result,
    phrase::{access_length, asked},
    search::PageArgs,
    session::Session,
    table::Table,
};
use crate::body::{Page, Request};

/// What `status` takes.
#[derive(Args, Debug)]
pub struct StatusArgs {
    /// Number (KF-1042) or id (req_…)
    request: Option<String>,
    #[command(flatten)]
    page: PageArgs,
}

pub(super) async fn run(session: &mut Session, args: StatusArgs) -> Result<()> {
    match &args.request {
        Some(request) => show(session, request).await,
        None => list(session, &args.page).await,
    }
}

async fn show(session: &mut Session, request: &str) -> Result<()> {
    let reply = session.client()?.get(&["requests", request], &[]).await?;
    if session.out.json(&reply)? {
        return Ok(());
    }
    let parts = card(&reply.read()?, &session.out.zone);
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            session.out.say("")?;
        }
        session.out.table(part)?;
    }
    Ok(())
}

async fn list(session: &mut Session, page: &PageArgs) -> Result<()> {
    let query = [("subject", Some("me")), ("limit", Some(&page.limit())), ("cursor", page.cursor())];
    let reply = session.client()?.get(&["requests"], &query).await?;
    if session.out.json(&reply)? {
        return Ok(());
    }
    let found: Page<Request> = reply.read()?;
    let table = requests(&found.items, session);
    if table.is_empty() {
        session.out.note("you have no requests; find something with `keyfob search`");
    }
    session.out.table(&table)?;
    session.out.next_page(found.next.as_deref());
    Ok(())
}

/// Requests, one a row.
pub(super) fn requests(requests: &[Request], session: &Session) -> Table {
    let mut table = Table::new(&["Request", "What", "For", "Length", "Status", "Waiting for"]);
    for request in requests {
        table.row([
            request.number.clone(),
            asked(request),
            request.subject.name.clone(),
            access_length(request, &session.out.zone),
            request.status.clone(),
            waiting_for(request).unwrap_or_default(),
        ]);
    }
    table
}
