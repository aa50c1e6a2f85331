//! The test tools themselves, tested.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking, end what they spawn, and speak to servers of their own"
)]

mod sim_target;
