//! Apps and entitlements.

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

/// Apps in the order of their names, hidden ones included.
#[utoipa::path(
    get, path = "/api/v1/apps", tag = "apps", params(Page),
    responses((status = 200, body = body::Page<body::App>), Problems)
)]
pub(in crate::api) async fn list_apps(
    State(site): State<Site>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Result<Json<body::Page<body::App>>, Problem> {
    Ok(Json(site.app.apps(&caller, page.read()?).await?))
}

/// The app with this id or slug.
#[utoipa::path(
    get, path = "/api/v1/apps/{id}", tag = "apps", params(("id" = String, Path)),
    responses((status = 200, body = body::App), Problems)
)]
pub(in crate::api) async fn find_app(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id,
) -> Result<Json<body::App>, Problem> {
    Ok(Json(site.app.target(&caller, &id).await?))
}

/// Creates an app.
#[utoipa::path(
    post, path = "/api/v1/apps", tag = "apps", request_body = body::NewApp,
    responses((status = 201, body = body::App, headers(("Location" = String))), Problems, Conflicts)
)]
pub(in crate::api) async fn create_app(
    State(site): State<Site>,
    caller: Caller,
    new: Body<body::NewApp>,
) -> Result<Response, Problem> {
    let app = site.app.create_app(&caller, new.value).await?;
    Ok(created(&format!("apps/{}", app.id), app))
}

/// All entitlements, in the order of apps and names.
#[utoipa::path(
    get, path = "/api/v1/entitlements", tag = "entitlements", params(Page),
    responses((status = 200, body = body::Page<body::Entitlement>), Problems)
)]
pub(in crate::api) async fn list_entitlements(
    State(site): State<Site>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Result<Json<body::Page<body::Entitlement>>, Problem> {
    Ok(Json(site.app.entitlements(&caller, page.read()?).await?))
}

/// The entitlement with this id or `app-slug%2Fentitlement-slug`.
#[utoipa::path(
    get, path = "/api/v1/entitlements/{id}", tag = "entitlements", params(("id" = String, Path)),
    responses((status = 200, body = body::Entitlement), Problems)
)]
pub(in crate::api) async fn find_entitlement(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id,
) -> Result<Json<body::Entitlement>, Problem> {
    Ok(Json(site.app.entitlement(&caller, &id).await?))
}

/// Creates an entitlement.
#[utoipa::path(
    post, path = "/api/v1/entitlements", tag = "entitlements", request_body = body::NewEntitlement,
    responses((status = 201, body = body::Entitlement, headers(("Location" = String))), Problems, Conflicts)
)]
pub(in crate::api) async fn create_entitlement(
    State(site): State<Site>,
    caller: Caller,
    new: Body<body::NewEntitlement>,
) -> Result<Response, Problem> {
    let entitlement = site.app.create_entitlement(&caller, new.value).await?;
    Ok(created(&format!("entitlements/{}", entitlement.id), entitlement))
}
