//! How long access is asked for, and what an entitlement's settings allow.

use serde::{Deserialize, Serialize};

use crate::settings::Effective;
use crate::time::{Span, Time};

/// How long: for a span from when access is in place, until an instant, or without end (S1-25, S1-26).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// Until somebody takes it away.
    Unlimited,
    /// From when access is in place.
    For(Span),
    /// Ends at this instant, however late it began.
    Until(Time),
}

impl Length {
    /// When access that is in place since `start` ends; `None` = never.
    #[must_use]
    pub fn ends_at(self, start: Time) -> Option<Time> {
        match self {
            Self::Unlimited => None,
            Self::For(span) => Some(start.plus(span)),
            Self::Until(end) => Some(end),
        }
    }
}

/// A span, or no end at all: a preset, a default or a maximum.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Stay {
    /// This long.
    For(Span),
    /// Without end; longer than every span.
    Unlimited,
}

impl Stay {
    /// Reads `unlimited` or a span.
    ///
    /// # Errors
    /// As [`Span::parse`].
    pub fn parse(text: &str) -> Result<Self, crate::time::BadSpan> {
        if text == "unlimited" { Ok(Self::Unlimited) } else { Span::parse(text).map(Self::For) }
    }

    /// The span, `None` = unlimited.
    #[must_use]
    pub fn span(self) -> Option<Span> {
        match self {
            Self::For(span) => Some(span),
            Self::Unlimited => None,
        }
    }
}

impl Serialize for Stay {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::For(span) => span.serialize(to),
            Self::Unlimited => to.serialize_str("unlimited"),
        }
    }
}

impl<'de> Deserialize<'de> for Stay {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// Why a length is not allowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BadLength {
    /// Longer than the maximum.
    TooLong(Span),
    /// Unlimited, where there is a maximum.
    NotUnlimited(Span),
    /// Neither one of the presets, where no other is allowed.
    NotPreset,
    /// Ends before it would start, or as soon as it does.
    EndsTooSoon,
    /// Starts in the past, or more than a year ahead.
    BadStart,
}

/// Whether `length` from `starts` (or `now`) is allowed by the settings (S0-15, S3-19, S3-21).
///
/// # Errors
/// The first rule that it breaks.
pub fn check(length: Length, starts: Option<Time>, settings: &Effective, now: Time) -> Result<(), BadLength> {
    if starts.is_some_and(|at| at < now || at > now.plus(Span::from_days(365))) {
        return Err(BadLength::BadStart);
    }
    let stay = match length {
        Length::Unlimited => Stay::Unlimited,
        Length::For(span) => Stay::For(span),
        Length::Until(end) => {
            let start = starts.unwrap_or(now);
            if end <= start {
                return Err(BadLength::EndsTooSoon);
            }
            Stay::For(end.since(start))
        }
    };
    if length == Length::For(Span::default()) {
        return Err(BadLength::EndsTooSoon);
    }
    if let Stay::For(longest) = settings.max_length
        && stay > settings.max_length
    {
        return Err(if stay == Stay::Unlimited {
            BadLength::NotUnlimited(longest)
        } else {
            BadLength::TooLong(longest)
        });
    }
    let listed = settings.presets.contains(&stay) && !matches!(length, Length::Until(_));
    if listed || settings.custom_length { Ok(()) } else { Err(BadLength::NotPreset) }
}
