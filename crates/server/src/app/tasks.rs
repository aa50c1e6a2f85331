//! Tasks: find, list, approve, deny, confirm.

use domain::grant;
use domain::id::{GrantId, RequestId, TaskId};
use domain::request::{Command, Given, Request};
use domain::task::{TaskKind, TaskState};
use store::{Tx, Verdict};

use super::caller::Caller;
use super::error::{AppError, Outcome};
use super::record::{self, Basis};
use super::{App, facts, parse, requests, show};
use crate::{body, words};

/// What tasks to list, as it came in.
#[derive(Clone, Debug, Default)]
pub struct TaskQuery {
    /// Only those whose turn it is the caller's.
    pub mine: bool,
    /// Name of a kind.
    pub kind: Option<String>,
    /// Id or number of a request.
    pub request: Option<String>,
    /// Name of a state; absent = open.
    pub state: Option<String>,
    /// Slug or id of an app.
    pub app: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// How many at most.
    pub limit: i64,
}

impl App {
    /// The task with this id.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also for what the caller may not see.
    pub async fn task(&self, caller: &Caller, id: &str) -> Outcome<body::Task> {
        caller.require("GET /api/v1/tasks/{id}")?;
        self.reader
            .read(async |tx| {
                let found = find(tx, caller, id).await?;
                show::task(tx, &found, caller).await?.ok_or(AppError::NotFound)
            })
            .await
    }

    /// Tasks that the caller may see, the oldest first.
    ///
    /// # Errors
    /// When a filter is not well formed.
    pub async fn tasks(&self, caller: &Caller, query: TaskQuery) -> Outcome<body::Page<body::Task>> {
        caller.require("GET /api/v1/tasks")?;
        self.reader.read(async |tx| list(tx, caller, &query).await).await
    }

    /// Says yes.
    ///
    /// # Errors
    /// Why not: stale digest, somebody else was faster, not an approver, …
    pub async fn approve(&self, caller: &Caller, id: &str, answer: body::Answer) -> Outcome<body::Request> {
        let comment = parse::optional("comment", answer.comment.as_deref())?;
        let (id, by) = (id.to_owned(), caller.clone());
        self.act("task.approve", caller, async move |tx| {
            let (task, request) = answered(tx, &by, &id).await?;
            let (comment, texts) = record::seal("comment", comment)?;
            let command = Command::Approve { task, digest: answer.digest, comment };
            requests::decide_on(tx, &by, request, "approve", command, texts).await
        })
        .await
    }

    /// Says no: to the request, or to setting it up.
    ///
    /// # Errors
    /// Why not.
    pub async fn deny(&self, caller: &Caller, id: &str, answer: body::Answer) -> Outcome<body::Request> {
        let comment = parse::optional("comment", answer.comment.as_deref())?;
        let (id, by) = (id.to_owned(), caller.clone());
        self.act("task.deny", caller, async move |tx| {
            let (task, request) = answered(tx, &by, &id).await?;
            let (comment, texts) = record::seal("comment", comment)?;
            let command = Command::Deny { task, digest: answer.digest, comment, checked: answer.checked == Some(true) };
            requests::decide_on(tx, &by, request, "deny", command, texts).await
        })
        .await
    }

    /// Confirms that access was set up, or taken away, by hand.
    ///
    /// # Errors
    /// Why not.
    pub async fn confirm(&self, caller: &Caller, id: &str, confirm: body::Confirm) -> Outcome<body::Request> {
        let comment = parse::optional("comment", confirm.comment.as_deref())?;
        let given = confirm.given.map(given).transpose()?;
        let (id, by) = (id.to_owned(), caller.clone());
        self.act("task.confirm", caller, async move |tx| {
            let found = find(tx, &by, &id).await?;
            if let Some(held) = &found.grant {
                return removed(tx, &by, &found.task.request, held, (comment, given)).await;
            }
            let (task, request) = answered(tx, &by, &id).await?;
            let (comment, texts) = record::seal("comment", comment)?;
            let command = Command::Confirm { task, comment, given };
            requests::decide_on(tx, &by, request, "confirm", command, texts).await
        })
        .await
    }
}

/// What was given, each part checked.
fn given(given: body::Given) -> Outcome<Given> {
    let part = |field: &str, value: Option<String>| parse::optional(&format!("given.{field}"), value.as_deref());
    Ok(Given {
        license: part("license", given.license)?,
        role: part("role", given.role)?,
        group: part("group", given.group)?,
        level: part("level", given.level)?,
    })
}

