//! Users and groups.

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

/// Users in the order of their names.
#[utoipa::path(
    get, path = "/api/v1/users", tag = "users", params(Page),
    responses((status = 200, body = body::Page<body::Person>), Problems)
)]
pub(in crate::api) async fn list_users(
    State(site): State<Site>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Result<Json<body::Page<body::Person>>, Problem> {
    Ok(Json(site.app.users(&caller, page.read()?).await?))
}

/// The user with this id or mail address.
#[utoipa::path(
    get, path = "/api/v1/users/{id}", tag = "users", params(("id" = String, Path)),
    responses((status = 200, body = body::Person), Problems)
)]
pub(in crate::api) async fn find_user(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id,
) -> Result<Json<body::Person>, Problem> {
    Ok(Json(site.app.user(&caller, &id).await?))
}

/// Creates a user.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "users", request_body = body::NewUser,
    responses((status = 201, body = body::Person, headers(("Location" = String))), Problems, Conflicts)
)]
pub(in crate::api) async fn create_user(
    State(site): State<Site>,
    caller: Caller,
    new: Body<body::NewUser>,
) -> Result<Response, Problem> {
    let user = site.app.create_user(&caller, new.value).await?;
    Ok(created(&format!("users/{}", user.id), user))
}

/// Groups in the order of their names.
#[utoipa::path(
    get, path = "/api/v1/groups", tag = "groups", params(Page),
    responses((status = 200, body = body::Page<body::Group>), Problems)
)]
pub(in crate::api) async fn list_groups(
    State(site): State<Site>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Result<Json<body::Page<body::Group>>, Problem> {
    Ok(Json(site.app.groups(&caller, page.read()?).await?))
}

/// The group with this id.
#[utoipa::path(
    get, path = "/api/v1/groups/{id}", tag = "groups", params(("id" = String, Path)),
    responses((status = 200, body = body::Group), Problems)
)]
pub(in crate::api) async fn find_group(
    State(site): State<Site>,
    caller: Caller,
    Id(id): Id,
) -> Result<Json<body::Group>, Problem> {
    Ok(Json(site.app.group(&caller, &id).await?))
}

/// Creates a group.
#[utoipa::path(
    post, path = "/api/v1/groups", tag = "groups", request_body = body::NewGroup,
    responses((status = 201, body = body::Group, headers(("Location" = String))), Problems, Conflicts)
)]
pub(in crate::api) async fn create_group(
    State(site): State<Site>,
    caller: Caller,
    new: Body<body::NewGroup>,
) -> Result<Response, Problem> {
    let group = site.app.create_group(&caller, new.value).await?;
    Ok(created(&format!("groups/{}", group.id), group))
}
