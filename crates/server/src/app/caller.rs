//! Who calls, and through which door.

use domain::door::Door;
use domain::id::UserId;
use domain::permission::{self, Needs};
use domain::scope::{self, Scope};
use domain::user::{Actor, Role, User};

use super::error::{AppError, Outcome};

/// Who calls a use case.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The signed-in user; `None` = Keyfob itself or its operator.
    pub user: Option<User>,
    /// Whether the user owns or administers an app.
    pub is_app_admin: bool,
    /// The way in.
    pub door: Door,
    /// What the token that was shown is limited to; empty = not limited.
    pub scopes: Vec<Scope>,
    /// SHA-256 of the id of the token that was shown, lower-case hex.
    pub token: Option<String>,
    /// Ties together what one call caused, in log and logs.
    pub correlation: String,
}

impl Caller {
    /// Keyfob itself, or its operator.
    #[must_use]
    pub fn system(correlation: &str) -> Self {
        Self {
            user: None,
            is_app_admin: false,
            door: Door::System,
            scopes: Vec::new(),
            token: None,
            correlation: correlation.to_owned(),
        }
    }

    /// The domain's actor.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.user.as_ref().map_or(Actor::System, |user| Actor::User(user.id.clone()))
    }

    /// The actor as the log names him.
    #[must_use]
    pub fn named(&self) -> audit::leaf::Actor {
        audit::leaf::Actor {
            person: self.user.as_ref().map(|user| user.id.to_string()),
            issuer: None,
            subject: None,
            door: self.door.name().to_owned(),
            token: self.token.clone(),
        }
    }

    /// The signed-in user.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub fn person(&self) -> Outcome<&User> {
        self.user.as_ref().ok_or(AppError::NotSignedIn)
    }

    /// The id of the signed-in user.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub fn id(&self) -> Outcome<&UserId> {
        self.person().map(|user| &user.id)
    }

    /// All roles, those that follow from what one is included.
    #[must_use]
    pub fn roles(&self) -> Vec<Role> {
        let Some(user) = &self.user else { return Vec::new() };
        let mut roles = vec![Role::Requester];
        roles.extend(user.roles.iter().copied());
        roles.extend(self.is_app_admin.then_some(Role::AppAdmin));
        roles.sort_unstable();
        roles
    }

    /// Whether one of these roles is held. Keyfob itself holds all of them.
    #[must_use]
    pub fn holds_any(&self, roles: &[Role]) -> bool {
        self.user.as_ref().is_none_or(|user| user.is_active() && roles.iter().any(|role| user.roles.contains(role)))
    }

    /// Whether every request may be seen, not only one's own.
    #[must_use]
    pub fn sees_everything(&self) -> bool {
        self.holds_any(&[Role::Helpdesk, Role::AccessRequestAdmin, Role::Auditor, Role::SuperAdmin])
    }

    /// Whether the row `name` of the permission table lets this caller pass.
    ///
    /// # Errors
    /// When it does not, or is not listed (I54).
    pub fn require(&self, name: &str) -> Outcome<()> {
        let Some(user) = &self.user else { return Ok(()) };
        match permission::needs(name) {
            Some(Needs::System | Needs::Operator) | None => Err(AppError::Forbidden),
            Some(_) if !scope::allows(&self.scopes, name) => Err(AppError::Forbidden),
            Some(needs) if permission::allows(needs, user.is_active(), &self.roles()) => Ok(()),
            Some(_) => Err(AppError::Forbidden),
        }
    }
}
