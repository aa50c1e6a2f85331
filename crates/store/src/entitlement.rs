//! Entitlements, and which of them a user may see.

use std::collections::{BTreeMap, BTreeSet};

use domain::entitlement::{Entitlement, EntitlementKind};
use domain::id::{AppId, EntitlementId, RequestId, UserId};
use domain::settings::Settings;
use domain::time::Time;
use sqlx::types::Json;

use crate::error::{StoreError, decoded, known};
use crate::grant::NEVER_MICROS;
use crate::sql::{Tx, all, one, run};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    app_id: String,
    slug: String,
    name: String,
    kind: String,
    description: String,
    instructions: String,
    settings: Json<Settings>,
    version: i64,
}

impl Row {
    fn entitlement(self) -> Result<Entitlement, StoreError> {
        Ok(Entitlement {
            id: decoded(self.id)?,
            app: decoded(self.app_id)?,
            slug: self.slug,
            name: self.name,
            kind: known("entitlement kind", EntitlementKind::parse(&self.kind))?,
            description: self.description,
            instructions: self.instructions,
            settings: self.settings.0,
            version: self.version,
        })
    }
}

/// The entitlement with this id.
pub async fn find(tx: &mut Tx, id: &EntitlementId) -> Result<Option<Entitlement>, StoreError> {
    let row = one!(
        tx,
        Row,
        "select id, app_id, slug, name, kind, description, instructions, settings, version
         from entitlement where id = $1",
        id.as_str()
    )?;
    row.map(Row::entitlement).transpose()
}

/// The entitlement `slug` of the app `app_slug`.
pub async fn find_by_key(tx: &mut Tx, app_slug: &str, slug: &str) -> Result<Option<Entitlement>, StoreError> {
    let row = one!(
        tx,
        Row,
        "select e.id, e.app_id, e.slug, e.name, e.kind, e.description, e.instructions, e.settings, e.version
         from entitlement e join app a on a.id = e.app_id where a.slug = $1 and e.slug = $2",
        app_slug,
        slug
    )?;
    row.map(Row::entitlement).transpose()
}

/// All entitlements in catalog order, `limit` of those after `after` (a sort key and an id).
pub async fn list(tx: &mut Tx, after: (&str, &str), limit: i64) -> Result<Vec<Entitlement>, StoreError> {
    let rows = all!(
        tx,
        Row,
        "select id, app_id, slug, name, kind, description, instructions, settings, version
         from entitlement where (sort_key, id) > ($1, $2) order by sort_key, id limit $3",
        after.0,
        after.1,
        limit
    )?;
    rows.into_iter().map(Row::entitlement).collect()
}

/// The key by which an entitlement stands in catalog order.
#[must_use]
pub fn sort_key(app_name: &str, entitlement: &Entitlement) -> String {
    let first = if entitlement.kind == EntitlementKind::Access { "0" } else { "1" };
    format!("{}\t{first}\t{}", domain::text::fold(app_name), domain::text::fold(&entitlement.name))
}

/// Creates an entitlement of the app that is called `app_name`. `false` when the slug is taken.
pub async fn create(tx: &mut Tx, entitlement: &Entitlement, app_name: &str) -> Result<bool, StoreError> {
    let created = run!(
        tx,
        "insert into entitlement (id, app_id, slug, name, name_key, kind, description, instructions, settings,
           definition, sort_key, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing",
        entitlement.id.as_str(),
        entitlement.app.as_str(),
        entitlement.slug.as_str(),
        entitlement.name.as_str(),
        domain::text::fold(&entitlement.name),
        entitlement.kind.name(),
        entitlement.description.as_str(),
        entitlement.instructions.as_str(),
        Json(&entitlement.settings),
        entitlement.definition(),
        sort_key(app_name, entitlement),
        entitlement.version
    )?;
    Ok(created > 0)
}

/// An entitlement as its would-be holder finds it in the catalog.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The entitlement.
    pub entitlement: Entitlement,
    /// Its place in catalog order.
    pub sort_key: String,
    /// The open request of this user for it.
    pub pending: Option<RequestId>,
    /// Whether the user holds it, and until when the longest grant runs (`None` inside = unlimited).
    pub held: Option<Option<Time>>,
}

