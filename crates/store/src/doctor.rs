//! Folding the log must give the rows: the check behind `keyfob doctor`, and after every system test (I21).

use std::collections::{BTreeMap, BTreeSet};

use domain::app::App;
use domain::catalog::Catalog;
use domain::entitlement::Entitlement;
use domain::grant::{self, Grant, GrantState};
use domain::id::{GrantId, RequestId, UserId};
use domain::policy::Policy;
use domain::request::{self, Approval, Fulfilment, Request};
use domain::task::TaskState;
use domain::user::{Actor, User};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::StoreError;
use crate::log::{Event, Filter, Start};
use crate::reader::Reader;
use crate::sql::Tx;
use crate::{app, catalog, entitlement, job, log, policy, request as requests, task, user};

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Diagnosis {
    /// How many events were folded.
    pub events: u64,
    /// How many requests were compared.
    pub requests: u64,
    /// How many grants were compared.
    pub grants: u64,
    /// How many rows of the directory were compared.
    pub directory: u64,
    /// One sentence for each thing that is wrong; empty = sound.
    pub findings: Vec<String>,
}

/// State as the events tell it.
#[derive(Default)]
struct Folded {
    requests: BTreeMap<RequestId, Request>,
    grants: BTreeMap<GrantId, Grant>,
    /// The last `after` of each thing of the directory, by id; for people without their texts.
    things: BTreeMap<String, Value>,
    /// Mail addresses and names from beside the log, by the id of the person.
    people: BTreeMap<String, (Option<String>, Option<String>)>,
    events: u64,
    findings: Vec<String>,
}

/// How many rows are read at a time.
const PAGE: i64 = 500;

/// Verifies the log, folds it and compares with every row.
///
/// # Errors
/// Only when the database fails; what is wrong with its contents is in the diagnosis.
pub async fn check(reader: &Reader) -> Result<Diagnosis, StoreError> {
    let verified = log::verify(reader).await?;
    reader
        .read(async |tx| {
            let mut folded = fold(tx).await?;
            if let Err(finding) = verified {
                folded.findings.push(format!("the log is broken: {finding}"));
            }
            let mut diagnosis = Diagnosis { events: folded.events, ..Diagnosis::default() };
            diagnosis.requests = compare_requests(tx, &mut folded).await?;
            diagnosis.grants = compare_grants(tx, &mut folded).await?;
            compare_tasks(tx, &mut folded).await?;
            diagnosis.directory = compare_directory(tx, &mut folded).await?;
            diagnosis.findings = folded.findings;
            Ok(diagnosis)
        })
        .await
}

async fn fold(tx: &mut Tx) -> Result<Folded, StoreError> {
    let mut folded = Folded::default();
    let mut after = -1;
    loop {
        let events = log::list(tx, &Filter::default(), Start::After(after), PAGE).await?;
        let Some(last) = events.last() else { return Ok(folded) };
        after = last.index;
        let indexes: Vec<_> =
            events.iter().filter(|event| event.kind.starts_with("user.")).map(|event| event.index).collect();
        let texts = log::texts(tx, &indexes).await?;
        for event in &events {
            folded.events += 1;
            let text = |field| {
                texts.iter().find(|text| text.index == event.index && text.field == field).map(|text| text.text.clone())
            };
            if !folded.take(event, &text) {
                folded.findings.push(format!("event {} of kind {} cannot be folded", event.index, event.kind));
            }
        }
    }
}

