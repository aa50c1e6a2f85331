//! What the store promises, on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod aside;
mod grouping;
mod log;
mod now;
mod opening;
mod reading;
mod scene;
mod schema;
mod server;
mod storm;
mod undoing;
