//! The app directory: `GET /browse` and `GET /apps/{slug}`.

use axum::extract::{Path, Query};

use super::desk::{Answer, Desk};
use super::views::app::AppPage;
use super::views::browse::{BrowsePage, Filter, Offer};
use crate::app::{App, Caller, Outcome};

/// What is offered to somebody, app by app.
pub(super) async fn offers(app: &App, caller: &Caller, subject: Option<&str>, of: Option<&str>) -> Outcome<Vec<Offer>> {
    let offers = app.offers(caller, subject, of).await?;
    Ok(offers.into_iter().map(|(app, entitlements)| Offer { app, entitlements }).collect())
}

/// `GET /browse`
pub(super) async fn list(desk: Desk, Query(filter): Query<Filter>) -> Answer {
    let offers = desk.ok(offers(&desk.app, &desk.caller, None, None).await)?;
    desk.page(&BrowsePage::new(&desk.visit, filter, &offers))
}

/// `GET /apps/{slug}`
pub(super) async fn show(desk: Desk, Path(slug): Path<String>) -> Answer {
    let app = desk.ok(desk.app.app(&desk.caller, &slug).await)?;
    let mut offers = desk.ok(offers(&desk.app, &desk.caller, None, Some(&app.id)).await)?;
    let offer = offers.pop().unwrap_or(Offer { app, entitlements: Vec::new() });
    desk.page(&AppPage::new(&desk.visit, &offer))
}
