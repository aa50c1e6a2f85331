//! Requests: the row holds the whole state, the columns are what is searched by.

use std::collections::BTreeMap;

use domain::id::{AppId, EntitlementId, RequestId, SubmissionId, UserId};
use domain::length::Length;
use domain::request::{Approval, Fulfilment, Request};
use domain::time::Time;
use sqlx::types::Json;

use crate::error::{StoreError, decoded};
use crate::sql::{Tx, all, one, run};

type Row = (Json<Request>,);

/// The request with this id.
pub async fn find(tx: &mut Tx, id: &RequestId) -> Result<Option<Request>, StoreError> {
    let row = one!(tx, Row, "select state from request where id = $1", id.as_str())?;
    Ok(row.map(|(state,)| state.0))
}

/// The request with this short number.
pub async fn find_by_number(tx: &mut Tx, number: i64) -> Result<Option<Request>, StoreError> {
    let row = one!(tx, Row, "select state from request where number = $1", number)?;
    Ok(row.map(|(state,)| state.0))
}

/// The open request for the same thing, with its number.
pub async fn find_open(
    tx: &mut Tx,
    subject: &UserId,
    entitlement: &EntitlementId,
    but: Option<&RequestId>,
) -> Result<Option<(RequestId, i64)>, StoreError> {
    let row = one!(
        tx,
        (String, i64),
        "select id, number from request
         where subject_id = $1 and entitlement_id = $2 and is_open = true and kind = 'grant' and id <> $3
         order by number limit 1",
        subject.as_str(),
        entitlement.as_str(),
        but.map_or("", RequestId::as_str)
    )?;
    row.map(|(id, number)| Ok((decoded(id)?, number))).transpose()
}

/// The requests of one submission, in their order.
pub async fn list_of_submission(tx: &mut Tx, submission: &SubmissionId) -> Result<Vec<Request>, StoreError> {
    let rows =
        all!(tx, Row, "select state from request where submission_id = $1 order by number", submission.as_str())?;
    Ok(rows.into_iter().map(|(state,)| state.0).collect())
}

/// Stores the state `after`. With `seen` = 0 the request is new; otherwise it has to be at version `seen`.
pub async fn record(tx: &mut Tx, after: &Request, seen: i64) -> Result<(), StoreError> {
    let stored = if seen == 0 { insert(tx, after).await? } else { update(tx, after, seen).await? };
    if stored == 0 {
        return Err(StoreError::Stale);
    }
    let answers = after.plan.iter().flat_map(|step| &step.decisions).chain(&after.provisioning);
    for decision in answers.filter(|decision| decision.at == after.updated_at) {
        run!(
            tx,
            "insert into request_answerer (request_id, user_id, number) values ($1, $2, $3) on conflict do nothing",
            after.id.as_str(),
            decision.by.as_str(),
            after.number
        )?;
    }
    Ok(())
}

async fn insert(tx: &mut Tx, after: &Request) -> Result<u64, StoreError> {
    run!(
        tx,
        "insert into request (id, number, submission_id, kind, requester_id, subject_id, app_id, entitlement_id,
           approval, fulfilment, is_open, wakes_at, version, state, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) on conflict do nothing",
        after.id.as_str(),
        after.number,
        after.submission.as_str(),
        after.kind.name(),
        after.requester.as_str(),
        after.subject.as_str(),
        after.app.as_str(),
        after.entitlement.as_str(),
        after.approval.name(),
        after.fulfilment.map(Fulfilment::name),
        after.is_open(),
        wakes_at(after).map(Time::micros),
        after.version,
        Json(after),
        after.created_at.micros(),
        after.updated_at.micros()
    )
}

async fn update(tx: &mut Tx, after: &Request, seen: i64) -> Result<u64, StoreError> {
    run!(
        tx,
        "update request set entitlement_id = $1, approval = $2, fulfilment = $3, is_open = $4, wakes_at = $5,
           version = $6, state = $7, updated_at = $8 where id = $9 and version = $10",
        after.entitlement.as_str(),
        after.approval.name(),
        after.fulfilment.map(Fulfilment::name),
        after.is_open(),
        wakes_at(after).map(Time::micros),
        after.version,
        Json(after),
        after.updated_at.micros(),
        after.id.as_str(),
        seen
    )
}

/// When Keyfob itself has to look at it again.
fn wakes_at(request: &Request) -> Option<Time> {
    if !request.is_open() {
        return None;
    }
    let start = request.starts.filter(|_| request.fulfilment == Some(Fulfilment::Scheduled));
    let end = if let Length::Until(end) = request.length { Some(end) } else { None };
    start.into_iter().chain(end).min()
}

