//! `cargo xtask`: test, tidy.
fn main() {}