/// What to look for in the catalog.
#[derive(Clone, Copy, Debug)]
pub struct OfferQuery<'a> {
    /// Part of the name of the entitlement or its app, folded; empty = everything.
    pub query: &'a str,
    /// Of this app only.
    pub app: Option<&'a AppId>,
    /// Only this one.
    pub entitlement: Option<&'a EntitlementId>,
    /// Those after this sort key and id.
    pub after: (&'a str, &'a str),
    /// How many at most.
    pub limit: i64,
}

/// What published catalogs offer to `user` in listed apps (S3-3, S3-7, S0-8), in catalog order.
///
/// Each catalog of the user is read in that order no further than a page, so it does not matter how much or how little
/// it holds.
pub async fn list_offers(tx: &mut Tx, user: &UserId, find: OfferQuery<'_>) -> Result<Vec<Offer>, StoreError> {
    let Some(range) = range(tx, &find).await? else { return Ok(Vec::new()) };
    let catalogs = all!(
        tx,
        (String,),
        "select distinct ca.catalog_id from user_key k
           join catalog_audience ca on ca.key = k.key
           join catalog c on c.id = ca.catalog_id and c.state = 'published'
         where k.user_id = $1",
        user.as_str()
    )?;
    let mut places = BTreeSet::new();
    for (catalog,) in catalogs {
        places.extend(list_places(tx, &catalog, &range, find).await?);
    }
    let page = usize::try_from(find.limit).unwrap_or(0);
    let ids: Vec<_> = places.into_iter().take(page).map(|(_, id)| id).collect();
    list_offers_of(tx, user, &ids).await
}

/// The part of the catalog order in which to look: behind a sort key and an id, before a sort key.
struct Range {
    after: (String, String),
    before: String,
}

/// Sorts behind every sort key.
const LAST: &str = "\u{10ffff}";

async fn range(tx: &mut Tx, find: &OfferQuery<'_>) -> Result<Option<Range>, StoreError> {
    let after = (find.after.0.to_owned(), find.after.1.to_owned());
    let Some(app) = find.app else { return Ok(Some(Range { after, before: LAST.to_owned() })) };
    let row = one!(tx, (String,), "select name_key from app where id = $1", app.as_str())?;
    // What belongs to an app stands together: its name, a tab, and no name holds what sorts between a tab and a line's end.
    Ok(row.map(|(name,)| Range { after: after.max((format!("{name}\t"), String::new())), before: format!("{name}\n") }))
}

macro_rules! places {
    ($lead:literal) => {
        concat!(
            "select i.sort_key, i.entitlement_id from catalog_item i cross join entitlement e cross join app a
         where i.catalog_id = $1 and ",
            $lead,
            " and (i.sort_key, i.entitlement_id) > ($2, $3) and i.sort_key < $4
           and ($5 = '' or i.sort_key like $6 escape '!')
           and e.id = i.entitlement_id and ($7 = '' or e.app_id = $7) and ($8 = '' or e.id = $8)
           and a.id = e.app_id and a.state = 'listed'
           and ($5 = '' or e.name_key like $6 escape '!' or a.name_key like $6 escape '!')
         order by i.sort_key, i.entitlement_id limit $9"
        )
    };
}

/// The places of a page of one catalog.
async fn list_places(
    tx: &mut Tx,
    catalog: &str,
    range: &Range,
    find: OfferQuery<'_>,
) -> Result<Vec<(String, String)>, StoreError> {
    let text = if find.entitlement.is_some() { places!("i.entitlement_id = $8") } else { places!("1 = 1") };
    all!(
        tx,
        (String, String),
        text,
        catalog,
        range.after.0.as_str(),
        range.after.1.as_str(),
        range.before.as_str(),
        find.query,
        crate::sql::containing(find.query),
        find.app.map_or("", AppId::as_str),
        find.entitlement.map_or("", EntitlementId::as_str),
        find.limit
    )
}

#[derive(sqlx::FromRow)]
struct PlacedRow {
    #[sqlx(flatten)]
    row: Row,
    sort_key: String,
}