/// Requests that have to be started or expired at `now`, the most overdue first.
pub async fn list_waking(tx: &mut Tx, now: Time, limit: i64) -> Result<Vec<RequestId>, StoreError> {
    let rows = all!(
        tx,
        (String,),
        "select id from request where wakes_at is not null and wakes_at <= $1 order by wakes_at, id limit $2",
        now.micros(),
        limit
    )?;
    rows.into_iter().map(|(id,)| decoded(id)).collect()
}

/// What requests to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<'a> {
    /// For this person.
    pub subject: Option<&'a UserId>,
    /// Filed by this person.
    pub requester: Option<&'a UserId>,
    /// In this app.
    pub app: Option<&'a AppId>,
    /// For this entitlement.
    pub entitlement: Option<&'a EntitlementId>,
    /// With this approval.
    pub approval: Option<&'a str>,
    /// With this fulfilment.
    pub fulfilment: Option<&'a str>,
    /// Only those to which something can still happen.
    pub open: bool,
    /// For or by this person.
    pub mine: Option<&'a UserId>,
    /// Who looks; `None` = somebody who may see all of them.
    pub viewer: Option<&'a UserId>,
    /// With a number below this one.
    pub before: i64,
    /// How many at most.
    pub limit: i64,
}

/// Requests that pass all filters, found from where there are few: `$lead` is a condition that an index answers.
macro_rules! page {
    ($from:literal, $lead:literal, $who:literal, $order:literal) => {
        concat!(
            "select r.state from ",
            $from,
            " where ",
            $lead,
            " r.number < $1
           and ($2 = '' or r.subject_id = $2) and ($3 = '' or r.requester_id = $3) and ($4 = '' or r.app_id = $4)
           and ($5 = '' or r.entitlement_id = $5) and ($6 = '' or r.approval = $6)
           and ($7 = '' or r.fulfilment = $7) and ($8 = false or r.is_open = true)
           and ($9 = '' or r.subject_id = $9 or r.requester_id = $9) and ",
            $who,
            " order by ",
            $order,
            " desc limit $11"
        )
    };
    ($lead:literal) => {
        page!(
            "request r",
            $lead,
            "($10 = '' or r.subject_id = $10 or r.requester_id = $10
             or exists (select 1 from request_answerer a where a.request_id = r.id and a.user_id = $10)
             or exists (select 1 from app_role ar join user_key k on k.key = ar.key
               where ar.app_id = r.app_id and k.user_id = $10)
             or exists (select 1 from task t join task_route tr on tr.task_id = t.id and tr.standby <= t.standby
               join user_key k on k.key = tr.key where t.request_id = r.id and k.user_id = $10))",
            "r.number"
        )
    };
}

/// Those that the viewer has answered.
const ANSWERED: &str = page!(
    "request_answerer w cross join request r",
    "w.user_id = $10 and w.number < $1 and r.number = w.number and",
    "1 = 1",
    "w.number"
);

/// Those that wait for the viewer.
const WAITING: &str = page!(
    "request r",
    "r.id in (select t.request_id from user_key k join task_route tr on tr.key = k.key
       join task t on t.id = tr.task_id and tr.standby <= t.standby where k.user_id = $10) and",
    "1 = 1",
    "r.number"
);

/// Requests, newest first.
///
/// Somebody who may see only some of all requests (T10) gets what each reason to see one gives: being the subject or the
/// requester, having answered or to answer, being responsible for the app. No other request is looked at.
pub async fn list(tx: &mut Tx, query: Query<'_>) -> Result<Vec<Request>, StoreError> {
    let is_narrow = query.subject.is_some() || query.requester.is_some() || query.mine.is_some();
    let Some(viewer) = query.viewer.filter(|_| !is_narrow) else { return rows(tx, lead(&query), query).await };
    let mut found: BTreeMap<i64, Request> = BTreeMap::new();
    let mut add = |page: Vec<Request>| found.extend(page.into_iter().map(|request| (request.number, request)));
    let all = Query { viewer: None, ..query };
    for own in [Query { subject: Some(viewer), ..all }, Query { requester: Some(viewer), ..all }] {
        add(rows(tx, lead(&own), own).await?);
    }
    add(rows(tx, ANSWERED, query).await?);
    add(rows(tx, WAITING, query).await?);
    for app in crate::app::list_responsible(tx, viewer).await? {
        if query.app.is_none_or(|wanted| *wanted == app) {
            let of_app = Query { app: Some(&app), ..all };
            add(rows(tx, lead(&of_app), of_app).await?);
        }
    }
    Ok(found.into_values().rev().take(usize::try_from(query.limit).unwrap_or(0)).collect())
}

