//! Live pages: `GET /events` tells which parts of a page changed; the page fetches them again.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream, StreamExt as _};
use tokio::sync::broadcast::error::RecvError;

use crate::app::Caller;
use crate::http::Site;

/// A silent connection is given a sign of life this often.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

/// `GET /events`
pub(super) async fn events(
    State(site): State<Site>,
    caller: Caller,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let me = caller.user.map(|user| format!("user:{}", user.id)).unwrap_or_default();
    let topics = site.app.topics();
    let ending = site.ending.clone();
    let changes = stream::unfold((topics, me), async |(mut topics, me)| {
        let told = match topics.recv().await {
            Ok(topic) => parts(&topic, &me),
            // Whoever fell behind looks at everything again.
            Err(RecvError::Lagged(_)) => ALL.map(str::to_owned).into(),
            Err(RecvError::Closed) => return None,
        };
        Some((stream::iter(told), (topics, me)))
    });
    let refreshes = changes.flatten().map(|part| Ok(Event::default().event("refresh").data(part)));
    Sse::new(refreshes.take_until(ending.cancelled_owned())).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE))
}

/// The parts of pages that are not about one request.
const ALL: [&str; 4] = ["requests", "access", "tasks", "tickets"];

/// The parts of pages that a topic concerns for the person who listens.
fn parts(topic: &str, me: &str) -> Vec<String> {
    if topic == me {
        return vec!["requests".to_owned(), "access".to_owned()];
    }
    match topic {
        // Every change of a task is one of the tickets, too.
        "tasks" => vec!["tasks".to_owned(), "tickets".to_owned()],
        _ if topic.starts_with("user:") => Vec::new(),
        _ => vec![topic.to_owned()],
    }
}
