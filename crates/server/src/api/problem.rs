//! What is answered when it does not work: `application/problem+json` (RFC 9457), with a sentence that says what to do.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Refusal;
use domain::id::RequestId;
use domain::length::BadLength;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::{IntoResponses, ToSchema};

use crate::app::error::causes;
use crate::app::requests::sentence;
use crate::app::{AppError, Caller, Field, Outcome};
use crate::http::Site;
use crate::{body, words};
use domain::id::UserId;

/// The names of all problems with their status.
const NAMES: &[(&str, StatusCode)] = &[
    ("invalid", StatusCode::UNPROCESSABLE_ENTITY),
    ("idempotency-mismatch", StatusCode::UNPROCESSABLE_ENTITY),
    ("not-signed-in", StatusCode::UNAUTHORIZED),
    ("not-allowed", StatusCode::FORBIDDEN),
    ("not-requestable", StatusCode::FORBIDDEN),
    ("not-found", StatusCode::NOT_FOUND),
    ("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED),
    ("duplicate-request", StatusCode::CONFLICT),
    ("stale-digest", StatusCode::CONFLICT),
    ("already-decided", StatusCode::CONFLICT),
    ("busy", StatusCode::CONFLICT),
    ("too-large", StatusCode::PAYLOAD_TOO_LARGE),
    ("unsupported-media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ("internal", StatusCode::INTERNAL_SERVER_ERROR),
];

/// A problem, before it is sent.
#[derive(Debug)]
pub struct Problem {
    name: &'static str,
    detail: String,
    members: Map<String, Value>,
    fault: Option<String>,
}

/// What went wrong on our side, for the log only; rides on the answer to the place that logs.
#[derive(Clone, Debug)]
pub(super) struct Fault(pub(super) String);

impl Problem {
    fn new(name: &'static str, detail: String) -> Self {
        Self { name, detail, members: Map::new(), fault: None }
    }

    fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }

    /// Fields that are not taken.
    #[must_use]
    pub fn invalid(fields: &[Field]) -> Self {
        let errors: Vec<_> = fields.iter().map(|f| json!({ "field": f.field, "message": f.message })).collect();
        let detail = words::tell("problem-invalid", &[("n", &errors.len().to_string())]);
        Self::new("invalid", detail).with("errors", errors)
    }

    /// One field that is not taken.
    #[must_use]
    pub fn field(field: &str, message: String) -> Self {
        Self::invalid(&[Field::new(field, message)])
    }

    /// There is no such thing, or not for this caller.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new("not-found", words::say("problem-not-found"))
    }

    /// The path is there, the method is not.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new("method-not-allowed", words::say("problem-method-not-allowed"))
    }

    /// The body is larger than any that we take.
    #[must_use]
    pub fn too_large() -> Self {
        let most = (crate::http::BODY_BYTES_MAX / 1024).to_string();
        Self::new("too-large", words::tell("problem-too-large", &[("most", &most)]))
    }

    /// The body is not JSON by its content type.
    #[must_use]
    pub fn unsupported_media_type() -> Self {
        Self::new("unsupported-media-type", words::say("problem-unsupported-media-type"))
    }

    /// Our fault; `correlation` finds it in the log.
    #[must_use]
    pub fn internal(correlation: &str) -> Self {
        let detail = words::tell("problem-internal", &[("id", correlation)]);
        Self::new("internal", detail).with("correlation", correlation)
    }

    fn status(&self) -> StatusCode {
        let listed = NAMES.iter().find(|(name, _)| *name == self.name);
        listed.map_or(StatusCode::INTERNAL_SERVER_ERROR, |(_, status)| *status)
    }

    fn title(&self) -> String {
        words::say(&format!("problem-{}-title", self.name))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut body = Map::new();
        body.insert("type".to_owned(), format!("urn:keyfob:problem:{}", self.name).into());
        body.insert("title".to_owned(), self.title().into());
        body.insert("status".to_owned(), status.as_u16().into());
        body.insert("detail".to_owned(), self.detail.into());
        body.extend(self.members);
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (status, kind, Value::Object(body).to_string()).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(fault) = self.fault {
            response.extensions_mut().insert(Fault(fault));
        }
        response
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused { refusal, request } => refused(&refusal, request.as_ref()),
            AppError::Invalid(fields) => Self::invalid(&fields),
            AppError::NotFound => Self::not_found(),
            AppError::Forbidden => Self::new("not-allowed", words::say("problem-not-allowed")),
            AppError::NotSignedIn => Self::new("not-signed-in", words::say("problem-not-signed-in")),
            AppError::ReusedKey => Self::new("idempotency-mismatch", words::say("problem-idempotency-mismatch")),
            AppError::Internal(cause) => Self { fault: Some(causes(cause.as_ref())), ..Self::internal("") },
        }
    }
}

