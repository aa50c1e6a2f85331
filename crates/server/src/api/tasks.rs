//! Tasks: list, find, approve, deny, confirm.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::{Body, Id, Query, limit};
use super::problem::{Conflicts, Problem, Problems, answered};
use crate::app::Caller;
use crate::app::tasks::TaskQuery;
use crate::http::Site;
use crate::{body, words};

/// Filters of tasks.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filters {
    /// `me`: only those that the caller can do.
    assignee: Option<String>,
    /// `approval`, `provisioning` or `deprovisioning`.
    kind: Option<String>,
    /// Id or number of a request.
    request: Option<String>,
    /// `open` (when absent), `done`, `void` or `all`.
    state: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many rows.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<String>,
}

/// Tasks that the caller may see, the oldest first.
#[utoipa::path(
    get, path = "/api/v1/tasks", tag = "tasks", params(Filters),
    responses((status = 200, body = body::Page<body::Task>), Problems)
)]
pub(super) async fn list(
    State(site): State<Site>,
    caller: Caller,
    Query(filters): Query<Filters>,
) -> Result<Json<body::Page<body::Task>>, Problem> {
    if filters.assignee.as_deref().is_some_and(|assignee| assignee != "me") {
        return Err(Problem::field("assignee", words::say("invalid-choice")));
    }
    let query = TaskQuery {
        mine: filters.assignee.is_some(),
        kind: filters.kind,
        request: filters.request,
        state: filters.state,
        app: None,
        cursor: filters.cursor,
        limit: limit(filters.limit.as_deref())?,
    };
    Ok(Json(site.app.tasks(&caller, query).await?))
}

/// The task with this id.
#[utoipa::path(
    get, path = "/api/v1/tasks/{id}", tag = "tasks", params(("id" = String, Path)),
    responses((status = 200, body = body::Task), Problems)
)]
pub(super) async fn find(State(site): State<Site>, caller: Caller, Id(id): Id) -> Result<Json<body::Task>, Problem> {
    Ok(Json(site.app.task(&caller, &id).await?))
}

/// Says yes to exactly what the digest stands for.
#[utoipa::path(
    post, path = "/api/v1/tasks/{id}/approve", tag = "tasks", params(("id" = String, Path)),
    request_body = body::Answer, responses((status = 200, body = body::Request), Problems, Conflicts)
)]
pub(super) async fn approve(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id,
    answer: Body<body::Answer>,
) -> Result<Json<body::Request>, Problem> {
    let outcome = site.app.approve(&caller, &id, answer.value).await;
    answered(&site, &caller, outcome).await.map(Json)
}

/// Says no: to the request, or to setting it up.
#[utoipa::path(
    post, path = "/api/v1/tasks/{id}/deny", tag = "tasks", params(("id" = String, Path)),
    request_body = body::Answer, responses((status = 200, body = body::Request), Problems, Conflicts)
)]
pub(super) async fn deny(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id,
    answer: Body<body::Answer>,
) -> Result<Json<body::Request>, Problem> {
    let outcome = site.app.deny(&caller, &id, answer.value).await;
    answered(&site, &caller, outcome).await.map(Json)
}

/// Confirms that access was set up, or taken away, by hand.
#[utoipa::path(
    post, path = "/api/v1/tasks/{id}/confirm", tag = "tasks", params(("id" = String, Path)),
    request_body = body::Confirm, responses((status = 200, body = body::Request), Problems, Conflicts)
)]
pub(super) async fn confirm(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id,
    confirm: Body<body::Confirm>,
) -> Result<Json<body::Request>, Problem> {
    let outcome = site.app.confirm(&caller, &id, confirm.value).await;
    answered(&site, &caller, outcome).await.map(Json)
}
