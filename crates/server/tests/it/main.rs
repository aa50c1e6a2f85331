//! The server through its doors, over real databases.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking, end what they spawn, and speak to servers of their own"
)]

mod api;
mod binary;
mod permissions;
mod simulation;
mod work;
mod world;
