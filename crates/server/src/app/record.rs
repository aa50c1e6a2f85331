//! Writes down what was decided: state, leaf, jobs, grant and tasks, all in one transaction (I19).

use domain::grant::{self, Grant};
use domain::id::TaskId;
use domain::job::{self, Operation};
use domain::policy::{Quorum, Scope};
use domain::request::{self, Approval, Request, Verdict};
use domain::task::{Task, TaskKind, TaskState};
use domain::time::Time;
use serde::Serialize;
use serde_json::{Value, json};
use store::log::{Entry, Sealed};
use store::{StoreError, Tx};

use super::caller::Caller;
use super::facts;

/// What came with a decision: the facts it looked at and the texts it committed to. Both go to its first event.
#[derive(Debug, Default)]
pub(super) struct Basis {
    pub(super) facts: Option<Value>,
    pub(super) texts: Vec<Sealed>,
}

impl Basis {
    pub(super) fn new(facts: &impl Serialize, texts: Vec<Sealed>) -> Result<Self, StoreError> {
        let facts = serde_json::to_value(facts).map_err(|_| StoreError::Corrupt { what: "facts" })?;
        Ok(Self { facts: Some(facts), texts })
    }

    /// The body of the next event, with the texts that belong to it.
    fn body(&mut self, event: &impl Serialize) -> Result<(Value, Vec<Sealed>), StoreError> {
        let mut body = serde_json::to_value(event).map_err(|_| StoreError::Corrupt { what: "event" })?;
        if let (Some(facts), Some(fields)) = (self.facts.take(), body.as_object_mut()) {
            fields.insert("facts".to_owned(), facts);
        }
        Ok((body, std::mem::take(&mut self.texts)))
    }
}

/// Records what happened to a request and gives its new state. `before` is `None` for a new one.
pub(super) async fn request(
    tx: &mut Tx,
    caller: &Caller,
    before: Option<Request>,
    events: &[request::Event],
    mut basis: Basis,
) -> Result<Request, StoreError> {
    let now = tx.now();
    let actor = caller.actor();
    let seen = before.as_ref().map_or(0, |request| request.version);
    let mut state = before.clone();
    for event in events {
        let after = match state.clone() {
            None => request::fold(event).ok_or(StoreError::Corrupt { what: "event" })?,
            Some(request) => request::apply(request, event, &actor, now),
        };
        let (body, texts) = basis.body(event)?;
        let index = tx.append(request_entry(caller, &after, event, body, texts)).await?;
        let operations = job::of_request(state.as_ref(), event, &after);
        if ends_what_was_queued(event) {
            store::job::cancel_for_request(tx, &after.id, event.kind()).await?;
        }
        enqueue(tx, &operations, index, now).await?;
        if let request::Event::Granted { grant: id, starts_at, ends_at } = event {
            let grant = grant::begin(&after, id.clone(), *starts_at, *ends_at);
            store::grant::record(tx, &grant, 0).await?;
            cover(tx, caller, &grant).await?;
        }
        state = Some(after);
    }
    let after = state.ok_or(StoreError::Corrupt { what: "request without events" })?;
    if !events.is_empty() {
        store::request::record(tx, &after, seen).await?;
        retask(tx, before.as_ref(), &after).await?;
    }
    Ok(after)
}

/// What people were still to take away by hand is no longer to be taken: the new grant gives the same (I28). What a
/// connector is to take is looked at again before it is called.
async fn cover(tx: &mut Tx, caller: &Caller, new: &Grant) -> Result<(), StoreError> {
    let system = Caller::system(&caller.correlation);
    for old in store::grant::list_ending(tx, &new.user, &new.entitlement).await? {
        if old.open_task().is_some() {
            Box::pin(covered(tx, &system, old)).await?;
        }
    }
    Ok(())
}

/// Ends a removal that is no longer to be made, because another active grant gives the same.
pub(super) async fn covered(tx: &mut Tx, system: &Caller, old: Grant) -> Result<(), StoreError> {
    let held = store::entitlement::find(tx, &old.entitlement).await?.ok_or(StoreError::Corrupt { what: "a grant" })?;
    let thing = facts::thing(tx, held).await?;
    let facts = facts::of_grant(tx, &old, &thing, None).await?;
    if let Ok(events) = grant::decide(&old, &facts, &system.actor(), grant::Command::Covered) {
        let basis = Basis::new(&facts, Vec::new())?;
        self::grant(tx, system, old, &events, basis).await?;
    }
    Ok(())
}

