//! The one way a JSON value is written before it is hashed: RFC 8785, within limits that any reader can hold.

use serde_json::{Number, Value};

mod scan;

/// The largest number, and negated the smallest: 2^53 − 1. RFC 8785 writes numbers as doubles, and beyond this neighbouring
/// integers are the same double (RFC 7493 §2.2).
pub const NUMBER_MAX: u64 = (1 << 53) - 1;

/// How many arrays and objects may contain one another.
pub const DEPTH_MAX: usize = 64;

/// Why a value cannot be written canonically.
#[derive(Debug, thiserror::Error)]
pub enum CanonicalError {
    /// A number beyond [`NUMBER_MAX`].
    #[error("the number {0} lies beyond ±(2^53 - 1) and would lose digits: write it as a string")]
    Number(Number),
    /// More than [`DEPTH_MAX`] levels.
    #[error("more than {DEPTH_MAX} arrays and objects within one another: write it flatter")]
    Depth,
    /// A value that JSON has no form for.
    #[error("not a JSON value: {0}")]
    Json(#[from] serde_json::Error),
}

/// Writes `value` as RFC 8785 demands: no white space, members ordered by their names' UTF-16 code units, shortest escapes,
/// numbers as ECMAScript writes them.
pub fn write(value: &Value) -> Result<String, CanonicalError> {
    check(value, 0)?;
    Ok(serde_json_canonicalizer::to_string(value)?)
}

/// Whether [`write()`] would make exactly this text of the value that the text holds.
#[must_use]
pub fn is_canonical(text: &str) -> bool {
    scan::is_canonical(text)
}

fn check(value: &Value, depth: usize) -> Result<(), CanonicalError> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
        Value::Number(number) if fits(number) => Ok(()),
        Value::Number(number) => Err(CanonicalError::Number(number.clone())),
        Value::Array(_) | Value::Object(_) if depth == DEPTH_MAX => Err(CanonicalError::Depth),
        Value::Array(items) => items.iter().try_for_each(|item| check(item, depth + 1)),
        Value::Object(members) => members.values().try_for_each(|member| check(member, depth + 1)),
    }
}

fn fits(number: &Number) -> bool {
    if let Some(integer) = number.as_i64() {
        return integer.unsigned_abs() <= NUMBER_MAX;
    }
    // An integer that is not an i64 is beyond the limit anyway; its double says so too.
    number.as_f64().is_some_and(|double| double.abs() <= NUMBER_MAX as f64)
}
