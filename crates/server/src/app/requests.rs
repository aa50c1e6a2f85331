//! Requests: find, list, comment, cancel, edit.

use domain::Refusal;
use domain::id::RequestId;
use domain::length::{BadLength, Length, Stay};
use domain::policy::Scope;
use domain::request::{self, Ask, Command, EditAsk, PersonFact, Request, SubmitFacts};
use store::entitlement::OfferQuery;
use store::{Tx, Verdict};

use super::caller::Caller;
use super::error::{AppError, Outcome};
use super::record::{self, Basis};
use super::{App, facts, parse, show};
use crate::{body, words};

/// How many other entitlements an edit offers.
const ALTERNATIVES_MAX: i64 = 200;

/// What requests to list, as it came in.
#[derive(Clone, Debug, Default)]
pub struct RequestQuery {
    /// Id or mail address.
    pub subject: Option<String>,
    /// Id or mail address.
    pub requester: Option<String>,
    /// Id or slug.
    pub app: Option<String>,
    /// Id or key.
    pub entitlement: Option<String>,
    /// Name of a state.
    pub approval: Option<String>,
    /// Name of a state.
    pub fulfilment: Option<String>,
    /// `KF-1042`.
    pub number: Option<String>,
    /// Only those to which something can still happen.
    pub open: bool,
    /// Only the caller's own, filed or to receive.
    pub mine: bool,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// How many at most.
    pub limit: i64,
}

impl App {
    /// The request with this id or number.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also for what the caller may not see.
    pub async fn request(&self, caller: &Caller, id: &str) -> Outcome<body::Request> {
        caller.require("GET /api/v1/requests/{id}")?;
        self.reader
            .read(async |tx| {
                let found = find(tx, caller, id).await?;
                Ok(show::request(tx, &found, caller).await?)
            })
            .await
    }

    /// A user by id, for naming who was faster.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn known_user(&self, id: &domain::id::UserId) -> Outcome<body::User> {
        self.reader.read(async |tx| Ok(show::user_by_id(tx, id).await?)).await
    }

    /// What is offered to the subject of a request in the same app: what an edit may choose from.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also for what the caller may not see.
    pub async fn alternatives(&self, caller: &Caller, id: &str) -> Outcome<Vec<body::Entitlement>> {
        self.reader
            .read(async |tx| {
                let found = find(tx, caller, id).await?;
                let query = OfferQuery {
                    query: "",
                    app: Some(&found.app),
                    entitlement: None,
                    after: ("", ""),
                    limit: ALTERNATIVES_MAX,
                };
                let mut offered = Vec::new();
                for offer in store::entitlement::list_offers(tx, &found.subject, query).await? {
                    let thing = facts::thing(tx, offer.entitlement.clone()).await?;
                    offered.push(show::entitlement(&thing));
                }
                Ok(offered)
            })
            .await
    }

    /// Requests that the caller may see, newest first.
    ///
    /// # Errors
    /// When a filter is not well formed.
    pub async fn requests(&self, caller: &Caller, query: RequestQuery) -> Outcome<body::Page<body::Request>> {
        caller.require("GET /api/v1/requests")?;
        self.reader.read(async |tx| list(tx, caller, &query).await).await
    }

    /// Says something on a request.
    ///
    /// # Errors
    /// When the caller has no part in it, or the text is not taken.
    pub async fn comment(&self, caller: &Caller, id: &str, text: &str) -> Outcome<body::Request> {
        let text = parse::free("text", text)?;
        if text.is_empty() {
            return Err(AppError::field("text", words::say("invalid-empty")));
        }
        let (id, by) = (id.to_owned(), caller.clone());
        self.act("request.comment", caller, async move |tx| {
            let (commitment, texts) = record::seal("text", Some(text))?;
            let Some(text) = commitment else { return Err(AppError::NotFound) };
            act_on(tx, &by, &id, "comment", Command::Comment { text }, texts).await
        })
        .await
    }

    /// Withdraws a request.
    ///
    /// # Errors
    /// When it has ended, or the caller may not.
    pub async fn cancel(&self, caller: &Caller, id: &str, reason: Option<&str>) -> Outcome<body::Request> {
        let reason = parse::optional("reason", reason)?;
        let (id, by) = (id.to_owned(), caller.clone());
        self.act("request.cancel", caller, async move |tx| {
            let (comment, texts) = record::seal("comment", reason)?;
            act_on(tx, &by, &id, "cancel", Command::Cancel { comment }, texts).await
        })
        .await
    }

    /// Changes what is asked for, until access is in place: a new revision, earlier approvals are void.
    ///
    /// # Errors
    /// When it changes nothing, is not offered, or the caller may not.
    pub async fn edit(&self, caller: &Caller, id: &str, edit: body::Edit) -> Outcome<body::Request> {
        let (id, by) = (id.to_owned(), caller.clone());
        self.act("request.edit", caller, async move |tx| edited(tx, &by, &id, edit).await).await
    }

    /// Runs a use case on one request, tells live pages, and gives the request as the caller now sees it.
    pub(super) async fn act(
        &self,
        name: &'static str,
        caller: &Caller,
        work: impl AsyncFnOnce(&mut Tx) -> Outcome<Verdict<Request, AppError>>,
    ) -> Outcome<body::Request> {
        let after = self.change(name, work).await?;
        let read = self
            .reader
            .read(async |tx| Ok::<_, AppError>((show::request(tx, &after, caller).await?, origin(tx, &after).await?)));
        let (shown, origin) = read.await?;
        self.announce(topics(&shown).into_iter().chain(origin));
        Ok(shown)
    }
}

