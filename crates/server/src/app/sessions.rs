//! Signing in: sessions, API tokens, one-time links. Secrets are 256 random bits, shown once, kept as hashes.

use domain::door::Door;
use domain::id::{LinkId, SessionId, TokenId};
use domain::scope::Scope;
use domain::time::{Span, Time};
use domain::user::{Role, User};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::log::Entry;
use store::session::{Link, Session, Token};
use store::{StoreError, Tx, Verdict};

use super::App;
use super::caller::Caller;
use super::error::{AppError, Outcome};
use crate::{body, words};

/// How long a session may last.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// It ends after so long without use.
    pub idle: Span,
    /// It ends after so long in any case.
    pub longest: Span,
}

impl Default for SessionLimits {
    /// Thirty minutes without use, twelve hours in all (T26).
    fn default() -> Self {
        Self { idle: Span::from_seconds(30 * 60), longest: Span::from_hours(12) }
    }
}

/// A one-time link works for so long.
const LINK_LONGEST: Span = Span::from_seconds(30 * 60);
/// A token works for so long unless told otherwise (T29).
const TOKEN_DEFAULT: Span = Span::from_days(90);
/// A session's last use is noted no more often than this, so that reading a page does not write.
const TOUCH_AFTER: Span = Span::from_seconds(60);
/// Answers to idempotent calls are kept for so long (I18: at least 24 hours).
const REPLAYS_KEPT: Span = Span::from_hours(48);
/// What an API token begins with, so that scanners find lost ones (T29).
const TOKEN_PREFIX: &str = "kf_";

/// A new secret: 256 random bits in base64url.
fn secret() -> Outcome<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| AppError::internal(StoreError::Random(error)))?;
    Ok(data_encoding::BASE64URL_NOPAD.encode(&bytes))
}

/// What is kept of a secret. A plain hash is enough for 256 random bits (ASVS 6.5.2).
fn hashed(secret: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(secret.as_bytes()))
}

/// What a link to sign in is for.
#[derive(Clone, Debug)]
pub struct LinkFor {
    /// Whom it signs in; `None` = it sets the installation up.
    pub user: Option<body::User>,
}

/// What the set-up page asks for.
#[derive(Clone, Debug)]
pub struct FirstAdmin {
    /// Name of the organisation.
    pub organisation: String,
    /// Mail address of the first admin.
    pub email: String,
    /// Name of the first admin.
    pub name: String,
}

