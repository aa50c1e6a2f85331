//! Filing, and what would happen.

use axum::Json;
use axum::extract::State;
use axum::response::Response;

use super::created;
use super::extract::{Body, Key};
use super::problem::{Conflicts, Problem, Problems, answered};
use crate::app::Caller;
use crate::body;
use crate::http::Site;

/// What would happen, and who would be asked. Changes nothing.
#[utoipa::path(
    post, path = "/api/v1/preview", tag = "requests", request_body = body::NewSubmission,
    responses((status = 200, body = body::Preview), Problems, Conflicts)
)]
pub(super) async fn preview(
    State(site): State<Site>,
    caller: Caller,
    asked: Body<body::NewSubmission>,
) -> Result<Json<body::Preview>, Problem> {
    Ok(Json(site.app.preview(&caller, asked.value).await?))
}

/// Files one request per item, all or none.
#[utoipa::path(
    post, path = "/api/v1/submissions", tag = "requests", request_body = body::NewSubmission,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key with the same body gives the first answer again, for two days")),
    responses((status = 201, body = body::Submission, headers(("Location" = String))), Problems, Conflicts)
)]
pub(super) async fn file(
    State(site): State<Site>,
    caller: Caller,
    key: Key,
    asked: Body<body::NewSubmission>,
) -> Result<Response, Problem> {
    let key = key.with(&asked.bytes);
    let outcome = site.app.submit(&caller, asked.value, key).await;
    let submission = answered(&site, &caller, outcome).await?;
    let first = submission.requests.first().map(|request| request.id.clone()).unwrap_or_default();
    Ok(created(&format!("requests/{first}"), submission))
}
