//! What somebody wrote: plain text, line breaks kept, the rest of a long one behind "show all".

use askama::Template;
use askama::filters::HtmlSafe;

use crate::web::filters;

/// Longer texts than this many characters are cut on cards.
const SHORT_MAX: usize = 280;

/// Cards show no more lines than this.
const LINES_MAX: usize = 6;

/// A text, split into lines.
#[derive(Clone, Debug, Default, Eq, PartialEq, Template)]
#[template(path = "requests/_quote.html")]
pub struct Quote {
    /// The lines that are always shown.
    pub shown: Vec<String>,
    /// The lines behind "show all"; the first one goes on where the last shown one stops.
    pub rest: Vec<String>,
}

impl HtmlSafe for Quote {}

impl Quote {
    /// The whole text.
    pub fn whole(text: &str) -> Self {
        Self { shown: lines(text), rest: Vec::new() }
    }

    /// The beginning of the text, the rest behind "show all".
    pub fn short(text: &str) -> Self {
        let text = text.trim();
        match cut(text) {
            Some(at) => {
                let (shown, rest) = text.split_at(at);
                Self { shown: lines(shown), rest: lines(rest) }
            }
            None => Self::whole(text),
        }
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }
}

fn lines(text: &str) -> Vec<String> {
    text.trim().lines().map(|line| line.trim_end().to_owned()).collect()
}

/// Where to cut, at the end of a word or a line; `None` when the text is short enough to be shown whole.
fn cut(text: &str) -> Option<usize> {
    let line_end = text.match_indices('\n').nth(LINES_MAX - 1).map(|(at, _)| at);
    let long = text.char_indices().nth(SHORT_MAX).map(|(at, _)| at);
    let limit = line_end.into_iter().chain(long).min()?;
    let word_end = text.get(..limit).and_then(|start| start.rfind(char::is_whitespace));
    match text.get(limit..).and_then(|rest| rest.chars().next()) {
        Some(next) if next.is_whitespace() => Some(limit),
        _ => Some(word_end.filter(|at| *at > limit / 2).unwrap_or(limit)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_are_kept_and_markup_is_not() {
        let html = Quote::whole("first <b>\nsecond\r\n").render().unwrap();
        assert_eq!(html, "first &#60;b&#62;<br>second");
    }

    #[test]
    fn a_short_text_is_shown_whole() {
        assert_eq!(Quote::short("a\nb").rest, Vec::<String>::new());
        assert!(Quote::short("  ").is_empty());
    }

    /// S1-6: long text is truncated, and nothing of it is lost.
    #[test]
    fn a_long_text_is_cut_at_a_word_and_nothing_is_lost() {
        let text = "word ".repeat(200);
        let quote = Quote::short(&text);
        assert_eq!(quote.shown.len(), 1);
        assert!(quote.shown[0].ends_with("word") && quote.shown[0].len() <= SHORT_MAX);
        assert_eq!(format!("{} {}", quote.shown[0], quote.rest.join("\n")), text.trim());
        assert!(quote.render().unwrap().contains("<summary"));
    }

    #[test]
    fn many_lines_and_one_endless_word_are_cut_too() {
        assert_eq!(Quote::short(&"x\n".repeat(20)).shown.len(), LINES_MAX);
        assert_eq!(Quote::short(&"ü".repeat(900)).shown[0].chars().count(), SHORT_MAX);
    }
}
