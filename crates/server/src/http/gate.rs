//! The gate in front of every route: finds the caller, asks the permission table, runs what changes something to its end.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use domain::permission::{Needs, allows};
use domain::scope;
use futures_util::FutureExt as _;
use tracing::Instrument as _;

use super::site::Site;
use super::watch::Correlation;
use crate::app::{AppError, Caller, Outcome};

/// What was asked for, for those who say no.
#[derive(Clone, Debug)]
pub struct Asked {
    /// How.
    pub method: Method,
    /// What.
    pub uri: Uri,
    /// The id of the call in the logs.
    pub correlation: String,
}

/// A side of the house: how its caller is found and what a refusal looks like.
pub trait Side: Clone + Send + Sync + 'static {
    /// What its paths begin with.
    const OWNS: &'static [&'static str];
    /// Whether whoever gets here is the operator of this installation.
    const OPERATOR: bool = false;

    /// Who calls; `None` = nobody who is signed in.
    fn caller(
        &self,
        site: &Site,
        headers: &HeaderMap,
        asked: &Asked,
    ) -> impl Future<Output = Outcome<Option<Caller>>> + Send;

    /// What is answered to somebody who does not get through, or when something of ours broke.
    fn refuse(&self, site: &Site, asked: &Asked, error: AppError) -> Response;

    /// What is answered when the path is there but not for this method. The `Allow` header is added.
    fn refuse_method(&self, asked: &Asked) -> Response;
}

/// What stands in front of one route.
#[derive(Clone)]
pub(super) struct Gate<S> {
    pub(super) needs: Needs,
    pub(super) name: &'static str,
    pub(super) side: S,
    pub(super) site: Site,
}

/// A task of ours that panicked.
#[derive(Debug, thiserror::Error)]
#[error("panicked: {0}")]
struct Panicked(String);

impl Asked {
    fn of(request: &Request) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            correlation: Correlation::of(request.extensions()),
        }
    }
}

/// Lets the request through, or says no.
pub(super) async fn pass<S: Side>(State(gate): State<Gate<S>>, mut request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    match gate.admit(request.headers(), &asked).await {
        Ok(Some(caller)) => drop(request.extensions_mut().insert(Admitted(caller))),
        Ok(None) => {}
        Err(error) => return gate.side.refuse(&gate.site, &asked, error),
    }
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    let answer = if asked.method.is_safe() {
        answer.await.map_err(|panic| Panicked(message(panic.as_ref())))
    } else {
        // A task of its own: when the connection closes, the use case still comes to its end.
        match gate.site.tasks.spawn(answer.in_current_span()).await {
            Ok(answer) => answer.map_err(|panic| Panicked(message(panic.as_ref()))),
            Err(error) => Err(Panicked(error.to_string())),
        }
    };
    answer.unwrap_or_else(|panicked| gate.side.refuse(&gate.site, &asked, AppError::internal(panicked)))
}

impl<S: Side> Gate<S> {
    async fn admit(&self, headers: &HeaderMap, asked: &Asked) -> Outcome<Option<Caller>> {
        match self.needs {
            Needs::Nothing => Ok(None),
            Needs::Operator if S::OPERATOR => self.side.caller(&self.site, headers, asked).await,
            needs => {
                let caller = self.side.caller(&self.site, headers, asked).await?.ok_or(AppError::NotSignedIn)?;
                let active = caller.user.as_ref().is_some_and(domain::user::User::is_active);
                let open = allows(needs, active, &caller.roles()) && scope::allows(&caller.scopes, self.name);
                if open { Ok(Some(caller)) } else { Err(AppError::Forbidden) }
            }
        }
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

pub(super) async fn refuse_method<S: Side>(side: S, request: Request) -> Response {
    side.refuse_method(&Asked::of(&request))
}

/// The caller whom the gate let through.
#[derive(Clone)]
struct Admitted(Caller);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        // Only a route that is open to everybody has no caller, and such a route must not ask for one.
        parts.extensions.get::<Admitted>().map(|admitted| admitted.0.clone()).ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
