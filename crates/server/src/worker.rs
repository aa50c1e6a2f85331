//! The worker: does what the world must be told and ends what is due. The only place that calls the outside.

mod call;
mod due;
mod lane;

use std::sync::Arc;
use std::time::Duration;

use connect::contract::Connector;
use domain::job::Lane;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// The connectors of this installation.
#[derive(Clone)]
pub struct Connectors {
    /// The simulated target.
    pub sim: Arc<dyn Connector>,
}

/// How much the worker does at once, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Operations of one lane in flight.
    pub in_flight_max: usize,
    /// One call to a target.
    pub call: Duration,
    /// Without a nudge it looks again after this.
    pub poll: Duration,
}

/// A worker that runs until it is told to stop.
pub struct Worker {
    tasks: Vec<JoinHandle<()>>,
}

impl Worker {
    /// Starts one loop for each lane and one for what is due by the clock.
    #[must_use]
    pub fn start(app: &App, connectors: &Connectors, limits: Limits, stop: &CancellationToken) -> Self {
        let mut tasks = Vec::new();
        for lane in Lane::ALL {
            let run = lane::run(app.clone(), connectors.clone(), lane, limits, stop.clone());
            tasks.push(spawn(run));
        }
        tasks.push(spawn(due::run(app.clone(), limits, stop.clone())));
        Self { tasks }
    }

    /// Waits until every loop has let its work finish.
    pub async fn stopped(self) {
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a loop of the worker ended badly");
            }
        }
    }
}

/// Does once what the loops do again and again: ends and starts what is due, then one round of every lane.
/// `true` = something was done, so there may be more.
pub async fn turn(app: &App, connectors: &Connectors, limits: Limits) -> bool {
    let mut busy = due::look(app, limits, &CancellationToken::new()).await;
    for lane in Lane::ALL {
        busy |= lane::round(app, connectors, lane, limits).await;
    }
    busy
}

#[expect(clippy::disallowed_methods, reason = "the worker's loops are tasks of their own")]
fn spawn(run: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
    tokio::spawn(run)
}

/// Waits until there may be work. `false` = it is time to stop.
#[expect(clippy::disallowed_methods, reason = "the worker is the home of waiting")]
async fn wait(nudges: &mut tokio::sync::watch::Receiver<u64>, poll: Duration, stop: &CancellationToken) -> bool {
    tokio::select! {
        () = stop.cancelled() => false,
        changed = nudges.changed() => changed.is_ok(),
        () = tokio::time::sleep(poll) => true,
    }
}
