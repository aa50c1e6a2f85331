//! The page of a request and what can be done there: `/requests/{id}…`

use axum::Form;
use axum::extract::{Path, Query};
use serde::Deserialize;

use super::desk::{Answer, Desk, Pairs, on_to, plain};
use super::failure::problems;
use super::views::field::Draft;
use super::views::request::Show;
use super::views::request::acts::{self, Cancel};
use super::views::request::edit::{self, Edit};
use super::views::request::trail::Audit;
use crate::body;

#[derive(Deserialize)]
pub(super) struct ShowQuery {
    tab: Option<String>,
}

/// `GET /requests/{id}` (`?tab=audit`)
pub(super) async fn show(desk: Desk, Path(id): Path<String>, Query(query): Query<ShowQuery>) -> Answer {
    let request = desk.ok(desk.app.request(&desk.caller, &id).await)?;
    if query.tab.as_deref() == Some("audit") {
        let events = desk.ok(desk.app.trail(&desk.caller, &id).await)?;
        return desk.page(&Audit::new(&desk.visit, &request, &events));
    }
    desk.page(&Show::new(&desk.visit, &request, &Draft::default()))
}

/// `POST /requests/{id}/comments`
pub(super) async fn comment(desk: Desk, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let draft = Draft::from_pairs(plain(&pairs));
    match desk.app.comment(&desk.caller, &id, draft.typed("text").unwrap_or_default()).await {
        Ok(request) => on_to(&format!("/requests/{}#comments", request.number)),
        Err(error) => {
            let found = problems(error).map_err(|error| desk.fail(&error))?;
            let request = desk.ok(desk.app.request(&desk.caller, &id).await)?;
            desk.again(&Show::new(&desk.visit, &request, &draft.refused(found)))
        }
    }
}

/// `GET /requests/{id}/cancel`
pub(super) async fn ask_to_cancel(desk: Desk, Path(id): Path<String>) -> Answer {
    let request = desk.ok(desk.app.request(&desk.caller, &id).await)?;
    desk.page(&Cancel::new(&desk.visit, &request, &Draft::default()))
}

/// `POST /requests/{id}/cancel`
pub(super) async fn cancel(desk: Desk, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let draft = Draft::from_pairs(plain(&pairs));
    match desk.app.cancel(&desk.caller, &id, acts::reason(&draft).reason.as_deref()).await {
        Ok(request) => on_to(&format!("/requests/{}", request.number)),
        Err(error) => {
            let found = problems(error).map_err(|error| desk.fail(&error))?;
            let request = desk.ok(desk.app.request(&desk.caller, &id).await)?;
            desk.again(&Cancel::new(&desk.visit, &request, &draft.refused(found)))
        }
    }
}

/// `GET /requests/{id}/edit`
pub(super) async fn ask_to_edit(desk: Desk, Path(id): Path<String>) -> Answer {
    let request = desk.ok(desk.app.request(&desk.caller, &id).await)?;
    let offered = desk.ok(desk.app.alternatives(&desk.caller, &id).await)?;
    desk.page(&Edit::new(&desk.visit, &request, &offered, &Draft::default()))
}

/// `POST /requests/{id}/edit`
pub(super) async fn edit(desk: Desk, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let draft = Draft::from_pairs(plain(&pairs));
    let found = match edit::read(&draft) {
        Ok(asked) => match desk.app.edit(&desk.caller, &id, asked).await {
            Ok(request) => return on_to(&format!("/requests/{}", request.number)),
            Err(error) => problems(error).map_err(|error| desk.fail(&error))?,
        },
        Err(unreadable) => unreadable,
    };
    let request: body::Request = desk.ok(desk.app.request(&desk.caller, &id).await)?;
    let offered = desk.ok(desk.app.alternatives(&desk.caller, &id).await)?;
    desk.again(&Edit::new(&desk.visit, &request, &offered, &draft.refused(found)))
}
