//! Giving back and taking away: `/grants/{id}/revoke`

use axum::Form;
use axum::extract::Path;

use super::desk::{Answer, Desk, Pairs, on_to, plain};
use super::failure::problems;
use super::views::field::Draft;
use super::views::request::acts::{self, GiveBack};

/// `GET /grants/{id}/revoke`
pub(super) async fn ask_to_revoke(desk: Desk, Path(id): Path<String>) -> Answer {
    let grant = desk.ok(desk.app.grant(&desk.caller, &id).await)?;
    desk.page(&GiveBack::new(&desk.visit, &grant, &Draft::default()))
}

/// `POST /grants/{id}/revoke`
pub(super) async fn revoke(desk: Desk, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let draft = Draft::from_pairs(plain(&pairs));
    match desk.app.revoke(&desk.caller, &id, acts::reason(&draft).reason.as_deref()).await {
        Ok(request) => on_to(&format!("/requests/{}", request.number)),
        Err(error) => {
            let found = problems(error).map_err(|error| desk.fail(&error))?;
            let grant = desk.ok(desk.app.grant(&desk.caller, &id).await)?;
            desk.again(&GiveBack::new(&desk.visit, &grant, &draft.refused(found)))
        }
    }
}
