//! Ways to prove who one is: sessions, API tokens and sign-in links. Only hashes of their secrets are kept.

use domain::id::{LinkId, SessionId, TokenId, UserId};
use domain::time::Time;
use sqlx::types::Json;

use crate::error::{StoreError, decoded};
use crate::sql::{Tx, one, run};

/// A signed-in browser.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub user: UserId,
    /// When it was last used.
    pub seen_at: Time,
    /// When it ends at the latest.
    pub ends_at: Time,
}

/// Starts a session.
pub async fn create(tx: &mut Tx, session: &Session, secret_hash: &str) -> Result<(), StoreError> {
    run!(
        tx,
        "insert into session (id, secret_hash, user_id, created_at, seen_at, ends_at) values ($1, $2, $3, $4, $4, $5)",
        session.id.as_str(),
        secret_hash,
        session.user.as_str(),
        session.seen_at.micros(),
        session.ends_at.micros()
    )?;
    Ok(())
}

/// The session with this secret.
pub async fn find(tx: &mut Tx, secret_hash: &str) -> Result<Option<Session>, StoreError> {
    let row = one!(
        tx,
        (String, String, i64, i64),
        "select id, user_id, seen_at, ends_at from session where secret_hash = $1",
        secret_hash
    )?;
    row.map(|(id, user, seen_at, ends_at)| {
        Ok(Session {
            id: decoded(id)?,
            user: decoded(user)?,
            seen_at: Time::from_micros(seen_at),
            ends_at: Time::from_micros(ends_at),
        })
    })
    .transpose()
}

/// Notes that a session was used.
pub async fn touch(tx: &mut Tx, id: &SessionId, now: Time) -> Result<(), StoreError> {
    run!(tx, "update session set seen_at = $1 where id = $2 and seen_at < $1", now.micros(), id.as_str())?;
    Ok(())
}

/// Ends a session.
pub async fn end(tx: &mut Tx, id: &SessionId) -> Result<(), StoreError> {
    run!(tx, "delete from session where id = $1", id.as_str())?;
    Ok(())
}

/// Removes sessions and replays that are over.
pub async fn forget(tx: &mut Tx, now: Time, replays_before: Time) -> Result<u64, StoreError> {
    let sessions = run!(tx, "delete from session where ends_at <= $1", now.micros())?;
    let replays = run!(tx, "delete from replay where created_at < $1", replays_before.micros())?;
    Ok(sessions + replays)
}

/// An API token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// Whose right it carries.
    pub user: UserId,
    /// What it is limited to; empty = everything its owner may do.
    pub scopes: Vec<String>,
    /// When it ends.
    pub ends_at: Time,
    /// When it was taken back.
    pub revoked_at: Option<Time>,
}

/// Stores a token.
pub async fn create_token(tx: &mut Tx, token: &Token, secret_hash: &str) -> Result<(), StoreError> {
    let now = tx.now();
    run!(
        tx,
        "insert into token (id, secret_hash, user_id, scopes, created_at, ends_at) values ($1, $2, $3, $4, $5, $6)",
        token.id.as_str(),
        secret_hash,
        token.user.as_str(),
        Json(&token.scopes),
        now.micros(),
        token.ends_at.micros()
    )?;
    Ok(())
}

/// The token with this secret.
pub async fn find_token(tx: &mut Tx, secret_hash: &str) -> Result<Option<Token>, StoreError> {
    let row = one!(
        tx,
        (String, String, Json<Vec<String>>, i64, Option<i64>),
        "select id, user_id, scopes, ends_at, revoked_at from token where secret_hash = $1",
        secret_hash
    )?;
    row.map(|(id, user, scopes, ends_at, revoked_at)| {
        Ok(Token {
            id: decoded(id)?,
            user: decoded(user)?,
            scopes: scopes.0,
            ends_at: Time::from_micros(ends_at),
            revoked_at: revoked_at.map(Time::from_micros),
        })
    })
    .transpose()
}

/// A one-time link to sign in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// For whom; `None` = the set-up link, which makes the first admin.
    pub user: Option<UserId>,
    /// When it ends.
    pub ends_at: Time,
    /// When it was used.
    pub used_at: Option<Time>,
}

/// Stores a link.
pub async fn create_link(tx: &mut Tx, link: &Link, secret_hash: &str) -> Result<(), StoreError> {
    let now = tx.now();
    run!(
        tx,
        "insert into sign_in_link (id, secret_hash, user_id, created_at, ends_at) values ($1, $2, $3, $4, $5)",
        link.id.as_str(),
        secret_hash,
        link.user.as_ref().map(UserId::as_str),
        now.micros(),
        link.ends_at.micros()
    )?;
    Ok(())
}

/// The link with this secret.
pub async fn find_link(tx: &mut Tx, secret_hash: &str) -> Result<Option<Link>, StoreError> {
    let row = one!(
        tx,
        (String, Option<String>, i64, Option<i64>),
        "select id, user_id, ends_at, used_at from sign_in_link where secret_hash = $1",
        secret_hash
    )?;
    row.map(|(id, user, ends_at, used_at)| {
        Ok(Link {
            id: decoded(id)?,
            user: user.map(decoded).transpose()?,
            ends_at: Time::from_micros(ends_at),
            used_at: used_at.map(Time::from_micros),
        })
    })
    .transpose()
}

/// Notes that a link was used. `false` when it was used before.
pub async fn use_link(tx: &mut Tx, id: &LinkId) -> Result<bool, StoreError> {
    let now = tx.now();
    let used =
        run!(tx, "update sign_in_link set used_at = $1 where id = $2 and used_at is null", now.micros(), id.as_str())?;
    Ok(used > 0)
}

/// Ends the set-up links that nobody used, so that only the newest works.
pub async fn end_set_up_links(tx: &mut Tx) -> Result<(), StoreError> {
    let now = tx.now();
    run!(tx, "update sign_in_link set used_at = $1 where user_id is null and used_at is null", now.micros())?;
    Ok(())
}

/// What was answered to a request with an idempotency key (I18).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Replay {
    /// Hash of the body that came with it.
    pub body_hash: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// The answer.
    pub body: String,
}

/// What was answered to `principal` under `key`.
pub async fn find_replay(tx: &mut Tx, principal: &str, key: &str) -> Result<Option<Replay>, StoreError> {
    let row = one!(
        tx,
        (String, i64, String),
        "select body_hash, status, body from replay where principal = $1 and key = $2",
        principal,
        key
    )?;
    Ok(row.map(|(body_hash, status, body)| Replay { body_hash, status: u16::try_from(status).unwrap_or(500), body }))
}

/// Keeps an answer.
pub async fn save_replay(tx: &mut Tx, principal: &str, key: &str, replay: &Replay) -> Result<(), StoreError> {
    let now = tx.now();
    run!(
        tx,
        "insert into replay (principal, key, body_hash, status, body, created_at) values ($1, $2, $3, $4, $5, $6)",
        principal,
        key,
        replay.body_hash.as_str(),
        i64::from(replay.status),
        replay.body.as_str(),
        now.micros()
    )?;
    Ok(())
}
