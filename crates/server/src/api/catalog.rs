//! The caller, and what may be asked for.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::extract::{Query, limit};
use super::problem::{Problem, Problems};
use crate::app::Caller;
use crate::app::catalog::CatalogQuery;
use crate::body;
use crate::http::Site;

/// Who the token speaks for.
#[utoipa::path(get, path = "/api/v1/me", tag = "catalog", responses((status = 200, body = body::Me), Problems))]
pub(super) async fn me(State(site): State<Site>, caller: Caller) -> Result<Json<body::Me>, Problem> {
    Ok(Json(site.app.me(&caller).await?))
}

/// Filters of the catalog.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Filters {
    /// Part of a name.
    query: Option<String>,
    /// Id or slug of an app.
    app: Option<String>,
    /// Several with commas between them: `requestable`, `held`, `pending`, `held_expiring`.
    state: Option<String>,
    /// Where the page begins: `next` of the page before.
    cursor: Option<String>,
    /// How many rows.
    #[param(value_type = Option<u8>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<String>,
}

/// What the caller may see in the catalog, in the order of apps and names.
#[utoipa::path(
    get, path = "/api/v1/catalog/entitlements", tag = "catalog", params(Filters),
    responses((status = 200, body = body::Page<body::Entitlement>), Problems)
)]
pub(super) async fn list(
    State(site): State<Site>,
    caller: Caller,
    Query(filters): Query<Filters>,
) -> Result<Json<body::Page<body::Entitlement>>, Problem> {
    let query = CatalogQuery {
        subject: None,
        query: filters.query.unwrap_or_default(),
        app: filters.app,
        state: filters.state,
        cursor: filters.cursor,
        limit: limit(filters.limit.as_deref())?,
    };
    Ok(Json(site.app.catalog(&caller, query).await?))
}
