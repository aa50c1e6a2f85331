//! The directory and the catalog as administrators keep them: users, groups, apps, entitlements, catalogs, policies.
//! In the log, names and addresses of people stand beside the leaf as commitments.

mod people;
mod things;
mod write;

pub(super) use people::create_user;
pub(super) use things::{find_app, set_up_organisation, show_app};
pub use write::{NewOrganisation, Page};
