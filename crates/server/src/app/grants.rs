//! Grants: list, give back, take away.

use domain::grant;
use domain::id::{GrantId, RequestId, SubmissionId};
use domain::length::Length;
use domain::request::{self, Ask, Commitment};
use store::{Tx, Verdict};

use super::caller::Caller;
use super::error::{AppError, Outcome};
use super::record::{self, Basis};
use super::{App, facts, parse, requests, show};
use crate::{body, words};

/// What grants to list, as it came in.
#[derive(Clone, Debug, Default)]
pub struct GrantQuery {
    /// Id or mail address; `me` = the caller.
    pub user: Option<String>,
    /// Slug or id.
    pub app: Option<String>,
    /// Key or id.
    pub entitlement: Option<String>,
    /// Name of a state.
    pub state: Option<String>,
    /// `ends_at` = those that end first come first; else the newest.
    pub sort: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// How many at most.
    pub limit: i64,
}

impl App {
    /// Grants that the caller may see.
    ///
    /// # Errors
    /// When a filter is not well formed.
    pub async fn grants(&self, caller: &Caller, query: GrantQuery) -> Outcome<body::Page<body::Grant>> {
        caller.require("GET /api/v1/grants")?;
        self.reader.read(async |tx| list(tx, caller, &query).await).await
    }

    /// The grant with this id, if the caller may see it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also for what the caller may not see.
    pub async fn grant(&self, caller: &Caller, id: &str) -> Outcome<body::Grant> {
        caller.require("GET /api/v1/grants")?;
        self.reader
            .read(async |tx| {
                let found = find(tx, caller, id).await?;
                Ok(show::grant(tx, &found, caller).await?)
            })
            .await
    }

    /// Ends a grant before its time. Gives the request of kind revoke that was filed for it.
    ///
    /// # Errors
    /// When it ends already, or the caller may not.
    pub async fn revoke(&self, caller: &Caller, id: &str, reason: Option<&str>) -> Outcome<body::Request> {
        let reason = parse::optional("reason", reason)?;
        let (id, by) = (id.to_owned(), caller.clone());
        self.act("grant.revoke", caller, async move |tx| revoke(tx, &by, &id, reason).await).await
    }
}

/// The grant, if the caller may see it: holder, those responsible for the app, and roles that see everything.
async fn find(tx: &mut Tx, caller: &Caller, id: &str) -> Outcome<grant::Grant> {
    let id = GrantId::parse(id).map_err(|_| AppError::NotFound)?;
    let found = store::grant::find(tx, &id).await?.ok_or(AppError::NotFound)?;
    if caller.sees_everything() {
        return Ok(found);
    }
    let me = caller.id()?;
    let keys = [domain::user::key::owners(&found.app), domain::user::key::admins(&found.app)];
    let responsible = store::user::keys_of(tx, std::slice::from_ref(me), &keys).await?;
    if found.user == *me || !responsible.is_empty() { Ok(found) } else { Err(AppError::NotFound) }
}

async fn revoke(
    tx: &mut Tx,
    caller: &Caller,
    id: &str,
    reason: Option<String>,
) -> Outcome<Verdict<request::Request, AppError>> {
    let held = find(tx, caller, id).await?;
    let entitlement = store::entitlement::find(tx, &held.entitlement).await?.ok_or(AppError::NotFound)?;
    let thing = facts::thing(tx, entitlement).await?;
    let actor = caller.actor();
    let facts = facts::of_grant(tx, &held, &thing, actor.user()).await?;
    let removal = RequestId::from_bits(store::fresh_bits());
    let events = match grant::decide(&held, &facts, &actor, grant::Command::Revoke { request: removal.clone() }) {
        Ok(events) => events,
        Err(refusal) => {
            let origin = store::request::find(tx, &held.request).await?.ok_or(AppError::NotFound)?;
            record::refusal(tx, caller, &origin, "revoke", &refusal).await?;
            return Ok(Verdict::Refused(AppError::Refused { refusal, request: Some(held.request) }));
        }
    };
    let (justification, texts) = record::seal("justification", reason)?;
    let ask = removal_ask(tx, caller, &held, removal.clone(), justification).await?;
    let filed = request::submit_removal(ask, &held, tx.now());
    record::request(tx, caller, None, &filed, Basis { facts: None, texts }).await?;
    record::grant(tx, caller, held, &events, Basis::new(&facts, Vec::new())?).await?;
    let after = store::request::find(tx, &removal).await?.ok_or(AppError::NotFound)?;
    Ok(Verdict::Done(after))
}

async fn removal_ask(
    tx: &mut Tx,
    caller: &Caller,
    held: &grant::Grant,
    removal: RequestId,
    justification: Option<Commitment>,
) -> Outcome<Ask> {
    Ok(Ask {
        request: removal,
        number: tx.take_request_number()?,
        submission: SubmissionId::from_bits(store::fresh_bits()),
        requester: caller.id()?.clone(),
        subject: held.user.clone(),
        length: Length::Unlimited,
        starts: None,
        justification,
        door: caller.door,
    })
}

async fn list(tx: &mut Tx, caller: &Caller, query: &GrantQuery) -> Outcome<body::Page<body::Grant>> {
    let me = caller.id()?.clone();
    parse::one_of("state", query.state.as_deref(), &["active", "ending", "revoked", "revoked_unverified"])?;
    parse::one_of("sort", query.sort.as_deref(), &["ends_at"])?;
    let user = requests::user_filter(tx, caller, "user", query.user.as_deref()).await?;
    let app = match &query.app {
        Some(app) => match super::directory::find_app(tx, app).await? {
            Some(app) => Some(app.id),
            None => return Err(AppError::field("app", words::say("invalid-unknown"))),
        },
        None => None,
    };
    let entitlement = match &query.entitlement {
        Some(key) => match parse::entitlement(tx, key).await? {
            Some(entitlement) => Some(entitlement.id),
            None => return Err(AppError::field("entitlement", words::say("invalid-unknown"))),
        },
        None => None,
    };
    let after = match &query.cursor {
        Some(cursor) => Some(
            cursor
                .split_once('.')
                .and_then(|(at, id)| Some((at.parse().ok()?, id)))
                .ok_or_else(|| AppError::field("cursor", words::say("invalid-cursor")))?,
        ),
        None => None,
    };
    let by_end = query.sort.as_deref() == Some("ends_at");
    let found = store::grant::list(
        tx,
        store::grant::Query {
            user: user.as_ref(),
            app: app.as_ref(),
            entitlement: entitlement.as_ref(),
            state: query.state.as_deref(),
            viewer: (!caller.sees_everything()).then_some(&me),
            by_end,
            after,
            limit: query.limit + 1,
        },
    )
    .await?;
    let page = usize::try_from(query.limit).unwrap_or(0);
    let last = found.get(page).and_then(|_| found.get(page.checked_sub(1)?));
    let place = |grant: &grant::Grant| match (by_end, grant.ends_at) {
        (true, Some(end)) => end.micros(),
        (true, None) => store::grant::NEVER_MICROS,
        (false, _) => grant.starts_at.micros(),
    };
    let next = last.map(|last| format!("{}.{}", place(last), last.id));
    let mut items = Vec::with_capacity(page);
    for grant in found.iter().take(page) {
        items.push(show::grant(tx, grant, caller).await?);
    }
    Ok(body::Page { items, next })
}
