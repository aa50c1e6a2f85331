//! Filing: one press of the button, one request per entitlement, all or none. Preview runs the same functions.

use domain::id::{RequestId, SubmissionId, UserId};
use domain::length::Length;
use domain::policy::Scope;
use domain::request::{self, Ask, PersonFact, Request, SubmitFacts};
use domain::time::Time;
use domain::user::User;
use domain::{Refusal, text};
use store::log::Sealed;
use store::session::Replay;
use store::{Tx, Verdict};

use super::caller::Caller;
use super::error::{AppError, Field, Outcome};
use super::facts::{self, Thing};
use super::parse::{self, Fields};
use super::record::{self, Basis};
use super::{App, show};
use crate::{body, words};

/// How many entitlements one submission may ask for.
const ITEMS_MAX: usize = 50;

/// One item, read.
struct Wanted {
    thing: Option<Thing>,
    length: Length,
    starts: Option<Time>,
}

/// A submission, read.
struct Read {
    requester: User,
    subject: User,
    justification: String,
    items: Vec<Wanted>,
}

/// An idempotency key with the hash of the body that came with it (I18).
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    /// What the client sent.
    pub key: String,
    /// SHA-256 of the body, lower-case hex.
    pub body_hash: String,
}

impl App {
    /// Files what is asked for: one request per item, all or none.
    ///
    /// With an idempotency key a repeated call gives the first answer again.
    ///
    /// # Errors
    /// Every item that is not accepted, by name; nothing is filed then.
    pub async fn submit(
        &self,
        caller: &Caller,
        asked: body::NewSubmission,
        key: Option<IdempotencyKey>,
    ) -> Outcome<body::Submission> {
        caller.require("POST /api/v1/submissions")?;
        let whose = caller.id()?.to_string();
        let by = caller.clone();
        let answer = self
            .change("submission.file", async move |tx| {
                if let Some(key) = &key
                    && let Some(found) = store::session::find_replay(tx, &whose, &key.key).await?
                {
                    return replayed(&found, key).map(Verdict::Done);
                }
                let answer = match file(tx, &by, asked).await? {
                    Verdict::Done(answer) => answer,
                    Verdict::Refused(refused) => return Ok(Verdict::Refused(refused)),
                };
                if let Some(key) = &key {
                    let body = serde_json::to_string(&answer).map_err(AppError::internal)?;
                    let replay = Replay { body_hash: key.body_hash.clone(), status: 201, body };
                    store::session::save_replay(tx, &whose, &key.key, &replay).await?;
                }
                Ok(Verdict::Done(answer))
            })
            .await?;
        self.announce(answer.requests.iter().flat_map(super::requests::topics));
        Ok(answer)
    }

    /// What would happen, and who would be asked. Changes nothing.
    ///
    /// # Errors
    /// When the submission is not well formed.
    pub async fn preview(&self, caller: &Caller, asked: body::NewSubmission) -> Outcome<body::Preview> {
        caller.require("POST /api/v1/preview")?;
        self.reader.read(async |tx| preview(tx, caller, &asked).await).await
    }
}

fn replayed(found: &Replay, key: &IdempotencyKey) -> Outcome<body::Submission> {
    if found.body_hash != key.body_hash {
        return Err(AppError::ReusedKey);
    }
    serde_json::from_str(&found.body).map_err(AppError::internal)
}

async fn read(tx: &mut Tx, caller: &Caller, asked: &body::NewSubmission) -> Outcome<Read> {
    let requester = caller.person()?.clone();
    let mut fields = Fields::default();
    if asked.kind.as_deref().is_some_and(|kind| kind != "grant") {
        fields.note("kind", words::say("invalid-choice"));
    }
    let subject = match &asked.subject {
        Some(who) => fields.take(parse::user(tx, "for", who).await)?,
        None => Some(requester.clone()),
    };
    let justification = fields.take(parse::free("justification", &asked.justification))?.unwrap_or_default();
    if asked.items.is_empty() || asked.items.len() > ITEMS_MAX {
        fields.note("items", words::tell("invalid-items", &[("max", &ITEMS_MAX.to_string())]));
    }
    let mut items = Vec::new();
    for (place, item) in asked.items.iter().enumerate().take(ITEMS_MAX) {
        let at = format!("items[{place}].");
        let own = item.duration.is_some() || item.until.is_some();
        let (from, whole) =
            if own { (&at[..], (&item.duration, &item.until)) } else { ("", (&asked.duration, &asked.until)) };
        let length = fields.take(parse::length(from, whole.0.as_deref(), whole.1.as_deref()))?;
        let starts = match item.starts.as_ref().or(asked.starts.as_ref()) {
            Some(starts) => fields.take(parse::time(&format!("{at}starts"), starts))?,
            None => None,
        };
        let thing = match parse::entitlement(tx, &item.entitlement).await? {
            Some(entitlement) => Some(facts::thing(tx, entitlement).await?),
            None => None,
        };
        items.extend(length.map(|length| Wanted { thing, length, starts }));
    }
    fields.check()?;
    let subject = subject.ok_or(AppError::NotFound)?;
    Ok(Read { requester, subject, justification, items })
}

