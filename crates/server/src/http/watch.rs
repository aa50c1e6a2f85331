//! Gives every request an id that ties together answer, logs and the audit log, and counts it.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{Extensions, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of one call: `cor_…`.
#[derive(Clone, Debug)]
pub struct Correlation(pub String);

impl Correlation {
    /// The id of the call with these extensions.
    pub(super) fn of(extensions: &Extensions) -> String {
        extensions.get::<Self>().map(|id| id.0.clone()).unwrap_or_default()
    }
}

/// Gives a request its id. What a client sends as one is not taken: it would end up in the audit log.
pub(super) async fn watch(mut request: Request, next: Next) -> Response {
    let id = store::fresh("cor");
    // The path as it is registered: the one that came in may hold a secret, as that of a sign-in link does.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let method = known(request.method());
    let span = tracing::info_span!("request", correlation = %id, %method, %route);
    request.extensions_mut().insert(Correlation(id.clone()));
    let begun = begin();
    let mut response = next.run(request).instrument(span.clone()).await;
    let (took, status) = (begun.elapsed_seconds(), response.status().as_u16());
    span.in_scope(|| tracing::debug!(status, seconds = took, "answered"));
    metrics::counter!("keyfob_http_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("keyfob_http_seconds", "method" => method, "route" => route).record(took);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The name of a method. One that nobody knows could be any text, and each would be a series of its own.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}

/// When something began, to say how long it took.
struct Begun(Instant);

#[expect(clippy::disallowed_methods, reason = "measures how long an answer took")]
fn begin() -> Begun {
    Begun(Instant::now())
}

impl Begun {
    #[expect(clippy::disallowed_methods, reason = "measures how long an answer took")]
    fn elapsed_seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
