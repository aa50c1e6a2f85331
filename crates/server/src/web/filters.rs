//! What templates may say with a bar: `{{ "home-title"|say }}`, `{{ "check"|icon }}`.
#![allow(missing_docs, reason = "the macro that makes a filter makes items without docs beside it")]

use std::fmt::Display;

use askama::Values;

use super::elements::Icon;

/// The sentence behind a key.
#[askama::filter_fn]
pub fn say(key: &str, _: &dyn Values) -> askama::Result<String> {
    Ok(crate::words::say(key))
}

/// The sentence behind a key with one blank filled in.
#[askama::filter_fn]
pub fn tell<T: Display>(key: &str, _: &dyn Values, name: &str, value: T) -> askama::Result<String> {
    Ok(crate::words::tell(key, &[(name, &value.to_string())]))
}

/// A symbol of `icons.svg`, hidden from screen readers: words stand beside it.
#[askama::filter_fn]
pub fn icon(name: &'static str, _: &dyn Values) -> askama::Result<Icon> {
    Ok(Icon(name))
}

/// The address of a file under `/static`.
#[askama::filter_fn]
pub fn asset(name: &str, _: &dyn Values) -> askama::Result<String> {
    Ok(super::assets::url(name))
}