impl App {
    /// Who holds the secret of a session, if it still counts.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn session(&self, secret: &str, correlation: &str) -> Outcome<Option<Caller>> {
        let (hash, idle_max) = (hashed(secret), self.session_limits.idle);
        let found = self
            .reader
            .read(async |tx| {
                let Some(session) = store::session::find(tx, &hash).await? else { return Ok(None) };
                let now = tx.now();
                let idle = now.since(session.seen_at) > idle_max;
                if session.ends_at <= now || idle {
                    return Ok::<_, AppError>(None);
                }
                let caller = caller(tx, &session.user, Door::Web, None, correlation).await?;
                let stale = now.since(session.seen_at) > TOUCH_AFTER;
                Ok(caller.map(|caller| (caller, stale.then_some(session.id))))
            })
            .await?;
        let Some((caller, stale)) = found else { return Ok(None) };
        if let Some(id) = stale {
            self.change("session.touch", async move |tx| {
                let now = tx.now();
                store::session::touch(tx, &id, now).await?;
                Ok(Verdict::Done(()))
            })
            .await?;
        }
        Ok(Some(caller))
    }

    /// Who holds this API token, if it still counts. The effective right is its owner's at use (I52).
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn token(&self, secret: &str, door: Door, correlation: &str) -> Outcome<Option<Caller>> {
        if !secret.starts_with(TOKEN_PREFIX) {
            return Ok(None);
        }
        let hash = hashed(secret);
        self.reader
            .read(async |tx| {
                let Some(token) = store::session::find_token(tx, &hash).await? else { return Ok(None) };
                if token.revoked_at.is_some() || token.ends_at <= tx.now() {
                    return Ok(None);
                }
                let found = caller(tx, &token.user, door, Some(hashed(token.id.as_str())), correlation).await?;
                // A scope that this release does not know opens nothing.
                let scopes = token.scopes.iter().map(|name| Scope::parse(name)).collect::<Option<Vec<_>>>();
                Ok(found.zip(scopes).map(|(caller, scopes)| Caller { scopes, ..caller }))
            })
            .await
    }

    /// Signs a user in; gives the session's secret. Doors must have proved who it is.
    ///
    /// # Errors
    /// When the user is unknown or inactive.
    pub async fn sign_in(&self, user: &str, how: &'static str, correlation: &str) -> Outcome<String> {
        let (secret, who) = (secret()?, user.to_owned());
        let hash = hashed(&secret);
        let (correlation, longest) = (correlation.to_owned(), self.session_limits.longest);
        self.change("session.start", async move |tx| {
            let user = find_user(tx, &who).await?.filter(User::is_active).ok_or(AppError::NotFound)?;
            start(tx, &user, &hash, longest, (how, &correlation)).await?;
            Ok(Verdict::Done(()))
        })
        .await?;
        Ok(secret)
    }

    /// Ends the session with this secret.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn sign_out(&self, caller: &Caller, secret: &str) -> Outcome<()> {
        let (hash, by) = (hashed(secret), caller.clone());
        self.change("session.end", async move |tx| {
            if let Some(session) = store::session::find(tx, &hash).await? {
                store::session::end(tx, &session.id).await?;
                log(tx, &by, "session.ended", session.user.as_str(), json!({ "session": session.id })).await?;
            }
            Ok(Verdict::Done(()))
        })
        .await
    }

    /// Makes a token for a user; gives the secret, which is shown this once.
    ///
    /// # Errors
    /// When the caller is no operator, or the user is unknown or inactive.
    pub async fn create_token(&self, caller: &Caller, user: &str, scopes: Vec<String>) -> Outcome<String> {
        operator_only(caller)?;
        for (place, scope) in scopes.iter().enumerate() {
            let names = Scope::ALL.map(Scope::name).join(", ");
            let unknown =
                || AppError::field(&format!("scopes[{place}]"), words::tell("invalid-scope", &[("names", &names)]));
            Scope::parse(scope).ok_or_else(unknown)?;
        }
        let (secret, who, by) = (format!("{TOKEN_PREFIX}{}", secret()?), user.to_owned(), caller.clone());
        let hash = hashed(&secret);
        self.change("token.create", async move |tx| {
            let user = active_user(tx, &who).await?;
            let ends_at = tx.now().plus(TOKEN_DEFAULT);
            let id = TokenId::from_bits(store::fresh_bits());
            let token = Token { id, user: user.id.clone(), scopes, ends_at, revoked_at: None };
            store::session::create_token(tx, &token, &hash).await?;
            let body = json!({ "token": hashed(token.id.as_str()), "scopes": token.scopes, "ends_at": ends_at });
            log(tx, &by, "token.created", user.id.as_str(), body).await?;
            Ok(Verdict::Done(()))
        })
        .await?;
        Ok(secret)
    }

    /// Makes a one-time link for a user; gives its secret.
    ///
    /// # Errors
    /// When the caller is no operator, or the user is unknown or inactive.
    pub async fn create_sign_in_link(&self, caller: &Caller, user: &str) -> Outcome<String> {
        operator_only(caller)?;
        let (secret, who, by) = (secret()?, user.to_owned(), caller.clone());
        let hash = hashed(&secret);
        self.change("link.create", async move |tx| {
            let user = active_user(tx, &who).await?;
            new_link(tx, &by, Some(&user), &hash).await?;
            Ok(Verdict::Done(()))
        })
        .await?;
        Ok(secret)
    }

    /// Whether nobody is in the directory yet.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn is_empty(&self) -> Outcome<bool> {
        self.reader.read(async |tx| Ok(store::user::is_empty(tx).await?)).await
    }

    /// Somebody whom a door knows without session or token. Doors must have proved who it is.
    ///
    /// # Errors
    /// When the user is unknown or inactive.
    pub async fn acting_as(&self, user: &str, door: Door, correlation: &str) -> Outcome<Caller> {
        self.reader
            .read(async |tx| {
                let user = find_user(tx, user).await?.ok_or(AppError::NotFound)?;
                caller(tx, &user.id, door, None, correlation).await?.ok_or(AppError::NotFound)
            })
            .await
    }

    /// Makes the one-time link that sets an empty installation up; `None` when there already is somebody.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn create_set_up_link(&self, caller: &Caller) -> Outcome<Option<String>> {
        operator_only(caller)?;
        let (secret, by) = (secret()?, caller.clone());
        let hash = hashed(&secret);
        let made = self
            .change("link.create", async move |tx| {
                if !store::user::is_empty(tx).await? {
                    return Ok(Verdict::Done(false));
                }
                store::session::end_set_up_links(tx).await?;
                new_link(tx, &by, None, &hash).await?;
                Ok(Verdict::Done(true))
            })
            .await?;
        Ok(made.then_some(secret))
    }

    /// What a link is for, if it still works. Looking does not use it up (I57).
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it was used, is over or never was.
    pub async fn link(&self, secret: &str) -> Outcome<LinkFor> {
        let hash = hashed(secret);
        self.reader
            .read(async |tx| {
                let link = usable(tx, &hash).await?;
                let user = match &link.user {
                    Some(id) => Some(super::show::user_by_id(tx, id).await?),
                    None => None,
                };
                Ok(LinkFor { user })
            })
            .await
    }

    /// Uses a link up and signs in; for the set-up link, makes the first admin before.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it was used, is over or never was; fields that are not taken.
    pub async fn use_link(&self, secret: &str, first: Option<FirstAdmin>, correlation: &str) -> Outcome<String> {
        let (hash, session) = (hashed(secret), self::secret()?);
        let new_hash = hashed(&session);
        let (correlation, longest) = (correlation.to_owned(), self.session_limits.longest);
        self.change("link.use", async move |tx| {
            let link = usable(tx, &hash).await?;
            let user = match (&link.user, first) {
                (Some(id), _) => store::user::find(tx, id).await?.filter(User::is_active).ok_or(AppError::NotFound)?,
                (None, Some(first)) => set_up(tx, &Caller::system(&correlation), first).await?,
                (None, None) => return Err(AppError::field("email", words::say("invalid-empty"))),
            };
            if !store::session::use_link(tx, &link.id).await? {
                return Err(AppError::NotFound);
            }
            start(tx, &user, &new_hash, longest, ("link", &correlation)).await?;
            Ok(Verdict::Done(()))
        })
        .await?;
        Ok(session)
    }

    /// Removes sessions and kept answers that are over.
    ///
    /// # Errors
    /// Only when the database fails.
    pub async fn forget(&self) -> Outcome<u64> {
        self.change("session.forget", async move |tx| {
            let now = tx.now();
            let before = Time::from_micros(now.micros().saturating_sub(REPLAYS_KEPT.micros()));
            Ok(Verdict::Done(store::session::forget(tx, now, before).await?))
        })
        .await
    }
}

