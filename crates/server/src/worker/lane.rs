//! One lane: claim, call, report.

use domain::job::Lane;
use domain::time::Span;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{Connectors, Limits, call, wait};
use crate::app::App;
use crate::app::error::causes;
use crate::app::work::Order;

/// A lease lasts for two calls (apply and read back) and then some.
fn lease(limits: Limits) -> Span {
    let calls = limits.call.as_secs().saturating_mul(3).saturating_add(10);
    Span::from_seconds(i64::try_from(calls).unwrap_or(i64::MAX / 2))
}

/// Runs a lane until it is told to stop; then lets what is in flight finish.
pub(super) async fn run(app: App, connectors: Connectors, lane: Lane, limits: Limits, stop: CancellationToken) {
    let mut nudges = app.nudges();
    let mut flying: JoinSet<()> = JoinSet::new();
    while !stop.is_cancelled() {
        nudges.mark_unchanged();
        while flying.try_join_next().is_some() {}
        let free = limits.in_flight_max.saturating_sub(flying.len());
        let orders = if free == 0 { Vec::new() } else { claim(&app, lane, limits, free).await };
        let claimed = orders.len();
        for order in orders {
            flying.spawn(work(app.clone(), connectors.clone(), order, limits));
        }
        if claimed > 0 && claimed == free {
            // As many as fit: look again as soon as one is done.
            flying.join_next().await;
        } else if free == 0 {
            flying.join_next().await;
        } else if !wait(&mut nudges, limits.poll, &stop).await {
            break;
        }
    }
    while flying.join_next().await.is_some() {}
}

/// Claims what fits and sees it through. `false` = nothing was due.
pub(super) async fn round(app: &App, connectors: &Connectors, lane: Lane, limits: Limits) -> bool {
    let orders = claim(app, lane, limits, limits.in_flight_max).await;
    let claimed = orders.len();
    for order in orders {
        work(app.clone(), connectors.clone(), order, limits).await;
    }
    claimed > 0
}

async fn claim(app: &App, lane: Lane, limits: Limits, free: usize) -> Vec<Order> {
    let limit = i64::try_from(free).unwrap_or(1);
    match app.claim(lane, lease(limits), limit, &store::fresh("run")).await {
        Ok(orders) => orders,
        Err(error) => {
            tracing::error!(lane = lane.name(), error = causes(&error), "jobs could not be claimed");
            Vec::new()
        }
    }
}

async fn work(app: App, connectors: Connectors, order: Order, limits: Limits) {
    let correlation = store::fresh("run");
    let operation = order.job.operation.id.clone();
    let tried = call::make(&connectors, &order, limits.call).await;
    metrics::counter!("keyfob_operations_total", "lane" => order.job.operation.lane().name()).increment(1);
    if let Err(error) = app.report(&order, tried, dice(), &correlation).await {
        // The lease runs out and somebody tries again; operations are repeatable by their class.
        tracing::error!(%operation, error = causes(&error), "the outcome of an operation could not be recorded");
    }
}

/// Anything in 0..=999, for jitter.
fn dice() -> u32 {
    let mut bytes = [0_u8; 4];
    // Without random bytes every retry waits its longest, which is safe.
    if getrandom::fill(&mut bytes).is_err() {
        return 999;
    }
    u32::from_le_bytes(bytes) % 1_000
}
