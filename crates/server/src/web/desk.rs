//! What every page handler begins with: the use cases, the caller, and what surrounds the page.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::failure::Failure;
use super::shell::{Counts, Visit};
use super::{render, views};
use crate::app::{App, AppError, Caller, Outcome};
use crate::http::Site;

/// What a page handler answers.
pub(super) type Answer = Result<Response, Failure>;

/// Where a page handler works.
pub(super) struct Desk {
    pub(super) app: App,
    pub(super) caller: Caller,
    pub(super) visit: Visit,
}

impl FromRequestParts<Site> for Desk {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Failure> {
        let caller = Caller::from_request_parts(parts, site).await.map_err(|_| nobody())?;
        let visit = visit(site, &caller, &parts.uri).await;
        let visit = visit.map_err(|error| Failure::new(None, &error, &caller.correlation))?;
        Ok(Self { app: site.app.clone(), caller, visit })
    }
}

fn nobody() -> Failure {
    Failure::new(None, &AppError::NotSignedIn, "")
}

/// What surrounds the page at `uri`.
pub(super) async fn visit(site: &Site, caller: &Caller, uri: &Uri) -> Outcome<Visit> {
    let waiting = site.app.waiting(caller).await?;
    Ok(Visit {
        me: site.app.me(caller).await?,
        now: super::times::parse(&waiting.now.to_string()).unwrap_or_default(),
        path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        counts: Counts {
            requests: waiting.requests,
            tasks: waiting.tasks,
            tickets: caller.sees_everything().then_some(waiting.tickets),
            apps: waiting.apps,
        },
        demo: site.settings.demo,
        flash: None,
    })
}

impl Desk {
    /// The failure page for an error.
    pub(super) fn fail(&self, error: &AppError) -> Failure {
        Failure::new(Some(&self.visit), error, &self.caller.correlation)
    }

    /// The answer of a use case, or its failure page.
    pub(super) fn ok<T>(&self, outcome: Outcome<T>) -> Result<T, Failure> {
        outcome.map_err(|error| self.fail(&error))
    }

    /// A page.
    pub(super) fn page(&self, page: &impl Template) -> Answer {
        self.html(StatusCode::OK, render(page))
    }

    /// A page whose form was not taken.
    pub(super) fn again(&self, page: &impl Template) -> Answer {
        self.html(StatusCode::UNPROCESSABLE_ENTITY, render(page))
    }

    /// A page with a status.
    pub(super) fn html(&self, status: StatusCode, page: askama::Result<String>) -> Answer {
        match page {
            Ok(page) => Ok((status, Html(page)).into_response()),
            Err(error) => Err(self.fail(&AppError::internal(error))),
        }
    }
}

/// On to another page of ours after something changed.
pub(super) fn on_to(path: &str) -> Answer {
    Ok(Redirect::to(views::sign_in::local_path(path)).into_response())
}

/// The fields of a form or a query, in their order.
pub(super) type Pairs = Vec<(String, String)>;

/// As the views read them.
pub(super) fn plain(pairs: &Pairs) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}