/// These entitlements as offers, in catalog order.
async fn list_offers_of(tx: &mut Tx, user: &UserId, ids: &[String]) -> Result<Vec<Offer>, StoreError> {
    let mut pending = list_pending(tx, user).await?;
    let mut offers = Vec::with_capacity(ids.len());
    for ids in ids.chunks(8) {
        let id = |n: usize| ids.get(n).map_or("", String::as_str);
        let rows = all!(
            tx,
            PlacedRow,
            "select id, app_id, slug, name, kind, description, instructions, settings, version, sort_key
             from entitlement where id in ($1, $2, $3, $4, $5, $6, $7, $8)",
            id(0),
            id(1),
            id(2),
            id(3),
            id(4),
            id(5),
            id(6),
            id(7)
        )?;
        let mut held = list_held(tx, user, &id).await?;
        for placed in rows {
            let entitlement = placed.row.entitlement()?;
            offers.push(Offer {
                pending: pending.remove(entitlement.id.as_str()).map(decoded).transpose()?,
                held: held.remove(entitlement.id.as_str()),
                sort_key: placed.sort_key,
                entitlement,
            });
        }
    }
    offers.sort_by(|a, b| (&a.sort_key, &a.entitlement.id).cmp(&(&b.sort_key, &b.entitlement.id)));
    Ok(offers)
}

/// The first open request of a user for each entitlement, by its id.
async fn list_pending(tx: &mut Tx, user: &UserId) -> Result<BTreeMap<String, String>, StoreError> {
    let rows = all!(
        tx,
        (String, String),
        "select entitlement_id, id from request
         where subject_id = $1 and is_open = true and kind = 'grant' order by number desc",
        user.as_str()
    )?;
    Ok(rows.into_iter().collect())
}

/// Until when a user holds each of a few entitlements at the longest (I28), by its id.
async fn list_held<'a>(
    tx: &mut Tx,
    user: &UserId,
    id: &impl Fn(usize) -> &'a str,
) -> Result<BTreeMap<String, Option<Time>>, StoreError> {
    let rows = all!(
        tx,
        (String, i64),
        "select entitlement_id, ends_key from grants
         where user_id = $1 and state = 'active' and entitlement_id in ($2, $3, $4, $5, $6, $7, $8, $9)
         order by ends_key",
        user.as_str(),
        id(0),
        id(1),
        id(2),
        id(3),
        id(4),
        id(5),
        id(6),
        id(7)
    )?;
    let until = |key| (key != NEVER_MICROS).then(|| Time::from_micros(key));
    Ok(rows.into_iter().map(|(entitlement, key)| (entitlement, until(key))).collect())
}

/// Whether a published catalog offers the entitlement to `user`, in a listed app.
pub async fn is_offered(tx: &mut Tx, user: &UserId, entitlement: &EntitlementId) -> Result<bool, StoreError> {
    let row = one!(
        tx,
        (i64,),
        "select count(*) from (select 1 from entitlement e
           join app a on a.id = e.app_id and a.state = 'listed'
           join catalog_item i on i.entitlement_id = e.id
           join catalog c on c.id = i.catalog_id and c.state = 'published'
           join catalog_audience ca on ca.catalog_id = c.id
           join user_key k on k.key = ca.key
           where e.id = $1 and k.user_id = $2 limit 1) x",
        entitlement.as_str(),
        user.as_str()
    )?;
    Ok(row.is_some_and(|(n,)| n > 0))
}

/// In how many listed apps published catalogs offer something to `user` (S3-14).
pub async fn count_apps_offered(tx: &mut Tx, user: &UserId) -> Result<u64, StoreError> {
    let row = one!(
        tx,
        (i64,),
        "select count(distinct ap.app_id) from user_key k
           join catalog_audience ca on ca.key = k.key
           join catalog c on c.id = ca.catalog_id and c.state = 'published'
           join catalog_app ap on ap.catalog_id = c.id
           join app a on a.id = ap.app_id and a.state = 'listed'
         where k.user_id = $1",
        user.as_str()
    )?;
    Ok(row.map_or(0, |(n,)| n.unsigned_abs()))
}