/// The statement that looks at the fewest rows for these filters.
fn lead(query: &Query<'_>) -> &'static str {
    const CLOSED: [Fulfilment; 4] =
        [Fulfilment::Granted, Fulfilment::DeniedAtProvisioning, Fulfilment::Revoked, Fulfilment::RevokedUnverified];
    // Whatever is asked for by one of these names is open, and few are at a time.
    let is_open = query.open
        || query.approval == Some(Approval::Pending.name())
        || query.fulfilment.is_some_and(|name| CLOSED.iter().all(|closed| closed.name() != name));
    match query {
        Query { subject: Some(_), .. } => page!("r.subject_id = $2 and"),
        Query { requester: Some(_), .. } => page!("r.requester_id = $3 and"),
        Query { mine: Some(_), .. } => page!(
            "r.number in (select number from request where subject_id = $9
               union select number from request where requester_id = $9) and"
        ),
        Query { entitlement: Some(_), .. } => page!("r.entitlement_id = $5 and"),
        Query { app: Some(_), .. } if is_open => page!("r.is_open = true and r.app_id = $4 and"),
        Query { app: Some(_), .. } => page!("r.app_id = $4 and"),
        _ if is_open => page!("r.is_open = true and"),
        Query { fulfilment: Some(_), .. } => page!("r.fulfilment = $7 and"),
        Query { approval: Some(_), .. } => page!("r.approval = $6 and"),
        _ => page!(""),
    }
}

async fn rows(tx: &mut Tx, text: &'static str, query: Query<'_>) -> Result<Vec<Request>, StoreError> {
    let rows = all!(
        tx,
        Row,
        text,
        query.before,
        query.subject.map_or("", UserId::as_str),
        query.requester.map_or("", UserId::as_str),
        query.app.map_or("", AppId::as_str),
        query.entitlement.map_or("", EntitlementId::as_str),
        query.approval.unwrap_or(""),
        query.fulfilment.unwrap_or(""),
        query.open,
        query.mine.map_or("", UserId::as_str),
        query.viewer.map_or("", UserId::as_str),
        query.limit
    )?;
    Ok(rows.into_iter().map(|(state,)| state.0).collect())
}

/// Whether the viewer may see the request (T10); those with a role that sees everything need not ask.
pub async fn is_visible(tx: &mut Tx, id: &RequestId, viewer: &UserId) -> Result<bool, StoreError> {
    let row = one!(
        tx,
        (i64,),
        "select count(*) from request r where r.id = $1 and (r.subject_id = $2 or r.requester_id = $2
           or exists (select 1 from request_answerer a where a.request_id = r.id and a.user_id = $2)
           or exists (select 1 from app_role ar join user_key k on k.key = ar.key
             where ar.app_id = r.app_id and k.user_id = $2)
           or exists (select 1 from task t join task_route tr on tr.task_id = t.id and tr.standby <= t.standby
             join user_key k on k.key = tr.key where t.request_id = r.id and k.user_id = $2))",
        id.as_str(),
        viewer.as_str()
    )?;
    Ok(row.is_some_and(|(n,)| n > 0))
}

/// How many requests filed by or for this person are open.
pub async fn count_open(tx: &mut Tx, user: &UserId) -> Result<u64, StoreError> {
    let row = one!(
        tx,
        (i64,),
        "select count(*) from (select id from request where subject_id = $1 and is_open = true
           union select id from request where requester_id = $1 and is_open = true) x",
        user.as_str()
    )?;
    Ok(row.map_or(0, |(n,)| n.unsigned_abs()))
}

/// All requests in the order of their numbers, `limit` of those after `after`: for `doctor`.
pub async fn list_all(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Request>, StoreError> {
    let rows = all!(tx, Row, "select state from request where number > $1 order by number limit $2", after, limit)?;
    Ok(rows.into_iter().map(|(state,)| state.0).collect())
}

/// A text that somebody wrote on a request and that has not been erased.
#[derive(Clone, Debug, Eq, PartialEq, sqlx::FromRow)]
pub struct SaidText {
    /// `evt_…` of its event.
    #[sqlx(rename = "id")]
    pub event: String,
    /// What happened then.
    pub kind: String,
    /// Who wrote it.
    #[sqlx(rename = "actor_id")]
    pub actor: Option<String>,
    effective_at: i64,
    /// The way in.
    pub door: String,
    /// Its place in the body of the event.
    pub field: String,
    /// The text.
    pub text: String,
}

impl SaidText {
    /// When.
    #[must_use]
    pub fn at(&self) -> Time {
        Time::from_micros(self.effective_at)
    }
}

/// Everything that people wrote on a request, in its order.
pub async fn list_texts(tx: &mut Tx, id: &RequestId) -> Result<Vec<SaidText>, StoreError> {
    all!(
        tx,
        SaidText,
        "select e.id, e.kind, e.actor_id, e.effective_at, e.door, t.field, t.text
         from event e join event_text t on t.event_idx = e.idx where e.request_id = $1 order by e.idx, t.field",
        id.as_str()
    )
}
