//! Requests: list, find, comment, cancel, edit.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::created;
use super::extract::{Body, Id, Query, limit};
use super::problem::{Conflicts, Problem, Problems, answered};
use crate::app::Caller;
use crate::app::requests::RequestQuery;
use crate::body;
use crate::http::Site;

/// Filters of requests.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filters {
    /// Whom the access is for: id, mail address or `me`.
    subject: Option<String>,
    /// Who filed it: id, mail address or `me`.
    requester: Option<String>,
    /// Id or slug of an app.
    app: Option<String>,
    /// Id or `app-slug/entitlement-slug`.
    entitlement: Option<String>,
    /// `needs_form`, `pending`, `approved`, `denied`, `cancelled` or `expired`.
    approval: Option<String>,
    /// `scheduled`, `queued`, `manual`, `granted`, `failed`, `unknown`, `denied_at_provisioning`, `revoking`, `revoked`
    /// or `revoked_unverified`.
    fulfilment: Option<String>,
    /// `KF-1042`
    number: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many rows.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<String>,
}

/// Requests that the caller may see, the newest first.
#[utoipa::path(
    get, path = "/api/v1/requests", tag = "requests", params(Filters),
    responses((status = 200, body = body::Page<body::Request>), Problems)
)]
pub(super) async fn list(
    State(site): State<Site>,
    caller: Caller,
    Query(filters): Query<Filters>,
) -> Result<Json<body::Page<body::Request>>, Problem> {
    let query = RequestQuery {
        subject: filters.subject,
        requester: filters.requester,
        app: filters.app,
        entitlement: filters.entitlement,
        approval: filters.approval,
        fulfilment: filters.fulfilment,
        number: filters.number,
        open: false,
        mine: false,
        cursor: filters.cursor,
        limit: limit(filters.limit.as_deref())?,
    };
    Ok(Json(site.app.requests(&caller, query).await?))
}

/// The request with this id or number.
#[utoipa::path(
    get, path = "/api/v1/requests/{id}", tag = "requests", params(("id" = String, Path)),
    responses((status = 200, body = body::Request), Problems)
)]
pub(super) async fn find(State(site): State<Site>, caller: Caller, Id(id): Id) -> Result<Json<body::Request>, Problem> {
    Ok(Json(site.app.request(&caller, &id).await?))
}

/// Says something on a request.
#[utoipa::path(
    post, path = "/api/v1/requests/{id}/comments", tag = "requests", params(("id" = String, Path)),
    request_body = body::NewComment,
    responses((status = 201, body = body::Comment, headers(("Location" = String))), Problems, Conflicts)
)]
pub(super) async fn comment(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id,
    said: Body<body::NewComment>,
) -> Result<Response, Problem> {
    let outcome = site.app.comment(&caller, &id, &said.value.text).await;
    let request = answered(&site, &caller, outcome).await?;
    let me = caller.actor().user().map(ToString::to_string);
    let own = request.comments.into_iter().rev().find(|comment| Some(&comment.by.id) == me.as_ref());
    Ok(created(&format!("requests/{}", request.id), own))
}

/// Withdraws a request.
#[utoipa::path(
    post, path = "/api/v1/requests/{id}/cancel", tag = "requests", params(("id" = String, Path)),
    request_body = body::Reason, responses((status = 200, body = body::Request), Problems, Conflicts)
)]
pub(super) async fn cancel(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id,
    why: Body<body::Reason>,
) -> Result<Json<body::Request>, Problem> {
    let outcome = site.app.cancel(&caller, &id, why.value.reason.as_deref()).await;
    answered(&site, &caller, outcome).await.map(Json)
}

/// Changes what is asked for, until access is in place: a new digest, earlier approvals are void.
#[utoipa::path(
    post, path = "/api/v1/requests/{id}/edit", tag = "requests", params(("id" = String, Path)),
    request_body = body::Edit, responses((status = 200, body = body::Request), Problems, Conflicts)
)]
pub(super) async fn edit(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id,
    edit: Body<body::Edit>,
) -> Result<Json<body::Request>, Problem> {
    let outcome = site.app.edit(&caller, &id, edit.value).await;
    answered(&site, &caller, outcome).await.map(Json)
}
