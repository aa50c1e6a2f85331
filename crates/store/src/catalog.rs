//! Catalogs: what is offered, and the keys of those to whom.

use std::collections::BTreeSet;

use domain::catalog::{Audience, Catalog, CatalogState};
use domain::id::CatalogId;
use sqlx::types::Json;

use crate::error::{StoreError, decoded, known};
use crate::sql::{Tx, all, one, run};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    slug: String,
    name: String,
    audience: Json<Audience>,
    bundle: bool,
    state: String,
    version: i64,
}

async fn catalog(tx: &mut Tx, row: Row) -> Result<Catalog, StoreError> {
    let items = all!(
        tx,
        (String,),
        "select entitlement_id from catalog_item where catalog_id = $1 order by entitlement_id",
        row.id.as_str()
    )?;
    Ok(Catalog {
        id: decoded(row.id)?,
        slug: row.slug,
        name: row.name,
        audience: row.audience.0,
        entitlements: items.into_iter().map(|(id,)| decoded(id)).collect::<Result<_, _>>()?,
        bundle: row.bundle,
        state: known("catalog state", CatalogState::parse(&row.state))?,
        version: row.version,
    })
}

/// The catalog with this id.
pub async fn find(tx: &mut Tx, id: &CatalogId) -> Result<Option<Catalog>, StoreError> {
    let row = one!(
        tx,
        Row,
        "select id, slug, name, audience, bundle, state, version from catalog where id = $1",
        id.as_str()
    )?;
    match row {
        Some(row) => catalog(tx, row).await.map(Some),
        None => Ok(None),
    }
}

/// Catalogs in the order of their slugs.
pub async fn list(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Catalog>, StoreError> {
    let rows = all!(
        tx,
        Row,
        "select id, slug, name, audience, bundle, state, version from catalog where slug > $1 order by slug limit $2",
        after,
        limit
    )?;
    let mut catalogs = Vec::with_capacity(rows.len());
    for row in rows {
        catalogs.push(catalog(tx, row).await?);
    }
    Ok(catalogs)
}

/// Creates a catalog. `false` when the slug is taken.
pub async fn create(tx: &mut Tx, catalog: &Catalog) -> Result<bool, StoreError> {
    let created = run!(
        tx,
        "insert into catalog (id, slug, name, audience, bundle, state, version)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        catalog.id.as_str(),
        catalog.slug.as_str(),
        catalog.name.as_str(),
        Json(&catalog.audience),
        catalog.bundle,
        catalog.state.name(),
        catalog.version
    )?;
    if created == 0 {
        return Ok(false);
    }
    for key in catalog.audience.keys() {
        run!(
            tx,
            "insert into catalog_audience (catalog_id, key) values ($1, $2) on conflict do nothing",
            catalog.id.as_str(),
            key
        )?;
    }
    for entitlement in catalog.entitlements.iter().collect::<BTreeSet<_>>() {
        let held = run!(
            tx,
            "insert into catalog_item (catalog_id, entitlement_id, sort_key)
             select cast($1 as text), id, sort_key from entitlement where id = $2",
            catalog.id.as_str(),
            entitlement.as_str()
        )?;
        if held == 0 {
            return Err(StoreError::Corrupt { what: "catalog item" });
        }
    }
    run!(
        tx,
        "insert into catalog_app (catalog_id, app_id)
         select distinct i.catalog_id, e.app_id from catalog_item i join entitlement e on e.id = i.entitlement_id
         where i.catalog_id = $1",
        catalog.id.as_str()
    )?;
    Ok(true)
}