/// What filing looks at, for one item.
async fn submit_facts(tx: &mut Tx, read: &Read, thing: &Thing) -> Outcome<SubmitFacts> {
    let policy = facts::policy_of(tx, &thing.settings).await?;
    let mut line = vec![read.subject.id.clone()];
    line.extend(read.subject.manager.clone());
    Ok(SubmitFacts {
        now: tx.now(),
        directory: tx.directory_version(),
        requester: PersonFact::from(&read.requester),
        subject: PersonFact::from(&read.subject),
        line,
        app: thing.app.id.clone(),
        entitlement: thing.entitlement.id.clone(),
        definition: thing.entitlement.definition(),
        offered: store::entitlement::is_offered(tx, &read.subject.id, &thing.entitlement.id).await?,
        settings: thing.settings.clone(),
        policy,
        open: store::request::find_open(tx, &read.subject.id, &thing.entitlement.id, None).await?,
    })
}

fn ask(
    read: &Read,
    item: &Wanted,
    ids: (RequestId, i64, SubmissionId),
    sealed: Option<&Sealed>,
    caller: &Caller,
) -> Ask {
    let (request, number, submission) = ids;
    Ask {
        request,
        number,
        submission,
        requester: read.requester.id.clone(),
        subject: read.subject.id.clone(),
        length: item.length,
        starts: item.starts,
        justification: sealed.map(|sealed| request::Commitment { commitment: sealed.commitment().to_string() }),
        door: caller.door,
    }
}

/// An id of nothing, for asking what would happen.
fn no_ids() -> (RequestId, i64, SubmissionId) {
    (RequestId::from_bits(0), 0, SubmissionId::from_bits(0))
}

fn sealed(read: &Read) -> Result<Option<Sealed>, store::StoreError> {
    let given = !read.justification.is_empty();
    given.then(|| Sealed::new("justification", read.justification.clone())).transpose()
}

/// Everything that stands in the way of one item.
async fn problems(tx: &mut Tx, read: &Read, item: &Wanted, caller: &Caller) -> Outcome<Vec<Refusal>> {
    let Some(thing) = &item.thing else { return Ok(vec![Refusal::NotRequestable]) };
    let facts = submit_facts(tx, read, thing).await?;
    let sealed = sealed(read)?;
    Ok(request::problems(&ask(read, item, no_ids(), sealed.as_ref(), caller), &facts))
}

async fn preview(tx: &mut Tx, caller: &Caller, asked: &body::NewSubmission) -> Outcome<body::Preview> {
    let read = read(tx, caller, asked).await?;
    let mut items = Vec::with_capacity(read.items.len());
    for (place, item) in read.items.iter().enumerate() {
        let refusals = problems(tx, &read, item, caller).await?;
        let hidden = refusals.iter().any(|refusal| matches!(refusal, Refusal::NotRequestable | Refusal::NotForOthers));
        let problems = refusals.iter().map(|refusal| problem(place, refusal)).collect();
        let (entitlement, steps) = match item.thing.as_ref().filter(|_| !hidden) {
            Some(thing) => (Some(show::entitlement(thing)), planned(tx, &read, thing).await?),
            None => (None, Vec::new()),
        };
        items.push(body::PreviewItem { entitlement, steps, problems });
    }
    Ok(body::Preview { items })
}

/// Who would be asked, by the same functions that a request's page uses.
async fn planned(tx: &mut Tx, read: &Read, thing: &Thing) -> Outcome<Vec<body::Step>> {
    let policy = facts::policy_of(tx, &thing.settings).await?;
    let Some((_, mut specs)) = policy.as_ref().and_then(request::plan_of) else { return Ok(Vec::new()) };
    if specs.iter().all(domain::policy::StepSpec::is_skipped) {
        specs.push(domain::policy::StepSpec::of_stand_ins());
    }
    let line = facts::line(tx, &read.subject.id, &specs.iter().collect::<Vec<_>>()).await?;
    let scope = Scope { app: &thing.app.id, line: &line };
    let barred: [&UserId; 2] = [&read.requester.id, &read.subject.id];
    let mut steps = Vec::with_capacity(specs.len());
    for (place, spec) in specs.iter().enumerate() {
        let mut step = show::step(tx, spec, scope, barred).await?;
        step.id = place.to_string();
        steps.push(step);
    }
    steps.push(show::set_up_step(tx, thing, show::is_by_hand(thing)).await?);
    Ok(steps)
}