fn operator_only(caller: &Caller) -> Outcome<()> {
    if caller.user.is_none() { Ok(()) } else { Err(AppError::Forbidden) }
}

async fn find_user(tx: &mut Tx, who: &str) -> Result<Option<User>, StoreError> {
    match domain::id::UserId::parse(who) {
        Ok(id) => store::user::find(tx, &id).await,
        Err(_) => store::user::find_by_email(tx, who).await,
    }
}

async fn active_user(tx: &mut Tx, who: &str) -> Outcome<User> {
    let found = find_user(tx, who).await?.filter(User::is_active);
    found.ok_or_else(|| AppError::field("user", words::say("invalid-user")))
}

/// The caller behind an id, if active.
async fn caller(
    tx: &mut Tx,
    id: &domain::id::UserId,
    door: Door,
    token: Option<String>,
    correlation: &str,
) -> Result<Option<Caller>, StoreError> {
    let Some(user) = store::user::find(tx, id).await?.filter(User::is_active) else { return Ok(None) };
    let is_app_admin = store::user::is_app_admin(tx, id).await?;
    Ok(Some(Caller {
        user: Some(user),
        is_app_admin,
        door,
        scopes: Vec::new(),
        token,
        correlation: correlation.to_owned(),
    }))
}

async fn start(tx: &mut Tx, user: &User, hash: &str, longest: Span, (how, correlation): (&str, &str)) -> Outcome<()> {
    let now = tx.now();
    let session = Session {
        id: SessionId::from_bits(store::fresh_bits()),
        user: user.id.clone(),
        seen_at: now,
        ends_at: now.plus(longest),
    };
    store::session::create(tx, &session, hash).await?;
    let by = Caller {
        user: Some(user.clone()),
        is_app_admin: false,
        door: Door::Web,
        scopes: Vec::new(),
        token: None,
        correlation: correlation.to_owned(),
    };
    log(tx, &by, "session.started", user.id.as_str(), json!({ "session": session.id, "how": how })).await
}