impl Folded {
    /// `false` when the event makes no sense after those before it.
    fn take(&mut self, event: &Event, text: &impl Fn(&'static str) -> Option<String>) -> bool {
        let Ok(body) = serde_json::from_str::<Value>(&event.body) else { return false };
        match event.kind.split_once('.') {
            Some(("request", "refused")) => true,
            Some(("request", _)) => self.take_request(event, body).is_some(),
            Some(("grant", _)) => self.take_grant(event, body).is_some(),
            Some((_, "members_added" | "items_added")) => self.take_more(&body).is_some(),
            Some(("user" | "group" | "app" | "entitlement" | "catalog" | "policy", _)) => {
                let Some(after) = body.get("after") else { return false };
                let Some(id) = after.get("id").and_then(Value::as_str) else { return false };
                if event.kind.starts_with("user.") {
                    self.people.insert(id.to_owned(), (text("after.email"), text("after.name")));
                }
                self.things.insert(id.to_owned(), after.clone());
                true
            }
            _ => true,
        }
    }

    fn take_request(&mut self, event: &Event, body: Value) -> Option<()> {
        let happened: request::Event = serde_json::from_value(body).ok()?;
        let id = RequestId::parse(event.request.as_deref()?).ok()?;
        let after = match self.requests.remove(&id) {
            Some(before) => request::apply(before, &happened, &actor(event)?, event.effective_at()),
            None => request::fold(&happened)?,
        };
        if let request::Event::Granted { grant: id, starts_at, ends_at } = &happened {
            let begun = grant::begin(&after, id.clone(), *starts_at, *ends_at);
            self.grants.insert(id.clone(), begun);
        }
        self.requests.insert(id, after);
        Some(())
    }

    fn take_grant(&mut self, event: &Event, body: Value) -> Option<()> {
        let happened: grant::Event = serde_json::from_value(body).ok()?;
        let header = audit::leaf::decode(&event.header).ok()?;
        let id = header.resources.iter().find_map(|resource| GrantId::parse(resource).ok())?;
        let before = self.grants.remove(&id)?;
        self.grants.insert(id, grant::apply(before, &happened, &actor(event)?, event.effective_at()));
        Some(())
    }

    /// Members and items of large groups and catalogs come in portions.
    fn take_more(&mut self, body: &Value) -> Option<()> {
        let after = body.get("after")?;
        let thing = self.things.get_mut(after.get("id")?.as_str()?)?;
        for list in ["members", "entitlements"] {
            let more = after.get(list).and_then(Value::as_array).cloned().unwrap_or_default();
            if let Some(all) = thing.get_mut(list).and_then(Value::as_array_mut) {
                all.extend(more);
            }
        }
        Some(())
    }

    fn say(&mut self, finding: String) {
        self.findings.push(finding);
    }
}

fn actor(event: &Event) -> Option<Actor> {
    match &event.actor {
        Some(id) => UserId::parse(id).ok().map(Actor::User),
        None => Some(Actor::System),
    }
}

async fn compare_requests(tx: &mut Tx, folded: &mut Folded) -> Result<u64, StoreError> {
    let (mut after, mut seen) = (0, 0);
    loop {
        let rows = requests::list_all(tx, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.number;
        for row in rows {
            seen += 1;
            if folded.requests.get(&row.id) != Some(&row) {
                folded.say(format!("request KF-{} is not what its events say", row.number));
            }
            if let Some(problem) = unworked(tx, &row).await? {
                folded.say(problem);
            }
        }
    }
    if seen != folded.requests.len() as u64 {
        folded.say(format!("{seen} requests are stored and {} are in the log", folded.requests.len()));
    }
    Ok(seen)
}

/// A request that waits for a connector must have a job that will be tried (I20).
async fn unworked(tx: &mut Tx, row: &Request) -> Result<Option<String>, StoreError> {
    let waits = row.approval == Approval::Approved
        && matches!(row.fulfilment, Some(Fulfilment::Queued | Fulfilment::Failed | Fulfilment::Unknown));
    let Some(operation) = row.operation.as_ref().filter(|_| waits) else { return Ok(None) };
    let queued = job::find(tx, operation).await?.is_some_and(|job| job.state == "queued");
    Ok((!queued).then(|| format!("request KF-{} waits for a job that nobody will do", row.number)))
}

async fn compare_grants(tx: &mut Tx, folded: &mut Folded) -> Result<u64, StoreError> {
    let (mut after, mut seen) = (String::new(), 0);
    loop {
        let rows = crate::grant::list_all(tx, &after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.id.to_string();
        for row in rows {
            seen += 1;
            if folded.grants.get(&row.id) != Some(&row) {
                folded.say(format!("grant {} is not what its events say", row.id));
            }
            let operation = row.removal.as_ref().filter(|removal| !removal.by_hand).and_then(|r| r.operation.clone());
            if let Some(operation) = operation.filter(|_| row.state == GrantState::Ending)
                && job::find(tx, &operation).await?.is_none_or(|job| job.state != "queued")
            {
                folded.say(format!("grant {} is to be removed by a job that nobody will do", row.id));
            }
        }
    }
    if seen != folded.grants.len() as u64 {
        folded.say(format!("{seen} grants are stored and {} are in the log", folded.grants.len()));
    }
    Ok(seen)
}

/// Exactly the tasks that follow from requests and grants are open.
async fn compare_tasks(tx: &mut Tx, folded: &mut Folded) -> Result<(), StoreError> {
    let from_requests = folded.requests.values().filter_map(|request| request.open_task().map(|(id, _)| id));
    let from_grants = folded.grants.values().filter_map(|grant| grant.open_task().map(|(id, _)| id));
    let mut wanted: BTreeSet<_> = from_requests.chain(from_grants).collect();
    let mut after = (-1, String::new());
    loop {
        let query = task::Query {
            assignee: None,
            viewer: None,
            kind: None,
            request: None,
            state: Some(TaskState::Open),
            app: None,
            after: (after.0, &after.1),
            limit: PAGE,
        };
        let rows = task::list(tx, query).await?;
        let Some(last) = rows.last() else { break };
        after = (last.task.created_at.micros(), last.task.id.to_string());
        for row in rows {
            if !wanted.remove(&row.task.id) {
                folded.say(format!("task {} is open and follows from nothing", row.task.id));
            }
        }
    }
    for id in wanted {
        folded.say(format!("task {id} should be open"));
    }
    Ok(())
}

async fn compare_directory(tx: &mut Tx, folded: &mut Folded) -> Result<u64, StoreError> {
    let mut seen = compare_users(tx, folded).await?;
    let mut after = (String::new(), String::new());
    loop {
        let rows: Vec<App> = app::list(tx, (&after.0, &after.1), PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = (domain::text::fold(&last.name), last.id.to_string());
        seen += rows.len() as u64;
        rows.iter().for_each(|row| compare(folded, row.id.as_str(), row));
    }
    after = (String::new(), String::new());
    loop {
        let rows: Vec<Entitlement> = entitlement::list(tx, (&after.0, &after.1), PAGE).await?;
        let Some(last) = rows.last() else { break };
        let name = app::find(tx, &last.app).await?.map(|app| app.name).unwrap_or_default();
        after = (entitlement::sort_key(&name, last), last.id.to_string());
        seen += rows.len() as u64;
        rows.iter().for_each(|row| compare(folded, row.id.as_str(), row));
    }
    let mut slug = String::new();
    loop {
        let rows: Vec<Catalog> = catalog::list(tx, &slug, PAGE).await?;
        let Some(last) = rows.last() else { break };
        slug.clone_from(&last.slug);
        seen += rows.len() as u64;
        for row in &rows {
            let mut sorted = folded.things.get(row.id.as_str()).cloned().unwrap_or_default();
            if let Some(items) = sorted.get_mut("entitlements").and_then(Value::as_array_mut) {
                items.sort_by_key(ToString::to_string);
            }
            folded.things.insert(row.id.to_string(), sorted);
            compare(folded, row.id.as_str(), row);
        }
    }
    let mut name = String::new();
    loop {
        let rows: Vec<Policy> = policy::list(tx, &name, PAGE).await?;
        let Some(last) = rows.last() else { break };
        name.clone_from(&last.name);
        seen += rows.len() as u64;
        rows.iter().for_each(|row| compare(folded, row.id.as_str(), row));
    }
    Ok(seen)
}

fn compare(folded: &mut Folded, id: &str, row: &impl Serialize) {
    let row = serde_json::to_value(row).ok();
    if folded.things.get(id) != row.as_ref() {
        folded.say(format!("{id} is not what its events say"));
    }
}

/// The parts of a user that stand in the leaf, and the texts beside it.
async fn compare_users(tx: &mut Tx, folded: &mut Folded) -> Result<u64, StoreError> {
    let (mut after, mut seen) = ((String::new(), String::new()), 0);
    loop {
        let rows: Vec<User> = user::list(tx, "", (&after.0, &after.1), PAGE).await?;
        let Some(last) = rows.last() else { return Ok(seen) };
        after = (domain::text::fold(&last.name), last.id.to_string());
        for row in rows {
            seen += 1;
            let told = folded.things.get(row.id.as_str()).is_some_and(|after| {
                let is = |field: &str, value: Value| after.get(field) == Some(&value);
                is("kind", row.kind.name().into())
                    && is("status", row.status.name().into())
                    && is("manager", serde_json::json!(row.manager))
                    && is("roles", serde_json::json!(row.roles))
                    && is("version", row.version.into())
            });
            // An erased text says nothing; one that is there has to be the row's.
            let texts = folded.people.get(row.id.as_str());
            let named = texts.is_some_and(|(email, name)| {
                email.as_ref().is_none_or(|email| *email == row.email)
                    && name.as_ref().is_none_or(|name| *name == row.name)
            });
            if !told || !named {
                folded.say(format!("user {} is not what its events say", row.id));
            }
        }
    }
}
