//! For tests only: builders, both databases, fake outside systems, the invariant checker.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "only tests use this crate, and tests fail by panicking"
)]

pub mod clock;
pub mod database;
pub mod invariants;
pub mod sample;

pub use clock::FakeClock;
pub use database::TestStore;
