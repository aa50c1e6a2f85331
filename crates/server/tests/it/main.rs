//! The server through its doors, over real databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod api;
mod binary;
mod permissions;
mod simulation;
mod work;
mod world;
