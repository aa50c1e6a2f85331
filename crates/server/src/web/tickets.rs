//! Everybody's tickets, for those with a role: `/admin/tickets`

use axum::extract::Query;

use super::desk::{Answer, Desk};
use super::failure::Failure;
use super::views::ticket::{Filter, List, Ticket};
use crate::app::requests::RequestQuery;
use crate::app::tasks::TaskQuery;
use crate::body;

/// How many rows one page shows.
const SHOWN_MAX: i64 = 50;

fn said(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// `GET /admin/tickets`
pub(super) async fn list(desk: Desk, Query(filter): Query<Filter>) -> Answer {
    let wanted = TaskQuery {
        mine: false,
        kind: said(&filter.kind),
        request: said(&filter.request),
        state: said(&filter.state),
        app: said(&filter.app),
        cursor: said(&filter.cursor),
        limit: SHOWN_MAX,
    };
    let tasks = desk.ok(desk.app.tasks(&desk.caller, wanted).await)?;
    let mut moving = moving(&desk, &filter).await?;
    moving.retain(|request| tasks.items.iter().all(|task| task.state != "open" || task.request.id != request.id));
    let mut tickets: Vec<Ticket<'_>> = tasks.items.iter().map(Ticket::from).collect();
    tickets.extend(moving.iter().map(Ticket::from));
    let offers = desk.ok(desk.app.offers(&desk.caller, None, None).await)?;
    let apps: Vec<_> =
        offers.into_iter().map(|(app, _)| body::AppRef { id: app.id, slug: app.slug, name: app.name }).collect();
    desk.page(&List::new(&desk.visit, &tickets, &filter, &apps, tasks.next.as_deref()))
}

/// Requests that move, or are stuck, without anybody's task: those that a connector works on.
async fn moving(desk: &Desk, filter: &Filter) -> Result<Vec<body::Request>, Failure> {
    let open = filter.state.is_empty() || filter.state == "open" || filter.state == "all";
    if !open || !filter.kind.is_empty() || !filter.cursor.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = RequestQuery {
        approval: Some("approved".to_owned()),
        app: said(&filter.app),
        number: said(&filter.request),
        open: true,
        limit: SHOWN_MAX,
        ..RequestQuery::default()
    };
    let mut found = desk.ok(desk.app.requests(&desk.caller, wanted).await)?.items;
    let by_connector = ["scheduled", "queued", "provisioning", "failed", "unknown", "revoking"];
    found.retain(|request| request.connector.as_deref() != Some("manual"));
    found.retain(|request| request.fulfilment.as_deref().is_some_and(|state| by_connector.contains(&state)));
    Ok(found)
}
