//! From what went wrong to a page that says so.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::Refusal;

use super::render;
use super::shell::Visit;
use super::views::error::{BareErrorPage, ErrorPage, Fault};
use crate::app::{AppError, error, requests};
use crate::body;

/// A failure with the visit it happened in.
pub(super) struct Failure {
    visit: Option<Box<Visit>>,
    fault: Fault,
}

impl Failure {
    pub(super) fn new(visit: Option<&Visit>, error: &AppError, correlation: &str) -> Self {
        Self { visit: visit.cloned().map(Box::new), fault: fault(error, correlation) }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        page_of(self.visit.as_deref(), &self.fault)
    }
}

/// What a page says about an error. The cause of our own faults is logged here, once.
pub(super) fn fault(error: &AppError, correlation: &str) -> Fault {
    let status = match error {
        AppError::NotFound => 404,
        AppError::NotSignedIn => 401,
        AppError::Forbidden => 403,
        AppError::Invalid(_) | AppError::ReusedKey => 422,
        AppError::Refused { refusal, .. } => refused(refusal),
        AppError::Internal(_) => 500,
    };
    let detail = match error {
        AppError::Refused { refusal, .. } => requests::sentence(refusal),
        AppError::Invalid(fields) => fields.iter().map(|field| field.message.clone()).collect::<Vec<_>>().join(" "),
        _ => String::new(),
    };
    if status == 500 {
        tracing::error!(cause = %error::causes(error), correlation, "a page failed");
    }
    let reference = if status == 500 { correlation.to_owned() } else { String::new() };
    Fault { status, detail, reference, retry_seconds: 0 }
}

fn refused(refusal: &Refusal) -> u16 {
    match refusal {
        Refusal::OwnRequest
        | Refusal::NotAnApprover
        | Refusal::NotAllowed
        | Refusal::NotForOthers
        | Refusal::NotRequestable
        | Refusal::Inactive => 403,
        Refusal::Closed
        | Refusal::AlreadyDecided { .. }
        | Refusal::StaleDigest
        | Refusal::Redefined
        | Refusal::DuplicateRequest { .. }
        | Refusal::Busy
        | Refusal::Overtaken
        | Refusal::AlreadyEnding => 409,
        _ => 422,
    }
}

/// The page, with navigation for those who are signed in; without it the answer carries the fault, see
/// [`super::door::guard`].
pub(super) fn page_of(visit: Option<&Visit>, fault: &Fault) -> Response {
    let page = match visit {
        Some(visit) => render(&ErrorPage::new(visit, fault)),
        None => render(&BareErrorPage::new(fault)),
    };
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Html(page.unwrap_or_default())).into_response();
    if visit.is_none() {
        response.extensions_mut().insert(fault.clone());
    }
    response
}

/// What a form shows beside its fields; anything else is passed on.
pub(super) fn problems(error: AppError) -> Result<Vec<body::Problem>, AppError> {
    match error {
        AppError::Invalid(fields) => {
            Ok(fields.into_iter().map(|field| body::Problem { field: field.field, message: field.message }).collect())
        }
        AppError::Refused { refusal, request } => match field_of(&refusal) {
            Some(field) => Ok(vec![body::Problem { field: field.to_owned(), message: requests::sentence(&refusal) }]),
            None => Err(AppError::Refused { refusal, request }),
        },
        other => Err(other),
    }
}

/// The field that a refusal is about, when changing it helps.
fn field_of(refusal: &Refusal) -> Option<&'static str> {
    Some(match refusal {
        Refusal::CommentRequired => "comment",
        Refusal::JustificationRequired => "justification",
        Refusal::BadLength(_) => "duration",
        Refusal::NothingChanged | Refusal::NotRequestable | Refusal::OtherApp => "entitlement",
        Refusal::DuplicateRequest { .. } => "entitlement",
        Refusal::NotForOthers | Refusal::SubjectInactive => "for",
        _ => return None,
    })
}
