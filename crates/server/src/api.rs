//! The JSON API: what other programs rely on. Bearer tokens only; a cookie never counts here (T27).

mod catalog;
mod directory;
mod events;
mod extract;
mod grants;
mod openapi;
mod operator;
pub mod problem;
mod requests;
mod submissions;
mod tasks;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use axum::{Json, Router};
use domain::door::Door;

use crate::app::{AppError, Caller, Outcome};
use crate::http::{Asked, Correlation, RouteError, Routes, Side, Site};
pub use operator::Socket;
use problem::Problem;

/// The router of everything under `/api`.
///
/// # Errors
/// When a route is not in the permission table (I54).
pub fn router(site: &Site) -> Result<Router, RouteError> {
    let unknown = || async { Problem::not_found() };
    let mut router = routes(site).finish()?;
    for rest in ["/api", "/api/", "/api/{*rest}"] {
        router = router.route(rest, any(unknown));
    }
    Ok(router.layer(from_fn(seal)))
}

/// The router of the operator's socket, which must never listen on a network.
///
/// # Errors
/// When a route is not in the permission table (I54).
pub fn operator_router(site: &Site) -> Result<Router, RouteError> {
    let router = operator_routes(site).finish()?.fallback(|| async { Problem::not_found() });
    Ok(router.layer(from_fn(seal)))
}

/// Every route of the operator's socket.
#[must_use]
pub fn operator_routes(site: &Site) -> Routes<Socket> {
    operator::routes(site)
}

/// Every route of the API.
#[must_use]
pub fn routes(site: &Site) -> Routes<Bearer> {
    Routes::new(site, Bearer)
        .on("GET /api/v1/openapi.json", openapi::document)
        .on("GET /api/v1/me", catalog::me)
        .on("GET /api/v1/catalog/entitlements", catalog::list)
        .on("POST /api/v1/preview", submissions::preview)
        .on("POST /api/v1/submissions", submissions::file)
        .on("GET /api/v1/requests", requests::list)
        .on("GET /api/v1/requests/{id}", requests::find)
        .on("POST /api/v1/requests/{id}/comments", requests::comment)
        .on("POST /api/v1/requests/{id}/cancel", requests::cancel)
        .on("POST /api/v1/requests/{id}/edit", requests::edit)
        .on("GET /api/v1/tasks", tasks::list)
        .on("GET /api/v1/tasks/{id}", tasks::find)
        .on("POST /api/v1/tasks/{id}/approve", tasks::approve)
        .on("POST /api/v1/tasks/{id}/deny", tasks::deny)
        .on("POST /api/v1/tasks/{id}/confirm", tasks::confirm)
        .on("GET /api/v1/grants", grants::list)
        .on("POST /api/v1/grants/{id}/revoke", grants::revoke)
        .on("GET /api/v1/users", directory::people::list_users)
        .on("GET /api/v1/users/{id}", directory::people::find_user)
        .on("POST /api/v1/users", directory::people::create_user)
        .on("GET /api/v1/groups", directory::people::list_groups)
        .on("GET /api/v1/groups/{id}", directory::people::find_group)
        .on("POST /api/v1/groups", directory::people::create_group)
        .on("GET /api/v1/apps", directory::things::list_apps)
        .on("GET /api/v1/apps/{id}", directory::things::find_app)
        .on("POST /api/v1/apps", directory::things::create_app)
        .on("GET /api/v1/entitlements", directory::things::list_entitlements)
        .on("GET /api/v1/entitlements/{id}", directory::things::find_entitlement)
        .on("POST /api/v1/entitlements", directory::things::create_entitlement)
        .on("GET /api/v1/catalogs", directory::offers::list_catalogs)
        .on("GET /api/v1/catalogs/{id}", directory::offers::find_catalog)
        .on("POST /api/v1/catalogs", directory::offers::create_catalog)
        .on("GET /api/v1/policies", directory::offers::list_policies)
        .on("GET /api/v1/policies/{id}", directory::offers::find_policy)
        .on("POST /api/v1/policies", directory::offers::save_policy)
        .on("GET /api/v1/events", events::list)
}

/// Callers with a token.
#[derive(Clone, Copy, Debug)]
pub struct Bearer;

impl Side for Bearer {
    const OWNS: &'static [&'static str] = &["/api/v1/"];

    async fn caller(&self, site: &Site, headers: &HeaderMap, asked: &Asked) -> Outcome<Option<Caller>> {
        let Some(token) = bearer(headers) else { return Ok(None) };
        let by_command_line = headers.get("keyfob-door").is_some_and(|door| door == "cli");
        let door = if by_command_line { Door::Cli } else { Door::Api };
        site.app.token(token, door, &asked.correlation).await
    }

    fn refuse(&self, _: &Site, _: &Asked, error: AppError) -> Response {
        Problem::from(error).into_response()
    }

    fn refuse_method(&self, _: &Asked) -> Response {
        Problem::method_not_allowed().into_response()
    }
}

/// The token of the one `Authorization` header.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(only), None) = (sent.next(), sent.next()) else { return None };
    let (scheme, token) = only.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// What every answer has in common: nobody keeps or guesses it, and what is our fault is logged once, here.
async fn seal(request: Request, next: Next) -> Response {
    let correlation = request.extensions().get::<Correlation>().map(|id| id.0.clone()).unwrap_or_default();
    let mut response = next.run(request).await;
    if let Some(fault) = response.extensions_mut().remove::<problem::Fault>() {
        tracing::error!(cause = %fault.0, %correlation, "a call failed");
        response = Problem::internal(&correlation).into_response();
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The answer to having created something, with where it is.
fn created(at: &str, thing: impl serde::Serialize) -> Response {
    (StatusCode::CREATED, [(header::LOCATION, format!("/api/v1/{at}"))], Json(thing)).into_response()
}
