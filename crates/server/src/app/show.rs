//! From state to the bodies that every door renders: one reading of a request, a task, a grant, an entitlement.

use std::collections::BTreeMap;

use domain::app::{App, Principal};
use domain::entitlement::Entitlement;
use domain::grant::{self, Grant, GrantState};
use domain::id::{RequestId, TaskId, UserId};
use domain::length::{Length, Stay};
use domain::policy::{Quorum, Scope, Standby};
use domain::request::{self, Facts, Fulfilment, Request, StepState, Verdict};
use domain::time::{Span, Time};
use domain::user::{User, key};
use store::log::{Filter, Start};
use store::{StoreError, Tx};

use super::caller::Caller;
use super::facts::{self, Thing};
use crate::{body, words};

/// How many people a body names; the rest is a number.
const PEOPLE_MAX: i64 = 20;

/// A user as others see him.
pub(super) fn user(user: &User) -> body::User {
    body::User { id: user.id.to_string(), email: user.email.clone(), name: user.name.clone() }
}

/// The user with this id.
pub(super) async fn user_by_id(tx: &mut Tx, id: &UserId) -> Result<body::User, StoreError> {
    let found = store::user::find(tx, id).await?.ok_or(StoreError::Corrupt { what: "a user" })?;
    Ok(user(&found))
}

/// The short number that people see.
pub(super) fn number(number: i64) -> String {
    format!("KF-{number}")
}

fn span(stay: Stay) -> Option<String> {
    stay.span().map(|span| span.to_string())
}

/// An entitlement without what it is to a particular person.
pub(super) fn entitlement(thing: &Thing) -> body::Entitlement {
    let Thing { app, entitlement, settings } = thing;
    body::Entitlement {
        id: entitlement.id.to_string(),
        slug: entitlement.slug.clone(),
        name: entitlement.name.clone(),
        description: entitlement.description.clone(),
        kind: entitlement.kind.name().to_owned(),
        app: app_ref(app),
        state: None,
        max_duration: span(settings.max_length),
        presets: settings.presets.iter().map(|preset| span(*preset)).collect(),
        default_duration: span(settings.default_length),
        only_presets: !settings.custom_length,
        justification_required: settings.justification_required,
        emergency: false,
        request: None,
    }
}

fn app_ref(app: &App) -> body::AppRef {
    body::AppRef { id: app.id.to_string(), slug: app.slug.clone(), name: app.name.clone() }
}

/// How soon before its end access counts as expiring.
const EXPIRING: Span = Span::from_days(7);

/// An entitlement as its would-be holder finds it.
pub(super) fn offer(thing: &Thing, offer: &store::entitlement::Offer, now: Time) -> body::Entitlement {
    let state = match (&offer.pending, offer.held) {
        (Some(_), _) => "pending",
        (None, Some(Some(end))) if end <= now.plus(EXPIRING) => "held_expiring",
        (None, Some(_)) => "held",
        (None, None) => "requestable",
    };
    body::Entitlement {
        state: Some(state.to_owned()),
        request: offer.pending.as_ref().map(ToString::to_string),
        ..entitlement(thing)
    }
}

/// An owner or admin of an app.
pub(super) async fn principal(tx: &mut Tx, principal: &Principal) -> Result<body::Principal, StoreError> {
    Ok(match principal {
        Principal::User(id) => body::Principal::User(user_by_id(tx, id).await?),
        Principal::Group(id) => {
            let group = store::group::find(tx, id).await?.ok_or(StoreError::Corrupt { what: "a group" })?;
            body::Principal::Group(body::NamedRef { id: group.id.to_string(), name: group.name })
        }
    })
}

/// A grant.
pub(super) async fn grant(tx: &mut Tx, grant: &Grant, caller: &Caller) -> Result<body::Grant, StoreError> {
    let held =
        store::entitlement::find(tx, &grant.entitlement).await?.ok_or(StoreError::Corrupt { what: "a grant" })?;
    let thing = facts::thing(tx, held).await?;
    grant_of(tx, grant, &thing, caller).await
}

