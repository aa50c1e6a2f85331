//! What Keyfob does by itself: claims operations, takes their outcome, starts and ends what is due.

use domain::grant;
use domain::id::{GrantId, RequestId, UserId};
use domain::job::{Act, Lane, Operation, next_try};
use domain::request::{Approval, Command, Fulfilment, Request};
use domain::time::{Span, Time};
use domain::{Refusal, request};
use store::job::{Finish, Job};
use store::{Tx, Verdict};

use super::caller::Caller;
use super::error::{AppError, Outcome};
use super::record::{self, Basis};
use super::{App, facts};
use crate::words;

/// An operation to be done now, with all that a connector needs to know.
#[derive(Clone, Debug)]
pub struct Order {
    /// The job it belongs to.
    pub job: Job,
    /// Slug of the app.
    pub app: String,
    /// Which connector.
    pub connector: domain::app::Connector,
    /// Account name in the app.
    pub account: String,
    /// Slug of the entitlement.
    pub entitlement: String,
}

/// How a try ended.
#[derive(Clone, Debug)]
pub enum Tried {
    /// It is as it should be. `verified`: it was seen.
    Done {
        /// Whether it was seen.
        verified: bool,
    },
    /// It will never work like this; a person has to do it.
    Refused {
        /// Why.
        why: String,
    },
    /// It may be repeated.
    Later {
        /// Why.
        why: String,
        /// How long the target asked to wait.
        after: Option<Span>,
        /// Whether it may have had its effect.
        unknown: bool,
    },
}

/// What is due by the clock, and when to look again.
#[derive(Clone, Debug, Default)]
pub struct Due {
    /// Requests to start or expire.
    pub requests: Vec<RequestId>,
    /// Grants to end.
    pub grants: Vec<GrantId>,
}

/// How many due things are read at a time.
const DUE_MAX: i64 = 200;

/// The live pages that show a request or the access that it gave.
fn topics(request: &Request) -> [String; 4] {
    let user = |id: &UserId| format!("user:{id}");
    [format!("request:KF-{}", request.number), user(&request.subject), user(&request.requester), "tasks".to_owned()]
}

impl App {
    /// Takes up to `limit` operations of a lane. Those that are no longer wanted are cancelled here (I26).
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn claim(&self, lane: Lane, lease: Span, limit: i64, correlation: &str) -> Outcome<Vec<Order>> {
        let idle = self.reader.read(async |tx| is_idle(tx, lane).await).await?;
        if idle {
            return Ok(Vec::new());
        }
        let system = Caller::system(correlation);
        self.change_quietly("job.claim", async move |tx| {
            let mut orders = Vec::new();
            for job in store::job::claim(tx, lane, lease, limit).await? {
                match unwanted(tx, &job).await? {
                    Some(why) => drop_job(tx, &system, &job, why).await?,
                    None => orders.push(order(tx, job).await?),
                }
            }
            Ok(Verdict::Done(orders))
        })
        .await
    }

    /// Takes the outcome of a try. A report that was overtaken changes nothing (I25).
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn report(&self, order: &Order, tried: Tried, dice: u32, correlation: &str) -> Outcome<()> {
        let (job, system) = (order.job.clone(), Caller::system(correlation));
        let after = self
            .change("job.report", async move |tx| {
                let finish = finish(&job, &tried, dice, tx.now());
                if !store::job::finish(tx, &job, &finish).await? {
                    return Ok(Verdict::Done(Vec::new()));
                }
                let gives_up = matches!(finish, Finish::Dead { .. });
                let changed = match (&job.operation.grant, job.operation.act) {
                    (Some(grant), _) => removed(tx, &system, grant, &job.operation, &tried, gives_up).await,
                    (None, Act::Give) => provisioned(tx, &system, &job.operation, &tried, gives_up).await,
                    (None, Act::Take) => Ok(()),
                };
                match changed {
                    Ok(()) => Ok(Verdict::Done(shown_by(tx, &job.operation).await?)),
                    Err(AppError::Refused { refusal: Refusal::Overtaken, .. }) => Ok(Verdict::Done(Vec::new())),
                    Err(other) => Err(other),
                }
            })
            .await?;
        self.announce(after.iter().flat_map(topics));
        Ok(())
    }

