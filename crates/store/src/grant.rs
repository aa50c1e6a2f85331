//! Grants: what is held.

use std::cmp::Reverse;

use domain::grant::{Grant, GrantState};
use domain::id::{AppId, EntitlementId, GrantId, RequestId, UserId};
use domain::time::Time;
use sqlx::types::Json;

use crate::error::{StoreError, decoded};
use crate::sql::{Tx, all, one, run};

type Row = (Json<Grant>,);

/// The grant with this id.
pub async fn find(tx: &mut Tx, id: &GrantId) -> Result<Option<Grant>, StoreError> {
    let row = one!(tx, Row, "select document from grants where id = $1", id.as_str())?;
    Ok(row.map(|(grant,)| grant.0))
}

/// Stores the state `after`. With `seen` = 0 the grant is new; otherwise it has to be at version `seen`.
pub async fn record(tx: &mut Tx, after: &Grant, seen: i64) -> Result<(), StoreError> {
    let due = after.ends_at.filter(|_| after.state == GrantState::Active).map(Time::micros);
    let ends_key = ends_key(after);
    let removal = after.removal.as_ref().and_then(|removal| removal.request.as_ref()).map(RequestId::as_str);
    let stored = if seen == 0 {
        run!(
            tx,
            "insert into grants (id, user_id, app_id, entitlement_id, request_id, removal_request_id, state, source,
               starts_at, ends_at, ends_key, due_at, version, document)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing",
            after.id.as_str(),
            after.user.as_str(),
            after.app.as_str(),
            after.entitlement.as_str(),
            after.request.as_str(),
            removal,
            after.state.name(),
            after.source.name(),
            after.starts_at.micros(),
            after.ends_at.map(Time::micros),
            ends_key,
            due,
            after.version,
            Json(after)
        )?
    } else {
        run!(
            tx,
            "update grants set state = $1, ends_at = $2, due_at = $3, version = $4, document = $5,
               removal_request_id = $6, ends_key = $7 where id = $8 and version = $9",
            after.state.name(),
            after.ends_at.map(Time::micros),
            due,
            after.version,
            Json(after),
            removal,
            ends_key,
            after.id.as_str(),
            seen
        )?
    };
    if stored == 0 { Err(StoreError::Stale) } else { Ok(()) }
}

/// Active grants whose end has come, the most overdue first.
pub async fn list_due(tx: &mut Tx, now: Time, limit: i64) -> Result<Vec<GrantId>, StoreError> {
    let rows = all!(
        tx,
        (String,),
        "select id from grants where due_at is not null and due_at <= $1 order by due_at, id limit $2",
        now.micros(),
        limit
    )?;
    rows.into_iter().map(|(id,)| decoded(id)).collect()
}

/// Active grants of `entitlement` to `user`, but for one.
pub async fn list_active(
    tx: &mut Tx,
    user: &UserId,
    entitlement: &EntitlementId,
    but: Option<&GrantId>,
) -> Result<Vec<Grant>, StoreError> {
    let rows = all!(
        tx,
        Row,
        "select document from grants where user_id = $1 and entitlement_id = $2 and state = 'active' and id <> $3
         order by id",
        user.as_str(),
        entitlement.as_str(),
        but.map_or("", GrantId::as_str)
    )?;
    Ok(rows.into_iter().map(|(grant,)| grant.0).collect())
}

/// Grants of `entitlement` to `user` that are being removed.
pub async fn list_ending(tx: &mut Tx, user: &UserId, entitlement: &EntitlementId) -> Result<Vec<Grant>, StoreError> {
    let rows = all!(
        tx,
        Row,
        "select document from grants where user_id = $1 and entitlement_id = $2 and state = 'ending' order by id",
        user.as_str(),
        entitlement.as_str()
    )?;
    Ok(rows.into_iter().map(|(grant,)| grant.0).collect())
}

/// What `user` holds in one app: the names of the entitlements.
pub async fn list_held_names(tx: &mut Tx, user: &UserId, app: &AppId) -> Result<Vec<String>, StoreError> {
    let rows = all!(
        tx,
        (String, String),
        "select distinct e.name, e.name_key from grants g cross join entitlement e
         where g.user_id = $1 and g.state = 'active' and e.id = g.entitlement_id and e.app_id = $2
         order by e.name_key, e.name",
        user.as_str(),
        app.as_str()
    )?;
    Ok(rows.into_iter().map(|(name, _)| name).collect())
}

/// What grants to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Query<'a> {
    /// Of this person.
    pub user: Option<&'a UserId>,
    /// In this app.
    pub app: Option<&'a AppId>,
    /// Of this entitlement.
    pub entitlement: Option<&'a EntitlementId>,
    /// In this state.
    pub state: Option<&'a str>,
    /// Who looks; `None` = somebody who may see all of them.
    pub viewer: Option<&'a UserId>,
    /// Whether those that end first come first, instead of the newest.
    pub by_end: bool,
    /// Those after this place (start or end, in µs) and id.
    pub after: Option<(i64, &'a str)>,
    /// How many at most.
    pub limit: i64,
}

