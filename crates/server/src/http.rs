//! What pages and API share: every route goes through the one permission table, gets an id for the logs and has limits.
//!
//! A side of the house (the API, the pages, the operator's socket) says how its caller is found and what a refusal looks
//! like; [`Routes`] does the rest.

mod gate;
mod health;
mod routes;
mod site;
mod watch;

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use tower_http::timeout::RequestBodyTimeoutLayer;

pub use gate::{Asked, Side};
pub use health::routes as health;
pub use routes::{RouteError, Routes};
pub use site::{Settings, Site};
pub use watch::Correlation;

/// The largest body that is read, in bytes (T35).
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// How long a client may pause within a body.
const BODY_PAUSE_MAX: Duration = Duration::from_secs(30);

/// What holds for every request, whatever side it is for: limits, an id, a line in the log, a count.
///
/// Fallbacks have to be in `router` already.
pub fn finish(router: Router) -> Router {
    router
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE_MAX))
        .layer(from_fn(watch::watch))
}