/// The task, if the caller may see what it is about.
async fn find(tx: &mut Tx, caller: &Caller, id: &str) -> Outcome<store::task::Found> {
    let id = TaskId::parse(id).map_err(|_| AppError::NotFound)?;
    let found = store::task::find(tx, &id).await?.ok_or(AppError::NotFound)?;
    requests::find(tx, caller, found.task.request.as_str()).await?;
    Ok(found)
}

/// The task that is answered, with its request.
async fn answered(tx: &mut Tx, caller: &Caller, id: &str) -> Outcome<(TaskId, Request)> {
    let found = find(tx, caller, id).await?;
    let request = store::request::find(tx, &found.task.request).await?.ok_or(AppError::NotFound)?;
    Ok((found.task.id, request))
}

/// Confirms that a grant was taken away by hand.
async fn removed(
    tx: &mut Tx,
    caller: &Caller,
    request: &RequestId,
    held: &GrantId,
    said: (Option<String>, Option<Given>),
) -> Outcome<Verdict<Request, AppError>> {
    let about = store::request::find(tx, request).await?.ok_or(AppError::NotFound)?;
    let held = store::grant::find(tx, held).await?.ok_or(AppError::NotFound)?;
    let entitlement = store::entitlement::find(tx, &held.entitlement).await?.ok_or(AppError::NotFound)?;
    let thing = facts::thing(tx, entitlement).await?;
    let actor = caller.actor();
    let facts = facts::of_grant(tx, &held, &thing, actor.user()).await?;
    let (comment, texts) = record::seal("comment", said.0)?;
    match grant::decide(&held, &facts, &actor, grant::Command::Confirm { comment, given: said.1 }) {
        Ok(events) => {
            record::grant(tx, caller, held, &events, Basis::new(&facts, texts)?).await?;
            let after = store::request::find(tx, request).await?.ok_or(AppError::NotFound)?;
            Ok(Verdict::Done(after))
        }
        Err(refusal) => {
            record::refusal(tx, caller, &about, "confirm", &refusal).await?;
            Ok(Verdict::Refused(AppError::Refused { refusal, request: Some(about.id) }))
        }
    }
}

async fn list(tx: &mut Tx, caller: &Caller, query: &TaskQuery) -> Outcome<body::Page<body::Task>> {
    let me = caller.id()?.clone();
    let kind = query.kind.as_deref().map(|kind| parse::choice("kind", kind, TaskKind::parse)).transpose()?;
    let state = match query.state.as_deref() {
        None => Some(TaskState::Open),
        Some("all") => None,
        Some(state) => Some(parse::choice("state", state, TaskState::parse)?),
    };
    let request = match &query.request {
        Some(id) => match requests::find(tx, caller, id).await {
            Ok(found) => Some(found.id),
            Err(AppError::NotFound) => return Ok(body::Page { items: Vec::new(), next: None }),
            Err(other) => return Err(other),
        },
        None => None,
    };
    let app = match &query.app {
        Some(app) => super::directory::find_app(tx, app).await?.map(|app| app.id),
        None => None,
    };
    let (at, id) = match &query.cursor {
        Some(cursor) => cursor
            .split_once('.')
            .and_then(|(at, id)| Some((at.parse().ok()?, id)))
            .ok_or_else(|| AppError::field("cursor", words::say("invalid-cursor")))?,
        None => (-1, ""),
    };
    let found = store::task::list(
        tx,
        store::task::Query {
            assignee: query.mine.then_some(&me),
            viewer: (!caller.sees_everything() && !query.mine).then_some(&me),
            kind,
            request: request.as_ref(),
            state,
            app: app.as_ref(),
            after: (at, id),
            limit: query.limit + 1,
        },
    )
    .await?;
    let page = usize::try_from(query.limit).unwrap_or(0);
    let last = found.get(page).and_then(|_| found.get(page.checked_sub(1)?));
    let next = last.map(|last| format!("{}.{}", last.task.created_at.micros(), last.task.id));
    let mut items = Vec::with_capacity(page);
    for found in found.iter().take(page) {
        let task = show::task(tx, found, caller).await?;
        // Whoever has already said yes on a step that waits for others has nothing more to do.
        let answers = |task: &body::Task| task.actions.iter().any(|action| action == "approve" || action == "confirm");
        items.extend(task.filter(|task| !query.mine || task.state != "open" || answers(task)));
    }
    Ok(body::Page { items, next })
}
