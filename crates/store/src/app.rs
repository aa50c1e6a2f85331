//! Apps, with their owners and admins.

use domain::app::{App, AppState, Connector, Principal};
use domain::id::{AppId, GroupId, UserId};
use domain::settings::Settings;
use domain::user::key;
use sqlx::types::Json;

use crate::error::{StoreError, decoded, known};
use crate::sql::{Tx, all, one, run};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    slug: String,
    name: String,
    description: String,
    category: String,
    connector: String,
    instructions: String,
    url: Option<String>,
    state: String,
    settings: Json<Settings>,
    version: i64,
}

async fn app(tx: &mut Tx, row: Row) -> Result<App, StoreError> {
    let id: AppId = decoded(row.id)?;
    let (owners, admins) = principals(tx, &id).await?;
    Ok(App {
        id,
        slug: row.slug,
        name: row.name,
        description: row.description,
        category: row.category,
        owners,
        admins,
        connector: known("connector", Connector::parse(&row.connector))?,
        instructions: row.instructions,
        url: row.url,
        state: known("app state", AppState::parse(&row.state))?,
        settings: row.settings.0,
        version: row.version,
    })
}

async fn principals(tx: &mut Tx, id: &AppId) -> Result<(Vec<Principal>, Vec<Principal>), StoreError> {
    let rows = all!(
        tx,
        (String, String),
        "select role_key, key from app_role where app_id = $1 order by place, key",
        id.as_str()
    )?;
    let (mut owners, mut admins) = (Vec::new(), Vec::new());
    for (role, who) in rows {
        let principal = match who.split_once(':') {
            Some(("user", id)) => Principal::User(decoded(id.to_owned())?),
            Some(("group", id)) => Principal::Group(decoded(id.to_owned())?),
            _ => return Err(StoreError::Corrupt { what: "app role" }),
        };
        if role == key::owners(id) { owners.push(principal) } else { admins.push(principal) }
    }
    Ok((owners, admins))
}

/// The app with this id.
pub async fn find(tx: &mut Tx, id: &AppId) -> Result<Option<App>, StoreError> {
    let row = one!(
        tx,
        Row,
        "select id, slug, name, description, category, connector, instructions, url, state, settings, version
         from app where id = $1",
        id.as_str()
    )?;
    match row {
        Some(row) => app(tx, row).await.map(Some),
        None => Ok(None),
    }
}

/// The app with this slug.
pub async fn find_by_slug(tx: &mut Tx, slug: &str) -> Result<Option<App>, StoreError> {
    let row = one!(
        tx,
        Row,
        "select id, slug, name, description, category, connector, instructions, url, state, settings, version
         from app where slug = $1",
        slug
    )?;
    match row {
        Some(row) => app(tx, row).await.map(Some),
        None => Ok(None),
    }
}

/// Apps in the order of their names, hidden ones included.
pub async fn list(tx: &mut Tx, after: (&str, &str), limit: i64) -> Result<Vec<App>, StoreError> {
    let rows = all!(
        tx,
        Row,
        "select id, slug, name, description, category, connector, instructions, url, state, settings, version
         from app where (name_key, id) > ($1, $2) order by name_key, id limit $3",
        after.0,
        after.1,
        limit
    )?;
    let mut apps = Vec::with_capacity(rows.len());
    for row in rows {
        apps.push(app(tx, row).await?);
    }
    Ok(apps)
}

/// Creates an app. `false` when the slug is taken.
pub async fn create(tx: &mut Tx, app: &App) -> Result<bool, StoreError> {
    let created = run!(
        tx,
        "insert into app (id, slug, name, name_key, description, category, connector, instructions, url, state,
           settings, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing",
        app.id.as_str(),
        app.slug.as_str(),
        app.name.as_str(),
        domain::text::fold(&app.name),
        app.description.as_str(),
        app.category.as_str(),
        app.connector.name(),
        app.instructions.as_str(),
        app.url.as_deref(),
        app.state.name(),
        Json(&app.settings),
        app.version
    )?;
    if created == 0 {
        return Ok(false);
    }
    let owners = app.owners.iter().map(|who| (key::owners(&app.id), who));
    let admins = app.admins.iter().map(|who| (key::admins(&app.id), who));
    for (place, (role, who)) in (0_i64..).zip(owners.chain(admins)) {
        run!(
            tx,
            "insert into app_role (app_id, role_key, key, place) values ($1, $2, $3, $4) on conflict do nothing",
            app.id.as_str(),
            role,
            who.key(),
            place
        )?;
    }
    Ok(true)
}

/// The apps that `user` owns or administers, in the order of their ids.
pub async fn list_responsible(tx: &mut Tx, user: &UserId) -> Result<Vec<AppId>, StoreError> {
    let rows = all!(
        tx,
        (String,),
        "select distinct ar.app_id from user_key k join app_role ar on ar.key = k.key where k.user_id = $1
         order by ar.app_id",
        user.as_str()
    )?;
    rows.into_iter().map(|(id,)| decoded(id)).collect()
}

/// Whether every principal exists.
pub async fn are_known(tx: &mut Tx, principals: &[Principal]) -> Result<bool, StoreError> {
    for principal in principals {
        let found = match principal {
            Principal::User(id) => is_user(tx, id).await?,
            Principal::Group(id) => is_group(tx, id).await?,
        };
        if !found {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn is_user(tx: &mut Tx, id: &UserId) -> Result<bool, StoreError> {
    Ok(crate::user::find(tx, id).await?.is_some())
}

async fn is_group(tx: &mut Tx, id: &GroupId) -> Result<bool, StoreError> {
    Ok(crate::group::find(tx, id).await?.is_some())
}
