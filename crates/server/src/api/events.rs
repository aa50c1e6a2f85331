//! The audit log, in log order.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::{Query, limit};
use super::problem::{Problem, Problems};
use crate::app::Caller;
use crate::app::events::EventQuery;
use crate::body;
use crate::http::Site;

/// Filters of events.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filters {
    /// After this index: `next` of the page before.
    after: Option<String>,
    /// Such as `request.approved`.
    kind: Option<String>,
    /// Id or mail address.
    actor: Option<String>,
    /// Id or mail address.
    subject: Option<String>,
    /// Id or number.
    request: Option<String>,
    /// Id or `app-slug/entitlement-slug`.
    entitlement: Option<String>,
    /// Part of the kind, or of a text beside the log.
    query: Option<String>,
    /// How many rows.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<String>,
}

/// Events in log order, for those who may read the log.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "events", params(Filters),
    responses((status = 200, body = body::Page<body::Event>), Problems)
)]
pub(super) async fn list(
    State(site): State<Site>,
    caller: Caller,
    Query(filters): Query<Filters>,
) -> Result<Json<body::Page<body::Event>>, Problem> {
    let query = EventQuery {
        after: filters.after,
        kind: filters.kind,
        actor: filters.actor,
        subject: filters.subject,
        request: filters.request,
        entitlement: filters.entitlement,
        query: filters.query,
        limit: limit(filters.limit.as_deref())?,
    };
    Ok(Json(site.app.events(&caller, query).await?))
}
