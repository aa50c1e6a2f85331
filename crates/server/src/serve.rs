//! Runs the server: opens the installation, listens, works, and stops in order.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use connect::sim::Sim;
use domain::time::Span;
use metrics_exporter_prometheus::PrometheusBuilder;
use store::Database;
use tokio::net::{TcpListener, UnixListener};
use tokio_util::sync::CancellationToken;

use crate::app::sessions::SessionLimits;
use crate::app::{App, Caller};
use crate::config::Config;
use crate::http::{self, Settings, Site};
use crate::open::{self, Place};
use crate::worker::{Connectors, Worker};
use crate::{api, demo, web};

/// How the real server starts.
#[derive(Clone, Copy, Debug)]
pub enum Mode {
    /// Bring the schema up to date first, or refuse an older one.
    Real {
        /// Whether to migrate.
        migrate: bool,
    },
}

/// How long connections may take to end once the server was told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Runs the real server until it is told to stop.
///
/// # Errors
/// One sentence: folder in use, port busy, database not reachable, …
pub async fn run(place: Place, mut config: Config, mode: Mode) -> anyhow::Result<()> {
    open::log(&config.log)?;
    let Mode::Real { migrate } = mode;
    let listener = listen(&mut config).await?;
    let database =
        if migrate { open::created(&place, &config, None).await? } else { open::existing(&place, &config).await? };
    let app = App::new(database.writer(), database.reader());
    if let Some(secret) = app.create_set_up_link(&Caller::system("set-up")).await? {
        announce(&format!("Set Keyfob up at {}", sign_in_url(&public_url(&config), &secret)));
    }
    let site = Site::new(app.clone(), Settings { public_url: public_url(&config), demo: false });
    let pages = web::routes(&site);
    serve(Installation { place, config, database, app, site, listener }, pages).await
}

/// Runs the demo until it is told to stop.
///
/// # Errors
/// As [`run`].
pub async fn demo(
    mut config: Config,
    data: Option<PathBuf>,
    url: Option<String>,
    port: Option<u16>,
) -> anyhow::Result<()> {
    open::log(&config.log)?;
    config.server.port = port.unwrap_or(config.server.port);
    // One-click sign-in is for this machine only.
    config.server.bind = std::net::Ipv4Addr::LOCALHOST.into();
    config.server.public_url = None;
    let listener = listen(&mut config).await?;
    let forgotten =
        if data.is_none() { Some(tempfile::tempdir().context("no temporary folder can be made")?) } else { None };
    let folder = data.or_else(|| forgotten.as_ref().map(|folder| folder.path().to_owned())).unwrap_or_default();
    let place = Place::of(&folder, url.as_deref(), &config);
    let clock = Arc::new(demo::Clock::default());
    let database = open::created(&place, &config, Some(clock.clone())).await?;
    // Whoever moves the clock by a week stays signed in.
    let long = Span::from_days(100 * 365);
    let app =
        App::new(database.writer(), database.reader()).with_session_limits(SessionLimits { idle: long, longest: long });
    clock.resume(app.now().await?);
    demo::seed_past(&app, &clock).await.map_err(|error| anyhow::anyhow!("{}", crate::app::error::causes(&error)))?;
    let site = Site::new(app.clone(), Settings { public_url: public_url(&config), demo: true });
    let advance: web::Advance = Arc::new(move |span| clock.advance(span));
    let pages = web::with_demo(web::routes(&site), advance);
    serve(Installation { place, config, database, app, site, listener }, pages).await
}

/// Everything that runs.
struct Installation {
    place: Place,
    config: Config,
    database: Database,
    app: App,
    site: Site,
    listener: TcpListener,
}

