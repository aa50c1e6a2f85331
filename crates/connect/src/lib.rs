//! What is outside: connectors to target systems.
//!
//! [`contract`] says what a connector is and what its answers mean; every other module is one target system.
//! Only the worker calls a connector, and it holds the time limit of each call.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "tests fail by panicking"
    )
)]

pub mod contract;
pub mod sim;
