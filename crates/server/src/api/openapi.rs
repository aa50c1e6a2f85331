//! The API described for programs: OpenAPI 3.1 at `/api/v1/openapi.json`.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi as _};

use super::directory::{offers, people, things};
use super::{catalog, events, grants, requests, submissions, tasks};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Keyfob", description = "Ask for access, approve it, see who holds what and why."),
    paths(
        document, catalog::me, catalog::list, submissions::preview, submissions::file,
        requests::list, requests::find, requests::comment, requests::cancel, requests::edit,
        tasks::list, tasks::find, tasks::approve, tasks::deny, tasks::confirm, grants::list, grants::revoke,
        people::list_users, people::find_user, people::create_user,
        people::list_groups, people::find_group, people::create_group,
        things::list_apps, things::find_app, things::create_app,
        things::list_entitlements, things::find_entitlement, things::create_entitlement,
        offers::list_catalogs, offers::find_catalog, offers::create_catalog,
        offers::list_policies, offers::find_policy, offers::save_policy, events::list,
    ),
    security(("token" = [])),
    modifiers(&Token),
)]
struct Document;

/// The one way to sign in.
struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).bearer_format("kf_…").build());
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", scheme);
    }
}

static DOCUMENT: LazyLock<String> = LazyLock::new(|| description().to_json().unwrap_or_default());

/// The description of the API.
pub(super) fn description() -> OpenApi {
    Document::openapi()
}

/// This document.
#[utoipa::path(
    get, path = "/api/v1/openapi.json", tag = "openapi", security(()),
    responses((status = 200, content_type = "application/json", body = serde_json::Value))
)]
pub(super) async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str())
}