    /// What is due now.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn due(&self) -> Outcome<Due> {
        self.reader
            .read(async |tx| {
                let now = tx.now();
                let grants = store::grant::list_due(tx, now, DUE_MAX).await?;
                Ok(Due { requests: store::request::list_waking(tx, now, DUE_MAX).await?, grants })
            })
            .await
    }

    /// Ends a grant whose time is over (S1-27). `false` = there was nothing to end.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn expire_grant(&self, id: &GrantId, correlation: &str) -> Outcome<bool> {
        let (id, system) = (id.clone(), Caller::system(correlation));
        let ended = self
            .change("grant.expire", async move |tx| {
                let Some(held) = store::grant::find(tx, &id).await? else { return Ok(Verdict::Done(None)) };
                let Some(entitlement) = store::entitlement::find(tx, &held.entitlement).await? else {
                    return Ok(Verdict::Done(None));
                };
                let thing = facts::thing(tx, entitlement).await?;
                let facts = facts::of_grant(tx, &held, &thing, None).await?;
                match grant::decide(&held, &facts, &system.actor(), grant::Command::Expire) {
                    Ok(events) => {
                        let origin = store::request::find(tx, &held.request).await?;
                        record::grant(tx, &system, held, &events, Basis::new(&facts, Vec::new())?).await?;
                        Ok(Verdict::Done(origin))
                    }
                    Err(_) => Ok(Verdict::Done(None)),
                }
            })
            .await?;
        self.announce(ended.iter().flat_map(topics));
        Ok(ended.is_some())
    }

    /// Starts a request whose start has come, or ends one whose time is over (I36). `false` = neither is so.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn wake_request(&self, id: &RequestId, correlation: &str) -> Outcome<bool> {
        let (id, system) = (id.clone(), Caller::system(correlation));
        let after = self
            .change("request.wake", async move |tx| {
                let Some(found) = store::request::find(tx, &id).await? else { return Ok(Verdict::Done(None)) };
                let thing = facts::thing_of(tx, &found).await?;
                let facts = facts::of_request(tx, &found, &thing, None).await?;
                let actor = system.actor();
                let woken = request::decide(&found, &facts, &actor, Command::Expire)
                    .or_else(|_| request::decide(&found, &facts, &actor, Command::Start));
                let Ok(events) = woken else { return Ok(Verdict::Done(None)) };
                let basis = Basis::new(&facts, Vec::new())?;
                Ok(Verdict::Done(Some(record::request(tx, &system, Some(found), &events, basis).await?)))
            })
            .await?;
        self.announce(after.iter().flat_map(topics));
        Ok(after.is_some())
    }

    /// As [`App::change`], without waking the worker: it is the one that asks.
    async fn change_quietly<T>(
        &self,
        name: &'static str,
        work: impl AsyncFnOnce(&mut Tx) -> Result<Verdict<T, AppError>, AppError>,
    ) -> Outcome<T> {
        match self.writer.write(name, work).await? {
            Verdict::Done(answer) => Ok(answer),
            Verdict::Refused(refused) => Err(refused),
        }
    }
}

/// Whether a lane has nothing due, so that an idle worker writes nothing.
async fn is_idle(tx: &mut Tx, lane: Lane) -> Outcome<bool> {
    Ok(!store::job::is_due(tx, lane).await?)
}

/// Why an operation is no longer wanted, as the key of a sentence: looked at in the transaction that claims it (I26).
async fn unwanted(tx: &mut Tx, job: &Job) -> Outcome<Option<&'static str>> {
    let operation = &job.operation;
    if let Some(id) = &operation.grant {
        let ending = store::grant::find(tx, id).await?.is_some_and(|held| held.state == grant::GrantState::Ending);
        return Ok(if ending { covered(tx, operation).await? } else { Some("problem-grant-over") });
    }
    if operation.act == Act::Take {
        return covered(tx, operation).await;
    }
    let Some(request) = store::request::find(tx, &operation.request).await? else {
        return Ok(Some("problem-not-waiting"));
    };
    if !is_waiting(&request) || request.operation.as_ref() != Some(&operation.id) {
        return Ok(Some("problem-not-waiting"));
    }
    let subject = store::user::find(tx, &operation.user).await?;
    Ok((!subject.is_some_and(|user| user.is_active())).then_some("problem-person-inactive"))
}

/// Taking must not take what another active grant gives (I28).
async fn covered(tx: &mut Tx, operation: &Operation) -> Outcome<Option<&'static str>> {
    let others = store::grant::list_active(tx, &operation.user, &operation.entitlement, None).await?;
    Ok((!others.is_empty()).then_some("problem-covered"))
}

fn is_waiting(request: &Request) -> bool {
    request.approval == Approval::Approved
        && matches!(request.fulfilment, Some(Fulfilment::Queued | Fulfilment::Failed | Fulfilment::Unknown))
}

