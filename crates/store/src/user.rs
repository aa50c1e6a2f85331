//! Users, the keys that find them, and the line of their managers.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::UserId;
use domain::policy::MANAGER_LEVELS_MAX;
use domain::user::{Role, User, UserKind, UserStatus, key};
use sqlx::types::Json;

use crate::error::{StoreError, decoded, known};
use crate::sql::{Tx, all, one, run};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    email: String,
    name: String,
    kind: String,
    status: String,
    manager_id: Option<String>,
    attributes: Json<BTreeMap<String, String>>,
    roles: Json<Vec<Role>>,
    version: i64,
}

impl Row {
    fn user(self) -> Result<User, StoreError> {
        let status = if self.status == "active" { UserStatus::Active } else { UserStatus::Inactive };
        Ok(User {
            kind: known("user kind", UserKind::parse(&self.kind))?,
            id: decoded(self.id)?,
            email: self.email,
            name: self.name,
            status,
            manager: self.manager_id.map(decoded).transpose()?,
            attributes: self.attributes.0,
            roles: self.roles.0,
            version: self.version,
        })
    }
}

/// The user with this id.
pub async fn find(tx: &mut Tx, id: &UserId) -> Result<Option<User>, StoreError> {
    let row = one!(
        tx,
        Row,
        "select id, email, name, kind, status, manager_id, attributes, roles, version from users where id = $1",
        id.as_str()
    )?;
    row.map(Row::user).transpose()
}

/// The user with this mail address, without regard to case.
pub async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Option<User>, StoreError> {
    let row = one!(
        tx,
        Row,
        "select id, email, name, kind, status, manager_id, attributes, roles, version from users where email_key = $1",
        domain::text::fold(email)
    )?;
    row.map(Row::user).transpose()
}

/// Users in the order of their names, `limit` of those after `after` (a name key and an id) whose name or address
/// contains `query`.
pub async fn list(tx: &mut Tx, query: &str, after: (&str, &str), limit: i64) -> Result<Vec<User>, StoreError> {
    let rows = all!(
        tx,
        Row,
        "select id, email, name, kind, status, manager_id, attributes, roles, version from users
         where (name_key, id) > ($1, $2)
           and ($3 = '' or name_key like $4 escape '!' or email_key like $4 escape '!')
         order by name_key, id limit $5",
        after.0,
        after.1,
        query,
        crate::sql::containing(query),
        limit
    )?;
    rows.into_iter().map(Row::user).collect()
}

/// Users who report to `manager`, in the order of their names.
pub async fn list_reports(tx: &mut Tx, manager: &UserId, limit: i64) -> Result<Vec<User>, StoreError> {
    let rows = all!(
        tx,
        Row,
        "select id, email, name, kind, status, manager_id, attributes, roles, version from users
         where manager_id = $1 and status = 'active' order by name_key, id limit $2",
        manager.as_str(),
        limit
    )?;
    rows.into_iter().map(Row::user).collect()
}

/// Creates a user with the keys that find it. `false` when the mail address is taken.
pub async fn create(tx: &mut Tx, user: &User) -> Result<bool, StoreError> {
    let created = run!(
        tx,
        "insert into users (id, email, email_key, name, name_key, kind, status, manager_id, attributes, roles, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing",
        user.id.as_str(),
        user.email.as_str(),
        domain::text::fold(&user.email),
        user.name.as_str(),
        domain::text::fold(&user.name),
        user.kind.name(),
        user.status.name(),
        user.manager.as_ref().map(UserId::as_str),
        Json(&user.attributes),
        Json(&user.roles),
        user.version
    )?;
    if created == 0 {
        return Ok(false);
    }
    for key in user.keys() {
        add_key(tx, &user.id, &key).await?;
    }
    if let Some(manager) = &user.manager {
        add_key(tx, manager, &key::manages(&user.id)).await?;
    }
    Ok(true)
}

/// Gives a user one more key.
pub(crate) async fn add_key(tx: &mut Tx, user: &UserId, key: &str) -> Result<(), StoreError> {
    run!(tx, "insert into user_key (user_id, key) values ($1, $2) on conflict do nothing", user.as_str(), key)?;
    Ok(())
}

/// The user, the user's manager, that manager's manager, …: at most 16 levels, and no one twice (I10).
pub async fn line(tx: &mut Tx, user: &UserId) -> Result<Vec<UserId>, StoreError> {
    let mut line = vec![user.clone()];
    while let Some(last) = line.last().filter(|_| line.len() <= MANAGER_LEVELS_MAX) {
        let above = one!(tx, (Option<String>,), "select manager_id from users where id = $1", last.as_str())?;
        let Some((Some(above),)) = above else { break };
        let above = decoded(above)?;
        if line.contains(&above) {
            break;
        }
        line.push(above);
    }
    Ok(line)
}

