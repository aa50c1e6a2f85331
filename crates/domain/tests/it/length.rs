//! Lengths, and the settings that bound them.

use domain::length::{BadLength, Length, Stay, check};
use domain::settings::{Effective, Settings, effective};
use domain::{Span, Time};
use proptest::collection::vec;
use proptest::prelude::*;

fn now() -> Time {
    Time::parse("2026-01-05T09:00:00Z").unwrap()
}

fn days(n: i64) -> Span {
    Span::from_days(n)
}

fn at_most(longest: Stay) -> Effective {
    let own = Settings { max_length: Some(longest), ..Settings::default() };
    effective(&Settings::default(), &Settings::default(), &own)
}

fn stay() -> impl Strategy<Value = Stay> {
    prop_oneof![1 => Just(Stay::Unlimited), 5 => (1..400_i64).prop_map(|n| Stay::For(days(n)))]
}

fn settings() -> impl Strategy<Value = Settings> {
    let (presets, lengths) = (vec(stay(), 0..4), || proptest::option::of(stay()));
    (proptest::option::of(presets), lengths(), lengths(), proptest::option::of(any::<bool>())).prop_map(
        |(presets, default_length, max_length, custom_length)| Settings {
            presets,
            default_length,
            max_length,
            custom_length,
            ..Settings::default()
        },
    )
}

fn length(stay: Stay) -> Length {
    stay.span().map_or(Length::Unlimited, Length::For)
}

/// S3-19: nothing is longer than the maximum, however it is written and whenever it starts.
#[test]
fn the_maximum_holds_for_spans_dates_and_no_end() {
    let settings = at_most(Stay::For(days(30)));
    let later = now().plus(days(10));
    let ask = |length, starts| check(length, starts, &settings, now());
    assert_eq!(ask(Length::For(days(30)), None), Ok(()));
    assert_eq!(ask(Length::For(Span::from_seconds(30 * 86_400 + 1)), None), Err(BadLength::TooLong(days(30))));
    assert_eq!(ask(Length::Until(now().plus(days(30))), None), Ok(()));
    assert_eq!(ask(Length::Until(now().plus(days(31))), None), Err(BadLength::TooLong(days(30))));
    assert_eq!(ask(Length::Until(now().plus(days(40))), Some(later)), Ok(()));
    assert_eq!(ask(Length::Until(now().plus(days(41))), Some(later)), Err(BadLength::TooLong(days(30))));
    assert_eq!(ask(Length::Unlimited, None), Err(BadLength::NotUnlimited(days(30))));
    assert_eq!(check(Length::Unlimited, None, &at_most(Stay::Unlimited), now()), Ok(()));
}

/// S0-15: what would be over before it began is refused, and a start lies between now and a year ahead.
#[test]
fn starts_and_ends_are_in_order() {
    let settings = at_most(Stay::Unlimited);
    let ask = |length, starts| check(length, starts, &settings, now());
    let (before, year) = (Time::from_micros(now().micros() - 1), now().plus(days(365)));
    assert_eq!(ask(Length::Until(now()), None), Err(BadLength::EndsTooSoon));
    assert_eq!(ask(Length::Until(now().plus(days(1))), Some(now().plus(days(1)))), Err(BadLength::EndsTooSoon));
    assert_eq!(ask(Length::For(Span::default()), None), Err(BadLength::EndsTooSoon));
    assert_eq!(ask(Length::For(days(1)), Some(before)), Err(BadLength::BadStart));
    assert_eq!(ask(Length::For(days(1)), Some(now())), Ok(()));
    assert_eq!(ask(Length::For(days(1)), Some(year)), Ok(()));
    assert_eq!(ask(Length::For(days(1)), Some(Time::from_micros(year.micros() + 1))), Err(BadLength::BadStart));
}

/// S3-20, S3-21: where custom lengths are off, only the presets are allowed, and dates are custom lengths.
#[test]
fn without_custom_lengths_only_presets_are_allowed() {
    let own = Settings {
        presets: Some(vec![Stay::For(days(1)), Stay::For(days(7))]),
        custom_length: Some(false),
        ..Settings::default()
    };
    let settings = effective(&Settings::default(), &Settings::default(), &own);
    let ask = |length| check(length, None, &settings, now());
    assert_eq!(ask(Length::For(days(7))), Ok(()));
    assert_eq!(ask(Length::For(days(2))), Err(BadLength::NotPreset));
    assert_eq!(ask(Length::Unlimited), Err(BadLength::NotPreset));
    assert_eq!(ask(Length::Until(now().plus(days(7)))), Err(BadLength::NotPreset));
}

/// No presets at all means custom lengths only; nothing becomes unlimited by that.
#[test]
fn an_empty_list_of_presets_does_not_mean_unlimited() {
    let own = Settings { presets: Some(Vec::new()), ..Settings::default() };
    let settings = effective(&Settings::default(), &Settings::default(), &own);
    assert_eq!(settings.default_length, Stay::For(days(30)));
    assert!(!settings.presets.contains(&Stay::Unlimited));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// S3-19, S3-20: whatever the tiers say, there is a preset, each is allowed, and the default is one of them.
    #[test]
    fn every_preset_is_allowed(organisation in settings(), app in settings(), entitlement in settings()) {
        let held = effective(&organisation, &app, &entitlement);
        prop_assert!(held.presets.contains(&held.default_length));
        for preset in &held.presets {
            prop_assert_eq!(check(length(*preset), None, &held, now()), Ok(()));
        }
    }

    /// S3-19, S3-21: a length is allowed when it is not longer than the maximum and listed, or custom ones are on.
    #[test]
    fn a_length_is_allowed_by_the_maximum_and_the_list(own in settings(), stay in stay()) {
        let held = effective(&Settings::default(), &Settings::default(), &own);
        let allowed = stay <= held.max_length && (held.custom_length || held.presets.contains(&stay));
        prop_assert_eq!(check(length(stay), None, &held, now()).is_ok(), allowed);
    }

    /// S1-25: access ends a span after it began, or at the date, or never; and never past the last instant.
    #[test]
    fn an_end_follows_from_the_start(start in 0..(1_i64 << 53), seconds in 1..3_000_000_000_i64, until in 0..(1_i64 << 53)) {
        let (start, until) = (Time::from_micros(start), Time::from_micros(until));
        let span = Span::from_seconds(seconds);
        prop_assert_eq!(Length::Unlimited.ends_at(start), None);
        prop_assert_eq!(Length::Until(until).ends_at(start), Some(until));
        let end = Length::For(span).ends_at(start).unwrap();
        prop_assert!(end >= start);
        prop_assert!(end.since(start) == span || end == Time::from_micros(i64::MAX).plus(span));
    }

    /// A span reads back as it was written, and so does an instant.
    #[test]
    fn spans_and_instants_read_back(seconds in 1..=3_153_600_000_i64, micros in 0..(1_i64 << 53)) {
        let span = Span::from_seconds(seconds);
        prop_assert_eq!(Span::parse(&span.to_string()), Ok(span));
        let at = Time::from_micros(micros);
        prop_assert_eq!(Time::parse(&at.to_string()), Ok(at));
    }

    /// F21: no text makes reading an instant, a span or a length panic.
    #[test]
    fn no_text_makes_reading_panic(text in "\\PC{0,24}", date in "[0-9TZ:+PDHMSW.-]{0,24}") {
        for text in [text, date] {
            let _ = (Time::parse(&text), Span::parse(&text), Stay::parse(&text));
        }
    }
}
