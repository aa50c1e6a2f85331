//! What happens: use cases, web, worker and command line of the binary `keyfob`.
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

pub mod api;
pub mod app;
pub mod body;
pub mod cli;
pub mod config;
pub mod demo;
pub mod http;
pub mod open;
pub mod operator;
pub mod serve;
pub mod web;
pub mod words;
pub mod worker;
