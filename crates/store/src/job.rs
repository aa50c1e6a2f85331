//! Jobs: what the world must be told. Written with the change that caused them, claimed with a lease and a fence.

use domain::id::{OperationId, RequestId};
use domain::job::{Lane, Operation};
use domain::time::{Span, Time};
use sqlx::types::Json;

use crate::error::StoreError;
use crate::sql::{Tx, all, one, run};

/// A job.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Job {
    /// What is to be done.
    pub operation: Operation,
    /// How often it has been tried, this time included.
    pub attempts: u32,
    /// Whoever reports has to show it; a later claim has a higher one (I25).
    pub fence: i64,
    /// When it was written.
    pub created_at: Time,
    /// When the next try is due.
    pub due_at: Time,
    /// `queued`, `done`, `dead` or `cancelled`.
    pub state: String,
    /// Until when somebody is at it.
    pub leased_until: Option<Time>,
    /// What went wrong last.
    pub problem: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    operation: Json<Operation>,
    attempts: i64,
    fence: i64,
    created_at: i64,
    due_at: i64,
    state: String,
    leased_until: Option<i64>,
    problem: Option<String>,
}

impl Row {
    fn job(self) -> Job {
        Job {
            operation: self.operation.0,
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            fence: self.fence,
            created_at: Time::from_micros(self.created_at),
            due_at: Time::from_micros(self.due_at),
            state: self.state,
            leased_until: self.leased_until.map(Time::from_micros),
            problem: self.problem,
        }
    }
}

#[derive(sqlx::FromRow)]
struct ClaimedRow {
    sequence: i64,
    #[sqlx(flatten)]
    row: Row,
}

/// Writes a job that is due at once. `sequence` is its place in the order of all jobs.
pub async fn enqueue(tx: &mut Tx, operation: &Operation, sequence: i64, now: Time) -> Result<(), StoreError> {
    run!(
        tx,
        "insert into job (id, lane, order_key, sequence, state, request_id, grant_id, operation, due_at, created_at,
           attempts, fence)
         values ($1, $2, $3, $4, 'queued', $5, $6, $7, $8, $8, 0, 0) on conflict do nothing",
        operation.id.as_str(),
        operation.lane().name(),
        operation.order_key(),
        sequence,
        operation.request.as_str(),
        operation.grant.as_ref().map(domain::id::GrantId::as_str),
        Json(operation),
        now.micros()
    )?;
    Ok(())
}

/// The job of an operation.
pub async fn find(tx: &mut Tx, id: &OperationId) -> Result<Option<Job>, StoreError> {
    let row = one!(
        tx,
        Row,
        "select operation, attempts, fence, created_at, due_at, state, leased_until, problem from job where id = $1",
        id.as_str()
    )?;
    Ok(row.map(Row::job))
}

/// Takes up to `limit` due jobs of a lane. An attempt is counted before the call (I22), and of jobs with the same
/// order key only the first that is not finished can be taken (I27).
pub async fn claim(tx: &mut Tx, lane: Lane, lease: Span, limit: i64) -> Result<Vec<Job>, StoreError> {
    let now = tx.now();
    let mut rows = all!(
        tx,
        ClaimedRow,
        "update job set attempts = attempts + 1, fence = fence + 1, leased_until = $4
         where id in (select j.id from job j
           where j.lane = $1 and j.state = 'queued' and j.due_at <= $2
             and (j.leased_until is null or j.leased_until <= $2)
             and not exists (select 1 from job e where e.order_key = j.order_key and e.state = 'queued'
               and e.sequence < j.sequence)
           order by j.due_at, j.sequence limit $3)
         returning sequence, operation, attempts, fence, created_at, due_at, state, leased_until, problem",
        lane.name(),
        now.micros(),
        limit,
        now.plus(lease).micros()
    )?;
    rows.sort_by_key(|claimed| (claimed.row.due_at, claimed.sequence));
    Ok(rows.into_iter().map(|claimed| claimed.row.job()).collect())
}

