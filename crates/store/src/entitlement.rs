//! Entitlements, and which of them a user may see.

use domain::entitlement::{Entitlement, EntitlementKind};
use domain::id::{AppId, EntitlementId, RequestId, UserId};
use domain::settings::Settings;
use domain::time::Time;
use sqlx::types::Json;

use crate::error::{StoreError, decoded, known};
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
         from entitlement where sort_key > $1 or (sort_key = $1 and id > $2) order by sort_key, id limit $3",
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

#[derive(sqlx::FromRow)]
struct OfferRow {
    #[sqlx(flatten)]
    row: Row,
    sort_key: String,
    pending: Option<String>,
    holds: i64,
    unlimited: i64,
    ends_at: Option<i64>,
}

/// What published catalogs offer to `user` in listed apps (S3-3, S3-7, S0-8), in catalog order.
pub async fn list_offers(tx: &mut Tx, user: &UserId, find: OfferQuery<'_>) -> Result<Vec<Offer>, StoreError> {
    let rows = all!(
        tx,
        OfferRow,
        "select e.id, e.app_id, e.slug, e.name, e.kind, e.description, e.instructions, e.settings, e.version, e.sort_key,
           (select r.id from request r
            where r.subject_id = $1 and r.entitlement_id = e.id and r.is_open = true and r.kind = 'grant'
            order by r.number limit 1) as pending,
           (select count(*) from grants g where g.user_id = $1 and g.entitlement_id = e.id and g.state = 'active')
             as holds,
           (select count(*) from grants g where g.user_id = $1 and g.entitlement_id = e.id and g.state = 'active'
              and g.ends_at is null) as unlimited,
           (select max(g.ends_at) from grants g where g.user_id = $1 and g.entitlement_id = e.id and g.state = 'active')
             as ends_at
         from entitlement e join app a on a.id = e.app_id
         where a.state = 'listed'
           and (e.sort_key > $2 or (e.sort_key = $2 and e.id > $3))
           and ($4 = '' or e.name_key like $5 escape '!' or a.name_key like $5 escape '!')
           and ($6 = '' or e.app_id = $6) and ($7 = '' or e.id = $7)
           and exists (select 1 from catalog_item i
             join catalog c on c.id = i.catalog_id and c.state = 'published'
             join catalog_audience ca on ca.catalog_id = c.id
             join user_key k on k.key = ca.key
             where i.entitlement_id = e.id and k.user_id = $1)
         order by e.sort_key, e.id limit $8",
        user.as_str(),
        find.after.0,
        find.after.1,
        find.query,
        crate::sql::containing(find.query),
        find.app.map_or("", AppId::as_str),
        find.entitlement.map_or("", EntitlementId::as_str),
        find.limit
    )?;
    rows.into_iter().map(offer).collect()
}

fn offer(row: OfferRow) -> Result<Offer, StoreError> {
    let held = match (row.holds, row.unlimited) {
        (0, _) => None,
        (_, 0) => Some(row.ends_at.map(Time::from_micros)),
        _ => Some(None),
    };
    Ok(Offer {
        entitlement: row.row.entitlement()?,
        sort_key: row.sort_key,
        pending: row.pending.map(decoded).transpose()?,
        held,
    })
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
        "select count(distinct e.app_id) from user_key k
           join catalog_audience ca on ca.key = k.key
           join catalog c on c.id = ca.catalog_id and c.state = 'published'
           join catalog_item i on i.catalog_id = c.id
           join entitlement e on e.id = i.entitlement_id
           join app a on a.id = e.app_id and a.state = 'listed'
         where k.user_id = $1",
        user.as_str()
    )?;
    Ok(row.map_or(0, |(n,)| n.unsigned_abs()))
}
