//! From what came in to what the domain takes: each field once, with a sentence where it is not taken.

use domain::id::{EntitlementId, UserId};
use domain::length::{Length, Stay};
use domain::text::{self, BadText, TEXT_BYTES_MAX};
use domain::time::{Span, Time};
use store::Tx;

use super::error::{AppError, Field, Outcome};
use crate::words;

/// The sentence for a text that is not taken.
fn sentence(bad: BadText) -> String {
    words::say(match bad {
        BadText::Empty => "invalid-empty",
        BadText::TooLong => "invalid-too-long",
        BadText::Control => "invalid-control",
        BadText::Form => "invalid-form",
    })
}

/// Free text of at most 8 KiB.
///
/// # Errors
/// Names the field.
pub fn free(field: &str, value: &str) -> Outcome<String> {
    text::free(value, TEXT_BYTES_MAX).map_err(|bad| AppError::field(field, sentence(bad)))
}

/// Text about an app or entitlement, at most 2 KiB: several have to fit into a leaf.
///
/// # Errors
/// Names the field.
pub fn short(field: &str, value: &str) -> Outcome<String> {
    text::free(value, 2 * 1024).map_err(|bad| AppError::field(field, sentence(bad)))
}

/// Free text that may be absent; empty counts as absent.
///
/// # Errors
/// Names the field.
pub fn optional(field: &str, value: Option<&str>) -> Outcome<Option<String>> {
    let value = value.map(|value| free(field, value)).transpose()?;
    Ok(value.filter(|value| !value.is_empty()))
}

/// A name.
///
/// # Errors
/// Names the field.
pub fn name(field: &str, value: &str) -> Outcome<String> {
    text::name(value).map_err(|bad| AppError::field(field, sentence(bad)))
}

/// A slug.
///
/// # Errors
/// Names the field.
pub fn slug(field: &str, value: &str) -> Outcome<String> {
    text::slug(value).map_err(|_| AppError::field(field, words::say("invalid-slug")))
}

/// A mail address.
///
/// # Errors
/// Names the field.
pub fn email(field: &str, value: &str) -> Outcome<String> {
    text::email(value).map_err(|_| AppError::field(field, words::say("invalid-email")))
}

/// One of the names of an enumeration.
///
/// # Errors
/// Names the field.
pub fn choice<T>(field: &str, value: &str, parse: impl Fn(&str) -> Option<T>) -> Outcome<T> {
    parse(value).ok_or_else(|| AppError::field(field, words::say("invalid-choice")))
}

/// A filter that has to be one of some names, when it is there.
///
/// # Errors
/// Names the field.
pub fn one_of(field: &str, value: Option<&str>, names: &[&str]) -> Outcome<()> {
    match value {
        Some(value) => choice(field, value, |value| names.contains(&value).then_some(())),
        None => Ok(()),
    }
}

/// An instant.
///
/// # Errors
/// Names the field.
pub fn time(field: &str, value: &str) -> Outcome<Time> {
    Time::parse(value).map_err(|_| AppError::field(field, words::say("invalid-time")))
}

/// A length: a span, or `unlimited`.
///
/// # Errors
/// Names the field.
pub fn stay(field: &str, value: &str) -> Outcome<Stay> {
    Stay::parse(value).map_err(|_| AppError::field(field, words::say("invalid-duration")))
}

/// A span such as `P7D` or `7d`.
///
/// # Errors
/// Names the field.
pub fn span(field: &str, value: &str) -> Outcome<Span> {
    Span::parse(value).map_err(|_| AppError::field(field, words::say("invalid-duration")))
}

/// A length from a duration or an end; neither = unlimited.
///
/// # Errors
/// Names the field; both at once are refused.
pub fn length(at: &str, duration: Option<&str>, until: Option<&str>) -> Outcome<Length> {
    match (duration, until) {
        (Some(_), Some(_)) => Err(AppError::field(&format!("{at}until"), words::say("invalid-duration-or-until"))),
        (Some(duration), None) => Ok(match stay(&format!("{at}duration"), duration)? {
            Stay::Unlimited => Length::Unlimited,
            Stay::For(span) => Length::For(span),
        }),
        (None, Some(until)) => time(&format!("{at}until"), until).map(Length::Until),
        (None, None) => Ok(Length::Unlimited),
    }
}

/// Whether text can be a key at all. PostgreSQL takes no NUL, and no key has control characters.
pub(super) fn is_key(value: &str) -> bool {
    !value.contains(char::is_control)
}

/// A user by id or mail address.
///
/// # Errors
/// Names the field when there is no such user.
pub async fn user(tx: &mut Tx, field: &str, value: &str) -> Outcome<domain::user::User> {
    let found = match UserId::parse(value) {
        Ok(id) => store::user::find(tx, &id).await?,
        Err(_) if is_key(value) => store::user::find_by_email(tx, value).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| AppError::field(field, words::say("invalid-user")))
}

/// An entitlement by id or by `app-slug/entitlement-slug`; `None` = there is none.
///
/// # Errors
/// Only when the database fails.
pub async fn entitlement(tx: &mut Tx, value: &str) -> Outcome<Option<domain::entitlement::Entitlement>> {
    Ok(match (EntitlementId::parse(value), value.split_once('/')) {
        (Ok(id), _) => store::entitlement::find(tx, &id).await?,
        (_, Some((app, slug))) if is_key(value) => store::entitlement::find_by_key(tx, app, slug).await?,
        _ => None,
    })
}

/// Collects the fields of several parts, so that all of them are told at once.
#[derive(Debug, Default)]
pub struct Fields(Vec<Field>);

impl Fields {
    /// The value, or its problems noted. Anything that is no problem of a field is passed on.
    ///
    /// # Errors
    /// What is not about fields.
    pub fn take<T>(&mut self, value: Outcome<T>) -> Outcome<Option<T>> {
        match value {
            Ok(value) => Ok(Some(value)),
            Err(AppError::Invalid(fields)) => {
                self.0.extend(fields);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// Notes a problem.
    pub fn note(&mut self, field: &str, message: String) {
        self.0.push(Field::new(field, message));
    }

    /// # Errors
    /// All problems that were noted.
    pub fn check(self) -> Outcome<()> {
        if self.0.is_empty() { Ok(()) } else { Err(AppError::Invalid(self.0)) }
    }
}
