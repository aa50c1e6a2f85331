//! What a token can be limited to. What it can do is the least of its scopes and what its owner may at that moment (I52).

/// A part of what can be asked, by rows of the permission table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scope {
    /// Everything that changes nothing.
    Read,
    /// Asking for access: preview, file, comment, edit, cancel, give back.
    Request,
    /// Answering tasks.
    Decide,
    /// Everything else: creating and changing what Keyfob is configured with.
    Configure,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Read, Self::Request, Self::Decide, Self::Configure];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Request => "request",
            Self::Decide => "decide",
            Self::Configure => "configure",
        }
    }

    /// The scope with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// The scope that the row `name` of the permission table belongs to.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let Some((method, path)) = name.split_once(' ') else { return Self::Configure };
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        let noun = path.split('/').nth(1).unwrap_or_default();
        match (method, noun) {
            ("GET", _) => Self::Read,
            ("POST", "preview" | "submissions" | "requests" | "grants") => Self::Request,
            ("POST", "tasks") => Self::Decide,
            _ => Self::Configure,
        }
    }
}

/// Whether a token with these scopes may be used for the row `name`. No scope at all = not limited.
#[must_use]
pub fn allows(scopes: &[Scope], name: &str) -> bool {
    scopes.is_empty() || scopes.contains(&Scope::of(name))
}

#[cfg(test)]
mod tests {
    use super::{Scope, allows};
    use crate::permission::TABLE;

    /// I52: a scope never opens what another one is for, and a token without scopes is not limited.
    #[test]
    fn every_row_of_the_api_belongs_to_one_scope() {
        let mut rows = TABLE.iter().map(|row| row.name).filter(|name| name.contains("/api/v1/"));
        assert!(rows.clone().count() > 20);
        assert!(rows.all(|name| Scope::ALL.into_iter().filter(|scope| allows(&[*scope], name)).count() == 1));
        assert!(allows(&[], "POST /api/v1/apps"));
        assert_eq!(Scope::of("POST /api/v1/tasks/{id}/approve"), Scope::Decide);
        assert_eq!(Scope::of("POST /api/v1/grants/{id}/revoke"), Scope::Request);
        assert_eq!(Scope::of("GET /api/v1/events"), Scope::Read);
        assert_eq!(Scope::of("POST /api/v1/users"), Scope::Configure);
        assert_eq!(Scope::of("PATCH /api/v1/requests/{id}"), Scope::Configure);
    }

    #[test]
    fn names_are_read_back() {
        assert!(Scope::ALL.into_iter().all(|scope| Scope::parse(scope.name()) == Some(scope)));
        assert_eq!(Scope::parse("all"), None);
    }
}
