//! The audit log as people read it.

use domain::id::UserId;
use store::Tx;
use store::log::{Event, Filter, Start};

use super::caller::Caller;
use super::error::{AppError, Outcome};
use super::{App, parse, requests, show};
use crate::{body, words};

/// What events to list, as it came in.
#[derive(Clone, Debug, Default)]
pub struct EventQuery {
    /// After this index, in log order.
    pub after: Option<String>,
    /// Such as `request.approved`.
    pub kind: Option<String>,
    /// Id or mail address.
    pub actor: Option<String>,
    /// Id or mail address.
    pub subject: Option<String>,
    /// Id or number.
    pub request: Option<String>,
    /// Id or key.
    pub entitlement: Option<String>,
    /// Part of the kind, or of a text beside the log.
    pub query: Option<String>,
    /// How many at most.
    pub limit: i64,
}

/// How many events of one request its page shows.
const REQUEST_EVENTS_MAX: i64 = 1_000;
/// How many events are looked through for a page of a text search.
const SCANNED_MAX: usize = 20_000;

impl App {
    /// Events in log order, for those who may read the log.
    ///
    /// # Errors
    /// When the caller may not, or a filter is not well formed.
    pub async fn events(&self, caller: &Caller, query: EventQuery) -> Outcome<body::Page<body::Event>> {
        caller.require("GET /api/v1/events")?;
        self.reader.read(async |tx| list(tx, caller, &query).await).await
    }

    /// Everything that happened to a request, for those who may see it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] also for what the caller may not see.
    pub async fn trail(&self, caller: &Caller, id: &str) -> Outcome<Vec<body::Event>> {
        caller.require("GET /api/v1/requests/{id}")?;
        self.reader
            .read(async |tx| {
                let found = requests::find(tx, caller, id).await?;
                let filter = Filter { request: Some(found.id.to_string()), ..Filter::default() };
                let events = store::log::list(tx, &filter, Start::OLDEST, REQUEST_EVENTS_MAX).await?;
                shown(tx, events).await
            })
            .await
    }
}

async fn id_of(tx: &mut Tx, field: &str, who: Option<&str>) -> Outcome<Option<String>> {
    match who {
        Some(who) => Ok(Some(parse::user(tx, field, who).await?.id.to_string())),
        None => Ok(None),
    }
}

async fn list(tx: &mut Tx, caller: &Caller, query: &EventQuery) -> Outcome<body::Page<body::Event>> {
    let request = match &query.request {
        Some(id) => Some(requests::find(tx, caller, id).await?.id.to_string()),
        None => None,
    };
    let entitlement = match &query.entitlement {
        Some(key) => {
            let found = parse::entitlement(tx, key).await?;
            Some(found.ok_or_else(|| AppError::field("entitlement", words::say("invalid-unknown")))?.id.to_string())
        }
        None => None,
    };
    let filter = Filter {
        kind: query.kind.clone(),
        actor: id_of(tx, "actor", query.actor.as_deref()).await?,
        subject: id_of(tx, "subject", query.subject.as_deref()).await?,
        request,
        entitlement,
    };
    let bad_cursor = || AppError::field("after", words::say("invalid-cursor"));
    let mut after = match &query.after {
        Some(after) => after.parse().map_err(|_| bad_cursor())?,
        None => -1,
    };
    let wanted = query.query.as_deref().map(domain::text::fold).filter(|wanted| !wanted.is_empty());
    let page = usize::try_from(query.limit).unwrap_or(0);
    let (mut items, mut scanned): (Vec<body::Event>, usize) = (Vec::new(), 0);
    loop {
        let rows = store::log::list(tx, &filter, Start::After(after), query.limit + 1).await?;
        let more = rows.len() > page;
        scanned += rows.len();
        let rows: Vec<_> = rows.into_iter().take(page).collect();
        let Some(last) = rows.last().map(|row| row.index) else { return Ok(body::Page { items, next: None }) };
        for event in shown(tx, rows).await? {
            if wanted.as_ref().is_none_or(|wanted| says(&event, wanted)) && items.len() < page {
                after = event.index;
                items.push(event);
            }
        }
        if items.len() < page {
            after = last;
        }
        if !more || items.len() >= page || scanned >= SCANNED_MAX {
            let next = (more || after < last).then(|| after.to_string());
            return Ok(body::Page { items, next });
        }
    }
}

/// Whether an event or a text beside it holds the wanted words.
fn says(event: &body::Event, wanted: &str) -> bool {
    event.kind.contains(wanted) || event.texts.values().any(|text| domain::text::fold(text).contains(wanted))
}

/// Events with the names of the people and the texts beside them.
async fn shown(tx: &mut Tx, events: Vec<Event>) -> Outcome<Vec<body::Event>> {
    let indexes: Vec<_> = events.iter().map(|event| event.index).collect();
    let texts = store::log::texts(tx, &indexes).await?;
    let mut shown = Vec::with_capacity(events.len());
    for event in events {
        let actor = person(tx, event.actor.as_deref()).await?;
        let subject = person(tx, event.subject.as_deref()).await?;
        let header: serde_json::Value = serde_json::from_str(&event.header).map_err(AppError::internal)?;
        let resources = header.get("resources").and_then(|found| serde_json::from_value(found.clone()).ok());
        let beside = texts.iter().filter(|text| text.index == event.index);
        shown.push(body::Event {
            index: event.index,
            at: event.effective_at().to_string(),
            id: event.id,
            kind: event.kind,
            actor,
            door: event.door,
            subject,
            request: event.request,
            revision: event.revision,
            resources: resources.unwrap_or_default(),
            detail: serde_json::from_str(&event.body).map_err(AppError::internal)?,
            texts: beside.map(|text| (text.field.clone(), text.text.clone())).collect(),
            leaf: event.leaf,
        });
    }
    Ok(shown)
}

async fn person(tx: &mut Tx, id: Option<&str>) -> Outcome<Option<body::User>> {
    match id.and_then(|id| UserId::parse(id).ok()) {
        Some(id) => Ok(store::user::find(tx, &id).await?.as_ref().map(show::user)),
        None => Ok(None),
    }
}
