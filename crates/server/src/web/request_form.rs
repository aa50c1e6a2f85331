//! The request form: `/request`, and `/admin/requests/new` for somebody else.

use axum::Form;
use axum::extract::Query;

use super::browse::offers;
use super::desk::{Answer, Desk, Pairs, on_to, plain};
use super::failure::{Failure, problems};
use super::views::request_form::RequestPage;
use super::views::request_form::form::{People, RequestForm, Setting};
use super::views::request_form::input::Input;
use crate::app::AppError;
use crate::app::submissions::IdempotencyKey;
use crate::body;
use crate::words::say;

/// How many people the picker suggests.
const PEOPLE_MAX: i64 = 500;

/// `GET /request`
pub(super) async fn show(desk: Desk, Query(pairs): Query<Pairs>) -> Answer {
    shown(desk, &pairs, false).await
}

/// `GET /admin/requests/new`
pub(super) async fn show_for_somebody(desk: Desk, Query(pairs): Query<Pairs>) -> Answer {
    shown(desk, &pairs, true).await
}

/// `POST /request`
pub(super) async fn file(desk: Desk, Form(pairs): Form<Pairs>) -> Answer {
    filed(desk, &pairs, false).await
}

/// `POST /admin/requests/new`
pub(super) async fn file_for_somebody(desk: Desk, Form(pairs): Form<Pairs>) -> Answer {
    filed(desk, &pairs, true).await
}

async fn shown(desk: Desk, pairs: &Pairs, for_somebody: bool) -> Answer {
    let (form, found) = form(&desk, pairs, for_somebody).await?;
    let preview = preview(&desk, &form).await;
    desk.page(&RequestPage::new(&desk.visit, &form, preview.as_ref(), &found))
}

async fn filed(desk: Desk, pairs: &Pairs, for_somebody: bool) -> Answer {
    let (mut form, mut found) = form(&desk, pairs, for_somebody).await?;
    if form.is_submitted() && found.is_empty() {
        match form.submission() {
            Ok(asked) => match file_once(&desk, &form, asked).await {
                Ok(submission) => return on_to(&landing(&submission)),
                // The form was filed and then sent again with something else in it: it is a new one.
                Err(AppError::ReusedKey) => {
                    form.input.submission_key.clone_from(&form.setting.fresh_key);
                    found = vec![body::Problem { field: String::new(), message: say("request-problem-filed-before") }];
                }
                Err(error) => found = problems(error).map_err(|error| desk.fail(&error))?,
            },
            Err(unreadable) => found = unreadable,
        }
        return desk.again(&RequestPage::new(&desk.visit, &form, preview(&desk, &form).await.as_ref(), &found));
    }
    let preview = preview(&desk, &form).await;
    desk.page(&RequestPage::new(&desk.visit, &form, preview.as_ref(), &found))
}

/// One request leads to its page, several to the list.
fn landing(submission: &body::Submission) -> String {
    match submission.requests.as_slice() {
        [request] => format!("/requests/{}", request.number),
        _ => "/?section=requests".to_owned(),
    }
}

/// Pressing twice files once: the form carries its own key.
async fn file_once(desk: &Desk, form: &RequestForm, asked: body::NewSubmission) -> Result<body::Submission, AppError> {
    let key = format!("form-{}", form.input.submission_key);
    let hashed = serde_json::to_value(&asked).map_err(AppError::internal)?;
    let body_hash = domain::canonical::hash(&hashed);
    desk.app.submit(&desk.caller, asked, Some(IdempotencyKey { key, body_hash })).await
}

/// The form with what it may offer, and what is wrong with the person it names.
async fn form(desk: &Desk, pairs: &Pairs, for_somebody: bool) -> Result<(RequestForm, Vec<body::Problem>), Failure> {
    let input = Input::from_pairs(plain(pairs));
    let mut found = Vec::new();
    let subject = match &input.person {
        Some(who) => match desk.app.subject(&desk.caller, who).await {
            Ok(user) => Some(user),
            Err(error) => {
                found = problems(error).map_err(|error| desk.fail(&error))?;
                None
            }
        },
        None => None,
    };
    let offers = if for_somebody && subject.is_none() {
        Vec::new()
    } else {
        let id = subject.as_ref().map(|user| user.id.as_str());
        desk.ok(offers(&desk.app, &desk.caller, id, None).await)?
    };
    let people = people(desk, for_somebody).await?;
    let fresh_key = store::fresh("form");
    let setting = Setting { offers, subject, people, for_somebody, fresh_key };
    Ok((RequestForm::new(setting, input), found))
}

/// Whom the visitor may choose (S3-12).
async fn people(desk: &Desk, for_somebody: bool) -> Result<People, Failure> {
    let allowed = desk.ok(desk.app.for_whom(&desk.caller).await)?;
    if allowed.anyone && for_somebody {
        return Ok(People::Anybody(desk.ok(desk.app.people(&desk.caller, "", PEOPLE_MAX).await)?));
    }
    if allowed.anyone {
        return Ok(People::Anybody(allowed.reports));
    }
    Ok(if allowed.reports.is_empty() { People::Nobody } else { People::Reports(allowed.reports) })
}

/// Who would be asked. The reason is not looked at: it is still being typed.
async fn preview(desk: &Desk, form: &RequestForm) -> Option<body::Preview> {
    let asked = form.preview()?;
    let mut preview = desk.app.preview(&desk.caller, asked).await.ok()?;
    for item in &mut preview.items {
        item.problems.retain(|problem| problem.field != "justification");
    }
    Some(preview)
}
