//! Every refusal has a name, a status and a sentence.

use axum::response::IntoResponse as _;
use domain::Refusal;
use domain::id::{RequestId, UserId};
use domain::length::BadLength;
use domain::request::Verdict;
use domain::time::Span;

use super::{NAMES, Problem};
use crate::app::requests::sentence;
use crate::app::{AppError, Field};
use crate::words;

fn every_refusal() -> Vec<Refusal> {
    let (day, request) = (Span::from_days(1), RequestId::from_bits(1));
    let lengths = [
        BadLength::TooLong(day),
        BadLength::NotUnlimited(day),
        BadLength::NotPreset,
        BadLength::EndsTooSoon,
        BadLength::BadStart,
    ];
    let mut refusals = vec![
        Refusal::Closed,
        Refusal::AlreadyDecided { by: UserId::from_bits(1), verdict: Verdict::Denied },
        Refusal::StaleDigest,
        Refusal::Redefined,
        Refusal::OwnRequest,
        Refusal::NotAnApprover,
        Refusal::NotAllowed,
        Refusal::Inactive,
        Refusal::CommentRequired,
        Refusal::JustificationRequired,
        Refusal::NotRequestable,
        Refusal::NotForOthers,
        Refusal::SubjectInactive,
        Refusal::DuplicateRequest { request, number: 1042 },
        Refusal::NoPolicy,
        Refusal::Busy,
        Refusal::NothingChanged,
        Refusal::OtherApp,
        Refusal::WindowOver,
        Refusal::Overtaken,
        Refusal::AlreadyEnding,
    ];
    refusals.extend(lengths.map(Refusal::BadLength));
    refusals
}

/// Whether a text was looked up, is a sentence and has no blank left.
#[track_caller]
fn is_said(text: &str) {
    assert!(text.ends_with('.') && text.contains(' ') && !text.contains('{'), "{text:?}");
}

#[test]
fn every_problem_has_a_title() {
    for (name, status) in NAMES {
        let title = words::say(&format!("problem-{name}-title"));
        assert!(!title.starts_with("problem-"), "{name}");
        assert!(status.is_client_error() || status.is_server_error());
    }
}

#[test]
fn every_refusal_has_a_sentence_and_a_problem() {
    for refusal in every_refusal() {
        is_said(&sentence(&refusal));
        let problem = Problem::from(AppError::from(refusal.clone()));
        is_said(&problem.detail);
        let status = problem.status();
        assert!(status.is_client_error(), "{refusal:?} is nobody's fault but the caller's");
        assert_eq!(problem.into_response().status(), status);
    }
}

#[test]
fn every_other_error_has_a_problem() {
    let field = Field::new("x", words::say("invalid-empty"));
    for (error, status) in [
        (AppError::Invalid(vec![field.clone()]), 422),
        (AppError::Invalid(vec![field.clone(), field]), 422),
        (AppError::ReusedKey, 422),
        (AppError::NotFound, 404),
        (AppError::Forbidden, 403),
        (AppError::NotSignedIn, 401),
        (AppError::internal(std::fmt::Error), 500),
    ] {
        let problem = Problem::from(error);
        is_said(&problem.detail.replace(": .", "."));
        assert_eq!(problem.status().as_u16(), status);
    }
}