async fn grant_of(tx: &mut Tx, grant: &Grant, thing: &Thing, caller: &Caller) -> Result<body::Grant, StoreError> {
    let mut actions = Vec::new();
    if grant.state == GrantState::Active {
        let actor = caller.actor();
        let facts = facts::of_grant(tx, grant, thing, actor.user()).await?;
        if grant::may_revoke(grant, &facts, &actor).is_ok() {
            actions.push("revoke".to_owned());
        }
    }
    let soon = grant.ends_at.is_some_and(|end| end <= tx.now().plus(EXPIRING));
    let state = match grant.state {
        GrantState::Active if soon => "held_expiring",
        GrantState::Active => "held",
        _ => "requestable",
    };
    Ok(body::Grant {
        id: grant.id.to_string(),
        user: user_by_id(tx, &grant.user).await?,
        entitlement: body::Entitlement { state: Some(state.to_owned()), ..entitlement(thing) },
        state: grant.state.name().to_owned(),
        source: grant.source.name().to_owned(),
        request: grant.request.to_string(),
        starts_at: grant.starts_at.to_string(),
        ends_at: grant.ends_at.map(|end| end.to_string()),
        actions,
    })
}

/// What people wrote on a request, from beside the log.
#[derive(Default)]
struct Said {
    justification: String,
    comments: Vec<body::Comment>,
    /// By kind of event, author and instant in µs.
    answers: BTreeMap<(String, String, i64), String>,
}

async fn said(tx: &mut Tx, id: &RequestId) -> Result<Said, StoreError> {
    let mut said = Said::default();
    for text in store::request::list_texts(tx, id).await? {
        let author = text.actor.clone().unwrap_or_default();
        let at = text.at();
        match (text.kind.as_str(), text.field.as_str()) {
            (_, "justification") => said.justification = text.text,
            ("request.commented", _) => {
                let Ok(by) = UserId::parse(&author) else { continue };
                said.comments.push(body::Comment {
                    id: text.event,
                    by: user_by_id(tx, &by).await?,
                    text: text.text,
                    at: at.to_string(),
                    door: text.door,
                });
            }
            _ => {
                said.answers.insert((text.kind, author, at.micros()), text.text);
            }
        }
    }
    Ok(said)
}

/// A request with everything a card or a page shows of it, and what `caller` may do.
pub(super) async fn request(tx: &mut Tx, request: &Request, caller: &Caller) -> Result<body::Request, StoreError> {
    let thing = facts::thing_of(tx, request).await?;
    let actor = caller.actor();
    let facts = facts::of_request(tx, request, &thing, actor.user()).await?;
    let actions = request::actions(request, &facts, &actor);
    let said = said(tx, &request.id).await?;
    let held = match &request.grant {
        Some(id) => store::grant::find(tx, id).await?,
        None => None,
    };
    let job = match &request.operation {
        Some(operation) => store::job::find(tx, operation).await?,
        None => None,
    };
    let admins =
        store::user::list_by_keys(tx, &[key::admins(&request.app)], [&nobody(), &nobody()], PEOPLE_MAX).await?;
    let steps = steps(tx, request, &thing, &said).await?;
    let task = my_task(tx, request, &actions, held.as_ref(), caller).await?;
    let working = job.as_ref().is_some_and(|job| job.leased_until.is_some_and(|until| until > tx.now()));
    let fulfilment = match request.fulfilment {
        Some(Fulfilment::Queued) if working => Some("provisioning"),
        other => other.map(Fulfilment::name),
    };
    let (duration, until) = length(request.length);
    Ok(body::Request {
        id: request.id.to_string(),
        number: number(request.number),
        submission: request.submission.to_string(),
        kind: request.kind.name().to_owned(),
        subject: user_by_id(tx, &request.subject).await?,
        requester: user_by_id(tx, &request.requester).await?,
        entitlement: for_subject(&thing, request, held.as_ref()),
        duration,
        until,
        starts: request.starts.map(|at| at.to_string()),
        justification: said.justification,
        emergency: request.emergency,
        revision: i64::from(request.revision),
        approval: request.approval.name().to_owned(),
        fulfilment: fulfilment.map(str::to_owned),
        status: status(request, held.as_ref(), fulfilment),
        digest: request.digest(),
        version: request.version,
        steps,
        actions: actions.iter().map(|action| action.name().to_owned()).collect(),
        grant: match &held {
            Some(held) => Some(grant_of(tx, held, &thing, caller).await?),
            None => None,
        },
        comments: said.comments,
        task: task.map(|id| id.to_string()),
        problem: request.problem.clone(),
        retry_at: job.filter(|job| job.state == "queued" && job.attempts > 0).map(|job| job.due_at.to_string()),
        app_admins_total: u64::try_from(admins.len()).unwrap_or(0),
        app_admins: admins.iter().map(user).collect(),
        connector: Some(thing.app.connector.name().to_owned()),
        closed: closing(tx, request).await?,
        holds: store::grant::list_held_names(tx, &request.subject, &request.app).await?,
        door: request.door.name().to_owned(),
        created_at: request.created_at.to_string(),
        updated_at: request.updated_at.to_string(),
    })
}

