//! The binary `keyfob`.
fn main() {}