/// Cancels a job. A request that still waited for it goes to the app's admins, who see why.
async fn drop_job(tx: &mut Tx, system: &Caller, job: &Job, why: &str) -> Outcome<()> {
    store::job::finish(tx, job, &Finish::Cancelled { problem: words::say(why) }).await?;
    if let Some(id) = &job.operation.grant
        && let Some(held) = store::grant::find(tx, id).await?
    {
        return Ok(record::covered(tx, system, held).await?);
    }
    if job.operation.act == Act::Give {
        let tried = Tried::Refused { why: words::say(why) };
        return match provisioned(tx, system, &job.operation, &tried, true).await {
            Err(AppError::Refused { .. }) => Ok(()),
            other => other,
        };
    }
    Ok(())
}

async fn order(tx: &mut Tx, job: Job) -> Outcome<Order> {
    let user = store::user::find(tx, &job.operation.user).await?.ok_or(AppError::NotFound)?;
    let entitlement = store::entitlement::find(tx, &job.operation.entitlement).await?.ok_or(AppError::NotFound)?;
    let app = store::app::find(tx, &job.operation.app).await?.ok_or(AppError::NotFound)?;
    Ok(Order { job, app: app.slug, connector: app.connector, account: user.email, entitlement: entitlement.slug })
}

/// What becomes of the job.
fn finish(job: &Job, tried: &Tried, dice: u32, now: Time) -> Finish {
    match tried {
        Tried::Done { .. } => Finish::Done,
        // Taking back what an abandoned operation may have given has no task of its own, so it is never given up (I30).
        Tried::Refused { why } if job.operation.act == Act::Take && job.operation.grant.is_none() => {
            Finish::Again { due_at: now.plus(Span::from_hours(1)), problem: why.clone() }
        }
        Tried::Refused { why } => Finish::Dead { problem: why.clone() },
        Tried::Later { why, after, .. } => {
            match next_try(job.operation.lane(), job.created_at, job.attempts, *after, (now, dice)) {
                Some(due_at) => Finish::Again { due_at, problem: why.clone() },
                None => Finish::Dead { problem: why.clone() },
            }
        }
    }
}

/// Tells the request what became of its operation.
async fn provisioned(
    tx: &mut Tx,
    system: &Caller,
    operation: &Operation,
    tried: &Tried,
    gives_up: bool,
) -> Outcome<()> {
    let Some(found) = store::request::find(tx, &operation.request).await? else { return Ok(()) };
    let operation = operation.id.clone();
    let command = match tried {
        Tried::Done { .. } => Command::Provisioned { operation },
        Tried::Refused { why } => {
            Command::NotProvisioned { operation, problem: why.clone(), unknown: false, gives_up: true }
        }
        Tried::Later { why, unknown, .. } => {
            Command::NotProvisioned { operation, problem: why.clone(), unknown: *unknown, gives_up }
        }
    };
    let thing = facts::thing_of(tx, &found).await?;
    let facts = facts::of_request(tx, &found, &thing, None).await?;
    let events = request::decide(&found, &facts, &system.actor(), command)?;
    record::request(tx, system, Some(found), &events, Basis::default()).await?;
    Ok(())
}

/// The requests whose pages show what an operation did: the one that gave the access and the one that takes it away.
async fn shown_by(tx: &mut Tx, operation: &Operation) -> Outcome<Vec<Request>> {
    let mut shown = Vec::from_iter(store::request::find(tx, &operation.request).await?);
    let held = match &operation.grant {
        Some(id) => store::grant::find(tx, id).await?,
        None => None,
    };
    if let Some(removal) = held.and_then(|held| held.removal).and_then(|removal| removal.request) {
        shown.extend(store::request::find(tx, &removal).await?);
    }
    Ok(shown)
}

/// Tells the grant what became of its removal.
async fn removed(
    tx: &mut Tx,
    system: &Caller,
    id: &GrantId,
    operation: &Operation,
    tried: &Tried,
    gives_up: bool,
) -> Outcome<()> {
    let Some(held) = store::grant::find(tx, id).await? else { return Ok(()) };
    let operation = operation.id.clone();
    let command = match tried {
        Tried::Done { verified } => grant::Command::Removed { operation, verified: *verified },
        Tried::Refused { why } => grant::Command::NotRemoved { operation, problem: why.clone(), gives_up: true },
        Tried::Later { why, .. } => grant::Command::NotRemoved { operation, problem: why.clone(), gives_up },
    };
    let entitlement = store::entitlement::find(tx, &held.entitlement).await?.ok_or(AppError::NotFound)?;
    let thing = facts::thing(tx, entitlement).await?;
    let facts = facts::of_grant(tx, &held, &thing, None).await?;
    let events = grant::decide(&held, &facts, &system.actor(), command)?;
    record::grant(tx, system, held, &events, Basis::default()).await?;
    Ok(())
}
