//! For machines that watch this one: is it alive, is it ready, what are its numbers.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::gate::{Asked, Side};
use super::routes::Routes;
use super::site::Site;
use crate::app::{AppError, Caller, Outcome};

/// Open to everybody on the network, and says nothing about anybody.
#[derive(Clone, Copy, Debug)]
pub struct Open;

/// The routes of those who watch.
#[must_use]
pub fn routes(site: &Site) -> Routes<Open> {
    Routes::new(site, Open).on("GET /healthz", alive).on("GET /readyz", ready).on("GET /metrics", numbers)
}

async fn alive() -> &'static str {
    "alive\n"
}

async fn ready(State(site): State<Site>) -> Response {
    if site.ending.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    match site.app.organisation_name().await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(cause = %crate::app::error::causes(&error), "the database cannot be read");
            (StatusCode::SERVICE_UNAVAILABLE, "the database cannot be read\n").into_response()
        }
    }
}

async fn numbers(State(site): State<Site>) -> Response {
    match &site.metrics {
        Some(metrics) => {
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render()).into_response()
        }
        None => (StatusCode::NOT_FOUND, "numbers are not collected here\n").into_response(),
    }
}

impl Side for Open {
    const OWNS: &'static [&'static str] = &["/healthz", "/readyz", "/metrics"];

    async fn caller(&self, _: &Site, _: &HeaderMap, _: &Asked) -> Outcome<Option<Caller>> {
        Ok(None)
    }

    fn refuse(&self, _: &Site, asked: &Asked, error: AppError) -> Response {
        tracing::error!(cause = %crate::app::error::causes(&error), correlation = %asked.correlation, "a call failed");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }

    fn refuse_method(&self, _: &Asked) -> Response {
        StatusCode::METHOD_NOT_ALLOWED.into_response()
    }
}
