//! What the operator asks over the socket in the data folder: tokens, sign-in links, doctor, audit.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use store::doctor::Diagnosis;

use super::extract::Body;
use super::problem::Problem;
use crate::app::{AppError, Caller, Outcome};
use crate::http::{Asked, Routes, Side, Site};
use crate::operator::{LinkAsk, Secret, TokenAsk, Verified};

/// The routes of the operator.
pub(super) fn routes(site: &Site) -> Routes<Socket> {
    Routes::new(site, Socket)
        .on("POST /operator/tokens", create_token)
        .on("POST /operator/sign-in-links", create_link)
        .on("GET /operator/doctor", doctor)
        .on("GET /operator/audit", audit)
}

/// Whoever can open the socket: the same user of this machine.
#[derive(Clone, Copy, Debug)]
pub struct Socket;

impl Side for Socket {
    const OWNS: &'static [&'static str] = &["/operator/"];
    const OPERATOR: bool = true;

    async fn caller(&self, _: &Site, _: &HeaderMap, asked: &Asked) -> Outcome<Option<Caller>> {
        Ok(Some(Caller::system(&asked.correlation)))
    }

    fn refuse(&self, _: &Site, _: &Asked, error: AppError) -> Response {
        Problem::from(error).into_response()
    }

    fn refuse_method(&self, _: &Asked) -> Response {
        Problem::method_not_allowed().into_response()
    }
}

async fn create_token(State(site): State<Site>, caller: Caller, ask: Body<TokenAsk>) -> Result<Json<Secret>, Problem> {
    let TokenAsk { user, scopes } = ask.value;
    let secret = site.app.create_token(&caller, &user, scopes).await?;
    Ok(Json(Secret { secret, public_url: None }))
}

async fn create_link(State(site): State<Site>, caller: Caller, ask: Body<LinkAsk>) -> Result<Json<Secret>, Problem> {
    let secret = site.app.create_sign_in_link(&caller, &ask.value.user).await?;
    Ok(Json(Secret { secret, public_url: Some(site.settings.public_url.clone()) }))
}

async fn doctor(State(site): State<Site>) -> Result<Json<Diagnosis>, Problem> {
    Ok(Json(site.app.doctor().await?))
}

async fn audit(State(site): State<Site>) -> Result<Json<Verified>, Problem> {
    Ok(Json(site.app.verify_log().await?.into()))
}