/// Whether an operation that waits is no longer wanted.
fn ends_what_was_queued(event: &request::Event) -> bool {
    matches!(
        event,
        request::Event::Edited(_)
            | request::Event::Cancelled { .. }
            | request::Event::Expired
            | request::Event::DeniedAtProvisioning { .. }
    )
}

fn request_entry(caller: &Caller, after: &Request, event: &request::Event, body: Value, texts: Vec<Sealed>) -> Entry {
    let mut resources = vec![after.app.to_string(), after.entitlement.to_string(), after.submission.to_string()];
    resources.extend(after.grant.as_ref().map(ToString::to_string));
    resources.extend(after.operation.as_ref().map(ToString::to_string));
    Entry {
        kind: event.kind(),
        actor: caller.named(),
        subject: Some(after.subject.to_string()),
        request: Some(after.id.to_string()),
        revision: Some(after.revision),
        entitlement: Some(after.entitlement.to_string()),
        resources,
        correlation: caller.correlation.clone(),
        body,
        texts,
    }
}

/// Room in the order of jobs for several that one event causes.
const JOBS_PER_EVENT_MAX: i64 = 16;

async fn enqueue(tx: &mut Tx, operations: &[Operation], index: i64, now: Time) -> Result<(), StoreError> {
    for (place, operation) in (0..JOBS_PER_EVENT_MAX).zip(operations) {
        store::job::enqueue(tx, operation, index * JOBS_PER_EVENT_MAX + place, now).await?;
    }
    Ok(())
}

/// Records what happened to a grant and gives its new state.
pub(super) async fn grant(
    tx: &mut Tx,
    caller: &Caller,
    before: Grant,
    events: &[grant::Event],
    mut basis: Basis,
) -> Result<Grant, StoreError> {
    let now = tx.now();
    let actor = caller.actor();
    let seen = before.version;
    let open = before.open_task();
    let mut state = before;
    for event in events {
        let after = grant::apply(state, event, &actor, now);
        let (body, texts) = basis.body(event)?;
        let index = tx.append(grant_entry(caller, &after, event, body, texts)).await?;
        enqueue(tx, &job::of_grant(event, &after), index, now).await?;
        state = after;
    }
    if events.is_empty() {
        return Ok(state);
    }
    store::grant::record(tx, &state, seen).await?;
    match (open, state.open_task()) {
        (None, Some((id, _))) => open_removal(tx, &state, id).await?,
        (Some((id, _)), None) => {
            let done = state.removal.as_ref().is_some_and(|removal| removal.confirmed.is_some());
            let closed = if done { TaskState::Done } else { TaskState::Void };
            store::task::close(tx, &id, closed, now).await?;
        }
        _ => {}
    }
    finish_removal(tx, caller, &state).await?;
    Ok(state)
}

fn grant_entry(caller: &Caller, after: &Grant, event: &grant::Event, body: Value, texts: Vec<Sealed>) -> Entry {
    let removal = after.removal.as_ref().and_then(|removal| removal.request.as_ref());
    let mut resources = vec![after.id.to_string(), after.app.to_string(), after.entitlement.to_string()];
    resources.extend(removal.map(ToString::to_string));
    Entry {
        kind: event.kind(),
        actor: caller.named(),
        subject: Some(after.user.to_string()),
        request: Some(after.request.to_string()),
        revision: None,
        entitlement: Some(after.entitlement.to_string()),
        resources,
        correlation: caller.correlation.clone(),
        body,
        texts,
    }
}

/// A request to end the grant is fulfilled when the grant is gone.
async fn finish_removal(tx: &mut Tx, caller: &Caller, grant: &Grant) -> Result<(), StoreError> {
    let verified = match grant.state {
        grant::GrantState::Revoked => true,
        grant::GrantState::RevokedUnverified => false,
        grant::GrantState::Active | grant::GrantState::Ending => return Ok(()),
    };
    let Some(id) = grant.removal.as_ref().and_then(|removal| removal.request.as_ref()) else { return Ok(()) };
    let removal = store::request::find(tx, id).await?.ok_or(StoreError::Corrupt { what: "removal" })?;
    let events = [request::Event::Revoked { verified }];
    Box::pin(request(tx, caller, Some(removal), &events, Basis::default())).await?;
    Ok(())
}