/// The live pages that show a request.
pub(super) fn topics(request: &body::Request) -> Vec<String> {
    vec![
        format!("request:{}", request.number),
        format!("user:{}", request.subject.id),
        format!("user:{}", request.requester.id),
        "tasks".to_owned(),
    ]
}

/// The request that gave the access which this one takes away: its page shows the end, too.
async fn origin(tx: &mut Tx, removal: &Request) -> Outcome<Option<String>> {
    let Some(id) = removal.grant.as_ref().filter(|_| removal.kind == request::Kind::Revoke) else { return Ok(None) };
    let Some(held) = store::grant::find(tx, id).await? else { return Ok(None) };
    let origin = store::request::find(tx, &held.request).await?;
    Ok(origin.map(|origin| format!("request:KF-{}", origin.number)))
}

/// The request, if the caller may see it (T10: 404, never 403).
pub(super) async fn find(tx: &mut Tx, caller: &Caller, id: &str) -> Outcome<Request> {
    let found = match (RequestId::parse(id), id.strip_prefix("KF-").and_then(|n| n.parse().ok())) {
        (Ok(id), _) => store::request::find(tx, &id).await?,
        (_, Some(number)) => store::request::find_by_number(tx, number).await?,
        _ => None,
    };
    let found = found.ok_or(AppError::NotFound)?;
    let visible = caller.sees_everything()
        || store::request::is_visible(tx, &found.id, caller.id()?).await?
        || was_asked(tx, &found, caller.id()?).await?;
    if visible { Ok(found) } else { Err(AppError::NotFound) }
}

