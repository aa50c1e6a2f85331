//! What the rules promise, shown from outside: stories to read, properties over random worlds, and the forms that are
//! stored for ever.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod digest;
mod jobs;
mod length;
mod oracle;
mod properties;
mod reach;
mod standby;
mod stored;
mod stories;
mod story;
mod table;
mod tell;
mod world;
