//! Times and lengths in words. Pages speak UTC and say so; the exact instant is always in `datetime`.

use askama::Template;
use askama::filters::HtmlSafe;
use jiff::{SignedDuration, Span, Timestamp, tz::TimeZone};

use crate::words::{say, tell};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Beyond this many seconds a date says more than a distance.
const RELATIVE_MAX: i64 = 30 * DAY;

/// A time on a page.
#[derive(Clone, Debug, Eq, PartialEq, Template)]
#[template(
    ext = "html",
    source = r#"<time datetime="{{ iso }}"{% if relative %} data-relative title="{{ exact }}"{% endif %}>{{ text }}</time>"#
)]
pub struct Stamp {
    /// RFC 3339 in UTC.
    pub iso: String,
    /// What is read.
    pub text: String,
    /// The whole date and time.
    pub exact: String,
    /// Whether the script keeps the distance up to date.
    pub relative: bool,
}

impl HtmlSafe for Stamp {}

impl Stamp {
    /// The distance from `now`, such as `3 hours ago` or `in 2 days`; a date when it is far away.
    pub fn relative(instant: &str, now: Timestamp) -> Self {
        let exact = absolute(instant);
        match parse(instant).and_then(|at| distance(at, now)) {
            Some(text) => Self { iso: instant.to_owned(), text, exact, relative: true },
            None => Self::absolute(instant),
        }
    }

    /// Date and time, for tables and evidence.
    pub fn absolute(instant: &str) -> Self {
        let text = absolute(instant);
        Self { iso: instant.to_owned(), exact: text.clone(), text, relative: false }
    }
}

/// An RFC 3339 instant, if it is one.
pub fn parse(instant: &str) -> Option<Timestamp> {
    instant.parse().ok()
}

/// `18 Nov 2025, 14:00 UTC`; what cannot be read is shown as it is.
pub fn absolute(instant: &str) -> String {
    parse(instant).map_or_else(|| instant.to_owned(), absolute_of)
}

/// `18 Nov 2025, 14:00 UTC`
pub fn absolute_of(at: Timestamp) -> String {
    crate::words::moment(at)
}

/// The calendar day in UTC, as a date field holds it.
pub fn day_of(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}

/// Whether `instant` is less than `days` days after `now`.
pub fn is_within_days(instant: &str, now: Timestamp, days: i64) -> bool {
    parse(instant).is_some_and(|at| at.duration_since(now) < SignedDuration::from_secs(days * DAY))
}

/// A length in words: `8 hours`, `30 days`, `1 day 12 hours`; `None` is `Unlimited`.
pub fn length(duration: Option<&str>) -> String {
    match duration {
        None => say("duration-unlimited"),
        Some(text) => seconds(text).map_or_else(|| text.to_owned(), crate::words::length),
    }
}

/// The seconds in `PT8H`, `P7D`, `8h` or `7d`; days have 24 hours.
pub fn seconds(duration: &str) -> Option<i64> {
    let span: Span = duration.parse().ok()?;
    span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok().map(|length| length.as_secs())
}

/// As the script words it, so that nothing jumps when the script takes over.
fn distance(at: Timestamp, now: Timestamp) -> Option<String> {
    let away = at.duration_since(now).as_secs();
    let near = away.abs();
    if near > RELATIVE_MAX {
        return None;
    }
    let (unit, n) = match near {
        0..MINUTE => return Some(say("time-now")),
        MINUTE..HOUR => ("minutes", rounded(near, MINUTE)),
        HOUR..DAY => ("hours", rounded(near, HOUR)),
        _ => ("days", rounded(near, DAY)),
    };
    let n = n.to_string();
    let n = [("n", n.as_str())];
    Some(match (unit, away < 0) {
        ("minutes", true) => tell("time-minutes-ago", &n),
        ("minutes", false) => tell("time-in-minutes", &n),
        ("hours", true) => tell("time-hours-ago", &n),
        ("hours", false) => tell("time-in-hours", &n),
        (_, true) => tell("time-days-ago", &n),
        (_, false) => tell("time-in-days", &n),
    })
}

fn rounded(seconds: i64, unit: i64) -> i64 {
    (seconds + unit / 2) / unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn distances_read_like_speech() {
        let now = at("2025-11-18T14:00:00Z");
        let said = |instant: &str| Stamp::relative(instant, now).text;
        assert_eq!(said("2025-11-18T13:59:30Z"), "now");
        assert_eq!(said("2025-11-18T13:52:00Z"), "8 minutes ago");
        assert_eq!(said("2025-11-18T11:10:00Z"), "3 hours ago");
        assert_eq!(said("2025-11-17T12:00:00Z"), "yesterday");
        assert_eq!(said("2025-11-20T17:00:00Z"), "in 2 days");
        assert_eq!(said("2026-03-01T09:30:00Z"), "1 Mar 2026, 09:30 UTC");
        assert_eq!(said("soon"), "soon");
    }

    #[test]
    fn lengths_read_like_speech() {
        assert_eq!(length(Some("PT8H")), "8 hours");
        assert_eq!(length(Some("P7D")), "7 days");
        assert_eq!(length(Some("PT24H")), "1 day");
        assert_eq!(length(Some("P1DT12H30M")), "1 day 12 hours 30 minutes");
        assert_eq!(length(Some("90d")), "90 days");
        assert_eq!(length(None), "Unlimited");
        assert_eq!(length(Some("whenever")), "whenever");
    }

    #[test]
    fn a_time_carries_its_exact_instant() {
        let html = Stamp::relative("2025-11-18T13:52:00Z", at("2025-11-18T14:00:00Z")).render().unwrap();
        assert_eq!(
            html,
            r#"<time datetime="2025-11-18T13:52:00Z" data-relative title="18 Nov 2025, 13:52 UTC">8 minutes ago</time>"#
        );
    }
}
