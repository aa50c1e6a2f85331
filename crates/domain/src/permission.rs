//! The one permission table: every route, verb, action and job with who may use it (I54).
//!
//! The router, the command line and the worker look themselves up here; what is not listed does not run.

use crate::user::Role;

/// What is needed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Needs {
    /// Nothing: open to everybody on the network.
    Nothing,
    /// A signed-in, active user; what he sees is limited by the query.
    SignedIn,
    /// One of these roles.
    AnyOf(&'static [Role]),
    /// A signed-in user whom the domain allows this on this very object ([`crate::request::may`], [`crate::grant::may_revoke`]).
    Object,
    /// Keyfob itself.
    System,
    /// Whoever can open the data folder of this installation.
    Operator,
}

/// Everything that can be asked, by door-independent name.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// `GET /path`, `cli verb`, `action name` or `job name`.
    pub name: &'static str,
    /// What is needed.
    pub needs: Needs,
}

const fn row(name: &'static str, needs: Needs) -> Row {
    Row { name, needs }
}

const CONFIGURE: Needs = Needs::AnyOf(&[Role::SuperAdmin]);
const READ_CONFIGURATION: Needs =
    Needs::AnyOf(&[Role::SuperAdmin, Role::Auditor, Role::AccessRequestAdmin, Role::Helpdesk]);
const TICKETS: Needs =
    Needs::AnyOf(&[Role::SuperAdmin, Role::Auditor, Role::AccessRequestAdmin, Role::Helpdesk, Role::AppAdmin]);
const FOR_ANYONE: Needs = Needs::AnyOf(&[Role::SuperAdmin, Role::AccessRequestAdmin, Role::Helpdesk]);
const READ_LOG: Needs = Needs::AnyOf(&[Role::SuperAdmin, Role::Auditor]);

/// The table.
pub const TABLE: &[Row] = &[
    row("GET /healthz", Needs::Nothing),
    row("GET /readyz", Needs::Nothing),
    row("GET /metrics", Needs::Nothing),
    row("GET /static/{file}", Needs::Nothing),
    row("GET /login", Needs::Nothing),
    row("POST /login/demo", Needs::Nothing),
    row("GET /sign-in/{token}", Needs::Nothing),
    row("POST /sign-in/{token}", Needs::Nothing),
    row("POST /logout", Needs::SignedIn),
    row("GET /", Needs::SignedIn),
    row("GET /browse", Needs::SignedIn),
    row("GET /apps/{slug}", Needs::SignedIn),
    row("GET /request", Needs::SignedIn),
    row("POST /request", Needs::SignedIn),
    row("GET /requests/{id}", Needs::Object),
    row("GET /requests/{id}/cancel", Needs::Object),
    row("POST /requests/{id}/cancel", Needs::Object),
    row("GET /requests/{id}/edit", Needs::Object),
    row("POST /requests/{id}/edit", Needs::Object),
    row("POST /requests/{id}/comments", Needs::Object),
    row("GET /tasks", Needs::SignedIn),
    row("GET /tasks/{id}", Needs::Object),
    row("GET /tasks/{id}/deny", Needs::Object),
    row("POST /tasks/{id}/approve", Needs::Object),
    row("POST /tasks/{id}/deny", Needs::Object),
    row("POST /tasks/{id}/confirm", Needs::Object),
    row("GET /grants/{id}/revoke", Needs::Object),
    row("POST /grants/{id}/revoke", Needs::Object),
    row("GET /admin/tickets", TICKETS),
    row("GET /admin/requests/new", FOR_ANYONE),
    row("POST /admin/requests/new", FOR_ANYONE),
    row("GET /events", Needs::SignedIn),
    row("POST /demo/clock", Needs::SignedIn),
    row("GET /api/v1/openapi.json", Needs::Nothing),
    row("GET /api/v1/me", Needs::SignedIn),
    row("GET /api/v1/catalog/entitlements", Needs::SignedIn),
    row("POST /api/v1/preview", Needs::SignedIn),
    row("POST /api/v1/submissions", Needs::SignedIn),
    row("GET /api/v1/requests", Needs::SignedIn),
    row("GET /api/v1/requests/{id}", Needs::Object),
    row("POST /api/v1/requests/{id}/comments", Needs::Object),
    row("POST /api/v1/requests/{id}/cancel", Needs::Object),
    row("POST /api/v1/requests/{id}/edit", Needs::Object),
    row("GET /api/v1/tasks", Needs::SignedIn),
    row("GET /api/v1/tasks/{id}", Needs::Object),
    row("POST /api/v1/tasks/{id}/approve", Needs::Object),
    row("POST /api/v1/tasks/{id}/deny", Needs::Object),
    row("POST /api/v1/tasks/{id}/confirm", Needs::Object),
    row("GET /api/v1/grants", Needs::SignedIn),
    row("POST /api/v1/grants/{id}/revoke", Needs::Object),
    row("GET /api/v1/users", READ_CONFIGURATION),
    row("GET /api/v1/users/{id}", READ_CONFIGURATION),
    row("POST /api/v1/users", CONFIGURE),
    row("GET /api/v1/groups", READ_CONFIGURATION),
    row("GET /api/v1/groups/{id}", READ_CONFIGURATION),
    row("POST /api/v1/groups", CONFIGURE),
    row("GET /api/v1/apps", READ_CONFIGURATION),
    row("GET /api/v1/apps/{id}", READ_CONFIGURATION),
    row("POST /api/v1/apps", CONFIGURE),
    row("GET /api/v1/entitlements", READ_CONFIGURATION),
    row("GET /api/v1/entitlements/{id}", READ_CONFIGURATION),
    row("POST /api/v1/entitlements", CONFIGURE),
    row("GET /api/v1/catalogs", READ_CONFIGURATION),
    row("GET /api/v1/catalogs/{id}", READ_CONFIGURATION),
    row("POST /api/v1/catalogs", CONFIGURE),
    row("GET /api/v1/policies", READ_CONFIGURATION),
    row("GET /api/v1/policies/{id}", READ_CONFIGURATION),
    row("POST /api/v1/policies", CONFIGURE),
    row("GET /api/v1/events", READ_LOG),
    row("POST /operator/tokens", Needs::Operator),
    row("POST /operator/sign-in-links", Needs::Operator),
    row("GET /operator/doctor", Needs::Operator),
    row("GET /operator/audit", Needs::Operator),
    row("action approve", Needs::Object),
    row("action deny", Needs::Object),
    row("action confirm", Needs::Object),
    row("action deny_provisioning", Needs::Object),
    row("action edit", Needs::Object),
    row("action comment", Needs::Object),
    row("action cancel", Needs::Object),
    row("action revoke", Needs::Object),
    row("cli login", Needs::SignedIn),
    row("cli search", Needs::SignedIn),
    row("cli request", Needs::SignedIn),
    row("cli status", Needs::Object),
    row("cli tasks", Needs::SignedIn),
    row("cli approve", Needs::Object),
    row("cli deny", Needs::Object),
    row("cli confirm", Needs::Object),
    row("cli grants", Needs::SignedIn),
    row("cli drop", Needs::Object),
    row("cli demo", Needs::Operator),
    row("cli serve", Needs::Operator),
    row("cli migrate", Needs::Operator),
    row("cli doctor", Needs::Operator),
    row("cli audit", Needs::Operator),
    row("cli token", Needs::Operator),
    row("cli sign-in-link", Needs::Operator),
    row("cli config", Needs::Operator),
    row("job give", Needs::System),
    row("job take", Needs::System),
    row("job expire_grants", Needs::System),
    row("job expire_requests", Needs::System),
    row("job start_scheduled", Needs::System),
    row("job forget", Needs::System),
];