/// Whether a person is among those who could have answered a step that somebody else was faster with, so that he is
/// told so, and by whom.
async fn was_asked(tx: &mut Tx, request: &Request, who: &domain::id::UserId) -> Outcome<bool> {
    if request.barred().contains(&who) {
        return Ok(false);
    }
    let specs: Vec<_> = request.plan.iter().map(|step| &step.spec).collect();
    let line = facts::line(tx, &request.subject, &specs).await?;
    let scope = Scope { app: &request.app, line: &line };
    for step in request.plan.iter().filter(|step| !step.decisions.is_empty()) {
        let fact = facts::step(tx, &step.spec, scope, std::slice::from_ref(who), request.barred()).await?;
        if fact.includes(step.spec.quorum, who) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn list(tx: &mut Tx, caller: &Caller, query: &RequestQuery) -> Outcome<body::Page<body::Request>> {
    if let Some(number) = &query.number {
        let items = match find(tx, caller, number).await {
            Ok(found) => vec![show::request(tx, &found, caller).await?],
            Err(AppError::NotFound) => Vec::new(),
            Err(other) => return Err(other),
        };
        return Ok(body::Page { items, next: None });
    }
    let me = caller.id()?.clone();
    parse::one_of("approval", query.approval.as_deref(), &APPROVALS)?;
    parse::one_of("fulfilment", query.fulfilment.as_deref(), &FULFILMENTS)?;
    let subject = user_filter(tx, caller, "subject", query.subject.as_deref()).await?;
    let requester = user_filter(tx, caller, "requester", query.requester.as_deref()).await?;
    let app = match &query.app {
        Some(app) => Some(super::directory::find_app(tx, app).await?.ok_or_else(|| unknown("app"))?.id),
        None => None,
    };
    let entitlement = match &query.entitlement {
        Some(key) => Some(parse::entitlement(tx, key).await?.ok_or_else(|| unknown("entitlement"))?.id),
        None => None,
    };
    let before = match &query.cursor {
        Some(cursor) => cursor.parse().map_err(|_| AppError::field("cursor", words::say("invalid-cursor")))?,
        None => i64::MAX,
    };
    let found = store::request::list(
        tx,
        store::request::Query {
            subject: subject.as_ref(),
            requester: requester.as_ref(),
            app: app.as_ref(),
            entitlement: entitlement.as_ref(),
            approval: query.approval.as_deref(),
            fulfilment: query.fulfilment.as_deref().map(|name| if name == WORKING { "queued" } else { name }),
            open: query.open,
            mine: query.mine.then_some(&me),
            viewer: (!caller.sees_everything()).then_some(&me),
            before,
            limit: query.limit + 1,
        },
    )
    .await?;
    let page = usize::try_from(query.limit).unwrap_or(0);
    let next = found.get(page).and_then(|_| found.get(page.checked_sub(1)?)).map(|last| last.number.to_string());
    let mut items = Vec::with_capacity(page);
    for request in found.iter().take(page) {
        let shown = show::request(tx, request, caller).await?;
        // Whether a connector is at work is known only when it is looked at, so such a page may be short.
        if query.fulfilment.is_none() || shown.fulfilment == query.fulfilment {
            items.push(shown);
        }
    }
    Ok(body::Page { items, next })
}

/// What `approval` of a request can be.
const APPROVALS: [&str; 6] = ["needs_form", "pending", "approved", "denied", "cancelled", "expired"];
/// What `fulfilment` of a request can be.
const FULFILMENTS: [&str; 11] = [
    "scheduled",
    "queued",
    WORKING,
    "manual",
    "granted",
    "failed",
    "unknown",
    "denied_at_provisioning",
    "revoking",
    "revoked",
    "revoked_unverified",
];
/// Queued, and a connector is at work on it.
const WORKING: &str = "provisioning";

fn unknown(field: &str) -> AppError {
    AppError::field(field, words::say("invalid-unknown"))
}

pub(super) async fn user_filter(
    tx: &mut Tx,
    caller: &Caller,
    field: &str,
    value: Option<&str>,
) -> Outcome<Option<domain::id::UserId>> {
    match value {
        None => Ok(None),
        Some("me") => Ok(Some(caller.id()?.clone())),
        Some(value) => Ok(Some(parse::user(tx, field, value).await?.id)),
    }
}

/// Decides a command on a request the caller may see, records what follows, and records a refusal too (I43).
pub(super) async fn act_on(
    tx: &mut Tx,
    caller: &Caller,
    id: &str,
    attempt: &str,
    command: Command,
    texts: Vec<store::log::Sealed>,
) -> Outcome<Verdict<Request, AppError>> {
    let found = find(tx, caller, id).await?;
    decide_on(tx, caller, found, attempt, command, texts).await
}

/// As [`act_on`], for a request that has been found.
pub(super) async fn decide_on(
    tx: &mut Tx,
    caller: &Caller,
    found: Request,
    attempt: &str,
    command: Command,
    texts: Vec<store::log::Sealed>,
) -> Outcome<Verdict<Request, AppError>> {
    let (facts, _) = show::facts_for(tx, &found, caller).await?;
    match request::decide(&found, &facts, &caller.actor(), command) {
        Ok(events) if events.is_empty() => Ok(Verdict::Done(found)),
        Ok(events) => {
            let basis = Basis::new(&facts, texts)?;
            Ok(Verdict::Done(record::request(tx, caller, Some(found), &events, basis).await?))
        }
        Err(refusal) => {
            if caller.user.is_some() {
                record::refusal(tx, caller, &found, attempt, &refusal).await?;
            }
            Ok(Verdict::Refused(AppError::Refused { refusal, request: Some(found.id) }))
        }
    }
}

async fn edited(tx: &mut Tx, caller: &Caller, id: &str, edit: body::Edit) -> Outcome<Verdict<Request, AppError>> {
    let found = find(tx, caller, id).await?;
    let reason = parse::optional("reason", edit.reason.as_deref())?;
    let length = match edit.duration.as_deref() {
        None => found.length,
        Some(text) => match parse::stay("duration", text)? {
            Stay::Unlimited => Length::Unlimited,
            Stay::For(span) => Length::For(span),
        },
    };
    let wanted = match &edit.entitlement {
        Some(key) => parse::entitlement(tx, key).await?.ok_or_else(|| unknown("entitlement"))?,
        None => facts::thing_of(tx, &found).await?.entitlement,
    };
    let thing = facts::thing(tx, wanted).await?;
    let (comment, texts) = record::seal("comment", reason)?;
    let ask = edit_ask(tx, &found, &thing, length, comment).await?;
    decide_on(tx, caller, found, "edit", Command::Edit(Box::new(ask)), texts).await
}

/// What the edit asks for, checked as a new request for the same person would be.
async fn edit_ask(
    tx: &mut Tx,
    found: &Request,
    thing: &facts::Thing,
    length: Length,
    comment: Option<request::Commitment>,
) -> Outcome<EditAsk> {
    let subject = store::user::find(tx, &found.subject).await?.ok_or(AppError::NotFound)?;
    let requester = store::user::find(tx, &found.requester).await?.ok_or(AppError::NotFound)?;
    let policy = facts::policy_of(tx, &thing.settings).await?;
    let open = store::request::find_open(tx, &found.subject, &thing.entitlement.id, Some(&found.id)).await?;
    let checked = SubmitFacts {
        now: tx.now(),
        directory: tx.directory_version(),
        requester: PersonFact::from(&requester),
        subject: PersonFact::from(&subject),
        line: vec![found.subject.clone(), found.requester.clone()],
        app: thing.app.id.clone(),
        entitlement: thing.entitlement.id.clone(),
        definition: thing.entitlement.definition(),
        offered: store::entitlement::is_offered(tx, &found.subject, &thing.entitlement.id).await?,
        settings: thing.settings.clone(),
        policy: policy.clone(),
        open,
    };
    let ask = Ask {
        request: found.id.clone(),
        number: found.number,
        submission: found.submission.clone(),
        requester: found.requester.clone(),
        subject: found.subject.clone(),
        length,
        // A start that has come meanwhile is no mistake of whoever edits.
        starts: found.starts.filter(|starts| *starts > tx.now()),
        justification: found.justification.clone(),
        door: found.door,
    };
    let (pin, plan) = policy.as_ref().and_then(request::plan_of).unzip();
    Ok(EditAsk {
        app: thing.app.id.clone(),
        entitlement: thing.entitlement.id.clone(),
        definition: thing.entitlement.definition(),
        length,
        policy: pin,
        plan: plan.unwrap_or_default(),
        comment,
        problems: request::problems(&ask, &checked),
    })
}

/// The short number that people see.
#[must_use]
pub fn number(number: i64) -> String {
    show::number(number)
}

/// The sentence for a refusal.
#[must_use]
pub fn sentence(refusal: &Refusal) -> String {
    let key = format!("refusal-{}", refusal.name());
    match refusal {
        Refusal::DuplicateRequest { number, .. } => words::tell(&key, &[("number", &show::number(*number))]),
        Refusal::BadLength(BadLength::TooLong(longest) | BadLength::NotUnlimited(longest)) => {
            words::tell(&key, &[("longest", &words::length(longest.micros() / 1_000_000))])
        }
        _ => words::say(&key),
    }
}
