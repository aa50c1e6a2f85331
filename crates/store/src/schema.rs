//! Bringing a database to the schema of this release, and refusing one it does not understand.

use std::sync::Arc;

use sqlx::migrate::Migrator;

use crate::{error::StoreError, link::Link, sql::Dialect};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Whether migrations were ever applied.
const IS_KNOWN: Dialect = Dialect {
    sqlite: "select count(*) from sqlite_master where name = '_sqlx_migrations'",
    postgres: "select count(to_regclass('_sqlx_migrations'))",
};

const APPLIED: Dialect = Dialect::same("select coalesce(max(version), 0) from _sqlx_migrations where success");

/// Refuses a database that is not of exactly this release's schema.
pub(crate) async fn check(link: &mut Link, place: &str) -> Result<(), StoreError> {
    let found = applied(link, place).await?;
    let known = known(link);
    let place = place.to_owned();
    match found {
        0 => Err(StoreError::Missing { place }),
        _ if found < known => Err(StoreError::OlderSchema { place, found, known }),
        _ if found > known => Err(StoreError::NewerSchema { place, found, known }),
        _ => Ok(()),
    }
}

/// Applies what is missing.
pub(crate) async fn migrate(link: &mut Link, place: &str) -> Result<(), StoreError> {
    let (found, known) = (applied(link, place).await?, known(link));
    if found > known {
        return Err(StoreError::NewerSchema { place: place.to_owned(), found, known });
    }
    if found == known {
        return Ok(());
    }
    let migrated = match link {
        Link::Sqlite(link) => SQLITE.run(link).await,
        Link::Postgres(link) => POSTGRES.run(link).await,
    };
    migrated.map_err(|source| StoreError::Migration { place: place.to_owned(), source: Arc::new(source) })?;
    tracing::info!(place, from = found, to = known, "the database has the schema of this release");
    Ok(())
}

/// The schema of this release.
fn known(link: &Link) -> i64 {
    let migrations = match link {
        Link::Sqlite(_) => &SQLITE,
        Link::Postgres(_) => &POSTGRES,
    };
    migrations.iter().map(|one| one.version).max().unwrap_or(0)
}

/// The schema of the database; 0 when it has none.
async fn applied(link: &mut Link, place: &str) -> Result<i64, StoreError> {
    let unreadable = |error| match error {
        StoreError::Database(source) | StoreError::Connection(source) => {
            StoreError::Unreachable { place: place.to_owned(), source }
        }
        other => other,
    };
    let row = link.first::<(i64,)>(IS_KNOWN).await.map_err(unreadable)?;
    if row.is_none_or(|(tables,)| tables == 0) {
        return Ok(0);
    }
    let row = link.first::<(i64,)>(APPLIED).await.map_err(unreadable)?;
    Ok(row.map_or(0, |(version,)| version))
}
