//! What handlers are given.

use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::App;

/// What handlers are given. Cheap to clone.
#[derive(Clone)]
pub struct Site {
    /// The use cases.
    pub app: App,
    /// What everybody may know of this installation.
    pub settings: Arc<Settings>,
    /// Calls that change something run here, so that neither a closed connection nor shutdown cuts them in half.
    pub tasks: TaskTracker,
    /// Ends when the server is told to stop; live streams end with it.
    pub ending: CancellationToken,
    /// The numbers for `/metrics`; `None` = they are not collected.
    pub metrics: Option<PrometheusHandle>,
}

/// What everybody may know of this installation.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Where people reach it, without a slash at the end: `https://access.example.com`.
    pub public_url: String,
    /// Whether this is the demo, with its own clock and one-click sign-in.
    pub demo: bool,
}

impl Site {
    /// A site whose numbers nobody asks for.
    #[must_use]
    pub fn new(app: App, settings: Settings) -> Self {
        Self {
            app,
            settings: Arc::new(settings),
            tasks: TaskTracker::new(),
            ending: CancellationToken::new(),
            metrics: None,
        }
    }
}