/// The field that a refusal is about.
fn field_of(place: usize, refusal: &Refusal) -> String {
    match refusal {
        Refusal::BadLength(domain::length::BadLength::BadStart) => format!("items[{place}].starts"),
        Refusal::BadLength(_) => format!("items[{place}].duration"),
        Refusal::JustificationRequired => "justification".to_owned(),
        Refusal::NotForOthers | Refusal::SubjectInactive => "for".to_owned(),
        _ => format!("items[{place}].entitlement"),
    }
}

fn problem(place: usize, refusal: &Refusal) -> body::Problem {
    body::Problem { field: field_of(place, refusal), message: super::requests::sentence(refusal) }
}

/// Files what was read. One bad item refuses the whole submission.
async fn file(
    tx: &mut Tx,
    caller: &Caller,
    asked: body::NewSubmission,
) -> Outcome<Verdict<body::Submission, AppError>> {
    let read = read(tx, caller, &asked).await?;
    let mut refused = Vec::new();
    for (place, item) in read.items.iter().enumerate() {
        refused.extend(problems(tx, &read, item, caller).await?.into_iter().map(|refusal| (place, refusal)));
    }
    refused.extend(repeated(&read).map(|place| (place, Refusal::NothingChanged)));
    if let Some(error) = refuse(&read, refused) {
        return Err(error);
    }
    let submission = SubmissionId::from_bits(store::fresh_bits());
    let mut filed: Vec<Request> = Vec::with_capacity(read.items.len());
    for item in &read.items {
        let Some(thing) = &item.thing else { return Err(AppError::NotFound) };
        let facts = submit_facts(tx, &read, thing).await?;
        let sealed = sealed(&read)?;
        let ids = (RequestId::from_bits(store::fresh_bits()), tx.take_request_number()?, submission.clone());
        let events = request::submit(ask(&read, item, ids, sealed.as_ref(), caller), &facts)?;
        let basis = Basis::new(&looked_at(&facts), sealed.into_iter().collect())?;
        filed.push(record::request(tx, caller, None, &events, basis).await?);
    }
    let mut requests = Vec::with_capacity(filed.len());
    for request in &filed {
        requests.push(show::request(tx, request, caller).await?);
    }
    Ok(Verdict::Done(body::Submission { id: submission.to_string(), requests }))
}

/// The places of items that ask for the same thing as one before them.
fn repeated(read: &Read) -> impl Iterator<Item = usize> {
    let ids: Vec<_> = read.items.iter().map(|item| item.thing.as_ref().map(|thing| &thing.entitlement.id)).collect();
    (0..ids.len()).filter(move |place| ids.iter().take(*place).any(|id| id.is_some() && ids.get(*place) == Some(id)))
}

/// The answer to a submission that cannot be filed: one problem by its own name, several as a list of fields.
fn refuse(read: &Read, refused: Vec<(usize, Refusal)>) -> Option<AppError> {
    let (_, first) = refused.first()?;
    let lone = read.items.len() == 1;
    let telling = matches!(
        first,
        Refusal::DuplicateRequest { .. } | Refusal::NotRequestable | Refusal::NotForOthers | Refusal::Inactive
    );
    if telling && (lone || matches!(first, Refusal::NotForOthers | Refusal::Inactive)) {
        let request = if let Refusal::DuplicateRequest { request, .. } = first { Some(request.clone()) } else { None };
        return Some(AppError::Refused { refusal: first.clone(), request });
    }
    let fields = refused.iter().map(|(place, refusal)| {
        let problem = problem(*place, refusal);
        Field { field: problem.field, message: problem.message }
    });
    Some(AppError::Invalid(fields.collect()))
}

/// What filing looked at, as the leaf keeps it.
fn looked_at(facts: &SubmitFacts) -> serde_json::Value {
    serde_json::json!({
        "now": facts.now, "directory": facts.directory, "requester": facts.requester, "subject": facts.subject,
        "line": facts.line, "definition": facts.definition, "offered": facts.offered,
        "longest": facts.settings.max_length, "justification_required": facts.settings.justification_required,
    })
}

/// Whether text is short enough to be a key of an idempotent call.
#[must_use]
pub fn is_idempotency_key(key: &str) -> bool {
    (1..=200).contains(&key.len()) && text::name(key).is_ok()
}