/// What is needed for `name`; `None` = not listed, so nobody may.
#[must_use]
pub fn needs(name: &str) -> Option<Needs> {
    TABLE.iter().find(|row| row.name == name).map(|row| row.needs)
}

/// Whether somebody with these roles gets past `needs`; objects and operators are checked where they are known.
#[must_use]
pub fn allows(needs: Needs, signed_in: bool, roles: &[Role]) -> bool {
    match needs {
        Needs::Nothing => true,
        Needs::SignedIn | Needs::Object => signed_in,
        Needs::AnyOf(wanted) => signed_in && wanted.iter().any(|role| roles.contains(role)),
        Needs::System | Needs::Operator => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Needs, TABLE, allows, needs};
    use crate::user::Role;

    /// I54: a name stands in the table once, and what is not listed is refused.
    #[test]
    fn every_name_is_listed_once() {
        let mut names: Vec<_> = TABLE.iter().map(|row| row.name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
        assert_eq!(needs("GET /nowhere"), None);
    }

    /// I54: the actions of the domain are the actions of the table.
    #[test]
    fn every_action_is_listed() {
        for action in crate::request::Action::ALL {
            assert_eq!(needs(&format!("action {}", action.name())), Some(Needs::Object));
        }
    }

    /// S2-1, S2-22: plain users pass no administrative row.
    #[test]
    fn roles_open_what_they_should() {
        let admin = needs("GET /admin/tickets").unwrap();
        assert!(!allows(admin, true, &[]));
        assert!(allows(admin, true, &[Role::Helpdesk]));
        assert!(!allows(needs("POST /api/v1/apps").unwrap(), true, &[Role::Auditor]));
        assert!(!allows(needs("POST /operator/tokens").unwrap(), true, &[Role::SuperAdmin]));
        assert!(!allows(Needs::SignedIn, false, &[Role::SuperAdmin]));
    }
}
