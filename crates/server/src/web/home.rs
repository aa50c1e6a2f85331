//! `GET /`

use axum::extract::Query;
use serde::Deserialize;

use super::desk::{Answer, Desk};
use super::views::home::{HomePage, Section};
use crate::app::grants::GrantQuery;
use crate::app::requests::RequestQuery;
use crate::app::tasks::TaskQuery;

/// How many of each home shows.
const SHOWN_MAX: i64 = 100;

#[derive(Deserialize)]
pub(super) struct HomeQuery {
    section: Option<String>,
}

/// `GET /` (`?section=access|requests|tickets`)
pub(super) async fn show(desk: Desk, Query(query): Query<HomeQuery>) -> Answer {
    let caller = &desk.caller;
    let grants = GrantQuery { user: Some("me".to_owned()), limit: SHOWN_MAX, ..GrantQuery::default() };
    let held = |state: &str| GrantQuery { state: Some(state.to_owned()), ..grants.clone() };
    let mut access = desk.ok(desk.app.grants(caller, held("active")).await)?.items;
    access.extend(desk.ok(desk.app.grants(caller, held("ending")).await)?.items);
    let requests = RequestQuery { mine: true, limit: SHOWN_MAX, ..RequestQuery::default() };
    let requests = desk.ok(desk.app.requests(caller, requests).await)?;
    let tasks = TaskQuery { mine: true, limit: SHOWN_MAX, ..TaskQuery::default() };
    let tasks = desk.ok(desk.app.tasks(caller, tasks).await)?;
    let section = Section::parse(query.section.as_deref());
    desk.page(&HomePage::new(&desk.visit, section, &access, &requests.items, &tasks.items))
}
