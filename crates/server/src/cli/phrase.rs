//! API values as people read them, and what people type as the API reads it.

use jiff::{Timestamp, Unit, civil::DateTime, tz::TimeZone};

use super::failure::{Failure, Result};
use crate::body::{Entitlement, Request, User};

/// `P7D` as `7 days`, nothing as `Unlimited`. What is not understood stays as it is.
pub(super) fn length(duration: Option<&str>) -> String {
    let Some(duration) = duration else { return "Unlimited".to_owned() };
    let Ok(span) = duration.parse::<jiff::Span>() else { return duration.to_owned() };
    let parts = [
        (i64::from(span.get_weeks()), "week"),
        (i64::from(span.get_days()), "day"),
        (i64::from(span.get_hours()), "hour"),
        (span.get_minutes(), "minute"),
        (span.get_seconds(), "second"),
    ];
    let words = parts.iter().filter(|(count, _)| *count != 0).map(|(count, unit)| {
        let plural = if *count == 1 { "" } else { "s" };
        format!("{count} {unit}{plural}")
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { duration.to_owned() } else { words.join(" ") }
}

/// How long a request is for: a length, or until an instant; nothing for a removal.
pub(super) fn access_length(request: &Request, zone: &TimeZone) -> String {
    match &request.until {
        _ if request.kind == "revoke" => String::new(),
        Some(until) => format!("until {}", instant(until, zone)),
        None => length(request.duration.as_deref()),
    }
}

/// An instant to the minute in the reader's zone.
pub(super) fn instant(text: &str, zone: &TimeZone) -> String {
    match text.parse::<Timestamp>() {
        Ok(instant) => instant.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string(),
        Err(_) => text.to_owned(),
    }
}

/// An instant that may be absent.
pub(super) fn instant_or(text: Option<&str>, zone: &TimeZone, absent: &str) -> String {
    text.map_or_else(|| absent.to_owned(), |text| instant(text, zone))
}

/// What somebody typed as an instant: RFC 3339, or a local date and time.
pub(super) fn typed_instant(text: &str, zone: &TimeZone) -> Result<String> {
    let typed = text.trim();
    if let Ok(instant) = typed.parse::<Timestamp>() {
        return Ok(instant.to_string());
    }
    let wrong = |why: &str| Failure::Usage(format!("{text:?} is not an instant: {why}"));
    // A date alone would be its first moment, which few people mean.
    if !typed.contains(':') {
        return Err(wrong("say a date and a time, such as \"2030-01-31 18:00\" or 2030-01-31T18:00:00Z"));
    }
    let local: DateTime =
        typed.parse().map_err(|_| wrong("write it like \"2030-01-31 18:00\" or 2030-01-31T18:00:00Z"))?;
    let instant = zone
        .to_ambiguous_timestamp(local)
        .unambiguous()
        .map_err(|_| wrong("the clocks change then; say the offset, as in 2030-03-31T02:30:00+01:00"))?;
    let whole = instant.round(Unit::Second).map_err(|_| wrong("it is out of range"))?;
    Ok(whole.to_string())
}

/// A person, told from others of the same name.
pub(super) fn person(user: &User) -> String {
    format!("{} <{}>", user.name, user.email)
}

/// People by name, and how many more there are.
pub(super) fn people(users: &[User], total: u64) -> String {
    let mut names: Vec<String> = users.iter().map(|user| user.name.clone()).collect();
    let hidden = total.saturating_sub(users.len() as u64);
    if hidden > 0 {
        names.push(format!("{hidden} more"));
    }
    names.join(", ")
}

/// An entitlement with its app, unless its name says the app already.
pub(super) fn what(entitlement: &Entitlement) -> String {
    let Entitlement { app, name, .. } = entitlement;
    if name.starts_with(app.name.as_str()) { name.clone() } else { format!("{}: {name}", app.name) }
}

/// What a request is about, with its kind unless it is the usual one.
pub(super) fn asked(request: &Request) -> String {
    let what = what(&request.entitlement);
    match request.kind.as_str() {
        "grant" => what,
        "revoke" => format!("removal of {what}"),
        "extend" => format!("extension of {what}"),
        kind => format!("{kind} of {what}"),
    }
}

/// `app-slug/entitlement-slug`
pub(super) fn key(entitlement: &Entitlement) -> String {
    format!("{}/{}", entitlement.app.slug, entitlement.slug)
}

/// `denied_at_provisioning` as words.
pub(super) fn words(name: &str) -> String {
    name.replace('_', " ")
}
