//! The JSON API on both databases.

mod bad_input;
mod lists;
mod lives;
mod races;
mod shape;
mod who;
