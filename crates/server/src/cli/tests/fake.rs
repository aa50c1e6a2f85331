//! A fake of the API: its routes, its queries and its bodies as they are published, and a little state.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Path, Query, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinSet};

use super::given;
use crate::body::{Answer, Confirm, NewSubmission, Reason};

/// The one token that the fake takes.
pub(super) const TOKEN: &str = "kf_right";

/// What the fake shall do and what it saw.
#[derive(Default)]
pub(super) struct Behaviour {
    /// Each call with its query or body.
    pub(super) seen: Vec<String>,
    /// The idempotency keys of submissions with their bodies.
    pub(super) submitted: BTreeMap<String, String>,
    /// How many answers to submissions are cut short.
    pub(super) answers_to_cut: u32,
    /// A problem that every change answers.
    pub(super) problem: Option<(u16, Value)>,
    /// Whether answers to tasks need a comment.
    pub(super) comment_needed: bool,
    /// What `/tasks` lists instead of the usual.
    pub(super) tasks: Option<Vec<Value>>,
}

type Shared = Arc<Mutex<Behaviour>>;

/// A running fake; it ends when it is dropped.
pub(super) struct Fake {
    pub(super) url: String,
    behaviour: Shared,
    _server: JoinSet<()>,
}

impl Fake {
    pub(super) async fn start() -> Self {
        // As `main` does; another test may have been quicker.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let behaviour = Shared::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let routes = routes(&behaviour);
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { url, behaviour, _server: server }
    }

    pub(super) fn set(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.behaviour.lock().unwrap());
    }

    /// The calls so far.
    pub(super) fn seen(&self) -> Vec<String> {
        self.behaviour.lock().unwrap().seen.clone()
    }

    pub(super) fn submitted(&self) -> BTreeMap<String, String> {
        self.behaviour.lock().unwrap().submitted.clone()
    }
}

fn routes(behaviour: &Shared) -> Router {
    let api = Router::new()
        .route("/me", get(async || Json(given::me())))
        .route("/catalog/entitlements", get(search))
        .route("/preview", post(preview))
        .route("/submissions", post(submit))
        .route("/requests", get(list_requests))
        .route("/requests/{id}", get(show_request))
        .route("/tasks", get(list_tasks))
        .route("/tasks/{id}", get(show_task))
        .route("/tasks/{id}/approve", post(approve))
        .route("/tasks/{id}/deny", post(deny))
        .route("/tasks/{id}/confirm", post(confirm))
        .route("/grants", get(list_grants))
        .route("/grants/{id}/revoke", post(revoke))
        .fallback(async || problem(404, json!({"detail": "no such thing, or not for you"})))
        .layer(from_fn_with_state(Arc::clone(behaviour), at_the_door))
        .with_state(Arc::clone(behaviour));
    Router::new().nest("/api/v1", api)
}

/// Asks for the token, notes the call, and answers changes with the problem that was ordered.
async fn at_the_door(State(behaviour): State<Shared>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    if header(header::AUTHORIZATION) != Some(format!("Bearer {TOKEN}")) {
        return problem(401, json!({"detail": "this token is not known"}));
    }
    assert!(header(header::USER_AGENT).is_some_and(|agent| agent.starts_with("keyfob-cli/")));
    let is_change = parts.method != "GET";
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let ordered = {
        let mut behaviour = behaviour.lock().unwrap();
        let text = String::from_utf8_lossy(&body);
        behaviour.seen.push(format!("{} {} {text}", parts.method, parts.uri).trim_end().to_owned());
        behaviour.problem.clone().filter(|_| is_change)
    };
    match ordered {
        Some((status, body)) => problem(status, body),
        None => next.run(Request::from_parts(parts, Body::from(body))).await,
    }
}