async fn serve(mut here: Installation, pages: http::Routes<web::Pages>) -> anyhow::Result<()> {
    here.site.metrics = Some(PrometheusBuilder::new().install_recorder().context("numbers cannot be collected")?);
    let sim = Sim::open(&here.place.data.join("sim.target"), here.config.sim.clone())?;
    let connectors = Connectors { sim: Arc::new(sim) };
    let stop = here.site.ending.clone();
    let router = router(&here.site, pages)?;
    let operator = http::finish(api::operator_router(&here.site)?);
    let socket = bind_socket(&here.place)?;
    let worker = Worker::start(&here.app, &connectors, here.config.worker.limits(), &stop);
    announce(&format!("Keyfob is at {}", public_url(&here.config)));
    let told = tokio::select! {
        served = axum::serve(here.listener, router).with_graceful_shutdown(stopping(stop.clone())) => served.context("the server stopped"),
        served = operate(socket, operator) => served,
        () = drained(stop.clone()) => Ok(()),
    };
    stop.cancel();
    worker.stopped().await;
    here.site.tasks.close();
    here.site.tasks.wait().await;
    if here.place.url.is_none() {
        // A socket that is left behind is harmless, but misleads whoever looks.
        let _gone = std::fs::remove_file(here.place.socket());
    }
    drop((here.app, here.site));
    here.database.close().await;
    told
}

/// All sides of the house under one address.
fn router(site: &Site, pages: http::Routes<web::Pages>) -> anyhow::Result<Router> {
    let machines = http::health(site).finish()?.merge(api::router(site)?);
    Ok(http::finish(machines.merge(web::router(site, pages)?)))
}

/// Listens, on a port of the system's choice when it is 0; from then on the configuration names that one.
async fn listen(config: &mut Config) -> anyhow::Result<TcpListener> {
    let address = SocketAddr::new(config.server.bind, config.server.port);
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| anyhow::anyhow!("cannot listen on {address}: {error}; choose another with --port"))?;
    config.server.port = listener.local_addr().context("the address that was given cannot be read")?.port();
    Ok(listener)
}

/// The operator's socket, for the user that runs the server alone.
fn bind_socket(place: &Place) -> anyhow::Result<Option<UnixListener>> {
    if place.url.is_some() {
        return Ok(None);
    }
    let path = place.socket();
    // We own the folder, so a socket in it was left behind by a process that is gone.
    if path.exists() {
        std::fs::remove_file(&path).with_context(|| format!("{} cannot be replaced", path.display()))?;
    }
    let socket = UnixListener::bind(&path).with_context(|| format!("cannot listen on {}", path.display()))?;
    private(&path)?;
    Ok(Some(socket))
}

fn private(path: &Path) -> anyhow::Result<()> {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
        .with_context(|| format!("{} cannot be made private", path.display()))
}

async fn operate(socket: Option<UnixListener>, router: Router) -> anyhow::Result<()> {
    match socket {
        Some(socket) => axum::serve(socket, router).await.context("the operator's socket stopped"),
        None => std::future::pending().await,
    }
}

/// Waits for the first sign to stop and tells everybody.
async fn stopping(stop: CancellationToken) {
    let interrupted = tokio::signal::ctrl_c();
    let mut terminated = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminated) => terminated,
        Err(error) => {
            tracing::error!(%error, "signals cannot be heard");
            return;
        }
    };
    tokio::select! {
        _ = interrupted => {}
        _ = terminated.recv() => {}
        () = stop.cancelled() => {}
    }
    tracing::info!("stopping: no new work, open work ends");
    stop.cancel();
}

/// Connections that will not end are cut off in the end.
#[expect(clippy::disallowed_methods, reason = "a limit on waiting, not a wait for something")]
async fn drained(stop: CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(DRAIN).await;
}

/// Where people reach it, without a slash at the end.
#[must_use]
pub fn public_url(config: &Config) -> String {
    match &config.server.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://localhost:{}", config.server.port),
    }
}

/// The address of a one-time link.
#[must_use]
pub fn sign_in_url(public_url: &str, secret: &str) -> String {
    format!("{public_url}/sign-in/{secret}")
}

#[expect(clippy::print_stdout, reason = "the first lines are for the person who started it")]
fn announce(line: &str) {
    println!("{line}");
}