/// Closes the task that is no longer open and opens the one that now is.
async fn retask(tx: &mut Tx, before: Option<&Request>, after: &Request) -> Result<(), StoreError> {
    let old = before.and_then(Request::open_task);
    let new = after.open_task();
    if old == new {
        return Ok(());
    }
    if let (Some((id, kind)), Some(before)) = (old, before) {
        store::task::close(tx, &id, closed_as(before, after, kind), tx.now()).await?;
    }
    if let Some((id, kind)) = new {
        open(tx, after, id, kind).await?;
    }
    Ok(())
}

/// A task that somebody answered is done; one that was overtaken is void.
fn closed_as(before: &Request, after: &Request, kind: TaskKind) -> TaskState {
    let answered = match kind {
        TaskKind::Approval => {
            before.revision == after.revision && !matches!(after.approval, Approval::Cancelled | Approval::Expired)
        }
        TaskKind::Provisioning | TaskKind::Deprovisioning => after
            .provisioning
            .as_ref()
            .is_some_and(|decision| matches!(decision.verdict, Verdict::Confirmed | Verdict::DeniedAtProvisioning)),
    };
    if answered { TaskState::Done } else { TaskState::Void }
}

async fn open(tx: &mut Tx, request: &Request, id: TaskId, kind: TaskKind) -> Result<(), StoreError> {
    let (fact, quorum, step) = match request.active().filter(|_| kind == TaskKind::Approval) {
        Some((place, planned)) => {
            let line = facts::line(tx, &request.subject, &[&planned.spec]).await?;
            let scope = Scope { app: &request.app, line: &line };
            let fact = facts::step(tx, &planned.spec, scope, &[], request.barred()).await?;
            (fact, planned.spec.quorum, Some(place))
        }
        None => (facts::by_hand(tx, &request.app, &[]).await?, Quorum::Any, None),
    };
    let (standby, routes) = facts::routes(&fact, quorum);
    let task = Task {
        id,
        kind,
        state: TaskState::Open,
        request: request.id.clone(),
        revision: request.revision,
        step,
        created_at: tx.now(),
        closed_at: None,
    };
    let place = store::task::Place { app: &request.app, grant: None, standby, routes: &routes };
    store::task::open(tx, &task, place).await
}

async fn open_removal(tx: &mut Tx, grant: &Grant, id: TaskId) -> Result<(), StoreError> {
    let fact = facts::by_hand(tx, &grant.app, &[]).await?;
    let (standby, routes) = facts::routes(&fact, Quorum::Any);
    let request = grant.removal.as_ref().and_then(|removal| removal.request.clone());
    let task = Task {
        id,
        kind: TaskKind::Deprovisioning,
        state: TaskState::Open,
        request: request.unwrap_or_else(|| grant.request.clone()),
        revision: 1,
        step: None,
        created_at: tx.now(),
        closed_at: None,
    };
    let place = store::task::Place { app: &grant.app, grant: Some(&grant.id), standby, routes: &routes };
    store::task::open(tx, &task, place).await
}

/// Records an attempt that the rules refused (I43): one leaf, no change.
pub(super) async fn refusal(
    tx: &mut Tx,
    caller: &Caller,
    request: &Request,
    attempt: &str,
    refusal: &domain::Refusal,
) -> Result<(), StoreError> {
    let body = json!({
        "kind": "request.refused", "attempt": attempt, "reason": refusal.name(), "digest": request.digest(),
        "approval": request.approval, "fulfilment": request.fulfilment,
    });
    tx.append(Entry {
        kind: "request.refused",
        actor: caller.named(),
        subject: Some(request.subject.to_string()),
        request: Some(request.id.to_string()),
        revision: Some(request.revision),
        entitlement: Some(request.entitlement.to_string()),
        resources: vec![request.app.to_string(), request.entitlement.to_string()],
        correlation: caller.correlation.clone(),
        body,
        texts: Vec::new(),
    })
    .await?;
    Ok(())
}

/// A text that a person wrote, sealed for the log, with the commitment that goes into the event.
pub(super) fn seal(
    field: &str,
    text: Option<String>,
) -> Result<(Option<request::Commitment>, Vec<Sealed>), StoreError> {
    let Some(text) = text else { return Ok((None, Vec::new())) };
    let sealed = Sealed::new(field, text)?;
    let commitment = request::Commitment { commitment: sealed.commitment().to_string() };
    Ok((Some(commitment), vec![sealed]))
}