fn problem(status: u16, mut body: Value) -> Response {
    let members = body.as_object_mut().unwrap();
    members.entry("status").or_insert(json!(status));
    members.entry("title").or_insert(json!("No"));
    let kind = [(header::CONTENT_TYPE, "application/problem+json"), (header::RETRY_AFTER, "7")];
    let status = StatusCode::from_u16(status).unwrap();
    let kind = if status == StatusCode::TOO_MANY_REQUESTS { &kind[..] } else { &kind[..1] };
    let mut answer = (status, body.to_string()).into_response();
    for (name, value) in kind {
        answer.headers_mut().insert(name, value.parse().unwrap());
    }
    answer
}

/// The body as published: JSON by its media type, and no unknown field.
fn published<T: DeserializeOwned>(headers: &HeaderMap, body: &Bytes) -> Result<T, Box<Response>> {
    assert_eq!(headers.get(header::CONTENT_TYPE).unwrap(), "application/json");
    serde_json::from_slice(body).map_err(|error| Box::new(problem(422, json!({"detail": error.to_string()}))))
}

fn page(items: Vec<Value>, next: Option<&str>) -> Json<Value> {
    Json(json!({"items": items, "next": next}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    query: Option<String>,
    #[serde(rename = "app")]
    _app: Option<String>,
    #[serde(rename = "state")]
    _state: Option<String>,
    cursor: Option<String>,
    #[serde(rename = "limit")]
    _limit: u16,
}

async fn search(Query(asked): Query<Search>) -> Json<Value> {
    match (asked.query.as_deref(), asked.cursor) {
        (Some("nothing"), _) => page(vec![], None),
        (_, Some(_)) => page(vec![given::entitlement("slack", "guest")], None),
        _ => page(given::catalog(), Some("c2")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Requests {
    subject: String,
    #[serde(rename = "cursor")]
    _cursor: Option<String>,
    #[serde(rename = "limit")]
    _limit: u16,
}

async fn list_requests(Query(asked): Query<Requests>) -> Json<Value> {
    assert_eq!(asked.subject, "me");
    page(vec![given::request(), given::granted(), given::revoking()], None)
}

async fn show_request(Path(id): Path<String>) -> Response {
    match id.as_str() {
        "KF-1042" | "req_1042" => Json(given::request()).into_response(),
        "KF-1041" => Json(given::granted()).into_response(),
        "KF-1043" => Json(given::failed()).into_response(),
        "KF-1050" => Json(given::revoking()).into_response(),
        _ => problem(404, json!({"detail": format!("no request {id}, or not for you")})),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tasks {
    assignee: String,
    #[serde(rename = "kind")]
    _kind: Option<String>,
    request: Option<String>,
    state: String,
    #[serde(rename = "cursor")]
    _cursor: Option<String>,
    #[serde(rename = "limit")]
    _limit: Option<u16>,
}

async fn list_tasks(State(behaviour): State<Shared>, Query(asked): Query<Tasks>) -> Json<Value> {
    assert_eq!((asked.assignee.as_str(), asked.state.as_str()), ("me", "open"));
    let ordered = behaviour.lock().unwrap().tasks.clone();
    let all = ordered.unwrap_or_else(|| vec![given::approval_task(), given::provisioning_task()]);
    let about = |task: &Value| match &asked.request {
        Some(request) => task["request"]["number"] == request.as_str() || task["request"]["id"] == request.as_str(),
        None => true,
    };
    page(all.into_iter().filter(about).collect(), None)
}

async fn show_task(Path(id): Path<String>) -> Response {
    match id.as_str() {
        "tsk_approve" => Json(given::approval_task()).into_response(),
        "tsk_provision" => Json(given::provisioning_task()).into_response(),
        _ => problem(404, json!({"detail": "no such task, or not for you"})),
    }
}

async fn approve(behaviour: State<Shared>, id: Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    answer(behaviour, id, &headers, &body, "tsk_approve")
}

async fn deny(behaviour: State<Shared>, id: Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let task = if id.0 == "tsk_provision" { "tsk_provision" } else { "tsk_approve" };
    answer(behaviour, id, &headers, &body, task)
}

fn answer(behaviour: State<Shared>, id: Path<String>, headers: &HeaderMap, body: &Bytes, task: &str) -> Response {
    let answer: Answer = match published(headers, body) {
        Ok(answer) => answer,
        Err(refusal) => return *refusal,
    };
    assert_eq!(id.0, task);
    if answer.digest != given::DIGEST {
        let detail = "the request changed since it was shown; look at it again";
        return problem(
            409,
            json!({"type": "urn:keyfob:problem:stale-digest", "detail": detail, "request": given::request()}),
        );
    }
    if behaviour.lock().unwrap().comment_needed && answer.comment.is_none_or(|comment| comment.is_empty()) {
        let errors = json!([{"field": "comment", "message": "say why"}]);
        return problem(422, json!({"detail": "this step needs a comment", "errors": errors}));
    }
    Json(given::granted()).into_response()
}

async fn confirm(Path(id): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    assert_eq!(id, "tsk_provision");
    match published::<Confirm>(&headers, &body) {
        Ok(_) => Json(given::granted()).into_response(),
        Err(refusal) => *refusal,
    }
}

async fn preview(headers: HeaderMap, body: Bytes) -> Response {
    let submission: NewSubmission = match published(&headers, &body) {
        Ok(submission) => submission,
        Err(refusal) => return *refusal,
    };
    let items = submission.items.iter().map(|item| match item.entitlement.split_once('/') {
        Some((app @ ("github" | "slack"), slug)) => {
            let problems = if submission.justification.is_empty() {
                json!([{"field": "justification", "message": "say why it is needed"}])
            } else {
                json!([])
            };
            json!({"entitlement": given::entitlement(app, slug), "steps": given::coming_steps(), "problems": problems})
        }
        _ => json!({
            "entitlement": null, "steps": [],
            "problems": [{"field": "items[0].entitlement", "message": "no such entitlement, or not for you"}],
        }),
    });
    Json(json!({"items": items.collect::<Vec<_>>()})).into_response()
}

async fn submit(State(behaviour): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(refusal) = published::<NewSubmission>(&headers, &body) {
        return *refusal;
    }
    let key = headers.get("idempotency-key").expect("a key").to_str().unwrap().to_owned();
    let text = String::from_utf8(body.to_vec()).unwrap();
    let mut behaviour = behaviour.lock().unwrap();
    let first = behaviour.submitted.entry(key).or_insert_with(|| text.clone());
    assert_eq!(*first, text, "the same key goes with the same body");
    let answer = json!({"id": "sub_1", "requests": [given::request()]}).to_string();
    if behaviour.answers_to_cut > 0 {
        behaviour.answers_to_cut -= 1;
        let cut = futures_util::stream::iter([Ok(answer[..20].to_owned()), Err(std::io::Error::other("cut"))]);
        return (StatusCode::CREATED, Body::from_stream(cut)).into_response();
    }
    (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/json")], answer).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Grants {
    user: String,
    #[serde(rename = "app")]
    _app: Option<String>,
    entitlement: Option<String>,
    state: String,
    #[serde(rename = "cursor")]
    _cursor: Option<String>,
    #[serde(rename = "limit")]
    _limit: u16,
}

async fn list_grants(Query(asked): Query<Grants>) -> Json<Value> {
    assert_eq!(asked.state, "active");
    let grants = if matches!(asked.user.as_str(), "me" | "ann@example.com") {
        vec![given::grant("grt_1"), given::unlimited_grant("grt_2")]
    } else {
        vec![]
    };
    let fits = |grant: &Value| match &asked.entitlement {
        Some(key) => {
            format!(
                "{}/{}",
                grant["entitlement"]["app"]["slug"].as_str().unwrap(),
                grant["entitlement"]["slug"].as_str().unwrap()
            ) == *key
        }
        None => true,
    };
    page(grants.into_iter().filter(fits).collect(), None)
}

async fn revoke(Path(id): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    assert!(id.starts_with("grt_"));
    match published::<Reason>(&headers, &body) {
        Ok(_) => Json(given::revoking()).into_response(),
        Err(refusal) => *refusal,
    }
}
