//! What the store promises, on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]
#![allow(clippy::disallowed_methods, reason = "callers are tasks, and end with their test's runtime")]

mod apps;
mod aside;
mod catalogs;
mod doctor;
mod entitlements;
mod grants;
mod grouping;
mod groups;
mod jobs;
mod log;
mod now;
mod opening;
mod policies;
mod reading;
mod requests;
mod sample;
mod scene;
mod schema;
mod server;
mod sessions;
mod storm;
mod tasks;
mod undoing;
mod users;
