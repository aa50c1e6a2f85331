//! Tasks, and the keys of those whose turn it is.

use domain::id::{AppId, GrantId, RequestId, TaskId, UserId};
use domain::task::{Task, TaskKind, TaskState};
use domain::time::Time;

use crate::error::{StoreError, decoded, known};
use crate::sql::{Tx, all, one, run};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
    state: String,
    request_id: String,
    grant_id: Option<String>,
    revision: i64,
    step: Option<i64>,
    created_at: i64,
    closed_at: Option<i64>,
}

/// A task with the grant it is about, when it is to take access away.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// The task.
    pub task: Task,
    /// The grant.
    pub grant: Option<GrantId>,
}

impl Row {
    fn found(self) -> Result<Found, StoreError> {
        let small = |n: i64| u32::try_from(n).map_err(|_| StoreError::Corrupt { what: "task" });
        Ok(Found {
            task: Task {
                id: decoded(self.id)?,
                kind: known("task kind", TaskKind::parse(&self.kind))?,
                state: known("task state", TaskState::parse(&self.state))?,
                request: decoded(self.request_id)?,
                revision: small(self.revision)?,
                step: self.step.map(small).transpose()?.map(|n| n as usize),
                created_at: Time::from_micros(self.created_at),
                closed_at: self.closed_at.map(Time::from_micros),
            },
            grant: self.grant_id.map(decoded).transpose()?,
        })
    }
}

/// The task with this id.
pub async fn find(tx: &mut Tx, id: &TaskId) -> Result<Option<Found>, StoreError> {
    let row = one!(
        tx,
        Row,
        "select id, kind, state, request_id, grant_id, revision, step, created_at, closed_at from task where id = $1",
        id.as_str()
    )?;
    row.map(Row::found).transpose()
}

/// Where a task belongs.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The app.
    pub app: &'a AppId,
    /// The grant it is about.
    pub grant: Option<&'a GrantId>,
    /// Whose turn it is: place in the order of those who stand in.
    pub standby: i64,
    /// The keys of those who may do it, by place in that order.
    pub routes: &'a [(i64, String)],
}

/// Opens a task.
pub async fn open(tx: &mut Tx, task: &Task, place: Place<'_>) -> Result<(), StoreError> {
    let step = task.step.map(i64::try_from).transpose().map_err(|_| StoreError::Corrupt { what: "task" })?;
    run!(
        tx,
        "insert into task (id, kind, state, request_id, grant_id, app_id, revision, step, standby, created_at)
         values ($1, $2, 'open', $3, $4, $5, $6, $7, $8, $9)
         on conflict (id) do update set state = 'open', standby = excluded.standby, closed_at = null",
        task.id.as_str(),
        task.kind.name(),
        task.request.as_str(),
        place.grant.map(GrantId::as_str),
        place.app.as_str(),
        i64::from(task.revision),
        step,
        place.standby,
        task.created_at.micros()
    )?;
    for (standby, key) in place.routes {
        run!(
            tx,
            "insert into task_route (task_id, standby, key) values ($1, $2, $3) on conflict do nothing",
            task.id.as_str(),
            *standby,
            key.as_str()
        )?;
    }
    Ok(())
}

/// Closes a task.
pub async fn close(tx: &mut Tx, id: &TaskId, state: TaskState, now: Time) -> Result<(), StoreError> {
    run!(
        tx,
        "update task set state = $1, closed_at = $2 where id = $3 and state = 'open'",
        state.name(),
        now.micros(),
        id.as_str()
    )?;
    run!(tx, "delete from task_route where task_id = $1", id.as_str())?;
    Ok(())
}

/// What tasks to list.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// Those whose turn it is this person's.
    pub assignee: Option<&'a UserId>,
    /// About requests that this person may see; `None` = all.
    pub viewer: Option<&'a UserId>,
    /// Of this kind.
    pub kind: Option<TaskKind>,
    /// About this request.
    pub request: Option<&'a RequestId>,
    /// In this state.
    pub state: Option<TaskState>,
    /// Of this app.
    pub app: Option<&'a AppId>,
    /// Opened after this instant and id.
    pub after: (i64, &'a str),
    /// How many at most.
    pub limit: i64,
}

/// Tasks that pass all filters, found from where there are few: `$lead` is a condition that an index answers.
macro_rules! page {
    ($lead:literal, $who:literal) => {
        concat!(
            "select t.id, t.kind, t.state, t.request_id, t.grant_id, t.revision, t.step, t.created_at, t.closed_at
         from task t join request q on q.id = t.request_id where ",
            $lead,
            " (t.created_at, t.id) > ($1, $2)
           and ($3 = '' or t.kind = $3) and ($4 = '' or t.request_id = $4) and ($5 = '' or t.state = $5)
           and ($6 = '' or t.app_id = $6)
           and ($7 = '' or t.kind <> 'approval' or (q.subject_id <> $7 and q.requester_id <> $7)) and ",
            $who,
            " order by t.created_at, t.id limit $9"
        )
    };
    ($lead:literal) => {
        page!(
            $lead,
            "($8 = '' or q.subject_id = $8 or q.requester_id = $8
             or exists (select 1 from request_answerer a where a.request_id = q.id and a.user_id = $8)
             or exists (select 1 from app_role ar join user_key k on k.key = ar.key
               where ar.app_id = q.app_id and k.user_id = $8)
             or exists (select 1 from task_route tr join user_key k on k.key = tr.key
               where tr.task_id = t.id and tr.standby <= t.standby and k.user_id = $8))"
        )
    };
}