/// An id that nobody has, where nobody is barred.
fn nobody() -> UserId {
    UserId::from_bits(0)
}

/// Length and end as the API states them.
fn length(length: Length) -> (Option<String>, Option<String>) {
    match length {
        Length::Unlimited => (None, None),
        Length::For(span) => (Some(span.to_string()), None),
        Length::Until(end) => (None, Some(end.to_string())),
    }
}

/// The task on it that the caller can answer.
async fn my_task(
    tx: &mut Tx,
    request: &Request,
    actions: &[request::Action],
    held: Option<&Grant>,
    caller: &Caller,
) -> Result<Option<TaskId>, StoreError> {
    let answers = [request::Action::Approve, request::Action::Confirm];
    if actions.iter().any(|action| answers.contains(action)) {
        return Ok(request.open_task().map(|(id, _)| id));
    }
    let Some((id, held)) = held.and_then(|held| held.open_task().map(|(id, _)| (id, held))) else { return Ok(None) };
    let Some(me) = caller.actor().user().cloned() else { return Ok(None) };
    let fact = facts::by_hand(tx, &held.app, std::slice::from_ref(&me)).await?;
    Ok(fact.includes(Quorum::Any, &me).then_some(id))
}

/// The plan: past, now and next, with the people who can answer (S3-33).
async fn steps(tx: &mut Tx, request: &Request, thing: &Thing, said: &Said) -> Result<Vec<body::Step>, StoreError> {
    let specs: Vec<_> = request.plan.iter().map(|step| &step.spec).collect();
    let line = facts::line(tx, &request.subject, &specs).await?;
    let scope = Scope { app: &request.app, line: &line };
    let mut steps = Vec::with_capacity(request.plan.len() + 1);
    for (place, planned) in request.plan.iter().enumerate() {
        let mut step = step(tx, &planned.spec, scope, request.barred()).await?;
        step.id = place.to_string();
        step.state = state_name(planned.state).to_owned();
        step.have =
            u32::try_from(planned.decisions.iter().filter(|d| d.verdict == Verdict::Approved).count()).unwrap_or(0);
        step.since = planned.since.map(|at| at.to_string());
        for decision in &planned.decisions {
            step.decisions.push(decided(tx, decision, said).await?);
        }
        steps.push(step);
    }
    if request.kind == request::Kind::Grant {
        steps.push(provision_step(tx, request, thing, said).await?);
    }
    Ok(steps)
}

fn state_name(state: StepState) -> &'static str {
    match state {
        StepState::Done => "done",
        StepState::Active => "active",
        StepState::Next => "next",
        StepState::Skipped => "skipped",
    }
}