/// An end that sorts behind every real one.
pub const NEVER_MICROS: i64 = i64::MAX;

/// Grants that pass all filters, found from where there are few: `$lead` is a condition that an index answers.
macro_rules! page {
    ($lead:literal, $rest:literal) => {
        concat!(
            "select g.document from grants g where ",
            $lead,
            " ($1 = '' or g.user_id = $1) and ($2 = '' or g.app_id = $2) and ($3 = '' or g.entitlement_id = $3)
           and ($4 = '' or g.state = $4)
           and ($5 = '' or g.user_id = $5 or exists (select 1 from app_role ar join user_key k on k.key = ar.key
             where ar.app_id = g.app_id and k.user_id = $5)) and ",
            $rest,
            " limit $8"
        )
    };
    ($by_end:expr, $lead:literal) => {
        if $by_end {
            page!($lead, "(g.ends_key, g.id) > ($6, $7) order by g.ends_key, g.id")
        } else {
            page!($lead, "(g.starts_at, g.id) < ($6, $7) order by g.starts_at desc, g.id desc")
        }
    };
}

/// Grants.
///
/// Somebody who may see only some of all grants (T10) gets those held and those of the apps one is responsible for; no
/// other is looked at.
pub async fn list(tx: &mut Tx, query: Query<'_>) -> Result<Vec<Grant>, StoreError> {
    let Some(viewer) = query.viewer.filter(|_| query.user.is_none()) else {
        return list_seen(tx, query).await;
    };
    let all = Query { viewer: None, ..query };
    let mut found = list_seen(tx, Query { user: Some(viewer), ..all }).await?;
    for app in crate::app::list_responsible(tx, viewer).await? {
        if query.app.is_none_or(|wanted| *wanted == app) {
            found.extend(list_seen(tx, Query { app: Some(&app), ..all }).await?);
        }
    }
    Ok(first(found, query))
}

/// All states, for an index leads to the grants of each.
const STATES: [GrantState; 4] =
    [GrantState::Active, GrantState::Ending, GrantState::Revoked, GrantState::RevokedUnverified];

async fn list_seen(tx: &mut Tx, query: Query<'_>) -> Result<Vec<Grant>, StoreError> {
    let text = match query {
        Query { user: Some(_), .. } => page!(query.by_end, "g.user_id = $1 and"),
        Query { entitlement: Some(_), .. } => page!(query.by_end, "g.entitlement_id = $3 and"),
        Query { app: Some(_), .. } => page!(query.by_end, "g.app_id = $2 and"),
        Query { state: Some(_), .. } => page!(query.by_end, "g.state = $4 and"),
        _ => {
            let text = page!(query.by_end, "g.state = $4 and");
            let mut found = Vec::new();
            for state in STATES {
                found.extend(rows(tx, text, Query { state: Some(state.name()), ..query }).await?);
            }
            return Ok(first(found, query));
        }
    };
    rows(tx, text, query).await
}

/// The page that begins what was found for several reasons.
fn first(mut found: Vec<Grant>, query: Query<'_>) -> Vec<Grant> {
    if query.by_end {
        found.sort_by_cached_key(|grant| (ends_key(grant), grant.id.clone()));
    } else {
        found.sort_by_cached_key(|grant| Reverse((grant.starts_at, grant.id.clone())));
    }
    found.dedup_by(|a, b| a.id == b.id);
    found.truncate(usize::try_from(query.limit).unwrap_or(0));
    found
}

fn ends_key(grant: &Grant) -> i64 {
    grant.ends_at.map_or(NEVER_MICROS, Time::micros)
}

async fn rows(tx: &mut Tx, text: &'static str, query: Query<'_>) -> Result<Vec<Grant>, StoreError> {
    let (place, id) = query.after.unwrap_or(if query.by_end { (-1, "") } else { (NEVER_MICROS, "") });
    let rows = all!(
        tx,
        Row,
        text,
        query.user.map_or("", UserId::as_str),
        query.app.map_or("", AppId::as_str),
        query.entitlement.map_or("", EntitlementId::as_str),
        query.state.unwrap_or(""),
        query.viewer.map_or("", UserId::as_str),
        place,
        id,
        query.limit
    )?;
    Ok(rows.into_iter().map(|(grant,)| grant.0).collect())
}

/// All grants in the order of their ids, `limit` of those after `after`: for `doctor`.
pub async fn list_all(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Grant>, StoreError> {
    let rows = all!(tx, Row, "select document from grants where id > $1 order by id limit $2", after, limit)?;
    Ok(rows.into_iter().map(|(grant,)| grant.0).collect())
}