/// Those about requests of the viewer, or that the viewer answered.
const OWN: &str = page!(
    "t.request_id in (select r.id from request r where r.subject_id = $8
       union select r.id from request r where r.requester_id = $8
       union select a.request_id from request_answerer a where a.user_id = $8) and",
    "1 = 1"
);

/// Those that wait for the viewer.
const WAITING: &str = page!(
    "t.id in (select tr.task_id from user_key k join task_route tr on tr.key = k.key
       join task o on o.id = tr.task_id and tr.standby <= o.standby where k.user_id = $8) and",
    "1 = 1"
);

/// Tasks, the oldest first.
///
/// Somebody who may see only some of all tasks (T10) gets what each reason to see one gives; no other is looked at.
pub async fn list(tx: &mut Tx, query: Query<'_>) -> Result<Vec<Found>, StoreError> {
    let is_narrow = query.assignee.is_some() || query.request.is_some();
    let Some(viewer) = query.viewer.filter(|_| !is_narrow) else { return rows(tx, lead(&query), query).await };
    let mut found = rows(tx, OWN, query).await?;
    found.extend(rows(tx, WAITING, query).await?);
    for app in crate::app::list_responsible(tx, viewer).await? {
        if query.app.is_none_or(|wanted| *wanted == app) {
            let of_app = Query { app: Some(&app), viewer: None, ..query };
            found.extend(rows(tx, lead(&of_app), of_app).await?);
        }
    }
    let place = |found: &Found| (found.task.created_at, found.task.id.clone());
    found.sort_by_cached_key(place);
    found.dedup_by_key(|found| place(found));
    found.truncate(usize::try_from(query.limit).unwrap_or(0));
    Ok(found)
}

/// The statement that looks at the fewest rows for these filters.
fn lead(query: &Query<'_>) -> &'static str {
    match query {
        Query { assignee: Some(_), .. } => page!(
            "t.id in (select tr.task_id from user_key k join task_route tr on tr.key = k.key
               join task o on o.id = tr.task_id and tr.standby <= o.standby where k.user_id = $7
             union select tr.task_id from user_key k join app_role ar on ar.key = k.key
               join task_route tr on tr.key = ar.role_key join task o on o.id = tr.task_id and tr.standby <= o.standby
               where k.user_id = $7) and"
        ),
        Query { request: Some(_), .. } => page!("t.request_id = $4 and"),
        Query { app: Some(_), state: Some(_), .. } => page!("t.app_id = $6 and t.state = $5 and"),
        Query { app: Some(_), .. } => page!("t.app_id = $6 and"),
        Query { state: Some(_), .. } => page!("t.state = $5 and"),
        _ => page!(""),
    }
}

async fn rows(tx: &mut Tx, text: &'static str, query: Query<'_>) -> Result<Vec<Found>, StoreError> {
    let rows = all!(
        tx,
        Row,
        text,
        query.after.0,
        query.after.1,
        query.kind.map_or("", TaskKind::name),
        query.request.map_or("", RequestId::as_str),
        query.state.map_or("", TaskState::name),
        query.app.map_or("", AppId::as_str),
        query.assignee.map_or("", UserId::as_str),
        query.viewer.map_or("", UserId::as_str),
        query.limit
    )?;
    rows.into_iter().map(Row::found).collect()
}

/// How many open tasks wait for this person.
pub async fn count_open(tx: &mut Tx, assignee: &UserId) -> Result<u64, StoreError> {
    let row = one!(
        tx,
        (i64,),
        "select count(*) from task t join request q on q.id = t.request_id
         where t.state = 'open'
           and (t.kind <> 'approval' or (q.subject_id <> $1 and q.requester_id <> $1))
           and t.id in (select tr.task_id from user_key k join task_route tr on tr.key = k.key
               join task o on o.id = tr.task_id and tr.standby <= o.standby where k.user_id = $1
             union select tr.task_id from user_key k join app_role ar on ar.key = k.key
               join task_route tr on tr.key = ar.role_key join task o on o.id = tr.task_id and tr.standby <= o.standby
               where k.user_id = $1)",
        assignee.as_str()
    )?;
    Ok(row.map_or(0, |(n,)| n.unsigned_abs()))
}

/// How many open tasks there are.
pub async fn count_all_open(tx: &mut Tx) -> Result<u64, StoreError> {
    let row = one!(tx, (i64,), "select count(*) from task where state = 'open'")?;
    Ok(row.map_or(0, |(n,)| n.unsigned_abs()))
}
