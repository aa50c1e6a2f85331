//! Instants and spans. An instant is microseconds UTC; a span is whole seconds, and a day is 24 hours.

use std::fmt;

use serde::{Deserialize, Serialize};

/// An instant in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Time(i64);

/// The last instant anybody may name: 2^53 − 1, in June 2255. Digests and the log are canonical JSON, whose numbers are
/// doubles: of two later instants one could not tell which was approved (I2).
const LAST_MICROS: i64 = (1 << 53) - 1;

impl Time {
    /// The instant that lies `micros` microseconds after the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This instant moved by a span, never past the last that anybody may name.
    #[must_use]
    pub fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.micros()).min(LAST_MICROS))
    }

    /// The span from `earlier` to this instant, in whole seconds, zero when it lies later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Span {
        Span::from_seconds(self.0.saturating_sub(earlier.0).max(0) / 1_000_000)
    }

    /// Reads an RFC 3339 instant.
    ///
    /// # Errors
    /// When the text is no instant or lies before 1970 or after June 2255.
    pub fn parse(text: &str) -> Result<Self, BadTime> {
        let stamp: jiff::Timestamp = text.parse().map_err(|_| BadTime)?;
        let micros = stamp.as_microsecond();
        (0..=LAST_MICROS).contains(&micros).then_some(Self(micros)).ok_or(BadTime)
    }
}

impl fmt::Display for Time {
    /// RFC 3339 in UTC, with as many fraction digits as it needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(stamp) => stamp.fmt(f),
            Err(_) => write!(f, "{} µs", self.0),
        }
    }
}

/// Text that is no instant.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("give an instant such as 2026-12-31T17:00:00Z")]
pub struct BadTime;

/// A length of time in whole seconds.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Span(i64);

/// A hundred years of 365 days: the longest span anybody may name, so that sums stay far from overflow.
const LONGEST_SECONDS: i64 = 100 * 365 * 86_400;

impl Span {
    /// A span of `seconds`, at least zero.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(if seconds < 0 { 0 } else { seconds })
    }

    /// A span of `hours`.
    #[must_use]
    pub const fn from_hours(hours: i64) -> Self {
        Self::from_seconds(hours * 3_600)
    }

    /// A span of `days` of 24 hours.
    #[must_use]
    pub const fn from_days(days: i64) -> Self {
        Self::from_seconds(days * 86_400)
    }

    /// Whole seconds.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Microseconds.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0.saturating_mul(1_000_000)
    }

    /// Reads ISO 8601 (`PT8H`, `P7D`, `P1DT12H`) or the short form (`8h`, `7d`, `30m`).
    ///
    /// Months and years are refused: they have no fixed length.
    ///
    /// # Errors
    /// When the text is no such span, is zero, or is longer than a hundred years.
    pub fn parse(text: &str) -> Result<Self, BadSpan> {
        let seconds = if let Some(rest) = text.strip_prefix('P') { iso(rest) } else { short(text) };
        match seconds {
            Some(seconds) if (1..=LONGEST_SECONDS).contains(&seconds) => Ok(Self(seconds)),
            _ => Err(BadSpan),
        }
    }
}

/// `8h`, `7d`, `30m`, `2w`.
fn short(text: &str) -> Option<i64> {
    let unit = text.chars().last()?;
    number(text.strip_suffix(unit)?)?.checked_mul(unit_seconds(unit)?)
}

/// What follows the `P` of an ISO 8601 duration.
fn iso(rest: &str) -> Option<i64> {
    let (days, clock) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((days, clock)) => (days, clock),
        None => (rest, ""),
    };
    if days.is_empty() && clock.is_empty() {
        return None;
    }
    parts(days, "wd")?.checked_add(parts(clock, "hms")?)
}

/// A run such as `1h30m`, each unit at most once and in the order of `units`.
fn parts(mut text: &str, mut units: &str) -> Option<i64> {
    let mut total = 0_i64;
    while !text.is_empty() {
        let end = text.find(|c: char| !c.is_ascii_digit())?;
        let (digits, tail) = text.split_at(end);
        let unit = tail.chars().next()?.to_ascii_lowercase();
        let at = units.find(unit)?;
        units = units.get(at + 1..)?;
        total = total.checked_add(number(digits)?.checked_mul(unit_seconds(unit)?)?)?;
        text = tail.get(1..)?;
    }
    Some(total)
}

fn number(digits: &str) -> Option<i64> {
    let plain = !digits.is_empty() && digits.len() <= 10 && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

fn unit_seconds(unit: char) -> Option<i64> {
    Some(match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    })
}

impl fmt::Display for Span {
    /// ISO 8601 in days and clock units: `P7D`, `PT8H`, `P1DT12H`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, rest) = (self.0 / 86_400, self.0 % 86_400);
        let clock = [(rest / 3_600, 'H'), (rest % 3_600 / 60, 'M'), (rest % 60, 'S')];
        f.write_str("P")?;
        if days > 0 {
            write!(f, "{days}D")?;
        }
        if rest > 0 || days == 0 {
            f.write_str("T")?;
        }
        for (amount, unit) in clock.into_iter().filter(|(amount, _)| *amount > 0) {
            write!(f, "{amount}{unit}")?;
        }
        if self.0 == 0 { f.write_str("0S") } else { Ok(()) }
    }
}

impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// Text that is no span.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("give a length such as 8h, 7d, PT8H or P7D")]
pub struct BadSpan;

#[cfg(test)]
mod tests {
    use super::{Span, Time};

    #[test]
    fn spans_are_read_in_both_forms_and_written_in_one() {
        for (text, shown) in [
            ("8h", "PT8H"),
            ("7d", "P7D"),
            ("PT8H", "PT8H"),
            ("P7D", "P7D"),
            ("P1W", "P7D"),
            ("PT36H", "P1DT12H"),
            ("P1DT12H", "P1DT12H"),
            ("90m", "PT1H30M"),
            ("PT1M1S", "PT1M1S"),
        ] {
            assert_eq!(Span::parse(text).unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in [
            "", "P", "PT", "7", "d", "-1d", "P1M", "P1Y", "PT1H1H", "P1DT", "1.5h", "0d", "PT0S", "٣d", "99999d99",
            "36501d",
        ] {
            assert!(Span::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn instants_are_rfc_3339_in_utc() {
        let noon = Time::parse("2026-11-21T13:00:00+01:00").unwrap();
        assert_eq!(noon.to_string(), "2026-11-21T12:00:00Z");
        assert!(Time::parse("2026-11-21").is_err());
        assert!(Time::parse("1969-12-31T23:59:59Z").is_err());
        assert!(Time::parse("2255-06-05T23:47:34.740991Z").is_ok());
        assert!(Time::parse("2255-06-05T23:47:34.740992Z").is_err());
        assert!(Time::parse("9999-12-31T23:59:59Z").is_err());
    }
}
