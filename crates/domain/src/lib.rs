//! What is true: the rules of Keyfob as pure functions.
//!
//! No clock, no randomness, no IO, no async. Time and facts are arguments; decisions are answers.
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

pub mod app;
pub mod canonical;
pub mod catalog;
pub mod door;
pub mod entitlement;
pub mod grant;
pub mod group;
pub mod id;
pub mod job;
pub mod length;
pub mod permission;
pub mod policy;
pub mod refusal;
pub mod request;
pub mod scope;
pub mod settings;
pub mod task;
pub mod text;
pub mod time;
pub mod user;

pub use refusal::Refusal;
pub use time::{Span, Time};