/// A step of a plan before anything happened to it: the same for a preview and for a request.
pub(super) async fn step(
    tx: &mut Tx,
    spec: &domain::policy::StepSpec,
    scope: Scope<'_>,
    barred: [&UserId; 2],
) -> Result<body::Step, StoreError> {
    let fact = facts::step(tx, spec, scope, &[], barred).await?;
    let turn = fact.turn(spec.quorum).map_or(Standby::None, |turn| turn.standby);
    let keys: Vec<_> = fact.0.iter().filter(|at| at.standby <= turn).flat_map(|at| at.keys.iter().cloned()).collect();
    let approvers = store::user::list_by_keys(tx, &keys, barred, PEOPLE_MAX).await?;
    let total = store::user::count_by_keys(tx, &keys, barred, 10_000).await?;
    Ok(body::Step {
        id: String::new(),
        kind: "approval".to_owned(),
        name: spec.name.clone(),
        state: if spec.is_skipped() && !spec.name.is_empty() { "skipped" } else { "next" }.to_owned(),
        need: fact.need(spec.quorum),
        have: 0,
        approvers: approvers.iter().map(user).collect(),
        approvers_total: u64::from(total),
        rerouted: (turn != Standby::None).then(|| turn.name().to_owned()),
        decisions: Vec::new(),
        since: None,
        due: None,
    })
}

async fn decided(tx: &mut Tx, decision: &request::Decision, said: &Said) -> Result<body::Decision, StoreError> {
    let key = (decision_kind(decision.verdict.name()).to_owned(), decision.by.to_string(), decision.at.micros());
    Ok(body::Decision {
        by: user_by_id(tx, &decision.by).await?,
        decision: decision.verdict.name().to_owned(),
        comment: said.answers.get(&key).cloned(),
        at: decision.at.to_string(),
        given: None,
        checked: None,
    })
}

/// The kind of event that a decision was.
fn decision_kind(verdict: &str) -> &'static str {
    match verdict {
        "approved" => "request.approved",
        "denied" => "request.denied",
        "confirmed" => "request.confirmed",
        "denied_at_provisioning" => "request.denied_at_provisioning",
        _ => "request.cancelled",
    }
}

/// The body of the last event of a kind on a request.
async fn last_event(tx: &mut Tx, request: &Request, kind: &str) -> Result<Option<serde_json::Value>, StoreError> {
    let filter = Filter { kind: Some(kind.to_owned()), request: Some(request.id.to_string()), ..Filter::default() };
    let found = store::log::list(tx, &filter, Start::NEWEST, 1).await?;
    Ok(found.first().and_then(|event| serde_json::from_str(&event.body).ok()))
}

/// The entitlement as it stands for the subject of a request.
fn for_subject(thing: &Thing, request: &Request, held: Option<&Grant>) -> body::Entitlement {
    let pending = request.kind == request::Kind::Grant && request.is_open();
    let state = match held.map(|grant| grant.state) {
        _ if pending => "pending",
        Some(GrantState::Active) => "held",
        _ => "requestable",
    };
    let open = pending.then(|| request.id.to_string());
    body::Entitlement { state: Some(state.to_owned()), request: open, ..entitlement(thing) }
}

/// How it ended when no step's answer ended it.
async fn closing(tx: &mut Tx, request: &Request) -> Result<Option<body::Closing>, StoreError> {
    let kind = match request.approval {
        request::Approval::Cancelled => "request.cancelled",
        request::Approval::Expired => "request.expired",
        _ => return Ok(None),
    };
    let filter = Filter { kind: Some(kind.to_owned()), request: Some(request.id.to_string()), ..Filter::default() };
    let found = store::log::list(tx, &filter, Start::NEWEST, 1).await?;
    let Some(event) = found.into_iter().next() else { return Ok(None) };
    let comment = store::log::texts(tx, &[event.index]).await?.into_iter().next().map(|text| text.text);
    let by = match event.actor.as_deref().and_then(|id| UserId::parse(id).ok()) {
        Some(id) => Some(user_by_id(tx, &id).await?),
        None => None,
    };
    Ok(Some(body::Closing { by, reason: comment, at: event.effective_at().to_string() }))
}

