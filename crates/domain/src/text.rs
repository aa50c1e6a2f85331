//! What text may come in: lengths, control characters, slugs, mail addresses, and the folded form for search and uniqueness.

/// The longest free text, in bytes (T35).
pub const TEXT_BYTES_MAX: usize = 8 * 1024;
/// The longest name, in bytes.
pub const NAME_BYTES_MAX: usize = 200;

/// Why a text is not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BadText {
    /// Nothing but white space.
    #[error("empty")]
    Empty,
    /// Too many bytes.
    #[error("too long")]
    TooLong,
    /// A control character other than newline and tab, or one that changes the direction of text (T8).
    #[error("control characters")]
    Control,
    /// Not of the wanted form.
    #[error("wrong form")]
    Form,
}

impl BadText {
    /// Its name in the locale files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too-long",
            Self::Control => "control",
            Self::Form => "form",
        }
    }
}

/// Characters that reorder, hide or split text: Unicode bidi controls, zero-width marks and line separators.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{061c}' | '\u{feff}')
}

/// Checks free text of at most `bytes_max` bytes and gives it back trimmed, lines ended by `\n`.
///
/// # Errors
/// When it is too long or holds characters that have no place in it. Empty text is allowed.
pub fn free(text: &str, bytes_max: usize) -> Result<String, BadText> {
    if text.len() > bytes_max {
        return Err(BadText::TooLong);
    }
    let text = text.replace("\r\n", "\n");
    let bad = |c: char| is_hidden(c) || (c.is_control() && c != '\n' && c != '\t');
    if text.contains(bad) { Err(BadText::Control) } else { Ok(text.trim().to_owned()) }
}

/// Checks a name: one line, not empty.
///
/// # Errors
/// As [`free`], and when it is empty or has several lines.
pub fn name(text: &str) -> Result<String, BadText> {
    let text = free(text, NAME_BYTES_MAX)?;
    if text.is_empty() {
        return Err(BadText::Empty);
    }
    if text.contains(['\n', '\t']) { Err(BadText::Control) } else { Ok(text) }
}

/// Checks a slug: lower-case letters, digits and hyphens, beginning with a letter or digit, at most 64.
///
/// # Errors
/// When it has another form.
pub fn slug(text: &str) -> Result<String, BadText> {
    let fits = (1..=64).contains(&text.len())
        && !text.starts_with('-')
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if fits { Ok(text.to_owned()) } else { Err(BadText::Form) }
}

/// Checks a mail address as far as it matters here: one `@` with something on both sides, no white space.
///
/// # Errors
/// When it has another form or is longer than RFC 5321 allows (254).
pub fn email(text: &str) -> Result<String, BadText> {
    let text = name(text)?;
    let fits = text.len() <= 254
        && !text.contains(|c: char| c.is_whitespace() || c == '<' || c == '>' || c == ',')
        && text
            .split_once('@')
            .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
    if fits { Ok(text) } else { Err(BadText::Form) }
}

/// The form in which names are compared, searched and sorted: lower case, white space run together.
#[must_use]
pub fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{BadText, email, fold, free, name, slug};

    #[test]
    fn hidden_and_control_characters_are_refused() {
        for bad in ["a\u{202e}b", "a\u{0}b", "a\u{200b}b", "a\u{2066}b", "\u{7}", "a\u{85}b"] {
            assert_eq!(free(bad, 100), Err(BadText::Control), "{bad:?}");
        }
        assert_eq!(free(" two\r\nlines\t", 100), Ok("two\nlines".to_owned()));
        assert_eq!(free("long", 3), Err(BadText::TooLong));
        assert_eq!(name(" \n"), Err(BadText::Empty));
    }

    #[test]
    fn slugs_and_addresses_have_their_form() {
        assert!(slug("github-2").is_ok());
        for bad in ["", "-a", "A", "a_b", "ä"] {
            assert!(slug(bad).is_err(), "{bad}");
        }
        assert!(email("ann@example.com").is_ok());
        for bad in ["", "ann", "@x", "a@", "a b@x", "a@b@c", "<a@b>"] {
            assert!(email(bad).is_err(), "{bad}");
        }
        assert_eq!(fold(" Ines  DUARTE "), "ines duarte");
    }
}
