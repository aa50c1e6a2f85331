//! What is due by the clock: access that ends, requests that start or expire. Takes no input; running it twice is harmless.

use futures_util::StreamExt;
use futures_util::future::ready;
use futures_util::stream;
use tokio_util::sync::CancellationToken;

use super::{Limits, wait};
use crate::app::error::causes;
use crate::app::work::Due;
use crate::app::{App, Outcome};

/// Old sessions and kept answers are removed this often, counted in looks.
const FORGET_EVERY: u64 = 3_600;

/// Runs until it is told to stop.
pub(super) async fn run(app: App, limits: Limits, stop: CancellationToken) {
    let mut nudges = app.nudges();
    let mut looks = 0_u64;
    while !stop.is_cancelled() {
        nudges.mark_unchanged();
        let found = look(&app, limits, &stop).await;
        metrics::counter!("keyfob_heartbeats_total", "loop" => "due").increment(1);
        looks = looks.wrapping_add(1);
        if looks.is_multiple_of(FORGET_EVERY)
            && let Err(error) = app.forget().await
        {
            tracing::error!(error = causes(&error), "what is over could not be forgotten");
        }
        if !found && !wait(&mut nudges, limits.poll, &stop).await {
            return;
        }
    }
}

/// Ends and starts what is due. `true` = something changed, so there may be more.
pub(super) async fn look(app: &App, limits: Limits, stop: &CancellationToken) -> bool {
    let due = match app.due().await {
        Ok(due) => due,
        Err(error) => {
            tracing::error!(error = causes(&error), "what is due could not be read");
            return false;
        }
    };
    if stop.is_cancelled() {
        return false;
    }
    // What cannot be settled now is tried again at the next look, not at once.
    settle(app, due, limits.in_flight_max).await > 0
}

/// Settles everything; gives how many changed.
async fn settle(app: &App, due: Due, at_once: usize) -> usize {
    let grants = stream::iter(due.grants)
        .map(async |id| told("a grant could not be ended", app.expire_grant(&id, &store::fresh("run")).await));
    let ended = grants.buffer_unordered(at_once.max(1)).filter(|changed| ready(*changed)).count().await;
    let requests = stream::iter(due.requests).map(async |id| {
        told("a request could not be started or ended", app.wake_request(&id, &store::fresh("run")).await)
    });
    ended + requests.buffer_unordered(at_once.max(1)).filter(|changed| ready(*changed)).count().await
}

/// Whether something changed; a failure is logged here.
fn told(what: &'static str, done: Outcome<bool>) -> bool {
    done.inspect_err(|error| tracing::error!(error = causes(error), "{what}")).unwrap_or(false)
}
