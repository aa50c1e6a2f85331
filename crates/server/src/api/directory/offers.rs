//! Catalogs and policies.

use axum::Json;
use axum::extract::State;
use axum::response::Response;

use super::Page;
use crate::api::created;
use crate::api::extract::{Body, Id, Query};
use crate::api::problem::{Conflicts, Problem, Problems};
use crate::app::Caller;
use crate::body;
use crate::http::Site;

/// Catalogs in the order of their slugs.
#[utoipa::path(
    get, path = "/api/v1/catalogs", tag = "catalogs", params(Page),
    responses((status = 200, body = body::Page<body::Catalog>), Problems)
)]
pub(in crate::api) async fn list_catalogs(
    State(site): State<Site>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Result<Json<body::Page<body::Catalog>>, Problem> {
    Ok(Json(site.app.catalogs(&caller, page.read()?).await?))
}

/// The catalog with this id.
#[utoipa::path(
    get, path = "/api/v1/catalogs/{id}", tag = "catalogs", params(("id" = String, Path)),
    responses((status = 200, body = body::Catalog), Problems)
)]
pub(in crate::api) async fn find_catalog(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id,
) -> Result<Json<body::Catalog>, Problem> {
    Ok(Json(site.app.catalog_by_id(&caller, &id).await?))
}

/// Creates a catalog.
#[utoipa::path(
    post, path = "/api/v1/catalogs", tag = "catalogs", request_body = body::NewCatalog,
    responses((status = 201, body = body::Catalog, headers(("Location" = String))), Problems, Conflicts)
)]
pub(in crate::api) async fn create_catalog(
    State(site): State<Site>,
    caller: Caller,
    new: Body<body::NewCatalog>,
) -> Result<Response, Problem> {
    let catalog = site.app.create_catalog(&caller, new.value).await?;
    Ok(created(&format!("catalogs/{}", catalog.id), catalog))
}

/// The latest versions of all policies, in the order of their names.
#[utoipa::path(
    get, path = "/api/v1/policies", tag = "policies", params(Page),
    responses((status = 200, body = body::Page<body::Policy>), Problems)
)]
pub(in crate::api) async fn list_policies(
    State(site): State<Site>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Result<Json<body::Page<body::Policy>>, Problem> {
    Ok(Json(site.app.policies(&caller, page.read()?).await?))
}

/// The latest version of the policy with this id.
#[utoipa::path(
    get, path = "/api/v1/policies/{id}", tag = "policies", params(("id" = String, Path)),
    responses((status = 200, body = body::Policy), Problems)
)]
pub(in crate::api) async fn find_policy(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id,
) -> Result<Json<body::Policy>, Problem> {
    Ok(Json(site.app.policy(&caller, &id).await?))
}

/// Saves a policy: a new one, or a new version of the one with this name.
#[utoipa::path(
    post, path = "/api/v1/policies", tag = "policies", request_body = body::NewPolicy,
    responses((status = 201, body = body::Policy, headers(("Location" = String))), Problems, Conflicts)
)]
pub(in crate::api) async fn save_policy(
    State(site): State<Site>,
    caller: Caller,
    new: Body<body::NewPolicy>,
) -> Result<Response, Problem> {
    let policy = site.app.save_policy(&caller, new.value).await?;
    Ok(created(&format!("policies/{}", policy.id), policy))
}