/// What became of a try.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Finish {
    /// It is done.
    Done,
    /// It is no longer wanted.
    Cancelled {
        /// Why.
        problem: String,
    },
    /// It is not tried again by itself.
    Dead {
        /// Why.
        problem: String,
    },
    /// It is tried again.
    Again {
        /// When.
        due_at: Time,
        /// What went wrong.
        problem: String,
    },
}

/// Notes what became of a try. `false` when somebody has claimed the job since (I25).
pub async fn finish(tx: &mut Tx, job: &Job, finish: &Finish) -> Result<bool, StoreError> {
    let now = tx.now();
    let (state, due_at, problem, finished) = match finish {
        Finish::Done => ("done", job.due_at, None, Some(now)),
        Finish::Cancelled { problem } => ("cancelled", job.due_at, Some(problem), Some(now)),
        Finish::Dead { problem } => ("dead", job.due_at, Some(problem), Some(now)),
        Finish::Again { due_at, problem } => ("queued", *due_at, Some(problem), None),
    };
    let changed = run!(
        tx,
        "update job set state = $1, due_at = $2, problem = $3, finished_at = $4, leased_until = null
         where id = $5 and fence = $6 and state = 'queued'",
        state,
        due_at.micros(),
        problem.map(String::as_str),
        finished.map(Time::micros),
        job.operation.id.as_str(),
        job.fence
    )?;
    Ok(changed > 0)
}

/// Cancels what is queued for a request and not being done at this moment.
pub async fn cancel_for_request(tx: &mut Tx, request: &RequestId, why: &str) -> Result<(), StoreError> {
    let now = tx.now();
    run!(
        tx,
        "update job set state = 'cancelled', problem = $1, finished_at = $2
         where request_id = $3 and grant_id is null and lane = 'provision' and state = 'queued'
           and (leased_until is null or leased_until <= $2)",
        why,
        now.micros(),
        request.as_str()
    )?;
    Ok(())
}

/// Whether the connector is being called for a request at this moment.
pub async fn is_in_flight(tx: &mut Tx, request: &RequestId) -> Result<bool, StoreError> {
    let now = tx.now();
    let row = one!(
        tx,
        (i64,),
        "select count(*) from job
         where request_id = $1 and lane = 'provision' and state = 'queued' and leased_until > $2",
        request.as_str(),
        now.micros()
    )?;
    Ok(row.is_some_and(|(n,)| n > 0))
}

/// Whether a lane has anything that can be claimed now.
pub async fn is_due(tx: &mut Tx, lane: Lane) -> Result<bool, StoreError> {
    let now = tx.now();
    let row = one!(
        tx,
        (i64,),
        "select count(*) from (select 1 from job j
         where j.lane = $1 and j.state = 'queued' and j.due_at <= $2
           and (j.leased_until is null or j.leased_until <= $2)
           and not exists (select 1 from job e where e.order_key = j.order_key and e.state = 'queued'
             and e.sequence < j.sequence) limit 1) x",
        lane.name(),
        now.micros()
    )?;
    Ok(row.is_some_and(|(n,)| n > 0))
}

/// How many jobs of a lane are in a state, for metrics and `doctor`.
pub async fn count(tx: &mut Tx, lane: Lane, state: &str) -> Result<u64, StoreError> {
    let row = one!(tx, (i64,), "select count(*) from job where lane = $1 and state = $2", lane.name(), state)?;
    Ok(row.map_or(0, |(n,)| n.unsigned_abs()))
}

/// Jobs that nobody tries any more by themselves, the newest first.
pub async fn list_dead(tx: &mut Tx, limit: i64) -> Result<Vec<Job>, StoreError> {
    let rows = all!(
        tx,
        Row,
        "select operation, attempts, fence, created_at, due_at, state, leased_until, problem from job
         where state = 'dead' order by sequence desc limit $1",
        limit
    )?;
    Ok(rows.into_iter().map(Row::job).collect())
}
