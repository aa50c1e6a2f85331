//! Signing in and out: `/login`, `/sign-in/{token}`, `/logout`; one click each in the demo.

use axum::Form;
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::desk::{Pairs, plain};
use super::door::{is_loopback, secret, signed_in, signed_out};
use super::failure::{Failure, problems};
use super::render;
use super::views::field::Draft;
use super::views::sign_in::{ConfirmPage, DemoPage, SetUpPage, SignInPage, local_path};
use crate::app::sessions::FirstAdmin;
use crate::app::{AppError, Caller};
use crate::demo;
use crate::http::{Correlation, Site};

type Answer = Result<Response, Failure>;

#[derive(Deserialize)]
pub(super) struct LoginQuery {
    #[serde(default)]
    next: String,
    #[serde(default)]
    q: String,
}

fn failed(error: &AppError, correlation: &Correlation) -> Failure {
    Failure::new(None, error, &correlation.0)
}

fn html(status: StatusCode, page: &impl askama::Template, correlation: &Correlation) -> Answer {
    match render(page) {
        Ok(page) => Ok((status, Html(page)).into_response()),
        Err(error) => Err(failed(&AppError::internal(error), correlation)),
    }
}

/// `GET /login`
pub(super) async fn login(
    State(site): State<Site>,
    Extension(correlation): Extension<Correlation>,
    headers: HeaderMap,
    Query(query): Query<LoginQuery>,
) -> Answer {
    if !site.settings.demo || !is_loopback(&headers) {
        return html(StatusCode::OK, &SignInPage::new(&query.next), &correlation);
    }
    let people = demo::people(&site.app).await.map_err(|error| failed(&error, &correlation))?;
    html(StatusCode::OK, &DemoPage::new(&people, &query.q, &query.next), &correlation)
}

#[derive(Deserialize)]
pub(super) struct DemoForm {
    user: String,
    #[serde(default)]
    next: String,
}

/// `POST /login/demo`: only in the demo, only on this machine.
pub(super) async fn login_demo(
    State(site): State<Site>,
    Extension(correlation): Extension<Correlation>,
    headers: HeaderMap,
    Form(form): Form<DemoForm>,
) -> Answer {
    if !site.settings.demo || !is_loopback(&headers) {
        return Err(failed(&AppError::NotFound, &correlation));
    }
    let secret = site.app.sign_in(&form.user, "demo", &correlation.0).await;
    let secret = secret.map_err(|error| failed(&error, &correlation))?;
    Ok((signed_in(secret), Redirect::to(local_path(&form.next))).into_response())
}

/// `GET /sign-in/{token}`: asks first, because mail scanners open every link (I57).
pub(super) async fn ask_to_use_link(
    State(site): State<Site>,
    Extension(correlation): Extension<Correlation>,
    Path(token): Path<String>,
) -> Answer {
    let action = format!("/sign-in/{token}");
    match site.app.link(&token).await {
        Ok(link) if link.user.is_some() => html(StatusCode::OK, &ConfirmPage::new(&action), &correlation),
        Ok(_) => html(StatusCode::OK, &SetUpPage::new(&action, &Draft::default()), &correlation),
        Err(AppError::NotFound) => html(StatusCode::NOT_FOUND, &SignInPage::after_bad_link(), &correlation),
        Err(error) => Err(failed(&error, &correlation)),
    }
}

/// `POST /sign-in/{token}`
pub(super) async fn use_link(
    State(site): State<Site>,
    Extension(correlation): Extension<Correlation>,
    Path(token): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let draft = Draft::from_pairs(plain(&pairs));
    match site.app.use_link(&token, first_admin(&draft), &correlation.0).await {
        Ok(secret) => Ok((signed_in(secret), Redirect::to("/")).into_response()),
        Err(AppError::NotFound) => html(StatusCode::NOT_FOUND, &SignInPage::after_bad_link(), &correlation),
        Err(error) => {
            let found = problems(error).map_err(|error| failed(&error, &correlation))?;
            let page = SetUpPage::new(&format!("/sign-in/{token}"), &draft.refused(found));
            html(StatusCode::UNPROCESSABLE_ENTITY, &page, &correlation)
        }
    }
}

/// What the set-up page asked for; the organisation is called after the admin's mail domain until somebody renames it.
fn first_admin(draft: &Draft) -> Option<FirstAdmin> {
    let email = draft.typed("email")?.to_owned();
    let domain = email.split_once('@').map_or("Keyfob", |(_, domain)| domain).to_owned();
    Some(FirstAdmin { organisation: domain, name: draft.typed("name").unwrap_or_default().to_owned(), email })
}

/// `POST /logout`
pub(super) async fn logout(State(site): State<Site>, caller: Caller, headers: HeaderMap) -> Answer {
    if let Some(secret) = secret(&headers) {
        let ended = site.app.sign_out(&caller, &secret).await;
        ended.map_err(|error| Failure::new(None, &error, &caller.correlation))?;
    }
    Ok((signed_out(), Redirect::to("/login")).into_response())
}
