//! Registering routes: by the names of the permission table, or not at all (I54).

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{self, MethodFilter};
use domain::permission::{self, Needs};

use super::gate::{Gate, Side, pass, refuse_method};
use super::site::Site;

/// A mistake in the list of routes.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RouteError {
    /// It is in no row of the table.
    #[error("the route {0} is not in the permission table: add a row that says who may use it")]
    Unlisted(&'static str),
    /// It is not a method and a path.
    #[error("the route {0} is not written as METHOD /path")]
    Malformed(&'static str),
    /// An operator's route outside the operator's socket, or another one in it; an API route among the pages.
    #[error("the route {0} belongs to another side of the house")]
    Misplaced(&'static str),
}

/// The routes of one side of the house.
pub struct Routes<S> {
    side: S,
    site: Site,
    router: Router<Site>,
    names: Vec<&'static str>,
    wrong: Option<RouteError>,
}

impl<S: Side> Routes<S> {
    /// None yet.
    #[must_use]
    pub fn new(site: &Site, side: S) -> Self {
        Self { side, site: site.clone(), router: Router::new(), names: Vec::new(), wrong: None }
    }

    /// Answers `name`, a row of the permission table such as `POST /api/v1/submissions`, for those whom the row lets in.
    #[must_use]
    pub fn on<H, T>(mut self, name: &'static str, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        match self.row(name) {
            Ok((method, path, needs)) => {
                let gate = Gate { needs, name, side: self.side.clone(), site: self.site.clone() };
                let guarded = routing::on(method, handler).route_layer(from_fn_with_state(gate, pass::<S>));
                self.router = self.router.route(path, guarded);
                self.names.push(name);
            }
            Err(wrong) => self.wrong = self.wrong.or(Some(wrong)),
        }
        self
    }

    fn row(&self, name: &'static str) -> Result<(MethodFilter, &'static str, Needs), RouteError> {
        let (method, path) = name.split_once(' ').ok_or(RouteError::Malformed(name))?;
        let method = match method {
            "GET" => MethodFilter::GET,
            "POST" => MethodFilter::POST,
            "PATCH" => MethodFilter::PATCH,
            "PUT" => MethodFilter::PUT,
            "DELETE" => MethodFilter::DELETE,
            _ => return Err(RouteError::Malformed(name)),
        };
        let needs = permission::needs(name).ok_or(RouteError::Unlisted(name))?;
        if S::OWNS.iter().any(|prefix| path.starts_with(prefix)) && (needs == Needs::Operator) == S::OPERATOR {
            Ok((method, path, needs))
        } else {
            Err(RouteError::Misplaced(name))
        }
    }

    /// The names that were registered.
    #[must_use]
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// The router.
    ///
    /// # Errors
    /// The first route that may not be registered.
    pub fn finish(self) -> Result<Router, RouteError> {
        if let Some(wrong) = self.wrong {
            return Err(wrong);
        }
        let side = self.side;
        let refuse = move |request: Request| refuse_method(side, request);
        Ok(self.router.method_not_allowed_fallback(refuse).with_state(self.site))
    }
}
