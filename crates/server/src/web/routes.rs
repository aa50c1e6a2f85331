//! Every page, by its name in the permission table.

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;

use super::door::{Pages, guard};
use super::failure::{fault, page_of};
use super::{browse, files, grants, home, live, request_form, requests, sign_in, tasks, tickets};
use crate::app::AppError;
use crate::http::{RouteError, Routes, Site};

/// The pages of the product; those of the demo are added by it.
#[must_use]
pub fn routes(site: &Site) -> Routes<Pages> {
    Routes::new(site, Pages)
        .on("GET /static/{file}", files::show)
        .on("GET /login", sign_in::login)
        .on("GET /sign-in/{token}", sign_in::ask_to_use_link)
        .on("POST /sign-in/{token}", sign_in::use_link)
        .on("POST /logout", sign_in::logout)
        .on("GET /", home::show)
        .on("GET /browse", browse::list)
        .on("GET /apps/{slug}", browse::show)
        .on("GET /request", request_form::show)
        .on("POST /request", request_form::file)
        .on("GET /requests/{id}", requests::show)
        .on("GET /requests/{id}/cancel", requests::ask_to_cancel)
        .on("POST /requests/{id}/cancel", requests::cancel)
        .on("GET /requests/{id}/edit", requests::ask_to_edit)
        .on("POST /requests/{id}/edit", requests::edit)
        .on("POST /requests/{id}/comments", requests::comment)
        .on("GET /tasks", tasks::list)
        .on("GET /tasks/{id}", tasks::show)
        .on("GET /tasks/{id}/deny", tasks::ask_to_deny)
        .on("POST /tasks/{id}/approve", tasks::approve)
        .on("POST /tasks/{id}/deny", tasks::deny)
        .on("POST /tasks/{id}/confirm", tasks::confirm)
        .on("GET /grants/{id}/revoke", grants::ask_to_revoke)
        .on("POST /grants/{id}/revoke", grants::revoke)
        .on("GET /admin/tickets", tickets::list)
        .on("GET /admin/requests/new", request_form::show_for_somebody)
        .on("POST /admin/requests/new", request_form::file_for_somebody)
        .on("GET /events", live::events)
}

/// The router of the pages, with what holds for all of them.
///
/// # Errors
/// The first route that may not be registered.
pub fn router(site: &Site, routes: Routes<Pages>) -> Result<Router, RouteError> {
    let nowhere = async |_: Request| page_of(None, &fault(&AppError::NotFound, ""));
    Ok(routes.finish()?.fallback(nowhere).layer(from_fn_with_state(site.clone(), guard)))
}