/// The last step: putting access in place.
async fn provision_step(tx: &mut Tx, request: &Request, thing: &Thing, said: &Said) -> Result<body::Step, StoreError> {
    let (state, asks) = match request.fulfilment {
        None if request.is_open() => ("next", is_by_hand(thing)),
        None => ("skipped", false),
        Some(Fulfilment::Granted | Fulfilment::DeniedAtProvisioning) => ("done", false),
        Some(fulfilment) => ("active", fulfilment == Fulfilment::Manual),
    };
    let mut step = set_up_step(tx, thing, asks).await?;
    if let Some(decision) = &request.provisioning {
        let mut decision = decided(tx, decision, said).await?;
        let told = last_event(tx, request, decision_kind(&decision.decision)).await?.unwrap_or_default();
        decision.given = told.get("given").and_then(|given| serde_json::from_value(given.clone()).ok());
        decision.checked = told.get("checked").and_then(serde_json::Value::as_bool);
        step.have = 1;
        step.decisions.push(decision);
    }
    let since = (state == "active").then(|| request.updated_at.to_string());
    Ok(body::Step { state: state.to_owned(), since, ..step })
}

/// Whether people set it up.
pub(super) fn is_by_hand(thing: &Thing) -> bool {
    thing.app.connector == domain::app::Connector::Manual
}

/// The last step before anything happened to it: the same for a preview and for a request.
pub(super) async fn set_up_step(tx: &mut Tx, thing: &Thing, asks: bool) -> Result<body::Step, StoreError> {
    let admins = if asks {
        let fact = facts::by_hand(tx, &thing.app.id, &[]).await?;
        let keys: Vec<_> = fact.0.into_iter().flat_map(|at| at.keys).collect();
        store::user::list_by_keys(tx, &keys, [&nobody(), &nobody()], PEOPLE_MAX).await?
    } else {
        Vec::new()
    };
    Ok(body::Step {
        id: "provision".to_owned(),
        kind: "provision".to_owned(),
        name: words::say("step-provision"),
        state: "next".to_owned(),
        need: u32::from(asks),
        have: 0,
        approvers_total: u64::try_from(admins.len()).unwrap_or(0),
        approvers: admins.iter().map(user).collect(),
        rerouted: None,
        decisions: Vec::new(),
        since: None,
        due: None,
    })
}

/// An instant in words.
fn moment(at: Time) -> String {
    jiff::Timestamp::from_microsecond(at.micros()).map_or_else(|_| at.to_string(), words::moment)
}

/// The sentence shown to people (the table of the two statuses; S2-28).
fn status(request: &Request, held: Option<&Grant>, fulfilment: Option<&str>) -> String {
    let end = held.and_then(|grant| grant.ends_at).map(moment);
    match (request.approval, fulfilment) {
        (request::Approval::Approved, Some("granted")) => match end {
            Some(end) => words::tell("request-status-granted-until", &[("end", &end)]),
            None => words::say("request-status-granted"),
        },
        (request::Approval::Approved, Some(name)) => words::say(match name {
            "scheduled" | "queued" | "provisioning" => "request-status-setting-up",
            "manual" => "request-status-manual",
            "failed" | "unknown" => "request-status-failed",
            "denied_at_provisioning" => "request-status-denied-at-provisioning",
            "revoking" => "request-status-revoking",
            "revoked" => "request-status-revoked",
            _ => "request-status-revoked-unverified",
        }),
        (request::Approval::Approved, None) => words::say("request-status-setting-up"),
        (request::Approval::Pending, _) => words::say("request-status-pending"),
        (request::Approval::Denied, _) => words::say("request-status-denied"),
        (request::Approval::Cancelled, _) => words::say("request-status-cancelled"),
        (request::Approval::Expired, _) => words::say("request-status-expired"),
    }
}

/// A task with the request it is about.
pub(super) async fn task(
    tx: &mut Tx,
    found: &store::task::Found,
    caller: &Caller,
) -> Result<Option<body::Task>, StoreError> {
    let Some(about) = store::request::find(tx, &found.task.request).await? else { return Ok(None) };
    let shown = request(tx, &about, caller).await?;
    let thing = facts::thing_of(tx, &about).await?;
    let (assignees, total) = assignees(tx, found, &about).await?;
    let instructions = if thing.entitlement.instructions.is_empty() {
        thing.app.instructions.clone()
    } else {
        thing.entitlement.instructions.clone()
    };
    let actions = task_actions(tx, found, &shown, caller).await?;
    Ok(Some(body::Task {
        id: found.task.id.to_string(),
        kind: found.task.kind.name().to_owned(),
        state: found.task.state.name().to_owned(),
        digest: about.digest(),
        assignees: assignees.iter().map(user).collect(),
        assignees_total: u64::from(total),
        actions,
        comment_required: comment_required(&thing),
        finished: finished(found, &shown),
        instructions,
        url: thing.app.url.clone(),
        created_at: found.task.created_at.to_string(),
        due: None,
        request: shown,
    }))
}

