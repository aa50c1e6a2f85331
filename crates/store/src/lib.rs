//! What we remember: one SQL text for SQLite and PostgreSQL.
//!
//! Each noun has a file of functions over [`Tx`]. A [`Reader`] hands out transactions that cannot write, a [`Writer`] runs
//! use cases one after another and commits them in groups; [`log`] is the audit log they append to.
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
pub mod catalog;
pub mod clock;
pub mod database;
pub mod doctor;
pub mod entitlement;
pub mod error;
pub mod grant;
pub mod group;
mod head;
mod id;
pub mod job;
mod link;
pub mod lock;
pub mod log;
pub mod policy;
pub mod reader;
pub mod request;
mod schema;
pub mod session;
#[doc(hidden)]
pub mod sql;
pub mod task;
mod tx;
pub mod user;
pub mod writer;

pub use clock::{Clock, SystemClock};
pub use database::{Database, Location, Settings};
pub use error::StoreError;
pub use id::{fresh, fresh_bits};
pub use reader::Reader;
pub use tx::Tx;
pub use writer::{Verdict, Writer};