/// What a refusal by the rules is called outside.
fn refused(refusal: &Refusal, request: Option<&RequestId>) -> Problem {
    let name = match refusal {
        Refusal::DuplicateRequest { .. } => "duplicate-request",
        Refusal::StaleDigest | Refusal::Redefined => "stale-digest",
        Refusal::AlreadyDecided { .. } | Refusal::Closed | Refusal::AlreadyEnding => "already-decided",
        Refusal::NotRequestable => "not-requestable",
        Refusal::OwnRequest
        | Refusal::NotAnApprover
        | Refusal::NotAllowed
        | Refusal::NotForOthers
        | Refusal::Inactive => "not-allowed",
        Refusal::Busy | Refusal::Overtaken => "busy",
        other => return Problem::field(field_of(other), sentence(other)),
    };
    let problem = Problem::new(name, sentence(refusal));
    let problem = match request {
        Some(id) => problem.with("request", id.as_str()),
        None => problem,
    };
    match refusal {
        Refusal::DuplicateRequest { request, number } => {
            problem.with("request", request.as_str()).with("number", crate::app::requests::number(*number))
        }
        Refusal::AlreadyDecided { verdict, .. } => problem.with("decision", verdict.name()),
        _ => problem,
    }
}

/// The field that a refusal is about.
fn field_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::CommentRequired => "comment",
        Refusal::JustificationRequired => "justification",
        Refusal::BadLength(BadLength::BadStart) => "starts",
        Refusal::BadLength(_) | Refusal::NothingChanged => "duration",
        Refusal::WindowOver => "until",
        Refusal::SubjectInactive => "for",
        _ => "entitlement",
    }
}

/// The problem behind an answer that came too late, with who was faster and what they said.
pub(super) async fn told(site: &Site, caller: &Caller, error: AppError) -> Problem {
    let AppError::Refused { refusal, request: Some(id) } = &error else { return error.into() };
    let by = match refusal {
        Refusal::AlreadyDecided { by, .. } => Some(by.clone()),
        Refusal::Closed => None,
        _ => return error.into(),
    };
    let seen = site.app.request(caller, id.as_str()).await;
    let problem = Problem::from(error);
    let Ok(seen) = seen else { return problem };
    let what = by.is_none().then(|| seen.approval.clone());
    let who = faster(&seen, by.as_ref());
    let problem = match who.map(json_of) {
        Some(who) => problem.with("decided_by", who),
        None => problem,
    };
    match what {
        Some(what) => problem.with("decision", what),
        None => problem,
    }
}

/// Who answered or closed a request: `by`, or whoever was last.
fn faster<'a>(seen: &'a body::Request, by: Option<&UserId>) -> Option<&'a body::User> {
    let mut decisions = seen.steps.iter().flat_map(|step| &step.decisions);
    if let Some(by) = by {
        return decisions.find(|decision| decision.by.id == by.as_str()).map(|decision| &decision.by);
    }
    let closed = seen.closed.as_ref().and_then(|closed| closed.by.as_ref());
    closed.or_else(|| decisions.next_back().map(|decision| &decision.by))
}

fn json_of(user: &body::User) -> Value {
    json!({ "id": user.id, "email": user.email, "name": user.name })
}

/// As [`told`], for an answer that may have worked.
pub(super) async fn answered<T>(site: &Site, caller: &Caller, outcome: Outcome<T>) -> Result<T, Problem> {
    match outcome {
        Ok(answer) => Ok(answer),
        Err(error) => Err(told(site, caller, error).await),
    }
}

/// A problem as it is sent (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(super) struct Details {
    /// `urn:keyfob:problem:` and the name of the problem.
    r#type: String,
    /// What kind of problem it is.
    title: String,
    /// The status of the answer.
    status: u16,
    /// What happened and what to do.
    detail: String,
    /// The fields that are not taken, with `invalid`.
    errors: Option<Vec<body::Problem>>,
    /// The request that it is about, by id.
    request: Option<String>,
    /// Its number, with `duplicate-request`.
    number: Option<String>,
    /// Who was faster, with `already-decided`.
    decided_by: Option<body::User>,
    /// What they said, with `already-decided`.
    decision: Option<String>,
    /// What to look for in the server's log, with `internal`.
    correlation: Option<String>,
}

/// The problems of any call.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only describes the answers")]
pub(super) enum Problems {
    /// No token, or one that does not count.
    #[response(status = 401, content_type = "application/problem+json")]
    NotSignedIn(Details),
    /// The caller may not do this.
    #[response(status = 403, content_type = "application/problem+json")]
    NotAllowed(Details),
    /// There is no such thing, or not for this caller.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Details),
    /// Something in the call is not taken; `errors` names each field.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Details),
    /// Our fault.
    #[response(status = 500, content_type = "application/problem+json")]
    Internal(Details),
}

/// The further problems of a call that changes something.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only describes the answers")]
pub(super) enum Conflicts {
    /// It does not fit what is there now; the type of the problem says how.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Details),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Details),
    /// The body is not JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(Details),
}

#[cfg(test)]
mod tests;
