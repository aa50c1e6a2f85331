//! What the audit crate promises, shown from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod canonical;
mod commitment;
mod hash;
mod leaf;
mod log;
mod mutants;
mod tree;
mod verify;