/// The actions that need a comment (S2-23).
fn comment_required(thing: &Thing) -> Vec<String> {
    let settings = &thing.settings;
    let needed = [
        ("approve", settings.approve_comment_required),
        ("deny", settings.deny_comment_required),
        ("deny_provisioning", settings.deny_comment_required),
        ("confirm", settings.confirm_comment_required),
    ];
    needed.into_iter().filter(|(_, needed)| *needed).map(|(name, _)| name.to_owned()).collect()
}

/// The answer that closed a task.
fn finished(found: &store::task::Found, shown: &body::Request) -> Option<body::Decision> {
    if found.task.state != domain::task::TaskState::Done {
        return None;
    }
    let id = found.task.step.map_or_else(|| "provision".to_owned(), |place| place.to_string());
    shown.steps.iter().find(|step| step.id == id)?.decisions.last().cloned()
}

async fn assignees(tx: &mut Tx, found: &store::task::Found, about: &Request) -> Result<(Vec<User>, u32), StoreError> {
    if found.task.state != domain::task::TaskState::Open {
        return Ok((Vec::new(), 0));
    }
    let none = nobody();
    let (keys, barred) = match about.active().filter(|_| found.task.kind == domain::task::TaskKind::Approval) {
        Some((_, planned)) => {
            let line = facts::line(tx, &about.subject, &[&planned.spec]).await?;
            let scope = Scope { app: &about.app, line: &line };
            let fact = facts::step(tx, &planned.spec, scope, &[], about.barred()).await?;
            let turn = fact.turn(planned.spec.quorum).map(|turn| turn.standby);
            let keys: Vec<_> =
                fact.0.into_iter().filter(|at| Some(at.standby) <= turn).flat_map(|at| at.keys).collect();
            (keys, about.barred())
        }
        None => {
            let fact = facts::by_hand(tx, &about.app, &[]).await?;
            let turn = fact.turn(Quorum::Any).map(|turn| turn.standby);
            let keys = fact.0.into_iter().filter(|at| Some(at.standby) == turn).flat_map(|at| at.keys).collect();
            (keys, [&none, &none])
        }
    };
    let people = store::user::list_by_keys(tx, &keys, barred, PEOPLE_MAX).await?;
    let total = store::user::count_by_keys(tx, &keys, barred, 10_000).await?;
    Ok((people, total))
}

async fn task_actions(
    tx: &mut Tx,
    found: &store::task::Found,
    shown: &body::Request,
    caller: &Caller,
) -> Result<Vec<String>, StoreError> {
    if found.task.state != domain::task::TaskState::Open {
        return Ok(Vec::new());
    }
    let Some(id) = &found.grant else { return Ok(shown.actions.clone()) };
    let Some(held) = store::grant::find(tx, id).await? else { return Ok(Vec::new()) };
    let thing = {
        let entitlement: Option<Entitlement> = store::entitlement::find(tx, &held.entitlement).await?;
        facts::thing(tx, entitlement.ok_or(StoreError::Corrupt { what: "a grant" })?).await?
    };
    let actor = caller.actor();
    let facts = facts::of_grant(tx, &held, &thing, actor.user()).await?;
    let may = grant::may_confirm(&held, &facts, &actor).is_ok();
    let comment = shown.actions.iter().filter(|action| *action == "comment").cloned();
    Ok(may.then(|| "confirm".to_owned()).into_iter().chain(comment).collect())
}

/// The facts of a request for whoever needs them beside the body.
pub(super) async fn facts_for(tx: &mut Tx, request: &Request, caller: &Caller) -> Result<(Facts, Thing), StoreError> {
    let thing = facts::thing_of(tx, request).await?;
    let facts = facts::of_request(tx, request, &thing, caller.actor().user()).await?;
    Ok((facts, thing))
}