async fn new_link(tx: &mut Tx, caller: &Caller, user: Option<&User>, hash: &str) -> Outcome<()> {
    let ends_at = tx.now().plus(LINK_LONGEST);
    let id = LinkId::from_bits(store::fresh_bits());
    let link = Link { id, user: user.map(|user| user.id.clone()), ends_at, used_at: None };
    store::session::create_link(tx, &link, hash).await?;
    let subject = user.map(|user| user.id.to_string()).unwrap_or_default();
    log(tx, caller, "link.created", &subject, json!({ "link": hashed(link.id.as_str()), "ends_at": ends_at })).await
}

async fn usable(tx: &mut Tx, hash: &str) -> Outcome<Link> {
    let link = store::session::find_link(tx, hash).await?.ok_or(AppError::NotFound)?;
    if link.used_at.is_some() || link.ends_at <= tx.now() { Err(AppError::NotFound) } else { Ok(link) }
}

/// Makes the first admin of an empty installation, with a policy that asks the manager.
async fn set_up(tx: &mut Tx, caller: &Caller, first: FirstAdmin) -> Outcome<User> {
    if !store::user::is_empty(tx).await? {
        return Err(AppError::NotFound);
    }
    let organisation = super::parse::name("organisation", &first.organisation)?;
    let new = body::NewUser {
        email: first.email,
        name: first.name,
        roles: vec![Role::SuperAdmin.name().to_owned()],
        ..body::NewUser::default()
    };
    let user = super::directory::create_user(tx, caller, new).await?;
    super::directory::set_up_organisation(tx, caller, &organisation).await?;
    Ok(user)
}

async fn log(tx: &mut Tx, caller: &Caller, kind: &'static str, subject: &str, body: serde_json::Value) -> Outcome<()> {
    let mut body = body;
    if let Some(fields) = body.as_object_mut() {
        fields.insert("kind".to_owned(), kind.into());
    }
    tx.append(Entry {
        kind,
        actor: caller.named(),
        subject: (!subject.is_empty()).then(|| subject.to_owned()),
        request: None,
        revision: None,
        entitlement: None,
        resources: Vec::new(),
        correlation: caller.correlation.clone(),
        body,
        texts: Vec::new(),
    })
    .await?;
    Ok(())
}
