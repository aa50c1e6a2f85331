//! Tasks: `/tasks`, `/tasks/{id}…`

use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::Refusal;
use serde::Deserialize;

use super::desk::{Answer, Desk, Pairs, on_to, plain};
use super::failure::problems;
use super::render;
use super::views::field::Draft;
use super::views::task::answer::{self, Deny, Overtaken};
use super::views::task::{List, page};
use crate::app::tasks::TaskQuery;
use crate::app::{AppError, Outcome};
use crate::body;

/// How many tiles one page shows.
const SHOWN_MAX: i64 = 50;

#[derive(Deserialize)]
pub(super) struct ListQuery {
    kind: Option<String>,
    cursor: Option<String>,
}

/// `GET /tasks`
pub(super) async fn list(desk: Desk, Query(query): Query<ListQuery>) -> Answer {
    let kind = query.kind.filter(|kind| !kind.is_empty());
    let wanted =
        TaskQuery { mine: true, kind: kind.clone(), cursor: query.cursor, limit: SHOWN_MAX, ..TaskQuery::default() };
    let tasks = desk.ok(desk.app.tasks(&desk.caller, wanted).await)?;
    desk.page(&List::new(&desk.visit, &tasks, kind.as_deref()))
}

/// `GET /tasks/{id}`; a request number leads to the visitor's open task on it.
pub(super) async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    if id.starts_with("KF-") {
        let request = desk.ok(desk.app.request(&desk.caller, &id).await)?;
        return on_to(&match request.task {
            Some(task) => format!("/tasks/{task}"),
            None => format!("/requests/{}", request.number),
        });
    }
    let task = desk.ok(desk.app.task(&desk.caller, &id).await)?;
    desk.html(StatusCode::OK, page::page(&desk.visit, &task, &Draft::default()))
}

/// `GET /tasks/{id}/deny`
pub(super) async fn ask_to_deny(desk: Desk, Path(id): Path<String>) -> Answer {
    let task = desk.ok(desk.app.task(&desk.caller, &id).await)?;
    desk.page(&Deny::new(&desk.visit, &task, &Draft::default()))
}

/// `POST /tasks/{id}/approve`
pub(super) async fn approve(desk: Desk, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let draft = Draft::from_pairs(plain(&pairs));
    let answered = desk.app.approve(&desk.caller, &id, answer::answer(&draft)).await;
    settled(&desk, &id, draft, answered, Sent::Task).await
}

/// `POST /tasks/{id}/deny`
pub(super) async fn deny(desk: Desk, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let draft = Draft::from_pairs(plain(&pairs));
    let answered = desk.app.deny(&desk.caller, &id, answer::answer(&draft)).await;
    settled(&desk, &id, draft, answered, Sent::Deny).await
}

/// `POST /tasks/{id}/confirm`
pub(super) async fn confirm(desk: Desk, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let draft = Draft::from_pairs(plain(&pairs));
    let answered = desk.app.confirm(&desk.caller, &id, answer::confirm(&draft)).await;
    settled(&desk, &id, draft, answered, Sent::Task).await
}

/// Which page holds the form that was sent.
enum Sent {
    Task,
    Deny,
}

/// On to the request; or why not, on the page that suits.
async fn settled(desk: &Desk, id: &str, draft: Draft, answered: Outcome<body::Request>, form: Sent) -> Answer {
    let error = match answered {
        Ok(request) => return on_to(&format!("/requests/{}", request.number)),
        Err(error) => error,
    };
    if let AppError::Refused { refusal, request: Some(request) } = &error
        && let Some(page) = overtaken(desk, refusal, request.as_str()).await
    {
        return desk.html(StatusCode::CONFLICT, render(&page));
    }
    let found = problems(error).map_err(|error| desk.fail(&error))?;
    let task = desk.ok(desk.app.task(&desk.caller, id).await)?;
    let draft = draft.refused(found);
    match form {
        Sent::Deny => desk.again(&Deny::new(&desk.visit, &task, &draft)),
        Sent::Task => desk.html(StatusCode::UNPROCESSABLE_ENTITY, page::page(&desk.visit, &task, &draft)),
    }
}

/// The kind page for those who come too late (I8).
async fn overtaken(desk: &Desk, refusal: &Refusal, request: &str) -> Option<Overtaken> {
    let request = desk.app.request(&desk.caller, request).await.ok()?;
    let number = request.number.as_str();
    Some(match refusal {
        Refusal::AlreadyDecided { by, verdict } => {
            let by = desk.app.known_user(by).await.ok();
            Overtaken::decided(&desk.visit, number, by.as_ref(), verdict.name())
        }
        Refusal::Closed => Overtaken::decided(&desk.visit, number, None, &request.approval),
        Refusal::StaleDigest | Refusal::Redefined => Overtaken::changed(&desk.visit, number, request.task.as_deref()),
        _ => return None,
    })
}
