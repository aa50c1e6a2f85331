//! Grants: list, give back, take away.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::{Body, Id, Query, limit};
use super::problem::{Conflicts, Problem, Problems, answered};
use crate::app::Caller;
use crate::app::grants::GrantQuery;
use crate::body;
use crate::http::Site;

/// Filters of grants.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filters {
    /// The holder: id, mail address or `me`.
    user: Option<String>,
    /// Id or slug of an app.
    app: Option<String>,
    /// Id or `app-slug/entitlement-slug`.
    entitlement: Option<String>,
    /// `active`, `ending`, `revoked` or `revoked_unverified`.
    state: Option<String>,
    /// `ends_at`: those that end first come first; when absent, the newest come first.
    sort: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many rows.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<String>,
}

/// Grants that the caller may see.
#[utoipa::path(
    get, path = "/api/v1/grants", tag = "grants", params(Filters),
    responses((status = 200, body = body::Page<body::Grant>), Problems)
)]
pub(super) async fn list(
    State(site): State<Site>,
    caller: Caller,
    Query(filters): Query<Filters>,
) -> Result<Json<body::Page<body::Grant>>, Problem> {
    let query = GrantQuery {
        user: filters.user,
        app: filters.app,
        entitlement: filters.entitlement,
        state: filters.state,
        sort: filters.sort,
        cursor: filters.cursor,
        limit: limit(filters.limit.as_deref())?,
    };
    Ok(Json(site.app.grants(&caller, query).await?))
}

/// Ends a grant before its time; gives the request of kind `revoke` that was filed for it.
#[utoipa::path(
    post, path = "/api/v1/grants/{id}/revoke", tag = "grants", params(("id" = String, Path)),
    request_body = body::Reason, responses((status = 200, body = body::Request), Problems, Conflicts)
)]
pub(super) async fn revoke(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id,
    why: Body<body::Reason>,
) -> Result<Json<body::Request>, Problem> {
    let outcome = site.app.revoke(&caller, &id, why.value.reason.as_deref()).await;
    answered(&site, &caller, outcome).await.map(Json)
}