/// Active persons whom a key finds, but for two. The keys of an app's owners and admins lead to other keys; all others
/// stand with their users, so that the first few of many are found without looking at all of them.
macro_rules! holders {
    ($columns:literal, direct, $rest:literal) => {
        concat!(
            "select ",
            $columns,
            " from user_key k cross join users u where k.key = $1 and u.id = k.user_id
           and u.status = 'active' and u.kind = 'person' and u.id <> $2 and u.id <> $3 ",
            $rest
        )
    };
    ($columns:literal, by_role, $rest:literal) => {
        concat!(
            "select ",
            $columns,
            " from users u
             where u.id in (select k.user_id from app_role r join user_key k on k.key = r.key where r.role_key = $1)
           and u.status = 'active' and u.kind = 'person' and u.id <> $2 and u.id <> $3 ",
            $rest
        )
    };
}

/// Active persons whom one of `keys` finds, those in `barred` aside, in the order of their names; at most `limit`.
pub async fn list_by_keys(
    tx: &mut Tx,
    keys: &[String],
    barred: [&UserId; 2],
    limit: i64,
) -> Result<Vec<User>, StoreError> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for key in keys {
        let text = if is_of_role(key) {
            holders!(
                "u.id, u.email, u.name, u.kind, u.status, u.manager_id, u.attributes, u.roles, u.version",
                by_role,
                "order by u.name_key, u.id limit $4"
            )
        } else {
            holders!(
                "u.id, u.email, u.name, u.kind, u.status, u.manager_id, u.attributes, u.roles, u.version",
                direct,
                "order by u.name_key, u.id limit $4"
            )
        };
        for row in all!(tx, Row, text, key.as_str(), barred[0].as_str(), barred[1].as_str(), limit)? {
            let user = row.user()?;
            if seen.insert(user.id.clone()) {
                found.push(user);
            }
        }
    }
    found.sort_by_cached_key(|user| (domain::text::fold(&user.name), user.id.clone()));
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

/// Whether the key is one of those that `app_role` leads from.
fn is_of_role(key: &str) -> bool {
    key.starts_with("owners:") || key.starts_with("admins:")
}

/// How many different active persons `keys` find, those in `barred` aside, counted no further than `enough`.
pub async fn count_by_keys(tx: &mut Tx, keys: &[String], barred: [&UserId; 2], enough: u32) -> Result<u32, StoreError> {
    let mut seen = BTreeSet::new();
    for key in keys {
        let text =
            if is_of_role(key) { holders!("u.id", by_role, "limit $4") } else { holders!("u.id", direct, "limit $4") };
        let (one, other) = (barred[0].as_str(), barred[1].as_str());
        let rows = all!(tx, (String,), text, key.as_str(), one, other, i64::from(enough))?;
        seen.extend(rows.into_iter().map(|(id,)| id));
        if seen.len() >= enough as usize {
            break;
        }
    }
    Ok(u32::try_from(seen.len()).unwrap_or(u32::MAX).min(enough))
}

/// Which of `keys` each of `users` has, those of apps they own or administer included.
pub async fn keys_of(
    tx: &mut Tx,
    users: &[UserId],
    keys: &[String],
) -> Result<BTreeMap<UserId, BTreeSet<String>>, StoreError> {
    let mut found: BTreeMap<UserId, BTreeSet<String>> = BTreeMap::new();
    for users in users.chunks(4) {
        for keys in keys.chunks(6) {
            let u = |n: usize| users.get(n).map_or("", UserId::as_str);
            let k = |n: usize| keys.get(n).map_or("", String::as_str);
            let rows = all!(
                tx,
                (String, String),
                "select user_id, key from user_key
                 where user_id in ($1, $2, $3, $4) and key in ($5, $6, $7, $8, $9, $10)
                 union select k.user_id, r.role_key from app_role r join user_key k on k.key = r.key
                 where r.role_key in ($5, $6, $7, $8, $9, $10) and k.user_id in ($1, $2, $3, $4)",
                u(0),
                u(1),
                u(2),
                u(3),
                k(0),
                k(1),
                k(2),
                k(3),
                k(4),
                k(5)
            )?;
            for (user, key) in rows {
                found.entry(decoded(user)?).or_default().insert(key);
            }
        }
    }
    Ok(found)
}

/// Whether the user owns or administers any app.
pub async fn is_app_admin(tx: &mut Tx, user: &UserId) -> Result<bool, StoreError> {
    let row = one!(
        tx,
        (i64,),
        "select count(*) from (select 1 from app_role r join user_key k on k.key = r.key where k.user_id = $1 limit 1) x",
        user.as_str()
    )?;
    Ok(row.is_some_and(|(n,)| n > 0))
}

/// Whether anybody is in the directory yet.
pub async fn is_empty(tx: &mut Tx) -> Result<bool, StoreError> {
    let row = one!(tx, (i64,), "select count(*) from (select 1 from users limit 1) x")?;
    Ok(row.is_none_or(|(n,)| n == 0))
}
