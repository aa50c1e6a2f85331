//! Every sentence that Keyfob shows, looked up by key in `locales/en.ftl`.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

const ENGLISH: &str = include_str!("../locales/en.ftl");

static BUNDLE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(bundle);

/// The sentence behind `key`.
///
/// A missing key gives the key itself; the tests find those before anybody sees one.
pub fn say(key: &str) -> String {
    tell(key, &[])
}

/// The sentence behind `key` with its blanks filled in.
///
/// A whole number, written as a computer writes it, also chooses the plural form.
pub fn tell(key: &str, args: &[(&str, &str)]) -> String {
    let Some(pattern) = BUNDLE.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    let filled = args.iter().map(|(name, value)| (*name, blank(value))).collect::<FluentArgs<'_>>();
    // A blank that nobody filled shows as `{$name}`; the key test looks for those.
    let mut errors = Vec::new();
    BUNDLE.format_pattern(pattern, Some(&filled), &mut errors).into_owned()
}

/// A length in words: `8 hours`, `30 days`, `1 day 12 hours`.
#[must_use]
pub fn length(seconds: i64) -> String {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let (days, hours, minutes) = (seconds / DAY, seconds % DAY / HOUR, seconds % HOUR / MINUTE);
    let said = [
        (days, tell("duration-days", &[("n", &days.to_string())])),
        (hours, tell("duration-hours", &[("n", &hours.to_string())])),
        (minutes, tell("duration-minutes", &[("n", &minutes.to_string())])),
    ];
    let none = days == 0 && hours == 0 && minutes == 0;
    let counted = said.into_iter().enumerate().filter(|(place, (n, _))| *n > 0 || (none && *place == 2));
    counted.map(|(_, (_, words))| words).collect::<Vec<_>>().join(" ")
}

/// An instant in words: `18 Nov 2025, 14:00 UTC`.
#[must_use]
pub fn moment(at: jiff::Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%-d %b %Y, %H:%M UTC").to_string()
}

/// `007` or `1e3` stay text, only numbers that print as they were given count as numbers.
fn blank(value: &str) -> FluentValue<'_> {
    match value.parse::<u32>() {
        Ok(number) if number.to_string() == value => FluentValue::from(number),
        _ => FluentValue::from(value),
    }
}

fn bundle() -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![english()]);
    // HTML has its own isolation (`dir="auto"`, `<bdi>`); the marks would end up in mails and file names.
    bundle.set_use_isolating(false);
    let resource = match FluentResource::try_new(ENGLISH.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

fn english() -> LanguageIdentifier {
    "en".parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_catalogue_parses_and_names_each_key_once() {
        let resource = FluentResource::try_new(ENGLISH.to_owned());
        assert!(resource.is_ok(), "{:?}", resource.err().map(|(_, errors)| errors));
        let keys = ENGLISH.lines().filter_map(key_of).collect::<Vec<_>>();
        let once = keys.iter().copied().collect::<BTreeSet<_>>();
        let twice = once.iter().filter(|key| keys.iter().filter(|k| k == key).count() > 1).collect::<Vec<_>>();
        assert!(twice.is_empty(), "written twice: {twice:?}");
    }

    #[test]
    fn every_key_that_is_used_exists() {
        let used = used_keys();
        assert!(used.len() > 50, "the search finds the keys");
        let missing = used.iter().filter(|key| BUNDLE.get_message(key).is_none()).collect::<Vec<_>>();
        assert!(missing.is_empty(), "not in en.ftl: {missing:?}");
    }

    #[test]
    fn numbers_choose_the_plural_and_text_does_not() {
        assert_eq!(tell("duration-days", &[("n", "1")]), "1 day");
        assert_eq!(tell("duration-days", &[("n", "30")]), "30 days");
        assert_eq!(tell("duration-days", &[("n", "007")]), "007 days");
        assert_eq!(say("no-such-key"), "no-such-key");
    }

    #[test]
    fn blanks_carry_no_isolation_marks() {
        let said = tell("request-for-person", &[("name", "Ines Duarte")]);
        assert!(said.is_ascii(), "{said:?}");
    }

    fn key_of(line: &str) -> Option<&str> {
        let (key, _) = line.split_once(" =")?;
        (!key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'))
            .then_some(key)
    }

    /// Keys stand in `say("key")`, `tell("key", …)`, `{{ "key"|say }}` and `{{ "key"|tell(…) }}`.
    fn used_keys() -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut keys = BTreeSet::new();
        for folder in ["templates", "src"] {
            collect(&root.join(folder), &mut keys);
        }
        keys.retain(|key| key != "no-such-key");
        keys
    }

    fn collect(folder: &Path, keys: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                collect(&path, keys);
            } else {
                keys_in(&std::fs::read_to_string(&path).unwrap(), keys);
            }
        }
    }

    fn keys_in(text: &str, keys: &mut BTreeSet<String>) {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        for before in ["say(", "tell("] {
            // `"key"|tell("name", …)` names a blank there, not a key.
            for (at, _) in code.match_indices(before).filter(|(at, _)| !code[..*at].ends_with('|')) {
                let inside = code[at + before.len()..].trim_start().strip_prefix('"');
                keys.extend(inside.and_then(|inside| inside.split('"').next()).map(str::to_owned));
            }
        }
        for after in ["\"|say", "\"|tell"] {
            for (at, _) in code.match_indices(after) {
                keys.extend(code[..at].rsplit('"').next().map(str::to_owned));
            }
        }
        keys.retain(|key| key_of(&format!("{key} =")).is_some());
    }
}
