//! Policies, every version of them, and what the organisation sets.

use domain::id::PolicyId;
use domain::policy::{Policy, Rules};
use domain::settings::Settings;
use sqlx::types::Json;

use crate::error::{StoreError, decoded};
use crate::sql::{Tx, all, one, run};

type Row = (String, String, i64, String, String);

fn policy((id, name, version, hash, rules): Row) -> Result<Policy, StoreError> {
    let rules: Rules = serde_json::from_str(&rules).map_err(|_| StoreError::Corrupt { what: "policy" })?;
    Ok(Policy { id: decoded(id)?, name, version, hash, rules })
}

/// The latest version of a policy.
pub async fn find(tx: &mut Tx, id: &PolicyId) -> Result<Option<Policy>, StoreError> {
    one!(tx, Row, "select id, name, version, hash, rules from policy where id = $1 and latest = true", id.as_str())?
        .map(policy)
        .transpose()
}

/// The latest version of the policy with this name.
pub async fn find_by_name(tx: &mut Tx, name: &str) -> Result<Option<Policy>, StoreError> {
    one!(tx, Row, "select id, name, version, hash, rules from policy where name = $1 and latest = true", name)?
        .map(policy)
        .transpose()
}

/// The latest versions of all policies, in the order of their names.
pub async fn list(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Policy>, StoreError> {
    all!(
        tx,
        Row,
        "select id, name, version, hash, rules from policy where latest = true and name > $1 order by name limit $2",
        after,
        limit
    )?
    .into_iter()
    .map(policy)
    .collect()
}

/// Saves a version; those before it stay.
pub async fn save(tx: &mut Tx, policy: &Policy) -> Result<(), StoreError> {
    run!(tx, "update policy set latest = false where id = $1 and latest = true", policy.id.as_str())?;
    let rules = serde_json::to_string(&policy.rules).map_err(|_| StoreError::Corrupt { what: "policy" })?;
    run!(
        tx,
        "insert into policy (id, name, version, hash, rules, latest) values ($1, $2, $3, $4, $5, true)",
        policy.id.as_str(),
        policy.name.as_str(),
        policy.version,
        policy.hash.as_str(),
        rules
    )?;
    Ok(())
}

/// What the organisation is called and sets.
pub async fn organisation(tx: &mut Tx) -> Result<(String, Settings), StoreError> {
    let row = one!(tx, (String, Json<Settings>), "select name, settings from organisation where id = 1")?;
    Ok(row.map_or_else(|| (String::new(), Settings::default()), |(name, settings)| (name, settings.0)))
}

/// Sets what the organisation is called and sets.
pub async fn save_organisation(tx: &mut Tx, name: &str, settings: &Settings) -> Result<(), StoreError> {
    run!(
        tx,
        "insert into organisation (id, name, settings, version) values (1, $1, $2, 1)
         on conflict (id) do update set name = excluded.name, settings = excluded.settings,
           version = organisation.version + 1",
        name,
        Json(settings)
    )?;
    Ok(())
}
